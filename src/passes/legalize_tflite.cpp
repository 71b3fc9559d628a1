// The walk: every node of the source graph is offered to the emitter, bodies of control flow first.
#include "passes/legalize_tflite.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "ops/append.h"
#include "passes/legalize_tflite_complex.h"
#include "passes/legalize_tflite_emitter.h"

namespace kedge::passes {
namespace {

using ir::ValueId;
using tflite::Emitter;
using tflite::Values;

constexpr int kMaxNesting = 32;

bool is_half(DType dtype) { return dtype == DType::float16 || dtype == DType::bfloat16; }
DType widened(DType dtype) { return is_half(dtype) ? DType::float32 : dtype; }
/// The type of an input or output of the file: LiteRT hands out float16 but no bfloat16.
DType at_the_edge(DType dtype) { return dtype == DType::bfloat16 ? DType::float32 : dtype; }

class Legalizer {
 public:
  Legalizer(const ir::Graph& from, ir::Graph& to, TfliteFlavour flavour, std::vector<Diagnostic>& faults, int nesting)
      : from_(from),
        to_(to),
        flavour_(flavour),
        faults_(faults),
        emitter_(to, flavour, faults),
        map_(static_cast<std::size_t>(from.value_count()), -1),
        nesting_(nesting) {}

  void run() {
    to_.name = from_.name;
    to_.regions() = from_.regions();
    for (std::size_t i = 0; i < from_.inputs.size(); ++i) take_input(from_.inputs[i]);
    uses_.assign(map_.size(), 0);
    for (const ir::NodeId id : from_.order())
      for (const ValueId v : from_.node(id).inputs)
        if (v >= 0) ++uses_[static_cast<std::size_t>(v)];
    for (const ValueId v : from_.outputs) ++uses_[static_cast<std::size_t>(v)];
    for (const ir::NodeId id : from_.order()) take_node(from_.node(id));
    if (!faults_.empty()) return;
    for (const ValueId v : from_.outputs) {
      if (is_complex(from_.value(v).dtype)) {
        fault("K0703", "an output is complex, which TensorFlow Lite's kernels do not compute",
              "give out its real and its imaginary part");
        return;
      }
      const ValueId made = operand(v);
      to_.outputs.push_back(nesting_ == 0 && from_.value(v).dtype == DType::float16
                                ? emitter_.raw1("cast", {made}, Attrs{{"to", DType::float16}})
                                : made);
    }
    to_.output_names = from_.output_names;
    map_regions();
    drop_unused();
  }

 private:
  void take_input(ValueId id) {
    const ir::Value& value = from_.value(id);
    const bool widen = value.dtype == DType::float16;
    const DType given = nesting_ > 0 ? widened(value.dtype) : at_the_edge(value.dtype);
    const ValueId input = to_.add_input(value.name, given, value.shape);
    to_.value(input).quant = value.quant;
    map_[static_cast<std::size_t>(id)] =
        widen && nesting_ == 0 ? emitter_.raw1("cast", {input}, Attrs{{"to", DType::float32}}) : input;
    const std::size_t before = faults_.size();
    check_value(value, "input `" + value.name + "`");
    for (std::size_t i = before; i < faults_.size(); ++i)
      faults_[i].primary.location = Location::in("the model's input `" + value.name + "`");
    if (is_complex(value.dtype)) blocked_.push_back(id);
  }

  void check_value(const ir::Value& value, const std::string& what) {
    if (value.dtype == DType::float64)
      fault("K0703", what + " is float64, which TensorFlow Lite's kernels do not compute",
            "use float32, or cast before this point");
    if (is_complex(value.dtype))
      fault("K0703", what + " is complex, which TensorFlow Lite's kernels do not compute", {});
    if (!static_shape(value.shape))
      fault("K0702",
            what + " has the shape " + shape_to_string(value.shape) +
                ", and TensorFlow Lite files are written with known shapes",
            "give the unknown dimensions with --shape or --batch");
  }

  void fault(std::string code, std::string message, std::string help) {
    emitter_.fault(std::move(message), std::move(help));
    faults_.back().code = std::move(code);
  }

  ValueId operand(ValueId id) {
    if (id < 0) return -1;
    ValueId& mapped = map_[static_cast<std::size_t>(id)];
    if (mapped >= 0) return mapped;
    const ir::Value& value = from_.value(id);
    KEDGE_CHECK(value.constant.has_value(), "an operand is used before it is made");
    mapped =
        emitter_.constant(is_half(value.dtype) ? value.constant->cast(DType::float32) : *value.constant, value.name);
    to_.value(mapped).quant = value.quant;
    return mapped;
  }

  tflite::ComplexPair pair(ValueId id) {
    if (!is_complex(from_.value(id).dtype)) return {operand(id), -1};
    const auto at = static_cast<std::size_t>(id);
    if (map_[at] < 0) {
      const ir::Value& value = from_.value(id);
      KEDGE_CHECK(value.constant.has_value(), "an operand is used before it is made");
      const tflite::ComplexPair parts = tflite::split_constant(emitter_, *value.constant, value.name);
      map_[at] = parts.re;
      imaginary_[id] = parts.im;
    }
    return {map_[at], imaginary_.at(id)};
  }

