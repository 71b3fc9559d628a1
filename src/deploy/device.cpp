#include "deploy/device.h"

#include <unistd.h>
#include <filesystem>

#include "base/text.h"

namespace kedge::deploy {
namespace {

constexpr int kSshFailed = 255;  // ssh(1), EXIT STATUS: an error occurred in ssh itself
constexpr std::int64_t kUploadTimeout = 1800;
constexpr std::int64_t kGoodbyeTimeout = 5;

/// The last line that says something.
std::string last_line(const std::string& text) {
  std::string line;
  for (const std::string_view candidate : split(text, '\n')) {
    if (!trim(candidate).empty()) line = std::string(trim(candidate));
  }
  return line;
}

std::string first_word(const std::string& text) { return text.substr(0, text.find_first_of(" \n")); }

}  // namespace

std::string shell_quote(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::shared_ptr<const SocketFolder> SocketFolder::make() {
  constexpr std::size_t kLongest =
      80;  // unix(7): a socket's name has 108 bytes, and ssh appends some while it connects
  std::error_code error;
  std::string path = (std::filesystem::temp_directory_path(error) / "kedge-XXXXXX").string();
  if (error || path.size() > kLongest || mkdtemp(path.data()) == nullptr) return nullptr;
  return std::shared_ptr<const SocketFolder>(new SocketFolder(std::move(path)));
}

SocketFolder::~SocketFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Device::Device(DeviceConfig config) : config_(std::move(config)), connection_(SocketFolder::make()) {}

Device::~Device() {
  std::error_code ignored;
  if (!connection_ || !std::filesystem::exists(connection_->socket(), ignored)) return;
  std::vector<std::string> arguments = ssh_arguments();
  arguments.insert(arguments.begin() + 1, {"-O", "exit"});
  (void)run_process(arguments, {}, kGoodbyeTimeout);  // best effort: ControlPersist ends it too
}

std::vector<std::string> Device::ssh_arguments() const {
  std::vector<std::string> out = {"ssh",
                                  "-o",
                                  "BatchMode=yes",
                                  "-o",
                                  "ConnectTimeout=10",
                                  "-o",
                                  "ServerAliveInterval=15",
                                  "-p",
                                  std::to_string(config_.port)};
  if (connection_)
    out.insert(out.end(),
               {"-o", "ControlMaster=auto", "-o", "ControlPersist=60", "-o", "ControlPath=" + connection_->socket()});
  if (!config_.identity.empty()) out.insert(out.end(), {"-i", config_.identity, "-o", "IdentitiesOnly=yes"});
  if (!config_.known_hosts.empty())
    out.insert(out.end(), {"-o", "UserKnownHostsFile=" + config_.known_hosts, "-o", "StrictHostKeyChecking=yes"});
  if (!config_.user.empty()) out.insert(out.end(), {"-l", config_.user});
  out.insert(out.end(), {"--", config_.host});
  return out;
}

Error Device::unreachable(const ProcessResult& result) const {
  const std::string why = result.timed_out ? "no answer in time" : last_line(result.err);
  Error error = make_error(
      "K1301", "device `" + config_.name + "` cannot be reached: " + why,
      Location::in("device " + config_.name + " (" + config_.host + ":" + std::to_string(config_.port) + ")"));
  return std::move(error).help("try `ssh -p " + std::to_string(config_.port) + " " +
                               (config_.user.empty() ? "" : config_.user + "@") + config_.host +
                               " true`; nothing was changed on the device");
}

Result<ProcessResult> Device::run(const std::string& command, std::int64_t timeout_seconds) const {
  std::vector<std::string> arguments = ssh_arguments();
  arguments.push_back(command);
  KEDGE_TRY(ProcessResult result, run_process(arguments, {}, timeout_seconds));
  if (result.timed_out || result.exit_code == kSshFailed) return unreachable(result);
  return result;
}

Result<std::string> Device::run_checked(const std::string& command, std::string_view what,
                                        std::int64_t timeout_seconds) const {
  KEDGE_TRY(ProcessResult result, run(command, timeout_seconds));
  if (result.ok()) return std::move(result.out);
  return make_error("K1304",
                    std::string(what) + " failed on device `" + config_.name + "` (exit code " +
                        std::to_string(result.exit_code) +
                        "): " + last_line(result.err.empty() ? result.out : result.err),
                    Location::in("device " + config_.name));
}

Result<void> Device::upload(const std::string& local, const std::string& remote, bool executable) const {
  KEDGE_TRY(const ProcessResult here, run_process({"sha256sum", "--", local}));
  std::vector<std::string> arguments = ssh_arguments();
  const std::string target = shell_quote(remote);
  arguments.push_back("cat > " + target + (executable ? " && chmod 755 " + target : "") + " && sync " + target +
                      " && sha256sum < " + target);
  KEDGE_TRY(const ProcessResult there, run_process(arguments, local, kUploadTimeout));
  if (there.timed_out || there.exit_code == kSshFailed) return unreachable(there);
  if (!here.ok() || !there.ok() || first_word(here.out) != first_word(there.out)) {
    return make_error("K1305",
                      "`" + local + "` did not arrive whole on device `" + config_.name + "`" +
                          (there.ok() ? ": the checksums differ" : ": " + last_line(there.err)),
                      Location::in("device " + config_.name + ", " + remote));
  }
  return {};
}

Result<bool> Device::reuse(const std::string& local, const std::string& present, const std::string& remote) const {
  KEDGE_TRY(const ProcessResult here, run_process({"sha256sum", "--", local}));
  const std::string from = shell_quote(present);
  const std::string to = shell_quote(remote);
  KEDGE_TRY(const ProcessResult there, run("sha256sum < " + from));
  if (!here.ok() || !there.ok() || first_word(here.out) != first_word(there.out)) return false;
  KEDGE_TRY(const ProcessResult copied, run("cp -p " + from + " " + to + " && sync " + to + " && sha256sum < " + to));
  return copied.ok() && first_word(here.out) == first_word(copied.out);
}

}  // namespace kedge::deploy
