// Wording helpers for the room's errors.
#include "formats/fault.h"

namespace kedge::formats {

std::string inside(std::string_view place, std::string_view part) {
  if (place.empty()) return std::string(part);
  if (part.empty()) return std::string(place);
  return std::string(place) + " › " + std::string(part);
}

Error fault(std::string_view code, std::string message, std::string_view place) {
  return make_error(std::string(code), std::move(message), Location::in(std::string(place)));
}

std::string quoted(std::string_view name) {
  constexpr std::size_t kShown = 200;
  std::string out = "`";
  for (const char c : name.substr(0, kShown)) {
    const auto byte = static_cast<unsigned char>(c);
    out += (byte < 0x20 || byte == 0x7f) ? '?' : c;
  }
  if (name.size() > kShown) out += "…";
  return out + "`";
}

}  // namespace kedge::formats
