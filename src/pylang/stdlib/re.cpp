// re: the module and Pattern objects around the matcher of regex.h; Match objects are in re_match.cpp.
#include <algorithm>
#include <memory>

#include "pylang/stdlib/re_objects.h"

namespace kedge::pylang::re {
namespace {

constexpr std::int64_t kStepsOfOneCall = 50'000'000;

Type* pattern_type(Interp& interp) { return interp.internal_types["re.Pattern"]; }

Pattern* self_pattern(Interp& interp, Args args) {
  auto* out = as<Pattern>(arg(args, 0));
  if (out == nullptr) (void)type_error(interp, "descriptor requires a 're.Pattern' object");
  return out;
}

}  // namespace

std::shared_ptr<std::u32string> subject(Interp& interp, Value value, bool bytes) {
  if (const Str* s = str_of(interp, value)) {
    if (!bytes) return std::make_shared<std::u32string>(decode_utf8(s->text));
    (void)type_error(interp, "cannot use a bytes pattern on a string-like object");
    return nullptr;
  }
  if (const BytesObject* b = bytes_of(interp, value)) {
    if (bytes) {
      auto out = std::make_shared<std::u32string>();
      for (const char c : b->data) *out += static_cast<char32_t>(static_cast<unsigned char>(c));
      return out;
    }
    (void)type_error(interp, "cannot use a string pattern on a bytes-like object");
    return nullptr;
  }
  (void)type_error(interp, "expected string or bytes-like object, got " + quoted_type(interp, value));
  return nullptr;
}
Value piece(Interp& interp, std::u32string_view text, bool bytes) {
  if (!bytes) return interp.str(encode_utf8(text));
  std::string out;
  for (const char32_t c : text) out += static_cast<char>(c);
  return interp.bytes(out);
}

Value raise_error(Interp& interp, const std::string& message, std::size_t position) {
  Type* type = interp.internal_types["re.error"];
  const Value text = interp.str(message + " at position " + std::to_string(position));
  ExceptionObject* e = make_exception(interp, type, {text});
  if (e == nullptr) return {};
  interp.dict_set(e->dict, "msg", interp.str(message));
  interp.dict_set(e->dict, "pos", Value::integer(static_cast<std::int64_t>(position)));
  return interp.raise(e);
}
Value pattern_index(Interp& interp, Args args, void*) {
  const Pattern* self = self_pattern(interp, args);
  if (self == nullptr) return {};
  std::vector<std::pair<std::int32_t, std::string>> ordered;
  for (const auto& [name, group] : self->program->names) ordered.emplace_back(group, name);
  std::sort(ordered.begin(), ordered.end());
  Dict* out = interp.dict();
  for (const auto& [group, name] : ordered) interp.dict_set(out, name, Value::integer(group));
  return Value::object(out);
}

namespace {

Value compile(Interp& interp, Value source, Value flags_value) {
  std::int64_t flags = 0;
  if (given(flags_value)) {
    const std::optional<std::int64_t> number = size_of(interp, flags_value);
    if (!number) return {};
    flags = *number;
  }
  if (as<Pattern>(source) != nullptr)
    return flags != 0 ? value_error(interp, "cannot process flags argument with a compiled pattern") : source;
  const bool bytes = bytes_of(interp, source) != nullptr;
  if (!bytes && str_of(interp, source) == nullptr)
    return type_error(interp, "first argument must be string or compiled pattern");
  const std::shared_ptr<std::u32string> text = subject(interp, source, bytes);
  if (text == nullptr) return {};
  regex::SyntaxFault fault;
  std::optional<regex::Program> program =
      regex::compile(*text, static_cast<std::uint32_t>(flags) | (bytes ? regex::kAscii : 0u), fault);
  if (!program) return raise_error(interp, fault.message, fault.position);
  if (!bytes && (program->flags & regex::kAscii) == 0) program->flags |= regex::kUnicode;
  if (bytes) program->flags &= ~static_cast<std::uint32_t>(regex::kAscii);
  if (!interp.charge(static_cast<std::int64_t>(program->code.size() * sizeof(regex::Instruction)))) return {};
  auto* out = interp.make<Pattern>(pattern_type(interp));
  out->program = std::make_shared<regex::Program>(std::move(*program));
  out->source = source;
  out->bytes = bytes;
  return Value::object(out);
}

// A walk over a subject: one search after the other, as findall, sub and split need it.
struct Walk {
  Interp& interp;
  Pattern* pattern;
  Value string;
  std::shared_ptr<std::u32string> text;
  std::int64_t at = 0, begin = 0, end = 0;
  bool must_advance = false;
  std::int64_t steps = kStepsOfOneCall;

