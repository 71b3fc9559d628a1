#include "deploy/release.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "formats/json.h"

namespace kedge::deploy {
namespace {

std::string file_name(const std::string& path) { return std::filesystem::path(path).filename().string(); }

/// What is on the device now.
struct Present {
  std::vector<std::string> releases;  // sorted by number
  std::string current, previous;
};

Result<Present> look(const Device& device) {
  const std::string root = shell_quote(device.config().root);
  // A device that never had a release has no folder: three empty lines say so. Looking changes nothing there.
  KEDGE_TRY(
      const std::string text,
      device.run_checked("cd " + root +
                             " 2>/dev/null || { echo; echo; echo; exit 0; }; for d in releases/*/; do [ -d \"$d\" ] && "
                             "basename \"$d\"; done; echo; readlink current || echo; readlink previous || echo",
                         "looking at the releases"));
  Present out;
  const std::vector<std::string_view> lines = split(text, '\n');
  std::size_t i = 0;
  for (; i < lines.size() && !lines[i].empty(); ++i) {
    if (!lines[i].ends_with(".partial")) out.releases.emplace_back(lines[i]);
  }
  const auto link = [&](std::size_t at) {
    return at < lines.size() ? file_name(std::string(lines[at])) : std::string();
  };
  out.current = link(i + 1);
  out.previous = link(i + 2);
  std::sort(out.releases.begin(), out.releases.end());
  return out;
}

/// "0007-3f9a1c20": one above the highest number, and the start of the artefact's checksum.
Result<std::string> next_release(const Present& present, const std::string& artefact) {
  std::int64_t highest = 0;
  for (const std::string& release : present.releases) {
    std::int64_t number = 0;
    for (std::size_t i = 0; i < release.size() && std::isdigit(static_cast<unsigned char>(release[i])) != 0 && i < 9;
         ++i)
      number = number * 10 + (release[i] - '0');
    highest = std::max(highest, number);
  }
  KEDGE_TRY(const ProcessResult sum, run_process({"sha256sum", "--", artefact}));
  if (!sum.ok())
    return make_error("K0003", "cannot read `" + artefact + "`: " + std::string(trim(sum.err)), Location::in(artefact));
  std::string number = std::to_string(highest + 1);
  while (number.size() < 4) number.insert(number.begin(), '0');
  return number + "-" + sum.out.substr(0, 8);
}

std::string restart_command(const DeviceConfig& device) {
  if (!device.restart.empty()) return device.restart;
  if (!device.unit.empty()) return "systemctl restart " + shell_quote(device.unit);
  return {};
}

/// Points `link` at a release: a new link renamed over the old one, so that a reader sees either.
std::string point_link(const std::string& root, const std::string& link, const std::string& release) {
  const std::string fresh = shell_quote(root + "/" + link + ".new");
  return "ln -sfn " + shell_quote("releases/" + release) + " " + fresh + " && mv -T " + fresh + " " +
         shell_quote(root + "/" + link);
}

Result<void> upload_release(const DeployConfig& config, const Device& device, const std::string& folder,
                            const Progress& progress) {
  struct File {
    std::string local, name;
    bool executable;
  };
  std::vector<File> files = {{config.artefact, file_name(config.artefact), false}};
  if (!config.kedge.empty() && device.config().kedge.empty()) files.push_back({config.kedge, "kedge", true});
  if (config.golden) {
    files.push_back({config.golden->input, "in.npz", false});
    files.push_back({config.golden->output, "out.npz", false});
  }
  for (const File& file : files) {
    if (file.executable) {  // megabytes that rarely change: the release before this one may have the same
      KEDGE_TRY(const bool there,
                device.reuse(file.local, device.config().root + "/current/" + file.name, folder + "/" + file.name));
      if (there) {
        progress(device.config().name + ": " + file.name + " is there already");
        continue;
      }
    }
    KEDGE_TRY_VOID(device.upload(file.local, folder + "/" + file.name, file.executable));
    std::error_code error;
    progress(device.config().name + ": uploaded " + file.name + " (" +
             std::to_string(std::filesystem::file_size(file.local, error)) + " bytes)");
  }
  return {};
}

/// The checks on the device: golden vectors, then latency. Returns the measured median.
Result<double> check_release(const DeployConfig& config, const Device& device, const std::string& folder,
                             const Progress& progress) {
  const std::string& name = device.config().name;
  const std::string kedge = device.config().kedge.empty() ? "./kedge" : shell_quote(device.config().kedge);
  const std::string model = shell_quote("./" + file_name(config.artefact));
  const std::string enter = "cd " + shell_quote(folder) + " && ";
  if (config.golden) {
    std::string command = enter + kedge + " verify " + model + " " + model +
                          " --input in.npz --golden out.npz --atol " + shortest(config.golden->atol) + " --rtol " +
                          shortest(config.golden->rtol);
    if (config.golden->min_sqnr_db) command += " --min-sqnr " + shortest(*config.golden->min_sqnr_db);
    KEDGE_TRY(const ProcessResult result, device.run(command));
    const bool compared =
        result.exit_code <= 1 && !trim(result.out).empty();  // otherwise kedge or the files did not even start there
    if (!result.ok() && !compared) {
      Error error = make_error("K1304",
                               "the golden vectors could not be run on device `" + name + "` (exit code " +
                                   std::to_string(result.exit_code) + "); the release was not switched to",
                               Location::in("device " + name + ", " + folder));
      error.diagnostic().notes.push_back(std::string(trim(result.err.empty() ? result.out : result.err)));
      return error;
    }
    if (!result.ok()) {
      Error error = make_error(
          "K1306",
          "the release does not answer as the golden vectors say on device `" + name + "`; it was not switched to",
          Location::in("device " + name + ", " + folder));
      error.diagnostic().notes.push_back(std::string(trim(result.out)));
      return error;
    }
    progress(name + ": golden vectors agree");
  }
  if (!config.latency_p50_ms) return 0.0;
  KEDGE_TRY(const std::string text,
            device.run_checked(enter + kedge + " bench " + model + " --json --min-time 0.5", "measuring the latency"));
  KEDGE_TRY(const formats::Json json, formats::parse_json(text, Limits{}, "output of kedge bench on " + name));
  const formats::Json* p50 = json.at_path("latency_ms.p50");
  if (p50 == nullptr || !p50->is_number())
    return make_error("K1304", "kedge bench on device `" + name + "` printed no latency",
                      Location::in("device " + name));
  if (p50->as_double() > *config.latency_p50_ms) {
    return make_error("K1307",
                      "the release takes " + shortest(p50->as_double()) + " ms (median) on device `" + name +
                          "`, the gate is " + shortest(*config.latency_p50_ms) + " ms; it was not switched to",
                      Location::in("device " + name + ", " + folder));
  }
  progress(name + ": latency " + shortest(p50->as_double()) + " ms (gate " + shortest(*config.latency_p50_ms) + " ms)");
  return p50->as_double();
}

/// Restart and health; an error when either fails.
Result<void> restart(const Device& device, const Progress& progress) {
  const std::string command = restart_command(device.config());
  if (!command.empty()) {
    KEDGE_TRY(const std::string out, device.run_checked(command, "the restart"));
    progress(device.config().name + ": restarted");
  }
  if (!device.config().health.empty()) {
    KEDGE_TRY(const std::string out, device.run_checked(device.config().health, "the health check"));
    progress(device.config().name + ": healthy");
  }
  return {};
}

/// Old releases go, except those that current and previous point to.
Result<void> prune(const Device& device, std::int64_t keep) {
  KEDGE_TRY(const Present present, look(device));
  std::string command = "cd " + shell_quote(device.config().root) + "/releases && rm -rf -- ./*.partial";
  const std::int64_t surplus = static_cast<std::int64_t>(present.releases.size()) - keep;
  for (std::int64_t i = 0; i < surplus; ++i) {
    const std::string& release = present.releases[static_cast<std::size_t>(i)];
    if (release != present.current && release != present.previous) command += " " + shell_quote(release);
  }
  KEDGE_TRY(const std::string out, device.run_checked(command, "removing old releases"));
  return {};
}

}  // namespace

Result<DeployOutcome> deploy_to(const DeployConfig& config, const DeviceConfig& device_config,
                                const Progress& progress) {
  const Device device(device_config);
  KEDGE_TRY(const Present present, look(device));
  DeployOutcome outcome;
  outcome.device = device_config.name;
  outcome.previous = present.current;
  KEDGE_TRY(outcome.release, next_release(present, config.artefact));
  const std::string folder = device_config.root + "/releases/" + outcome.release;
  // Everything happens in a `.partial` folder until the checks have passed: a broken upload is never mistaken for a
  // release.
  const std::string partial = folder + ".partial";
  KEDGE_TRY(const std::string made,
            device.run_checked("rm -rf " + shell_quote(partial) + " && mkdir -p " + shell_quote(partial),
                               "making the release's folder"));
  Result<double> checked = 0.0;
  Result<void> uploaded = upload_release(config, device, partial, progress);
  if (uploaded.ok()) checked = check_release(config, device, partial, progress);
  if (!uploaded.ok() || !checked.ok()) {
    (void)device.run("rm -rf " + shell_quote(partial));  // best effort: prune() removes what stays
    return uploaded.ok() ? std::move(checked).error() : std::move(uploaded).error();
  }
  outcome.p50_ms = *checked;
  std::string commands = "mv -T " + shell_quote(partial) + " " + shell_quote(folder);
  if (!present.current.empty()) commands += " && " + point_link(device_config.root, "previous", present.current);
  commands += " && " + point_link(device_config.root, "current", outcome.release) + " && sync";
  KEDGE_TRY(const std::string switched, device.run_checked(commands, "switching to the release"));
  progress(device_config.name + ": switched to " + outcome.release +
           (present.current.empty() ? "" : " (was " + present.current + ")"));
  if (Result<void> started = restart(device, progress); !started.ok()) {
    const std::string why = started.error().diagnostic().message;
    Error error = make_error("K1308", "release " + outcome.release + " was taken back: " + why,
                             Location::in("device " + device_config.name));
    if (present.current.empty()) {
      const Result<std::string> unlinked = device.run_checked("rm -f " + shell_quote(device_config.root + "/current"),
                                                              "unlinking the release");  // `previous` was never made
      return std::move(error).help(unlinked.ok() ? "there was no release before this one; nothing is current now"
                                                 : unlinked.error().diagnostic().message);
    }
    // `previous` too: a later rollback must lead where it led before.
    const std::string previous = present.previous.empty()
                                     ? "rm -f " + shell_quote(device_config.root + "/previous")
                                     : point_link(device_config.root, "previous", present.previous);
    const Result<std::string> back = device.run_checked(
        point_link(device_config.root, "current", present.current) + " && " + previous + " && sync", "going back");
    if (!back.ok()) return std::move(error).help("going back failed too: " + back.error().diagnostic().message);
    const Result<void> restarted = restart(device, progress);
    progress(device_config.name + ": rolled back to " + present.current);
    return std::move(error).help(restarted.ok() ? "release " + present.current + " is current again and running"
                                                : "release " + present.current + " is current again, but: " +
                                                      restarted.error().diagnostic().message);
  }
  KEDGE_TRY_VOID(prune(device, config.keep));
  return outcome;
}

Result<DeployOutcome> roll_back(const DeviceConfig& device_config, const Progress& progress) {
  const Device device(device_config);
  KEDGE_TRY(const Present present, look(device));
  if (present.previous.empty() ||
      std::find(present.releases.begin(), present.releases.end(), present.previous) == present.releases.end()) {
    return make_error("K1309", "device `" + device_config.name + "` has no previous release to go back to",
                      Location::in("device " + device_config.name));
  }
  const std::string commands = point_link(device_config.root, "current", present.previous) + " && " +
                               point_link(device_config.root, "previous", present.current) + " && sync";
  KEDGE_TRY(const std::string switched, device.run_checked(commands, "going back"));
  progress(device_config.name + ": rolled back from " + present.current + " to " + present.previous);
  KEDGE_TRY_VOID(restart(device, progress));
  return DeployOutcome{device_config.name, present.previous, present.current, 0};
}

Result<std::vector<std::string>> plan_deployment(const DeployConfig& config, const DeviceConfig& device_config) {
  const Device device(device_config);
  KEDGE_TRY(const Present present, look(device));
  KEDGE_TRY(const std::string release, next_release(present, config.artefact));
  std::vector<std::string> out = {"upload " + file_name(config.artefact) + " as release " + release};
  if (config.golden) out.push_back("run the golden vectors there");
  if (config.latency_p50_ms)
    out.push_back("measure the latency there (gate: median " + shortest(*config.latency_p50_ms) + " ms)");
  out.push_back(present.current.empty() ? "make it current (it is the first)" : "switch from " + present.current);
  if (const std::string command = restart_command(device_config); !command.empty())
    out.push_back("restart: " + command);
  if (!device_config.health.empty()) out.push_back("ask its health: " + device_config.health);
  return out;
}

}  // namespace kedge::deploy
