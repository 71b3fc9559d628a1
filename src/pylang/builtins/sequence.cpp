// The operations list and tuple share, and the sort.
#include "pylang/builtins/sequence.h"

#include <algorithm>

#include "pylang/builtins/support.h"

namespace kedge::pylang {

Value compare_items(Interp& interp, const std::vector<Value>& a, const std::vector<Value>& b, Order order) {
  const DepthGuard guard(interp);
  if (!guard.ok) return {};
  if ((order == Order::eq || order == Order::ne) && a.size() != b.size()) return Value::boolean(order == Order::ne);
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    const Value x = a[i];
    const Value y = b[i];
    const std::optional<bool> same = interp.equal(x, y);
    if (!same) return {};
    if (*same) continue;
    switch (order) {
      case Order::eq: return Value::boolean(false);
      case Order::ne: return Value::boolean(true);
      case Order::lt: return interp.compare("<", x, y);
      case Order::le: return interp.compare("<=", x, y);
      case Order::gt: return interp.compare(">", x, y);
      case Order::ge: return interp.compare(">=", x, y);
    }
  }
  const std::size_t n = a.size();
  const std::size_t m = b.size();
  switch (order) {
    case Order::eq: return Value::boolean(n == m);
    case Order::ne: return Value::boolean(n != m);
    case Order::lt: return Value::boolean(n < m);
    case Order::le: return Value::boolean(n <= m);
    case Order::gt: return Value::boolean(n > m);
    case Order::ge: return Value::boolean(n >= m);
  }
  return {};
}

std::optional<std::string> repr_items(Interp& interp, const std::vector<Value>& items) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::optional<std::string> text = interp.repr_of(items[i]);
    if (!text) return std::nullopt;
    if (i > 0) out += ", ";
    out += *text;
    if (static_cast<std::int64_t>(out.size()) > interp.limits().string_bytes) {
      (void)interp.refuse("K0310", "a string larger than the limit was built");
      return std::nullopt;
    }
  }
  return out;
}

Value count_items(Interp& interp, const std::vector<Value>& items, Value wanted) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::optional<bool> same = interp.equal(items[i], wanted);
    if (!same) return {};
    count += *same ? 1 : 0;
  }
  return Value::integer(count);
}

Value index_items(Interp& interp, const std::vector<Value>& items, Args args, const char* message) {
  if (!arity(interp, args, "index", 1, 3)) return {};
  const auto length = static_cast<std::int64_t>(items.size());
  std::int64_t start = 0;
  std::int64_t stop = length;
  const auto read = [&](std::size_t i, std::int64_t& out) {
    if (!given(arg(args, i))) return true;
    const std::optional<std::int64_t> value = size_of(interp, args.positional[i]);
    if (!value) return false;
    out = *value < 0 ? std::max<std::int64_t>(0, *value + length) : std::min(*value, length);
    return true;
  };
  if (!read(2, start) || !read(3, stop)) return {};
  for (std::int64_t i = start; i < stop && i < static_cast<std::int64_t>(items.size()); ++i) {
    const std::optional<bool> same = interp.equal(items[static_cast<std::size_t>(i)], args.positional[1]);
    if (!same) return {};
    if (*same) return Value::integer(i);
  }
  const std::string_view text = message;
  if (text.starts_with("%r")) {
    const std::optional<std::string> shown = interp.repr_of(args.positional[1]);
    if (!shown) return {};
    return value_error(interp, *shown + std::string(text.substr(2)));
  }
  return value_error(interp, message);
}

std::optional<std::vector<Value>> repeat_items(Interp& interp, const std::vector<Value>& items, Value times) {
  const std::optional<std::int64_t> count = size_of(interp, times);
  if (!count) return std::nullopt;
  std::vector<Value> out;
  if (*count <= 0 || items.empty()) return out;
  const auto length = static_cast<std::int64_t>(items.size());
  if (*count > INT64_MAX / length) {
    (void)interp.raise("MemoryError", "");
    return std::nullopt;
  }
  if (!check_size(interp, *count * length, 16)) return std::nullopt;
  out.reserve(static_cast<std::size_t>(*count * length));
  for (std::int64_t i = 0; i < *count; ++i) out.insert(out.end(), items.begin(), items.end());
  return out;
}

namespace {

struct Keyed {
  Value key, item;
};

// A stable merge sort of our own: the comparison may fail or change its mind, which std::sort must not see.
bool merge_sort(Interp& interp, std::vector<Keyed>& items, std::vector<Keyed>& scratch, std::size_t begin,
                std::size_t end) {
  const auto less = [&interp](const Value& a, const Value& b, bool& out) {
    if (a.is_int() && b.is_int()) {
      out = a.i < b.i;
      return true;
    }
    if (a.is_float() && b.is_float()) {
      out = a.f < b.f;
      return true;
    }
    const Str* x = exact_str(interp, a);
    const Str* y = exact_str(interp, b);
    if (x != nullptr && y != nullptr) {
      out = x->text < y->text;  // UTF-8 keeps the order of code points
      return true;
    }
    const Value result = interp.compare("<", a, b);
    if (result.is_error()) return false;
    const std::optional<bool> truth = interp.truth(result);
    if (!truth) return false;
    out = *truth;
    return true;
  };
  if (end - begin < 12) {
    for (std::size_t i = begin + 1; i < end; ++i) {
      const Keyed moving = items[i];
      std::size_t j = i;
      for (; j > begin; --j) {
        bool smaller = false;
        if (!less(moving.key, items[j - 1].key, smaller)) {
          items[j] = moving;
          return false;
        }
        if (!smaller) break;
        items[j] = items[j - 1];
      }
      items[j] = moving;
    }
    return true;
  }
  const std::size_t middle = begin + (end - begin) / 2;
  if (!merge_sort(interp, items, scratch, begin, middle) || !merge_sort(interp, items, scratch, middle, end))
    return false;
  std::copy(items.begin() + static_cast<std::ptrdiff_t>(begin), items.begin() + static_cast<std::ptrdiff_t>(middle),
            scratch.begin() + static_cast<std::ptrdiff_t>(begin));
  std::size_t left = begin;
  std::size_t right = middle;
  std::size_t out = begin;
  bool ok = true;
  while (left < middle && right < end && ok) {
    bool smaller = false;
    ok = less(items[right].key, scratch[left].key, smaller);
    if (!ok) break;
    items[out++] = smaller ? items[right++] : scratch[left++];
  }
  while (left < middle) items[out++] = scratch[left++];
  return ok;
}

}  // namespace

bool sort_items(Interp& interp, std::vector<Value>& items, Value key, bool reverse) {
  std::vector<Keyed> keyed;
  keyed.reserve(items.size());
  for (const Value item : items) {
    Value k = item;
    if (given(key) && !key.is_none()) {
      k = interp.call(key, std::array{item});
      if (k.is_error()) return false;
    }
    keyed.push_back({k, item});
  }
  // Stability under reverse: CPython reverses, sorts, reverses.
  if (reverse) std::reverse(keyed.begin(), keyed.end());
  std::vector<Keyed> scratch(keyed.size());
  const bool ok = merge_sort(interp, keyed, scratch, 0, keyed.size());
  if (reverse) std::reverse(keyed.begin(), keyed.end());
  for (std::size_t i = 0; i < keyed.size(); ++i) items[i] = keyed[i].item;
  return ok;
}

}  // namespace kedge::pylang
