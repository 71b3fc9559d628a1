// What is decided about a source file before its tokens: its encoding, and the normal form of names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kedge::pylang {

struct SourceEncoding {
  std::uint32_t start = 0;      ///< tokens begin here, behind a byte order mark
  bool latin1 = false;          ///< else UTF-8, which has been checked
  const char* error = nullptr;  ///< why the file cannot be read
  std::size_t error_at = 0;
};

/// Reads the byte order mark and the coding cookie of the first two lines (PEP 263) and checks the bytes.
SourceEncoding detect_encoding(std::string_view raw);

std::string latin1_to_utf8(std::string_view raw);

/// Offsets of the recoded text to offsets of the raw one.
class Utf8ToLatin1 {
 public:
  explicit Utf8ToLatin1(std::string_view raw);
  std::uint32_t operator()(std::uint32_t offset) const;

 private:
  std::vector<std::uint32_t> wide_;  // offsets, in the recoded text, behind each character that takes two bytes there
};

/// NFKC for the characters that occur in names in practice (letters of other scripts, micro sign, fullwidth and
/// mathematical letters); nothing for a name that would need the whole normalisation tables.
std::optional<std::string> normalize_identifier(std::string_view name);

}  // namespace kedge::pylang
