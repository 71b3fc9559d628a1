#include "frontends/onnx/fields.h"

namespace kedge::frontends::onnx {

using formats::ProtoField;
using formats::ProtoKind;
using Fields = std::span<const ProtoField>;

namespace {

Fields graph_fields();
Fields type_fields();

Fields entry_fields() {
  static constexpr ProtoField k[] = {{1, "key", ProtoKind::text}, {2, "value", ProtoKind::text}};
  return k;
}

Fields tensor_fields() {
  static constexpr ProtoField k[] = {{1, "dims", ProtoKind::integer, true},
                                     {2, "data_type", ProtoKind::integer},
                                     {4, "float_data", ProtoKind::single, true},
                                     {5, "int32_data", ProtoKind::integer, true},
                                     {6, "string_data", ProtoKind::bytes, true},
                                     {7, "int64_data", ProtoKind::integer, true},
                                     {8, "name", ProtoKind::text},
                                     {9, "raw_data", ProtoKind::bytes},
                                     {10, "double_data", ProtoKind::real, true},
                                     {11, "uint64_data", ProtoKind::integer, true},
                                     {13, "external_data", ProtoKind::message, true, entry_fields},
                                     {14, "data_location", ProtoKind::integer}};
  return k;
}

Fields dimension_fields() {
  static constexpr ProtoField k[] = {{1, "dim_value", ProtoKind::integer}, {2, "dim_param", ProtoKind::text}};
  return k;
}

Fields shape_fields() {
  static constexpr ProtoField k[] = {{1, "dim", ProtoKind::message, true, dimension_fields}};
  return k;
}

Fields tensor_type_fields() {
  static constexpr ProtoField k[] = {{1, "elem_type", ProtoKind::integer},
                                     {2, "shape", ProtoKind::message, false, shape_fields}};
  return k;
}

Fields element_fields() {
  static constexpr ProtoField k[] = {{1, "elem_type", ProtoKind::message, false, type_fields}};
  return k;
}

Fields type_fields() {
  static constexpr ProtoField k[] = {{1, "tensor_type", ProtoKind::message, false, tensor_type_fields},
                                     {4, "sequence_type", ProtoKind::message, false, element_fields},
                                     {9, "optional_type", ProtoKind::message, false, element_fields}};
  return k;
}

Fields value_info_fields() {
  static constexpr ProtoField k[] = {{1, "name", ProtoKind::text}, {2, "type", ProtoKind::message, false, type_fields}};
  return k;
}

Fields attribute_fields() {
  static constexpr ProtoField k[] = {{1, "name", ProtoKind::text},
                                     {2, "f", ProtoKind::single},
                                     {3, "i", ProtoKind::integer},
                                     {4, "s", ProtoKind::bytes},
                                     {5, "t", ProtoKind::message, false, tensor_fields},
                                     {6, "g", ProtoKind::message, false, graph_fields},
                                     {7, "floats", ProtoKind::single, true},
                                     {8, "ints", ProtoKind::integer, true},
                                     {9, "strings", ProtoKind::bytes, true},
                                     {20, "type", ProtoKind::integer},
                                     {21, "ref_attr_name", ProtoKind::text}};
  return k;
}

Fields node_fields() {
  static constexpr ProtoField k[] = {{1, "input", ProtoKind::text, true},
                                     {2, "output", ProtoKind::text, true},
                                     {3, "name", ProtoKind::text},
                                     {4, "op_type", ProtoKind::text},
                                     {5, "attribute", ProtoKind::message, true, attribute_fields},
                                     {7, "domain", ProtoKind::text}};
  return k;
}

Fields graph_fields() {
  static constexpr ProtoField k[] = {{1, "node", ProtoKind::message, true, node_fields},
                                     {2, "name", ProtoKind::text},
                                     {5, "initializer", ProtoKind::message, true, tensor_fields},
                                     {11, "input", ProtoKind::message, true, value_info_fields},
                                     {12, "output", ProtoKind::message, true, value_info_fields},
                                     {15, "sparse_initializer", ProtoKind::bytes, true}};
  return k;
}

Fields opset_fields() {
  static constexpr ProtoField k[] = {{1, "domain", ProtoKind::text}, {2, "version", ProtoKind::integer}};
  return k;
}

Fields function_fields() {
  static constexpr ProtoField k[] = {{1, "name", ProtoKind::text},
                                     {4, "input", ProtoKind::text, true},
                                     {5, "output", ProtoKind::text, true},
                                     {6, "attribute", ProtoKind::text, true},
                                     {7, "node", ProtoKind::message, true, node_fields},
                                     {9, "opset_import", ProtoKind::message, true, opset_fields},
                                     {10, "domain", ProtoKind::text},
                                     {11, "attribute_proto", ProtoKind::message, true, attribute_fields}};
  return k;
}

}  // namespace

Fields model_fields() {
  static constexpr ProtoField k[] = {{1, "ir_version", ProtoKind::integer},
                                     {2, "producer_name", ProtoKind::text},
                                     {7, "graph", ProtoKind::message, false, graph_fields},
                                     {8, "opset_import", ProtoKind::message, true, opset_fields},
                                     {25, "functions", ProtoKind::message, true, function_fields}};
  return k;
}

}  // namespace kedge::frontends::onnx
