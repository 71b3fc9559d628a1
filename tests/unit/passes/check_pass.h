// Runs one pass on ir text: what comes out is compared as text, and what it computes is compared number by number.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <string_view>

#include "ir/graph.h"
#include "ops/interpret.h"
#include "ops/ops.h"

namespace kedge::passes {

inline ir::Graph parse_body(std::string_view body) {
  Result<ir::Graph> graph = ir::parse("graph \"g\" {\n" + std::string(body) + "\n}", ops::find_op);
  EXPECT_TRUE(graph.ok()) << graph.error().diagnostic().message << "\n" << body;
  return graph.ok() ? *std::move(graph) : ir::Graph();
}

/// The text with each graph's values numbered in the order they appear: two graphs that differ only in numbering become
/// equal.
inline std::string renumbered(const std::string& text) {
  std::vector<std::map<std::string, std::string>> open;  // innermost graph last
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text.compare(i, 7, "graph \"") == 0) open.emplace_back();
    if (text[i] == '}' && out.find_last_not_of(" }") != std::string::npos && out[out.find_last_not_of(" }")] == '\n')
      open.pop_back();  // a brace that starts its line ends a graph
    if (text[i] != '%') continue;
    std::string number;
    while (i + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[i + 1])) != 0) number += text[++i];
    out += open.back().emplace(number, std::to_string(open.back().size())).first->second;
  }
  return out;
}

/// Numbers to run a graph on: symbols are 2, elements go through negative and positive values.
inline std::vector<Tensor> made_inputs(const ir::Graph& graph) {
  std::vector<Tensor> out;
  for (const ir::ValueId id : graph.inputs) {
    StaticShape shape;
    for (const Dim& dim : graph.value(id).shape) shape.push_back(dim.known() ? dim.value() : 2);
    Tensor tensor(DType::float64, shape);
    auto* values = tensor.mutable_values<double>();
    for (std::int64_t i = 0; i < tensor.size(); ++i) values[i] = -1.5 + 0.625 * static_cast<double>((i * 5) % 11);
    out.push_back(tensor.cast(graph.value(id).dtype));
  }
  return out;
}

inline void expect_same_numbers(const ir::Graph& before, const ir::Graph& after) {
  const std::vector<Tensor> inputs = made_inputs(before);
  const Result<std::vector<Tensor>> expected = ops::interpret(before, inputs);
  const Result<std::vector<Tensor>> actual = ops::interpret(after, inputs);
  ASSERT_TRUE(expected.ok()) << expected.error().diagnostic().message;
  ASSERT_TRUE(actual.ok()) << actual.error().diagnostic().message;
  ASSERT_EQ(expected->size(), actual->size());
  for (std::size_t k = 0; k < expected->size(); ++k) {
    const Tensor& e = (*expected)[k];
    const Tensor& a = (*actual)[k];
    ASSERT_EQ(e.shape(), a.shape());
    ASSERT_EQ(e.dtype(), a.dtype());
    for (std::int64_t i = 0; i < e.size(); ++i) {
      const double want = e.element_as_double(i);
      ASSERT_NEAR(a.element_as_double(i), want, 1e-5 + 1e-5 * std::abs(want)) << "output " << k << ", element " << i;
    }
  }
}

using Pass = Result<void> (*)(ir::Graph&);

/// `after` is the body the pass must make of `before`.
inline void expect_becomes(Pass pass, std::string_view before, std::string_view after) {
  const ir::Graph original = parse_body(before);
  ir::Graph graph = original.clone();
  const Result<void> result = pass(graph);
  ASSERT_TRUE(result.ok()) << result.error().diagnostic().message;
  const Result<void> verified = ir::verify(graph);
  ASSERT_TRUE(verified.ok()) << verified.error().diagnostic().message << "\n" << ir::print(graph);
  EXPECT_EQ(renumbered(ir::print(graph)), renumbered(ir::print(parse_body(after))));
  expect_same_numbers(original, graph);
}

/// The pass must leave `body` alone.
inline void expect_unchanged(Pass pass, std::string_view body) { expect_becomes(pass, body, body); }

}  // namespace kedge::passes
