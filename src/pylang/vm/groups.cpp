// Exception groups (PEP 654): BaseExceptionGroup and ExceptionGroup, as far as `except*` and code around it need them.
#include <algorithm>

#include "pylang/vm/ops.h"

namespace kedge::pylang {

using Impl = Interp::Impl;

namespace {

Tuple* members(Interp& interp, ExceptionObject* group) {
  return group->dict == nullptr ? nullptr : as<Tuple>(interp.dict_get(group->dict, "exceptions"));
}

Value group_new(Interp& interp, Args args, void*) {
  auto* cls = args.positional.empty() ? nullptr : as<Type>(args.positional[0]);
  if (cls == nullptr || args.positional.size() != 3) {
    return interp.raise("TypeError", "BaseExceptionGroup.__new__() takes exactly 2 arguments (" +
                                         std::to_string(args.positional.empty() ? 0 : args.positional.size() - 1) +
                                         " given)");
  }
  if (as<Str>(unwrap(args.positional[1])) == nullptr)
    return interp.raise("TypeError",
                        "argument 1 must be str, not " + std::string(type_name(interp, args.positional[1])));
  auto list = as<List>(args.positional[2]) != nullptr || as<Tuple>(args.positional[2]) != nullptr
                  ? interp.to_vector(args.positional[2])
                  : std::nullopt;
  if (!list) return interp.raise("TypeError", "second argument (exceptions) must be a sequence");
  if (list->empty()) return interp.raise("ValueError", "second argument (exceptions) must be a non-empty sequence");
  bool all_plain = true;
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto* e = as<ExceptionObject>((*list)[i]);
    if (e == nullptr)
      return interp.raise("ValueError",
                          "Item " + std::to_string(i) + " of second argument (exceptions) is not an exception");
    all_plain &= interp.is_subtype(e->type, interp.exception_type("Exception"));
  }
  if (cls == interp.exception_type("BaseExceptionGroup") && all_plain) cls = interp.exception_type("ExceptionGroup");
  if (interp.is_subtype(cls, interp.exception_type("Exception")) && !all_plain)
    return interp.raise("TypeError", "Cannot nest BaseExceptions in an ExceptionGroup");
  ExceptionObject* e = make_exception(interp, cls, {args.positional[1], args.positional[2]});
  if (e == nullptr) return {};
  if (e->dict == nullptr) e->dict = interp.dict();
  interp.dict_set(e->dict, "message", args.positional[1]);
  interp.dict_set(e->dict, "exceptions", interp.tuple(std::move(*list)));
  return Value::object(e);
}

ExceptionObject* self_group(Interp& interp, Args args, std::size_t count) {
  auto* g = args.positional.size() == count ? as<ExceptionObject>(args.positional[0]) : nullptr;
  if (g == nullptr || members(interp, g) == nullptr) {
    interp.raise("TypeError", "an exception group and one condition are needed");
    return nullptr;
  }
  return g;
}

Value group_str(Interp& interp, Args args, void*) {
  ExceptionObject* g = self_group(interp, args, 1);
  if (g == nullptr) return {};
  const std::size_t n = members(interp, g)->items.size();
  auto text = interp.str_of(interp.dict_get(g->dict, "message"));
  return text ? interp.str(*text + " (" + std::to_string(n) + " sub-exception" + (n == 1 ? "" : "s") + ")") : Value();
}

std::optional<bool> fits(Interp& interp, Value e, Value condition) {
  const bool is_class = as<Type>(condition) != nullptr || as<Tuple>(condition) != nullptr;
  if (is_class) return ops::exception_matches(interp.impl(), e, condition);
  const Value r = interp.call(condition, {&e, 1});
  return r.is_error() ? std::nullopt : interp.truth(r);
}

Value derived(Interp& interp, ExceptionObject* from, std::vector<Value> part) {
  if (part.empty()) return Value::none();
  const Value args[] = {interp.list(std::move(part))};
  const Value made = interp.call_method(Value::object(from), "derive", args);
  if (auto* e = as<ExceptionObject>(made)) {
    e->traceback = from->traceback;
    e->traceback_trusted = from->traceback_trusted;
    e->cause = from->cause;
    e->context = from->context;
  }
  return made;
}

bool split(Interp& interp, ExceptionObject* g, Value condition, int depth, Value& matching, Value& rest) {
  if (depth > 100) {
    interp.raise("RecursionError", "maximum recursion depth exceeded");
    return false;
  }
  const auto whole = fits(interp, Value::object(g), condition);
  if (!whole) return false;
  if (*whole) {
    matching = Value::object(g);
    rest = Value::none();
    return true;
  }
  std::vector<Value> yes, no;
  const std::vector<Value> all = members(interp, g)->items;
  for (const Value e : all) {
    auto* inner = as<ExceptionObject>(e);
    if (inner != nullptr && members(interp, inner) != nullptr) {
      Value a, b;
      if (!split(interp, inner, condition, depth + 1, a, b)) return false;
      if (!a.is_none()) yes.push_back(a);
      if (!b.is_none()) no.push_back(b);
      continue;
    }
    const auto m = fits(interp, e, condition);
    if (!m) return false;
    (*m ? yes : no).push_back(e);
  }
  matching = derived(interp, g, std::move(yes));
  if (matching.is_error()) return false;
  rest = derived(interp, g, std::move(no));
  return !rest.is_error();
}

Value group_split(Interp& interp, Args args, void* subgroup) {
  ExceptionObject* g = self_group(interp, args, 2);
  Value a, b;
  if (g == nullptr || !split(interp, g, args.positional[1], 0, a, b)) return {};
  return subgroup != nullptr ? a : interp.tuple({a, b});
}

Value group_derive(Interp& interp, Args args, void*) {
  ExceptionObject* g = self_group(interp, args, 2);
  if (g == nullptr) return {};
  const Value make[] = {interp.dict_get(g->dict, "message"), args.positional[1]};
  return interp.call(Value::object(interp.exception_type("BaseExceptionGroup")), make);
}

}  // namespace

void Impl::install_groups() {
  Type* base = interp.exception_type("BaseExceptionGroup");
  if (base == interp.types.exception) {
    base = interp.make_host_type("builtins", "BaseExceptionGroup", interp.types.exception);
    base->builtin_base = interp.types.exception;
    set(builtins->dict, interp.intern("BaseExceptionGroup"), Value::object(base));
  }
  interp.def(base, "__new__", group_new);
  interp.def(base, "__str__", group_str);
  interp.def(base, "split", group_split);
  interp.def(base, "subgroup", group_split, this);
  interp.def(base, "derive", group_derive);
  if (find(builtins->dict, interp.intern("ExceptionGroup")) >= 0) return;
  Type* exception = interp.exception_type("Exception");
  Type* group = interp.make_host_type("builtins", "ExceptionGroup", base);
  group->bases = {base, exception};
  group->builtin_base = base->builtin_base;
  linearize(group);
  subclasses[exception].push_back(group);
  set(builtins->dict, interp.intern("ExceptionGroup"), Value::object(group));
  touch_types();
}

}  // namespace kedge::pylang
