// Prints a tree as CPython 3.11's ast.dump(tree) does, byte for byte. Fields that 3.11 does not know (type_params)
// appear only when they hold something.
#include "pylang/ast_dump.h"

#include <algorithm>

#include "pylang/ast_dumper.h"
#include "pylang/parser.h"
#include "pylang/parser_source.h"

namespace kedge::pylang {

namespace {

constexpr const char* kNames[] = {
#define X(name) #name,
    KEDGE_AST_NODES(X)
#undef X
};

/// CPython writes these few kinds in lower case.
const char* node_name(NodeKind kind) {
  switch (kind) {
    case NodeKind::Comprehension: return "comprehension";
    case NodeKind::Arguments: return "arguments";
    case NodeKind::Arg: return "arg";
    case NodeKind::Keyword: return "keyword";
    case NodeKind::Alias: return "alias";
    case NodeKind::WithItem: return "withitem";
    case NodeKind::MatchCase: return "match_case";
    default: return kNames[static_cast<std::size_t>(kind)];
  }
}

bool has_position(NodeKind kind) {
  switch (kind) {
    case NodeKind::Module:
    case NodeKind::Expression:
    case NodeKind::Comprehension:
    case NodeKind::Arguments:
    case NodeKind::WithItem:
    case NodeKind::MatchCase: return false;
    default: return true;
  }
}

}  // namespace

/// Lines as the tokenizer counts them (a lone carriage return ends one too) and columns in bytes of UTF-8.
class Positions {
 public:
  explicit Positions(std::string_view text) : text_(text) {
    const SourceEncoding encoding = detect_encoding(text);
    latin1_ = encoding.latin1;
    starts_.push_back(encoding.start);
    for (std::uint32_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n' || (text[i] == '\r' && (i + 1 >= text.size() || text[i + 1] != '\n')))
        starts_.push_back(i + 1);
    }
  }
  std::pair<std::uint32_t, std::uint32_t> operator()(std::uint32_t offset) {
    // Nodes come roughly in order, so the last line is a good first guess.
    if (offset < starts_[last_] || (last_ + 1 < starts_.size() && offset >= starts_[last_ + 1])) {
      std::size_t low = 0, high = starts_.size();
      while (high - low > 1) {
        const std::size_t middle = (low + high) / 2;
        (starts_[middle] <= offset ? low : high) = middle;
      }
      last_ = low;
    }
    std::uint32_t column = offset - std::min(offset, starts_[last_]);
    if (latin1_) {
      for (std::uint32_t i = starts_[last_]; i < offset; ++i)
        column += static_cast<unsigned char>(text_[i]) >= 0x80 ? 1 : 0;
    }
    return {static_cast<std::uint32_t>(last_ + 1), column};
  }

