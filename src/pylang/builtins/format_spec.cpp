// Numbers and text through the format specification mini-language (Python Library, "Format Specification
// Mini-Language").
#include "pylang/builtins/format_spec.h"

#include <charconv>
#include <cmath>

#include "pylang/builtins/numbers.h"
#include "pylang/builtins/support.h"

namespace kedge::pylang {
namespace {

std::optional<std::string> fail(Interp& interp, std::string message) {
  (void)value_error(interp, std::move(message));
  return std::nullopt;
}

std::size_t points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

// Digits with separators every `every` from the right; zeros are added on the left until `least` characters are there.
std::string group_digits(std::string digits, char separator, int every, std::int64_t least) {
  std::string out;
  int run = 0;
  std::size_t left = digits.size();
  while (left > 0 || static_cast<std::int64_t>(out.size()) < least) {
    if (run == every) {
      out += separator;
      run = 0;
    }
    out += left > 0 ? digits[--left] : '0';
    ++run;
  }
  return {out.rbegin(), out.rend()};
}

std::optional<std::string> pad(Interp& interp, std::string text, const FormatSpec& spec, char default_align) {
  const auto length = static_cast<std::int64_t>(points(text));
  if (spec.width <= length) return text;
  const std::int64_t missing = spec.width - length;
  if (missing > interp.limits().string_bytes / 4) {
    (void)interp.refuse("K0310", "a string larger than the limit was built");
    return std::nullopt;
  }
  const char align = spec.align != '\0' ? spec.align : default_align;
  std::int64_t left = missing;
  if (align == '<') left = 0;
  if (align == '^') left = missing / 2;
  std::string out;
  for (std::int64_t i = 0; i < left; ++i) out += spec.fill;
  out += text;
  for (std::int64_t i = left; i < missing; ++i) out += spec.fill;
  return out;
}

// sign + prefix + integer digits (grouped) + rest, padded to the width.
std::optional<std::string> assemble(Interp& interp, bool negative, const std::string& prefix, std::string digits,
                                    const std::string& rest, const FormatSpec& spec) {
  std::string head = negative ? "-" : (spec.sign == '+' ? "+" : (spec.sign == ' ' ? " " : ""));
  head += prefix;
  const bool inside = spec.align == '=';
  if (spec.width > interp.limits().string_bytes / 4) {
    (void)interp.refuse("K0310", "a string larger than the limit was built");
    return std::nullopt;
  }
  const std::int64_t room = spec.width - static_cast<std::int64_t>(head.size() + rest.size());
  if (spec.grouping != '\0') {
    const int every =
        spec.grouping == '_' && (spec.type == 'x' || spec.type == 'X' || spec.type == 'o' || spec.type == 'b') ? 4 : 3;
    digits = group_digits(std::move(digits), spec.grouping, every, inside && spec.fill == "0" ? room : 0);
  }
  if (inside) {
    std::string filler;
    for (std::int64_t i = static_cast<std::int64_t>(digits.size()); i < room; ++i) filler += spec.fill;
    return head + filler + digits + rest;
  }
  return pad(interp, head + digits + rest, spec, '>');
}

std::optional<std::string> unknown_code(Interp& interp, char type, std::string_view type_name) {
  return fail(interp,
              "Unknown format code '" + std::string(1, type) + "' for object of type '" + std::string(type_name) + "'");
}

std::optional<std::string> format_text(Interp& interp, const Str& text, std::string_view spec_text) {
  const std::optional<FormatSpec> spec = parse_format_spec(interp, spec_text, '<', "str");
  if (!spec) return std::nullopt;
  if (spec->type != '\0' && spec->type != 's') return unknown_code(interp, spec->type, "str");
  if (spec->sign_given)
    return fail(interp, spec->sign == ' ' ? "Space not allowed in string format specifier"
                                          : "Sign not allowed in string format specifier");
  if (spec->no_negative_zero) return fail(interp, "Negative zero coercion (z) not allowed in string format specifier");
  if (spec->alternate) return fail(interp, "Alternate form (#) not allowed in string format specifier");
  if (spec->align == '=') return fail(interp, "'=' alignment not allowed in string format specifier");
  if (spec->grouping != '\0') return fail(interp, "Cannot specify '" + std::string(1, spec->grouping) + "' with 's'.");
  std::string out = text.text;
  if (spec->precision >= 0 && spec->precision < text.length) {
    const std::u32string decoded = decode_utf8(text.text);
    out = encode_utf8(std::u32string_view(decoded).substr(0, static_cast<std::size_t>(spec->precision)));
  }
  return pad(interp, std::move(out), *spec, '<');
}

std::optional<std::string> format_complex(Interp& interp, const Complex& value, std::string_view spec_text) {
  std::optional<FormatSpec> spec = parse_format_spec(interp, spec_text, '>', "complex");
  if (!spec) return std::nullopt;
  if (spec->type != '\0' && std::string_view("eEfFgGn").find(spec->type) == std::string_view::npos)
    return unknown_code(interp, spec->type, "complex");
  if (spec->zero) return fail(interp, "Zero padding is not allowed in complex format specifier");
  if (spec->align == '=') return fail(interp, "'=' alignment flag is not allowed in complex format specifier");
  FormatSpec part = *spec;
  part.width = -1;
  part.align = '\0';
  const bool plain = spec->type == '\0';
  const auto piece = [&](double number, bool with_sign) -> std::optional<std::string> {
    FormatSpec own = part;
    if (with_sign) own.sign = '+';
    if (plain && own.precision < 0) {
      std::string text = float_repr(number);
      if (text.ends_with(".0")) text.resize(text.size() - 2);
      if (text[0] != '-' && own.sign != '-') text.insert(0, 1, own.sign);
      return text;
    }
    if (plain) own.type = 'g';
    return format_float(interp, number, own, "complex");
  };
  const bool skip_real = plain && value.real == 0 && !std::signbit(value.real);
  const std::optional<std::string> re = piece(value.real, false);
  const std::optional<std::string> im = piece(value.imag, !skip_real);
  if (!re || !im) return std::nullopt;
  std::string out = skip_real ? *im + "j" : *re + *im + "j";
  if (plain && !skip_real) out = "(" + out + ")";
  return pad(interp, std::move(out), *spec, '>');
}

}  // namespace

std::optional<FormatSpec> parse_format_spec(Interp& interp, std::string_view text, char default_align,
                                            std::string_view type_name) {
  FormatSpec spec;
  const std::string_view whole = text;
  const auto is_align = [](char c) { return c == '<' || c == '>' || c == '=' || c == '^'; };
  bool fill_given = false;
  if (!text.empty()) {
    std::size_t lead = 1;
    while (lead < text.size() && (static_cast<unsigned char>(text[lead]) & 0xC0) == 0x80) ++lead;
    if (lead < text.size() && is_align(text[lead])) {
      spec.fill = text.substr(0, lead);
      spec.align = text[lead];
      fill_given = true;
      text.remove_prefix(lead + 1);
    } else if (is_align(text[0])) {
      spec.align = text[0];
      text.remove_prefix(1);
    }
  }
  const auto take = [&](char c) {
    if (text.empty() || text[0] != c) return false;
    text.remove_prefix(1);
    return true;
  };
  for (const char c : {'+', '-', ' '}) {
    if (!spec.sign_given && take(c)) {
      spec.sign = c;
      spec.sign_given = true;
    }
  }
  spec.no_negative_zero = take('z');
  spec.alternate = take('#');
  if (!fill_given && take('0')) {
    spec.fill = "0";
    spec.zero = true;
    if (spec.align == '\0' && default_align == '>') spec.align = '=';
  }
  const auto number = [&](std::int64_t& out) {
    if (text.empty() || text[0] < '0' || text[0] > '9') return true;
    out = 0;
    while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
      if (out > (INT64_MAX - 9) / 10) return false;
      out = out * 10 + (text[0] - '0');
      text.remove_prefix(1);
    }
    return true;
  };
  if (!number(spec.width)) {
    (void)value_error(interp, "Too many decimal digits in format string");
    return std::nullopt;
  }
  for (const char c : {',', '_'}) {
    if (!take(c)) continue;
    if (spec.grouping != '\0') {
      (void)value_error(interp, "Cannot specify both ',' and '_'.");
      return std::nullopt;
    }
    spec.grouping = c;
  }
  if (!text.empty() && text[0] == ',' && spec.grouping != '\0') {
    (void)value_error(interp,
                      spec.grouping == '_' ? "Cannot specify both ',' and '_'." : "Cannot specify ',' with ','.");
    return std::nullopt;
  }
  if (take('.')) {
    if (text.empty() || text[0] < '0' || text[0] > '9') {
      (void)value_error(interp, "Format specifier missing precision");
      return std::nullopt;
    }
    if (!number(spec.precision)) {
      (void)value_error(interp, "Too many decimal digits in format string");
      return std::nullopt;
    }
  }
  if (points(text) > 1) {
    (void)value_error(interp, "Invalid format specifier '" + std::string(whole) + "' for object of type '" +
                                  std::string(type_name) + "'");
    return std::nullopt;
  }
  if (!text.empty()) {
    if (text.size() > 1) {  // one non-ASCII character
      (void)value_error(interp, "Unknown format code '" + std::string(text) + "' for object of type '" +
                                    std::string(type_name) + "'");
      return std::nullopt;
    }
    spec.type = text[0];
  }
  if (spec.grouping != '\0' && spec.type != '\0') {
    const std::string_view allowed = spec.grouping == ',' ? "deEfFgG%" : "deEfFgG%boxX";
    if (allowed.find(spec.type) == std::string_view::npos) {
      (void)value_error(
          interp, "Cannot specify '" + std::string(1, spec.grouping) + "' with '" + std::string(1, spec.type) + "'.");
      return std::nullopt;
    }
  }
  return spec;
}

