// Building graphs from symbolic tensors; see tracer.h.
#include "frontends/source/tracer.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "ops/append.h"
#include "ops/interpret.h"
#include "ops/ops.h"

namespace kedge::frontends {

using pylang::as;

namespace {
constexpr std::int64_t kFoldBytes = std::int64_t{1}
                                    << 20;  // larger results stay operations: the file would carry them otherwise

DType numpy_dtype(DType dtype) {
  return dtype == DType::bfloat16 ? DType::float32 : dtype == DType::int4 ? DType::int8 : dtype;
}
}  // namespace

kedge::Tensor to_tensor_data(const Array& a) {
  const Array whole = contiguous_of(a);
  kedge::Tensor out(whole.dtype, whole.shape);
  if (whole.size() > 0) std::memcpy(out.mutable_data(), whole.data, static_cast<std::size_t>(whole.byte_size()));
  return out;
}

Array to_array_data(const kedge::Tensor& t) {
  const DType dtype = numpy_dtype(t.dtype());
  const kedge::Tensor ready = dtype == t.dtype() ? t : t.cast(dtype);
  Array out = make_array(dtype, ready.shape());
  if (out.size() > 0) std::memcpy(out.data, ready.bytes().data(), static_cast<std::size_t>(out.byte_size()));
  return out;
}

Tracer::Tracer(Interp& interp, std::string place) : interp_(interp), place_(std::move(place)) {
  scopes_.push_back(std::make_unique<Scope>());
  current_ = scopes_.front().get();
}

// ---- tensors
TensorObject* Tracer::make_constant(kedge::Tensor data) {
  auto* t = interp_.make<TensorObject>(tensor_type_);
  t->dtype = data.dtype();
  t->shape = to_shape(data.shape());
  if (is_integer(data.dtype()) && data.rank() <= 1 && data.size() <= 64) {
    t->known.emplace();
    for (std::int64_t i = 0; i < data.size(); ++i) t->known->push_back(Dim(data.element_as_int(i)));
  }
  t->constant = std::move(data);
  return t;
}

TensorObject* Tracer::make_known(std::vector<Dim> values, DType dtype, bool scalar) {
  if (std::all_of(values.begin(), values.end(), [](const Dim& d) { return d.known(); })) {
    std::vector<std::int64_t> numbers;
    numbers.reserve(values.size());
    for (const Dim& d : values) numbers.push_back(d.value());
    const StaticShape shape = scalar ? StaticShape{} : StaticShape{static_cast<std::int64_t>(values.size())};
    return make_constant(kedge::Tensor::of<std::int64_t>(DType::int64, shape, numbers).cast(dtype));
  }
  auto* t = interp_.make<TensorObject>(tensor_type_);
  t->dtype = dtype;
  if (!scalar) t->shape = {Dim(static_cast<std::int64_t>(values.size()))};
  t->known = std::move(values);
  return t;
}

TensorObject* Tracer::make_value(Scope& scope, ir::ValueId id) {
  auto* t = interp_.make<TensorObject>(tensor_type_);
  const ir::Value& value = scope.graph.value(id);
  t->dtype = value.dtype;
  t->shape = value.shape;
  t->home = &scope;
  t->id = id;
  scope.ids[t] = id;
  return t;
}

TensorObject* Tracer::make_input(const std::string& name, DType dtype,
                                 const std::vector<std::optional<std::int64_t>>& shape, bool placeholder) {
  Shape dims;
  for (std::size_t k = 0; k < overlays.size() && !placeholder; ++k) {
    if (!overlays[k].first.empty() && overlays[k].first != name) continue;
    const Shape given = to_shape(overlays[k].second);
    if (overlays[k].first.empty()) overlays.erase(overlays.begin() + static_cast<std::ptrdiff_t>(k));
    return make_value(root(), root().graph.add_input(name, dtype, given));
  }
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i == 0 && !shape[i] && batch) dims.push_back(Dim(*batch));
    else if (shape[i]) dims.push_back(Dim(*shape[i]));
    else dims.push_back(Dim::symbol(i == 0 ? "batch" : name + "." + std::to_string(i)));
  }
  return make_value(
      root(), placeholder ? root().graph.add_value(dtype, dims, name) : root().graph.add_input(name, dtype, dims));
}

