// Prints a tree as CPython 3.11's ast.dump(tree) does, byte for byte. Fields that 3.11 does not know (type_params)
// appear only when they hold something.
#include "pylang/ast_dump.h"

#include <algorithm>

#include "pylang/literal_repr.h"
#include "pylang/parser.h"
#include "pylang/parser_source.h"

namespace kedge::pylang {

namespace {

constexpr const char* kBoolOps[] = {"And", "Or"};
constexpr const char* kBinaryOps[] = {"Add",    "Sub",    "Mult",  "MatMult", "Div",    "Mod",     "Pow",
                                      "LShift", "RShift", "BitOr", "BitXor",  "BitAnd", "FloorDiv"};
constexpr const char* kUnaryOps[] = {"Invert", "Not", "UAdd", "USub"};
constexpr const char* kCompareOps[] = {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn"};
constexpr const char* kContexts[] = {"Load", "Store", "Del"};

constexpr const char* kNames[] = {
#define X(name) #name,
    KEDGE_AST_NODES(X)
#undef X
};

/// CPython writes these few kinds in lower case.
const char* node_name(NodeKind kind) {
  switch (kind) {
    case NodeKind::Comprehension: return "comprehension";
    case NodeKind::Arguments: return "arguments";
    case NodeKind::Arg: return "arg";
    case NodeKind::Keyword: return "keyword";
    case NodeKind::Alias: return "alias";
    case NodeKind::WithItem: return "withitem";
    case NodeKind::MatchCase: return "match_case";
    default: return kNames[static_cast<std::size_t>(kind)];
  }
}

bool has_position(NodeKind kind) {
  switch (kind) {
    case NodeKind::Module:
    case NodeKind::Expression:
    case NodeKind::Comprehension:
    case NodeKind::Arguments:
    case NodeKind::WithItem:
    case NodeKind::MatchCase: return false;
    default: return true;
  }
}

/// Lines as the tokenizer counts them (a lone carriage return ends one too) and columns in bytes of UTF-8.
class Positions {
 public:
  explicit Positions(std::string_view text) : text_(text) {
    const SourceEncoding encoding = detect_encoding(text);
    latin1_ = encoding.latin1;
    starts_.push_back(encoding.start);
    for (std::uint32_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n' || (text[i] == '\r' && (i + 1 >= text.size() || text[i + 1] != '\n')))
        starts_.push_back(i + 1);
    }
  }
  std::pair<std::uint32_t, std::uint32_t> operator()(std::uint32_t offset) {
    // Nodes come roughly in order, so the last line is a good first guess.
    if (offset < starts_[last_] || (last_ + 1 < starts_.size() && offset >= starts_[last_ + 1])) {
      std::size_t low = 0, high = starts_.size();
      while (high - low > 1) {
        const std::size_t middle = (low + high) / 2;
        (starts_[middle] <= offset ? low : high) = middle;
      }
      last_ = low;
    }
    std::uint32_t column = offset - std::min(offset, starts_[last_]);
    if (latin1_) {
      for (std::uint32_t i = starts_[last_]; i < offset; ++i)
        column += static_cast<unsigned char>(text_[i]) >= 0x80 ? 1 : 0;
    }
    return {static_cast<std::uint32_t>(last_ + 1), column};
  }

 private:
  std::string_view text_;
  std::vector<std::uint32_t> starts_;
  std::size_t last_ = 0;
  bool latin1_ = false;
};

class Dumper {
 public:
  Dumper(std::string& out, Positions* positions, bool skip_in_fstrings)
      : out_(out), positions_(positions), skip_in_fstrings_(skip_in_fstrings) {}

  void node(const Node* n);

 private:
  // One field: `name=value`, with the comma before it. Optional ones are left out when they hold nothing.
  void key(const char* name) {
    if (!first_) out_ += ", ";
    first_ = false;
    out_ += name;
    out_ += '=';
  }
  void field(const char* name, const Node* n) {
    key(name);
    nested(n);
  }
  void optional(const char* name, const Node* n) {
    if (n != nullptr) field(name, n);
  }
  void field(const char* name, NodeList list) {
    key(name);
    out_ += '[';
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i > 0) out_ += ", ";
      nested(list[i]);
    }
    out_ += ']';
  }
  void text(const char* name, Text value) {
    key(name);
    append_str_repr(out_, value);
  }
  void optional_text(const char* name, Text value) {
    if (value.data() != nullptr) text(name, value);
  }
  void texts(const char* name, std::span<const Text> values) {
    key(name);
    out_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out_ += ", ";
      append_str_repr(out_, values[i]);
    }
    out_ += ']';
  }
  void number(const char* name, std::int64_t value) {
    key(name);
    out_ += std::to_string(value);
  }
  void symbol(const char* name, const char* value) {
    key(name);
    out_ += value;
    out_ += "()";
  }
  void context(ExprContext ctx) { symbol("ctx", kContexts[static_cast<std::size_t>(ctx)]); }
  void nested(const Node* n) {
    if (n == nullptr) {
      out_ += "None";
      return;
    }
    const bool outer = first_;
    node(n);
    first_ = outer;
  }
  void fields(const Node& n);
  void expression_fields(const Node& n);
  void other_fields(const Node& n);
  void constant(const ast::Constant& c);
  void position(const Node& n);

