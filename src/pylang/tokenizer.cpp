// The tokenizer. One stack of contexts holds open brackets and open f-strings: its top decides how the next bytes read
// (Python Language Reference, "Lexical analysis"; f-strings as PEP 701 has them, which includes the older form).
#include "pylang/tokenizer.h"

#include <array>
#include <cstring>

#include "pylang/unicode_tables.h"

namespace kedge::pylang {
namespace {

struct Keyword {
  std::string_view text;
  Tok kind;
};
constexpr Keyword kKeywords[] = {
    {"False", Tok::KwFalse},   {"None", Tok::KwNone},         {"True", Tok::KwTrue},     {"and", Tok::KwAnd},
    {"as", Tok::KwAs},         {"assert", Tok::KwAssert},     {"async", Tok::KwAsync},   {"await", Tok::KwAwait},
    {"break", Tok::KwBreak},   {"class", Tok::KwClass},       {"continue", Tok::KwContinue}, {"def", Tok::KwDef},
    {"del", Tok::KwDel},       {"elif", Tok::KwElif},         {"else", Tok::KwElse},     {"except", Tok::KwExcept},
    {"finally", Tok::KwFinally}, {"for", Tok::KwFor},         {"from", Tok::KwFrom},     {"global", Tok::KwGlobal},
    {"if", Tok::KwIf},         {"import", Tok::KwImport},     {"in", Tok::KwIn},         {"is", Tok::KwIs},
    {"lambda", Tok::KwLambda}, {"nonlocal", Tok::KwNonlocal}, {"not", Tok::KwNot},       {"or", Tok::KwOr},
    {"pass", Tok::KwPass},     {"raise", Tok::KwRaise},       {"return", Tok::KwReturn}, {"try", Tok::KwTry},
    {"while", Tok::KwWhile},   {"with", Tok::KwWith},         {"yield", Tok::KwYield},
};

/// Keywords chained by a hash of length and first letter.
struct KeywordTable {
  std::array<signed char, 64> first;
  std::array<signed char, std::size(kKeywords)> next;
  static constexpr std::size_t hash(std::string_view s) { return (static_cast<unsigned char>(s[0]) * 5 + s.size()) & 63; }
  constexpr KeywordTable() : first{}, next{} {
    for (auto& f : first) f = -1;
    for (std::size_t i = 0; i < std::size(kKeywords); ++i) {
      const std::size_t h = hash(kKeywords[i].text);
      next[i] = first[h];
      first[h] = static_cast<signed char>(i);
    }
  }
};
constexpr KeywordTable kKeywordTable;

Tok keyword_or_name(std::string_view s) {
  if (s.size() < 2 || s.size() > 8) return Tok::Name;
  for (int i = kKeywordTable.first[KeywordTable::hash(s)]; i >= 0; i = kKeywordTable.next[static_cast<std::size_t>(i)]) {
    if (kKeywords[i].text == s) return kKeywords[i].kind;
  }
  return Tok::Name;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; }
bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

enum class ContextKind : unsigned char { Bracket, FStringText, FieldExpression, FieldSpec };

struct Context {
  ContextKind kind;
  char quote = 0;       // FString*, Field*: the quote character; Bracket: the bracket
  bool triple = false;
  bool raw = false;
  std::uint32_t begin = 0;
};

constexpr std::size_t kMaxIndents = 100;    // as CPython
constexpr std::size_t kMaxBrackets = 200;   // as CPython
constexpr std::uint32_t kTabSize = 8;

class Tokenizer {
 public:
  Tokenizer(std::string_view text, std::uint32_t start) : text_(text), at_(start) { out_.tokens.reserve(text.size() / 4 + 8); }

  TokenStream run() {
    while (!done_) {
      if (contexts_.empty()) {
        if (line_start_ && !read_indentation()) continue;
        read_token();
      } else if (contexts_.back().kind == ContextKind::FStringText || contexts_.back().kind == ContextKind::FieldSpec) {
        read_fstring_text();
      } else {
        read_token();
      }
    }
    return std::move(out_);
  }

