// Raising, matching and reporting exceptions; poison; refusals; `with`.
#include <algorithm>

#include "pylang/vm/ops.h"

namespace kedge::pylang {

using Impl = Interp::Impl;

Type* Interp::exception_type(std::string_view name) {
  const Value v = dict_get(impl_->builtins->dict, name);
  if (auto* t = as<Type>(v); t != nullptr && is_subtype(t, types.exception)) return t;
  return types.exception;
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): callers hand over text that they just made
Value Interp::raise(std::string_view exception_name, std::string message) {
  if (has_exception()) return {};
  return raise(make_exception(*this, exception_type(exception_name), {str(message)}));
}

ExceptionObject* Impl::current_handled() const {
  for (const Frame* f = frame; f != nullptr; f = f->back) {
    if (!f->handled.empty()) return f->handled.back();
  }
  return nullptr;
}

Value Interp::raise(ExceptionObject* exception) {
  if (refusal_ != nullptr) return {};
  if (exception == nullptr) return refuse("K0303", "out of memory while raising an exception");
  ExceptionObject* handled = impl_->current_handled();
  if (handled != nullptr && handled != exception && exception->context.is_none()) {
    // never make a circle of contexts
    bool circle = false;
    int steps = 0;
    for (ExceptionObject* e = handled; e != nullptr && ++steps < 1000; e = as<ExceptionObject>(e->context))
      circle |= e == exception;
    if (!circle) exception->context = Value::object(handled);
  }
  pending_ = exception;
  return {};
}

ExceptionObject* Interp::take_pending() {
  if (refusal_ != nullptr) return nullptr;
  ExceptionObject* e = pending_;
  pending_ = nullptr;
  return e;
}

bool Interp::pending_matches(std::string_view exception_name) const {
  if (pending_ == nullptr || refusal_ != nullptr) return false;
  return is_subtype(pending_->type, const_cast<Interp*>(this)->exception_type(exception_name));
}

Value Interp::refuse(Diagnostic diagnostic) {
  if (refusal_ != nullptr) return {};
  pending_ = nullptr;
  if (diagnostic.primary.location.empty()) diagnostic.primary.location = Location::at(user_span());
  int shown = 0;
  Span last = diagnostic.primary.location.span;
  for (const Frame* f = impl_->frame; f != nullptr && shown < 5; f = f->back) {
    if (f->code->trusted) continue;
    const Span span = impl_->frame_span(f);
    if (!span.valid() || span == last) continue;
    diagnostic.secondary.push_back({Location::at(span), "called from here"});
    last = span;
    ++shown;
  }
  refusal_ = std::make_unique<Diagnostic>(std::move(diagnostic));
  return {};
}

Value Interp::refuse(std::string code, std::string message) {
  Diagnostic d;
  d.code = std::move(code);
  d.message = std::move(message);
  return refuse(std::move(d));
}

Span Impl::frame_span(const Frame* f) const {
  const auto& spans = f->code->spans;
  return f->pc >= 0 && f->pc < static_cast<std::int32_t>(spans.size()) ? spans[f->pc] : f->code->span;
}

Span Interp::user_span() const {
  for (const Frame* f = impl_->frame; f != nullptr; f = f->back) {
    if (!f->code->trusted) return impl_->frame_span(f);
  }
  return impl_->frame != nullptr ? impl_->frame_span(impl_->frame) : Span{};
}

void Impl::add_traceback(Frame* f, std::int32_t) {
  ExceptionObject* e = interp.pending_;
  if (e == nullptr || e->traceback.size() > 64) return;
  e->traceback.push_back(frame_span(f));
  e->traceback_trusted.push_back(f->code->trusted);
}

Error Interp::take_error() {
  if (refusal_ != nullptr) {
    Diagnostic d = std::move(*refusal_);
    refusal_.reset();
    pending_ = nullptr;
    return Error(std::move(d));
  }
  ExceptionObject* e = pending_;
  pending_ = nullptr;
  Diagnostic d;
  d.code = "K0300";
  if (e == nullptr) {
    d.message = "the evaluation failed without an exception";
    return Error(std::move(d));
  }
  if (auto it = impl_->diagnostics.find(e); it != impl_->diagnostics.end()) return Error(it->second);
  std::string text;
  if (auto s = str_of(Value::object(e))) text = *s;
  else {
    pending_ = nullptr;
    refusal_.reset();
  }
  d.message = "uncaught " + e->type->name + (text.empty() ? "" : ": " + text);
  if (!e->code.empty()) {  // an operation's own error, which Python code could have caught
    d.code = e->code;
    d.message = text;
  }
  std::vector<Span> user;
  for (std::size_t i = 0; i < e->traceback.size(); ++i) {
    if (e->traceback_trusted[i] || !e->traceback[i].valid()) continue;
    if (user.empty() || !(user.back() == e->traceback[i])) user.push_back(e->traceback[i]);
  }
  if (!user.empty()) d.primary.location = Location::at(user[0]);
  else if (!e->traceback.empty()) d.primary.location = Location::at(e->traceback[0]);
  if (d.primary.location.empty()) {
    // poison used from outside any frame: the place where it failed first
    if (auto it = impl_->origins.find(e); it != impl_->origins.end())
      d.primary.location = Location::at(it->second.first);
  }
  for (std::size_t i = 1; i < user.size() && i <= 5; ++i)
    d.secondary.push_back({Location::at(user[i]), "called from here"});
  if (auto it = impl_->origins.find(e);
      it != impl_->origins.end() && it->second.first.valid() && !(it->second.first == d.primary.location.span)) {
    d.secondary.push_back({Location::at(it->second.first), it->second.second});
  }
  return Error(std::move(d));
}

// ---- poison
// -------------------------------------------------------------------------------------------------------------

Poison* Impl::make_poison(ExceptionObject* reason, std::string name) {
  auto* p = interp.make<Poison>(interp.types.poison);
  p->reason = reason;
  p->name = std::move(name);
  return p;
}

// A refusal travels in poison as an exception that knows its diagnostic.
ExceptionObject* Impl::pending_as_reason() {
  if (interp.refusal_ == nullptr) return interp.take_pending();
  Diagnostic d = std::move(*interp.refusal_);
  interp.refusal_.reset();
  interp.pending_ = nullptr;
  ExceptionObject* e = make_exception(interp, interp.exception_type("RuntimeError"), {interp.str(d.message)});
  diagnostics.emplace(e, std::move(d));
  return e;
}

// Raises a fresh exception like the reason, at the place of use; the first place is remembered.
bool Impl::raise_poison(Value value) {
  if (!value.is_object() || value.o->type != interp.types.poison) return false;
  auto* p = static_cast<Poison*>(value.o);
  ExceptionObject* reason = p->reason;
  if (reason == nullptr) {
    interp.raise("RuntimeError", "'" + p->name + "' has no value");
    return true;
  }
  if (auto it = diagnostics.find(reason);
      it != diagnostics.end() && reason->type == interp.exception_type("RuntimeError")) {
    interp.refuse(it->second);
    return true;
  }
  ExceptionObject* e =
      make_exception(interp, reason->type, reason->args != nullptr ? reason->args->items : std::vector<Value>{});
  if (e == nullptr) return true;
  e->args = reason->args;
  e->base_value = reason->base_value;
  e->code = reason->code;
  if (reason->dict != nullptr) {
    e->dict = interp.dict();
    for (const Dict::Entry& entry : reason->dict->entries) {
      if (!entry.key.is_error() && !interp.dict_set(e->dict, entry.key, entry.value)) return true;
    }
  }
  Span first;
  for (std::size_t i = 0; i < reason->traceback.size() && !first.valid(); ++i) {
    if (!reason->traceback_trusted[i]) first = reason->traceback[i];
  }
  if (auto it = origins.find(reason); it != origins.end()) origins.emplace(e, it->second);
  else
    origins.emplace(e, std::pair{first, p->name.empty() ? std::string("this failed first")
                                                        : "`" + p->name + "` could not be made here"});
  if (auto it = diagnostics.find(reason); it != diagnostics.end()) diagnostics.emplace(e, it->second);
  interp.raise(e);
  return true;
}

namespace ops {

namespace {
bool is_exception_class(Impl& impl, Value v) {
  auto* t = as<Type>(v);
  return t != nullptr && impl.interp.is_subtype(t, impl.interp.types.exception);
}
// A class is instantiated, an instance stays.
ExceptionObject* as_exception(Impl& impl, Value v) {
  if (is_exception_class(impl, v)) {
    const Value made = impl.interp.call(v);
    if (made.is_error()) return nullptr;
    auto* e = as<ExceptionObject>(made);
    if (e == nullptr)
      impl.interp.raise("TypeError", "calling " + static_cast<Type*>(v.o)->name +
                                         " should have returned an instance of BaseException");
    return e;
  }
  return as<ExceptionObject>(v);
}
}  // namespace

void raise(Impl& impl, Value exception, Value cause) {
  Interp& interp = impl.interp;
  if (exception.is_error()) {
    ExceptionObject* current = impl.current_handled();
    if (current == nullptr) interp.raise("RuntimeError", "No active exception to reraise");
    else interp.raise(current);
    return;
  }
  if (impl.raise_poison(exception)) return;
  ExceptionObject* e = as_exception(impl, exception);
  if (e == nullptr) {
    if (!interp.has_exception()) interp.raise("TypeError", "exceptions must derive from BaseException");
    return;
  }
  if (!cause.is_error()) {
    if (cause.is_none()) {
      e->cause = Value::none();
    } else {
      ExceptionObject* c = as_exception(impl, cause);
      if (c == nullptr) {
        if (!interp.has_exception()) interp.raise("TypeError", "exception causes must derive from BaseException");
        return;
      }
      e->cause = Value::object(c);
    }
    e->suppress_context = true;
  }
  interp.raise(e);
}

std::optional<bool> exception_matches(Impl& impl, Value exception, Value type) {
  if (impl.raise_poison(type)) return std::nullopt;
  if (auto* tuple = as<Tuple>(type)) {
    bool any = false;
    for (const Value t : tuple->items) {
      // an absent class (poison) in the tuple cannot be what was raised
      if (t.is_object() && t.o->type == impl.interp.types.poison) continue;
      const auto m = exception_matches(impl, exception, t);
      if (!m) return m;
      any |= *m;
    }
    return any;
  }
  if (!is_exception_class(impl, type)) {
    impl.interp.raise("TypeError", "catching classes that do not inherit from BaseException is not allowed");
    return std::nullopt;
  }
  return impl.interp.is_subtype(exception.o->type, static_cast<Type*>(type.o));
}

// [rest, type] -> [rest', match]
bool split_group(Impl& impl, Value& rest, Value& type_then_match) {
  const Value type = type_then_match;
  type_then_match = Value::none();
  if (rest.is_none()) return true;
  Interp& interp = impl.interp;
  Type* group = interp.exception_type("BaseExceptionGroup");
  const auto direct = exception_matches(impl, rest, type);
  if (!direct) return false;
  const bool is_group = interp.is_subtype(rest.o->type, group) && group != interp.types.exception;
  if (*direct) {
    if (!is_group) {
      std::vector<Value> inner{rest};
      const Value args[] = {interp.str(""), interp.tuple(std::move(inner))};
      type_then_match = interp.call(Value::object(interp.exception_type("ExceptionGroup")), args);
      if (type_then_match.is_error()) return false;
    } else {
      type_then_match = rest;
    }
    rest = Value::none();
    return true;
  }
  if (!is_group) return true;
  const Value args[] = {type};
  const Value parts = interp.call_method(rest, "split", args);
  auto* pair = as<Tuple>(parts);
  if (pair == nullptr || pair->items.size() != 2) return false;
  type_then_match = pair->items[0];
  rest = pair->items[1];
  return true;
}

bool reraise_star(Impl& impl, Tuple* parts) {
  const Value original = parts->items[0], rest = parts->items[1];
  auto* raised = static_cast<List*>(parts->items[2].o);
  if (raised->items.empty()) {
    if (rest.is_none()) return true;
    impl.set_pending(static_cast<ExceptionObject*>(rest.o));
    return false;
  }
  std::vector<Value> all = raised->items;
  if (all.size() == 1 && rest.is_none()) {
    impl.set_pending(static_cast<ExceptionObject*>(all[0].o));
    return false;
  }
  if (!rest.is_none()) all.push_back(rest);
  (void)original;
  const Value args[] = {impl.interp.str(""), impl.interp.list(std::move(all))};
  const Value group = impl.interp.call(Value::object(impl.interp.exception_type("ExceptionGroup")), args);
  if (!group.is_error()) impl.interp.raise(static_cast<ExceptionObject*>(group.o));
  return false;
}

bool with_enter(Impl& impl, Value manager, Value& exit, Value& entered) {
  Interp& interp = impl.interp;
  if (impl.raise_poison(manager)) return false;
  Type* t = interp.type_of(manager);
  const Value enter_function = impl.lookup(t, impl.names.enter);
  const Value exit_function = impl.lookup(t, impl.names.exit);
  if (enter_function.is_error() || exit_function.is_error()) {
    interp.raise("TypeError", "'" + t->name + "' object does not support the context manager protocol" +
                                  (enter_function.is_error() ? "" : " (missed __exit__ method)"));
    return false;
  }
  exit = impl.bind_attribute(exit_function, manager, t);
  if (exit.is_error()) return false;
  const auto v = impl.call_special(manager, impl.names.enter, {});
  if (!v || v->is_error()) return false;
  entered = *v;
  return true;
}

Value format(Impl& impl, Value value, int conversion, Value spec) {
  Interp& interp = impl.interp;
  if (impl.raise_poison(value)) return {};
  if (conversion == 1) {
    auto s = interp.str_of(value);
    if (!s) return {};
    value = interp.str(*s);
  } else if (conversion >= 2) {
    auto s = interp.repr_of(value);
    if (!s) return {};
    value = interp.str(*s);
    if (conversion == 3) {
      const Value ascii = interp.dict_get(impl.builtins->dict, "ascii");
      // repr of the repr would quote twice: ascii() of a plain str is cut instead of its quotes
      const Value args[] = {value};
      const Value quoted = ascii.is_error() ? value : interp.call(ascii, args);
      if (quoted.is_error()) return {};
      if (auto* q = as<Str>(quoted);
          q != nullptr && q->text.size() >= 2 && !ascii.is_error() &&
          static_cast<Str*>(value.o)->length != static_cast<std::int64_t>(static_cast<Str*>(value.o)->text.size())) {
        value = interp.str(std::string_view(q->text).substr(1, q->text.size() - 2));
      }
    }
  }
  if (value.is_error()) return {};
  if (spec.is_error() && value.is_object() && value.o->type == interp.types.str) return value;
  if (!spec.is_error() && as<Str>(spec) == nullptr) return interp.raise("TypeError", "format specifications are text");
  auto out = format_value(interp, value,
                          spec.is_error() ? std::string_view() : std::string_view(static_cast<Str*>(spec.o)->text));
  return out ? interp.str(*out) : Value();
}

}  // namespace ops
}  // namespace kedge::pylang
