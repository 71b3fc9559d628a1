// A release on a device: uploaded beside the running one, checked there, switched to in one step, gone back from by
// itself.
//
//   ROOT/releases/0007-3f9a1c20/   model.plan (or .tflite), kedge, in.npz, out.npz
//   ROOT/current  -> releases/0007-3f9a1c20      what the application opens
//   ROOT/previous -> releases/0006-…             what a rollback returns to
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "deploy/config.h"
#include "deploy/device.h"

namespace kedge::deploy {

/// Told of every step, for people: "pi-1: uploaded model.plan (1.2 MB)".
using Progress = std::function<void(const std::string& line)>;

struct DeployOutcome {
  std::string device;
  std::string release;
  std::string previous;  ///< what was current before; empty when this is the first
  double p50_ms = 0;     ///< measured there; 0 without a gate
};

/// Uploads, checks and switches one device. When a check fails before the switch nothing has changed (K1306 golden
/// vectors, K1307 latency); when the restart or the health check fails after it, the previous release is current again
/// before this returns (K1308).
Result<DeployOutcome> deploy_to(const DeployConfig& config, const DeviceConfig& device, const Progress& progress);

/// Makes the previous release current again and restarts. K1309: there is none.
Result<DeployOutcome> roll_back(const DeviceConfig& device, const Progress& progress);

/// What deploy_to would do, asking the device only for what is there.
Result<std::vector<std::string>> plan_deployment(const DeployConfig& config, const DeviceConfig& device);

}  // namespace kedge::deploy
