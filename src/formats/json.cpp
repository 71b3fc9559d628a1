// The value type, its paths and the checked references.
#include "formats/json.h"

#include <charconv>
#include <cstdlib>

#include "base/text.h"
#include "formats/fault.h"

namespace kedge::formats {
namespace {

bool is_plain_key(std::string_view key) {
  if (key.empty()) return false;
  for (const char c : key) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                       c == '-' || c == '/' || static_cast<unsigned char>(c) >= 0x80;
    if (!plain) return false;
  }
  return true;
}

}  // namespace

Json::Json(Object value) : value_(std::move(value)) {}
Json Json::make_object() { return Json(Object{}); }
Json Json::make_big_integer(std::string digits) {
  Json json;
  json.value_ = BigInteger{std::move(digits)};
  return json;
}

bool Json::as_bool() const {
  KEDGE_CHECK(is_bool(), "json value is no boolean");
  return std::get<bool>(value_);
}
std::int64_t Json::as_int64() const {
  KEDGE_CHECK(is_integer(), "json value is no 64-bit integer");
  return std::get<std::int64_t>(value_);
}
double Json::as_double() const {
  KEDGE_CHECK(is_number(), "json value is no number");
  if (is_integer()) return static_cast<double>(std::get<std::int64_t>(value_));
  if (const BigInteger* big = std::get_if<BigInteger>(&value_)) return std::strtod(big->digits.c_str(), nullptr);
  return std::get<double>(value_);
}
const std::string& Json::as_string() const {
  KEDGE_CHECK(is_string(), "json value is no string");
  return std::get<std::string>(value_);
}
const std::string& Json::big_digits() const {
  KEDGE_CHECK(kind() == Kind::big_integer, "json value is no big integer");
  return std::get<BigInteger>(value_).digits;
}
const Json::Array& Json::array() const {
  KEDGE_CHECK(is_array(), "json value is no array");
  return std::get<Array>(value_);
}
Json::Array& Json::array() {
  KEDGE_CHECK(is_array(), "json value is no array");
  return std::get<Array>(value_);
}
const Json::Object& Json::object() const {
  KEDGE_CHECK(is_object(), "json value is no object");
  return std::get<Object>(value_);
}
Json::Object& Json::object() {
  KEDGE_CHECK(is_object(), "json value is no object");
  return std::get<Object>(value_);
}

const Json* Json::find(std::string_view key) const {
  const Object* members = std::get_if<Object>(&value_);
  if (members == nullptr) return nullptr;
  for (const JsonMember& member : *members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}
Json* Json::find(std::string_view key) { return const_cast<Json*>(std::as_const(*this).find(key)); }

Json& Json::set(std::string_view key, Json value) {
  if (is_null()) value_ = Object{};
  if (Json* present = find(key)) {
    *present = std::move(value);
  } else {
    object().push_back({std::string(key), std::move(value)});
  }
  return *this;
}

Json& Json::push(Json value) {
  if (is_null()) value_ = Array{};
  array().push_back(std::move(value));
  return *this;
}

std::int64_t Json::size() const {
  if (is_array()) return static_cast<std::int64_t>(array().size());
  if (is_object()) return static_cast<std::int64_t>(object().size());
  return 0;
}

bool operator==(const Json& a, const Json& b) { return a.value_ == b.value_; }

const Json* Json::at_path(std::string_view path) const {
  const Json* at = this;
  while (!path.empty() && at != nullptr) {
    if (path.front() == '[' && path.size() > 1 && path[1] == '"') {
      const Result<Json> key =
          parse_json(path.substr(1, path.find("\"]") == std::string_view::npos ? 0 : path.find("\"]")), {}, "");
      if (!key || !key->is_string()) return nullptr;
      at = at->find(key->as_string());
      path.remove_prefix(path.find("\"]") + 2);
    } else if (path.front() == '[') {
      std::int64_t index = -1;
      const auto [end, status] = std::from_chars(path.data() + 1, path.data() + path.size(), index);
      if (status != std::errc() || end == path.data() + path.size() || *end != ']') return nullptr;
      at = at->is_array() && index >= 0 && index < at->size() ? &at->array()[static_cast<std::size_t>(index)] : nullptr;
      path.remove_prefix(static_cast<std::size_t>(end - path.data()) + 1);
    } else {
      if (path.front() == '.') path.remove_prefix(1);
      const std::size_t end = path.find_first_of(".[");
      at = at->find(path.substr(0, end));
      path.remove_prefix(end == std::string_view::npos ? path.size() : end);
    }
  }
  return at;
}

std::string_view json_kind_name(Json::Kind kind) {
  switch (kind) {
    case Json::Kind::null: return "null";
    case Json::Kind::boolean: return "a boolean";
    case Json::Kind::integer:
    case Json::Kind::big_integer: return "an integer";
    case Json::Kind::number: return "a number";
    case Json::Kind::string: return "a string";
    case Json::Kind::array: return "an array";
    case Json::Kind::object: break;
  }
  return "an object";
}

std::string json_path_member(std::string_view path, std::string_view key) {
  if (!is_plain_key(key)) return std::string(path) + "[" + write_json(Json(key)) + "]";
  return path.empty() ? std::string(key) : std::string(path) + "." + std::string(key);
}
std::string json_path_element(std::string_view path, std::int64_t index) {
  return std::string(path) + "[" + std::to_string(index) + "]";
}

std::string JsonRef::place() const { return inside(place_, path_); }

Error JsonRef::wrong_kind(std::string_view expected) const {
  return fault(kJsonWrongKind,
               "expected " + std::string(expected) + ", found " + std::string(json_kind_name(json_->kind())), place());
}

Result<JsonRef> JsonRef::get(std::string_view key) const {
  if (!json_->is_object()) return wrong_kind("an object");
  if (const Json* value = json_->find(key)) {
    JsonRef ref(*value, place_);
    ref.path_ = json_path_member(path_, key);
    return ref;
  }
  std::vector<std::string> keys;
  for (const JsonMember& member : json_->object()) keys.push_back(member.key);
  Error error = fault(kJsonMissing, "there is no " + quoted(key), place());
  const std::string hint = did_you_mean(key, keys);
  if (!hint.empty()) return std::move(error).help(hint);
  return error;
}

std::optional<JsonRef> JsonRef::find(std::string_view key) const {
  const Json* value = json_->find(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  JsonRef ref(*value, place_);
  ref.path_ = json_path_member(path_, key);
  return ref;
}

JsonRef JsonRef::element(std::int64_t index) const {
  JsonRef ref(json_->array().at(static_cast<std::size_t>(index)), place_);
  ref.path_ = json_path_element(path_, index);
  return ref;
}

Result<std::vector<JsonRef>> JsonRef::elements() const {
  if (!json_->is_array()) return wrong_kind("an array");
  std::vector<JsonRef> out;
  for (std::int64_t i = 0; i < json_->size(); ++i) out.push_back(element(i));
  return out;
}

Result<bool> JsonRef::as_bool() const {
  if (!json_->is_bool()) return wrong_kind("a boolean");
  return json_->as_bool();
}
Result<std::int64_t> JsonRef::as_int64() const {
  if (!json_->is_integer()) return wrong_kind("an integer");
  return json_->as_int64();
}
Result<double> JsonRef::as_double() const {
  if (!json_->is_number()) return wrong_kind("a number");
  return json_->as_double();
}
Result<std::string> JsonRef::as_string() const {
  if (!json_->is_string()) return wrong_kind("a string");
  return json_->as_string();
}

}  // namespace kedge::formats
