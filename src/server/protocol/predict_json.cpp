#include "server/protocol/predict_json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include "base/text.h"

namespace kedge::server::protocol {
namespace {

constexpr std::int64_t kDepthLimit = 16;  // ranks beyond this are no tensors

Error bad(std::string code, std::string message) {
  return make_error(std::move(code), std::move(message), Location::in("request body"));
}

/// Collects nested lists into flat values and one shape; every list of a level must be equally long.
class Flattener {
 public:
  explicit Flattener(const Endpoint& endpoint) : endpoint_(endpoint) {}

  Result<void> add(const rapidjson::Value& value, std::size_t level) {
    if (!value.IsArray()) return scalar(value, level);
    if (static_cast<std::int64_t>(level) >= kDepthLimit)
      return bad("K1202", "input `" + endpoint_.name + "` is nested too deeply");
    const auto size = static_cast<std::int64_t>(value.Size());
    if (level < shape_.size() ? shape_[level] != size : leaf_seen_) return ragged();
    if (level == shape_.size()) shape_.push_back(size);
    for (const rapidjson::Value& item : value.GetArray()) KEDGE_TRY_VOID(add(item, level + 1));
    return {};
  }

  /// The samples of row format as one array: axis 0 counts them.
  Result<void> add_samples(const std::vector<const rapidjson::Value*>& samples) {
    shape_.push_back(static_cast<std::int64_t>(samples.size()));
    for (const rapidjson::Value* sample : samples) KEDGE_TRY_VOID(add(*sample, 1));
    return {};
  }

  Result<Tensor> take() {
    if (is_float(endpoint_.dtype)) return Tensor::of<double>(endpoint_.dtype, shape_, reals_);
    return Tensor::of<std::int64_t>(endpoint_.dtype, shape_, integers_);
  }

 private:
  Error ragged() const {
    return bad("K1202", "input `" + endpoint_.name + "` is ragged: its lists are not equally long");
  }
  Error wrong_type(std::string_view what) const {
    return bad("K1202", "input `" + endpoint_.name + "` is " + std::string(dtype_name(endpoint_.dtype)) +
                            ", the request holds " + std::string(what));
  }

  Result<void> scalar(const rapidjson::Value& value, std::size_t level) {
    if (level != shape_.size()) return ragged();
    leaf_seen_ = true;
    if (is_float(endpoint_.dtype)) {
      if (!value.IsNumber()) return wrong_type("something that is no number");
      reals_.push_back(value.GetDouble());
      return {};
    }
    if (endpoint_.dtype == DType::boolean) {
      if (!value.IsBool()) return wrong_type("something that is neither true nor false");
      integers_.push_back(value.GetBool() ? 1 : 0);
      return {};
    }
    std::int64_t number = 0;
    if (value.IsInt64()) {
      number = value.GetInt64();
    } else if (value.IsNumber() && value.GetDouble() == std::floor(value.GetDouble()) &&
               std::abs(value.GetDouble()) < 9e15) {
      number = static_cast<std::int64_t>(value.GetDouble());
    } else {
      return wrong_type(value.IsNumber() ? "a number that is not whole" : "something that is no number");
    }
    const Tensor stored = Tensor::of<std::int64_t>(endpoint_.dtype, {1}, {number});
    if (stored.element_as_int(0) != number)
      return wrong_type("the number " + std::to_string(number) + ", which it cannot hold");
    integers_.push_back(number);
    return {};
  }

