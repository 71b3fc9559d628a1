// Atoms: names, numbers, and displays in brackets with their comprehensions.
#include <charconv>
#include <cmath>

#include "pylang/parser_internal.h"

namespace kedge::pylang {

Node* Parser::atom() {
  const Mark start = pos_;
  const auto constant = [&](ConstantKind which) {
    advance();
    auto* node = make<ast::Constant>(start);
    node->constant = which;
    return node;
  };
  switch (kind()) {
    case Tok::Name: {
      auto* node = make_at<ast::Name>(token_span());
      node->id = name_text(token());
      advance();
      return node;
    }
    case Tok::Number: return number();
    case Tok::String:
    case Tok::FStringStart: return strings();
    case Tok::KwNone: return constant(ConstantKind::None);
    case Tok::KwTrue: return constant(ConstantKind::True);
    case Tok::KwFalse: return constant(ConstantKind::False);
    case Tok::Ellipsis: return constant(ConstantKind::Ellipsis);
    case Tok::LParen: return group_or_tuple();
    case Tok::LBracket: return list_display();
    case Tok::LBrace: return dict_or_set();
    default: return unexpected();
  }
}

namespace {

constexpr std::size_t kMaxDecimalDigits = 4300;  // as CPython's limit on decimal conversion

double float_value(std::string_view digits) {
  double value = 0;
  const std::from_chars_result end = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end.ec != std::errc::result_out_of_range) return value;
  // Out of range says too large or too small: the decimal exponent of the first digit tells which.
  std::int64_t exponent = 0;
  const std::size_t e = digits.find_first_of("eE");
  if (e != std::string_view::npos) {
    const bool plus = e + 1 < digits.size() && digits[e + 1] == '+';
    const std::from_chars_result parsed =
        std::from_chars(digits.data() + e + 1 + (plus ? 1 : 0), digits.data() + digits.size(), exponent);
    if (parsed.ec != std::errc()) exponent = digits[e + 1] == '-' ? INT64_MIN / 2 : INT64_MAX / 2;
  }
  const std::string_view mantissa = digits.substr(0, e);
  const std::size_t dot = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t first = mantissa.find_first_of("123456789");
  if (first == std::string_view::npos) return 0;
  const std::int64_t leading =
      first < dot ? static_cast<std::int64_t>(dot - first) : -static_cast<std::int64_t>(first - dot);
  return leading + exponent > 0 ? HUGE_VAL : 0.0;
}

/// Decimal digits of a hexadecimal, octal or binary literal, by repeated multiplication in base 10^9.
std::string radix_to_decimal(std::string_view digits, std::uint32_t bits_per_digit) {
  constexpr std::uint32_t kBase = 1'000'000'000;
  std::vector<std::uint32_t> limbs{0};
  for (const char c : digits) {
    const std::uint32_t d =
        c <= '9' ? static_cast<std::uint32_t>(c - '0') : static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
    std::uint64_t carry = d;
    for (std::uint32_t& limb : limbs) {
      carry += std::uint64_t{limb} << bits_per_digit;
      limb = static_cast<std::uint32_t>(carry % kBase);
      carry /= kBase;
    }
    if (carry != 0) limbs.push_back(static_cast<std::uint32_t>(carry));
  }
  std::string out = std::to_string(limbs.back());
  for (std::size_t i = limbs.size() - 1; i-- > 0;) {
    const std::string part = std::to_string(limbs[i]);
    out.append(9 - part.size(), '0');
    out += part;
  }
  return out;
}

}  // namespace

Node* Parser::number() {
  const Mark start = pos_;
  const Token t = token();
  std::string digits;
  for (const char c : token_text(t)) {
    if (c != '_') digits += c;
  }
  advance();
  auto* node = make<ast::Constant>(start);
  if ((t.flags & kNumberImaginary) != 0) {
    digits.pop_back();
    node->constant = ConstantKind::Complex;
    node->number = float_value(digits);
    return node;
  }
  if ((t.flags & kNumberFloat) != 0) {
    node->constant = ConstantKind::Float;
    node->number = float_value(digits);
    return node;
  }
  node->constant = ConstantKind::Int;
  if ((t.flags & kNumberRadix) != 0) {
    const char radix = static_cast<char>(digits[1] | 0x20);
    const std::uint32_t bits = radix == 'x' ? 4 : radix == 'o' ? 3 : 1;
    digits.erase(0, 2);
    if (static_cast<std::int64_t>(digits.size()) * bits > max_integer_bits_)
      return fail(node->span, "K0208", "integer literal is too large");
    if (digits.size() * bits <= 64) {
      std::uint64_t value = 0;
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 1 << bits);
      node->text = intern(std::to_string(value));
    } else {
      node->text = arena_.text(radix_to_decimal(digits, bits));
    }
    return node;
  }
  const std::size_t first = digits.find_first_not_of('0');
  digits.erase(0, first == std::string::npos ? digits.size() - 1 : first);
  if (digits.size() > kMaxDecimalDigits) return fail(node->span, "K0208", "integer literal has more than 4300 digits");
  node->text = intern(digits);
  return node;
}