  // false: nothing more, or an exception pending.
  bool next(regex::Mode mode, std::vector<std::int64_t>& spans, std::int32_t& last_group) {
    if (at > end) return false;
    const regex::Outcome outcome =
        regex::run(*pattern->program, *text, at, end, mode, must_advance, spans, last_group, steps);
    if (outcome == regex::Outcome::too_long) {
      (void)interp.refuse("K0312", "a regular expression took more than " + std::to_string(kStepsOfOneCall) + " steps");
      return false;
    }
    if (outcome == regex::Outcome::none) return false;
    at = spans[1];
    must_advance = spans[0] == spans[1];
    return true;
  }
  Value match(const std::vector<std::int64_t>& spans, std::int32_t last_group) {
    auto* out = interp.make<Match>(interp.internal_types["re.Match"]);
    out->pattern = pattern;
    out->string = string;
    out->text = text;
    out->spans = spans;
    out->last_group = last_group;
    out->pos = begin;
    out->endpos = end;
    return Value::object(out);
  }
};

std::optional<Walk> make_walk(Interp& interp, Pattern* pattern, Value string, Value pos = {}, Value endpos = {}) {
  std::shared_ptr<std::u32string> text = subject(interp, string, pattern->bytes);
  if (text == nullptr) return std::nullopt;
  Walk walk{interp, pattern, string, text};
  const auto length = static_cast<std::int64_t>(text->size());
  walk.end = length;
  if (given(endpos)) {
    const std::optional<std::int64_t> n = size_of(interp, endpos);
    if (!n) return std::nullopt;
    walk.end = std::clamp<std::int64_t>(*n, 0, length);
  }
  if (given(pos)) {
    const std::optional<std::int64_t> n = size_of(interp, pos);
    if (!n) return std::nullopt;
    walk.at = walk.begin = std::clamp<std::int64_t>(*n, 0, length);
  }
  return walk;
}

template <regex::Mode mode>
Value pattern_find(Interp& interp, Args args, void*) {
  std::array<Value, 4> in;
  if (!interp.bind(args, mode == regex::Mode::search ? "search" : (mode == regex::Mode::match ? "match" : "fullmatch"),
                   {"self", "string", "pos=", "endpos="}, in))
    return {};
  Pattern* self = self_pattern(interp, args);
  if (self == nullptr) return {};
  std::optional<Walk> walk = make_walk(interp, self, in[1], in[2], in[3]);
  if (!walk) return {};
  std::vector<std::int64_t> spans;
  std::int32_t last_group = -1;
  if (walk->next(mode, spans, last_group)) return walk->match(spans, last_group);
  return interp.has_exception() ? Value() : Value::none();
}

Value group_text(Interp& interp, const Walk& walk, const std::vector<std::int64_t>& spans, std::size_t group,
                 Value missing) {
  if (spans[group * 2] < 0) return missing;
  return piece(interp,
               std::u32string_view(*walk.text)
                   .substr(static_cast<std::size_t>(spans[group * 2]),
                           static_cast<std::size_t>(spans[group * 2 + 1] - spans[group * 2])),
               walk.pattern->bytes);
}
template <bool matches>
Value pattern_all(Interp& interp, Args args, void*) {
  std::array<Value, 4> in;
  if (!interp.bind(args, matches ? "finditer" : "findall", {"self", "string", "pos=", "endpos="}, in)) return {};
  Pattern* self = self_pattern(interp, args);
  if (self == nullptr) return {};
  std::optional<Walk> walk = make_walk(interp, self, in[1], in[2], in[3]);
  if (!walk) return {};
  std::vector<Value> out;
  std::vector<std::int64_t> spans;
  std::int32_t last_group = -1;
  const auto groups = static_cast<std::size_t>(self->program->groups);
  while (walk->next(regex::Mode::search, spans, last_group)) {
    Value item;
    if (matches) {
      item = walk->match(spans, last_group);
    } else if (groups <= 1) {
      item = group_text(interp, *walk, spans, groups, piece(interp, U"", self->bytes));
    } else {
      std::vector<Value> parts;
      for (std::size_t g = 1; g <= groups; ++g)
        parts.push_back(group_text(interp, *walk, spans, g, piece(interp, U"", self->bytes)));
      item = interp.tuple(std::move(parts));
    }
    if (item.is_error() || !interp.charge(32)) return {};
    out.push_back(item);
  }
  if (interp.has_exception()) return {};
  const Value list = interp.list(std::move(out));
  return matches && !list.is_error() ? interp.iterate(list) : list;
}

template <bool with_count>
Value pattern_sub(Interp& interp, Args args, void*) {
  std::array<Value, 4> in;
  if (!interp.bind(args, with_count ? "subn" : "sub", {"self", "repl", "string", "count="}, in)) return {};
  Pattern* self = self_pattern(interp, args);
  if (self == nullptr) return {};
  std::optional<Walk> walk = make_walk(interp, self, in[2]);
  if (!walk) return {};
  std::int64_t limit = 0;
  if (given(in[3])) {
    const std::optional<std::int64_t> n = size_of(interp, in[3]);
    if (!n) return {};
    limit = *n;
  }
  const bool is_text = self->bytes ? bytes_of(interp, in[1]) != nullptr : str_of(interp, in[1]) != nullptr;
  std::shared_ptr<std::u32string> form;
  if (is_text) form = subject(interp, in[1], self->bytes);
  std::u32string out;
  std::int64_t copied = 0;
  std::int64_t count = 0;
  std::vector<std::int64_t> spans;
  std::int32_t last_group = -1;
  while ((limit <= 0 || count < limit) && walk->next(regex::Mode::search, spans, last_group)) {
    out += walk->text->substr(static_cast<std::size_t>(copied), static_cast<std::size_t>(spans[0] - copied));
    if (is_text) {
      const std::optional<std::u32string> expanded = expand_template(interp, self, *form, *walk->text, spans);
      if (!expanded) return {};
      out += *expanded;
    } else {
      const Value made = interp.call(in[1], std::array{walk->match(spans, last_group)});
      if (made.is_error()) return {};
      const std::shared_ptr<std::u32string> text = subject(interp, made, self->bytes);
      if (text == nullptr) return {};
      out += *text;
    }
    copied = spans[1];
    ++count;
    if (static_cast<std::int64_t>(out.size()) > interp.limits().string_bytes / 4)
      return interp.refuse("K0310", "a string larger than the limit was built");
  }
  if (interp.has_exception()) return {};
  out += walk->text->substr(static_cast<std::size_t>(copied));
  const Value text = piece(interp, out, self->bytes);
  if (!with_count || text.is_error()) return text;
  return interp.tuple({text, Value::integer(count)});
}
Value pattern_split(Interp& interp, Args args, void*) {
  std::array<Value, 3> in;
  if (!interp.bind(args, "split", {"self", "string", "maxsplit="}, in)) return {};
  Pattern* self = self_pattern(interp, args);
  if (self == nullptr) return {};
  std::optional<Walk> walk = make_walk(interp, self, in[1]);
  if (!walk) return {};
  std::int64_t limit = 0;
  if (given(in[2])) {
    const std::optional<std::int64_t> n = size_of(interp, in[2]);
    if (!n) return {};
    limit = *n;
  }
  std::vector<Value> out;
  std::vector<std::int64_t> spans;
  std::int32_t last_group = -1;
  std::int64_t copied = 0;
  for (std::int64_t count = 0; (limit <= 0 || count < limit) && walk->next(regex::Mode::search, spans, last_group);
       ++count) {
    out.push_back(piece(interp,
                        std::u32string_view(*walk->text)
                            .substr(static_cast<std::size_t>(copied), static_cast<std::size_t>(spans[0] - copied)),
                        self->bytes));
    for (std::int32_t g = 1; g <= self->program->groups; ++g)
      out.push_back(group_text(interp, *walk, spans, static_cast<std::size_t>(g), Value::none()));
    copied = spans[1];
  }
  if (interp.has_exception()) return {};
  out.push_back(piece(interp, std::u32string_view(*walk->text).substr(static_cast<std::size_t>(copied)), self->bytes));
  return interp.list(std::move(out));
}

std::int64_t visible_flags(const Pattern* self) { return static_cast<std::int64_t>(self->program->flags); }
Value pattern_source(Interp& interp, Args args, void*) {
  const Pattern* self = self_pattern(interp, args);
  return self != nullptr ? self->source : Value();
}
Value pattern_flags(Interp& interp, Args args, void*) {
  const Pattern* self = self_pattern(interp, args);
  return self != nullptr ? Value::integer(visible_flags(self)) : Value();
}
Value pattern_groups(Interp& interp, Args args, void*) {
  const Pattern* self = self_pattern(interp, args);
  return self != nullptr ? Value::integer(self->program->groups) : Value();
}
Value pattern_repr(Interp& interp, Args args, void*) {
  const Pattern* self = self_pattern(interp, args);
  if (self == nullptr) return {};
  const std::optional<std::string> source = interp.repr_of(self->source);
  if (!source) return {};
  static constexpr std::pair<std::uint32_t, const char*> kNames[] = {{2, "re.IGNORECASE"}, {4, "re.LOCALE"},
                                                                     {8, "re.MULTILINE"},  {16, "re.DOTALL"},
                                                                     {64, "re.VERBOSE"},   {256, "re.ASCII"}};
  std::string flags;
  for (const auto& [bit, name] : kNames) {
    if ((self->program->flags & bit) != 0) flags += (flags.empty() ? "" : "|") + std::string(name);
  }
  return interp.str("re.compile(" + *source + (flags.empty() ? "" : ", " + flags) + ")");
}
Value pattern_equal(Interp& interp, Args args, void*) {
  const auto* a = as<Pattern>(arg(args, 0));
  const auto* b = as<Pattern>(arg(args, 1));
  if (a == nullptr || b == nullptr) return interp.not_implemented();
  const std::optional<bool> same = interp.equal(a->source, b->source);
  return same ? Value::boolean(*same && a->program->flags == b->program->flags) : Value();
}
Value pattern_hash(Interp& interp, Args args, void*) {
  const Pattern* self = self_pattern(interp, args);
  if (self == nullptr) return {};
  const std::optional<std::uint64_t> h = interp.hash(self->source);
  return h ? Value::integer(static_cast<std::int64_t>(*h)) : Value();
}

// ---- module functions: compile, then the method
Value module_compile(Interp& interp, Args args, void*) {
  std::array<Value, 2> in;
  return interp.bind(args, "compile", {"pattern", "flags="}, in) ? compile(interp, in[0], in[1]) : Value();
}
template <NativeFn method>
Value module_find(Interp& interp, Args args, void*) {
  std::array<Value, 3> in;
  if (!interp.bind(args, "search", {"pattern", "string", "flags="}, in)) return {};
  const Value pattern = compile(interp, in[0], in[2]);
  if (pattern.is_error()) return {};
  const std::array<Value, 2> call{pattern, in[1]};
  return method(interp, Args{call, {}, {}}, nullptr);
}
template <bool with_count>
Value module_sub(Interp& interp, Args args, void*) {
  std::array<Value, 5> in;
  if (!interp.bind(args, with_count ? "subn" : "sub", {"pattern", "repl", "string", "count=", "flags="}, in)) return {};
  const Value pattern = compile(interp, in[0], in[4]);
  if (pattern.is_error()) return {};
  const std::array<Value, 4> call{pattern, in[1], in[2], given(in[3]) ? in[3] : Value::integer(0)};
  return pattern_sub<with_count>(interp, Args{call, {}, {}}, nullptr);
}
Value module_split(Interp& interp, Args args, void*) {
  std::array<Value, 4> in;
  if (!interp.bind(args, "split", {"pattern", "string", "maxsplit=", "flags="}, in)) return {};
  const Value pattern = compile(interp, in[0], in[3]);
  if (pattern.is_error()) return {};
  const std::array<Value, 3> call{pattern, in[1], given(in[2]) ? in[2] : Value::integer(0)};
  return pattern_split(interp, Args{call, {}, {}}, nullptr);
}
Value module_escape(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "escape", 1, 1, false)) return {};
  const Str* text = str_of(interp, args.positional[0]);
  const BytesObject* bytes = bytes_of(interp, args.positional[0]);
  if (text == nullptr && bytes == nullptr) return type_error(interp, "expected string or bytes-like object");
  std::string out;
  for (const char c : text != nullptr ? text->text : bytes->data) {
    if (std::string_view("()[]{}?*+-|^$\\.&~# \t\n\r\v\f").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return text != nullptr ? interp.str(out) : interp.bytes(out);
}
Value module_purge(Interp&, Args, void*) { return Value::none(); }

}  // namespace

}  // namespace kedge::pylang::re

