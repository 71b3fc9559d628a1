// Operator versions: what a feature of an operator needs at least. Source: tflite/tools/versioning/op_version.cc as
// documented there; only features that kedge writes.
#include "backends/tflite/lower.h"

namespace kedge::backends::tflite {
namespace {

using format::Op;
using format::Type;

const format::TensorInfo* operand(const format::OperatorInfo& op, const format::SubgraphInfo& graph, std::size_t i) {
  return i < op.inputs.size() && op.inputs[i] >= 0 ? &graph.tensors[static_cast<std::size_t>(op.inputs[i])] : nullptr;
}

}  // namespace

std::int32_t operator_version(const format::OperatorInfo& op, const format::SubgraphInfo& graph) {
  const format::TensorInfo* first = operand(op, graph, 0);
  const format::TensorInfo* second = operand(op, graph, 1);
  const Type type = first != nullptr ? first->type : Type::float32;
  const std::size_t rank = first != nullptr ? first->shape.size() : 0;
  const bool int8 = type == Type::int8;
  switch (op.op) {
    case Op::add: return int8 ? 2 : type == Type::int64 ? 4 : 1;
    case Op::sub: return int8 ? 2 : type == Type::int64 ? 4 : rank > 4 ? 3 : 1;
    case Op::mul: {
      if (type == Type::int64) return 5;
      if (!int8) return 1;
      const format::TensorInfo& out = graph.tensors[static_cast<std::size_t>(op.outputs[0])];
      const bool large = !first->quant.scales.empty() && !out.quant.scales.empty() &&
                         first->quant.scales[0] * second->quant.scales[0] / out.quant.scales[0] >= 1.0F;
      return large ? 3 : 2;
    }
    case Op::conv_2d: {
      const bool grouped = first->shape.size() == 4 && second->shape.size() == 4 && first->shape[3] != second->shape[3];
      return grouped ? 6 : int8 ? 3 : 1;
    }
    case Op::depthwise_conv_2d:
      return int8 ? 3 : op.option("dilation_w", 1) != 1 || op.option("dilation_h", 1) != 1 ? 2 : 1;
    case Op::transpose_conv: return op.inputs.size() == 4 ? 3 : second->type == Type::int8 ? 2 : 1;
    case Op::fully_connected: return op.inputs.size() == 2 ? 6 : op.option("keep_num_dims") != 0 ? 5 : int8 ? 4 : 1;
    case Op::gather: return op.option("batch_dims") != 0 ? 5 : type == Type::boolean ? 3 : int8 ? 2 : 1;
    case Op::transpose: return rank > 5 ? 6 : rank > 4 ? 4 : type == Type::boolean ? 3 : int8 ? 2 : 1;
    case Op::slice: return rank > 4 ? 5 : int8 ? 2 : 1;
    case Op::strided_slice: return rank > 4 ? 4 : type == Type::boolean ? 3 : int8 ? 2 : 1;
    case Op::reverse_v2: return int8 ? 3 : type == Type::boolean ? 2 : 1;
    case Op::resize_bilinear: return op.option("half_pixel") != 0 ? 3 : int8 ? 2 : 1;
    case Op::resize_nearest_neighbor:
      return op.option("half_pixel") != 0 || op.option("align_corners") != 0 ? 3 : int8 ? 2 : 1;
    case Op::floor_div: return type == Type::float32 ? 2 : 1;
    case Op::broadcast_to: return int8 ? 3 : 2;
    case Op::batch_matmul: return int8 ? 2 : 1;
    case Op::space_to_depth:
    case Op::depth_to_space: return 1;
    case Op::gather_nd: return type == Type::boolean ? 5 : 1;
    case Op::sign: return type == Type::int32 ? 2 : 1;
    case Op::gelu: return int8 ? 2 : 1;
    case Op::maximum:
    case Op::minimum: return rank > 4 ? 3 : int8 ? 2 : 1;
    case Op::select_v2: return rank > 4 ? 2 : 1;
    case Op::concatenation:
    case Op::max_pool_2d:
    case Op::average_pool_2d:
    case Op::softmax:
    case Op::log_softmax:
    case Op::logistic:
    case Op::tanh:
    case Op::relu:
    case Op::relu6:
    case Op::mean:
    case Op::sum:
    case Op::reduce_max:
    case Op::reduce_min:
    case Op::reduce_prod:
    case Op::topk_v2:
    case Op::arg_max:
    case Op::arg_min:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal:
    case Op::equal:
    case Op::not_equal:
    case Op::dequantize:
    case Op::leaky_relu:
    case Op::squared_difference:
    case Op::mirror_pad:
    case Op::pad:
    case Op::padv2:
    case Op::exp:
    case Op::log:
    case Op::sqrt:
    case Op::rsqrt:
    case Op::abs:
    case Op::tile: return int8 ? 2 : 1;
    default: return 1;
  }
}

}  // namespace kedge::backends::tflite
