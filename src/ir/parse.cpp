// Reads the text form that print.cpp documents. For tests and for people: a model never travels as text.
#include <map>

#include "base/text.h"
#include "ir/graph.h"
#include "ir/op_def.h"
#include "ir/text_reader.h"

namespace kedge::ir {
namespace {

class Parser : TextReader {
 public:
  Parser(std::string_view text, OpFinder find_op) : TextReader(text), find_op_(find_op) {}

  Result<Graph> whole() {
    KEDGE_TRY(Graph graph, parse_graph(0));
    skip();
    if (position_ != text_.size()) return fail("text after the graph");
    return graph;
  }

 private:
  static constexpr int kDepthLimit = 32;
  using Ids = std::map<std::int64_t, ValueId>;  // names in the text -> values of the graph

  Result<Shape> dims(std::string_view inside) {
    Shape shape;
    if (trim(inside).empty()) return shape;
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= inside.size(); ++i) {
      if (i < inside.size()) {
        depth += inside[i] == '(' ? 1 : inside[i] == ')' ? -1 : 0;
        if (inside[i] != ',' || depth > 0) continue;
      }
      const std::string_view piece = trim(inside.substr(begin, i - begin));
      if (piece.empty() && i == inside.size()) break;  // trailing comma
      const std::optional<Dim> dim = Dim::parse(piece);
      if (!dim) return fail("`" + std::string(piece) + "` is no dimension");
      shape.push_back(*dim);
      begin = i + 1;
    }
    return shape;
  }

  Result<AttrValue> attr_value(AttrKind kind) {
    bool real = false;
    switch (kind) {
      case AttrKind::flag: {
        const std::string_view w = word();
        if (w != "true" && w != "false") return fail("expected true or false");
        return AttrValue(w == "true");
      }
      case AttrKind::integer: {
        KEDGE_TRY(const std::int64_t value, integer());
        return AttrValue(value);
      }
      case AttrKind::real: {
        KEDGE_TRY(const double value, number(real));
        return AttrValue(value);
      }
      case AttrKind::text: {
        KEDGE_TRY(std::string value, string());
        return AttrValue(std::move(value));
      }
      case AttrKind::dtype: {
        const std::optional<DType> dtype = parse_dtype(word());
        if (!dtype) return fail("expected a dtype");
        return AttrValue(*dtype);
      }
      case AttrKind::integers: {
        std::vector<std::int64_t> items;
        KEDGE_TRY_VOID(list([&]() -> Result<void> {
          KEDGE_TRY(const std::int64_t value, integer());
          items.push_back(value);
          return {};
        }));
        return AttrValue(std::move(items));
      }
      case AttrKind::reals: {
        std::vector<double> items;
        KEDGE_TRY_VOID(list([&]() -> Result<void> {
          KEDGE_TRY(const double value, number(real));
          items.push_back(value);
          return {};
        }));
        return AttrValue(std::move(items));
      }
      case AttrKind::texts: {
        std::vector<std::string> items;
        KEDGE_TRY_VOID(list([&]() -> Result<void> {
          KEDGE_TRY(std::string value, string());
          items.push_back(std::move(value));
          return {};
        }));
        return AttrValue(std::move(items));
      }
      case AttrKind::dims: {
        KEDGE_TRY_VOID(expect("("));
        KEDGE_TRY(Shape shape, dims(until_closing('(', ')')));
        KEDGE_TRY_VOID(expect(")"));
        return AttrValue(std::move(shape));
      }
    }
    return fail("unknown attribute kind");
  }

  template <typename Fn>
  Result<void> list(Fn&& item) {
    KEDGE_TRY_VOID(expect("["));
    while (!eat("]")) {
      KEDGE_TRY_VOID(item());
      if (!eat(",")) {
        KEDGE_TRY_VOID(expect("]"));
        break;
      }
    }
    return {};
  }

