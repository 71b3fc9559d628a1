#include <array>
#include <utility>

#include "kernels/kernels.h"

namespace kedge::kernels {
namespace {

constexpr std::array<std::pair<InstructionSet, std::string_view>, 4> kNames = {{
    {InstructionSet::scalar, "scalar"},
    {InstructionSet::avx2, "avx2"},
    {InstructionSet::avx512, "avx512"},
    {InstructionSet::avx512_vnni, "avx512_vnni"},
}};

}  // namespace

InstructionSet machine_instruction_set() {
#if defined(__x86_64__)
  // __builtin_cpu_supports asks the operating system's state (XCR0) too.
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return InstructionSet::scalar;
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (!avx512) return InstructionSet::avx2;
  return __builtin_cpu_supports("avx512vnni") ? InstructionSet::avx512_vnni : InstructionSet::avx512;
#else
  return InstructionSet::scalar;
#endif
}

std::string_view instruction_set_name(InstructionSet set) {
  for (const auto& [value, name] : kNames) {
    if (value == set) return name;
  }
  return "scalar";
}

bool parse_instruction_set(std::string_view text, InstructionSet& set) {
  for (const auto& [value, name] : kNames) {
    if (name != text) continue;
    set = value;
    return true;
  }
  return false;
}

}  // namespace kedge::kernels
