// Syntax tree to bytecode. One FunctionCompiler per code object; the statements, expressions, functions and patterns
// are in their own files.
#pragma once

#include "pylang/vm/impl.h"
#include "pylang/vm/scope.h"

namespace kedge::pylang {

/// Shared by all code objects of one source.
struct Unit {
  Interp& interp;
  ScopeTable scopes;
  bool trusted = false;
  bool lazy_annotations = false;  // from __future__ import annotations
  std::optional<Diagnostic> error;
};

class Compiler {
 public:
  Compiler(Unit& unit, Scope* scope, Code* code, std::string qualname_prefix);

  void compile_module(const ast::Module* module);
  void compile_expression_module(const Node* expression);

 private:
  // What a return, break or continue has to leave on its way out.
  struct Enclosing {
    enum class Kind : std::uint8_t {
      loop,
      for_loop,
      try_body,
      finally_body,
      with_body,
      handler,
      named_handler,
      finally_handler,
      value
    } kind;
    std::int32_t continue_target = -1;
    std::vector<std::int32_t>* breaks = nullptr;
    NodeList finalbody;
    Text handler_name;
    Span span;
  };

  // ---- emitting
  std::int32_t emit(Op op, std::int32_t a = 0, std::uint8_t x = 0, std::uint16_t b = 0);
  std::int32_t here() const { return static_cast<std::int32_t>(code_->instructions.size()); }
  void patch(std::int32_t at) { code_->instructions[at].a = here(); }
  std::int32_t constant(Value value);
  void load_constant(Value value) { emit(Op::load_const, constant(value)); }
  std::int32_t name_index(Str* name);
  void fail(Span span, std::string message);
  struct At {  // the span of what is emitted meanwhile
    At(Compiler& c, Span span) : compiler(c), saved(c.span_) {
      if (span.valid()) c.span_ = span;
    }
    ~At() { compiler.span_ = saved; }
    Compiler& compiler;
    Span saved;
  };

  // ---- names
  enum class Access : std::uint8_t { load, store, del };
  void name(std::string_view id, Access access);
  Str* mangled(Text text) { return unit_.interp.intern(mangle(scope_->class_name, text)); }
  std::int32_t slot_of(const std::string& name);
  void make_slots(const ast::Arguments* args);

  // ---- expressions
  void expression(const Node* n);
  void constant_node(const ast::Constant* n);
  void bool_op(const ast::BoolOp* n);
  void compare(const ast::Compare* n);
  void call(const ast::Call* n);
  void arguments(NodeList args, NodeList keywords, std::int32_t already, bool method_shape);
  void if_expression(const ast::IfExp* n);
  void joined_str(const ast::JoinedStr* n);
  void dict_display(const ast::Dict* n);
  void sequence_display(NodeList elts, Op build, Op append, Op extend);
  void subscript_key(const Node* slice);
  void comprehension(const Node* n, NodeList generators, const Node* elt, const Node* value);
  void comprehension_loop(const Node* n, NodeList generators, std::size_t index, const Node* elt, const Node* value);
  void condition(const Node* test, bool jump_if,
                 std::vector<std::int32_t>& jumps);  // concrete truth (comprehension ifs, guards)
  void store(const Node* target);
  void store_sequence(NodeList elts, Span span);
  void del(const Node* target);

  // ---- statements
  void block(NodeList body);
  void body_with_docstring(NodeList body);
  void statement(const Node* n);
  void assign(const ast::Assign* n);
  void aug_assign(const ast::AugAssign* n);
  void ann_assign(const ast::AnnAssign* n);
  void annotation_value(const Node* annotation);
  void for_loop(const ast::ForBase* n);
  void while_loop(const ast::While* n);
  void if_statement(const ast::If* n);
  void with_statement(NodeList items, std::size_t index, NodeList body, Span span);
  void try_statement(const ast::TryBase* n);
  void try_except(const ast::TryBase* n);
  void try_star(const ast::TryBase* n);
  void handler_body(const ast::ExceptHandler* h);
  void unwind(std::size_t down_to, bool keep_value);
  void leave(const Enclosing& e, bool keep_value);
  void return_statement(const Node* value);
  void loop_exit(bool is_break, Span span);
  void import(const ast::Import* n);
  void import_from(const ast::ImportFrom* n);
  void delete_name_after_handler(Text name);

  // ---- functions and classes
  void function_def(const ast::FunctionDefBase* n);
  void class_def(const ast::ClassDef* n);
  void lambda(const ast::Lambda* n);
  void make_function(const Code* code, Scope* inner, std::uint8_t flags);
  std::uint8_t defaults(const ast::Arguments* args);
  void annotations(const ast::FunctionDefBase* n, std::uint8_t& flags);
  Code* new_code(const Node* node, Scope* scope, std::string_view name, Compiler& outer);
  void type_params(NodeList params);
  void decorate(std::size_t count, NodeList decorators);

  // ---- patterns
  using Captures =
      std::vector<std::pair<std::string, std::int32_t>>;  // name -> temporary, assigned once the whole pattern fits
  void match_statement(const ast::Match* n);
  void pattern(const Node* p, std::vector<std::int32_t>& fails, std::int32_t subject, Captures& captures);
  void sequence_pattern(const ast::MatchSequence* p, std::vector<std::int32_t>& fails, std::int32_t subject,
                        Captures& captures);
  void mapping_pattern(const ast::MatchMapping* p, std::vector<std::int32_t>& fails, std::int32_t subject,
                       Captures& captures);
  void class_pattern(const ast::MatchClass* p, std::vector<std::int32_t>& fails, std::int32_t subject,
                     Captures& captures);
  void capture(std::string_view id, std::int32_t subject, Captures& captures);
  std::int32_t temporary();

  Unit& unit_;
  Interp& interp_;
  Scope* scope_;
  Code* code_;
  std::string prefix_;  // of qualified names of what is defined inside
  Span span_;
  std::vector<Enclosing> enclosing_;
  std::vector<std::int32_t> open_branches_;  // indices into code_->branches, with the loop nesting at which each opened
  std::vector<std::size_t> branch_loops_;
  std::unordered_map<std::string, std::int32_t> slots_;
  std::unordered_map<const Str*, std::int32_t> name_indices_;
  std::vector<std::int32_t> free_temporaries_;
  int depth_ = 0;
};

/// Compiles a whole module. nullptr: `error` says why.
const Code* compile_module(Interp& interp, const ast::Module& module, std::string_view name, bool trusted,
                           std::optional<Diagnostic>& error);

}  // namespace kedge::pylang
