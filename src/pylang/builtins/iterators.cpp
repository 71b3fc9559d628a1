// The iterators of builtin containers, and reversed, enumerate, zip, map, filter, iter(callable, sentinel).
#include "pylang/builtins/support.h"

namespace kedge::pylang {

Value make_dict_iterator(Interp& interp, Dict* dict);
Value make_set_iterator(Interp& interp, SetObject* set);
Value make_range_iterator(Interp& interp, Range* range);

namespace {

struct ListIterator final : NativeIterator {
  List* list = nullptr;
  std::size_t at = 0;
  Value next(Interp&, bool& done) override {
    if (list != nullptr && at < list->items.size()) return list->items[at++];
    list = nullptr;
    done = true;
    return {};
  }
};
struct TupleIterator final : NativeIterator {
  const Tuple* tuple = nullptr;
  std::size_t at = 0;
  Value next(Interp&, bool& done) override {
    if (at < tuple->items.size()) return tuple->items[at++];
    done = true;
    return {};
  }
};
struct StrIterator final : NativeIterator {
  const Str* text = nullptr;
  std::size_t at = 0;
  Value next(Interp& interp, bool& done) override {
    if (at >= text->text.size()) {
      done = true;
      return {};
    }
    std::size_t end = at + 1;
    while (end < text->text.size() && (static_cast<unsigned char>(text->text[end]) & 0xC0) == 0x80) ++end;
    const std::string_view piece = std::string_view(text->text).substr(at, end - at);
    at = end;
    return piece.size() == 1 ? Value::object(interp.intern(piece)) : interp.str(piece);
  }
};
struct BytesIterator final : NativeIterator {
  const BytesObject* bytes = nullptr;
  std::size_t at = 0;
  Value next(Interp&, bool& done) override {
    if (at < bytes->data.size()) return Value::integer(static_cast<unsigned char>(bytes->data[at++]));
    done = true;
    return {};
  }
};
// Old-style iteration by index, and reversed() of any sequence.
struct IndexIterator final : NativeIterator {
  Value sequence;
  std::int64_t at = 0;
  std::int64_t step = 1;
  bool finished = false;
  Value next(Interp& interp, bool& done) override {
    if (!finished && at >= 0) {
      const Value out = interp.getitem(sequence, Value::integer(at));
      if (!out.is_error()) {
        at += step;
        return out;
      }
      if (!interp.pending_matches("IndexError")) return {};
      interp.take_pending();
    }
    finished = true;
    done = true;
    return {};
  }
};
struct Enumerate final : NativeIterator {
  Value iterator;
  Value count;
  Value next(Interp& interp, bool& done) override {
    const Value item = interp.next(iterator, done);
    if (done || item.is_error()) return {};
    const Value number = count;
    count = number.is_int() && number.i < INT64_MAX ? Value::integer(number.i + 1)
                                                    : interp.binary("+", number, Value::integer(1));
    return interp.tuple({number, item});
  }
};
struct Zip final : NativeIterator {
  std::vector<Value> iterators;
  bool strict = false;
  Value next(Interp& interp, bool& done) override {
    if (iterators.empty()) {
      done = true;
      return {};
    }
    std::vector<Value> items;
    items.reserve(iterators.size());
    for (std::size_t i = 0; i < iterators.size(); ++i) {
      bool ended = false;
      const Value item = interp.next(iterators[i], ended);
      if (!ended && item.is_error()) return {};
      if (ended) return end(interp, i, done);
      items.push_back(item);
    }
    return interp.tuple(std::move(items));
  }
  Value end(Interp& interp, std::size_t short_one, bool& done) {
    const auto complain = [&](std::size_t which, const char* word) {
      return value_error(interp, "zip() argument " + std::to_string(which + 1) + " is " + word + " than argument" +
                                     (which == 1 ? " 1" : "s 1-" + std::to_string(which)));
    };
    if (strict && short_one > 0) return complain(short_one, "shorter");
    if (strict) {
      for (std::size_t i = 1; i < iterators.size(); ++i) {
        bool ended = false;
        const Value item = interp.next(iterators[i], ended);
        if (ended) continue;
        return item.is_error() ? Value() : complain(i, "longer");
      }
    }
    iterators.clear();
    done = true;
    return {};
  }
};
struct Map final : NativeIterator {
  Value function;
  std::vector<Value> iterators;
  Value next(Interp& interp, bool& done) override {
    std::vector<Value> items;
    items.reserve(iterators.size());
    for (const Value iterator : iterators) {
      const Value item = interp.next(iterator, done);
      if (done || item.is_error()) return {};
      items.push_back(item);
    }
    return interp.call(function, items);
  }
};
struct Filter final : NativeIterator {
  Value function;
  Value iterator;
  Value next(Interp& interp, bool& done) override {
    while (true) {
      const Value item = interp.next(iterator, done);
      if (done || item.is_error()) return {};
      Value verdict = item;
      if (!function.is_none()) {
        verdict = interp.call(function, std::array{item});
        if (verdict.is_error()) return {};
      }
      const std::optional<bool> truth = interp.truth(verdict);
      if (!truth) return {};
      if (*truth) return item;
    }
  }
};
struct CallableIterator final : NativeIterator {
  Value callable;
  Value sentinel;
  bool finished = false;
  Value next(Interp& interp, bool& done) override {
    if (!finished) {
      const Value out = interp.call(callable);
      if (out.is_error()) {
        if (!interp.pending_matches("StopIteration")) return {};
        interp.take_pending();
      } else {
        const std::optional<bool> same = interp.equal(out, sentinel);
        if (!same) return {};
        if (!*same) return out;
      }
    }
    finished = true;
    done = true;
    return {};
  }
};

Value iterator_iter(Interp&, Args args, void*) { return arg(args, 0); }
Value iterator_next(Interp& interp, Args args, void*) {
  auto* self = as<NativeIterator>(arg(args, 0));
  if (self == nullptr) return type_error(interp, "descriptor '__next__' requires an iterator");
  if (interp.refuse_mutation(self)) return {};
  bool done = false;
  const Value out = self->next(interp, done);
  if (!done) return out;
  ExceptionObject* stop = make_exception(interp, interp.exception_type("StopIteration"), {});
  if (stop == nullptr) return {};
  interp.dict_set(stop->dict, "value", Value::none());
  return interp.raise(stop);
}
Value iterator_length_hint(Interp&, Args, void*) { return Value::integer(0); }

bool all_iterators(Interp& interp, std::span<const Value> sources, std::vector<Value>& out) {
  for (const Value source : sources) {
    const Value iterator = interp.iterate(source);
    if (iterator.is_error()) return false;
    out.push_back(iterator);
  }
  return true;
}

Value enumerate_new(Interp& interp, Args args, void*) {
  std::array<Value, 3> in;
  if (!interp.bind(args, "enumerate", {"cls", "iterable", "start="}, in)) return {};
  auto* out = make_iterator<Enumerate>(interp, "enumerate");
  out->iterator = interp.iterate(in[1]);
  if (out->iterator.is_error()) return {};
  out->count = given(in[2]) ? index_of(interp, in[2]) : Value::integer(0);
  return out->count.is_error() ? Value() : Value::object(out);
}
Value zip_new(Interp& interp, Args args, void*) {
  auto* out = make_iterator<Zip>(interp, "zip");
  for (std::size_t i = 0; i < args.names.size(); ++i) {
    if (args.names[i]->text != "strict")
      return type_error(interp, "zip() got an unexpected keyword argument '" + args.names[i]->text + "'");
    const std::optional<bool> truth = interp.truth(args.named[i]);
    if (!truth) return {};
    out->strict = *truth;
  }
  return all_iterators(interp, args.positional.subspan(1), out->iterators) ? Value::object(out) : Value();
}
Value map_new(Interp& interp, Args args, void*) {
  if (args.positional.size() < 3) return type_error(interp, "map() must have at least two arguments.");
  auto* out = make_iterator<Map>(interp, "map");
  out->function = args.positional[1];
  return all_iterators(interp, args.positional.subspan(2), out->iterators) ? Value::object(out) : Value();
}
Value filter_new(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "filter", 2, 2)) return {};
  auto* out = make_iterator<Filter>(interp, "filter");
  out->function = args.positional[1];
  out->iterator = interp.iterate(args.positional[2]);
  return out->iterator.is_error() ? Value() : Value::object(out);
}
Value reversed_new(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "reversed", 1, 1)) return {};
  const Value source = args.positional[1];
  if (source.is_object()) {
    const Value method = interp.lookup_type_attr(source.o->type, interp.intern("__reversed__"));
    if (!method.is_error() && !method.is_none()) return call_special(interp, source, "__reversed__");
    if (!method.is_none() && !interp.lookup_type_attr(source.o->type, interp.intern("__getitem__")).is_error() &&
        !interp.lookup_type_attr(source.o->type, interp.intern("__len__")).is_error() &&
        dict_of(interp, source) == nullptr) {
      return make_reversed(interp, source);
    }
  }
  return type_error(interp, quoted_type(interp, source) + " object is not reversible");
}

}  // namespace

