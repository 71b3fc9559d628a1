// re: Match objects, and templates that are filled in from a match.
#include <algorithm>
#include <memory>

#include "pylang/stdlib/re_objects.h"

namespace kedge::pylang::re {

std::optional<std::u32string> expand_template(Interp& interp, const Pattern* pattern, std::u32string_view form,
                                              const std::u32string& text, const std::vector<std::int64_t>& spans) {
  std::u32string out;
  const auto add_group = [&](std::int64_t group, std::size_t position) {
    if (group < 0 || group > pattern->program->groups) {
      (void)raise_error(interp, "invalid group reference " + std::to_string(group), position);
      return false;
    }
    const std::int64_t from = spans[static_cast<std::size_t>(group * 2)];
    if (from >= 0)
      out += text.substr(static_cast<std::size_t>(from),
                         static_cast<std::size_t>(spans[static_cast<std::size_t>(group * 2 + 1)] - from));
    return true;
  };
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] != '\\') {
      out += form[i];
      continue;
    }
    if (++i >= form.size()) {
      (void)raise_error(interp, "bad escape (end of pattern)", i - 1);
      return std::nullopt;
    }
    const char32_t c = form[i];
    const auto digit = [&](std::size_t at, char32_t most = '9') {
      return at < form.size() && form[at] >= '0' && form[at] <= most;
    };
    if (c == 'g') {
      const std::size_t close = form.find(U'>', i);
      if (i + 1 >= form.size() || form[i + 1] != '<' || close == std::u32string_view::npos || close == i + 2) {
        (void)raise_error(interp, "missing group name", i);
        return std::nullopt;
      }
      const std::string name = encode_utf8(form.substr(i + 2, close - i - 2));
      std::int64_t group = -1;
      if (name.find_first_not_of("0123456789") == std::string::npos && name.size() < 6) {
        group = std::stol(name);
      } else {
        const auto known = pattern->program->names.find(name);
        if (known == pattern->program->names.end()) {
          (void)interp.raise("IndexError", "unknown group name '" + name + "'");
          return std::nullopt;
        }
        group = known->second;
      }
      if (!add_group(group, i)) return std::nullopt;
      i = close;
    } else if (c == '0' || (digit(i, '3') && digit(i + 1, '7') && digit(i + 2, '7'))) {
      std::uint32_t value = 0;
      std::size_t count = 0;
      while (count < 3 && digit(i, '7')) {
        value = value * 8 + static_cast<std::uint32_t>(form[i++] - '0');
        ++count;
      }
      --i;
      out += static_cast<char32_t>(value & 0xFF);
    } else if (digit(i)) {
      std::int64_t group = static_cast<std::int64_t>(c - '0');
      if (digit(i + 1)) group = group * 10 + static_cast<std::int64_t>(form[++i] - '0');
      if (!add_group(group, i)) return std::nullopt;
    } else {
      static constexpr std::pair<char32_t, char32_t> kEscapes[] = {{'n', '\n'}, {'t', '\t'}, {'r', '\r'}, {'f', '\f'},
                                                                   {'v', '\v'}, {'a', '\a'}, {'b', '\b'}, {'\\', '\\'}};
      bool known = false;
      for (const auto& [name, value] : kEscapes) {
        if (c != name) continue;
        out += value;
        known = true;
      }
      if (known) continue;
      if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
        (void)raise_error(interp, "bad escape \\" + std::string(1, static_cast<char>(c)), i - 1);
        return std::nullopt;
      }
      out += '\\';
      out += c;
    }
  }
  return out;
}

