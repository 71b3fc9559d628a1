// The arrays of a weights file (`model.weights.h5` of Keras 3, or the groups by layer before it) and the proof that
// every stored array and every variable has its place.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "formats/hdf5.h"
#include "frontends/load_model.h"
#include "frontends/source/tracer.h"

namespace kedge::frontends {

/// The datasets of a weights file, by path.
class WeightStore {
 public:
  /// An empty store: a model without a weights file.
  WeightStore() = default;
  explicit WeightStore(std::string place) : place_(std::move(place)) {}
  /// `bytes` must outlive the store; `owner` keeps them alive for the tensors that borrow them.
  static Result<WeightStore> open(Bytes bytes, std::shared_ptr<const void> owner, const Limits& limits,
                                  std::string place);

  const formats::Hdf5Object* find(std::string_view path) const;
  std::vector<std::string> paths() const;
  std::vector<std::string> keys(std::string_view group) const;  ///< names of the datasets and groups right below
  /// The array; contiguous data is borrowed from the file. `wanted` reinterprets raw 16-bit values as bfloat16.
  Result<kedge::Tensor> read(std::string_view path, std::optional<DType> wanted = std::nullopt) const;
  std::string place(std::string_view path) const { return place_ + (path.empty() ? "" : " › " + std::string(path)); }

  std::set<std::string, std::less<>> read_at_trace;  ///< what the prelude took by itself

 private:
  std::map<std::string, formats::Hdf5Object, std::less<>> datasets_;
  std::shared_ptr<const void> owner_;
  std::string place_;
};

/// A variable as the prelude reports it: its paths in the file, first visit first.
struct VariablePlace {
  std::vector<std::string> paths;
  std::string name;  ///< "kernel"
  std::string layer;
  TensorObject* tensor = nullptr;
  bool saved = true;       ///< false: Keras does not save it
  bool ignorable = false;  ///< may be absent from the file
  // How Keras 1 stored what is one variable today:
  std::vector<std::string> joined;        ///< all of the variable's arrays, to be joined along the last axis
  std::vector<std::int64_t> permutation;  ///< axes of the stored array in the variable's order
  std::optional<std::int64_t> drop_axis;  ///< an axis of size 1 that the variable has not (after the permutation)
};

struct IgnoredPrefix {
  std::string prefix;
  std::string why;
};

/// Gives every weight of the tracer's graph its data. Errors:
/// K0501 a variable without a stored array · K0502 shapes differ · K0503 a stored array without a variable · K0504
/// dtypes differ in kind · K0505 an alias with other bytes · K0506 a variable that is not saved has no constant initial
/// value.
Result<std::vector<WeightFact>> bind_weights(Tracer& tracer, const WeightStore& store,
                                             const std::vector<VariablePlace>& variables,
                                             const std::vector<IgnoredPrefix>& ignored,
                                             std::vector<Diagnostic>& diagnostics);

}  // namespace kedge::frontends
