// The parser's entry points and what all its parts share: names, errors, limits.
#include "pylang/parser.h"

#include <algorithm>

#include "pylang/ast_walk.h"
#include "pylang/parser_internal.h"
#include "pylang/parser_source.h"
#include "pylang/unicode_tables.h"

namespace kedge::pylang {
namespace {

// One level of nesting costs under 1.3 KiB of C++ stack in an optimised build and under 5 KiB with sanitizers
// (measured), so this many stay within 3 MiB whatever limits.depth asks for.
constexpr std::int64_t kMaxDepth = 500;
// Chains (a + b + ..., a.b.c, elif) deepen the tree without nesting; this many levels per level of limits.depth.
constexpr std::int64_t kHeightPerDepth = 10;

}  // namespace

Parser::Parser(std::string_view text, SourceId source, TokenStream stream, const Limits& limits, AstArena& arena)
    : text_(text),
      source_(source),
      tokens_(std::move(stream.tokens)),
      token_error_(std::move(stream.error)),
      arena_(arena),
      max_depth_(std::clamp<std::int64_t>(limits.depth, 1, kMaxDepth)),
      max_height_(max_depth_ * kHeightPerDepth),
      max_integer_bits_(limits.integer_bits) {
  error_node_ = make_at<ast::Constant>({source_, 0, 0});
  names_.resize(256);
}

std::uint32_t Parser::last_end() const {
  for (std::uint32_t i = pos_; i-- > 0;) {
    const Tok k = tokens_[i].kind;
    if (k != Tok::Newline && k != Tok::Indent && k != Tok::Dedent) return tokens_[i].end;
  }
  return tokens_[0].begin;
}

Text Parser::intern(std::string_view name) {
  if (name_count_ * 2 >= names_.size()) {
    std::vector<Text> larger(names_.size() * 2);
    names_.swap(larger);
    for (const Text& old : larger) {
      if (old.data() != nullptr) *find_name(old) = old;
    }
  }
  Text* slot = find_name(name);
  if (slot->data() == nullptr) {
    *slot = arena_.text(name);
    ++name_count_;
  }
  return *slot;
}

Text* Parser::find_name(std::string_view name) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  const std::size_t mask = names_.size() - 1;
  for (std::size_t i = (hash ^ (hash >> 32)) & mask;; i = (i + 1) & mask) {
    if (names_[i].data() == nullptr || names_[i] == name) return &names_[i];
  }
}

Text Parser::name_text(const Token& t) {
  const std::string_view name = token_text(t);
  if ((t.flags & kNameNonAscii) == 0) return intern(name);
  const std::optional<std::string> normal = normalize_identifier(name);
  if (!normal)
    fail(span_of(t.begin, t.end), "K0212", "a name with combining or compatibility characters is not supported");
  return intern(normal.value_or(""));
}

Text Parser::expect_name() {
  if (!at(Tok::Name)) {
    unexpected();
    return intern("");
  }
  const Text name = name_text(token());
  advance();
  return name;
}

bool Parser::expect(Tok k, const char* what) {
  if (accept(k)) return true;
  if (at(Tok::Error) || k == Tok::Newline) unexpected();
  else fail_at_token("K0201", std::string("invalid syntax: expected ") + what);
  return false;
}

Node* Parser::fail(Span span, const char* code, std::string message) {
  if (!error_) {
    // A forgotten bracket makes some later line look wrong; the bracket is what the reader has to see.
    if (token_error_.unclosed && token_error_.begin < span.begin &&
        text_.substr(token_error_.begin, span.begin - token_error_.begin).find_first_of("\r\n") !=
            std::string_view::npos) {
      code = token_error_.code;
      message = token_error_.message;
      span = span_of(token_error_.begin, token_error_.end);
    }
    error_.emplace(make_error(code, std::move(message), Location::at(span)));
    pos_ = static_cast<std::uint32_t>(tokens_.size() - 1);
  }
  return error_node_;
}

Node* Parser::unexpected() {
  switch (kind()) {
    case Tok::Error:
      return fail(span_of(token_error_.begin, token_error_.end), token_error_.code, token_error_.message);
    case Tok::Indent: return fail_at_token("K0203", "unexpected indent");
    case Tok::Dedent: return fail_at_token("K0201", "invalid syntax: the block ends too early");
    case Tok::End: return fail_at_token("K0201", "unexpected end of file");
    default: return fail_at_token("K0201", "invalid syntax");
  }
}

bool Parser::fail_depth() {
  fail_at_token("K0207", "too deeply nested (the limit is " + std::to_string(max_depth_) + ")");
  return false;
}

Result<Node*> Parser::finish(Node* root) {
  if (!error_) {
    // An upper bound first, so that ordinary files need no walk.
    constexpr std::int64_t kLevelsPerNesting = 14;
    if ((deepest_ + 1) * kLevelsPerNesting * (longest_chain_ + 1) > max_height_ && tree_height(root) > max_height_) {
      fail(root->span, "K0207",
           "expression chain is too long (the tree would be deeper than " + std::to_string(max_height_) + ")");
    }
  }
  if (error_) return *std::move(error_);
  return root;
}

Result<Node*> Parser::parse_module() {
  Items body(nodes_);
  statements(body);
  if (!at(Tok::End)) unexpected();
  auto* module = make_at<ast::Module>(span_of(0, static_cast<std::uint32_t>(text_.size())));
  module->body = body.take(arena_);
  return finish(module);
}

Result<Node*> Parser::parse_expression() {
  Node* body = star_expressions();
  accept(Tok::Newline);
  if (!at(Tok::End)) unexpected();
  auto* root = make_at<ast::Expression>(span_of(0, static_cast<std::uint32_t>(text_.size())));
  root->body = body;
  return finish(root);
}

namespace {

Result<Node*> parse(const SourceMap& sources, SourceId source, const Limits& limits, AstArena& arena, bool module) {
  const std::string& raw = sources.get(source).text;
  const auto fail = [&](const char* code, std::string message, std::size_t at) {
    const auto begin = static_cast<std::uint32_t>(at);
    return make_error(code, std::move(message), Location::at({source, begin, begin + 1}));
  };
  if (static_cast<std::int64_t>(raw.size()) > std::min<std::int64_t>(limits.source_bytes, UINT32_MAX / 4)) {
    return fail("K0213", "source file is too large", 0);
  }
  const SourceEncoding encoding = detect_encoding(raw);
  if (encoding.error != nullptr) return fail("K0206", encoding.error, encoding.error_at);
  std::string_view text = raw;
  std::string recoded;
  if (encoding.latin1) {
    recoded = latin1_to_utf8(raw);
    text = recoded;
  }
  Parser parser(text, source, tokenize(text, encoding.start), limits, arena);
  Result<Node*> tree = module ? parser.parse_module() : parser.parse_expression();
  if (encoding.latin1) {
    const Utf8ToLatin1 to_raw(raw);
    if (!tree.ok()) {
      Span& span = tree.error().diagnostic().primary.location.span;
      span.begin = to_raw(span.begin);
      span.end = to_raw(span.end);
    } else {
      for_each_node(*tree, [&](Node* node) {
        node->span.begin = to_raw(node->span.begin);
        node->span.end = to_raw(node->span.end);
      });
    }
  }
  return tree;
}

}  // namespace

Result<Node*> parse_module(const SourceMap& sources, SourceId source, const Limits& limits, AstArena& arena) {
  return parse(sources, source, limits, arena, true);
}

Result<Node*> parse_expression(const SourceMap& sources, SourceId source, const Limits& limits, AstArena& arena) {
  return parse(sources, source, limits, arena, false);
}

}  // namespace kedge::pylang
