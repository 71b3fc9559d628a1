// bytes and bytearray: the methods programs use on raw data.
#include <algorithm>

#include "pylang/builtins/numbers.h"
#include "pylang/builtins/str_methods.h"

namespace kedge::pylang {
namespace {

enum class Order { lt, le, eq, ne, gt, ge };

Value make_bytes(Interp& interp, const BytesObject* like, std::string_view data) {
  const Value out = interp.bytes(data);
  if (!out.is_error() && like != nullptr && like->is_mutable) {
    out.o->type = interp.types.bytearray;
    static_cast<BytesObject*>(out.o)->is_mutable = true;
  }
  return out;
}

bool collect(Interp& interp, Value source, std::string& out) {
  return for_each(interp, source, [&](Value item) {
    const std::optional<std::int64_t> byte = size_of(interp, item);
    if (!byte) return false;
    if (*byte < 0 || *byte > 255) {
      (void)value_error(interp, "bytes must be in range(0, 256)");
      return false;
    }
    out += static_cast<char>(*byte);
    return true;
  });
}

template <bool is_mutable>
Value bytes_new(Interp& interp, Args args, void*) {
  std::array<Value, 4> in;
  if (!interp.bind(args, is_mutable ? "bytearray" : "bytes", {"cls", "source=", "encoding=", "errors="}, in)) return {};
  std::string data;
  if (given(in[1])) {
    if (str_of(interp, in[1]) != nullptr) {
      if (!given(in[2])) return type_error(interp, "string argument without an encoding");
      const Value encoded = given(in[3]) ? interp.call_method(in[1], "encode", std::array{in[2], in[3]})
                                         : interp.call_method(in[1], "encode", std::array{in[2]});
      if (encoded.is_error()) return {};
      data = bytes_of(interp, encoded)->data;
    } else if (given(in[2])) {
      return type_error(interp, "encoding without a string argument");
    } else if (const BytesObject* other = bytes_of(interp, in[1])) {
      data = other->data;
    } else if (is_integer(in[1])) {
      const std::optional<std::int64_t> count = size_of(interp, in[1]);
      if (!count) return {};
      if (*count < 0) return value_error(interp, "negative count");
      if (!check_size(interp, *count, 1)) return {};
      data.assign(static_cast<std::size_t>(*count), '\0');
    } else if (in[1].is_object() && !interp.lookup_type_attr(in[1].o->type, interp.intern("__bytes__")).is_error()) {
      const Value made = call_special(interp, in[1], "__bytes__");
      if (made.is_error()) return {};
      const BytesObject* bytes = bytes_of(interp, made);
      if (bytes == nullptr) return type_error(interp, "__bytes__ returned non-bytes");
      data = bytes->data;
    } else if (!collect(interp, in[1], data)) {
      return {};
    }
  }
  BytesObject like;
  like.is_mutable = is_mutable;
  return instantiate(interp, in[0], is_mutable ? interp.types.bytearray : interp.types.bytes,
                     make_bytes(interp, &like, std::move(data)));
}

Value bytes_repr_method(Interp& interp, Args args, void*) {
  const BytesObject* self = self_bytes(interp, args, "__repr__");
  if (self == nullptr) return {};
  const std::string text = bytes_repr(self->data);
  return interp.str(self->is_mutable ? "bytearray(" + text + ")" : text);
}
Value bytes_len(Interp& interp, Args args, void*) {
  const BytesObject* self = self_bytes(interp, args, "__len__");
  return self != nullptr ? Value::integer(static_cast<std::int64_t>(self->data.size())) : Value();
}
Value bytes_hash(Interp& interp, Args args, void*) {
  BytesObject* self = self_bytes(interp, args, "__hash__");
  if (self == nullptr) return {};
  return Value::integer(static_cast<std::int64_t>(*interp.hash(Value::object(self))));
}
template <Order order>
Value compare_bytes(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "comparison", 1, 1)) return {};
  const BytesObject* a = bytes_of(interp, args.positional[0]);
  const BytesObject* b = bytes_of(interp, args.positional[1]);
  if (a == nullptr || b == nullptr) return interp.not_implemented();
  const int c = a->data.compare(b->data);
  switch (order) {
    case Order::lt: return Value::boolean(c < 0);
    case Order::le: return Value::boolean(c <= 0);
    case Order::eq: return Value::boolean(c == 0);
    case Order::ne: return Value::boolean(c != 0);
    case Order::gt: return Value::boolean(c > 0);
    case Order::ge: return Value::boolean(c >= 0);
  }
  return {};
}
Value bytes_getitem(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__getitem__", 1, 1)) return {};
  const BytesObject* self = self_bytes(interp, args, "__getitem__");
  if (self == nullptr) return {};
  const auto length = static_cast<std::int64_t>(self->data.size());
  if (const auto* slice = as<Slice>(args.positional[1])) {
    const std::optional<SliceRange> range = slice_range(interp, slice, length);
    if (!range) return {};
    std::string out;
    for (std::int64_t i = 0, at = range->start; i < range->count; ++i, at += range->step)
      out += self->data[static_cast<std::size_t>(at)];
    return make_bytes(interp, self, std::move(out));
  }
  const std::optional<std::int64_t> at = checked_index(interp, args.positional[1], length, "index out of range");
  return at ? Value::integer(static_cast<unsigned char>(self->data[static_cast<std::size_t>(*at)])) : Value();
}
Value bytes_add(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__add__", 1, 1)) return {};
  const BytesObject* a = self_bytes(interp, args, "__add__");
  const BytesObject* b = bytes_of(interp, args.positional[1]);
  if (a == nullptr) return {};
  return b == nullptr ? interp.not_implemented() : make_bytes(interp, a, a->data + b->data);
}
Value bytes_mul(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__mul__", 1, 1)) return {};
  const BytesObject* self = self_bytes(interp, args, "__mul__");
  if (self == nullptr) return {};
  if (!is_integer(args.positional[1])) return interp.not_implemented();
  const std::int64_t count = std::max<std::int64_t>(0, *size_of(interp, args.positional[1]));
  if (!self->data.empty() && count > interp.limits().string_bytes / static_cast<std::int64_t>(self->data.size()))
    return interp.refuse("K0310", "a string larger than the limit was built");
  std::string out;
  for (std::int64_t i = 0; i < count && !self->data.empty(); ++i) out += self->data;
  return make_bytes(interp, self, std::move(out));
}
Value bytes_contains(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__contains__", 1, 1)) return {};
  const BytesObject* self = self_bytes(interp, args, "__contains__");
  if (self == nullptr) return {};
  if (const BytesObject* part = bytes_of(interp, args.positional[1]))
    return Value::boolean(self->data.find(part->data) != std::string::npos);
  const std::optional<std::int64_t> byte = size_of(interp, args.positional[1]);
  if (!byte) return {};
  if (*byte < 0 || *byte > 255) return value_error(interp, "byte must be in range(0, 256)");
  return Value::boolean(self->data.find(static_cast<char>(*byte)) != std::string::npos);
}
Value bytes_iter(Interp& interp, Args args, void*) {
  BytesObject* self = self_bytes(interp, args, "__iter__");
  return self != nullptr ? make_builtin_iterator(interp, Value::object(self)) : Value();
}
Value bytes_mod(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__mod__", 1, 1)) return {};
  const BytesObject* self = self_bytes(interp, args, "__mod__");
  if (self == nullptr) return {};
  const std::optional<std::string> out = percent_format(interp, self->data, args.positional[1], true);
  return out ? make_bytes(interp, self, *out) : Value();
}

