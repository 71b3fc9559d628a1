// str methods that look for text or cut it: find, count, startswith, replace, split, strip, partition, join, encode,
// translate.
#include <algorithm>

#include "pylang/builtins/numbers.h"
#include "pylang/builtins/str_index.h"
#include "pylang/builtins/str_methods.h"
#include "pylang/builtins/unicode.h"

namespace kedge::pylang {
namespace {

// The window [start, end) of the optional arguments at `first`, in bytes; false: exception pending. `empty`: start is
// past the end.
bool window(Interp& interp, const Str& self, Args args, std::size_t first, std::size_t& begin, std::size_t& end,
            bool& past) {
  std::int64_t start = 0;
  std::int64_t stop = self.length;
  const auto read = [&](std::size_t i, std::int64_t& out) {
    const Value value = arg(args, i);
    if (!given(value) || value.is_none()) return true;
    const std::optional<std::int64_t> number = size_of(interp, value);
    if (!number) return false;
    out = *number < 0 ? std::max<std::int64_t>(0, *number + self.length) : *number;
    return true;
  };
  if (!read(first, start) || !read(first + 1, stop)) return false;
  stop = std::min(stop, self.length);
  past = start > stop;
  if (past) start = stop;
  begin = byte_offset(self, start);
  end = byte_offset(self, stop);
  return true;
}

enum class Search { find, rfind, index, rindex };
template <Search kind>
Value search(Interp& interp, Args args, void*) {
  static constexpr const char* kNames[] = {"find", "rfind", "index", "rindex"};
  if (!arity(interp, args, kNames[static_cast<int>(kind)], 1, 3)) return {};
  const Str* self = self_str(interp, args, "find");
  if (self == nullptr) return {};
  const Str* part = str_of(interp, args.positional[1]);
  if (part == nullptr) return type_error(interp, "must be str, not " + interp.type_of(args.positional[1])->name);
  std::size_t begin = 0;
  std::size_t end = 0;
  bool past = false;
  if (!window(interp, *self, args, 2, begin, end, past)) return {};
  const std::string_view piece = std::string_view(self->text).substr(begin, end - begin);
  const std::size_t at =
      past ? std::string_view::npos
           : (kind == Search::find || kind == Search::index ? piece.find(part->text) : piece.rfind(part->text));
  if (at != std::string_view::npos) return Value::integer(code_point_index(*self, begin + at));
  return kind == Search::find || kind == Search::rfind ? Value::integer(-1)
                                                       : value_error(interp, "substring not found");
}
Value str_count(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "count", 1, 3)) return {};
  const Str* self = self_str(interp, args, "count");
  if (self == nullptr) return {};
  const Str* part = str_of(interp, args.positional[1]);
  if (part == nullptr) return type_error(interp, "must be str, not " + interp.type_of(args.positional[1])->name);
  std::size_t begin = 0;
  std::size_t end = 0;
  bool past = false;
  if (!window(interp, *self, args, 2, begin, end, past)) return {};
  if (past) return Value::integer(0);
  const std::string_view piece = std::string_view(self->text).substr(begin, end - begin);
  if (part->text.empty()) return Value::integer(code_point_index(*self, end) - code_point_index(*self, begin) + 1);
  std::int64_t count = 0;
  for (std::size_t at = piece.find(part->text); at != std::string_view::npos;
       at = piece.find(part->text, at + part->text.size()))
    ++count;
  return Value::integer(count);
}
template <bool starts>
Value affix(Interp& interp, Args args, void*) {
  const char* name = starts ? "startswith" : "endswith";
  if (!arity(interp, args, name, 1, 3)) return {};
  const Str* self = self_str(interp, args, name);
  if (self == nullptr) return {};
  std::size_t begin = 0;
  std::size_t end = 0;
  bool past = false;
  if (!window(interp, *self, args, 2, begin, end, past)) return {};
  const std::string_view piece = std::string_view(self->text).substr(begin, end - begin);
  const auto test = [&](const Str* part) {
    return !past && (starts ? piece.starts_with(part->text) : piece.ends_with(part->text));
  };
  if (const Tuple* many = tuple_of(interp, args.positional[1])) {
    for (const Value item : many->items) {
      const Str* part = str_of(interp, item);
      if (part == nullptr)
        return type_error(
            interp, "tuple for " + std::string(name) + " must only contain str, not " + interp.type_of(item)->name);
      if (test(part)) return Value::boolean(true);
    }
    return Value::boolean(false);
  }
  const Str* part = str_of(interp, args.positional[1]);
  if (part == nullptr)
    return type_error(interp, std::string(name) + " first arg must be str or a tuple of str, not " +
                                  interp.type_of(args.positional[1])->name);
  return Value::boolean(test(part));
}