  bool touches_complex(const ir::Node& node) const {
    const auto complex = [&](ValueId v) { return v >= 0 && is_complex(from_.value(v).dtype); };
    return std::any_of(node.inputs.begin(), node.inputs.end(), complex) ||
           std::any_of(node.outputs.begin(), node.outputs.end(), complex);
  }

  void take_complex(const ir::Node& node) {
    std::vector<tflite::ComplexPair> inputs;
    for (const ValueId v : node.inputs) inputs.push_back(pair(v));
    const std::optional<tflite::ComplexPair> made =
        node.outputs.size() == 1 && node.bodies.empty()
            ? tflite::complex_rule(emitter_, node.op->name, inputs, node.attrs)
            : std::nullopt;
    if (!made)
      return fault("K0703", "`" + std::string(node.op->name) + "` of complex numbers has no form in TensorFlow Lite",
                   {});
    map_[static_cast<std::size_t>(node.outputs[0])] = made->re;
    if (made->im >= 0) imaginary_[node.outputs[0]] = made->im;
  }

  void take_node(const ir::Node& node) {
    emitter_.at(node, node.region);
    const std::size_t before = faults_.size();
    const bool complex = touches_complex(node);
    for (const ValueId v : node.outputs)
      if (!complex || !is_complex(from_.value(v).dtype))
        check_value(from_.value(v), "the result of `" + std::string(node.op->name) + "`");
    if (faults_.size() > before ||
        blocked(node)) {  // one fault a chain: what depends on a faulty value is not looked at
      for (const ValueId v : node.outputs) blocked_.push_back(v);
      return;
    }
    if (complex) {
      take_complex(node);
      if (faults_.size() > before)
        for (const ValueId v : node.outputs) blocked_.push_back(v);
      return;
    }
    Values inputs;
    for (const ValueId v : node.inputs) inputs.push_back(operand(v));
    Attrs attrs = node.attrs;
    for (const char* name : {"to", "dtype"})
      if (const AttrValue* to = attrs.find(name); to != nullptr && std::holds_alternative<DType>(*to))
        attrs.set(name, widened(std::get<DType>(*to)));
    Values outputs;
    if (rounds(node)) outputs = {rounded(inputs[0], node.attrs.dtype("to"))};
    else if (!node.bodies.empty()) outputs = take_control_flow(node, inputs, attrs);
    else if (node.op->name == "fused") outputs = inline_body(*node.bodies[0], inputs);
    else if (const ValueId merged = merge_bias(node, inputs); merged >= 0) outputs = {merged};
    else outputs = emitter_.ops(node.op->name, inputs, attrs);
    if (outputs.size() != node.outputs.size() || faults_.size() > before) {
      for (const ValueId v : node.outputs) blocked_.push_back(v);
      return;
    }
    for (std::size_t i = 0; i < outputs.size(); ++i) map_[static_cast<std::size_t>(node.outputs[i])] = outputs[i];
  }

  bool blocked(const ir::Node& node) const {
    return std::any_of(node.inputs.begin(), node.inputs.end(),
                       [&](ValueId v) { return std::find(blocked_.begin(), blocked_.end(), v) != blocked_.end(); });
  }

  /// A cast to a half type: what follows computes in float32, but the digits that the cast drops are gone.
  bool rounds(const ir::Node& node) const {
    return node.op->name == "cast" && is_half(node.attrs.dtype("to")) &&
           from_.value(node.inputs[0]).dtype == DType::float32 && flavour_ == TfliteFlavour::floating;
  }
  ValueId rounded(ValueId x, DType to) {
    return emitter_.raw1("cast", {emitter_.raw1("cast", {x}, Attrs{{"to", to}})}, Attrs{{"to", DType::float32}});
  }

  Values take_control_flow(const ir::Node& node, const Values& inputs, const Attrs& attrs) {
    if (node.op->name == "fused") return inline_body(*node.bodies[0], inputs);
    if (nesting_ >= kMaxNesting) {
      emitter_.fault("control flow is nested more than 32 deep");
      return {};
    }
    std::vector<std::unique_ptr<ir::Graph>> bodies;
    for (const std::unique_ptr<ir::Graph>& body : node.bodies) {
      auto legal = std::make_unique<ir::Graph>();
      Legalizer(*body, *legal, flavour_, faults_, nesting_ + 1).run();
      bodies.push_back(std::move(legal));
    }
    if (!faults_.empty()) return {};
    Result<Values> outputs =
        ops::append_all(to_, node.op->name, inputs, attrs, {node.origin, node.region, -1}, std::move(bodies));
    KEDGE_CHECK(outputs.ok(), "control flow does not fit its legalised bodies");
    return *outputs;
  }

