// The types the machine itself needs: object's hooks, functions and modules. The type `type`, unions and aliases are in
// type_type.cpp, descriptors and super in descriptors.cpp.
#include <algorithm>

#include "pylang/vm/ops.h"

namespace kedge::pylang {

using Impl = Interp::Impl;

void Impl::make_types() {
  auto& T = interp.types;
  const auto make = [&](std::string_view name, Type* base, bool subclassable = true) {
    auto* t = interp.make<Type>(T.type);
    t->name = t->qualname = std::string(name);
    t->module_name = "builtins";
    t->host = true;
    t->subclassable = subclassable;
    t->dict = interp.make<Dict>(T.dict);
    if (base != nullptr) t->bases = {base};
    linearize(t);
    t->builtin_base = t;
    if (base != nullptr) subclasses[base].push_back(t);
    return t;
  };
  T.object = make("object", nullptr);
  T.type = make("type", T.object);
  T.dict = make("dict", T.object);
  for (Type* t : {T.object, T.type, T.dict}) {
    t->type = T.type;
    t->dict->type = T.dict;
  }
  T.none = make("NoneType", T.object, false);
  T.not_implemented = make("NotImplementedType", T.object, false);
  T.ellipsis = make("ellipsis", T.object, false);
  T.integer = make("int", T.object);
  T.boolean = make("bool", T.integer, false);
  T.real = make("float", T.object);
  T.complex = make("complex", T.object);
  T.str = make("str", T.object);
  T.bytes = make("bytes", T.object);
  T.bytearray = make("bytearray", T.object);
  T.list = make("list", T.object);
  T.tuple = make("tuple", T.object);
  T.set = make("set", T.object);
  T.frozenset = make("frozenset", T.object);
  T.range = make("range", T.object, false);
  T.slice = make("slice", T.object, false);
  T.function = make("function", T.object, false);
  T.native_function = make("builtin_function_or_method", T.object, false);
  T.bound_method = make("method", T.object, false);
  T.property = make("property", T.object);
  T.staticmethod_ = make("staticmethod", T.object);
  T.classmethod_ = make("classmethod", T.object);
  T.super_ = make("super", T.object);
  T.module = make("module", T.object);
  T.cell = make("cell", T.object, false);
  T.generator = make("generator", T.object, false);
  T.code = make("code", T.object, false);
  T.poison = make("poison", T.object, false);
  T.mapping_proxy = make("mappingproxy", T.object, false);
  T.exception = make("BaseException", T.object);
  union_type = make("UnionType", T.object, false);
  generic_alias = make("GenericAlias", T.object, false);
  union_type->module_name = generic_alias->module_name = "types";
  interp.not_implemented_ = interp.make<Object>(T.not_implemented);
  interp.ellipsis_ = interp.make<Object>(T.ellipsis);

#define X(field, ...) names.field = interp.intern(special_name(#field, ##__VA_ARGS__));
  const auto special_name = [](std::string_view field, std::string_view text = {}) {
    return text.empty() ? "__" + std::string(field) + "__" : std::string(text);
  };
  KEDGE_SPECIAL_NAMES(X)
#undef X

  builtins = make_module("builtins");
  builtins->finished = true;
  builtins->trusted = true;
  modules["builtins"] = builtins;
  install_object();
  install_type();
  install_functions();
  install_descriptors();
  install_generators();
  build_class_function = static_cast<NativeFunction*>(interp.function("__build_class__", build_class).o);
}

Value ops::wrong_arguments(Interp& interp, const char* what) {
  return interp.raise("TypeError", std::string("wrong arguments of ") + what);
}

namespace {

Str* name_argument(Interp& interp, Value v) {
  auto* s = as<Str>(unwrap(v));
  if (s == nullptr) {
    interp.raise("TypeError", "attribute name must be string, not '" + std::string(type_name(interp, v)) + "'");
    return nullptr;
  }
  return s->interned ? s : interp.intern(s->text);
}

Value bound_name_call(Interp& interp, Args args, Value (*then)(Interp&, Value, Str*)) {
  if (args.positional.size() < 2) return ops::wrong_arguments(interp, "an attribute hook");
  Str* s = name_argument(interp, args.positional[1]);
  return s == nullptr ? Value() : then(interp, args.positional[0], s);
}

Value object_new(Interp& interp, Args args, void*) {
  auto* cls = args.positional.empty() ? nullptr : as<Type>(args.positional[0]);
  if (cls == nullptr) return interp.raise("TypeError", "object.__new__(X): X is not a type object");
  if (cls->construct != nullptr) return cls->construct(interp, args, nullptr);
  const Value abstract = interp.impl().abstract_methods(cls);
  if (!abstract.is_error()) return abstract_error(interp, cls, abstract);
  return ops::make_instance(interp, cls);
}

}  // namespace

void Impl::install_object() {
  Type* t = interp.types.object;
  interp.def(t, "__getattribute__", [](Interp& i, Args a, void*) {
    return bound_name_call(i, a, [](Interp& j, Value o, Str* s) { return j.impl().default_getattribute(o, s); });
  });
  interp.def(t, "__setattr__", [](Interp& i, Args a, void*) -> Value {
    if (a.positional.size() != 3) return ops::wrong_arguments(i, "__setattr__");
    Str* s = name_argument(i, a.positional[1]);
    return s != nullptr && i.impl().default_setattr(a.positional[0], s, a.positional[2]) ? Value::none() : Value();
  });
  interp.def(t, "__delattr__", [](Interp& i, Args a, void*) -> Value {
    if (a.positional.size() != 2) return ops::wrong_arguments(i, "__delattr__");
    Str* s = name_argument(i, a.positional[1]);
    return s != nullptr && i.impl().default_setattr(a.positional[0], s, Value()) ? Value::none() : Value();
  });
  interp.def(t, "__new__", object_new);
  object_getattribute = static_cast<NativeFunction*>(get(t->dict, names.getattribute).o);
  object_setattr = static_cast<NativeFunction*>(get(t->dict, names.setattr).o);
  object_delattr = static_cast<NativeFunction*>(get(t->dict, names.delattr).o);
  auto* hook = interp.make<ClassMethod>(interp.types.classmethod_);
  hook->function = interp.function("__init_subclass__", [](Interp& i, Args a, void*) -> Value {
    if (a.names.empty()) return Value::none();
    auto* cls = as<Type>(a.positional[0]);
    return i.raise("TypeError", (cls != nullptr ? cls->name : std::string("object")) +
                                    ".__init_subclass__() takes no keyword arguments");
  });
  set(t->dict, names.init_subclass, Value::object(hook));
}

// ---- functions
// ----------------------------------------------------------------------------------------------------------

namespace {

Value code_object(Interp& interp, const Function* f) {
  struct CodeObject final : Instance {};
  auto* c = interp.make<CodeObject>(interp.types.code);
  c->dict = interp.dict();
  const Code* code = f->code;
  interp.dict_set(c->dict, "co_name", Value::object(code->name_str));
  interp.dict_set(c->dict, "co_qualname", Value::object(code->qualname));
  interp.dict_set(c->dict, "co_argcount", Value::integer(code->positional));
  interp.dict_set(c->dict, "co_posonlyargcount", Value::integer(code->positional_only));
  interp.dict_set(c->dict, "co_kwonlyargcount", Value::integer(code->keyword_only));
  interp.dict_set(c->dict, "co_flags",
                  Value::integer(3 | (code->has_varargs ? 4 : 0) | (code->has_kwargs ? 8 : 0) |
                                 (code->is_generator ? 32 : 0) | (code->is_coroutine ? 128 : 0)));
  std::vector<Value> all, free;
  for (std::size_t i = 0; i < code->slot_names.size(); ++i) {
    if (code->slot_names[i]->text.starts_with(".")) continue;
    (code->slot_kinds[i] == SlotKind::free ? free : all).push_back(Value::object(code->slot_names[i]));
  }
  interp.dict_set(c->dict, "co_nlocals", Value::integer(static_cast<std::int64_t>(all.size())));
  interp.dict_set(c->dict, "co_varnames", interp.tuple(std::move(all)));
  interp.dict_set(c->dict, "co_freevars", interp.tuple(std::move(free)));
  if (code->span.valid()) {
    interp.dict_set(c->dict, "co_filename", interp.str(interp.sources().get(code->span.source).path));
    interp.dict_set(c->dict, "co_firstlineno",
                    Value::integer(interp.sources().line_column(code->span.source, code->span.begin).line));
  }
  return Value::object(c);
}

Value tuple_of_types(Interp& interp, const std::vector<Type*>& types) {
  std::vector<Value> all;
  all.reserve(types.size());
  for (Type* t : types) all.push_back(Value::object(t));
  return interp.tuple(std::move(all));
}

}  // namespace

// Attributes of what C++ made; `found` false: there is no such attribute.
Value Impl::special_attribute(Value object, Str* n, bool& found) {
  found = true;
  if (n == names.class_) return Value::object(interp.type_of(object));
  if (auto* t = object.is_object() ? dynamic_cast<Type*>(object.o) : nullptr) {
    if (n == names.name) return interp.str(t->name);
    if (n == names.qualname) return interp.str(t->qualname);
    if (n == names.bases) return tuple_of_types(interp, t->bases);
    if (n == names.mro) return tuple_of_types(interp, t->mro);
    if (n == names.dict) return Value::object(t->dict);
    if (n == names.module) {
      const Value v = get(t->dict, n);
      return v.is_error() || as<Str>(v) == nullptr ? interp.str(t->module_name) : v;
    }
    if (n == names.doc || n == names.annotations) {
      Value v = get(t->dict, n);
      if (v.is_error() && n == names.annotations) {
        if (t->host) {
          found = false;
          return {};
        }
        v = Value::object(interp.dict());
        set(t->dict, n, v);
      }
      return v.is_error() ? Value::none() : v;
    }
    found = false;
    return {};
  }
  if (n == names.dict) {
    if (Dict* d = dict_of(object)) return Value::object(d);
    found = false;
    return {};
  }
  if (object.is_object()) {
    Object* o = object.o;
    if (o->type == interp.types.function) {
      auto* f = static_cast<Function*>(o);
      if (n == names.name) return Value::object(f->name);
      if (n == names.qualname) return Value::object(f->qualname);
      if (n == names.module) return f->module != nullptr ? interp.str(f->module->name) : Value::none();
      if (n == names.doc) return f->doc;
      if (n == names.defaults) return f->defaults.empty() ? Value::none() : interp.tuple(f->defaults);
      if (n == names.kwdefaults) return f->kwdefaults == nullptr ? Value::none() : Value::object(f->kwdefaults);
      if (n == names.globals) return Value::object(f->globals);
      if (n == names.code) return code_object(interp, f);
      if (n == names.annotations) {
        if (f->annotations == nullptr) f->annotations = interp.dict();
        return Value::object(f->annotations);
      }
      if (n == names.closure) {
        if (f->closure.empty()) return Value::none();
        std::vector<Value> cells;
        for (Cell* c : f->closure) cells.push_back(Value::object(c));
        return interp.tuple(std::move(cells));
      }
    } else if (o->type == interp.types.native_function) {
      auto* f = static_cast<NativeFunction*>(o);
      if (n == names.name || n == names.qualname) return interp.str(f->name);
      if (n == names.doc) return Value::none();
      if (n == names.module) return interp.str("builtins");
    } else if (o->type == interp.types.bound_method) {
      auto* m = static_cast<BoundMethod*>(o);
      if (n == names.func) return m->function;
      if (n == names.self_) return m->self;
      if (n == names.name || n == names.qualname || n == names.doc || n == names.module || n == names.annotations ||
          n == names.defaults || n == names.code || n == names.kwdefaults)
        return interp.getattr(m->function, n);
    } else if (auto* s = as<StaticMethod>(object)) {
      if (n == names.func || n == names.wrapped) return s->function;
      if (n == names.name || n == names.doc || n == names.qualname || n == names.isabstractmethod)
        return interp.getattr(s->function, n);
    } else if (auto* c = as<ClassMethod>(object)) {
      if (n == names.func || n == names.wrapped) return c->function;
      if (n == names.name || n == names.doc || n == names.qualname || n == names.isabstractmethod)
        return interp.getattr(c->function, n);
    } else if (auto* p = as<Property>(object)) {
      if (n == names.doc)
        return p->doc.is_none() && !p->getter.is_none() ? interp.getattr(p->getter, names.doc) : p->doc;
      if (n == names.isabstractmethod && !p->getter.is_none()) {
        const auto v = interp.find_attr(p->getter, n->text);
        if (v) return *v;
      }
    } else if (auto* g = as<Generator>(object)) {
      if (n == names.name) return Value::object(g->name);
      if (n == names.qualname) return Value::object(g->qualname);
    }
  }
  Type* t = interp.type_of(object);
  if (n == names.doc) {
    const Value v = get(t->dict, n);
    return v.is_error() ? Value::none() : v;
  }
  if (n == names.module) return interp.str(t->module_name);
  found = false;
  return {};
}

void Impl::install_functions() {
  const auto repr_with = [](const char* prefix) { return prefix; };
  (void)repr_with;
  const auto& T = interp.types;
  interp.def(T.function, "__repr__", [](Interp& i, Args a, void*) -> Value {
    return i.str("<function " + static_cast<Function*>(a.positional[0].o)->qualname->text + ">");
  });
  interp.def(T.native_function, "__repr__", [](Interp& i, Args a, void*) -> Value {
    return i.str("<built-in function " + static_cast<NativeFunction*>(a.positional[0].o)->name + ">");
  });
  interp.def(T.bound_method, "__repr__", [](Interp& i, Args a, void*) -> Value {
    auto* m = static_cast<BoundMethod*>(a.positional[0].o);
    auto self = i.repr_of(m->self);
    if (!self) return {};
    auto* f = as<Function>(m->function);
    return i.str("<bound method " + (f != nullptr ? f->qualname->text : std::string("?")) + " of " + *self + ">");
  });
  interp.def(T.bound_method, "__eq__", [](Interp& i, Args a, void*) -> Value {
    auto* x = a.positional.size() == 2 ? as<BoundMethod>(a.positional[0]) : nullptr;
    auto* y = a.positional.size() == 2 ? as<BoundMethod>(a.positional[1]) : nullptr;
    return x == nullptr || y == nullptr ? i.not_implemented()
                                        : Value::boolean(x->self.is(y->self) && x->function.is(y->function));
  });
  interp.def(T.bound_method, "__hash__", [](Interp&, Args a, void*) -> Value {
    auto* x = as<BoundMethod>(a.positional[0]);
    return Value::integer(static_cast<std::int64_t>(
        x->self.is_object() ? x->self.o->serial * 31 + (x->function.is_object() ? x->function.o->serial : 0) : 7));
  });
  const auto call_self = [](Interp& i, Args a, void*) -> Value {
    return i.call(a.positional[0], a.positional.subspan(1), a.names, a.named);
  };
  const auto get_self = [](Interp& i, Args a, void*) -> Value {
    if (a.positional.size() < 2) return ops::wrong_arguments(i, "__get__");
    const bool on_class = a.positional[1].is_none() && a.positional.size() > 2;
    Type* owner = a.positional.size() > 2 ? as<Type>(a.positional[2]) : i.type_of(a.positional[1]);
    return i.impl().bind_attribute(a.positional[0], on_class ? Value() : a.positional[1],
                                   owner != nullptr ? owner : i.type_of(a.positional[1]));
  };
  for (Type* t : {T.function, T.native_function, T.bound_method}) interp.def(t, "__call__", call_self);
  for (Type* t : {T.function, T.native_function, T.staticmethod_, T.classmethod_, T.property})
    interp.def(t, "__get__", get_self);
  interp.def(T.module, "__repr__", [](Interp& i, Args a, void*) -> Value {
    return i.str("<module '" + static_cast<Module*>(a.positional[0].o)->name + "'>");
  });
  interp.def(T.module, "__new__", [](Interp& i, Args a, void*) -> Value {
    auto* name = a.positional.size() > 1 ? as<Str>(a.positional[1]) : nullptr;
    if (name == nullptr) return ops::wrong_arguments(i, "module()");
    Module* m = i.impl().make_module(name->text);
    m->finished = true;
    return Value::object(m);
  });
  interp.def(T.module, "__init__", [](Interp&, Args, void*) { return Value::none(); });
  interp.def_property(T.cell, "cell_contents", [](Interp& i, Args a, void*) -> Value {
    const Value v = static_cast<Cell*>(a.positional[0].o)->value;
    return v.is_error() ? i.raise("ValueError", "Cell is empty") : v;
  });
}

}  // namespace kedge::pylang
