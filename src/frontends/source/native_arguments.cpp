#include "frontends/source/native_arguments.h"

#include "frontends/source/ndarray/functions.h"
#include "ops/ops.h"

namespace kedge::frontends {

using pylang::as;

std::optional<std::string> text_of(Interp& interp, Value v, const char* what) {
  if (v.is_object()) {
    if (auto* s = as<pylang::Str>(v)) return s->text;
    if (auto* i = as<pylang::Instance>(v)) {
      if (auto* s = as<pylang::Str>(i->base_value)) return s->text;
    }
  }
  fail(interp, "TypeError", std::string(what) + " must be a string, not '" + interp.type_of(v)->name + "'");
  return std::nullopt;
}

std::optional<DType> dtype_of(Interp& interp, Value v) {
  const auto text = text_of(interp, v, "dtype");
  if (!text) return std::nullopt;
  const auto dtype = parse_dtype(*text);
  if (!dtype) fail(interp, "ValueError", "no tensor has the dtype '" + *text + "'");
  return dtype;
}

std::optional<Dim> to_dim(Interp& interp, Value v) {
  if (v.is_int()) return Dim(v.i);
  if (v.is_bool()) return Dim(v.b ? 1 : 0);
  if (v.is_none()) return Dim(-1);
  Tracer& t = tracer(interp);
  if (t.is_tensor_like(v)) {
    TensorObject* tensor = t.find_tensor(v);
    if (tensor == nullptr) return std::nullopt;
    if (tensor->known && tensor->known->size() == 1) return (*tensor->known)[0];
    Diagnostic d;
    d.code = "K0322";
    d.message = "this shape depends on values that are only known when the model runs";
    d.help.push_back("shapes may use `tf.shape(x)` and arithmetic on it, but not the values of a tensor");
    (void)interp.refuse(std::move(d));
    return std::nullopt;
  }
  const auto n = to_int(interp, v);
  if (!n) return std::nullopt;
  return Dim(*n);
}

std::optional<Shape> to_dims(Interp& interp, Value v) {
  Tracer& t = tracer(interp);
  if (t.is_tensor_like(v)) {
    TensorObject* tensor = t.find_tensor(v);
    if (tensor == nullptr) return std::nullopt;
    if (tensor->known) return *tensor->known;
    Diagnostic d;
    d.code = "K0322";
    d.message = "this shape depends on values that are only known when the model runs";
    (void)interp.refuse(std::move(d));
    return std::nullopt;
  }
  if (v.is_int()) return Shape{Dim(v.i)};
  const auto items = interp.to_vector(v);
  if (!items) return std::nullopt;
  Shape out;
  for (const Value item : *items) {
    const auto d = to_dim(interp, item);
    if (!d) return std::nullopt;
    out.push_back(*d);
  }
  return out;
}

std::optional<AttrValue> to_attr(Interp& interp, ir::AttrKind kind, Value v) {
  switch (kind) {
    case ir::AttrKind::flag: {
      const auto b = interp.truth(v);
      if (!b) return std::nullopt;
      return *b;
    }
    case ir::AttrKind::integer: {
      const auto n = to_int(interp, v);
      if (!n) return std::nullopt;
      return *n;
    }
    case ir::AttrKind::real: {
      const auto x = to_double(interp, v);
      if (!x) return std::nullopt;
      return *x;
    }
    case ir::AttrKind::text: {
      const auto s = text_of(interp, v, "attribute");
      if (!s) return std::nullopt;
      return *s;
    }
    case ir::AttrKind::dtype: {
      const auto d = dtype_of(interp, v);
      if (!d) return std::nullopt;
      return *d;
    }
    case ir::AttrKind::integers: {
      const auto all = to_ints(interp, v);
      if (!all) return std::nullopt;
      return *all;
    }
    case ir::AttrKind::reals:
    case ir::AttrKind::texts: {
      const auto items = interp.to_vector(v);
      if (!items) return std::nullopt;
      std::vector<double> reals;
      std::vector<std::string> texts;
      for (const Value item : *items) {
        if (kind == ir::AttrKind::reals) {
          const auto x = to_double(interp, item);
          if (!x) return std::nullopt;
          reals.push_back(*x);
        } else {
          const auto s = text_of(interp, item, "attribute");
          if (!s) return std::nullopt;
          texts.push_back(*s);
        }
      }
      if (kind == ir::AttrKind::reals) return reals;
      return texts;
    }
    case ir::AttrKind::dims: {
      const auto dims = to_dims(interp, v);
      if (!dims) return std::nullopt;
      return *dims;
    }
  }
  return std::nullopt;
}

bool infer_open_dimension(Interp& interp, const Shape& from, Shape& to) {
  std::optional<std::size_t> open;
  Dim rest(1);
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (to[i] == Dim(-1)) {
      if (open) {
        fail(interp, "ValueError", "only one dimension of a reshape may be unknown: " + shape_to_string(to));
        return false;
      }
      open = i;
    } else {
      rest = rest * to[i];
    }
  }
  if (!open) return true;
  const Dim total = element_count(from);
  if (rest.known() && rest.value() == 0) {
    to[*open] = Dim(0);
    return true;
  }
  if (total.known() && rest.known() && total.value() % rest.value() != 0) {
    fail(interp, "ValueError",
         "cannot reshape " + shape_to_string(from) + " into " + shape_to_string(to) +
             ": the element counts do not divide");
    return false;
  }
  to[*open] = Dim::floordiv(total, rest);
  return true;
}

Value results_of(Interp& interp, const std::vector<TensorObject*>& tensors, bool single) {
  if (single && tensors.size() == 1) return Value::object(tensors[0]);
  std::vector<Value> items;
  items.reserve(tensors.size());
  for (TensorObject* t : tensors) items.push_back(Value::object(t));
  return interp.tuple(std::move(items));
}

Value as_list(Interp& interp, const std::vector<TensorObject*>& tensors) {
  std::vector<Value> items;
  items.reserve(tensors.size());
  for (TensorObject* t : tensors) items.push_back(Value::object(t));
  return interp.list(std::move(items));
}

std::optional<std::vector<TensorObject*>> tensor_list(Interp& interp, Value v) {
  const auto items = interp.to_vector(v);
  if (!items) return std::nullopt;
  std::vector<TensorObject*> out;
  for (const Value item : *items) {
    if (item.is_none()) {
      out.push_back(nullptr);
      continue;
    }
    TensorObject* t = tracer(interp).to_tensor(item);
    if (t == nullptr) return std::nullopt;
    out.push_back(t);
  }
  return out;
}

TensorObject* tensor_argument(Interp& interp, Value v) { return tracer(interp).to_tensor(v); }

Value shape_tuple(Interp& interp, const Shape& shape) {
  std::vector<Value> items;
  for (const Dim& d : shape) items.push_back(d.known() ? Value::integer(d.value()) : Value::none());
  return interp.tuple(std::move(items));
}

}  // namespace kedge::frontends
