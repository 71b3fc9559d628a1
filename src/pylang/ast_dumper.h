// The writer behind ast_dump.h: its fields for statements are in ast_dump.cpp, those of expressions, patterns and other
// parts in ast_dump_expressions.cpp.
#pragma once

#include <string>

#include "pylang/ast.h"
#include "pylang/literal_repr.h"

namespace kedge::pylang {

class Positions;

inline constexpr const char* kBinaryOps[] = {"Add",    "Sub",    "Mult",  "MatMult", "Div",    "Mod",     "Pow",
                                             "LShift", "RShift", "BitOr", "BitXor",  "BitAnd", "FloorDiv"};
inline constexpr const char* kContexts[] = {"Load", "Store", "Del"};

class Dumper {
 public:
  Dumper(std::string& out, Positions* positions, bool skip_in_fstrings)
      : out_(out), positions_(positions), skip_in_fstrings_(skip_in_fstrings) {}

  void node(const Node* n);

 private:
  // One field: `name=value`, with the comma before it. Optional ones are left out when they hold nothing.
  void key(const char* name) {
    if (!first_) out_ += ", ";
    first_ = false;
    out_ += name;
    out_ += '=';
  }
  void field(const char* name, const Node* n) {
    key(name);
    nested(n);
  }
  void optional(const char* name, const Node* n) {
    if (n != nullptr) field(name, n);
  }
  void field(const char* name, NodeList list) {
    key(name);
    out_ += '[';
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i > 0) out_ += ", ";
      nested(list[i]);
    }
    out_ += ']';
  }
  void text(const char* name, Text value) {
    key(name);
    append_str_repr(out_, value);
  }
  void optional_text(const char* name, Text value) {
    if (value.data() != nullptr) text(name, value);
  }
  void texts(const char* name, std::span<const Text> values) {
    key(name);
    out_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out_ += ", ";
      append_str_repr(out_, values[i]);
    }
    out_ += ']';
  }
  void number(const char* name, std::int64_t value) {
    key(name);
    out_ += std::to_string(value);
  }
  void symbol(const char* name, const char* value) {
    key(name);
    out_ += value;
    out_ += "()";
  }
  void context(ExprContext ctx) { symbol("ctx", kContexts[static_cast<std::size_t>(ctx)]); }
  void nested(const Node* n) {
    if (n == nullptr) {
      out_ += "None";
      return;
    }
    const bool outer = first_;
    node(n);
    first_ = outer;
  }
  void fields(const Node& n);
  void expression_fields(const Node& n);
  void other_fields(const Node& n);
  void constant(const ast::Constant& c);
  void position(const Node& n);

  std::string& out_;
  Positions* positions_;
  bool skip_in_fstrings_;
  int fstrings_ = 0;
  bool first_ = true;
};

}  // namespace kedge::pylang