  std::string& out_;
  Positions* positions_;
  bool skip_in_fstrings_;
  int fstrings_ = 0;
  bool first_ = true;
};

void Dumper::position(const Node& n) {
  const auto [line, column] = (*positions_)(n.span.begin);
  const auto [end_line, end_column] = (*positions_)(n.span.end);
  number("lineno", line);
  number("col_offset", column);
  number("end_lineno", end_line);
  number("end_col_offset", end_column);
}

void Dumper::node(const Node* n) {
  out_ += node_name(n->kind);
  out_ += '(';
  first_ = true;
  const bool fstring = n->kind == NodeKind::JoinedStr;
  fstrings_ += fstring ? 1 : 0;
  fields(*n);
  fstrings_ -= fstring ? 1 : 0;
  if (positions_ != nullptr && has_position(n->kind) && !(skip_in_fstrings_ && fstrings_ > 0)) position(*n);
  out_ += ')';
}

void Dumper::constant(const ast::Constant& c) {
  key("value");
  switch (c.constant) {
    case ConstantKind::None: out_ += "None"; break;
    case ConstantKind::True: out_ += "True"; break;
    case ConstantKind::False: out_ += "False"; break;
    case ConstantKind::Ellipsis: out_ += "Ellipsis"; break;
    case ConstantKind::Int: out_ += c.text; break;
    case ConstantKind::Float: append_float_repr(out_, c.number, true); break;
    case ConstantKind::Complex:
      append_float_repr(out_, c.number, false);
      out_ += 'j';
      break;
    case ConstantKind::Str: append_str_repr(out_, c.text); break;
    case ConstantKind::Bytes: append_bytes_repr(out_, c.text); break;
  }
  if (c.u_prefix) text("kind", "u");
}

#define AS(kind_name) const auto& n = static_cast<const ast::kind_name&>(base)

void Dumper::fields(const Node& base) {
  switch (base.kind) {
    case NodeKind::Module: {
      AS(Module);
      field("body", n.body);
      return field("type_ignores", NodeList());
    }
    case NodeKind::Expression: {
      AS(Expression);
      return field("body", n.body);
    }
    case NodeKind::FunctionDef:
    case NodeKind::AsyncFunctionDef: {
      AS(FunctionDefBase);
      text("name", n.name);
      field("args", n.args);
      field("body", n.body);
      field("decorator_list", n.decorator_list);
      optional("returns", n.returns);
      if (!n.type_params.empty()) field("type_params", n.type_params);
      return;
    }
    case NodeKind::ClassDef: {
      AS(ClassDef);
      text("name", n.name);
      field("bases", n.bases);
      field("keywords", n.keywords);
      field("body", n.body);
      field("decorator_list", n.decorator_list);
      if (!n.type_params.empty()) field("type_params", n.type_params);
      return;
    }
    case NodeKind::Return: {
      AS(Return);
      return optional("value", n.value);
    }
    case NodeKind::Delete: {
      AS(Delete);
      return field("targets", n.targets);
    }
    case NodeKind::Assign: {
      AS(Assign);
      field("targets", n.targets);
      return field("value", n.value);
    }
    case NodeKind::TypeAlias: {
      AS(TypeAlias);
      field("name", n.name);
      field("type_params", n.type_params);
      return field("value", n.value);
    }
    case NodeKind::AugAssign: {
      AS(AugAssign);
      field("target", n.target);
      symbol("op", kBinaryOps[static_cast<std::size_t>(n.op)]);
      return field("value", n.value);
    }
    case NodeKind::AnnAssign: {
      AS(AnnAssign);
      field("target", n.target);
      field("annotation", n.annotation);
      optional("value", n.value);
      return number("simple", n.simple ? 1 : 0);
    }
    case NodeKind::For:
    case NodeKind::AsyncFor: {
      AS(ForBase);
      field("target", n.target);
      field("iter", n.iter);
      field("body", n.body);
      return field("orelse", n.orelse);
    }
    case NodeKind::While: {
      AS(While);
      field("test", n.test);
      field("body", n.body);
      return field("orelse", n.orelse);
    }
    case NodeKind::If: {
      AS(If);
      field("test", n.test);
      field("body", n.body);
      return field("orelse", n.orelse);
    }
    case NodeKind::With:
    case NodeKind::AsyncWith: {
      AS(WithBase);
      field("items", n.items);
      return field("body", n.body);
    }
    case NodeKind::Match: {
      AS(Match);
      field("subject", n.subject);
      return field("cases", n.cases);
    }
    case NodeKind::Raise: {
      AS(Raise);
      optional("exc", n.exc);
      return optional("cause", n.cause);
    }
    case NodeKind::Try:
    case NodeKind::TryStar: {
      AS(TryBase);
      field("body", n.body);
      field("handlers", n.handlers);
      field("orelse", n.orelse);
      return field("finalbody", n.finalbody);
    }
    case NodeKind::Assert: {
      AS(Assert);
      field("test", n.test);
      return optional("msg", n.msg);
    }
    case NodeKind::Import: {
      AS(Import);
      return field("names", n.names);
    }
    case NodeKind::ImportFrom: {
      AS(ImportFrom);
      optional_text("module", n.module);
      field("names", n.names);
      return number("level", n.level);
    }
    case NodeKind::Global: {
      AS(Global);
      return texts("names", n.names);
    }
    case NodeKind::Nonlocal: {
      AS(Nonlocal);
      return texts("names", n.names);
    }
    case NodeKind::Expr: {
      AS(Expr);
      return field("value", n.value);
    }
    case NodeKind::Pass:
    case NodeKind::Break:
    case NodeKind::Continue: return;
    default: return expression_fields(base);
  }
}

