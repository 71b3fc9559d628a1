// Pattern text to program. Fragments are vectors of instructions with relative jumps, so repetition copies them.
#include <algorithm>

#include "pylang/builtins/unicode.h"
#include "pylang/stdlib/regex.h"

namespace kedge::pylang::regex {
namespace {

constexpr std::size_t kLargestProgram = 200'000;
constexpr int kDeepest = 100;
constexpr std::int64_t kUnbounded = INT64_MAX / 4;

struct Fragment {
  std::vector<Instruction> code;
  std::int64_t least = 0;  // widths
  std::int64_t most = 0;
};

class Parser {
 public:
  Parser(std::u32string_view text, std::uint32_t flags, SyntaxFault& fault)
      : text_(text), flags_(flags), fault_(fault) {}

  std::optional<Program> run() {
    leading_flags();
    Fragment body;
    if (failed_ || !alternatives(body, 0)) return std::nullopt;
    if (at_ < text_.size()) {
      fail("unbalanced parenthesis");
      return std::nullopt;
    }
    Instruction save{Op::save};
    program_.code.push_back(save);
    program_.code.insert(program_.code.end(), body.code.begin(), body.code.end());
    save.a = 1;
    program_.code.push_back(save);
    program_.code.push_back({Op::match});
    program_.flags = flags_;
    return std::move(program_);
  }

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

  static std::uint32_t flag_of(char32_t c) {
    switch (c) {
      case 'i': return kIgnoreCase;
      case 'L': return kLocale;
      case 'm': return kMultiline;
      case 's': return kDotAll;
      case 'x': return kVerbose;
      case 'a': return kAscii;
      case 'u': return kUnicode;
      default: return 0;
    }
  }
  // (?imx) at the very start concerns the whole pattern.
  void leading_flags() {
    while (peek() == '(' && peek(1) == '?' && flag_of(peek(2)) != 0) {
      std::size_t i = at_ + 2;
      std::uint32_t found = 0;
      while (i < text_.size() && flag_of(text_[i]) != 0) found |= flag_of(text_[i++]);
      if (i >= text_.size() || text_[i] != ')') return;
      flags_ |= found;
      at_ = i + 1;
    }
  }
  void skip_verbose() {
    while (flag(kVerbose) && more()) {
      if (unicode::is_space(peek())) {
        ++at_;
      } else if (peek() == '#') {
        while (more() && peek() != '\n') ++at_;
      } else {
        break;
      }
    }
  }

  bool alternatives(Fragment& out, int depth) {
    if (depth > kDeepest) return fail("pattern nested too deeply");
    std::vector<Fragment> branches(1);
    if (!sequence(branches[0], depth)) return false;
    while (take('|')) {
      branches.emplace_back();
      if (!sequence(branches.back(), depth)) return false;
    }
    out = std::move(branches.back());
    for (std::size_t i = branches.size() - 1; i-- > 0;) {
      Fragment& left = branches[i];
      Fragment joined;
      Instruction split{Op::split};
      split.a = static_cast<std::int32_t>(left.code.size()) + 2;
      Instruction jump{Op::jump};
      jump.a = static_cast<std::int32_t>(out.code.size()) + 1;
      joined.code.push_back(split);
      joined.code.insert(joined.code.end(), left.code.begin(), left.code.end());
      joined.code.push_back(jump);
      joined.code.insert(joined.code.end(), out.code.begin(), out.code.end());
      joined.least = std::min(left.least, out.least);
      joined.most = std::max(left.most, out.most);
      out = std::move(joined);
      if (out.code.size() > kLargestProgram) return fail("pattern too large");
    }
    return true;
  }

  bool sequence(Fragment& out, int depth) {
    while (true) {
      skip_verbose();
      if (!more() || peek() == '|' || peek() == ')') return true;
      Fragment item;
      if (!atom(item, depth)) return false;
      skip_verbose();
      if (!repetitions(item)) return false;
      out.code.insert(out.code.end(), item.code.begin(), item.code.end());
      out.least = std::min(kUnbounded, out.least + item.least);
      out.most = std::min(kUnbounded, out.most + item.most);
      if (out.code.size() > kLargestProgram) return fail("pattern too large");
    }
  }

