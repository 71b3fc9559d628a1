#include "kernels/tile_program.h"

#include <algorithm>
#include <cstring>

#include "kernels/fast/geometry.h"
#include "kernels/fast/makers.h"
#include "kernels/fast/tile_functions.h"

namespace kedge::kernels::fast {
namespace {

constexpr std::int64_t kTile = 1024;

/// An input and how its elements reach a tile.
struct Source {
  enum class Kind : std::uint8_t {
    direct,    ///< the tile is a piece of the input
    bytes,     ///< as direct, but bool
    repeated,  ///< the same for every tile: a single element, or trailing dimensions that fit into a tile a whole
               ///< number of times
    walked,    ///< any broadcast: gathered for each tile
  } kind = Kind::direct;
  bool boolean = false;
  std::int64_t period = 0;            ///< of `repeated`
  std::vector<std::int64_t> strides;  ///< of `walked`: for each dimension of the output
  std::int32_t slot = -1;             ///< the register that holds it, unless direct
};

struct Instruction {
  wide::TileFn fn;
  std::int32_t operands[3];  ///< values
  std::int32_t slot;         ///< the register of the result; -1: the output itself
  float p, q;
};

float element(const TensorView& view, std::int64_t at) {
  return view.dtype == DType::boolean ? (view.as<const std::uint8_t>()[at] != 0 ? 1.0F : 0.0F)
                                      : view.as<const float>()[at];
}

class TileProgram final : public Kernel {
 public:
  std::vector<Source> sources;
  std::vector<Instruction> code;
  std::vector<std::int64_t> shape;  // of the output
  std::int64_t total = 0, tile = kTile, slots = 0, threads = 1;
  bool boolean_output = false;

  std::int64_t scratch_bytes() const override { return threads * slots * tile * 4; }

  void run(const Call& call) const override {
    const std::int64_t tiles = (total + tile - 1) / tile;
    const std::int64_t each =
        threads == 1 ? tiles : std::max<std::int64_t>(4, (tiles + 2 * threads - 1) / (2 * threads));
    run_tasks(call, (tiles + each - 1) / each, threads, [&](std::int64_t slot, std::int64_t task) {
      auto* registers = reinterpret_cast<float*>(call.scratch) + slot * slots * tile;
      for (std::size_t i = 0; i < sources.size(); ++i) {
        if (sources[i].kind == Source::Kind::repeated)
          repeat(call.inputs[i], sources[i], registers + sources[i].slot * tile);
      }
      for (std::int64_t t = task * each; t < std::min(tiles, (task + 1) * each); ++t)
        run_tile(call, registers, t * tile, std::min(tile, total - t * tile));
    });
  }

 private:
  void run_tile(const Call& call, float* registers, std::int64_t start, std::int64_t count) const {
    const auto value = [&](std::int32_t index) -> const float* {
      const auto inputs = static_cast<std::int32_t>(sources.size());
      if (index >= inputs) return registers + code[static_cast<std::size_t>(index - inputs)].slot * tile;
      const Source& source = sources[static_cast<std::size_t>(index)];
      return source.kind == Source::Kind::direct
                 ? call.inputs[static_cast<std::size_t>(index)].as<const float>() + start
                 : registers + source.slot * tile;
    };
    for (std::size_t i = 0; i < sources.size(); ++i) {
      float* to = registers + sources[i].slot * tile;
      if (sources[i].kind == Source::Kind::bytes) {
        for (std::int64_t e = 0; e < count; ++e) to[e] = element(call.inputs[i], start + e);
      } else if (sources[i].kind == Source::Kind::walked) {
        walk(call.inputs[i], sources[i], start, count, to);
      }
    }
    float* last = nullptr;
    for (const Instruction& step : code) {
      last = step.slot < 0 ? call.outputs[0].as<float>() + start : registers + step.slot * tile;
      step.fn(last, value(step.operands[0]), value(step.operands[1]), value(step.operands[2]), count, step.p, step.q);
    }
    if (boolean_output) {
      auto* out = call.outputs[0].as<std::uint8_t>() + start;
      for (std::int64_t i = 0; i < count; ++i) out[i] = last[i] != 0.0F ? 1 : 0;
    }
  }

