// The JSON writer.
#include <cmath>

#include "base/text.h"
#include "formats/json.h"

namespace kedge::formats {
namespace {

void write_string(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          out += "\\u00";
          out += kHex[static_cast<unsigned char>(c) >> 4];
          out += kHex[c & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void write_double(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "Infinity" : "-Infinity";
  } else {
    const std::string text = shortest(value);
    out += text;
    if (text.find_first_of(".e") == std::string::npos) out += ".0";  // stays a float when read back
  }
}

void new_line(std::string& out, JsonStyle style, int depth) {
  if (style == JsonStyle::compact) return;
  out += '\n';
  out.append(static_cast<std::size_t>(depth) * 2, ' ');
}

bool is_container(const Json& value) { return value.is_array() || value.is_object(); }

/// An array of scalars stays on one line: shapes read better so.
bool fits_one_line(const Json& value) {
  if (!value.is_array()) return value.size() == 0;
  for (const Json& element : value.array()) {
    if (is_container(element)) return false;
  }
  return true;
}

// Recursion follows values that our own reader bounded, or that we built.
void write_value(std::string& out, const Json& value, JsonStyle style, int depth) {
  switch (value.kind()) {
    case Json::Kind::null: out += "null"; return;
    case Json::Kind::boolean: out += value.as_bool() ? "true" : "false"; return;
    case Json::Kind::integer: out += std::to_string(value.as_int64()); return;
    case Json::Kind::big_integer: out += value.big_digits(); return;
    case Json::Kind::number: write_double(out, value.as_double()); return;
    case Json::Kind::string: write_string(out, value.as_string()); return;
    case Json::Kind::array:
    case Json::Kind::object: break;
  }
  const bool flat = fits_one_line(value);
  const bool spaced = style == JsonStyle::indented;
  bool first = true;
  const auto separate = [&] {
    if (!first) out += flat && spaced ? ", " : ",";
    if (!flat) new_line(out, style, depth + 1);
    first = false;
  };
  out += value.is_array() ? '[' : '{';
  if (value.is_array()) {
    for (const Json& element : value.array()) {
      separate();
      write_value(out, element, style, depth + 1);
    }
  } else {
    for (const JsonMember& member : value.object()) {
      separate();
      write_string(out, member.key);
      out += spaced ? ": " : ":";
      write_value(out, member.value, style, depth + 1);
    }
  }
  if (!flat) new_line(out, style, depth);
  out += value.is_array() ? ']' : '}';
}

}  // namespace

std::string write_json(const Json& value, JsonStyle style) {
  std::string out;
  write_value(out, value, style, 0);
  return out;
}

}  // namespace kedge::formats
