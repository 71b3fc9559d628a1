// property, staticmethod, classmethod and super.
#include "pylang/vm/ops.h"

namespace kedge::pylang {

using Impl = Interp::Impl;

namespace {

Value property_init(Interp& interp, Args args, void*) {
  Value out[5];
  if (!interp.bind(args, "property", {"self", "fget=None", "fset=None", "fdel=None", "doc=None"}, out)) return {};
  auto* p = as<Property>(out[0]);
  if (p == nullptr) return ops::wrong_arguments(interp, "property()");
  p->getter = out[1];
  p->setter = out[2];
  p->deleter = out[3];
  p->doc = out[4];
  for (Value* part : {&p->getter, &p->setter, &p->deleter, &p->doc}) {
    if (part->is_error()) *part = Value::none();
  }
  return Value::none();
}

template <Value Property::*field>
Value property_with(Interp& interp, Args args, void*) {
  auto* p = args.positional.size() == 2 ? as<Property>(args.positional[0]) : nullptr;
  if (p == nullptr) return ops::wrong_arguments(interp, "property");
  auto* copy = interp.make<Property>(p->type);
  copy->getter = p->getter;
  copy->setter = p->setter;
  copy->deleter = p->deleter;
  copy->doc = p->doc;
  copy->*field = args.positional[1];
  return Value::object(copy);
}

template <Value Property::*field>
Value property_field(Interp&, Args args, void*) {
  return static_cast<Property*>(args.positional[0].o)->*field;
}

template <typename T>
Value wrapper_new(Interp& interp, Args args, void*) {
  auto* cls = args.positional.empty() ? nullptr : as<Type>(args.positional[0]);
  if (cls == nullptr) return ops::wrong_arguments(interp, "a descriptor");
  auto* w = interp.make<T>(cls);
  if constexpr (!std::is_same_v<T, Property>) {
    w->function = args.positional.size() > 1 ? args.positional[1] : Value::none();
  }
  return Value::object(w);
}

Value super_new(Interp& interp, Args args, void*) {
  Impl& impl = interp.impl();
  auto* s = interp.make<Super>(interp.types.super_);
  if (args.positional.size() >= 2) {
    if (impl.raise_poison(args.positional[1])) return {};
    s->start = as<Type>(args.positional[1]);
    if (s->start == nullptr)
      return interp.raise(
          "TypeError", "super() argument 1 must be a type, not " + std::string(type_name(interp, args.positional[1])));
    if (args.positional.size() < 3)
      return interp.raise("TypeError", "super(): unbound super objects are not supported");
    s->self = args.positional[2];
  } else {
    // zero arguments: the function's __class__ cell and its first argument
    const Frame* f = impl.frame;
    if (f == nullptr || f->code->positional + f->code->has_varargs == 0)
      return interp.raise("RuntimeError", "super(): no arguments");
    if (f->code->class_slot < 0) return interp.raise("RuntimeError", "super(): __class__ cell not found");
    auto* cell = as<Cell>(f->values[f->code->class_slot]);
    if (cell == nullptr || cell->value.is_error()) return interp.raise("RuntimeError", "super(): empty __class__ cell");
    s->start = as<Type>(cell->value);
    Value self = f->values[0];
    if (f->code->positional == 0) {
      auto* all = as<Tuple>(f->values[f->code->keyword_only]);
      self = all != nullptr && !all->items.empty() ? all->items[0] : Value();
    } else if (f->code->slot_kinds[0] == SlotKind::cell) {
      self = static_cast<Cell*>(self.o)->value;
    }
    if (self.is_error()) return interp.raise("RuntimeError", "super(): arg[0] deleted");
    s->self = self;
    if (s->start == nullptr) return interp.raise("RuntimeError", "super(): __class__ is not a type");
  }
  auto* as_type = as<Type>(s->self);
  if (as_type != nullptr && interp.is_subtype(as_type, s->start)) s->self_type = as_type;
  else s->self_type = interp.type_of(s->self);
  if (!interp.is_subtype(s->self_type, s->start))
    return interp.raise("TypeError", "super(type, obj): obj must be an instance or subtype of type");
  return Value::object(s);
}

}  // namespace

void Impl::install_descriptors() {
  const auto& T = interp.types;
  interp.def(T.property, "__new__", wrapper_new<Property>);
  interp.def(T.property, "__init__", property_init);
  interp.def(T.property, "getter", property_with<&Property::getter>);
  interp.def(T.property, "setter", property_with<&Property::setter>);
  interp.def(T.property, "deleter", property_with<&Property::deleter>);
  interp.def_property(T.property, "fget", property_field<&Property::getter>);
  interp.def_property(T.property, "fset", property_field<&Property::setter>);
  interp.def_property(T.property, "fdel", property_field<&Property::deleter>);
  interp.def(T.property, "__set__", [](Interp& i, Args a, void*) -> Value {
    auto* p = a.positional.size() == 3 ? as<Property>(a.positional[0]) : nullptr;
    if (p == nullptr) return ops::wrong_arguments(i, "property.__set__");
    if (p->setter.is_none())
      return i.raise("AttributeError",
                     "property of '" + std::string(type_name(i, a.positional[1])) + "' object has no setter");
    return i.call(p->setter, a.positional.subspan(1)).is_error() ? Value() : Value::none();
  });
  interp.def(T.staticmethod_, "__new__", wrapper_new<StaticMethod>);
  interp.def(T.staticmethod_, "__init__", [](Interp&, Args, void*) { return Value::none(); });
  interp.def(T.staticmethod_, "__call__", [](Interp& i, Args a, void*) {
    return i.call(static_cast<StaticMethod*>(a.positional[0].o)->function, a.positional.subspan(1), a.names, a.named);
  });
  interp.def(T.classmethod_, "__new__", wrapper_new<ClassMethod>);
  interp.def(T.classmethod_, "__init__", [](Interp&, Args, void*) { return Value::none(); });
  interp.def(T.super_, "__new__", super_new);
  interp.def(T.super_, "__init__", [](Interp&, Args, void*) { return Value::none(); });
  interp.def(T.super_, "__repr__", [](Interp& i, Args a, void*) -> Value {
    auto* s = static_cast<Super*>(a.positional[0].o);
    return i.str("<super: <class '" + s->start->name + "'>, <" + s->self_type->name + " object>>");
  });
}

}  // namespace kedge::pylang