  /// The kind of a value that no card describes (region attributes): read from how it looks.
  AttrKind guess_kind() {
    skip();
    const std::size_t begin = position_;
    const char c = position_ < text_.size() ? text_[position_] : ' ';
    AttrKind kind = AttrKind::integer;
    if (c == '"') kind = AttrKind::text;
    if (c == '(') kind = AttrKind::dims;
    if (c == '[') {
      ++position_;
      skip();
      const bool text = position_ < text_.size() && text_[position_] == '"';
      const std::string_view inside = until_closing('[', ']');
      kind = text                                                    ? AttrKind::texts
             : inside.find_first_of(".en") != std::string_view::npos ? AttrKind::reals
                                                                     : AttrKind::integers;
    } else if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      const std::string_view w = word();
      kind = (w == "true" || w == "false") ? AttrKind::flag : parse_dtype(w) ? AttrKind::dtype : AttrKind::real;
    } else if (c == '-' || std::isdigit(static_cast<unsigned char>(c)) != 0) {
      bool real = false;
      if (number(real).ok() && real) kind = AttrKind::real;
    }
    position_ = begin;
    return kind;
  }

  Result<Attrs> attrs(const OpDef* op) {
    Attrs out;
    if (!eat("{")) return out;
    while (!eat("}")) {
      const std::string name(word());
      KEDGE_TRY_VOID(expect("="));
      AttrKind kind = op == nullptr ? guess_kind() : AttrKind::integer;
      if (op != nullptr) {
        const AttrSpec* spec = nullptr;
        for (const AttrSpec& candidate : op->attrs) {
          if (candidate.name == name) spec = &candidate;
        }
        if (spec == nullptr) return fail("`" + std::string(op->name) + "` has no attribute `" + name + "`");
        kind = spec->kind;
      }
      KEDGE_TRY(AttrValue value, attr_value(kind));
      out.set(name, std::move(value));
      if (!eat(",")) {
        KEDGE_TRY_VOID(expect("}"));
        break;
      }
    }
    return out;
  }

  Result<Value> type() {
    Value value;
    const std::optional<DType> dtype = parse_dtype(word());
    if (!dtype) return fail("expected a type");
    value.dtype = *dtype;
    KEDGE_TRY_VOID(expect("["));
    KEDGE_TRY(value.shape, dims(until_closing('[', ']')));
    KEDGE_TRY_VOID(expect("]"));
    if (!eat("q(")) return value;
    bool real = false;
    skip();
    if (position_ < text_.size() && text_[position_] == '[') {
      KEDGE_TRY_VOID(list([&]() -> Result<void> {
        KEDGE_TRY(const double scale, number(real));
        value.quant.scales.push_back(static_cast<float>(scale));
        return {};
      }));
      KEDGE_TRY_VOID(expect(","));
      KEDGE_TRY_VOID(list([&]() -> Result<void> {
        KEDGE_TRY(const std::int64_t zero, integer());
        value.quant.zero_points.push_back(zero);
        return {};
      }));
      KEDGE_TRY_VOID(expect(","));
      KEDGE_TRY(const std::int64_t axis, integer());
      value.quant.axis = static_cast<std::int32_t>(axis);
      if (value.quant.scales.size() != value.quant.zero_points.size()) return fail("as many scales as zero points");
    } else {
      KEDGE_TRY(const double scale, number(real));
      KEDGE_TRY_VOID(expect(","));
      KEDGE_TRY(const std::int64_t zero, integer());
      value.quant = {{static_cast<float>(scale)}, {zero}, -1};
    }
    KEDGE_TRY_VOID(expect(")"));
    return value;
  }

  Result<ValueId> use(const Ids& ids) {
    if (eat_word("_")) return ValueId{-1};
    KEDGE_TRY_VOID(expect("%"));
    KEDGE_TRY(const std::int64_t name, integer());
    const auto found = ids.find(name);
    if (found == ids.end()) return fail("%" + std::to_string(name) + " is used before it is made");
    return found->second;
  }

