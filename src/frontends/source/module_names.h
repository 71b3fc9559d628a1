// Which packages the prelude stands for, which are known and not there, and which of their modules mean public names.
#pragma once

#include <string_view>

namespace kedge::frontends {

/// True for the top-level names that always come from the prelude.
bool is_prelude_name(std::string_view top);
/// Packages that the prelude has a few names of; their other modules may be among the user's sources.
bool is_partial(std::string_view top);
/// True for well-known third-party packages that kedge has no meaning for (pandas, matplotlib ...): importing them is
/// poison, not an error.
bool is_known_foreign(std::string_view top);
/// True for paths below Keras and TensorFlow that were never public, were in an older release, or have no meaning at
/// inference: see prelude/stdlib/_moved.py.
bool is_private_module(std::string_view name);

}  // namespace kedge::frontends
