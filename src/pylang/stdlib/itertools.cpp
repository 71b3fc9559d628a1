// itertools: all of CPython 3.11's.
#include <algorithm>
#include <deque>

#include "pylang/stdlib/support.h"

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

// ---- tee: the copies share a queue
struct TeeSource {
  Value iterator;
  std::deque<Value> queue;
  std::int64_t first = 0;  // index of queue.front()
  bool ended = false;
};
struct Tee final : NativeIterator {
  std::shared_ptr<TeeSource> source;
  std::int64_t at = 0;
  Value next(Interp& interp, bool& done) override {
    if (at >= source->first + static_cast<std::int64_t>(source->queue.size())) {
      if (!source->ended) {
        bool ended = false;
        const Value item = interp.next(source->iterator, ended);
        if (!ended && item.is_error()) return {};
        source->ended = ended;
        if (!ended) {
          if (!interp.charge(16)) return {};
          source->queue.push_back(item);
        }
      }
      if (source->ended) {
        done = true;
        return {};
      }
    }
    return source->queue[static_cast<std::size_t>(at++ - source->first)];
  }
};
Value tee(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "tee", 1, 2, false)) return {};
  std::int64_t count = 2;
  if (args.positional.size() == 2) {
    const std::optional<std::int64_t> n = size_of(interp, args.positional[1]);
    if (!n) return {};
    count = *n;
  }
  if (count < 0) return value_error(interp, "n must be >= 0");
  if (!check_size(interp, count, 64)) return {};
  auto source = std::make_shared<TeeSource>();
  source->iterator = interp.iterate(args.positional[0]);
  if (source->iterator.is_error()) return {};
  std::vector<Value> out;
  for (std::int64_t i = 0; i < count; ++i) {
    auto* copy = make_iterator<Tee>(interp, "_tee");
    copy->source = source;
    out.push_back(Value::object(copy));
  }
  return interp.tuple(std::move(out));
}

// ---- groupby
struct GroupBy final : NativeIterator {
  Value iterator, key, current, current_key, target_key;
  bool ended = false;
  std::uint64_t group = 0;
  bool advance(Interp& interp) {
    bool stop = false;
    const Value item = interp.next(iterator, stop);
    if (stop) {
      ended = true;
      return true;
    }
    if (item.is_error()) return false;
    const Value k = key.is_none() ? item : interp.call(key, std::array{item});
    if (k.is_error()) return false;
    current = item;
    current_key = k;
    return true;
  }
  Value next(Interp& interp, bool& done) override;
};
struct Group final : NativeIterator {
  GroupBy* owner = nullptr;
  Value key;
  std::uint64_t group = 0;
  Value next(Interp& interp, bool& done) override {
    if (owner->group == group && !owner->ended) {
      if (!given(owner->current) && !owner->advance(interp)) return {};
      if (!owner->ended) {
        const std::optional<bool> same = interp.equal(key, owner->current_key);
        if (!same) return {};
        if (*same) {
          const Value out = owner->current;
          owner->current = Value();
          return out;
        }
      }
    }
    done = true;
    return {};
  }
};
Value GroupBy::next(Interp& interp, bool& done) {
  ++group;
  while (!ended) {
    if (!given(current) && !advance(interp)) return {};
    if (ended) break;
    if (given(target_key)) {
      const std::optional<bool> same = interp.equal(target_key, current_key);
      if (!same) return {};
      if (*same) {
        current = Value();
        continue;
      }
    }
    target_key = current_key;
    auto* out = make_iterator<Group>(interp, "_grouper");
    out->owner = this;
    out->key = current_key;
    out->group = group;
    return interp.tuple({current_key, Value::object(out)});
  }
  done = true;
  return {};
}
Value groupby_new(Interp& interp, Args args, void*) {
  std::array<Value, 3> in;
  if (!interp.bind(args, "groupby", {"cls", "iterable", "key="}, in)) return {};
  auto* out = make_iterator<GroupBy>(interp, "groupby");
  out->iterator = interp.iterate(in[1]);
  out->key = given(in[2]) ? in[2] : Value::none();
  return out->iterator.is_error() ? Value() : Value::object(out);
}

