// Compound statements except functions, classes and match (Python Language Reference, "Compound statements").
#include "pylang/parser_internal.h"

namespace kedge::pylang {

bool Parser::at_compound() const {
  switch (kind()) {
    case Tok::KwIf:
    case Tok::KwWhile:
    case Tok::KwFor:
    case Tok::KwTry:
    case Tok::KwWith:
    case Tok::KwDef:
    case Tok::KwClass:
    case Tok::KwAsync:
    case Tok::At: return true;
    case Tok::Name: return at_match_statement();
    default: return false;
  }
}

Node* Parser::compound_statement() {
  Depth depth(*this);
  if (!depth.ok()) return error_node_;
  const Mark start = pos_;
  switch (kind()) {
    case Tok::KwIf: return if_statement();
    case Tok::KwWhile: return while_statement();
    case Tok::KwFor: return for_statement(start, false);
    case Tok::KwTry: return try_statement();
    case Tok::KwWith: return with_statement(start, false);
    case Tok::KwDef: return function_def(start, {}, false);
    case Tok::KwClass: return class_def({});
    case Tok::KwAsync: return async_statement({});
    case Tok::At: return decorated();
    default: return match_statement();
  }
}

/// `: suite`. `after` names what the suite belongs to.
NodeList Parser::block(const char* after) {
  if (!at(Tok::Colon)) {
    if (at(Tok::Error)) unexpected();
    else
      fail_at_token("K0201", at(Tok::Equal) ? "invalid syntax; maybe you meant `==` or `:=` instead of `=`"
                                            : std::string("expected `:` after ") + after);
    return {};
  }
  advance();
  Items body(nodes_);
  if (!accept(Tok::Newline)) {
    simple_statements(body);
    return body.take(arena_);
  }
  if (!accept(Tok::Indent)) {
    if (at(Tok::Error)) unexpected();
    else fail_at_token("K0203", std::string("expected an indented block after ") + after);
    return {};
  }
  statements(body);
  if (!accept(Tok::Dedent) && !error_) unexpected();
  return body.take(arena_);
}

/// An `elif` nests in its `if`, so a chain is read in a loop and linked from its end.
Node* Parser::if_statement() {
  struct Arm {
    Mark start;
    Node* test;
    NodeList body;
  };
  std::vector<Arm> arms;
  do {
    const Mark start = pos_;
    advance();
    Node* test = named_expression();
    arms.push_back({start, test, block("`if`")});
  } while (at(Tok::KwElif));
  count_chain(static_cast<std::int64_t>(arms.size()));
  NodeList orelse = optional_else();
  Node* node = nullptr;
  for (std::size_t i = arms.size(); i-- > 0;) {
    auto* arm = make<ast::If>(arms[i].start);
    arm->test = arms[i].test;
    arm->body = arms[i].body;
    arm->orelse = orelse;
    node = arm;
    orelse = arena_.copy(&node, 1);
  }
  return node;
}

NodeList Parser::optional_else() { return accept(Tok::KwElse) ? block("`else`") : NodeList(); }

Node* Parser::while_statement() {
  const Mark start = pos_;
  advance();
  Node* test = named_expression();
  const NodeList body = block("`while`");
  const NodeList orelse = optional_else();
  auto* node = make<ast::While>(start);
  node->test = test;
  node->body = body;
  node->orelse = orelse;
  return node;
}

Node* Parser::for_statement(Mark start, bool is_async) {
  advance();
  Node* target = star_targets(TargetUse::For);
  if (!expect(Tok::KwIn, "`in`")) return error_node_;
  Node* iter = star_expressions();
  const NodeList body = block("`for`");
  const NodeList orelse = optional_else();
  ast::ForBase* node = is_async ? static_cast<ast::ForBase*>(make<ast::AsyncFor>(start)) : make<ast::For>(start);
  node->target = target;
  node->iter = iter;
  node->body = body;
  node->orelse = orelse;
  return node;
}

Node* Parser::try_statement() {
  const Mark start = pos_;
  advance();
  const NodeList body = block("`try`");
  Items handlers(nodes_);
  bool star = false;
  while (at(Tok::KwExcept)) {
    bool this_star = false;
    Node* handler = except_handler(this_star);
    if (handlers.size() > 0 && this_star != star && !error_)
      return fail(handler->span, "K0201", "cannot have both `except` and `except*` on the same `try`");
    star = this_star;
    handlers.add(handler);
  }
  const NodeList orelse = handlers.size() > 0 ? optional_else() : NodeList();
  const bool finally = accept(Tok::KwFinally);
  const NodeList finalbody = finally ? block("`finally`") : NodeList();
  if (!finally && handlers.size() == 0) {
    if (at(Tok::Error)) return unexpected();
    return fail_at_token("K0201", "expected `except` or `finally` block");
  }
  ast::TryBase* node = star ? static_cast<ast::TryBase*>(make<ast::TryStar>(start)) : make<ast::Try>(start);
  node->body = body;
  node->handlers = handlers.take(arena_);
  node->orelse = orelse;
  node->finalbody = finalbody;
  return node;
}

Node* Parser::except_handler(bool& star) {
  const Mark start = pos_;
  advance();
  star = accept(Tok::Star);
  Node* type = nullptr;
  Text name;
  if (star || !at(Tok::Colon)) {
    type = expression();
    if (at(Tok::Comma)) return fail(span_from(start + 1), "K0201", "multiple exception types must be parenthesized");
    if (accept(Tok::KwAs)) name = expect_name();
  }
  const NodeList body = block("`except`");
  auto* node = make<ast::ExceptHandler>(start);
  node->type = type;
  node->name = name;
  node->body = body;
  return node;
}

Node* Parser::with_statement(Mark start, bool is_async) {
  advance();
  NodeList items;
  {
    Items list(nodes_);
    if (!parenthesized_with_items(list)) {
      do {
        list.add(with_item());
      } while (accept(Tok::Comma));
    }
    items = list.take(arena_);
  }
  const NodeList body = block("`with`");
  ast::WithBase* node = is_async ? static_cast<ast::WithBase*>(make<ast::AsyncWith>(start)) : make<ast::With>(start);
  node->items = items;
  node->body = body;
  return node;
}

/// `with (a as b, c):` — brackets around all items, tried first. When it is not that, the position stays and the
/// brackets belong to an expression.
bool Parser::parenthesized_with_items(Items& items) {
  if (!at(Tok::LParen)) return false;
  const Mark before = pos_;
  std::int64_t open = 0;
  Mark close = pos_;
  for (; tokens_[close].kind != Tok::End; ++close) {
    const Tok k = tokens_[close].kind;
    if (k == Tok::LParen || k == Tok::LBracket || k == Tok::LBrace) ++open;
    if ((k == Tok::RParen || k == Tok::RBracket || k == Tok::RBrace) && --open == 0) break;
    if (k == Tok::Newline || k == Tok::Error) return false;
  }
  if (tokens_[close].kind == Tok::End || tokens_[close + 1].kind != Tok::Colon) return false;
  advance();
  std::vector<Node*> found;  // not in `items` yet: the trial may fail
  do {
    if (at(Tok::RParen)) break;
    found.push_back(with_item());
  } while (accept(Tok::Comma));
  if (error_ || pos_ != close || found.empty()) {
    if (error_ && error_->diagnostic().code == "K0207") return false;
    error_.reset();
    pos_ = before;
    return false;
  }
  advance();
  for (Node* item : found) items.add(item);
  return true;
}

Node* Parser::with_item() {
  const Mark start = pos_;
  Node* context = expression();
  Node* variables = accept(Tok::KwAs) ? star_targets(TargetUse::With) : nullptr;
  auto* node = make<ast::WithItem>(start);
  node->context_expr = context;
  node->optional_vars = variables;
  return node;
}

Node* Parser::async_statement(NodeList decorators) {
  const Mark start = pos_;
  advance();
  switch (kind()) {
    case Tok::KwDef: return function_def(start, decorators, true);
    case Tok::KwFor:
      if (decorators.empty()) return for_statement(start, true);
      break;
    case Tok::KwWith:
      if (decorators.empty()) return with_statement(start, true);
      break;
    default: break;
  }
  return unexpected();
}

}  // namespace kedge::pylang
