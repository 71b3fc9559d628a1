// str methods about case, kinds of characters and padding.
#include "pylang/builtins/str_methods.h"
#include "pylang/builtins/unicode.h"

namespace kedge::pylang {
namespace {

using Transform = std::u32string (*)(std::u32string_view);
template <Transform transform>
Value transformed(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "method", 0, 0)) return {};
  const Str* self = self_str(interp, args, "method");
  return self != nullptr ? interp.str(encode_utf8(transform(decode_utf8(self->text)))) : Value();
}
std::u32string title_case(char32_t c) {
  if (c >= 0x1C4 && c <= 0x1CC) return std::u32string(1, c <= 0x1C6 ? 0x1C5 : (c <= 0x1C9 ? 0x1C8 : 0x1CB));
  if (c >= 0x1F1 && c <= 0x1F3) return std::u32string(1, 0x1F2);
  if (c == 0xDF) return U"Ss";
  return std::u32string(1, static_cast<char32_t>(unicode::to_upper(c)));
}
std::u32string capitalize(std::u32string_view text) {
  if (text.empty()) return {};
  return title_case(text[0]) + unicode::lower(text.substr(1));
}
bool cased(char32_t c) {
  return unicode::is_lower(c) || unicode::is_upper(c) || (c >= 0x1C5 && c <= 0x1F2 && unicode::to_lower(c) != c);
}
std::u32string title(std::u32string_view text) {
  std::u32string out;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (inside) out += unicode::lower(text.substr(0, i + 1)).back();
    else out += title_case(text[i]);
    inside = cased(text[i]);
  }
  return out;
}
std::u32string title_text(std::u32string_view text) {
  // `lower` of a prefix is only needed for the final sigma; anything else maps one by one.
  if (text.find(U'\u03A3') != std::u32string_view::npos) return title(text);
  std::u32string out;
  bool inside = false;
  for (const char32_t c : text) {
    if (inside) out += static_cast<char32_t>(unicode::to_lower(c));
    else out += title_case(c);
    inside = cased(c);
  }
  return out;
}
std::u32string swapcase(std::u32string_view text) {
  std::u32string out;
  for (const char32_t c : text) {
    if (unicode::is_upper(c)) out += unicode::lower(std::u32string_view(&c, 1));
    else if (unicode::is_lower(c)) out += unicode::upper(std::u32string_view(&c, 1));
    else out += c;
  }
  return out;
}

using Predicate = bool (*)(std::uint32_t);
template <Predicate predicate, bool when_empty>
Value all_of(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "method", 0, 0)) return {};
  const Str* self = self_str(interp, args, "method");
  if (self == nullptr) return {};
  if (self->text.empty()) return Value::boolean(when_empty);
  for (const char32_t c : decode_utf8(self->text)) {
    if (!predicate(c)) return Value::boolean(false);
  }
  return Value::boolean(true);
}
bool is_title_letter(char32_t c) { return c == 0x1C5 || c == 0x1C8 || c == 0x1CB || c == 0x1F2; }
bool is_ascii(std::uint32_t c) { return c < 0x80; }
template <bool upper>
Value one_case(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "method", 0, 0)) return {};
  const Str* self = self_str(interp, args, "method");
  if (self == nullptr) return {};
  bool any = false;
  for (const char32_t c : decode_utf8(self->text)) {
    if (is_title_letter(c)) return Value::boolean(false);
    if (upper ? unicode::is_lower(c) : unicode::is_upper(c)) return Value::boolean(false);
    any = any || (upper ? unicode::is_upper(c) : unicode::is_lower(c));
  }
  return Value::boolean(any);
}
Value istitle(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "istitle", 0, 0)) return {};
  const Str* self = self_str(interp, args, "istitle");
  if (self == nullptr) return {};
  bool any = false;
  bool inside = false;
  for (const char32_t c : decode_utf8(self->text)) {
    if (unicode::is_upper(c) || is_title_letter(c)) {
      if (inside) return Value::boolean(false);
      inside = any = true;
    } else if (unicode::is_lower(c)) {
      if (!inside) return Value::boolean(false);
      any = true;
    } else {
      inside = false;
    }
  }
  return Value::boolean(any);
}
Value isidentifier(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "isidentifier", 0, 0)) return {};
  const Str* self = self_str(interp, args, "isidentifier");
  if (self == nullptr) return {};
  bool first = true;
  for (const char32_t c : decode_utf8(self->text)) {
    if (c != '_' && !unicode::is_alpha(c) && (first || !unicode::is_decimal(c))) return Value::boolean(false);
    first = false;
  }
  return Value::boolean(!first);
}

