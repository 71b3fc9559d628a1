// Iterating, unpacking and the displays built from iterables.
#include <algorithm>

#include "pylang/builtins/dict_table.h"
#include "pylang/vm/ops.h"

namespace kedge::pylang {

using Impl = Interp::Impl;

bool Impl::is_iterator_type(Object* object) {
  Type* t = object->type;
  if (t->iterator_kind == 0) t->iterator_kind = t->host && dynamic_cast<NativeIterator*>(object) != nullptr ? 1 : 2;
  return t->iterator_kind == 1;
}

Value Interp::iterate(Value iterable) {
  const Value direct = make_builtin_iterator(*this, iterable);
  if (!direct.is_error() || has_exception()) return direct;
  Type* t = type_of(iterable);
  if (t == types.poison) {
    impl_->raise_poison(iterable);
    return {};
  }
  const Value method = impl_->lookup(t, impl_->names.iter);
  if (method.is_none()) return raise("TypeError", "'" + t->name + "' object is not iterable");
  if (!method.is_error()) {
    const auto it = impl_->call_special(iterable, impl_->names.iter, {});
    if (!it || it->is_error()) return {};
    if (it->is_object() &&
        (impl_->is_iterator_type(it->o) || !impl_->lookup(it->o->type, impl_->names.next).is_error()))
      return *it;
    return raise("TypeError", "iter() returned non-iterator of type '" + std::string(type_name(*this, *it)) + "'");
  }
  if (!impl_->lookup(t, impl_->names.getitem).is_error()) {
    // the old sequence protocol: indices from 0 until IndexError
    struct SequenceIterator final : NativeIterator {
      Value sequence;
      std::int64_t at = 0;
      bool finished = false;
      Value next(Interp& interp, bool& done) override {
        if (finished) {
          done = true;
          return {};
        }
        const Value v = interp.getitem(sequence, Value::integer(at++));
        if (v.is_error() && (interp.pending_matches("IndexError") || interp.pending_matches("StopIteration"))) {
          interp.take_pending();
          finished = done = true;
        }
        return v;
      }
    };
    Type* it_type = as<Type>(dict_get(impl_->builtins->dict, ".sequence_iterator"));
    if (it_type == nullptr) {
      it_type = make_host_type("builtins", "iterator");
      def(it_type, "__iter__", [](Interp&, Args a, void*) { return a.positional[0]; });
      def(it_type, "__next__", [](Interp& i, Args a, void*) -> Value {
        bool done = false;
        const Value v = i.next(a.positional[0], done);
        return done ? i.raise(make_exception(i, i.exception_type("StopIteration"), {})) : v;
      });
      dict_set(impl_->builtins->dict, ".sequence_iterator", Value::object(it_type));
    }
    auto* it = make<SequenceIterator>(it_type);
    it->sequence = iterable;
    return Value::object(it);
  }
  return raise("TypeError", "'" + t->name + "' object is not iterable");
}

Value Interp::next(Value iterator, bool& done) {
  done = false;
  // native code that drains an endless iterator must end too
  if (--impl_->steps_left < 0 || impl_->heap_exceeded) {
    impl_->total_budget_spent = true;
    if (impl_->heap_exceeded) charge(0);
    else refuse("K0302", "the evaluation takes more than its budget of " + std::to_string(limits_.steps) + " steps");
    return {};
  }
  if (iterator.is_object() && impl_->is_iterator_type(iterator.o)) {
    if (!impl_->barriers.empty() && refuse_mutation(iterator.o)) return {};
    return static_cast<NativeIterator*>(iterator.o)->next(*this, done);
  }
  const auto v = impl_->call_special(iterator, impl_->names.next, {});
  if (!v) {
    if (impl_->raise_poison(iterator)) return {};
    return raise("TypeError", "'" + std::string(type_name(*this, iterator)) + "' object is not an iterator");
  }
  if (v->is_error() && pending_matches("StopIteration")) {
    take_pending();
    done = true;
  }
  return *v;
}

std::optional<std::vector<Value>> Interp::to_vector(Value iterable) {
  if (iterable.is_object()) {
    if (iterable.o->type == types.list) return static_cast<List*>(iterable.o)->items;
    if (iterable.o->type == types.tuple) return static_cast<Tuple*>(iterable.o)->items;
  }
  const Value it = iterate(iterable);
  if (it.is_error()) return std::nullopt;
  std::vector<Value> out;
  for (;;) {
    bool done = false;
    const Value v = next(it, done);
    if (done) return out;
    if (v.is_error()) return std::nullopt;
    if (!charge(16)) return std::nullopt;
    out.push_back(v);
  }
}

namespace ops {

Value get_iter(Impl& impl, Value iterable) { return impl.interp.iterate(iterable); }

Value build_set(Interp& interp, std::span<const Value> items) {
  auto* s = interp.make<SetObject>(interp.types.set);
  s->table = interp.dict();
  for (const Value v : items) {
    if (!interp.dict_set(s->table, v, Value::none())) return {};
  }
  return Value::object(s);
}

Value build_string(Interp& interp, std::span<const Value> parts) {
  std::string out;
  for (const Value v : parts) {
    auto* s = as<Str>(v);
    if (s != nullptr) out += s->text;
  }
  return interp.str(out);
}

bool list_extend(Impl& impl, List* list, Value iterable, bool for_call) {
  Interp& interp = impl.interp;
  auto items = interp.to_vector(iterable);
  if (!items) {
    if (interp.pending_matches("TypeError") && iterable.is_object() == false) {
      interp.take_pending();
      interp.raise("TypeError",
                   for_call ? "Value after * must be an iterable, not " + std::string(type_name(interp, iterable))
                            : "Value after * must be an iterable, not " + std::string(type_name(interp, iterable)));
    }
    return false;
  }
  if (!interp.charge(static_cast<std::int64_t>(items->size()) * 16)) return false;
  list->items.insert(list->items.end(), items->begin(), items->end());
  return true;
}

bool set_update(Interp& interp, SetObject* set, Value iterable) {
  auto items = interp.to_vector(iterable);
  if (!items) return false;
  for (const Value v : *items) {
    if (!interp.dict_set(set->table, v, Value::none())) return false;
  }
  return true;
}

namespace {
std::string callee_name(Impl& impl, Value callee) {
  if (auto* m = as<BoundMethod>(callee)) callee = m->function;
  if (auto* f = as<Function>(callee))
    return (f->module != nullptr ? f->module->name + "." : "") + f->qualname->text + "()";
  if (auto* n = as<NativeFunction>(callee)) return n->name + "()";
  if (auto* t = as<Type>(callee))
    return t->host && t->module_name == "builtins" ? t->name + "()" : t->module_name + "." + t->qualname + "()";
  return std::string(type_name(impl.interp, callee)) + " object";
}
}  // namespace

bool dict_update(Impl& impl, Dict* dict, Value mapping, Value callee, bool merge) {
  Interp& interp = impl.interp;
  const Value plain = unwrap(mapping);
  std::vector<std::pair<Value, Value>> pairs;
  if (auto* d = as<Dict>(plain)) {
    for (const Dict::Entry& e : d->entries) {
      if (!e.key.is_error()) pairs.emplace_back(e.key, e.value);
    }
  } else {
    if (impl.raise_poison(mapping)) return false;
    const Value keys_method = impl.lookup(interp.type_of(mapping), interp.intern("keys"));
    if (keys_method.is_error()) {
      if (merge)
        interp.raise("TypeError", callee_name(impl, callee) + " argument after ** must be a mapping, not " +
                                      std::string(type_name(interp, mapping)));
      else interp.raise("TypeError", "'" + std::string(type_name(interp, mapping)) + "' object is not a mapping");
      return false;
    }
    const Value keys = interp.call_method(mapping, "keys");
    if (keys.is_error()) return false;
    auto all = interp.to_vector(keys);
    if (!all) return false;
    for (const Value k : *all) {
      const Value v = interp.getitem(mapping, k);
      if (v.is_error()) return false;
      pairs.emplace_back(k, v);
    }
  }
  for (const auto& [k, v] : pairs) {
    if (merge) {
      auto* s = as<Str>(k);
      if (s == nullptr) {
        interp.raise("TypeError", "keywords must be strings");
        return false;
      }
      const Value old = interp.dict_get(dict, k);
      if (!old.is_error()) {
        interp.raise("TypeError",
                     callee_name(impl, callee) + " got multiple values for keyword argument '" + s->text + "'");
        return false;
      }
    }
    if (!interp.dict_set(dict, k, v)) return false;
  }
  return true;
}

bool unpack(Impl& impl, Value value, std::int32_t count, Value* out) {
  Interp& interp = impl.interp;
  std::vector<Value> items;
  if (value.is_object() && (value.o->type == interp.types.list || value.o->type == interp.types.tuple)) {
    items =
        value.o->type == interp.types.list ? static_cast<List*>(value.o)->items : static_cast<Tuple*>(value.o)->items;
  } else {
    if (impl.raise_poison(value)) return false;
    const Value it = interp.iterate(value);
    if (it.is_error()) {
      if (interp.pending_matches("TypeError") && impl.lookup(interp.type_of(value), impl.names.iter).is_error()) {
        interp.take_pending();
        interp.raise("TypeError", "cannot unpack non-iterable " + std::string(type_name(interp, value)) + " object");
      }
      return false;
    }
    while (static_cast<std::int32_t>(items.size()) <= count) {
      bool done = false;
      const Value v = interp.next(it, done);
      if (done) break;
      if (v.is_error()) return false;
      items.push_back(v);
    }
  }
  const auto got = static_cast<std::int32_t>(items.size());
  if (got < count) {
    interp.raise("ValueError", "not enough values to unpack (expected " + std::to_string(count) + ", got " +
                                   std::to_string(got) + ")");
    return false;
  }
  if (got > count) {
    interp.raise("ValueError", "too many values to unpack (expected " + std::to_string(count) + ")");
    return false;
  }
  for (std::int32_t i = 0; i < count; ++i) out[i] = items[count - 1 - i];
  return true;
}

bool unpack_star(Impl& impl, Value value, std::int32_t before, std::int32_t after, Value* out) {
  Interp& interp = impl.interp;
  if (impl.raise_poison(value)) return false;
  auto items = interp.to_vector(value);
  if (!items) {
    if (interp.pending_matches("TypeError") && impl.lookup(interp.type_of(value), impl.names.iter).is_error()) {
      interp.take_pending();
      interp.raise("TypeError", "cannot unpack non-iterable " + std::string(type_name(interp, value)) + " object");
    }
    return false;
  }
  const auto got = static_cast<std::int32_t>(items->size());
  if (got < before + after) {
    interp.raise("ValueError", "not enough values to unpack (expected at least " + std::to_string(before + after) +
                                   ", got " + std::to_string(got) + ")");
    return false;
  }
  const Value middle = interp.list(std::vector<Value>(items->begin() + before, items->end() - after));
  if (middle.is_error()) return false;
  Value* at = out;
  for (std::int32_t i = 0; i < after; ++i) *at++ = (*items)[got - 1 - i];
  *at++ = middle;
  for (std::int32_t i = before; i-- > 0;) *at++ = (*items)[i];
  return true;
}

}  // namespace ops
}  // namespace kedge::pylang
