// The prelude: Keras, TensorFlow, NumPy and the standard library written in the dialect, embedded in the binary.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace kedge::prelude {

/// The text of an embedded file by its path below `prelude/` (`keras/layers/dense.py`). It lives as long as the
/// program.
std::optional<std::string_view> find(std::string_view path);

/// Every path, sorted.
const std::vector<std::string_view>& paths();

}  // namespace kedge::prelude
