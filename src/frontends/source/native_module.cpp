// The module `_kedge`: what the prelude's Python may ask of the tracer. Each function checks its arguments and hands
// on.
#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "frontends/source/native_arguments.h"
#include "frontends/source/ndarray/functions.h"
#include "frontends/source/tracer.h"
#include "ops/ops.h"

namespace kedge::frontends {

using pylang::as;

namespace {

// ---- operations
Value call_op(Interp& interp, Args args, void*) {
  if (args.positional.size() != 2) return interp.raise("TypeError", "_kedge.op(name, inputs, **attrs)");
  const auto name = text_of(interp, args.positional[0], "the operation's name");
  if (!name) return Value();
  const auto inputs = tensor_list(interp, args.positional[1]);
  if (!inputs) return Value();
  const ir::OpDef* def = ops::find_op(*name);
  if (def == nullptr) return interp.raise("ValueError", "there is no operation `" + *name + "`");
  Attrs attrs;
  for (std::size_t i = 0; i < args.names.size(); ++i) {
    const std::string& key = args.names[i]->text;
    const auto spec =
        std::find_if(def->attrs.begin(), def->attrs.end(), [&](const ir::AttrSpec& s) { return s.name == key; });
    if (spec == def->attrs.end())
      return interp.raise("ValueError", "operation `" + *name + "` has no attribute `" + key + "`");
    auto value = to_attr(interp, spec->kind, args.named[i]);
    if (!value) return Value();
    attrs.set(key, std::move(*value));
  }
  if (*name == "reshape" && !inputs->empty() && (*inputs)[0] != nullptr) {
    if (const AttrValue* shape = attrs.find("shape")) {
      Shape dims = std::get<Shape>(*shape);
      if (!infer_open_dimension(interp, (*inputs)[0]->shape, dims)) return Value();
      attrs.set("shape", std::move(dims));
    }
  }
  const auto out = tracer(interp).emit(*name, *inputs, std::move(attrs));
  return out ? results_of(interp, *out, def->outputs == 1) : Value();
}

Value call_cast(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "cast", "x", "dtype");
  TensorObject* t = tensor_argument(interp, v[0]);
  if (t == nullptr) return Value();
  const auto dtype = dtype_of(interp, v[1]);
  if (!dtype) return Value();
  TensorObject* out = tracer(interp).cast(t, *dtype);
  return out != nullptr ? Value::object(out) : Value();
}

Value call_cond(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "cond", "pred", "then_fn", "else_fn");
  TensorObject* pred = tensor_argument(interp, v[0]);
  if (pred == nullptr) return Value();
  const auto out = tracer(interp).cond(pred, v[1], v[2]);
  return out ? as_list(interp, *out) : Value();
}

Value call_while(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "while_loop", "cond_fn", "body_fn", "state");
  auto state = tensor_list(interp, v[2]);
  if (!state) return Value();
  const auto out = tracer(interp).while_loop(v[0], v[1], std::move(*state));
  return out ? as_list(interp, *out) : Value();
}

// ---- values
Value call_constant(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "constant", "value", "dtype=");
  Tracer& t = tracer(interp);
  std::optional<DType> dtype;
  if (set(v[1])) {
    dtype = dtype_of(interp, v[1]);
    if (!dtype) return Value();
  }
  if (t.is_tensor_like(v[0])) {
    TensorObject* tensor = t.find_tensor(v[0]);
    if (tensor != nullptr && dtype) tensor = t.cast(tensor, *dtype);
    return tensor != nullptr ? Value::object(tensor) : Value();
  }
  std::optional<Array> a = to_array(interp, v[0]);
  if (!a) return Value();
  // Without a dtype: Python floats are float32 and integers int32 (when they fit), arrays keep theirs.
  if (!dtype && array_of(v[0]) == nullptr) {
    bool from_numpy = false;
    if (auto* list = as<pylang::List>(v[0]); list != nullptr && !list->items.empty())
      from_numpy = array_of(list->items[0]) != nullptr;
    if (!from_numpy && a->dtype == DType::float64) dtype = DType::float32;
    if (!from_numpy && a->dtype == DType::int64) {
      bool fits = true;
      for_each_offset(a->shape, a->strides, [&](std::int64_t o) {
        const std::int64_t n = int_at(a->dtype, a->data + o);
        fits = fits && n == static_cast<std::int32_t>(n);
      });
      if (fits) dtype = DType::int32;
    }
    if (!from_numpy && a->dtype == DType::complex128) dtype = DType::complex64;
  }
  kedge::Tensor data = to_tensor_data(*a);
  return Value::object(t.make_constant(dtype && *dtype != data.dtype() ? data.cast(*dtype) : std::move(data)));
}

