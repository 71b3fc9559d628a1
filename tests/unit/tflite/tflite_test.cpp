// The .tflite writer and reader, the legaliser's and the quantizer's refusals. What LiteRT says of the files is in
// tests/oracle.
#include <gtest/gtest.h>

#include "backends/tflite/export_tflite.h"
#include "frontends/tflite/import_tflite.h"
#include "ir/op_def.h"
#include "ops/interpret.h"
#include "ops/ops.h"
#include "passes/legalize_tflite.h"
#include "passes/quantize.h"

namespace kedge {
namespace {

constexpr std::string_view kConvolution = R"(graph "small" {
  input %0 "image" : float32[1, 4, 4, 2]
  const %1 "kernel" : float32[1, 1, 2, 3] = {0.5, -0.25, 1.0, 0.75, 0.5, -1.0}
  const %2 "bias" : float32[3] = {0.1, 0.2, -0.3}
  %3 = conv2d(%0, %1, %2) {strides = [1, 1], padding = "same"} : float32[1, 4, 4, 3] layer "conv"
  %4 = sigmoid(%3) : float32[1, 4, 4, 3]
  %5 = mul(%3, %4) : float32[1, 4, 4, 3]
  %6 = reduce_mean(%5) {axes = [1, 2], keepdims = false} : float32[1, 3]
  output %6 "scores"
})";

ir::Graph parsed(std::string_view text) {
  Result<ir::Graph> graph = ir::parse(text, ops::find_op);
  EXPECT_TRUE(graph.ok()) << (graph.ok() ? "" : render(graph.error().diagnostic(), SourceMap{}));
  for (const ir::NodeId id : graph->order())
    graph->node(id).attrs = std::move(*ops::complete_attrs(*graph->node(id).op, graph->node(id).attrs));
  return std::move(*graph);
}

std::vector<Tensor> sample() {
  std::vector<float> values;
  for (int i = 0; i < 32; ++i) values.push_back(static_cast<float>(i % 7) - 3.0F);
  return {Tensor::of<float>(DType::float32, {1, 4, 4, 2}, values)};
}

std::vector<std::byte> float_file() {
  const ir::Graph legal = std::move(*passes::legalize_tflite(parsed(kConvolution)));
  return std::move(*backends::tflite::export_tflite(legal));
}

ir::Graph int8_graph(passes::QuantizeOptions options = {}) {
  const ir::Graph legal = std::move(*passes::legalize_tflite(parsed(kConvolution), passes::TfliteFlavour::int8));
  const std::vector<std::vector<Tensor>> samples{sample()};
  const passes::Ranges ranges = std::move(*passes::calibrate(legal, samples));
  return std::move(*passes::quantize(legal, ranges, options));
}

TEST(ExportTflite, WritesTheSameBytesTwice) { EXPECT_EQ(float_file(), float_file()); }

TEST(ExportTflite, KeepsTheModelsNames) {
  const std::vector<std::byte> file = float_file();
  const auto model = frontends::tflite::parse_tflite(file, {}, "m.tflite");
  ASSERT_TRUE(model.ok());
  ASSERT_EQ(model->signatures.size(), 1U);
  EXPECT_EQ(model->signatures[0].key, "serving_default");
  EXPECT_EQ(model->signatures[0].inputs[0].name, "image");
  EXPECT_EQ(model->signatures[0].outputs[0].name, "scores");
  for (const formats::tflite::OperatorInfo& op : model->subgraphs[0].operators)
    EXPECT_NE(op.op, formats::tflite::Op::custom);
}

TEST(ImportTflite, ComputesWhatWasWritten) {
  const std::vector<std::byte> file = float_file();
  const auto graph = frontends::tflite::import_tflite(file, {}, "m.tflite");
  ASSERT_TRUE(graph.ok());
  const auto want = ops::interpret(parsed(kConvolution), sample());
  const auto got = ops::interpret(*graph, sample());
  ASSERT_TRUE(want.ok() && got.ok());
  for (std::int64_t i = 0; i < 3; ++i)
    EXPECT_NEAR((*got)[0].element_as_double(i), (*want)[0].element_as_double(i), 1e-6);
}

TEST(ImportTflite, SurvivesAnyDamage) {
  const std::vector<std::byte> whole[] = {float_file(), std::move(*backends::tflite::export_tflite(int8_graph()))};
  std::uint32_t seed = 12345;
  const auto next = [&seed] { return seed = seed * 1664525U + 1013904223U; };
  std::int64_t refused = 0;
  for (const std::vector<std::byte>& original : whole) {
    for (std::size_t size = 0; size < original.size(); size += 37) {
      refused += !frontends::tflite::import_tflite(Bytes(original).first(size), {}, "cut.tflite").ok();
    }
    for (int round = 0; round < 3000; ++round) {
      std::vector<std::byte> file = original;
      for (std::uint32_t i = 0, count = 1 + next() % 4; i < count; ++i)
        file[(next() >> 8) % file.size()] = static_cast<std::byte>(next() >> 24);
      const auto graph = frontends::tflite::import_tflite(file, {}, "bad.tflite");
      if (!graph.ok()) {
        EXPECT_FALSE(graph.error().diagnostic().code.empty());
        ++refused;
        continue;
      }
      std::vector<Tensor> inputs;
      bool small = true;
      for (const ir::ValueId v : graph->inputs) {
        const StaticShape shape = *static_shape(graph->value(v).shape);
        small = small && element_count(shape) < 100000;
        if (small) inputs.push_back(Tensor(graph->value(v).dtype, shape));
      }
      for (ir::ValueId v = 0; v < graph->value_count(); ++v)
        small = small && element_count(*static_shape(graph->value(v).shape)) < 100000;
      if (small) (void)ops::interpret(*graph, inputs);  // whatever it computes, within bounds
    }
  }
  EXPECT_GT(refused, 100);
}