  bool number(std::int64_t& out) {
    if (peek() < '0' || peek() > '9' || !more()) return false;
    out = 0;
    while (more() && peek() >= '0' && peek() <= '9') {
      out = std::min<std::int64_t>(out * 10 + static_cast<std::int64_t>(peek() - '0'), kUnbounded);
      ++at_;
    }
    return true;
  }
  bool repetitions(Fragment& item) {
    bool repeated = false;
    while (more()) {
      std::int64_t least = 0;
      std::int64_t most = kUnbounded;
      const std::size_t before = at_;
      if (take('*')) {
      } else if (take('+')) {
        least = 1;
      } else if (take('?')) {
        most = 1;
      } else if (take('{')) {
        if (peek() == '}') {
          at_ = before;
          return true;
        }
        const bool has_low = number(least);
        if (!has_low) least = 0;
        if (take(',')) {
          if (!number(most)) most = kUnbounded;
        } else {
          if (!has_low) {
            at_ = before;
            return true;
          }
          most = least;
        }
        if (!take('}')) {  // a literal brace
          at_ = before;
          return true;
        }
        if (most < least) return fail("min repeat greater than max repeat");
      } else {
        return true;
      }
      if (repeated) return fail("multiple repeat");
      if (item.code.empty() && item.most == 0) return fail("nothing to repeat");
      repeated = true;
      const bool lazy = take('?');
      const bool possessive = !lazy && take('+');
      if (!repeat(item, least, most, lazy)) return false;
      if (possessive) make_atomic(item);
    }
    return true;
  }
  static void append(Fragment& out, const std::vector<Instruction>& code) {
    out.code.insert(out.code.end(), code.begin(), code.end());
  }

  bool repeat(Fragment& item, std::int64_t least, std::int64_t most, bool lazy) {
    const std::vector<Instruction> body = item.code;
    const bool unbounded = most >= kUnbounded;
    const std::int64_t copies = unbounded ? least + 1 : most;
    if (copies > 0 && static_cast<std::int64_t>(body.size()) + 3 > static_cast<std::int64_t>(kLargestProgram) / copies)
      return fail("pattern too large");
    Fragment out;
    for (std::int64_t i = 0; i < least; ++i) append(out, body);
    const Op split_op = lazy ? Op::split_lazy : Op::split;
    if (unbounded) {
      const bool may_be_empty = item.least == 0;
      const std::int32_t mark = may_be_empty ? program_.marks++ : -1;
      const auto size = static_cast<std::int32_t>(body.size());
      Instruction split{split_op};
      if (may_be_empty) {
        split.a = size + 3;
        Instruction note{Op::mark};
        note.a = mark;
        Instruction loop{Op::loop_if_moved};
        loop.a = mark;
        loop.b = -(size + 2);
        out.code.push_back(split);
        out.code.push_back(note);
        append(out, body);
        out.code.push_back(loop);
      } else {
        split.a = size + 2;
        Instruction jump{Op::jump};
        jump.a = -(size + 1);
        out.code.push_back(split);
        append(out, body);
        out.code.push_back(jump);
      }
    } else {
      // (x(x(x)?)?)?: each split leaves to the very end.
      const std::int64_t optional = most - least;
      const auto size = static_cast<std::int64_t>(body.size());
      for (std::int64_t i = 0; i < optional; ++i) {
        Instruction split{split_op};
        split.a = static_cast<std::int32_t>((optional - i) * (size + 1));
        out.code.push_back(split);
        append(out, body);
      }
    }
    const auto times = [](std::int64_t width, std::int64_t count) {
      return width == 0 || count == 0 ? 0 : (width > kUnbounded / count ? kUnbounded : width * count);
    };
    out.least = times(item.least, least);
    out.most = times(item.most, most);
    item = std::move(out);
    return true;
  }
  static void make_atomic(Fragment& item) {
    Instruction begin{Op::atomic};
    begin.a = static_cast<std::int32_t>(item.code.size()) + 2;
    item.code.insert(item.code.begin(), begin);
    item.code.push_back({Op::sub_end});
  }

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

