// Pattern text to program: flags, alternatives, sequences and repetitions.
#include <algorithm>

#include "pylang/builtins/unicode.h"
#include "pylang/stdlib/regex_parser.h"

namespace kedge::pylang::regex {

std::optional<Program> Parser::run() {
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

std::uint32_t Parser::flag_of(char32_t c) {
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

void Parser::leading_flags() {
  while (peek() == '(' && peek(1) == '?' && flag_of(peek(2)) != 0) {
    std::size_t i = at_ + 2;
    std::uint32_t found = 0;
    while (i < text_.size() && flag_of(text_[i]) != 0) found |= flag_of(text_[i++]);
    if (i >= text_.size() || text_[i] != ')') return;
    flags_ |= found;
    at_ = i + 1;
  }
}

void Parser::skip_verbose() {
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

bool Parser::alternatives(Fragment& out, int depth) {
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

bool Parser::sequence(Fragment& out, int depth) {
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

bool Parser::number(std::int64_t& out) {
  if (peek() < '0' || peek() > '9' || !more()) return false;
  out = 0;
  while (more() && peek() >= '0' && peek() <= '9') {
    out = std::min<std::int64_t>(out * 10 + static_cast<std::int64_t>(peek() - '0'), kUnbounded);
    ++at_;
  }
  return true;
}

bool Parser::repetitions(Fragment& item) {
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

bool Parser::repeat(Fragment& item, std::int64_t least, std::int64_t most, bool lazy) {
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

void Parser::make_atomic(Fragment& item) {
  Instruction begin{Op::atomic};
  begin.a = static_cast<std::int32_t>(item.code.size()) + 2;
  item.code.insert(item.code.begin(), begin);
  item.code.push_back({Op::sub_end});
}
std::optional<Program> compile(std::u32string_view pattern, std::uint32_t flags, SyntaxFault& fault) {
  return Parser(pattern, flags, fault).run();
}

}  // namespace kedge::pylang::regex