 private:
  char peek(std::uint32_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool at_end() const { return at_ >= text_.size(); }

  void emit(Tok kind, std::uint32_t begin, std::uint32_t end, unsigned char flags = 0) { out_.tokens.push_back({kind, flags, begin, end}); }

  void fail(const char* code, std::string message, std::uint32_t begin, std::uint32_t end) {
    if (done_) return;
    out_.error = {code, std::move(message), begin, end, false};
    emit(Tok::Error, begin, end);
    emit(Tok::End, static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(text_.size()));
    done_ = true;
  }

  bool at_newline() const { return peek() == '\n' || peek() == '\r'; }
  void skip_newline() {
    if (peek() == '\r' && peek(1) == '\n') ++at_;
    ++at_;
  }
  void skip_comment() {
    while (!at_end() && !at_newline()) ++at_;
  }

  /// After a backslash outside strings: the line break must follow.
  bool skip_continuation() {
    const std::uint32_t begin = at_;
    ++at_;
    if (at_newline()) {
      skip_newline();
      if (at_end()) {
        fail("K0201", "unexpected end of file after a line continuation", begin, begin + 1);
        return false;
      }
      return true;
    }
    if (at_end()) {
      fail("K0201", "unexpected end of file after a line continuation", begin, begin + 1);
    } else {
      fail("K0212", "unexpected character after line continuation character", begin, begin + 1);
    }
    return false;
  }

  /// Reads the white space that begins a logical line; skips blank lines. False when the run loop shall go round again.
  bool read_indentation() {
    line_start_ = false;
    std::uint32_t column = 0, alternative = 0, continued = 0;
    while (true) {
      const char c = peek();
      if (c == ' ') {
        ++column, ++alternative, ++at_;
      } else if (c == '\t') {
        column = (column / kTabSize + 1) * kTabSize;
        ++alternative, ++at_;
      } else if (c == '\f') {
        column = alternative = 0;
        ++at_;
      } else if (c == '\\') {
        continued = continued != 0 ? continued : column;
        if (!skip_continuation()) return false;
      } else if (c == '#') {
        skip_comment();
      } else if (at_newline()) {
        skip_newline();
        column = alternative = continued = 0;
      } else {
        break;
      }
    }
    if (at_end()) return true;
    if (continued != 0) column = alternative = continued;
    return apply_indentation(column, alternative);
  }

  bool apply_indentation(std::uint32_t column, std::uint32_t alternative) {
    const auto inconsistent = [&] {
      fail("K0203", "inconsistent use of tabs and spaces in indentation", line_begin(), at_);
      return false;
    };
    const Indent top = indents_.back();
    if (column == top.column) return alternative == top.alternative || inconsistent();
    if (column > top.column) {
      if (alternative <= top.alternative) return inconsistent();
      if (indents_.size() >= kMaxIndents) {
        fail("K0207", "too many levels of indentation", line_begin(), at_);
        return false;
      }
      indents_.push_back({column, alternative});
      emit(Tok::Indent, line_begin(), at_);
      return true;
    }
    while (column < indents_.back().column) {
      indents_.pop_back();
      emit(Tok::Dedent, at_, at_);
    }
    if (column != indents_.back().column) {
      fail("K0203", "unindent does not match any outer indentation level", line_begin(), at_);
      return false;
    }
    return alternative == indents_.back().alternative || inconsistent();
  }

  std::uint32_t line_begin() const {
    std::uint32_t i = at_;
    while (i > 0 && text_[i - 1] != '\n' && text_[i - 1] != '\r') --i;
    return i;
  }

  void finish() {
    const std::uint32_t size = static_cast<std::uint32_t>(text_.size());
    if (!contexts_.empty()) return fail_unclosed();
    if (!out_.tokens.empty() && out_.tokens.back().kind != Tok::Newline && out_.tokens.back().kind != Tok::Dedent) emit(Tok::Newline, size, size);
    for (std::size_t i = 1; i < indents_.size(); ++i) emit(Tok::Dedent, size, size);
    emit(Tok::End, size, size);
    done_ = true;
  }

  void fail_unclosed() {
    const Context& open = contexts_.back();
    if (open.kind == ContextKind::Bracket) {
      fail("K0209", std::string("`") + open.quote + "` was never closed", open.begin, open.begin + 1);
      out_.error.unclosed = true;
      return;
    }
    if (open.kind == ContextKind::FStringText) return fail("K0202", "unterminated f-string literal", open.begin, open.begin + 1);
    fail("K0205", "f-string: expecting `}`", open.begin, open.begin + 1);
  }

  void read_token() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\f') ++at_;
    const char c = peek();
    if (c == '#') {
      skip_comment();
      return;
    }
    if (at_end()) return finish();
    if (c == '\n' || c == '\r') {
      if (contexts_.empty()) {
        emit(Tok::Newline, at_, at_ + 1);
        line_start_ = true;
      }
      return skip_newline();
    }
    if (c == '\\') {
      skip_continuation();
      return;
    }
    if (is_name_start(c)) return read_name();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return read_number();
    if (c == '"' || c == '\'') return read_string(at_);
    read_operator();
  }