Value str_replace(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "replace", 2, 3)) return {};
  const Str* self = self_str(interp, args, "replace");
  if (self == nullptr) return {};
  const Str* from = str_of(interp, args.positional[1]);
  const Str* to = str_of(interp, args.positional[2]);
  if (from == nullptr || to == nullptr)
    return type_error(interp, "replace() argument must be str, not " +
                                  interp.type_of(args.positional[from == nullptr ? 1 : 2])->name);
  std::int64_t left = -1;
  if (given(arg(args, 3))) {
    const std::optional<std::int64_t> count = size_of(interp, args.positional[3]);
    if (!count) return {};
    left = *count;
  }
  std::string out;
  const std::string& text = self->text;
  if (from->text.empty()) {
    std::size_t at = 0;
    while (left != 0) {
      out += to->text;
      --left;
      if (at >= text.size()) break;
      std::size_t next = at + 1;
      while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80) ++next;
      out.append(text, at, next - at);
      at = next;
      if (static_cast<std::int64_t>(out.size()) > interp.limits().string_bytes)
        return interp.refuse("K0310", "a string larger than the limit was built");
    }
    if (at < text.size()) out.append(text, at);
    return interp.str(out);
  }
  std::size_t at = 0;
  while (left != 0) {
    const std::size_t found = text.find(from->text, at);
    if (found == std::string::npos) break;
    out.append(text, at, found - at);
    out += to->text;
    if (static_cast<std::int64_t>(out.size()) > interp.limits().string_bytes)
      return interp.refuse("K0310", "a string larger than the limit was built");
    at = found + from->text.size();
    --left;
  }
  out.append(text, at);
  return interp.str(out);
}

// ---- strip
enum class Side { both, left, right };
template <Side side>
Value strip(Interp& interp, Args args, void*) {
  static constexpr const char* kNames[] = {"strip", "lstrip", "rstrip"};
  if (!arity(interp, args, kNames[static_cast<int>(side)], 0, 1)) return {};
  const Str* self = self_str(interp, args, "strip");
  if (self == nullptr) return {};
  const Value chars_value = arg(args, 1);
  std::u32string chars;
  bool space = true;
  if (given(chars_value) && !chars_value.is_none()) {
    const Str* chars_text = str_of(interp, chars_value);
    if (chars_text == nullptr)
      return type_error(interp, std::string(kNames[static_cast<int>(side)]) + " arg must be None or str");
    chars = decode_utf8(chars_text->text);
    space = false;
  }
  const std::u32string points = decode_utf8(self->text);
  const auto drop = [&](char32_t c) { return space ? unicode::is_space(c) : chars.find(c) != std::u32string::npos; };
  std::size_t begin = 0;
  std::size_t end = points.size();
  if (side != Side::right) {
    while (begin < end && drop(points[begin])) ++begin;
  }
  if (side != Side::left) {
    while (end > begin && drop(points[end - 1])) --end;
  }
  return interp.str(encode_utf8(std::u32string_view(points).substr(begin, end - begin)));
}
template <bool prefix>
Value remove_affix(Interp& interp, Args args, void*) {
  const char* name = prefix ? "removeprefix" : "removesuffix";
  if (!arity(interp, args, name, 1, 1)) return {};
  const Str* self = self_str(interp, args, name);
  const Str* part = str_of(interp, args.positional[1]);
  if (self == nullptr) return {};
  if (part == nullptr)
    return type_error(interp,
                      std::string(name) + "() argument must be str, not " + interp.type_of(args.positional[1])->name);
  std::string_view text = self->text;
  if (prefix && text.starts_with(part->text)) text.remove_prefix(part->text.size());
  if (!prefix && !part->text.empty() && text.ends_with(part->text)) text.remove_suffix(part->text.size());
  return interp.str(text);
}

