// The functions of the builtins module.
#include "pylang/builtins/numbers.h"
#include "pylang/builtins/sequence.h"
#include "pylang/builtins/support.h"
#include "pylang/vm/impl.h"

namespace kedge::pylang {

Value make_callable_iterator(Interp& interp, Value callable, Value sentinel);

namespace {

// A method of the value's class, called; nullopt when the class has none.
std::optional<Value> call_dunder(Interp& interp, Value self, const char* name, std::span<const Value> rest = {}) {
  const Value method = interp.lookup_type_attr(interp.type_of(self), interp.intern(name));
  if (method.is_error() || method.is_none()) return std::nullopt;
  return call_special(interp, self, name, rest);
}

Value fn_abs(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "abs", 1, 1, false)) return {};
  const std::optional<Value> out = call_dunder(interp, args.positional[0], "__abs__");
  return out ? *out : type_error(interp, "bad operand type for abs(): " + quoted_type(interp, args.positional[0]));
}

template <bool all>
Value fn_all_any(Interp& interp, Args args, void*) {
  if (!arity(interp, args, all ? "all" : "any", 1, 1, false)) return {};
  const Value iterator = interp.iterate(args.positional[0]);
  if (iterator.is_error()) return {};
  while (true) {
    bool done = false;
    const Value item = interp.next(iterator, done);
    if (done) return Value::boolean(all);
    if (item.is_error()) return {};
    const std::optional<bool> truth = interp.truth(item);
    if (!truth) return {};
    if (*truth != all) return Value::boolean(!all);
  }
}

Value fn_repr(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "repr", 1, 1, false)) return {};
  const std::optional<std::string> out = interp.repr_of(args.positional[0]);
  return out ? interp.str(*out) : Value();
}
Value fn_ascii(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "ascii", 1, 1, false)) return {};
  const std::optional<std::string> out = interp.repr_of(args.positional[0]);
  return out ? interp.str(ascii_escape(*out)) : Value();
}

template <int base>
Value fn_radix(Interp& interp, Args args, void*) {
  if (!arity(interp, args, base == 2 ? "bin" : (base == 8 ? "oct" : "hex"), 1, 1, false)) return {};
  const Value index = index_of(interp, args.positional[0]);
  if (index.is_error()) return {};
  const BigInt value = *big_of(index);
  const std::string digits = (value.negative() ? -value : value).to_string(base);
  return interp.str((value.negative() ? "-" : "") + std::string(base == 2 ? "0b" : (base == 8 ? "0o" : "0x")) + digits);
}

Value fn_callable(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "callable", 1, 1, false)) return {};
  const Value value = args.positional[0];
  if (!value.is_object()) return Value::boolean(false);
  if (as<Type>(value) != nullptr) return Value::boolean(true);
  return Value::boolean(!interp.lookup_type_attr(value.o->type, interp.intern("__call__")).is_error() ||
                        as<Function>(value) != nullptr || as<NativeFunction>(value) != nullptr ||
                        as<BoundMethod>(value) != nullptr);
}

Value fn_chr(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "chr", 1, 1, false)) return {};
  const Value index = index_of(interp, args.positional[0]);
  if (index.is_error()) return {};
  if (!index.is_int() || index.i > INT32_MAX || index.i < INT32_MIN)
    return interp.raise("OverflowError", "Python int too large to convert to C int");
  if (index.i < 0 || index.i > 0x10FFFF) return value_error(interp, "chr() arg not in range(0x110000)");
  return interp.str(encode_utf8(static_cast<std::uint32_t>(index.i)));
}
Value fn_ord(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "ord", 1, 1, false)) return {};
  std::int64_t length = 0;
  if (const Str* text = str_of(interp, args.positional[0])) {
    if (text->length == 1) return Value::integer(decode_utf8(text->text)[0]);
    length = text->length;
  } else if (const BytesObject* bytes = bytes_of(interp, args.positional[0])) {
    if (bytes->data.size() == 1) return Value::integer(static_cast<unsigned char>(bytes->data[0]));
    length = static_cast<std::int64_t>(bytes->data.size());
  } else {
    return type_error(interp,
                      "ord() expected string of length 1, but " + interp.type_of(args.positional[0])->name + " found");
  }
  return type_error(interp, "ord() expected a character, but string of length " + std::to_string(length) + " found");
}

