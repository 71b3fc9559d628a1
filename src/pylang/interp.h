// The interpreter as the rest of kedge sees it: load modules, call functions, make and inspect values, and turn what
// went wrong into a Diagnostic. One Interp is one bounded, deterministic evaluation: no file, network or process access
// of its own.
//
// Conventions, those of CPython's C API in C++ clothes: a function that can fail returns a Value whose tag is `error`
// (or false / nullptr) and leaves the exception pending here; the caller returns at once. Nothing throws.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "pylang/objects.h"

namespace kedge::pylang {

/// What a finder says about a dotted module name.
struct ModuleSpec {
  enum class Kind {
    source,  ///< run `source` as the module's body
    native,  ///< `init` fills the namespace (a false return = exception pending)
    opaque,  ///< exists in the world but not here (pandas, matplotlib): importing it raises ImportError only when a
             ///< value is needed
  };
  Kind kind = Kind::source;
  SourceId source = 0;
  bool is_package = false;
  bool trusted = false;  ///< prelude: its frames are not the user's line
  bool (*init)(Interp&, Module&, void* context) = nullptr;
  void* context = nullptr;
};

/// Finds modules by absolute dotted name (`keras.layers`); relative imports arrive resolved. nullopt:
/// ModuleNotFoundError.
class ModuleFinder {
 public:
  virtual ~ModuleFinder() = default;
  virtual std::optional<ModuleSpec> find(Interp& interp, std::string_view name) = 0;
  /// The dotted package that a relative import of `level` dots means in a file that was not imported as part of one;
  /// empty: none.
  virtual std::string package_above(std::string_view /*path*/, std::int64_t /*level*/) { return {}; }
};

/// How values without a known truth (symbolic tensors) take part in control flow.
class SymbolicHooks {
 public:
  virtual ~SymbolicHooks() = default;
  /// True when the truth of `value` is only known at run time.
  virtual bool is_symbolic(Value value) const = 0;
  /// The value of a variable after a symbolic `if`: both sides were evaluated. Error: they cannot be merged (exception
  /// or refusal pending).
  virtual Value select(Interp& interp, Value condition, Value if_true, Value if_false) = 0;
  /// `not x`, `x and y`, `x or y` on symbolic operands.
  virtual Value logical_not(Interp& interp, Value operand) = 0;
  virtual Value logical(Interp& interp, Value left, Value right, bool is_and) = 0;
};

class Interp {
 public:
  Interp(SourceMap& sources, const Limits& limits);
  ~Interp();
  Interp(const Interp&) = delete;
  Interp& operator=(const Interp&) = delete;

  SourceMap& sources() { return *sources_; }
  const Limits& limits() const { return limits_; }
  void set_finder(ModuleFinder* finder) { finder_ = finder; }
  ModuleFinder* finder() const { return finder_; }
  void set_hooks(SymbolicHooks* hooks) { hooks_ = hooks; }
  SymbolicHooks* hooks() const { return hooks_; }
  void* host = nullptr;  ///< the embedding room's own state

  // ---- modules
  Value import_module(std::string_view dotted_name);  ///< runs it at most once; the leaf module
  Module* find_loaded(std::string_view dotted_name) const;
  /// Runs a text as a module body under `name` (tests, `__main__`).
  Value run_source(std::string_view name, SourceId source, bool trusted = false);
  const std::string& printed() const { return printed_; }  ///< what print() wrote
  std::string& printed() { return printed_; }

  // ---- making values
  template <typename T, typename... A>
  T* make(Type* type, A&&... args) {
    auto owned = std::make_unique<T>(std::forward<A>(args)...);
    T* raw = owned.get();
    raw->type = type;
    adopt(std::move(owned), sizeof(T));
    return raw;
  }
  Value str(std::string_view utf8);
  Str* intern(std::string_view utf8);  ///< for attribute and keyword names
  Value bytes(std::string_view data);
  Value big(BigInt value);  ///< normalised: a small int when it fits
  Value list(std::vector<Value> items);
  Value tuple(std::vector<Value> items);
  Dict* dict();
  Value function(std::string_view name, NativeFn fn, void* context = nullptr);
  /// A class written in C++. Methods are added with `def`. Instances are C++ objects derived from Object (or Instance
  /// when Python attributes may be set on them or Python classes may derive from it).
  Type* make_host_type(std::string_view module, std::string_view name, Type* base = nullptr);
  void def(Type* type, std::string_view name, NativeFn fn, void* context = nullptr);
  void def_property(Type* type, std::string_view name, NativeFn getter, NativeFn setter = nullptr,
                    void* context = nullptr);
  void def(Module& module, std::string_view name, NativeFn fn, void* context = nullptr);
  bool charge(
      std::int64_t bytes);  ///< counts memory outside objects (array buffers); false: budget exceeded, refusal pending

  // ---- types of builtins, and exceptions by name ("ValueError")
  struct Types {
    Type *object, *type, *none, *not_implemented, *ellipsis, *boolean, *integer, *real, *complex, *str, *bytes,
        *bytearray, *list, *tuple, *dict, *set, *frozenset, *range, *slice, *function, *native_function, *bound_method,
        *property, *staticmethod_, *classmethod_, *super_, *module, *cell, *generator, *code, *poison, *mapping_proxy,
        *exception /* BaseException */;
  };
  Types types{};
  Type* exception_type(std::string_view name);
  std::unordered_map<std::string, Type*> internal_types;  ///< types without a Python name (iterators …), by name
  Type* type_of(Value value) const;
  Value not_implemented() const { return Value::object(not_implemented_); }
  Value ellipsis() const { return Value::object(ellipsis_); }