// ---- split
template <bool from_right>
Value split_method(Interp& interp, Args args, void*) {
  std::array<Value, 3> in;
  if (!interp.bind(args, from_right ? "rsplit" : "split", {"self", "sep=", "maxsplit="}, in)) return {};
  const Str* self = self_str(interp, args, "split");
  if (self == nullptr) return {};
  std::int64_t left = -1;
  if (given(in[2])) {
    const std::optional<std::int64_t> count = size_of(interp, in[2]);
    if (!count) return {};
    left = *count;
  }
  std::vector<Value> out;
  bool failed = false;
  const auto emit = [&](std::string_view piece) {
    const Value text = interp.str(piece);
    failed = failed || text.is_error() || !interp.charge(16);
    if (!failed) out.push_back(text);
  };
  std::string_view text = self->text;
  if (!given(in[1]) || in[1].is_none()) {
    const std::u32string points = decode_utf8(text);
    std::vector<std::u32string_view> pieces;
    const std::u32string_view all(points);
    if (!from_right) {
      std::size_t at = 0;
      while (true) {
        while (at < all.size() && unicode::is_space(all[at])) ++at;
        if (at == all.size()) break;
        if (left == 0) {
          pieces.push_back(all.substr(at));  // the rest keeps its trailing space
          break;
        }
        std::size_t end = at;
        while (end < all.size() && !unicode::is_space(all[end])) ++end;
        pieces.push_back(all.substr(at, end - at));
        at = end;
        if (left > 0) --left;
      }
    } else {
      std::size_t end = all.size();
      while (true) {
        while (end > 0 && unicode::is_space(all[end - 1])) --end;
        if (end == 0) break;
        if (left == 0) {
          pieces.push_back(all.substr(0, end));
          break;
        }
        std::size_t begin = end;
        while (begin > 0 && !unicode::is_space(all[begin - 1])) --begin;
        pieces.push_back(all.substr(begin, end - begin));
        end = begin;
        if (left > 0) --left;
      }
      std::reverse(pieces.begin(), pieces.end());
    }
    for (const std::u32string_view piece : pieces) emit(encode_utf8(piece));
    return failed ? Value() : interp.list(std::move(out));
  }
  const Str* separator = str_of(interp, in[1]);
  if (separator == nullptr) return type_error(interp, "must be str or None, not " + interp.type_of(in[1])->name);
  if (separator->text.empty()) return value_error(interp, "empty separator");
  if (!from_right) {
    std::size_t at = 0;
    while (left != 0 && !failed) {
      const std::size_t found = text.find(separator->text, at);
      if (found == std::string_view::npos) break;
      emit(text.substr(at, found - at));
      at = found + separator->text.size();
      --left;
    }
    emit(text.substr(at));
  } else {
    while (left != 0 && !failed) {
      const std::size_t found = text.rfind(separator->text);
      if (found == std::string_view::npos) break;
      emit(text.substr(found + separator->text.size()));
      text = text.substr(0, found);
      --left;
    }
    emit(text);
    std::reverse(out.begin(), out.end());
  }
  return failed ? Value() : interp.list(std::move(out));
}
Value str_splitlines(Interp& interp, Args args, void*) {
  std::array<Value, 2> in;
  if (!interp.bind(args, "splitlines", {"self", "keepends="}, in)) return {};
  const Str* self = self_str(interp, args, "splitlines");
  if (self == nullptr) return {};
  bool keep = false;
  if (given(in[1])) {
    const std::optional<bool> truth = interp.truth(in[1]);
    if (!truth) return {};
    keep = *truth;
  }
  const std::u32string points = decode_utf8(self->text);
  std::vector<Value> out;
  std::size_t begin = 0;
  while (begin < points.size()) {
    std::size_t end = begin;
    const auto is_break = [](char32_t c) {
      return (c >= 10 && c <= 13) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
    };
    while (end < points.size() && !is_break(points[end])) ++end;
    std::size_t next = end;
    if (next < points.size())
      next += points[next] == '\r' && next + 1 < points.size() && points[next + 1] == '\n' ? 2 : 1;
    const Value line = interp.str(encode_utf8(std::u32string_view(points).substr(begin, (keep ? next : end) - begin)));
    if (line.is_error()) return {};
    out.push_back(line);
    begin = next;
  }
  return interp.list(std::move(out));
}
template <bool from_right>
Value partition(Interp& interp, Args args, void*) {
  if (!arity(interp, args, from_right ? "rpartition" : "partition", 1, 1)) return {};
  const Str* self = self_str(interp, args, "partition");
  const Str* separator = str_of(interp, args.positional[1]);
  if (self == nullptr) return {};
  if (separator == nullptr) return type_error(interp, "must be str, not " + interp.type_of(args.positional[1])->name);
  if (separator->text.empty()) return value_error(interp, "empty separator");
  const std::string_view text = self->text;
  const std::size_t at = from_right ? text.rfind(separator->text) : text.find(separator->text);
  const Value empty = interp.str("");
  if (at == std::string_view::npos)
    return from_right ? interp.tuple({empty, empty, interp.str(text)}) : interp.tuple({interp.str(text), empty, empty});
  return interp.tuple(
      {interp.str(text.substr(0, at)), args.positional[1], interp.str(text.substr(at + separator->text.size()))});
}
Value str_join(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "str.join", 1, 1)) return {};
  const Str* self = self_str(interp, args, "join");
  if (self == nullptr) return {};
  std::string out;
  std::int64_t index = 0;
  const bool ok = for_each(interp, args.positional[1], [&](Value item) {
    const Str* part = str_of(interp, item);
    if (part == nullptr) {
      (void)type_error(interp, "sequence item " + std::to_string(index) + ": expected str instance, " +
                                   interp.type_of(item)->name + " found");
      return false;
    }
    if (index++ > 0) out += self->text;
    out += part->text;
    if (static_cast<std::int64_t>(out.size()) > interp.limits().string_bytes) {
      (void)interp.refuse("K0310", "a string larger than the limit was built");
      return false;
    }
    return true;
  });
  if (!ok) {
    if (index == 0 && interp.pending_matches("TypeError") &&
        interp.lookup_type_attr(interp.type_of(args.positional[1]), interp.intern("__iter__")).is_error()) {
      interp.take_pending();
      return type_error(interp, "can only join an iterable");
    }
    return {};
  }
  return interp.str(out);
}