Value fn_divmod(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "divmod", 2, 2, false)) return {};
  const Value a = args.positional[0];
  const Value b = args.positional[1];
  std::optional<Value> out = call_dunder(interp, a, "__divmod__", std::array{b});
  if (out && !out->is(interp.not_implemented())) return *out;
  out = call_dunder(interp, b, "__rdivmod__", std::array{a});
  if (out && !out->is(interp.not_implemented())) return *out;
  return type_error(
      interp, "unsupported operand type(s) for divmod(): " + quoted_type(interp, a) + " and " + quoted_type(interp, b));
}
Value fn_pow(Interp& interp, Args args, void*) {
  std::array<Value, 3> in;
  if (!interp.bind(args, "pow", {"base", "exp", "mod="}, in)) return {};
  if (!given(in[2]) || in[2].is_none()) return interp.binary("**", in[0], in[1]);
  const Value modular = int_power_mod(interp, in[0], in[1], in[2]);
  if (!modular.is(interp.not_implemented())) return modular;
  const std::optional<Value> out = call_dunder(interp, in[0], "__pow__", std::array{in[1], in[2]});
  if (out && !out->is(interp.not_implemented()) && !unwrap(in[0]).is_float()) return *out;
  if (out && out->is_error()) return {};
  return type_error(interp, unwrap(in[0]).is_float() || unwrap(in[1]).is_float()
                                ? "pow() 3rd argument not allowed unless all arguments are integers"
                                : "unsupported operand type(s) for ** or pow(): " + quoted_type(interp, in[0]) + ", " +
                                      quoted_type(interp, in[1]) + ", " + quoted_type(interp, in[2]));
}
Value fn_round(Interp& interp, Args args, void*) {
  std::array<Value, 2> in;
  if (!interp.bind(args, "round", {"number", "ndigits="}, in)) return {};
  const std::optional<Value> out = given(in[1]) && !in[1].is_none()
                                       ? call_dunder(interp, in[0], "__round__", std::array{in[1]})
                                       : call_dunder(interp, in[0], "__round__");
  return out ? *out : type_error(interp, "type " + interp.type_of(in[0])->name + " doesn't define __round__ method");
}

Value fn_format(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "format", 1, 2, false)) return {};
  const Str* spec = args.positional.size() > 1 ? str_of(interp, args.positional[1]) : nullptr;
  if (args.positional.size() > 1 && spec == nullptr)
    return type_error(interp, "format() argument 2 must be str, not " + interp.type_of(args.positional[1])->name);
  const std::optional<std::string> out = format_value(interp, args.positional[0], spec != nullptr ? spec->text : "");
  return out ? interp.str(*out) : Value();
}

Value fn_hash(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "hash", 1, 1, false)) return {};
  const std::optional<std::uint64_t> h = interp.hash(args.positional[0]);
  return h ? Value::integer(static_cast<std::int64_t>(*h)) : Value();
}
Value fn_id(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "id", 1, 1, false)) return {};
  const Value v = args.positional[0];
  switch (v.tag) {
    case Tag::object: return Value::integer(static_cast<std::int64_t>(v.o->serial * 16 + 0x100000));
    case Tag::boolean: return Value::integer(v.b ? 32 : 48);
    case Tag::none: return Value::integer(16);
    default: {
      const std::optional<std::uint64_t> h = interp.hash(v);
      return h ? Value::integer(static_cast<std::int64_t>((*h * 32 + (v.is_float() ? 24 : 8)) & 0x7FFFFFFFFFFFFFFFull))
               : Value();
    }
  }
}