  bool atom(Fragment& out, int depth) {
    const char32_t c = text_[at_];
    switch (c) {
      case '.':
        ++at_;
        out.code.push_back(make(flag(kDotAll) ? Op::any : Op::any_no_newline));
        out.least = out.most = 1;
        return true;
      case '^':
        ++at_;
        out.code.push_back(make(flag(kMultiline) ? Op::line_start : Op::text_start));
        return true;
      case '$':
        ++at_;
        out.code.push_back(make(flag(kMultiline) ? Op::line_end : Op::dollar));
        return true;
      case '(': ++at_; return group(out, depth);
      case '[': ++at_; return set(out);
      case '\\': ++at_; return escape(out);
      case '*':
      case '+':
      case '?': return fail("nothing to repeat");
      default:
        ++at_;
        literal(out, c);
        return true;
    }
  }

  // A numeric or named character escape behind the backslash; false without failing when it is none.
  bool character_escape(char32_t& out) {
    const char32_t c = peek();
    const auto hex = [&](int count) {
      std::uint32_t value = 0;
      for (int i = 1; i <= count; ++i) {
        const char32_t h = peek(static_cast<std::size_t>(i));
        int digit = -1;
        if (h >= '0' && h <= '9') digit = static_cast<int>(h - '0');
        else if (h >= 'a' && h <= 'f') digit = static_cast<int>(h - 'a') + 10;
        else if (h >= 'A' && h <= 'F') digit = static_cast<int>(h - 'A') + 10;
        if (digit < 0) return fail("incomplete escape");
        value = value * 16 + static_cast<std::uint32_t>(digit);
      }
      if (value > 0x10FFFF) return fail("bad escape");
      at_ += static_cast<std::size_t>(count) + 1;
      out = static_cast<char32_t>(value);
      return true;
    };
    switch (c) {
      case 'n': out = '\n'; break;
      case 't': out = '\t'; break;
      case 'r': out = '\r'; break;
      case 'f': out = '\f'; break;
      case 'v': out = '\v'; break;
      case 'a': out = '\a'; break;
      case 'x': return hex(2);
      case 'u': return hex(4);
      case 'U': return hex(8);
      case '0': {
        std::uint32_t value = 0;
        for (int i = 0; i < 3 && peek() >= '0' && peek() <= '7'; ++i, ++at_)
          value = value * 8 + static_cast<std::uint32_t>(peek() - '0');
        out = static_cast<char32_t>(value & 0xFF);
        return true;
      }
      default: return false;
    }
    ++at_;
    return true;
  }

  bool escape(Fragment& out) {
    if (!more()) return fail("bad escape (end of pattern)");
    const char32_t c = peek();
    switch (c) {
      case 'd':
      case 'D':
      case 'w':
      case 'W':
      case 's':
      case 'S':
        ++at_;
        class_item(out, static_cast<char>(c));
        return true;
      case 'A':
        ++at_;
        out.code.push_back(make(Op::text_start));
        return true;
      case 'Z':
        ++at_;
        out.code.push_back(make(Op::text_end));
        return true;
      case 'b':
        ++at_;
        out.code.push_back(make(Op::word_boundary));
        return true;
      case 'B':
        ++at_;
        out.code.push_back(make(Op::not_word_boundary));
        return true;
      default: break;
    }
    if (c >= '1' && c <= '9') {
      // Three octal digits are a character; otherwise a group number of one or two digits.
      const auto octal = [](char32_t d) { return d >= '0' && d <= '7'; };
      if (octal(c) && octal(peek(1)) && octal(peek(2))) {
        const std::uint32_t value = static_cast<std::uint32_t>((c - '0') * 64 + (peek(1) - '0') * 8 + (peek(2) - '0'));
        if (value > 0377) return fail("octal escape value outside of range 0-0o377");
        at_ += 3;
        literal(out, static_cast<char32_t>(value));
        return true;
      }
      std::int32_t group = static_cast<std::int32_t>(c - '0');
      ++at_;
      if (more() && peek() >= '0' && peek() <= '9') {
        group = group * 10 + static_cast<std::int32_t>(peek() - '0');
        ++at_;
      }
      return reference(out, group);
    }
    char32_t character = 0;
    if (character_escape(character)) {
      literal(out, character);
      return true;
    }
    if (failed_) return false;
    if (unicode::is_alpha(c) && c < 0x80) return fail("bad escape \\" + std::string(1, static_cast<char>(c)));
    ++at_;
    literal(out, c);
    return true;
  }
  bool reference(Fragment& out, std::int32_t group) {
    if (group > program_.groups) return fail("invalid group reference " + std::to_string(group));
    if (std::find(open_.begin(), open_.end(), group) != open_.end()) return fail("cannot refer to an open group");
    Instruction i = make(Op::back_reference);
    i.a = group;
    out.code.push_back(i);
    out.least = 0;
    out.most = kUnbounded;
    return true;
  }

