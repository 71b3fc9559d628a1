// Which kernel runs a node. Fast kernels are rows of kernels.inc (op, instruction set, maker); a row's maker looks at
// the node's types and sizes and declines what it does not do, so the best row that accepts wins and the reference
// kernel catches the rest.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "kernels/kernel.h"

namespace kedge::kernels {

enum class InstructionSet : std::uint8_t { scalar, avx2, avx512, avx512_vnni };

/// The best this machine has, as far as the operating system enables it.
InstructionSet machine_instruction_set();
std::string_view instruction_set_name(InstructionSet set);
bool parse_instruction_set(std::string_view name, InstructionSet& set);

/// A kernel bound to one node: constants packed, sizes fixed. run() gets views of the same types and shapes as the
/// maker saw.
class Kernel {
 public:
  virtual ~Kernel() = default;
  virtual void run(const Call& call) const = 0;
  /// Bytes of scratch memory run() needs in call.scratch (64-byte aligned).
  virtual std::int64_t scratch_bytes() const { return 0; }
};

/// `call` has data for constant inputs only; the others have data == nullptr (and so have absent optional inputs: attrs
/// and shapes tell: an absent input has an empty shape and dtype bool).
struct MakeCall {
  std::string_view op;
  std::span<const TensorView> inputs;
  std::span<const bool> constant;  ///< parallel to inputs
  std::span<const bool> present;   ///< parallel to inputs
  std::span<const TensorView> outputs;
  const Attrs* attrs = nullptr;
  std::int64_t threads = 1;
};

using MakeFn = std::unique_ptr<Kernel> (*)(const MakeCall& call);  ///< nullptr: not this node

struct KernelRow {
  std::string_view op;
  InstructionSet set;
  std::string_view name;  ///< "conv2d_f32_avx512"
  MakeFn make;
};
std::span<const KernelRow> kernel_rows();

struct Choice {
  std::unique_ptr<Kernel> kernel;  ///< nullptr: nothing runs this op
  std::string_view name;
};
/// The best kernel at or below `set`; falls back to the reference kernel ("reference").
Choice make_kernel(const MakeCall& call, InstructionSet set);

}  // namespace kedge::kernels