namespace {

Match* self_match(Interp& interp, Args args) {
  auto* out = as<Match>(arg(args, 0));
  if (out == nullptr) (void)type_error(interp, "descriptor requires a 're.Match' object");
  return out;
}
std::optional<std::size_t> group_number(Interp& interp, const Match* self, Value key) {
  std::int64_t number = -1;
  if (const Str* name = str_of(interp, key)) {
    const auto known = self->pattern->program->names.find(name->text);
    if (known != self->pattern->program->names.end()) number = known->second;
  } else if (is_integer(key)) {
    number = *size_of(interp, key);
  }
  if (number < 0 || number > self->pattern->program->groups) {
    (void)interp.raise("IndexError", "no such group");
    return std::nullopt;
  }
  return static_cast<std::size_t>(number);
}
Value match_text(Interp& interp, const Match* self, std::size_t group, Value missing) {
  if (self->spans[group * 2] < 0) return missing;
  return piece(interp,
               std::u32string_view(*self->text)
                   .substr(static_cast<std::size_t>(self->spans[group * 2]),
                           static_cast<std::size_t>(self->spans[group * 2 + 1] - self->spans[group * 2])),
               self->pattern->bytes);
}
Value match_group(Interp& interp, Args args, void*) {
  const Match* self = self_match(interp, args);
  if (self == nullptr) return {};
  if (args.positional.size() == 1) return match_text(interp, self, 0, Value::none());
  std::vector<Value> out;
  for (const Value key : args.positional.subspan(1)) {
    const std::optional<std::size_t> group = group_number(interp, self, key);
    if (!group) return {};
    out.push_back(match_text(interp, self, *group, Value::none()));
  }
  return out.size() == 1 ? out[0] : interp.tuple(std::move(out));
}
Value match_groups(Interp& interp, Args args, void*) {
  std::array<Value, 2> in;
  if (!interp.bind(args, "groups", {"self", "default="}, in)) return {};
  const Match* self = self_match(interp, args);
  if (self == nullptr) return {};
  std::vector<Value> out;
  for (std::int32_t g = 1; g <= self->pattern->program->groups; ++g)
    out.push_back(match_text(interp, self, static_cast<std::size_t>(g), given(in[1]) ? in[1] : Value::none()));
  return interp.tuple(std::move(out));
}
Value match_groupdict(Interp& interp, Args args, void*) {
  std::array<Value, 2> in;
  if (!interp.bind(args, "groupdict", {"self", "default="}, in)) return {};
  const Match* self = self_match(interp, args);
  if (self == nullptr) return {};
  const std::array<Value, 1> pattern{Value::object(self->pattern)};
  const Value index = pattern_index(interp, Args{pattern, {}, {}}, nullptr);
  Dict* out = interp.dict();
  for (const Dict::Entry& entry : static_cast<Dict*>(index.o)->entries) {
    if (!interp.dict_set(
            out, entry.key,
            match_text(interp, self, static_cast<std::size_t>(entry.value.i), given(in[1]) ? in[1] : Value::none())))
      return {};
  }
  return Value::object(out);
}
template <int kind>  // 0 start, 1 end, 2 span
Value match_position(Interp& interp, Args args, void*) {
  if (!arity(interp, args, kind == 0 ? "start" : (kind == 1 ? "end" : "span"), 0, 1)) return {};
  const Match* self = self_match(interp, args);
  if (self == nullptr) return {};
  std::size_t group = 0;
  if (args.positional.size() > 1) {
    const std::optional<std::size_t> number = group_number(interp, self, args.positional[1]);
    if (!number) return {};
    group = *number;
  }
  if (kind < 2) return Value::integer(self->spans[group * 2 + kind]);
  return interp.tuple({Value::integer(self->spans[group * 2]), Value::integer(self->spans[group * 2 + 1])});
}
Value match_expand(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "expand", 1, 1)) return {};
  const Match* self = self_match(interp, args);
  if (self == nullptr) return {};
  const std::shared_ptr<std::u32string> form = subject(interp, args.positional[1], self->pattern->bytes);
  if (form == nullptr) return {};
  const std::optional<std::u32string> out = expand_template(interp, self->pattern, *form, *self->text, self->spans);
  return out ? piece(interp, *out, self->pattern->bytes) : Value();
}
template <int field>  // 0 re, 1 string, 2 pos, 3 endpos, 4 lastindex, 5 lastgroup
Value match_field(Interp& interp, Args args, void*) {
  const Match* self = self_match(interp, args);
  if (self == nullptr) return {};
  switch (field) {
    case 0: return Value::object(self->pattern);
    case 1: return self->string;
    case 2: return Value::integer(self->pos);
    case 3: return Value::integer(self->endpos);
    case 4: return self->last_group > 0 ? Value::integer(self->last_group) : Value::none();
    default: break;
  }
  for (const auto& [name, group] : self->pattern->program->names) {
    if (group == self->last_group) return interp.str(name);
  }
  return Value::none();
}
Value match_repr(Interp& interp, Args args, void*) {
  const Match* self = self_match(interp, args);
  if (self == nullptr) return {};
  const std::optional<std::string> text = interp.repr_of(match_text(interp, self, 0, Value::none()));
  if (!text) return {};
  return interp.str("<re.Match object; span=(" + std::to_string(self->spans[0]) + ", " +
                    std::to_string(self->spans[1]) + "), match=" + *text + ">");
}
Value match_bool(Interp&, Args, void*) { return Value::boolean(true); }

}  // namespace

void define_match(Interp& interp, Type* match) {
  static constexpr Method kMatch[] = {{"group", match_group},         {"groups", match_groups},
                                      {"groupdict", match_groupdict}, {"start", match_position<0>},
                                      {"end", match_position<1>},     {"span", match_position<2>},
                                      {"expand", match_expand},       {"__getitem__", match_group},
                                      {"__repr__", match_repr},       {"__bool__", match_bool}};
  define(interp, match, kMatch);
  define_getter(interp, match, "re", match_field<0>);
  define_getter(interp, match, "string", match_field<1>);
  define_getter(interp, match, "pos", match_field<2>);
  define_getter(interp, match, "endpos", match_field<3>);
  define_getter(interp, match, "lastindex", match_field<4>);
  define_getter(interp, match, "lastgroup", match_field<5>);
}

}  // namespace kedge::pylang::re
