// The tracer: symbolic tensors of the dialect and the graph that grows under them. Python in the prelude calls it
// through the module
// `_kedge` (native_module.cpp); control flow on tensors reaches it through the evaluator's hooks (hooks.cpp).
//
// A tensor is one of three things: a constant (its data is known and it is in no graph until an operation needs it
// there), a known shape value (a vector of dimensions that may be symbolic), or a value of a graph. Operations on
// constants fold at once, operations on shape values stay exact; everything else appends a node.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "frontends/source/ndarray/numpy.h"
#include "frontends/source/session.h"
#include "ir/graph.h"
#include "pylang/interp.h"

namespace kedge::frontends {

struct Scope;

struct TensorObject final : pylang::Instance {
  DType dtype = DType::float32;
  Shape shape;
  std::optional<kedge::Tensor> constant;
  std::optional<std::vector<Dim>> known;  ///< value of a rank 0 or 1 integer tensor
  Scope* home = nullptr;
  ir::ValueId id = -1;
  std::int32_t weight = -1;  ///< index into Tracer::weights

  bool concrete() const { return constant.has_value(); }
};

/// One graph under construction: the model's, or a body of `if` and `while`.
struct Scope {
  ir::Graph graph;
  Scope* parent = nullptr;
  bool closed = false;
  std::unordered_map<const TensorObject*, ir::ValueId> ids;
  std::vector<TensorObject*> captures;
  std::vector<ir::RegionId> regions{0};
};

struct WeightSlot {
  std::string name;
  TensorObject* tensor = nullptr;
  Span made_at;       ///< the user's line that asked for it, when there is one
  std::string layer;  ///< the layers around it
  std::optional<kedge::Tensor> initial;
  bool stored = false;  ///< read at trace time
};

/// A fact recorded for lint and inspect.
struct Note {
  std::string kind;
  std::vector<std::pair<std::string, std::string>> facts;
  Span span;
  std::string layer;
};

class Tracer {
 public:
  explicit Tracer(Interp& interp, std::string place);

  Interp& interp() { return interp_; }
  Type* tensor_type() const { return tensor_type_; }
  void set_tensor_type(Type* type) { tensor_type_ = type; }
  Scope& root() { return *scopes_.front(); }
  Scope& current() { return *current_; }

  // ---- tensors
  TensorObject* make_constant(kedge::Tensor data);
  /// A shape value: a constant when all dimensions are known. `scalar`: rank 0.
  TensorObject* make_known(std::vector<Dim> values, DType dtype, bool scalar);
  /// `placeholder`: a graph value that nobody feeds; what hangs on it is shape inference, and dead code in the end.
  TensorObject* make_input(const std::string& name, DType dtype, const std::vector<std::optional<std::int64_t>>& shape,
                           bool placeholder = false);
  TensorObject* make_weight(const std::string& name, DType dtype, const StaticShape& shape);
  /// The tensor in a value: itself, `_kedge_tensor` of a Python object, an array, a number. nullptr without an
  /// exception: no tensor.
  TensorObject* find_tensor(Value value);
  /// Python numbers take the dtype of `like`.
  TensorObject* to_tensor(Value value, std::optional<DType> like = std::nullopt);  ///< nullptr: TypeError pending
  bool is_tensor_like(Value value);

  // ---- operations
  /// nullopt: exception pending (ValueError with the card's message, or a refusal).
  std::optional<std::vector<TensorObject*>> emit(std::string_view op, const std::vector<TensorObject*>& inputs,
                                                 Attrs attrs, std::vector<std::unique_ptr<ir::Graph>> bodies = {});
  TensorObject* emit1(std::string_view op, const std::vector<TensorObject*>& inputs, Attrs attrs = {});
  TensorObject* cast(TensorObject* tensor, DType dtype);
  TensorObject* to_condition(TensorObject* tensor);  ///< a bool scalar

  /// The value of a tensor inside a scope: captured from outside when need be. -1: exception pending.
  ir::ValueId id_in(Scope& scope, TensorObject* tensor);

  std::optional<std::vector<TensorObject*>> cond(TensorObject* predicate, Value then_fn, Value else_fn);
  std::optional<std::vector<TensorObject*>> while_loop(Value cond_fn, Value body_fn, std::vector<TensorObject*> state);

  // ---- where we are
  std::int64_t enter(std::string segment, std::string layer);
  void leave(std::int64_t depth);
  std::string config_place() const;  ///< `model.keras › config.json › layers[3]`
  std::string layer_path() const;
  ir::Origin origin() const;

  /// Shapes from outside: by input name (empty: the next input), and the size of the symbol "batch". Applied where
  /// inputs are made.
  std::vector<std::pair<std::string, StaticShape>> overlays;
  std::optional<std::int64_t> batch;

  std::string config_name = "config.json";  ///< what describes the model, inside its file
  std::string model_name;                   ///< the outermost layer, which paths of layers leave out
  std::vector<WeightSlot> weights;
  std::vector<Note> notes;

 private:
  std::optional<std::vector<TensorObject*>> fold(std::string_view op, const std::vector<TensorObject*>& inputs,
                                                 const Attrs& attrs);
  TensorObject* fold_known(std::string_view op, const std::vector<TensorObject*>& inputs, const Attrs& attrs);
  TensorObject* make_value(Scope& scope, ir::ValueId id);
  Scope& push_scope();
  std::optional<std::vector<TensorObject*>> call_tensors(Value fn, const std::vector<TensorObject*>& arguments);

  Interp& interp_;
  std::string place_;
  Type* tensor_type_ = nullptr;
  std::vector<std::unique_ptr<Scope>> scopes_;
  Scope* current_ = nullptr;
  std::vector<std::pair<std::string, std::string>> stack_;
};

inline TensorObject* tensor_of(Value value) { return pylang::as<TensorObject>(value); }
inline Tracer& tracer(Interp& interp) { return *session(interp).tracer; }

kedge::Tensor to_tensor_data(const Array& a);
Array to_array_data(const kedge::Tensor& t);

/// Fills the module `_kedge`; the context is the Tracer.
bool init_kedge_module(Interp& interp, Module& module, void* context);

/// The evaluator's view of tensors in `if`, `while`, `not`, `and`, `or`.
class TensorHooks final : public pylang::SymbolicHooks {
 public:
  explicit TensorHooks(Tracer& tracer) : tracer_(tracer) {}
  bool is_symbolic(Value value) const override;
  Value select(Interp& interp, Value condition, Value if_true, Value if_false) override;
  Value logical_not(Interp& interp, Value operand) override;
  Value logical(Interp& interp, Value left, Value right, bool is_and) override;

 private:
  Value merge(Interp& interp, TensorObject* condition, Value a, Value b, int depth);
  Tracer& tracer_;
};

}  // namespace kedge::frontends
