// Interp's makers of builtin values, and the operations every container leans on: hash, ==, len, in.
#include <functional>

#include "pylang/builtins/support.h"

namespace kedge::pylang {
namespace {

std::int64_t code_points(std::string_view text) {
  std::int64_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  a ^= b + 0x9E3779B97F4A7C15ull + (a << 6) + (a >> 2);
  return a * 0xBF58476D1CE4E5B9ull;
}

std::uint64_t int_hash(std::int64_t value) {
  constexpr std::int64_t kModulus = (std::int64_t{1} << 61) - 1;
  if (value >= 0 && value < kModulus) return static_cast<std::uint64_t>(value);
  return BigInt(value).hash();
}

std::uint64_t double_hash(double value) {
  if (value != value) return 0x7ff80000;
  if (value > 1.7976931348623157e308) return 314159;
  if (value < -1.7976931348623157e308) return static_cast<std::uint64_t>(-314159);
  if (value == static_cast<double>(static_cast<std::int64_t>(value)) && value > -9e18 && value < 9e18) {
    std::int64_t whole = static_cast<std::int64_t>(value);
    const std::uint64_t h = int_hash(whole);
    return h == static_cast<std::uint64_t>(-1) ? static_cast<std::uint64_t>(-2) : h;
  }
  // Python Library, "Hashing of numeric types": mantissa times a power of two, modulo 2**61 - 1.
  constexpr int kBits = 61;
  constexpr std::uint64_t kModulus = (std::uint64_t{1} << kBits) - 1;
  int exponent = 0;
  double m = __builtin_frexp(value, &exponent);
  bool negative = m < 0;
  if (negative) m = -m;
  std::uint64_t x = 0;
  while (m != 0) {
    x = ((x << 28) & kModulus) | (x >> (kBits - 28));
    m *= 268435456.0;
    exponent -= 28;
    const auto y = static_cast<std::uint64_t>(m);
    m -= static_cast<double>(y);
    x += y;
    if (x >= kModulus) x -= kModulus;
  }
  exponent = exponent >= 0 ? exponent % kBits : kBits - 1 - ((-1 - exponent) % kBits);
  x = ((x << exponent) & kModulus) | (x >> (kBits - exponent));
  std::int64_t out = static_cast<std::int64_t>(x);
  if (negative) out = -out;
  if (out == -1) out = -2;
  return static_cast<std::uint64_t>(out);
}

}  // namespace

std::uint64_t text_hash(Str* text) {
  if (text->hash == 0) {
    text->hash = std::hash<std::string_view>{}(text->text);
    if (text->hash == 0) text->hash = 1;
  }
  return text->hash;
}

Value Interp::str(std::string_view utf8) {
  if (static_cast<std::int64_t>(utf8.size()) > limits_.string_bytes)
    return refuse("K0310", "a string larger than the limit was built");
  if (utf8.size() > 64 && !charge(static_cast<std::int64_t>(utf8.size()))) return {};
  auto* out = make<Str>(types.str);
  out->text = utf8;
  out->length = code_points(utf8);
  return Value::object(out);
}

Value Interp::bytes(std::string_view data) {
  if (!charge(static_cast<std::int64_t>(data.size()))) return {};
  auto* out = make<BytesObject>(types.bytes);
  out->data = data;
  return Value::object(out);
}

Value Interp::big(BigInt value) {
  if (const std::optional<std::int64_t> small = value.to_int64()) return Value::integer(*small);
  const std::int64_t bits = value.bit_length();
  if (bits > limits_.integer_bits)
    return refuse("K0311", "an integer of more than " + std::to_string(limits_.integer_bits) + " bits was computed");
  if (!charge(bits / 8)) return {};
  auto* out = make<BigIntObject>(types.integer);
  out->value = std::move(value);
  return Value::object(out);
}

Value Interp::list(std::vector<Value> items) {
  if (!items.empty() && !charge(static_cast<std::int64_t>(items.size()) * 16)) return {};
  auto* out = make<List>(types.list);
  out->items = std::move(items);
  return Value::object(out);
}

Value Interp::tuple(std::vector<Value> items) {
  if (!items.empty() && !charge(static_cast<std::int64_t>(items.size()) * 16)) return {};
  auto* out = make<Tuple>(types.tuple);
  out->items = std::move(items);
  return Value::object(out);
}

Dict* Interp::dict() { return make<Dict>(types.dict); }

std::optional<std::uint64_t> Interp::hash(Value value) {
  switch (value.tag) {
    case Tag::error: return std::nullopt;
    case Tag::none: return 0x6E6F6E65u;
    case Tag::boolean: return value.b ? 1u : 0u;
    case Tag::integer: {
      const std::uint64_t h = int_hash(value.i);
      return h == static_cast<std::uint64_t>(-1) ? static_cast<std::uint64_t>(-2) : h;
    }
    case Tag::real: return double_hash(value.f);
    case Tag::object: break;
  }
  Type* type = value.o->type;
  if (type == types.str) return text_hash(static_cast<Str*>(value.o));
  if (type == types.integer) return static_cast<BigIntObject*>(value.o)->value.hash();
  if (type == types.tuple) {
    const DepthGuard guard(*this);
    if (!guard.ok) return std::nullopt;
    std::uint64_t out = 0x345678;
    for (const Value item : static_cast<Tuple*>(value.o)->items) {
      const std::optional<std::uint64_t> h = hash(item);
      if (!h) return std::nullopt;
      out = mix(out, *h);
    }
    return out;
  }
  if (type == types.bytes) return std::hash<std::string_view>{}(static_cast<BytesObject*>(value.o)->data);
  if (type == types.complex) {
    const auto* c = static_cast<Complex*>(value.o);
    return double_hash(c->real) + 1000003u * double_hash(c->imag);
  }
  if (type == types.frozenset) {
    std::uint64_t out = 1927868237u;
    for (const Dict::Entry& entry : static_cast<SetObject*>(value.o)->table->entries) {
      if (!entry.key.is_error()) out ^= mix(entry.hash, 0x55);  // independent of order
    }
    return out;
  }
  if (type == types.slice) {
    (void)raise("TypeError", "unhashable type: 'slice'");
    return std::nullopt;
  }
  const Value method = lookup_type_attr(type, intern("__hash__"));
  if (method.is_error() || method.is_none()) {
    (void)raise("TypeError", "unhashable type: '" + type->name + "'");
    return std::nullopt;
  }
  const Value result = call(method, std::array{value});
  if (result.is_error()) return std::nullopt;
  if (result.is_int()) return static_cast<std::uint64_t>(result.i);
  if (const std::optional<BigInt> big_result = big_of(result)) return big_result->hash();
  (void)raise("TypeError", "__hash__ method should return an integer");
  return std::nullopt;
}

std::optional<bool> Interp::equal(Value a, Value b) {
  if (a.is(b)) return true;
  if (!a.is_object() && !b.is_object()) {
    if (a.is_none() || b.is_none()) return false;
    if (a.is_float() || b.is_float()) {
      if (a.is_float() && b.is_float()) return a.f == b.f;
      const Value integer = a.is_float() ? b : a;
      const double real = a.is_float() ? a.f : b.f;
      const std::int64_t whole = integer.is_bool() ? (integer.b ? 1 : 0) : integer.i;
      if (static_cast<double>(whole) != real) return false;
      return real >= -9.3e18 && real < 9.223372036854775e18 ? static_cast<std::int64_t>(real) == whole
                                                            : BigInt::from_double(real) == BigInt(whole);
    }
    const std::int64_t x = a.is_bool() ? (a.b ? 1 : 0) : a.i;
    const std::int64_t y = b.is_bool() ? (b.b ? 1 : 0) : b.i;
    return x == y;
  }
  if (a.is_object() && b.is_object() && a.o->type == types.str && b.o->type == types.str) {
    const auto* x = static_cast<Str*>(a.o);
    const auto* y = static_cast<Str*>(b.o);
    return x->text == y->text;
  }
  const Value result = compare("==", a, b);
  if (result.is_error()) return std::nullopt;
  return truth(result);
}

std::optional<std::int64_t> Interp::length(Value value) {
  if (value.is_object()) {
    Type* type = value.o->type;
    if (type == types.list) return static_cast<std::int64_t>(static_cast<List*>(value.o)->items.size());
    if (type == types.tuple) return static_cast<std::int64_t>(static_cast<Tuple*>(value.o)->items.size());
    if (type == types.dict) return static_cast<Dict*>(value.o)->used;
    if (type == types.str) return static_cast<Str*>(value.o)->length;
    if (type == types.set || type == types.frozenset) return static_cast<SetObject*>(value.o)->table->used;
    if (type == types.range && static_cast<Range*>(value.o)->count != INT64_MAX)
      return static_cast<Range*>(value.o)->count;
    const Value method = lookup_type_attr(type, intern("__len__"));
    if (!method.is_error() && !method.is_none()) {
      const Value result = call_special(*this, value, "__len__");
      if (result.is_error()) return std::nullopt;
      const Value index = index_of(*this, result);
      if (index.is_error()) return std::nullopt;
      if (!index.is_int() || index.i < 0) {
        (void)raise(index.is_int() ? "ValueError" : "OverflowError",
                    index.is_int() ? "__len__() should return >= 0" : "cannot fit 'int' into an index-sized integer");
        return std::nullopt;
      }
      return index.i;
    }
  }
  (void)raise("TypeError", "object of type " + quoted_type(*this, value) + " has no len()");
  return std::nullopt;
}

std::optional<bool> Interp::contains(Value container, Value item) {
  if (container.is_object()) {
    Type* type = container.o->type;
    if (type == types.list || type == types.tuple) {
      const bool is_list = type == types.list;
      for (std::size_t i = 0;; ++i) {
        const std::vector<Value>& items =
            is_list ? static_cast<List*>(container.o)->items : static_cast<Tuple*>(container.o)->items;
        if (i >= items.size()) return false;
        const std::optional<bool> same = equal(items[i], item);
        if (!same) return std::nullopt;
        if (*same) return true;
      }
    }
    if (type == types.dict) {
      const Value found = dict_get(static_cast<Dict*>(container.o), item);
      if (found.is_error() && has_exception()) return std::nullopt;
      return !found.is_error();
    }
    const Value method = lookup_type_attr(type, intern("__contains__"));
    if (method.is_none()) {
      (void)raise("TypeError", quoted_type(*this, container) + " object is not a container");
      return std::nullopt;
    }
    if (!method.is_error()) {
      const Value result = call_special(*this, container, "__contains__", std::array{item});
      if (result.is_error()) return std::nullopt;
      return truth(result);
    }
    // No __contains__: through iteration, as the language reference has it.
    bool found = false;
    const Value iterator = iterate(container);
    if (iterator.is_error()) {
      if (pending_matches("TypeError")) {
        take_pending();
        (void)raise("TypeError", "argument of type " + quoted_type(*this, container) + " is not iterable");
      }
      return std::nullopt;
    }
    while (!found) {
      bool done = false;
      const Value element = next(iterator, done);
      if (done) return false;
      if (element.is_error()) return std::nullopt;
      const std::optional<bool> same = equal(element, item);
      if (!same) return std::nullopt;
      found = *same;
    }
    return true;
  }
  (void)raise("TypeError", "argument of type " + quoted_type(*this, container) + " is not iterable");
  return std::nullopt;
}

}  // namespace kedge::pylang
