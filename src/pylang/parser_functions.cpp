// Functions, classes, their decorators, parameters and type parameters.
#include <algorithm>

#include "pylang/parser_internal.h"

namespace kedge::pylang {

Node* Parser::decorated() {
  NodeList decorators;
  {
    Items list(nodes_);
    while (accept(Tok::At)) {
      list.add(named_expression());
      if (!expect(Tok::Newline, "a line break")) return error_node_;
    }
    decorators = list.take(arena_);
  }
  const Mark start = pos_;
  if (at(Tok::KwDef)) return function_def(start, decorators, false);
  if (at(Tok::KwClass)) return class_def(decorators);
  if (at(Tok::KwAsync)) return async_statement(decorators);
  return unexpected();
}

Node* Parser::function_def(Mark start, NodeList decorators, bool is_async) {
  advance();
  const Span name_span = token_span();
  const Text name = expect_name();
  const NodeList types = type_params();
  if (!expect(Tok::LParen, "`(`")) return error_node_;
  ast::Arguments* args = parameters(Tok::RParen, true);
  if (!expect(Tok::RParen, "`)`")) return error_node_;
  Node* returns = accept(Tok::Arrow) ? expression() : nullptr;
  const NodeList body = block("function definition");
  ast::FunctionDefBase* node =
      is_async ? static_cast<ast::FunctionDefBase*>(make<ast::AsyncFunctionDef>(start)) : make<ast::FunctionDef>(start);
  node->name = name;
  node->name_span = name_span;
  node->args = args;
  node->body = body;
  node->decorator_list = decorators;
  node->returns = returns;
  node->type_params = types;
  return node;
}

Node* Parser::class_def(NodeList decorators) {
  const Mark start = pos_;
  advance();
  const Span name_span = token_span();
  const Text name = expect_name();
  const NodeList types = type_params();
  NodeList bases, keywords;
  if (accept(Tok::LParen)) {
    Items base_list(nodes_), keyword_list(seconds_);
    arguments(base_list, keyword_list, false);
    bases = base_list.take(arena_);
    keywords = keyword_list.take(arena_);
  }
  const NodeList body = block("class definition");
  auto* node = make<ast::ClassDef>(start);
  node->name = name;
  node->name_span = name_span;
  node->bases = bases;
  node->keywords = keywords;
  node->body = body;
  node->decorator_list = decorators;
  node->type_params = types;
  return node;
}

ast::Arg* Parser::parameter(bool annotations, bool star) {
  const Mark start = pos_;
  const Text name = expect_name();
  Node* annotation = nullptr;
  if (annotations && accept(Tok::Colon)) annotation = star && at(Tok::Star) ? star_named_expression() : expression();
  auto* node = make<ast::Arg>(start);
  node->arg = name;
  node->annotation = annotation;
  return node;
}

/// Sorting keeps a hostile list from costing quadratic time; interned names are equal when they share their bytes.
void Parser::check_distinct(std::vector<const Node*>& args) {
  const auto name = [](const Node* arg) { return static_cast<const ast::Arg*>(arg)->arg.data(); };
  std::erase(args, nullptr);
  std::sort(args.begin(), args.end(), [&](const Node* a, const Node* b) {
    return name(a) != name(b) ? std::less<>()(name(a), name(b)) : a->span.begin < b->span.begin;
  });
  for (std::size_t i = 1; i < args.size(); ++i) {
    if (name(args[i]) != name(args[i - 1]) || error_) continue;
    fail(args[i]->span, "K0210",
         "duplicate argument `" + std::string(static_cast<const ast::Arg*>(args[i])->arg) + "` in function definition");
  }
}

/// Up to `close`, which stays.
ast::Arguments* Parser::parameters(Tok close, bool annotations) {
  auto* result = make_at<ast::Arguments>(token_span());
  std::vector<Node*> plain, defaults, keyword_only, keyword_defaults, positional_only;
  bool star_seen = false, slash_seen = false;
  while (!at(close) && !at(Tok::End)) {
    if (accept(Tok::DoubleStar)) {
      ast::Arg* arg = parameter(annotations, false);
      result->kwarg = arg;
      if (at(Tok::Equal)) fail_at_token("K0210", "var-keyword argument cannot have default value");
      accept(Tok::Comma);
      if (!at(close) && !at(Tok::Error) && !error_)
        fail_at_token("K0210", "arguments cannot follow var-keyword argument");
      break;
    }
    if (at(Tok::Star)) {
      if (star_seen) fail_at_token("K0210", "`*` argument may appear only once");
      const Span star = token_span();
      advance();
      star_seen = true;
      if (at(Tok::Name)) {
        ast::Arg* arg = parameter(annotations, true);
        result->vararg = arg;
        if (at(Tok::Equal)) fail_at_token("K0210", "var-positional argument cannot have default value");
      } else if (!at(Tok::Comma) || kind(1) == close || kind(1) == Tok::DoubleStar) {
        if (!error_) fail(star, "K0210", "named arguments must follow bare `*`");
        break;
      }
    } else if (at(Tok::Slash)) {
      if (slash_seen) fail_at_token("K0210", "`/` may appear only once");
      else if (star_seen) fail_at_token("K0210", "`/` must be ahead of `*`");
      else if (plain.empty()) fail_at_token("K0210", "at least one argument must precede `/`");
      advance();
      slash_seen = true;
      positional_only.swap(plain);
    } else {
      ast::Arg* arg = parameter(annotations, false);
      Node* value = nullptr;
      if (accept(Tok::Equal)) value = expression();
      if (star_seen) {
        keyword_only.push_back(arg);
        keyword_defaults.push_back(value);
      } else {
        if (value == nullptr && !defaults.empty() && !error_)
          fail(arg->span, "K0210", "non-default argument follows default argument");
        if (value != nullptr) defaults.push_back(value);
        plain.push_back(arg);
      }
    }
    if (!accept(Tok::Comma)) break;
  }
  std::vector<const Node*> all{result->vararg, result->kwarg};
  for (const std::vector<Node*>* list : {&positional_only, &plain, &keyword_only})
    all.insert(all.end(), list->begin(), list->end());
  check_distinct(all);
  result->posonlyargs = arena_.copy(positional_only.data(), positional_only.size());
  result->args = arena_.copy(plain.data(), plain.size());
  result->kwonlyargs = arena_.copy(keyword_only.data(), keyword_only.size());
  result->kw_defaults = arena_.copy(keyword_defaults.data(), keyword_defaults.size());
  result->defaults = arena_.copy(defaults.data(), defaults.size());
  return result;
}

NodeList Parser::type_params() {
  if (!accept(Tok::LBracket)) return {};
  Items params(nodes_);
  do {
    if (at(Tok::RBracket) && params.size() > 0) break;
    params.add(type_param());
  } while (accept(Tok::Comma));
  expect(Tok::RBracket, "`]`");
  return params.take(arena_);
}

Node* Parser::type_param() {
  const Mark start = pos_;
  if (accept(Tok::Star)) {
    const Text name = expect_name();
    Node* value = accept(Tok::Equal) ? (at(Tok::Star) ? star_named_expression() : expression()) : nullptr;
    auto* node = make<ast::TypeVarTuple>(start);
    node->name = name;
    node->default_value = value;
    return node;
  }
  if (accept(Tok::DoubleStar)) {
    const Text name = expect_name();
    Node* value = accept(Tok::Equal) ? expression() : nullptr;
    auto* node = make<ast::ParamSpec>(start);
    node->name = name;
    node->default_value = value;
    return node;
  }
  const Text name = expect_name();
  Node* bound = accept(Tok::Colon) ? expression() : nullptr;
  Node* value = accept(Tok::Equal) ? expression() : nullptr;
  auto* node = make<ast::TypeVar>(start);
  node->name = name;
  node->bound = bound;
  node->default_value = value;
  return node;
}

}  // namespace kedge::pylang
