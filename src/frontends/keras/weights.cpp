// Binding stored arrays to variables, with proof: see weights.h and docs/errors/weights.txt.
#include "frontends/keras/weights.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "frontends/keras/stored_kernels.h"

namespace kedge::frontends {
namespace {

std::string shape_text(const StaticShape& shape) { return formats::shape_text(shape); }

std::string describe(const kedge::Tensor& t) {
  return shape_text(t.shape()) + " " + std::string(dtype_name(t.dtype()));
}

std::string describe(const VariablePlace& v) {
  const std::string name = v.layer.empty() ? v.name : v.layer + "/" + v.name;
  return "`" + name + "` (" + shape_text(static_shape(v.tensor->shape).value_or(StaticShape{})) + " " +
         std::string(dtype_name(v.tensor->dtype)) + ")";
}

std::string group_of(std::string_view path) { return std::string(path.substr(0, path.rfind('/'))); }

/// Collects faults so that all of them are reported together: the first is the error, the others its notes.
class Faults {
 public:
  void add(Diagnostic d) {
    if (!first_) first_ = std::move(d);
    else others_.push_back(d.message);
  }
  bool any() const { return first_.has_value(); }
  Error take() {
    constexpr std::size_t kMost = 8;
    for (std::size_t i = 0; i < others_.size() && i < kMost; ++i) first_->notes.push_back("also: " + others_[i]);
    if (others_.size() > kMost) first_->notes.push_back("and " + std::to_string(others_.size() - kMost) + " more");
    return Error(std::move(*first_));
  }

