// Instructions that load, store and delete names, and make functions.
#include "pylang/vm/ops.h"

namespace kedge::pylang::ops {

void unbound_local(Interp& interp, Str* name, SlotKind kind) {
  if (kind == SlotKind::free) {
    std::string n = name->text.starts_with(".free:") ? name->text.substr(6) : name->text;
    interp.raise("NameError",
                 "cannot access free variable '" + n + "' where it is not associated with a value in enclosing scope");
    return;
  }
  interp.raise("UnboundLocalError",
               "cannot access local variable '" + name->text + "' where it is not associated with a value");
}

Value load_global(Impl& impl, Frame* frame, Str* name, GlobalCache& cache) {
  std::int64_t at = impl.find(frame->globals, name);
  if (at >= 0) {
    cache = {frame->globals, frame->globals->version, 0, static_cast<std::int32_t>(at), false};
    return frame->globals->entries[at].value;
  }
  at = impl.find(impl.builtins->dict, name);
  if (at >= 0) {
    cache = {frame->globals, frame->globals->version, impl.builtins->dict->version, static_cast<std::int32_t>(at),
             true};
    return impl.builtins->dict->entries[at].value;
  }
  auto* e = make_exception(impl.interp, impl.interp.exception_type("NameError"),
                           {impl.interp.str("name '" + name->text + "' is not defined")});
  if (e->dict == nullptr) e->dict = impl.interp.dict();
  impl.set(e->dict, impl.interp.intern("name"), Value::object(name));
  return impl.interp.raise(e);
}

Value class_name_lookup(Impl& impl, Frame* frame, Str* name) {
  return frame->names == nullptr ? Value() : impl.get(frame->names, name);
}

bool store_name(Impl& impl, Frame* frame, Str* name, Value value) {
  Dict* const names = frame->names != nullptr ? frame->names : frame->globals;
  if (!impl.barriers.empty() && impl.interp.refuse_mutation(names)) return false;
  if (auto* poison =
          value.is_object() && value.o->type == impl.interp.types.poison ? static_cast<Poison*>(value.o) : nullptr;
      poison != nullptr && poison->name.empty()) {
    poison->name = name->text;
  }
  if (!frame->prepared.is_error()) return impl.interp.setitem(frame->prepared, Value::object(name), value);
  return impl.set(names, name, value);
}

bool delete_name(Impl& impl, Dict* names, Str* name) {
  if (impl.interp.refuse_mutation(names)) return false;
  bool found = false;
  if (!impl.interp.dict_delete(names, Value::object(name), found)) return false;
  if (!found) impl.interp.raise("NameError", "name '" + name->text + "' is not defined");
  return found;
}

// [defaults]? [keyword defaults]? [annotations]? [closure]? in this order, the last on top
Value make_function(Impl& impl, Frame* frame, const Code* code, std::uint8_t flags, Value* sp) {
  auto* f = impl.interp.make<Function>(impl.interp.types.function);
  f->name = code->name_str;
  f->qualname = code->qualname;
  f->code = code;
  f->module = frame->module;
  f->globals = frame->globals;
  f->doc = code->doc;
  if (flags & 8) {
    for (const Value cell : static_cast<Tuple*>((--sp)->o)->items) f->closure.push_back(static_cast<Cell*>(cell.o));
  }
  if (flags & 4) f->annotations = static_cast<Dict*>((--sp)->o);
  if (flags & 2) f->kwdefaults = static_cast<Dict*>((--sp)->o);
  if (flags & 1) f->defaults = static_cast<Tuple*>((--sp)->o)->items;
  return Value::object(f);
}

Value call_ex(Impl& impl, Value callee, Value self, List* args, Dict* kw, Frame*& frame) {
  std::vector<Value> positional;
  const bool method = callee.is_object() && callee.o->type == impl.interp.types.bound_method;
  positional.reserve(args->items.size() + 1);
  if (!self.is_error()) positional.push_back(self);
  else if (method) positional.push_back(static_cast<BoundMethod*>(callee.o)->self);
  if (method) {
    if (!self.is_error()) positional.insert(positional.begin(), static_cast<BoundMethod*>(callee.o)->self);
    callee = static_cast<BoundMethod*>(callee.o)->function;
  }
  positional.insert(positional.end(), args->items.begin(), args->items.end());
  std::vector<Str*> names;
  std::vector<Value> values;
  if (kw != nullptr) {
    for (const Dict::Entry& e : kw->entries) {
      if (e.key.is_error()) continue;
      auto* s = as<Str>(e.key);
      if (s == nullptr) return impl.interp.raise("TypeError", "keywords must be strings");
      names.push_back(s->interned ? s : impl.interp.intern(s->text));
      values.push_back(e.value);
    }
  }
  if (callee.is_object() && callee.o->type == impl.interp.types.function) {
    frame = impl.prepare_call(static_cast<Function*>(callee.o), positional, names, values);
    if (frame == nullptr) return {};
    if (!frame->code->is_generator && !frame->code->is_coroutine) return {};
    Frame* made = frame;
    frame = nullptr;
    return impl.finish_call(made);
  }
  return impl.interp.call(callee, positional, names, values);
}

}  // namespace kedge::pylang::ops