  bool set(Fragment& out) {
    CharacterSet found;
    const bool negative = take('^');
    bool first = true;
    while (true) {
      if (!more()) return fail("unterminated character set");
      if (peek() == ']' && !first) {
        ++at_;
        break;
      }
      first = false;
      char32_t low = 0;
      char kind = '\0';
      if (!set_item(low, kind)) return false;
      if (peek() == '-' && at_ + 1 < text_.size() && peek(1) != ']') {
        ++at_;
        char32_t high = 0;
        char high_kind = '\0';
        if (!set_item(high, high_kind)) return false;
        if (kind != '\0' || high_kind != '\0' || high < low) return fail("bad character range");
        found.ranges.emplace_back(low, high);
      } else if (kind != '\0') {
        found.classes += kind;
      } else {
        found.ranges.emplace_back(low, low);
      }
    }
    add_set(out, std::move(found), negative);
    return true;
  }
  bool set_item(char32_t& character, char& kind) {
    if (!more()) return fail("unterminated character set");
    if (!take('\\')) {
      character = text_[at_++];
      return true;
    }
    if (!more()) return fail("unterminated character set");
    const char32_t c = peek();
    if (c == 'd' || c == 'D' || c == 'w' || c == 'W' || c == 's' || c == 'S') {
      kind = static_cast<char>(c);
      ++at_;
      return true;
    }
    if (c == 'b') {
      character = '\b';
      ++at_;
      return true;
    }
    if (c >= '1' && c <= '7') {
      std::uint32_t value = 0;
      for (int i = 0; i < 3 && peek() >= '0' && peek() <= '7'; ++i, ++at_)
        value = value * 8 + static_cast<std::uint32_t>(peek() - '0');
      character = static_cast<char32_t>(value);
      return true;
    }
    if (character_escape(character)) return true;
    if (failed_) return false;
    if (unicode::is_alpha(c) && c < 0x80) return fail("bad escape \\" + std::string(1, static_cast<char>(c)));
    character = c;
    ++at_;
    return true;
  }

  bool name(char32_t closing, std::string& out) {
    while (more() && peek() != closing) {
      const char32_t c = text_[at_++];
      if (c >= 0x80 || (!unicode::is_alnum(c) && c != '_')) return fail("bad character in group name");
      out += static_cast<char>(c);
    }
    if (!take(closing)) return fail("missing " + std::string(1, static_cast<char>(closing)) + ", unterminated name");
    if (out.empty()) return fail("missing group name");
    return true;
  }

