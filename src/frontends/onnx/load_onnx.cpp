#include "frontends/onnx/load_onnx.h"

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "frontends/onnx/fields.h"
#include "frontends/source/evaluation.h"
#include "frontends/source/ndarray/functions.h"

namespace kedge::frontends {

using formats::ProtoMessage;
using formats::ProtoValue;
using pylang::as;

namespace {

constexpr const char* kLoaderModule = "onnx_graph.loader";

std::optional<DType> dtype_of(std::int64_t data_type) {
  switch (data_type) {
    case 1: return DType::float32;
    case 2: return DType::uint8;
    case 3: return DType::int8;
    case 4: return DType::uint16;
    case 5: return DType::int16;
    case 6: return DType::int32;
    case 7: return DType::int64;
    case 9: return DType::boolean;
    case 10: return DType::float16;
    case 11: return DType::float64;
    case 12: return DType::uint32;
    case 13: return DType::uint64;
    case 16: return DType::bfloat16;
    default: return std::nullopt;
  }
}

/// Turns messages into dictionaries, lists, arrays and texts.
class Translator {
 public:
  Translator(Interp& interp, const std::string& path, const std::string& place, const Limits& limits)
      : interp_(interp), folder_(std::filesystem::path(path).parent_path()), place_(place), limits_(limits) {}

  Result<Value> model(const ProtoMessage& m) {
    const ProtoValue* graph_value = m.find("graph");
    if (graph_value == nullptr) return fault("the file holds no graph", "");
    pylang::Dict* out = interp_.dict();
    KEDGE_TRY(const Value g, graph(graph_value->message[0], "graph"));
    interp_.dict_set(out, "graph", g);
    interp_.dict_set(out, "opsets", opsets(m));
    std::vector<Value> functions;
    for (const ProtoValue* f : m.all("functions")) {
      KEDGE_TRY(const Value function, function_of(f->message[0]));
      functions.push_back(function);
    }
    interp_.dict_set(out, "functions", interp_.list(std::move(functions)));
    return Value::object(out);
  }

 private:
  Error fault(std::string message, const std::string& inside) const {
    return make_error("K0720", std::move(message), Location::in(inside.empty() ? place_ : place_ + " › " + inside));
  }

  Value text(std::string_view t) { return interp_.str(std::string(t)); }

  Value texts(const ProtoMessage& m, std::string_view name) {
    std::vector<Value> out;
    for (const ProtoValue* v : m.all(name)) out.push_back(text(as_text(v->bytes)));
    return interp_.list(std::move(out));
  }

  Value opsets(const ProtoMessage& m) {
    pylang::Dict* out = interp_.dict();
    for (const ProtoValue* v : m.all("opset_import")) {
      const ProtoMessage& set = v->message[0];
      const std::string_view domain = set.text("domain");
      interp_.dict_set(out, domain == "ai.onnx" ? "" : std::string(domain), Value::integer(set.integer("version")));
    }
    return Value::object(out);
  }

  Result<Value> function_of(const ProtoMessage& m) {
    const std::string where = "functions › " + std::string(m.text("name"));
    pylang::Dict* out = interp_.dict();
    interp_.dict_set(out, "name", text(m.text("name")));
    interp_.dict_set(out, "domain", text(m.text("domain")));
    interp_.dict_set(out, "inputs", texts(m, "input"));
    interp_.dict_set(out, "outputs", texts(m, "output"));
    interp_.dict_set(out, "opsets", opsets(m));
    KEDGE_TRY(const Value list, nodes(m, where));
    interp_.dict_set(out, "nodes", list);
    pylang::Dict* defaults = interp_.dict();
    for (const ProtoValue* a : m.all("attribute_proto")) {
      KEDGE_TRY(const Value value, attribute(a->message[0], where));
      interp_.dict_set(defaults, std::string(a->message[0].text("name")), value);
    }
    interp_.dict_set(out, "defaults", Value::object(defaults));
    return Value::object(out);
  }