namespace kedge::pylang {

using namespace re;

bool init_re(Interp& interp, Module& module, void*) {
  Type* error = interp.make_host_type("re", "error", interp.exception_type("Exception"));
  interp.internal_types["re.error"] = error;
  interp.dict_set(module.dict, "error", Value::object(error));
  Type* pattern = interp.make_host_type("re", "Pattern");
  Type* match = interp.make_host_type("re", "Match");
  interp.internal_types["re.Pattern"] = pattern;
  interp.internal_types["re.Match"] = match;
  static constexpr Method kPattern[] = {{"search", pattern_find<regex::Mode::search>},
                                        {"match", pattern_find<regex::Mode::match>},
                                        {"fullmatch", pattern_find<regex::Mode::full>},
                                        {"findall", pattern_all<false>},
                                        {"finditer", pattern_all<true>},
                                        {"sub", pattern_sub<false>},
                                        {"subn", pattern_sub<true>},
                                        {"split", pattern_split},
                                        {"__repr__", pattern_repr},
                                        {"__eq__", pattern_equal},
                                        {"__hash__", pattern_hash}};
  define(interp, pattern, kPattern);
  define_getter(interp, pattern, "pattern", pattern_source);
  define_getter(interp, pattern, "flags", pattern_flags);
  define_getter(interp, pattern, "groups", pattern_groups);
  define_getter(interp, pattern, "groupindex", pattern_index);
  define_match(interp, match);
  interp.dict_set(module.dict, "Pattern", Value::object(pattern));
  interp.dict_set(module.dict, "Match", Value::object(match));
  static constexpr Method kFunctions[] = {{"compile", module_compile},
                                          {"search", module_find<pattern_find<regex::Mode::search>>},
                                          {"match", module_find<pattern_find<regex::Mode::match>>},
                                          {"fullmatch", module_find<pattern_find<regex::Mode::full>>},
                                          {"findall", module_find<pattern_all<false>>},
                                          {"finditer", module_find<pattern_all<true>>},
                                          {"sub", module_sub<false>},
                                          {"subn", module_sub<true>},
                                          {"split", module_split},
                                          {"escape", module_escape},
                                          {"purge", module_purge}};
  add_functions(interp, module, kFunctions);
  static constexpr std::pair<const char*, std::int64_t> kFlags[] = {
      {"I", 2},         {"IGNORECASE", 2}, {"L", 4},       {"LOCALE", 4},  {"M", 8},
      {"MULTILINE", 8}, {"S", 16},         {"DOTALL", 16}, {"U", 32},      {"UNICODE", 32},
      {"X", 64},        {"VERBOSE", 64},   {"A", 256},     {"ASCII", 256}, {"NOFLAG", 0}};
  for (const auto& [name, value] : kFlags) interp.dict_set(module.dict, name, Value::integer(value));
  return true;
}

}  // namespace kedge::pylang
