// Elementwise functions that are rare enough for plain loops over the standard library's.
#include "kernels/fast/tile_functions.h"

#include <cmath>
#include <limits>

namespace kedge::kernels::fast {
namespace {

template <float (*kFunction)(float, float)>
void each(float* out, const float* a, const float* b, const float*, std::int64_t count, float, float) {
  for (std::int64_t i = 0; i < count; ++i) out[i] = kFunction(a[i], b[i]);
}

float sign(float a, float) { return a > 0 ? 1.0F : (a < 0 ? -1.0F : (a == 0 ? 0.0F : a)); }
float modulo(float a, float b) {
  const float rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

constexpr wide::TileEntry kPlain[] = {
    {"pow", each<[](float a, float b) { return std::pow(a, b); }>},
    {"sin", each<[](float a, float) { return std::sin(a); }>},
    {"cos", each<[](float a, float) { return std::cos(a); }>},
    {"tan", each<[](float a, float) { return std::tan(a); }>},
    {"atan", each<[](float a, float) { return std::atan(a); }>},
    {"atan2", each<[](float a, float b) { return std::atan2(a, b); }>},
    {"log1p", each<[](float a, float) { return std::log1p(a); }>},
    {"expm1", each<[](float a, float) { return std::expm1(a); }>},
    {"sign", each<sign>},
    {"mod", each<modulo>},
    {"floordiv", each<[](float a, float b) { return std::floor(a / b); }>},
    {"is_nan", each<[](float a, float) { return std::isnan(a) ? 1.0F : 0.0F; }>},
    {"is_inf", each<[](float a, float) { return std::isinf(a) ? 1.0F : 0.0F; }>},
    {"is_finite", each<[](float a, float) { return std::isfinite(a) ? 1.0F : 0.0F; }>},
};

}  // namespace

wide::TileFn find_tile_function(std::string_view op, const wide::Functions& functions) {
  for (std::int64_t i = 0; i < functions.tile_count; ++i) {
    if (functions.tiles[i].op == op) return functions.tiles[i].fn;
  }
  for (const wide::TileEntry& entry : kPlain) {
    if (entry.op == op) return entry.fn;
  }
  return nullptr;
}

const wide::Functions& functions_of(InstructionSet set) {
#if defined(__x86_64__)
  switch (set) {
    case InstructionSet::avx2: return wide::kAvx2Functions;
    case InstructionSet::avx512: return wide::kAvx512Functions;
    case InstructionSet::avx512_vnni: return wide::kVnniFunctions;
    default: break;
  }
#endif
  (void)set;
  return wide::kScalarFunctions;
}

}  // namespace kedge::kernels::fast