void Dumper::expression_fields(const Node& base) {
  switch (base.kind) {
    case NodeKind::BoolOp: {
      AS(BoolOp);
      symbol("op", kBoolOps[static_cast<std::size_t>(n.op)]);
      return field("values", n.values);
    }
    case NodeKind::NamedExpr: {
      AS(NamedExpr);
      field("target", n.target);
      return field("value", n.value);
    }
    case NodeKind::BinOp: {
      AS(BinOp);
      field("left", n.left);
      symbol("op", kBinaryOps[static_cast<std::size_t>(n.op)]);
      return field("right", n.right);
    }
    case NodeKind::UnaryOp: {
      AS(UnaryOp);
      symbol("op", kUnaryOps[static_cast<std::size_t>(n.op)]);
      return field("operand", n.operand);
    }
    case NodeKind::Lambda: {
      AS(Lambda);
      field("args", n.args);
      return field("body", n.body);
    }
    case NodeKind::IfExp: {
      AS(IfExp);
      field("test", n.test);
      field("body", n.body);
      return field("orelse", n.orelse);
    }
    case NodeKind::Dict: {
      AS(Dict);
      field("keys", n.keys);
      return field("values", n.values);
    }
    case NodeKind::Set: {
      AS(Set);
      return field("elts", n.elts);
    }
    case NodeKind::ListComp: {
      AS(ListComp);
      field("elt", n.elt);
      return field("generators", n.generators);
    }
    case NodeKind::SetComp: {
      AS(SetComp);
      field("elt", n.elt);
      return field("generators", n.generators);
    }
    case NodeKind::DictComp: {
      AS(DictComp);
      field("key", n.key);
      field("value", n.value);
      return field("generators", n.generators);
    }
    case NodeKind::GeneratorExp: {
      AS(GeneratorExp);
      field("elt", n.elt);
      return field("generators", n.generators);
    }
    case NodeKind::Await: {
      AS(Await);
      return field("value", n.value);
    }
    case NodeKind::Yield: {
      AS(Yield);
      return optional("value", n.value);
    }
    case NodeKind::YieldFrom: {
      AS(YieldFrom);
      return field("value", n.value);
    }
    case NodeKind::Compare: {
      AS(Compare);
      field("left", n.left);
      key("ops");
      out_ += '[';
      for (std::size_t i = 0; i < n.ops.size(); ++i) {
        if (i > 0) out_ += ", ";
        out_ += kCompareOps[static_cast<std::size_t>(n.ops[i])];
        out_ += "()";
      }
      out_ += ']';
      return field("comparators", n.comparators);
    }
    case NodeKind::Call: {
      AS(Call);
      field("func", n.func);
      field("args", n.args);
      return field("keywords", n.keywords);
    }
    case NodeKind::FormattedValue: {
      AS(FormattedValue);
      field("value", n.value);
      number("conversion", n.conversion);
      return optional("format_spec", n.format_spec);
    }
    case NodeKind::JoinedStr: {
      AS(JoinedStr);
      return field("values", n.values);
    }
    case NodeKind::Constant: return constant(static_cast<const ast::Constant&>(base));
    case NodeKind::Attribute: {
      AS(Attribute);
      field("value", n.value);
      text("attr", n.attr);
      return context(n.ctx);
    }
    case NodeKind::Subscript: {
      AS(Subscript);
      field("value", n.value);
      field("slice", n.slice);
      return context(n.ctx);
    }
    case NodeKind::Starred: {
      AS(Starred);
      field("value", n.value);
      return context(n.ctx);
    }
    case NodeKind::Name: {
      AS(Name);
      text("id", n.id);
      return context(n.ctx);
    }
    case NodeKind::List: {
      AS(List);
      field("elts", n.elts);
      return context(n.ctx);
    }
    case NodeKind::Tuple: {
      AS(Tuple);
      field("elts", n.elts);
      return context(n.ctx);
    }
    case NodeKind::Slice: {
      AS(Slice);
      optional("lower", n.lower);
      optional("upper", n.upper);
      return optional("step", n.step);
    }
    default: return other_fields(base);
  }
}