std::optional<std::string> format_int(Interp& interp, const BigInt& value, const FormatSpec& spec,
                                      std::string_view type_name) {
  const char type = spec.type == '\0' ? 'd' : spec.type;
  if (std::string_view("eEfFgG%").find(type) != std::string_view::npos) {
    const std::optional<double> real = value.to_double();
    if (!real) {
      (void)interp.raise("OverflowError", "int too large to convert to float");
      return std::nullopt;
    }
    return format_float(interp, *real, spec, type_name);
  }
  if (std::string_view("bcdonxX").find(type) == std::string_view::npos) return unknown_code(interp, type, type_name);
  if (spec.precision >= 0) return fail(interp, "Precision not allowed in integer format specifier");
  if (spec.no_negative_zero)
    return fail(interp, "Negative zero coercion (z) not allowed in format specifier with integer presentation type '" +
                            std::string(1, type) + "'");
  if (type == 'c') {
    if (spec.sign_given) return fail(interp, "Sign not allowed with integer format specifier 'c'");
    if (spec.alternate) return fail(interp, "Alternate form (#) not allowed with integer format specifier 'c'");
    const std::optional<std::int64_t> code = value.to_int64();
    if (!code || *code < 0 || *code > 0x10FFFF) {
      (void)interp.raise("OverflowError", "%c arg not in range(0x110000)");
      return std::nullopt;
    }
    FormatSpec own = spec;
    if (own.align == '=') own.align = '>';
    return pad(interp, encode_utf8(static_cast<std::uint32_t>(*code)), own, '>');
  }
  const int base = type == 'b' ? 2 : (type == 'o' ? 8 : (type == 'x' || type == 'X' ? 16 : 10));
  std::string digits = (value.negative() ? -value : value).to_string(base);
  if (type == 'X') {
    for (char& c : digits) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
  }
  const std::string prefix = spec.alternate && base != 10 ? "0" + std::string(1, type) : "";
  return assemble(interp, value.negative(), prefix, std::move(digits), "", spec);
}

