// The tokenizer as a class, shared by the tokenizer_*.cpp files. Not for use outside them.
//
// One stack of contexts holds open brackets and open f-strings: its top decides how the next bytes read
// (Python Language Reference, "Lexical analysis"; f-strings as PEP 701 has them, which includes the older form).
#pragma once

#include "pylang/tokenizer.h"

namespace kedge::pylang::lexer {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
inline bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
inline bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }
inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

enum class ContextKind : unsigned char { Bracket, FStringText, FieldExpression, FieldSpec };

struct Context {
  ContextKind kind;
  char quote = 0;  // FString*, Field*: the quote character; Bracket: the bracket
  bool triple = false;
  bool raw = false;
  std::uint32_t begin = 0;
};

inline constexpr std::size_t kMaxIndents = 100;   // as CPython
inline constexpr std::size_t kMaxBrackets = 200;  // as CPython
inline constexpr std::uint32_t kTabSize = 8;

class Tokenizer {
 public:
  Tokenizer(std::string_view text, std::uint32_t start) : text_(text), at_(start) {
    out_.tokens.reserve(text.size() / 4 + 8);
  }

  TokenStream run();

 private:
  char peek(std::uint32_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool at_end() const { return at_ >= text_.size(); }

  void emit(Tok kind, std::uint32_t begin, std::uint32_t end, unsigned char flags = 0) {
    out_.tokens.push_back({kind, flags, begin, end});
  }

  void fail(const char* code, std::string message, std::uint32_t begin, std::uint32_t end);

  bool at_newline() const { return peek() == '\n' || peek() == '\r'; }
  void skip_newline() {
    if (peek() == '\r' && peek(1) == '\n') ++at_;
    ++at_;
  }
  void skip_comment() {
    while (!at_end() && !at_newline()) ++at_;
  }

  /// After a backslash outside strings: the line break must follow.
  bool skip_continuation();

  /// Reads the white space that begins a logical line; skips blank lines. False when the run loop shall go round again.
  bool read_indentation();

  bool apply_indentation(std::uint32_t column, std::uint32_t alternative);

  std::uint32_t line_begin() const;

  void finish();

  void fail_unclosed();

  void read_token();

  void read_name();

  bool check_identifier(std::uint32_t begin);

  static bool is_string_prefix(std::string_view prefix);

  /// at_ is at the opening quote; `begin` at the prefix.
  void read_string(std::uint32_t begin);

  /// The literal text of an f-string, or of a format specification, up to what ends it.
  void read_fstring_text();

  void read_number();
  bool digits(bool (*accept)(char), const char* kind, std::uint32_t begin);
  bool end_number(const char* kind, std::uint32_t begin);
  void read_operator();
  void open(Tok kind, char bracket);
  void close(Tok kind, char bracket);

  struct Indent {
    std::uint32_t column = 0;
    std::uint32_t alternative = 0;
  };

  std::string_view text_;
  std::uint32_t at_;
  bool line_start_ = true;
  bool done_ = false;
  std::vector<Context> contexts_;
  std::vector<Indent> indents_{{0, 0}};
  TokenStream out_;
};

}  // namespace kedge::pylang::lexer
