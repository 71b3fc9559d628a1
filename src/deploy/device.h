// A device reached over the system's OpenSSH: run a command there, put a file there. Host keys are checked as the
// user's ssh checks them; nothing asks for a password.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "deploy/config.h"
#include "deploy/process.h"

namespace kedge::deploy {

/// One word for a POSIX shell.
std::string shell_quote(std::string_view text);

/// The folder of a connection's control socket, readable by this user alone; removed with its last owner.
class SocketFolder {
 public:
  /// nullptr where no such folder can be made, or its name is too long for a socket: every command connects anew then.
  static std::shared_ptr<const SocketFolder> make();
  SocketFolder(const SocketFolder&) = delete;
  SocketFolder& operator=(const SocketFolder&) = delete;
  ~SocketFolder();
  std::string socket() const { return path_ + "/ssh"; }

 private:
  explicit SocketFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

/// All commands and uploads of one Device go over one connection, which ends with it.
class Device {
 public:
  explicit Device(DeviceConfig config);
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  ~Device();

  const DeviceConfig& config() const { return config_; }

  /// Runs `command` in the device's shell. K1301: the device cannot be reached (ssh's own failure, exit code 255, or a
  /// time-out).
  Result<ProcessResult> run(const std::string& command, std::int64_t timeout_seconds = 120) const;
  /// The same; K1304 when the command fails, with what it wrote.
  Result<std::string> run_checked(const std::string& command, std::string_view what,
                                  std::int64_t timeout_seconds = 120) const;
  /// Copies a local file to an absolute path there and compares checksums. K1305 when they differ.
  Result<void> upload(const std::string& local, const std::string& remote, bool executable) const;
  /// Puts a copy of `present`, a file there, at `remote` when its checksum is that of the local file; false when it is
  /// another file or none. K1301 as run().
  Result<bool> reuse(const std::string& local, const std::string& present, const std::string& remote) const;

 private:
  std::vector<std::string> ssh_arguments() const;
  Error unreachable(const ProcessResult& result) const;

  DeviceConfig config_;
  std::shared_ptr<const SocketFolder> connection_;
};

}  // namespace kedge::deploy