Node* Parser::group_or_tuple() {
  Depth depth(*this);
  if (!depth.ok()) return error_node_;
  const Mark start = pos_;
  advance();
  if (accept(Tok::RParen)) return make<ast::Tuple>(start);
  if (at(Tok::KwYield)) {
    Node* value = yield_expression();
    expect(Tok::RParen, "`)`");
    return value;
  }
  Node* first = star_named_expression();
  if (at_comprehension()) {
    if (first->kind == NodeKind::Starred)
      return fail(first->span, "K0201", "iterable unpacking cannot be used in comprehension");
    const NodeList clauses = comprehension_clauses();
    expect(Tok::RParen, "`)`");
    auto* node = make<ast::GeneratorExp>(start);
    node->elt = first;
    node->generators = clauses;
    return node;
  }
  if (!at(Tok::Comma)) {
    if (first->kind == NodeKind::Starred && at(Tok::RParen))
      return fail(first->span, "K0201", "cannot use starred expression here");
    expect(Tok::RParen, "`)`");
    return first;
  }
  Items items(nodes_);
  items.add(first);
  while (accept(Tok::Comma) && !at(Tok::RParen) && !at(Tok::End)) items.add(star_named_expression());
  expect(Tok::RParen, "`)`");
  auto* node = make<ast::Tuple>(start);
  node->elts = items.take(arena_);
  return node;
}

Node* Parser::list_display() {
  Depth depth(*this);
  if (!depth.ok()) return error_node_;
  const Mark start = pos_;
  advance();
  Items items(nodes_);
  if (!at(Tok::RBracket)) {
    items.add(star_named_expression());
    if (at_comprehension()) {
      Node* element = items[0];
      if (element->kind == NodeKind::Starred)
        return fail(element->span, "K0201", "iterable unpacking cannot be used in comprehension");
      const NodeList clauses = comprehension_clauses();
      expect(Tok::RBracket, "`]`");
      auto* node = make<ast::ListComp>(start);
      node->elt = element;
      node->generators = clauses;
      return node;
    }
    while (accept(Tok::Comma) && !at(Tok::RBracket) && !at(Tok::End)) items.add(star_named_expression());
  }
  expect(Tok::RBracket, "`]`");
  auto* node = make<ast::List>(start);
  node->elts = items.take(arena_);
  return node;
}

Node* Parser::dict_or_set() {
  Depth depth(*this);
  if (!depth.ok()) return error_node_;
  const Mark start = pos_;
  advance();
  if (accept(Tok::RBrace)) return make<ast::Dict>(start);
  if (at(Tok::DoubleStar)) return dict_display(start);
  if (at(Tok::Star)) return set_display(start);
  // The first element tells which: a display begins again from it.
  const Mark element = pos_;
  Items items(nodes_);
  Node* first = named_expression();
  if (!at(Tok::Colon)) {
    if (at_comprehension()) {
      const NodeList clauses = comprehension_clauses();
      expect(Tok::RBrace, "`}`");
      auto* node = make<ast::SetComp>(start);
      node->elt = first;
      node->generators = clauses;
      return node;
    }
    items.add(first);
    while (accept(Tok::Comma) && !at(Tok::RBrace) && !at(Tok::End)) items.add(star_named_expression());
    expect(Tok::RBrace, "`}`");
    auto* node = make<ast::Set>(start);
    node->elts = items.take(arena_);
    return node;
  }
  if (first->kind == NodeKind::NamedExpr && first->span.begin == tokens_[element].begin) {
    return fail(first->span, "K0201", "an assignment expression as a key needs parentheses");
  }
  Items values(seconds_);
  advance();
  items.add(first);
  values.add(expression());
  if (at_comprehension()) {
    const NodeList clauses = comprehension_clauses();
    expect(Tok::RBrace, "`}`");
    auto* node = make<ast::DictComp>(start);
    node->key = items[0];
    node->value = values[0];
    node->generators = clauses;
    return node;
  }
  if (at(Tok::Comma)) {
    advance();
    dict_entries(items, values);
  }
  expect(Tok::RBrace, "`}`");
  auto* node = make<ast::Dict>(start);
  node->keys = items.take(arena_);
  node->values = values.take(arena_);
  return node;
}

void Parser::dict_entries(Items& keys, Items& values) {
  while (!at(Tok::RBrace) && !at(Tok::End)) {
    if (accept(Tok::DoubleStar)) {
      keys.add(nullptr);
      values.add(binary(kBitOr));
      if (at_comprehension()) {
        fail_at_token("K0201", "dict unpacking cannot be used in dict comprehension");
        return;
      }
    } else {
      keys.add(expression());
      if (!expect(Tok::Colon, "`:`")) return;
      values.add(expression());
    }
    if (!accept(Tok::Comma)) return;
  }
}

Node* Parser::dict_display(Mark start) {
  Items keys(nodes_), values(seconds_);
  dict_entries(keys, values);
  expect(Tok::RBrace, "`}`");
  auto* node = make<ast::Dict>(start);
  node->keys = keys.take(arena_);
  node->values = values.take(arena_);
  return node;
}

Node* Parser::set_display(Mark start) {
  Items items(nodes_);
  do {
    items.add(star_named_expression());
  } while (accept(Tok::Comma) && !at(Tok::RBrace) && !at(Tok::End));
  if (at_comprehension()) return fail(items[0]->span, "K0201", "iterable unpacking cannot be used in comprehension");
  expect(Tok::RBrace, "`}`");
  auto* node = make<ast::Set>(start);
  node->elts = items.take(arena_);
  return node;
}

NodeList Parser::comprehension_conditions() {
  Items conditions(nodes_);
  while (accept(Tok::KwIf)) conditions.add(binary(kOr));
  return conditions.take(arena_);
}

NodeList Parser::comprehension_clauses() {
  Items clauses(nodes_);
  while (at_comprehension()) {
    const Mark start = pos_;
    const bool is_async = accept(Tok::KwAsync);
    advance();
    Node* target = star_targets(TargetUse::For);
    if (!expect(Tok::KwIn, "`in`")) break;
    Node* iter = binary(kOr);
    const NodeList ifs = comprehension_conditions();
    auto* node = make<ast::Comprehension>(start);
    node->target = target;
    node->iter = iter;
    node->ifs = ifs;
    node->is_async = is_async;
    clauses.add(node);
  }
  return clauses.take(arena_);
}

}  // namespace kedge::pylang