Value call_value(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "value", "t");
  TensorObject* t = tensor_argument(interp, v[0]);
  if (t == nullptr) return Value();
  return t->constant ? wrap(interp, to_array_data(*t->constant), false) : Value::none();
}

Value call_known_ints(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "known_ints", "t");
  TensorObject* t = tensor_argument(interp, v[0]);
  if (t == nullptr) return Value();
  if (t->known) {
    std::vector<Value> items;
    for (const Dim& d : *t->known) items.push_back(d.known() ? Value::integer(d.value()) : Value::none());
    return interp.list(std::move(items));
  }
  if (!t->constant || is_float(t->dtype) || is_complex(t->dtype)) return Value::none();
  const Value nested = to_nested_list(interp, to_array_data(*t->constant));
  return t->shape.empty() ? interp.list({nested}) : nested;
}

Value dims_list(Interp& interp, const Shape& shape) {
  std::vector<Value> items;
  for (const Dim& d : shape)
    items.push_back(d.known() ? Value::integer(d.value())
                              : Value::object(tracer(interp).make_known({d}, DType::int32, true)));
  return interp.list(std::move(items));
}
Value call_dims(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "dims", "t");
  TensorObject* t = tensor_argument(interp, v[0]);
  return t != nullptr ? dims_list(interp, t->shape) : Value();
}
Value call_shape_tensor(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "shape_tensor", "t", "dtype=");
  TensorObject* t = tensor_argument(interp, v[0]);
  if (t == nullptr) return Value();
  DType dtype = DType::int32;
  if (set(v[1])) {
    const auto asked = dtype_of(interp, v[1]);
    if (!asked) return Value();
    dtype = *asked;
  }
  return Value::object(tracer(interp).make_known(t->shape, dtype, false));
}
Value call_pack_dims(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "pack_dims", "dims", "dtype=");
  const auto dims = to_dims(interp, v[0]);
  if (!dims) return Value();
  DType dtype = DType::int32;
  if (set(v[1])) {
    const auto asked = dtype_of(interp, v[1]);
    if (!asked) return Value();
    dtype = *asked;
  }
  return Value::object(tracer(interp).make_known(*dims, dtype, false));
}
Value call_static_shape(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "static_shape", "t");
  TensorObject* t = tensor_argument(interp, v[0]);
  return t != nullptr ? shape_tuple(interp, t->shape) : Value();
}
Value call_dtype_of(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "dtype_of", "t");
  TensorObject* t = tensor_argument(interp, v[0]);
  return t != nullptr ? interp.str(dtype_name(t->dtype)) : Value();
}
Value call_is_symbolic(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "is_symbolic", "x");
  if (!tracer(interp).is_tensor_like(v[0])) return Value::boolean(false);
  TensorObject* t = tracer(interp).find_tensor(v[0]);
  return t == nullptr ? Value() : Value::boolean(!t->concrete());
}

// ---- inputs and weights
std::optional<std::vector<std::optional<std::int64_t>>> open_shape(Interp& interp, Value v) {
  const auto items = interp.to_vector(v);
  if (!items) return std::nullopt;
  std::vector<std::optional<std::int64_t>> out;
  for (const Value item : *items) {
    if (item.is_none()) {
      out.push_back(std::nullopt);
      continue;
    }
    const auto n = to_int(interp, item);
    if (!n) return std::nullopt;
    if (*n < 0) {
      fail(interp, "ValueError", "a shape must not be negative");
      return std::nullopt;
    }
    out.push_back(*n);
  }
  return out;
}
Value make_input(Interp& interp, Args args, void* context) {
  KEDGE_BIND(v, 3, "input", "name", "shape", "dtype");
  const auto name = text_of(interp, v[0], "the input's name");
  if (!name) return Value();
  const auto shape = open_shape(interp, v[1]);
  if (!shape) return Value();
  const auto dtype = dtype_of(interp, v[2]);
  if (!dtype) return Value();
  Tracer& t = tracer(interp);
  return Value::object(t.make_input(*name, *dtype, *shape, context != nullptr));
}
Value call_weight(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "weight", "name", "shape", "dtype");
  const auto name = text_of(interp, v[0], "the weight's name");
  if (!name) return Value();
  const auto shape = to_ints(interp, v[1]);
  if (!shape) return Value();
  const auto dtype = dtype_of(interp, v[2]);
  if (!dtype) return Value();
  for (const std::int64_t d : *shape) {
    if (d < 0) return interp.raise("ValueError", "a weight's shape must not be negative");
  }
  return Value::object(tracer(interp).make_weight(*name, *dtype, *shape));
}
Value call_weight_initial(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "weight_initial", "t", "value");
  TensorObject* t = tracer(interp).find_tensor(v[0]);
  if (t == nullptr || t->weight < 0) return interp.raise("TypeError", "weight_initial needs a weight");
  KEDGE_ARRAY(a, v[1]);
  kedge::Tensor data = to_tensor_data(a);
  tracer(interp).weights[static_cast<std::size_t>(t->weight)].initial =
      data.dtype() == t->dtype ? std::move(data) : data.cast(t->dtype);
  return Value::none();
}

