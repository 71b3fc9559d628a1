// Small text functions that every room needs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kedge {

std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string_view trim(std::string_view text);

/// Damerau-Levenshtein distance, for "did you mean".
std::int64_t edit_distance(std::string_view a, std::string_view b);

/// Up to `count` candidates that are close to `name`, best first; empty when none is close.
std::vector<std::string> close_matches(std::string_view name, std::span<const std::string> candidates,
                                       std::int64_t count = 3);

/// "did you mean `a` or `b`?", or empty when nothing is close.
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

/// The shortest decimal that reads back as the same double ("0.1", "1e+22", "inf", "nan").
std::string shortest(double value);

}  // namespace kedge
