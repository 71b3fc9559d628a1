// The host types: ndarray, dtype, and the tree of scalar types; how dtypes are named; constructors.
#include <cstring>

#include "frontends/source/ndarray/numpy.h"

namespace kedge::frontends {

using pylang::as;

namespace {

constexpr DType kDTypes[] = {DType::boolean, DType::int8,    DType::int16,     DType::int32,     DType::int64,
                             DType::uint8,   DType::uint16,  DType::uint32,    DType::uint64,    DType::float16,
                             DType::float32, DType::float64, DType::complex64, DType::complex128};

std::size_t slot(DType dtype) { return static_cast<std::size_t>(dtype); }

DTypeObject* dtype_object(Interp& interp, DType dtype) {
  Numpy& np = numpy(interp);
  DTypeObject*& object = np.dtypes[slot(dtype)];
  if (object == nullptr) {
    object = interp.make<DTypeObject>(np.dtype);
    object->dtype = dtype;
  }
  return object;
}

std::optional<DType> parse_numpy_dtype(std::string_view name) {
  static constexpr std::pair<std::string_view, DType> kAliases[] = {
      {"bool_", DType::boolean},  {"?", DType::boolean},    {"float", DType::float64}, {"double", DType::float64},
      {"single", DType::float32}, {"half", DType::float16}, {"int", DType::int64},     {"uint", DType::uint64},
      {"intp", DType::int64},     {"long", DType::int64},   {"intc", DType::int32},    {"complex", DType::complex128},
      {"f", DType::float32},      {"d", DType::float64},    {"e", DType::float16},     {"i", DType::int32},
      {"l", DType::int64},        {"q", DType::int64},      {"b", DType::int8},        {"B", DType::uint8},
      {"h", DType::int16},        {"H", DType::uint16},     {"I", DType::uint32},      {"L", DType::uint64},
      {"F", DType::complex64},    {"D", DType::complex128}, {"byte", DType::int8},     {"ubyte", DType::uint8},
      {"short", DType::int16}};
  for (const auto& [alias, dtype] : kAliases) {
    if (alias == name) return dtype;
  }
  std::optional<DType> found = parse_dtype(name);
  if (!found) found = parse_dtype_npy(name);
  if (found && (*found == DType::bfloat16 || *found == DType::int4)) return std::nullopt;
  return found;
}

// ---- dtype objects
DTypeObject* self_dtype(Args args) { return as<DTypeObject>(args.positional[0]); }

Value dtype_name_of(Interp& interp, Args args, void*) { return interp.str(dtype_name(self_dtype(args)->dtype)); }
Value dtype_kind(Interp& interp, Args args, void*) {
  const char kind = kind_of(self_dtype(args)->dtype);
  return interp.str(std::string_view(&kind, 1));
}
Value dtype_itemsize(Interp&, Args args, void*) { return Value::integer(dtype_size(self_dtype(args)->dtype)); }
Value dtype_type(Interp& interp, Args args, void*) {
  return Value::object(numpy(interp).scalars[slot(self_dtype(args)->dtype)]);
}
Value dtype_str(Interp& interp, Args args, void*) {
  const DType dtype = self_dtype(args)->dtype;
  return interp.str((dtype_size(dtype) == 1 ? "|" : "<") + std::string(dtype_npy(dtype)));
}
Value dtype_char(Interp& interp, Args args, void*) {
  static constexpr std::pair<DType, std::string_view> kChars[] = {
      {DType::boolean, "?"},   {DType::int8, "b"},      {DType::int16, "h"},   {DType::int32, "i"},
      {DType::int64, "l"},     {DType::uint8, "B"},     {DType::uint16, "H"},  {DType::uint32, "I"},
      {DType::uint64, "L"},    {DType::float16, "e"},   {DType::float32, "f"}, {DType::float64, "d"},
      {DType::complex64, "F"}, {DType::complex128, "D"}};
  for (const auto& [dtype, text] : kChars) {
    if (dtype == self_dtype(args)->dtype) return interp.str(text);
  }
  return interp.str("");
}
Value dtype_repr(Interp& interp, Args args, void*) {
  return interp.str("dtype('" + std::string(dtype_name(self_dtype(args)->dtype)) + "')");
}
Value dtype_hash(Interp&, Args args, void*) {
  return Value::integer(1000 + static_cast<std::int64_t>(self_dtype(args)->dtype));
}
Value dtype_equal(Interp& interp, Args args, void*) {
  const std::optional<DType> other = find_dtype(interp, args.positional[1]);
  if (interp.has_exception()) return Value();
  return Value::boolean(other && *other == self_dtype(args)->dtype);
}
Value dtype_not_equal(Interp& interp, Args args, void*) {
  const Value same = dtype_equal(interp, args, nullptr);
  return same.is_error() ? same : Value::boolean(!same.b);
}

Value construct_dtype(Interp& interp, Args args, void*) {
  Value bound[2];
  if (!interp.bind({args.positional.subspan(1), args.names, args.named}, "dtype", {"dtype", "align="}, bound))
    return Value();
  const std::optional<DType> dtype = to_dtype(interp, bound[0]);
  return dtype ? Value::object(dtype_object(interp, *dtype)) : Value();
}

// ---- constructors of arrays and scalars
Value construct_ndarray(Interp& interp, Args args, void*) {
  Value bound[2];
  if (!interp.bind({args.positional.subspan(1), args.names, args.named}, "ndarray", {"shape", "dtype="}, bound))
    return Value();
  const auto shape = to_ints(interp, bound[0]);
  if (!shape) return Value();
  DType dtype = DType::float64;
  if (!bound[1].is_error()) {
    const auto asked = to_dtype(interp, bound[1]);
    if (!asked) return Value();
    dtype = *asked;
  }
  if (!charge_array(interp, dtype, *shape)) return Value();
  return wrap(interp, make_array(dtype, *shape), false);
}

Value construct_scalar(Interp& interp, Args args, void*) {
  const Value cls = args.positional[0];
  const Numpy& np = numpy(interp);
  for (const DType dtype : kDTypes) {
    if (np.scalars[slot(dtype)] != cls.o) continue;
    if (args.positional.size() < 2) return wrap(interp, make_array(dtype, {}));
    if (const auto* text = as<pylang::Str>(args.positional[1])) {
      const Value number = interp.call(Value::object(interp.types.real), args.positional.subspan(1));
      if (number.is_error()) return number;
      (void)text;
      const auto a = to_array(interp, number, dtype);
      return a ? wrap(interp, *a) : Value();
    }
    std::optional<Array> a = to_array(interp, args.positional[1]);
    if (!a) {
      // Objects with __float__ (0-d tensors of constants) are numbers too.
      return Value();
    }
    return wrap(interp, a->dtype == dtype ? copy_of(*a) : cast_to(*a, dtype));
  }
  return interp.raise("TypeError", "cannot create '" + static_cast<Type*>(cls.o)->name + "' instances");
}

// ---- properties of arrays
NdArray* self_array(Interp& interp, Args args) {
  NdArray* array = args.positional.empty() ? nullptr : array_of(args.positional[0]);
  if (array == nullptr) fail(interp, "TypeError", "this method needs a numpy.ndarray object");
  return array;
}

Value int_tuple(Interp& interp, const StaticShape& values) {
  std::vector<Value> items;
  for (const std::int64_t v : values) items.push_back(Value::integer(v));
  return interp.tuple(std::move(items));
}

Value get_shape(Interp& interp, Args args, void*) {
  const NdArray* self = self_array(interp, args);
  return self != nullptr ? int_tuple(interp, self->a.shape) : Value();
}
Value set_shape(Interp& interp, Args args, void*) {
  NdArray* self = self_array(interp, args);
  if (self == nullptr) return Value();
  auto shape = to_ints(interp, args.positional[1]);
  if (!shape) return Value();
  if (interp.refuse_mutation(self)) return Value();
  std::int64_t known = 1;
  std::int64_t* open = nullptr;
  for (std::int64_t& d : *shape) {
    if (d < 0) open = &d;
    else known *= d;
  }
  if (open != nullptr && known != 0) *open = self->a.size() / known;
  if (element_count(*shape) != self->a.size())
    return interp.raise("ValueError", "cannot reshape array of size " + std::to_string(self->a.size()));
  self->a = reshaped(self->a, *shape);
  return Value::none();
}
Value get_strides(Interp& interp, Args args, void*) {
  const NdArray* self = self_array(interp, args);
  return self != nullptr ? int_tuple(interp, self->a.strides) : Value();
}
Value get_dtype(Interp& interp, Args args, void*) {
  const NdArray* self = self_array(interp, args);
  return self != nullptr ? Value::object(dtype_object(interp, self->a.dtype)) : Value();
}
Value get_ndim(Interp& interp, Args args, void*) {
  const NdArray* self = self_array(interp, args);
  return self != nullptr ? Value::integer(self->a.rank()) : Value();
}
Value get_size(Interp& interp, Args args, void*) {
  const NdArray* self = self_array(interp, args);
  return self != nullptr ? Value::integer(self->a.size()) : Value();
}
Value get_itemsize(Interp& interp, Args args, void*) {
  const NdArray* self = self_array(interp, args);
  return self != nullptr ? Value::integer(self->a.item_size()) : Value();
}
Value get_nbytes(Interp& interp, Args args, void*) {
  const NdArray* self = self_array(interp, args);
  return self != nullptr ? Value::integer(self->a.byte_size()) : Value();
}
Value get_transposed(Interp& interp, Args args, void*) {
  const NdArray* self = self_array(interp, args);
  if (self == nullptr) return Value();
  std::vector<std::int64_t> perm(self->a.shape.size());
  for (std::size_t i = 0; i < perm.size(); ++i) perm[i] = static_cast<std::int64_t>(perm.size() - 1 - i);
  if (self->scalar) return args.positional[0];
  return wrap_view(interp, transposed(self->a, perm), self);
}
Value get_flat(Interp& interp, Args args, void*) {
  const NdArray* self = self_array(interp, args);
  if (self == nullptr) return Value();
  // A view when memory allows it, so that `a.flat[i] = v` writes through.
  return self->a.contiguous() ? wrap_view(interp, reshaped(self->a, {self->a.size()}), self)
                              : wrap(interp, reshaped(self->a, {self->a.size()}), false);
}

Array complex_part(const Array& a, bool imaginary) {
  Array out = a;
  const std::int64_t half = a.item_size() / 2;
  out.dtype = a.dtype == DType::complex64 ? DType::float32 : DType::float64;
  if (imaginary) out.data += half;
  return out;
}
Value get_real(Interp& interp, Args args, void*) {
  const NdArray* self = self_array(interp, args);
  if (self == nullptr) return Value();
  if (!is_complex(self->a.dtype)) return args.positional[0];
  return self->scalar ? wrap(interp, copy_of(complex_part(self->a, false)))
                      : wrap_view(interp, complex_part(self->a, false), self);
}
Value get_imag(Interp& interp, Args args, void*) {
  const NdArray* self = self_array(interp, args);
  if (self == nullptr) return Value();
  if (!is_complex(self->a.dtype)) return wrap(interp, make_array(self->a.dtype, self->a.shape), self->scalar);
  return self->scalar ? wrap(interp, copy_of(complex_part(self->a, true)))
                      : wrap_view(interp, complex_part(self->a, true), self);
}
Value get_base(Interp& interp, Args args, void*) {
  const NdArray* self = self_array(interp, args);
  if (self == nullptr) return Value();
  return self->root == self || self->root == nullptr ? Value::none() : Value::object(const_cast<Object*>(self->root));
}

void install_dtype(Interp& interp, Numpy& np) {
  Type* type = np.dtype = interp.make_host_type("numpy", "dtype");
  type->subclassable = false;
  type->construct = construct_dtype;
  interp.def_property(type, "name", dtype_name_of);
  interp.def_property(type, "kind", dtype_kind);
  interp.def_property(type, "itemsize", dtype_itemsize);
  interp.def_property(type, "type", dtype_type);
  interp.def_property(type, "str", dtype_str);
  interp.def_property(type, "char", dtype_char);
  interp.def(type, "__repr__", dtype_repr);
  interp.def(type, "__str__", dtype_name_of);
  interp.def(type, "__hash__", dtype_hash);
  interp.def(type, "__eq__", dtype_equal);
  interp.def(type, "__ne__", dtype_not_equal);
}

void install_scalars(Interp& interp, Numpy& np) {
  const auto make = [&](std::string_view name, Type* base) {
    Type* type = interp.make_host_type("numpy", name, base);
    type->construct = construct_scalar;
    np.named_types.emplace_back(name, type);
    return type;
  };
  np.generic = make("generic", nullptr);
  Type* number = make("number", np.generic);
  Type* integer = make("integer", number);
  Type* signed_integer = make("signedinteger", integer);
  Type* unsigned_integer = make("unsignedinteger", integer);
  Type* inexact = make("inexact", number);
  Type* floating = make("floating", inexact);
  Type* complex_floating = make("complexfloating", inexact);
  for (const DType dtype : kDTypes) {
    Type* base = nullptr;
    switch (kind_of(dtype)) {
      case 'b': base = np.generic; break;
      case 'i': base = signed_integer; break;
      case 'u': base = unsigned_integer; break;
      case 'f': base = floating; break;
      default: base = complex_floating; break;
    }
    Type* type = make(dtype == DType::boolean ? "bool_" : dtype_name(dtype), base);
    if (dtype == DType::boolean) type->name = type->qualname = "bool";
    np.scalars[slot(dtype)] = type;
    // numpy.float64 is a Python float, numpy.complex128 a Python complex; their own methods come first.
    Type* python = dtype == DType::float64      ? interp.types.real
                   : dtype == DType::complex128 ? interp.types.complex
                                                : nullptr;
    if (python != nullptr) {
      type->bases.push_back(python);
      type->mro.insert(type->mro.end() - 1, python);
    }
  }
}

}  // namespace

std::optional<DType> find_dtype(Interp& interp, Value value) {
  if (value.is_none()) return DType::float64;
  if (!value.is_object()) return std::nullopt;
  if (auto* dtype = as<DTypeObject>(value)) return dtype->dtype;
  if (auto* text = as<pylang::Str>(value)) return parse_numpy_dtype(text->text);
  if (auto* type = as<Type>(value)) {
    const Numpy& np = numpy(interp);
    for (const DType dtype : kDTypes) {
      if (np.scalars[slot(dtype)] == type) return dtype;
    }
    if (type == interp.types.real) return DType::float64;
    if (type == interp.types.integer) return DType::int64;
    if (type == interp.types.boolean) return DType::boolean;
    if (type == interp.types.complex) return DType::complex128;
    if (type->name == "floating" || type->name == "inexact" || type->name == "number") return DType::float64;
    if (type->name == "integer" || type->name == "signedinteger") return DType::int64;
    return std::nullopt;
  }
  // tf.float32 and the like: objects that name their numpy dtype.
  if (as<pylang::Instance>(value) != nullptr) {
    if (const std::optional<Value> name = interp.find_attr(value, "as_numpy_dtype")) return find_dtype(interp, *name);
    if (interp.has_exception()) return std::nullopt;
    if (auto* instance = as<pylang::Instance>(value); !instance->base_value.is_error())
      return find_dtype(interp, instance->base_value);
  }
  return std::nullopt;
}

std::optional<DType> to_dtype(Interp& interp, Value value) {
  const std::optional<DType> found = find_dtype(interp, value);
  if (!found && !interp.has_exception()) {
    const std::string text = interp.repr_of(value).value_or("?");
    if (!interp.has_exception()) fail(interp, "TypeError", "data type " + text + " not understood");
  }
  return found;
}

void install_ndarray(Interp& interp, Numpy& np) {
  install_dtype(interp, np);
  np.ndarray = interp.make_host_type("numpy", "ndarray");
  np.ndarray->construct = construct_ndarray;
  install_scalars(interp, np);
  for (Type* type : {np.ndarray, np.generic}) {
    interp.def_property(type, "shape", get_shape, type == np.ndarray ? set_shape : nullptr);
    interp.def_property(type, "strides", get_strides);
    interp.def_property(type, "dtype", get_dtype);
    interp.def_property(type, "ndim", get_ndim);
    interp.def_property(type, "size", get_size);
    interp.def_property(type, "itemsize", get_itemsize);
    interp.def_property(type, "nbytes", get_nbytes);
    interp.def_property(type, "T", get_transposed);
    interp.def_property(type, "flat", get_flat);
    interp.def_property(type, "real", get_real);
    interp.def_property(type, "imag", get_imag);
    interp.def_property(type, "base", get_base);
  }
}

}  // namespace kedge::frontends