// ---- regions and places
std::optional<AttrValue> free_attr(Interp& interp, Value v) {
  if (v.is_bool()) return v.b;
  if (v.is_int()) return v.i;
  if (v.is_float()) return v.f;
  if (auto* s = as<pylang::Str>(v)) return s->text;
  if (as<pylang::List>(v) != nullptr || as<pylang::Tuple>(v) != nullptr) {
    const auto items = interp.to_vector(v);
    std::vector<std::int64_t> ints;
    std::vector<double> reals;
    std::vector<std::string> texts;
    for (const Value item : *items) {
      if (item.is_int()) ints.push_back(item.i);
      if (item.is_int() || item.is_float()) reals.push_back(item.is_int() ? static_cast<double>(item.i) : item.f);
      if (auto* s = as<pylang::Str>(item)) texts.push_back(s->text);
    }
    if (ints.size() == items->size()) return ints;
    if (reals.size() == items->size()) return reals;
    if (texts.size() == items->size()) return texts;
  }
  return std::nullopt;  // other values say nothing that a back-end could use
}

Value call_region_begin(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 5, "region_begin", "kind", "name", "instance", "attrs=", "inputs=");
  const auto kind = text_of(interp, v[0], "kind");
  if (!kind) return Value();
  const auto name = text_of(interp, v[1], "name");
  if (!name) return Value();
  Tracer& t = tracer(interp);
  Scope& scope = t.current();
  ir::Region region;
  region.kind = *kind;
  region.name = *name;
  if (auto* s = as<pylang::Str>(v[2])) region.instance = s->text;
  region.parent = scope.regions.back();
  if (auto* dict = as<pylang::Dict>(v[3])) {
    for (const auto& entry : dict->entries) {
      auto* key = as<pylang::Str>(entry.key);
      if (entry.key.is_error() || key == nullptr) continue;
      if (auto value = free_attr(interp, entry.value)) region.attrs.set(key->text, std::move(*value));
    }
  }
  if (set(v[4])) {
    const auto inputs = tensor_list(interp, v[4]);
    if (!inputs) return Value();
    for (TensorObject* tensor : *inputs) {
      const bool plain = tensor == nullptr || ((tensor->constant || tensor->known) && !scope.ids.contains(tensor));
      const ir::ValueId id = plain ? -1 : t.id_in(scope, tensor);
      if (!plain && id < 0) return Value();
      region.inputs.push_back(id);
    }
  }
  const auto id = static_cast<ir::RegionId>(scope.graph.regions().size());
  scope.graph.regions().push_back(std::move(region));
  scope.regions.push_back(id);
  return Value::integer(id);
}
Value call_region_end(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "region_end", "token", "outputs=");
  Scope& scope = tracer(interp).current();
  const auto id = to_int(interp, v[0]);
  if (!id) return Value();
  // Regions left open by an exception that was caught further out end with it.
  while (scope.regions.size() > 1 && scope.regions.back() != *id) scope.regions.pop_back();
  if (scope.regions.size() > 1) scope.regions.pop_back();
  if (*id <= 0 || *id >= static_cast<std::int64_t>(scope.graph.regions().size()))
    return interp.raise("ValueError", "no such region");
  if (set(v[1])) {
    const auto outputs = tensor_list(interp, v[1]);
    if (!outputs) return Value();
    for (TensorObject* tensor : *outputs) {
      const auto found = tensor == nullptr ? scope.ids.end() : scope.ids.find(tensor);
      scope.graph.regions()[static_cast<std::size_t>(*id)].outputs.push_back(found == scope.ids.end() ? -1
                                                                                                      : found->second);
    }
  }
  return Value::none();
}
Value call_enter(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "enter_path", "segment", "layer=");
  const auto segment = text_of(interp, v[0], "segment");
  if (!segment) return Value();
  auto* layer = as<pylang::Str>(v[1]);
  return Value::integer(tracer(interp).enter(*segment, layer != nullptr ? layer->text : ""));
}
Value call_leave(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "leave_path", "depth=");
  Tracer& t = tracer(interp);
  if (set(v[0])) {
    const auto depth = to_int(interp, v[0]);
    if (!depth) return Value();
    t.leave(*depth);
  } else {
    const std::int64_t depth = t.enter("", "");
    t.leave(depth > 0 ? depth - 1 : 0);
  }
  return Value::none();
}

