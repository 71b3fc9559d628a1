// A model as the server holds it: endpoints, and as many executors as requests may run at once.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "driver/run.h"
#include "server/protocol/predict_json.h"

namespace kedge::server {

class ServedModel {
 public:
  /// Opens `path` `copies` times; errors are those of Runnable::open.
  static Result<std::shared_ptr<ServedModel>> open(std::string name, const std::string& path,
                                                   const driver::RunOptions& options, std::int64_t copies,
                                                   SourceMap& sources);

  const std::string& name() const { return name_; }
  std::int64_t version() const { return 1; }
  std::span<const protocol::Endpoint> inputs() const { return inputs_; }
  std::span<const protocol::Endpoint> outputs() const { return outputs_; }

  /// Waits for a free executor; safe from many threads.
  Result<std::vector<Tensor>> predict(const std::vector<Tensor>& arrays);

 private:
  std::string name_;
  std::vector<protocol::Endpoint> inputs_;
  std::vector<protocol::Endpoint> outputs_;
  std::mutex mutex_;
  std::condition_variable free_changed_;
  std::vector<std::unique_ptr<driver::Runnable>> free_;  // guarded by mutex_
};

}  // namespace kedge::server
