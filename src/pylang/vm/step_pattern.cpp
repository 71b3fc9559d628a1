// Instructions of `match`.
#include "pylang/vm/ops.h"
#include "pylang/vm/step.h"

namespace kedge::pylang::ops {

Value* step_pattern(Impl& impl, Frame*, Instr in, Value* sp) {
  Interp& interp = impl.interp;
  switch (in.op) {
    case Op::match_sequence: TOP() = Value::boolean(is_sequence(impl, TOP())); break;
    case Op::match_mapping: TOP() = Value::boolean(is_mapping(impl, TOP())); break;
    case Op::get_length: {
      const std::optional<std::int64_t> n = interp.length(TOP());
      FAIL_IF(!n);
      TOP() = Value::integer(*n);
      break;
    }
    case Op::match_keys: {
      const Value keys = POP();
      const Value v = match_keys(impl, TOP(), static_cast<Tuple*>(keys.o));
      FAIL_IF(v.is_error());
      TOP() = v;
      break;
    }
    case Op::match_class: {
      const Value kw = POP();
      const Value cls = POP();
      const Value v = match_class(impl, TOP(), cls, in.a, static_cast<Tuple*>(kw.o));
      FAIL_IF(v.is_error());
      TOP() = v;
      break;
    }
    case Op::copy_dict_without_keys: {
      const Value keys = POP();
      const Value v = without_keys(impl, TOP(), static_cast<Tuple*>(keys.o));
      FAIL_IF(v.is_error());
      TOP() = v;
      break;
    }
    default: KEDGE_CHECK(false, "this instruction is not of this kind");
  }
  return sp;
}

}  // namespace kedge::pylang::ops
