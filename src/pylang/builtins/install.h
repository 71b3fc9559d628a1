// What the builtins half of the room offers to the virtual machine: the entry point, the iterator protocol in C++ and
// the constructor convention.
//
// Division of labour
// - The machine makes the bare Type objects of Interp::types (name, bases, mro, empty dict) and the `builtins` Module
//   (found with find_loaded("builtins")), then calls install_builtins, which fills the dicts. It never overwrites a
//   name that is already in the dict of `object`, `type`, `function`, `module`, `property`, `super` …: those belong to
//   the machine
//   (`__getattribute__`, `__setattr__`, `__delattr__`, `__class__`, `__init_subclass__`, all of `type`, descriptors).
//   `object` gets from here: __new__ __init__ __repr__ __str__ __eq__ __ne__ __hash__ __format__ __dir__ __lt__ ….
// - `T(...)`: look up `__new__` through T's mro (every builtin type has a native one, unbound, called with cls first),
// then, when
//   the result is an instance of T, `__init__` (mutable containers fill themselves there). Type::construct is for host
//   types of other rooms.
// - Exception classes are host types in the `builtins` module's dict; exception_type(name) finds them there.
#pragma once

#include "pylang/interp.h"

namespace kedge::pylang {

void install_builtins(Interp& interp);

/// Base of every iterator written in C++ (generators may derive from it too): next() without a Python call.
struct NativeIterator : Object {
  /// done = true at the end; an error value with done = false means a pending exception.
  virtual Value next(Interp& interp, bool& done) = 0;
};

/// An iterator over an exact builtin container (list, tuple, str, dict, set, range …); error tag WITHOUT a pending
/// exception when the value is of no such type.
Value make_builtin_iterator(Interp& interp, Value container);

/// The builtin value inside an instance of a Python class derived from a builtin type; any other value unchanged.
inline Value unwrap(Value value) {
  if (!value.is_object()) return value;
  if (auto* instance = dynamic_cast<Instance*>(value.o); instance != nullptr && !instance->base_value.is_error())
    return instance->base_value;
  return value;
}

/// A new exception instance of a class below BaseException, with args.
ExceptionObject* make_exception(Interp& interp, Type* type, std::vector<Value> args);

/// The hash of a text. Str::hash is 0 until asked for, and only this function fills it.
std::uint64_t text_hash(Str* text);

/// repr of floats and of text, as Python writes them (constants, f-strings).
std::string float_repr(double value);
std::string str_repr(std::string_view utf8);
/// `format(value, spec)` without building Str objects for builtin numbers and str; nullopt: exception pending.
std::optional<std::string> format_value(Interp& interp, Value value, std::string_view spec);

}  // namespace kedge::pylang
