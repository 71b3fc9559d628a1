// The reader of a regular expression's text. Fragments are vectors of instructions with relative jumps, so repetition
// copies them. Sequences and repetitions are in regex_compile.cpp; what is between them (characters, sets, groups) in
// regex_atoms.cpp.
#pragma once

#include "pylang/stdlib/regex.h"

namespace kedge::pylang::regex {

inline constexpr std::size_t kLargestProgram = 200'000;
inline constexpr int kDeepest = 100;
inline constexpr std::int64_t kUnbounded = INT64_MAX / 4;

struct Fragment {
  std::vector<Instruction> code;
  std::int64_t least = 0;  // widths
  std::int64_t most = 0;
};

class Parser {
 public:
  Parser(std::u32string_view text, std::uint32_t flags, SyntaxFault& fault)
      : text_(text), flags_(flags), fault_(fault) {}

  /// The program of the whole text; nullopt: the fault says why.
  std::optional<Program> run();

 private:
  bool fail(std::string message) {
    if (!failed_) fault_ = {std::move(message), at_};
    failed_ = true;
    return false;
  }
  bool more() const { return at_ < text_.size(); }
  char32_t peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : U'\0'; }
  bool take(char32_t c) {
    if (!more() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool flag(std::uint32_t f) const { return (flags_ & f) != 0; }

  static std::uint32_t flag_of(char32_t c);
  // (?imx) at the very start concerns the whole pattern.
  void leading_flags();
  void skip_verbose();

  bool alternatives(Fragment& out, int depth);

  bool sequence(Fragment& out, int depth);

  bool number(std::int64_t& out);
  bool repetitions(Fragment& item);
  static void append(Fragment& out, const std::vector<Instruction>& code) {
    out.code.insert(out.code.end(), code.begin(), code.end());
  }

  bool repeat(Fragment& item, std::int64_t least, std::int64_t most, bool lazy);
  static void make_atomic(Fragment& item);

  Instruction make(Op op) const {
    Instruction out{op};
    out.ignore_case = flag(kIgnoreCase);
    out.ascii = flag(kAscii);
    return out;
  }
  void literal(Fragment& out, char32_t c) const {
    Instruction i = make(Op::character);
    i.a = static_cast<std::int32_t>(c);
    out.code.push_back(i);
    out.least = out.most = 1;
  }
  void class_item(Fragment& out, char kind) {
    CharacterSet set;
    set.classes = kind;
    add_set(out, std::move(set), false);
  }
  void add_set(Fragment& out, CharacterSet set, bool negative) {
    Instruction i = make(Op::set);
    i.negative = negative;
    i.a = static_cast<std::int32_t>(program_.sets.size());
    program_.sets.push_back(std::move(set));
    out.code.push_back(i);
    out.least = out.most = 1;
  }

  bool atom(Fragment& out, int depth);

  // A numeric or named character escape behind the backslash; false without failing when it is none.
  bool character_escape(char32_t& out);

  bool escape(Fragment& out);
  bool reference(Fragment& out, std::int32_t group);

  bool set(Fragment& out);
  bool set_item(char32_t& character, char& kind);

  bool name(char32_t closing, std::string& out);

  bool group(Fragment& out, int depth);
  bool scoped(Fragment& out, int depth, std::uint32_t flags);
  bool capture(Fragment& out, int depth, const std::string& label);
  bool conditional(Fragment& out, int depth);

  std::u32string_view text_;
  std::uint32_t flags_;
  SyntaxFault& fault_;
  Program program_;
  std::vector<std::int32_t> open_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace kedge::pylang::regex