 private:
  std::optional<Diagnostic> first_;
  std::vector<std::string> others_;
};

Diagnostic make_fault(const char* code, std::string message, std::string place, const WeightSlot* slot,
                      const std::string& label) {
  Diagnostic d;
  d.code = code;
  d.message = std::move(message);
  d.primary.location = Location::in(std::move(place));
  if (slot != nullptr && slot->made_at.valid()) d.secondary.push_back({Location::at(slot->made_at), label});
  return d;
}

}  // namespace

Result<WeightStore> WeightStore::open(Bytes bytes, std::shared_ptr<const void> owner, const Limits& limits,
                                      std::string place) {
  KEDGE_TRY(formats::Hdf5File file, formats::Hdf5File::open(bytes, limits, place));
  KEDGE_TRY(std::vector<formats::Hdf5Object> objects, file.walk());
  WeightStore store;
  store.owner_ = std::move(owner);
  store.place_ = std::move(place);
  for (formats::Hdf5Object& object : objects) {
    if (!object.is_dataset()) continue;
    std::string path = object.path();
    std::replace(path.begin(), path.end(), '\\', '/');  // Keras 2 on Windows joined names with backslashes
    store.datasets_.emplace(std::move(path), object);
  }
  return store;
}

const formats::Hdf5Object* WeightStore::find(std::string_view path) const {
  const auto found = datasets_.find(path);
  return found == datasets_.end() ? nullptr : &found->second;
}

std::vector<std::string> WeightStore::paths() const {
  std::vector<std::string> out;
  for (const auto& [path, object] : datasets_) out.push_back(path);
  return out;
}

std::vector<std::string> WeightStore::keys(std::string_view group) const {
  std::vector<std::string> out;
  const std::string prefix = group.empty() ? "" : std::string(group) + "/";
  for (const auto& [path, object] : datasets_) {
    if (!path.starts_with(prefix)) continue;
    const std::string rest = path.substr(prefix.size());
    std::string key = rest.substr(0, rest.find('/'));
    if (std::find(out.begin(), out.end(), key) == out.end()) out.push_back(std::move(key));
  }
  return out;
}

Result<kedge::Tensor> WeightStore::read(std::string_view path, std::optional<DType> wanted) const {
  const formats::Hdf5Object* object = find(path);
  KEDGE_CHECK(object != nullptr, "read() of a path that find() does not know");
  KEDGE_TRY(formats::NpyArray array, object->read());
  std::optional<DType> dtype = parse_dtype_npy(array.dtype);
  if (array.dtype == "bf2") dtype = DType::bfloat16;
  if (!dtype && array.dtype == "V2" && wanted == DType::bfloat16) dtype = DType::bfloat16;
  if (!dtype)
    return make_error("K0504", "this array has the dtype " + array.dtype + ", which no variable has",
                      Location::in(place(path)));
  const auto holder = std::make_shared<std::pair<std::shared_ptr<const void>, formats::Blob>>(owner_, array.data);
  if (static_cast<std::int64_t>(array.data.size()) != element_count(array.shape) * dtype_size(*dtype)) {
    return make_error("K0504", "this array's bytes do not fit its shape", Location::in(place(path)));
  }
  return kedge::Tensor(*dtype, array.shape, holder->second.bytes(), holder);
}

namespace {

/// The fitted array for a variable, or a fault.
std::optional<kedge::Tensor> fit(kedge::Tensor stored, const VariablePlace& variable, const std::string& place,
                                 const WeightSlot& slot, Faults& faults) {
  const StaticShape shape = static_shape(variable.tensor->shape).value_or(StaticShape{});
  if (stored.shape() != shape) {
    Diagnostic d = make_fault("K0502",
                              "the stored array is " + describe(stored) + ", but the source makes the variable " +
                                  describe(variable) + " for it",
                              place, &slot, "the variable is made here");
    d.help.push_back("the source differs from the one that saved the model, or its constructor arguments do");
    faults.add(std::move(d));
    return std::nullopt;
  }
  const DType dtype = variable.tensor->dtype;
  if (stored.dtype() == dtype) return stored;
  // Keras assigns with a cast inside one kind of numbers (a float32 array to a float16 variable).
  const bool same_kind = (is_float(stored.dtype()) && is_float(dtype)) ||
                         (is_integer(stored.dtype()) && is_integer(dtype)) ||
                         (is_complex(stored.dtype()) && is_complex(dtype));
  if (!same_kind) {
    faults.add(make_fault("K0504",
                          "the stored array is " + describe(stored) + ", but the variable is " + describe(variable),
                          place, &slot, "the variable is made here"));
    return std::nullopt;
  }
  return stored.cast(dtype);
}

/// The array that a variable's place means: as it is stored, or put together from the arrays of Keras 1.
Result<kedge::Tensor> read_place(const WeightStore& store, const std::string& path, const VariablePlace& v) {
  KEDGE_TRY(kedge::Tensor tensor, store.read(path, v.tensor->dtype));
  if (v.joined.size() > 1) {
    std::vector<kedge::Tensor> parts;
    for (const std::string& part : v.joined) {
      KEDGE_TRY(kedge::Tensor next, store.read(part, v.tensor->dtype));
      parts.push_back(std::move(next));
    }
    KEDGE_TRY(tensor, join_last_axis(parts, store.place(path)));
  }
  if (!v.permutation.empty()) {
    if (v.permutation.size() != tensor.shape().size())
      return make_error("K0502", "the stored array is " + describe(tensor) + ", not a kernel of Keras 1",
                        Location::in(store.place(path)));
    tensor = permuted(tensor, v.permutation);
  }
  if (v.drop_axis && *v.drop_axis < static_cast<std::int64_t>(tensor.shape().size())) {
    StaticShape shape = tensor.shape();
    shape.erase(shape.begin() + *v.drop_axis);
    if (element_count(shape) == element_count(tensor.shape())) tensor = tensor.reshaped(shape);
  }
  return tensor;
}

/// Two variables of one shape in one group: only their order in the source tells them apart.
void report_ambiguity(const std::vector<VariablePlace>& variables, const WeightStore& store, Tracer& tracer,
                      std::vector<Diagnostic>& diagnostics) {
  std::map<std::string, std::vector<const VariablePlace*>> groups;
  for (const VariablePlace& v : variables) {
    if (!v.paths.empty() && store.find(v.paths[0]) != nullptr) groups[group_of(v.paths[0])].push_back(&v);
  }
  for (const auto& [group, members] : groups) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      for (std::size_t j = i + 1; j < members.size(); ++j) {
        const VariablePlace& a = *members[i];
        const VariablePlace& b = *members[j];
        if (a.tensor->shape != b.tensor->shape || a.tensor->dtype != b.tensor->dtype) continue;
        // The order is a fact of the source unless both come from one line (a loop over an unordered container).
        const Span at = tracer.weights[static_cast<std::size_t>(a.tensor->weight)].made_at;
        const Span other = tracer.weights[static_cast<std::size_t>(b.tensor->weight)].made_at;
        if (!at.valid() || !(at == other) || a.name != b.name || !a.joined.empty()) continue;
        Diagnostic d;
        d.code = "K0507";
        d.severity = Severity::warning;
        d.message = "two variables of one shape, " + describe(a) + ", are told apart by their order alone";
        d.primary.location = Location::at(at);
        d.primary.text = "makes both";
        d.secondary.push_back({Location::in(store.place(group)), ""});
        d.help.push_back("give them different names, or keep the order in which the model was saved");
        diagnostics.push_back(std::move(d));
        i = members.size();
        break;
      }
    }
  }
}

}  // namespace