enum class Align { left, right, center };
template <Align align>
Value padded(Interp& interp, Args args, void*) {
  static constexpr const char* kNames[] = {"ljust", "rjust", "center"};
  if (!arity(interp, args, kNames[static_cast<int>(align)], 1, 2)) return {};
  const Str* self = self_str(interp, args, "pad");
  if (self == nullptr) return {};
  const std::optional<std::int64_t> width = size_of(interp, args.positional[1]);
  if (!width) return {};
  std::string fill = " ";
  if (given(arg(args, 2))) {
    const Str* text = str_of(interp, args.positional[2]);
    if (text == nullptr)
      return type_error(
          interp, "The fill character must be a unicode character, not " + interp.type_of(args.positional[2])->name);
    if (text->length != 1) return type_error(interp, "The fill character must be exactly one character long");
    fill = text->text;
  }
  const std::int64_t missing = *width - self->length;
  if (missing <= 0) return interp.str(self->text);
  if (missing > interp.limits().string_bytes / 4)
    return interp.refuse("K0310", "a string larger than the limit was built");
  std::int64_t left = 0;
  if (align == Align::right) left = missing;
  if (align == Align::center) left = missing / 2 + (missing & *width & 1);
  std::string out;
  for (std::int64_t i = 0; i < left; ++i) out += fill;
  out += self->text;
  for (std::int64_t i = left; i < missing; ++i) out += fill;
  return interp.str(out);
}
Value zfill(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "zfill", 1, 1)) return {};
  const Str* self = self_str(interp, args, "zfill");
  if (self == nullptr) return {};
  const std::optional<std::int64_t> width = size_of(interp, args.positional[1]);
  if (!width) return {};
  const std::int64_t missing = *width - self->length;
  if (missing <= 0) return interp.str(self->text);
  if (missing > interp.limits().string_bytes) return interp.refuse("K0310", "a string larger than the limit was built");
  const bool sign = !self->text.empty() && (self->text[0] == '+' || self->text[0] == '-');
  return interp.str((sign ? self->text.substr(0, 1) : "") + std::string(static_cast<std::size_t>(missing), '0') +
                    self->text.substr(sign ? 1 : 0));
}
Value expandtabs(Interp& interp, Args args, void*) {
  std::array<Value, 2> in;
  if (!interp.bind(args, "expandtabs", {"self", "tabsize="}, in)) return {};
  const Str* self = self_str(interp, args, "expandtabs");
  if (self == nullptr) return {};
  std::int64_t size = 8;
  if (given(in[1])) {
    const std::optional<std::int64_t> given_size = size_of(interp, in[1]);
    if (!given_size) return {};
    size = *given_size;
  }
  if (size > 100000) return interp.refuse("K0310", "a string larger than the limit was built");
  std::string out;
  std::int64_t column = 0;
  for (const char32_t c : decode_utf8(self->text)) {
    if (c == '\t') {
      if (size <= 0) continue;
      const std::int64_t spaces = size - column % size;
      out.append(static_cast<std::size_t>(spaces), ' ');
      column += spaces;
    } else {
      out += encode_utf8(static_cast<std::uint32_t>(c));
      column = c == '\n' || c == '\r' ? 0 : column + 1;
    }
  }
  return interp.str(out);
}

}  // namespace

std::span<const Method> str_case_methods() {
  static constexpr Method kMethods[] = {{"upper", transformed<unicode::upper>},
                                        {"lower", transformed<unicode::lower>},
                                        {"casefold", transformed<unicode::casefold>},
                                        {"capitalize", transformed<capitalize>},
                                        {"title", transformed<title_text>},
                                        {"swapcase", transformed<swapcase>},
                                        {"isalpha", all_of<unicode::is_alpha, false>},
                                        {"isdecimal", all_of<unicode::is_decimal, false>},
                                        {"isdigit", all_of<unicode::is_digit, false>},
                                        {"isnumeric", all_of<unicode::is_numeric, false>},
                                        {"isspace", all_of<unicode::is_space, false>},
                                        {"isalnum", all_of<unicode::is_alnum, false>},
                                        {"isascii", all_of<is_ascii, true>},
                                        {"isprintable", all_of<unicode::is_printable, true>},
                                        {"isupper", one_case<true>},
                                        {"islower", one_case<false>},
                                        {"istitle", istitle},
                                        {"isidentifier", isidentifier},
                                        {"ljust", padded<Align::left>},
                                        {"rjust", padded<Align::right>},
                                        {"center", padded<Align::center>},
                                        {"zfill", zfill},
                                        {"expandtabs", expandtabs}};
  return kMethods;
}

}  // namespace kedge::pylang