Value bytes_decode(Interp& interp, Args args, void*) {
  std::array<Value, 3> in;
  if (!interp.bind(args, "decode", {"self", "encoding=", "errors="}, in)) return {};
  const BytesObject* self = self_bytes(interp, args, "decode");
  if (self == nullptr) return {};
  std::string encoding = "utf-8";
  std::string errors = "strict";
  for (std::size_t i = 1; i < 3; ++i) {
    if (!given(in[i])) continue;
    const Str* text = str_of(interp, in[i]);
    if (text == nullptr) return type_error(interp, "decode() argument must be str");
    (i == 1 ? encoding : errors) = text->text;
  }
  std::string name;
  for (const char c : encoding) name += c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  const bool utf8 = name == "utf-8" || name == "utf8";
  const bool ascii = name == "ascii" || name == "us-ascii";
  if (!utf8 && !ascii && name != "latin-1" && name != "latin1" && name != "iso-8859-1")
    return interp.raise("LookupError", "unknown encoding: " + encoding);
  std::string out;
  const std::string& data = self->data;
  for (std::size_t i = 0; i < data.size();) {
    const auto lead = static_cast<unsigned char>(data[i]);
    if (lead < 0x80 || (!utf8 && !ascii)) {
      out += encode_utf8(lead);
      ++i;
      continue;
    }
    std::size_t count = 0;
    if (utf8)
      count =
          lead >= 0xC2 && lead < 0xE0 ? 2 : (lead >= 0xE0 && lead < 0xF0 ? 3 : (lead >= 0xF0 && lead < 0xF5 ? 4 : 0));
    std::size_t good = 1;
    while (good < count && i + good < data.size() && (static_cast<unsigned char>(data[i + good]) & 0xC0) == 0x80)
      ++good;
    if (count > 0 && good == count) {
      const std::u32string point = decode_utf8(std::string_view(data).substr(i, count));
      const auto c = static_cast<std::uint32_t>(point[0]);
      const bool valid = !(count == 3 && (c < 0x800 || (c >= 0xD800 && c <= 0xDFFF))) &&
                         !(count == 4 && (c < 0x10000 || c > 0x10FFFF));
      if (valid) {
        out.append(data, i, count);
        i += count;
        continue;
      }
      good = 1;
    }
    if (errors == "ignore") {
      i += good;
    } else if (errors == "replace") {
      out += "\xEF\xBF\xBD";
      i += good;
    } else if (errors == "backslashreplace") {
      out += bytes_repr(data.substr(i, 1)).substr(2, 4);
      ++i;
    } else {
      return interp.raise("UnicodeDecodeError",
                          "'" + std::string(utf8 ? "utf-8" : "ascii") + "' codec can't decode byte 0x" +
                              BigInt(lead).to_string(16) + " in position " + std::to_string(i) +
                              (ascii ? ": ordinal not in range(128)"
                                     : (count == 0 ? ": invalid start byte" : ": invalid continuation byte")));
    }
  }
  return interp.str(out);
}
Value bytes_hex(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "hex", 0, 1)) return {};
  const BytesObject* self = self_bytes(interp, args, "hex");
  if (self == nullptr) return {};
  const Str* separator = given(arg(args, 1)) ? str_of(interp, args.positional[1]) : nullptr;
  std::string out;
  constexpr const char* kDigits = "0123456789abcdef";
  for (const char c : self->data) {
    if (separator != nullptr && !out.empty()) out += separator->text;
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return interp.str(out);
}
Value bytes_fromhex(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "fromhex", 1, 1)) return {};
  const Str* text = str_of(interp, args.positional[1]);
  if (text == nullptr)
    return type_error(interp, "fromhex() argument must be str, not " + interp.type_of(args.positional[1])->name);
  std::string out;
  int pending = -1;
  for (std::size_t i = 0; i < text->text.size(); ++i) {
    const char c = text->text[i];
    if (pending < 0 && (c == ' ' || (c >= 9 && c <= 13))) continue;
    const int digit = c >= '0' && c <= '9'
                          ? c - '0'
                          : (c >= 'a' && c <= 'f' ? c - 'a' + 10 : (c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1));
    if (digit < 0)
      return value_error(interp, "non-hexadecimal number found in fromhex() arg at position " + std::to_string(i));
    if (pending < 0) {
      pending = digit;
    } else {
      out += static_cast<char>(pending * 16 + digit);
      pending = -1;
    }
  }
  if (pending >= 0)
    return value_error(
        interp, "non-hexadecimal number found in fromhex() arg at position " + std::to_string(text->text.size()));
  const Value made = interp.bytes(out);
  return args.positional[0].is(Value::object(interp.types.bytes)) ? made
                                                                  : interp.call(args.positional[0], std::array{made});
}

