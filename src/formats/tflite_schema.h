// TFLite's schema (tflite/schema/schema.fbs, version 3) as data: operator codes, option fields and the plain structs
// that the writer (backends/tflite) fills and the reader (frontends/tflite) returns. Only what kedge writes or reads;
// no generated code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"

namespace kedge::formats::tflite {

inline constexpr std::string_view kIdentifier = "TFL3";
inline constexpr std::uint32_t kSchemaVersion = 3;

// Field ids of the tables.
namespace model_field {
enum : std::uint16_t {
  version,
  operator_codes,
  subgraphs,
  description,
  buffers,
  metadata_buffer,
  metadata,
  signature_defs
};
}
namespace code_field {
enum : std::uint16_t { deprecated_code, custom_code, version, code };
}
namespace subgraph_field {
enum : std::uint16_t { tensors, inputs, outputs, operators, name };
}
namespace tensor_field {
enum : std::uint16_t { shape, type, buffer, name, quantization, is_variable, sparsity, shape_signature, has_rank };
}
namespace quantization_field {
enum : std::uint16_t { min, max, scale, zero_point, details_type, details, axis };
}
namespace operator_field {
enum : std::uint16_t { opcode_index, inputs, outputs, options_type, options, custom_options };
}
namespace buffer_field {
enum : std::uint16_t { data, offset, size };
}
namespace metadata_field {
enum : std::uint16_t { name, buffer };
}
namespace signature_field {
enum : std::uint16_t { inputs, outputs, key, deprecated_tag, subgraph };
}
namespace tensor_map_field {
enum : std::uint16_t { name, tensor };
}

enum class Type : std::int8_t {
  float32 = 0,
  float16 = 1,
  int32 = 2,
  uint8 = 3,
  int64 = 4,
  string = 5,
  boolean = 6,
  int16 = 7,
  complex64 = 8,
  int8 = 9,
  float64 = 10,
  complex128 = 11,
  uint64 = 12,
  resource = 13,
  variant = 14,
  uint32 = 15,
  uint16 = 16,
  int4 = 17,
  bfloat16 = 18,
};

enum class Activation : std::int8_t { none = 0, relu = 1, relu_n1_to_1 = 2, relu6 = 3, tanh = 4, sign_bit = 5 };
enum class Padding : std::int8_t { same = 0, valid = 1 };

enum class FieldKind : std::uint8_t { int8, int32, float32, boolean, int64, int32_vector };

struct Field {
  std::uint16_t id = 0;
  std::string_view name;
  FieldKind kind = FieldKind::int32;
  double fallback = 0;
};

enum class Op : std::int32_t {
  add = 0,
  average_pool_2d = 1,
  concatenation = 2,
  conv_2d = 3,
  depthwise_conv_2d = 4,
  depth_to_space = 5,
  dequantize = 6,
  floor = 8,
  fully_connected = 9,
  l2_normalization = 11,
  logistic = 14,
  max_pool_2d = 17,
  mul = 18,
  relu = 19,
  relu_n1_to_1 = 20,
  relu6 = 21,
  reshape = 22,
  resize_bilinear = 23,
  softmax = 25,
  space_to_depth = 26,
  tanh = 28,
  custom = 32,
  pad = 34,
  gather = 36,
  batch_to_space_nd = 37,
  space_to_batch_nd = 38,
  transpose = 39,
  mean = 40,
  sub = 41,
  div = 42,
  squeeze = 43,
  strided_slice = 45,
  exp = 47,
  topk_v2 = 48,
  split = 49,
  log_softmax = 50,
  cast = 53,
  prelu = 54,
  maximum = 55,
  arg_max = 56,
  minimum = 57,
  less = 58,
  neg = 59,
  padv2 = 60,
  greater = 61,
  greater_equal = 62,
  less_equal = 63,
  select = 64,
  slice = 65,
  sin = 66,
  transpose_conv = 67,
  tile = 69,
  expand_dims = 70,
  equal = 71,
  not_equal = 72,
  log = 73,
  sum = 74,
  sqrt = 75,
  rsqrt = 76,
  shape = 77,
  pow = 78,
  arg_min = 79,
  reduce_prod = 81,
  reduce_max = 82,
  pack = 83,
  logical_or = 84,
  one_hot = 85,
  logical_and = 86,
  logical_not = 87,
  unpack = 88,
  reduce_min = 89,
  floor_div = 90,
  reduce_any = 91,
  square = 92,
  zeros_like = 93,
  fill = 94,
  floor_mod = 95,
  range = 96,
  resize_nearest_neighbor = 97,
  leaky_relu = 98,
  squared_difference = 99,
  mirror_pad = 100,
  abs = 101,
  split_v = 102,
  ceil = 104,
  reverse_v2 = 105,
  add_n = 106,
  gather_nd = 107,
  cos = 108,
  elu = 111,
  quantize = 114,
  round = 116,
  hard_swish = 117,
  if_ = 118,
  while_ = 119,
  scatter_nd = 122,
  select_v2 = 123,
  batch_matmul = 126,
  cumsum = 128,
  broadcast_to = 130,
  conv_3d = 132,
  reduce_all = 140,
  gelu = 150,
  atan2 = 156,
  sign = 158,
  bitwise_xor = 160,
  right_shift = 161,
};

inline constexpr std::int32_t kFirstOpBeyondByte =
    127;  ///< codes from here on read as this in the deprecated one-byte field

struct OpInfo {
  Op op = Op::add;
  std::string_view name;
  std::uint8_t options = 0;  ///< tag of the union BuiltinOptions; 0: none
  std::span<const Field> fields;
};

namespace fields {
using enum FieldKind;
inline constexpr Field kActivation[] = {{0, "activation", int8}};
inline constexpr Field kConv2d[] = {{0, "padding", int8},    {1, "stride_w", int32},      {2, "stride_h", int32},
                                    {3, "activation", int8}, {4, "dilation_w", int32, 1}, {5, "dilation_h", int32, 1}};
inline constexpr Field kDepthwise[] = {{0, "padding", int8},       {1, "stride_w", int32},  {2, "stride_h", int32},
                                       {3, "multiplier", int32},   {4, "activation", int8}, {5, "dilation_w", int32, 1},
                                       {6, "dilation_h", int32, 1}};
inline constexpr Field kConv3d[] = {
    {0, "padding", int8},    {1, "stride_d", int32},      {2, "stride_w", int32},      {3, "stride_h", int32},
    {4, "activation", int8}, {5, "dilation_d", int32, 1}, {6, "dilation_w", int32, 1}, {7, "dilation_h", int32, 1}};
inline constexpr Field kTransposeConv[] = {
    {0, "padding", int8}, {1, "stride_w", int32}, {2, "stride_h", int32}, {3, "activation", int8}};
inline constexpr Field kPool2d[] = {{0, "padding", int8},   {1, "stride_w", int32}, {2, "stride_h", int32},
                                    {3, "window_w", int32}, {4, "window_h", int32}, {5, "activation", int8}};
inline constexpr Field kFullyConnected[] = {
    {0, "activation", int8}, {1, "weights_format", int8}, {2, "keep_num_dims", boolean}};
inline constexpr Field kSoftmax[] = {{0, "beta", float32}};
inline constexpr Field kConcatenation[] = {{0, "axis", int32}, {1, "activation", int8}};
inline constexpr Field kResizeBilinear[] = {{2, "align_corners", boolean}, {3, "half_pixel", boolean}};
inline constexpr Field kResizeNearest[] = {{0, "align_corners", boolean}, {1, "half_pixel", boolean}};
inline constexpr Field kBlock[] = {{0, "block", int32}};
inline constexpr Field kReshape[] = {{0, "new_shape", int32_vector}};
inline constexpr Field kGather[] = {{0, "axis", int32}, {1, "batch_dims", int32}};
inline constexpr Field kReducer[] = {{0, "keepdims", boolean}};
inline constexpr Field kSqueeze[] = {{0, "axes", int32_vector}};
inline constexpr Field kSplit[] = {{0, "count", int32}};
inline constexpr Field kStridedSlice[] = {{0, "begin_mask", int32},       {1, "end_mask", int32},
                                          {2, "ellipsis_mask", int32},    {3, "new_axis_mask", int32},
                                          {4, "shrink_axis_mask", int32}, {5, "offset", boolean}};
inline constexpr Field kCast[] = {{0, "from", int8}, {1, "to", int8}};
inline constexpr Field kArg[] = {{0, "to", int8}};
inline constexpr Field kPack[] = {{0, "count", int32}, {1, "axis", int32}};
inline constexpr Field kAxis[] = {{0, "axis", int32}};
inline constexpr Field kLeakyRelu[] = {{0, "alpha", float32}};
inline constexpr Field kMirrorPad[] = {{0, "mode", int8}};
inline constexpr Field kIf[] = {{0, "then", int32}, {1, "else", int32}};
inline constexpr Field kWhile[] = {{0, "condition", int32}, {1, "body", int32}};
inline constexpr Field kBatchMatmul[] = {{0, "adj_x", boolean}, {1, "adj_y", boolean}};
inline constexpr Field kCumsum[] = {{0, "exclusive", boolean}, {1, "reverse", boolean}};
inline constexpr Field kGelu[] = {{0, "approximate", boolean}};
inline constexpr Field kShape[] = {{0, "to", int8}};
}  // namespace fields

inline constexpr OpInfo kOps[] = {
    {Op::add, "ADD", 11, fields::kActivation},
    {Op::average_pool_2d, "AVERAGE_POOL_2D", 5, fields::kPool2d},
    {Op::concatenation, "CONCATENATION", 10, fields::kConcatenation},
    {Op::conv_2d, "CONV_2D", 1, fields::kConv2d},
    {Op::depthwise_conv_2d, "DEPTHWISE_CONV_2D", 2, fields::kDepthwise},
    {Op::depth_to_space, "DEPTH_TO_SPACE", 94, fields::kBlock},
    {Op::dequantize, "DEQUANTIZE", 38, {}},
    {Op::floor, "FLOOR", 0, {}},
    {Op::fully_connected, "FULLY_CONNECTED", 8, fields::kFullyConnected},
    {Op::l2_normalization, "L2_NORMALIZATION", 12, fields::kActivation},
    {Op::logistic, "LOGISTIC", 0, {}},
    {Op::max_pool_2d, "MAX_POOL_2D", 5, fields::kPool2d},
    {Op::mul, "MUL", 21, fields::kActivation},
    {Op::relu, "RELU", 0, {}},
    {Op::relu_n1_to_1, "RELU_N1_TO_1", 0, {}},
    {Op::relu6, "RELU6", 0, {}},
    {Op::reshape, "RESHAPE", 17, fields::kReshape},
    {Op::resize_bilinear, "RESIZE_BILINEAR", 15, fields::kResizeBilinear},
    {Op::softmax, "SOFTMAX", 9, fields::kSoftmax},
    {Op::space_to_depth, "SPACE_TO_DEPTH", 19, fields::kBlock},
    {Op::tanh, "TANH", 0, {}},
    {Op::custom, "CUSTOM", 0, {}},
    {Op::pad, "PAD", 22, {}},
    {Op::gather, "GATHER", 23, fields::kGather},
    {Op::batch_to_space_nd, "BATCH_TO_SPACE_ND", 24, {}},
    {Op::space_to_batch_nd, "SPACE_TO_BATCH_ND", 25, {}},
    {Op::transpose, "TRANSPOSE", 26, {}},
    {Op::mean, "MEAN", 27, fields::kReducer},
    {Op::sub, "SUB", 28, fields::kActivation},
    {Op::div, "DIV", 29, fields::kActivation},
    {Op::squeeze, "SQUEEZE", 30, fields::kSqueeze},
    {Op::strided_slice, "STRIDED_SLICE", 32, fields::kStridedSlice},
    {Op::exp, "EXP", 33, {}},
    {Op::topk_v2, "TOPK_V2", 34, {}},
    {Op::split, "SPLIT", 35, fields::kSplit},
    {Op::log_softmax, "LOG_SOFTMAX", 36, {}},
    {Op::cast, "CAST", 37, fields::kCast},
    {Op::prelu, "PRELU", 0, {}},
    {Op::maximum, "MAXIMUM", 39, {}},
    {Op::arg_max, "ARG_MAX", 40, fields::kArg},
    {Op::minimum, "MINIMUM", 39, {}},
    {Op::less, "LESS", 41, {}},
    {Op::neg, "NEG", 42, {}},
    {Op::padv2, "PADV2", 43, {}},
    {Op::greater, "GREATER", 44, {}},
    {Op::greater_equal, "GREATER_EQUAL", 45, {}},
    {Op::less_equal, "LESS_EQUAL", 46, {}},
    {Op::select, "SELECT", 47, {}},
    {Op::slice, "SLICE", 48, {}},
    {Op::sin, "SIN", 0, {}},
    {Op::transpose_conv, "TRANSPOSE_CONV", 49, fields::kTransposeConv},
    {Op::tile, "TILE", 51, {}},
    {Op::expand_dims, "EXPAND_DIMS", 52, {}},
    {Op::equal, "EQUAL", 53, {}},
    {Op::not_equal, "NOT_EQUAL", 54, {}},
    {Op::log, "LOG", 0, {}},
    {Op::sum, "SUM", 27, fields::kReducer},
    {Op::sqrt, "SQRT", 0, {}},
    {Op::rsqrt, "RSQRT", 0, {}},
    {Op::shape, "SHAPE", 55, fields::kShape},
    {Op::pow, "POW", 56, {}},
    {Op::arg_min, "ARG_MIN", 57, fields::kArg},
    {Op::reduce_prod, "REDUCE_PROD", 27, fields::kReducer},
    {Op::reduce_max, "REDUCE_MAX", 27, fields::kReducer},
    {Op::pack, "PACK", 59, fields::kPack},
    {Op::logical_or, "LOGICAL_OR", 60, {}},
    {Op::one_hot, "ONE_HOT", 61, fields::kAxis},
    {Op::logical_and, "LOGICAL_AND", 62, {}},
    {Op::logical_not, "LOGICAL_NOT", 63, {}},
    {Op::unpack, "UNPACK", 64, fields::kPack},
    {Op::reduce_min, "REDUCE_MIN", 27, fields::kReducer},
    {Op::floor_div, "FLOOR_DIV", 65, {}},
    {Op::reduce_any, "REDUCE_ANY", 27, fields::kReducer},
    {Op::square, "SQUARE", 66, {}},
    {Op::zeros_like, "ZEROS_LIKE", 67, {}},
    {Op::fill, "FILL", 68, {}},
    {Op::floor_mod, "FLOOR_MOD", 72, {}},
    {Op::range, "RANGE", 73, {}},
    {Op::resize_nearest_neighbor, "RESIZE_NEAREST_NEIGHBOR", 74, fields::kResizeNearest},
    {Op::leaky_relu, "LEAKY_RELU", 75, fields::kLeakyRelu},
    {Op::squared_difference, "SQUARED_DIFFERENCE", 76, {}},
    {Op::mirror_pad, "MIRROR_PAD", 77, fields::kMirrorPad},
    {Op::abs, "ABS", 78, {}},
    {Op::split_v, "SPLIT_V", 79, fields::kSplit},
    {Op::ceil, "CEIL", 0, {}},
    {Op::reverse_v2, "REVERSE_V2", 81, {}},
    {Op::add_n, "ADD_N", 82, {}},
    {Op::gather_nd, "GATHER_ND", 83, {}},
    {Op::cos, "COS", 0, {}},
    {Op::elu, "ELU", 0, {}},
    {Op::quantize, "QUANTIZE", 89, {}},
    {Op::round, "ROUND", 0, {}},
    {Op::hard_swish, "HARD_SWISH", 91, {}},
    {Op::if_, "IF", 92, fields::kIf},
    {Op::while_, "WHILE", 93, fields::kWhile},
    {Op::scatter_nd, "SCATTER_ND", 97, {}},
    {Op::select_v2, "SELECT_V2", 98, {}},
    {Op::batch_matmul, "BATCH_MATMUL", 101, fields::kBatchMatmul},
    {Op::cumsum, "CUMSUM", 102, fields::kCumsum},
    {Op::broadcast_to, "BROADCAST_TO", 104, {}},
    {Op::conv_3d, "CONV_3D", 106, fields::kConv3d},
    {Op::reduce_all, "REDUCE_ALL", 27, fields::kReducer},
    {Op::gelu, "GELU", 116, fields::kGelu},
    {Op::atan2, "ATAN2", 122, {}},
    {Op::sign, "SIGN", 123, {}},
    {Op::bitwise_xor, "BITWISE_XOR", 125, {}},
    {Op::right_shift, "RIGHT_SHIFT", 126, {}},
};

constexpr const OpInfo* find_op(Op op) {
  for (const OpInfo& info : kOps)
    if (info.op == op) return &info;
  return nullptr;
}

// The file as plain values. `data` of a tensor borrows from the file (reading) or from the graph (writing).
struct Quant {
  std::vector<float> scales;
  std::vector<std::int64_t> zero_points;
  std::int32_t axis = 0;  ///< the dimension that several scales belong to
};

struct TensorInfo {
  std::string name;
  Type type = Type::float32;
  std::vector<std::int32_t> shape;
  Quant quant;
  Bytes data;  ///< of constants
  bool constant = false;
  bool variable = false;
};

struct Option {
  std::string_view name;
  double value = 0;
};

struct OperatorInfo {
  Op op = Op::add;
  std::int32_t version = 1;
  std::vector<Option> options;       ///< scalars only; absent ones have the field's fallback
  std::vector<std::int32_t> inputs;  ///< -1: absent
  std::vector<std::int32_t> outputs;
  std::string custom_name;

  double option(std::string_view name, double fallback = 0) const {
    for (const Option& o : options)
      if (o.name == name) return o.value;
    return fallback;
  }
};

struct SubgraphInfo {
  std::string name;
  std::vector<TensorInfo> tensors;
  std::vector<OperatorInfo> operators;
  std::vector<std::int32_t> inputs;
  std::vector<std::int32_t> outputs;
};

struct NamedTensor {
  std::string name;
  std::int32_t tensor = 0;
};

struct SignatureInfo {
  std::string key;
  std::vector<NamedTensor> inputs;
  std::vector<NamedTensor> outputs;
  std::int32_t subgraph = 0;
};

struct MetadataInfo {
  std::string name;
  std::string data;
};

struct ModelInfo {
  std::string description;
  std::vector<SubgraphInfo> subgraphs;
  std::vector<SignatureInfo> signatures;
  std::vector<MetadataInfo> metadata;
};

}  // namespace kedge::formats::tflite