Value str_encode(Interp& interp, Args args, void*) {
  std::array<Value, 3> in;
  if (!interp.bind(args, "encode", {"self", "encoding=", "errors="}, in)) return {};
  const Str* self = self_str(interp, args, "encode");
  if (self == nullptr) return {};
  std::string encoding = "utf-8";
  std::string errors = "strict";
  for (int i = 1; i < 3; ++i) {
    if (!given(in[static_cast<std::size_t>(i)])) continue;
    const Str* text = str_of(interp, in[static_cast<std::size_t>(i)]);
    if (text == nullptr) return type_error(interp, "encode() argument must be str");
    (i == 1 ? encoding : errors) = text->text;
  }
  std::string name;
  for (const char c : encoding) name += c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  const bool utf8 = name == "utf-8" || name == "utf8";
  const bool ascii = name == "ascii" || name == "us-ascii";
  const bool latin = name == "latin-1" || name == "latin1" || name == "iso-8859-1";
  if (!utf8 && !ascii && !latin) return interp.raise("LookupError", "unknown encoding: " + encoding);
  std::string out;
  const std::u32string points = decode_utf8(self->text);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto c = static_cast<std::uint32_t>(points[i]);
    const bool fits = utf8 ? c < 0xD800 || c > 0xDFFF : c < (ascii ? 0x80u : 0x100u);
    if (fits) {
      if (utf8) out += encode_utf8(c);
      else out += static_cast<char>(c);
    } else if (errors == "ignore") {
      continue;
    } else if (errors == "replace") {
      out += '?';
    } else if (errors == "backslashreplace") {
      out += ascii_escape(encode_utf8(c));
    } else if (errors == "xmlcharrefreplace") {
      out += "&#" + std::to_string(c) + ";";
    } else {
      return interp.raise("UnicodeEncodeError",
                          "'" + name + "' codec can't encode character " + str_repr(encode_utf8(c)) + " in position " +
                              std::to_string(i) +
                              (utf8 ? ": surrogates not allowed"
                                    : (ascii ? ": ordinal not in range(128)" : ": ordinal not in range(256)")));
    }
  }
  return interp.bytes(out);
}

