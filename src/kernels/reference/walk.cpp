// Merging of dimensions for walks.
#include "kernels/reference/walk.h"

namespace kedge::kernels::reference {

WalkPlan plan_walk(std::span<const std::int64_t> shape, std::vector<std::vector<std::int64_t>> strides) {
  WalkPlan plan;
  plan.strides.resize(strides.size());
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] == 1) continue;
    bool merges = !plan.shape.empty();
    for (std::size_t k = 0; merges && k < strides.size(); ++k)
      merges = plan.strides[k].back() == strides[k][d] * shape[d];
    if (merges) {
      plan.shape.back() *= shape[d];
      for (std::size_t k = 0; k < strides.size(); ++k) plan.strides[k].back() = strides[k][d];
      continue;
    }
    plan.shape.push_back(shape[d]);
    for (std::size_t k = 0; k < strides.size(); ++k) plan.strides[k].push_back(strides[k][d]);
  }
  if (plan.shape.empty()) {
    plan.shape.push_back(1);
    for (std::vector<std::int64_t>& list : plan.strides) list.push_back(1);
  }
  return plan;
}

std::vector<std::int64_t> dense_strides(std::span<const std::int64_t> shape) {
  std::vector<std::int64_t> strides(shape.size());
  std::int64_t step = 1;
  for (std::size_t d = shape.size(); d-- > 0;) {
    strides[d] = step;
    step *= shape[d];
  }
  return strides;
}

std::vector<std::int64_t> broadcast_strides(std::span<const std::int64_t> shape, std::span<const std::int64_t> out) {
  const std::vector<std::int64_t> dense = dense_strides(shape);
  std::vector<std::int64_t> strides(out.size(), 0);
  const std::size_t lead = out.size() - shape.size();
  for (std::size_t d = 0; d < shape.size(); ++d) strides[lead + d] = shape[d] == 1 ? 0 : dense[d];
  return strides;
}

}  // namespace kedge::kernels::reference
