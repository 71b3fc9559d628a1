#include "cli/common.h"

#include <charconv>

#include "base/text.h"

namespace kedge::cli {
namespace {

Result<StaticShape> parse_shape(std::string_view text) {
  StaticShape shape;
  if (text == "scalar") return shape;
  for (const std::string_view part : split(text, 'x')) {
    std::int64_t size = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), size);
    if (error != std::errc{} || end != part.data() + part.size() || size < 0) {
      return usage_error("`" + std::string(text) + "` is no shape; write 1x32x48x3, or scalar", "--shape");
    }
    shape.push_back(size);
  }
  return shape;
}

}  // namespace

Result<frontends::LoadOptions> load_options(const Options& options) {
  frontends::LoadOptions out;
  out.custom = options.all("--custom");
  if (options.all("--from").size() > 1) return usage_error("one model has one --from", "--from");
  out.from = options.value_or("--from", "");
  out.prelude_folder = options.value_or("--prelude", "");
  for (const std::string& text : options.all("--shape")) {
    const std::size_t equals = text.rfind('=');
    KEDGE_TRY(StaticShape shape, parse_shape(equals == std::string::npos ? std::string_view(text)
                                                                         : std::string_view(text).substr(equals + 1)));
    out.shapes.push_back({equals == std::string::npos ? std::string() : text.substr(0, equals), std::move(shape)});
  }
  if (options.has("--batch")) {
    KEDGE_TRY(out.batch, options.integer_or("--batch", 1, 1));
  }
  return out;
}

Result<std::string> single_model(const Options& options, std::string_view what) {
  if (options.positional.size() == 1) return options.positional[0];
  if (options.positional.empty()) return usage_error("give a " + std::string(what));
  return usage_error("one " + std::string(what) + " is enough", options.positional[1]);
}

void report_all(Context& context, const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) context.report(diagnostic);
}

}  // namespace kedge::cli