  Result<Value> graph(const ProtoMessage& m, const std::string& where) {
    pylang::Dict* out = interp_.dict();
    interp_.dict_set(out, "name", text(m.text("name")));
    KEDGE_TRY(const Value list, nodes(m, where));
    interp_.dict_set(out, "nodes", list);
    pylang::Dict* initializers = interp_.dict();
    for (const ProtoValue* t : m.all("initializer")) {
      KEDGE_TRY(const Value array, tensor(t->message[0], where + " › initializer"));
      interp_.dict_set(initializers, std::string(t->message[0].text("name")), array);
    }
    if (!m.all("sparse_initializer").empty()) return fault("sparse initializers are not read", where);
    interp_.dict_set(out, "initializers", Value::object(initializers));
    interp_.dict_set(out, "inputs", infos(m, "input"));
    interp_.dict_set(out, "outputs", infos(m, "output"));
    return Value::object(out);
  }

  /// (name, dtype or None, shape or None) of each; an open dimension is its name or None.
  Value infos(const ProtoMessage& m, std::string_view which) {
    std::vector<Value> out;
    for (const ProtoValue* v : m.all(which)) {
      const ProtoMessage& info = v->message[0];
      Value dtype = Value::none();
      Value shape = Value::none();
      const ProtoValue* type = info.find("type");
      const ProtoValue* tensor_type = type == nullptr ? nullptr : type->message[0].find("tensor_type");
      if (tensor_type != nullptr) {
        if (const auto d = dtype_of(tensor_type->message[0].integer("elem_type"))) dtype = text(dtype_name(*d));
        if (const ProtoValue* s = tensor_type->message[0].find("shape")) {
          std::vector<Value> dims;
          for (const ProtoValue* d : s->message[0].all("dim")) {
            const ProtoValue* known = d->message[0].find("dim_value");
            const std::string_view name = d->message[0].text("dim_param");
            dims.push_back(known != nullptr ? Value::integer(known->integer)
                           : name.empty()   ? Value::none()
                                            : text(name));
          }
          shape = interp_.list(std::move(dims));
        }
      }
      out.push_back(interp_.tuple({text(info.text("name")), dtype, shape}));
    }
    return interp_.list(std::move(out));
  }

  Result<Value> nodes(const ProtoMessage& m, const std::string& where) {
    std::vector<Value> out;
    for (const ProtoValue* v : m.all("node")) {
      const ProtoMessage& n = v->message[0];
      const std::string inside = where + " › node[" + std::to_string(out.size()) + "]";
      pylang::Dict* node = interp_.dict();
      interp_.dict_set(node, "op", text(n.text("op_type")));
      interp_.dict_set(node, "domain", text(n.text("domain") == "ai.onnx" ? std::string_view() : n.text("domain")));
      interp_.dict_set(node, "name", text(n.text("name")));
      interp_.dict_set(node, "inputs", texts(n, "input"));
      interp_.dict_set(node, "outputs", texts(n, "output"));
      pylang::Dict* attributes = interp_.dict();
      pylang::Dict* references = interp_.dict();
      for (const ProtoValue* a : n.all("attribute")) {
        const ProtoMessage& attr = a->message[0];
        if (!attr.text("ref_attr_name").empty()) {
          interp_.dict_set(references, std::string(attr.text("name")), text(attr.text("ref_attr_name")));
          continue;
        }
        KEDGE_TRY(const Value value, attribute(attr, inside));
        interp_.dict_set(attributes, std::string(attr.text("name")), value);
      }
      interp_.dict_set(node, "attributes", Value::object(attributes));
      interp_.dict_set(node, "references", Value::object(references));
      out.push_back(Value::object(node));
    }
    return interp_.list(std::move(out));
  }

