// Generators: a frame that outlives its call. Every resumption nests the machine's loop once.
#include "pylang/vm/ops.h"

namespace kedge::pylang {

using Impl = Interp::Impl;

Value Impl::make_generator(Frame* made) {
  auto* g = interp.make<Generator>(interp.types.generator);
  g->owned.reset(made);
  g->frame = made;
  g->name = made->code->name_str;
  g->qualname = made->function != nullptr ? made->function->qualname : made->code->qualname;
  made->generator = g;
  if (!interp.charge(static_cast<std::int64_t>(sizeof(Frame)) + made->capacity * 16)) return {};
  return Value::object(g);
}

// `thrown`: raised at the suspended yield instead of sending. done: the generator returned (its value is the result).
Value Impl::resume(Generator* g, Value sent, ExceptionObject* thrown, bool& done) {
  done = false;
  if (g->running) return interp.raise("ValueError", "generator already executing");
  if (g->frame == nullptr) {
    if (thrown != nullptr) {
      interp.raise(thrown);
      return {};
    }
    done = true;
    return Value::none();
  }
  if (!barriers.empty() && interp.refuse_mutation(g)) return {};
  if (!g->started && thrown == nullptr && !sent.is_none())
    return interp.raise("TypeError", "can't send non-None value to a just-started generator");
  if (!enter_native()) return {};
  Frame* f = g->frame;
  Value result;
  g->running = true;
  f->back = frame;
  frame = f;
  ++call_depth;
  bool run_it = true;
  if (thrown != nullptr) {
    // unwinds inside the frame as if the yield had raised
    f->pc = g->started ? f->pc - 1 : f->pc;
    interp.raise(thrown);
    run_it = throw_into(f);
  } else if (g->started) {
    f->sp[-1] = sent;
  }
  g->started = true;
  if (run_it) {
    result = run(f);
  } else {
    frame = f->back;
    --call_depth;
    last_exit = Exit::returned;
  }
  leave_native();
  g->running = false;
  f->back = nullptr;
  if (!result.is_error() && last_exit == Exit::yielded) return result;
  g->frame = nullptr;
  g->owned.reset();
  if (!result.is_error()) {
    done = true;
    g->returned = result;
    return result;
  }
  if (interp.pending_matches("StopIteration")) {
    ExceptionObject* cause = interp.take_pending();
    ExceptionObject* e =
        make_exception(interp, interp.exception_type("RuntimeError"), {interp.str("generator raised StopIteration")});
    e->cause = Value::object(cause);
    e->context = Value::object(cause);
    e->suppress_context = true;
    interp.raise(e);
  }
  return {};
}

// The pending exception reaches the innermost handler of the frame; false: there is none and it leaves the frame.
bool Impl::throw_into(Frame* f) {
  const Instr& at = f->code->instructions[f->pc];
  if (at.op == Op::yield_from || (f->pc + 1 < static_cast<std::int32_t>(f->code->instructions.size()) &&
                                  f->code->instructions[f->pc + 1].op == Op::yield_from && f->generator->started)) {
    // the inner iterator sees the exception first
    ExceptionObject* e = interp.take_pending();
    if (e == nullptr) return false;
    f->pc = at.op == Op::yield_from ? f->pc : f->pc + 1;
    const Value inner = f->sp[-2];
    bool done = false;
    Value v;
    if (auto* g = as<Generator>(inner)) {
      if (interp.is_subtype(e->type, interp.exception_type("GeneratorExit"))) {
        const Value closed = interp.call_method(inner, "close");
        if (closed.is_error()) return deliver(f);
        interp.raise(e);
        return deliver(f);
      }
      v = resume(g, Value::none(), e, done);
    } else if (const auto method = interp.find_attr(inner, "throw");
               method && !interp.is_subtype(e->type, interp.exception_type("GeneratorExit"))) {
      const Value args[] = {Value::object(e)};
      v = interp.call(*method, args);
      if (v.is_error() && interp.pending_matches("StopIteration")) {
        ExceptionObject* stop = interp.take_pending();
        v = stop->args != nullptr && !stop->args->items.empty() ? stop->args->items[0] : Value::none();
        done = true;
      }
    } else {
      if (interp.has_exception()) return deliver(f);
      interp.raise(e);
      return deliver(f);
    }
    if (v.is_error() && !done) return deliver(f);
    if (done) {
      f->sp[-2] = v;
      --f->sp;
      ++f->pc;
      return true;
    }
    // the inner one yielded again: so does this frame, once, through a pending value
    pending_yield = v;
    has_pending_yield = true;
    return true;
  }
  return deliver(f);
}

bool Impl::deliver(Frame* f) {
  if (interp.is_refused()) return false;
  add_traceback(f, f->pc);
  if (f->blocks.empty()) return false;
  enter_handler(f);
  return true;
}

Value Generator::next(Interp& interp, bool& done) {
  const Value v = interp.impl().resume(this, Value::none(), nullptr, done);
  return done ? Value() : v;
}

namespace ops {

Value yield_from_step(Impl& impl, Value iterator, Value sent, bool& done) {
  Interp& interp = impl.interp;
  done = false;
  if (impl.has_pending_yield) {
    impl.has_pending_yield = false;
    return impl.pending_yield;
  }
  if (auto* g = as<Generator>(iterator)) return impl.resume(g, sent, nullptr, done);
  Value v;
  if (sent.is_none()) {
    v = interp.next(iterator, done);
    if (done) return Value::none();
    if (!v.is_error() || !interp.has_exception()) return v;
  } else {
    const Value args[] = {sent};
    v = interp.call_method(iterator, "send", args);
  }
  if (v.is_error() && interp.pending_matches("StopIteration")) {
    ExceptionObject* stop = interp.take_pending();
    done = true;
    return stop->args != nullptr && !stop->args->items.empty() ? stop->args->items[0] : Value::none();
  }
  return v;
}

}  // namespace ops

namespace {

Value stop_iteration(Interp& interp, Value value) {
  std::vector<Value> args;
  if (!value.is_none()) args.push_back(value);
  ExceptionObject* e = make_exception(interp, interp.exception_type("StopIteration"), std::move(args));
  if (e->dict == nullptr) e->dict = interp.dict();
  interp.dict_set(e->dict, "value", value);
  return interp.raise(e);
}

Generator* self(Interp& interp, Args args) {
  auto* g = args.positional.empty() ? nullptr : as<Generator>(args.positional[0]);
  if (g == nullptr) interp.raise("TypeError", "a generator is needed");
  return g;
}

Value generator_send(Interp& interp, Args args, void*) {
  Generator* g = self(interp, args);
  if (g == nullptr) return {};
  if (args.positional.size() != 2)
    return interp.raise("TypeError", "generator.send() takes exactly one argument (" +
                                         std::to_string(args.positional.size() - 1) + " given)");
  bool done = false;
  const Value v = interp.impl().resume(g, args.positional[1], nullptr, done);
  return done ? stop_iteration(interp, v) : v;
}

Value generator_next(Interp& interp, Args args, void*) {
  Generator* g = self(interp, args);
  if (g == nullptr) return {};
  bool done = false;
  const Value v = interp.impl().resume(g, Value::none(), nullptr, done);
  return done ? stop_iteration(interp, v) : v;
}

Value generator_throw(Interp& interp, Args args, void*) {
  Generator* g = self(interp, args);
  if (g == nullptr) return {};
  if (args.positional.size() < 2) return interp.raise("TypeError", "throw expected at least 1 argument, got 0");
  Value e = args.positional[1];
  if (as<Type>(e) != nullptr) {
    e = interp.call(e, args.positional.subspan(2, args.positional.size() > 2 && !args.positional[2].is_none() ? 1 : 0));
    if (e.is_error()) return {};
  }
  auto* exception = as<ExceptionObject>(e);
  if (exception == nullptr)
    return interp.raise("TypeError", "exceptions must be classes or instances deriving from BaseException, not " +
                                         std::string(type_name(interp, e)));
  bool done = false;
  const Value v = interp.impl().resume(g, Value::none(), exception, done);
  return done ? stop_iteration(interp, v) : v;
}

Value generator_close(Interp& interp, Args args, void*) {
  Generator* g = self(interp, args);
  if (g == nullptr) return {};
  if (g->frame == nullptr) return Value::none();
  if (!g->started) {
    g->frame = nullptr;
    g->owned.reset();
    return Value::none();
  }
  ExceptionObject* e = make_exception(interp, interp.exception_type("GeneratorExit"), {});
  bool done = false;
  const Value v = interp.impl().resume(g, Value::none(), e, done);
  if (done) return Value::none();
  if (v.is_error()) {
    if (!interp.pending_matches("GeneratorExit") && !interp.pending_matches("StopIteration")) return {};
    interp.take_pending();
    return Value::none();
  }
  return interp.raise("RuntimeError", "generator ignored GeneratorExit");
}

}  // namespace

void Impl::install_generators() {
  Type* t = interp.types.generator;
  interp.def(t, "__iter__", [](Interp&, Args a, void*) { return a.positional[0]; });
  interp.def(t, "__next__", generator_next);
  interp.def(t, "send", generator_send);
  interp.def(t, "throw", generator_throw);
  interp.def(t, "close", generator_close);
}

}  // namespace kedge::pylang
