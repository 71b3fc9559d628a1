// What the files of pylang share about one Interp beyond its public face.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "pylang/interp.h"
#include "pylang/vm/frame.h"

namespace kedge::pylang {

/// Interned names the machine itself needs; `names.init` is "__init__".
// clang-format off
#define KEDGE_SPECIAL_NAMES(X)                                                                                    \
  X(init) X(new_, "__new__") X(call) X(get) X(set) X(delete_, "__delete__") X(getattr) X(getattribute)            \
  X(setattr) X(delattr) X(dict) X(class_, "__class__") X(name) X(qualname) X(module) X(doc) X(bases) X(mro)       \
  X(annotations) X(iter) X(next) X(len) X(bool_, "__bool__") X(getitem) X(setitem) X(delitem) X(contains) X(eq)   \
  X(hash) X(str) X(repr) X(format) X(enter) X(exit) X(set_name) X(init_subclass) X(class_getitem) X(mro_entries)  \
  X(prepare) X(slots) X(classcell) X(instancecheck) X(subclasscheck) X(match_args) X(all) X(file) X(path)         \
  X(package) X(defaults) X(kwdefaults) X(closure) X(code) X(globals) X(func) X(self_, "__self__") X(wrapped)      \
  X(subclasses) X(cause) X(context) X(suppress_context) X(traceback) X(notes) X(index) X(abstractmethods)         \
  X(isabstractmethod) X(missing) X(basicsize) X(builtins) X(main) X(spec) X(loader) X(length_hint) X(neg) X(pos)  \
  X(invert)
// clang-format on

struct SpecialNames {
#define X(field, ...) Str* field = nullptr;
  KEDGE_SPECIAL_NAMES(X)
#undef X
};

struct OperatorTable;

/// What a symbolic branch remembers: objects born before `serial` must not change.
struct BranchBarrier {
  std::uint64_t serial = 0;
};

struct Interp::Impl {
  explicit Impl(Interp& owner) : interp(owner) {}
  Interp& interp;
  SpecialNames names;

  // heap
  std::vector<std::unique_ptr<Object>> objects;
  std::vector<std::unique_ptr<Code>> codes;
  std::uint64_t next_serial = 1;
  std::int64_t heap_used = 0;
  bool heap_exceeded = false;
  std::unordered_map<std::string_view, Str*> interned;
  std::array<Str*, 128> ascii{};

  // modules
  std::unordered_map<std::string, Module*> modules;
  Module* builtins = nullptr;
  Dict* sys_modules = nullptr;

  // running
  Frame* frame = nullptr;  // innermost
  NativeFunction* object_getattribute = nullptr;
  NativeFunction* object_setattr = nullptr;
  NativeFunction* object_delattr = nullptr;
  NativeFunction* type_call = nullptr;
  NativeFunction* build_class_function = nullptr;
  Type* union_type = nullptr;
  Type* generic_alias = nullptr;
  std::vector<std::unique_ptr<Frame>> free_frames;
  std::int64_t call_depth = 0;
  std::int64_t native_depth = 0;
  const char* stack_base = nullptr;
  std::int64_t steps_left = 0;
  bool total_budget_spent = false;  // steps or heap: nothing may go on
  bool strict_modules = false;      // a failing top-level statement stops the module

  // symbolic branches
  std::vector<BranchBarrier> barriers;

  // types: cache of (type, name) -> raw attribute, valid while `version` stands
  struct CacheLine {
    const Type* type = nullptr;
    const Str* name = nullptr;
    std::uint64_t version = 0;
    Value value;
  };
  std::vector<CacheLine> cache = std::vector<CacheLine>(4096);
  std::uint64_t version = 1;
  std::unordered_map<const Type*, std::vector<Type*>> subclasses;

  // failing
  std::unordered_map<const ExceptionObject*, Diagnostic>
      diagnostics;  // exceptions that stand for a diagnostic (refusals, syntax errors)
  std::unordered_map<const ExceptionObject*, std::pair<Span, std::string>>
      origins;  // raised out of poison: where it failed first

  // ---- frames (run.cpp, call.cpp)
  Frame* push_frame(const Code* code, Function* function, Dict* globals, Module* module);
  void release_frame(Frame* frame);
  /// Runs `entry` (already pushed) until it returns, yields, or, with `branch`, reaches its branch_stop; a branch
  /// leaves the frame in place.
  Value run(Frame* entry, bool branch = false);
  /// After a failure in `frame`: the frame to go on with, at its handler (unwind.cpp); nullptr: `entry` is left.
  Frame* unwind(Frame* frame, Frame* entry, bool branch, std::size_t base_blocks);
  enum class Exit { returned, joined, yielded };
  Exit last_exit = Exit::returned;
  bool enter_native();
  void leave_native() { --native_depth; }
  Frame* prepare_call(Function* function, std::span<const Value> positional, std::span<Str* const> kw,
                      std::span<const Value> named);
  bool bind_arguments(Function* function, Value* slots, std::span<const Value> positional, std::span<Str* const> kw,
                      std::span<const Value> named);
  Value finish_call(Frame* frame);  // runs a prepared frame, or makes its generator
  Value make_generator(Frame* frame);
  Value resume(Generator* generator, Value sent, ExceptionObject* thrown, bool& done);

