// The type of symbolic tensors in the dialect; operators are the prelude's business.
#include "frontends/source/native_arguments.h"
#include "frontends/source/ndarray/functions.h"

namespace kedge::frontends {
namespace {

Value tensor_shape(Interp& interp, Args args, void*) {
  return shape_tuple(interp, tensor_of(args.positional[0])->shape);
}
Value tensor_dtype(Interp& interp, Args args, void*) {
  return interp.str(dtype_name(tensor_of(args.positional[0])->dtype));
}
Value tensor_ndim(Interp&, Args args, void*) {
  return Value::integer(static_cast<std::int64_t>(tensor_of(args.positional[0])->shape.size()));
}
Value tensor_hash(Interp&, Args args, void*) {
  return Value::integer(static_cast<std::int64_t>(args.positional[0].o->serial));
}
Value tensor_number(Interp& interp, Args args, void* context) {
  const auto* t = tensor_of(args.positional[0]);
  const auto method = static_cast<const char*>(context);
  if (!t->constant) {
    Diagnostic d;
    d.code = "K0324";
    d.message = "this needs the value of a tensor that is only known when the model runs";
    d.notes.push_back("the tensor is " + std::string(dtype_name(t->dtype)) + shape_to_string(t->shape));
    if (std::string_view(method) == "__bool__")
      d.help.push_back("use `tf.where`, `keras.ops.where` or `keras.ops.cond` to choose between tensors");
    return interp.refuse(std::move(d));
  }
  return interp.call_method(wrap(interp, to_array_data(*t->constant), false), method);
}
Value tensor_repr(Interp& interp, Args args, void*) {
  const auto* t = tensor_of(args.positional[0]);
  return interp.str("<Tensor " + std::string(dtype_name(t->dtype)) + shape_to_string(t->shape) + ">");
}

}  // namespace

Type* make_tensor_type(Interp& interp) {
  Type* type = interp.make_host_type("_kedge", "Tensor");
  interp.def_property(type, "shape", tensor_shape);
  interp.def_property(type, "dtype", tensor_dtype);
  interp.def_property(type, "ndim", tensor_ndim);
  interp.def(type, "__hash__", tensor_hash);
  interp.def(type, "__repr__", tensor_repr);
  static constexpr const char* kNumbers[] = {"__bool__", "__int__", "__float__", "__index__", "__complex__"};
  for (const char* name : kNumbers) interp.def(type, name, tensor_number, const_cast<char*>(name));
  return type;
}

}  // namespace kedge::frontends
