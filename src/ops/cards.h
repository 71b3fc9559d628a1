// Declarations of all cards, for the files that define them and for the table.
#pragma once

#include "ir/op_def.h"

namespace kedge::ops {

#define KEDGE_OP(constant, file) extern const ir::OpDef constant;
#include "ops/ops.inc"
#undef KEDGE_OP

}  // namespace kedge::ops
