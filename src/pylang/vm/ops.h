// The slow parts of single instructions, out of the machine's loop.
#pragma once

#include "pylang/vm/impl.h"

namespace kedge::pylang::ops {

using Impl = Interp::Impl;

// Whole kinds of instructions (step_*.cpp): `sp` is the next free operand, the answer is where it is afterwards;
// nullptr: something is pending, and the operands do not matter any more.
Value* step_display(Impl& impl, Frame* frame, Instr in, Value* sp);
Value* step_exception(Impl& impl, Frame* frame, Instr in, Value* sp);
Value* step_name(Impl& impl, Frame* frame, Instr in, Value* sp);
Value* step_pattern(Impl& impl, Frame* frame, Instr in, Value* sp);

/// TypeError: wrong arguments of `what` (types.cpp).
Value wrong_arguments(Interp& interp, const char* what);

// names (names.cpp)
void unbound_local(Interp& interp, Str* name, SlotKind kind);
Value load_global(Impl& impl, Frame* frame, Str* name, GlobalCache& cache);
Value class_name_lookup(Impl& impl, Frame* frame, Str* name);  ///< error tag without exception: not in the class body
bool store_name(Impl& impl, Frame* frame, Str* name, Value value);
bool delete_name(Impl& impl, Dict* names, Str* name);

// displays, unpacking, iteration (iteration.cpp)
Value build_set(Interp& interp, std::span<const Value> items);
Value build_string(Interp& interp, std::span<const Value> parts);
bool list_extend(Impl& impl, List* list, Value iterable, bool for_call);
bool set_update(Interp& interp, SetObject* set, Value iterable);
/// `merge`: keyword arguments of a call of `callee`, which must be new str keys.
bool dict_update(Impl& impl, Dict* dict, Value mapping, Value callee, bool merge);
bool unpack(Impl& impl, Value value, std::int32_t count, Value* out);  ///< out[0] is the last item
bool unpack_star(Impl& impl, Value value, std::int32_t before, std::int32_t after, Value* out);
Value get_iter(Impl& impl, Value iterable);
Value yield_from_step(Impl& impl, Value iterator, Value sent, bool& done);

// calls and definitions (classes.cpp, names.cpp)
/// The Python `__init__` of a class that is made by object.__new__ alone; error tag: take the general way.
Value plain_init(Impl& impl, Type* type);
Value make_instance(Interp& interp, Type* type);
Value call_ex(Impl& impl, Value callee, Value self, List* args, Dict* kw, Frame*& frame);
Value make_function(Impl& impl, Frame* frame, const Code* code, std::uint8_t flags, Value* sp);

// exceptions (exceptions.cpp)
void raise(Impl& impl, Value exception, Value cause);
std::optional<bool> exception_matches(Impl& impl, Value exception, Value type);
bool split_group(Impl& impl, Value& rest, Value& type_then_match);
bool reraise_star(Impl& impl, Tuple* original_rest_raised);
bool with_enter(Impl& impl, Value manager, Value& exit, Value& entered);
Value format(Impl& impl, Value value, int conversion, Value spec);

// patterns (match.cpp)
bool is_sequence(Impl& impl, Value value);
bool is_mapping(Impl& impl, Value value);
Value match_keys(Impl& impl, Value subject, Tuple* keys);
Value match_class(Impl& impl, Value subject, Value cls, std::int32_t positional, Tuple* keywords);
Value without_keys(Impl& impl, Value subject, Tuple* keys);

}  // namespace kedge::pylang::ops