  const Endpoint& endpoint_;
  StaticShape shape_;
  std::vector<double> reals_;
  std::vector<std::int64_t> integers_;
  bool leaf_seen_ = false;
};

/// A sample's shape is the endpoint's without axis 0; the whole array may hold any number of samples.
Result<void> check_shape(const Tensor& tensor, const Endpoint& endpoint) {
  bool fits = tensor.rank() == static_cast<std::int64_t>(endpoint.shape.size());
  for (std::size_t axis = 1; fits && axis < endpoint.shape.size(); ++axis)
    fits = tensor.shape()[axis] == endpoint.shape[axis];
  if (fits && !endpoint.shape.empty())
    fits = endpoint.shape[0] > 0 && tensor.shape()[0] > 0 && tensor.shape()[0] % endpoint.shape[0] == 0;
  if (fits) return {};
  return bad("K1202", "input `" + endpoint.name + "` takes " + shape_to_string(to_shape(endpoint.shape)) +
                          ", the request holds " + shape_to_string(to_shape(tensor.shape())));
}

std::vector<std::string> names_of(std::span<const Endpoint> endpoints) {
  std::vector<std::string> out;
  for (const Endpoint& endpoint : endpoints) out.push_back("`" + endpoint.name + "`");
  return out;
}

/// `instances`: a list of samples; with several inputs each sample is an object.
Result<std::vector<Tensor>> from_rows(const rapidjson::Value& rows, std::span<const Endpoint> inputs) {
  if (!rows.IsArray() || rows.Empty()) return bad("K1201", "`instances` must be a list with at least one sample");
  std::vector<Tensor> out;
  for (const Endpoint& endpoint : inputs) {
    std::vector<const rapidjson::Value*> samples;
    for (const rapidjson::Value& row : rows.GetArray()) {
      const rapidjson::Value* value = &row;
      if (row.IsObject()) {
        const auto member = row.FindMember(endpoint.name.c_str());
        if (member == row.MemberEnd())
          return bad("K1202", "a sample lacks the input `" + endpoint.name + "`; the inputs are " +
                                  join(names_of(inputs), ", "));
        value = &member->value;
      } else if (inputs.size() > 1) {
        return bad("K1202",
                   "with several inputs each sample is an object with the keys " + join(names_of(inputs), ", "));
      }
      samples.push_back(value);
    }
    Flattener flattener(endpoint);
    KEDGE_TRY_VOID(flattener.add_samples(samples));
    KEDGE_TRY(Tensor tensor, flattener.take());
    KEDGE_TRY_VOID(check_shape(tensor, endpoint));
    out.push_back(std::move(tensor));
  }
  return out;
}

Result<std::vector<Tensor>> from_columns(const rapidjson::Value& columns, std::span<const Endpoint> inputs) {
  std::vector<Tensor> out;
  for (const Endpoint& endpoint : inputs) {
    const rapidjson::Value* value = &columns;
    if (columns.IsObject()) {
      const auto member = columns.FindMember(endpoint.name.c_str());
      if (member == columns.MemberEnd())
        return bad("K1202", "`inputs` lacks `" + endpoint.name + "`; the inputs are " + join(names_of(inputs), ", "));
      value = &member->value;
    } else if (inputs.size() > 1) {
      return bad("K1202", "with several inputs `inputs` is an object with the keys " + join(names_of(inputs), ", "));
    }
    Flattener flattener(endpoint);
    KEDGE_TRY_VOID(flattener.add(*value, 0));
    KEDGE_TRY(Tensor tensor, flattener.take());
    KEDGE_TRY_VOID(check_shape(tensor, endpoint));
    out.push_back(std::move(tensor));
  }
  return out;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      constexpr std::string_view kHex = "0123456789abcdef";
      out += "\\u00";
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

void append_scalar(std::string& out, const Tensor& tensor, std::int64_t index) {
  if (tensor.dtype() == DType::boolean) {
    out += tensor.element_as_int(index) != 0 ? "true" : "false";
  } else if (is_integer(tensor.dtype())) {
    out += std::to_string(tensor.element_as_int(index));
  } else {
    const double value = tensor.element_as_double(index);
    if (std::isnan(value)) {
      out += "NaN";
    } else if (std::isinf(value)) {
      out += value < 0 ? "-Infinity" : "Infinity";
    } else {
      std::array<char, 40> buffer;
      const std::to_chars_result end =
          tensor.dtype() == DType::float64
              ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), value)
              : std::to_chars(buffer.data(), buffer.data() + buffer.size(), static_cast<float>(value));
      out.append(buffer.data(), end.ptr);
      if (std::string_view(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())).find_first_of(".e") ==
          std::string_view::npos)
        out += ".0";
    }
  }
}

/// The elements [begin, begin + size of shape[axis:]) as nested lists.
void append_nested(std::string& out, const Tensor& tensor, std::size_t axis, std::int64_t& index) {
  if (axis == tensor.shape().size()) {
    append_scalar(out, tensor, index++);
    return;
  }
  out += '[';
  for (std::int64_t i = 0; i < tensor.shape()[axis]; ++i) {
    if (i > 0) out += ", ";
    append_nested(out, tensor, axis + 1, index);
  }
  out += ']';
}

std::string nested(const Tensor& tensor) {
  std::string out;
  std::int64_t index = 0;
  append_nested(out, tensor, 0, index);
  return out;
}

std::string_view tensorflow_type(DType dtype) {
  switch (dtype) {
    case DType::boolean: return "DT_BOOL";
    case DType::int8: return "DT_INT8";
    case DType::int16: return "DT_INT16";
    case DType::int32: return "DT_INT32";
    case DType::int64: return "DT_INT64";
    case DType::uint8: return "DT_UINT8";
    case DType::uint16: return "DT_UINT16";
    case DType::uint32: return "DT_UINT32";
    case DType::uint64: return "DT_UINT64";
    case DType::float16: return "DT_HALF";
    case DType::bfloat16: return "DT_BFLOAT16";
    case DType::float64: return "DT_DOUBLE";
    default: return "DT_FLOAT";
  }
}