Type* iterator_type(Interp& interp, const char* name) {
  Type*& type = interp.internal_types[name];
  if (type == nullptr) {
    static constexpr Method kMethods[] = {
        {"__iter__", iterator_iter}, {"__next__", iterator_next}, {"__length_hint__", iterator_length_hint}};
    Type* made = interp.make_host_type("builtins", name);
    define(interp, made, kMethods);
    interp.internal_types[name] = made;
    return made;
  }
  return type;
}

Value make_reversed(Interp& interp, Value sequence) {
  const std::optional<std::int64_t> length = interp.length(sequence);
  if (!length) return {};
  auto* out =
      make_iterator<IndexIterator>(interp, list_of(interp, sequence) != nullptr ? "list_reverseiterator" : "reversed");
  out->sequence = sequence;
  out->at = *length - 1;
  out->step = -1;
  return Value::object(out);
}

Value make_index_iterator(Interp& interp, Value sequence) {
  auto* out = make_iterator<IndexIterator>(interp, "iterator");
  out->sequence = sequence;
  return Value::object(out);
}

Value make_callable_iterator(Interp& interp, Value callable, Value sentinel) {
  auto* out = make_iterator<CallableIterator>(interp, "callable_iterator");
  out->callable = callable;
  out->sentinel = sentinel;
  return Value::object(out);
}

