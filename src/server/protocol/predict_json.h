// TensorFlow Serving's predict request and answer as JSON, to and from tensors. Pure functions; no network here.
// Source: TensorFlow Serving, "RESTful API", "Predict API": row format (`instances`/`predictions`) and column format
// (`inputs`/`outputs`).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tensor/tensor.h"

namespace kedge::server::protocol {

/// An input or output of a served model, with the shape of one call.
struct Endpoint {
  std::string name;
  DType dtype = DType::float32;
  StaticShape shape;
};

enum class Layout { rows, columns };

struct PredictRequest {
  Layout layout = Layout::rows;
  std::vector<Tensor> inputs;  ///< in the endpoints' order; axis 0 may hold any number of samples
};

/// K1201: not JSON, or not a predict request; K1202: values that do not fit an input. The message names the input.
Result<PredictRequest> parse_predict(std::string_view body, std::span<const Endpoint> inputs);

/// `{"predictions": …}` for rows, `{"outputs": …}` for columns. A single output stands bare, several as objects by
/// name.
std::string render_predict(const std::vector<Tensor>& outputs, std::span<const Endpoint> endpoints, Layout layout);

/// TensorFlow's metadata document of one model.
std::string render_metadata(std::string_view model, std::int64_t version, std::span<const Endpoint> inputs,
                            std::span<const Endpoint> outputs);
/// `{"model_version_status": …}` of an available model.
std::string render_status(std::int64_t version);
/// `{"error": "…"}`
std::string render_error(std::string_view message);

}  // namespace kedge::server::protocol
