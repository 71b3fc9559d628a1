// A device reached over the system's OpenSSH: run a command there, put a file there. Host keys are checked as the
// user's ssh checks them; nothing asks for a password.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "deploy/config.h"
#include "deploy/process.h"

namespace kedge::deploy {

/// One word for a POSIX shell.
std::string shell_quote(std::string_view text);

class Device {
 public:
  explicit Device(DeviceConfig config) : config_(std::move(config)) {}

  const DeviceConfig& config() const { return config_; }

  /// Runs `command` in the device's shell. K1301: the device cannot be reached (ssh's own failure, exit code 255, or a
  /// time-out).
  Result<ProcessResult> run(const std::string& command, std::int64_t timeout_seconds = 120) const;
  /// The same; K1304 when the command fails, with what it wrote.
  Result<std::string> run_checked(const std::string& command, std::string_view what,
                                  std::int64_t timeout_seconds = 120) const;
  /// Copies a local file to an absolute path there and compares checksums. K1305 when they differ.
  Result<void> upload(const std::string& local, const std::string& remote, bool executable) const;

 private:
  std::vector<std::string> ssh_arguments() const;
  Error unreachable(const ProcessResult& result) const;

  DeviceConfig config_;
};

}  // namespace kedge::deploy
