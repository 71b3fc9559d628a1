// The match statement and its patterns (Python Language Reference, "The match statement").
#include "pylang/parser_internal.h"

namespace kedge::pylang {

/// `match` is a name unless its line ends in a colon and an indented `case` follows: no other statement can look like
/// that.
bool Parser::at_match_statement() const {
  if (!at_name("match")) return false;
  const Tok next = kind(1);
  if (next == Tok::Equal || next == Tok::Dot || next == Tok::Comma || next == Tok::Newline || next == Tok::Colon)
    return false;
  Mark i = pos_ + 1;
  while (tokens_[i].kind != Tok::Newline && tokens_[i].kind != Tok::End) ++i;
  if (i + 2 >= tokens_.size() || tokens_[i - 1].kind != Tok::Colon) return false;
  return tokens_[i + 1].kind == Tok::Indent && tokens_[i + 2].kind == Tok::Name && token_text(tokens_[i + 2]) == "case";
}

Node* Parser::match_statement() {
  const Mark start = pos_;
  advance();
  const Mark subject_start = pos_;
  Node* subject = star_named_expression();
  if (at(Tok::Comma)) {
    Items items(nodes_);
    items.add(subject);
    while (accept(Tok::Comma) && starts_expression()) items.add(star_named_expression());
    auto* tuple = make<ast::Tuple>(subject_start);
    tuple->elts = items.take(arena_);
    subject = tuple;
  } else if (subject->kind == NodeKind::Starred) {
    return unexpected();
  }
  if (!expect(Tok::Colon, "`:`") || !expect(Tok::Newline, "a line break") || !expect(Tok::Indent, "an indented block"))
    return error_node_;
  Items cases(nodes_);
  do {
    cases.add(match_case());
  } while (at_name("case"));
  if (!expect(Tok::Dedent, "`case`")) return error_node_;
  auto* node = make<ast::Match>(start);
  node->subject = subject;
  node->cases = cases.take(arena_);
  return node;
}

Node* Parser::match_case() {
  const Mark start = pos_;
  advance();
  Node* pattern = case_patterns();
  Node* guard = accept(Tok::KwIf) ? named_expression() : nullptr;
  const NodeList body = block("`case`");
  auto* node = make<ast::MatchCase>(start);
  node->pattern = pattern;
  node->guard = guard;
  node->body = body;
  return node;
}

/// A pattern, or an open sequence `a, b`.
Node* Parser::case_patterns() {
  const Mark start = pos_;
  Node* first = maybe_star_pattern();
  if (!at(Tok::Comma)) {
    if (first->kind == NodeKind::MatchStar) return unexpected();
    return first;
  }
  Items items(nodes_);
  items.add(first);
  while (accept(Tok::Comma) && !at(Tok::Colon) && !at(Tok::KwIf) && !at(Tok::End)) items.add(maybe_star_pattern());
  auto* node = make<ast::MatchSequence>(start);
  node->patterns = items.take(arena_);
  return node;
}

Node* Parser::maybe_star_pattern() {
  if (!at(Tok::Star)) return pattern();
  const Mark start = pos_;
  advance();
  const Text name = expect_name();
  auto* node = make<ast::MatchStar>(start);
  if (name != "_") node->name = name;
  return node;
}

Node* Parser::pattern() {
  Depth depth(*this);
  if (!depth.ok()) return error_node_;
  const Mark start = pos_;
  Node* inner = or_pattern();
  if (!accept(Tok::KwAs)) return inner;
  if (at_name("_")) return fail_at_token("K0204", "cannot use `_` as a target");
  if (!at(Tok::Name)) return at(Tok::Error) ? unexpected() : fail_at_token("K0204", "invalid pattern target");
  const Text name = expect_name();
  auto* node = make<ast::MatchAs>(start);
  node->pattern = inner;
  node->name = name;
  return node;
}

Node* Parser::or_pattern() {
  const Mark start = pos_;
  Node* first = closed_pattern();
  if (!at(Tok::VBar)) return first;
  Items items(nodes_);
  items.add(first);
  while (accept(Tok::VBar)) items.add(closed_pattern());
  auto* node = make<ast::MatchOr>(start);
  node->patterns = items.take(arena_);
  return node;
}

Node* Parser::closed_pattern() {
  const Mark start = pos_;
  switch (kind()) {
    case Tok::KwNone:
    case Tok::KwTrue:
    case Tok::KwFalse: {
      const ConstantKind value = at(Tok::KwNone)   ? ConstantKind::None
                                 : at(Tok::KwTrue) ? ConstantKind::True
                                                   : ConstantKind::False;
      advance();
      auto* node = make<ast::MatchSingleton>(start);
      node->value = value;
      return node;
    }
    case Tok::Number:
    case Tok::Minus:
    case Tok::String:
    case Tok::FStringStart: {
      Node* value = literal_pattern_value();
      auto* node = make<ast::MatchValue>(start);
      node->value = value;
      return node;
    }
    case Tok::Name: return name_pattern();
    case Tok::LBrace: return mapping_pattern();
    case Tok::LBracket: return sequence_pattern(Tok::RBracket);
    case Tok::LParen: return sequence_pattern(Tok::RParen);
    default: return unexpected();
  }
}

Node* Parser::signed_number() {
  const Mark start = pos_;
  const bool negative = accept(Tok::Minus);
  if (!at(Tok::Number)) return unexpected();
  Node* value = number();
  if (!negative) return value;
  auto* node = make<ast::UnaryOp>(start);
  node->op = UnaryOperator::USub;
  node->operand = value;
  return node;
}

/// A string, a signed number, or a complex `1 + 2j`.
Node* Parser::literal_pattern_value() {
  const Mark start = pos_;
  if (at(Tok::String) || at(Tok::FStringStart)) {
    Node* value = strings();
    if (value->kind == NodeKind::JoinedStr)
      return fail(value->span, "K0201", "patterns may only match literals and attribute lookups");
    return value;
  }
  Node* left = signed_number();
  if (!at(Tok::Plus) && !at(Tok::Minus)) return left;
  const auto* real = node_cast<ast::UnaryOp>(left);
  const auto* real_value = node_cast<ast::Constant>(real != nullptr ? real->operand : left);
  const BinaryOperator op = at(Tok::Plus) ? BinaryOperator::Add : BinaryOperator::Sub;
  advance();
  const bool imaginary = at(Tok::Number) && (token().flags & kNumberImaginary) != 0;
  if (real_value == nullptr || real_value->constant == ConstantKind::Complex)
    return fail(left->span, "K0201", "real number required in complex literal");
  if (!imaginary)
    return at(Tok::Error) ? unexpected() : fail_at_token("K0201", "imaginary number required in complex literal");
  Node* right = number();
  auto* node = make<ast::BinOp>(start);
  node->left = left;
  node->op = op;
  node->right = right;
  return node;
}

/// A capture, the wildcard, a dotted value, or a class pattern.
Node* Parser::name_pattern() {
  const Mark start = pos_;
  const Text name = expect_name();
  if (!at(Tok::Dot) && !at(Tok::LParen)) {
    auto* node = make<ast::MatchAs>(start);
    if (name != "_") node->name = name;
    return node;
  }
  auto* first = make<ast::Name>(start);
  first->id = name;
  Node* value = first;
  std::int64_t length = 0;
  while (accept(Tok::Dot)) {
    const Span attr_span = token_span();
    const Text attr = expect_name();
    auto* node = make<ast::Attribute>(start);
    node->value = value;
    node->attr = attr;
    node->attr_span = attr_span;
    value = node;
    ++length;
  }
  count_chain(length);
  if (at(Tok::LParen)) return class_pattern(start, value);
  auto* node = make<ast::MatchValue>(start);
  node->value = value;
  return node;
}

Node* Parser::class_pattern(Mark start, Node* cls) {
  advance();
  Items positional(nodes_), keyword_patterns(seconds_);
  std::vector<Text> keyword_names;
  while (!at(Tok::RParen) && !at(Tok::End)) {
    if (at(Tok::Name) && kind(1) == Tok::Equal) {
      keyword_names.push_back(expect_name());
      advance();
      keyword_patterns.add(pattern());
    } else {
      Node* item = pattern();
      if (!keyword_names.empty() && !error_)
        return fail(item->span, "K0210", "positional patterns follow keyword patterns");
      positional.add(item);
    }
    if (!accept(Tok::Comma)) break;
  }
  expect(Tok::RParen, "`)`");
  auto* node = make<ast::MatchClass>(start);
  node->cls = cls;
  node->patterns = positional.take(arena_);
  node->kwd_attrs = arena_.copy(keyword_names.data(), keyword_names.size());
  node->kwd_patterns = keyword_patterns.take(arena_);
  return node;
}

Node* Parser::mapping_key() {
  const Mark start = pos_;
  switch (kind()) {
    case Tok::KwNone:
    case Tok::KwTrue:
    case Tok::KwFalse: return atom();
    case Tok::Number:
    case Tok::Minus:
    case Tok::String:
    case Tok::FStringStart: return literal_pattern_value();
    case Tok::Name: break;
    default: return unexpected();
  }
  auto* first = make_at<ast::Name>(token_span());
  first->id = expect_name();
  if (!at(Tok::Dot)) return unexpected();
  Node* value = first;
  while (accept(Tok::Dot)) {
    const Span attr_span = token_span();
    const Text attr = expect_name();
    auto* node = make<ast::Attribute>(start);
    node->value = value;
    node->attr = attr;
    node->attr_span = attr_span;
    value = node;
  }
  return value;
}

Node* Parser::mapping_pattern() {
  const Mark start = pos_;
  advance();
  Items keys(nodes_), patterns(seconds_);
  Text rest;
  while (!at(Tok::RBrace) && !at(Tok::End)) {
    if (accept(Tok::DoubleStar)) {
      if (at_name("_")) return unexpected();
      rest = expect_name();
      accept(Tok::Comma);
      break;
    }
    keys.add(mapping_key());
    if (!expect(Tok::Colon, "`:`")) return error_node_;
    patterns.add(pattern());
    if (!accept(Tok::Comma)) break;
  }
  expect(Tok::RBrace, "`}`");
  auto* node = make<ast::MatchMapping>(start);
  node->keys = keys.take(arena_);
  node->patterns = patterns.take(arena_);
  node->rest = rest;
  return node;
}

/// `[a, b]`, `(a, b)`, or a group `(a)`.
Node* Parser::sequence_pattern(Tok close) {
  const Mark start = pos_;
  advance();
  Items items(nodes_);
  bool comma = false;
  while (!at(close) && !at(Tok::End)) {
    items.add(maybe_star_pattern());
    if (!accept(Tok::Comma)) break;
    comma = true;
  }
  expect(close, close == Tok::RParen ? "`)`" : "`]`");
  if (close == Tok::RParen && items.size() == 1 && !comma) {
    if (items[0]->kind == NodeKind::MatchStar) return fail(items[0]->span, "K0201", "invalid syntax");
    return items[0];
  }
  auto* node = make<ast::MatchSequence>(start);
  node->patterns = items.take(arena_);
  return node;
}

}  // namespace kedge::pylang
