#include "kernels/fast/product.h"

#include <algorithm>

namespace kedge::kernels::fast {

Segments make_segments(const Geometry& g, std::int64_t width, std::int64_t groups) {
  Segments out;
  const std::int64_t group_channels = g.channels / groups;
  const bool joined = groups == 1 && (g.dilation_x == 1 || g.width == 1);
  out.count = joined ? g.height : g.taps();
  out.length = joined ? g.width * g.channels : group_channels;
  for (std::int64_t group = 0; group < groups; ++group) {
    for (std::int64_t y = 0; y < g.height; ++y) {
      for (std::int64_t x = 0; x < (joined ? 1 : g.width); ++x)
        out.offsets.push_back((y * g.dilation_y * width + x * g.dilation_x) * g.channels + group * group_channels);
    }
  }
  return out;
}

bool find_product(const MakeCall& call, ProductShape& shape) {
  if (call.inputs.size() < 2 || call.outputs.size() != 1 || !is_constant(call, 1)) return false;
  const TensorView& x = call.inputs[0];
  const TensorView& weights = call.inputs[1];
  const TensorView& out = call.outputs[0];
  if (is_present(call, 2) && !is_constant(call, 2)) return false;
  if (x.size() == 0 || out.size() == 0 || weights.size() == 0) return false;
  shape.weights = weights.data;
  if (call.op == "conv2d") {
    if (x.rank() != 4 || weights.rank() != 4 || out.rank() != 4) return false;
    shape.groups = int_attr(call, "groups", 1);
    shape.filters = weights.shape[3];
    shape.geometry = make_geometry(call, weights.shape[0], weights.shape[1]);
    if (shape.groups < 1 || shape.filters != out.shape[3] || shape.filters % shape.groups != 0 ||
        weights.shape[2] * shape.groups != x.shape[3])
      return false;
    const Geometry& g = shape.geometry;
    // Pixels side by side, one tap each: a matrix product over all of them.
    if (g.taps() == 1 && g.stride_y == 1 && g.stride_x == 1 && !g.touches_padding() && shape.groups == 1 &&
        g.in_height == g.out_height && g.in_width == g.out_width) {
      shape.geometry = row_geometry(g.batch * g.in_height * g.in_width, g.channels);
    }
    return true;
  }
  if (weights.rank() != 2 || x.rank() < 1) return false;
  if (call.op == "matmul") {
    if (call.attrs->flag("transpose_a")) return false;
    shape.transposed = call.attrs->flag("transpose_b");
  }
  const std::int64_t depth = weights.shape[shape.transposed ? 1 : 0];
  shape.filters = weights.shape[shape.transposed ? 0 : 1];
  if (x.shape[x.shape.size() - 1] != depth || out.shape[out.shape.size() - 1] != shape.filters) return false;
  shape.geometry = row_geometry(x.size() / depth, depth);
  return out.size() == x.size() / depth * shape.filters;
}

}  // namespace kedge::kernels::fast
