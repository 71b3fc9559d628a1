// Pattern text to program: characters, escapes, sets and groups.
#include <algorithm>

#include "pylang/builtins/unicode.h"
#include "pylang/stdlib/regex_parser.h"

namespace kedge::pylang::regex {

bool Parser::atom(Fragment& out, int depth) {
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

bool Parser::character_escape(char32_t& out) {
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

bool Parser::escape(Fragment& out) {
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

bool Parser::reference(Fragment& out, std::int32_t group) {
  if (group > program_.groups) return fail("invalid group reference " + std::to_string(group));
  if (std::find(open_.begin(), open_.end(), group) != open_.end()) return fail("cannot refer to an open group");
  Instruction i = make(Op::back_reference);
  i.a = group;
  out.code.push_back(i);
  out.least = 0;
  out.most = kUnbounded;
  return true;
}

bool Parser::set(Fragment& out) {
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

bool Parser::set_item(char32_t& character, char& kind) {
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

bool Parser::name(char32_t closing, std::string& out) {
  while (more() && peek() != closing) {
    const char32_t c = text_[at_++];
    if (c >= 0x80 || (!unicode::is_alnum(c) && c != '_')) return fail("bad character in group name");
    out += static_cast<char>(c);
  }
  if (!take(closing)) return fail("missing " + std::string(1, static_cast<char>(closing)) + ", unterminated name");
  if (out.empty()) return fail("missing group name");
  return true;
}

bool Parser::group(Fragment& out, int depth) {
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
  if (on == 0 && off == 0) return fail("unknown extension ?" + std::string(1, static_cast<char>(c < 0x80 ? c : U'?')));
  if (take(':')) return scoped(out, depth, (flags_ | on) & ~off);
  if (peek() == ')') return fail("global flags not at the start of the expression");
  return fail("unknown flag");
}

bool Parser::scoped(Fragment& out, int depth, std::uint32_t flags) {
  const std::uint32_t outer = flags_;
  flags_ = flags;
  const bool ok = alternatives(out, depth + 1);
  flags_ = outer;
  if (!ok) return false;
  return take(')') || fail("missing ), unterminated subpattern");
}

bool Parser::capture(Fragment& out, int depth, const std::string& label) {
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

bool Parser::conditional(Fragment& out, int depth) {
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
}  // namespace kedge::pylang::regex