// ---- sources, refusals, notes
Span span_of(Interp& interp, Value v) {
  if (auto* type = as<Type>(v)) return type->span;
  if (auto* method = as<pylang::BoundMethod>(v)) return span_of(interp, method->function);
  return {};
}
Value call_source_of(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "source_of", "object");
  const Span span = span_of(interp, v[0]);
  if (!span.valid()) return interp.str("");
  const SourceText& text = interp.sources().get(span.source);
  return interp.str(text.path + ":" + std::to_string(interp.sources().line_column(span.source, span.begin).line));
}
Value call_refuse(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "refuse", "code", "message", "help=");
  const auto code = text_of(interp, v[0], "code");
  if (!code) return Value();
  const auto message = text_of(interp, v[1], "message");
  if (!message) return Value();
  Diagnostic d;
  d.code = *code;
  d.message = *message;
  if (auto* help = as<pylang::Str>(v[2])) d.help.push_back(help->text);
  return interp.refuse(std::move(d));
}
Value call_import(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "import_module", "name");
  const auto name = text_of(interp, v[0], "the module's name");
  return name ? interp.import_module(*name) : Value();
}
Value call_note(Interp& interp, Args args, void*) {
  if (args.positional.empty()) return interp.raise("TypeError", "_kedge.note(kind, **facts)");
  const auto kind = text_of(interp, args.positional[0], "kind");
  if (!kind) return Value();
  Tracer& t = tracer(interp);
  Note note{*kind, {}, interp.user_span(), t.layer_path()};
  for (std::size_t i = 0; i < args.names.size(); ++i) {
    const auto text = interp.str_of(args.named[i]);
    if (!text) return Value();
    note.facts.emplace_back(args.names[i]->text, *text);
  }
  t.notes.push_back(std::move(note));
  return Value::none();
}

// ---- numpy's side of tensors
std::optional<Array> array_of_tensor(Interp& interp, Value v) {
  Tracer& t = tracer(interp);
  if (!t.is_tensor_like(v)) return std::nullopt;
  TensorObject* tensor = t.find_tensor(v);
  if (tensor == nullptr) return std::nullopt;
  if (tensor->constant) return to_array_data(*tensor->constant);
  (void)interp.raise(
      "NotImplementedError",
      "Cannot convert a symbolic tensor to a numpy array: its values are only known when the model runs");
  return std::nullopt;
}
bool defers_to_tensor(Interp& interp, Value v) { return tracer(interp).is_tensor_like(v); }

}  // namespace

bool init_kedge_module(Interp& interp, Module& module, void*) {
  Tracer& t = tracer(interp);
  if (t.tensor_type() == nullptr) t.set_tensor_type(make_tensor_type(interp));
  Numpy& np = numpy(interp);
  np.foreign = array_of_tensor;
  np.defers = defers_to_tensor;
  interp.dict_set(module.dict, "Tensor", Value::object(t.tensor_type()));
  static int placeholder = 0;
  interp.def(module, "op", call_op);
  interp.def(module, "cast", call_cast);
  interp.def(module, "cond", call_cond);
  interp.def(module, "while_loop", call_while);
  interp.def(module, "constant", call_constant);
  interp.def(module, "value", call_value);
  interp.def(module, "known_ints", call_known_ints);
  interp.def(module, "dims", call_dims);
  interp.def(module, "shape_tensor", call_shape_tensor);
  interp.def(module, "pack_dims", call_pack_dims);
  interp.def(module, "static_shape", call_static_shape);
  interp.def(module, "dtype_of", call_dtype_of);
  interp.def(module, "is_symbolic", call_is_symbolic);
  interp.def(module, "input", make_input);
  interp.def(module, "placeholder", make_input, &placeholder);
  interp.def(module, "weight", call_weight);
  interp.def(module, "weight_initial", call_weight_initial);
  interp.def(module, "region_begin", call_region_begin);
  interp.def(module, "region_end", call_region_end);
  interp.def(module, "enter", call_enter);
  interp.def(module, "leave", call_leave);
  interp.def(module, "enter_path", call_enter);
  interp.def(module, "leave_path", call_leave);
  interp.def(module, "source_of", call_source_of);
  interp.def(module, "refuse", call_refuse);
  interp.def(module, "import_module", call_import);
  interp.def(module, "note", call_note);
  return !interp.has_exception();
}

}  // namespace kedge::frontends
