// itertools: all of CPython 3.11's. What shares a source (tee, groupby) is in itertools_shared.cpp, products
// and choices in itertools_choices.cpp.
#include <algorithm>

#include "pylang/stdlib/itertools_parts.h"

namespace kedge::pylang {
namespace {

struct Count final : NativeIterator {
  Value current, step;
  Value next(Interp& interp, bool&) override {
    const Value out = current;
    current = interp.binary("+", current, step);
    return current.is_error() ? Value() : out;
  }
};
Value count_new(Interp& interp, Args args, void*) {
  std::array<Value, 3> in;
  if (!interp.bind(args, "count", {"cls", "start=", "step="}, in)) return {};
  auto* out = make_iterator<Count>(interp, "count");
  out->current = given(in[1]) ? in[1] : Value::integer(0);
  out->step = given(in[2]) ? in[2] : Value::integer(1);
  return Value::object(out);
}

struct Cycle final : NativeIterator {
  Value iterator;
  std::vector<Value> saved;
  std::size_t at = 0;
  bool replay = false;
  Value next(Interp& interp, bool& done) override {
    if (!replay) {
      bool ended = false;
      const Value item = interp.next(iterator, ended);
      if (!ended) {
        if (!item.is_error()) saved.push_back(item);
        return item;
      }
      replay = true;
    }
    if (saved.empty()) {
      done = true;
      return {};
    }
    const Value out = saved[at];
    at = (at + 1) % saved.size();
    return out;
  }
};
Value cycle_new(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "cycle", 1, 1)) return {};
  auto* out = make_iterator<Cycle>(interp, "cycle");
  out->iterator = interp.iterate(args.positional[1]);
  return out->iterator.is_error() ? Value() : Value::object(out);
}

struct Repeat final : NativeIterator {
  Value item;
  std::int64_t left = -1;
  Value next(Interp&, bool& done) override {
    if (left == 0) {
      done = true;
      return {};
    }
    if (left > 0) --left;
    return item;
  }
};
Value repeat_new(Interp& interp, Args args, void*) {
  std::array<Value, 3> in;
  if (!interp.bind(args, "repeat", {"cls", "object", "times="}, in)) return {};
  auto* out = make_iterator<Repeat>(interp, "repeat");
  out->item = in[1];
  if (given(in[2])) {
    const std::optional<std::int64_t> times = size_of(interp, in[2]);
    if (!times) return {};
    out->left = std::max<std::int64_t>(0, *times);
  }
  return Value::object(out);
}

struct Accumulate final : NativeIterator {
  Value iterator, function, total;
  bool first = true;
  Value next(Interp& interp, bool& done) override {
    if (first && given(total)) {
      first = false;
      return total;
    }
    const Value item = interp.next(iterator, done);
    if (done || item.is_error()) return {};
    if (first) total = item;
    else total = function.is_none() ? interp.binary("+", total, item) : interp.call(function, std::array{total, item});
    first = false;
    return total;
  }
};
Value accumulate_new(Interp& interp, Args args, void*) {
  std::array<Value, 4> in;
  if (!interp.bind(args, "accumulate", {"cls", "iterable", "func=", "*", "initial="}, in)) return {};
  auto* out = make_iterator<Accumulate>(interp, "accumulate");
  out->iterator = interp.iterate(in[1]);
  if (out->iterator.is_error()) return {};
  out->function = given(in[2]) ? in[2] : Value::none();
  if (given(in[3]) && !in[3].is_none()) out->total = in[3];
  return Value::object(out);
}

struct Chain final : NativeIterator {
  Value sources;  // an iterator of iterables
  Value current;
  Value next(Interp& interp, bool& done) override {
    while (true) {
      if (!given(current)) {
        const Value source = interp.next(sources, done);
        if (done || source.is_error()) return {};
        current = interp.iterate(source);
        if (current.is_error()) return {};
      }
      bool ended = false;
      const Value item = interp.next(current, ended);
      if (!ended) return item;
      current = Value();
    }
  }
};
Value chain_of(Interp& interp, Value iterable) {
  auto* out = make_iterator<Chain>(interp, "chain");
  out->sources = interp.iterate(iterable);
  return out->sources.is_error() ? Value() : Value::object(out);
}
Value chain_new(Interp& interp, Args args, void*) {
  if (!args.names.empty()) return type_error(interp, "chain() takes no keyword arguments");
  const Value sources = interp.tuple(std::vector<Value>(args.positional.begin() + 1, args.positional.end()));
  return sources.is_error() ? Value() : chain_of(interp, sources);
}
Value chain_from_iterable(Interp& interp, Args args, void*) {
  return arity(interp, args, "from_iterable", 1, 1) ? chain_of(interp, args.positional[1]) : Value();
}

