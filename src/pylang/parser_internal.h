// The recursive-descent parser as a class, shared by the parser_*.cpp files. Not for use outside them.
//
// Errors are sticky: the first one is kept, the position jumps to the End token, and every function goes on returning a
// harmless node, so no caller needs to check. That is also what makes a trial parse cheap: it is a saved position.
// Loops therefore must stop at End.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "pylang/ast.h"
#include "pylang/tokenizer.h"

namespace kedge::pylang {

/// A list under construction on a stack that all lists of one kind share; lists nest strictly.
template <typename T>
class ListBuilder {
 public:
  explicit ListBuilder(std::vector<T>& stack) : stack_(stack), base_(stack.size()) {}
  ~ListBuilder() { stack_.resize(base_); }
  ListBuilder(const ListBuilder&) = delete;
  ListBuilder& operator=(const ListBuilder&) = delete;
  void add(T item) { stack_.push_back(item); }
  std::size_t size() const { return stack_.size() - base_; }
  T operator[](std::size_t i) const { return stack_[base_ + i]; }
  std::span<const T> take(AstArena& arena) const { return arena.copy(stack_.data() + base_, size()); }

 private:
  std::vector<T>& stack_;
  std::size_t base_;
};
using Items = ListBuilder<Node*>;

/// Operator strength, weakest first.
enum Precedence : int { kNoOperator, kOr, kAnd, kNot, kCompare, kBitOr, kBitXor, kBitAnd, kShift, kSum, kTerm };

enum class TargetUse : unsigned char { Assign, For, With, Delete };

class Parser {
 public:
  Parser(std::string_view text, SourceId source, TokenStream stream, const Limits& limits, AstArena& arena);

  Result<Node*> parse_module();
  Result<Node*> parse_expression();

 private:
  using Mark = std::uint32_t;

  // --- tokens
  Tok kind(std::uint32_t ahead = 0) const {
    return pos_ + ahead < tokens_.size() ? tokens_[pos_ + ahead].kind : Tok::End;
  }
  bool at(Tok k) const { return tokens_[pos_].kind == k; }
  const Token& token() const { return tokens_[pos_]; }
  void advance() {
    if (tokens_[pos_].kind != Tok::End) ++pos_;
  }
  bool accept(Tok k) {
    if (tokens_[pos_].kind != k) return false;
    advance();
    return true;
  }
  bool expect(Tok k, const char* what);
  std::string_view token_text(const Token& t) const { return text_.substr(t.begin, t.end - t.begin); }
  bool at_name(std::string_view word, std::uint32_t ahead = 0) const {
    return kind(ahead) == Tok::Name && token_text(tokens_[pos_ + ahead]) == word;
  }

  // --- nodes
  std::uint32_t last_end() const;
  Span span_of(std::uint32_t begin, std::uint32_t end) const { return {source_, begin, end}; }
  Span span_from(Mark start) const { return {source_, tokens_[start].begin, last_end()}; }
  Span token_span() const { return {source_, tokens_[pos_].begin, tokens_[pos_].end}; }
  template <typename T>
  T* make(Mark start) {
    return arena_.make<T>(span_from(start));
  }
  template <typename T>
  T* make_at(Span span) {
    return arena_.make<T>(span);
  }
  Text intern(std::string_view name);
  Text* find_name(std::string_view name);
  Text name_text(const Token& t);
  /// The name at the position, which moves on; an error when there is none.
  Text expect_name();

  // --- errors and limits
  Node* fail(Span span, const char* code, std::string message);
  Node* unexpected();
  Node* fail_at_token(const char* code, std::string message) { return fail(token_span(), code, std::move(message)); }
  class Depth {
   public:
    explicit Depth(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > parser_.deepest_) parser_.deepest_ = parser_.depth_;
    }
    ~Depth() { --parser_.depth_; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    /// False, with the error set, when the input nests too deeply.
    bool ok() { return parser_.depth_ <= parser_.max_depth_ || parser_.fail_depth(); }

   private:
    Parser& parser_;
  };
  bool fail_depth();
  void count_chain(std::int64_t length) {
    if (length > longest_chain_) longest_chain_ = length;
  }
  Result<Node*> finish(Node* root);

