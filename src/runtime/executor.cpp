#include "runtime/executor.h"

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <map>
#include <new>

#include "kernels/tile_program.h"
#include "runtime/thread_pool.h"

namespace kedge::runtime {
namespace {

constexpr std::int64_t kIterationLimit = 1'000'000;  // of one loop, as in the reference interpreter

constexpr std::size_t kAlignment = 64;

struct AlignedFree {
  void operator()(std::byte* memory) const { ::operator delete (memory, std::align_val_t{kAlignment}); }
};
using AlignedMemory = std::unique_ptr<std::byte, AlignedFree>;

/// Null when there is not so much memory.
AlignedMemory allocate(std::int64_t bytes) {
  const std::size_t size = static_cast<std::size_t>(bytes) + kAlignment;
  auto* memory = static_cast<std::byte*>(::operator new (size, std::align_val_t{kAlignment}, std::nothrow));
  if (memory != nullptr) std::memset(memory, 0, size);
  return AlignedMemory(memory);
}

/// A step with everything run() needs, made once.
struct BoundStep {
  std::vector<TensorView> inputs;
  std::vector<TensorView> outputs;
  kernels::Choice choice;
  bool skip = false;  ///< a reshape in place
  // Control flow: the bodies as executors of their own.
  enum class Flow : std::uint8_t { none, branch, loop, group } flow = Flow::none;
  std::vector<std::unique_ptr<Executor>> bodies;
  double microseconds = 0;
};

void copy(const TensorView& from, const TensorView& to) {
  std::memmove(to.data, from.data, static_cast<std::size_t>(to.bytes()));
}

}  // namespace

struct Executor::State {
  Plan plan;
  ExecutorOptions options;
  AlignedMemory arena;
  AlignedMemory scratch;
  std::shared_ptr<ThreadPool> pool;  ///< one for a plan and its bodies: they never run at the same time
  std::vector<BoundStep> steps;
  bool profiling = false;
  std::int64_t runs = 0;

  TensorView view(std::int32_t index) {
    if (index < 0) return {};
    PlanTensor& tensor = plan.tensors[static_cast<std::size_t>(index)];
    const Quantization* quant = tensor.quant.present() ? &tensor.quant : nullptr;
    if (tensor.constant) return {tensor.dtype, tensor.shape, const_cast<std::byte*>(tensor.data.bytes().data()), quant};
    return {tensor.dtype, tensor.shape, arena.get() + tensor.offset, quant};
  }

  bool bind_tiles(const PlanStep& step, BoundStep& bound, std::int64_t& scratch_bytes);
  Result<void> bind(std::size_t index, std::int64_t& scratch_bytes);
  void run_step(std::size_t index);
  void run_body(Executor& body, std::span<const TensorView> inputs, std::span<const TensorView> outputs);
  void run_loop(const PlanStep& step, BoundStep& bound);

