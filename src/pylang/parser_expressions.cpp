// Expressions by operator precedence (Python Language Reference, "Expressions"). Spans run from the first to the last
// token, so an operand in brackets widens the operation but not itself.
#include <algorithm>
#include <array>

#include "pylang/parser_internal.h"

namespace kedge::pylang {
namespace {

struct OperatorInfo {
  signed char precedence = kNoOperator;
  unsigned char op = 0;
};

constexpr std::array<OperatorInfo, kTokCount> make_operator_table() {
  std::array<OperatorInfo, kTokCount> table{};
  const auto set = [&](Tok tok, int precedence, auto op) {
    table[static_cast<std::size_t>(tok)] = {static_cast<signed char>(precedence), static_cast<unsigned char>(op)};
  };
  set(Tok::KwOr, kOr, BoolOperator::Or);
  set(Tok::KwAnd, kAnd, BoolOperator::And);
  set(Tok::EqEqual, kCompare, CompareOperator::Eq);
  set(Tok::NotEqual, kCompare, CompareOperator::NotEq);
  set(Tok::Less, kCompare, CompareOperator::Lt);
  set(Tok::LessEqual, kCompare, CompareOperator::LtE);
  set(Tok::Greater, kCompare, CompareOperator::Gt);
  set(Tok::GreaterEqual, kCompare, CompareOperator::GtE);
  set(Tok::KwIs, kCompare, CompareOperator::Is);
  set(Tok::KwIn, kCompare, CompareOperator::In);
  set(Tok::KwNot, kCompare, CompareOperator::NotIn);  // only when `in` follows
  set(Tok::VBar, kBitOr, BinaryOperator::BitOr);
  set(Tok::Caret, kBitXor, BinaryOperator::BitXor);
  set(Tok::Amper, kBitAnd, BinaryOperator::BitAnd);
  set(Tok::LeftShift, kShift, BinaryOperator::LShift);
  set(Tok::RightShift, kShift, BinaryOperator::RShift);
  set(Tok::Plus, kSum, BinaryOperator::Add);
  set(Tok::Minus, kSum, BinaryOperator::Sub);
  set(Tok::Star, kTerm, BinaryOperator::Mult);
  set(Tok::Slash, kTerm, BinaryOperator::Div);
  set(Tok::DoubleSlash, kTerm, BinaryOperator::FloorDiv);
  set(Tok::Percent, kTerm, BinaryOperator::Mod);
  set(Tok::At, kTerm, BinaryOperator::MatMult);
  return table;
}
constexpr std::array<OperatorInfo, kTokCount> kOperators = make_operator_table();

}  // namespace

bool Parser::starts_expression() const {
  switch (kind()) {
    case Tok::Name:
    case Tok::Number:
    case Tok::String:
    case Tok::FStringStart:
    case Tok::LParen:
    case Tok::LBracket:
    case Tok::LBrace:
    case Tok::Ellipsis:
    case Tok::Plus:
    case Tok::Minus:
    case Tok::Tilde:
    case Tok::Star:
    case Tok::KwFalse:
    case Tok::KwNone:
    case Tok::KwTrue:
    case Tok::KwAwait:
    case Tok::KwLambda:
    case Tok::KwNot:
    case Tok::Error:  // so that the fault in it is reported
      return true;
    default: return false;
  }
}

Node* Parser::expression() {
  const Mark start = pos_;
  if (at(Tok::KwLambda)) return lambda();
  Node* body = binary(kOr);
  if (!at(Tok::KwIf)) return body;
  advance();
  Node* test = binary(kOr);
  if (!at(Tok::KwElse)) {
    if (at(Tok::Error)) return unexpected();
    return fail(span_from(start), "K0201", "expected `else` after `if` expression");
  }
  advance();
  Depth depth(*this);
  if (!depth.ok()) return error_node_;
  Node* orelse = expression();
  auto* node = make<ast::IfExp>(start);
  node->test = test;
  node->body = body;
  node->orelse = orelse;
  return node;
}

Node* Parser::named_expression() {
  if (at(Tok::Name) && kind(1) == Tok::ColonEqual) {
    const Mark start = pos_;
    auto* target = make_at<ast::Name>(token_span());
    target->id = expect_name();
    target->ctx = ExprContext::Store;
    advance();
    Node* value = expression();
    auto* node = make<ast::NamedExpr>(start);
    node->target = target;
    node->value = value;
    return node;
  }
  Node* value = expression();
  if (at(Tok::ColonEqual))
    return fail(value->span, "K0204", "cannot use assignment expressions with " + describe(*value));
  return value;
}

Node* Parser::star_named_expression() {
  if (!at(Tok::Star)) return named_expression();
  const Mark start = pos_;
  advance();
  Node* value = binary(kBitOr);
  auto* node = make<ast::Starred>(start);
  node->value = value;
  return node;
}

Node* Parser::star_expressions() {
  const Mark start = pos_;
  const auto element = [&]() -> Node* { return at(Tok::Star) ? star_named_expression() : expression(); };
  Node* first = element();
  if (!at(Tok::Comma)) return first;
  Items items(nodes_);
  items.add(first);
  while (accept(Tok::Comma) && starts_expression()) items.add(element());
  auto* node = make<ast::Tuple>(start);
  node->elts = items.take(arena_);
  return node;
}

Node* Parser::binary(int weakest) {
  const Mark start = pos_;
  Node* left;
  if (at(Tok::KwNot) && weakest <= kNot) {
    Depth depth(*this);
    if (!depth.ok()) return error_node_;
    advance();
    Node* operand = binary(kNot);
    auto* node = make<ast::UnaryOp>(start);
    node->op = UnaryOperator::Not;
    node->operand = operand;
    left = node;
  } else {
    left = unary();
  }
  std::int64_t length = 0;
  while (true) {
    const Tok tok = kind();
    const OperatorInfo info = kOperators[static_cast<std::size_t>(tok)];
    if (info.precedence == kNoOperator || info.precedence < weakest) break;
    if (tok == Tok::KwNot && kind(1) != Tok::KwIn) break;
    if (info.precedence == kCompare) {
      left = compare(start, left);
    } else if (info.precedence <= kAnd) {
      left = bool_op(start, left, tok);
    } else {
      advance();
      Node* right = binary(info.precedence + 1);
      auto* node = make<ast::BinOp>(start);
      node->left = left;
      node->op = static_cast<BinaryOperator>(info.op);
      node->right = right;
      left = node;
      ++length;
    }
  }
  count_chain(length);
  return left;
}

Node* Parser::bool_op(Mark start, Node* left, Tok op) {
  const OperatorInfo info = kOperators[static_cast<std::size_t>(op)];
  Items values(nodes_);
  values.add(left);
  while (accept(op)) values.add(binary(info.precedence + 1));
  auto* node = make<ast::BoolOp>(start);
  node->op = static_cast<BoolOperator>(info.op);
  node->values = values.take(arena_);
  return node;
}

Node* Parser::compare(Mark start, Node* left) {
  Items comparators(nodes_);
  std::vector<CompareOperator> ops;
  while (true) {
    const OperatorInfo info = kOperators[static_cast<std::size_t>(kind())];
    if (info.precedence != kCompare || (at(Tok::KwNot) && kind(1) != Tok::KwIn)) break;
    CompareOperator op = static_cast<CompareOperator>(info.op);
    const bool is = at(Tok::KwIs), negated_in = at(Tok::KwNot);
    advance();
    if (negated_in) advance();
    if (is && accept(Tok::KwNot)) op = CompareOperator::IsNot;
    ops.push_back(op);
    comparators.add(binary(kBitOr));
  }
  auto* node = make<ast::Compare>(start);
  node->left = left;
  node->ops = arena_.copy(ops.data(), ops.size());
  node->comparators = comparators.take(arena_);
  return node;
}

Node* Parser::unary() {
  UnaryOperator op;
  switch (kind()) {
    case Tok::Plus: op = UnaryOperator::UAdd; break;
    case Tok::Minus: op = UnaryOperator::USub; break;
    case Tok::Tilde: op = UnaryOperator::Invert; break;
    default: return power();
  }
  Depth depth(*this);
  if (!depth.ok()) return error_node_;
  const Mark start = pos_;
  advance();
  Node* operand = unary();
  auto* node = make<ast::UnaryOp>(start);
  node->op = op;
  node->operand = operand;
  return node;
}

Node* Parser::power() {
  const Mark start = pos_;
  Node* left;
  if (accept(Tok::KwAwait)) {
    Node* value = primary();
    auto* node = make<ast::Await>(start);
    node->value = value;
    left = node;
  } else {
    left = primary();
  }
  if (!at(Tok::DoubleStar)) return left;
  Depth depth(*this);
  if (!depth.ok()) return error_node_;
  advance();
  Node* right = unary();
  auto* node = make<ast::BinOp>(start);
  node->left = left;
  node->op = BinaryOperator::Pow;
  node->right = right;
  return node;
}

Node* Parser::primary() {
  const Mark start = pos_;
  Node* value = atom();
  std::int64_t length = 0;
  while (true) {
    switch (kind()) {
      case Tok::Dot: {
        advance();
        const Span name = token_span();
        const Text attr = expect_name();
        auto* node = make<ast::Attribute>(start);
        node->value = value;
        node->attr = attr;
        node->attr_span = name;
        value = node;
        break;
      }
      case Tok::LParen: value = call(start, value); break;
      case Tok::LBracket: value = subscript(start, value); break;
      default: count_chain(length); return value;
    }
    ++length;
  }
}

Node* Parser::call(Mark start, Node* func) {
  Depth depth(*this);
  if (!depth.ok()) return error_node_;
  advance();
  Items args(nodes_), keywords(seconds_);
  arguments(args, keywords, true);
  auto* node = make<ast::Call>(start);
  node->func = func;
  node->args = args.take(arena_);
  node->keywords = keywords.take(arena_);
  return node;
}

/// Interned names are equal when they share their bytes, so sorting by address finds a repeated one.
void Parser::check_keywords_distinct(const Items& keywords) {
  std::vector<const ast::Keyword*> named;
  for (std::size_t i = 0; i < keywords.size(); ++i) {
    const auto* keyword = static_cast<const ast::Keyword*>(keywords[i]);
    if (keyword->arg.data() != nullptr) named.push_back(keyword);
  }
  std::sort(named.begin(), named.end(), [](const ast::Keyword* a, const ast::Keyword* b) {
    return a->arg.data() != b->arg.data() ? std::less<>()(a->arg.data(), b->arg.data()) : a->span.begin < b->span.begin;
  });
  for (std::size_t i = 1; i < named.size(); ++i) {
    if (named[i]->arg.data() == named[i - 1]->arg.data())
      fail(named[i]->span, "K0210", "keyword argument repeated: " + std::string(named[i]->arg));
  }
}

void Parser::keyword_argument(Items& keywords) {
  const Mark start = pos_;
  const Text name = expect_name();
  advance();  // =
  Node* value = expression();
  auto* node = make<ast::Keyword>(start);
  node->arg = name;
  node->value = value;
  if (at_comprehension()) fail(node->span, "K0201", "invalid syntax; maybe you meant `==` or `:=` instead of `=`");
  keywords.add(node);
}

/// Behind the opening bracket; consumes the closing one.
void Parser::arguments(Items& args, Items& keywords, bool generator_allowed) {
  const Mark open = pos_ - 1;
  bool seen_keyword = false, seen_double_star = false;
  while (!at(Tok::RParen) && !at(Tok::End)) {
    const Mark start = pos_;
    if (accept(Tok::DoubleStar)) {
      Node* value = expression();
      auto* node = make<ast::Keyword>(start);
      node->value = value;
      keywords.add(node);
      seen_double_star = true;
    } else if (at(Tok::Name) && kind(1) == Tok::Equal) {
      keyword_argument(keywords);
      seen_keyword = true;
    } else if (accept(Tok::Star)) {
      Node* value = expression();
      auto* node = make<ast::Starred>(start);
      node->value = value;
      if (seen_double_star) fail(node->span, "K0210", "iterable argument unpacking follows keyword argument unpacking");
      args.add(node);
    } else {
      Node* value = named_expression();
      if (at_comprehension()) {
        const NodeList clauses = comprehension_clauses();
        const bool alone = args.size() == 0 && keywords.size() == 0 && at(Tok::RParen);
        if (!alone || !generator_allowed) {
          fail(span_from(start), "K0210", "generator expression must be parenthesized");
          return;
        }
        advance();
        auto* node = make<ast::GeneratorExp>(open);  // the brackets of the call are its own
        node->elt = value;
        node->generators = clauses;
        args.add(node);
        return;
      }
      if (at(Tok::Equal)) {
        const bool keyword = value->kind == NodeKind::Constant;
        fail(span_from(start), "K0210",
             keyword ? "cannot assign to " + describe(*value)
                     : "expression cannot contain assignment, perhaps you meant `==`?");
        return;
      }
      if (seen_keyword || seen_double_star) {
        fail(span_from(start), "K0210",
             seen_double_star ? "positional argument follows keyword argument unpacking"
                              : "positional argument follows keyword argument");
        return;
      }
      args.add(value);
    }
    if (!accept(Tok::Comma)) break;
  }
  if (keywords.size() > 1 && !error_) check_keywords_distinct(keywords);
  expect(Tok::RParen, "`)`");
}

Node* Parser::subscript(Mark start, Node* value) {
  Depth depth(*this);
  if (!depth.ok()) return error_node_;
  advance();
  const Mark first = pos_;
  Node* slice = slice_item();
  if (at(Tok::Comma) || slice->kind == NodeKind::Starred) {
    Items items(nodes_);
    items.add(slice);
    while (accept(Tok::Comma) && !at(Tok::RBracket) && !at(Tok::End)) items.add(slice_item());
    auto* tuple = make<ast::Tuple>(first);
    tuple->elts = items.take(arena_);
    slice = tuple;
  }
  expect(Tok::RBracket, "`]`");
  auto* node = make<ast::Subscript>(start);
  node->value = value;
  node->slice = slice;
  return node;
}

Node* Parser::slice_item() {
  const Mark start = pos_;
  if (at(Tok::Star)) return star_named_expression();
  Node* lower = at(Tok::Colon) ? nullptr : named_expression();
  if (!at(Tok::Colon)) return lower;
  advance();
  const auto bound = [&]() -> Node* {
    return at(Tok::Colon) || at(Tok::Comma) || at(Tok::RBracket) ? nullptr : expression();
  };
  if (lower != nullptr && lower->kind == NodeKind::NamedExpr && tokens_[start].begin == lower->span.begin) {
    return fail(lower->span, "K0201", "an assignment expression in a slice needs parentheses");
  }
  Node* upper = bound();
  Node* step = accept(Tok::Colon) ? bound() : nullptr;
  auto* node = make<ast::Slice>(start);
  node->lower = lower;
  node->upper = upper;
  node->step = step;
  return node;
}

Node* Parser::lambda() {
  Depth depth(*this);
  if (!depth.ok()) return error_node_;
  const Mark start = pos_;
  advance();
  ast::Arguments* args = parameters(Tok::Colon, false);
  expect(Tok::Colon, "`:`");
  Node* body = expression();
  auto* node = make<ast::Lambda>(start);
  node->args = args;
  node->body = body;
  return node;
}

Node* Parser::yield_expression() {
  const Mark start = pos_;
  advance();
  if (accept(Tok::KwFrom)) {
    Node* value = expression();
    auto* node = make<ast::YieldFrom>(start);
    node->value = value;
    return node;
  }
  Node* value = starts_expression() ? star_expressions() : nullptr;
  auto* node = make<ast::Yield>(start);
  node->value = value;
  return node;
}

Node* Parser::yield_or_star_expressions() { return at(Tok::KwYield) ? yield_expression() : star_expressions(); }

}  // namespace kedge::pylang
