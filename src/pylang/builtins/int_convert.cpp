// int: made from text, bytes and other numbers, and written as bytes.
#include <algorithm>
#include <cmath>

#include "pylang/builtins/int_parts.h"
#include "pylang/builtins/numbers.h"

namespace kedge::pylang {

Value int_to_bytes(Interp& interp, Args args, void*) {
  std::array<Value, 4> in;
  if (!interp.bind(args, "to_bytes", {"self", "length=", "byteorder=", "*", "signed="}, in)) return {};
  std::int64_t length = 1;
  if (given(in[1])) {
    const std::optional<std::int64_t> size = size_of(interp, in[1]);
    if (!size) return {};
    length = *size;
  }
  if (length < 0) return value_error(interp, "length argument must be non-negative");
  bool little = false;
  if (given(in[2])) {
    const Str* order = str_of(interp, in[2]);
    if (order == nullptr) return type_error(interp, "to_bytes() argument 'byteorder' must be str");
    if (order->text != "little" && order->text != "big")
      return value_error(interp, "byteorder must be either 'little' or 'big'");
    little = order->text == "little";
  }
  bool is_signed = false;
  if (given(in[3])) {
    const std::optional<bool> truth = interp.truth(in[3]);
    if (!truth) return {};
    is_signed = *truth;
  }
  BigInt value = *big_of(in[0]);
  if (value.negative() && !is_signed) return interp.raise("OverflowError", "can't convert negative int to unsigned");
  if (!check_size(interp, length, 1)) return {};
  const std::int64_t bits =
      value.negative() ? (-value - BigInt(1)).bit_length() + 1 : value.bit_length() + (is_signed ? 1 : 0);
  if (bits > length * 8) return interp.raise("OverflowError", "int too big to convert");
  std::string out(static_cast<std::size_t>(length), '\0');
  for (char& byte : out) {
    byte = static_cast<char>(*BigInt::bit_and(value, BigInt(255)).to_int64());
    value = BigInt::shift_right(value, 8);
  }
  if (!little) std::reverse(out.begin(), out.end());
  return interp.bytes(out);
}

Value int_from_bytes(Interp& interp, Args args, void*) {
  std::array<Value, 4> in;
  if (!interp.bind(args, "from_bytes", {"cls", "bytes", "byteorder=", "*", "signed="}, in)) return {};
  std::string data;
  if (const BytesObject* bytes = bytes_of(interp, in[1])) {
    data = bytes->data;
  } else if (!for_each(interp, in[1], [&](Value item) {
               const std::optional<std::int64_t> byte = size_of(interp, item);
               if (!byte) return false;
               data += static_cast<char>(*byte);
               return true;
             })) {
    return {};
  }
  bool little = false;
  if (given(in[2])) {
    const Str* order = str_of(interp, in[2]);
    if (order == nullptr || (order->text != "little" && order->text != "big"))
      return value_error(interp, "byteorder must be either 'little' or 'big'");
    little = order->text == "little";
  }
  bool is_signed = false;
  if (given(in[3])) {
    const std::optional<bool> truth = interp.truth(in[3]);
    if (!truth) return {};
    is_signed = *truth;
  }
  if (little) std::reverse(data.begin(), data.end());
  if (!product_fits(interp, static_cast<std::int64_t>(data.size()) * 8)) return {};
  std::string hex;
  constexpr const char* kDigits = "0123456789abcdef";
  for (const char c : data) {
    hex += kDigits[static_cast<unsigned char>(c) >> 4];
    hex += kDigits[static_cast<unsigned char>(c) & 15];
  }
  BigInt value = hex.empty() ? BigInt(0) : *BigInt::parse(hex, 16);
  if (is_signed && !data.empty() && (static_cast<unsigned char>(data[0]) & 0x80) != 0) {
    value = value - BigInt::shift_left(BigInt(1), static_cast<std::int64_t>(data.size()) * 8);
  }
  const Value out = interp.big(std::move(value));
  if (out.is_error() || in[0].is(Value::object(interp.types.integer))) return out;
  return interp.call(in[0], std::array{out});
}

namespace {

Value parse_text(Interp& interp, std::string_view original, int base, const std::string& shown) {
  std::string_view text = strip_space(original);
  const auto fail = [&] {
    return value_error(interp, "invalid literal for int() with base " + std::to_string(base) + ": " + shown);
  };
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  int used = base;
  const auto prefix = [&](char a, char b) {
    return text.size() > 1 && text[0] == '0' && (text[1] == a || text[1] == b);
  };
  bool had_prefix = false;
  const auto take = [&](char a, char b, int value) {
    if (!had_prefix && (base == 0 || base == value) && prefix(a, b)) {
      used = value;
      text.remove_prefix(2);
      had_prefix = true;
      if (!text.empty() && text[0] == '_') text.remove_prefix(1);
    }
  };
  take('x', 'X', 16);
  take('o', 'O', 8);
  take('b', 'B', 2);
  if (used == 0) {
    used = 10;
    // "012" is no literal; "000" is zero.
    if (text.size() > 1 && text[0] == '0' && text.find_first_not_of("0_") != std::string_view::npos) return fail();
  }
  std::string digits;
  bool after_digit = false;
  for (const char c : text) {
    if (c == '_') {
      if (!after_digit) return fail();
      after_digit = false;
      continue;
    }
    digits += c;
    after_digit = true;
  }
  if (digits.empty() || !after_digit) return fail();
  constexpr std::size_t kMostDigits = 4300;  // sys.int_info.default_max_str_digits
  if (digits.size() > kMostDigits && (used & (used - 1)) != 0) {
    return value_error(interp, "Exceeds the limit (4300 digits) for integer string conversion: value has " +
                                   std::to_string(digits.size()) +
                                   " digits; use sys.set_int_max_str_digits() to increase the limit");
  }
  if (!product_fits(interp, static_cast<std::int64_t>(digits.size()) * 3)) return {};
  const std::optional<BigInt> value = BigInt::parse(digits, used);
  if (!value) return fail();
  return interp.big(negative ? -*value : *value);
}

Value make_int(Interp& interp, Value x, Value base_value) {
  if (!given(x)) {
    if (given(base_value)) return type_error(interp, "int() missing string argument");
    return Value::integer(0);
  }
  const Str* text = str_of(interp, x);
  const BytesObject* bytes = bytes_of(interp, x);
  if (given(base_value)) {
    const std::optional<std::int64_t> base = size_of(interp, base_value);
    if (!base) return {};
    if (*base != 0 && (*base < 2 || *base > 36)) return value_error(interp, "int() base must be >= 2 and <= 36, or 0");
    if (text != nullptr)
      return parse_text(interp, ascii_digits(text->text), static_cast<int>(*base), str_repr(text->text));
    if (bytes != nullptr) return parse_text(interp, bytes->data, static_cast<int>(*base), bytes_repr(bytes->data));
    return type_error(interp, "int() can't convert non-string with explicit base");
  }
  if (x.is_int()) return x;
  if (x.is_bool()) return Value::integer(x.b ? 1 : 0);
  if (x.is_float()) {
    if (std::isnan(x.f)) return value_error(interp, "cannot convert float NaN to integer");
    if (std::isinf(x.f)) return interp.raise("OverflowError", "cannot convert float infinity to integer");
    return interp.big(BigInt::from_double(x.f));
  }
  if (x.is_object()) {
    if (x.o->type == interp.types.integer) return x;
    for (const char* name : {"__int__", "__index__", "__trunc__"}) {
      if (interp.lookup_type_attr(x.o->type, interp.intern(name)).is_error()) continue;
      const Value result = call_special(interp, x, name);
      if (result.is_error()) return {};
      if (!is_integer(result))
        return type_error(interp, std::string(name) + " returned non-int (type " + interp.type_of(result)->name + ")");
      return interp.big(*big_of(result));
    }
  }
  if (text != nullptr) return parse_text(interp, ascii_digits(text->text), 10, str_repr(text->text));
  if (bytes != nullptr) return parse_text(interp, bytes->data, 10, bytes_repr(bytes->data));
  return type_error(
      interp, "int() argument must be a string, a bytes-like object or a real number, not " + quoted_type(interp, x));
}

}  // namespace

Value int_new(Interp& interp, Args args, void*) {
  std::array<Value, 3> in;
  if (!interp.bind(args, "int", {"cls", "x=", "/", "base="}, in)) return {};
  return instantiate(interp, in[0], interp.types.integer, make_int(interp, in[1], in[2]));
}

Value int_from(Interp& interp, Value value) { return make_int(interp, value, Value()); }

}  // namespace kedge::pylang
