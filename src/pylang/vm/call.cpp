// Calling: binding of arguments to parameters (Language Reference, 6.3.4 "Calls"; wording of CPython 3.11), frames, and
// the general call.
#include "pylang/builtins/dict_table.h"
#include "pylang/vm/impl.h"

namespace kedge::pylang {

using Impl = Interp::Impl;

Frame* Impl::push_frame(const Code* code, Function* function, Dict* globals, Module* module) {
  std::unique_ptr<Frame> f;
  if (free_frames.empty()) {
    f = std::make_unique<Frame>();
  } else {
    f = std::move(free_frames.back());
    free_frames.pop_back();
  }
  const std::int32_t size = code->frame_size();
  if (f->capacity < size) {
    f->capacity = std::max(size, 32);
    f->storage = std::make_unique<Value[]>(static_cast<std::size_t>(f->capacity));
  }
  f->code = code;
  f->function = function;
  f->globals = globals;
  f->names = nullptr;
  f->prepared = Value();
  f->module = module;
  f->back = nullptr;
  f->generator = nullptr;
  f->init_self = Value();
  f->pc = 0;
  f->values = f->storage.get();
  f->blocks.clear();
  f->handled.clear();
  f->branch_stop = -1;
  const std::size_t slots = code->slot_names.size();
  for (std::size_t i = 0; i < slots; ++i) f->values[i] = Value();
  f->sp = f->values + slots;
  if (function != nullptr) {
    for (std::size_t i = 0; i < function->closure.size(); ++i)
      f->values[code->first_free + static_cast<std::int32_t>(i)] = Value::object(function->closure[i]);
  }
  return f.release();
}

void Impl::release_frame(Frame* f) {
  if (f->generator != nullptr) return;  // owned by it
  free_frames.emplace_back(f);
}

// Native code calls Python code: the C++ stack grows, so it is measured.
bool Impl::enter_native() {
  char here = 0;
  const char* at = &here;
  if (native_depth == 0) stack_base = at;
  const std::ptrdiff_t used = stack_base - at;
  if (used > (std::ptrdiff_t{3} << 20) + (std::ptrdiff_t{1} << 19) || call_depth >= interp.limits().call_depth) {
    interp.raise("RecursionError", "maximum recursion depth exceeded");
    return false;
  }
  ++native_depth;
  return true;
}

namespace {

std::string quoted_list(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? (names.size() == 2 ? " and " : ", and ") : ", ";
    out += "'" + names[i] + "'";
  }
  return out;
}

bool missing(Interp& interp, Function* f, const std::vector<std::string>& names, const char* kind) {
  interp.raise("TypeError", f->qualname->text + "() missing " + std::to_string(names.size()) + " required " + kind +
                                " argument" + (names.size() == 1 ? "" : "s") + ": " + quoted_list(names));
  return false;
}

bool too_many(Interp& interp, Function* f, std::size_t given, const Value* slots) {
  const Code* c = f->code;
  const auto most = static_cast<std::size_t>(c->positional);
  const std::size_t least = most - f->defaults.size();
  std::size_t keyword_only = 0;
  for (std::int32_t i = 0; i < c->keyword_only; ++i) keyword_only += !slots[c->positional + i].is_error();
  const bool plural = f->defaults.empty() ? most != 1 : true;
  std::string takes =
      f->defaults.empty() ? std::to_string(most) : "from " + std::to_string(least) + " to " + std::to_string(most);
  std::string tail;
  if (keyword_only > 0) {
    tail = std::string(" positional argument") + (given != 1 ? "s" : "") + " (and " + std::to_string(keyword_only) +
           " keyword-only argument" + (keyword_only != 1 ? "s" : "") + ")";
  }
  interp.raise("TypeError", f->qualname->text + "() takes " + takes + " positional argument" + (plural ? "s" : "") +
                                " but " + std::to_string(given) + tail +
                                (given != 1 || keyword_only > 0 ? " were" : " was") + " given");
  return false;
}

}  // namespace

bool Impl::bind_arguments(Function* f, Value* slots, std::span<const Value> positional, std::span<Str* const> kw,
                          std::span<const Value> named) {
  const Code* c = f->code;
  const auto count = static_cast<std::size_t>(c->positional);
  const std::size_t copied = std::min(positional.size(), count);
  for (std::size_t i = 0; i < copied; ++i) slots[i] = positional[i];
  const std::size_t all = count + static_cast<std::size_t>(c->keyword_only);
  std::size_t at = all;
  if (c->has_varargs) {
    std::vector<Value> rest;
    if (positional.size() > count) rest.assign(positional.begin() + c->positional, positional.end());
    slots[at++] = interp.tuple(std::move(rest));
  }
  Dict* extra = nullptr;
  if (c->has_kwargs) {
    extra = interp.dict();
    slots[at] = Value::object(extra);
  }
  std::vector<std::string> positional_only_as_keyword;
  for (std::size_t k = 0; k < kw.size(); ++k) {
    Str* const name = kw[k];
    std::size_t i = static_cast<std::size_t>(c->positional_only);
    for (; i < all; ++i) {
      if (c->slot_names[i] == name || (!name->interned && c->slot_names[i]->text == name->text)) break;
    }
    if (i < all) {
      if (!slots[i].is_error()) {
        interp.raise("TypeError", f->qualname->text + "() got multiple values for argument '" + name->text + "'");
        return false;
      }
      slots[i] = named[k];
      continue;
    }
    if (extra != nullptr) {
      if (!interp.dict_set(extra, Value::object(name), named[k])) return false;
      continue;
    }
    for (std::int32_t p = 0; p < c->positional_only; ++p) {
      if (c->slot_names[p]->text == name->text) positional_only_as_keyword.push_back(name->text);
    }
    if (!positional_only_as_keyword.empty()) continue;
    interp.raise("TypeError", f->qualname->text + "() got an unexpected keyword argument '" + name->text + "'");
    return false;
  }
  if (!positional_only_as_keyword.empty()) {
    std::string joined;
    for (const std::string& n : positional_only_as_keyword) joined += (joined.empty() ? "" : ", ") + n;
    interp.raise(
        "TypeError",
        f->qualname->text + "() got some positional-only arguments passed as keyword arguments: '" + joined + "'");
    return false;
  }
  if (positional.size() > count && !c->has_varargs) return too_many(interp, f, positional.size(), slots);
  if (positional.size() < count) {
    const std::size_t first_default = count - std::min(count, f->defaults.size());
    std::vector<std::string> absent;
    for (std::size_t i = positional.size(); i < first_default; ++i) {
      if (slots[i].is_error()) absent.push_back(c->slot_names[i]->text);
    }
    if (!absent.empty()) return missing(interp, f, absent, "positional");
    for (std::size_t i = std::max(first_default, copied); i < count; ++i) {
      if (slots[i].is_error()) slots[i] = f->defaults[i - first_default];
    }
  }
  std::vector<std::string> absent;
  for (std::size_t i = count; i < all; ++i) {
    if (!slots[i].is_error()) continue;
    if (f->kwdefaults != nullptr) slots[i] = get(f->kwdefaults, c->slot_names[i]);
    if (slots[i].is_error()) absent.push_back(c->slot_names[i]->text);
  }
  if (!absent.empty()) return missing(interp, f, absent, "keyword-only");
  return true;
}

