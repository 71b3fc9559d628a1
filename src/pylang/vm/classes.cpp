// Classes: method resolution order, the class statement, type(name, bases, namespace), making instances.
#include <algorithm>

#include "pylang/vm/ops.h"

namespace kedge::pylang {

using Impl = Interp::Impl;

// C3 (The Python 2.3 Method Resolution Order, by M. Simionato).
bool linearize(Type* type) {
  std::vector<std::vector<Type*>> lists;
  for (Type* b : type->bases) lists.push_back(b->mro);
  lists.push_back(type->bases);
  type->mro = {type};
  for (;;) {
    bool empty = true;
    Type* next = nullptr;
    for (const auto& list : lists) {
      if (list.empty()) continue;
      empty = false;
      Type* candidate = list.front();
      bool in_tail = false;
      for (const auto& other : lists)
        in_tail |= std::find(other.begin() + (other.empty() ? 0 : 1), other.end(), candidate) != other.end();
      if (!in_tail) {
        next = candidate;
        break;
      }
    }
    if (empty) return true;
    if (next == nullptr) return false;
    type->mro.push_back(next);
    for (auto& list : lists) {
      if (!list.empty() && list.front() == next) list.erase(list.begin());
    }
  }
}

namespace {

// The base whose C++ state instances carry: the most derived among those of the bases.
Type* solid_base(Interp& interp, const std::vector<Type*>& bases, bool& conflict) {
  Type* best = interp.types.object;
  conflict = false;
  for (Type* b : bases) {
    Type* candidate = b->builtin_base != nullptr ? b->builtin_base : interp.types.object;
    if (interp.is_subtype(candidate, best)) best = candidate;
    else if (!interp.is_subtype(best, candidate)) conflict = true;
  }
  return best;
}

// object.__init_subclass__ of the parents, and __set_name__ of what the namespace holds.
bool announce(Impl& impl, Type* type, std::span<Str* const> kw, std::span<const Value> named) {
  Interp& interp = impl.interp;
  const std::vector<Dict::Entry> entries = type->dict->entries;
  for (const Dict::Entry& e : entries) {
    if (e.key.is_error() || !e.value.is_object()) continue;
    const Type* t = e.value.o->type;
    if (t == interp.types.function || t == interp.types.native_function || t == interp.types.str ||
        t == interp.types.poison)
      continue;
    const Value hook = impl.lookup(t, impl.names.set_name);
    if (hook.is_error()) continue;
    const Value args[] = {Value::object(type), e.key};
    const auto r = impl.call_special(e.value, impl.names.set_name, args);
    if (r && r->is_error()) return false;
  }
  auto* super = interp.make<Super>(interp.types.super_);
  super->start = type;
  super->self = Value::object(type);
  super->self_type = type;
  const Value hook = impl.super_getattr(super, impl.names.init_subclass, true);
  if (hook.is_error()) {
    interp.take_pending();
    return true;
  }
  return !interp.call(hook, {}, kw, named).is_error();
}

}  // namespace

Value make_class(Interp& interp, Type* metaclass, std::string_view name, std::span<const Value> base_values,
                 Dict* names, std::span<Str* const> kw, std::span<const Value> named) {
  Impl& impl = interp.impl();
  std::vector<Type*> bases;
  for (const Value b : base_values) {
    if (impl.raise_poison(b)) return {};
    auto* t = b.is_object() ? dynamic_cast<Type*>(b.o) : nullptr;
    if (t == nullptr) return interp.raise("TypeError", "bases must be types");
    if (!t->subclassable) return interp.raise("TypeError", "type '" + t->name + "' is not an acceptable base type");
    if (std::find(bases.begin(), bases.end(), t) != bases.end())
      return interp.raise("TypeError", "duplicate base class " + t->name);
    bases.push_back(t);
  }
  if (bases.empty()) bases.push_back(interp.types.object);
  // the most derived metaclass wins
  for (Type* b : bases) {
    if (interp.is_subtype(b->type, metaclass)) metaclass = b->type;
    else if (!interp.is_subtype(metaclass, b->type)) {
      return interp.raise("TypeError",
                          "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the "
                          "metaclasses of all its bases");
    }
  }
  auto* type = interp.make<Type>(metaclass);
  type->name = type->qualname = std::string(name);
  type->bases = bases;
  bool conflict = false;
  type->builtin_base = solid_base(interp, bases, conflict);
  if (conflict) return interp.raise("TypeError", "multiple bases have instance lay-out conflict");
  type->dict = interp.dict();
  for (const Dict::Entry& e : names->entries) {
    if (!e.key.is_error() && !interp.dict_set(type->dict, e.key, e.value)) return {};
  }
  if (!linearize(type)) {
    std::string list;
    for (Type* b : bases) list += (list.empty() ? "" : ", ") + b->name;
    return interp.raise("TypeError", "Cannot create a consistent method resolution\norder (MRO) for bases " + list);
  }
  for (Type* b : type->mro) {
    if (b->construct != nullptr && type->construct == nullptr) type->construct = b->construct;
  }
  if (auto* s = as<Str>(impl.get(type->dict, impl.names.qualname))) type->qualname = s->text;
  if (auto* s = as<Str>(impl.get(type->dict, impl.names.module))) type->module_name = s->text;
  else if (impl.frame != nullptr && impl.frame->module != nullptr) type->module_name = impl.frame->module->name;
  bool found = false;
  if (!interp.dict_delete(type->dict, Value::object(impl.names.qualname), found)) return {};
  if (auto* cell = as<Cell>(impl.get(type->dict, impl.names.classcell))) {
    cell->value = Value::object(type);
    if (!interp.dict_delete(type->dict, Value::object(impl.names.classcell), found)) return {};
  }
  // these are class or static methods by themselves
  for (Str* special : {impl.names.init_subclass, impl.names.class_getitem}) {
    const Value f = impl.get(type->dict, special);
    if (!f.is_object() || f.o->type != interp.types.function) continue;
    auto* wrapped = interp.make<ClassMethod>(interp.types.classmethod_);
    wrapped->function = f;
    impl.set(type->dict, special, Value::object(wrapped));
  }
  if (const Value f = impl.get(type->dict, impl.names.new_); f.is_object() && f.o->type == interp.types.function) {
    auto* wrapped = interp.make<StaticMethod>(interp.types.staticmethod_);
    wrapped->function = f;
    impl.set(type->dict, impl.names.new_, Value::object(wrapped));
  }
  // a class that defines __eq__ and no __hash__ is not hashable
  if (impl.find(type->dict, impl.names.eq) >= 0 && impl.find(type->dict, impl.names.hash) < 0)
    impl.set(type->dict, impl.names.hash, Value::none());
  for (Type* b : bases) impl.subclasses[b].push_back(type);
  impl.touch_types();
  if (!announce(impl, type, kw, named)) return {};
  return Value::object(type);
}

// __build_class__(body function, name, *bases, metaclass=..., **keywords)
Value build_class(Interp& interp, Args args, void*) {
  Impl& impl = interp.impl();
  auto* body = static_cast<Function*>(args.positional[0].o);
  auto* name = static_cast<Str*>(args.positional[1].o);
  std::vector<Value> bases;
  bool replaced = false;
  for (const Value b : args.positional.subspan(2)) {
    if (impl.raise_poison(b)) return {};
    if (b.is_object() && dynamic_cast<Type*>(b.o) == nullptr) {
      const auto entries = interp.find_attr(b, "__mro_entries__");
      if (entries) {
        const Value all = interp.tuple(std::vector<Value>(args.positional.begin() + 2, args.positional.end()));
        const Value result = interp.call(*entries, {&all, 1});
        if (result.is_error()) return {};
        auto* tuple = as<Tuple>(result);
        if (tuple == nullptr) return interp.raise("TypeError", "__mro_entries__ must return a tuple");
        for (const Value e : tuple->items) bases.push_back(e);
        replaced = true;
        continue;
      }
      if (interp.has_exception()) return {};
    }
    bases.push_back(b);
  }
  std::vector<Str*> kw;
  std::vector<Value> named;
  Value meta;
  for (std::size_t i = 0; i < args.names.size(); ++i) {
    if (args.names[i]->text == "metaclass") {
      meta = args.named[i];
      continue;
    }
    kw.push_back(args.names[i]);
    named.push_back(args.named[i]);
  }
  if (impl.raise_poison(meta)) return {};
  Type* metaclass = meta.is_error() ? interp.types.type : as<Type>(meta);
  if (metaclass != nullptr) {
    for (const Value b : bases) {
      auto* t = as<Type>(b);
      if (t != nullptr && interp.is_subtype(t->type, metaclass)) metaclass = t->type;
    }
    meta = Value::object(metaclass);
  }
  const Value bases_tuple = interp.tuple(bases);
  Value ns;
  if (metaclass != interp.types.type) {
    const auto prepare = interp.find_attr(meta, "__prepare__");
    if (prepare) {
      const Value pa[] = {Value::object(name), bases_tuple};
      ns = interp.call(*prepare, pa, kw, named);
      if (ns.is_error()) return {};
    } else if (interp.has_exception()) {
      return {};
    }
  }
  Dict* names = as<Dict>(unwrap(ns));
  if (ns.is_error() || names == nullptr) {
    names = interp.dict();
    ns = Value::object(names);
  }
  Frame* f = impl.push_frame(body->code, body, body->globals, body->module);
  f->names = names;
  // a Python-level mapping from __prepare__ (EnumDict and the like) sees every store
  if (ns.is_object() && ns.o != names) f->prepared = ns;
  else f->prepared = Value();
  if (impl.finish_call(f).is_error()) return {};
  if (replaced && interp.dict_get(names, "__orig_bases__").is_error()) {
    interp.dict_set(names, "__orig_bases__",
                    interp.tuple(std::vector<Value>(args.positional.begin() + 2, args.positional.end())));
  }
  const Value cell = impl.get(names, impl.names.classcell);
  Value cls;
  if (metaclass == interp.types.type) {
    cls = make_class(interp, metaclass, name->text, bases, names, kw, named);
  } else {
    const Value ca[] = {Value::object(name), bases_tuple, ns};
    cls = interp.call(meta, ca, kw, named);
  }
  if (!cls.is_error()) {
    if (auto* c = as<Cell>(cell); c != nullptr && c->value.is_error()) c->value = cls;
    if (auto* t = as<Type>(cls); t != nullptr && !t->span.valid()) t->span = body->code->span;
  }
  return cls;
}

// type.__call__
Value instantiate(Interp& interp, Type* type, Args args) {
  Impl& impl = interp.impl();
  if (type == interp.types.type && args.positional.size() == 1 && args.names.empty()) {
    if (impl.raise_poison(args.positional[0])) return {};
    return Value::object(interp.type_of(args.positional[0]));
  }
  const Value abstract = impl.abstract_methods(type);
  if (!abstract.is_error()) return abstract_error(interp, type, abstract);
  std::vector<Value> with_cls;
  with_cls.reserve(args.positional.size() + 1);
  with_cls.push_back(Value::object(type));
  with_cls.insert(with_cls.end(), args.positional.begin(), args.positional.end());
  Value maker = impl.lookup(type, impl.names.new_);
  Value made;
  const bool native_new = maker.is_error() || (maker.is_object() && maker.o->type == interp.types.native_function);
  if (native_new && type->construct != nullptr) {
    if (!impl.enter_native()) return {};
    made = type->construct(interp, {with_cls, args.names, args.named}, nullptr);
    impl.leave_native();
  } else if (maker.is_error()) {
    made = ops::make_instance(interp, type);
  } else {
    if (auto* s = as<StaticMethod>(maker)) maker = s->function;
    else if (auto* c = as<ClassMethod>(maker)) maker = c->function;
    made = interp.call(maker, with_cls, args.names, args.named);
  }
  if (made.is_error()) return {};
  if (!interp.is_subtype(interp.type_of(made), type)) return made;
  const Value init = impl.lookup(interp.type_of(made), impl.names.init);
  if (init.is_error()) return made;
  // object.__init__ has nothing to do for what another __new__ made
  if (init.is(impl.lookup(interp.types.object, impl.names.init)) &&
      (type->construct != nullptr || !maker.is(impl.lookup(interp.types.object, impl.names.new_))))
    return made;
  with_cls[0] = made;
  Value result;
  if (init.is_object() && (init.o->type == interp.types.function || init.o->type == interp.types.native_function)) {
    result = interp.call(init, with_cls, args.names, args.named);
  } else {
    const Value bound = impl.bind_attribute(init, made, interp.type_of(made));
    if (bound.is_error()) return {};
    result = interp.call(bound, args.positional, args.names, args.named);
  }
  if (result.is_error()) return {};
  if (!result.is_none())
    return interp.raise("TypeError",
                        "__init__() should return None, not '" + std::string(type_name(interp, result)) + "'");
  return made;
}

// The names of abstract methods a class still has; error tag: none.
Value Impl::abstract_methods(Type* type) {
  if (type->host) return {};
  const Value v = get(type->dict, names.abstractmethods);
  const Value plain = v;
  if (auto* s = as<SetObject>(plain); s != nullptr && s->table->used > 0) return v;
  return {};
}

Value abstract_error(Interp& interp, Type* type, Value abstract) {
  std::vector<std::string> all;
  for (const Dict::Entry& e : as<SetObject>(abstract)->table->entries) {
    if (auto* s = as<Str>(e.key)) all.push_back(s->text);
  }
  std::sort(all.begin(), all.end());
  std::string joined;
  for (const std::string& s : all) joined += (joined.empty() ? "" : ", ") + s;
  return interp.raise("TypeError", "Can't instantiate abstract class " + type->name + " with abstract method" +
                                       (all.size() == 1 ? "" : "s") + " " + joined);
}

namespace ops {

Value make_instance(Interp& interp, Type* type) {
  auto* i = interp.make<Instance>(type);
  i->dict = interp.dict();
  return Value::object(i);
}

Value plain_init(Impl& impl, Type* type) {
  if (type->host || type->builtin_base != impl.interp.types.object || type->construct != nullptr) return {};
  const Value maker = impl.lookup(type, impl.names.new_);
  if (!maker.is_error() && !maker.is(impl.lookup(impl.interp.types.object, impl.names.new_))) return {};
  if (!impl.abstract_methods(type).is_error()) return {};
  const Value init = impl.lookup(type, impl.names.init);
  return init.is_object() && init.o->type == impl.interp.types.function ? init : Value();
}

}  // namespace ops
}  // namespace kedge::pylang
