#include "tensor/attrs.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace kedge {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    out += c;
  }
  return out + "\"";
}

/// A real always carries a point or exponent in text, so that reading it back gives a real.
std::string real_text(double value) {
  std::string out = shortest(value);
  if (out.find_first_of(".eni") == std::string::npos) out += ".0";
  return out;
}

template <typename T, typename Fn>
std::string list_text(const std::vector<T>& items, Fn&& text) {
  std::string out = "[";
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ", ";
    out += text(items[i]);
  }
  return out + "]";
}

struct Printer {
  std::string operator()(bool v) const { return v ? "true" : "false"; }
  std::string operator()(std::int64_t v) const { return std::to_string(v); }
  std::string operator()(double v) const { return real_text(v); }
  std::string operator()(const std::string& v) const { return quoted(v); }
  std::string operator()(DType v) const { return std::string(dtype_name(v)); }
  std::string operator()(const std::vector<std::int64_t>& v) const {
    return list_text(v, [](std::int64_t x) { return std::to_string(x); });
  }
  std::string operator()(const std::vector<double>& v) const { return list_text(v, real_text); }
  std::string operator()(const std::vector<std::string>& v) const { return list_text(v, quoted); }
  std::string operator()(const Shape& v) const {
    return "(" + shape_to_string(v).substr(1, shape_to_string(v).size() - 2) + ")";
  }
};

}  // namespace

Attrs::Attrs(std::initializer_list<std::pair<std::string, AttrValue>> entries) {
  for (const auto& [name, value] : entries) set(name, value);
}

const AttrValue* Attrs::find(std::string_view name) const {
  for (const auto& [key, value] : entries_) {
    if (key == name) return &value;
  }
  return nullptr;
}

void Attrs::set(std::string_view name, AttrValue value) {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), name,
                                   [](const auto& entry, std::string_view n) { return entry.first < n; });
  if (at != entries_.end() && at->first == name) {
    at->second = std::move(value);
    return;
  }
  entries_.emplace(at, std::string(name), std::move(value));
}

void Attrs::erase(std::string_view name) {
  std::erase_if(entries_, [&](const auto& entry) { return entry.first == name; });
}

namespace {
template <typename T>
const T& get(const Attrs& attrs, std::string_view name) {
  const AttrValue* value = attrs.find(name);
  KEDGE_CHECK(value != nullptr, ("attribute missing: " + std::string(name)).c_str());
  const T* typed = std::get_if<T>(value);
  KEDGE_CHECK(typed != nullptr, ("attribute of another kind: " + std::string(name)).c_str());
  return *typed;
}
}  // namespace

bool Attrs::flag(std::string_view name) const { return get<bool>(*this, name); }
std::int64_t Attrs::integer(std::string_view name) const { return get<std::int64_t>(*this, name); }
double Attrs::real(std::string_view name) const { return get<double>(*this, name); }
const std::string& Attrs::text(std::string_view name) const { return get<std::string>(*this, name); }
DType Attrs::dtype(std::string_view name) const { return get<DType>(*this, name); }
const std::vector<std::int64_t>& Attrs::integers(std::string_view name) const {
  return get<std::vector<std::int64_t>>(*this, name);
}
const std::vector<double>& Attrs::reals(std::string_view name) const { return get<std::vector<double>>(*this, name); }
const Shape& Attrs::dims(std::string_view name) const { return get<Shape>(*this, name); }

StaticShape Attrs::static_dims(std::string_view name) const {
  const std::optional<StaticShape> shape = static_shape(dims(name));
  KEDGE_CHECK(shape.has_value(), ("attribute still symbolic: " + std::string(name)).c_str());
  return *shape;
}

std::string attr_to_string(const AttrValue& value) { return std::visit(Printer{}, value); }

}  // namespace kedge
