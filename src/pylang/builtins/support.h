// Shared by the files that implement builtin types: method tables, argument checks, and views of values whatever their
// class.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pylang/builtins/install.h"
#include "pylang/interp.h"

namespace kedge::pylang {

struct Method {
  const char* name;
  NativeFn fn;
};

/// Adds the methods to the type's dict; names already there stay (see install.h).
void define(Interp& interp, Type* type, std::span<const Method> methods);
/// A function in the type's dict that does not bind self (`__new__`, static methods).
void define_static(Interp& interp, Type* type, const char* name, NativeFn fn);
/// A class method: the native gets the class as positional[0].
void define_class_method(Interp& interp, Type* type, const char* name, NativeFn fn);
void define_getter(Interp& interp, Type* type, const char* name, NativeFn getter);

// ---- arguments
/// Positional count between min and max (both counted without self when `method`), no keywords; TypeError otherwise.
bool arity(Interp& interp, Args args, std::string_view name, std::size_t min, std::size_t max, bool method = true);
/// The i-th positional argument, or the error tag when it is not there.
inline Value arg(Args args, std::size_t i) { return i < args.positional.size() ? args.positional[i] : Value(); }
inline bool given(Value value) { return !value.is_error(); }

/// "'list'", for messages.
std::string quoted_type(Interp& interp, Value value);
Value type_error(Interp& interp, std::string message);
Value value_error(Interp& interp, std::string message);

// ---- views (each accepts instances of Python subclasses)
List* list_of(Interp& interp, Value value);
Tuple* tuple_of(Interp& interp, Value value);
Dict* dict_of(Interp& interp, Value value);
SetObject* set_of(Interp& interp, Value value);  ///< set or frozenset
Str* str_of(Interp& interp, Value value);
BytesObject* bytes_of(Interp& interp, Value value);

inline Str* exact_str(Interp& interp, Value value) {
  return value.is_object() && value.o->type == interp.types.str ? static_cast<Str*>(value.o) : nullptr;
}
/// `self` of a method; raises TypeError and returns nullptr when it is of another type.
List* self_list(Interp& interp, Args args, const char* method);
Dict* self_dict(Interp& interp, Args args, const char* method);
SetObject* self_set(Interp& interp, Args args, const char* method);
Str* self_str(Interp& interp, Args args, const char* method);
Tuple* self_tuple(Interp& interp, Args args, const char* method);
BytesObject* self_bytes(Interp& interp, Args args, const char* method);

// ---- integers
/// The value as an int (bool and subclasses too) without calling anything; nullopt when it is none.
std::optional<BigInt> big_of(Value value);
/// True when the value is an int that fits 64 bits.
bool small_of(Value value, std::int64_t& out);
bool is_integer(Value value);
/// `operator.index(value)`; error: TypeError pending.
Value index_of(Interp& interp, Value value);
/// An index or count for C++ use; what does not fit is clamped. nullopt: exception pending.
std::optional<std::int64_t> size_of(Interp& interp, Value value);
/// A float, int or object with __float__/__index__; nullopt: exception pending.
std::optional<double> double_of(Interp& interp, Value value);

/// Start, stop, step of a slice over `length` items as CPython computes them; `count` items are selected.
struct SliceRange {
  std::int64_t start = 0, stop = 0, step = 1, count = 0;
};
std::optional<SliceRange> slice_range(Interp& interp, const Slice* slice, std::int64_t length);
/// Index with negatives wrapped; nullopt: IndexError `message` pending.
std::optional<std::int64_t> checked_index(Interp& interp, Value key, std::int64_t length, const char* message);

/// Wraps the builtin value when cls is a Python subclass, for `__new__`.
Value instantiate(Interp& interp, Value cls, Type* exact, Value value);

/// Refuses sizes beyond the limits before anything is allocated: K0310. False: refusal pending.
bool check_size(Interp& interp, std::int64_t count, std::int64_t item_bytes);

/// Bounds recursion through containers (repr, ==, hash, deepcopy, json). `ok` false: RecursionError pending.
class DepthGuard {
 public:
  explicit DepthGuard(Interp& interp);
  ~DepthGuard();
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;
  bool ok = true;
};

/// Marks a container whose repr is being written, so that a cycle prints as "[...]".
class ReprGuard {
 public:
  explicit ReprGuard(const Object* object);
  ~ReprGuard();
  ReprGuard(const ReprGuard&) = delete;
  ReprGuard& operator=(const ReprGuard&) = delete;
  bool inside = false;  ///< it was being written already
};

/// reversed(sequence) over a value with __len__ and __getitem__.
Value make_reversed(Interp& interp, Value sequence);

/// Iterates any iterable: fn(Value) returns false to stop with an exception pending. Returns false when an exception is
/// pending.
template <typename Fn>
bool for_each(Interp& interp, Value iterable, Fn&& fn) {
  if (iterable.is_object() && (iterable.o->type == interp.types.list || iterable.o->type == interp.types.tuple)) {
    const bool is_list = iterable.o->type == interp.types.list;
    for (std::size_t i = 0;; ++i) {
      const std::vector<Value>& items =
          is_list ? static_cast<List*>(iterable.o)->items : static_cast<Tuple*>(iterable.o)->items;
      if (i >= items.size()) return true;
      if (!fn(Value(items[i]))) return false;
    }
  }
  const Value iterator = interp.iterate(iterable);
  if (iterator.is_error()) return false;
  while (true) {
    bool done = false;
    const Value item = interp.next(iterator, done);
    if (done) return true;
    if (item.is_error()) return false;
    if (!fn(item)) return false;
  }
}

/// Makes a new iterator object with `__iter__` and `__next__`; `Derived` is a NativeIterator.
template <typename Derived>
Derived* make_iterator(Interp& interp, const char* type_name);
Type* iterator_type(Interp& interp, const char* name);
template <typename Derived>
Derived* make_iterator(Interp& interp, const char* name) {
  return interp.make<Derived>(iterator_type(interp, name));
}

/// type(self).name(self, *rest): a special method, never found on the instance. TypeError when the class has none.
Value call_special(Interp& interp, Value self, std::string_view name, std::span<const Value> rest = {});

/// The names dir() shows, sorted.
std::optional<std::vector<Value>> attribute_names(Interp& interp, Value value);
/// Code points of a text and back (lone surrogates in their 3-byte form).
std::u32string decode_utf8(std::string_view utf8);
std::string encode_utf8(std::uint32_t code_point);
std::string encode_utf8(std::u32string_view code_points);
/// Everything beyond ASCII as \\x, \\u, \\U escapes.
std::string ascii_escape(std::string_view utf8);

// ---- the installers, one per file
void install_object(Interp& interp);
void install_exceptions(Interp& interp);
void install_int(Interp& interp);
void install_float(Interp& interp);
void install_complex(Interp& interp);
void install_str(Interp& interp);
void install_bytes(Interp& interp);
void install_list(Interp& interp);
void install_tuple(Interp& interp);
void install_dict(Interp& interp);
void install_set(Interp& interp);
void install_range(Interp& interp);
void install_iterators(Interp& interp);
/// Puts native functions into a module, except those of names that it has.
void install_rows(Interp& interp, Module& module, std::span<const Method> rows);
void install_functions(Interp& interp, Module& module);
void install_namespaces(Interp& interp, Module& module);

}  // namespace kedge::pylang
