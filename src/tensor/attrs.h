// Attributes of an operation: a small ordered map from name to value. Which names an op has, of what kind and with what
// default, is on its card (ops/<op>.cpp) and checked by the verifier; one representation serves ir text, plans, kernels
// and back-ends.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tensor/dim.h"
#include "tensor/dtype.h"

namespace kedge {

using AttrValue = std::variant<bool, std::int64_t, double, std::string, DType, std::vector<std::int64_t>,
                               std::vector<double>, std::vector<std::string>, Shape>;

class Attrs {
 public:
  Attrs() = default;
  Attrs(std::initializer_list<std::pair<std::string, AttrValue>> entries);

  const AttrValue* find(std::string_view name) const;
  void set(std::string_view name, AttrValue value);  ///< keeps names sorted, so equal sets print alike
  void erase(std::string_view name);
  const std::vector<std::pair<std::string, AttrValue>>& entries() const { return entries_; }

  // Typed access. The attribute must be there and of that kind (KEDGE_CHECK): cards fill in defaults before anything
  // reads.
  bool flag(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  double real(std::string_view name) const;
  const std::string& text(std::string_view name) const;
  DType dtype(std::string_view name) const;
  const std::vector<std::int64_t>& integers(std::string_view name) const;
  const std::vector<double>& reals(std::string_view name) const;
  const Shape& dims(std::string_view name) const;
  /// A Shape attribute whose dimensions are all known.
  StaticShape static_dims(std::string_view name) const;

  friend bool operator==(const Attrs&, const Attrs&) = default;

 private:
  std::vector<std::pair<std::string, AttrValue>> entries_;
};

std::string attr_to_string(const AttrValue& value);  ///< as the ir text prints it

}  // namespace kedge