TensorObject* Tracer::make_weight(const std::string& name, DType dtype, const StaticShape& shape) {
  TensorObject* t = make_value(root(), root().graph.add_value(dtype, to_shape(shape), name));
  t->weight = static_cast<std::int32_t>(weights.size());
  weights.push_back({name, t, interp_.user_span(), layer_path(), std::nullopt, false});
  return t;
}

bool Tracer::is_tensor_like(Value value) {
  if (!value.is_object()) return false;
  if (tensor_of(value) != nullptr) return true;
  if (as<pylang::Instance>(value) == nullptr) return false;
  return !interp_.lookup_type_attr(value.o->type, interp_.intern("_kedge_tensor")).is_error();
}

TensorObject* Tracer::find_tensor(Value value) {
  if (TensorObject* t = tensor_of(value)) return t;
  if (is_tensor_like(value)) {
    const Value inner = interp_.getattr(value, "_kedge_tensor");
    if (inner.is_error()) return nullptr;
    if (TensorObject* t = tensor_of(inner)) return t;
    return is_tensor_like(inner) ? nullptr : find_tensor(inner);
  }
  if (const NdArray* array = array_of(value)) return make_constant(to_tensor_data(array->a));
  if (value.is_bool())
    return make_constant(kedge::Tensor::scalar<std::int64_t>(DType::int64, value.b ? 1 : 0).cast(DType::boolean));
  if (value.is_int())
    return make_constant(kedge::Tensor::scalar<std::int64_t>(DType::int64, value.i)
                             .cast(value.i == static_cast<std::int32_t>(value.i) ? DType::int32 : DType::int64));
  if (value.is_float())
    return make_constant(kedge::Tensor::scalar<double>(DType::float64, value.f).cast(DType::float32));
  return nullptr;
}

TensorObject* Tracer::to_tensor(Value value, std::optional<DType> like) {
  const bool number = value.is_bool() || value.is_int() || value.is_float();
  if (number && like) {
    if (value.is_float() && (is_float(*like) || is_complex(*like)))
      return make_constant(kedge::Tensor::scalar<double>(DType::float64, value.f).cast(*like));
    if (value.is_int() && *like != DType::boolean)
      return make_constant(kedge::Tensor::scalar<std::int64_t>(DType::int64, value.i).cast(*like));
  }
  TensorObject* t = find_tensor(value);
  if (t == nullptr && !interp_.has_exception()) {
    const std::optional<Array> a = to_array(interp_, value);
    if (a)
      t = make_constant(
          to_tensor_data(a->dtype == DType::float64 && array_of(value) == nullptr ? cast_to(*a, DType::float32)
                         : a->dtype == DType::int64 && array_of(value) == nullptr ? cast_to(*a, DType::int32)
                                                                                  : *a));
  }
  if (t != nullptr && like && number && t->dtype != *like) t = cast(t, *like);
  return t;
}

// ---- graphs
ir::ValueId Tracer::id_in(Scope& scope, TensorObject* t) {
  if (const auto found = scope.ids.find(t); found != scope.ids.end()) return found->second;
  if (t->constant) {
    const ir::ValueId id = scope.graph.add_constant(*t->constant);
    scope.ids[t] = id;
    return id;
  }
  if (t->known) {
    Attrs attrs;
    attrs.set("values", Shape(*t->known));
    attrs.set("to", t->dtype);
    attrs.set("scalar", t->shape.empty());
    Result<ir::ValueId> id =
        ops::append(scope.graph, "dims", {}, std::move(attrs), {origin(), scope.regions.back(), -1});
    if (!id.ok()) {
      (void)interp_.refuse(std::move(id.error().diagnostic()));
      return -1;
    }
    scope.ids[t] = *id;
    return *id;
  }
  bool reachable = false;
  for (const Scope* s = scope.parent; s != nullptr; s = s->parent) reachable = reachable || s == t->home;
  if (!reachable) {
    (void)interp_.refuse("K0325", "this tensor was made inside a branch or loop body and is used outside of it");
    return -1;
  }
  const ir::ValueId id = scope.graph.add_input("", t->dtype, t->shape);
  scope.ids[t] = id;
  scope.captures.push_back(t);
  return id;
}