  Values inline_body(const ir::Graph& body, const Values& inputs) {
    std::vector<ValueId> map(static_cast<std::size_t>(body.value_count()), -1);
    for (std::size_t i = 0; i < body.inputs.size(); ++i) map[static_cast<std::size_t>(body.inputs[i])] = inputs[i];
    const auto value = [&](ValueId id) {
      if (id < 0) return id;
      ValueId& mapped = map[static_cast<std::size_t>(id)];
      if (mapped < 0) mapped = emitter_.constant(*body.value(id).constant, body.value(id).name);
      return mapped;
    };
    for (const ir::NodeId id : body.order()) {
      const ir::Node& node = body.node(id);
      Values operands;
      for (const ValueId v : node.inputs) operands.push_back(value(v));
      const Values made = emitter_.ops(node.op->name, operands, node.attrs);
      for (std::size_t i = 0; i < made.size(); ++i) map[static_cast<std::size_t>(node.outputs[i])] = made[i];
    }
    Values outputs;
    for (const ValueId v : body.outputs) outputs.push_back(value(v));
    return outputs;
  }

  // add(convolution or matrix product without bias, vector along the last axis): the vector becomes the bias.
  ValueId merge_bias(const ir::Node& node, const Values& inputs) {
    if (node.op->name != "add") return -1;
    for (std::size_t side = 0; side < 2; ++side) {
      const ValueId product = inputs[side];
      const ValueId vector = inputs[1 - side];
      if (!emitter_.is_constant(vector) || emitter_.dtype(vector) != DType::float32 ||
          uses_[static_cast<std::size_t>(node.inputs[side])] != 1)
        continue;
      const ir::NodeId maker = to_.value(product).producer;
      if (maker < 0) continue;
      const ir::Node& made = to_.node(maker);
      const std::string_view op = made.op->name;
      if (op != "conv2d" && op != "depthwise_conv2d" && op != "fully_connected" && op != "conv2d_transpose") continue;
      const bool has_bias = made.inputs.size() > 2 && made.inputs[2] >= 0;
      if (has_bias || (made.attrs.find("activation") != nullptr && made.attrs.text("activation") != "none")) continue;
      const std::int64_t channels = emitter_.shape(product).back();
      const StaticShape shape = emitter_.shape(vector);
      if (element_count(shape) != channels || shape.empty() || shape.back() != channels ||
          shape.size() > emitter_.shape(product).size())
        continue;
      const Values with_bias{made.inputs[0], made.inputs[1], emitter_.reshape(vector, {channels})};
      return emitter_.raw1(op, with_bias, made.attrs);
    }
    return -1;
  }

  void map_regions() {
    for (ir::Region& region : to_.regions()) {
      for (std::vector<ValueId>* list : {&region.inputs, &region.outputs})
        for (ValueId& v : *list)
          v = v >= 0 && v < static_cast<ValueId>(map_.size()) ? map_[static_cast<std::size_t>(v)] : -1;
    }
  }

  void drop_unused() {
    std::vector<bool> wanted(static_cast<std::size_t>(to_.value_count()), false);
    for (const ValueId v : to_.outputs) wanted[static_cast<std::size_t>(v)] = true;
    std::vector<ir::NodeId> order = to_.order();
    for (auto it = order.rbegin(); it != order.rend(); ++it) {
      const ir::Node& node = to_.node(*it);
      if (std::none_of(node.outputs.begin(), node.outputs.end(),
                       [&](ValueId v) { return wanted[static_cast<std::size_t>(v)]; })) {
        to_.remove(*it);
        continue;
      }
      for (const ValueId v : node.inputs)
        if (v >= 0) wanted[static_cast<std::size_t>(v)] = true;
    }
    for (ir::Region& region : to_.regions())
      for (std::vector<ValueId>* list : {&region.inputs, &region.outputs})
        for (ValueId& v : *list)
          if (v >= 0 && !wanted[static_cast<std::size_t>(v)]) v = -1;
  }

  const ir::Graph& from_;
  ir::Graph& to_;
  TfliteFlavour flavour_;
  std::vector<Diagnostic>& faults_;
  Emitter emitter_;
  std::vector<ValueId> map_;
  std::map<ValueId, ValueId> imaginary_;  ///< of a complex value, whose real part is in map_
  std::vector<std::int64_t> uses_;
  std::vector<ValueId> blocked_;
  int nesting_;
};

/// All faults as one error: the first is the error itself, the others are secondary places and notes.
Error as_one_error(std::vector<Diagnostic> faults) {
  Diagnostic all = std::move(faults[0]);
  for (std::size_t i = 1; i < faults.size(); ++i) {
    all.secondary.push_back({faults[i].primary.location, faults[i].message});
  }
  if (faults.size() > 1)
    all.notes.push_back(std::to_string(faults.size()) + " operations cannot be expressed in TensorFlow Lite");
  return Error(std::move(all));
}

}  // namespace

Result<ir::Graph> legalize_tflite(const ir::Graph& graph, TfliteFlavour flavour) {
  ir::Graph out;
  std::vector<Diagnostic> faults;
  for (const ValueId v : graph.outputs) KEDGE_CHECK(v >= 0, "a graph output is missing");
  Legalizer legalizer(graph, out, flavour, faults, 0);
  legalizer.run();
  if (!faults.empty()) return as_one_error(std::move(faults));
  out.compact();
  return out;
}

}  // namespace kedge::passes
