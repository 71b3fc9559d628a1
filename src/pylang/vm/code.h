// Compiled code: what the compiler makes of one module, class body, function or comprehension, and the machine runs.
// A stack machine; jump targets are absolute instruction indices; every instruction has the span of the source it
// stands for.
#pragma once

#include <string>
#include <vector>

#include "pylang/objects.h"

namespace kedge::pylang {

// X(name, effect on the stack when going on, effect when jumping); kVariable: depends on the operands
// (stack_depth.cpp).
inline constexpr int kVariable = 1 << 20;
// clang-format off
#define KEDGE_OPCODES(X)                                                                                          \
  X(nop, 0, 0) X(pop, -1, 0) X(dup, 1, 0) X(dup_two, 2, 0) X(rot_two, 0, 0) X(rot_three, 0, 0) X(rot_four, 0, 0)  \
  X(copy, 1, 0) X(load_const, 1, 0) X(load_fast, 1, 0) X(store_fast, -1, 0) X(delete_fast, 0, 0)                  \
  X(load_deref, 1, 0) X(store_deref, -1, 0) X(delete_deref, 0, 0) X(load_closure, 1, 0)                           \
  X(load_class_deref, 1, 0) X(make_cell, 0, 0) X(load_name, 1, 0) X(store_name, -1, 0) X(delete_name, 0, 0)       \
  X(load_global, 1, 0) X(store_global, -1, 0) X(delete_global, 0, 0) X(load_attr, 0, 0) X(store_attr, -2, 0)      \
  X(delete_attr, -1, 0) X(load_method, 1, 0) X(push_null, 1, 0) X(binary, -1, 0) X(inplace, -1, 0)                \
  X(unary, 0, 0) X(unary_not, 0, 0) X(compare, -1, 0) X(load_subscript, -1, 0) X(store_subscript, -3, 0)          \
  X(delete_subscript, -2, 0) X(build_tuple, kVariable, 0) X(build_list, kVariable, 0) X(build_set, kVariable, 0)  \
  X(build_map, kVariable, 0) X(build_slice, kVariable, 0) X(build_string, kVariable, 0) X(list_append, -1, 0)     \
  X(set_add, -1, 0) X(map_add, -2, 0) X(list_extend, -1, 0) X(set_update, -1, 0) X(dict_update, -1, 0)            \
  X(dict_merge, -1, 0) X(list_to_tuple, 0, 0) X(unpack_sequence, kVariable, 0) X(unpack_ex, kVariable, 0)         \
  X(jump, 0, 0) X(jump_back, 0, 0) X(pop_jump_if_false, -1, -1) X(pop_jump_if_true, -1, -1) X(and_test, -1, 0)    \
  X(or_test, -1, 0) X(if_test, -1, -1) X(while_test, -1, -1) X(assert_test, -1, -1) X(join, 0, 0)                 \
  X(get_iter, 0, 0) X(for_iter, 1, -1) X(call, kVariable, 0) X(call_keywords, kVariable, 0)                       \
  X(call_ex, kVariable, 0) X(return_value, -1, 0) X(yield_value, 0, 0) X(get_yield_from_iter, 0, 0)               \
  X(yield_from, -1, 0) X(make_function, kVariable, 0) X(load_build_class, 1, 0) X(store_type_name, 0, 0)          \
  X(import_name, -1, 0) X(import_from, 1, 0) X(import_star, -1, 0) X(setup_try, 0, 1) X(setup_poison, 0, 1)       \
  X(pop_block, 0, 0) X(pop_except, 0, 0) X(reraise, -1, 0) X(raise, kVariable, 0) X(check_exception_match, 0, 0)  \
  X(check_group_match, 0, 0) X(reraise_star, -1, 0) X(with_enter, 1, 0) X(with_exit, -1, 0) X(with_except, 1, 0)  \
  X(format_value, kVariable, 0) X(load_assertion_error, 1, 0) X(setup_annotations, 0, 0) X(match_sequence, 0, 0)  \
  X(match_mapping, 0, 0) X(get_length, 0, 0) X(match_keys, -1, 0) X(match_class, -2, 0)                           \
  X(copy_dict_without_keys, -1, 0) X(refuse_async, 0, 0)
// clang-format on

enum class Op : std::uint8_t {
#define X(name, next, jump) name,
  KEDGE_OPCODES(X)
#undef X
};

struct Instr {
  Op op = Op::nop;
  std::uint8_t x = 0;   // operator, flags
  std::uint16_t b = 0;  // second operand
  std::int32_t a = 0;   // slot, name, constant, count or target
};

/// Operators of binary, inplace, unary and compare, in the order of ast.h's enums.
enum class BinaryOp : std::uint8_t {
  add,
  sub,
  mult,
  mat_mult,
  div,
  mod,
  pow,
  lshift,
  rshift,
  bit_or,
  bit_xor,
  bit_and,
  floor_div
};
enum class UnaryOp : std::uint8_t { invert, negate_not, plus, minus };
enum class CompareOp : std::uint8_t { eq, ne, lt, le, gt, ge, is, is_not, in, not_in };

/// One `if` statement or conditional expression (see symbolic.cpp).
struct Branch {
  std::int32_t then_pc = 0, else_pc = 0, join_pc = 0;
  bool is_expression = false;
  Span leaves;  ///< a break or continue inside that leaves the branch; invalid when there is none
  Span yields;  ///< a yield inside
};

/// A top-level statement of a module: what it would bind, should it fail.
struct Statement {
  std::int32_t begin = 0, end = 0;
  std::vector<Str*> binds;
};

/// Where a global name was found last; good while neither namespace gained or lost a name.
struct GlobalCache {
  const Dict* globals = nullptr;
  std::uint64_t version = 0, builtins_version = 0;
  std::int32_t at = -1;
  bool builtin = false;
};

enum class SlotKind : std::uint8_t { fast, cell, free };

struct Code {
  std::string name;
  Str* name_str = nullptr;
  Str* qualname = nullptr;
  std::vector<Instr> instructions;
  std::vector<Span> spans;  // parallel
  std::vector<Value> constants;
  std::vector<Str*> names;
  mutable std::vector<GlobalCache> global_cache;  // parallel to names
  std::vector<std::vector<Str*>> keyword_names;
  std::vector<const Code*> codes;
  std::vector<Branch> branches;
  std::vector<Statement> statements;  // modules only

  std::vector<Str*> slot_names;
  std::vector<SlotKind> slot_kinds;
  std::int32_t first_free = 0;  // slots from here on come from the closure
  std::int32_t positional_only = 0, positional = 0 /* includes positional-only */, keyword_only = 0;
  bool has_varargs = false, has_kwargs = false;
  std::int32_t parameter_count() const { return positional + keyword_only + has_varargs + has_kwargs; }
  bool simple = false;           // only plain parameters, no cells among all slots: the fast call
  std::int32_t class_slot = -1;  // the slot of `__class__`, for super()

  std::int32_t max_stack = 0;
  std::int32_t frame_size() const { return static_cast<std::int32_t>(slot_names.size()) + max_stack; }
  bool is_generator = false, is_coroutine = false, is_module = false, is_class = false, is_function = false;
  bool trusted = false;
  Span span;  // the definition's name or whole
  Value doc = Value::none();
};

/// Fills max_stack by following every path.
void compute_stack_depth(Code& code);

}  // namespace kedge::pylang
