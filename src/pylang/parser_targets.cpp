// Assignment targets: an expression that was read as a value becomes a target, or an error says why it cannot.
#include "pylang/parser_internal.h"

namespace kedge::pylang {

/// What CPython calls the kind of expression in "cannot assign to ...".
std::string Parser::describe(const Node& node) {
  switch (node.kind) {
    case NodeKind::Attribute: return "attribute";
    case NodeKind::Subscript: return "subscript";
    case NodeKind::Starred: return "starred";
    case NodeKind::Name: return "name";
    case NodeKind::List: return "list";
    case NodeKind::Tuple: return "tuple";
    case NodeKind::Lambda: return "lambda";
    case NodeKind::Call: return "function call";
    case NodeKind::BoolOp:
    case NodeKind::BinOp:
    case NodeKind::UnaryOp: return "expression";
    case NodeKind::GeneratorExp: return "generator expression";
    case NodeKind::Yield:
    case NodeKind::YieldFrom: return "yield expression";
    case NodeKind::Await: return "await expression";
    case NodeKind::ListComp: return "list comprehension";
    case NodeKind::SetComp: return "set comprehension";
    case NodeKind::DictComp: return "dict comprehension";
    case NodeKind::Dict: return "dict literal";
    case NodeKind::Set: return "set display";
    case NodeKind::JoinedStr:
    case NodeKind::FormattedValue: return "f-string expression";
    case NodeKind::Compare: return "comparison";
    case NodeKind::IfExp: return "conditional expression";
    case NodeKind::NamedExpr: return "named expression";
    case NodeKind::Constant:
      switch (static_cast<const ast::Constant&>(node).constant) {
        case ConstantKind::None: return "None";
        case ConstantKind::True: return "True";
        case ConstantKind::False: return "False";
        case ConstantKind::Ellipsis: return "ellipsis";
        default: return "literal";
      }
    default: return "expression";
  }
}

Node* Parser::to_target(Node* node, TargetUse use) {
  const ExprContext ctx = use == TargetUse::Delete ? ExprContext::Del : ExprContext::Store;
  switch (node->kind) {
    case NodeKind::Name: static_cast<ast::Name*>(node)->ctx = ctx; return node;
    case NodeKind::Attribute: static_cast<ast::Attribute*>(node)->ctx = ctx; return node;
    case NodeKind::Subscript: static_cast<ast::Subscript*>(node)->ctx = ctx; return node;
    case NodeKind::Starred: {
      if (use == TargetUse::Delete) break;
      auto* starred = static_cast<ast::Starred*>(node);
      if (starred->value->kind == NodeKind::Starred) break;
      starred->ctx = ctx;
      to_target(starred->value, use);
      return node;
    }
    case NodeKind::List: {
      auto* list = static_cast<ast::List*>(node);
      list->ctx = ctx;
      for (Node* item : list->elts) to_target(item, use);
      return node;
    }
    case NodeKind::Tuple: {
      auto* tuple = static_cast<ast::Tuple*>(node);
      tuple->ctx = ctx;
      for (Node* item : tuple->elts) to_target(item, use);
      return node;
    }
    default: break;
  }
  if (error_) return error_node_;
  return fail(node->span, "K0204",
              (use == TargetUse::Delete ? "cannot delete " : "cannot assign to ") + describe(*node));
}

/// The targets of `for`, and those behind `as`; stops before `in`.
Node* Parser::star_targets(TargetUse use) {
  const Mark start = pos_;
  const auto element = [&]() -> Node* { return at(Tok::Star) ? star_named_expression() : binary(kBitOr); };
  Node* first = element();
  if (at(Tok::Comma) && use != TargetUse::With) {
    Items items(nodes_);
    items.add(first);
    while (accept(Tok::Comma) && starts_expression()) items.add(element());
    auto* tuple = make<ast::Tuple>(start);
    tuple->elts = items.take(arena_);
    first = tuple;
  }
  if (error_) return error_node_;
  return to_target(first, use);
}

}  // namespace kedge::pylang
