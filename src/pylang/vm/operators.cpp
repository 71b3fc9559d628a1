// Operators, truth, subscripts, str and repr, isinstance: the dispatch to special methods (Data Model, 3.3).
#include <cmath>

#include "pylang/vm/impl.h"

namespace kedge::pylang {

using Impl = Interp::Impl;

namespace {

struct OperatorNames {
  const char* symbol;
  const char* stem;
};
constexpr OperatorNames kBinary[] = {{"+", "add"}, {"-", "sub"},  {"*", "mul"},      {"@", "matmul"},  {"/", "truediv"},
                                     {"%", "mod"}, {"**", "pow"}, {"<<", "lshift"},  {">>", "rshift"}, {"|", "or"},
                                     {"^", "xor"}, {"&", "and"},  {"//", "floordiv"}};
constexpr const char* kCompareSymbols[] = {"==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"};
constexpr const char* kCompareMethods[] = {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"};
constexpr CompareOp kMirrored[] = {CompareOp::eq, CompareOp::ne, CompareOp::gt,
                                   CompareOp::ge, CompareOp::lt, CompareOp::le};

bool numeric(Value v) { return v.is_int() || v.is_float() || v.is_bool(); }
double as_double(Value v) { return v.is_float() ? v.f : v.is_bool() ? (v.b ? 1.0 : 0.0) : static_cast<double>(v.i); }

// type(a).method(a, b); error tag without exception: no such method.
Value try_method(Impl& impl, Value a, Str* method, Value b, bool& missing) {
  missing = false;
  const auto v = impl.call_special(a, method, {&b, 1});
  if (!v) {
    missing = true;
    return {};
  }
  return *v;
}

}  // namespace

/// Interned names of every operator's methods, made on first use by an Interp.
struct OperatorTable {
  Str* forward[13];
  Str* reflected[13];
  Str* inplace[13];
  Str* compare[6];
  explicit OperatorTable(Interp& interp) {
    for (int i = 0; i < 13; ++i) {
      const std::string stem = kBinary[i].stem;
      forward[i] = interp.intern("__" + stem + "__");
      reflected[i] = interp.intern("__r" + stem + "__");
      inplace[i] = interp.intern("__i" + stem + "__");
    }
    for (int i = 0; i < 6; ++i) compare[i] = interp.intern(kCompareMethods[i]);
  }
};

const OperatorTable& Impl::operators() {
  if (operator_table == nullptr) operator_table = std::make_shared<OperatorTable>(interp);
  return *operator_table;
}

Value Impl::binary_op(BinaryOp op, Value a, Value b) {
  if (a.is_float() || b.is_float()) {
    if (numeric(a) && numeric(b)) {
      const double x = as_double(a), y = as_double(b);
      switch (op) {
        case BinaryOp::add: return Value::real(x + y);
        case BinaryOp::sub: return Value::real(x - y);
        case BinaryOp::mult: return Value::real(x * y);
        case BinaryOp::div:
          if (y != 0) return Value::real(x / y);
          break;
        default: break;
      }
    }
  } else if (a.is_int() && b.is_int()) {
    switch (op) {
      case BinaryOp::floor_div:
        if (b.i != 0 && b.i != -1) {
          std::int64_t q = a.i / b.i;
          if ((a.i % b.i != 0) && ((a.i < 0) != (b.i < 0))) --q;
          return Value::integer(q);
        }
        break;
      case BinaryOp::mod:
        if (b.i != 0 && b.i != -1) {
          std::int64_t r = a.i % b.i;
          if (r != 0 && ((r < 0) != (b.i < 0))) r += b.i;
          return Value::integer(r);
        }
        break;
      case BinaryOp::div:
        if (b.i != 0 && std::abs(a.i) < (std::int64_t{1} << 53) && std::abs(b.i) < (std::int64_t{1} << 53))
          return Value::real(static_cast<double>(a.i) / static_cast<double>(b.i));
        break;
      case BinaryOp::bit_and: return Value::integer(a.i & b.i);
      case BinaryOp::bit_or: return Value::integer(a.i | b.i);
      case BinaryOp::bit_xor: return Value::integer(a.i ^ b.i);
      default: break;
    }
  }
  if (raise_poison(a) || raise_poison(b)) return {};
  const OperatorTable& table = operators();
  const auto i = static_cast<std::size_t>(op);
  Type* ta = interp.type_of(a);
  Type* tb = interp.type_of(b);
  bool reflected_done = false, missing = false;
  if (ta != tb && interp.is_subtype(tb, ta)) {
    const Value r_b = lookup(tb, table.reflected[i]);
    if (!r_b.is_error() && !r_b.is(lookup(ta, table.reflected[i]))) {
      const Value r = try_method(*this, b, table.reflected[i], a, missing);
      reflected_done = true;
      if (!missing && (r.is_error() || !r.is(interp.not_implemented()))) return r;
    }
  }
  const Value r = try_method(*this, a, table.forward[i], b, missing);
  if (!missing && (r.is_error() || !r.is(interp.not_implemented()))) return r;
  if (!reflected_done && ta != tb) {
    const Value s = try_method(*this, b, table.reflected[i], a, missing);
    if (!missing && (s.is_error() || !s.is(interp.not_implemented()))) return s;
  }
  if (op == BinaryOp::add || op == BinaryOp::mult) {
    const auto& T = interp.types;
    const auto sequence = [&](const Type* t) {
      return t == T.str || t == T.bytes || t == T.bytearray || t == T.list || t == T.tuple;
    };
    if (op == BinaryOp::add && sequence(ta)) {
      if (ta == T.str) return interp.raise("TypeError", "can only concatenate str (not \"" + tb->name + "\") to str");
      if (ta == T.bytes || ta == T.bytearray)
        return interp.raise("TypeError", "can't concat " + tb->name + " to " + ta->name);
      return interp.raise("TypeError",
                          "can only concatenate " + ta->name + " (not \"" + tb->name + "\") to " + ta->name);
    }
    if (op == BinaryOp::mult && sequence(ta))
      return interp.raise("TypeError", "can't multiply sequence by non-int of type '" + tb->name + "'");
    if (op == BinaryOp::mult && sequence(tb))
      return interp.raise("TypeError", "can't multiply sequence by non-int of type '" + ta->name + "'");
  }
  const std::string symbol = op == BinaryOp::pow ? "** or pow()" : kBinary[i].symbol;
  return interp.raise("TypeError",
                      "unsupported operand type(s) for " + symbol + ": '" + ta->name + "' and '" + tb->name + "'");
}

Value Impl::inplace_op(BinaryOp op, Value a, Value b) {
  if (a.is_object() && a.o->type != interp.types.str) {
    if (raise_poison(a) || raise_poison(b)) return {};
    bool missing = false;
    const Value r = try_method(*this, a, operators().inplace[static_cast<std::size_t>(op)], b, missing);
    if (!missing && (r.is_error() || !r.is(interp.not_implemented()))) return r;
  }
  const Value r = binary_op(op, a, b);
  if (r.is_error() && interp.pending_matches("TypeError")) {
    // the message names the augmented operator
    ExceptionObject* e = interp.pending();
    const std::string from =
        "unsupported operand type(s) for " +
        (op == BinaryOp::pow ? std::string("** or pow()") : std::string(kBinary[static_cast<std::size_t>(op)].symbol)) +
        ": ";
    if (e->args != nullptr && e->args->items.size() == 1 && e->traceback.empty()) {
      if (auto* s = as<Str>(e->args->items[0]); s != nullptr && s->text.starts_with(from)) {
        const std::string to =
            "unsupported operand type(s) for " +
            std::string(op == BinaryOp::pow ? "** or pow()"
                                            : std::string(kBinary[static_cast<std::size_t>(op)].symbol) + "=") +
            ": ";
        e->args->items[0] = interp.str(to + s->text.substr(from.size()));
      }
    }
  }
  return r;
}

Value Impl::unary_op(UnaryOp op, Value a) {
  if (a.is_int()) {
    if (op == UnaryOp::minus && a.i != INT64_MIN) return Value::integer(-a.i);
    if (op == UnaryOp::plus) return a;
    if (op == UnaryOp::invert) return Value::integer(~a.i);
  }
  if (a.is_float() && op != UnaryOp::invert) return op == UnaryOp::minus ? Value::real(-a.f) : a;
  if (raise_poison(a)) return {};
  const auto v = call_special(a, op == UnaryOp::minus ? names.neg : op == UnaryOp::plus ? names.pos : names.invert, {});
  if (v) return *v;
  return interp.raise("TypeError", "bad operand type for unary " +
                                       std::string(op == UnaryOp::minus  ? "-"
                                                   : op == UnaryOp::plus ? "+"
                                                                         : "~") +
                                       ": '" + std::string(type_name(interp, a)) + "'");
}

Value Impl::compare_op(CompareOp op, Value a, Value b) {
  if (numeric(a) && numeric(b) && (a.is_float() || b.is_float()) && op <= CompareOp::ge) {
    const auto exact = [](Value v) {
      return v.is_float() || v.is_bool() || (v.i < (std::int64_t{1} << 53) && v.i > -(std::int64_t{1} << 53));
    };
    if (exact(a) && exact(b)) {
      const double x = as_double(a), y = as_double(b);
      switch (op) {
        case CompareOp::eq: return Value::boolean(x == y);
        case CompareOp::ne: return Value::boolean(x != y);
        case CompareOp::lt: return Value::boolean(x < y);
        case CompareOp::le: return Value::boolean(x <= y);
        case CompareOp::gt: return Value::boolean(x > y);
        case CompareOp::ge: return Value::boolean(x >= y);
        default: break;
      }
    }
  }
  if (op == CompareOp::is) return Value::boolean(a.is(b));
  if (op == CompareOp::is_not) return Value::boolean(!a.is(b));
  if (raise_poison(a) || raise_poison(b)) return {};
  if (op == CompareOp::in || op == CompareOp::not_in) {
    const std::optional<bool> c = interp.contains(b, a);
    return c ? Value::boolean(*c == (op == CompareOp::in)) : Value();
  }
  const auto& T = interp.types;
  if (a.is_object() && b.is_object() && a.o->type == T.str && b.o->type == T.str && op <= CompareOp::ne) {
    const bool same = a.o == b.o || static_cast<Str*>(a.o)->text == static_cast<Str*>(b.o)->text;
    return Value::boolean(same == (op == CompareOp::eq));
  }
  const OperatorTable& table = operators();
  const auto i = static_cast<std::size_t>(op);
  const auto m = static_cast<std::size_t>(kMirrored[i]);
  Type* ta = interp.type_of(a);
  Type* tb = interp.type_of(b);
  bool missing = false, reflected_done = false;
  if (ta != tb && interp.is_subtype(tb, ta)) {
    reflected_done = true;
    const Value r = try_method(*this, b, table.compare[m], a, missing);
    if (!missing && (r.is_error() || !r.is(interp.not_implemented()))) return r;
  }
  const Value r = try_method(*this, a, table.compare[i], b, missing);
  if (!missing && (r.is_error() || !r.is(interp.not_implemented()))) return r;
  if (!reflected_done) {
    const Value s = try_method(*this, b, table.compare[m], a, missing);
    if (!missing && (s.is_error() || !s.is(interp.not_implemented()))) return s;
  }
  if (op == CompareOp::eq) return Value::boolean(a.is(b));
  if (op == CompareOp::ne) return Value::boolean(!a.is(b));
  return interp.raise("TypeError", "'" + std::string(kCompareSymbols[i]) + "' not supported between instances of '" +
                                       ta->name + "' and '" + tb->name + "'");
}

Value Interp::binary(std::string_view op, Value a, Value b) {
  for (std::size_t i = 0; i < 13; ++i) {
    if (op != kBinary[i].symbol) continue;
    if (a.is_int() && b.is_int()) {
      std::int64_t r = 0;
      if (i == 0 && !__builtin_add_overflow(a.i, b.i, &r)) return Value::integer(r);
      if (i == 1 && !__builtin_sub_overflow(a.i, b.i, &r)) return Value::integer(r);
      if (i == 2 && !__builtin_mul_overflow(a.i, b.i, &r)) return Value::integer(r);
    }
    return impl_->binary_op(static_cast<BinaryOp>(i), a, b);
  }
  return raise("SystemError", "no such operator");
}

Value Interp::compare(std::string_view op, Value a, Value b) {
  for (std::size_t i = 0; i < 10; ++i) {
    if (op != kCompareSymbols[i]) continue;
    if (a.is_int() && b.is_int() && i < 6) {
      const bool r[] = {a.i == b.i, a.i != b.i, a.i<b.i, a.i <= b.i, a.i> b.i, a.i >= b.i};
      return Value::boolean(r[i]);
    }
    return impl_->compare_op(static_cast<CompareOp>(i), a, b);
  }
  return raise("SystemError", "no such operator");
}

std::optional<bool> Impl::test(Value v) { return interp.truth(v); }

std::optional<bool> Interp::truth(Value v) {
  switch (v.tag) {
    case Tag::error: return std::nullopt;
    case Tag::none: return false;
    case Tag::boolean: return v.b;
    case Tag::integer: return v.i != 0;
    case Tag::real: return v.f != 0;
    case Tag::object: break;
  }
  Type* t = v.o->type;
  if (t == types.str) return !static_cast<Str*>(v.o)->text.empty();
  if (t == types.list) return !static_cast<List*>(v.o)->items.empty();
  if (t == types.tuple) return !static_cast<Tuple*>(v.o)->items.empty();
  if (t == types.dict) return static_cast<Dict*>(v.o)->used != 0;
  if (impl_->raise_poison(v)) return std::nullopt;
  if (impl_->is_symbolic(v)) {
    Diagnostic d;
    d.code = "K0305";
    d.message = "the truth of a tensor is only known at run time";
    d.help.push_back("use `keras.ops.where` or `keras.ops.cond` to choose between values");
    refuse(std::move(d));
    return std::nullopt;
  }
  if (const auto r = impl_->call_special(v, impl_->names.bool_, {})) {
    if (r->is_error()) return std::nullopt;
    if (r->is_bool()) return r->b;
    raise("TypeError", "__bool__ should return bool, returned " + std::string(type_name(*this, *r)));
    return std::nullopt;
  }
  if (!impl_->lookup(t, impl_->names.len).is_error()) {
    const auto n = length(v);
    if (!n) return std::nullopt;
    return *n != 0;
  }
  return true;
}

// ---- subscripts
// ---------------------------------------------------------------------------------------------------------

Value Interp::getitem(Value object, Value key) {
  if (const auto r = impl_->call_special(object, impl_->names.getitem, {&key, 1})) return *r;
  if (impl_->raise_poison(object)) return {};
  if (auto* t = object.is_object() ? dynamic_cast<Type*>(object.o) : nullptr) {
    const Value hook = impl_->lookup(t, impl_->names.class_getitem);
    if (!hook.is_error()) {
      const Value f = impl_->bind_attribute(hook, Value(), t);
      if (f.is_error()) return f;
      if (f.is_object() && f.o->type == types.function) {
        const Value args[] = {object, key};
        return call(f, args);
      }
      return call(f, {&key, 1});
    }
    if (t->host) return impl_->make_generic_alias(t, key);
    return raise("TypeError", "type '" + t->name + "' is not subscriptable");
  }
  return raise("TypeError", "'" + std::string(type_name(*this, object)) + "' object is not subscriptable");
}

bool Interp::setitem(Value object, Value key, Value value) {
  const Value args[] = {key, value};
  if (const auto r = impl_->call_special(object, impl_->names.setitem, args)) return !r->is_error();
  if (impl_->raise_poison(object)) return false;
  raise("TypeError", "'" + std::string(type_name(*this, object)) + "' object does not support item assignment");
  return false;
}

bool Interp::delitem(Value object, Value key) {
  if (const auto r = impl_->call_special(object, impl_->names.delitem, {&key, 1})) return !r->is_error();
  if (impl_->raise_poison(object)) return false;
  raise("TypeError", "'" + std::string(type_name(*this, object)) + "' object doesn't support item deletion");
  return false;
}

// ---- text
// ---------------------------------------------------------------------------------------------------------------

namespace {
std::optional<std::string> text_result(Interp& interp, Value v, const char* method) {
  if (v.is_error()) return std::nullopt;
  const Value plain = unwrap(v);
  if (auto* s = as<Str>(plain)) return s->text;
  interp.raise("TypeError",
               std::string(method) + " returned non-string (type " + std::string(type_name(interp, v)) + ")");
  return std::nullopt;
}
}  // namespace

std::optional<std::string> Interp::str_of(Value v) {
  if (v.is_object() && v.o->type == types.str) return static_cast<Str*>(v.o)->text;
  if (v.is_int()) return std::to_string(v.i);
  if (impl_->raise_poison(v)) return std::nullopt;
  const auto r = impl_->call_special(v, impl_->names.str, {});
  if (r) return text_result(*this, *r, "__str__");
  return repr_of(v);
}

std::optional<std::string> Interp::repr_of(Value v) {
  if (v.is_object() && v.o->type == types.str) return str_repr(static_cast<Str*>(v.o)->text);
  if (v.is_int()) return std::to_string(v.i);
  if (v.is_float()) return float_repr(v.f);
  if (impl_->raise_poison(v)) return std::nullopt;
  const auto r = impl_->call_special(v, impl_->names.repr, {});
  if (r) return text_result(*this, *r, "__repr__");
  return "<" + std::string(type_name(*this, v)) + " object>";
}

// ---- isinstance
// ---------------------------------------------------------------------------------------------------------

bool Interp::is_subtype(const Type* type, const Type* base) const {
  if (type == base) return true;
  for (const Type* t : type->mro) {
    if (t == base) return true;
  }
  return false;
}

std::optional<bool> Interp::is_instance(Value value, Value cls) {
  if (impl_->raise_poison(cls)) return std::nullopt;
  if (auto* t = cls.is_object() ? dynamic_cast<Type*>(cls.o) : nullptr) {
    if (t->type != types.type) {
      const Value hook = impl_->lookup(t->type, impl_->names.instancecheck);
      if (!hook.is_error() && !(hook.is_object() && hook.o->type == types.native_function &&
                                static_cast<NativeFunction*>(hook.o)->name == "__instancecheck__")) {
        const auto r = impl_->call_special(cls, impl_->names.instancecheck, {&value, 1});
        if (r) return r->is_error() ? std::nullopt : truth(*r);
      }
    }
    if (impl_->raise_poison(value)) return std::nullopt;
    return is_subtype(type_of(value), t);
  }
  if (auto* tuple = as<Tuple>(cls)) {
    for (const Value c : tuple->items) {
      // an absent class among others: the value cannot be an instance of it
      if (c.is_object() && c.o->type == types.poison && !(value.is_object() && value.o->type == types.poison)) continue;
      const auto r = is_instance(value, c);
      if (!r || *r) return r;
    }
    return false;
  }
  if (cls.is_object() && cls.o->type == impl_->union_type) {
    const Value args = getattr(cls, "__args__");
    if (args.is_error()) return std::nullopt;
    auto* list = as<Tuple>(args);
    for (const Value c : list->items) {
      const auto r = c.is_none() ? std::optional<bool>(value.is_none()) : is_instance(value, c);
      if (!r || *r) return r;
    }
    return false;
  }
  if (cls.is_object()) {
    const auto r = impl_->call_special(cls, impl_->names.instancecheck, {&value, 1});
    if (r) return r->is_error() ? std::nullopt : truth(*r);
  }
  raise("TypeError", "isinstance() arg 2 must be a type, a tuple of types, or a union");
  return std::nullopt;
}

}  // namespace kedge::pylang