 private:
  std::string_view text_;
  std::vector<std::uint32_t> starts_;
  std::size_t last_ = 0;
  bool latin1_ = false;
};

void Dumper::position(const Node& n) {
  const auto [line, column] = (*positions_)(n.span.begin);
  const auto [end_line, end_column] = (*positions_)(n.span.end);
  number("lineno", line);
  number("col_offset", column);
  number("end_lineno", end_line);
  number("end_col_offset", end_column);
}

void Dumper::node(const Node* n) {
  out_ += node_name(n->kind);
  out_ += '(';
  first_ = true;
  const bool fstring = n->kind == NodeKind::JoinedStr;
  fstrings_ += fstring ? 1 : 0;
  fields(*n);
  fstrings_ -= fstring ? 1 : 0;
  if (positions_ != nullptr && has_position(n->kind) && !(skip_in_fstrings_ && fstrings_ > 0)) position(*n);
  out_ += ')';
}

void Dumper::constant(const ast::Constant& c) {
  key("value");
  switch (c.constant) {
    case ConstantKind::None: out_ += "None"; break;
    case ConstantKind::True: out_ += "True"; break;
    case ConstantKind::False: out_ += "False"; break;
    case ConstantKind::Ellipsis: out_ += "Ellipsis"; break;
    case ConstantKind::Int: out_ += c.text; break;
    case ConstantKind::Float: append_float_repr(out_, c.number, true); break;
    case ConstantKind::Complex:
      append_float_repr(out_, c.number, false);
      out_ += 'j';
      break;
    case ConstantKind::Str: append_str_repr(out_, c.text); break;
    case ConstantKind::Bytes: append_bytes_repr(out_, c.text); break;
  }
  if (c.u_prefix) text("kind", "u");
}

#define AS(kind_name) const auto& n = static_cast<const ast::kind_name&>(base)

void Dumper::fields(const Node& base) {
  switch (base.kind) {
    case NodeKind::Module: {
      AS(Module);
      field("body", n.body);
      return field("type_ignores", NodeList());
    }
    case NodeKind::Expression: {
      AS(Expression);
      return field("body", n.body);
    }
    case NodeKind::FunctionDef:
    case NodeKind::AsyncFunctionDef: {
      AS(FunctionDefBase);
      text("name", n.name);
      field("args", n.args);
      field("body", n.body);
      field("decorator_list", n.decorator_list);
      optional("returns", n.returns);
      if (!n.type_params.empty()) field("type_params", n.type_params);
      return;
    }
    case NodeKind::ClassDef: {
      AS(ClassDef);
      text("name", n.name);
      field("bases", n.bases);
      field("keywords", n.keywords);
      field("body", n.body);
      field("decorator_list", n.decorator_list);
      if (!n.type_params.empty()) field("type_params", n.type_params);
      return;
    }
    case NodeKind::Return: {
      AS(Return);
      return optional("value", n.value);
    }
    case NodeKind::Delete: {
      AS(Delete);
      return field("targets", n.targets);
    }
    case NodeKind::Assign: {
      AS(Assign);
      field("targets", n.targets);
      return field("value", n.value);
    }
    case NodeKind::TypeAlias: {
      AS(TypeAlias);
      field("name", n.name);
      field("type_params", n.type_params);
      return field("value", n.value);
    }
    case NodeKind::AugAssign: {
      AS(AugAssign);
      field("target", n.target);
      symbol("op", kBinaryOps[static_cast<std::size_t>(n.op)]);
      return field("value", n.value);
    }
    case NodeKind::AnnAssign: {
      AS(AnnAssign);
      field("target", n.target);
      field("annotation", n.annotation);
      optional("value", n.value);
      return number("simple", n.simple ? 1 : 0);
    }
    case NodeKind::For:
    case NodeKind::AsyncFor: {
      AS(ForBase);
      field("target", n.target);
      field("iter", n.iter);
      field("body", n.body);
      return field("orelse", n.orelse);
    }
    case NodeKind::While: {
      AS(While);
      field("test", n.test);
      field("body", n.body);
      return field("orelse", n.orelse);
    }
    case NodeKind::If: {
      AS(If);
      field("test", n.test);
      field("body", n.body);
      return field("orelse", n.orelse);
    }
    case NodeKind::With:
    case NodeKind::AsyncWith: {
      AS(WithBase);
      field("items", n.items);
      return field("body", n.body);
    }
    case NodeKind::Match: {
      AS(Match);
      field("subject", n.subject);
      return field("cases", n.cases);
    }
    case NodeKind::Raise: {
      AS(Raise);
      optional("exc", n.exc);
      return optional("cause", n.cause);
    }
    case NodeKind::Try:
    case NodeKind::TryStar: {
      AS(TryBase);
      field("body", n.body);
      field("handlers", n.handlers);
      field("orelse", n.orelse);
      return field("finalbody", n.finalbody);
    }
    case NodeKind::Assert: {
      AS(Assert);
      field("test", n.test);
      return optional("msg", n.msg);
    }
    case NodeKind::Import: {
      AS(Import);
      return field("names", n.names);
    }
    case NodeKind::ImportFrom: {
      AS(ImportFrom);
      optional_text("module", n.module);
      field("names", n.names);
      return number("level", n.level);
    }
    case NodeKind::Global: {
      AS(Global);
      return texts("names", n.names);
    }
    case NodeKind::Nonlocal: {
      AS(Nonlocal);
      return texts("names", n.names);
    }
    case NodeKind::Expr: {
      AS(Expr);
      return field("value", n.value);
    }
    case NodeKind::Pass:
    case NodeKind::Break:
    case NodeKind::Continue: return;
    default: return expression_fields(base);
  }
}
#undef AS

std::string dump(const Node& node) {
  std::string out;
  Dumper(out, nullptr, false).node(&node);
  return out;
}

std::string dump_with_positions(const Node& node, const SourceMap& sources) {
  return dump_with_positions(node, sources, FStringPositions::shown);
}

std::string dump_with_positions(const Node& node, const SourceMap& sources, FStringPositions inside) {
  std::string out;
  Positions positions(sources.get(node.span.source).text);
  Dumper(out, &positions, inside == FStringPositions::hidden).node(&node);
  return out;
}

}  // namespace kedge::pylang