struct Compress final : NativeIterator {
  Value data, selectors;
  Value next(Interp& interp, bool& done) override {
    while (true) {
      const Value item = interp.next(data, done);
      if (done || item.is_error()) return {};
      const Value selector = interp.next(selectors, done);
      if (done || selector.is_error()) return {};
      const std::optional<bool> keep = interp.truth(selector);
      if (!keep) return {};
      if (*keep) return item;
    }
  }
};
Value compress_new(Interp& interp, Args args, void*) {
  std::array<Value, 3> in;
  if (!interp.bind(args, "compress", {"cls", "data", "selectors"}, in)) return {};
  auto* out = make_iterator<Compress>(interp, "compress");
  out->data = interp.iterate(in[1]);
  if (out->data.is_error()) return {};
  out->selectors = interp.iterate(in[2]);
  return out->selectors.is_error() ? Value() : Value::object(out);
}

enum class Filter { drop_while, take_while, reject };
template <Filter kind>
struct Filtered final : NativeIterator {
  Value predicate, iterator;
  bool open = false;
  Value next(Interp& interp, bool& done) override {
    if (kind == Filter::take_while && open) {  // it has ended
      done = true;
      return {};
    }
    while (true) {
      const Value item = interp.next(iterator, done);
      if (done || item.is_error()) return {};
      if (kind == Filter::drop_while && open) return item;
      Value verdict = item;
      if (!predicate.is_none()) {
        verdict = interp.call(predicate, std::array{item});
        if (verdict.is_error()) return {};
      }
      const std::optional<bool> truth = interp.truth(verdict);
      if (!truth) return {};
      if (kind == Filter::take_while) {
        if (*truth) return item;
        open = true;
        done = true;
        return {};
      }
      if (!*truth) {
        open = true;
        return item;
      }
    }
  }
};
template <Filter kind>
Value filtered_new(Interp& interp, Args args, void*) {
  static constexpr const char* kNames[] = {"dropwhile", "takewhile", "filterfalse"};
  const char* name = kNames[static_cast<int>(kind)];
  if (!arity(interp, args, name, 2, 2)) return {};
  auto* out = make_iterator<Filtered<kind>>(interp, name);
  out->predicate = args.positional[1];
  out->iterator = interp.iterate(args.positional[2]);
  return out->iterator.is_error() ? Value() : Value::object(out);
}

struct Islice final : NativeIterator {
  Value iterator;
  std::int64_t at = 0, next_index = 0, stop = -1, step = 1;
  bool finished = false;
  Value next(Interp& interp, bool& done) override {
    while (!finished) {
      if (stop >= 0 && next_index >= stop) {
        // The source is consumed up to `stop`, as in CPython.
        while (at < stop && !finished) {
          bool ended = false;
          const Value skipped = interp.next(iterator, ended);
          if (!ended && skipped.is_error()) return {};
          if (ended) finished = true;
          ++at;
        }
        finished = true;
        break;
      }
      bool ended = false;
      const Value item = interp.next(iterator, ended);
      if (ended) {
        finished = true;
        break;
      }
      if (item.is_error()) return {};
      if (at++ == next_index) {
        next_index += step;
        return item;
      }
    }
    done = true;
    return {};
  }
};
Value islice_new(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "islice", 2, 4)) return {};
  auto* out = make_iterator<Islice>(interp, "islice");
  out->iterator = interp.iterate(args.positional[1]);
  if (out->iterator.is_error()) return {};
  const auto number = [&](std::size_t i, std::int64_t& target, bool step) {
    const Value value = arg(args, i);
    if (!given(value) || value.is_none()) return true;
    if (is_integer(value)) {
      const std::optional<std::int64_t> n = size_of(interp, value);
      if (n && *n >= (step ? 1 : 0)) {
        target = *n;
        return true;
      }
    }
    (void)value_error(interp,
                      step ? "Step for islice() must be a positive integer or None."
                           : (i == 2 && args.positional.size() > 3
                                  ? "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize."
                                  : "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize."));
    return false;
  };
  const bool only_stop = args.positional.size() == 3;
  if (only_stop ? !number(2, out->stop, false)
                : (!number(2, out->next_index, false) || !number(3, out->stop, false) || !number(4, out->step, true)))
    return {};
  return Value::object(out);
}

