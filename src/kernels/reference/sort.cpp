// Sorting along an axis. Equal elements keep their order; a NaN is greater than every number.
#include <algorithm>
#include <numeric>

#include "kernels/reference/lanes.h"
#include "kernels/reference/tables.h"

namespace kedge::kernels::reference {

namespace {

template <typename T>
bool before(T a, T b) {
  if (a != a) return false;  // NOLINT(misc-redundant-expression): a NaN
  return b != b || a < b;    // NOLINT(misc-redundant-expression): a NaN
}

/// Order of a lane's elements.
template <typename T>
void sort_lane(const std::vector<T>& lane, bool descending, std::vector<std::int64_t>& order) {
  order.resize(lane.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t i, std::int64_t j) {
    const T a = lane[static_cast<std::size_t>(i)];
    const T b = lane[static_cast<std::size_t>(j)];
    return descending ? before(b, a) : before(a, b);
  });
}

/// Sorts every lane and hands body(lane number, values, order).
template <typename Body>
void for_each_sorted(const TensorView& in, const Lanes& lanes, bool descending, Body body) {
  with_real(in.dtype, [&](auto t) {
    using T = decltype(t);
    std::vector<T> lane(static_cast<std::size_t>(lanes.length));
    std::vector<std::int64_t> order;
    for (std::int64_t k = 0; k < lanes.count(); ++k) {
      load<T>(in.dtype, in.data, lanes.start(k), lanes.inner, lanes.length, lane.data());
      sort_lane(lane, descending, order);
      body(k, lane, order);
    }
  });
}

void sort(const Call& call) {
  const TensorView& out = call.outputs[0];
  const Lanes lanes(call.inputs[0].shape, call.attrs->integer("axis"));
  for_each_sorted(call.inputs[0], lanes, call.attrs->flag("descending"),
                  [&](std::int64_t k, const auto& lane, const std::vector<std::int64_t>& order) {
                    for (std::size_t i = 0; i < order.size(); ++i) {
                      store(out.dtype, out.data, lanes.start(k) + static_cast<std::int64_t>(i) * lanes.inner, 1,
                            &lane[static_cast<std::size_t>(order[i])]);
                    }
                  });
}

void argsort(const Call& call) {
  const TensorView& out = call.outputs[0];
  const Lanes lanes(call.inputs[0].shape, call.attrs->integer("axis"));
  for_each_sorted(call.inputs[0], lanes, call.attrs->flag("descending"),
                  [&](std::int64_t k, const auto&, const std::vector<std::int64_t>& order) {
                    for (std::size_t i = 0; i < order.size(); ++i) {
                      store<std::int64_t>(out.dtype, out.data,
                                          lanes.start(k) + static_cast<std::int64_t>(i) * lanes.inner, 1, &order[i]);
                    }
                  });
}

void top_k(const Call& call) {
  const TensorView& values = call.outputs[0];
  const TensorView& indices = call.outputs[1];
  const Lanes lanes(call.inputs[0].shape, -1);
  const std::int64_t kept = call.attrs->integer("k");
  for_each_sorted(call.inputs[0], lanes, true,
                  [&](std::int64_t lane_number, const auto& lane, const std::vector<std::int64_t>& order) {
                    for (std::int64_t i = 0; i < kept; ++i) {
                      const std::int64_t from = order[static_cast<std::size_t>(i)];
                      store(values.dtype, values.data, lane_number * kept + i, 1,
                            &lane[static_cast<std::size_t>(from)]);
                      store<std::int64_t>(indices.dtype, indices.data, lane_number * kept + i, 1, &from);
                    }
                  });
}

constexpr Entry kSort[] = {{"sort", sort}, {"argsort", argsort}, {"top_k", top_k}};

}  // namespace

std::span<const Entry> sort_kernels() { return kSort; }

}  // namespace kedge::kernels::reference