Result<std::vector<WeightFact>> bind_weights(Tracer& tracer, const WeightStore& store,
                                             const std::vector<VariablePlace>& variables,
                                             const std::vector<IgnoredPrefix>& ignored,
                                             std::vector<Diagnostic>& diagnostics) {
  std::vector<WeightFact> facts;
  Faults faults;
  ir::Graph& graph = tracer.root().graph;
  std::set<std::string, std::less<>> used;
  std::map<TensorObject*, std::string> bound;
  const auto fact = [&](const std::string& path, const VariablePlace& v, WeightFact::Fate fate, std::string note) {
    facts.push_back({path, v.layer.empty() ? v.name : v.layer + "/" + v.name, v.tensor->dtype,
                     static_shape(v.tensor->shape).value_or(StaticShape{}), fate, std::move(note)});
  };
  for (const VariablePlace& v : variables) {
    const WeightSlot& slot = tracer.weights[static_cast<std::size_t>(v.tensor->weight)];
    bool unfit = false;  // reported; not missing as well
    for (const std::string& path : v.paths) {
      if (store.find(path) == nullptr) continue;
      used.insert(path);
      used.insert(v.joined.begin(), v.joined.end());
      KEDGE_TRY(kedge::Tensor stored, read_place(store, path, v));
      std::optional<kedge::Tensor> data = fit(std::move(stored), v, store.place(path), slot, faults);
      unfit = unfit || !data;
      if (!data) continue;
      const auto first = bound.find(v.tensor);
      if (first == bound.end()) {
        bound[v.tensor] = path;
        graph.value(v.tensor->id).constant = std::move(*data);
        fact(path, v, WeightFact::Fate::bound, "");
      } else if (graph.value(v.tensor->id).constant->same_bytes(*data)) {
        fact(path, v, WeightFact::Fate::alias, first->second);
      } else {
        faults.add(make_fault(
            "K0505",
            "the variable " + describe(v) + " is stored twice with different values, here and at " + first->second,
            store.place(path), &slot, "the variable is made here"));
      }
    }
    if (unfit || bound.contains(v.tensor)) continue;
    if (slot.initial && (!v.saved || v.ignorable)) {
      graph.value(v.tensor->id).constant = *slot.initial;
      bound[v.tensor] = "";
      fact(v.paths.empty() ? "" : v.paths[0], v, WeightFact::Fate::initial,
           "Keras does not save it; its initial value is constant");
      continue;
    }
    if (!v.saved) continue;  // whether that is a fault depends on its being used: see below
    if (v.ignorable) continue;
    std::string place = v.paths.empty() ? "" : v.paths[0];
    Diagnostic d = make_fault("K0501", "the variable " + describe(v) + " has no stored array", store.place(place),
                              &slot, "the variable is made here");
    const std::vector<std::string> all = store.paths();
    const std::string close = did_you_mean(place, all);
    if (!close.empty()) d.help.push_back(close);
    d.help.push_back("the file holds " + std::to_string(all.size()) +
                     " arrays; the source makes a variable that the saved model did not have");
    faults.add(std::move(d));
  }
  for (const std::string& path : store.paths()) {
    if (used.contains(path)) continue;
    std::string why;
    if (path.starts_with("optimizer/") || path.starts_with("_optimizer/") || path.starts_with("optimizer_weights/"))
      why = "optimizer";
    if (path.find("seed_generator") != std::string::npos) why = "seed";
    if (path.starts_with("metrics/") || path.starts_with("_metrics/") || path.find("/metrics/") != std::string::npos ||
        path.starts_with("compile_metrics/") || path.starts_with("_compile_metrics/"))
      why = "metric";
    if (store.read_at_trace.contains(path)) why = "read while the model was traced";
    for (const IgnoredPrefix& i : ignored) {
      if (path.starts_with(i.prefix)) why = i.why;
    }
    const formats::Hdf5Object* object = store.find(path);
    if (!why.empty()) {
      facts.push_back({path, "", parse_dtype_npy(object->dtype()).value_or(DType::float32), object->shape(),
                       WeightFact::Fate::ignored, why});
      continue;
    }
    Diagnostic d = make_fault(
        "K0503",
        "the stored array `" + path + "` (" + shape_text(object->shape()) + ") belongs to no variable of the source",
        store.place(path), nullptr, "");
    d.help.push_back("the source lacks a layer or weight that the saved model had");
    faults.add(std::move(d));
  }
  if (faults.any()) return faults.take();
  report_ambiguity(variables, store, tracer, diagnostics);
  return facts;
}

}  // namespace kedge::frontends