std::optional<std::vector<TensorObject*>> Tracer::fold(std::string_view op, const std::vector<TensorObject*>& inputs,
                                                       const Attrs& attrs) {
  for (const TensorObject* t : inputs) {
    if (t != nullptr && !t->constant) return std::nullopt;
  }
  ir::Graph scratch;
  std::vector<ir::ValueId> ids;
  ids.reserve(inputs.size());
  for (const TensorObject* t : inputs) ids.push_back(t == nullptr ? -1 : scratch.add_constant(*t->constant));
  Result<std::vector<ir::ValueId>> outputs = ops::append_all(scratch, op, ids, attrs);
  if (!outputs.ok()) return std::nullopt;  // reported when the node itself is made
  std::int64_t bytes = 0;
  for (const ir::ValueId id : *outputs) {
    const std::optional<StaticShape> shape = static_shape(scratch.value(id).shape);
    if (!shape) return std::nullopt;
    bytes += element_count(*shape) * dtype_size(scratch.value(id).dtype);
  }
  if (bytes > kFoldBytes) return std::nullopt;
  std::vector<const kedge::Tensor*> data;
  data.reserve(inputs.size());
  for (const TensorObject* t : inputs) data.push_back(t == nullptr ? nullptr : &*t->constant);
  const ir::NodeId node = scratch.value((*outputs)[0]).producer;
  if (node < 0) return std::nullopt;
  Result<std::vector<kedge::Tensor>> results = ops::run_node(scratch, scratch.node(node), data);
  if (!results.ok()) return std::nullopt;
  if (!interp_.charge(bytes)) return std::nullopt;
  std::vector<TensorObject*> out;
  for (kedge::Tensor& r : *results) out.push_back(make_constant(std::move(r)));
  return out;
}

std::optional<std::vector<TensorObject*>> Tracer::emit(std::string_view op, const std::vector<TensorObject*>& inputs,
                                                       Attrs attrs, std::vector<std::unique_ptr<ir::Graph>> bodies) {
  if (bodies.empty()) {
    if (TensorObject* t = fold_known(op, inputs, attrs)) return std::vector<TensorObject*>{t};
    if (interp_.has_exception()) return std::nullopt;
    if (auto folded = fold(op, inputs, attrs)) return folded;
    if (interp_.has_exception()) return std::nullopt;
  }
  Scope& scope = current();
  std::vector<ir::ValueId> ids;
  for (TensorObject* t : inputs) {
    const ir::ValueId id = t == nullptr ? -1 : id_in(scope, t);
    if (t != nullptr && id < 0) return std::nullopt;
    ids.push_back(id);
  }
  Result<std::vector<ir::ValueId>> outputs = ops::append_all(scope.graph, op, std::move(ids), std::move(attrs),
                                                             {origin(), scope.regions.back(), -1}, std::move(bodies));
  if (!outputs.ok()) {
    const Diagnostic& d = outputs.error().diagnostic();
    fail(interp_, "ValueError", d.message);
    if (pylang::ExceptionObject* e = interp_.pending()) e->code = d.code;
    return std::nullopt;
  }
  std::vector<TensorObject*> out;
  for (const ir::ValueId id : *outputs) out.push_back(make_value(scope, id));
  return out;
}

TensorObject* Tracer::emit1(std::string_view op, const std::vector<TensorObject*>& inputs, Attrs attrs) {
  const auto out = emit(op, inputs, std::move(attrs));
  return out ? (*out)[0] : nullptr;
}

TensorObject* Tracer::cast(TensorObject* t, DType dtype) {
  if (t->dtype == dtype) return t;
  Attrs attrs;
  attrs.set("to", dtype);
  return emit1("cast", {t}, std::move(attrs));
}

TensorObject* Tracer::to_condition(TensorObject* t) {
  if (t->dtype != DType::boolean) {
    TensorObject* zero = to_tensor(Value::integer(0), t->dtype);
    if (zero == nullptr) return nullptr;
    t = emit1("not_equal", {t, zero});
    if (t == nullptr) return nullptr;
  }
  if (t->shape.empty()) return t;
  if (element_count(t->shape) != Dim(1)) {
    fail(interp_, "ValueError",
         "The truth value of a tensor with more than one element is ambiguous: shape " + shape_to_string(t->shape));
    return nullptr;
  }
  Attrs attrs;
  attrs.set("shape", Shape{});
  return emit1("reshape", {t}, std::move(attrs));
}

