// str.format and str.format_map: replacement fields with attribute and index lookups, conversions and nested
// specifications.
#include "pylang/builtins/str_methods.h"

namespace kedge::pylang {
namespace {

class Formatter {
 public:
  Formatter(Interp& interp, std::span<const Value> positional, Args named, Value mapping)
      : interp_(interp), positional_(positional), named_(named), mapping_(mapping) {}

  std::optional<std::string> run(std::string_view text, int depth) {
    if (depth < 0) return fail("Max string recursion exceeded");
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t brace = text.find_first_of("{}", at);
      if (brace == std::string_view::npos) {
        out += text.substr(at);
        break;
      }
      out += text.substr(at, brace - at);
      at = brace + 1;
      if (at < text.size() && text[at] == text[brace]) {
        out += text[brace];
        ++at;
        continue;
      }
      if (text[brace] == '}') return fail("Single '}' encountered in format string");
      if (at >= text.size()) return fail("Single '{' encountered in format string");
      if (!field(text, at, out, depth)) return std::nullopt;
      if (static_cast<std::int64_t>(out.size()) > interp_.limits().string_bytes) {
        (void)interp_.refuse("K0310", "a string larger than the limit was built");
        return std::nullopt;
      }
    }
    return out;
  }

 private:
  std::optional<std::string> fail(const char* message) {
    (void)value_error(interp_, message);
    return std::nullopt;
  }

  // One field; `at` stands behind its '{' and is moved behind its '}'.
  bool field(std::string_view text, std::size_t& at, std::string& out, int depth) {
    std::size_t end = at;
    int nested = 1;
    int brackets = 0;
    for (; end < text.size(); ++end) {
      if (text[end] == '[') ++brackets;
      else if (text[end] == ']' && brackets > 0) --brackets;
      else if (text[end] == '{') ++nested;
      else if (text[end] == '}' && --nested == 0) break;
    }
    if (end >= text.size()) return fail("expected '}' before end of string").has_value();
    const std::string_view body = text.substr(at, end - at);
    at = end + 1;
    // The name ends at the first '!' or ':' outside brackets.
    std::size_t name_end = 0;
    bool inside = false;
    while (name_end < body.size()) {
      const char c = body[name_end];
      if (c == '[') inside = true;
      if (c == ']') inside = false;
      if (!inside && (c == '!' || c == ':')) break;
      if (!inside && c == '{') return fail("unexpected '{' in field name").has_value();
      ++name_end;
    }
    const std::string_view name = body.substr(0, name_end);
    std::string_view rest = body.substr(name_end);
    char conversion = '\0';
    if (!rest.empty() && rest[0] == '!') {
      if (rest.size() < 2) return fail("end of string while looking for conversion specifier").has_value();
      conversion = rest[1];
      rest.remove_prefix(2);
      if (!rest.empty() && rest[0] != ':') return fail("expected ':' after conversion specifier").has_value();
    }
    const std::string_view spec_text = rest.empty() ? std::string_view() : rest.substr(1);
    Value value = lookup(name);
    if (value.is_error()) return false;
    if (conversion != '\0') {
      std::optional<std::string> converted;
      if (conversion == 's') converted = interp_.str_of(value);
      else if (conversion == 'r' || conversion == 'a') converted = interp_.repr_of(value);
      else {
        (void)value_error(interp_, "Unknown conversion specifier " + std::string(1, conversion));
        return false;
      }
      if (!converted) return false;
      value = interp_.str(conversion == 'a' ? ascii_escape(*converted) : *converted);
      if (value.is_error()) return false;
    }
    std::string spec(spec_text);
    if (spec_text.find_first_of("{}") != std::string_view::npos) {
      std::optional<std::string> expanded = run(spec_text, depth - 1);
      if (!expanded) return false;
      spec = std::move(*expanded);
    }
    const std::optional<std::string> piece = format_value(interp_, value, spec);
    if (!piece) return false;
    out += *piece;
    return true;
  }

  static bool all_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  }

  Value lookup(std::string_view name) {
    const std::size_t end = std::min(name.find_first_of(".["), name.size());
    const std::string_view first = name.substr(0, end);
    Value value;
    if (first.empty() || all_digits(first)) {
      if (given(mapping_)) {
        if (first.empty()) return value_error(interp_, "Format string contains positional fields");
        value = interp_.getitem(mapping_, interp_.str(first));
        if (value.is_error()) return {};
      } else {
        std::size_t index = 0;
        if (first.empty()) {
          if (manual_)
            return value_error(interp_, "cannot switch from manual field specification to automatic field numbering");
          automatic_ = true;
          index = next_++;
        } else {
          if (automatic_)
            return value_error(interp_, "cannot switch from automatic field numbering to manual field specification");
          manual_ = true;
          if (first.size() > 9) return value_error(interp_, "Too many decimal digits in format string");
          index = static_cast<std::size_t>(std::stoul(std::string(first)));
        }
        if (index >= positional_.size()) {
          return interp_.raise(
              "IndexError", "Replacement index " + std::to_string(index) + " out of range for positional args tuple");
        }
        value = positional_[index];
      }
    } else if (given(mapping_)) {
      value = interp_.getitem(mapping_, interp_.str(first));
      if (value.is_error()) return {};
    } else {
      for (std::size_t i = 0; i < named_.names.size(); ++i) {
        if (named_.names[i]->text == first) value = named_.named[i];
      }
      if (value.is_error()) {
        ExceptionObject* e = make_exception(interp_, interp_.exception_type("KeyError"), {interp_.str(first)});
        return e != nullptr ? interp_.raise(e) : Value();
      }
    }
    std::string_view rest = name.substr(end);
    while (!rest.empty()) {
      if (rest[0] == '.') {
        const std::size_t stop = std::min(rest.find_first_of(".[", 1), rest.size());
        if (stop == 1) return value_error(interp_, "Empty attribute in format string");
        value = interp_.getattr(value, rest.substr(1, stop - 1));
        rest.remove_prefix(stop);
      } else if (rest[0] == '[') {
        const std::size_t stop = rest.find(']');
        if (stop == std::string_view::npos) return value_error(interp_, "Missing ']' in format string");
        const std::string_view key = rest.substr(1, stop - 1);
        if (key.empty()) return value_error(interp_, "Empty attribute in format string");
        value = interp_.getitem(
            value, all_digits(key) && key.size() < 10 ? Value::integer(std::stol(std::string(key))) : interp_.str(key));
        rest.remove_prefix(stop + 1);
      } else {
        return value_error(interp_, "Only '.' or '[' may follow ']' in format field specifier");
      }
      if (value.is_error()) return {};
    }
    return value;
  }

  Interp& interp_;
  std::span<const Value> positional_;
  Args named_;
  Value mapping_;
  std::size_t next_ = 0;
  bool automatic_ = false;
  bool manual_ = false;
};

}  // namespace

Value str_format_method(Interp& interp, Args args, void*) {
  const Str* self = self_str(interp, args, "format");
  if (self == nullptr) return {};
  Formatter formatter(interp, args.positional.subspan(1), args, Value());
  const std::optional<std::string> out = formatter.run(self->text, 2);
  return out ? interp.str(*out) : Value();
}

Value str_format_map_method(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "format_map", 1, 1)) return {};
  const Str* self = self_str(interp, args, "format_map");
  if (self == nullptr) return {};
  Formatter formatter(interp, {}, {}, args.positional[1]);
  const std::optional<std::string> out = formatter.run(self->text, 2);
  return out ? interp.str(*out) : Value();
}

}  // namespace kedge::pylang