  void read_name() {
    const std::uint32_t begin = at_;
    bool ascii = true;
    while (is_name_part(peek())) {
      if (static_cast<unsigned char>(peek()) >= 0x80) ascii = false;
      ++at_;
    }
    if ((peek() == '"' || peek() == '\'') && is_string_prefix(text_.substr(begin, at_ - begin))) return read_string(begin);
    if (!ascii) {
      if (!check_identifier(begin)) return;
      return emit(Tok::Name, begin, at_, kNameNonAscii);
    }
    emit(keyword_or_name(text_.substr(begin, at_ - begin)), begin, at_);
  }

  bool check_identifier(std::uint32_t begin) {
    std::size_t i = begin;
    while (i < at_) {
      const std::size_t here = i;
      const char32_t c = next_code_point(text_, i);
      if (here == begin ? is_identifier_start(c) : is_identifier_part(c)) continue;
      fail("K0212", "invalid character in a name", static_cast<std::uint32_t>(here), static_cast<std::uint32_t>(i));
      return false;
    }
    return true;
  }

  static bool is_string_prefix(std::string_view prefix) {
    if (prefix.size() == 1) return std::memchr("rRuUbBfF", prefix[0], 8) != nullptr;
    if (prefix.size() != 2) return false;
    const char a = lower(prefix[0]), b = lower(prefix[1]);
    return (a == 'r' && (b == 'b' || b == 'f')) || (b == 'r' && (a == 'b' || a == 'f'));
  }

  /// at_ is at the opening quote; `begin` at the prefix.
  void read_string(std::uint32_t begin) {
    bool raw = false, formatted = false;
    for (std::uint32_t i = begin; i < at_; ++i) {
      raw = raw || lower(text_[i]) == 'r';
      formatted = formatted || lower(text_[i]) == 'f';
    }
    const char quote = peek();
    const bool triple = peek(1) == quote && peek(2) == quote;
    at_ += triple ? 3 : 1;
    if (formatted) {
      if (contexts_.size() >= kMaxBrackets) return fail("K0207", "too many nested brackets", begin, at_);
      emit(Tok::FStringStart, begin, at_, raw ? kStringRaw : 0);
      contexts_.push_back({ContextKind::FStringText, quote, triple, raw, begin});
      return;
    }
    while (true) {
      if (at_end()) return fail("K0202", triple ? "unterminated triple-quoted string literal" : "unterminated string literal", begin, begin + 1);
      const char c = peek();
      if (c == quote && (!triple || (peek(1) == quote && peek(2) == quote))) break;
      if (!triple && (c == '\n' || c == '\r')) return fail("K0202", "unterminated string literal", begin, begin + 1);
      if (c == '\\') {
        ++at_;
        if (peek() == '\r' && peek(1) == '\n') ++at_;
        if (at_end()) continue;
      }
      ++at_;
    }
    at_ += triple ? 3 : 1;
    emit(Tok::String, begin, at_);
  }

