// kedge serve: a model over HTTP, as TensorFlow Serving would.
#include <fmt/format.h>
#include <charconv>
#include <cstdio>

#include "cli/common.h"
#include "server/http_server.h"

namespace kedge::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    {"--model", "NAME=PATH", "serve the model file PATH as NAME (repeatable)"},
    {"--http", "ADDR:PORT", "where to listen (default 127.0.0.1:8501; port 0 takes a free one)"},
    {"--threads", "N", "requests computed at once (default 1)"},
    {"--body-limit", "BYTES", "largest request (default 64 MiB)"},
    kCustomOption,
    kPreludeOption,
};

Result<void> parse_address(const std::string& text, server::ServerOptions& out) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return usage_error("`" + text + "` is no ADDR:PORT", "--http");
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data() + colon + 1, end, port);
  if (error != std::errc{} || at != end) return usage_error("`" + text + "` is no ADDR:PORT", "--http");
  out.address = text.substr(0, colon);
  if (out.address.empty()) out.address = "0.0.0.0";
  out.port = port;
  return {};
}

Result<void> serve(Context& context, const Options& options) {
  server::ServerOptions server;
  KEDGE_TRY_VOID(parse_address(options.value_or("--http", "127.0.0.1:8501"), server));
  KEDGE_TRY(server.threads, options.integer_or("--threads", 1, 1));
  KEDGE_TRY(server.body_limit, options.integer_or("--body-limit", server.body_limit, 1));
  driver::RunOptions run;
  KEDGE_TRY(run.load, load_options(options));
  if (!options.has("--model")) return usage_error("name at least one model: --model NAME=PATH");
  std::vector<std::shared_ptr<server::ServedModel>> models;
  for (const std::string& entry : options.all("--model")) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos || equals == 0) return usage_error("`" + entry + "` is no NAME=PATH", "--model");
    KEDGE_TRY(std::shared_ptr<server::ServedModel> model,
              server::ServedModel::open(entry.substr(0, equals), entry.substr(equals + 1), run, server.threads,
                                        context.sources));
    models.push_back(std::move(model));
  }
  return server::serve_http(models, server, [&](std::uint16_t port) {
    for (const auto& model : models)
      print_result(fmt::format("serving {} at http://{}:{}/v1/models/{}:predict\n", model->name(), server.address, port,
                               model->name()));
    std::fflush(stdout);
  });
}

int run(Context& context, const Options& options) {
  const Result<void> result = serve(context, options);
  return result.ok() ? context.exit_code() : context.fail(result.error());
}

}  // namespace

const Command kServe = {"serve", "--model NAME=PATH... [--http ADDR:PORT]",
                        "a model over HTTP, as TensorFlow Serving answers it", kOptions, run};

}  // namespace kedge::cli