// Methods whose rules are those of str on ASCII: run on a text and turned back. A byte above 127 becomes a private-use
// character, which has no case and is of no kind, with the byte as its low eight bits.
std::string byte_as_text(unsigned char byte) { return encode_utf8(byte < 0x80 ? byte : 0xE000u + byte); }
Value to_text(Interp& interp, Value value) {
  if (const BytesObject* bytes = bytes_of(interp, value)) {
    std::string out;
    for (const char c : bytes->data) out += byte_as_text(static_cast<unsigned char>(c));
    return interp.str(out);
  }
  if (const Tuple* tuple = tuple_of(interp, value)) {
    std::vector<Value> items;
    for (const Value item : tuple->items) {
      const Value text = to_text(interp, item);
      if (text.is_error()) return {};
      items.push_back(text);
    }
    return interp.tuple(std::move(items));
  }
  if (str_of(interp, value) != nullptr) return type_error(interp, "a bytes-like object is required, not 'str'");
  return value;
}
Value from_text(Interp& interp, const BytesObject* like, Value value) {
  if (const Str* text = exact_str(interp, value)) {
    std::string out;
    for (const char32_t c : decode_utf8(text->text)) out += static_cast<char>(c);
    return make_bytes(interp, like, std::move(out));
  }
  if (value.is_object() && (value.o->type == interp.types.list || value.o->type == interp.types.tuple)) {
    auto& items =
        value.o->type == interp.types.list ? static_cast<List*>(value.o)->items : static_cast<Tuple*>(value.o)->items;
    for (Value& item : items) {
      item = from_text(interp, like, item);
      if (item.is_error()) return {};
    }
  }
  return value;
}
constexpr const char* kTextMethods[] = {
    "split",      "rsplit",  "strip",   "lstrip",     "rstrip",     "replace",      "find",
    "rfind",      "index",   "rindex",  "count",      "startswith", "endswith",     "partition",
    "rpartition", "upper",   "lower",   "title",      "capitalize", "swapcase",     "isalpha",
    "isdigit",    "isspace", "isalnum", "isupper",    "islower",    "istitle",      "center",
    "ljust",      "rjust",   "zfill",   "expandtabs", "splitlines", "removeprefix", "removesuffix"};
