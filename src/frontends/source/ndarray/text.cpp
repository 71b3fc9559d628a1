// How arrays print: numpy's layout of brackets and columns, shortest digits of the element's own precision.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "base/text.h"
#include "frontends/source/ndarray/numpy.h"

namespace kedge::frontends {
namespace {

std::string shortest_float(float v) {
  if (std::isnan(v)) return "nan";
  if (std::isinf(v)) return v > 0 ? "inf" : "-inf";
  char buffer[64];
  const float magnitude = std::fabs(v);
  const bool scientific = magnitude != 0 && (magnitude >= 1e16F || magnitude < 1e-4F);
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, v,
                                 scientific ? std::chars_format::scientific : std::chars_format::fixed)
                       .ptr;
  std::string text(buffer, end);
  if (!scientific && text.find('.') == std::string::npos) text += ".0";
  return text;
}

std::string float_text(DType dtype, double v) {
  if (dtype == DType::float64) {
    std::string text = shortest(v);
    if (text.find_first_of(".einf") == std::string::npos && text != "nan") text += ".0";
    return text;
  }
  if (dtype == DType::float16) {
    for (int digits = 1; digits <= 5; ++digits) {  // the shortest decimal that reads back as the same half
      char buffer[32];
      const auto end = std::to_chars(buffer, buffer + sizeof buffer, v, std::chars_format::scientific, digits - 1).ptr;
      double back = 0;
      std::from_chars(buffer, end, back);
      if (half_to_float(float_to_half(static_cast<float>(back))) == static_cast<float>(v))
        return shortest_float(static_cast<float>(back));
    }
  }
  return shortest_float(static_cast<float>(v));
}

/// Digits after the point, at most 8, without trailing zeros ("1." for 1.0), as numpy's fixed notation has them.
std::string column_text(DType dtype, double v) {
  if (!std::isfinite(v)) return float_text(dtype, v);
  std::string text = float_text(dtype, v);
  if (text.find('e') != std::string::npos) {
    char buffer[400];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, v, std::chars_format::fixed, 8).ptr;
    text.assign(buffer, end);
  }
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return text + ".";
  if (text.size() - point - 1 > 8) {
    char buffer[400];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, v, std::chars_format::fixed, 8).ptr;
    text.assign(buffer, end);
  }
  while (text.back() == '0') text.pop_back();
  return text;
}

std::vector<std::string> columns(const Array& a) {
  std::vector<std::string> out;
  if (is_float(a.dtype)) {
    std::vector<double> values;
    for_each_offset(a.shape, a.strides, [&](std::int64_t o) { values.push_back(double_at(a.dtype, a.data + o)); });
    double largest = 0;
    double smallest = INFINITY;
    for (const double v : values) {
      if (!std::isfinite(v) || v == 0) continue;
      largest = std::max(largest, std::fabs(v));
      smallest = std::min(smallest, std::fabs(v));
    }
    const bool scientific = largest >= 1e8 || (smallest != INFINITY && (smallest < 1e-4 || largest / smallest > 1e3));
    std::size_t fraction = 0;
    for (const double v : values) {
      std::string text;
      if (scientific && std::isfinite(v)) {
        char buffer[64];
        const auto end = std::to_chars(buffer, buffer + sizeof buffer, v, std::chars_format::scientific, 8).ptr;
        text.assign(buffer, end);
        std::size_t e = text.find('e');
        while (text[e - 1] == '0') text.erase(--e, 1);
      } else {
        text = column_text(a.dtype, v);
        if (std::isfinite(v)) fraction = std::max(fraction, text.size() - text.find('.') - 1);
      }
      out.push_back(std::move(text));
    }
    if (!scientific) {
      for (std::string& text : out) {
        const std::size_t point = text.find('.');
        if (point != std::string::npos) text.append(fraction - (text.size() - point - 1), ' ');
      }
    }
  } else {
    for_each_offset(a.shape, a.strides, [&](std::int64_t o) { out.push_back(element_text(a.dtype, a.data + o)); });
  }
  std::size_t width = 0;
  for (const std::string& text : out) width = std::max(width, text.size());
  for (std::string& text : out) text.insert(0, width - text.size(), ' ');
  return out;
}

void nest(const StaticShape& shape, std::size_t axis, const std::vector<std::string>& cells, std::size_t& at,
          std::size_t indent, std::string_view separator, std::string& out) {
  if (axis == shape.size()) {
    out += cells[at++];
    return;
  }
  out += '[';
  const bool last = axis + 1 == shape.size();
  std::size_t column = indent + 1;
  for (std::int64_t i = 0; i < shape[axis]; ++i) {
    if (i != 0) {
      out += separator;
      if (!last) {
        out.append(shape.size() - axis - 1, '\n');
        out.append(indent + 1, ' ');
      } else {
        if (column + cells[at].size() + separator.size() + 1 > 75) {
          out += '\n';
          out.append(indent + 1, ' ');
          column = indent + 1;
        } else {
          out += ' ';
          ++column;
        }
      }
    }
    if (last) column += cells[at].size() + separator.size();
    nest(shape, axis + 1, cells, at, indent + 1, separator, out);
  }
  out += ']';
}

}  // namespace

std::string element_text(DType dtype, const std::byte* p) {
  switch (kind_of(dtype)) {
    case 'b': return truth_at(dtype, p) ? "True" : "False";
    case 'i': return std::to_string(int_at(dtype, p));
    case 'u': return std::to_string(static_cast<std::uint64_t>(int_at(dtype, p)));
    case 'f': return float_text(dtype, double_at(dtype, p));
    default: {
      const std::complex<double> v = complex_at(dtype, p);
      const DType part = dtype == DType::complex64 ? DType::float32 : DType::float64;
      const auto tidy = [](std::string text) {
        if (text.ends_with(".0")) text.resize(text.size() - 2);
        return text;
      };
      const std::string imag = tidy(float_text(part, v.imag()));
      if (v.real() == 0 && !std::signbit(v.real())) return imag + "j";
      return "(" + tidy(float_text(part, v.real())) + (imag[0] == '-' ? "" : "+") + imag + "j)";
    }
  }
}

std::string array_text(const Array& a, bool repr) {
  if (a.shape.empty() && !repr) return element_text(a.dtype, a.data);
  const bool large = a.size() > 1000;
  std::string out = repr ? "array(" : "";
  if (large) {
    out += "[... " + std::to_string(a.size()) + " elements ...]";
  } else if (a.size() == 0) {
    out += "[]";
  } else {
    const std::vector<std::string> cells = columns(a);
    std::size_t at = 0;
    nest(a.shape, 0, cells, at, repr ? 6 : 0, repr ? "," : "", out);
  }
  if (!repr) return out;
  const bool plain =
      a.dtype == DType::float64 || a.dtype == DType::int64 || a.dtype == DType::boolean || a.dtype == DType::complex128;
  if (!plain || a.size() == 0) out += ", dtype=" + std::string(dtype_name(a.dtype));
  return out + ")";
}

}  // namespace kedge::frontends