  Result<Value> attribute(const ProtoMessage& a, const std::string& where) {
    std::int64_t type = a.integer("type");
    if (type == 0) {  // files of the first IR version leave it out
      static constexpr std::pair<std::string_view, std::int64_t> kKinds[] = {
          {"f", 1}, {"i", 2}, {"s", 3}, {"t", 4}, {"g", 5}, {"floats", 6}, {"ints", 7}, {"strings", 8}};
      for (const auto& [name, number] : kKinds)
        if (a.find(name) != nullptr) type = number;
    }
    switch (type) {
      case 1: {
        const std::vector<double> f = a.reals("f");
        return Value::real(f.empty() ? 0.0 : f.back());
      }
      case 2: return Value::integer(a.integer("i"));
      case 3: return text(a.text("s"));
      case 4:
        if (const ProtoValue* t = a.find("t"))
          return tensor(t->message[0], where + " › " + std::string(a.text("name")));
        break;
      case 5:
        if (const ProtoValue* g = a.find("g")) return graph(g->message[0], where + " › " + std::string(a.text("name")));
        break;
      case 6: {
        std::vector<Value> out;
        for (const double x : a.reals("floats")) out.push_back(Value::real(x));
        return interp_.list(std::move(out));
      }
      case 7: {
        std::vector<Value> out;
        for (const std::int64_t x : a.integers("ints")) out.push_back(Value::integer(x));
        return interp_.list(std::move(out));
      }
      case 8: return texts(a, "strings");
      default: break;
    }
    return fault("the attribute `" + std::string(a.text("name")) + "` has a kind that is not read", where);
  }

  /// An array; None for one of strings or of a type that kedge has not, which is refused where it is used.
  Result<Value> tensor(const ProtoMessage& t, const std::string& where) {
    const std::string inside = where + " `" + std::string(t.text("name")) + "`";
    const auto dtype = dtype_of(t.integer("data_type"));
    if (!dtype) return Value::none();
    StaticShape shape;
    std::int64_t count = 1;
    for (const std::int64_t d : t.integers("dims")) {
      if (d < 0 || (d > 0 && count > limits_.heap_bytes / d))
        return fault("the tensor's shape is not possible", inside);
      count *= d;
      shape.push_back(d);
    }
    const std::int64_t size = dtype_size(*dtype);
    if (count > limits_.heap_bytes / size) return fault("the tensor's shape is not possible", inside);
    Bytes raw;
    std::optional<formats::MappedFile> beside;
    if (t.integer("data_location") == 1) {
      KEDGE_TRY(beside, external(t, inside));
      KEDGE_TRY(raw, external_part(t, *beside, inside));
    } else if (const ProtoValue* r = t.find("raw_data")) {
      raw = r->bytes;
    } else {
      return typed(t, *dtype, shape, count, inside);
    }
    if (static_cast<std::int64_t>(raw.size()) != count * size)
      return fault(
          "the tensor has " + std::to_string(raw.size()) + " bytes; its shape needs " + std::to_string(count * size),
          inside);
    kedge::Tensor out(*dtype, shape);
    if (!raw.empty()) std::memcpy(out.mutable_data(), raw.data(), raw.size());
    return wrap(interp_, to_array_data(out), false);
  }

  /// Numbers in the typed fields: small types stand in int32_data, 16-bit floats by their bits.
  Result<Value> typed(const ProtoMessage& t, DType dtype, const StaticShape& shape, std::int64_t count,
                      const std::string& inside) {
    std::vector<double> reals;
    std::vector<std::int64_t> integers;
    if (dtype == DType::float32) reals = t.reals("float_data");
    else if (dtype == DType::float64) reals = t.reals("double_data");
    else if (dtype == DType::int64) integers = t.integers("int64_data");
    else if (dtype == DType::uint64 || dtype == DType::uint32) integers = t.integers("uint64_data");
    else integers = t.integers("int32_data");
    if (static_cast<std::int64_t>(std::max(reals.size(), integers.size())) != count)
      return fault("the tensor has " + std::to_string(std::max(reals.size(), integers.size())) +
                       " numbers; its shape needs " + std::to_string(count),
                   inside);
    kedge::Tensor out(dtype, shape);
    std::byte* to = out.mutable_data();
    const std::int64_t size = dtype_size(dtype);
    for (std::int64_t i = 0; i < count; ++i) {
      const auto k = static_cast<std::size_t>(i);
      if (dtype == DType::float32) {
        const auto x = static_cast<float>(reals[k]);
        std::memcpy(to + i * size, &x, sizeof x);
      } else {
        const void* from = dtype == DType::float64 ? static_cast<const void*>(&reals[k]) : &integers[k];
        std::memcpy(to + i * size, from,
                    static_cast<std::size_t>(size));  // little-endian: the low bytes are the number
      }
    }
    return wrap(interp_, to_array_data(out), false);
  }