// A frame with its arguments bound, not yet on the stack of frames; nullptr: pending.
Frame* Impl::prepare_call(Function* f, std::span<const Value> positional, std::span<Str* const> kw,
                          std::span<const Value> named) {
  const Code* c = f->code;
  Frame* frame_made = push_frame(c, f, f->globals, f->module);
  if (kw.empty() && !c->has_varargs && !c->has_kwargs && c->keyword_only == 0 &&
      positional.size() == static_cast<std::size_t>(c->positional)) {
    for (std::size_t i = 0; i < positional.size(); ++i) frame_made->values[i] = positional[i];
    return frame_made;
  }
  if (!bind_arguments(f, frame_made->values, positional, kw, named)) {
    release_frame(frame_made);
    return nullptr;
  }
  return frame_made;
}

Value Impl::finish_call(Frame* prepared) {
  if (prepared->code->is_coroutine) {
    const Span span = prepared->code->span;
    release_frame(prepared);
    Diagnostic d;
    d.code = "K0304";
    d.message = "an async function is called; asynchronous code is not evaluated";
    d.secondary.push_back({Location::at(span), "defined here"});
    return interp.refuse(std::move(d));
  }
  if (prepared->code->is_generator) return make_generator(prepared);
  if (!enter_native()) {
    release_frame(prepared);
    return {};
  }
  prepared->back = frame;
  frame = prepared;
  ++call_depth;
  const Value result = run(prepared);
  leave_native();
  return result;
}

Value Interp::call(Value callable, std::span<const Value> positional, std::span<Str* const> kw,
                   std::span<const Value> named) {
  if (has_exception()) return {};
  if (callable.is_object()) {
    const Type* t = callable.o->type;
    if (t == types.function) {
      Frame* frame = impl_->prepare_call(static_cast<Function*>(callable.o), positional, kw, named);
      return frame == nullptr ? Value() : impl_->finish_call(frame);
    }
    if (t == types.native_function) {
      auto* f = static_cast<NativeFunction*>(callable.o);
      if (!impl_->enter_native()) return {};
      const Value v = f->fn(*this, {positional, kw, named}, f->context);
      impl_->leave_native();
      return v;
    }
    if (t == types.bound_method) {
      auto* m = static_cast<BoundMethod*>(callable.o);
      std::vector<Value> all;
      all.reserve(positional.size() + 1);
      all.push_back(m->self);
      all.insert(all.end(), positional.begin(), positional.end());
      return call(m->function, all, kw, named);
    }
    if (t == types.type) return instantiate(*this, static_cast<Type*>(callable.o), {positional, kw, named});
    if (t == types.poison) {
      impl_->raise_poison(callable);
      return {};
    }
  }
  const Value method = impl_->lookup(type_of(callable), impl_->names.call);
  if (method.is_error())
    return raise("TypeError", "'" + std::string(type_name(*this, callable)) + "' object is not callable");
  std::vector<Value> all;
  all.reserve(positional.size() + 1);
  if (method.is_object() && (method.o->type == types.function || method.o->type == types.native_function)) {
    all.push_back(callable);
    all.insert(all.end(), positional.begin(), positional.end());
    return call(method, all, kw, named);
  }
  const Value bound = impl_->bind_attribute(method, callable, type_of(callable));
  if (bound.is_error()) return bound;
  if (!impl_->enter_native()) return {};
  const Value v = call(bound, positional, kw, named);
  impl_->leave_native();
  return v;
}

Value Interp::call_method(Value self, std::string_view name, std::span<const Value> positional,
                          std::span<Str* const> kw, std::span<const Value> named) {
  Value function, receiver;
  if (impl_->load_method(self, intern(name), function, receiver)) {
    std::vector<Value> all;
    all.reserve(positional.size() + 1);
    all.push_back(receiver);
    all.insert(all.end(), positional.begin(), positional.end());
    return call(function, all, kw, named);
  }
  if (function.is_error()) return function;
  return call(function, positional, kw, named);
}

}  // namespace kedge::pylang
