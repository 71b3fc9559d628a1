// The messages of an ONNX file that kedge reads, by the field numbers of ONNX' published schema (onnx.proto, IR version
// 13 and before).
#pragma once

#include <span>

#include "formats/protobuf.h"

namespace kedge::frontends::onnx {

std::span<const formats::ProtoField> model_fields();

}  // namespace kedge::frontends::onnx
