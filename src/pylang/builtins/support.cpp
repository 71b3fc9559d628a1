// Argument checks and views; see support.h.
#include "pylang/builtins/support.h"

#include <algorithm>
#include <limits>

#include "pylang/vm/impl.h"

namespace kedge::pylang {
namespace {
thread_local int container_depth = 0;
thread_local std::vector<const Object*> repr_stack;
constexpr int kDeepest = 200;  // well inside the native stack, whatever runs between two levels

NativeFunction* make_native(Interp& interp, const char* name, NativeFn fn, bool binds) {
  auto* out = interp.make<NativeFunction>(interp.types.native_function);
  out->name = name;
  out->fn = fn;
  out->binds = binds;
  return out;
}

bool absent(Interp& interp, Type* type, const char* name) { return interp.dict_get(type->dict, name).is_error(); }

template <typename T>
T* view(Value value, Type* exact) {
  if (!value.is_object()) return nullptr;
  if (value.o->type == exact) return static_cast<T*>(value.o);
  const Value inner = unwrap(value);
  return inner.is_object() && inner.o->type == exact ? static_cast<T*>(inner.o) : nullptr;
}

template <typename T>
T* self_or_raise(Interp& interp, Args args, const char* method, const char* type, T* found) {
  if (found == nullptr) {
    (void)interp.raise("TypeError", args.positional.empty()
                                        ? "unbound method " + std::string(type) + "." + method + "() needs an argument"
                                        : "descriptor '" + std::string(method) + "' for '" + type +
                                              "' objects doesn't apply to a " +
                                              quoted_type(interp, args.positional[0]) + " object");
  }
  return found;
}
}  // namespace

DepthGuard::DepthGuard(Interp& interp) {
  if (++container_depth > kDeepest) {
    ok = false;
    (void)interp.raise("RecursionError", "maximum recursion depth exceeded");
  }
}
ReprGuard::ReprGuard(const Object* object) {
  inside = std::find(repr_stack.begin(), repr_stack.end(), object) != repr_stack.end();
  repr_stack.push_back(object);
}
ReprGuard::~ReprGuard() { repr_stack.pop_back(); }

DepthGuard::~DepthGuard() { --container_depth; }

void define(Interp& interp, Type* type, std::span<const Method> methods) {
  for (const Method& method : methods) {
    if (absent(interp, type, method.name))
      interp.dict_set(type->dict, method.name, Value::object(make_native(interp, method.name, method.fn, true)));
  }
}

void define_static(Interp& interp, Type* type, const char* name, NativeFn fn) {
  if (!absent(interp, type, name)) return;
  if (std::string_view(name) == "__new__") {
    interp.dict_set(type->dict, name, Value::object(make_native(interp, name, fn, false)));
    return;
  }
  auto* wrapper = interp.make<StaticMethod>(interp.types.staticmethod_);
  wrapper->function = Value::object(make_native(interp, name, fn, true));
  interp.dict_set(type->dict, name, Value::object(wrapper));
}

void define_class_method(Interp& interp, Type* type, const char* name, NativeFn fn) {
  if (!absent(interp, type, name)) return;
  auto* wrapper = interp.make<ClassMethod>(interp.types.classmethod_);
  wrapper->function = Value::object(make_native(interp, name, fn, true));
  interp.dict_set(type->dict, name, Value::object(wrapper));
}

void define_getter(Interp& interp, Type* type, const char* name, NativeFn getter) {
  if (!absent(interp, type, name)) return;
  auto* property = interp.make<Property>(interp.types.property);
  property->getter = Value::object(make_native(interp, name, getter, true));
  interp.dict_set(type->dict, name, Value::object(property));
}

bool arity(Interp& interp, Args args, std::string_view name, std::size_t min, std::size_t max, bool method) {
  if (!args.names.empty()) {
    (void)interp.raise("TypeError", std::string(name) + "() takes no keyword arguments");
    return false;
  }
  const std::size_t self = method ? 1 : 0;
  if (args.positional.size() < self) {
    (void)interp.raise("TypeError", "unbound method " + std::string(name) + "() needs an argument");
    return false;
  }
  const std::size_t count = args.positional.size() - self;
  if (count >= min && count <= max) return true;
  std::string expected;
  if (min == max) {
    expected = min == 0
                   ? "takes no arguments"
                   : "takes exactly " + (min == 1 ? std::string("one argument") : std::to_string(min) + " arguments");
    (void)interp.raise("TypeError", std::string(name) + "() " + expected + " (" + std::to_string(count) + " given)");
  } else {
    const bool few = count < min;
    const std::size_t bound = few ? min : max;
    (void)interp.raise("TypeError", std::string(name) + " expected at " + (few ? "least " : "most ") +
                                        std::to_string(bound) + " argument" + (bound == 1 ? "" : "s") + ", got " +
                                        std::to_string(count));
  }
  return false;
}

Value call_special(Interp& interp, Value self, std::string_view name, std::span<const Value> rest) {
  const std::optional<Value> out = interp.impl().call_special(self, interp.intern(name), rest);
  return out ? *out : type_error(interp, quoted_type(interp, self) + " object has no " + std::string(name));
}

std::string quoted_type(Interp& interp, Value value) { return "'" + interp.type_of(value)->name + "'"; }
Value type_error(Interp& interp, std::string message) { return interp.raise("TypeError", std::move(message)); }
Value value_error(Interp& interp, std::string message) { return interp.raise("ValueError", std::move(message)); }

List* list_of(Interp& interp, Value value) { return view<List>(value, interp.types.list); }
Tuple* tuple_of(Interp& interp, Value value) { return view<Tuple>(value, interp.types.tuple); }
Dict* dict_of(Interp& interp, Value value) { return view<Dict>(value, interp.types.dict); }
Str* str_of(Interp& interp, Value value) { return view<Str>(value, interp.types.str); }
SetObject* set_of(Interp& interp, Value value) {
  SetObject* out = view<SetObject>(value, interp.types.set);
  return out != nullptr ? out : view<SetObject>(value, interp.types.frozenset);
}
BytesObject* bytes_of(Interp& interp, Value value) {
  BytesObject* out = view<BytesObject>(value, interp.types.bytes);
  return out != nullptr ? out : view<BytesObject>(value, interp.types.bytearray);
}

List* self_list(Interp& interp, Args args, const char* method) {
  return self_or_raise(interp, args, method, "list", list_of(interp, arg(args, 0)));
}
Dict* self_dict(Interp& interp, Args args, const char* method) {
  return self_or_raise(interp, args, method, "dict", dict_of(interp, arg(args, 0)));
}
SetObject* self_set(Interp& interp, Args args, const char* method) {
  return self_or_raise(interp, args, method, "set", set_of(interp, arg(args, 0)));
}
Str* self_str(Interp& interp, Args args, const char* method) {
  return self_or_raise(interp, args, method, "str", str_of(interp, arg(args, 0)));
}
Tuple* self_tuple(Interp& interp, Args args, const char* method) {
  return self_or_raise(interp, args, method, "tuple", tuple_of(interp, arg(args, 0)));
}
BytesObject* self_bytes(Interp& interp, Args args, const char* method) {
  return self_or_raise(interp, args, method, "bytes", bytes_of(interp, arg(args, 0)));
}

std::optional<BigInt> big_of(Value value) {
  value = unwrap(value);
  if (value.is_int()) return BigInt(value.i);
  if (value.is_bool()) return BigInt(value.b ? 1 : 0);
  if (auto* big = as<BigIntObject>(value)) return big->value;
  return std::nullopt;
}

bool small_of(Value value, std::int64_t& out) {
  if (value.is_int()) {
    out = value.i;
    return true;
  }
  value = unwrap(value);
  if (value.is_int()) out = value.i;
  else if (value.is_bool()) out = value.b ? 1 : 0;
  else return false;
  return true;
}

bool is_integer(Value value) {
  value = unwrap(value);
  return value.is_int() || value.is_bool() || as<BigIntObject>(value) != nullptr;
}

Value index_of(Interp& interp, Value value) {
  if (value.is_int()) return value;
  if (value.is_bool()) return Value::integer(value.b ? 1 : 0);
  const Value inner = unwrap(value);
  if (inner.is_int()) return inner;
  if (inner.is_bool()) return Value::integer(inner.b ? 1 : 0);
  if (as<BigIntObject>(inner) != nullptr) return inner;
  if (value.is_object() && !interp.lookup_type_attr(value.o->type, interp.intern("__index__")).is_error()) {
    const Value result = call_special(interp, value, "__index__");
    if (result.is_error()) return {};
    if (is_integer(result)) return index_of(interp, unwrap(result));
    return type_error(interp, "__index__ returned non-int (type " + interp.type_of(result)->name + ")");
  }
  return type_error(interp, quoted_type(interp, value) + " object cannot be interpreted as an integer");
}

std::optional<std::int64_t> size_of(Interp& interp, Value value) {
  const Value index = index_of(interp, value);
  if (index.is_error()) return std::nullopt;
  if (index.is_int()) return index.i;
  return as<BigIntObject>(index)->value.negative() ? std::numeric_limits<std::int64_t>::min()
                                                   : std::numeric_limits<std::int64_t>::max();
}

std::optional<double> double_of(Interp& interp, Value value) {
  if (value.is_float()) return value.f;
  if (value.is_int()) return static_cast<double>(value.i);
  const Value inner = unwrap(value);
  if (inner.is_float()) return inner.f;
  if (inner.is_int()) return static_cast<double>(inner.i);
  if (inner.is_bool()) return inner.b ? 1.0 : 0.0;
  if (auto* big = as<BigIntObject>(inner)) {
    const std::optional<double> out = big->value.to_double();
    if (!out) (void)interp.raise("OverflowError", "int too large to convert to float");
    return out;
  }
  if (value.is_object() && !interp.lookup_type_attr(value.o->type, interp.intern("__float__")).is_error()) {
    const Value result = unwrap(call_special(interp, value, "__float__"));
    if (result.is_error()) return std::nullopt;
    if (result.is_float()) return result.f;
    (void)type_error(interp, interp.type_of(value)->name + ".__float__ returned non-float (type " +
                                 interp.type_of(result)->name + ")");
    return std::nullopt;
  }
  if (value.is_object() && !interp.lookup_type_attr(value.o->type, interp.intern("__index__")).is_error()) {
    const Value index = index_of(interp, value);
    return index.is_error() ? std::nullopt : double_of(interp, index);
  }
  (void)type_error(interp, "must be real number, not " + interp.type_of(value)->name);
  return std::nullopt;
}

std::optional<SliceRange> slice_range(Interp& interp, const Slice* slice, std::int64_t length) {
  SliceRange out;
  const auto read = [&interp](Value value, std::int64_t& target) {
    if (!value.is_object() && !value.is_int() && !value.is_bool()) {
      (void)type_error(interp, "slice indices must be integers or None or have an __index__ method");
      return false;
    }
    const std::optional<std::int64_t> size = size_of(interp, value);
    if (!size) {
      if (interp.pending_matches("TypeError")) {
        interp.take_pending();
        (void)type_error(interp, "slice indices must be integers or None or have an __index__ method");
      }
      return false;
    }
    target = *size;
    return true;
  };
  if (!slice->step.is_none()) {
    if (!read(slice->step, out.step)) return std::nullopt;
    if (out.step == 0) {
      (void)value_error(interp, "slice step cannot be zero");
      return std::nullopt;
    }
    out.step = std::max(out.step, -std::numeric_limits<std::int64_t>::max());
  }
  const bool backward = out.step < 0;
  const std::int64_t low = backward ? -1 : 0;
  const std::int64_t high = backward ? length - 1 : length;
  const auto clamp = [&](std::int64_t value) {
    if (value < 0) value = value < -length ? low : value + length;
    return std::clamp(value, low, std::max(low, high));
  };
  out.start = backward ? high : low;
  out.stop = backward ? low : high;
  std::int64_t raw = 0;
  if (!slice->start.is_none()) {
    if (!read(slice->start, raw)) return std::nullopt;
    out.start = clamp(raw);
  }
  if (!slice->stop.is_none()) {
    if (!read(slice->stop, raw)) return std::nullopt;
    out.stop = clamp(raw);
  }
  if (backward) {
    if (out.stop < out.start) out.count = (out.start - out.stop - 1) / -out.step + 1;
  } else if (out.start < out.stop) {
    out.count = (out.stop - out.start - 1) / out.step + 1;
  }
  return out;
}

std::optional<std::int64_t> checked_index(Interp& interp, Value key, std::int64_t length, const char* message) {
  const Value index = index_of(interp, key);
  if (index.is_error()) return std::nullopt;
  if (!index.is_int()) {
    (void)interp.raise("IndexError", "cannot fit 'int' into an index-sized integer");
    return std::nullopt;
  }
  const std::int64_t at = index.i < 0 ? index.i + length : index.i;
  if (at < 0 || at >= length) {
    (void)interp.raise("IndexError", message);
    return std::nullopt;
  }
  return at;
}

Value instantiate(Interp& interp, Value cls, Type* exact, Value value) {
  if (value.is_error()) return value;
  auto* type = as<Type>(cls);
  if (type == nullptr)
    return type_error(interp, exact->name + ".__new__(X): X is not a type object (" + interp.type_of(cls)->name + ")");
  if (type == exact) return value;
  if (!interp.is_subtype(type, exact))
    return type_error(
        interp, exact->name + ".__new__(" + type->name + "): " + type->name + " is not a subtype of " + exact->name);
  auto* instance = interp.make<Instance>(type);
  instance->dict = interp.dict();
  instance->base_value = value;
  return Value::object(instance);
}

bool check_size(Interp& interp, std::int64_t count, std::int64_t item_bytes) {
  if (count <= 0) return true;
  if (count > interp.limits().heap_bytes / std::max<std::int64_t>(1, item_bytes)) {
    (void)interp.refuse("K0310", "a value of " + std::to_string(count) + " items does not fit the memory limit");
    return false;
  }
  return interp.charge(count * item_bytes);
}

void install_rows(Interp& interp, Module& module, std::span<const Method> rows) {
  for (const Method& row : rows) {
    if (!interp.dict_get(module.dict, row.name).is_error()) continue;
    auto* function = interp.make<NativeFunction>(interp.types.native_function);
    function->name = row.name;
    function->fn = row.fn;
    function->binds = false;
    interp.dict_set(module.dict, row.name, Value::object(function));
  }
}

}  // namespace kedge::pylang
