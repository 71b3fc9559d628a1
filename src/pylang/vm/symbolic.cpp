// Control flow on values whose truth is only known at run time (tensors): both sides are evaluated and merged.
//
// `if c: A else: B; rest`. The frame's variables are saved, A runs to the join point in a nested run of the machine,
// the variables are restored, B runs, and every variable that differs becomes hooks->select(c, after A, after B). When
// a side returns, the other side is run to the end of the function too (with all that follows the `if`), and the two
// results are selected. That repeats the rest of the function at most once per returning `if`, and is what the program
// means: no state older than the branch may change inside it (refuse_mutation). A side that raises, breaks or continues
// has no tensor meaning and is refused at its line.
#include "pylang/vm/ops.h"

namespace kedge::pylang {

using Impl = Interp::Impl;

namespace {

struct Saved {
  std::vector<Value> values;  // slots and operands
  std::vector<Value> cells;   // contents, parallel to the slots
  std::vector<Block> blocks;
  std::vector<ExceptionObject*> handled;
  std::int32_t depth = 0;
  std::int32_t stop = -1;
};

bool is_cell(const Frame* f, std::size_t slot) {
  return f->code->slot_kinds[slot] != SlotKind::fast && f->values[slot].is_object();
}

Saved save(const Frame* f) {
  Saved s;
  const std::size_t slots = f->code->slot_names.size();
  s.depth = f->depth();
  s.values.assign(f->values, f->values + slots + static_cast<std::size_t>(s.depth));
  s.cells.resize(slots);
  for (std::size_t i = 0; i < slots; ++i) {
    if (is_cell(f, i)) s.cells[i] = static_cast<Cell*>(f->values[i].o)->value;
  }
  s.blocks = f->blocks;
  s.handled = f->handled;
  s.stop = f->branch_stop;
  return s;
}

void restore(Frame* f, const Saved& s) {
  std::copy(s.values.begin(), s.values.end(), f->values);
  for (std::size_t i = 0; i < s.cells.size(); ++i) {
    if (is_cell(f, i)) static_cast<Cell*>(f->values[i].o)->value = s.cells[i];
  }
  f->sp = f->stack() + s.depth;
  f->blocks = s.blocks;
  f->handled = s.handled;
  f->branch_stop = s.stop;
}

void refuse_at(Interp& interp, Span span, std::string message, std::string help) {
  Diagnostic d;
  d.code = "K0308";
  d.message = std::move(message);
  d.primary.location = Location::at(span);
  d.help.push_back(std::move(help));
  interp.refuse(std::move(d));
}

struct Side {
  bool returned = false;
  Value result;  // of a return
  Saved after;   // of a join
};

// Runs the frame from `pc` to the join point, or (stop kRunToReturn) to its return. False: refused.
bool run_side(Impl& impl, Frame* f, std::int32_t pc, std::int32_t stop, Side& side) {
  Interp& interp = impl.interp;
  f->pc = pc;
  f->branch_stop = stop;
  if (!impl.enter_native()) return false;
  const Value v = impl.run(f, true);
  impl.leave_native();
  if (v.is_error()) {
    if (interp.is_refused()) return false;
    ExceptionObject* e = interp.take_pending();
    Span place;
    for (std::size_t i = 0; e != nullptr && i < e->traceback.size() && !place.valid(); ++i) {
      if (!e->traceback_trusted[i]) place = e->traceback[i];
    }
    std::string text;
    if (e != nullptr) {
      if (auto s = interp.str_of(Value::object(e))) text = e->type->name + (s->empty() ? "" : ": " + *s);
    }
    refuse_at(interp, place.valid() ? place : interp.user_span(), "a branch that depends on a tensor raises " + text,
              "both branches of a tensor-valued `if` are evaluated; check arguments and shapes, not tensor values");
    return false;
  }
  side.returned = impl.last_exit == Impl::Exit::returned;
  side.result = v;
  side.after = save(f);
  return true;
}

Value one_sided(Impl& impl, Str* name) {
  ExceptionObject* reason = make_exception(
      impl.interp, impl.interp.exception_type("UnboundLocalError"),
      {impl.interp.str("variable '" + name->text + "' is bound on only one side of an `if` that depends on a tensor")});
  if (Span span = impl.interp.user_span(); span.valid()) {
    reason->traceback.push_back(span);
    reason->traceback_trusted.push_back(false);
  }
  return Value::object(impl.make_poison(reason, name->text));
}

bool merge_value(Impl& impl, Value condition, Value a, Value b, Str* name, Value& out) {
  if (a.is(b) || (a.tag == b.tag && a.is_float() && a.f == b.f)) {
    out = a;
    return true;
  }
  if (a.is_error() || b.is_error()) {
    out = name != nullptr ? one_sided(impl, name) : Value();
    return true;
  }
  out = impl.interp.hooks()->select(impl.interp, condition, a, b);
  if (!out.is_error()) return true;
  if (!impl.interp.is_refused() && impl.interp.has_exception()) {
    // what cannot be merged matters only when it is used
    ExceptionObject* reason = impl.interp.take_pending();
    if (name == nullptr) {
      impl.interp.raise(reason);
      return false;
    }
    out = Value::object(impl.make_poison(reason, name->text));
    return true;
  }
  return false;
}

struct Barrier {
  explicit Barrier(Impl& owner) : impl(owner) { impl.barriers.push_back({impl.next_serial}); }
  ~Barrier() { impl.barriers.pop_back(); }
  Impl& impl;
};

}  // namespace

bool Interp::refuse_mutation(const Object* object) {
  if (impl_->barriers.empty() || object == nullptr || object->serial >= impl_->barriers.back().serial) return false;
  Diagnostic d;
  d.code = "K0307";
  d.message = "a branch that depends on a tensor changes an object from outside it";
  d.help.push_back("compute both values and choose with `keras.ops.where` or `keras.ops.cond`");
  refuse(std::move(d));
  return true;
}

bool Impl::symbolic_if(Frame* f, Value condition, std::int32_t index, bool& returned, Value& result) {
  const Branch& b = f->code->branches[index];
  if (!f->code->is_function) {
    refuse_at(interp, frame_span(f), "an `if` outside a function depends on a tensor", "move it into `call`");
    return false;
  }
  if (b.leaves.valid() || b.yields.valid()) {
    refuse_at(interp, b.leaves.valid() ? b.leaves : b.yields,
              b.leaves.valid() ? "a branch that depends on a tensor leaves its loop"
                               : "a branch that depends on a tensor yields",
              "compute both values and choose with `keras.ops.where`");
    return false;
  }
  const std::int32_t if_pc = f->pc;
  const Saved before = save(f);
  Side then_side, else_side;
  {
    Barrier barrier(*this);
    if (!run_side(*this, f, b.then_pc, b.join_pc, then_side)) return false;
    restore(f, before);
    if (!run_side(*this, f, b.else_pc, b.join_pc, else_side)) return false;
    // one side returned: the other one goes on to its own return
    if (then_side.returned != else_side.returned) {
      Side& open = then_side.returned ? else_side : then_side;
      restore(f, open.after);
      if (!run_side(*this, f, b.join_pc + 1, kRunToReturn, open)) return false;
    }
  }
  restore(f, before);
  f->pc = if_pc;
  if (then_side.returned) {
    returned = true;
    if (then_side.result.is(else_side.result)) {
      result = then_side.result;
      return true;
    }
    result = interp.hooks()->select(interp, condition, then_side.result, else_side.result);
    return !result.is_error();
  }
  const std::size_t slots = f->code->slot_names.size();
  for (std::size_t i = 0; i < slots; ++i) {
    Str* const name = f->code->slot_names[i];
    const bool temporary = name->text.starts_with(".");
    if (is_cell(f, i)) {
      Value merged;
      if (!merge_value(*this, condition, then_side.after.cells[i], else_side.after.cells[i], name, merged))
        return false;
      static_cast<Cell*>(f->values[i].o)->value = merged;
      continue;
    }
    if (temporary) continue;
    if (!merge_value(*this, condition, then_side.after.values[i], else_side.after.values[i], name, f->values[i]))
      return false;
  }
  if (b.is_expression) {
    Value merged;
    if (!merge_value(*this, condition, then_side.after.values.back(), else_side.after.values.back(), nullptr, merged))
      return false;
    *f->sp++ = merged;
  }
  return true;
}

// `left and right` / `left or right`: right is evaluated up to the join at `target`, its value is on the stack there.
bool Impl::symbolic_logical(Frame* f, Value left, std::int32_t target, bool is_and) {
  Side side;
  const Saved before = save(f);
  const std::int32_t pc = f->pc;
  {
    Barrier barrier(*this);
    if (!run_side(*this, f, pc, target, side)) return false;
  }
  const Value right = side.returned || side.after.values.empty() ? Value() : side.after.values.back();
  f->branch_stop = before.stop;
  if (right.is_error()) {
    interp.refuse("K0308", "the right side of `and` or `or` on a tensor does not give a value");
    return false;
  }
  const Value v = interp.hooks()->logical(interp, left, right, is_and);
  if (v.is_error()) return false;
  f->sp[-1] = v;
  return true;
}

}  // namespace kedge::pylang
