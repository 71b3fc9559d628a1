// numpy as the dialect sees it: the host types ndarray, dtype and the scalar types over Array, conversions between
// Python values and arrays, and numpy's rules of promotion (NumPy Enhancement Proposal 50: Python numbers are weak).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "frontends/source/ndarray/array.h"
#include "frontends/source/ndarray/elementwise.h"
#include "pylang/interp.h"

namespace kedge::frontends {

using pylang::Args;
using pylang::Interp;
using pylang::Object;
using pylang::Type;
using pylang::Value;

/// An ndarray, or a numpy scalar when its type is one of the scalar types.
struct NdArray final : Object {
  Array a;
  const Object* root = nullptr;  ///< the array whose buffer this views (itself when it owns it)
  bool scalar = false;
  bool writeable = true;
};

struct DTypeObject final : Object {
  DType dtype = DType::float64;
};

/// The types of one interpreter's numpy.
struct Numpy {
  Type* ndarray = nullptr;
  Type* dtype = nullptr;
  Type* generic = nullptr;
  std::array<Type*, 16> scalars{};  ///< by DType; nullptr for int4 and bfloat16
  std::array<DTypeObject*, 16> dtypes{};
  std::vector<std::pair<std::string, Type*>> named_types;  ///< abstract ones too, for the module
  /// Turns a value of another room (a tensor) into an array; nullopt: not such a value.
  std::optional<Array> (*foreign)(Interp&, Value) = nullptr;
  /// True for values whose own reflected operators decide (tensors).
  bool (*defers)(Interp&, Value) = nullptr;
};

Numpy& numpy(Interp& interp);

/// Raises, for functions that do not return a Value.
inline void fail(Interp& interp, std::string_view exception, std::string message) {
  (void)interp.raise(exception, std::move(message));
}

NdArray* array_of(Value value);  ///< ndarray or numpy scalar, else nullptr
/// Rank 0 becomes a numpy scalar when `scalarize`.
Value wrap(Interp& interp, Array array, bool scalarize = true);
Value wrap_view(Interp& interp, Array array, const NdArray* of);
/// Python number of a rank-0 element (`item()`).
Value to_python(Interp& interp, DType dtype, const std::byte* element);
Value to_nested_list(Interp& interp, const Array& a);

/// Anything numpy.asarray accepts here. nullopt: exception pending.
std::optional<Array> to_array(Interp& interp, Value value, std::optional<DType> dtype = std::nullopt);
/// A dtype from `np.float32`, "float32", a dtype object, `float`, `int`, `bool`, "f4", … nullopt: TypeError pending.
std::optional<DType> to_dtype(Interp& interp, Value value);
/// Like to_dtype, but no exception when the value names no dtype.
std::optional<DType> find_dtype(Interp& interp, Value value);

/// An operand of a universal function: a strong array, or a weak Python number.
struct Operand {
  enum class Weak { no, integer, real, complex };
  Array a;
  Weak weak = Weak::no;
};
std::optional<Operand> to_operand(Interp& interp, Value value);
/// The common dtype of operands; weak numbers adapt. nullopt: OverflowError pending.
std::optional<DType> common_dtype(Interp& interp, std::vector<Operand>& operands);

Value binary(Interp& interp, BinaryOp op, Value a, Value b, std::string_view name);
Value unary(Interp& interp, UnaryOp op, Value a, std::string_view name);
std::optional<Array> binary(Interp& interp, BinaryOp op, Operand a, Operand b, std::string_view name);
std::optional<Array> unary(Interp& interp, UnaryOp op, const Array& a, std::string_view name);

// ---- indexing (index.cpp)
Value get_index(Interp& interp, NdArray* array, Value key);
bool set_index(Interp& interp, NdArray* array, Value key, Value value);

// ---- reductions (reduce.cpp)
enum class Reduction { sum, prod, max, min, mean, any, all, argmax, argmin, var, std_dev };
struct ReduceOptions {
  std::optional<std::vector<std::int64_t>> axes;  ///< nullopt: all
  bool keepdims = false;
  std::optional<DType> dtype;
  double ddof = 0;
};
std::optional<Array> reduce(Interp& interp, Reduction kind, const Array& a, const ReduceOptions& options);
Array cumulate(const Array& a, std::int64_t axis, bool product);
/// Indices that sort along the last axis (stable); NaN last.
Array argsort_last(const Array& a);

// ---- text (text.cpp)
std::string array_text(const Array& a, bool repr);
std::string element_text(DType dtype, const std::byte* p);

// ---- linear algebra (linalg.cpp)
Array matmul(const Array& a, const Array& b, std::string* error);

// ---- checked arguments
std::optional<std::int64_t> to_int(Interp& interp, Value value);  ///< anything with __index__
std::optional<double> to_double(Interp& interp, Value value);
std::optional<std::vector<std::int64_t>> to_ints(Interp& interp, Value value);  ///< an int or a sequence of ints
/// `axis` in [-rank, rank) made non-negative; nullopt: AxisError (a ValueError and IndexError) pending.
std::optional<std::int64_t> normal_axis(Interp& interp, std::int64_t axis, std::int64_t rank);
std::optional<std::vector<std::int64_t>> normal_axes(Interp& interp, Value axes, std::int64_t rank);
/// K0331: counts the bytes of an array to be made against the evaluation's budget. False: refusal pending.
bool charge_array(Interp& interp, DType dtype, const StaticShape& shape);

// ---- the module `_numpy`, one installer per file
using Module = pylang::Module;
void install_ndarray(Interp& interp, Numpy& np);
void install_operators(Interp& interp, Numpy& np);
bool init_numpy_module(Interp& interp, Module& module, void* context);
void install_creation(Interp& interp, Module& module);
void install_shaping(Interp& interp, Module& module);
void install_joining(Interp& interp, Module& module);
void install_reductions(Interp& interp, Module& module);
void install_sorting(Interp& interp, Module& module);
void install_products(Interp& interp, Module& module);
void install_linalg(Interp& interp, Module& module);
void install_info(Interp& interp, Module& module);

}  // namespace kedge::frontends
