// HTTP: sockets, limits and routing to served models. TensorFlow Serving's REST paths.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "server/served_model.h"

namespace kedge::server {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8501;  ///< 0: any free one
  std::int64_t threads = 1;
  std::int64_t body_limit = std::int64_t{64} << 20;
  std::int64_t timeout_seconds = 30;  ///< of one request, and of an idle connection
};

/// Serves until SIGINT or SIGTERM; requests in flight are answered. `ready` is told the port once connections are
/// accepted. K1203: the address cannot be bound.
Result<void> serve_http(const std::vector<std::shared_ptr<ServedModel>>& models, const ServerOptions& options,
                        const std::function<void(std::uint16_t port)>& ready);

}  // namespace kedge::server
