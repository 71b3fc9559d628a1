// Instructions about names that are not plain locals, about definitions and imports.
#include "pylang/vm/ops.h"
#include "pylang/vm/step.h"

namespace kedge::pylang::ops {

Value* step_name(Impl& impl, Frame* frame, Instr in, Value* sp) {
  Interp& interp = impl.interp;
  switch (in.op) {
    case Op::load_class_deref: {
      Value v = frame->names != nullptr ? impl.get(frame->names, frame->code->slot_names[in.a]) : Value();
      if (v.is_error()) v = static_cast<Cell*>(frame->values[in.a].o)->value;
      if (v.is_error()) {
        unbound_local(interp, frame->code->slot_names[in.a], SlotKind::free);
        return nullptr;
      }
      PUSH(v);
      break;
    }
    case Op::delete_deref: {
      auto* cell = static_cast<Cell*>(frame->values[in.a].o);
      if (cell->value.is_error()) {
        unbound_local(interp, frame->code->slot_names[in.a], frame->code->slot_kinds[in.a]);
        return nullptr;
      }
      cell->value = Value();
      break;
    }
    case Op::load_name: {
      Value v;
      if (frame->code->is_class) v = class_name_lookup(impl, frame, frame->code->names[in.a]);
      if (v.is_error()) {
        FAIL_IF(interp.has_exception());
        v = load_global(impl, frame, frame->code->names[in.a], frame->code->global_cache[in.a]);
      }
      FAIL_IF(v.is_error());
      PUSH(v);
      break;
    }
    case Op::store_name: {
      const Value v = POP();
      FAIL_IF(!store_name(impl, frame, frame->code->names[in.a], v));
      break;
    }
    case Op::delete_name:
      FAIL_IF(!delete_name(impl, frame->names != nullptr ? frame->names : frame->globals, frame->code->names[in.a]));
      break;
    case Op::store_global: {
      FAIL_IF(interp.refuse_mutation(frame->globals));
      FAIL_IF(!impl.set(frame->globals, frame->code->names[in.a], POP()));
      break;
    }
    case Op::delete_global: FAIL_IF(!delete_name(impl, frame->globals, frame->code->names[in.a])); break;
    case Op::make_function: {
      const Value v = make_function(impl, frame, frame->code->codes[in.a], in.x, sp);
      sp -= __builtin_popcount(in.x & 15u);
      PUSH(v);
      break;
    }
    case Op::load_build_class: PUSH(Value::object(impl.build_class_function)); break;
    case Op::setup_annotations: {
      Dict* ns = frame->names != nullptr ? frame->names : frame->globals;
      if (impl.find(ns, impl.names.annotations) < 0)
        FAIL_IF(!impl.set(ns, impl.names.annotations, Value::object(interp.dict())));
      break;
    }
    case Op::import_name: {
      const Value from_list = POP();
      const Value level = POP();
      const Value v = impl.import_name(frame, frame->code->names[in.a]->text, level.i, from_list);
      FAIL_IF(v.is_error());
      PUSH(v);
      break;
    }
    case Op::import_from: {
      const Value v = impl.import_from(TOP(), frame->code->names[in.a]);
      FAIL_IF(v.is_error());
      PUSH(v);
      break;
    }
    case Op::import_star: {
      const Value m = POP();
      FAIL_IF(!impl.import_star(frame, m));
      break;
    }
    default: KEDGE_CHECK(false, "this instruction is not of this kind");
  }
  return sp;
}

}  // namespace kedge::pylang::ops
