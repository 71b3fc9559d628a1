#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace kedge {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = text.find(separator, begin);
    if (end == std::string_view::npos) break;
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += separator;
    out += parts[i];
  }
  return out;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::int64_t edit_distance(std::string_view a, std::string_view b) {
  const std::size_t rows = a.size() + 1;
  const std::size_t columns = b.size() + 1;
  std::vector<std::int64_t> cost(rows * columns);
  const auto at = [&](std::size_t i, std::size_t j) -> std::int64_t& { return cost[i * columns + j]; };
  for (std::size_t i = 0; i < rows; ++i) at(i, 0) = static_cast<std::int64_t>(i);
  for (std::size_t j = 0; j < columns; ++j) at(0, j) = static_cast<std::int64_t>(j);
  for (std::size_t i = 1; i < rows; ++i) {
    for (std::size_t j = 1; j < columns; ++j) {
      const std::int64_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
    }
  }
  return at(rows - 1, columns - 1);
}

std::vector<std::string> close_matches(std::string_view name, std::span<const std::string> candidates,
                                       std::int64_t count) {
  constexpr std::size_t kLongestCompared = 80;  // keeps a hostile name from costing quadratic time
  if (name.size() > kLongestCompared) return {};
  std::vector<std::pair<std::int64_t, std::string>> near;
  const std::int64_t allowed = std::max<std::int64_t>(1, static_cast<std::int64_t>(name.size()) / 3);
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongestCompared) continue;
    const std::int64_t distance = edit_distance(name, candidate);
    if (distance <= allowed) near.emplace_back(distance, candidate);
  }
  std::sort(near.begin(), near.end());
  near.erase(std::unique(near.begin(), near.end()), near.end());
  std::vector<std::string> out;
  for (const auto& [distance, candidate] : near) {
    if (static_cast<std::int64_t>(out.size()) == count) break;
    out.push_back(candidate);
  }
  return out;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
  std::vector<std::string> close = close_matches(name, candidates);
  if (close.empty()) return {};
  for (std::string& entry : close) entry = "`" + entry + "`";
  return "did you mean " + join(close, " or ") + "?";
}

std::string shortest(double value) {
  std::array<char, 32> buffer;
  const std::to_chars_result end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end.ptr};
}

}  // namespace kedge
