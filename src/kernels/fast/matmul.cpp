// matmul of two computed float32 matrices (attention). The right one is packed anew in every run, a batch at a time.
#include <algorithm>

#include "kernels/fast/geometry.h"
#include "kernels/fast/makers.h"

namespace kedge::kernels::fast {
namespace {

class FloatMatmul final : public Kernel {
 public:
  FloatMatmul(const MakeCall& call, const wide::Functions& functions) : functions_(functions), threads_(call.threads) {
    const auto a = call.inputs[0].shape;
    const auto b = call.inputs[1].shape;
    const auto out = call.outputs[0].shape;
    transpose_a_ = call.attrs->flag("transpose_a");
    transpose_b_ = call.attrs->flag("transpose_b");
    m_ = out[out.size() - 2];
    n_ = out[out.size() - 1];
    k_ = a[a.size() - (transpose_a_ ? 2 : 1)];
    find_batches(a.first(a.size() - 2), out.first(out.size() - 2), a_batches_);
    find_batches(b.first(b.size() - 2), out.first(out.size() - 2), b_batches_);
    block_ = 2 * functions_.lanes;
    blocks_ = (n_ + block_ - 1) / block_;
    packed_bytes_ = round_up(blocks_ * block_ * (k_ + 1) * 4, 64);
    left_bytes_ = transpose_a_ ? round_up(m_ * k_ * 4, 64) : 0;
    slot_bytes_ = packed_bytes_ + left_bytes_ + round_up(m_ * 8, 64);
  }

  std::int64_t scratch_bytes() const override { return threads_ * slot_bytes_; }

  void run(const Call& call) const override {
    run_tasks(call, static_cast<std::int64_t>(a_batches_.size()), threads_,
              [&](std::int64_t slot, std::int64_t task) { run_batch(call, call.scratch + slot * slot_bytes_, task); });
  }

 private:
  /// For each matrix of the output, which matrix of the operand it is made from.
  static void find_batches(std::span<const std::int64_t> own, std::span<const std::int64_t> out,
                           std::vector<std::int64_t>& batches) {
    batches.push_back(0);
    std::int64_t stride = 1;
    for (const std::int64_t dim : own) stride *= dim;
    for (std::size_t d = 0; d < out.size(); ++d) {
      const std::size_t lead = out.size() - own.size();
      const std::int64_t size = d < lead ? 1 : own[d - lead];
      if (size > 0) stride /= d < lead ? 1 : size;
      std::vector<std::int64_t> next;
      for (const std::int64_t at : batches) {
        for (std::int64_t i = 0; i < out[d]; ++i) next.push_back(at + (size == 1 ? 0 : i * stride));
      }
      batches = std::move(next);
    }
  }

  void run_batch(const Call& call, std::byte* scratch, std::int64_t batch) const {
    const float* a = call.inputs[0].as<const float>() + a_batches_[static_cast<std::size_t>(batch)] * m_ * k_;
    const float* b = call.inputs[1].as<const float>() + b_batches_[static_cast<std::size_t>(batch)] * k_ * n_;
    float* out = call.outputs[0].as<float>() + batch * m_ * n_;
    auto* packed = reinterpret_cast<float*>(scratch);
    pack(b, packed);
    if (transpose_a_) {
      auto* turned = reinterpret_cast<float*>(scratch + packed_bytes_);
      for (std::int64_t k = 0; k < k_; ++k) {
        for (std::int64_t i = 0; i < m_; ++i) turned[i * k_ + k] = a[k * m_ + i];
      }
      a = turned;
    }
    const auto** rows = reinterpret_cast<const float**>(scratch + packed_bytes_ + left_bytes_);
    for (std::int64_t i = 0; i < m_; ++i) rows[i] = a + i * k_;
    const std::int64_t start = 0;
    wide::FloatTile tile{rows, 0, &start, 1, k_, nullptr, nullptr, n_, 0, -__builtin_inff(), __builtin_inff()};
    for (std::int64_t block = 0; block < blocks_; ++block) {
      tile.weights = packed + block * block_ * (k_ + 1);
      tile.columns = std::min(block_, n_ - block * block_);
      for (std::int64_t i = 0; i < m_; i += functions_.rows) {
        tile.rows = rows + i;
        tile.count = std::min(functions_.rows, m_ - i);
        tile.out = out + i * n_ + block * block_;
        functions_.product(tile);
      }
    }
  }

  void pack(const float* b, float* to) const {
    for (std::int64_t block = 0; block < blocks_; ++block) {
      const std::int64_t first = block * block_;
      const std::int64_t columns = std::min(block_, n_ - first);
      const std::int64_t line = columns > functions_.lanes ? block_ : functions_.lanes;
      std::fill(to, to + line * (k_ + 1), 0.0F);
      to += line;
      for (std::int64_t k = 0; k < k_; ++k, to += line) {
        const float* from = transpose_b_ ? b + first * k_ + k : b + k * n_ + first;
        const std::int64_t step = transpose_b_ ? k_ : 1;
        for (std::int64_t c = 0; c < columns; ++c) to[c] = from[c * step];
      }
    }
  }

  const wide::Functions& functions_;
  std::int64_t threads_;
  bool transpose_a_ = false, transpose_b_ = false;
  std::int64_t m_ = 0, n_ = 0, k_ = 0, block_ = 0, blocks_ = 0, packed_bytes_ = 0, left_bytes_ = 0, slot_bytes_ = 0;
  std::vector<std::int64_t> a_batches_, b_batches_;
};

}  // namespace

std::unique_ptr<Kernel> make_matmul_f32(const MakeCall& call, const wide::Functions& functions) {
  if (call.inputs.size() != 2 || call.outputs.size() != 1) return nullptr;
  if (!is_plain(call.inputs[0], DType::float32) || !is_plain(call.inputs[1], DType::float32) ||
      !is_plain(call.outputs[0], DType::float32))
    return nullptr;
  if (call.inputs[0].rank() < 2 || call.inputs[1].rank() < 2 || call.outputs[0].rank() < 2) return nullptr;
  if (call.inputs[0].size() == 0 || call.inputs[1].size() == 0 || call.outputs[0].size() == 0) return nullptr;
  if (call.inputs[0].rank() > call.outputs[0].rank() || call.inputs[1].rank() > call.outputs[0].rank()) return nullptr;
  return std::make_unique<FloatMatmul>(call, functions);
}

}  // namespace kedge::kernels::fast
