// The fields of expressions, patterns and the parts that are neither statements nor expressions.
#include "pylang/ast_dumper.h"

namespace kedge::pylang {
namespace {

constexpr const char* kBoolOps[] = {"And", "Or"};
constexpr const char* kUnaryOps[] = {"Invert", "Not", "UAdd", "USub"};
constexpr const char* kCompareOps[] = {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn"};

}  // namespace

#define AS(kind_name) const auto& n = static_cast<const ast::kind_name&>(base)

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

}  // namespace kedge::pylang