  bool group(Fragment& out, int depth) {
    if (!take('?')) return capture(out, depth, {});
    const char32_t c = peek();
    if (c == 'P') {
      ++at_;
      if (take('<')) {
        std::string label;
        if (!name('>', label)) return false;
        if (label[0] >= '0' && label[0] <= '9') return fail("bad character in group name");
        if (program_.names.contains(label)) return fail("redefinition of group name '" + label + "'");
        return capture(out, depth, label);
      }
      if (take('=')) {
        std::string label;
        if (!name(')', label)) return false;
        const auto known = program_.names.find(label);
        if (known == program_.names.end()) return fail("unknown group name '" + label + "'");
        return reference(out, known->second);
      }
      return fail("unknown extension ?P");
    }
    if (c == ':') {
      ++at_;
      return scoped(out, depth, flags_);
    }
    if (c == '#') {
      while (more() && peek() != ')') ++at_;
      return take(')') || fail("missing ), unterminated comment");
    }
    if (c == '>') {
      ++at_;
      if (!scoped(out, depth, flags_)) return false;
      make_atomic(out);
      return true;
    }
    if (c == '=' || c == '!' || (c == '<' && (peek(1) == '=' || peek(1) == '!'))) {
      const bool behind = c == '<';
      at_ += behind ? 1 : 0;
      const bool negative = peek() == '!';
      ++at_;
      Fragment body;
      if (!scoped(body, depth, flags_)) return false;
      if (behind && body.least != body.most) return fail("look-behind requires fixed-width pattern");
      Instruction look{Op::look};
      look.negative = negative;
      look.behind = behind;
      look.b = static_cast<std::int32_t>(body.least);
      look.a = static_cast<std::int32_t>(body.code.size()) + 2;
      out.code.push_back(look);
      append(out, body.code);
      out.code.push_back({Op::sub_end});
      return true;
    }
    if (c == '(') return conditional(out, depth);
    // (?flags-flags:…)
    std::uint32_t on = 0;
    std::uint32_t off = 0;
    while (more() && flag_of(peek()) != 0) on |= flag_of(text_[at_++]);
    if (take('-')) {
      while (more() && flag_of(peek()) != 0) off |= flag_of(text_[at_++]);
    }
    if (on == 0 && off == 0)
      return fail("unknown extension ?" + std::string(1, static_cast<char>(c < 0x80 ? c : U'?')));
    if (take(':')) return scoped(out, depth, (flags_ | on) & ~off);
    if (peek() == ')') return fail("global flags not at the start of the expression");
    return fail("unknown flag");
  }
  bool scoped(Fragment& out, int depth, std::uint32_t flags) {
    const std::uint32_t outer = flags_;
    flags_ = flags;
    const bool ok = alternatives(out, depth + 1);
    flags_ = outer;
    if (!ok) return false;
    return take(')') || fail("missing ), unterminated subpattern");
  }
  bool capture(Fragment& out, int depth, const std::string& label) {
    const std::int32_t index = ++program_.groups;
    if (!label.empty()) program_.names[label] = index;
    open_.push_back(index);
    Fragment body;
    if (!scoped(body, depth, flags_)) return false;
    open_.pop_back();
    Instruction save{Op::save};
    save.a = index * 2;
    out.code.push_back(save);
    append(out, body.code);
    save.a = index * 2 + 1;
    out.code.push_back(save);
    out.least = body.least;
    out.most = body.most;
    return true;
  }
  bool conditional(Fragment& out, int depth) {
    ++at_;
    std::string label;
    if (!name(')', label)) return false;
    std::int32_t index = 0;
    if (label.find_first_not_of("0123456789") == std::string::npos && label.size() < 4) index = std::stoi(label);
    else if (const auto known = program_.names.find(label); known != program_.names.end()) index = known->second;
    else return fail("unknown group name '" + label + "'");
    if (index == 0) return fail("bad group number");
    Fragment yes;
    Fragment no;
    if (!sequence(yes, depth + 1)) return false;
    if (take('|') && !sequence(no, depth + 1)) return false;
    if (!take(')')) return fail("conditional backref with more than two branches");
    Instruction test{Op::if_group};
    test.a = index;
    test.b = static_cast<std::int32_t>(yes.code.size()) + 2;
    Instruction jump{Op::jump};
    jump.a = static_cast<std::int32_t>(no.code.size()) + 1;
    out.code.push_back(test);
    append(out, yes.code);
    out.code.push_back(jump);
    append(out, no.code);
    out.least = std::min(yes.least, no.least);
    out.most = std::max(yes.most, no.most);
    return true;
  }

  std::u32string_view text_;
  std::uint32_t flags_;
  SyntaxFault& fault_;
  Program program_;
  std::vector<std::int32_t> open_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<Program> compile(std::u32string_view pattern, std::uint32_t flags, SyntaxFault& fault) {
  return Parser(pattern, flags, fault).run();
}

}  // namespace kedge::pylang::regex
