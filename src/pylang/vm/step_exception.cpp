// Instructions of `raise`, `except`, `with` and of formatted values.
#include "pylang/vm/ops.h"
#include "pylang/vm/step.h"

namespace kedge::pylang::ops {

Value* step_exception(Impl& impl, Frame*, Instr in, Value* sp) {
  Interp& interp = impl.interp;
  switch (in.op) {
    case Op::raise: {
      const Value cause = in.a == 2 ? POP() : Value();
      const Value e = in.a >= 1 ? POP() : Value();
      raise(impl, e, cause);
      return nullptr;
    }
    case Op::check_exception_match: {
      const Value type = POP();
      const std::optional<bool> m = exception_matches(impl, TOP(), type);
      FAIL_IF(!m);
      PUSH(Value::boolean(*m));
      break;
    }
    case Op::check_group_match: FAIL_IF(!split_group(impl, sp[-2], sp[-1])); break;
    case Op::reraise_star: {
      const Value parts = POP();
      FAIL_IF(!reraise_star(impl, static_cast<Tuple*>(parts.o)));
      break;
    }
    case Op::with_enter: {
      Value exit_method, entered;
      FAIL_IF(!with_enter(impl, TOP(), exit_method, entered));
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
      const Value v = format(impl, TOP(), in.x & 3, spec);
      FAIL_IF(v.is_error());
      TOP() = v;
      break;
    }
    case Op::refuse_async: {
      interp.refuse("K0304", "asynchronous code is not evaluated");
      return nullptr;
    }
    default: KEDGE_CHECK(false, "this instruction is not of this kind");
  }
  return sp;
}

}  // namespace kedge::pylang::ops
