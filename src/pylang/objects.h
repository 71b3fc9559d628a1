// The heap objects of the dialect that C++ code touches directly. Every object has a Type; what Python code can do with
// an object is found through the type's method resolution order, so a type made by C++ (a host type) and a class made
// by Python code are the same thing.
//
// Memory: objects live until their Interp ends (one evaluation per Interp, bounded by Limits.heap_bytes); there is no
// collector and no reference count. That keeps the evaluator small and pointers valid, and an evaluation is short.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/source.h"
#include "pylang/bigint.h"
#include "pylang/value.h"

namespace kedge::pylang {

class Interp;
struct Type;
struct Dict;
struct Str;
struct Code;   // compiled code, vm/code.h
struct Frame;  // vm/frame.h

struct Object {
  Type* type = nullptr;
  std::uint64_t serial = 0;  ///< birth order; the write barrier of tensor-valued branches compares it
  virtual ~Object() = default;
};

/// Immutable text, UTF-8 (a lone surrogate as its 3-byte form). `length` counts code points.
struct Str final : Object {
  std::string text;
  std::int64_t length = 0;
  std::uint64_t hash = 0;
  bool interned = false;
  bool ascii() const { return static_cast<std::size_t>(length) == text.size(); }
};
struct BytesObject final : Object {
  std::string data;
  bool is_mutable = false;
};  // bytes, bytearray
struct BigIntObject final : Object {
  BigInt value;
};  // int outside 64 bits
struct Complex final : Object {
  double real = 0, imag = 0;
};
struct List final : Object {
  std::vector<Value> items;
};
struct Tuple final : Object {
  std::vector<Value> items;
};
struct Slice final : Object {
  Value start, stop, step;
};
struct Range final : Object {
  Value start, stop, step;
  std::int64_t count = 0;
};  // ends may be big ints; count is bounded
struct Cell final : Object {
  Value value;
};  // a variable shared by closures; error tag = unbound

/// Insertion-ordered hash table with Python key equality. Use the functions below, not the members, except to iterate
/// `entries` (skip entries whose key has the error tag: deleted).
struct Dict final : Object {
  struct Entry {
    Value key, value;
    std::uint64_t hash = 0;
  };
  std::vector<Entry> entries;
  std::vector<std::int32_t> index;  // open addressing, -1 empty
  std::int64_t used = 0;
  std::uint64_t version = 0;  ///< changes with every insertion or deletion
};
/// set and frozenset: a Dict whose values are None.
struct SetObject final : Object {
  Dict* table = nullptr;
};

/// A module: its namespace. `finished` is false while its body runs.
struct Module final : Object {
  std::string name;
  Dict* dict = nullptr;
  bool finished = false;
  bool is_package = false;
  bool trusted = false /* prelude */;
  SourceId source = 0;
};

/// An instance of a Python class (or of a host type without C++ state of its own). Subclasses of builtin types hold the
/// builtin part in `base_value` (class MyList(list), class Color(str, Enum), namedtuple …).
struct Instance : Object {
  Dict* dict = nullptr;
  Value base_value;  ///< error tag: none
};

struct Args {
  std::span<const Value> positional;
  std::span<Str* const> names;   ///< keyword names …
  std::span<const Value> named;  ///< … and their values
};
using NativeFn = Value (*)(Interp&, Args, void* context);

/// A function written in C++. As a class attribute it binds like a Python function does (self is positional[0]).
struct NativeFunction final : Object {
  std::string name;
  NativeFn fn = nullptr;
  void* context = nullptr;
  bool binds = true;
};
struct Function final : Object {
  Str* name = nullptr;
  Str* qualname = nullptr;
  const Code* code = nullptr;
  Module* module = nullptr;
  Dict* globals = nullptr;
  std::vector<Value> defaults;  // of the last positional parameters
  Dict* kwdefaults = nullptr;
  std::vector<Cell*> closure;
  Dict* dict = nullptr;  // attributes set on the function
  Dict* annotations = nullptr;
  Value doc = Value::none();
};
struct BoundMethod final : Object {
  Value self;
  Value function;
};
struct Property final : Object {
  Value getter = Value::none(), setter = Value::none(), deleter = Value::none(), doc = Value::none();
};
struct StaticMethod final : Object {
  Value function;
};
struct ClassMethod final : Object {
  Value function;
};
struct Super final : Object {
  Type* start = nullptr;
  Value self;
  Type* self_type = nullptr;
};

/// A class. `dict` is the class namespace; lookups walk `mro` (C3).
struct Type final : Object {
  std::string name;
  std::string qualname;
  std::string module_name;
  std::vector<Type*> bases;
  std::vector<Type*> mro;
  Dict* dict = nullptr;
  Type* builtin_base = nullptr;  ///< nearest base implemented in C++ whose state an instance must carry (list, str, a
                                 ///< host type); object if none
  Span span;                     ///< of the class statement's name, when it has one
  bool host = false;             ///< made by C++
  bool subclassable = true;
  std::uint8_t iterator_kind =
      0;  ///< the machine's note: 1 instances are NativeIterators, 2 they are not, 0 not known yet
  /// Host types make their instances here (called with cls and the constructor's arguments) when they define no
  /// Python-level `__new__`.
  NativeFn construct = nullptr;
};

/// Raised exceptions are Instances of classes below BaseException; their C++ part:
struct ExceptionObject final : Instance {
  Tuple* args = nullptr;
  Value cause = Value::none(), context = Value::none();
  bool suppress_context = false;
  std::vector<Span> traceback;          ///< innermost first, as it unwinds
  std::vector<bool> traceback_trusted;  ///< parallel: the frame belonged to the prelude
  std::string code;                     ///< the error code when nothing catches it; empty: K0300
};

/// Bound to a name whose module-level statement failed or touched something unknown. Using it raises `reason`
/// (a Python exception, so that hasattr and `except ImportError` see it).
struct Poison final : Object {
  ExceptionObject* reason = nullptr;
  std::string name;
};

/// Types whose C++ state is only of interest to their own file (iterators, generators, enum of builtins) are declared
/// there.

// ---- checked downcasts
// --------------------------------------------------------------------------------------------------
template <typename T>
T* as(Value v) {
  return v.is_object() ? dynamic_cast<T*>(v.o) : nullptr;
}

}  // namespace kedge::pylang
