#include "frontends/keras/stored_kernels.h"

#include <algorithm>
#include <cstring>

namespace kedge::frontends {

Result<Tensor> join_last_axis(const std::vector<Tensor>& parts, const std::string& place) {
  StaticShape shape = parts.front().shape();
  if (shape.empty()) return make_error("K0502", "a gate's array in the file is a scalar", Location::in(place));
  const StaticShape outer(shape.begin(), shape.end() - 1);
  std::int64_t width = 0;
  for (const Tensor& part : parts) {
    const bool fits = part.dtype() == parts.front().dtype() && part.shape().size() == shape.size() &&
                      std::equal(outer.begin(), outer.end(), part.shape().begin());
    if (!fits) return make_error("K0502", "the arrays of the layer's gates have different shapes", Location::in(place));
    width += part.shape().back();
  }
  shape.back() = width;
  Tensor out(parts.front().dtype(), shape);
  const auto element = static_cast<std::size_t>(dtype_size(out.dtype()));
  std::byte* to = out.mutable_data();
  for (std::int64_t row = 0; row < element_count(outer); ++row) {
    for (const Tensor& part : parts) {
      const std::size_t bytes = static_cast<std::size_t>(part.shape().back()) * element;
      if (bytes > 0) std::memcpy(to, part.bytes().data() + static_cast<std::size_t>(row) * bytes, bytes);
      to += bytes;
    }
  }
  return out;
}

Tensor permuted(const Tensor& tensor, const std::vector<std::int64_t>& axes) {
  const std::size_t rank = axes.size();
  std::vector<std::int64_t> steps(rank, 1);  // elements between neighbours of the source, by axis
  for (std::size_t i = rank; i-- > 1;) steps[i - 1] = steps[i] * tensor.shape()[i];
  StaticShape shape(rank);
  for (std::size_t i = 0; i < rank; ++i) shape[i] = tensor.shape()[static_cast<std::size_t>(axes[i])];
  Tensor out(tensor.dtype(), shape);
  const auto element = static_cast<std::size_t>(dtype_size(out.dtype()));
  std::byte* to = out.mutable_data();
  std::vector<std::int64_t> index(rank, 0);
  for (std::int64_t n = 0; n < out.size(); ++n) {
    std::int64_t from = 0;
    for (std::size_t i = 0; i < rank; ++i) from += index[i] * steps[static_cast<std::size_t>(axes[i])];
    std::memcpy(to, tensor.bytes().data() + static_cast<std::size_t>(from) * element, element);
    to += element;
    for (std::size_t i = rank; i-- > 0 && ++index[i] == shape[i];) index[i] = 0;
  }
  return out;
}

}  // namespace kedge::frontends
