// What a deployment is: one artefact, its golden vectors and gates, and the devices it goes to. Read from a JSON file;
// paths in it are relative to that file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace kedge::deploy {

struct DeviceConfig {
  std::string name;
  std::string host;
  std::int64_t port = 22;
  std::string user;
  std::string identity;     ///< private key file; empty: what ssh finds
  std::string known_hosts;  ///< file; empty: the user's own
  std::string root;         ///< absolute folder on the device
  std::string restart;      ///< shell command that restarts what uses the model; or
  std::string unit;         ///< a systemd unit that is restarted
  std::string health;       ///< shell command after the restart; failure rolls back
  std::string kedge;        ///< the kedge binary on the device; empty: the one that is uploaded
};

struct Golden {
  std::string input;   ///< .npz
  std::string output;  ///< .npz, the expected answers
  double atol = 1e-4;
  double rtol = 1e-3;
  std::optional<double> min_sqnr_db;  ///< instead of the tolerances
};

struct DeployConfig {
  std::string path;  ///< of the file itself
  std::string name;
  std::string artefact;
  std::string kedge;  ///< binary that goes along to run the checks; empty: every device names its own
  std::optional<Golden> golden;
  std::optional<double> latency_p50_ms;
  std::int64_t keep = 3;  ///< releases left on a device, the current one included
  std::vector<DeviceConfig> devices;
};

/// K1303: malformed, an unknown or missing key, a file that is not there; the place is the key's path.
Result<DeployConfig> read_config(const std::string& path, const Limits& limits);

}  // namespace kedge::deploy
