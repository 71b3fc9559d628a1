// Command-line options: a command lists what it takes, parse_options checks what was given. Errors are usage errors
// (exit code 2).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace kedge::cli {

struct OptionSpec {
  std::string_view name;         ///< "--custom", "-o"
  std::string_view placeholder;  ///< "PATH"; empty: a switch without a value
  std::string_view help;
  std::string_view alias = {};  ///< another spelling: "--output"
};

class Options {
 public:
  std::vector<std::string> positional;

  bool has(std::string_view name) const { return values_.contains(name); }
  /// The last value given, or nullopt.
  std::optional<std::string> value(std::string_view name) const;
  std::string value_or(std::string_view name, std::string_view fallback) const;
  /// Every value given, in order.
  std::vector<std::string> all(std::string_view name) const;
  /// A number; K0001 when it is none or below `least`.
  Result<std::int64_t> integer_or(std::string_view name, std::int64_t fallback, std::int64_t least) const;
  Result<double> real_or(std::string_view name, double fallback) const;

  void add(std::string_view name, std::string value) { values_[std::string(name)].push_back(std::move(value)); }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

/// `--name value`, `--name=value`, `-o value`, switches; `--` ends options. K0001 names the option and what is close.
Result<Options> parse_options(std::span<const std::string> arguments, std::span<const OptionSpec> specs);

/// A usage error: K0001 at `argument`.
Error usage_error(std::string message, const std::string& argument = {});

}  // namespace kedge::cli
