// Binding the arguments of native functions to named parameters, with CPython's TypeError wording.
#include "pylang/builtins/support.h"

namespace kedge::pylang {
namespace {

struct Parameter {
  std::string_view name;
  enum class Kind { positional_only, normal, keyword_only, var_positional, var_keyword } kind = Kind::normal;
  bool optional = false;
};

std::string quoted_list(const std::vector<std::string_view>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += names.size() == 2 ? " and " : (i + 1 == names.size() ? ", and " : ", ");
    out += "'" + std::string(names[i]) + "'";
  }
  return out;
}

}  // namespace

bool Interp::bind(Args args, std::string_view function, std::initializer_list<std::string_view> parameters,
                  std::span<Value> out) {
  std::vector<Parameter> list;
  bool keyword_only = false;
  for (std::string_view text : parameters) {
    if (text == "*") {
      keyword_only = true;
      continue;
    }
    if (text == "/") {
      for (Parameter& p : list) p.kind = Parameter::Kind::positional_only;
      continue;
    }
    Parameter p;
    if (text.starts_with("**")) {
      p = {text.substr(2), Parameter::Kind::var_keyword, true};
    } else if (text.starts_with("*")) {
      p = {text.substr(1), Parameter::Kind::var_positional, true};
      keyword_only = true;
    } else {
      const std::size_t sign = text.find('=');
      p = {text.substr(0, sign), keyword_only ? Parameter::Kind::keyword_only : Parameter::Kind::normal,
           sign != std::string_view::npos};
    }
    list.push_back(p);
  }
  KEDGE_CHECK(out.size() >= list.size(), "bind: too few places for the parameters");
  for (Value& value : out) value = Value();

  const std::string label = std::string(function) + "()";
  std::size_t next_positional = 0;
  std::size_t accepted = 0;
  std::size_t required = 0;
  Dict* extra = nullptr;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Parameter& p = list[i];
    if (p.kind == Parameter::Kind::var_positional) {
      std::vector<Value> rest;
      while (next_positional < args.positional.size()) rest.push_back(args.positional[next_positional++]);
      out[i] = tuple(std::move(rest));
      if (out[i].is_error()) return false;
    } else if (p.kind == Parameter::Kind::var_keyword) {
      extra = dict();
      out[i] = Value::object(extra);
    } else if (p.kind != Parameter::Kind::keyword_only) {
      ++accepted;
      if (!p.optional) ++required;
      if (next_positional < args.positional.size()) out[i] = args.positional[next_positional++];
    }
  }
  if (next_positional < args.positional.size()) {
    const std::size_t count = args.positional.size();
    std::string takes = required == accepted ? std::to_string(accepted)
                                             : "from " + std::to_string(required) + " to " + std::to_string(accepted);
    (void)raise("TypeError", label + " takes " + takes + " positional argument" +
                                 (accepted == 1 && required == accepted ? "" : "s") + " but " + std::to_string(count) +
                                 (count == 1 ? " was given" : " were given"));
    return false;
  }
  for (std::size_t k = 0; k < args.names.size(); ++k) {
    const std::string_view name = args.names[k]->text;
    std::size_t i = 0;
    while (i < list.size() && (list[i].name != name || (list[i].kind != Parameter::Kind::normal &&
                                                        list[i].kind != Parameter::Kind::keyword_only)))
      ++i;
    if (i == list.size()) {
      if (extra != nullptr) {
        if (!dict_set(extra, Value::object(args.names[k]), args.named[k])) return false;
        continue;
      }
      (void)raise("TypeError", label + " got an unexpected keyword argument '" + std::string(name) + "'");
      return false;
    }
    if (!out[i].is_error()) {
      (void)raise("TypeError", label + " got multiple values for argument '" + std::string(name) + "'");
      return false;
    }
    out[i] = args.named[k];
  }
  std::vector<std::string_view> missing;
  std::vector<std::string_view> missing_keyword;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!out[i].is_error() || list[i].optional) continue;
    (list[i].kind == Parameter::Kind::keyword_only ? missing_keyword : missing).push_back(list[i].name);
  }
  const std::vector<std::string_view>& first = missing.empty() ? missing_keyword : missing;
  if (first.empty()) return true;
  (void)raise("TypeError", label + " missing " + std::to_string(first.size()) + " required " +
                               (missing.empty() ? "keyword-only" : "positional") + " argument" +
                               (first.size() == 1 ? "" : "s") + ": " + quoted_list(first));
  return false;
}

}  // namespace kedge::pylang
