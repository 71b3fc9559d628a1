// Runs a program and waits: arguments as a list (no shell), standard input from a file or nothing, both outputs
// collected, a time limit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace kedge::deploy {

struct ProcessResult {
  int exit_code = -1;  ///< 128 + signal when it was killed
  bool timed_out = false;
  std::string out;
  std::string err;
  bool ok() const { return exit_code == 0 && !timed_out; }
};

/// K1302 when the program cannot be started. Output beyond 16 MiB is dropped.
Result<ProcessResult> run_process(const std::vector<std::string>& arguments, const std::string& stdin_file = {},
                                  std::int64_t timeout_seconds = 120);

}  // namespace kedge::deploy
