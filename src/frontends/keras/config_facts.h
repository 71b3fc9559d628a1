// What config.json says of itself, before anything is evaluated.
#pragma once

#include <string>
#include <vector>

#include "formats/json.h"
#include "frontends/load_model.h"

namespace kedge::frontends {

/// Names of the model's inputs, in the model's order.
std::vector<std::string> input_names(const formats::Json& config);
/// The layers of the configuration, nested models flattened, in order.
std::vector<LayerFact> layer_facts(const formats::Json& config, const std::string& place);
/// K0402 where the configuration has not the shape that Keras writes: objects with `class_name` and `config`, lists of
/// layers.
Result<void> check_config(const formats::Json& config, const std::string& place);

}  // namespace kedge::frontends