Value fn_isinstance(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "isinstance", 2, 2, false)) return {};
  const std::optional<bool> out = interp.is_instance(args.positional[0], args.positional[1]);
  return out ? Value::boolean(*out) : Value();
}
std::optional<bool> is_subclass(Interp& interp, Value cls, Value base) {
  const DepthGuard guard(interp);
  if (!guard.ok) return std::nullopt;
  if (const Tuple* tuple = tuple_of(interp, base)) {
    for (const Value item : tuple->items) {
      const std::optional<bool> out = is_subclass(interp, cls, item);
      if (!out || *out) return out;
    }
    return false;
  }
  if (base.is_object()) {
    const Value check = interp.lookup_type_attr(base.o->type, interp.intern("__subclasscheck__"));
    const Value plain = interp.lookup_type_attr(interp.types.type, interp.intern("__subclasscheck__"));
    if (!check.is_error() && !check.is(plain)) {
      const Value result = call_special(interp, base, "__subclasscheck__", std::array{cls});
      return result.is_error() ? std::nullopt : interp.truth(result);
    }
  }
  const auto* b = as<Type>(base);
  const auto* c = as<Type>(cls);
  if (c == nullptr) {
    (void)type_error(interp, "issubclass() arg 1 must be a class");
    return std::nullopt;
  }
  if (b == nullptr) {
    (void)type_error(interp, "issubclass() arg 2 must be a class, a tuple of classes, or a union");
    return std::nullopt;
  }
  return interp.is_subtype(c, b);
}
Value fn_issubclass(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "issubclass", 2, 2, false)) return {};
  if (as<Type>(args.positional[0]) == nullptr) return type_error(interp, "issubclass() arg 1 must be a class");
  const std::optional<bool> out = is_subclass(interp, args.positional[0], args.positional[1]);
  return out ? Value::boolean(*out) : Value();
}

Value fn_iter(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "iter", 1, 2, false)) return {};
  return args.positional.size() == 2 ? make_callable_iterator(interp, args.positional[0], args.positional[1])
                                     : interp.iterate(args.positional[0]);
}
Value fn_next(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "next", 1, 2, false)) return {};
  const Value iterator = args.positional[0];
  const std::optional<Value> out = call_dunder(interp, iterator, "__next__");
  if (!out) return type_error(interp, quoted_type(interp, iterator) + " object is not an iterator");
  if (out->is_error() && args.positional.size() == 2 && interp.pending_matches("StopIteration")) {
    interp.take_pending();
    return args.positional[1];
  }
  return *out;
}
Value fn_len(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "len", 1, 1, false)) return {};
  const std::optional<std::int64_t> out = interp.length(args.positional[0]);
  return out ? Value::integer(*out) : Value();
}

template <bool maximum>
Value fn_extreme(Interp& interp, Args args, void*) {
  const char* name = maximum ? "max" : "min";
  Value key;
  Value fallback;
  for (std::size_t i = 0; i < args.names.size(); ++i) {
    const std::string& keyword = args.names[i]->text;
    if (keyword == "key") key = args.named[i];
    else if (keyword == "default") fallback = args.named[i];
    else return type_error(interp, std::string(name) + "() got an unexpected keyword argument '" + keyword + "'");
  }
  if (args.positional.empty()) return type_error(interp, std::string(name) + " expected at least 1 argument, got 0");
  const bool many = args.positional.size() > 1;
  if (many && given(fallback))
    return type_error(interp,
                      "Cannot specify a default for " + std::string(name) + "() with multiple positional arguments");
  Value best;
  Value best_key;
  const auto consider = [&](Value item) {
    Value k = item;
    if (given(key) && !key.is_none()) {
      k = interp.call(key, std::array{item});
      if (k.is_error()) return false;
    }
    if (best.is_error()) {
      best = item;
      best_key = k;
      return true;
    }
    const Value better = interp.compare(maximum ? ">" : "<", k, best_key);
    if (better.is_error()) return false;
    const std::optional<bool> truth = interp.truth(better);
    if (!truth) return false;
    if (*truth) {
      best = item;
      best_key = k;
    }
    return true;
  };
  if (many) {
    for (const Value item : args.positional) {
      if (!consider(item)) return {};
    }
  } else if (!for_each(interp, args.positional[0], consider)) {
    return {};
  }
  if (!best.is_error()) return best;
  return given(fallback) ? fallback : value_error(interp, std::string(name) + "() arg is an empty sequence");
}