  bool throw_into(Frame* frame);     // the pending exception, at a suspended yield; false: it leaves the frame
  void enter_handler(Frame* frame);  // the innermost block takes the pending exception
  bool deliver(Frame* frame);        // to the frame's innermost handler
  Value pending_yield;               // a value that an inner generator yielded while it was thrown into
  bool has_pending_yield = false;

  // ---- exceptions
  ExceptionObject* current_handled() const;
  void add_traceback(Frame* frame, std::int32_t pc);
  void set_pending(ExceptionObject* e) { interp.pending_ = e; }
  bool raise_poison(Value value);  // true and pending when value is poison
  Poison* make_poison(ExceptionObject* reason, std::string name);
  ExceptionObject* pending_as_reason();  // takes the pending exception or refusal as something a Poison can carry
  Value raise_attribute_error(Value object, Str* name);
  Span frame_span(const Frame* frame) const;

  // ---- attributes
  Value lookup(const Type* type, Str* name);
  void touch_types() { ++version; }
  Value bind_attribute(Value attr, Value self,
                       Type* owner_type);  // descriptor protocol for a class attribute of an instance
  bool is_data_descriptor(Value attr);
  Value default_getattribute(Value object, Str* name);  // object.__getattribute__
  bool default_setattr(Value object, Str* name, Value value /* error tag: delete */);
  Value type_getattr(Type* type, Str* name);
  Value abstract_methods(Type* type);
  Value super_getattr(Super* super, Str* name, bool bind);
  Dict* dict_of(Value object);  // the instance namespace or nullptr
  bool load_method(Value object, Str* name, Value& function, Value& self);
  Value special_attribute(Value object, Str* name, bool& found);  // __class__, __dict__, __name__ … of what C++ made
  std::optional<Value> call_special(Value object, Str* name, std::span<const Value> args);  // nullopt: no such method

  // ---- operators
  std::shared_ptr<OperatorTable> operator_table;
  const OperatorTable& operators();
  Value make_generic_alias(Type* origin, Value key);
  Value binary_op(BinaryOp op, Value a, Value b);
  Value inplace_op(BinaryOp op, Value a, Value b);
  Value unary_op(UnaryOp op, Value a);
  Value compare_op(CompareOp op, Value a, Value b);
  std::optional<bool> test(Value value);  // truth, no symbolic value allowed
  bool is_symbolic(Value v) const { return interp.hooks_ != nullptr && v.is_object() && interp.hooks_->is_symbolic(v); }

  // ---- modules
  Value run_module(Module* module, const Code* code);
  Value import_name(Frame* frame, std::string_view name, std::int64_t level, Value from_list);
  Value import_from(Value module, Str* name);
  bool import_star(Frame* frame, Value module);
  Module* make_module(std::string_view name);
  bool recover_statement(Frame* frame);  // a failed top-level statement: poison its names and go on; false: unwind
  const Code* compile_source(SourceId source, bool trusted);  // nullptr: pending

  // ---- symbolic control flow
  bool symbolic_if(Frame* frame, Value condition, std::int32_t branch, bool& returned,
                   Value& result);  // false: pending
  bool symbolic_logical(Frame* frame, Value left, std::int32_t target, bool is_and);

  // types.cpp
  std::int64_t find(Dict* dict, Str* key);  // position or -1; interned keys
  Value get(Dict* dict, Str* key);
  bool set(Dict* dict, Str* key, Value value);
  bool is_iterator_type(Object* object);
  void make_types();
  void install_object();
  void install_type();
  void install_descriptors();
  void install_functions();
  void install_generators();
  void install_groups();
};

Value build_class(Interp& interp, Args args, void* context);
/// type(name, bases, namespace): C3, __set_name__, __init_subclass__, __classcell__.
Value make_class(Interp& interp, Type* metaclass, std::string_view name, std::span<const Value> bases, Dict* names,
                 std::span<Str* const> kw = {}, std::span<const Value> named = {});
Value abstract_error(Interp& interp, Type* type, Value abstract);
/// What type.__call__ does.
Value instantiate(Interp& interp, Type* type, Args args);
bool mangle_matches(const std::string& slot, const std::string& class_name, const std::string& name);
/// C3; false: no consistent order.
bool linearize(Type* type);

std::string_view type_name(Interp& interp, Value value);
inline std::string quote(std::string_view s) { return "'" + std::string(s) + "'"; }

}  // namespace kedge::pylang
