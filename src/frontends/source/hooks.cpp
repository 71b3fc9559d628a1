// Control flow on tensors: what a variable is after an `if` on a tensor, and `not`, `and`, `or`.
#include "frontends/source/tracer.h"

namespace kedge::frontends {

using pylang::as;

bool TensorHooks::is_symbolic(Value value) const {
  if (!value.is_object()) return false;
  const auto* t = tensor_of(value);
  if (t == nullptr && tracer_.is_tensor_like(value)) t = tracer_.find_tensor(value);
  return t != nullptr && !t->concrete();
}

namespace {

bool is_number(Value v) { return v.is_bool() || v.is_int() || v.is_float() || array_of(v) != nullptr; }

std::string describe(Interp& interp, Value v) {
  if (v.is_error()) return "nothing";
  return "'" + interp.type_of(v)->name + "'";
}

}  // namespace

Value TensorHooks::merge(Interp& interp, TensorObject* condition, Value a, Value b, int depth) {
  if (a.is(b)) return a;
  const auto refuse = [&](std::string message) {
    Diagnostic d;
    d.code = "K0323";
    d.message = std::move(message);
    d.notes.push_back(
        "both sides of this `if` are evaluated, because its condition is a tensor; what they assign must be tensors of "
        "one shape, or equal");
    return interp.refuse(std::move(d));
  };
  if (a.is_error() || b.is_error()) return refuse("a variable is set on one side only of an `if` on a tensor");
  if (depth > 64) return refuse("the sides of an `if` on a tensor give too deeply nested values");
  if ((a.is_bool() && b.is_bool() && a.b == b.b) || (a.is_int() && b.is_int() && a.i == b.i)) return a;
  if (a.is_float() && b.is_float() && a.f == b.f) return a;
  const bool tensor_a = tracer_.is_tensor_like(a);
  const bool tensor_b = tracer_.is_tensor_like(b);
  if ((tensor_a || is_number(a)) && (tensor_b || is_number(b))) {
    TensorObject* x = tensor_a || !tensor_b ? tracer_.to_tensor(a) : nullptr;
    if (x == nullptr && interp.has_exception()) return Value();
    TensorObject* y = tracer_.to_tensor(b, x != nullptr ? std::optional(x->dtype) : std::nullopt);
    if (y == nullptr) return Value();
    if (x == nullptr) x = tracer_.to_tensor(a, y->dtype);
    if (x == nullptr) return Value();
    if (x->dtype != y->dtype) {
      return refuse("the sides of an `if` on a tensor give different dtypes: " + std::string(dtype_name(x->dtype)) +
                    " and " + std::string(dtype_name(y->dtype)));
    }
    if (x->shape != y->shape)
      return refuse("the sides of an `if` on a tensor give different shapes: " + shape_to_string(x->shape) + " and " +
                    shape_to_string(y->shape));
    TensorObject* out = tracer_.emit1("select", {condition, x, y});
    return out != nullptr ? Value::object(out) : Value();
  }
  for (const bool list : {true, false}) {
    auto* la = list ? nullptr : as<pylang::Tuple>(a);
    auto* lb = list ? nullptr : as<pylang::Tuple>(b);
    const std::vector<Value>* xs = list ? (as<pylang::List>(a) != nullptr ? &as<pylang::List>(a)->items : nullptr)
                                        : (la != nullptr ? &la->items : nullptr);
    const std::vector<Value>* ys = list ? (as<pylang::List>(b) != nullptr ? &as<pylang::List>(b)->items : nullptr)
                                        : (lb != nullptr ? &lb->items : nullptr);
    if (xs == nullptr || ys == nullptr) continue;
    if (xs->size() != ys->size())
      return refuse("the sides of an `if` on a tensor give sequences of different lengths: " +
                    std::to_string(xs->size()) + " and " + std::to_string(ys->size()));
    std::vector<Value> items;
    for (std::size_t i = 0; i < xs->size(); ++i) {
      const Value item = merge(interp, condition, (*xs)[i], (*ys)[i], depth + 1);
      if (item.is_error()) return item;
      items.push_back(item);
    }
    return list ? interp.list(std::move(items)) : interp.tuple(std::move(items));
  }
  auto* da = as<pylang::Dict>(a);
  auto* db = as<pylang::Dict>(b);
  if (da != nullptr && db != nullptr) {
    if (da->used != db->used) return refuse("the sides of an `if` on a tensor give dictionaries with different keys");
    pylang::Dict* out = interp.dict();
    for (const auto& entry : da->entries) {
      if (entry.key.is_error()) continue;
      const Value other = interp.dict_get(db, entry.key);
      if (other.is_error())
        return interp.has_exception()
                   ? other
                   : refuse("the sides of an `if` on a tensor give dictionaries with different keys");
      const Value item = merge(interp, condition, entry.value, other, depth + 1);
      if (item.is_error()) return item;
      if (!interp.dict_set(out, entry.key, item)) return Value();
    }
    return Value::object(out);
  }
  const std::optional<bool> same = tensor_a || tensor_b ? std::optional(false) : interp.equal(a, b);
  if (!same) return Value();
  if (*same) return a;
  return refuse("the sides of an `if` on a tensor give " + describe(interp, a) + " and " + describe(interp, b) +
                ", which no tensor operation can choose between");
}

Value TensorHooks::select(Interp& interp, Value condition, Value if_true, Value if_false) {
  if (if_true.is(if_false)) return if_true;
  TensorObject* t = tracer_.to_tensor(condition);
  if (t == nullptr) return Value();
  t = tracer_.to_condition(t);
  if (t == nullptr) return Value();
  return merge(interp, t, if_true, if_false, 0);
}

Value TensorHooks::logical_not(Interp& interp, Value operand) {
  TensorObject* t = tracer_.to_tensor(operand);
  if (t != nullptr) t = tracer_.to_condition(t);
  if (t != nullptr) t = tracer_.emit1("logical_not", {t});
  (void)interp;
  return t != nullptr ? Value::object(t) : Value();
}

Value TensorHooks::logical(Interp& interp, Value left, Value right, bool is_and) {
  // A side that is no tensor takes part by its truth.
  TensorObject* sides[2];
  for (int i = 0; i < 2; ++i) {
    const Value v = i == 0 ? left : right;
    if (tracer_.is_tensor_like(v)) {
      sides[i] = tracer_.to_tensor(v);
      if (sides[i] != nullptr) sides[i] = tracer_.to_condition(sides[i]);
    } else {
      const std::optional<bool> truth = interp.truth(v);
      if (!truth) return Value();
      sides[i] = tracer_.to_tensor(Value::boolean(*truth));
    }
    if (sides[i] == nullptr) return Value();
  }
  TensorObject* out = tracer_.emit1(is_and ? "logical_and" : "logical_or", {sides[0], sides[1]});
  return out != nullptr ? Value::object(out) : Value();
}

}  // namespace kedge::frontends
