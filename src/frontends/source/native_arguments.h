// Arguments of the module `_kedge` as what the tracer works with, and its results as values.
#pragma once

#include "frontends/source/tracer.h"
#include "ir/op_def.h"

namespace kedge::frontends {

/// The text of a str; nullopt: TypeError pending, which names `what`.
std::optional<std::string> text_of(Interp& interp, Value v, const char* what);
/// A dtype by name; nullopt: exception pending.
std::optional<DType> dtype_of(Interp& interp, Value v);
/// A dimension from an int, an integer tensor of known symbolic value, or an array; -1 stands for None.
std::optional<Dim> to_dim(Interp& interp, Value v);
/// Dimensions from a sequence, an int or a tensor of known symbolic value; nullopt: K0322 or an exception pending.
std::optional<Shape> to_dims(Interp& interp, Value v);
/// An attribute of the kind that the card asks for; nullopt: exception pending.
std::optional<AttrValue> to_attr(Interp& interp, ir::AttrKind kind, Value v);
/// Replaces the one -1 of a reshape by what the element counts leave for it.
bool infer_open_dimension(Interp& interp, const Shape& from, Shape& to);
/// A tuple of the tensors; with `single`, one tensor alone.
Value results_of(Interp& interp, const std::vector<TensorObject*>& tensors, bool single);
/// A list of the tensors.
Value as_list(Interp& interp, const std::vector<TensorObject*>& tensors);
/// A sequence of tensors, where None is nullptr; nullopt: exception pending.
std::optional<std::vector<TensorObject*>> tensor_list(Interp& interp, Value v);
/// The tensor of an argument; nullptr: TypeError pending.
TensorObject* tensor_argument(Interp& interp, Value v);
/// A shape as Python shows it: None for what is not known.
Value shape_tuple(Interp& interp, const Shape& shape);

/// The type `Tensor` (tensor_type.cpp).
Type* make_tensor_type(Interp& interp);

}  // namespace kedge::frontends