  /// The literal text of an f-string, or of a format specification, up to what ends it.
  void read_fstring_text() {
    const Context top = contexts_.back();
    const bool in_spec = top.kind == ContextKind::FieldSpec;
    const std::uint32_t begin = at_;
    const auto emit_text = [&] {
      if (at_ > begin) emit(Tok::FStringMiddle, begin, at_, static_cast<unsigned char>((top.raw ? kStringRaw : 0) | (in_spec ? kStringInSpec : 0)));
    };
    while (true) {
      const char c = peek();
      if (at_end() || (!top.triple && (c == '\n' || c == '\r'))) {
        if (in_spec) return fail("K0205", "f-string: expecting `}`", at_, at_);
        return fail("K0202", top.triple ? "unterminated triple-quoted f-string literal" : "unterminated f-string literal", top.begin, top.begin + 1);
      }
      if (c == top.quote && (!top.triple || (peek(1) == c && peek(2) == c))) {
        if (in_spec) return fail("K0205", "f-string: expecting `}`", at_, at_ + 1);
        emit_text();
        const std::uint32_t size = top.triple ? 3 : 1;
        emit(Tok::FStringEnd, at_, at_ + size);
        at_ += size;
        contexts_.pop_back();
        return;
      }
      if (c == '{') {
        if (peek(1) == '{' && !in_spec) {
          at_ += 2;
          continue;
        }
        emit_text();
        if (contexts_.size() >= kMaxBrackets) return fail("K0207", "f-string: expressions nested too deeply", at_, at_ + 1);
        emit(Tok::LBrace, at_, at_ + 1);
        contexts_.push_back({ContextKind::FieldExpression, top.quote, top.triple, top.raw, at_});
        ++at_;
        return;
      }
      if (c == '}') {
        if (peek(1) == '}' && !in_spec) {
          at_ += 2;
          continue;
        }
        if (!in_spec) return fail("K0205", "f-string: single `}` is not allowed", at_, at_ + 1);
        emit_text();
        emit(Tok::RBrace, at_, at_ + 1);
        ++at_;
        contexts_.pop_back();
        return;
      }
      if (c == '\\') {
        ++at_;
        if (peek() == '{' || peek() == '}' || at_end()) continue;
        if (!top.raw && peek() == 'N' && peek(1) == '{') {
          while (!at_end() && peek() != '}' && !at_newline() && peek() != top.quote) ++at_;
          if (peek() == '}') ++at_;
          continue;
        }
        if (peek() == '\r' && peek(1) == '\n') ++at_;
      }
      ++at_;
    }
  }

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

/// Digits with single underscores between them; at least one.
bool Tokenizer::digits(bool (*accept)(char), const char* kind, std::uint32_t begin) {
  while (true) {
    if (!accept(peek())) {
      fail("K0208", std::string("invalid ") + kind + " literal", begin, at_ + 1);
      return false;
    }
    while (accept(peek())) ++at_;
    if (peek() != '_') return true;
    ++at_;
  }
}

/// A keyword may follow a number directly ("1if x else y"); any other letter may not.
bool Tokenizer::end_number(const char* kind, std::uint32_t begin) {
  if (!is_name_start(peek()) && !is_digit(peek())) return true;
  std::uint32_t end = at_;
  while (end < text_.size() && is_name_part(text_[end])) ++end;
  const std::string_view rest = text_.substr(at_, end - at_);
  for (const std::string_view word : {"and", "else", "for", "if", "in", "is", "or", "not"}) {
    if (rest.substr(0, word.size()) == word) return true;
  }
  fail("K0208", std::string("invalid ") + kind + " literal", begin, at_ + 1);
  return false;
}

void Tokenizer::read_number() {
  const std::uint32_t begin = at_;
  const char radix = peek() == '0' ? lower(peek(1)) : '\0';
  if (radix == 'x' || radix == 'o' || radix == 'b') {
    at_ += 2;
    if (peek() == '_') ++at_;
    bool ok;
    const char* kind = radix == 'x' ? "hexadecimal" : radix == 'o' ? "octal" : "binary";
    if (radix == 'x') ok = digits(is_hex, kind, begin);
    else if (radix == 'o') ok = digits([](char c) { return c >= '0' && c <= '7'; }, kind, begin);
    else ok = digits([](char c) { return c == '0' || c == '1'; }, kind, begin);
    if (ok && end_number(kind, begin)) emit(Tok::Number, begin, at_, kNumberRadix);
    return;
  }
  unsigned char flags = 0;
  bool leading_zero = false;
  if (peek() != '.') {
    leading_zero = peek() == '0';
    if (!digits(is_digit, "decimal", begin)) return;
    if (leading_zero) {
      leading_zero = false;
      for (std::uint32_t i = begin; i < at_; ++i) leading_zero = leading_zero || (text_[i] != '0' && text_[i] != '_');
    }
  }
  if (peek() == '.') {
    flags = kNumberFloat;
    ++at_;
    if (is_digit(peek()) && !digits(is_digit, "decimal", begin)) return;
  }
  if (lower(peek()) == 'e') {
    const char sign = peek(1);
    if (is_digit(sign) || ((sign == '+' || sign == '-') && is_digit(peek(2)))) {
      flags = kNumberFloat;
      at_ += is_digit(sign) ? 1 : 2;
      if (!digits(is_digit, "decimal", begin)) return;
    } else if (sign == '+' || sign == '-') {
      return fail("K0208", "invalid decimal literal", begin, at_ + 1);
    }
  }
  if (lower(peek()) == 'j') {
    flags = static_cast<unsigned char>(flags | kNumberImaginary);
    ++at_;
    if (!end_number("imaginary", begin)) return;
  } else if (!end_number("decimal", begin)) {
    return;
  }
  if (leading_zero && flags == 0) {
    return fail("K0208", "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers", begin, at_);
  }
  emit(Tok::Number, begin, at_, flags);
}

void Tokenizer::open(Tok kind, char bracket) {
  if (contexts_.size() >= kMaxBrackets) return fail("K0207", "too many nested brackets", at_, at_ + 1);
  contexts_.push_back({ContextKind::Bracket, bracket, false, false, at_});
  emit(kind, at_, at_ + 1);
  ++at_;
}

void Tokenizer::close(Tok kind, char bracket) {
  const std::uint32_t begin = at_;
  if (contexts_.empty()) return fail("K0209", std::string("unmatched `") + bracket + "`", begin, begin + 1);
  const Context& top = contexts_.back();
  if (top.kind == ContextKind::FieldExpression) {
    if (bracket != '}') return fail("K0205", std::string("f-string: unmatched `") + bracket + "`", begin, begin + 1);
  } else {
    const char expected = top.quote == '(' ? ')' : top.quote == '[' ? ']' : '}';
    if (bracket != expected) {
      return fail("K0209", std::string("closing `") + bracket + "` does not match opening `" + top.quote + "`", begin, begin + 1);
    }
  }
  contexts_.pop_back();
  emit(kind, begin, begin + 1);
  ++at_;
}

void Tokenizer::read_operator() {
  const std::uint32_t begin = at_;
  const char c = peek(), d = peek(1), e = peek(2);
  const auto put = [&](Tok kind, std::uint32_t size) {
    emit(kind, begin, begin + size);
    at_ += size;
  };
  const auto with_equal = [&](Tok plain, Tok equal) { d == '=' ? put(equal, 2) : put(plain, 1); };
  const auto doubled = [&](Tok plain, Tok equal, Tok twice, Tok twice_equal) {
    if (d != c) return with_equal(plain, equal);
    e == '=' ? put(twice_equal, 3) : put(twice, 2);
  };
  const bool in_field = !contexts_.empty() && contexts_.back().kind == ContextKind::FieldExpression;
  switch (c) {
    case '(': return open(Tok::LParen, c);
    case '[': return open(Tok::LBracket, c);
    case '{': return open(Tok::LBrace, c);
    case ')': return close(Tok::RParen, c);
    case ']': return close(Tok::RBracket, c);
    case '}': return close(Tok::RBrace, c);
    case ':':
      if (in_field) {  // the rest of the field is its format specification
        contexts_.back().kind = ContextKind::FieldSpec;
        return put(Tok::Colon, 1);
      }
      return with_equal(Tok::Colon, Tok::ColonEqual);
    case ',': return put(Tok::Comma, 1);
    case ';': return put(Tok::Semicolon, 1);
    case '.': return d == '.' && e == '.' ? put(Tok::Ellipsis, 3) : put(Tok::Dot, 1);
    case '+': return with_equal(Tok::Plus, Tok::PlusEqual);
    case '-': return d == '>' ? put(Tok::Arrow, 2) : with_equal(Tok::Minus, Tok::MinusEqual);
    case '*': return doubled(Tok::Star, Tok::StarEqual, Tok::DoubleStar, Tok::DoubleStarEqual);
    case '/': return doubled(Tok::Slash, Tok::SlashEqual, Tok::DoubleSlash, Tok::DoubleSlashEqual);
    case '%': return with_equal(Tok::Percent, Tok::PercentEqual);
    case '@': return with_equal(Tok::At, Tok::AtEqual);
    case '|': return with_equal(Tok::VBar, Tok::VBarEqual);
    case '&': return with_equal(Tok::Amper, Tok::AmperEqual);
    case '^': return with_equal(Tok::Caret, Tok::CaretEqual);
    case '~': return put(Tok::Tilde, 1);
    case '<': return doubled(Tok::Less, Tok::LessEqual, Tok::LeftShift, Tok::LeftShiftEqual);
    case '>': return doubled(Tok::Greater, Tok::GreaterEqual, Tok::RightShift, Tok::RightShiftEqual);
    case '=': return with_equal(Tok::Equal, Tok::EqEqual);
    case '!':
      if (d == '=') return put(Tok::NotEqual, 2);
      if (in_field) return put(Tok::Exclamation, 1);
      break;
    default: break;
  }
  fail("K0212", "invalid character", begin, begin + 1);
}

}  // namespace

TokenStream tokenize(std::string_view text, std::uint32_t start) { return Tokenizer(text, start).run(); }

}  // namespace kedge::pylang
