// Simple statements (Python Language Reference, "Simple statements").
#include "pylang/parser_internal.h"

namespace kedge::pylang {
namespace {

constexpr std::pair<Tok, BinaryOperator> kAugmented[] = {
    {Tok::PlusEqual, BinaryOperator::Add},
    {Tok::MinusEqual, BinaryOperator::Sub},
    {Tok::StarEqual, BinaryOperator::Mult},
    {Tok::SlashEqual, BinaryOperator::Div},
    {Tok::DoubleSlashEqual, BinaryOperator::FloorDiv},
    {Tok::PercentEqual, BinaryOperator::Mod},
    {Tok::AtEqual, BinaryOperator::MatMult},
    {Tok::DoubleStarEqual, BinaryOperator::Pow},
    {Tok::VBarEqual, BinaryOperator::BitOr},
    {Tok::AmperEqual, BinaryOperator::BitAnd},
    {Tok::CaretEqual, BinaryOperator::BitXor},
    {Tok::LeftShiftEqual, BinaryOperator::LShift},
    {Tok::RightShiftEqual, BinaryOperator::RShift},
};

}  // namespace

void Parser::statements(Items& out) {
  while (!at(Tok::End) && !at(Tok::Dedent)) {
    if (at_compound()) out.add(compound_statement());
    else simple_statements(out);
  }
}

void Parser::simple_statements(Items& out) {
  do {
    if (at(Tok::Newline)) break;  // behind a final semicolon
    out.add(simple_statement());
  } while (accept(Tok::Semicolon));
  if (accept(Tok::Newline)) return;
  if (at(Tok::End) && error_) return;
  const Node* last = out.size() > 0 ? out[out.size() - 1] : nullptr;
  if (const auto* expr = node_cast<ast::Expr>(last)) {
    const auto* name = node_cast<ast::Name>(expr->value);
    if (name != nullptr && (name->id == "print" || name->id == "exec") && !at(Tok::Error)) {
      fail(name->span, "K0201", "missing parentheses in call to `" + std::string(name->id) + "` (this is Python 2)");
      return;
    }
  }
  unexpected();
}

Node* Parser::simple_statement() {
  const Mark start = pos_;
  switch (kind()) {
    case Tok::KwReturn: return return_statement();
    case Tok::KwImport: return import_statement();
    case Tok::KwFrom: return import_from_statement();
    case Tok::KwRaise: return raise_statement();
    case Tok::KwPass: advance(); return make<ast::Pass>(start);
    case Tok::KwBreak: advance(); return make<ast::Break>(start);
    case Tok::KwContinue: advance(); return make<ast::Continue>(start);
    case Tok::KwDel: return delete_statement();
    case Tok::KwAssert: return assert_statement();
    case Tok::KwGlobal:
    case Tok::KwNonlocal: return scope_statement();
    default: break;
  }
  if (at_name("type") && kind(1) == Tok::Name && (kind(2) == Tok::Equal || kind(2) == Tok::LBracket))
    return type_alias();
  return expression_statement();
}

Node* Parser::expression_statement() {
  const Mark start = pos_;
  Node* first = yield_or_star_expressions();
  if (at(Tok::Equal)) return assignment(start, first);
  if (at(Tok::Colon) && !error_) return annotated_assignment(start, first);
  for (const auto& [tok, op] : kAugmented) {
    if (!at(tok)) continue;
    const bool single =
        first->kind == NodeKind::Name || first->kind == NodeKind::Attribute || first->kind == NodeKind::Subscript;
    if (!single)
      return fail(first->span, "K0204", "`" + describe(*first) + "` is an illegal expression for augmented assignment");
    to_target(first, TargetUse::Assign);
    advance();
    Node* value = yield_or_star_expressions();
    auto* node = make<ast::AugAssign>(start);
    node->target = first;
    node->op = op;
    node->value = value;
    return node;
  }
  auto* node = make<ast::Expr>(start);
  node->value = first;
  return node;
}

Node* Parser::assignment(Mark start, Node* first) {
  Items targets(nodes_);
  Node* value = first;
  while (accept(Tok::Equal)) {
    if (value->kind == NodeKind::Yield || value->kind == NodeKind::YieldFrom) {
      if (tokens_[start].kind == Tok::KwYield || value != first)
        return fail(value->span, "K0204", "assignment to yield expression not possible");
    }
    targets.add(to_target(value, TargetUse::Assign));
    value = yield_or_star_expressions();
  }
  auto* node = make<ast::Assign>(start);
  node->targets = targets.take(arena_);
  node->value = value;
  return node;
}

Node* Parser::annotated_assignment(Mark start, Node* target) {
  const bool bare_name = target->kind == NodeKind::Name && tokens_[start].kind == Tok::Name;
  if (target->kind == NodeKind::List || target->kind == NodeKind::Tuple) {
    return fail(target->span, "K0204", "only single target (not " + describe(*target) + ") can be annotated");
  }
  if (target->kind != NodeKind::Name && target->kind != NodeKind::Attribute && target->kind != NodeKind::Subscript) {
    return fail(target->span, "K0204", "illegal target for annotation");
  }
  to_target(target, TargetUse::Assign);
  advance();
  Node* annotation = expression();
  Node* value = accept(Tok::Equal) ? yield_or_star_expressions() : nullptr;
  auto* node = make<ast::AnnAssign>(start);
  node->target = target;
  node->annotation = annotation;
  node->value = value;
  node->simple = bare_name;
  return node;
}

Node* Parser::return_statement() {
  const Mark start = pos_;
  advance();
  Node* value = starts_expression() ? star_expressions() : nullptr;
  auto* node = make<ast::Return>(start);
  node->value = value;
  return node;
}

Node* Parser::raise_statement() {
  const Mark start = pos_;
  advance();
  Node* exc = starts_expression() ? expression() : nullptr;
  Node* cause = exc != nullptr && accept(Tok::KwFrom) ? expression() : nullptr;
  auto* node = make<ast::Raise>(start);
  node->exc = exc;
  node->cause = cause;
  return node;
}

Node* Parser::delete_statement() {
  const Mark start = pos_;
  advance();
  Items targets(nodes_);
  do {
    Node* target = expression();
    if (error_) return error_node_;
    targets.add(to_target(target, TargetUse::Delete));
  } while (accept(Tok::Comma) && starts_expression());
  auto* node = make<ast::Delete>(start);
  node->targets = targets.take(arena_);
  return node;
}

Node* Parser::assert_statement() {
  const Mark start = pos_;
  advance();
  Node* test = expression();
  Node* message = accept(Tok::Comma) ? expression() : nullptr;
  auto* node = make<ast::Assert>(start);
  node->test = test;
  node->msg = message;
  return node;
}

Node* Parser::scope_statement() {
  const Mark start = pos_;
  const bool global = at(Tok::KwGlobal);
  advance();
  std::vector<Text> names;
  do {
    names.push_back(expect_name());
  } while (accept(Tok::Comma));
  const std::span<const Text> list = arena_.copy(names.data(), names.size());
  if (global) {
    auto* node = make<ast::Global>(start);
    node->names = list;
    return node;
  }
  auto* node = make<ast::Nonlocal>(start);
  node->names = list;
  return node;
}

Text Parser::dotted_name() {
  const Text first = expect_name();
  if (!at(Tok::Dot)) return first;
  std::string name(first);
  while (accept(Tok::Dot)) {
    name += '.';
    name += expect_name();
  }
  return intern(name);
}

Node* Parser::import_statement() {
  const Mark start = pos_;
  advance();
  Items names(nodes_);
  do {
    const Mark item = pos_;
    const Text name = dotted_name();
    const Text as = accept(Tok::KwAs) ? expect_name() : Text();
    auto* alias = make<ast::Alias>(item);
    alias->name = name;
    alias->asname = as;
    names.add(alias);
  } while (accept(Tok::Comma));
  auto* node = make<ast::Import>(start);
  node->names = names.take(arena_);
  return node;
}

Node* Parser::import_from_statement() {
  const Mark start = pos_;
  advance();
  int level = 0;
  while (at(Tok::Dot) || at(Tok::Ellipsis)) {
    level += at(Tok::Dot) ? 1 : 3;
    advance();
  }
  Text module;
  if (level == 0 || at(Tok::Name)) module = dotted_name();
  if (!expect(Tok::KwImport, "`import`")) return error_node_;
  Items names(nodes_);
  const bool bracket = accept(Tok::LParen);
  if (at(Tok::Star) && !bracket) {
    const Mark item = pos_;
    advance();
    auto* alias = make<ast::Alias>(item);
    alias->name = intern("*");
    names.add(alias);
  } else {
    do {
      if (bracket && at(Tok::RParen) && names.size() > 0) break;
      const Mark item = pos_;
      const Text name = expect_name();
      const Text as = accept(Tok::KwAs) ? expect_name() : Text();
      auto* alias = make<ast::Alias>(item);
      alias->name = name;
      alias->asname = as;
      names.add(alias);
    } while (accept(Tok::Comma));
    if (bracket) expect(Tok::RParen, "`)`");
  }
  auto* node = make<ast::ImportFrom>(start);
  node->module = module;
  node->names = names.take(arena_);
  node->level = level;
  return node;
}

Node* Parser::type_alias() {
  const Mark start = pos_;
  advance();
  auto* name = make_at<ast::Name>(token_span());
  name->id = expect_name();
  name->ctx = ExprContext::Store;
  const NodeList params = type_params();
  if (!expect(Tok::Equal, "`=`")) return error_node_;
  Node* value = expression();
  auto* node = make<ast::TypeAlias>(start);
  node->name = name;
  node->type_params = params;
  node->value = value;
  return node;
}

}  // namespace kedge::pylang
