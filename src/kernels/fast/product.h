// What float and int8 products share: how a convolution's rows are cut into segments.
#pragma once

#include "kernels/fast/geometry.h"

namespace kedge::kernels::fast {

/// Where the elements that an output pixel needs lie, seen from its first tap, for each group of channels.
struct Segments {
  std::int64_t count = 1;             ///< of one group
  std::int64_t length = 1;            ///< elements of a segment
  std::vector<std::int64_t> offsets;  ///< groups * count, in elements of the band
};
/// Neighbouring taps of a window's row form one segment when nothing lies between them.
Segments make_segments(const Geometry& geometry, std::int64_t width, std::int64_t groups);

/// A product's sizes, from conv2d, fully_connected and matmul with constant weights alike.
struct ProductShape {
  Geometry geometry;
  std::int64_t groups = 1;
  std::int64_t filters = 1;            ///< in all
  const std::byte* weights = nullptr;  ///< [taps * channels / groups, filters], or transposed
  bool transposed = false;             ///< [filters, depth]
};
/// Nothing when the node's shapes are not those of a product with constant weights.
bool find_product(const MakeCall& call, ProductShape& shape);

}  // namespace kedge::kernels::fast
