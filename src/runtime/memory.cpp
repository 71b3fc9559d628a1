// Where each tensor of a plan lies in the arena. Greedy by size (Pisarchyk and Lee, "Efficient Memory Management for
// Deep Neural Net Inference", section 5): the largest tensors are placed first, each at the lowest offset that is free
// while it lives. Within a few per cent of optimal on convolutional nets and quadratic only in the number of tensors.
#include <algorithm>
#include <limits>
#include <vector>

#include "runtime/plan.h"

namespace kedge::runtime {
namespace {

constexpr std::int64_t kAlignment = 64;
constexpr std::int64_t kSlack = 64;  // vector kernels may load one register past the end

std::int64_t aligned(std::int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

struct Life {
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::int64_t last = -1;
};

/// The tensor whose memory `index` shares: itself, or the input of a chain of reshapes.
std::vector<std::int32_t> share_reshapes(const Plan& plan) {
  std::vector<std::int32_t> owner(plan.tensors.size());
  for (std::size_t i = 0; i < owner.size(); ++i) owner[i] = static_cast<std::int32_t>(i);
  for (const PlanStep& step : plan.steps) {
    if (step.op != "reshape") continue;
    const std::int32_t from = step.inputs[0];
    const std::int32_t to = step.outputs[0];
    const bool input = std::find(plan.inputs.begin(), plan.inputs.end(), to) != plan.inputs.end();
    if (plan.tensors[static_cast<std::size_t>(from)].constant || input) continue;
    owner[static_cast<std::size_t>(to)] = owner[static_cast<std::size_t>(from)];
  }
  return owner;
}

}  // namespace

void plan_memory(Plan& plan) {
  const std::vector<std::int32_t> owner = share_reshapes(plan);
  std::vector<Life> lives(plan.tensors.size());
  const auto touch = [&](std::int32_t tensor, std::int64_t time) {
    if (tensor < 0 || plan.tensors[static_cast<std::size_t>(tensor)].constant) return;
    Life& life = lives[static_cast<std::size_t>(owner[static_cast<std::size_t>(tensor)])];
    life.first = std::min(life.first, time);
    life.last = std::max(life.last, time);
  };
  const std::int64_t end = static_cast<std::int64_t>(plan.steps.size());
  // Inputs live for the whole run: a caller fills them once and may run again.
  for (const std::int32_t input : plan.inputs) touch(input, 0), touch(input, end);
  for (const std::int32_t output : plan.outputs) touch(output, end);
  for (std::int64_t time = 0; time < end; ++time) {
    for (const std::int32_t input : plan.steps[static_cast<std::size_t>(time)].inputs) touch(input, time);
    for (const std::int32_t output : plan.steps[static_cast<std::size_t>(time)].outputs) touch(output, time);
  }
  std::vector<std::int32_t> order;
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    if (!plan.tensors[i].constant && owner[i] == static_cast<std::int32_t>(i) && lives[i].last >= 0)
      order.push_back(static_cast<std::int32_t>(i));
  }
  std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    return plan.tensors[static_cast<std::size_t>(a)].bytes() > plan.tensors[static_cast<std::size_t>(b)].bytes();
  });
  std::vector<std::int32_t> placed;  // by offset
  plan.arena_bytes = 0;
  for (const std::int32_t index : order) {
    PlanTensor& tensor = plan.tensors[static_cast<std::size_t>(index)];
    const Life& life = lives[static_cast<std::size_t>(index)];
    const std::int64_t need = aligned(tensor.bytes() + kSlack);
    std::int64_t offset = 0;
    for (const std::int32_t other : placed) {
      const Life& other_life = lives[static_cast<std::size_t>(other)];
      if (other_life.last < life.first || life.last < other_life.first) continue;
      const PlanTensor& neighbour = plan.tensors[static_cast<std::size_t>(other)];
      if (offset + need <= neighbour.offset) break;
      offset = std::max(offset, neighbour.offset + aligned(neighbour.bytes() + kSlack));
    }
    tensor.offset = offset;
    plan.arena_bytes = std::max(plan.arena_bytes, offset + need);
    const auto at = std::upper_bound(placed.begin(), placed.end(), offset, [&](std::int64_t o, std::int32_t other) {
      return o < plan.tensors[static_cast<std::size_t>(other)].offset;
    });
    placed.insert(at, index);
  }
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    if (!plan.tensors[i].constant)
      plan.tensors[i].offset = std::max<std::int64_t>(0, plan.tensors[static_cast<std::size_t>(owner[i])].offset);
  }
}

}  // namespace kedge::runtime
