// str: construction, operators, indexing. The methods are in str_search.cpp, str_case.cpp, format.cpp and percent.cpp.
#include "pylang/builtins/str_index.h"
#include "pylang/builtins/str_methods.h"

namespace kedge::pylang {
namespace {

enum class Order { lt, le, eq, ne, gt, ge };

Value str_new(Interp& interp, Args args, void*) {
  std::array<Value, 4> in;
  if (!interp.bind(args, "str", {"cls", "object=", "encoding=", "errors="}, in)) return {};
  Value out;
  if (given(in[2]) || given(in[3])) {
    const BytesObject* bytes = bytes_of(interp, in[1]);
    if (bytes == nullptr)
      return type_error(interp, "decoding to str: need a bytes-like object, " + interp.type_of(in[1])->name + " found");
    std::vector<Value> rest;
    rest.push_back(given(in[2]) ? in[2] : interp.str("utf-8"));
    if (given(in[3])) rest.push_back(in[3]);
    out = interp.call_method(in[1], "decode", rest);
  } else if (!given(in[1])) {
    out = interp.str("");
  } else if (in[1].is_object() && in[1].o->type == interp.types.str) {
    out = in[1];
  } else {
    const std::optional<std::string> text = interp.str_of(in[1]);
    out = text ? interp.str(*text) : Value();
  }
  return instantiate(interp, in[0], interp.types.str, out);
}

template <Order order>
Value compare_text(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "comparison", 1, 1)) return {};
  const Str* a = str_of(interp, args.positional[0]);
  const Str* b = str_of(interp, args.positional[1]);
  if (a == nullptr || b == nullptr) return interp.not_implemented();
  const int c = a->text.compare(b->text);  // bytes of UTF-8 are ordered as code points
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
Value str_add(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__add__", 1, 1)) return {};
  const Str* a = self_str(interp, args, "__add__");
  const Str* b = str_of(interp, args.positional[1]);
  if (a == nullptr) return {};
  return b == nullptr ? interp.not_implemented() : interp.str(a->text + b->text);
}
Value str_mul(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__mul__", 1, 1)) return {};
  const Str* self = self_str(interp, args, "__mul__");
  if (self == nullptr) return {};
  const Value times = args.positional[1];
  if (!is_integer(times) &&
      (!times.is_object() || interp.lookup_type_attr(times.o->type, interp.intern("__index__")).is_error()))
    return interp.not_implemented();
  const std::optional<std::int64_t> count = size_of(interp, times);
  if (!count) return {};
  if (*count <= 0 || self->text.empty()) return interp.str("");
  if (*count > interp.limits().string_bytes / static_cast<std::int64_t>(self->text.size()))
    return interp.refuse("K0310", "a string larger than the limit was built");
  std::string out;
  out.reserve(self->text.size() * static_cast<std::size_t>(*count));
  for (std::int64_t i = 0; i < *count; ++i) out += self->text;
  return interp.str(out);
}
Value str_len(Interp& interp, Args args, void*) {
  const Str* self = self_str(interp, args, "__len__");
  return self != nullptr ? Value::integer(self->length) : Value();
}
Value str_contains(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__contains__", 1, 1)) return {};
  const Str* self = self_str(interp, args, "__contains__");
  if (self == nullptr) return {};
  const Str* part = str_of(interp, args.positional[1]);
  if (part == nullptr)
    return type_error(interp,
                      "'in <string>' requires string as left operand, not " + interp.type_of(args.positional[1])->name);
  return Value::boolean(self->text.find(part->text) != std::string::npos);
}
Value str_getitem(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__getitem__", 1, 1)) return {};
  const Str* self = self_str(interp, args, "__getitem__");
  if (self == nullptr) return {};
  const Value key = args.positional[1];
  if (const auto* slice = as<Slice>(key)) {
    const std::optional<SliceRange> range = slice_range(interp, slice, self->length);
    if (!range) return {};
    if (range->step == 1) {
      const std::size_t begin = byte_offset(*self, range->start);
      const std::size_t end = byte_offset(*self, range->start + range->count);
      return interp.str(std::string_view(self->text).substr(begin, end - begin));
    }
    std::string out;
    if (self->ascii()) {
      for (std::int64_t i = 0, at = range->start; i < range->count; ++i, at += range->step)
        out += self->text[static_cast<std::size_t>(at)];
      return interp.str(out);
    }
    const std::u32string points = decode_utf8(self->text);
    for (std::int64_t i = 0, at = range->start; i < range->count; ++i, at += range->step)
      out += encode_utf8(static_cast<std::uint32_t>(points[static_cast<std::size_t>(at)]));
    return interp.str(out);
  }
  if (!is_integer(key) &&
      (!key.is_object() || interp.lookup_type_attr(key.o->type, interp.intern("__index__")).is_error())) {
    return type_error(interp, "string indices must be integers, not " + quoted_type(interp, key));
  }
  const std::optional<std::int64_t> at = checked_index(interp, key, self->length, "string index out of range");
  if (!at) return {};
  const std::size_t begin = byte_offset(*self, *at);
  std::size_t end = begin + 1;
  while (end < self->text.size() && (static_cast<unsigned char>(self->text[end]) & 0xC0) == 0x80) ++end;
  return interp.str(std::string_view(self->text).substr(begin, end - begin));
}
Value str_iter(Interp& interp, Args args, void*) {
  Str* self = self_str(interp, args, "__iter__");
  return self != nullptr ? make_builtin_iterator(interp, Value::object(self)) : Value();
}
Value str_hash(Interp& interp, Args args, void*) {
  Str* self = self_str(interp, args, "__hash__");
  return self != nullptr ? Value::integer(static_cast<std::int64_t>(text_hash(self))) : Value();
}
Value str_repr_method(Interp& interp, Args args, void*) {
  const Str* self = self_str(interp, args, "__repr__");
  return self != nullptr ? interp.str(str_repr(self->text)) : Value();
}
Value str_str(Interp& interp, Args args, void*) {
  Str* self = self_str(interp, args, "__str__");
  return self != nullptr ? Value::object(self) : Value();
}
Value str_format_dunder(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__format__", 1, 1)) return {};
  const Str* self = self_str(interp, args, "__format__");
  const Str* spec = str_of(interp, args.positional[1]);
  if (self == nullptr || spec == nullptr)
    return type_error(interp, "__format__() argument must be str, not " + interp.type_of(args.positional[1])->name);
  if (spec->text.empty()) {
    const std::optional<std::string> text = interp.str_of(args.positional[0]);
    return text ? interp.str(*text) : Value();
  }
  const std::optional<std::string> out = format_value(interp, unwrap(args.positional[0]), spec->text);
  return out ? interp.str(*out) : Value();
}
Value str_getnewargs(Interp& interp, Args args, void*) {
  Str* self = self_str(interp, args, "__getnewargs__");
  return self != nullptr ? interp.tuple({Value::object(self)}) : Value();
}

}  // namespace

