// itertools: iterators that share a source with each other, tee and groupby.
#include <deque>

#include "pylang/stdlib/itertools_parts.h"

namespace kedge::pylang {
namespace {

// tee: the copies share a queue
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

}  // namespace

void add_shared_iterators(Interp& interp, Module& module) {
  add_iterator(interp, module, {"groupby", groupby_new});
  add_function(interp, module, "tee", tee);
}

}  // namespace kedge::pylang
