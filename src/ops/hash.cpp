// Hashes of integers, as preprocessing layers take them.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

Types infer(const InferCall& call) {
  if (dtype_of(call, 0) != DType::int64) return dtype_fault("hash_bucket takes int64 numbers");
  if (call.attrs.integer("buckets") < 1) return attr_fault("hash_bucket needs one bucket or more");
  if (const std::size_t key = call.attrs.integers("key").size(); key != 0 && key != 2)
    return attr_fault("hash_bucket's key has two parts");
  return one(DType::int64, shape_of(call, 0));
}

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::AttrSpec kAttrs[] = {{"buckets", ir::AttrKind::integer}, {"key", ir::AttrKind::integers, false, "[]"}};
constexpr std::string_view kExamples[] = {KEDGE_EXAMPLE("const %0 : int64[4] = {0, 7, -12, 123456789}",
                                                        "%1 = hash_bucket(%0) {buckets = 10} : int64[4]", "%1")};

}  // namespace

constinit const ir::OpDef kHashBucket = {
    .name = "hash_bucket",
    .summary =
        "The bucket that the hash of a number's decimal digits falls into: FarmHash's 64-bit fingerprint, or "
        "SipHash-2-4 with a key of two 64-bit parts.",
    .inputs = kInputs,
    .attrs = kAttrs,
    .infer = ir::rule(infer),
    .quant = ir::QuantKind::none,
    .tflite = "",
    .onnx = "",
    .examples = kExamples};

}  // namespace kedge::ops