Value text_method(Interp& interp, Args args, void* context) {
  const char* name = static_cast<const char*>(context);
  const BytesObject* self = self_bytes(interp, args, name);
  if (self == nullptr) return {};
  std::vector<Value> positional;
  for (const Value value : args.positional) {
    const Value text = to_text(interp, value);
    if (text.is_error()) return {};
    positional.push_back(text);
  }
  const std::string_view method = name;
  if ((method == "find" || method == "index" || method == "count" || method == "rfind" || method == "rindex") &&
      positional.size() > 1 && is_integer(positional[1])) {
    positional[1] = interp.str(byte_as_text(static_cast<unsigned char>(*size_of(interp, positional[1]) & 255)));
  }
  const Value out =
      interp.call_method(positional[0], name, std::span<const Value>(positional).subspan(1), args.names, args.named);
  return out.is_error() ? Value() : from_text(interp, self, out);
}
Value bytes_join(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "join", 1, 1)) return {};
  const BytesObject* self = self_bytes(interp, args, "join");
  if (self == nullptr) return {};
  std::string out;
  std::int64_t index = 0;
  const bool ok = for_each(interp, args.positional[1], [&](Value item) {
    const BytesObject* part = bytes_of(interp, item);
    if (part == nullptr) {
      (void)type_error(interp, "sequence item " + std::to_string(index) + ": expected a bytes-like object, " +
                                   interp.type_of(item)->name + " found");
      return false;
    }
    if (index++ > 0) out += self->data;
    out += part->data;
    return true;
  });
  return ok ? make_bytes(interp, self, std::move(out)) : Value();
}

