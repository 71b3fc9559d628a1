// Reading facts from config.json; see config_facts.h.
#include "frontends/keras/config_facts.h"

#include <algorithm>

namespace kedge::frontends {

using formats::Json;

namespace {

std::string text_member(const Json& json, std::string_view key) {
  const Json* value = json.find(key);
  return value != nullptr && value->is_string() ? value->as_string() : "";
}

/// `["x", 0, 0]`, a list of such, or a nested structure of such.
void collect_names(const Json& json, std::vector<std::string>& out, int depth) {
  if (depth > 50) return;
  if (json.is_array()) {
    const Json::Array& items = json.array();
    if (items.size() == 3 && items[0].is_string() && items[1].is_integer() && items[2].is_integer()) {
      out.push_back(items[0].as_string());
      return;
    }
    for (const Json& item : items) collect_names(item, out, depth + 1);
  } else if (json.is_object()) {
    std::vector<const formats::JsonMember*> members;  // Keras walks a dict in the order of its sorted keys
    for (const formats::JsonMember& member : json.object()) members.push_back(&member);
    std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
    for (const formats::JsonMember* member : members) collect_names(member->value, out, depth + 1);
  }
}

bool is_builtin_module(const std::string& module) {
  return module == "keras" || module.starts_with("keras.") || module == "builtins";
}

/// The layers of a model's configuration: `config.layers`, or `config` itself in a Sequential of Keras before 2.2.3.
const Json* layers_of(const Json& model) {
  const Json* inner = model.find("config");
  if (inner == nullptr || inner->is_array()) return inner;
  return inner->is_object() ? inner->find("layers") : nullptr;
}

void collect_layers(const Json& config, const std::string& place, const std::string& prefix,
                    std::vector<LayerFact>& out, int depth) {
  const Json* layers = layers_of(config);
  if (layers == nullptr || !layers->is_array() || depth > 50) return;
  for (std::size_t i = 0; i < layers->array().size(); ++i) {
    const Json& layer = layers->array()[i];
    const Json* layer_config = layer.find("config");
    LayerFact fact;
    fact.name = text_member(layer, "name");
    if (fact.name.empty() && layer_config != nullptr) fact.name = text_member(*layer_config, "name");
    fact.name = prefix + fact.name;
    fact.class_name = text_member(layer, "class_name");
    fact.place = place + "layers[" + std::to_string(i) + "]";
    fact.custom = !is_builtin_module(text_member(layer, "module")) && !text_member(layer, "module").empty();
    const std::string name = fact.name;
    const std::string inside = fact.place + ".";
    out.push_back(std::move(fact));
    collect_layers(layer, inside, name + "/", out, depth + 1);
  }
}

Error malformed(std::string message, const std::string& place, const std::string& path) {
  Error error = make_error("K0402", std::move(message), Location::in(path.empty() ? place : place + " › " + path));
  return std::move(error).help("save the model again with model.save(\"model.keras\")");
}

std::string kind_of(const Json& json) { return std::string(formats::json_kind_name(json.kind())); }

/// `{"class_name": text, "config": {...}}`, and the same for the layers of Keras' own containers.
Result<void> check_object(const Json& object, const std::string& place, const std::string& path, int depth) {
  constexpr int kDeepest = 50;
  const auto member_path = [&](std::string_view key) {
    return path.empty() ? std::string(key) : path + "." + std::string(key);
  };
  if (!object.is_object())
    return malformed(
        "this is " + kind_of(object) + ", not the object that describes a " + (path.empty() ? "model" : "layer"), place,
        path);
  const Json* name = object.find("class_name");
  if (name == nullptr) return malformed("there is no `class_name`", place, path);
  if (!name->is_string())
    return malformed("the class name is " + kind_of(*name) + ", not a string", place, member_path("class_name"));
  const Json* inner = object.find("config");
  if (inner == nullptr) return malformed("there is no `config`", place, path);
  const bool listed = inner->is_array() && name->as_string() == "Sequential";
  if (!inner->is_object() && !listed)
    return malformed("the configuration of `" + name->as_string() + "` is " + kind_of(*inner) + ", not an object",
                     place, member_path("config"));
  const bool container = name->as_string() == "Sequential" ||
                         name->as_string() == "Functional";  // another class may mean anything by `layers`
  const Json* layers = container ? layers_of(object) : nullptr;
  if (layers == nullptr || depth > kDeepest) return {};
  const std::string layers_path = path.empty() ? "layers" : path + ".config.layers";
  if (!layers->is_array())
    return malformed("the layers are " + kind_of(*layers) + ", not an array", place, layers_path);
  for (std::size_t i = 0; i < layers->array().size(); ++i) {
    KEDGE_TRY_VOID(check_object(layers->array()[i], place,
                                formats::json_path_element(layers_path, static_cast<std::int64_t>(i)), depth + 1));
  }
  return {};
}

}  // namespace

Result<void> check_config(const Json& config, const std::string& place) { return check_object(config, place, "", 0); }

std::vector<std::string> input_names(const Json& config) {
  std::vector<std::string> out;
  const Json* inner = config.find("config");
  if (inner == nullptr) return out;
  if (inner->is_object() && inner->find("input_layers") != nullptr) {
    collect_names(*inner->find("input_layers"), out, 0);
    return out;
  }
  if (const Json* layers = layers_of(config); layers != nullptr && layers->is_array() && !layers->array().empty()) {
    const Json& first = layers->array()[0];
    const Json* first_config = first.is_object() ? first.find("config") : nullptr;
    if (first_config == nullptr || !first_config->is_object()) return out;
    if (text_member(first, "class_name") == "InputLayer") out.push_back(text_member(*first_config, "name"));
    else if (first_config->find("batch_input_shape") != nullptr)  // Keras 2 makes the input and calls it so
      out.push_back(text_member(*first_config, "name") + "_input");
  }
  return out;
}

std::vector<LayerFact> layer_facts(const Json& config, const std::string& place) {
  std::vector<LayerFact> out;
  collect_layers(config, place.empty() ? "" : place, "", out, 0);
  return out;
}

}  // namespace kedge::frontends
