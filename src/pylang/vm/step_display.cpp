// Instructions that build and take apart containers and strings; the commonest are in the loop itself (run.cpp).
#include "pylang/vm/ops.h"
#include "pylang/vm/step.h"

namespace kedge::pylang::ops {

Value* step_display(Impl& impl, Frame*, Instr in, Value* sp) {
  Interp& interp = impl.interp;
  switch (in.op) {
    case Op::build_set: {
      const Value v = build_set(interp, {sp - in.a, static_cast<std::size_t>(in.a)});
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
      const Value v = build_string(interp, {sp - in.a, static_cast<std::size_t>(in.a)});
      sp -= in.a;
      FAIL_IF(v.is_error());
      PUSH(v);
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
      FAIL_IF(!list_extend(impl, static_cast<List*>(sp[-in.a].o), v, in.x == 1));
      break;
    }
    case Op::set_update: {
      const Value v = POP();
      FAIL_IF(!set_update(interp, static_cast<SetObject*>(sp[-in.a].o), v));
      break;
    }
    case Op::dict_update: {
      const Value v = POP();
      FAIL_IF(!dict_update(impl, static_cast<Dict*>(sp[-in.a].o), v, {}, false));
      break;
    }
    case Op::dict_merge: {
      const Value v = POP();
      // below the dict: the argument list, self or null, the callable
      FAIL_IF(!dict_update(impl, static_cast<Dict*>(sp[-in.a].o), v, sp[-in.a - 3], true));
      break;
    }
    case Op::list_to_tuple: {
      const Value v = interp.tuple(std::move(static_cast<List*>(TOP().o)->items));
      FAIL_IF(v.is_error());
      TOP() = v;
      break;
    }
    case Op::unpack_ex: {
      const Value v = POP();
      FAIL_IF(!unpack_star(impl, v, in.a, in.b, sp));
      sp += in.a + in.b + 1;
      break;
    }
    default: KEDGE_CHECK(false, "this instruction is not of this kind");
  }
  return sp;
}

}  // namespace kedge::pylang::ops