std::string endpoint_json(const Endpoint& endpoint) {
  std::string out = quoted(endpoint.name) + ": {\"dtype\": \"" + std::string(tensorflow_type(endpoint.dtype)) +
                    "\", \"tensor_shape\": {\"dim\": [";
  for (std::size_t axis = 0; axis < endpoint.shape.size(); ++axis) {
    // Axis 0 takes any number of samples, which TensorFlow writes as -1.
    out += (axis > 0 ? ", " : "") + std::string("{\"size\": \"") +
           (axis == 0 ? "-1" : std::to_string(endpoint.shape[axis])) + "\", \"name\": \"\"}";
  }
  return out + "], \"unknown_rank\": false}, \"name\": " + quoted(endpoint.name + ":0") + "}";
}

std::string endpoints_json(std::span<const Endpoint> endpoints) {
  std::string out = "{";
  for (std::size_t i = 0; i < endpoints.size(); ++i) out += (i > 0 ? ", " : "") + endpoint_json(endpoints[i]);
  return out + "}";
}

}  // namespace

Result<PredictRequest> parse_predict(std::string_view body, std::span<const Endpoint> inputs) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseNanAndInfFlag | rapidjson::kParseFullPrecisionFlag>(
      body.data(), body.size());
  if (document.HasParseError())
    return bad("K1201", "the body is not valid JSON at byte " + std::to_string(document.GetErrorOffset()) + ": " +
                            rapidjson::GetParseError_En(document.GetParseError()));
  if (!document.IsObject()) return bad("K1201", "the body must be an object with `instances` or `inputs`");
  const auto signature = document.FindMember("signature_name");
  if (signature != document.MemberEnd() &&
      (!signature->value.IsString() || std::string_view(signature->value.GetString()) != "serving_default")) {
    return bad("K1201", "there is one signature, `serving_default`");
  }
  const auto rows = document.FindMember("instances");
  const auto columns = document.FindMember("inputs");
  if ((rows == document.MemberEnd()) == (columns == document.MemberEnd()))
    return bad("K1201", "give either `instances` or `inputs`");
  PredictRequest request;
  if (rows != document.MemberEnd()) {
    request.layout = Layout::rows;
    KEDGE_TRY(request.inputs, from_rows(rows->value, inputs));
  } else {
    request.layout = Layout::columns;
    KEDGE_TRY(request.inputs, from_columns(columns->value, inputs));
  }
  for (std::size_t i = 1; i < inputs.size(); ++i) {
    const auto samples = [&](std::size_t k) {
      return inputs[k].shape.empty() ? 1 : request.inputs[k].shape()[0] / inputs[k].shape[0];
    };
    if (samples(i) != samples(0))
      return bad("K1202", "input `" + inputs[i].name + "` has another number of samples than `" + inputs[0].name + "`");
  }
  return request;
}

std::string render_predict(const std::vector<Tensor>& outputs, std::span<const Endpoint> endpoints, Layout layout) {
  if (layout == Layout::columns) {
    if (outputs.size() == 1) return "{\"outputs\": " + nested(outputs[0]) + "}\n";
    std::string out = "{\"outputs\": {";
    for (std::size_t i = 0; i < outputs.size(); ++i)
      out += (i > 0 ? ", " : "") + quoted(endpoints[i].name) + ": " + nested(outputs[i]);
    return out + "}}\n";
  }
  if (outputs.size() == 1)
    return "{\"predictions\": " + (outputs[0].rank() == 0 ? "[" + nested(outputs[0]) + "]" : nested(outputs[0])) +
           "}\n";
  const std::int64_t samples = outputs[0].rank() == 0 ? 1 : outputs[0].shape()[0];
  std::vector<std::int64_t> at(outputs.size(), 0);
  std::string out = "{\"predictions\": [";
  for (std::int64_t sample = 0; sample < samples; ++sample) {
    out += sample > 0 ? ", {" : "{";
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      out += (i > 0 ? ", " : "") + quoted(endpoints[i].name) + ": ";
      append_nested(out, outputs[i], outputs[i].rank() == 0 ? 0 : 1, at[i]);
    }
    out += "}";
  }
  return out + "]}\n";
}

std::string render_metadata(std::string_view model, std::int64_t version, std::span<const Endpoint> inputs,
                            std::span<const Endpoint> outputs) {
  return "{\"model_spec\": {\"name\": " + quoted(model) + ", \"signature_name\": \"\", \"version\": \"" +
         std::to_string(version) +
         "\"}, \"metadata\": {\"signature_def\": {\"signature_def\": {\"serving_default\": {\"inputs\": " +
         endpoints_json(inputs) + ", \"outputs\": " + endpoints_json(outputs) +
         ", \"method_name\": \"tensorflow/serving/predict\"}}}}}\n";
}

std::string render_status(std::int64_t version) {
  return "{\"model_version_status\": [{\"version\": \"" + std::to_string(version) +
         "\", \"state\": \"AVAILABLE\", \"status\": {\"error_code\": \"OK\", \"error_message\": \"\"}}]}\n";
}

std::string render_error(std::string_view message) { return "{\"error\": " + quoted(message) + "}\n"; }

}  // namespace kedge::server::protocol