Value fn_print(Interp& interp, Args args, void*) {
  std::string separator = " ";
  std::string end = "\n";
  for (std::size_t i = 0; i < args.names.size(); ++i) {
    const std::string& keyword = args.names[i]->text;
    if (keyword != "sep" && keyword != "end" && keyword != "file" && keyword != "flush")
      return type_error(interp, "print() got an unexpected keyword argument '" + keyword + "'");
    if (keyword == "file" || keyword == "flush" || args.named[i].is_none()) continue;
    const Str* text = str_of(interp, args.named[i]);
    if (text == nullptr)
      return type_error(interp, keyword + " must be None or a string, not " + interp.type_of(args.named[i])->name);
    (keyword == "sep" ? separator : end) = text->text;
  }
  std::string line;
  for (std::size_t i = 0; i < args.positional.size(); ++i) {
    const std::optional<std::string> text = interp.str_of(args.positional[i]);
    if (!text) return {};
    if (i > 0) line += separator;
    line += *text;
  }
  line += end;
  if (!interp.charge(static_cast<std::int64_t>(line.size()))) return {};
  interp.printed() += line;
  return Value::none();
}

Value fn_sorted(Interp& interp, Args args, void*) {
  std::array<Value, 3> in;
  if (!interp.bind(args, "sorted", {"iterable", "/", "*", "key=", "reverse="}, in)) return {};
  std::optional<std::vector<Value>> items = interp.to_vector(in[0]);
  if (!items) return {};
  bool reverse = false;
  if (given(in[2])) {
    const std::optional<bool> truth = interp.truth(in[2]);
    if (!truth) return {};
    reverse = *truth;
  }
  return sort_items(interp, *items, in[1], reverse) ? interp.list(std::move(*items)) : Value();
}
Value fn_sum(Interp& interp, Args args, void*) {
  std::array<Value, 2> in;
  if (!interp.bind(args, "sum", {"iterable", "/", "start="}, in)) return {};
  Value total = given(in[1]) ? in[1] : Value::integer(0);
  if (str_of(interp, total) != nullptr) return type_error(interp, "sum() can't sum strings [use ''.join(seq) instead]");
  if (bytes_of(interp, total) != nullptr)
    return type_error(interp, "sum() can't sum bytes [use b''.join(seq) instead]");
  const bool ok = for_each(interp, in[0], [&](Value item) {
    total = interp.binary("+", total, item);
    return !total.is_error();
  });
  return ok ? total : Value();
}

// What would leave the evaluation: refused by name at the line.
template <int which>
Value fn_refused(Interp& interp, Args, void*) {
  static constexpr const char* kWhat[] = {"open() would touch a file",       "eval() would run text as code",
                                          "exec() would run text as code",   "compile() would run text as code",
                                          "input() would wait for a person", "breakpoint() would stop in a debugger"};
  return interp.refuse("K0320", std::string(kWhat[which]) + ", which a kedge evaluation does not do");
}
Value fn_exit(Interp& interp, Args args, void*) {
  ExceptionObject* e = make_exception(interp, interp.exception_type("SystemExit"),
                                      std::vector<Value>(args.positional.begin(), args.positional.end()));
  return e != nullptr ? interp.raise(e) : Value();
}

}  // namespace

void install_functions(Interp& interp, Module& module) {
  static constexpr Method kFunctions[] = {{"abs", fn_abs},
                                          {"all", fn_all_any<true>},
                                          {"any", fn_all_any<false>},
                                          {"ascii", fn_ascii},
                                          {"bin", fn_radix<2>},
                                          {"oct", fn_radix<8>},
                                          {"hex", fn_radix<16>},
                                          {"callable", fn_callable},
                                          {"chr", fn_chr},
                                          {"ord", fn_ord},
                                          {"divmod", fn_divmod},
                                          {"pow", fn_pow},
                                          {"round", fn_round},
                                          {"format", fn_format},
                                          {"hash", fn_hash},
                                          {"id", fn_id},
                                          {"isinstance", fn_isinstance},
                                          {"issubclass", fn_issubclass},
                                          {"iter", fn_iter},
                                          {"next", fn_next},
                                          {"len", fn_len},
                                          {"max", fn_extreme<true>},
                                          {"min", fn_extreme<false>},
                                          {"print", fn_print},
                                          {"repr", fn_repr},
                                          {"sorted", fn_sorted},
                                          {"sum", fn_sum},
                                          {"open", fn_refused<0>},
                                          {"eval", fn_refused<1>},
                                          {"exec", fn_refused<2>},
                                          {"compile", fn_refused<3>},
                                          {"input", fn_refused<4>},
                                          {"breakpoint", fn_refused<5>},
                                          {"exit", fn_exit},
                                          {"quit", fn_exit}};
  install_rows(interp, module, kFunctions);
}

}  // namespace kedge::pylang