  Result<void> define(Graph& graph, Ids& ids, std::int64_t name, Value value, ValueId& id) {
    if (ids.contains(name)) return fail("%" + std::to_string(name) + " is made twice");
    id = graph.add_value(value.dtype, std::move(value.shape), std::move(value.name));
    graph.value(id).quant = std::move(value.quant);
    ids[name] = id;
    return {};
  }

  Result<Tensor> constant(const Value& type) {
    const std::optional<StaticShape> shape = static_shape(type.shape);
    if (!shape) return fail("a constant has a known shape");
    if (eat("<")) return fail("the constant was printed abbreviated; print it in full to read it back");
    KEDGE_TRY_VOID(expect("{"));
    std::vector<double> reals;
    std::vector<std::int64_t> integers;
    while (!eat("}")) {
      bool real = false;
      if (peek_word("true") || peek_word("false")) {
        integers.push_back(word() == "true" ? 1 : 0);
      } else if (is_integer(type.dtype)) {
        KEDGE_TRY(const std::int64_t value, integer());
        integers.push_back(value);
      } else {
        KEDGE_TRY(const double value, number(real));
        reals.push_back(value);
      }
      if (!eat(",")) {
        KEDGE_TRY_VOID(expect("}"));
        break;
      }
    }
    const std::int64_t given = static_cast<std::int64_t>(std::max(reals.size(), integers.size()));
    if (given != element_count(*shape))
      return fail(std::to_string(given) + " values for a shape of " + std::to_string(element_count(*shape)));
    Tensor tensor = is_float(type.dtype) || is_complex(type.dtype)
                        ? Tensor::of<double>(type.dtype, *shape, reals)
                        : Tensor::of<std::int64_t>(type.dtype, *shape, integers);
    tensor.quant = type.quant;
    return tensor;
  }

  Result<void> statement(Graph& graph, Ids& ids, int depth) {
    if (eat_word("input")) {
      KEDGE_TRY_VOID(expect("%"));
      KEDGE_TRY(const std::int64_t id, integer());
      KEDGE_TRY(std::string name, string());
      KEDGE_TRY_VOID(expect(":"));
      KEDGE_TRY(Value value, type());
      value.name = std::move(name);
      ValueId made = -1;
      KEDGE_TRY_VOID(define(graph, ids, id, std::move(value), made));
      graph.inputs.push_back(made);
      return {};
    }
    if (eat_word("const")) {
      KEDGE_TRY_VOID(expect("%"));
      KEDGE_TRY(const std::int64_t id, integer());
      std::string name;
      skip();
      if (position_ < text_.size() && text_[position_] == '"') {
        KEDGE_TRY(name, string());
      }
      KEDGE_TRY_VOID(expect(":"));
      KEDGE_TRY(Value value, type());
      KEDGE_TRY_VOID(expect("="));
      KEDGE_TRY(Tensor tensor, constant(value));
      value.name = std::move(name);
      ValueId made = -1;
      KEDGE_TRY_VOID(define(graph, ids, id, std::move(value), made));
      graph.value(made).constant = std::move(tensor);
      return {};
    }
    if (eat_word("output")) {
      KEDGE_TRY(const ValueId id, use(ids));
      graph.outputs.push_back(id);
      skip();
      if (position_ < text_.size() && text_[position_] == '"') {
        KEDGE_TRY(std::string name, string());
        graph.output_names.push_back(std::move(name));
      }
      return {};
    }
    if (eat_word("region")) return region(graph);
    return node(graph, ids, depth);
  }

