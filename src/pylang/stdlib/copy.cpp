// copy: shallow and deep copies. Containers and instances are copied; functions, classes, modules, numbers, text and
// host objects without hooks stand for themselves.
#include "pylang/builtins/dict_table.h"
#include "pylang/stdlib/support.h"

namespace kedge::pylang {
namespace {

// Copies what is inside: called for every element; the shallow copy returns it unchanged.
class Copier {
 public:
  Copier(Interp& interp, bool deep, Dict* memo) : interp_(interp), deep_(deep), memo_(memo) {}

  Value copy(Value value) {
    if (!value.is_object()) return value;
    const Interp::Types& t = interp_.types;
    Object* object = value.o;
    Type* type = object->type;
    if (type == t.str || type == t.integer || type == t.bytes || type == t.complex || type == t.function ||
        type == t.native_function || type == t.type || type == t.range || type == t.slice || type == t.ellipsis ||
        type == t.not_implemented || (!deep_ && (type == t.tuple || type == t.frozenset))) {
      return value;
    }
    if (as<Type>(value) != nullptr || as<Module>(value) != nullptr) return value;
    const DepthGuard guard(interp_);
    if (!guard.ok) return {};
    const Value key = Value::integer(static_cast<std::int64_t>(object->serial * 16 + 0x100000));  // id(value)
    if (deep_) {
      const Value known = interp_.dict_get(memo_, key);
      if (!known.is_error() || interp_.has_exception()) return known;
    }
    const char* hook = deep_ ? "__deepcopy__" : "__copy__";
    if (!interp_.lookup_type_attr(type, interp_.intern(hook)).is_error()) {
      const Value made = deep_ ? call_special(interp_, value, hook, std::array{Value::object(memo_)})
                               : call_special(interp_, value, hook);
      return remember(key, value, made);
    }
    return copy_plain(value, key);
  }

 private:
  Value remember(Value key, Value original, Value made) {
    if (made.is_error() || !deep_ || made.is(original)) return made;
    return interp_.dict_set(memo_, key, made) ? made : Value();
  }
  Value inner(Value value) { return deep_ ? copy(value) : value; }

  Value copy_plain(Value value, Value key) {
    const Interp::Types& t = interp_.types;
    Object* object = value.o;
    Type* type = object->type;
    if (type == t.list) {
      const Value out = interp_.list({});
      if (remember(key, value, out).is_error()) return {};
      auto* to = static_cast<List*>(out.o);
      auto* from = static_cast<List*>(object);
      for (std::size_t i = 0; i < from->items.size(); ++i) {
        const Value item = inner(from->items[i]);
        if (item.is_error() || !interp_.charge(16)) return {};
        to->items.push_back(item);
      }
      return out;
    }
    if (type == t.tuple) {
      std::vector<Value> items;
      bool changed = false;
      for (const Value item : static_cast<Tuple*>(object)->items) {
        items.push_back(inner(item));
        if (items.back().is_error()) return {};
        changed = changed || !items.back().is(item);
      }
      const Value known = interp_.dict_get(memo_, key);  // a cycle through the tuple made it already
      if (!known.is_error()) return known;
      return changed ? remember(key, value, interp_.tuple(std::move(items))) : value;
    }
    if (type == t.dict) {
      Dict* out = interp_.dict();
      if (remember(key, value, Value::object(out)).is_error()) return {};
      return copy_dict(static_cast<Dict*>(object), out) ? Value::object(out) : Value();
    }
    if (type == t.set || type == t.frozenset) {
      auto* out = interp_.make<SetObject>(type);
      out->table = interp_.dict();
      if (remember(key, value, Value::object(out)).is_error()) return {};
      return copy_dict(static_cast<SetObject*>(object)->table, out->table) ? Value::object(out) : Value();
    }
    if (type == t.bytearray) {
      const Value out = interp_.bytes(static_cast<BytesObject*>(object)->data);
      if (out.is_error()) return {};
      out.o->type = t.bytearray;
      static_cast<BytesObject*>(out.o)->is_mutable = true;
      return remember(key, value, out);
    }
    if (auto* method = as<BoundMethod>(value)) {
      if (!deep_) return value;
      const Value self = copy(method->self);
      if (self.is_error()) return {};
      auto* out = interp_.make<BoundMethod>(t.bound_method);
      out->self = self;
      out->function = method->function;
      return remember(key, value, Value::object(out));
    }
    auto* instance = as<Instance>(value);
    if (instance == nullptr) return value;
    return copy_instance(instance, key);
  }

