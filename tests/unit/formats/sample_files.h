// Files for the tests of the formats room: the committed HDF5 samples, and helpers that build the others.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "formats/file.h"
#include "formats/zip.h"

namespace kedge::formats {

/// The bytes of tests/unit/formats/data/NAME; tests run in the repository's root.
inline std::vector<std::byte> sample(const std::string& name) {
  const Result<MappedFile> file = map_file("tests/unit/formats/data/" + name);
  EXPECT_TRUE(file.ok()) << name;
  if (!file) return {};
  return {file->bytes().begin(), file->bytes().end()};
}

inline std::vector<std::byte> bytes_of(std::string_view text) { return {as_bytes(text).begin(), as_bytes(text).end()}; }

template <typename T>
std::string code_of(const Result<T>& result) {
  return result.ok() ? "ok" : result.error().diagnostic().code;
}
template <typename T>
std::string place_of(const Result<T>& result) {
  return result.ok() ? "" : result.error().diagnostic().primary.location.path;
}

/// An archive of stored members.
inline std::vector<std::byte> zip_of(const std::vector<std::pair<std::string, std::string>>& members) {
  ZipWriter zip;
  for (const auto& [name, content] : members) EXPECT_TRUE(zip.add(name, as_bytes(content)).ok());
  return std::move(zip).finish();
}

}  // namespace kedge::formats
