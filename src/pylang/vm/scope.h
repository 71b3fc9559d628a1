// Which variable a name means: local, shared with an inner function (cell), taken from an outer one (free), or global.
// Language Reference, 4.2 "Naming and binding"; comprehensions are functions of their own, as in Python 3.11.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "pylang/ast.h"

namespace kedge::pylang {

enum class ScopeKind : unsigned char { module, class_, function, comprehension };
enum class NameUse : unsigned char { local, cell, free, global_implicit, global_explicit };

struct Symbol {
  bool assigned = false, parameter = false, used = false, global = false, nonlocal = false;
  NameUse use = NameUse::global_implicit;
  int order = 0;
};

struct Scope {
  ScopeKind kind = ScopeKind::module;
  const Node* node = nullptr;
  Scope* parent = nullptr;
  std::string class_name;  // for mangling: the innermost enclosing class
  std::unordered_map<std::string, Symbol> symbols;
  std::vector<std::string> order;
  std::vector<Scope*> children;
  bool is_generator = false, is_coroutine = false, needs_class_cell = false;
  bool function_like() const { return kind == ScopeKind::function || kind == ScopeKind::comprehension; }
  Symbol& symbol(const std::string& name) {
    auto [it, fresh] = symbols.try_emplace(name);
    if (fresh) {
      it->second.order = static_cast<int>(order.size());
      order.push_back(name);
    }
    return it->second;
  }
};

struct ScopeTable {
  std::vector<std::unique_ptr<Scope>> scopes;
  std::unordered_map<const Node*, Scope*> by_node;
  std::optional<Diagnostic> error;
};

/// Analyses a module (or an expression) tree.
ScopeTable analyse_scopes(const Node& root);

/// Fills `use` of every name of `scope` and the scopes inside it; K0301 in the table for a nonlocal without a binding.
void resolve_names(Scope* scope, ScopeTable& table);

/// `__x` inside class C is `_C__x`.
std::string mangle(const std::string& class_name, std::string_view name);

}  // namespace kedge::pylang
