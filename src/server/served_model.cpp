#include "server/served_model.h"

namespace kedge::server {

Result<std::shared_ptr<ServedModel>> ServedModel::open(std::string name, const std::string& path,
                                                       const driver::RunOptions& options, std::int64_t copies,
                                                       SourceMap& sources) {
  auto model = std::make_shared<ServedModel>();
  model->name_ = std::move(name);
  for (std::int64_t i = 0; i < copies; ++i) {
    KEDGE_TRY(driver::Runnable runnable, driver::Runnable::open(path, options, sources, {}));
    model->free_.push_back(std::make_unique<driver::Runnable>(std::move(runnable)));
  }
  driver::Runnable& first = *model->free_.front();
  for (const driver::InputSpec& input : first.inputs())
    model->inputs_.push_back({input.name, input.dtype, *static_shape(input.shape)});
  for (std::size_t i = 0; i < first.output_names().size(); ++i) {
    const TensorView view = first.executor()->output(static_cast<std::int64_t>(i));
    model->outputs_.push_back({first.output_names()[i], view.dtype, StaticShape(view.shape.begin(), view.shape.end())});
  }
  return model;
}

Result<std::vector<Tensor>> ServedModel::predict(const std::vector<Tensor>& arrays) {
  std::unique_ptr<driver::Runnable> runnable;
  {
    std::unique_lock lock(mutex_);
    free_changed_.wait(lock, [this] { return !free_.empty(); });
    runnable = std::move(free_.back());
    free_.pop_back();
  }
  Result<std::vector<Tensor>> outputs = runnable->run(arrays);
  {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(runnable));
  }
  free_changed_.notify_one();
  return outputs;
}

}  // namespace kedge::server
