// How deep the operand stack of a code object gets: every path is followed once.
#include "base/check.h"
#include "pylang/vm/code.h"

namespace kedge::pylang {
namespace {

struct Effects {
  int next, jump;
  bool falls, jumps;
};

Effects effects_of(const Instr& i) {
  static constexpr int kNext[] = {
#define X(name, next, jump) next,
      KEDGE_OPCODES(X)
#undef X
  };
  static constexpr int kJump[] = {
#define X(name, next, jump) jump,
      KEDGE_OPCODES(X)
#undef X
  };
  Effects e{kNext[static_cast<int>(i.op)], kJump[static_cast<int>(i.op)], true, false};
  switch (i.op) {
    case Op::build_tuple:
    case Op::build_list:
    case Op::build_set:
    case Op::build_string:
    case Op::build_slice: e.next = 1 - i.a; break;
    case Op::build_map: e.next = 1 - 2 * i.a; break;
    case Op::unpack_sequence: e.next = i.a - 1; break;
    case Op::unpack_ex: e.next = i.a + i.b; break;
    case Op::call:
    case Op::call_keywords: e.next = -i.a - 1; break;
    case Op::call_ex: e.next = -2 - (i.x & 1); break;
    case Op::make_function: e.next = 1 - __builtin_popcount(i.x & 15u); break;
    case Op::raise:
      e.next = -i.a;
      e.falls = false;
      break;
    case Op::format_value: e.next = (i.x & 4) != 0 ? -1 : 0; break;
    case Op::jump:
    case Op::jump_back:
      e.falls = false;
      e.jumps = true;
      break;
    case Op::pop_jump_if_false:
    case Op::pop_jump_if_true:
    case Op::while_test:
    case Op::assert_test:
    case Op::for_iter:
    case Op::and_test:
    case Op::or_test:
    case Op::setup_poison: e.jumps = true; break;
    case Op::setup_try:
      e.jumps = true;
      e.jump = 1 - i.x;
      break;
    case Op::return_value:
    case Op::reraise: e.falls = false; break;
    default: break;
  }
  return e;
}

}  // namespace

void compute_stack_depth(Code& code) {
  const auto count = code.instructions.size();
  std::vector<int> depth(count, -1);
  std::vector<std::int32_t> work;
  int deepest = 0;
  const auto reach = [&](std::int64_t pc, int d) {
    if (pc < 0 || pc >= static_cast<std::int64_t>(count) || depth[pc] >= 0) return;
    KEDGE_CHECK(d >= 0, "the operand stack runs empty");
    depth[pc] = d;
    work.push_back(static_cast<std::int32_t>(pc));
  };
  reach(0, 0);
  while (!work.empty()) {
    const std::int32_t pc = work.back();
    work.pop_back();
    const Instr& i = code.instructions[pc];
    const Effects e = effects_of(i);
    const int d = depth[pc];
    deepest = std::max(deepest, d);
    if (i.op == Op::if_test) {
      const Branch& b = code.branches[i.a];
      reach(b.then_pc, d - 1);
      reach(b.else_pc, d - 1);
      continue;
    }
    if (e.falls) {
      deepest = std::max(deepest, d + e.next);
      reach(pc + 1, d + e.next);
    }
    if (e.jumps) {
      deepest = std::max(deepest, d + e.jump);
      reach(i.a, d + e.jump);
    }
  }
  code.max_stack = deepest + 4;
  code.global_cache.resize(code.names.size());
}

}  // namespace kedge::pylang
