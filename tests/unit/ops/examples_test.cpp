// Every card's examples: they parse, verify, run, and give finite values of the printed shape.
#include <gtest/gtest.h>

#include <cmath>

#include "ops/interpret.h"
#include "ops/ops.h"

namespace kedge::ops {
namespace {

/// An input for a declared value: symbols become 2, elements count up from a small number.
Tensor make_input(const ir::Value& value) {
  StaticShape shape;
  for (const Dim& dim : value.shape) shape.push_back(dim.known() ? dim.value() : 2);
  Tensor tensor(DType::float64, shape);
  auto* values = tensor.mutable_values<double>();
  for (std::int64_t i = 0; i < tensor.size(); ++i) values[i] = 0.25 + 0.125 * static_cast<double>(i % 7);
  return tensor.cast(value.dtype);
}

TEST(Examples, EveryCardHasOne) {
  for (const ir::OpDef* op : all_ops()) EXPECT_FALSE(op->examples.empty()) << op->name;
}

TEST(Examples, NamesAreUniqueAndFound) {
  for (const ir::OpDef* op : all_ops()) EXPECT_EQ(find_op(op->name), op) << op->name;
  EXPECT_EQ(find_op("no_such_op"), nullptr);
  EXPECT_GE(all_ops().size(), 110U);
}

TEST(Examples, ParseVerifyRun) {
  for (const ir::OpDef* op : all_ops()) {
    for (const std::string_view text : op->examples) {
      SCOPED_TRACE(std::string(text));
      Result<ir::Graph> graph = ir::parse(text, find_op);
      ASSERT_TRUE(graph.ok()) << graph.error().diagnostic().message << " "
                              << graph.error().diagnostic().primary.location.path;
      bool uses_op = false;
      for (const ir::NodeId id : graph->order()) uses_op = uses_op || graph->node(id).op == op;
      EXPECT_TRUE(uses_op);
      const Result<void> verified = ir::verify(*graph);
      ASSERT_TRUE(verified.ok()) << verified.error().diagnostic().message;
      std::vector<Tensor> inputs;
      for (const ir::ValueId id : graph->inputs) inputs.push_back(make_input(graph->value(id)));
      const Result<std::vector<Tensor>> outputs = interpret(*graph, inputs);
      ASSERT_TRUE(outputs.ok()) << outputs.error().diagnostic().message;
      ASSERT_EQ(outputs->size(), graph->outputs.size());
      const DimValues symbols{{"batch", 2}};
      for (std::size_t i = 0; i < outputs->size(); ++i) {
        const ir::Value& declared = graph->value(graph->outputs[i]);
        Shape shape;
        for (const Dim& dim : declared.shape) shape.push_back(dim.substitute(symbols));
        EXPECT_EQ(to_shape((*outputs)[i].shape()), shape);
        EXPECT_EQ((*outputs)[i].dtype(), declared.dtype);
        for (std::int64_t k = 0; k < (*outputs)[i].size(); ++k)
          EXPECT_TRUE(std::isfinite((*outputs)[i].element_as_double(k)));
      }
    }
  }
}

TEST(Examples, PrintedTextReadsBack) {
  for (const ir::OpDef* op : all_ops()) {
    const Result<ir::Graph> graph = ir::parse(op->examples[0], find_op);
    ASSERT_TRUE(graph.ok()) << op->name;
    const std::string once = ir::print(*graph, true);
    const Result<ir::Graph> again = ir::parse(once, find_op);
    ASSERT_TRUE(again.ok()) << once << again.error().diagnostic().message;
    EXPECT_EQ(ir::print(*again, true), once);
  }
}

}  // namespace
}  // namespace kedge::ops