TEST(Quantize, LeavesNoFloatBetweenTheBoundaries) {
  const ir::Graph graph = int8_graph();
  for (const ir::NodeId id : graph.order()) {
    const ir::Node& node = graph.node(id);
    for (const ir::ValueId v : node.outputs)
      EXPECT_TRUE(graph.value(v).dtype != DType::float32 || node.op->name == "dequantize") << node.op->name;
  }
}

TEST(Quantize, IsCloseToTheFloatModel) {
  const auto want = ops::interpret(parsed(kConvolution), sample());
  const auto got = ops::interpret(int8_graph(), sample());
  ASSERT_TRUE(want.ok() && got.ok());
  for (std::int64_t i = 0; i < 3; ++i)
    EXPECT_NEAR((*got)[0].element_as_double(i), (*want)[0].element_as_double(i), 0.03);
}

TEST(Quantize, GivesTheBoundaryTypesAskedFor) {
  const ir::Graph graph = int8_graph({passes::BoundaryType::uint8, passes::BoundaryType::int8});
  EXPECT_EQ(graph.value(graph.inputs[0]).dtype, DType::uint8);
  EXPECT_EQ(graph.value(graph.outputs[0]).dtype, DType::int8);
  EXPECT_TRUE(graph.value(graph.inputs[0]).quant.present());
}

TEST(LegalizeTflite, ReportsEveryOpThatHasNoForm) {
  const auto legal = passes::legalize_tflite(parsed(R"(graph "bad" {
    input %0 "a" : int64[3]
    input %1 "b" : int64[3]
    %2 = floordiv(%0, %1) : int64[3] layer "first"
    %3 = left_shift(%0, %1) : int64[3] layer "second"
    output %2 "x"
    output %3 "y"
  })"));
  ASSERT_FALSE(legal.ok());
  EXPECT_EQ(legal.error().diagnostic().code, "K0701");
  EXPECT_NE(legal.error().diagnostic().primary.text.find("first"), std::string::npos);
  ASSERT_EQ(legal.error().diagnostic().secondary.size(), 1U);
}

TEST(LegalizeTflite, WantsKnownShapes) {
  const auto legal = passes::legalize_tflite(parsed(
      "graph \"g\" {\n input %0 \"a\" : float32[batch, 3]\n %1 = exp(%0) : float32[batch, 3]\n output %1 \"y\"\n}"));
  ASSERT_FALSE(legal.ok());
  EXPECT_EQ(legal.error().diagnostic().code, "K0702");
}

TEST(ExportTflite, NamesTheLayerOfAnOperationWithoutAnOperator) {
  // Not legalised: a gap of the legalisation would look like this.
  const auto file =
      backends::tflite::export_tflite(parsed("graph \"g\" {\n input %0 \"a\" : int64[3]\n %1 = left_shift(%0, %0) : "
                                             "int64[3] layer \"shift\"\n output %1 \"y\"\n}"));
  ASSERT_FALSE(file.ok());
  const Diagnostic& d = file.error().diagnostic();
  EXPECT_EQ(d.code, "K0704");
  EXPECT_EQ(d.primary.location.path, "graph");
  EXPECT_EQ(d.primary.text, "in layer \"shift\"");
}

TEST(Quantize, NamesTheLayerOfAnOperationWithoutAnIntegerForm) {
  const ir::Graph graph = parsed(
      "graph \"g\" {\n input %0 \"a\" : float32[3]\n %1 = sort(%0) {axis = 0} : float32[3] layer \"odd\"\n output %1 "
      "\"y\"\n}");
  const std::vector<std::vector<Tensor>> samples{{Tensor::of<double>(DType::float32, {3}, {1, 2, 3})}};
  const passes::Ranges ranges = std::move(*passes::calibrate(graph, samples));
  const auto quantized = passes::quantize(graph, ranges, {});
  ASSERT_FALSE(quantized.ok());
  const Diagnostic& d = quantized.error().diagnostic();
  EXPECT_EQ(d.code, "K0706");
  EXPECT_EQ(d.primary.location.path, "graph");
  EXPECT_EQ(d.primary.text, "in layer \"odd\"");
}

TEST(LegalizeTflite, RefusesFloat64) {
  const auto legal = passes::legalize_tflite(
      parsed("graph \"g\" {\n input %0 \"a\" : float64[3]\n %1 = exp(%0) : float64[3]\n output %1 \"y\"\n}"));
  ASSERT_FALSE(legal.ok());
  EXPECT_EQ(legal.error().diagnostic().code, "K0703");
}

TEST(LegalizeTflite, RefusesComplexValuesAtTheEdge) {
  const auto in = passes::legalize_tflite(
      parsed("graph \"g\" {\n input %0 \"a\" : complex64[3]\n %1 = real(%0) : float32[3]\n output %1 \"y\"\n}"));
  ASSERT_FALSE(in.ok());
  EXPECT_EQ(in.error().diagnostic().code, "K0703");
  EXPECT_EQ(in.error().diagnostic().primary.location.path, "the model's input `a`");
  const auto out = passes::legalize_tflite(
      parsed("graph \"g\" {\n input %0 \"a\" : float32[3]\n %1 = complex(%0, %0) : complex64[3]\n output %1 \"y\"\n}"));
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.error().diagnostic().code, "K0703");
}

}  // namespace
}  // namespace kedge
