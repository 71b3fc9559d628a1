// Operations that only move elements: reshape, transpose, concat, slice, pad, tile, broadcast_to, reverse.
#include <algorithm>

#include "kernels/reference/copy.h"
#include "kernels/reference/lanes.h"
#include "kernels/reference/tables.h"

namespace kedge::kernels::reference {

namespace {

void reshape(const Call& call) {
  const TensorView& in = call.inputs[0];
  if (in.bytes() > 0 && in.data != call.outputs[0].data)
    std::memcpy(call.outputs[0].data, in.data, static_cast<std::size_t>(in.bytes()));
}

void transpose(const Call& call) {
  const std::vector<std::int64_t> dense = dense_strides(call.inputs[0].shape);
  std::vector<std::int64_t> strides;
  for (const std::int64_t axis : call.attrs->integers("perm")) strides.push_back(dense[static_cast<std::size_t>(axis)]);
  copy_strided(call.inputs[0], call.outputs[0], 0, std::move(strides));
}

void broadcast_to(const Call& call) {
  copy_strided(call.inputs[0], call.outputs[0], 0, broadcast_strides(call.inputs[0].shape, call.outputs[0].shape));
}

void concat(const Call& call) {
  const TensorView& out = call.outputs[0];
  const Lanes lanes(out.shape, call.attrs->integer("axis"));
  const std::int64_t unit = lanes.inner * dtype_size(out.dtype);
  const std::int64_t axis = normal_axis(call.attrs->integer("axis"), out.rank());
  std::int64_t at = 0;
  for (const TensorView& in : call.inputs) {
    const std::int64_t run = in.shape[static_cast<std::size_t>(axis)] * unit;
    for (std::int64_t o = 0; o < lanes.outer && run > 0; ++o) {
      std::memcpy(out.data + o * lanes.length * unit + at, in.data + o * run, static_cast<std::size_t>(run));
    }
    at += run;
  }
}

void slice(const Call& call) {
  const TensorView& in = call.inputs[0];
  const TensorView& out = call.outputs[0];
  if (out.size() == 0) return;
  const std::vector<std::int64_t> begin = integers_of(*call.attrs, "begin");
  const std::vector<std::int64_t>& steps = call.attrs->integers("strides");
  std::vector<std::int64_t> strides = dense_strides(in.shape);
  std::int64_t base = 0;
  for (std::size_t d = 0; d < strides.size(); ++d) {
    base += begin[d] * strides[d];
    strides[d] *= steps[d];
  }
  copy_strided(in, out, base, std::move(strides));
}

void reverse(const Call& call) {
  const TensorView& in = call.inputs[0];
  if (in.size() == 0) return;
  std::vector<std::int64_t> strides = dense_strides(in.shape);
  std::int64_t base = 0;
  for (const std::int64_t axis : call.attrs->integers("axes")) {
    const auto d = static_cast<std::size_t>(axis);
    base += (in.shape[d] - 1) * strides[d];
    strides[d] = -strides[d];
  }
  copy_strided(in, call.outputs[0], base, std::move(strides));
}

void tile(const Call& call) {
  const TensorView& in = call.inputs[0];
  std::vector<std::vector<std::int64_t>> maps(in.shape.size());
  for (std::size_t d = 0; d < maps.size(); ++d) {
    maps[d].resize(static_cast<std::size_t>(call.outputs[0].shape[d]));
    for (std::size_t i = 0; i < maps[d].size(); ++i) maps[d][i] = static_cast<std::int64_t>(i) % in.shape[d];
  }
  copy_mapped(in, call.outputs[0], maps, nullptr);
}

enum class PadMode { constant, reflect, symmetric, edge };

/// Which element a padded position repeats; -1 for a constant.
std::int64_t padded_source(std::int64_t at, std::int64_t size, PadMode mode) {
  if (at >= 0 && at < size) return at;
  if (mode == PadMode::constant || size == 0) return -1;
  if (mode == PadMode::edge) return std::clamp<std::int64_t>(at, 0, size - 1);
  const std::int64_t period = mode == PadMode::reflect ? 2 * (size - 1) : 2 * size;
  if (period == 0) return 0;
  const std::int64_t turn = ((at % period) + period) % period;
  if (turn < size) return turn;
  return mode == PadMode::reflect ? period - turn : period - 1 - turn;
}

void pad(const Call& call) {
  const TensorView& in = call.inputs[0];
  const TensorView& out = call.outputs[0];
  const std::string& name = call.attrs->text("mode");
  const PadMode mode = name == "reflect"     ? PadMode::reflect
                       : name == "symmetric" ? PadMode::symmetric
                       : name == "edge"      ? PadMode::edge
                                             : PadMode::constant;
  const std::vector<std::int64_t> before = integers_of(*call.attrs, "before");
  std::vector<std::vector<std::int64_t>> maps(in.shape.size());
  for (std::size_t d = 0; d < maps.size(); ++d) {
    maps[d].resize(static_cast<std::size_t>(out.shape[d]));
    for (std::size_t i = 0; i < maps[d].size(); ++i)
      maps[d][i] = padded_source(static_cast<std::int64_t>(i) - before[d], in.shape[d], mode);
  }
  std::byte fill[16] = {};
  const double value = call.attrs->real("value");
  store<double>(out.dtype, fill, 0, 1, &value);
  copy_mapped(in, out, maps, fill);
}

constexpr Entry kLayout[] = {
    {"reshape", reshape}, {"transpose", transpose}, {"concat", concat},   {"slice", slice},
    {"pad", pad},         {"tile", tile},           {"reverse", reverse}, {"broadcast_to", broadcast_to},
};

}  // namespace

std::span<const Entry> layout_kernels() { return kLayout; }

}  // namespace kedge::kernels::reference
