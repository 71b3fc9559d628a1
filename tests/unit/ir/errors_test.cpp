// What a damaged graph, or a graph that cannot be run, is told: the code, and where.
#include <gtest/gtest.h>

#include "ir/graph.h"
#include "ir/op_def.h"
#include "ops/infer.h"
#include "ops/interpret.h"
#include "ops/ops.h"

namespace kedge::ir {
namespace {

Result<Graph> parsed(const std::string& body) { return parse("graph \"g\" {\n" + body + "\n}\n", ops::find_op); }

/// "K0690 at ir text, line 3": the code and place of a refusal.
template <typename T>
std::string refusal(const Result<T>& result) {
  if (result.ok()) return "accepted";
  const Diagnostic& d = result.error().diagnostic();
  return d.code + " at " + d.primary.location.path;
}

TEST(ParseErrors, NameTheLine) {
  EXPECT_EQ(refusal(parsed("input %0 \"x\" : float32[2]\n%1 = neg(%0 : float32[2]\noutput %1")),
            "K0690 at ir text, line 3");
  EXPECT_EQ(refusal(parsed("input %0 \"x\" : float33[2]")), "K0690 at ir text, line 2");
  EXPECT_EQ(refusal(parsed("input %0 \"x\" : float32[2]\n%1 = frobnicate(%0) : float32[2]\noutput %1")),
            "K0690 at ir text, line 3");
  EXPECT_EQ(refusal(parsed("input %0 \"x\" : float32[2]\n%1 = neg(%7) : float32[2]\noutput %1")),
            "K0690 at ir text, line 3");
  EXPECT_EQ(refusal(parse("", ops::find_op)), "K0690 at ir text, line 1");
}

TEST(ParseErrors, DepthIsBounded) {
  std::string text = "graph \"g\" {\n";
  for (int i = 0; i < 200; ++i) text += "%1 = fused() : float32[] do graph \"\" {\n";
  EXPECT_EQ(refusal(parse(text, ops::find_op)).substr(0, 5), "K0690");
}

TEST(Verify, FindsWhatIsNeverMade) {
  Graph graph;
  graph.outputs.push_back(graph.add_value(DType::float32, {2}));
  EXPECT_EQ(refusal(verify(graph)), "K0691 at ir");
  const Result<std::vector<Tensor>> run = ops::interpret(graph, {});
  EXPECT_EQ(refusal(run).substr(0, 5), "K0615");
}

TEST(Verify, FindsTypesThatTheRuleDoesNotGive) {
  Result<Graph> graph = parsed("input %0 \"x\" : float32[2]\n%1 = neg(%0) : float32[2]\noutput %1");
  ASSERT_TRUE(graph.ok());
  graph->value(graph->outputs[0]).shape = {3};
  const Result<void> verified = verify(*graph);
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(verified.error().diagnostic().code, "K0691");
  EXPECT_NE(verified.error().diagnostic().message.find("`neg`: output 0 has shape [3], the rule gives [2]"),
            std::string::npos)
      << verified.error().diagnostic().message;
}

TEST(Verify, FindsAUseBeforeTheMaking) {
  Graph graph;
  const ValueId x = graph.add_input("x", DType::float32, {2});
  const ValueId late = graph.add_value(DType::float32, {2});
  const ValueId out = graph.add_value(DType::float32, {2});
  const auto add = [&](ValueId from, ValueId to) {
    Node node;
    node.op = ops::find_op("neg");
    node.inputs = {from};
    node.outputs = {to};
    node.origin.layer = "block1/conv";
    graph.add_node(std::move(node));
  };
  add(late, out);
  add(x, late);
  graph.outputs = {out};
  EXPECT_EQ(refusal(verify(graph)), "K0691 at layer block1/conv");
}

TEST(Interpret, ALoopThatDoesNotEnd) {
  const Result<Graph> graph = parsed(R"(input %0 "x" : float32[]
    %1 = while(%0) {carried = 1} : float32[] do graph "condition" {
      input %0 "x" : float32[]
      const %1 : bool[] = {true}
      output %1
    } do graph "body" {
      input %0 "x" : float32[]
      output %0
    }
    output %1)");
  ASSERT_TRUE(graph.ok()) << graph.error().diagnostic().message;
  const Tensor x = Tensor::of<double>(DType::float32, {}, {1.0});
  EXPECT_EQ(refusal(ops::interpret(*graph, std::vector<Tensor>{x})).substr(0, 5), "K0611");
}

TEST(RunNode, NeedsStaticSizes) {
  const Result<Graph> graph =
      parsed("input %0 \"x\" : float32[2]\n%1 = broadcast_to(%0) {shape = (n, 2)} : float32[n, 2]\noutput %1");
  ASSERT_TRUE(graph.ok()) << graph.error().diagnostic().message;
  const Tensor x = Tensor::of<double>(DType::float32, {2}, {1.0, 2.0});
  const Tensor* inputs[] = {&x};
  EXPECT_EQ(refusal(ops::run_node(*graph, graph->node(graph->order()[0]), inputs)).substr(0, 5), "K0613");
}

/// Ops that no card defines: what a half-written card would run into.
TEST(RunNode, AnOpWithoutRuleOrKernel) {
  OpDef unwritten = *ops::find_op("neg");
  unwritten.name = "unwritten";
  Graph graph;
  Node node;
  node.op = &unwritten;
  node.inputs = {graph.add_input("x", DType::float32, {2})};
  node.outputs = {graph.add_value(DType::float32, {2})};
  const NodeId id = graph.add_node(std::move(node));
  const Tensor value = Tensor::of<double>(DType::float32, {2}, {1.0, 2.0});
  const Tensor* inputs[] = {&value};
  EXPECT_EQ(refusal(ops::run_node(graph, graph.node(id), inputs)).substr(0, 5), "K0612");
  unwritten.infer = none("it is not written yet");
  EXPECT_EQ(refusal(ops::infer_types(graph, graph.node(id))).substr(0, 5), "K0606");
}

TEST(Interpret, GraphsThatNestTooDeeply) {
  const auto identity = [] {
    Graph graph;
    graph.outputs = {graph.add_input("x", DType::float32, {})};
    return graph;
  };
  Graph inner = identity();
  for (int i = 0; i < 40; ++i) {
    Graph outer;
    const ValueId input = outer.add_input("x", DType::float32, {});
    const ValueId yes = outer.add_constant(Tensor::of<std::int64_t>(DType::boolean, {}, {1}));
    Node node;
    node.op = ops::find_op("if");
    node.inputs = {yes, input};
    node.outputs = {outer.add_value(DType::float32, {})};
    outer.outputs = node.outputs;
    node.bodies.push_back(std::make_unique<Graph>(std::move(inner)));
    node.bodies.push_back(std::make_unique<Graph>(identity()));
    outer.add_node(std::move(node));
    inner = std::move(outer);
  }
  const Tensor value = Tensor::of<double>(DType::float32, {}, {1.0});
  EXPECT_EQ(refusal(ops::interpret(inner, std::vector<Tensor>{value})).substr(0, 5), "K0616");
}

}  // namespace
}  // namespace kedge::ir
