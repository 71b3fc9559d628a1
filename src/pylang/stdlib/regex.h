// A backtracking matcher for Python's regular expressions, as data and two functions: compile to a program, run the
// program.
//
// Backtracking is what the syntax means (groups, back references, lazy and possessive repetition), so its time cannot
// be bounded by the pattern; every run takes a step budget instead, and keeps its choices on a heap stack, never on the
// native one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kedge::pylang::regex {

enum Flag : std::uint32_t {
  kIgnoreCase = 2,
  kLocale = 4,
  kMultiline = 8,
  kDotAll = 16,
  kUnicode = 32,
  kVerbose = 64,
  kAscii = 256
};

enum class Op : std::uint8_t {
  character,
  any,
  any_no_newline,
  set,
  split /* prefer next, else a */,
  split_lazy /* prefer a, else next */,
  jump,
  save,
  line_start,
  line_end,
  text_start,
  text_end,
  dollar,
  word_boundary,
  not_word_boundary,
  back_reference,
  look,
  atomic,
  sub_end,
  mark,
  loop_if_moved,
  if_group,
  match
};

/// Jumps are relative to the instruction.
struct Instruction {
  Op op = Op::match;
  bool ignore_case = false;
  bool ascii = false;
  bool negative = false;  ///< negative look-around, negated set
  bool behind = false;    ///< look-behind
  std::int32_t a = 0;     ///< character, jump, slot, group, set index
  std::int32_t b = 0;     ///< width of a look-behind
};

struct CharacterSet {
  std::vector<std::pair<char32_t, char32_t>> ranges;
  std::string classes;  ///< d D w W s S
};

struct Program {
  std::vector<Instruction> code;
  std::vector<CharacterSet> sets;
  std::int32_t groups = 0;  ///< without group 0
  std::int32_t marks = 0;
  std::uint32_t flags = 0;
  std::map<std::string, std::int32_t> names;
};

struct SyntaxFault {
  std::string message;
  std::size_t position = 0;
};

/// nullopt: `fault` says why.
std::optional<Program> compile(std::u32string_view pattern, std::uint32_t flags, SyntaxFault& fault);

enum class Mode { search, match, full };
enum class Outcome { found, none, too_long };

/// Spans of group i in captures[2i], captures[2i + 1] (-1: unset). `must_advance`: an empty match at `start` does not
/// count. `steps_left` is spent.
Outcome run(const Program& program, std::u32string_view text, std::int64_t start, std::int64_t end, Mode mode,
            bool must_advance, std::vector<std::int64_t>& captures, std::int32_t& last_group, std::int64_t& steps_left);

}  // namespace kedge::pylang::regex
