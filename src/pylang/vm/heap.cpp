// Interp's life, memory, interned names, and the makers of functions and host types.
#include "pylang/builtins/dict_table.h"
#include "pylang/vm/impl.h"

namespace kedge::pylang {

std::uint64_t text_hash(Str* text);  // builtins/values.cpp

Interp::Interp(SourceMap& sources, const Limits& limits)
    : sources_(&sources), limits_(limits), impl_(std::make_unique<Impl>(*this)) {
  impl_->objects.reserve(1 << 14);
  impl_->steps_left = limits.steps;
  impl_->make_types();
  install_builtins(*this);
  impl_->install_groups();
  impl_->touch_types();
}

Interp::~Interp() = default;

void Interp::adopt(std::unique_ptr<Object> object, std::size_t bytes) {
  object->serial = impl_->next_serial++;
  impl_->heap_used += static_cast<std::int64_t>(bytes) + 24;
  if (impl_->heap_used > limits_.heap_bytes) impl_->heap_exceeded = true;
  impl_->objects.push_back(std::move(object));
}

bool Interp::charge(std::int64_t bytes) {
  if (bytes > limits_.heap_bytes - impl_->heap_used) {
    impl_->total_budget_spent = true;
    refuse("K0303",
           "the evaluation needs more memory than its budget of " + std::to_string(limits_.heap_bytes) + " bytes");
    return false;
  }
  impl_->heap_used += bytes;
  return true;
}

Str* Interp::intern(std::string_view utf8) {
  auto it = impl_->interned.find(utf8);
  if (it != impl_->interned.end()) return it->second;
  const Value v = str(utf8);
  if (v.is_error()) return impl_->names.name;  // over the string limit: the refusal is pending
  Str* s = static_cast<Str*>(v.o);
  s->interned = true;
  text_hash(s);
  impl_->interned.emplace(s->text, s);
  return s;
}

Value Interp::function(std::string_view name, NativeFn fn, void* context) {
  auto* f = make<NativeFunction>(types.native_function);
  f->name = std::string(name);
  f->fn = fn;
  f->context = context;
  return Value::object(f);
}

Type* Interp::make_host_type(std::string_view module, std::string_view name, Type* base) {
  if (base == nullptr) base = types.object;
  auto* t = make<Type>(types.type);
  t->name = t->qualname = std::string(name);
  t->module_name = std::string(module);
  t->bases = {base};
  t->dict = dict();
  t->host = true;
  linearize(t);
  t->builtin_base = t;
  t->construct = base->construct;
  impl_->subclasses[base].push_back(t);
  impl_->touch_types();
  return t;
}

void Interp::def(Type* type, std::string_view name, NativeFn fn, void* context) {
  const Value f = function(name, fn, context);
  if (name == "__new__") static_cast<NativeFunction*>(f.o)->binds = false;
  impl_->set(type->dict, intern(name), f);
  impl_->touch_types();
}

void Interp::def_property(Type* type, std::string_view name, NativeFn getter, NativeFn setter, void* context) {
  auto* p = make<Property>(types.property);
  p->getter = function(name, getter, context);
  if (setter != nullptr) p->setter = function(name, setter, context);
  impl_->set(type->dict, intern(name), Value::object(p));
  impl_->touch_types();
}

void Interp::def(Module& module, std::string_view name, NativeFn fn, void* context) {
  impl_->set(module.dict, intern(name), function(name, fn, context));
}

std::int64_t Interp::Impl::find(Dict* dict, Str* key) {
  if (dict->used == 0) return -1;
  return dict_find(interp, dict, Value::object(key), key->hash != 0 ? key->hash : text_hash(key));
}

Value Interp::Impl::get(Dict* dict, Str* key) {
  const std::int64_t at = find(dict, key);
  return at >= 0 ? dict->entries[at].value : Value();
}

bool Interp::Impl::set(Dict* dict, Str* key, Value value) {
  return dict_insert(interp, dict, Value::object(key), value, key->hash != 0 ? key->hash : text_hash(key));
}

Type* Interp::type_of(Value value) const {
  switch (value.tag) {
    case Tag::none: return types.none;
    case Tag::boolean: return types.boolean;
    case Tag::integer: return types.integer;
    case Tag::real: return types.real;
    case Tag::object: return value.o->type;
    case Tag::error: break;
  }
  return types.object;
}

std::string_view type_name(Interp& interp, Value value) { return interp.type_of(value)->name; }

}  // namespace kedge::pylang