// ---- where we are
std::int64_t Tracer::enter(std::string segment, std::string layer) {
  const auto depth = static_cast<std::int64_t>(stack_.size());
  stack_.emplace_back(std::move(segment), std::move(layer));
  return depth;
}
void Tracer::leave(std::int64_t depth) {
  if (depth >= 0 && depth < static_cast<std::int64_t>(stack_.size())) stack_.resize(static_cast<std::size_t>(depth));
}
std::string Tracer::config_place() const {
  std::string path = place_;
  std::string inside;
  for (const auto& [segment, layer] : stack_) {
    if (!segment.empty()) inside += (inside.empty() ? "" : ".") + segment;
  }
  if (!config_name.empty()) path += " › " + config_name;
  if (!inside.empty()) path += " › " + inside;
  return path;
}
std::string Tracer::layer_path() const {
  // The layers whose calls are running, outermost first; the model itself is left out.
  std::vector<std::string> names;
  for (const Scope* scope = current_; scope != nullptr; scope = scope->parent) {
    const std::vector<ir::Region>& regions = scope->graph.regions();
    for (std::size_t i = scope->regions.size(); i-- > 0;) {
      const ir::Region& region = regions[static_cast<std::size_t>(scope->regions[i])];
      if (region.kind == "layer" && !region.instance.empty()) names.push_back(region.instance);
    }
  }
  if (!names.empty() && names.back() == model_name) names.pop_back();
  std::reverse(names.begin(), names.end());
  return join(names, "/");
}
ir::Origin Tracer::origin() const { return {interp_.user_span(), config_place(), layer_path()}; }

// ---- bodies
Scope& Tracer::push_scope() {
  scopes_.push_back(std::make_unique<Scope>());
  scopes_.back()->parent = current_;
  current_ = scopes_.back().get();
  return *current_;
}

std::optional<std::vector<TensorObject*>> Tracer::call_tensors(Value fn, const std::vector<TensorObject*>& arguments) {
  std::vector<Value> values;
  values.reserve(arguments.size());
  for (TensorObject* t : arguments) values.push_back(Value::object(t));
  const Value result = interp_.call(fn, values);
  if (result.is_error()) return std::nullopt;
  std::vector<Value> items{result};
  if (as<pylang::List>(result) != nullptr || as<pylang::Tuple>(result) != nullptr) {
    const auto all = interp_.to_vector(result);
    if (!all) return std::nullopt;
    items = *all;
  }
  std::vector<TensorObject*> out;
  for (const Value item : items) {
    TensorObject* t = to_tensor(item);
    if (t == nullptr) return std::nullopt;
    out.push_back(t);
  }
  return out;
}

namespace {

/// Gives two bodies the same captures in the same order, after `carried` own inputs each.
std::vector<TensorObject*> unify_captures(Tracer& tracer, Scope& a, Scope& b, std::size_t carried) {
  std::vector<TensorObject*> all = a.captures;
  for (TensorObject* t : b.captures) {
    if (std::find(all.begin(), all.end(), t) == all.end()) all.push_back(t);
  }
  for (Scope* scope : {&a, &b}) {
    std::vector<ir::ValueId> inputs(scope->graph.inputs.begin(),
                                    scope->graph.inputs.begin() + static_cast<std::ptrdiff_t>(carried));
    for (TensorObject* t : all) inputs.push_back(tracer.id_in(*scope, t));
    scope->graph.inputs = std::move(inputs);
  }
  return all;
}

std::unique_ptr<ir::Graph> take_graph(Scope& scope) {
  scope.closed = true;
  return std::make_unique<ir::Graph>(std::move(scope.graph));
}

bool set_outputs(Tracer& tracer, Scope& scope, const std::vector<TensorObject*>& tensors) {
  for (TensorObject* t : tensors) {
    const ir::ValueId id = tracer.id_in(scope, t);
    if (id < 0) return false;
    scope.graph.outputs.push_back(id);
    scope.graph.output_names.emplace_back();
  }
  return true;
}

}  // namespace

