// What shape rules share. A rule's message does not name its op; whoever calls the rule puts the name in front.
#pragma once

#include <string>
#include <vector>

#include "ir/op_def.h"

namespace kedge::ops {

using ir::InferCall;
using ir::Typed;
using Types = Result<std::vector<Typed>>;

/// K0601: shapes that do not fit. K0602: an element type that does not. K0603: an attribute that does not.
Error shape_fault(std::string message);
Error dtype_fault(std::string message);
Error attr_fault(std::string message);

inline const ir::Value& input(const InferCall& call, std::size_t index) { return *call.inputs[index]; }
inline const Shape& shape_of(const InferCall& call, std::size_t index) { return call.inputs[index]->shape; }
inline bool has_input(const InferCall& call, std::size_t index) {
  return index < call.inputs.size() && call.inputs[index] != nullptr;
}

/// The element type a rule reasons with: integers that stand for reals count as float32.
DType real_dtype(const ir::Value& value);
inline DType dtype_of(const InferCall& call, std::size_t index) { return real_dtype(*call.inputs[index]); }

inline Types one(DType dtype, Shape shape) { return std::vector<Typed>{{dtype, std::move(shape)}}; }

/// Sets of element types an op takes.
enum class Accept { floats, floats_complex, numbers, reals, integers, integers_bool, booleans, any };
Result<void> check_dtype(const InferCall& call, std::size_t index, Accept accept);
/// All given inputs have the element type of the first.
Result<void> check_same_dtype(const InferCall& call, std::size_t first = 0);

/// Shape in messages: "[batch, 8]".
std::string text(const Shape& shape);

/// numpy's broadcasting. Equal symbols are equal, 1 stretches, all else differs.
Result<Shape> broadcast(const Shape& a, const Shape& b);
Result<std::int64_t> checked_axis(std::int64_t axis, std::size_t rank);
Result<void> check_rank(const InferCall& call, std::size_t index, std::size_t rank);
/// Axes sorted, distinct and in range.
Result<void> check_axes(const std::vector<std::int64_t>& axes, std::size_t rank);
/// One of several words.
Result<void> check_word(const Attrs& attrs, std::string_view name, std::span<const std::string_view> words);
/// Known and below `least`.
inline bool known_below(const Dim& dim, std::int64_t least) { return dim.known() && dim.value() < least; }
/// False when the two are surely different.
bool may_be_equal(const Dim& a, const Dim& b);

/// Spatial sizes that a sliding window leaves. `pads` are [before, after] per dimension.
struct WindowRule {
  std::span<const Dim> in;
  std::vector<Dim> size;
  std::vector<std::int64_t> strides;
  std::vector<std::int64_t> dilations;
  std::string padding;
  std::vector<std::int64_t> pads;
};
Result<Shape> window_output(const WindowRule& rule);

/// A ready-made text for examples: a graph of one op on constants.
#define KEDGE_EXAMPLE(inputs, statement, output) \
  "graph \"example\" {\n  " inputs "\n  " statement "\n  output " output "\n}\n"

}  // namespace kedge::ops
