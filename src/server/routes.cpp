#include "server/routes.h"

#include "base/text.h"

namespace kedge::server {
namespace {

constexpr std::string_view kPrefix = "/v1/models/";

Answer fail(int status, std::string_view message) { return {status, protocol::render_error(message)}; }

Answer predict(ServedModel& model, std::string_view body) {
  Result<protocol::PredictRequest> request = protocol::parse_predict(body, model.inputs());
  if (!request.ok()) return fail(400, request.error().diagnostic().message);
  const Result<std::vector<Tensor>> outputs = model.predict(request->inputs);
  if (!outputs.ok()) {  // arrays that do not fit are the client's; a loop that does not end is the model's
    const Diagnostic& fault = outputs.error().diagnostic();
    return fail(fault.code == "K0611" ? 500 : 400, fault.message);
  }
  return {200, protocol::render_predict(*outputs, model.outputs(), request->layout)};
}

}  // namespace

Answer route(std::string_view method, std::string_view path, std::string_view body,
             const std::vector<std::shared_ptr<ServedModel>>& models) {
  path = path.substr(0, path.find('?'));
  if (!path.starts_with(kPrefix)) return fail(404, "not found: the paths begin with " + std::string(kPrefix) + "NAME");
  path.remove_prefix(kPrefix.size());
  const std::size_t name_end = path.find_first_of("/:");
  const std::string_view name = path.substr(0, name_end);
  std::string_view rest = name_end == std::string_view::npos ? std::string_view() : path.substr(name_end);
  ServedModel* model = nullptr;
  for (const std::shared_ptr<ServedModel>& candidate : models) {
    if (candidate->name() == name) model = candidate.get();
  }
  if (model == nullptr) return fail(404, "there is no model named `" + std::string(name) + "` here");
  constexpr std::string_view kVersions = "/versions/";
  if (rest.starts_with(kVersions)) {
    rest.remove_prefix(kVersions.size());
    const std::size_t end = rest.find_first_of("/:");
    if (rest.substr(0, end) != std::to_string(model->version()))
      return fail(404, "model `" + model->name() + "` has no version " + std::string(rest.substr(0, end)));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
  }
  if (rest == ":predict") return method == "POST" ? predict(*model, body) : fail(405, "predict takes POST");
  if (!rest.empty() && rest != "/metadata")
    return fail(404, "not found: after the model's name stand :predict, /metadata or nothing");
  if (method != "GET") return fail(405, "status and metadata take GET");
  if (rest.empty()) return {200, protocol::render_status(model->version())};
  return {200, protocol::render_metadata(model->name(), model->version(), model->inputs(), model->outputs())};
}

}  // namespace kedge::server
