// A pool of worker threads that share out the pieces of one call at a time. The caller works too.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "kernels/kernel.h"

namespace kedge::runtime {

class ThreadPool final : public kernels::Parallel {
 public:
  explicit ThreadPool(std::int64_t threads);
  ~ThreadPool() override;
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  std::int64_t threads() const override { return static_cast<std::int64_t>(workers_.size()) + 1; }
  void run(std::int64_t count, void (*body)(void* context, std::int64_t index), void* context) override;

 private:
  void work();
  void take_pieces();

  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable start_;
  std::condition_variable done_;
  std::uint64_t generation_ = 0;  // guarded by mutex_
  std::int64_t busy_ = 0;         // workers still in the current call, guarded by mutex_
  bool stop_ = false;             // guarded by mutex_
  std::atomic<std::int64_t> next_{0};
  std::int64_t count_ = 0;
  void (*body_)(void*, std::int64_t) = nullptr;
  void* context_ = nullptr;
};

}  // namespace kedge::runtime
