// Runs a program by backtracking. Choices and the values they overwrite lie on one stack: a branch entry is a place to
// go on from, an undo entry restores a slot on the way back to it.
#include <algorithm>

#include "pylang/builtins/unicode.h"
#include "pylang/stdlib/regex.h"

namespace kedge::pylang::regex {
namespace {

bool is_word(char32_t c, bool ascii) {
  if (c == '_') return true;
  return ascii ? c < 0x80 && unicode::is_alnum(c) : unicode::is_alnum(c);
}
bool in_class(char kind, char32_t c, bool ascii) {
  switch (kind) {
    case 'd': return ascii ? c >= '0' && c <= '9' : unicode::is_decimal(c);
    case 'D': return !in_class('d', c, ascii);
    case 'w': return is_word(c, ascii);
    case 'W': return !is_word(c, ascii);
    case 's': return ascii ? c == ' ' || (c >= 9 && c <= 13) : unicode::is_space(c);
    default: return !in_class('s', c, ascii);
  }
}
bool in_set(const CharacterSet& set, char32_t c, bool ascii) {
  for (const auto& [low, high] : set.ranges) {
    if (c >= low && c <= high) return true;
  }
  for (const char kind : set.classes) {
    if (in_class(kind, c, ascii)) return true;
  }
  return false;
}
char32_t lower(char32_t c, bool ascii) { return ascii && c >= 0x80 ? c : static_cast<char32_t>(unicode::to_lower(c)); }
char32_t upper(char32_t c, bool ascii) { return ascii && c >= 0x80 ? c : static_cast<char32_t>(unicode::to_upper(c)); }

class Machine {
 public:
  Machine(const Program& program, std::u32string_view text, std::int64_t end, std::int64_t& steps)
      : program_(program),
        text_(text),
        end_(end),
        steps_(steps),
        slots_(static_cast<std::size_t>((program.groups + 1) * 2 + program.marks), -1) {}

  Mode mode = Mode::search;
  std::int64_t forbidden = -1;  // an empty match here does not count
  bool exhausted = false;

  bool start(std::int64_t at) {
    std::fill(slots_.begin(), slots_.end(), -1);
    last_group_ = -1;
    stack_.clear();
    origin_ = at;
    return run(0, at) >= 0;
  }
  const std::vector<std::int64_t>& slots() const { return slots_; }
  std::int32_t last_group() const { return last_group_; }

 private:
  struct Entry {
    std::int32_t pc = 0;  // -1: undo of `slot`
    std::int32_t slot = 0;
    std::int64_t value = 0;  // position, or the old value
  };
  static constexpr std::size_t kMostEntries = 8'000'000;
  static constexpr std::int32_t kLastGroup = -1;

  void set_slot(std::int32_t slot, std::int64_t value) {
    if (slot == kLastGroup) {
      stack_.push_back({-1, slot, last_group_});
      last_group_ = static_cast<std::int32_t>(value);
      return;
    }
    stack_.push_back({-1, slot, slots_[static_cast<std::size_t>(slot)]});
    slots_[static_cast<std::size_t>(slot)] = value;
  }
  void undo(const Entry& entry) {
    if (entry.slot == kLastGroup) last_group_ = static_cast<std::int32_t>(entry.value);
    else slots_[static_cast<std::size_t>(entry.slot)] = entry.value;
  }
  void unwind(std::size_t base) {
    while (stack_.size() > base) {
      if (stack_.back().pc < 0) undo(stack_.back());
      stack_.pop_back();
    }
  }
  // Forgets the choices above `base` but keeps what must be undone.
  void commit(std::size_t base) {
    stack_.erase(std::remove_if(stack_.begin() + static_cast<std::ptrdiff_t>(base), stack_.end(),
                                [](const Entry& e) { return e.pc >= 0; }),
                 stack_.end());
  }

  bool word_at(std::int64_t at, bool ascii) const {
    return at >= 0 && at < end_ && is_word(text_[static_cast<std::size_t>(at)], ascii);
  }

