// kedge deploy: a release to devices, checked there, with a way back.
#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "cli/command.h"
#include "deploy/release.h"

namespace kedge::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    {"--device", "NAME", "only this device (repeatable; default: all)"},
    {"--dry-run", "", "say what would be done"},
    {"--rollback", "", "make the previous release current again"},
};

Result<std::vector<deploy::DeviceConfig>> chosen_devices(const deploy::DeployConfig& config, const Options& options) {
  const std::vector<std::string> wanted = options.all("--device");
  if (wanted.empty()) return config.devices;
  std::vector<std::string> names;
  for (const deploy::DeviceConfig& device : config.devices) names.push_back(device.name);
  std::vector<deploy::DeviceConfig> out;
  for (const std::string& name : wanted) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) {
      Error error = usage_error("there is no device `" + name + "` in " + config.path, "--device");
      const std::string hint = did_you_mean(name, names);
      return hint.empty() ? std::move(error).help("the devices are " + join(names, ", ")) : std::move(error).help(hint);
    }
    out.push_back(config.devices[static_cast<std::size_t>(at - names.begin())]);
  }
  return out;
}

int run(Context& context, const Options& options) {
  if (options.positional.size() != 1) return context.fail(usage_error("give a deployment's CONFIG file"));
  const Result<deploy::DeployConfig> config = deploy::read_config(options.positional[0], Limits{});
  if (!config.ok()) return context.fail(config.error());
  const Result<std::vector<deploy::DeviceConfig>> devices = chosen_devices(*config, options);
  if (!devices.ok()) return context.fail(devices.error());
  const auto progress = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
  // One device after the other; the first failure stops the rest, so that a bad release reaches one device at most.
  for (const deploy::DeviceConfig& device : *devices) {
    if (options.has("--dry-run")) {
      const Result<std::vector<std::string>> steps = deploy::plan_deployment(*config, device);
      if (!steps.ok()) return context.fail(steps.error());
      for (const std::string& step : *steps) print_result(device.name + ": would " + step + "\n");
      continue;
    }
    const Result<deploy::DeployOutcome> outcome =
        options.has("--rollback") ? deploy::roll_back(device, progress) : deploy::deploy_to(*config, device, progress);
    if (!outcome.ok()) return context.fail(outcome.error());
    print_result(outcome->device + ": current is " + outcome->release +
                 (outcome->previous.empty() ? "" : ", before it " + outcome->previous) + "\n");
  }
  return context.exit_code();
}

}  // namespace

const Command kDeploy = {"deploy", "CONFIG [--device D]... [--dry-run] [--rollback]",
                         "a release to devices over ssh, checked there, rolled back by itself", kOptions, run};

}  // namespace kedge::cli
