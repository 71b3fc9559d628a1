// kedge ops: the operations of the graph and how each maps to a format.
#include <fmt/format.h>

#include "cli/command.h"
#include "ops/ops.h"

namespace kedge::cli {
namespace {

constexpr std::string_view quant_name(ir::QuantKind kind) {
  switch (kind) {
    case ir::QuantKind::none: return "-";
    case ir::QuantKind::transparent: return "transparent";
    case ir::QuantKind::arithmetic: return "arithmetic";
    case ir::QuantKind::weighted: return "weighted";
    case ir::QuantKind::fixed: return "fixed scale";
    case ir::QuantKind::table: return "table";
  }
  return "-";
}

int run(Context&, const Options&) {
  print_result(fmt::format("{:20} {:24} {:12} {}\n", "op", "tflite", "int8", "summary"));
  for (const ir::OpDef* op : ops::all_ops()) {
    print_result(fmt::format("{:20} {:24} {:12} {}\n", op->name, op->tflite.empty() ? "(decomposed)" : op->tflite,
                             quant_name(op->quant), op->summary));
  }
  return kExitDone;
}

}  // namespace

const Command kOps = {"ops", "", "the operations kedge knows and how they map to formats", {}, run};

}  // namespace kedge::cli
