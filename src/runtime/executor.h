// Runs a plan: kernels chosen and weights packed once, then run() any number of times without allocating.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "kernels/kernels.h"
#include "runtime/plan.h"

namespace kedge::runtime {

using kernels::InstructionSet;

class ThreadPool;

/// What the machine has, lowered by KEDGE_ISA=scalar|avx2|avx512|avx512_vnni.
InstructionSet best_instruction_set();

struct ExecutorOptions {
  std::int64_t threads = 1;
  InstructionSet instruction_set = best_instruction_set();
};

struct StepProfile {
  std::string op;
  std::string layer;
  std::string kernel;       ///< "conv2d_f32_avx512"
  double microseconds = 0;  ///< sum over the runs
  std::int64_t runs = 0;
};

class Executor {
 public:
  /// Checks the plan, picks kernels, packs weights, allocates the arena. K0802: an op or type without a kernel, naming
  /// the layer.
  static Result<Executor> create(Plan plan, const ExecutorOptions& options = {});
  Executor(Executor&&) noexcept;
  Executor& operator=(Executor&&) noexcept;
  ~Executor();

  const Plan& plan() const;
  /// Where to put input i before run(), and where output i is after it; valid until the executor ends.
  TensorView input(std::int64_t index);
  TensorView output(std::int64_t index) const;
  void run();
  /// Whether the last run() gave an answer. K0611: a loop did not end within the bound, and was left.
  Result<void> outcome() const;

  std::int64_t arena_bytes() const;
  void set_profiling(bool on);
  std::vector<StepProfile> profile() const;

 private:
  struct State;
  static Result<Executor> create(Plan plan, const ExecutorOptions& options, std::shared_ptr<ThreadPool> pool);
  explicit Executor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace kedge::runtime