// ---- combinatorics: positions in pools, stepped like an odometer
struct Product final : NativeIterator {
  std::vector<std::vector<Value>> pools;
  std::vector<std::size_t> at;
  bool first = true;
  bool finished = false;
  Value next(Interp& interp, bool& done) override {
    if (first) {
      first = false;
      at.assign(pools.size(), 0);
      for (const auto& pool : pools) finished = finished || pool.empty();
    } else {
      std::size_t i = pools.size();
      while (i > 0) {
        --i;
        if (++at[i] < pools[i].size()) break;
        at[i] = 0;
        if (i == 0) finished = true;
      }
      if (pools.empty()) finished = true;
    }
    if (finished) {
      done = true;
      return {};
    }
    std::vector<Value> items;
    for (std::size_t i = 0; i < pools.size(); ++i) items.push_back(pools[i][at[i]]);
    return interp.tuple(std::move(items));
  }
};
Value product_new(Interp& interp, Args args, void*) {
  auto* out = make_iterator<Product>(interp, "product");
  std::int64_t times = 1;
  for (std::size_t i = 0; i < args.names.size(); ++i) {
    if (args.names[i]->text != "repeat") return type_error(interp, "product() got an unexpected keyword argument");
    const std::optional<std::int64_t> n = size_of(interp, args.named[i]);
    if (!n) return {};
    if (*n < 0) return value_error(interp, "repeat argument cannot be negative");
    times = *n;
  }
  std::vector<std::vector<Value>> pools;
  for (const Value source : args.positional.subspan(1)) {
    std::optional<std::vector<Value>> pool = interp.to_vector(source);
    if (!pool) return {};
    pools.push_back(std::move(*pool));
  }
  if (!check_size(interp, times * static_cast<std::int64_t>(pools.size()), 64)) return {};
  for (std::int64_t i = 0; i < times; ++i) out->pools.insert(out->pools.end(), pools.begin(), pools.end());
  return Value::object(out);
}

enum class Choice { combinations, with_replacement, permutations };
template <Choice kind>
struct Choose final : NativeIterator {
  std::vector<Value> pool;
  std::vector<std::size_t> at;      // chosen positions; for permutations a whole arrangement
  std::vector<std::size_t> cycles;  // permutations only
  std::size_t count = 0;
  bool first = true;
  bool finished = false;
  void start() {
    const std::size_t n = pool.size();
    finished = kind == Choice::with_replacement ? n == 0 && count > 0 : count > n;
    at.resize(kind == Choice::permutations ? n : count);
    for (std::size_t i = 0; i < at.size(); ++i) at[i] = kind == Choice::with_replacement ? 0 : i;
    for (std::size_t i = 0; kind == Choice::permutations && i < count; ++i) cycles.push_back(n - i);
  }
  void step() {
    const std::size_t n = pool.size();
    std::size_t i = count;
    while (i > 0) {
      --i;
      if (kind == Choice::permutations) {
        if (--cycles[i] == 0) {
          std::rotate(at.begin() + static_cast<std::ptrdiff_t>(i), at.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                      at.end());
          cycles[i] = n - i;
          continue;
        }
        std::swap(at[i], at[n - cycles[i]]);
        return;
      }
      const std::size_t limit = kind == Choice::with_replacement ? n - 1 : i + n - count;
      if (at[i] == limit) continue;
      const std::size_t base = ++at[i];
      for (std::size_t j = i + 1; j < count; ++j) at[j] = kind == Choice::with_replacement ? base : base + (j - i);
      return;
    }
    finished = true;
  }
  Value next(Interp& interp, bool& done) override {
    if (first) start();
    else if (!finished) step();
    first = false;
    if (finished) {
      done = true;
      return {};
    }
    std::vector<Value> items;
    for (std::size_t i = 0; i < count; ++i) items.push_back(pool[at[i]]);
    return interp.tuple(std::move(items));
  }
};
template <Choice kind>
Value choose_new(Interp& interp, Args args, void*) {
  static constexpr const char* kNames[] = {"combinations", "combinations_with_replacement", "permutations"};
  std::array<Value, 3> in;
  const char* name = kNames[static_cast<int>(kind)];
  const bool ok = kind == Choice::permutations ? interp.bind(args, name, {"cls", "iterable", "r="}, in)
                                               : interp.bind(args, name, {"cls", "iterable", "r"}, in);
  if (!ok) return {};
  auto* out = make_iterator<Choose<kind>>(interp, name);
  std::optional<std::vector<Value>> pool = interp.to_vector(in[1]);
  if (!pool) return {};
  out->pool = std::move(*pool);
  out->count = out->pool.size();
  if (given(in[2]) && !in[2].is_none()) {
    const std::optional<std::int64_t> r = size_of(interp, in[2]);
    if (!r) return {};
    if (*r < 0) return value_error(interp, "r must be non-negative");
    if (kind == Choice::with_replacement && !check_size(interp, *r, 8)) return {};
    out->count = static_cast<std::size_t>(std::min<std::int64_t>(
        *r, kind == Choice::with_replacement ? *r : static_cast<std::int64_t>(out->pool.size()) + 1));
  }
  return Value::object(out);
}

}  // namespace

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
                                      {"pairwise", pairwise_new},
                                      {"groupby", groupby_new},
                                      {"product", product_new},
                                      {"combinations", choose_new<Choice::combinations>},
                                      {"combinations_with_replacement", choose_new<Choice::with_replacement>},
                                      {"permutations", choose_new<Choice::permutations>}};
  for (const Method& row : kTypes) {
    Type* type = iterator_type(interp, row.name);
    type->module_name = "itertools";
    define_static(interp, type, "__new__", row.fn);
    interp.dict_set(module.dict, row.name, Value::object(type));
  }
  define_class_method(interp, iterator_type(interp, "chain"), "from_iterable", chain_from_iterable);
  add_function(interp, module, "tee", tee);
  return true;
}

}  // namespace kedge::pylang