  /// Region lines stand before the nodes, so their value lists may name values made later; they are resolved at the
  /// end.
  Result<void> region(Graph& graph) {
    Region out;
    KEDGE_TRY(const std::int64_t id, integer());
    if (id != static_cast<std::int64_t>(graph.regions().size())) return fail("regions are numbered in order");
    out.kind = std::string(word());
    KEDGE_TRY(out.name, string());
    KEDGE_TRY(out.instance, string());
    KEDGE_TRY_VOID(expect("in"));
    KEDGE_TRY(const std::int64_t parent, integer());
    if (parent < 0 || parent >= id) return fail("a region's parent stands before it");
    out.parent = static_cast<RegionId>(parent);
    for (std::vector<ValueId>* list : {&out.inputs, &out.outputs}) {
      if (list == &out.outputs) KEDGE_TRY_VOID(expect("->"));
      KEDGE_TRY_VOID(expect("("));
      while (!eat(")")) {
        if (eat_word("_")) {
          list->push_back(-1);
        } else {
          KEDGE_TRY_VOID(expect("%"));
          KEDGE_TRY(const std::int64_t name, integer());
          list->push_back(static_cast<ValueId>(name));
        }
        eat(",");
      }
    }
    KEDGE_TRY(out.attrs, attrs(nullptr));
    graph.regions().push_back(std::move(out));
    return {};
  }

  Result<void> node(Graph& graph, Ids& ids, int depth) {
    std::vector<std::int64_t> names;
    do {
      KEDGE_TRY_VOID(expect("%"));
      KEDGE_TRY(const std::int64_t name, integer());
      names.push_back(name);
    } while (eat(","));
    KEDGE_TRY_VOID(expect("="));
    const std::string op_name(word());
    Node out;
    out.op = find_op_(op_name);
    if (out.op == nullptr) return fail("there is no op `" + op_name + "`");
    KEDGE_TRY_VOID(expect("("));
    while (!eat(")")) {
      KEDGE_TRY(const ValueId input, use(ids));
      out.inputs.push_back(input);
      eat(",");
    }
    KEDGE_TRY(out.attrs, attrs(out.op));
    for (const AttrSpec& spec : out.op->attrs) {  // defaults
      if (out.attrs.find(spec.name) != nullptr) continue;
      if (spec.required) return fail("`" + op_name + "` needs the attribute `" + std::string(spec.name) + "`");
      Parser fallback(spec.fallback, find_op_);
      KEDGE_TRY(AttrValue value, fallback.attr_value(spec.kind));
      out.attrs.set(spec.name, std::move(value));
    }
    KEDGE_TRY_VOID(expect(":"));
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i > 0) KEDGE_TRY_VOID(expect(","));
      KEDGE_TRY(Value value, type());
      ValueId made = -1;
      KEDGE_TRY_VOID(define(graph, ids, names[i], std::move(value), made));
      out.outputs.push_back(made);
    }
    if (eat_word("in")) {
      KEDGE_TRY(const std::int64_t region_id, integer());
      if (region_id < 0 || region_id >= static_cast<std::int64_t>(graph.regions().size()))
        return fail("unknown region");
      out.region = static_cast<RegionId>(region_id);
    }
    if (eat_word("layer")) {
      KEDGE_TRY(out.origin.layer, string());
    }
    while (eat_word("do")) {
      KEDGE_TRY(Graph body, parse_graph(depth + 1));
      out.bodies.push_back(std::make_unique<Graph>(std::move(body)));
    }
    graph.add_node(std::move(out));
    return {};
  }

  Result<Graph> parse_graph(int depth) {
    if (depth > kDepthLimit) return fail("graphs nest too deeply");
    KEDGE_TRY_VOID(expect("graph"));
    Graph graph;
    KEDGE_TRY(graph.name, string());
    KEDGE_TRY_VOID(expect("{"));
    Ids ids;
    while (!eat("}")) {
      skip();
      if (position_ >= text_.size()) return fail("the graph does not end");
      KEDGE_TRY_VOID(statement(graph, ids, depth));
    }
    for (Region& region : graph.regions()) {
      for (std::vector<ValueId>* list : {&region.inputs, &region.outputs}) {
        for (ValueId& id : *list) {
          const auto found = ids.find(id);
          id = found == ids.end() ? -1 : found->second;
        }
      }
    }
    return graph;
  }

  OpFinder find_op_;
};

}  // namespace

Result<Graph> parse(std::string_view text, OpFinder find_op) { return Parser(text, find_op).whole(); }

}  // namespace kedge::ir
