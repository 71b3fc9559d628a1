#include "pylang/ast_walk.h"

#include <algorithm>

namespace kedge::pylang {
namespace {

/// Appends nodes and lists of nodes.
struct Children {
  std::vector<Node*>& out;
  void add(Node* node) {
    if (node != nullptr) out.push_back(node);
  }
  void add(NodeList list) {
    for (Node* node : list) add(node);
  }
  template <typename... Parts>
  void all(const Parts&... parts) {
    (add(parts), ...);
  }
};

}  // namespace

void append_children(const Node& node, std::vector<Node*>& out) {
  Children c{out};
#define AS(kind_name) const auto& n = static_cast<const ast::kind_name&>(node)
  switch (node.kind) {
    case NodeKind::Module: {
      AS(Module);
      return c.all(n.body);
    }
    case NodeKind::Expression: {
      AS(Expression);
      return c.all(n.body);
    }
    case NodeKind::FunctionDef:
    case NodeKind::AsyncFunctionDef: {
      AS(FunctionDefBase);
      return c.all(n.decorator_list, n.type_params, static_cast<Node*>(n.args), n.returns, n.body);
    }
    case NodeKind::ClassDef: {
      AS(ClassDef);
      return c.all(n.decorator_list, n.type_params, n.bases, n.keywords, n.body);
    }
    case NodeKind::Return: {
      AS(Return);
      return c.all(n.value);
    }
    case NodeKind::Delete: {
      AS(Delete);
      return c.all(n.targets);
    }
    case NodeKind::Assign: {
      AS(Assign);
      return c.all(n.targets, n.value);
    }
    case NodeKind::TypeAlias: {
      AS(TypeAlias);
      return c.all(n.name, n.type_params, n.value);
    }
    case NodeKind::AugAssign: {
      AS(AugAssign);
      return c.all(n.target, n.value);
    }
    case NodeKind::AnnAssign: {
      AS(AnnAssign);
      return c.all(n.target, n.annotation, n.value);
    }
    case NodeKind::For:
    case NodeKind::AsyncFor: {
      AS(ForBase);
      return c.all(n.target, n.iter, n.body, n.orelse);
    }
    case NodeKind::While: {
      AS(While);
      return c.all(n.test, n.body, n.orelse);
    }
    case NodeKind::If: {
      AS(If);
      return c.all(n.test, n.body, n.orelse);
    }
    case NodeKind::With:
    case NodeKind::AsyncWith: {
      AS(WithBase);
      return c.all(n.items, n.body);
    }
    case NodeKind::Match: {
      AS(Match);
      return c.all(n.subject, n.cases);
    }
    case NodeKind::Raise: {
      AS(Raise);
      return c.all(n.exc, n.cause);
    }
    case NodeKind::Try:
    case NodeKind::TryStar: {
      AS(TryBase);
      return c.all(n.body, n.handlers, n.orelse, n.finalbody);
    }
    case NodeKind::Assert: {
      AS(Assert);
      return c.all(n.test, n.msg);
    }
    case NodeKind::Import: {
      AS(Import);
      return c.all(n.names);
    }
    case NodeKind::ImportFrom: {
      AS(ImportFrom);
      return c.all(n.names);
    }
    case NodeKind::Expr: {
      AS(Expr);
      return c.all(n.value);
    }
    case NodeKind::BoolOp: {
      AS(BoolOp);
      return c.all(n.values);
    }
    case NodeKind::NamedExpr: {
      AS(NamedExpr);
      return c.all(n.target, n.value);
    }
    case NodeKind::BinOp: {
      AS(BinOp);
      return c.all(n.left, n.right);
    }
    case NodeKind::UnaryOp: {
      AS(UnaryOp);
      return c.all(n.operand);
    }
    case NodeKind::Lambda: {
      AS(Lambda);
      return c.all(static_cast<Node*>(n.args), n.body);
    }
    case NodeKind::IfExp: {
      AS(IfExp);
      return c.all(n.body, n.test, n.orelse);
    }
    case NodeKind::Dict: {
      AS(Dict);
      return c.all(n.keys, n.values);
    }
    case NodeKind::Set: {
      AS(Set);
      return c.all(n.elts);
    }
    case NodeKind::ListComp: {
      AS(ListComp);
      return c.all(n.elt, n.generators);
    }
    case NodeKind::SetComp: {
      AS(SetComp);
      return c.all(n.elt, n.generators);
    }
    case NodeKind::DictComp: {
      AS(DictComp);
      return c.all(n.key, n.value, n.generators);
    }
    case NodeKind::GeneratorExp: {
      AS(GeneratorExp);
      return c.all(n.elt, n.generators);
    }
    case NodeKind::Await: {
      AS(Await);
      return c.all(n.value);
    }
    case NodeKind::Yield: {
      AS(Yield);
      return c.all(n.value);
    }
    case NodeKind::YieldFrom: {
      AS(YieldFrom);
      return c.all(n.value);
    }
    case NodeKind::Compare: {
      AS(Compare);
      return c.all(n.left, n.comparators);
    }
    case NodeKind::Call: {
      AS(Call);
      return c.all(n.func, n.args, n.keywords);
    }
    case NodeKind::FormattedValue: {
      AS(FormattedValue);
      return c.all(n.value, n.format_spec);
    }
    case NodeKind::JoinedStr: {
      AS(JoinedStr);
      return c.all(n.values);
    }
    case NodeKind::Attribute: {
      AS(Attribute);
      return c.all(n.value);
    }
    case NodeKind::Subscript: {
      AS(Subscript);
      return c.all(n.value, n.slice);
    }
    case NodeKind::Starred: {
      AS(Starred);
      return c.all(n.value);
    }
    case NodeKind::List: {
      AS(List);
      return c.all(n.elts);
    }
    case NodeKind::Tuple: {
      AS(Tuple);
      return c.all(n.elts);
    }
    case NodeKind::Slice: {
      AS(Slice);
      return c.all(n.lower, n.upper, n.step);
    }
    case NodeKind::Comprehension: {
      AS(Comprehension);
      return c.all(n.target, n.iter, n.ifs);
    }
    case NodeKind::ExceptHandler: {
      AS(ExceptHandler);
      return c.all(n.type, n.body);
    }
    case NodeKind::Arguments: {
      AS(Arguments);
      return c.all(n.posonlyargs, n.args, static_cast<Node*>(n.vararg), n.kwonlyargs, n.kw_defaults,
                   static_cast<Node*>(n.kwarg), n.defaults);
    }
    case NodeKind::Arg: {
      AS(Arg);
      return c.all(n.annotation);
    }
    case NodeKind::Keyword: {
      AS(Keyword);
      return c.all(n.value);
    }
    case NodeKind::WithItem: {
      AS(WithItem);
      return c.all(n.context_expr, n.optional_vars);
    }
    case NodeKind::MatchCase: {
      AS(MatchCase);
      return c.all(n.pattern, n.guard, n.body);
    }
    case NodeKind::MatchValue: {
      AS(MatchValue);
      return c.all(n.value);
    }
    case NodeKind::MatchSequence: {
      AS(MatchSequence);
      return c.all(n.patterns);
    }
    case NodeKind::MatchMapping: {
      AS(MatchMapping);
      return c.all(n.keys, n.patterns);
    }
    case NodeKind::MatchClass: {
      AS(MatchClass);
      return c.all(n.cls, n.patterns, n.kwd_patterns);
    }
    case NodeKind::MatchAs: {
      AS(MatchAs);
      return c.all(n.pattern);
    }
    case NodeKind::MatchOr: {
      AS(MatchOr);
      return c.all(n.patterns);
    }
    case NodeKind::TypeVar: {
      AS(TypeVar);
      return c.all(n.bound, n.default_value);
    }
    case NodeKind::ParamSpec: {
      AS(ParamSpec);
      return c.all(n.default_value);
    }
    case NodeKind::TypeVarTuple: {
      AS(TypeVarTuple);
      return c.all(n.default_value);
    }
    case NodeKind::Global:
    case NodeKind::Nonlocal:
    case NodeKind::Pass:
    case NodeKind::Break:
    case NodeKind::Continue:
    case NodeKind::Constant:
    case NodeKind::Name:
    case NodeKind::Alias:
    case NodeKind::MatchSingleton:
    case NodeKind::MatchStar: return;
  }
#undef AS
}

std::int64_t tree_height(Node* root) {
  std::int64_t highest = 0;
  std::vector<std::pair<Node*, std::int64_t>> open{{root, 1}};
  std::vector<Node*> children;
  while (!open.empty()) {
    const auto [node, level] = open.back();
    open.pop_back();
    highest = std::max(highest, level);
    children.clear();
    append_children(*node, children);
    for (Node* child : children) open.emplace_back(child, level + 1);
  }
  return highest;
}

}  // namespace kedge::pylang