Value str_translate(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "str.translate", 1, 1)) return {};
  const Str* self = self_str(interp, args, "translate");
  if (self == nullptr) return {};
  std::string out;
  for (const char32_t c : decode_utf8(self->text)) {
    const Value mapped = interp.getitem(args.positional[1], Value::integer(c));
    if (mapped.is_error()) {
      if (!interp.pending_matches("LookupError")) return {};
      interp.take_pending();
      out += encode_utf8(static_cast<std::uint32_t>(c));
    } else if (const Str* text = str_of(interp, mapped)) {
      out += text->text;
    } else if (!mapped.is_none()) {
      const std::optional<std::int64_t> code = size_of(interp, mapped);
      if (!code) return {};
      if (*code < 0 || *code > 0x10FFFF) return value_error(interp, "character mapping must be in range(0x110000)");
      out += encode_utf8(static_cast<std::uint32_t>(*code));
    }
  }
  return interp.str(out);
}

}  // namespace

Value str_maketrans(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "maketrans", 1, 3, false)) return {};
  Dict* out = interp.dict();
  if (args.positional.size() == 1) {
    Dict* table = dict_of(interp, args.positional[0]);
    if (table == nullptr) return type_error(interp, "if you give only one argument to maketrans it must be a dict");
    for (std::size_t i = 0; i < table->entries.size(); ++i) {
      const Dict::Entry entry = table->entries[i];
      if (entry.key.is_error()) continue;
      Value key = entry.key;
      if (const Str* text = str_of(interp, key)) {
        if (text->length != 1) return value_error(interp, "string keys in translate table must be of length 1");
        key = Value::integer(decode_utf8(text->text)[0]);
      } else if (!is_integer(key)) {
        return type_error(interp, "keys in translate table must be strings or integers");
      }
      if (!interp.dict_set(out, key, entry.value)) return {};
    }
    return Value::object(out);
  }
  std::array<std::u32string, 3> parts;
  for (std::size_t i = 0; i < args.positional.size(); ++i) {
    const Str* text = str_of(interp, args.positional[i]);
    if (text == nullptr)
      return type_error(interp, i == 0 ? "first maketrans argument must be a string if there is a second argument"
                                       : "maketrans() argument must be str");
    parts[i] = decode_utf8(text->text);
  }
  if (parts[0].size() != parts[1].size())
    return value_error(interp, "the first two maketrans arguments must have equal length");
  for (std::size_t i = 0; i < parts[0].size(); ++i) {
    if (!interp.dict_set(out, Value::integer(parts[0][i]), Value::integer(parts[1][i]))) return {};
  }
  for (const char32_t c : parts[2]) {
    if (!interp.dict_set(out, Value::integer(c), Value::none())) return {};
  }
  return Value::object(out);
}

std::span<const Method> str_search_methods() {
  static constexpr Method kMethods[] = {{"find", search<Search::find>},
                                        {"rfind", search<Search::rfind>},
                                        {"index", search<Search::index>},
                                        {"rindex", search<Search::rindex>},
                                        {"count", str_count},
                                        {"startswith", affix<true>},
                                        {"endswith", affix<false>},
                                        {"replace", str_replace},
                                        {"strip", strip<Side::both>},
                                        {"lstrip", strip<Side::left>},
                                        {"rstrip", strip<Side::right>},
                                        {"removeprefix", remove_affix<true>},
                                        {"removesuffix", remove_affix<false>},
                                        {"split", split_method<false>},
                                        {"rsplit", split_method<true>},
                                        {"splitlines", str_splitlines},
                                        {"partition", partition<false>},
                                        {"rpartition", partition<true>},
                                        {"join", str_join},
                                        {"encode", str_encode},
                                        {"translate", str_translate}};
  return kMethods;
}

}  // namespace kedge::pylang
