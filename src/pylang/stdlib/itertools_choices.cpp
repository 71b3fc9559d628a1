// itertools' combinatorics: positions in pools, stepped like an odometer.
#include <algorithm>

#include "pylang/stdlib/itertools_parts.h"

namespace kedge::pylang {
namespace {

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

void add_combinatorics(Interp& interp, Module& module) {
  static constexpr Method kTypes[] = {{"product", product_new},
                                      {"combinations", choose_new<Choice::combinations>},
                                      {"combinations_with_replacement", choose_new<Choice::with_replacement>},
                                      {"permutations", choose_new<Choice::permutations>}};
  for (const Method& row : kTypes) add_iterator(interp, module, row);
}

}  // namespace kedge::pylang
