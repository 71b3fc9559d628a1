// The builtins that look names up: attributes of objects, and the names of a scope.
#include "pylang/builtins/sequence.h"
#include "pylang/builtins/support.h"
#include "pylang/vm/impl.h"

namespace kedge::pylang {

namespace {

Str* attribute_name(Interp& interp, Value value, const char* function) {
  Str* name = str_of(interp, value);
  if (name == nullptr) {
    (void)type_error(interp, std::string(function) + "(): attribute name must be string");
    return nullptr;
  }
  return interp.intern(name->text);
}
Value fn_getattr(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "getattr", 2, 3, false)) return {};
  Str* name = attribute_name(interp, args.positional[1], "getattr");
  if (name == nullptr) return {};
  const Value out = interp.getattr(args.positional[0], name);
  if (!out.is_error() || args.positional.size() < 3 || !interp.pending_matches("AttributeError")) return out;
  interp.take_pending();
  return args.positional[2];
}
Value fn_hasattr(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "hasattr", 2, 2, false)) return {};
  Str* name = attribute_name(interp, args.positional[1], "hasattr");
  if (name == nullptr) return {};
  if (!interp.getattr(args.positional[0], name).is_error()) return Value::boolean(true);
  // an absent module (poison with an ImportError) has no attributes
  const bool absent = as<Poison>(args.positional[0]) != nullptr && interp.pending_matches("ImportError");
  if (!absent && !interp.pending_matches("AttributeError")) return {};
  interp.take_pending();
  return Value::boolean(false);
}
Value fn_setattr(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "setattr", 3, 3, false)) return {};
  Str* name = attribute_name(interp, args.positional[1], "setattr");
  return name != nullptr && interp.setattr(args.positional[0], name, args.positional[2]) ? Value::none() : Value();
}
Value fn_delattr(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "delattr", 2, 2, false)) return {};
  Str* name = attribute_name(interp, args.positional[1], "delattr");
  return name != nullptr && interp.delattr(args.positional[0], name) ? Value::none() : Value();
}

Value current_locals(Interp& interp) {
  const Frame* frame = interp.impl().frame;
  if (frame == nullptr) return Value::object(interp.dict());
  if (frame->names != nullptr) return Value::object(frame->names);
  // A function: a snapshot of its variables that are bound.
  Dict* out = interp.dict();
  const Code* code = frame->code;
  for (std::size_t i = 0; i < code->slot_names.size(); ++i) {
    Value value = frame->values[i];
    if (code->slot_kinds[i] != SlotKind::fast) {
      const auto* cell = as<Cell>(value);
      value = cell != nullptr ? cell->value : Value();
    }
    const std::string& name = code->slot_names[i]->text;
    if (!value.is_error() && !name.starts_with(".") && name != "__class__") interp.dict_set(out, name, value);
  }
  return Value::object(out);
}
Value fn_globals(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "globals", 0, 0, false)) return {};
  const Frame* frame = interp.impl().frame;
  return Value::object(frame != nullptr ? frame->globals : interp.dict());
}
Value fn_locals(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "locals", 0, 0, false)) return {};
  return current_locals(interp);
}

/// The `__dir__` that a module defines (PEP 562), or an error value.
Value module_dir(Interp& interp, Value value) {
  const auto* module = as<Module>(value);
  return module == nullptr ? Value() : interp.dict_get(module->dict, "__dir__");
}

Value fn_dir(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "dir", 0, 1, false)) return {};
  Value names;
  if (args.positional.empty()) {
    const Value locals = interp.call(interp.dict_get(interp.find_loaded("builtins")->dict, "locals"));
    if (locals.is_error()) return {};
    names = locals;
  } else if (const Value own = module_dir(interp, args.positional[0]); !own.is_error()) {
    names = interp.call(own);
    if (names.is_error()) return {};
  } else if (as<Type>(args.positional[0]) != nullptr || as<Module>(args.positional[0]) != nullptr) {
    std::optional<std::vector<Value>> list = attribute_names(interp, args.positional[0]);
    return list ? interp.list(std::move(*list)) : Value();
  } else {
    names = call_special(interp, args.positional[0], "__dir__");
    if (names.is_error()) return {};
  }
  std::optional<std::vector<Value>> items = interp.to_vector(names);
  if (!items || !sort_items(interp, *items, Value(), false)) return {};
  return interp.list(std::move(*items));
}
Value fn_vars(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "vars", 0, 1, false)) return {};
  if (args.positional.empty()) return interp.call(interp.dict_get(interp.find_loaded("builtins")->dict, "locals"));
  const Value out = interp.getattr(args.positional[0], "__dict__");
  if (out.is_error() && interp.pending_matches("AttributeError")) {
    interp.take_pending();
    return type_error(interp, "vars() argument must have __dict__ attribute");
  }
  return out;
}

}  // namespace

void install_namespaces(Interp& interp, Module& module) {
  static constexpr Method kFunctions[] = {{"getattr", fn_getattr}, {"hasattr", fn_hasattr}, {"setattr", fn_setattr},
                                          {"delattr", fn_delattr}, {"globals", fn_globals}, {"locals", fn_locals},
                                          {"dir", fn_dir},         {"vars", fn_vars}};
  install_rows(interp, module, kFunctions);
}

}  // namespace kedge::pylang