  // The end position of a match from pc, or -1. Nested only by look-around and atomic groups, as deep as the pattern
  // is.
  std::int64_t run(std::int32_t pc, std::int64_t at) {
    const std::size_t base = stack_.size();
    while (true) {
      if (--steps_ < 0 || stack_.size() > kMostEntries) {
        exhausted = true;
        return -1;
      }
      const Instruction& i = program_.code[static_cast<std::size_t>(pc)];
      bool ok = true;
      std::int32_t next = pc + 1;
      switch (i.op) {
        case Op::character:
          if (at < end_) {
            const char32_t c = text_[static_cast<std::size_t>(at)];
            const auto wanted = static_cast<char32_t>(i.a);
            ok = c == wanted || (i.ignore_case && (lower(c, i.ascii) == lower(wanted, i.ascii) ||
                                                   upper(c, i.ascii) == upper(wanted, i.ascii)));
          } else {
            ok = false;
          }
          ++at;
          break;
        case Op::any: ok = at++ < end_; break;
        case Op::any_no_newline:
          ok = at < end_ && text_[static_cast<std::size_t>(at)] != '\n';
          ++at;
          break;
        case Op::set:
          if (at < end_) {
            const CharacterSet& set = program_.sets[static_cast<std::size_t>(i.a)];
            const char32_t c = text_[static_cast<std::size_t>(at)];
            bool inside = in_set(set, c, i.ascii);
            if (!inside && i.ignore_case)
              inside = in_set(set, lower(c, i.ascii), i.ascii) || in_set(set, upper(c, i.ascii), i.ascii);
            ok = inside != i.negative;
          } else {
            ok = false;
          }
          ++at;
          break;
        case Op::split: stack_.push_back({pc + i.a, 0, at}); break;
        case Op::split_lazy:
          stack_.push_back({pc + 1, 0, at});
          next = pc + i.a;
          break;
        case Op::jump: next = pc + i.a; break;
        case Op::save:
          set_slot(i.a, at);
          if (i.a % 2 == 1 && i.a > 1) set_slot(kLastGroup, i.a / 2);
          break;
        case Op::line_start: ok = at == 0 || text_[static_cast<std::size_t>(at - 1)] == '\n'; break;
        case Op::line_end: ok = at == end_ || text_[static_cast<std::size_t>(at)] == '\n'; break;
        case Op::text_start: ok = at == 0; break;
        case Op::text_end: ok = at == end_; break;
        case Op::dollar: ok = at == end_ || (at == end_ - 1 && text_[static_cast<std::size_t>(at)] == '\n'); break;
        case Op::word_boundary: ok = word_at(at - 1, i.ascii) != word_at(at, i.ascii); break;
        case Op::not_word_boundary: ok = end_ > 0 && word_at(at - 1, i.ascii) == word_at(at, i.ascii); break;
        case Op::back_reference: {
          const std::int64_t begin = slots_[static_cast<std::size_t>(i.a) * 2];
          const std::int64_t finish = slots_[static_cast<std::size_t>(i.a) * 2 + 1];
          ok = begin >= 0 && finish >= begin && at + (finish - begin) <= end_;
          for (std::int64_t k = begin; ok && k < finish; ++k, ++at) {
            const char32_t a = text_[static_cast<std::size_t>(k)];
            const char32_t b = text_[static_cast<std::size_t>(at)];
            ok = a == b || (i.ignore_case && lower(a, i.ascii) == lower(b, i.ascii));
          }
          break;
        }
        case Op::look: {
          const std::size_t inner = stack_.size();
          const std::int64_t from = i.behind ? at - i.b : at;
          const std::int64_t found = from >= 0 ? run(pc + 1, from) : -1;
          if (exhausted) return -1;
          if (found >= 0 && !i.negative) commit(inner);
          else unwind(inner);
          ok = (found >= 0) != i.negative;
          next = pc + i.a;
          break;
        }
        case Op::atomic: {
          const std::size_t inner = stack_.size();
          const std::int64_t found = run(pc + 1, at);
          if (exhausted) return -1;
          ok = found >= 0;
          if (ok) {
            commit(inner);
            at = found;
          }
          next = pc + i.a;
          break;
        }
        case Op::sub_end: return at;
        case Op::mark: set_slot((program_.groups + 1) * 2 + i.a, at); break;
        case Op::loop_if_moved:
          if (slots_[(static_cast<std::size_t>(program_.groups) + 1) * 2 + static_cast<std::size_t>(i.a)] != at)
            next = pc + i.b;
          break;
        case Op::if_group:
          if (slots_[static_cast<std::size_t>(i.a) * 2 + 1] < 0) next = pc + i.b;
          break;
        case Op::match:
          ok = (mode != Mode::full || at == end_) && !(at == forbidden && at == origin_);
          if (ok) return at;
          break;
      }
      if (ok) {
        pc = next;
        continue;
      }
      // Back to the last choice above our base.
      while (stack_.size() > base && stack_.back().pc < 0) {
        undo(stack_.back());
        stack_.pop_back();
      }
      if (stack_.size() == base) return -1;
      pc = stack_.back().pc;
      at = stack_.back().value;
      stack_.pop_back();
    }
  }

  const Program& program_;
  std::u32string_view text_;
  std::int64_t end_;
  std::int64_t& steps_;
  std::vector<std::int64_t> slots_;
  std::vector<Entry> stack_;
  std::int64_t origin_ = 0;
  std::int32_t last_group_ = -1;
};

}  // namespace

Outcome run(const Program& program, std::u32string_view text, std::int64_t start, std::int64_t end, Mode mode,
            bool must_advance, std::vector<std::int64_t>& captures, std::int32_t& last_group,
            std::int64_t& steps_left) {
  Machine machine(program, text, end, steps_left);
  machine.mode = mode;
  machine.forbidden = must_advance ? start : -1;
  for (std::int64_t at = start; at <= end; ++at) {
    if (machine.start(at)) {
      captures.assign(machine.slots().begin(), machine.slots().begin() + (program.groups + 1) * 2);
      for (std::size_t i = 0; i < captures.size(); i += 2) {
        if (captures[i + 1] < 0 || captures[i] > captures[i + 1]) captures[i] = captures[i + 1] = -1;
      }
      last_group = machine.last_group();
      return Outcome::found;
    }
    if (machine.exhausted) return Outcome::too_long;
    if (mode != Mode::search) break;
  }
  return Outcome::none;
}

}  // namespace kedge::pylang::regex
