// The method tables of str, one per theme, joined by install_str.
#pragma once

#include <span>

#include "pylang/builtins/support.h"

namespace kedge::pylang {

std::span<const Method> str_search_methods();  ///< find, count, startswith, replace, split, strip …
std::span<const Method> str_case_methods();    ///< upper, title, isalpha, center, expandtabs …
Value str_maketrans(Interp& interp, Args args, void* context);
Value str_format_method(Interp& interp, Args args, void* context);      ///< str.format
Value str_format_map_method(Interp& interp, Args args, void* context);  ///< str.format_map
Value str_percent(Interp& interp, Args args, void* context);            ///< text % values
std::optional<std::string> percent_format(Interp& interp, std::string_view format, Value values, bool bytes);

}  // namespace kedge::pylang
