#include "driver/trace.h"

#include <cstring>

#include "formats/file.h"
#include "ir/op_def.h"
#include "ops/interpret.h"

namespace kedge::driver {
namespace {

/// The reals that a quantized tensor means; any other tensor as it is.
Tensor as_reals(const Tensor& tensor, const Quantization& quant) {
  if (!quant.present() || quant.axis >= 0) return tensor;
  Tensor out(DType::float32, tensor.shape());
  float* values = out.mutable_values<float>();
  for (std::int64_t i = 0; i < tensor.size(); ++i)
    values[i] = quant.scale() * static_cast<float>(tensor.element_as_int(i) - quant.zero_point());
  return out;
}

Tensor copy_of(const TensorView& view) {
  Tensor out(view.dtype, StaticShape(view.shape.begin(), view.shape.end()));
  if (view.bytes() > 0) std::memcpy(out.mutable_data(), view.data, static_cast<std::size_t>(view.bytes()));
  return out;
}

Result<std::vector<verify::NamedValue>> trace_plan(runtime::Plan plan, const std::vector<Tensor>& sample) {
  std::vector<Quantization> quants;
  plan.outputs.clear();
  plan.output_names.clear();
  for (const runtime::PlanStep& step : plan.steps) {
    for (const std::int32_t output : step.outputs) {
      if (output < 0) continue;
      plan.outputs.push_back(output);
      plan.output_names.push_back(step.layer.empty() ? step.op : step.layer + "/" + step.op);
      quants.push_back(plan.tensors[static_cast<std::size_t>(output)].quant);
    }
  }
  const std::vector<std::string> names = plan.output_names;
  runtime::plan_memory(plan);  // outputs live to the end: nothing takes their place
  KEDGE_TRY(runtime::Executor executor, runtime::Executor::create(std::move(plan)));
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const TensorView view = executor.input(static_cast<std::int64_t>(i));
    if (view.bytes() > 0) std::memcpy(view.data, sample[i].bytes().data(), static_cast<std::size_t>(view.bytes()));
  }
  executor.run();
  KEDGE_TRY_VOID(executor.outcome());
  std::vector<verify::NamedValue> out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out.push_back({names[i], as_reals(copy_of(executor.output(static_cast<std::int64_t>(i))), quants[i])});
  return out;
}

}  // namespace

Result<std::vector<verify::NamedValue>> trace(const std::string& path, const std::vector<Tensor>& sample,
                                              const RunOptions& options, SourceMap& sources) {
  KEDGE_TRY(formats::MappedFile mapped, formats::map_file(path));
  if (formats::sniff(mapped.bytes()) == formats::FileKind::plan) {
    auto file = std::make_shared<formats::MappedFile>(std::move(mapped));
    KEDGE_TRY(runtime::Plan plan, runtime::read_plan(file->bytes(), file, options.load.limits, path));
    return trace_plan(std::move(plan), sample);
  }
  RunOptions reference = options;
  reference.engine = Engine::reference;
  KEDGE_TRY(const Runnable runnable, Runnable::open(path, reference, sources));
  const ir::Graph& graph = *runnable.graph();
  std::vector<verify::NamedValue> out;
  KEDGE_TRY_VOID(ops::interpret(graph, sample, [&](ir::ValueId id, const Tensor& tensor) {
    const ir::Value& value = graph.value(id);
    if (value.producer < 0) return;
    const ir::Node& node = graph.node(value.producer);
    std::string name = value.name;
    if (name.empty()) name = node.origin.layer.empty() ? std::string(node.op->name) : node.origin.layer;
    out.push_back({std::move(name), as_reals(tensor, value.quant)});
  }));
  return out;
}

}  // namespace kedge::driver
