// JSON as Python reads and writes it: a small value type, a reader, a writer, and references that know where they are.
// NaN, Infinity and -Infinity are numbers; integers of any size keep their digits; of equal keys the last wins.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/byte_reader.h"
#include "base/limits.h"
#include "base/result.h"

namespace kedge::formats {

struct JsonMember;

class Json {
 public:
  enum class Kind { null, boolean, integer, big_integer, number, string, array, object };
  using Array = std::vector<Json>;
  using Object = std::vector<JsonMember>;  ///< in the order of the file

  Json() = default;
  Json(bool value);              // NOLINT(google-explicit-constructor)
  Json(int value);               // NOLINT(google-explicit-constructor)
  Json(std::int64_t value);      // NOLINT(google-explicit-constructor)
  Json(double value);            // NOLINT(google-explicit-constructor)
  Json(std::string value);       // NOLINT(google-explicit-constructor)
  Json(std::string_view value);  // NOLINT(google-explicit-constructor)
  Json(const char* value);       // NOLINT(google-explicit-constructor)
  Json(Array value);             // NOLINT(google-explicit-constructor)
  Json(Object value);            // NOLINT(google-explicit-constructor)
  static Json make_array();
  static Json make_object();
  /// An integer that does not fit 64 bits, as decimal digits with an optional minus.
  static Json make_big_integer(std::string digits);

  Kind kind() const { return static_cast<Kind>(value_.index()); }
  bool is_null() const { return kind() == Kind::null; }
  bool is_bool() const { return kind() == Kind::boolean; }
  bool is_integer() const { return kind() == Kind::integer; }
  bool is_number() const { return is_integer() || kind() == Kind::big_integer || kind() == Kind::number; }
  bool is_string() const { return kind() == Kind::string; }
  bool is_array() const { return kind() == Kind::array; }
  bool is_object() const { return kind() == Kind::object; }

  // These require the kind that they name (a wrong kind is a bug of the caller); JsonRef has the checked versions.
  bool as_bool() const;
  std::int64_t as_int64() const;
  double as_double() const;  ///< of any number
  const std::string& as_string() const;
  const std::string& big_digits() const;
  const Array& array() const;
  Array& array();
  const Object& object() const;
  Object& object();

  /// The member of an object; null pointer when absent or not an object.
  const Json* find(std::string_view key) const;
  Json* find(std::string_view key);
  /// Sets a member of an object (a null value becomes an object first); an existing key keeps its position.
  Json& set(std::string_view key, Json value);
  /// Appends to an array (a null value becomes an array first).
  Json& push(Json value);
  /// Elements of an array, members of an object, otherwise 0.
  std::int64_t size() const;

  /// `layers[3].config.name`, as JsonRef prints it; null pointer when there is no such value.
  const Json* at_path(std::string_view path) const;

  friend bool operator==(const Json& a, const Json& b);

 private:
  struct BigInteger {
    std::string digits;
    friend bool operator==(const BigInteger&, const BigInteger&) = default;
  };
  std::variant<std::monostate, bool, std::int64_t, BigInteger, double, std::string, Array, Object> value_;
};

struct JsonMember {
  std::string key;
  Json value;
  friend bool operator==(const JsonMember&, const JsonMember&) = default;
};

// Out of the class: a constructor's body needs the members' type, which needs Json.
inline Json::Json(bool value) : value_(value) {}
inline Json::Json(int value) : value_(std::int64_t{value}) {}
inline Json::Json(std::int64_t value) : value_(value) {}
inline Json::Json(double value) : value_(value) {}
inline Json::Json(std::string value) : value_(std::move(value)) {}
inline Json::Json(std::string_view value) : value_(std::string(value)) {}
inline Json::Json(const char* value) : value_(std::string(value)) {}
inline Json::Json(Array value) : value_(std::move(value)) {}
inline Json Json::make_array() { return Json(Array{}); }

std::string_view json_kind_name(Json::Kind kind);

/// K0110 with line, column and path of what was being read; K0100 for depth, string size and number of values.
Result<Json> parse_json(std::string_view text, const Limits& limits, std::string_view place);

enum class JsonStyle { compact, indented };
/// Deterministic: member order kept, shortest doubles, two-space indentation, ASCII escapes only where JSON needs them.
std::string write_json(const Json& value, JsonStyle style = JsonStyle::compact);

/// A value together with its place, for readers whose errors must say which value was wrong.
/// `place` is the file's (`model.keras › config.json`), `path` the value's inside it (`layers[3].config.name`).
class JsonRef {
 public:
  JsonRef(const Json& json, std::string place) : json_(&json), place_(std::move(place)) {}

  const Json& json() const { return *json_; }
  const Json* operator->() const { return json_; }
  const std::string& path() const { return path_; }
  /// `model.keras › config.json › layers[3].config.name`
  std::string place() const;

  /// A member: K0112 with close names when absent, K0111 when this is no object.
  Result<JsonRef> get(std::string_view key) const;
  /// A member when it is there and not null.
  std::optional<JsonRef> find(std::string_view key) const;
  /// An element of an array; the index must be valid.
  JsonRef element(std::int64_t index) const;
  /// The elements; K0111 when this is no array.
  Result<std::vector<JsonRef>> elements() const;

  // K0111 when the value is of another kind.
  Result<bool> as_bool() const;
  Result<std::int64_t> as_int64() const;
  Result<double> as_double() const;
  Result<std::string> as_string() const;

  Error wrong_kind(std::string_view expected) const;

 private:
  const Json* json_;
  std::string place_;
  std::string path_;
};

/// `path` with a member or element added: `layers`, `layers[3]`, `layers[3]["odd key"]`.
std::string json_path_member(std::string_view path, std::string_view key);
std::string json_path_element(std::string_view path, std::int64_t index);

}  // namespace kedge::formats