void Dumper::other_fields(const Node& base) {
  switch (base.kind) {
    case NodeKind::Comprehension: {
      AS(Comprehension);
      field("target", n.target);
      field("iter", n.iter);
      field("ifs", n.ifs);
      return number("is_async", n.is_async ? 1 : 0);
    }
    case NodeKind::ExceptHandler: {
      AS(ExceptHandler);
      optional("type", n.type);
      optional_text("name", n.name);
      return field("body", n.body);
    }
    case NodeKind::Arguments: {
      AS(Arguments);
      field("posonlyargs", n.posonlyargs);
      field("args", n.args);
      optional("vararg", n.vararg);
      field("kwonlyargs", n.kwonlyargs);
      field("kw_defaults", n.kw_defaults);
      optional("kwarg", n.kwarg);
      return field("defaults", n.defaults);
    }
    case NodeKind::Arg: {
      AS(Arg);
      text("arg", n.arg);
      return optional("annotation", n.annotation);
    }
    case NodeKind::Keyword: {
      AS(Keyword);
      optional_text("arg", n.arg);
      return field("value", n.value);
    }
    case NodeKind::Alias: {
      AS(Alias);
      text("name", n.name);
      return optional_text("asname", n.asname);
    }
    case NodeKind::WithItem: {
      AS(WithItem);
      field("context_expr", n.context_expr);
      return optional("optional_vars", n.optional_vars);
    }
    case NodeKind::MatchCase: {
      AS(MatchCase);
      field("pattern", n.pattern);
      optional("guard", n.guard);
      return field("body", n.body);
    }
    case NodeKind::MatchValue: {
      AS(MatchValue);
      return field("value", n.value);
    }
    case NodeKind::MatchSingleton: {
      AS(MatchSingleton);
      key("value");
      out_ += n.value == ConstantKind::None ? "None" : n.value == ConstantKind::True ? "True" : "False";
      return;
    }
    case NodeKind::MatchSequence: {
      AS(MatchSequence);
      return field("patterns", n.patterns);
    }
    case NodeKind::MatchMapping: {
      AS(MatchMapping);
      field("keys", n.keys);
      field("patterns", n.patterns);
      return optional_text("rest", n.rest);
    }
    case NodeKind::MatchClass: {
      AS(MatchClass);
      field("cls", n.cls);
      field("patterns", n.patterns);
      texts("kwd_attrs", n.kwd_attrs);
      return field("kwd_patterns", n.kwd_patterns);
    }
    case NodeKind::MatchStar: {
      AS(MatchStar);
      return optional_text("name", n.name);
    }
    case NodeKind::MatchAs: {
      AS(MatchAs);
      optional("pattern", n.pattern);
      return optional_text("name", n.name);
    }
    case NodeKind::MatchOr: {
      AS(MatchOr);
      return field("patterns", n.patterns);
    }
    case NodeKind::TypeVar: {
      AS(TypeVar);
      text("name", n.name);
      optional("bound", n.bound);
      return optional("default_value", n.default_value);
    }
    case NodeKind::ParamSpec: {
      AS(ParamSpec);
      text("name", n.name);
      return optional("default_value", n.default_value);
    }
    case NodeKind::TypeVarTuple: {
      AS(TypeVarTuple);
      text("name", n.name);
      return optional("default_value", n.default_value);
    }
    default: return;
  }
}

#undef AS

}  // namespace

std::string dump(const Node& node) {
  std::string out;
  Dumper(out, nullptr, false).node(&node);
  return out;
}

std::string dump_with_positions(const Node& node, const SourceMap& sources) {
  return dump_with_positions(node, sources, FStringPositions::shown);
}

std::string dump_with_positions(const Node& node, const SourceMap& sources, FStringPositions inside) {
  std::string out;
  Positions positions(sources.get(node.span.source).text);
  Dumper(out, &positions, inside == FStringPositions::hidden).node(&node);
  return out;
}

}  // namespace kedge::pylang
