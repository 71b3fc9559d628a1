#include "kernels/fast/geometry.h"

#include <algorithm>
#include <atomic>
#include <limits>

namespace kedge::kernels::fast {
namespace {

constexpr std::int64_t kBandBytes = 128 * 1024;  // a band and its answers stay in the second-level cache

std::vector<std::int64_t> ints_attr(const MakeCall& call, std::string_view name,
                                    const std::vector<std::int64_t>& fallback) {
  const AttrValue* found = call.attrs->find(name);
  const auto* list = found == nullptr ? nullptr : std::get_if<std::vector<std::int64_t>>(found);
  return list == nullptr || list->size() < fallback.size() ? fallback : *list;
}

/// TensorFlow, "SAME" padding: the odd pixel goes behind.
std::int64_t same_padding(std::int64_t in, std::int64_t out, std::int64_t size, std::int64_t stride,
                          std::int64_t dilation) {
  return std::max<std::int64_t>((out - 1) * stride + (size - 1) * dilation + 1 - in, 0) / 2;
}

}  // namespace

Geometry make_geometry(const MakeCall& call, std::int64_t height, std::int64_t width) {
  const auto in = call.inputs[0].shape;
  const auto out = call.outputs[0].shape;
  const auto strides = ints_attr(call, "strides", {1, 1});
  const auto dilations = ints_attr(call, "dilations", {1, 1});
  Geometry g;
  g.batch = in[0], g.channels = in[3];
  g.in_height = in[1], g.in_width = in[2], g.out_height = out[1], g.out_width = out[2];
  g.height = height, g.width = width;
  g.stride_y = strides[0], g.stride_x = strides[1], g.dilation_y = dilations[0], g.dilation_x = dilations[1];
  const std::string_view padding = text_attr(call, "padding", "valid");
  if (padding == "same") {
    g.before_y = same_padding(g.in_height, g.out_height, height, g.stride_y, g.dilation_y);
    g.before_x = same_padding(g.in_width, g.out_width, width, g.stride_x, g.dilation_x);
  } else if (padding == "explicit") {
    const auto pads = ints_attr(call, "pads", {0, 0, 0, 0});
    g.before_y = pads[0], g.before_x = pads[2];
  }
  return g;
}

Geometry row_geometry(std::int64_t rows, std::int64_t depth) {
  Geometry g;
  g.in_height = g.out_height = rows;
  g.channels = depth;
  return g;
}

BandPlan plan_bands(const Geometry& g, std::int64_t channels, std::int64_t element_bytes, std::int64_t threads,
                    bool may_be_direct) {
  BandPlan plan;
  plan.direct = may_be_direct && !g.touches_padding();
  plan.width = plan.direct ? g.in_width : g.columns_under();
  const std::int64_t row_bytes = std::max<std::int64_t>(1, plan.width * channels * element_bytes * g.stride_y);
  plan.rows = std::clamp<std::int64_t>(kBandBytes / row_bytes, 1, std::max<std::int64_t>(1, g.out_height));
  if (threads > 1) {
    const std::int64_t wanted = (2 * threads + g.batch - 1) / std::max<std::int64_t>(1, g.batch);
    plan.rows = std::min(plan.rows, std::max<std::int64_t>(1, (g.out_height + wanted - 1) / wanted));
  }
  plan.bands = (g.out_height + plan.rows - 1) / plan.rows;
  if (!plan.direct)
    plan.band_bytes = round_up(g.rows_under(plan.rows) * plan.width * channels * element_bytes + 128, 64);
  return plan;
}

void run_tasks_on(const Call& call, std::int64_t tasks, std::int64_t slots,
                  void (*body)(void*, std::int64_t, std::int64_t), void* context) {
  struct Shared {
    std::atomic<std::int64_t> next{0};
    std::int64_t tasks;
    void (*body)(void*, std::int64_t, std::int64_t);
    void* context;
  } shared{{0}, tasks, body, context};
  const auto work = [](void* opaque, std::int64_t slot) {
    auto& s = *static_cast<Shared*>(opaque);
    for (std::int64_t task = s.next.fetch_add(1, std::memory_order_relaxed); task < s.tasks;
         task = s.next.fetch_add(1, std::memory_order_relaxed))
      s.body(s.context, slot, task);
  };
  if (call.parallel == nullptr || tasks <= 1 || slots <= 1) return work(&shared, 0);
  call.parallel->run(std::min({slots, tasks, call.parallel->threads()}), work, &shared);
}

bool is_present(const MakeCall& call, std::size_t input) { return input < call.inputs.size() && call.present[input]; }
bool is_constant(const MakeCall& call, std::size_t input) { return is_present(call, input) && call.constant[input]; }
bool is_plain(const TensorView& view, DType dtype) { return view.dtype == dtype && view.quant == nullptr; }
bool is_quantized(const TensorView& view, DType dtype) {
  return view.dtype == dtype && view.quant != nullptr && view.quant->scales.size() == 1;
}

std::string_view text_attr(const MakeCall& call, std::string_view name, std::string_view fallback) {
  const AttrValue* found = call.attrs->find(name);
  const auto* text = found == nullptr ? nullptr : std::get_if<std::string>(found);
  return text == nullptr ? fallback : std::string_view(*text);
}

std::int64_t int_attr(const MakeCall& call, std::string_view name, std::int64_t fallback) {
  const AttrValue* found = call.attrs->find(name);
  const auto* value = found == nullptr ? nullptr : std::get_if<std::int64_t>(found);
  return value == nullptr ? fallback : *value;
}

bool find_neighbouring_axes(const MakeCall& call, std::int64_t& outer, std::int64_t& rows, std::int64_t& channels) {
  const std::vector<std::int64_t> axes = ints_attr(call, "axes", {});
  const auto shape = call.inputs[0].shape;
  if (axes.empty()) return false;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (axes[i] != axes[0] + static_cast<std::int64_t>(i) || axes[i] < 0 || axes[i] >= call.inputs[0].rank())
      return false;
  }
  outer = rows = channels = 1;
  for (std::int64_t d = 0; d < call.inputs[0].rank(); ++d)
    (d < axes.front() ? outer : (d <= axes.back() ? rows : channels)) *= shape[static_cast<std::size_t>(d)];
  return true;
}

Range activation_range(const MakeCall& call) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const std::string_view name = text_attr(call, "activation", "none");
  if (name == "relu") return {0.0F, kInfinity};
  if (name == "relu6") return {0.0F, 6.0F};
  return {-kInfinity, kInfinity};
}

}  // namespace kedge::kernels::fast