  void repeat(const TensorView& view, const Source& source, float* to) const {
    for (std::int64_t i = 0; i < source.period; ++i) to[i] = element(view, i);
    for (std::int64_t filled = source.period; filled < tile; filled += source.period)
      std::memcpy(to + filled, to, static_cast<std::size_t>(std::min(source.period, tile - filled)) * 4);
  }

  /// Row by row of the output's last dimension.
  void walk(const TensorView& view, const Source& source, std::int64_t start, std::int64_t count, float* to) const {
    const std::size_t last = shape.size() - 1;
    const std::int64_t step = source.strides[last];
    for (std::int64_t done = 0; done < count;) {
      std::int64_t rest = start + done;
      const std::int64_t column = rest % shape[last];
      rest /= shape[last];
      std::int64_t at = column * step;
      for (std::size_t d = last; d-- > 0; rest /= shape[d]) at += rest % shape[d] * source.strides[d];
      const std::int64_t run = std::min(shape[last] - column, count - done);
      if (step == 0) std::fill(to + done, to + done + run, element(view, at));
      else if (step == 1 && !source.boolean)
        std::memcpy(to + done, view.as<const float>() + at, static_cast<std::size_t>(run) * 4);
      else
        for (std::int64_t i = 0; i < run; ++i) to[done + i] = element(view, at + i * step);
      done += run;
    }
  }
};

/// Strides of `view` along the output's dimensions, 0 where it is broadcast; empty when it does not broadcast to it.
std::vector<std::int64_t> strides_along(const TensorView& view, std::span<const std::int64_t> shape) {
  if (view.shape.size() > shape.size()) return {};
  std::vector<std::int64_t> strides(shape.size(), 0);
  std::int64_t stride = 1;
  for (std::size_t d = 0; d < view.shape.size(); ++d) {
    const std::int64_t own = view.shape[view.shape.size() - 1 - d];
    const std::size_t at = shape.size() - 1 - d;
    if (own != 1 && own != shape[at]) return {};
    if (own != 1) strides[at] = stride;
    stride *= own;
  }
  return strides;
}

/// The number of elements after which a broadcast input repeats, or 0: its shape is ones, then the output's trailing
/// dimensions.
std::int64_t period_of(const TensorView& view, std::span<const std::int64_t> shape) {
  std::int64_t period = 1;
  bool ended = false;
  for (std::size_t d = 0; d < view.shape.size(); ++d) {
    const std::int64_t own = view.shape[view.shape.size() - 1 - d];
    if (own == 1) {
      ended = ended || shape[shape.size() - 1 - d] != 1;
      continue;
    }
    if (ended) return 0;
    period *= own;
  }
  return period;
}

bool find_sources(const TileCall& call, TileProgram& program) {
  std::int64_t longest = 1;
  for (const TensorView& view : call.inputs) {
    if (view.quant != nullptr || (view.dtype != DType::float32 && view.dtype != DType::boolean)) return false;
    Source source;
    source.boolean = view.dtype == DType::boolean;
    source.strides = strides_along(view, program.shape);
    if (source.strides.empty() && !program.shape.empty()) return false;
    source.period = period_of(view, program.shape);
    if (view.size() == program.total) source.kind = source.boolean ? Source::Kind::bytes : Source::Kind::direct;
    else source.kind = source.period > 0 && source.period <= kTile ? Source::Kind::repeated : Source::Kind::walked;
    if (source.kind == Source::Kind::repeated) longest = std::max(longest, source.period);
    program.sources.push_back(std::move(source));
  }
  program.tile = kTile / longest * longest;
  for (Source& source : program.sources) {
    if (source.kind == Source::Kind::repeated && program.tile % source.period != 0) source.kind = Source::Kind::walked;
    if (source.kind != Source::Kind::direct) source.slot = static_cast<std::int32_t>(program.slots++);
  }
  return true;
}

/// Gives every step a register, used again when its value has been read for the last time.
bool find_code(const TileCall& call, TileProgram& program, const wide::Functions& functions) {
  const auto inputs = static_cast<std::int32_t>(call.inputs.size());
  const auto steps = static_cast<std::int32_t>(call.steps.size());
  std::vector<std::int32_t> last_use(call.steps.size(), -1);
  for (std::int32_t s = 0; s < steps; ++s) {
    for (const std::int32_t input : call.steps[static_cast<std::size_t>(s)].inputs) {
      if (input < 0 || input >= inputs + s) return false;
      if (input >= inputs) last_use[static_cast<std::size_t>(input - inputs)] = s;
    }
  }
  const auto dtype_of = [&](std::int32_t value) {
    return value < inputs ? call.inputs[static_cast<std::size_t>(value)].dtype
                          : call.steps[static_cast<std::size_t>(value - inputs)].dtype;
  };
  std::vector<std::int32_t> free_slots;
  for (std::int32_t s = 0; s < steps; ++s) {
    const TileStep& step = call.steps[static_cast<std::size_t>(s)];
    Instruction instruction{find_tile_function(step.op, functions), {0, 0, 0}, -1, 0.0F, 0.0F};
    if (instruction.fn == nullptr || step.inputs.empty() || step.inputs.size() > 3 ||
        (step.dtype != DType::float32 && step.dtype != DType::boolean))
      return false;
    for (std::size_t i = 0; i < 3; ++i) instruction.operands[i] = step.inputs[std::min(i, step.inputs.size() - 1)];
    if (step.op == "cast" && step.dtype == DType::boolean && dtype_of(step.inputs[0]) != DType::boolean) return false;
    if (step.op == "leaky_relu" || step.op == "elu") instruction.p = static_cast<float>(step.attrs->real("alpha"));
    if (step.op == "gelu") instruction.p = step.attrs->flag("approximate") ? 1.0F : 0.0F;
    // An operand that dies here leaves its register to the result: the functions read each element before they write
    // it.
    std::vector<std::int32_t> dying = step.inputs;
    std::sort(dying.begin(), dying.end());
    dying.erase(std::unique(dying.begin(), dying.end()), dying.end());
    for (const std::int32_t input : dying) {
      if (input >= inputs && last_use[static_cast<std::size_t>(input - inputs)] == s)
        free_slots.push_back(program.code[static_cast<std::size_t>(input - inputs)].slot);
    }
    if (s + 1 < steps || program.boolean_output) {
      if (free_slots.empty()) free_slots.push_back(static_cast<std::int32_t>(program.slots++));
      instruction.slot = free_slots.back();
      free_slots.pop_back();
    }
    program.code.push_back(instruction);
  }
  return true;
}

}  // namespace

std::unique_ptr<Kernel> make_tile_program(const TileCall& call, const wide::Functions& functions) {
  auto program = std::make_unique<TileProgram>();
  if (call.steps.empty() || call.output.quant != nullptr || call.output.size() == 0) return nullptr;
  if (call.output.dtype != call.steps.back().dtype) return nullptr;
  program->shape.assign(call.output.shape.begin(), call.output.shape.end());
  program->total = call.output.size();
  program->threads = call.threads;
  program->boolean_output = call.output.dtype == DType::boolean;
  if (!find_sources(call, *program) || !find_code(call, *program, functions)) return nullptr;
  return program;
}

std::unique_ptr<Kernel> make_elementwise_f32(const MakeCall& call, const wide::Functions& functions) {
  if (call.outputs.size() != 1 || call.inputs.empty()) return nullptr;
  TileStep step{call.op, call.attrs, call.outputs[0].dtype, {}};
  bool any_float = call.outputs[0].dtype == DType::float32;
  for (std::size_t i = 0; i < call.inputs.size(); ++i) {
    any_float = any_float || call.inputs[i].dtype == DType::float32;
    step.inputs.push_back(static_cast<std::int32_t>(i));
  }
  if (!any_float) return nullptr;  // all bool: the reference's bytes are as good
  return make_tile_program({call.inputs, {&step, 1}, call.outputs[0], call.threads}, functions);
}

}  // namespace kedge::kernels::fast

namespace kedge::kernels {

std::unique_ptr<Kernel> make_tile_program(const TileCall& call, InstructionSet set) {
  return fast::make_tile_program(call, fast::functions_of(set));
}

}  // namespace kedge::kernels
