// `format % values` (Python Library, "printf-style String Formatting").
#include <cmath>

#include "pylang/builtins/format_spec.h"
#include "pylang/builtins/numbers.h"
#include "pylang/builtins/str_methods.h"

namespace kedge::pylang {
namespace {

struct Conversion {
  bool left = false, plus = false, space = false, alternate = false, zero = false;
  std::int64_t width = 0;
  std::int64_t precision = -1;
  char type = '\0';
};

std::string padded(const std::string& text, const Conversion& c, const std::string& head = "", bool number = false) {
  std::int64_t length = 0;
  for (const char ch : head + text) length += (static_cast<unsigned char>(ch) & 0xC0) != 0x80 ? 1 : 0;
  const std::string fill(static_cast<std::size_t>(std::max<std::int64_t>(0, c.width - length)),
                         number && c.zero && !c.left ? '0' : ' ');
  if (c.left) return head + text + fill;
  return number && c.zero ? head + fill + text : fill + head + text;
}

std::optional<std::string> convert_integer(Interp& interp, Value value, const Conversion& c) {
  const bool decimal = c.type == 'd' || c.type == 'i' || c.type == 'u';
  std::optional<BigInt> number = big_of(value);
  if (!number) {
    const Value plain = unwrap(value);
    Value whole;
    const bool has_index =
        value.is_object() && !interp.lookup_type_attr(value.o->type, interp.intern("__index__")).is_error();
    if (has_index) whole = index_of(interp, value);
    else if (decimal &&
             (plain.is_float() ||
              (value.is_object() && !interp.lookup_type_attr(value.o->type, interp.intern("__int__")).is_error())))
      whole = int_from(interp, value);
    else
      (void)type_error(
          interp, "%" + std::string(1, c.type) +
                      (decimal ? " format: a real number is required, not " : " format: an integer is required, not ") +
                      interp.type_of(value)->name);
    if (whole.is_error()) return std::nullopt;
    number = big_of(whole);
  }
  const int base = c.type == 'o' ? 8 : (c.type == 'x' || c.type == 'X' ? 16 : 10);
  std::string digits = (number->negative() ? -*number : *number).to_string(base);
  if (c.type == 'X') {
    for (char& ch : digits) ch = ch >= 'a' && ch <= 'f' ? static_cast<char>(ch - 32) : ch;
  }
  if (c.precision > static_cast<std::int64_t>(digits.size()))
    digits.insert(0, static_cast<std::size_t>(c.precision) - digits.size(), '0');
  std::string head = number->negative() ? "-" : (c.plus ? "+" : (c.space ? " " : ""));
  if (c.alternate && base != 10) head += base == 8 ? "0o" : "0" + std::string(1, c.type);
  return padded(digits, c, head, true);
}

std::optional<std::string> convert_float(Interp& interp, Value value, const Conversion& c) {
  const std::optional<double> number = double_of(interp, value);
  if (!number) return std::nullopt;
  std::string body;
  if (std::isfinite(*number)) body = float_digits(std::fabs(*number), c.type, c.precision, c.alternate);
  else body = std::isnan(*number) ? "nan" : "inf";
  if (!std::isfinite(*number) && c.type < 'a') body = std::isnan(*number) ? "NAN" : "INF";
  const std::string head = std::signbit(*number) && !std::isnan(*number) ? "-" : (c.plus ? "+" : (c.space ? " " : ""));
  return padded(body, c, head, true);
}

std::optional<std::string> convert_text(Interp& interp, Value value, const Conversion& c, bool bytes) {
  std::optional<std::string> text;
  if (c.type == 's' && bytes) {
    if (const BytesObject* data = bytes_of(interp, value)) text = data->data;
    else
      (void)type_error(interp, "%b requires a bytes-like object, or an object that implements __bytes__, not " +
                                   quoted_type(interp, value));
  } else if (c.type == 's') {
    text = interp.str_of(value);
  } else {
    text = interp.repr_of(value);
  }
  if (!text) return std::nullopt;
  if (c.type == 'a') text = ascii_escape(*text);
  if (c.precision >= 0) {
    const std::u32string points = decode_utf8(*text);
    text = encode_utf8(std::u32string_view(points).substr(0, static_cast<std::size_t>(c.precision)));
  }
  return padded(*text, c);
}

std::optional<std::string> convert_character(Interp& interp, Value value, const Conversion& c) {
  if (const Str* text = str_of(interp, value)) {
    if (text->length == 1) return padded(text->text, c);
  } else if (is_integer(value)) {
    const std::optional<std::int64_t> code = size_of(interp, value);
    if (!code) return std::nullopt;
    if (*code >= 0 && *code <= 0x10FFFF) return padded(encode_utf8(static_cast<std::uint32_t>(*code)), c);
    (void)interp.raise("OverflowError", "%c arg not in range(0x110000)");
    return std::nullopt;
  }
  (void)type_error(interp, "%c requires int or char");
  return std::nullopt;
}

}  // namespace

std::optional<std::string> percent_format(Interp& interp, std::string_view format, Value values, bool bytes) {
  const Tuple* tuple = tuple_of(interp, values);
  const bool is_mapping = tuple == nullptr && str_of(interp, values) == nullptr && values.is_object() &&
                          !interp.lookup_type_attr(values.o->type, interp.intern("__getitem__")).is_error();
  std::size_t next = 0;
  bool used_mapping = false;
  const auto take = [&]() -> Value {
    if (tuple == nullptr) {
      if (next++ == 0) return values;
    } else if (next < tuple->items.size()) {
      return tuple->items[next++];
    }
    return type_error(interp, "not enough arguments for format string");
  };
  std::string out;
  std::size_t at = 0;
  while (at < format.size()) {
    const std::size_t sign = format.find('%', at);
    if (sign == std::string_view::npos) {
      out += format.substr(at);
      break;
    }
    out += format.substr(at, sign - at);
    at = sign + 1;
    Conversion c;
    Value value;
    const auto end_of_format = [&]() -> std::optional<std::string> {
      (void)value_error(interp, "incomplete format");
      return std::nullopt;
    };
    if (at < format.size() && format[at] == '(') {
      if (!is_mapping) {
        (void)type_error(interp, "format requires a mapping");
        return std::nullopt;
      }
      int depth = 1;
      const std::size_t begin = ++at;
      while (at < format.size() && depth > 0) {
        if (format[at] == '(') ++depth;
        if (format[at] == ')') --depth;
        ++at;
      }
      if (depth > 0) {
        (void)value_error(interp, "incomplete format key");
        return std::nullopt;
      }
      const std::string_view key = format.substr(begin, at - 1 - begin);
      value = interp.getitem(values, bytes ? interp.bytes(key) : interp.str(key));
      if (value.is_error()) return std::nullopt;
      used_mapping = true;
    }
    for (; at < format.size(); ++at) {
      const char f = format[at];
      if (f == '-') c.left = true;
      else if (f == '+') c.plus = true;
      else if (f == ' ') c.space = true;
      else if (f == '#') c.alternate = true;
      else if (f == '0') c.zero = true;
      else break;
    }
    const auto number = [&](std::int64_t& target, bool width) {
      if (at < format.size() && format[at] == '*') {
        ++at;
        const Value star = take();
        if (star.is_error()) return false;
        if (!is_integer(star)) {
          (void)type_error(interp, "* wants int");
          return false;
        }
        const std::optional<std::int64_t> size = size_of(interp, star);
        if (!size) return false;
        target = *size;
        if (width && target < 0) {
          c.left = true;
          target = -target;
        }
        if (!width && target < 0) target = 0;
      } else {
        if (!width) target = 0;
        while (at < format.size() && format[at] >= '0' && format[at] <= '9' && target < (std::int64_t{1} << 40))
          target = target * 10 + (format[at++] - '0');
      }
      if (target > interp.limits().string_bytes / 4) {
        (void)interp.refuse("K0310", "a string larger than the limit was built");
        return false;
      }
      return true;
    };
    if (!number(c.width, true)) return std::nullopt;
    if (at < format.size() && format[at] == '.') {
      ++at;
      if (!number(c.precision, false)) return std::nullopt;
    }
    while (at < format.size() && (format[at] == 'h' || format[at] == 'l' || format[at] == 'L')) ++at;
    if (at >= format.size()) return end_of_format();
    c.type = format[at++];
    if (c.type == '%') {
      out += '%';
      continue;
    }
    if (bytes && c.type == 'b') c.type = 's';
    if (std::string_view("diouxXeEfFgGcrsa").find(c.type) == std::string_view::npos) {
      (void)value_error(interp, "unsupported format character " + str_repr(std::string(1, c.type)) + " (0x" +
                                    BigInt(static_cast<unsigned char>(c.type)).to_string(16) + ") at index " +
                                    std::to_string(at - 1));
      return std::nullopt;
    }
    if (value.is_error()) value = take();
    if (value.is_error()) return std::nullopt;
    std::optional<std::string> piece;
    switch (c.type) {
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X': piece = convert_integer(interp, value, c); break;
      case 'c': piece = convert_character(interp, value, c); break;
      case 's':
      case 'r':
      case 'a': piece = convert_text(interp, value, c, bytes); break;
      default: piece = convert_float(interp, value, c); break;
    }
    if (!piece) return std::nullopt;
    out += *piece;
  }
  const bool left_over = tuple != nullptr ? next < tuple->items.size() : (next == 0 && !is_mapping);
  if (left_over && !used_mapping) {
    (void)type_error(interp, "not all arguments converted during string formatting");
    return std::nullopt;
  }
  return out;
}

Value str_percent(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__mod__", 1, 1)) return {};
  const Str* self = self_str(interp, args, "__mod__");
  if (self == nullptr) return {};
  const std::optional<std::string> out = percent_format(interp, self->text, args.positional[1], false);
  return out ? interp.str(*out) : Value();
}

}  // namespace kedge::pylang