  static std::string entry(const ProtoMessage& t, std::string_view key) {
    for (const ProtoValue* e : t.all("external_data"))
      if (e->message[0].text("key") == key) return std::string(e->message[0].text("value"));
    return {};
  }

  Result<formats::MappedFile> external(const ProtoMessage& t, const std::string& inside) {
    const std::filesystem::path location = entry(t, "location");
    const bool escapes = location.is_absolute() || std::find(location.begin(), location.end(), "..") != location.end();
    if (location.empty() || escapes)
      return fault("its data lies in `" + location.string() + "`, outside of the model's folder", inside);
    return formats::map_file((folder_ / location).string(), limits_);
  }

  Result<Bytes> external_part(const ProtoMessage& t, const formats::MappedFile& file, const std::string& inside) {
    const auto number = [&](std::string_view key, std::uint64_t fallback) -> std::optional<std::uint64_t> {
      const std::string digits = entry(t, key);
      if (digits.empty()) return fallback;
      if (digits.size() > 18 || digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
      return std::stoull(digits);
    };
    const auto offset = number("offset", 0);
    if (offset && *offset <= file.bytes().size()) {
      const auto length = number("length", file.bytes().size() - *offset);
      const auto part = length ? ByteReader(file.bytes()).slice(*offset, *length) : std::nullopt;
      if (part) return *part;
    }
    return fault("its data lies outside of `" + entry(t, "location") + "`", inside);
  }

  Interp& interp_;
  std::filesystem::path folder_;
  std::string place_;
  const Limits& limits_;
};

}  // namespace

Result<LoadedModel> load_onnx(const std::shared_ptr<const formats::MappedFile>& file, const std::string& path,
                              const std::string& place, const LoadOptions& options, SourceMap& sources) {
  KEDGE_TRY(const ProtoMessage message,
            formats::read_protobuf(file->bytes(), onnx::model_fields(), options.limits, place));
  KEDGE_TRY(Finder finder, make_finder(options.custom, options.prelude_folder, options.limits));
  Evaluation evaluation(place, finder, options.limits, sources);
  evaluation.tracer.config_name = "";
  evaluation.tracer.batch = options.batch;
  Interp& interp = evaluation.interp;
  KEDGE_TRY(const Value model, Translator(interp, path, place, options.limits).model(message));
  const Value loader = interp.import_module(kLoaderModule);
  if (loader.is_error()) return evaluation.placed_error();
  std::vector<Value> overlays;
  for (const ShapeOverlay& overlay : options.shapes) {
    std::vector<Value> dims;
    for (const std::int64_t d : overlay.shape) dims.push_back(Value::integer(d));
    const Value known = overlay.value ? wrap(interp, to_array_data(*overlay.value), false) : Value::none();
    overlays.push_back(interp.tuple({interp.str(overlay.name), interp.list(std::move(dims)), known}));
    evaluation.tracer.overlays.push_back({overlay.name, overlay.shape});
  }
  const Value arguments[] = {model, interp.list(std::move(overlays))};
  const Value result = interp.call_method(loader, "load", arguments);
  if (result.is_error()) return evaluation.placed_error();
  evaluation.tracer.leave(0);
  auto* ends = as<pylang::Dict>(result);
  if (ends == nullptr) return broken_loader(kLoaderModule, "dictionary");
  KEDGE_TRY(const NamedTensors inputs, evaluation.named_tensors(kLoaderModule, interp.dict_get(ends, "inputs")));
  KEDGE_TRY(const NamedTensors outputs, evaluation.named_tensors(kLoaderModule, interp.dict_get(ends, "outputs")));
  KEDGE_TRY_VOID(evaluation.set_ends(kLoaderModule, inputs, outputs));
  drop_unused_nodes(evaluation.tracer.root().graph);
  LoadedModel out;
  out.kind = "onnx";
  evaluation.tracer.root().graph.name = message.find("graph")->message[0].text("name");
  KEDGE_TRY(out.graph, evaluation.take_graph());
  return out;
}

}  // namespace kedge::frontends