  // --- expressions (parser_expressions.cpp)
  Node* expression();
  Node* named_expression();
  Node* star_named_expression();
  /// One or more, comma-separated, `*` allowed; a comma makes a tuple.
  Node* star_expressions();
  Node* binary(int weakest);
  Node* compare(Mark start, Node* left);
  Node* bool_op(Mark start, Node* left, Tok op);
  Node* unary();
  Node* power();
  Node* primary();
  Node* call(Mark start, Node* func);
  Node* subscript(Mark start, Node* value);
  Node* slice_item();
  Node* lambda();
  Node* yield_expression();
  Node* yield_or_star_expressions();
  void arguments(Items& args, Items& keywords, bool generator_allowed);
  void check_keywords_distinct(const Items& keywords);
  void keyword_argument(Items& keywords);
  bool starts_expression() const;

  // --- atoms (parser_atoms.cpp)
  Node* atom();
  Node* number();
  Node* group_or_tuple();
  Node* list_display();
  Node* dict_or_set();
  Node* dict_display(Mark start);
  void dict_entries(Items& keys, Items& values);
  Node* set_display(Mark start);
  NodeList comprehension_clauses();
  NodeList comprehension_conditions();
  bool at_comprehension() const { return at(Tok::KwFor) || (at(Tok::KwAsync) && kind(1) == Tok::KwFor); }

  // --- strings (parser_strings.cpp)
  struct StringPiece;
  Node* strings();
  bool decode_string_token(const Token& t, std::string& out, bool& bytes);
  bool decode_escapes(std::uint32_t begin, std::uint32_t end, bool raw, bool bytes, bool braces, std::string& out);
  std::size_t decode_escape(std::size_t i, std::size_t end, bool bytes, std::string& out);
  void fstring(Items& values, StringPiece& literal);
  void fstring_field(Items& values, StringPiece& literal);
  Node* format_spec();
  void flush_literal(Items& values, StringPiece& literal);

  // --- assignment targets (parser_targets.cpp)
  Node* star_targets(TargetUse use);
  Node* to_target(Node* node, TargetUse use);
  static std::string describe(const Node& node);

  // --- statements (parser_statements.cpp)
  void statements(Items& out);
  void simple_statements(Items& out);
  Node* simple_statement();
  Node* expression_statement();
  Node* annotated_assignment(Mark start, Node* target);
  Node* assignment(Mark start, Node* first);
  Node* return_statement();
  Node* raise_statement();
  Node* delete_statement();
  Node* assert_statement();
  Node* import_statement();
  Node* import_from_statement();
  Node* scope_statement();
  Node* type_alias();
  Text dotted_name();

  // --- compound statements (parser_compound.cpp, parser_functions.cpp)
  bool at_compound() const;
  Node* compound_statement();
  NodeList block(const char* after);
  Node* if_statement();
  NodeList optional_else();
  Node* while_statement();
  Node* for_statement(Mark start, bool is_async);
  Node* try_statement();
  Node* except_handler(bool& star);
  Node* with_statement(Mark start, bool is_async);
  bool parenthesized_with_items(Items& items);
  Node* with_item();
  Node* async_statement(NodeList decorators);
  Node* decorated();
  Node* function_def(Mark start, NodeList decorators, bool is_async);
  Node* class_def(NodeList decorators);
  ast::Arguments* parameters(Tok close, bool annotations);
  void check_distinct(std::vector<const Node*>& args);
  ast::Arg* parameter(bool annotations, bool star);
  NodeList type_params();
  Node* type_param();

  // --- match (parser_patterns.cpp)
  bool at_match_statement() const;
  Node* match_statement();
  Node* match_case();
  Node* case_patterns();
  Node* maybe_star_pattern();
  Node* pattern();
  Node* or_pattern();
  Node* closed_pattern();
  Node* literal_pattern_value();
  Node* signed_number();
  Node* name_pattern();
  Node* class_pattern(Mark start, Node* cls);
  Node* mapping_key();
  Node* mapping_pattern();
  Node* sequence_pattern(Tok close);

  std::string_view text_;
  SourceId source_;
  std::vector<Token> tokens_;
  TokenError token_error_;
  AstArena& arena_;
  std::uint32_t pos_ = 0;
  std::int64_t depth_ = 0;
  std::int64_t deepest_ = 0;
  std::int64_t max_depth_;
  std::int64_t max_height_;
  std::int64_t max_integer_bits_;
  std::int64_t longest_chain_ = 0;
  std::optional<Error> error_;
  Node* error_node_;
  std::vector<Node*> nodes_;    // shared by Items of elements
  std::vector<Node*> seconds_;  // shared by Items of keywords, dict values, patterns
  std::vector<Text> names_;     // intern table, open addressing, a power of two
  std::size_t name_count_ = 0;
};

}  // namespace kedge::pylang