  bool endless = false;  ///< a loop of the last run was left before it ended
};

/// A fused group as one kernel that works tile by tile; false when its types or steps are not made for that.
bool Executor::State::bind_tiles(const PlanStep& step, BoundStep& bound, std::int64_t& scratch_bytes) {
  const Plan& body = *step.bodies[0];
  if (body.outputs.size() != 1 || bound.outputs.size() != 1 || body.inputs.size() != step.inputs.size() ||
      body.steps.empty())
    return false;
  // Values of the program: the body's inputs, its constants, the results of its steps.
  std::vector<std::int32_t> value(body.tensors.size(), -1);
  std::vector<TensorView> inputs = bound.inputs;
  std::int32_t next = 0;
  for (const std::int32_t input : body.inputs) value[static_cast<std::size_t>(input)] = next++;
  for (std::size_t i = 0; i < body.tensors.size(); ++i) {
    const PlanTensor& tensor = body.tensors[i];
    if (!tensor.constant) continue;
    value[i] = next++;
    inputs.push_back({tensor.dtype, tensor.shape, const_cast<std::byte*>(tensor.data.bytes().data()),
                      tensor.quant.present() ? &tensor.quant : nullptr});
  }
  std::vector<kernels::TileStep> program;
  for (const PlanStep& inner : body.steps) {
    if (inner.outputs.size() != 1 || !inner.bodies.empty()) return false;
    const PlanTensor& result = body.tensors[static_cast<std::size_t>(inner.outputs[0])];
    if (result.shape != body.tensors[static_cast<std::size_t>(body.outputs[0])].shape || result.quant.present())
      return false;
    kernels::TileStep tile{inner.op, &inner.attrs, result.dtype, {}};
    for (const std::int32_t input : inner.inputs) {
      if (input < 0 || value[static_cast<std::size_t>(input)] < 0) return false;
      tile.inputs.push_back(value[static_cast<std::size_t>(input)]);
    }
    value[static_cast<std::size_t>(inner.outputs[0])] = next++;
    program.push_back(std::move(tile));
  }
  if (body.steps.back().outputs[0] != body.outputs[0] ||
      element_count(body.tensors[static_cast<std::size_t>(body.outputs[0])].shape) != bound.outputs[0].size())
    return false;
  bound.choice.kernel =
      kernels::make_tile_program({inputs, program, bound.outputs[0], options.threads}, options.instruction_set);
  if (bound.choice.kernel == nullptr) return false;
  bound.choice.name = "tiles";
  bound.inputs = std::move(inputs);
  scratch_bytes = std::max(scratch_bytes, bound.choice.kernel->scratch_bytes());
  return true;
}

Result<void> Executor::State::bind(std::size_t index, std::int64_t& scratch_bytes) {
  PlanStep& step = plan.steps[index];
  BoundStep& bound = steps[index];
  for (const std::int32_t input : step.inputs) bound.inputs.push_back(view(input));
  for (const std::int32_t output : step.outputs) bound.outputs.push_back(view(output));
  if (step.op == "reshape" && bound.inputs[0].data == bound.outputs[0].data) {
    bound.skip = true;
    bound.choice.name = "in place";
    return {};
  }
  if (step.op == "fused" && step.bodies.size() == 1 && bind_tiles(step, bound, scratch_bytes)) return {};
  if (!step.bodies.empty()) {
    bound.flow = step.op == "if" ? BoundStep::Flow::branch
                                 : (step.op == "while" ? BoundStep::Flow::loop : BoundStep::Flow::group);
    bound.choice.name = "bodies";
    for (std::unique_ptr<Plan>& body : step.bodies) {
      KEDGE_TRY(Executor executor, Executor::create(std::move(*body), options, pool));
      bound.bodies.push_back(std::make_unique<Executor>(std::move(executor)));
    }
    return {};
  }
  std::unique_ptr<bool[]> constant(new bool[step.inputs.size()]);
  std::unique_ptr<bool[]> present(new bool[step.inputs.size()]);
  for (std::size_t i = 0; i < step.inputs.size(); ++i) {
    present[i] = step.inputs[i] >= 0;
    constant[i] = present[i] && plan.tensors[static_cast<std::size_t>(step.inputs[i])].constant;
  }
  kernels::MakeCall call;
  call.op = step.op;
  call.inputs = bound.inputs;
  call.constant = {constant.get(), step.inputs.size()};
  call.present = {present.get(), step.inputs.size()};
  call.outputs = bound.outputs;
  call.attrs = &step.attrs;
  call.threads = options.threads;
  bound.choice = kernels::make_kernel(call, options.instruction_set);
  if (bound.choice.kernel == nullptr) {
    const std::string type = bound.outputs.empty() ? std::string() : std::string(dtype_name(bound.outputs[0].dtype));
    return make_error("K0802", "the runtime has no kernel for `" + step.op + "` on " + type,
                      Location::in("layer " + (step.layer.empty() ? plan.name : step.layer)));
  }
  scratch_bytes = std::max(scratch_bytes, bound.choice.kernel->scratch_bytes());
  return {};
}

void Executor::State::run_body(Executor& body, std::span<const TensorView> inputs,
                               std::span<const TensorView> outputs) {
  for (std::size_t i = 0; i < inputs.size(); ++i) copy(inputs[i], body.input(static_cast<std::int64_t>(i)));
  body.run();
  endless = endless || body.state_->endless;
  for (std::size_t i = 0; i < outputs.size(); ++i) copy(body.output(static_cast<std::int64_t>(i)), outputs[i]);
}

void Executor::State::run_loop(const PlanStep& step, BoundStep& bound) {
  Executor& condition = *bound.bodies[0];
  Executor& body = *bound.bodies[1];
  const std::int64_t carried = step.attrs.integer("carried");
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(bound.inputs.size()); ++i) {
    copy(bound.inputs[static_cast<std::size_t>(i)], condition.input(i));
    copy(bound.inputs[static_cast<std::size_t>(i)], body.input(i));
  }
  for (std::int64_t iteration = 0;; ++iteration) {
    condition.run();
    if (*condition.output(0).as<std::uint8_t>() == 0) break;
    if (iteration >= kIterationLimit) endless = true;
    endless = endless || condition.state_->endless || body.state_->endless;
    if (endless) break;
    body.run();
    for (std::int64_t i = 0; i < carried; ++i) {
      copy(body.output(i), condition.input(i));
    }
    for (std::int64_t i = 0; i < carried; ++i) copy(condition.input(i), body.input(i));
  }
  for (std::int64_t i = 0; i < carried; ++i) copy(condition.input(i), bound.outputs[static_cast<std::size_t>(i)]);
}