struct Starmap final : NativeIterator {
  Value function, iterator;
  Value next(Interp& interp, bool& done) override {
    const Value item = interp.next(iterator, done);
    if (done || item.is_error()) return {};
    const std::optional<std::vector<Value>> list = interp.to_vector(item);
    return list ? interp.call(function, *list) : Value();
  }
};
Value starmap_new(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "starmap", 2, 2)) return {};
  auto* out = make_iterator<Starmap>(interp, "starmap");
  out->function = args.positional[1];
  out->iterator = interp.iterate(args.positional[2]);
  return out->iterator.is_error() ? Value() : Value::object(out);
}

struct ZipLongest final : NativeIterator {
  std::vector<Value> iterators;  // error tag: ended
  Value fill = Value::none();
  Value next(Interp& interp, bool& done) override {
    std::vector<Value> items;
    bool any = false;
    for (Value& iterator : iterators) {
      if (!given(iterator)) {
        items.push_back(fill);
        continue;
      }
      bool ended = false;
      const Value item = interp.next(iterator, ended);
      if (!ended && item.is_error()) return {};
      if (ended) iterator = Value();
      any = any || !ended;
      items.push_back(ended ? fill : item);
    }
    if (!any) {
      done = true;
      return {};
    }
    return interp.tuple(std::move(items));
  }
};
Value zip_longest_new(Interp& interp, Args args, void*) {
  auto* out = make_iterator<ZipLongest>(interp, "zip_longest");
  for (std::size_t i = 0; i < args.names.size(); ++i) {
    if (args.names[i]->text != "fillvalue")
      return type_error(interp, "zip_longest() got an unexpected keyword argument");
    out->fill = args.named[i];
  }
  for (const Value source : args.positional.subspan(1)) {
    out->iterators.push_back(interp.iterate(source));
    if (out->iterators.back().is_error()) return {};
  }
  return Value::object(out);
}

struct Pairwise final : NativeIterator {
  Value iterator, previous;
  Value next(Interp& interp, bool& done) override {
    if (!given(previous)) {
      previous = interp.next(iterator, done);
      if (done || previous.is_error()) return {};
    }
    const Value item = interp.next(iterator, done);
    if (done || item.is_error()) return {};
    const Value out = interp.tuple({previous, item});
    previous = item;
    return out;
  }
};
Value pairwise_new(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "pairwise", 1, 1)) return {};
  auto* out = make_iterator<Pairwise>(interp, "pairwise");
  out->iterator = interp.iterate(args.positional[1]);
  return out->iterator.is_error() ? Value() : Value::object(out);
}

}  // namespace

void add_iterator(Interp& interp, Module& module, const Method& row) {
  Type* type = iterator_type(interp, row.name);
  type->module_name = "itertools";
  define_static(interp, type, "__new__", row.fn);
  interp.dict_set(module.dict, row.name, Value::object(type));
}

bool init_itertools(Interp& interp, Module& module, void*) {
  static constexpr Method kTypes[] = {{"count", count_new},
                                      {"cycle", cycle_new},
                                      {"repeat", repeat_new},
                                      {"accumulate", accumulate_new},
                                      {"chain", chain_new},
                                      {"compress", compress_new},
                                      {"dropwhile", filtered_new<Filter::drop_while>},
                                      {"takewhile", filtered_new<Filter::take_while>},
                                      {"filterfalse", filtered_new<Filter::reject>},
                                      {"islice", islice_new},
                                      {"starmap", starmap_new},
                                      {"zip_longest", zip_longest_new},
                                      {"pairwise", pairwise_new}};
  for (const Method& row : kTypes) add_iterator(interp, module, row);
  add_shared_iterators(interp, module);
  add_combinatorics(interp, module);
  define_class_method(interp, iterator_type(interp, "chain"), "from_iterable", chain_from_iterable);
  return true;
}

}  // namespace kedge::pylang
