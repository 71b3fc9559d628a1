// The machine: one loop over the instructions of the innermost frame. Calls of Python functions, of Python `__init__`
// and of generators in `for` switch frames without nesting this loop; only native code that calls back nests it
// (Impl::enter_native measures that).
#include "pylang/builtins/dict_table.h"
#include "pylang/vm/impl.h"
#include "pylang/vm/ops.h"

namespace kedge::pylang {

using Impl = Interp::Impl;

namespace {
inline bool add_overflow(std::int64_t a, std::int64_t b, std::int64_t* r) { return __builtin_add_overflow(a, b, r); }
inline bool sub_overflow(std::int64_t a, std::int64_t b, std::int64_t* r) { return __builtin_sub_overflow(a, b, r); }
inline bool mul_overflow(std::int64_t a, std::int64_t b, std::int64_t* r) { return __builtin_mul_overflow(a, b, r); }
}  // namespace

#define PUSH(v) (*sp++ = (v))
#define POP() (*--sp)
#define TOP() (sp[-1])
#define FAIL_IF(cond)      \
  do {                     \
    if (cond) goto failed; \
  } while (0)
#define SYNC() (f->sp = sp)

Value Impl::run(Frame* entry, bool branch) {
  Frame* f = entry;
  const std::size_t base_blocks = branch ? entry->blocks.size() : 0;
  const Code* code = f->code;
  const Instr* instructions = code->instructions.data();
  Value* slots = f->values;
  Value* sp = f->sp;
  std::int32_t pc = f->pc;
  Instr in;
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
      case Op::nop: break;
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
      case Op::load_class_deref: {
        Value v = f->names != nullptr ? get(f->names, code->slot_names[in.a]) : Value();
        if (v.is_error()) v = static_cast<Cell*>(slots[in.a].o)->value;
        if (v.is_error()) {
          ops::unbound_local(interp, code->slot_names[in.a], SlotKind::free);
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
      case Op::delete_deref: {
        auto* cell = static_cast<Cell*>(slots[in.a].o);
        if (cell->value.is_error()) {
          ops::unbound_local(interp, code->slot_names[in.a], code->slot_kinds[in.a]);
          goto failed;
        }
        cell->value = Value();
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
      case Op::load_name: {
        Value v;
        if (code->is_class) v = ops::class_name_lookup(*this, f, code->names[in.a]);
        if (v.is_error()) {
          FAIL_IF(interp.has_exception());
          v = ops::load_global(*this, f, code->names[in.a], code->global_cache[in.a]);
        }
        FAIL_IF(v.is_error());
        PUSH(v);
        break;
      }
      case Op::store_name: {
        const Value v = POP();
        FAIL_IF(!ops::store_name(*this, f, code->names[in.a], v));
        break;
      }
      case Op::delete_name:
        FAIL_IF(!ops::delete_name(*this, f->names != nullptr ? f->names : f->globals, code->names[in.a]));
        break;
      case Op::store_global: {
        FAIL_IF(interp.refuse_mutation(f->globals));
        FAIL_IF(!set(f->globals, code->names[in.a], POP()));
        break;
      }
      case Op::delete_global: FAIL_IF(!ops::delete_name(*this, f->globals, code->names[in.a])); break;

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

      // ---- operators
      case Op::binary: {
        const Value b = POP();
        const Value a = TOP();
        if (a.is_int() && b.is_int()) {
          std::int64_t r = 0;
          const auto op = static_cast<BinaryOp>(in.x);
          if (op == BinaryOp::add && !add_overflow(a.i, b.i, &r)) {
            TOP() = Value::integer(r);
            break;
          }
          if (op == BinaryOp::sub && !sub_overflow(a.i, b.i, &r)) {
            TOP() = Value::integer(r);
            break;
          }
          if (op == BinaryOp::mult && !mul_overflow(a.i, b.i, &r)) {
            TOP() = Value::integer(r);
            break;
          }
        } else if (a.is_float() && b.is_float()) {
          const auto op = static_cast<BinaryOp>(in.x);
          if (op == BinaryOp::add) {
            TOP() = Value::real(a.f + b.f);
            break;
          }
          if (op == BinaryOp::sub) {
            TOP() = Value::real(a.f - b.f);
            break;
          }
          if (op == BinaryOp::mult) {
            TOP() = Value::real(a.f * b.f);
            break;
          }
        }
        const Value r = binary_op(static_cast<BinaryOp>(in.x), a, b);
        FAIL_IF(r.is_error());
        TOP() = r;
        break;
      }
      case Op::inplace: {
        const Value b = POP();
        const Value a = TOP();
        if (a.is_int() && b.is_int()) {
          std::int64_t r = 0;
          const auto op = static_cast<BinaryOp>(in.x);
          if (op == BinaryOp::add && !add_overflow(a.i, b.i, &r)) {
            TOP() = Value::integer(r);
            break;
          }
          if (op == BinaryOp::sub && !sub_overflow(a.i, b.i, &r)) {
            TOP() = Value::integer(r);
            break;
          }
          if (op == BinaryOp::mult && !mul_overflow(a.i, b.i, &r)) {
            TOP() = Value::integer(r);
            break;
          }
        }
        const Value r = inplace_op(static_cast<BinaryOp>(in.x), a, b);
        FAIL_IF(r.is_error());
        TOP() = r;
        break;
      }
      case Op::unary: {
        const Value r = unary_op(static_cast<UnaryOp>(in.x), TOP());
        FAIL_IF(r.is_error());
        TOP() = r;
        break;
      }
      case Op::unary_not: {
        const Value a = TOP();
        if (a.is_bool()) {
          TOP() = Value::boolean(!a.b);
          break;
        }
        if (is_symbolic(a)) {
          const Value r = interp.hooks()->logical_not(interp, a);
          FAIL_IF(r.is_error());
          TOP() = r;
          break;
        }
        const std::optional<bool> t = test(a);
        FAIL_IF(!t);
        TOP() = Value::boolean(!*t);
        break;
      }
      case Op::compare: {
        const Value b = POP();
        const Value a = TOP();
        const auto op = static_cast<CompareOp>(in.x);
        if (a.is_int() && b.is_int()) {
          switch (op) {
            case CompareOp::eq: TOP() = Value::boolean(a.i == b.i); continue;
            case CompareOp::ne: TOP() = Value::boolean(a.i != b.i); continue;
            case CompareOp::lt: TOP() = Value::boolean(a.i < b.i); continue;
            case CompareOp::le: TOP() = Value::boolean(a.i <= b.i); continue;
            case CompareOp::gt: TOP() = Value::boolean(a.i > b.i); continue;
            case CompareOp::ge: TOP() = Value::boolean(a.i >= b.i); continue;
            default: break;
          }
        }
        if (op == CompareOp::is) {
          TOP() = Value::boolean(a.is(b));
          break;
        }
        if (op == CompareOp::is_not) {
          TOP() = Value::boolean(!a.is(b));
          break;
        }
        const Value r = compare_op(op, a, b);
        FAIL_IF(r.is_error());
        TOP() = r;
        break;
      }
      case Op::load_subscript: {
        const Value key = POP();
        const Value object = TOP();
        if (key.is_int() && object.is_object() && key.i >= 0) {
          if (object.o->type == interp.types.list &&
              key.i < static_cast<std::int64_t>(static_cast<List*>(object.o)->items.size())) {
            TOP() = static_cast<List*>(object.o)->items[key.i];
            break;
          }
          if (object.o->type == interp.types.tuple &&
              key.i < static_cast<std::int64_t>(static_cast<Tuple*>(object.o)->items.size())) {
            TOP() = static_cast<Tuple*>(object.o)->items[key.i];
            break;
          }
        }
        const Value r = interp.getitem(object, key);
        FAIL_IF(r.is_error());
        TOP() = r;
        break;
      }
      case Op::store_subscript: {
        const Value key = sp[-1], object = sp[-2], value = sp[-3];
        sp -= 3;
        FAIL_IF(!interp.setitem(object, key, value));
        break;
      }
      case Op::delete_subscript: {
        const Value key = sp[-1], object = sp[-2];
        sp -= 2;
        FAIL_IF(!interp.delitem(object, key));
        break;
      }

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
      case Op::build_set: {
        const Value v = ops::build_set(interp, {sp - in.a, static_cast<std::size_t>(in.a)});
        sp -= in.a;
        FAIL_IF(v.is_error());
        PUSH(v);
        break;
      }
      case Op::build_map: {
        Dict* d = interp.dict();
        Value* first = sp - 2 * in.a;
        for (std::int32_t i = 0; i < in.a; ++i) FAIL_IF(!interp.dict_set(d, first[2 * i], first[2 * i + 1]));
        sp = first;
        PUSH(Value::object(d));
        break;
      }
      case Op::build_slice: {
        auto* s = interp.make<Slice>(interp.types.slice);
        s->step = in.a == 3 ? POP() : Value::none();
        s->stop = POP();
        s->start = POP();
        PUSH(Value::object(s));
        break;
      }
      case Op::build_string: {
        const Value v = ops::build_string(interp, {sp - in.a, static_cast<std::size_t>(in.a)});
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
      case Op::set_add: {
        const Value v = POP();
        FAIL_IF(!interp.dict_set(static_cast<SetObject*>(sp[-in.a].o)->table, v, Value::none()));
        break;
      }
      case Op::map_add: {
        const Value v = POP();
        const Value k = POP();
        FAIL_IF(!interp.dict_set(static_cast<Dict*>(sp[-in.a].o), k, v));
        break;
      }
      case Op::list_extend: {
        const Value v = POP();
        FAIL_IF(!ops::list_extend(*this, static_cast<List*>(sp[-in.a].o), v, in.x == 1));
        break;
      }
      case Op::set_update: {
        const Value v = POP();
        FAIL_IF(!ops::set_update(interp, static_cast<SetObject*>(sp[-in.a].o), v));
        break;
      }
      case Op::dict_update: {
        const Value v = POP();
        FAIL_IF(!ops::dict_update(*this, static_cast<Dict*>(sp[-in.a].o), v, {}, false));
        break;
      }
      case Op::dict_merge: {
        const Value v = POP();
        // below the dict: the argument list, self or null, the callable
        FAIL_IF(!ops::dict_update(*this, static_cast<Dict*>(sp[-in.a].o), v, sp[-in.a - 3], true));
        break;
      }
      case Op::list_to_tuple: {
        const Value v = interp.tuple(std::move(static_cast<List*>(TOP().o)->items));
        FAIL_IF(v.is_error());
        TOP() = v;
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
      case Op::unpack_ex: {
        const Value v = POP();
        FAIL_IF(!ops::unpack_star(*this, v, in.a, in.b, sp));
        sp += in.a + in.b + 1;
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
        bool t = v.is_bool() && v.b;
        if (!v.is_bool()) {
          const std::optional<bool> known = test(v);
          FAIL_IF(!known);
          t = *known;
        }
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

      // ---- calls
      case Op::call: {
        Value* args = sp - in.a;
        auto count = static_cast<std::size_t>(in.a);
        Value callee = args[-2];
        if (!args[-1].is_error()) {
          --args;
          ++count;
        }
        Value* const base = sp - in.a - 2;
        if (callee.is_object() && callee.o->type == interp.types.bound_method && args != sp - in.a - 1) {
          auto* m = static_cast<BoundMethod*>(callee.o);
          args[-1] = m->self;
          callee = m->function;
          --args;
          ++count;
        }
        Value init_self;
        if (callee.is_object() && callee.o->type == interp.types.type) {
          // a plain Python class with a Python __init__: run it as a frame of this loop
          const Value init = ops::plain_init(*this, static_cast<Type*>(callee.o));
          if (!init.is_error() && args != sp - in.a - 1) {
            init_self = ops::make_instance(interp, static_cast<Type*>(callee.o));
            args[-1] = init_self;
            --args;
            ++count;
            callee = init;
          }
        }
        if (callee.is_object() && callee.o->type == interp.types.function) {
          Frame* callee_frame = prepare_call(static_cast<Function*>(callee.o), {args, count}, {}, {});
          FAIL_IF(callee_frame == nullptr);
          sp = base;
          if (callee_frame->code->is_generator || callee_frame->code->is_coroutine) {
            const Value v = finish_call(callee_frame);
            FAIL_IF(v.is_error());
            PUSH(v);
            break;
          }
          if (call_depth >= interp.limits().call_depth || heap_exceeded) {
            release_frame(callee_frame);
            if (heap_exceeded) interp.charge(0);
            else interp.raise("RecursionError", "maximum recursion depth exceeded");
            goto failed;
          }
          ++call_depth;
          callee_frame->init_self = init_self;
          callee_frame->back = f;
          f->sp = sp;
          f = callee_frame;
          frame = f;
          goto enter;
        }
        const Value v = interp.call(callee, {args, count});
        sp = base;
        FAIL_IF(v.is_error());
        PUSH(v);
        break;
      }
      case Op::call_keywords: {
        const std::vector<Str*>& kw = code->keyword_names[in.b];
        const std::size_t named = kw.size();
        Value* args = sp - in.a;
        std::size_t count = static_cast<std::size_t>(in.a) - named;
        Value callee = args[-2];
        Value* const base = args - 2;
        const Value* named_values = sp - named;
        bool has_self = !args[-1].is_error();
        if (has_self) {
          --args;
          ++count;
        } else if (callee.is_object() && callee.o->type == interp.types.bound_method) {
          auto* m = static_cast<BoundMethod*>(callee.o);
          args[-1] = m->self;
          callee = m->function;
          --args;
          ++count;
          has_self = true;
        }
        Value init_self;
        if (!has_self && callee.is_object() && callee.o->type == interp.types.type) {
          const Value init = ops::plain_init(*this, static_cast<Type*>(callee.o));
          if (!init.is_error()) {
            init_self = ops::make_instance(interp, static_cast<Type*>(callee.o));
            args[-1] = init_self;
            --args;
            ++count;
            callee = init;
          }
        }
        if (callee.is_object() && callee.o->type == interp.types.function) {
          Frame* callee_frame =
              prepare_call(static_cast<Function*>(callee.o), {args, count}, kw, {named_values, named});
          FAIL_IF(callee_frame == nullptr);
          sp = base;
          if (callee_frame->code->is_generator || callee_frame->code->is_coroutine) {
            const Value v = finish_call(callee_frame);
            FAIL_IF(v.is_error());
            PUSH(v);
            break;
          }
          if (call_depth >= interp.limits().call_depth || heap_exceeded) {
            release_frame(callee_frame);
            if (heap_exceeded) interp.charge(0);
            else interp.raise("RecursionError", "maximum recursion depth exceeded");
            goto failed;
          }
          ++call_depth;
          callee_frame->init_self = init_self;
          callee_frame->back = f;
          f->sp = sp;
          f = callee_frame;
          frame = f;
          goto enter;
        }
        const Value v = interp.call(callee, {args, count}, kw, {named_values, named});
        sp = base;
        FAIL_IF(v.is_error());
        PUSH(v);
        break;
      }
      case Op::call_ex: {
        Dict* kw = in.x & 1 ? static_cast<Dict*>(POP().o) : nullptr;
        auto* list = static_cast<List*>(POP().o);
        const Value self = POP();
        const Value callee = POP();
        Frame* callee_frame = nullptr;
        const Value v = ops::call_ex(*this, callee, self, list, kw, callee_frame);
        if (callee_frame != nullptr) {
          if (call_depth >= interp.limits().call_depth) {
            release_frame(callee_frame);
            interp.raise("RecursionError", "maximum recursion depth exceeded");
            goto failed;
          }
          ++call_depth;
          callee_frame->back = f;
          f->sp = sp;
          f = callee_frame;
          frame = f;
          goto enter;
        }
        FAIL_IF(v.is_error());
        PUSH(v);
        break;
      }
      case Op::return_value:
      return_top : {
        Value result = POP();
        if (branch && f == entry) {
          SYNC();
          last_exit = Exit::returned;
          return result;
        }
        if (!f->init_self.is_error()) {
          if (!result.is_none()) {
            interp.raise("TypeError",
                         "__init__() should return None, not '" + std::string(type_name(interp, result)) + "'");
            goto failed;
          }
          result = f->init_self;
        }
        Frame* done = f;
        frame = f->back;
        --call_depth;
        if (done == entry) {
          last_exit = Exit::returned;
          release_frame(done);
          return result;
        }
        f = done->back;
        release_frame(done);
        sp = f->sp;
        PUSH(result);
        code = f->code;
        instructions = code->instructions.data();
        slots = f->values;
        pc = f->pc + 1;
        break;
      }
      case Op::yield_value: {
        SYNC();
        const Value v = TOP();
        f->pc = pc;
        frame = f->back;
        --call_depth;
        last_exit = Exit::yielded;
        return v;
      }
      case Op::get_yield_from_iter: {
        if (TOP().is_object() && TOP().o->type == interp.types.generator) break;
        const Value it = interp.iterate(TOP());
        FAIL_IF(it.is_error());
        TOP() = it;
        break;
      }
      case Op::yield_from: {
        // [iterator, sent] -> the iterator's next value is yielded, this instruction runs again with what is sent; or
        // [result]
        const Value sent = POP();
        bool done = false;
        const Value v = ops::yield_from_step(*this, TOP(), sent, done);
        if (done) {
          TOP() = v;
          break;
        }
        FAIL_IF(v.is_error());
        PUSH(v);
        SYNC();
        f->pc = pc - 1;
        frame = f->back;
        --call_depth;
        last_exit = Exit::yielded;
        return v;
      }

      // ---- definitions
      case Op::make_function: {
        const Value v = ops::make_function(*this, f, code->codes[in.a], in.x, sp);
        sp -= __builtin_popcount(in.x & 15u);
        PUSH(v);
        break;
      }
      case Op::load_build_class: PUSH(Value::object(build_class_function)); break;
      case Op::store_type_name: break;
      case Op::setup_annotations: {
        Dict* ns = f->names != nullptr ? f->names : f->globals;
        if (find(ns, names.annotations) < 0) FAIL_IF(!set(ns, names.annotations, Value::object(interp.dict())));
        break;
      }

      // ---- imports
      case Op::import_name: {
        const Value from_list = POP();
        const Value level = POP();
        const Value v = import_name(f, code->names[in.a]->text, level.i, from_list);
        FAIL_IF(v.is_error());
        PUSH(v);
        break;
      }
      case Op::import_from: {
        const Value v = import_from(TOP(), code->names[in.a]);
        FAIL_IF(v.is_error());
        PUSH(v);
        break;
      }
      case Op::import_star: {
        const Value m = POP();
        FAIL_IF(!import_star(f, m));
        break;
      }

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
      case Op::raise: {
        const Value cause = in.a == 2 ? POP() : Value();
        const Value e = in.a >= 1 ? POP() : Value();
        ops::raise(*this, e, cause);
        goto failed;
      }
      case Op::check_exception_match: {
        const Value type = POP();
        const std::optional<bool> m = ops::exception_matches(*this, TOP(), type);
        FAIL_IF(!m);
        PUSH(Value::boolean(*m));
        break;
      }
      case Op::check_group_match: FAIL_IF(!ops::split_group(*this, sp[-2], sp[-1])); break;
      case Op::reraise_star: {
        const Value parts = POP();
        FAIL_IF(!ops::reraise_star(*this, static_cast<Tuple*>(parts.o)));
        break;
      }
      case Op::with_enter: {
        Value exit_method, entered;
        FAIL_IF(!ops::with_enter(*this, TOP(), exit_method, entered));
        TOP() = exit_method;
        PUSH(entered);
        break;
      }
      case Op::with_exit: {
        const Value exit_method = POP();
        const Value nones[] = {Value::none(), Value::none(), Value::none()};
        const Value v = interp.call(exit_method, nones);
        FAIL_IF(v.is_error());
        break;
      }
      case Op::with_except: {
        const Value e = TOP();
        const Value args[] = {Value::object(e.o->type), e, Value::none()};
        const Value v = interp.call(sp[-2], args);
        FAIL_IF(v.is_error());
        PUSH(v);
        break;
      }
      case Op::load_assertion_error: PUSH(Value::object(interp.exception_type("AssertionError"))); break;
      case Op::format_value: {
        const Value spec = in.x & 4 ? POP() : Value();
        const Value v = ops::format(*this, TOP(), in.x & 3, spec);
        FAIL_IF(v.is_error());
        TOP() = v;
        break;
      }
      case Op::refuse_async: {
        interp.refuse("K0304", "asynchronous code is not evaluated");
        goto failed;
      }

      // ---- patterns
      case Op::match_sequence: TOP() = Value::boolean(ops::is_sequence(*this, TOP())); break;
      case Op::match_mapping: TOP() = Value::boolean(ops::is_mapping(*this, TOP())); break;
      case Op::get_length: {
        const std::optional<std::int64_t> n = interp.length(TOP());
        FAIL_IF(!n);
        TOP() = Value::integer(*n);
        break;
      }
      case Op::match_keys: {
        const Value keys = POP();
        const Value v = ops::match_keys(*this, TOP(), static_cast<Tuple*>(keys.o));
        FAIL_IF(v.is_error());
        TOP() = v;
        break;
      }
      case Op::match_class: {
        const Value kw = POP();
        const Value cls = POP();
        const Value v = ops::match_class(*this, TOP(), cls, in.a, static_cast<Tuple*>(kw.o));
        FAIL_IF(v.is_error());
        TOP() = v;
        break;
      }
      case Op::copy_dict_without_keys: {
        const Value keys = POP();
        const Value v = ops::without_keys(*this, TOP(), static_cast<Tuple*>(keys.o));
        FAIL_IF(v.is_error());
        TOP() = v;
        break;
      }
    }
    continue;

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
    for (;;) {
      const bool refused = interp.refusal_ != nullptr;
      if (!refused && f->blocks.size() > (f == entry ? base_blocks : 0)) {
        const Block block = f->blocks.back();
        f->blocks.pop_back();
        sp = f->stack() + block.depth;
        f->handled.resize(static_cast<std::size_t>(block.handled));
        ExceptionObject* e = interp.take_pending();
        if (block.kind == Block::Kind::poison) {
          PUSH(Value::object(make_poison(e, {})));
        } else {
          PUSH(Value::object(e));
          f->handled.push_back(e);
        }
        pc = block.target;
        break;
      }
      if (refused && !total_budget_spent && f->blocks.size() > (f == entry ? base_blocks : 0) &&
          f->blocks.back().kind == Block::Kind::poison) {
        const Block block = f->blocks.back();
        f->blocks.pop_back();
        sp = f->stack() + block.depth;
        PUSH(Value::object(make_poison(pending_as_reason(), {})));
        pc = block.target;
        break;
      }
      if (branch && f == entry) {
        SYNC();
        return {};
      }
      if (code->is_module && recover_statement(f)) {
        sp = f->sp;
        pc = f->pc;
        break;
      }
      Frame* done = f;
      frame = f->back;
      --call_depth;
      if (done == entry) {
        release_frame(done);
        return {};
      }
      f = done->back;
      release_frame(done);
      code = f->code;
      instructions = code->instructions.data();
      slots = f->values;
      sp = f->sp;
      if (!refused) add_traceback(f, f->pc);
    }
  }
}

}  // namespace kedge::pylang
