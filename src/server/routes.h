// From a request's method, path and body to a status and a JSON answer. No sockets here, so that it can be tested
// alone.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/served_model.h"

namespace kedge::server {

struct Answer {
  int status = 200;
  std::string body;
};

/// GET /v1/models/NAME[/versions/V] (status) · GET …/metadata · POST …:predict. Anything else is 404 or 405 with an
/// error document.
Answer route(std::string_view method, std::string_view path, std::string_view body,
             const std::vector<std::shared_ptr<ServedModel>>& models);

}  // namespace kedge::server
