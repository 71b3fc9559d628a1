// Shared by the files that fill the module `_numpy`.
#pragma once

#include <span>

#include "frontends/source/ndarray/numpy.h"

namespace kedge::frontends {

/// A function of the module; `method` names it as a method of ndarray and the scalar types too (nullptr: not a method).
struct NumpyFunction {
  const char* name;
  pylang::NativeFn fn;
  const char* method = nullptr;
};

void define(Interp& interp, Module& module, std::span<const NumpyFunction> functions);

inline bool given(Value v) { return !v.is_error(); }
inline bool set(Value v) { return !v.is_error() && !v.is_none(); }

/// The dtype argument, or `fallback` when it was not given. false: exception pending.
inline bool dtype_argument(Interp& interp, Value v, std::optional<DType>& out) {
  if (!set(v)) return true;
  out = to_dtype(interp, v);
  return out.has_value();
}
inline bool flag_argument(Interp& interp, Value v, bool& out) {
  if (!given(v)) return true;
  const std::optional<bool> truth = interp.truth(v);
  if (!truth) return false;
  out = *truth;
  return true;
}
/// The arrays of a sequence (or of an array's first axis).
std::optional<std::vector<Array>> to_arrays(Interp& interp, Value sequence);

/// `KEDGE_BIND(v, 2, "zeros", "shape", "dtype=")`: declares `Value v[2]` bound to the arguments, or returns.
#define KEDGE_BIND(values, count, function, ...) \
  Value values[count];                           \
  if (!interp.bind(args, function, {__VA_ARGS__}, values)) return Value()
/// `KEDGE_ARRAY(a, v[0]);` declares an Array made of a value, or returns.
#define KEDGE_ARRAY(name, value)                                          \
  const std::optional<Array> name##_or_error = to_array(interp, (value)); \
  if (!name##_or_error) return Value();                                   \
  const Array& name = *name##_or_error

/// A view of an argument when it is an ndarray, else a new array: what reshape, transpose and the like return.
Value view_result(Interp& interp, Value of, Array array);

Array concatenated(const std::vector<Array>& arrays, std::int64_t axis, DType dtype);

}  // namespace kedge::frontends