  Value copy_instance(Instance* from, Value key) {
    const Value original = Value::object(from);
    Instance* to = nullptr;
    if (auto* e = as<ExceptionObject>(original)) {
      const Value args = e->args != nullptr ? inner(Value::object(e->args)) : interp_.tuple({});
      if (args.is_error()) return {};
      ExceptionObject* made = make_exception(interp_, e->type, static_cast<Tuple*>(args.o)->items);
      if (made == nullptr) return {};
      made->cause = e->cause;
      made->context = e->context;
      made->suppress_context = e->suppress_context;
      to = made;
    } else {
      if (typeid(*from) != typeid(Instance)) return original;  // a host object with a state of its own and no hook
      to = interp_.make<Instance>(from->type);
      to->dict = interp_.dict();
    }
    if (remember(key, original, Value::object(to)).is_error()) return {};
    if (!from->base_value.is_error()) {
      to->base_value = from->base_value;
      if (from->base_value.is_object()) {
        Copier shallow_or_deep(interp_, deep_, memo_);
        to->base_value = deep_ ? copy(from->base_value) : shallow_or_deep.copy(from->base_value);
        if (to->base_value.is_error()) return {};
      }
    }
    if (from->dict == nullptr) return Value::object(to);
    Value state;
    const Value get_state = interp_.lookup_type_attr(from->type, interp_.intern("__getstate__"));
    if (!get_state.is_error()) {
      state = call_special(interp_, original, "__getstate__");
      if (state.is_error()) return {};
    }
    const Value set_state = interp_.lookup_type_attr(from->type, interp_.intern("__setstate__"));
    if (!set_state.is_error()) {
      if (!given(state)) state = Value::object(from->dict);
      state = inner(state);
      if (state.is_error() || call_special(interp_, Value::object(to), "__setstate__", std::array{state}).is_error())
        return {};
      return Value::object(to);
    }
    Dict* source = given(state) && dict_of(interp_, state) != nullptr ? dict_of(interp_, state) : from->dict;
    return copy_dict(source, to->dict) ? Value::object(to) : Value();
  }

  bool copy_dict(Dict* from, Dict* to) {
    for (std::size_t i = 0; i < from->entries.size(); ++i) {
      const Dict::Entry entry = from->entries[i];
      if (entry.key.is_error()) continue;
      const Value key = inner(entry.key);
      if (key.is_error()) return false;
      const Value value = inner(entry.value);
      if (value.is_error() || !interp_.dict_set(to, key, value)) return false;
    }
    return true;
  }

  Interp& interp_;
  bool deep_;
  Dict* memo_;
};

Value shallow(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "copy", 1, 1, false)) return {};
  return Copier(interp, false, interp.dict()).copy(args.positional[0]);
}
Value deep(Interp& interp, Args args, void*) {
  std::array<Value, 2> in;
  if (!interp.bind(args, "deepcopy", {"x", "memo="}, in)) return {};
  Dict* memo = given(in[1]) ? dict_of(interp, in[1]) : nullptr;
  return Copier(interp, true, memo != nullptr ? memo : interp.dict()).copy(in[0]);
}

}  // namespace

bool init_copy(Interp& interp, Module& module, void*) {
  add_function(interp, module, "copy", shallow);
  add_function(interp, module, "deepcopy", deep);
  Module* builtins = interp.find_loaded("builtins");
  interp.dict_set(module.dict, "Error", interp.dict_get(builtins->dict, "Exception"));
  return true;
}

}  // namespace kedge::pylang
