#include "cli/options.h"

#include <charconv>

#include "base/text.h"

namespace kedge::cli {
namespace {

const OptionSpec* find_spec(std::span<const OptionSpec> specs, std::string_view name) {
  for (const OptionSpec& spec : specs) {
    if (spec.name == name || (!spec.alias.empty() && spec.alias == name)) return &spec;
  }
  return nullptr;
}

}  // namespace

Error usage_error(std::string message, const std::string& argument) {
  return make_error("K0001", std::move(message),
                    Location::in(argument.empty() ? "command line" : "argument " + argument));
}

std::optional<std::string> Options::value(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second.back();
}

std::string Options::value_or(std::string_view name, std::string_view fallback) const {
  return value(name).value_or(std::string(fallback));
}

std::vector<std::string> Options::all(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

Result<std::int64_t> Options::integer_or(std::string_view name, std::int64_t fallback, std::int64_t least) const {
  const std::optional<std::string> text = value(name);
  if (!text) return fallback;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size() || number < least) {
    return usage_error("`" + *text + "` is no whole number of at least " + std::to_string(least), std::string(name));
  }
  return number;
}

Result<double> Options::real_or(std::string_view name, double fallback) const {
  const std::optional<std::string> text = value(name);
  if (!text) return fallback;
  double number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size())
    return usage_error("`" + *text + "` is no number", std::string(name));
  return number;
}

Result<Options> parse_options(std::span<const std::string> arguments, std::span<const OptionSpec> specs) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      options.positional.insert(options.positional.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                arguments.end());
      break;
    }
    if (argument.size() < 2 || argument[0] != '-') {
      options.positional.push_back(argument);
      continue;
    }
    const std::size_t equals = argument.starts_with("--") ? argument.find('=') : std::string::npos;
    const std::string name = argument.substr(0, equals);
    const OptionSpec* spec = find_spec(specs, name);
    if (spec == nullptr) {
      std::vector<std::string> names;
      for (const OptionSpec& known : specs) names.emplace_back(known.name);
      Error error = usage_error("there is no option `" + name + "`", argument);
      const std::string hint = did_you_mean(name, names);
      if (!hint.empty()) return std::move(error).help(hint);
      return error;
    }
    if (spec->placeholder.empty()) {
      if (equals != std::string::npos) return usage_error("`" + name + "` takes no value", argument);
      options.add(spec->name, "");
      continue;
    }
    if (equals != std::string::npos) {
      options.add(spec->name, argument.substr(equals + 1));
      continue;
    }
    if (i + 1 >= arguments.size())
      return usage_error("`" + name + "` needs a value: " + std::string(spec->placeholder), argument);
    options.add(spec->name, arguments[++i]);
  }
  return options;
}

}  // namespace kedge::cli
