// Every region of a model's graph, cut out and run on the values that flow into it, gives what the whole graph gives
// there: its inputs are complete, and inlined equals whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "driver/run.h"
#include "ir/region.h"
#include "ops/interpret.h"

namespace kedge {
namespace {

namespace fs = std::filesystem;

struct Sample {
  std::string name;
  fs::path model, inputs;
  std::vector<std::string> custom;
};

/// The demo and the models with answers; paths from the repository's root, where ctest runs.
std::vector<Sample> samples() {
  std::vector<Sample> out = {
      {"demo", "examples/demo/model.keras", "examples/demo/test.npz", {"examples/demo/layers.py"}}};
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator("tests/data/cases")) {
    if (entry.path().filename() != "model.keras") continue;
    const fs::path folder = entry.path().parent_path();
    Sample sample{folder.filename(), entry.path(), folder / "in.npz", {}};
    for (const fs::directory_entry& file : fs::directory_iterator(folder)) {
      if (file.path().extension() == ".py" || file.is_directory()) sample.custom.push_back(file.path());
    }
    out.push_back(std::move(sample));
  }
  std::sort(out.begin(), out.end(), [](const Sample& a, const Sample& b) { return a.name < b.name; });
  return out;
}

class Regions : public testing::TestWithParam<Sample> {};

TEST_P(Regions, OutlinedEqualsWhole) {
  driver::RunOptions options;
  options.engine = driver::Engine::reference;
  options.load.custom = GetParam().custom;
  SourceMap sources;
  const Result<driver::Runnable> model = driver::Runnable::open(GetParam().model, options, sources, GetParam().inputs);
  ASSERT_TRUE(model.ok()) << model.error().diagnostic().message;
  const ir::Graph& graph = *model->graph();
  std::map<ir::ValueId, Tensor> values;
  const Result<std::vector<Tensor>> answer =
      ops::interpret(graph, model->arrays(), [&](ir::ValueId id, const Tensor& tensor) { values[id] = tensor; });
  ASSERT_TRUE(answer.ok()) << answer.error().diagnostic().message;
  ASSERT_GT(graph.regions().size(), 1U);
  for (std::size_t id = 1; id < graph.regions().size(); ++id) {
    const ir::Region& region = graph.regions()[id];
    SCOPED_TRACE(region.kind + " " + region.name + " " + region.instance);
    const ir::Graph alone = ir::outline(graph, static_cast<ir::RegionId>(id));
    const Result<void> sound = ir::verify(alone);
    ASSERT_TRUE(sound.ok()) << sound.error().diagnostic().message;
    std::vector<Tensor> inputs;
    std::set<ir::ValueId> seen;  // a value may flow in twice
    for (const ir::ValueId input : region.inputs) {
      if (input >= 0 && !graph.value(input).constant && seen.insert(input).second) inputs.push_back(values.at(input));
    }
    ASSERT_EQ(alone.inputs.size(), inputs.size()) << "the region reads what is not among its inputs";
    const Result<std::vector<Tensor>> outputs = ops::interpret(alone, inputs);
    ASSERT_TRUE(outputs.ok()) << outputs.error().diagnostic().message;
    std::size_t at = 0;
    for (const ir::ValueId output : region.outputs) {
      if (output < 0 || graph.value(output).constant) continue;
      EXPECT_TRUE((*outputs)[at].same_bytes(values.at(output))) << "output " << at;
      ++at;
    }
    EXPECT_EQ(at, outputs->size());
  }
}

INSTANTIATE_TEST_SUITE_P(Models, Regions, testing::ValuesIn(samples()),
                         [](const testing::TestParamInfo<Sample>& tested) { return tested.param.name; });

}  // namespace
}  // namespace kedge