Value make_builtin_iterator(Interp& interp, Value container) {
  if (!container.is_object()) return {};
  Object* object = container.o;
  const Type* type = object->type;
  const Interp::Types& types = interp.types;
  if (type == types.list) {
    auto* out = make_iterator<ListIterator>(interp, "list_iterator");
    out->list = static_cast<List*>(object);
    return Value::object(out);
  }
  if (type == types.tuple) {
    auto* out = make_iterator<TupleIterator>(interp, "tuple_iterator");
    out->tuple = static_cast<Tuple*>(object);
    return Value::object(out);
  }
  if (type == types.range) return make_range_iterator(interp, static_cast<Range*>(object));
  if (type == types.dict) return make_dict_iterator(interp, static_cast<Dict*>(object));
  if (type == types.set || type == types.frozenset) return make_set_iterator(interp, static_cast<SetObject*>(object));
  if (type == types.str) {
    auto* out = make_iterator<StrIterator>(interp, "str_iterator");
    out->text = static_cast<Str*>(object);
    return Value::object(out);
  }
  if (type == types.bytes || type == types.bytearray) {
    auto* out = make_iterator<BytesIterator>(interp, type == types.bytes ? "bytes_iterator" : "bytearray_iterator");
    out->bytes = static_cast<BytesObject*>(object);
    return Value::object(out);
  }
  return {};
}

void install_iterators(Interp& interp) {
  Module* builtins = interp.find_loaded("builtins");
  static constexpr Method kTypes[] = {{"enumerate", enumerate_new},
                                      {"zip", zip_new},
                                      {"map", map_new},
                                      {"filter", filter_new},
                                      {"reversed", reversed_new}};
  for (const Method& row : kTypes) {
    Type* type = iterator_type(interp, row.name);
    define_static(interp, type, "__new__", row.fn);
    interp.dict_set(builtins->dict, row.name, Value::object(type));
  }
}

}  // namespace kedge::pylang
