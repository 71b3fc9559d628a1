// The syntax tree of the Python dialect: exactly CPython's `ast` (names, fields, nesting), with a byte span on every
// node. One struct per node kind, named and laid out as the Abstract Grammar of Python 3.13 has it (Python Standard
// Library, "ast"). Where an identifier is optional in the grammar an empty view with data() == nullptr means None.
// Nodes, lists and texts live in an AstArena and are never freed one by one.
#pragma once

#include <cstring>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "base/source.h"

namespace kedge::pylang {

// Every node kind, for the enum, the names and the checked downcast.
// clang-format off
#define KEDGE_AST_NODES(X)                                                                                        \
  X(Module) X(Expression) X(FunctionDef) X(AsyncFunctionDef) X(ClassDef) X(Return) X(Delete) X(Assign)            \
  X(TypeAlias) X(AugAssign) X(AnnAssign) X(For) X(AsyncFor) X(While) X(If) X(With) X(AsyncWith) X(Match)          \
  X(Raise) X(Try) X(TryStar) X(Assert) X(Import) X(ImportFrom) X(Global) X(Nonlocal) X(Expr) X(Pass) X(Break)     \
  X(Continue) X(BoolOp) X(NamedExpr) X(BinOp) X(UnaryOp) X(Lambda) X(IfExp) X(Dict) X(Set) X(ListComp)            \
  X(SetComp) X(DictComp) X(GeneratorExp) X(Await) X(Yield) X(YieldFrom) X(Compare) X(Call) X(FormattedValue)      \
  X(JoinedStr) X(Constant) X(Attribute) X(Subscript) X(Starred) X(Name) X(List) X(Tuple) X(Slice)                 \
  X(Comprehension) X(ExceptHandler) X(Arguments) X(Arg) X(Keyword) X(Alias) X(WithItem) X(MatchCase)              \
  X(MatchValue) X(MatchSingleton) X(MatchSequence) X(MatchMapping) X(MatchClass) X(MatchStar) X(MatchAs)          \
  X(MatchOr) X(TypeVar) X(ParamSpec) X(TypeVarTuple)
// clang-format on

enum class NodeKind : unsigned char {
#define X(name) name,
  KEDGE_AST_NODES(X)
#undef X
};

enum class BoolOperator : unsigned char { And, Or };
enum class BinaryOperator : unsigned char {
  Add,
  Sub,
  Mult,
  MatMult,
  Div,
  Mod,
  Pow,
  LShift,
  RShift,
  BitOr,
  BitXor,
  BitAnd,
  FloorDiv
};
enum class UnaryOperator : unsigned char { Invert, Not, UAdd, USub };
enum class CompareOperator : unsigned char { Eq, NotEq, Lt, LtE, Gt, GtE, Is, IsNot, In, NotIn };
enum class ExprContext : unsigned char { Load, Store, Del };
enum class ConstantKind : unsigned char { None, True, False, Ellipsis, Int, Float, Complex, Str, Bytes };

struct Node {
  NodeKind kind;
  Span span;
};
using NodeList = std::span<Node* const>;
using Text = std::string_view;

namespace ast {

#define KEDGE_NODE(name)               \
  name() : Node{NodeKind::name, {}} {} \
  static constexpr NodeKind kKind = NodeKind::name

struct Arguments;

// A node a line, as in the abstract grammar of the Python Language Reference.
// clang-format off
// --- mod
struct Module : Node { KEDGE_NODE(Module); NodeList body; };
struct Expression : Node { KEDGE_NODE(Expression); Node* body = nullptr; };

// --- stmt
struct FunctionDefBase : Node {
  using Node::Node;
  explicit FunctionDefBase(NodeKind k) : Node{k, {}} {}
  Text name;
  Span name_span;
  Arguments* args = nullptr;
  NodeList body, decorator_list;
  Node* returns = nullptr;
  NodeList type_params;
};
struct FunctionDef : FunctionDefBase { FunctionDef() : FunctionDefBase(NodeKind::FunctionDef) {} static constexpr NodeKind kKind = NodeKind::FunctionDef; };
struct AsyncFunctionDef : FunctionDefBase { AsyncFunctionDef() : FunctionDefBase(NodeKind::AsyncFunctionDef) {} static constexpr NodeKind kKind = NodeKind::AsyncFunctionDef; };
struct ClassDef : Node { KEDGE_NODE(ClassDef); Text name; Span name_span; NodeList bases, keywords, body, decorator_list, type_params; };
struct Return : Node { KEDGE_NODE(Return); Node* value = nullptr; };
struct Delete : Node { KEDGE_NODE(Delete); NodeList targets; };
struct Assign : Node { KEDGE_NODE(Assign); NodeList targets; Node* value = nullptr; };
struct TypeAlias : Node { KEDGE_NODE(TypeAlias); Node* name = nullptr; NodeList type_params; Node* value = nullptr; };
struct AugAssign : Node { KEDGE_NODE(AugAssign); Node* target = nullptr; BinaryOperator op{}; Node* value = nullptr; };
struct AnnAssign : Node { KEDGE_NODE(AnnAssign); Node* target = nullptr; Node* annotation = nullptr; Node* value = nullptr; bool simple = false; };
struct ForBase : Node {
  explicit ForBase(NodeKind k) : Node{k, {}} {}
  Node* target = nullptr;
  Node* iter = nullptr;
  NodeList body, orelse;
};
struct For : ForBase { For() : ForBase(NodeKind::For) {} static constexpr NodeKind kKind = NodeKind::For; };
struct AsyncFor : ForBase { AsyncFor() : ForBase(NodeKind::AsyncFor) {} static constexpr NodeKind kKind = NodeKind::AsyncFor; };
struct While : Node { KEDGE_NODE(While); Node* test = nullptr; NodeList body, orelse; };
struct If : Node { KEDGE_NODE(If); Node* test = nullptr; NodeList body, orelse; };
struct WithBase : Node {
  explicit WithBase(NodeKind k) : Node{k, {}} {}
  NodeList items, body;
};
struct With : WithBase { With() : WithBase(NodeKind::With) {} static constexpr NodeKind kKind = NodeKind::With; };
struct AsyncWith : WithBase { AsyncWith() : WithBase(NodeKind::AsyncWith) {} static constexpr NodeKind kKind = NodeKind::AsyncWith; };
struct Match : Node { KEDGE_NODE(Match); Node* subject = nullptr; NodeList cases; };
struct Raise : Node { KEDGE_NODE(Raise); Node* exc = nullptr; Node* cause = nullptr; };
struct TryBase : Node {
  explicit TryBase(NodeKind k) : Node{k, {}} {}
  NodeList body, handlers, orelse, finalbody;
};
struct Try : TryBase { Try() : TryBase(NodeKind::Try) {} static constexpr NodeKind kKind = NodeKind::Try; };
struct TryStar : TryBase { TryStar() : TryBase(NodeKind::TryStar) {} static constexpr NodeKind kKind = NodeKind::TryStar; };
struct Assert : Node { KEDGE_NODE(Assert); Node* test = nullptr; Node* msg = nullptr; };
struct Import : Node { KEDGE_NODE(Import); NodeList names; };
struct ImportFrom : Node { KEDGE_NODE(ImportFrom); Text module; NodeList names; int level = 0; };
struct Global : Node { KEDGE_NODE(Global); std::span<const Text> names; };
struct Nonlocal : Node { KEDGE_NODE(Nonlocal); std::span<const Text> names; };
struct Expr : Node { KEDGE_NODE(Expr); Node* value = nullptr; };
struct Pass : Node { KEDGE_NODE(Pass); };
struct Break : Node { KEDGE_NODE(Break); };
struct Continue : Node { KEDGE_NODE(Continue); };

// --- expr
struct BoolOp : Node { KEDGE_NODE(BoolOp); BoolOperator op{}; NodeList values; };
struct NamedExpr : Node { KEDGE_NODE(NamedExpr); Node* target = nullptr; Node* value = nullptr; };
struct BinOp : Node { KEDGE_NODE(BinOp); Node* left = nullptr; BinaryOperator op{}; Node* right = nullptr; };
struct UnaryOp : Node { KEDGE_NODE(UnaryOp); UnaryOperator op{}; Node* operand = nullptr; };
struct Lambda : Node { KEDGE_NODE(Lambda); Arguments* args = nullptr; Node* body = nullptr; };
struct IfExp : Node { KEDGE_NODE(IfExp); Node* test = nullptr; Node* body = nullptr; Node* orelse = nullptr; };
struct Dict : Node { KEDGE_NODE(Dict); NodeList keys /* nullptr: ** */, values; };
struct Set : Node { KEDGE_NODE(Set); NodeList elts; };
struct ListComp : Node { KEDGE_NODE(ListComp); Node* elt = nullptr; NodeList generators; };
struct SetComp : Node { KEDGE_NODE(SetComp); Node* elt = nullptr; NodeList generators; };
struct DictComp : Node { KEDGE_NODE(DictComp); Node* key = nullptr; Node* value = nullptr; NodeList generators; };
struct GeneratorExp : Node { KEDGE_NODE(GeneratorExp); Node* elt = nullptr; NodeList generators; };
struct Await : Node { KEDGE_NODE(Await); Node* value = nullptr; };
struct Yield : Node { KEDGE_NODE(Yield); Node* value = nullptr; };
struct YieldFrom : Node { KEDGE_NODE(YieldFrom); Node* value = nullptr; };
struct Compare : Node { KEDGE_NODE(Compare); Node* left = nullptr; std::span<const CompareOperator> ops; NodeList comparators; };
struct Call : Node { KEDGE_NODE(Call); Node* func = nullptr; NodeList args, keywords; };
struct FormattedValue : Node { KEDGE_NODE(FormattedValue); Node* value = nullptr; int conversion = -1; Node* format_spec = nullptr; };
struct JoinedStr : Node { KEDGE_NODE(JoinedStr); NodeList values; };
/// Int keeps its value as decimal digits in `text` (any length); Float has `number`; Complex the imaginary part in `number`;
/// Str has UTF-8 in `text` (a lone surrogate as its 3-byte form); Bytes has raw bytes in `text`.
struct Constant : Node { KEDGE_NODE(Constant); ConstantKind constant{}; Text text; double number = 0; bool u_prefix = false; };
struct Attribute : Node { KEDGE_NODE(Attribute); Node* value = nullptr; Text attr; Span attr_span; ExprContext ctx{}; };
struct Subscript : Node { KEDGE_NODE(Subscript); Node* value = nullptr; Node* slice = nullptr; ExprContext ctx{}; };
struct Starred : Node { KEDGE_NODE(Starred); Node* value = nullptr; ExprContext ctx{}; };
struct Name : Node { KEDGE_NODE(Name); Text id; ExprContext ctx{}; };
struct List : Node { KEDGE_NODE(List); NodeList elts; ExprContext ctx{}; };
struct Tuple : Node { KEDGE_NODE(Tuple); NodeList elts; ExprContext ctx{}; };
struct Slice : Node { KEDGE_NODE(Slice); Node* lower = nullptr; Node* upper = nullptr; Node* step = nullptr; };

// --- the rest
struct Comprehension : Node { KEDGE_NODE(Comprehension); Node* target = nullptr; Node* iter = nullptr; NodeList ifs; bool is_async = false; };
struct ExceptHandler : Node { KEDGE_NODE(ExceptHandler); Node* type = nullptr; Text name; NodeList body; };
struct Arg : Node { KEDGE_NODE(Arg); Text arg; Node* annotation = nullptr; };
struct Arguments : Node {
  KEDGE_NODE(Arguments);
  NodeList posonlyargs, args;
  Arg* vararg = nullptr;
  NodeList kwonlyargs, kw_defaults /* nullptr: none */;
  Arg* kwarg = nullptr;
  NodeList defaults;
};
struct Keyword : Node { KEDGE_NODE(Keyword); Text arg; Node* value = nullptr; };
struct Alias : Node { KEDGE_NODE(Alias); Text name, asname; };
struct WithItem : Node { KEDGE_NODE(WithItem); Node* context_expr = nullptr; Node* optional_vars = nullptr; };
struct MatchCase : Node { KEDGE_NODE(MatchCase); Node* pattern = nullptr; Node* guard = nullptr; NodeList body; };
struct MatchValue : Node { KEDGE_NODE(MatchValue); Node* value = nullptr; };
struct MatchSingleton : Node { KEDGE_NODE(MatchSingleton); ConstantKind value{}; };
struct MatchSequence : Node { KEDGE_NODE(MatchSequence); NodeList patterns; };
struct MatchMapping : Node { KEDGE_NODE(MatchMapping); NodeList keys, patterns; Text rest; };
struct MatchClass : Node { KEDGE_NODE(MatchClass); Node* cls = nullptr; NodeList patterns; std::span<const Text> kwd_attrs; NodeList kwd_patterns; };
struct MatchStar : Node { KEDGE_NODE(MatchStar); Text name; };
struct MatchAs : Node { KEDGE_NODE(MatchAs); Node* pattern = nullptr; Text name; };
struct MatchOr : Node { KEDGE_NODE(MatchOr); NodeList patterns; };
struct TypeVar : Node { KEDGE_NODE(TypeVar); Text name; Node* bound = nullptr; Node* default_value = nullptr; };
struct ParamSpec : Node { KEDGE_NODE(ParamSpec); Text name; Node* default_value = nullptr; };
struct TypeVarTuple : Node { KEDGE_NODE(TypeVarTuple); Text name; Node* default_value = nullptr; };

// clang-format on
#undef KEDGE_NODE
}  // namespace ast

/// The node as its struct, or nullptr when it is of another kind (or nullptr).
template <typename T>
T* node_cast(Node* node) {
  return node != nullptr && node->kind == T::kKind ? static_cast<T*>(node) : nullptr;
}
template <typename T>
const T* node_cast(const Node* node) {
  return node != nullptr && node->kind == T::kKind ? static_cast<const T*>(node) : nullptr;
}

/// Owns the nodes, lists and texts of one or more trees.
class AstArena {
 public:
  template <typename T>
  T* make(Span span) {
    T* node = new (memory_.allocate(sizeof(T), alignof(T))) T();
    node->span = span;
    return node;
  }
  template <typename T>
  std::span<const T> list(const std::vector<T>& items) {
    if (items.empty()) return {};
    T* copy = static_cast<T*>(memory_.allocate(items.size() * sizeof(T), alignof(T)));
    std::memcpy(static_cast<void*>(copy), items.data(), items.size() * sizeof(T));
    return {copy, items.size()};
  }
  template <typename T>
  std::span<const T> copy(const T* items, std::size_t count) {
    if (count == 0) return {};
    // NOLINTBEGIN(bugprone-sizeof-expression): also arrays of pointers
    T* copied = static_cast<T*>(memory_.allocate(count * sizeof(T), alignof(T)));
    std::memcpy(static_cast<void*>(copied), items, count * sizeof(T));
    // NOLINTEND(bugprone-sizeof-expression)
    return {copied, count};
  }
  /// A copy that lives as long as the arena; never nullptr, so "" stays distinct from None.
  Text text(std::string_view value) {
    char* copy = static_cast<char*>(memory_.allocate(value.size() + 1, 1));
    std::memcpy(copy, value.data(), value.size());
    copy[value.size()] = '\0';
    return {copy, value.size()};
  }

 private:
  std::pmr::monotonic_buffer_resource memory_{std::size_t{64} << 10};
};

}  // namespace kedge::pylang