void Executor::State::run_step(std::size_t index) {
  BoundStep& bound = steps[index];
  if (bound.skip) return;
  if (bound.flow == BoundStep::Flow::group) return run_body(*bound.bodies[0], bound.inputs, bound.outputs);
  if (bound.flow == BoundStep::Flow::branch) {
    Executor& body = *bound.bodies[*bound.inputs[0].as<std::uint8_t>() != 0 ? 0 : 1];
    return run_body(body, std::span<const TensorView>(bound.inputs).subspan(1), bound.outputs);
  }
  if (bound.flow == BoundStep::Flow::loop) return run_loop(plan.steps[index], bound);
  kernels::Call call;
  call.inputs = bound.inputs;
  call.outputs = bound.outputs;
  call.attrs = &plan.steps[index].attrs;
  call.parallel = pool.get();
  call.scratch = scratch.get();
  bound.choice.kernel->run(call);
}

InstructionSet best_instruction_set() {
  InstructionSet set = kernels::machine_instruction_set();
  const char* wanted = std::getenv("KEDGE_ISA");
  InstructionSet lowered = set;
  if (wanted != nullptr && kernels::parse_instruction_set(wanted, lowered) && lowered < set) set = lowered;
  return set;
}

Executor::Executor(std::unique_ptr<State> state) : state_(std::move(state)) {}
Executor::Executor(Executor&&) noexcept = default;
Executor& Executor::operator=(Executor&&) noexcept = default;
Executor::~Executor() = default;

Result<Executor> Executor::create(Plan plan, const ExecutorOptions& options) {
  return create(std::move(plan), options, nullptr);
}

Result<Executor> Executor::create(Plan plan, const ExecutorOptions& options, std::shared_ptr<ThreadPool> pool) {
  auto state = std::make_unique<State>();
  state->plan = std::move(plan);
  state->options = options;
  state->arena = allocate(state->plan.arena_bytes);
  if (state->arena == nullptr) {
    return make_error("K0614",
                      "the plan needs " + std::to_string(state->plan.arena_bytes) +
                          " bytes of memory at once, more than this machine gives",
                      Location::in("plan " + state->plan.name));
  }
  state->pool =
      pool == nullptr && options.threads > 1 ? std::make_shared<ThreadPool>(options.threads) : std::move(pool);
  state->steps.resize(state->plan.steps.size());
  std::int64_t scratch_bytes = 0;
  for (std::size_t i = 0; i < state->plan.steps.size(); ++i) KEDGE_TRY_VOID(state->bind(i, scratch_bytes));
  state->scratch = allocate(scratch_bytes);
  if (state->scratch == nullptr) {
    return make_error(
        "K0614", "the kernels need " + std::to_string(scratch_bytes) + " bytes of memory, more than this machine gives",
        Location::in("plan " + state->plan.name));
  }
  return Executor(std::move(state));
}

const Plan& Executor::plan() const { return state_->plan; }

TensorView Executor::input(std::int64_t index) {
  return state_->view(state_->plan.inputs[static_cast<std::size_t>(index)]);
}

TensorView Executor::output(std::int64_t index) const {
  return state_->view(state_->plan.outputs[static_cast<std::size_t>(index)]);
}

void Executor::run() {
  State& state = *state_;
  state.endless = false;
  if (!state.profiling) {
    for (std::size_t i = 0; i < state.steps.size(); ++i) state.run_step(i);
    return;
  }
  ++state.runs;
  for (std::size_t i = 0; i < state.steps.size(); ++i) {
    const auto start = std::chrono::steady_clock::now();
    state.run_step(i);
    state.steps[i].microseconds +=
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
  }
}

Result<void> Executor::outcome() const {
  if (!state_->endless) return {};
  std::string layer;
  for (std::size_t i = 0; i < state_->steps.size() && layer.empty(); ++i) {
    if (state_->steps[i].flow == BoundStep::Flow::loop) layer = state_->plan.steps[i].layer;
  }
  Error error =
      make_error("K0611", "a loop of the model did not end after " + std::to_string(kIterationLimit) + " rounds",
                 Location::in("layer " + (layer.empty() ? state_->plan.name : layer)));
  return std::move(error).help("check the loop's condition, or give it a maximum number of iterations");
}

std::int64_t Executor::arena_bytes() const { return state_->plan.arena_bytes; }

void Executor::set_profiling(bool on) { state_->profiling = on; }

std::vector<StepProfile> Executor::profile() const {
  std::vector<StepProfile> out;
  for (std::size_t i = 0; i < state_->steps.size(); ++i) {
    const BoundStep& bound = state_->steps[i];
    if (bound.skip) continue;
    out.push_back({state_->plan.steps[i].op, state_->plan.steps[i].layer, std::string(bound.choice.name),
                   bound.microseconds, state_->runs});
  }
  return out;
}

}  // namespace kedge::runtime
