#include "deploy/config.h"

#include <algorithm>
#include <filesystem>
#include <span>

#include "base/text.h"
#include "formats/file.h"
#include "formats/json.h"

namespace kedge::deploy {
namespace {

using formats::JsonRef;

Error fail(const JsonRef& at, std::string message) {
  return make_error("K1303", std::move(message), Location::in(at.place()));
}

/// Refuses keys that mean nothing here: a typo must not silently switch off a gate.
Result<void> check_keys(const JsonRef& object, std::span<const std::string> known) {
  if (!object->is_object()) return fail(object, "this must be an object");
  for (const formats::JsonMember& member : object->object()) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    Error error = fail(object, "unknown key `" + member.key + "`");
    const std::string hint = did_you_mean(member.key, known);
    return hint.empty() ? std::move(error) : std::move(error).help(hint);
  }
  return {};
}

Result<std::string> text(const JsonRef& object, std::string_view key, std::string_view fallback) {
  const std::optional<JsonRef> found = object.find(key);
  return found ? found->as_string() : Result<std::string>(std::string(fallback));
}

Result<std::string> required_text(const JsonRef& object, std::string_view key) {
  KEDGE_TRY(const JsonRef found, object.get(key));
  return found.as_string();
}

/// A path relative to the configuration file; the file must be there.
Result<std::string> existing_file(const JsonRef& object, std::string_view key, const std::filesystem::path& folder) {
  KEDGE_TRY(const std::string given, required_text(object, key));
  const std::filesystem::path path = folder / given;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    return fail(*object.find(key), "there is no file `" + path.string() + "`");
  return path.string();
}

Result<Golden> read_golden(const JsonRef& object, const std::filesystem::path& folder) {
  const std::vector<std::string> known = {"input", "output", "atol", "rtol", "min_sqnr_db"};
  KEDGE_TRY_VOID(check_keys(object, known));
  Golden out;
  KEDGE_TRY(out.input, existing_file(object, "input", folder));
  KEDGE_TRY(out.output, existing_file(object, "output", folder));
  if (const auto value = object.find("atol")) {
    KEDGE_TRY(out.atol, value->as_double());
  }
  if (const auto value = object.find("rtol")) {
    KEDGE_TRY(out.rtol, value->as_double());
  }
  if (const auto value = object.find("min_sqnr_db")) {
    KEDGE_TRY(out.min_sqnr_db, value->as_double());
  }
  return out;
}

/// Names become parts of paths and of log lines.
bool plain_name(const std::string& name) {
  return !name.empty() && name[0] != '-' && name[0] != '.' &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.'; });
}

Result<DeviceConfig> read_device(const JsonRef& object, const std::filesystem::path& folder) {
  const std::vector<std::string> known = {"name", "host",    "port", "user",   "identity", "known_hosts",
                                          "root", "restart", "unit", "health", "kedge"};
  KEDGE_TRY_VOID(check_keys(object, known));
  DeviceConfig out;
  KEDGE_TRY(out.host, required_text(object, "host"));
  KEDGE_TRY(out.name, text(object, "name", out.host));
  KEDGE_TRY(out.user, text(object, "user", ""));
  KEDGE_TRY(out.root, required_text(object, "root"));
  KEDGE_TRY(out.restart, text(object, "restart", ""));
  KEDGE_TRY(out.unit, text(object, "unit", ""));
  KEDGE_TRY(out.health, text(object, "health", ""));
  KEDGE_TRY(out.kedge, text(object, "kedge", ""));
  if (const auto value = object.find("port")) {
    KEDGE_TRY(out.port, value->as_int64());
  }
  for (const auto& [key, target] : {std::pair{"identity", &out.identity}, std::pair{"known_hosts", &out.known_hosts}}) {
    if (!object.find(key)) continue;
    KEDGE_TRY(*target, existing_file(object, key, folder));
  }
  if (out.host.empty() || out.host[0] == '-' || (!out.user.empty() && !plain_name(out.user)))
    return fail(object, "`host` or `user` is not valid");
  if (!plain_name(out.name)) return fail(object, "a device's name holds letters, digits, `-`, `_` and `.` only");
  if (out.port < 1 || out.port > 65535) return fail(*object.find("port"), "a port lies between 1 and 65535");
  if (!out.root.starts_with('/') || out.root == "/")
    return fail(*object.find("root"), "`root` is an absolute folder on the device, not `/`");
  if (!out.restart.empty() && !out.unit.empty()) return fail(object, "give `restart` or `unit`, not both");
  return out;
}

}  // namespace

Result<DeployConfig> read_config(const std::string& path, const Limits& limits) {
  KEDGE_TRY(const formats::MappedFile file, formats::map_file(path, limits));
  KEDGE_TRY(const formats::Json json, formats::parse_json(as_text(file.bytes()), limits, path));
  const JsonRef root(json, path);
  const std::vector<std::string> known = {"name", "artefact", "kedge", "golden", "latency_p50_ms", "keep", "devices"};
  KEDGE_TRY_VOID(check_keys(root, known));
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  DeployConfig out;
  out.path = path;
  KEDGE_TRY(out.name, required_text(root, "name"));
  if (!plain_name(out.name)) return fail(*root.find("name"), "a name holds letters, digits, `-`, `_` and `.` only");
  KEDGE_TRY(out.artefact, existing_file(root, "artefact", folder));
  if (root.find("kedge")) {
    KEDGE_TRY(out.kedge, existing_file(root, "kedge", folder));
  }
  if (const auto golden = root.find("golden")) {
    KEDGE_TRY(out.golden, read_golden(*golden, folder));
  }
  if (const auto value = root.find("latency_p50_ms")) {
    KEDGE_TRY(out.latency_p50_ms, value->as_double());
  }
  if (const auto value = root.find("keep")) {
    KEDGE_TRY(out.keep, value->as_int64());
    if (out.keep < 2) return fail(*value, "keep at least 2 releases, or there is no way back");
  }
  KEDGE_TRY(const JsonRef devices, root.get("devices"));
  KEDGE_TRY(const std::vector<JsonRef> entries, devices.elements());
  if (entries.empty()) return fail(devices, "name at least one device");
  for (const JsonRef& entry : entries) {
    KEDGE_TRY(DeviceConfig device, read_device(entry, folder));
    for (const DeviceConfig& other : out.devices) {
      if (other.name == device.name) return fail(entry, "two devices are called `" + device.name + "`");
    }
    if (device.kedge.empty() && out.kedge.empty())
      return fail(entry,
                  "give `kedge`, the binary that runs the checks: here (on the device) or at the top (uploaded)");
    out.devices.push_back(std::move(device));
  }
  return out;
}

}  // namespace kedge::deploy