std::string float_digits(double magnitude, char type, std::int64_t precision, bool alternate, bool add_dot_zero) {
  const bool upper = type >= 'A' && type <= 'Z';
  const char kind = upper ? static_cast<char>(type + 32) : type;
  const int wanted = static_cast<int>(std::min<std::int64_t>(precision < 0 ? 6 : precision, 100000));
  const auto render = [&](std::chars_format format, int digits) {
    std::string buffer(static_cast<std::size_t>(digits) + 340, '\0');
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), magnitude, format, digits);
    buffer.resize(static_cast<std::size_t>(end.ptr - buffer.data()));
    return buffer;
  };
  std::string out;
  if (kind == 'e') {
    out = render(std::chars_format::scientific, wanted);
    if (alternate && wanted == 0) out.insert(out.find('e'), ".");
  } else if (kind == 'f') {
    out = render(std::chars_format::fixed, wanted);
    if (alternate && wanted == 0) out += '.';
  } else {
    const int significant = wanted == 0 ? 1 : wanted;
    const std::string probe = render(std::chars_format::scientific, significant - 1);
    const std::size_t e = probe.find('e');
    int exponent = 0;
    std::from_chars(probe.data() + e + (probe[e + 1] == '+' ? 2 : 1), probe.data() + probe.size(), exponent);
    const bool scientific = exponent < -4 || exponent >= significant - (add_dot_zero ? 1 : 0);
    out = scientific ? probe : render(std::chars_format::fixed, std::max(0, significant - 1 - exponent));
    std::string tail;
    if (scientific) {
      tail = out.substr(e);
      out.resize(e);
    }
    if (!alternate && out.find('.') != std::string::npos) {
      while (out.back() == '0') out.pop_back();
      if (out.back() == '.') out.pop_back();
    }
    if (alternate && out.find('.') == std::string::npos) out += '.';
    if (add_dot_zero && !scientific && out.find('.') == std::string::npos) out += ".0";
    out += tail;
  }
  if (upper) {
    for (char& c : out) c = c == 'e' ? 'E' : c;
  }
  return out;
}