// ---- bytearray only
BytesObject* changing(Interp& interp, Args args, const char* method) {
  BytesObject* self = self_bytes(interp, args, method);
  return self == nullptr || interp.refuse_mutation(args.positional[0].o) || interp.refuse_mutation(self) ? nullptr
                                                                                                         : self;
}
Value array_append(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "append", 1, 1)) return {};
  BytesObject* self = changing(interp, args, "append");
  if (self == nullptr) return {};
  std::string one;
  if (!collect(interp, interp.tuple({args.positional[1]}), one)) return {};
  self->data += one;
  return Value::none();
}
Value array_extend(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "extend", 1, 1)) return {};
  BytesObject* self = changing(interp, args, "extend");
  if (self == nullptr) return {};
  std::string more;
  if (!collect(interp, args.positional[1], more)) return {};
  self->data += more;
  return Value::none();
}
Value array_iadd(Interp& interp, Args args, void*) {
  return array_extend(interp, args, nullptr).is_error() ? Value() : args.positional[0];
}
Value array_setitem(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__setitem__", 2, 2)) return {};
  BytesObject* self = changing(interp, args, "__setitem__");
  if (self == nullptr) return {};
  std::string data;
  if (const auto* slice = as<Slice>(args.positional[1])) {
    if (!collect(interp, args.positional[2], data)) return {};
    const std::optional<SliceRange> range = slice_range(interp, slice, static_cast<std::int64_t>(self->data.size()));
    if (!range) return {};
    if (range->step == 1) {
      self->data.replace(static_cast<std::size_t>(range->start), static_cast<std::size_t>(range->count), data);
      return Value::none();
    }
    if (static_cast<std::int64_t>(data.size()) != range->count)
      return value_error(interp, "attempt to assign bytes of another size to an extended slice");
    for (std::int64_t i = 0, at = range->start; i < range->count; ++i, at += range->step)
      self->data[static_cast<std::size_t>(at)] = data[static_cast<std::size_t>(i)];
    return Value::none();
  }
  const std::optional<std::int64_t> at = checked_index(
      interp, args.positional[1], static_cast<std::int64_t>(self->data.size()), "bytearray index out of range");
  if (!at || !collect(interp, interp.tuple({args.positional[2]}), data)) return {};
  self->data[static_cast<std::size_t>(*at)] = data[0];
  return Value::none();
}

}  // namespace

void install_bytes(Interp& interp) {
  static constexpr Method kMethods[] = {{"__repr__", bytes_repr_method},
                                        {"__str__", bytes_repr_method},
                                        {"__len__", bytes_len},
                                        {"__getitem__", bytes_getitem},
                                        {"__add__", bytes_add},
                                        {"__mul__", bytes_mul},
                                        {"__rmul__", bytes_mul},
                                        {"__contains__", bytes_contains},
                                        {"__iter__", bytes_iter},
                                        {"__mod__", bytes_mod},
                                        {"__lt__", compare_bytes<Order::lt>},
                                        {"__le__", compare_bytes<Order::le>},
                                        {"__eq__", compare_bytes<Order::eq>},
                                        {"__ne__", compare_bytes<Order::ne>},
                                        {"__gt__", compare_bytes<Order::gt>},
                                        {"__ge__", compare_bytes<Order::ge>},
                                        {"decode", bytes_decode},
                                        {"hex", bytes_hex},
                                        {"join", bytes_join}};
  static constexpr Method kHash[] = {{"__hash__", bytes_hash}};
  static constexpr Method kArray[] = {
      {"append", array_append}, {"extend", array_extend}, {"__iadd__", array_iadd}, {"__setitem__", array_setitem}};
  for (Type* type : {interp.types.bytes, interp.types.bytearray}) {
    define(interp, type, kMethods);
    for (const char* name : kTextMethods) interp.def(type, name, text_method, const_cast<char*>(name));
    define_class_method(interp, type, "fromhex", bytes_fromhex);
  }
  define(interp, interp.types.bytes, kHash);
  define(interp, interp.types.bytearray, kArray);
  interp.dict_set(interp.types.bytearray->dict, "__hash__", Value::none());
  define_static(interp, interp.types.bytes, "__new__", bytes_new<false>);
  define_static(interp, interp.types.bytearray, "__new__", bytes_new<true>);
}

}  // namespace kedge::pylang