std::optional<std::vector<TensorObject*>> Tracer::cond(TensorObject* predicate, Value then_fn, Value else_fn) {
  TensorObject* condition = to_condition(predicate);
  if (condition == nullptr) return std::nullopt;
  if (condition->constant) return call_tensors(condition->constant->element_as_int(0) != 0 ? then_fn : else_fn, {});
  Scope* outer = current_;
  Scope* bodies[2] = {};
  std::vector<TensorObject*> results[2];
  for (int i = 0; i < 2; ++i) {
    bodies[i] = &push_scope();
    auto made = call_tensors(i == 0 ? then_fn : else_fn, {});
    const bool good = made && set_outputs(*this, *bodies[i], *made);
    current_ = outer;
    if (!good) return std::nullopt;
    results[i] = std::move(*made);
  }
  if (results[0].size() != results[1].size()) {
    fail(interp_, "ValueError",
         "the branches of cond return different numbers of tensors: " + std::to_string(results[0].size()) + " and " +
             std::to_string(results[1].size()));
    return std::nullopt;
  }
  for (std::size_t i = 0; i < results[0].size(); ++i) {
    if (results[0][i]->dtype != results[1][i]->dtype) {
      fail(interp_, "TypeError",
           "the branches of cond return different dtypes: " + std::string(dtype_name(results[0][i]->dtype)) + " and " +
               std::string(dtype_name(results[1][i]->dtype)));
      return std::nullopt;
    }
    if (results[0][i]->shape != results[1][i]->shape) {
      fail(interp_, "ValueError",
           "the branches of cond return different shapes: " + shape_to_string(results[0][i]->shape) + " and " +
               shape_to_string(results[1][i]->shape));
      return std::nullopt;
    }
  }
  std::vector<TensorObject*> inputs{condition};
  for (TensorObject* t : unify_captures(*this, *bodies[0], *bodies[1], 0)) inputs.push_back(t);
  std::vector<std::unique_ptr<ir::Graph>> graphs;
  graphs.push_back(take_graph(*bodies[0]));
  graphs.push_back(take_graph(*bodies[1]));
  return emit("if", inputs, {}, std::move(graphs));
}

std::optional<std::vector<TensorObject*>> Tracer::while_loop(Value cond_fn, Value body_fn,
                                                             std::vector<TensorObject*> state) {
  Scope* outer = current_;
  Scope* bodies[2] = {};
  for (int i = 0; i < 2; ++i) {
    Scope& scope = *(bodies[i] = &push_scope());
    std::vector<TensorObject*> arguments;
    arguments.reserve(state.size());
    for (TensorObject* t : state) arguments.push_back(make_value(scope, scope.graph.add_input("", t->dtype, t->shape)));
    auto made = call_tensors(i == 0 ? cond_fn : body_fn, arguments);
    bool good = made.has_value();
    if (good && i == 0) {
      TensorObject* condition = made->size() == 1 ? to_condition((*made)[0]) : nullptr;
      if (made->size() != 1) fail(interp_, "ValueError", "the condition of while_loop must return one boolean scalar");
      good = condition != nullptr;
      if (good) *made = {condition};
    }
    if (good && i == 1) {
      if (made->size() != state.size()) {
        fail(interp_, "ValueError",
             "the body of while_loop returns " + std::to_string(made->size()) + " values for " +
                 std::to_string(state.size()) + " loop variables");
        good = false;
      }
      for (std::size_t k = 0; good && k < state.size(); ++k) {
        TensorObject* t = (*made)[k];
        if (t->dtype != state[k]->dtype || t->shape != state[k]->shape) {
          fail(interp_, "ValueError",
               "loop variable " + std::to_string(k) + " changes from " + std::string(dtype_name(state[k]->dtype)) +
                   shape_to_string(state[k]->shape) + " to " + std::string(dtype_name(t->dtype)) +
                   shape_to_string(t->shape) + " in the body of while_loop");
          good = false;
        }
      }
    }
    good = good && set_outputs(*this, scope, *made);
    current_ = outer;
    if (!good) return std::nullopt;
  }
  std::vector<TensorObject*> inputs = state;
  for (TensorObject* t : unify_captures(*this, *bodies[0], *bodies[1], state.size())) inputs.push_back(t);
  std::vector<std::unique_ptr<ir::Graph>> graphs;
  graphs.push_back(take_graph(*bodies[0]));
  graphs.push_back(take_graph(*bodies[1]));
  Attrs attrs;
  attrs.set("carried", static_cast<std::int64_t>(state.size()));
  return emit("while", inputs, std::move(attrs), std::move(graphs));
}

}  // namespace kedge::frontends
