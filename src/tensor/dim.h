// A dimension: a known size, or an expression over symbols ("batch", "x.1"). Expressions are canonical, so equal ones
// compare equal: sums of integer multiples of products of atoms, an atom being a symbol or floordiv/mod/max/min of two
// dimensions. `tf.shape(x)[1] * 2` thus stays exact without a graph operation for it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kedge {

struct DimExpr;    // dim.cpp
struct DimAccess;  // dim.cpp

class Dim {
 public:
  Dim() = default;
  Dim(std::int64_t value) : value_(value) {}  // NOLINT(google-explicit-constructor)
  static Dim symbol(std::string_view name);

  bool known() const { return expr_ == nullptr; }
  std::int64_t value() const;     ///< known() must hold
  std::string to_string() const;  ///< "8", "batch", "2*batch + 1", "(h // 2)"
  static std::optional<Dim> parse(std::string_view text);
  void collect_symbols(std::vector<std::string>& out) const;

  /// Replaces symbols; unknown ones stay.
  Dim substitute(const std::map<std::string, std::int64_t, std::less<>>& values) const;

  friend bool operator==(const Dim& a, const Dim& b);
  friend Dim operator+(const Dim& a, const Dim& b);
  friend Dim operator-(const Dim& a, const Dim& b);
  friend Dim operator*(const Dim& a, const Dim& b);
  static Dim floordiv(const Dim& a, const Dim& b);  ///< exact division cancels: floordiv(2*b, 2) is b
  static Dim mod(const Dim& a, const Dim& b);
  static Dim max(const Dim& a, const Dim& b);
  static Dim min(const Dim& a, const Dim& b);

 private:
  friend struct DimAccess;
  std::int64_t value_ = 0;
  std::shared_ptr<const DimExpr> expr_;
};

using Shape = std::vector<Dim>;
using StaticShape = std::vector<std::int64_t>;
using DimValues = std::map<std::string, std::int64_t, std::less<>>;

std::optional<StaticShape> static_shape(const Shape& shape);  ///< nullopt when a dimension is unknown
Shape to_shape(const StaticShape& shape);
std::string shape_to_string(const Shape& shape);  ///< "[batch, 32, 48, 3]"
Dim element_count(const Shape& shape);
std::int64_t element_count(const StaticShape& shape);
std::vector<std::int64_t> row_major_strides(const StaticShape& shape);  ///< in elements

}  // namespace kedge
