// The table of cards.
#pragma once

#include <span>
#include <string_view>

#include "ir/op_def.h"

namespace kedge::ops {

const ir::OpDef* find_op(std::string_view name);  ///< nullptr: no such op
std::span<const ir::OpDef* const> all_ops();      ///< in the order of ops.inc

/// Fills in the card's defaults; K06xx for unknown or missing attributes, or one of another kind.
Result<Attrs> complete_attrs(const ir::OpDef& op, Attrs attrs);

}  // namespace kedge::ops