void install_str(Interp& interp) {
  static constexpr Method kMethods[] = {{"__add__", str_add},
                                        {"__mul__", str_mul},
                                        {"__rmul__", str_mul},
                                        {"__mod__", str_percent},
                                        {"__len__", str_len},
                                        {"__contains__", str_contains},
                                        {"__getitem__", str_getitem},
                                        {"__iter__", str_iter},
                                        {"__hash__", str_hash},
                                        {"__repr__", str_repr_method},
                                        {"__str__", str_str},
                                        {"__format__", str_format_dunder},
                                        {"__getnewargs__", str_getnewargs},
                                        {"__lt__", compare_text<Order::lt>},
                                        {"__le__", compare_text<Order::le>},
                                        {"__eq__", compare_text<Order::eq>},
                                        {"__ne__", compare_text<Order::ne>},
                                        {"__gt__", compare_text<Order::gt>},
                                        {"__ge__", compare_text<Order::ge>},
                                        {"format", str_format_method},
                                        {"format_map", str_format_map_method}};
  Type* type = interp.types.str;
  define(interp, type, kMethods);
  define(interp, type, str_search_methods());
  define(interp, type, str_case_methods());
  define_static(interp, type, "__new__", str_new);
  define_static(interp, type, "maketrans", str_maketrans);
}

}  // namespace kedge::pylang