  // ---- operations, with full Python semantics
  Value call(Value callable, std::span<const Value> positional = {}, std::span<Str* const> names = {},
             std::span<const Value> named = {});
  Value call_method(Value self, std::string_view name, std::span<const Value> positional = {},
                    std::span<Str* const> names = {}, std::span<const Value> named = {});
  Value getattr(Value object, Str* name);
  Value getattr(Value object, std::string_view name) { return getattr(object, intern(name)); }
  /// Like getattr, but an absent attribute is `absent` without a pending exception; other errors stay errors.
  std::optional<Value> find_attr(Value object, std::string_view name);
  bool setattr(Value object, Str* name, Value value);
  bool setattr(Value object, std::string_view name, Value value) { return setattr(object, intern(name), value); }
  bool delattr(Value object, Str* name);
  Value getitem(Value object, Value key);
  bool setitem(Value object, Value key, Value value);
  bool delitem(Value object, Value key);
  std::optional<bool> truth(Value value);  ///< nullopt: exception pending
  std::optional<std::int64_t> length(Value value);
  std::optional<bool> equal(Value a, Value b);  ///< `a == b` as a truth value (identity first, as containers compare)
  std::optional<std::uint64_t> hash(Value value);
  std::optional<bool> contains(Value container, Value item);
  std::optional<bool> is_instance(Value value, Value type_or_tuple);
  bool is_subtype(const Type* type, const Type* base) const;
  Value iterate(Value iterable);           ///< an iterator
  Value next(Value iterator, bool& done);  ///< done = true at the end (no exception pending then)
  std::optional<std::vector<Value>> to_vector(Value iterable);
  std::optional<std::string> str_of(Value value);   ///< str(value)
  std::optional<std::string> repr_of(Value value);  ///< repr(value)
  /// `op` is the operator's text: "+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "|", "^" (binary); "<",
  /// "<=", "==", "!=", ">", ">=" (compare);
  Value binary(std::string_view op, Value a, Value b);
  Value compare(std::string_view op, Value a, Value b);
  Value lookup_type_attr(Type* type, Str* name)
      const;  ///< raw class attribute through the mro; error tag WITHOUT pending exception when absent

  // ---- dict access with Python equality (string keys never fail)
  Value dict_get(Dict* dict, Value key);  ///< error tag: absent, or exception pending (check has_exception)
  Value dict_get(const Dict* dict, std::string_view key) const;  ///< error tag: absent
  bool dict_set(Dict* dict, Value key, Value value);
  void dict_set(Dict* dict, std::string_view key, Value value);
  bool dict_delete(Dict* dict, Value key, bool& found);

  // ---- failing
  Value raise(std::string_view exception_name, std::string message);  ///< returns the error value
  Value raise(ExceptionObject* exception);
  /// A refusal no Python handler can catch: budget, no tensor meaning, a mutation in a symbolic branch. Placed at the
  /// current user line unless the diagnostic has a place.
  Value refuse(Diagnostic diagnostic);
  Value refuse(std::string code, std::string message);
  bool has_exception() const { return pending_ != nullptr || refusal_ != nullptr; }
  bool is_refused() const { return refusal_ != nullptr; }
  ExceptionObject* pending() const { return pending_; }
  ExceptionObject* take_pending();  ///< clears and returns it (nullptr when none, or when it is a refusal)
  bool pending_matches(std::string_view exception_name) const;
  /// The pending exception or refusal as an Error (K0300 for an uncaught exception, at the innermost line of user
  /// code), clearing it.
  Error take_error();
  /// The span of the innermost running frame that is not prelude code; invalid when there is none.
  Span user_span() const;

  // ---- checked arguments of native functions
  /// Binds args to the parameters, e.g. {"x", "axis=None", "*", "keepdims=False"}: "name" required, "name=" optional
  /// (left as error tag when not given),
  /// "*" starts keyword-only, "/" ends positional-only, "*args"/"**kwargs" collect (tuple / dict). Raises TypeError as
  /// Python words it. False: pending.
  bool bind(Args args, std::string_view function, std::initializer_list<std::string_view> parameters,
            std::span<Value> out);

  // ---- symbolic branches
  /// True (and refuses at the current line) when `object` is older than the innermost symbolic branch: it must not
  /// change inside it.
  bool refuse_mutation(const Object* object);

  // Internals shared by the files of this room; no promise to others.
  struct Impl;
  Impl& impl() { return *impl_; }
  void adopt(std::unique_ptr<Object> object, std::size_t bytes);

 private:
  SourceMap* sources_;
  Limits limits_;
  ModuleFinder* finder_ = nullptr;
  SymbolicHooks* hooks_ = nullptr;
  std::string printed_;
  ExceptionObject* pending_ = nullptr;
  std::unique_ptr<Diagnostic> refusal_;
  Object* not_implemented_ = nullptr;
  Object* ellipsis_ = nullptr;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kedge::pylang
