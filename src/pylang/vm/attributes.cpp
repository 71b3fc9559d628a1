// Attributes: the type cache, the descriptor protocol, object.__getattribute__ and type.__getattribute__, super.
// Data Model, 3.3.2.2 "Implementing Descriptors" and 3.3.2.3 "Invoking Descriptors".
#include "pylang/builtins/dict_table.h"
#include "pylang/vm/impl.h"

namespace kedge::pylang {

using Impl = Interp::Impl;

Value Impl::lookup(const Type* type, Str* name) {
  const auto mixed = (reinterpret_cast<std::uintptr_t>(type) >> 4) * 31 ^ (reinterpret_cast<std::uintptr_t>(name) >> 4);
  CacheLine& line = cache[mixed & (cache.size() - 1)];
  if (line.type == type && line.name == name && line.version == version) return line.value;
  Value found;
  for (const Type* t : type->mro) {
    const std::int64_t at = find(t->dict, name);
    if (at >= 0) {
      found = t->dict->entries[at].value;
      break;
    }
  }
  if (name->interned) line = {type, name, version, found};
  return found;
}

Value Interp::lookup_type_attr(Type* type, Str* name) const { return impl_->lookup(type, name); }

bool Impl::is_data_descriptor(Value attr) {
  if (!attr.is_object()) return false;
  const Type* t = attr.o->type;
  if (t == interp.types.property) return true;
  if (t == interp.types.function || t == interp.types.native_function || t == interp.types.staticmethod_ ||
      t == interp.types.classmethod_)
    return false;
  if (interp.is_subtype(t, interp.types.property)) return true;
  return !lookup(t, names.set).is_error() || !lookup(t, names.delete_).is_error();
}

namespace {
Value bound(Interp& interp, Value function, Value self) {
  auto* m = interp.make<BoundMethod>(interp.types.bound_method);
  m->self = self;
  m->function = function;
  return Value::object(m);
}
}  // namespace

// self error tag: access through the class itself.
Value Impl::bind_attribute(Value attr, Value self, Type* owner) {
  if (!attr.is_object()) return attr;
  const auto& T = interp.types;
  const Type* t = attr.o->type;
  const bool on_class = self.is_error();
  if (t == T.function) return on_class ? attr : bound(interp, attr, self);
  if (t == T.native_function)
    return on_class || !static_cast<NativeFunction*>(attr.o)->binds ? attr : bound(interp, attr, self);
  if (t == T.staticmethod_) return static_cast<StaticMethod*>(attr.o)->function;
  if (t == T.classmethod_) {
    const Value inner = static_cast<ClassMethod*>(attr.o)->function;
    const Value cls = Value::object(owner);
    if (inner.is_object() && (inner.o->type == T.function || inner.o->type == T.native_function))
      return bound(interp, inner, cls);
    if (inner.is_object() && inner.o->type == T.property) return bind_attribute(inner, cls, owner->type);
    return bound(interp, inner, cls);
  }
  if (auto* p = t == T.property || interp.is_subtype(t, T.property) ? static_cast<Property*>(attr.o) : nullptr) {
    if (on_class) return attr;
    if (p->getter.is_none()) return interp.raise("AttributeError", "unreadable attribute");
    return interp.call(p->getter, {&self, 1});
  }
  if (t == T.object || (t->host && t->builtin_base == t && lookup(t, names.get).is_error())) return attr;
  const Value get_function = lookup(t, names.get);
  if (get_function.is_error()) return attr;
  const Value args[] = {attr, on_class ? Value::none() : self, Value::object(owner)};
  return interp.call(get_function, args);
}

Dict* Impl::dict_of(Value object) {
  if (!object.is_object()) return nullptr;
  const Type* t = object.o->type;
  const auto& T = interp.types;
  if (!t->host && t->builtin_base == T.object) {
    auto* i = static_cast<Instance*>(object.o);
    if (i->dict == nullptr) i->dict = interp.dict();
    return i->dict;
  }
  if (t == T.module) return static_cast<Module*>(object.o)->dict;
  if (t == T.function) {
    auto* f = static_cast<Function*>(object.o);
    if (f->dict == nullptr) f->dict = interp.dict();
    return f->dict;
  }
  if (auto* i = dynamic_cast<Instance*>(object.o)) {
    if (i->dict == nullptr) i->dict = interp.dict();
    return i->dict;
  }
  if (auto* m = dynamic_cast<Module*>(object.o)) return m->dict;
  if (auto* c = dynamic_cast<Type*>(object.o)) return c->dict;
  return nullptr;
}

Value Impl::raise_attribute_error(Value object, Str* name) {
  ExceptionObject* e = nullptr;
  std::string message;
  if (object.is_object()) {
    if (auto* t = dynamic_cast<Type*>(object.o))
      message = "type object '" + t->name + "' has no attribute '" + name->text + "'";
    else if (auto* m = dynamic_cast<Module*>(object.o)) {
      message = m->finished ? "module '" + m->name + "' has no attribute '" + name->text + "'"
                            : "partially initialized module '" + m->name + "' has no attribute '" + name->text +
                                  "' (most likely due to a circular import)";
    }
  }
  if (message.empty())
    message = "'" + std::string(type_name(interp, object)) + "' object has no attribute '" + name->text + "'";
  e = make_exception(interp, interp.exception_type("AttributeError"), {interp.str(message)});
  if (e->dict == nullptr) e->dict = interp.dict();
  set(e->dict, interp.intern("name"), Value::object(name));
  set(e->dict, interp.intern("obj"), object);
  return interp.raise(e);
}

Value Impl::type_getattr(Type* type, Str* name) {
  const Value meta_attr =
      type->type == interp.types.type && type->type->dict->used == 0 ? Value() : lookup(type->type, name);
  if (!meta_attr.is_error() && is_data_descriptor(meta_attr))
    return bind_attribute(meta_attr, Value::object(type), type->type);
  if (name->text.starts_with("__")) {
    bool found = false;
    const Value v = special_attribute(Value::object(type), name, found);
    if (found) return v;
  }
  const Value attr = lookup(type, name);
  if (!attr.is_error()) return bind_attribute(attr, Value(), type);
  if (!meta_attr.is_error()) return bind_attribute(meta_attr, Value::object(type), type->type);
  return raise_attribute_error(Value::object(type), name);
}

Value Impl::super_getattr(Super* super, Str* name, bool bind) {
  if (name == names.class_) return Value::object(super->type);
  const auto& mro = super->self_type->mro;
  std::size_t i = 0;
  while (i < mro.size() && mro[i] != super->start) ++i;
  for (++i; i < mro.size(); ++i) {
    const Value attr = get(mro[i]->dict, name);
    if (attr.is_error()) continue;
    if (!bind) return attr;
    const bool on_class = super->self.is_object() && super->self.o == super->self_type;
    return bind_attribute(attr, on_class ? Value() : super->self, super->self_type);
  }
  if (!bind) return {};
  return interp.raise("AttributeError", "'super' object has no attribute '" + name->text + "'");
}

Value Impl::default_getattribute(Value object, Str* name) {
  Type* t = interp.type_of(object);
  const auto& T = interp.types;
  if (object.is_object()) {
    if (t == T.poison) {
      raise_poison(object);
      return {};
    }
    if (t == T.super_) return super_getattr(static_cast<Super*>(object.o), name, true);
    if (t == T.type) return type_getattr(static_cast<Type*>(object.o), name);
    if (t->builtin_base == T.type) return type_getattr(static_cast<Type*>(object.o), name);
  }
  const Value attr = lookup(t, name);
  if (!attr.is_error() && is_data_descriptor(attr)) return bind_attribute(attr, object, t);
  if (Dict* dict = dict_of(object)) {
    const std::int64_t at = find(dict, name);
    if (at >= 0) return dict->entries[at].value;
  }
  const bool dunder = name->text.starts_with("__");
  if (!attr.is_error() && !(dunder &&
                            (name == names.doc || name == names.module || name == names.name || name == names.dict ||
                             name == names.class_ || name == names.qualname || name == names.annotations) &&
                            t != T.object && t->host))
    return bind_attribute(attr, object, t);
  if (dunder) {
    bool found = false;
    const Value v = special_attribute(object, name, found);
    if (found) return v;
    if (!attr.is_error()) return bind_attribute(attr, object, t);
  }
  if (t == T.bound_method) return interp.getattr(static_cast<BoundMethod*>(object.o)->function, name);
  return raise_attribute_error(object, name);
}

Value Interp::getattr(Value object, Str* name) {
  Type* t = type_of(object);
  const Value custom = impl_->lookup(t, impl_->names.getattribute);
  Value result;
  if (custom.is_error() || custom.o == impl_->object_getattribute) {
    result = impl_->default_getattribute(object, name);
  } else {
    const Value args[] = {object, Value::object(name)};
    result = call(custom, args);
  }
  if (!result.is_error() || pending_ == nullptr || refusal_ != nullptr) return result;
  const Value hook = impl_->lookup(t, impl_->names.getattr);
  if (hook.is_error()) {
    if (t != types.module || !pending_matches("AttributeError")) return result;
    // a module's own __getattr__ (PEP 562)
    const Value module_hook = impl_->get(static_cast<Module*>(object.o)->dict, impl_->names.getattr);
    if (module_hook.is_error()) return result;
    take_pending();
    const Value args[] = {Value::object(name)};
    return call(module_hook, args);
  }
  if (!pending_matches("AttributeError")) return result;
  take_pending();
  const Value args[] = {object, Value::object(name)};
  return call(hook, args);
}

std::optional<Value> Interp::find_attr(Value object, std::string_view name) {
  const Value v = getattr(object, intern(name));
  if (!v.is_error()) return v;
  if (pending_ != nullptr && refusal_ == nullptr && pending_matches("AttributeError")) take_pending();
  return std::nullopt;
}

namespace {
// __slots__ without a __dict__ anywhere in the classes: only the listed names may be set.
bool slots_forbid(Impl& impl, Type* type, Str* name) {
  bool listed = false;
  for (Type* t : type->mro) {
    if (t->host) {
      if (t != impl.interp.types.object) return false;
      continue;
    }
    const Value slots = impl.get(t->dict, impl.names.slots);
    if (slots.is_error()) return false;
    if (slots.is_object() && slots.o->type == impl.interp.types.str) {
      if (static_cast<Str*>(slots.o)->text == "__dict__") return false;
      listed |= mangle_matches(static_cast<Str*>(slots.o)->text, t->name, name->text);
      continue;
    }
    auto all = impl.interp.to_vector(slots);
    if (!all) {
      impl.interp.take_pending();
      return false;
    }
    for (const Value v : *all) {
      auto* s = as<Str>(v);
      if (s == nullptr) continue;
      if (s->text == "__dict__") return false;
      listed |= mangle_matches(s->text, t->name, name->text);
    }
  }
  return !listed;
}
}  // namespace

bool mangle_matches(const std::string& slot, const std::string& class_name, const std::string& name) {
  if (slot == name) return true;
  if (!slot.starts_with("__") || slot.ends_with("__")) return false;
  const std::size_t start = class_name.find_first_not_of('_');
  return start != std::string::npos && name == "_" + class_name.substr(start) + slot;
}

bool Impl::default_setattr(Value object, Str* name, Value value) {
  const bool deleting = value.is_error();
  Type* t = interp.type_of(object);
  if (t == interp.types.poison) {
    raise_poison(object);
    return false;
  }
  const Value attr = lookup(t, name);
  if (!attr.is_error() && attr.is_object()) {
    if (attr.o->type == interp.types.property || interp.is_subtype(attr.o->type, interp.types.property)) {
      auto* p = static_cast<Property*>(attr.o);
      const Value f = deleting ? p->deleter : p->setter;
      if (f.is_none()) {
        interp.raise("AttributeError", "property '" + name->text + "' of '" + t->name + "' object has no " +
                                           (deleting ? "deleter" : "setter"));
        return false;
      }
      const Value args[] = {object, value};
      return !interp.call(f, {args, deleting ? 1u : 2u}).is_error();
    }
    if (attr.o->type != interp.types.function && attr.o->type != interp.types.native_function) {
      const Value f = lookup(attr.o->type, deleting ? names.delete_ : names.set);
      if (!f.is_error()) {
        const Value args[] = {attr, object, value};
        return !interp.call(f, {args, deleting ? 2u : 3u}).is_error();
      }
    }
  }
  if (object.is_object() && interp.refuse_mutation(object.o)) return false;
  Type* as_type = object.is_object() && t->builtin_base == interp.types.type ? static_cast<Type*>(object.o) : nullptr;
  if (as_type == nullptr && object.is_object() && t == interp.types.type) as_type = static_cast<Type*>(object.o);
  if (as_type != nullptr) {
    if (as_type->host && !(as_type->module_name != "builtins")) {
      interp.raise("TypeError", "cannot set '" + name->text + "' attribute of immutable type '" + as_type->name + "'");
      return false;
    }
    touch_types();
    if (!deleting && (name == names.name || name == names.qualname || name == names.module)) {
      if (auto* s = as<Str>(value)) {
        if (name == names.name) {
          as_type->name = s->text;
          return true;
        }
        if (name == names.qualname) {
          as_type->qualname = s->text;
          return true;
        }
        as_type->module_name = s->text;
      }
    }
  }
  if (t == interp.types.function && !deleting && name->text.starts_with("__")) {
    auto* f = static_cast<Function*>(object.o);
    if (name == names.name && as<Str>(value) != nullptr) {
      f->name = as<Str>(value);
      return true;
    }
    if (name == names.qualname && as<Str>(value) != nullptr) {
      f->qualname = as<Str>(value);
      return true;
    }
    if (name == names.doc) {
      f->doc = value;
      return true;
    }
    if (name == names.annotations) {
      f->annotations = as<Dict>(value);
      return true;
    }
    if (name == names.dict) {
      if (auto* d = as<Dict>(value)) f->dict = d;
      return true;
    }
    if (name == names.defaults) {
      f->defaults.clear();
      if (auto* tuple = as<Tuple>(value)) f->defaults = tuple->items;
      return true;
    }
    if (name == names.kwdefaults) {
      f->kwdefaults = as<Dict>(value);
      return true;
    }
  }
  if (auto* e = name->text.starts_with("__") ? as<ExceptionObject>(object) : nullptr; e != nullptr && !deleting) {
    if (name == names.cause) {
      e->cause = value;
      e->suppress_context = true;
      return true;
    }
    if (name == names.context) {
      e->context = value;
      return true;
    }
    if (name == names.suppress_context) {
      e->suppress_context = value.is_bool() && value.b;
      return true;
    }
    if (name == names.traceback) return true;
  }
  if (name == names.class_ && !deleting) {
    auto* to = as<Type>(value);
    if (to == nullptr || !object.is_object() || t->host || to->host || to->builtin_base != t->builtin_base) {
      interp.raise("TypeError", "__class__ assignment only supported for mutable types or ModuleType subclasses");
      return false;
    }
    object.o->type = to;
    return true;
  }
  if (name == names.dict && !deleting) {
    if (auto* i = object.is_object() ? dynamic_cast<Instance*>(object.o) : nullptr;
        i != nullptr && as<Dict>(value) != nullptr) {
      i->dict = as<Dict>(value);
      return true;
    }
  }
  Dict* dict = dict_of(object);
  if (dict == nullptr) {
    if (!attr.is_error())
      interp.raise("AttributeError", "'" + t->name + "' object attribute '" + name->text + "' is read-only");
    else raise_attribute_error(object, name);
    return false;
  }
  if (!t->host && !lookup(t, names.slots).is_error() && slots_forbid(*this, t, name)) {
    if (!attr.is_error())
      interp.raise("AttributeError", "'" + t->name + "' object attribute '" + name->text + "' is read-only");
    else raise_attribute_error(object, name);
    return false;
  }
  if (!deleting) return set(dict, name, value);
  bool found = false;
  if (!interp.dict_delete(dict, Value::object(name), found)) return false;
  if (!found) {
    if (as_type != nullptr || t == interp.types.module) raise_attribute_error(object, name);
    else interp.raise("AttributeError", name->text);
    if (t != interp.types.module && as_type == nullptr) {
      interp.take_pending();
      raise_attribute_error(object, name);
    }
  }
  return found;
}

bool Interp::setattr(Value object, Str* name, Value value) {
  const Value custom = impl_->lookup(type_of(object), impl_->names.setattr);
  if (custom.is_error() || custom.o == impl_->object_setattr) return impl_->default_setattr(object, name, value);
  const Value args[] = {object, Value::object(name), value};
  return !call(custom, args).is_error();
}

bool Interp::delattr(Value object, Str* name) {
  const Value custom = impl_->lookup(type_of(object), impl_->names.delattr);
  if (custom.is_error() || custom.o == impl_->object_delattr) return impl_->default_setattr(object, name, Value());
  const Value args[] = {object, Value::object(name)};
  return !call(custom, args).is_error();
}

// True: `function` is to be called with `self` before the arguments (no bound method is made); otherwise `function` is
// the attribute.
bool Impl::load_method(Value object, Str* name, Value& function, Value& self) {
  Type* t = interp.type_of(object);
  const auto& T = interp.types;
  if (t == T.super_) {
    auto* s = static_cast<Super*>(object.o);
    const Value attr = super_getattr(s, name, false);
    if (attr.is_object() && attr.o->type == T.function && !(s->self.is_object() && s->self.o == s->self_type)) {
      function = attr;
      self = s->self;
      return true;
    }
  } else if (const Value custom = lookup(t, names.getattribute);
             (custom.is_error() || custom.o == object_getattribute) && t != T.type && t->builtin_base != T.type &&
             t != T.module) {
    const Value attr = lookup(t, name);
    if (attr.is_object() && (attr.o->type == T.function ||
                             (attr.o->type == T.native_function && static_cast<NativeFunction*>(attr.o)->binds))) {
      Dict* dict = !t->host || dynamic_cast<Instance*>(object.is_object() ? object.o : nullptr) != nullptr
                       ? dict_of(object)
                       : nullptr;
      if (dict == nullptr || find(dict, name) < 0) {
        function = attr;
        self = object;
        return true;
      }
    }
  }
  function = interp.getattr(object, name);
  self = Value();
  return false;
}

std::optional<Value> Impl::call_special(Value object, Str* name, std::span<const Value> args) {
  Type* t = interp.type_of(object);
  const Value attr = lookup(t, name);
  if (attr.is_error() || attr.is_none()) return std::nullopt;
  if (attr.is_object() && (attr.o->type == interp.types.function || (attr.o->type == interp.types.native_function &&
                                                                     static_cast<NativeFunction*>(attr.o)->binds))) {
    Value all[4];
    if (args.size() < 4) {
      all[0] = object;
      for (std::size_t i = 0; i < args.size(); ++i) all[i + 1] = args[i];
      return interp.call(attr, {all, args.size() + 1});
    }
  }
  const Value method = bind_attribute(attr, object, t);
  if (method.is_error()) return Value();
  return interp.call(method, args);
}

}  // namespace kedge::pylang