std::optional<std::string> format_float(Interp& interp, double value, const FormatSpec& spec,
                                        std::string_view type_name) {
  char type = spec.type;
  if (type != '\0' && std::string_view("eEfFgGn%").find(type) == std::string_view::npos)
    return unknown_code(interp, type, type_name);
  if (spec.precision > interp.limits().string_bytes / 4) {
    (void)interp.refuse("K0310", "a string larger than the limit was built");
    return std::nullopt;
  }
  if (spec.precision > 100000) return fail(interp, "precision too big");
  const bool percent = type == '%';
  if (percent) value *= 100;
  bool negative = std::signbit(value) && !std::isnan(value);
  const double magnitude = std::fabs(value);
  std::string body;
  if (!std::isfinite(value)) {
    body = std::isnan(value) ? "nan" : "inf";
    if (type == 'E' || type == 'F' || type == 'G') body = std::isnan(value) ? "NAN" : "INF";
  } else if (type == '\0' && spec.precision < 0) {
    body = float_repr(magnitude);
    if (spec.alternate && body.find('.') == std::string::npos) {
      const std::size_t e = body.find('e');
      body.insert(e == std::string::npos ? body.size() : e, ".");
    }
  } else if (type == '\0') {
    body = float_digits(magnitude, 'g', spec.precision, spec.alternate, true);
  } else {
    body = float_digits(magnitude, percent ? 'f' : (type == 'n' ? 'g' : type), spec.precision, spec.alternate);
  }
  if (negative && spec.no_negative_zero && body.find_first_of("123456789") == std::string::npos && std::isfinite(value))
    negative = false;
  if (percent) body += '%';
  const std::size_t split = body.find_first_not_of("0123456789");
  std::string digits = body.substr(0, split);
  std::string rest = split == std::string::npos ? "" : body.substr(split);
  FormatSpec own = spec;
  if (!std::isfinite(value)) own.grouping = '\0';
  if (digits.empty()) {  // inf, nan: padded as one piece
    digits = rest;
    rest.clear();
  }
  return assemble(interp, negative, "", std::move(digits), rest, own);
}

std::optional<std::string> format_value(Interp& interp, Value value, std::string_view spec_text) {
  const bool exact = !value.is_object() || value.o->type == interp.types.str || value.o->type == interp.types.integer ||
                     value.o->type == interp.types.complex;
  if (!exact || value.is_none()) {
    const Value spec = interp.str(spec_text);
    if (spec.is_error()) return std::nullopt;
    const Value out = call_special(interp, value, "__format__", std::array{spec});
    if (out.is_error()) return std::nullopt;
    if (const Str* text = str_of(interp, out)) return text->text;
    (void)type_error(interp, "__format__ must return a str, not " + interp.type_of(out)->name);
    return std::nullopt;
  }
  if (const Str* text = exact_str(interp, value))
    return spec_text.empty() ? text->text : format_text(interp, *text, spec_text);
  if (spec_text.empty()) return interp.str_of(value);
  if (const auto* complex = as<Complex>(value)) return format_complex(interp, *complex, spec_text);
  const std::string_view name = value.is_float() ? "float" : (value.is_bool() ? "bool" : "int");
  const std::optional<FormatSpec> spec = parse_format_spec(interp, spec_text, '>', name);
  if (!spec) return std::nullopt;
  if (value.is_float()) return format_float(interp, value.f, *spec, name);
  return format_int(interp, *big_of(value), *spec, name);
}

}  // namespace kedge::pylang
