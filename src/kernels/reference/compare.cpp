// Comparisons and logic of two arrays; both answer bool.
#include "kernels/reference/binary.h"
#include "kernels/reference/tables.h"

namespace kedge::kernels::reference {

namespace {

#define KEDGE_COMPARE(Name, expression) \
  struct Name {                         \
    template <typename T>               \
    bool operator()(T a, T b) const {   \
      return expression;                \
    }                                   \
  };
KEDGE_COMPARE(Equal, a == b)
KEDGE_COMPARE(NotEqual, a != b)
KEDGE_COMPARE(Less, a < b)
KEDGE_COMPARE(LessEqual, a <= b)
KEDGE_COMPARE(Greater, a > b)
KEDGE_COMPARE(GreaterEqual, a >= b)
KEDGE_COMPARE(And, a != 0 && b != 0)
KEDGE_COMPARE(Or, a != 0 || b != 0)
KEDGE_COMPARE(Xor, (a != 0) != (b != 0))
#undef KEDGE_COMPARE

template <typename Op>
void compare(const Call& call) {
  with_real(call.inputs[0].dtype, [&](auto t) { broadcast_binary<decltype(t), std::uint8_t>(call, Op{}); });
}
template <typename Op>
void compare_any(const Call& call) {
  if (compute_of(call.inputs[0].dtype) == Compute::c128) return broadcast_binary<Complex, std::uint8_t>(call, Op{});
  compare<Op>(call);
}
template <typename Op>
void logic(const Call& call) {
  broadcast_binary<std::int64_t, std::uint8_t>(call, Op{});
}

constexpr Entry kCompare[] = {
    {"equal", compare_any<Equal>}, {"not_equal", compare_any<NotEqual>},
    {"less", compare<Less>},       {"less_equal", compare<LessEqual>},
    {"greater", compare<Greater>}, {"greater_equal", compare<GreaterEqual>},
    {"logical_and", logic<And>},   {"logical_or", logic<Or>},
    {"logical_xor", logic<Xor>},
};

}  // namespace

std::span<const Entry> compare_kernels() { return kCompare; }

}  // namespace kedge::kernels::reference
