// The machine: one loop over the instructions of the innermost frame. Calls of Python functions, of Python `__init__`
// and of generators in `for` switch frames without nesting this loop; only native code that calls back nests it
// (Impl::enter_native measures that).
//
// What is hot stays in this one function, where the operand stack is a register: names, attributes, displays and jumps
// here, operators in run_operators.inc, calls in run_calls.inc (both are parts of this switch). The other kinds of
// instructions are functions (step_*.cpp), and so is what a failure does (unwind.cpp).
#include "pylang/builtins/dict_table.h"
#include "pylang/vm/impl.h"
#include "pylang/vm/ops.h"

namespace kedge::pylang {

using Impl = Interp::Impl;

namespace {
// The sums, differences and products of small ints that are small; false: the general way.
inline bool small_result(BinaryOp op, std::int64_t a, std::int64_t b, std::int64_t* r) {
  if (op == BinaryOp::add) return !__builtin_add_overflow(a, b, r);
  if (op == BinaryOp::sub) return !__builtin_sub_overflow(a, b, r);
  if (op == BinaryOp::mult) return !__builtin_mul_overflow(a, b, r);
  return false;
}
}  // namespace

#define PUSH(v) (*sp++ = (v))
#define POP() (*--sp)
#define TOP() (sp[-1])
#define FAIL_IF(cond)      \
  do {                     \
    if (cond) goto failed; \
  } while (0)
#define SYNC() (f->sp = sp)
#define STEP(kind)                                          \
  do {                                                      \
    Value* const next = ops::step_##kind(*this, f, in, sp); \
    FAIL_IF(next == nullptr);                               \
    sp = next;                                              \
  } while (0)
// `t`: the truth of `v`, which is no tensor.
#define TRUTH(t, v)                            \
  bool t = v.is_bool() && v.b;                 \
  if (!v.is_bool()) {                          \
    const std::optional<bool> known = test(v); \
    FAIL_IF(!known);                           \
    t = *known;                                \
  }

Value Impl::run(Frame* entry, bool branch) {
  Frame* f = entry;
  const std::size_t base_blocks = branch ? entry->blocks.size() : 0;
  const Code* code = f->code;
  const Instr* instructions = code->instructions.data();
  Value* slots = f->values;
  Value* sp = f->sp;
  std::int32_t pc = f->pc;
  Instr in;
  Frame* called = nullptr;  // by a call instruction, with the instance that its __init__ fills in
  Value init_self;
  last_exit = Exit::returned;

  for (;;) {
    in = instructions[pc];
    f->pc = pc;
    ++pc;
    if (--steps_left < 0) {
      total_budget_spent = true;
      interp.refuse("K0302",
                    "the evaluation takes more than its budget of " + std::to_string(interp.limits().steps) + " steps");
      goto failed;
    }
    switch (in.op) {
      case Op::nop:
      case Op::store_type_name: break;
      case Op::pop: --sp; break;
      case Op::dup:
        sp[0] = sp[-1];
        ++sp;
        break;
      case Op::dup_two:
        sp[0] = sp[-2];
        sp[1] = sp[-1];
        sp += 2;
        break;
      case Op::rot_two: std::swap(sp[-1], sp[-2]); break;
      case Op::rot_three: {
        const Value v = sp[-1];
        sp[-1] = sp[-2];
        sp[-2] = sp[-3];
        sp[-3] = v;
        break;
      }
      case Op::rot_four: {
        const Value v = sp[-1];
        sp[-1] = sp[-2];
        sp[-2] = sp[-3];
        sp[-3] = sp[-4];
        sp[-4] = v;
        break;
      }
      case Op::copy:
        sp[0] = sp[-in.a];
        ++sp;
        break;
      case Op::load_const: PUSH(code->constants[in.a]); break;

      // ---- variables
      case Op::load_fast:
        if (slots[in.a].is_error()) {
          ops::unbound_local(interp, code->slot_names[in.a], code->slot_kinds[in.a]);
          goto failed;
        }
        PUSH(slots[in.a]);
        break;
      case Op::store_fast: slots[in.a] = POP(); break;
      case Op::delete_fast:
        if (slots[in.a].is_error()) {
          ops::unbound_local(interp, code->slot_names[in.a], code->slot_kinds[in.a]);
          goto failed;
        }
        slots[in.a] = Value();
        break;
      case Op::make_cell: {
        auto* cell = interp.make<Cell>(interp.types.cell);
        cell->value = slots[in.a];
        slots[in.a] = Value::object(cell);
        break;
      }
      case Op::load_closure: PUSH(slots[in.a]); break;
      case Op::load_deref: {
        const Value v = static_cast<Cell*>(slots[in.a].o)->value;
        if (v.is_error()) {
          ops::unbound_local(interp, code->slot_names[in.a], code->slot_kinds[in.a]);
          goto failed;
        }
        PUSH(v);
        break;
      }
      case Op::store_deref: {
        auto* cell = static_cast<Cell*>(slots[in.a].o);
        if (!barriers.empty() && f->branch_stop == -1) FAIL_IF(interp.refuse_mutation(cell));
        cell->value = POP();
        break;
      }
      case Op::load_global: {
        GlobalCache& cache_line = code->global_cache[in.a];
        if (cache_line.globals == f->globals && cache_line.version == f->globals->version) {
          if (!cache_line.builtin) {
            PUSH(f->globals->entries[cache_line.at].value);
            break;
          }
          if (cache_line.builtins_version == builtins->dict->version) {
            PUSH(builtins->dict->entries[cache_line.at].value);
            break;
          }
        }
        const Value v = ops::load_global(*this, f, code->names[in.a], cache_line);
        FAIL_IF(v.is_error());
        PUSH(v);
        break;
      }
      // ---- attributes
      case Op::load_attr: {
        const Value v = interp.getattr(TOP(), code->names[in.a]);
        FAIL_IF(v.is_error());
        TOP() = v;
        break;
      }
      case Op::load_method: {
        Value function, self;
        load_method(TOP(), code->names[in.a], function, self);
        FAIL_IF(function.is_error());
        sp[-1] = function;
        PUSH(self);
        break;
      }
      case Op::push_null: PUSH(Value()); break;
      case Op::store_attr: {
        const Value object = sp[-1], value = sp[-2];
        sp -= 2;
        FAIL_IF(!interp.setattr(object, code->names[in.a], value));
        break;
      }
      case Op::delete_attr: {
        const Value object = POP();
        FAIL_IF(!interp.delattr(object, code->names[in.a]));
        break;
      }

#include "pylang/vm/run_operators.inc"

      // ---- displays
      case Op::build_tuple: {
        const Value v = interp.tuple(std::vector<Value>(sp - in.a, sp));
        sp -= in.a;
        FAIL_IF(v.is_error());
        PUSH(v);
        break;
      }
      case Op::build_list: {
        const Value v = interp.list(std::vector<Value>(sp - in.a, sp));
        sp -= in.a;
        FAIL_IF(v.is_error());
        PUSH(v);
        break;
      }
      case Op::list_append: {
        const Value v = POP();
        FAIL_IF(!interp.charge(16));
        static_cast<List*>(sp[-in.a].o)->items.push_back(v);
        break;
      }
      case Op::unpack_sequence: {
        const Value v = POP();
        if (v.is_object() && (v.o->type == interp.types.tuple || v.o->type == interp.types.list)) {
          const auto& items =
              v.o->type == interp.types.tuple ? static_cast<Tuple*>(v.o)->items : static_cast<List*>(v.o)->items;
          if (static_cast<std::int32_t>(items.size()) == in.a) {
            for (std::int32_t i = in.a; i-- > 0;) PUSH(items[i]);
            break;
          }
        }
        FAIL_IF(!ops::unpack(*this, v, in.a, sp));
        sp += in.a;
        break;
      }
      // ---- control
      case Op::jump: pc = in.a; break;
      case Op::jump_back:
        if (heap_exceeded) {
          interp.charge(0);
          goto failed;
        }
        pc = in.a;
        break;
      case Op::pop_jump_if_false:
      case Op::pop_jump_if_true: {
        const Value v = POP();
        TRUTH(t, v);
        if (t == (in.op == Op::pop_jump_if_true)) pc = in.a;
        break;
      }
      case Op::and_test:
      case Op::or_test: {
        const Value v = TOP();
        bool t = v.is_bool() && v.b;
        if (!v.is_bool()) {
          if (is_symbolic(v)) {
            --sp;
            SYNC();
            f->pc = pc;
            FAIL_IF(!symbolic_logical(f, v, in.a, in.op == Op::and_test));
            sp = f->sp;
            pc = in.a;
            break;
          }
          const std::optional<bool> known = test(v);
          FAIL_IF(!known);
          t = *known;
        }
        if (t == (in.op == Op::or_test)) pc = in.a;
        else --sp;
        break;
      }
      case Op::if_test: {
        const Value v = POP();
        bool t = v.is_bool() && v.b;
        if (!v.is_bool()) {
          if (is_symbolic(v)) {
            SYNC();
            bool returned = false;
            Value result;
            FAIL_IF(!symbolic_if(f, v, in.a, returned, result));
            sp = f->sp;
            if (returned) {
              PUSH(result);
              goto return_top;
            }
            pc = code->branches[in.a].join_pc;
            break;
          }
          const std::optional<bool> known = test(v);
          FAIL_IF(!known);
          t = *known;
        }
        pc = t ? code->branches[in.a].then_pc : code->branches[in.a].else_pc;
        break;
      }
      case Op::join:
        if (f->branch_stop == f->pc && branch && f == entry) {
          SYNC();
          last_exit = Exit::joined;
          return Value::none();
        }
        break;
      case Op::while_test: {
        const Value v = POP();
        bool t = v.is_bool() && v.b;
        if (!v.is_bool()) {
          if (is_symbolic(v)) {
            Diagnostic d;
            d.code = "K0306";
            d.message = "`while` loops on a tensor, whose value is only known at run time";
            d.help.push_back("use `keras.ops.while_loop`, or loop a fixed number of times");
            interp.refuse(std::move(d));
            goto failed;
          }
          const std::optional<bool> known = test(v);
          FAIL_IF(!known);
          t = *known;
        }
        if (!t) pc = in.a;
        break;
      }
      case Op::assert_test: {
        const Value v = POP();
        if (is_symbolic(v)) {
          pc = in.a;
          break;
        }
        const std::optional<bool> known = test(v);
        FAIL_IF(!known);
        if (*known) pc = in.a;
        break;
      }
      case Op::get_iter: {
        const Value it = ops::get_iter(*this, TOP());
        FAIL_IF(it.is_error());
        TOP() = it;
        break;
      }
      case Op::for_iter: {
        const Value it = TOP();
        bool done = false;
        Value v;
        // an iterator from outside a tensor-valued branch is state; the loops around the branch are not (they go on
        // once, see symbolic.cpp)
        if (!barriers.empty() && f->branch_stop != kRunToReturn) FAIL_IF(interp.refuse_mutation(it.o));
        if (is_iterator_type(it.o)) v = static_cast<NativeIterator*>(it.o)->next(interp, done);
        else v = interp.next(it, done);
        if (done) {
          --sp;
          pc = in.a;
          break;
        }
        FAIL_IF(v.is_error());
        PUSH(v);
        break;
      }

#include "pylang/vm/run_calls.inc"

      // ---- exceptions
      case Op::setup_try:
        f->blocks.push_back({Block::Kind::handler, in.a, static_cast<std::int32_t>(sp - f->stack()) - in.x,
                             static_cast<std::int32_t>(f->handled.size())});
        break;
      case Op::setup_poison:
        f->blocks.push_back({Block::Kind::poison, in.a, static_cast<std::int32_t>(sp - f->stack()),
                             static_cast<std::int32_t>(f->handled.size())});
        break;
      case Op::pop_block: f->blocks.pop_back(); break;
      case Op::pop_except: f->handled.pop_back(); break;
      case Op::reraise: {
        set_pending(static_cast<ExceptionObject*>(POP().o));
        goto failed_again;
      }

      // ---- handed on whole
      case Op::load_class_deref:
      case Op::delete_deref:
      case Op::load_name:
      case Op::store_name:
      case Op::delete_name:
      case Op::store_global:
      case Op::delete_global:
      case Op::make_function:
      case Op::load_build_class:
      case Op::setup_annotations:
      case Op::import_name:
      case Op::import_from:
      case Op::import_star: STEP(name); break;
      case Op::build_set:
      case Op::build_map:
      case Op::build_slice:
      case Op::build_string:
      case Op::set_add:
      case Op::map_add:
      case Op::list_extend:
      case Op::set_update:
      case Op::dict_update:
      case Op::dict_merge:
      case Op::list_to_tuple:
      case Op::unpack_ex: STEP(display); break;
      case Op::raise:
      case Op::check_exception_match:
      case Op::check_group_match:
      case Op::reraise_star:
      case Op::with_enter:
      case Op::with_exit:
      case Op::with_except:
      case Op::load_assertion_error:
      case Op::format_value:
      case Op::refuse_async: STEP(exception); break;
      case Op::match_sequence:
      case Op::match_mapping:
      case Op::get_length:
      case Op::match_keys:
      case Op::match_class:
      case Op::copy_dict_without_keys: STEP(pattern); break;
    }
    continue;

  call_frame:
    FAIL_IF(called == nullptr);
    if (called->code->is_generator || called->code->is_coroutine) {
      const Value v = finish_call(called);
      FAIL_IF(v.is_error());
      PUSH(v);
      continue;
    }
    if (call_depth >= interp.limits().call_depth || heap_exceeded) {
      release_frame(called);
      if (heap_exceeded) interp.charge(0);
      else interp.raise("RecursionError", "maximum recursion depth exceeded");
      goto failed;
    }
    ++call_depth;
    called->init_self = init_self;
    called->back = f;
    f->sp = sp;
    f = called;
    frame = f;
  enter:
    code = f->code;
    instructions = code->instructions.data();
    slots = f->values;
    sp = f->sp;
    pc = f->pc;
    continue;

  failed:
    if (interp.pending_ != nullptr && interp.refusal_ == nullptr) add_traceback(f, f->pc);
  failed_again:
    SYNC();
    f = unwind(f, entry, branch, base_blocks);
    if (f == nullptr) return {};
    goto enter;
  }
}

}  // namespace kedge::pylang
