// The second walk: what the names of every scope mean, once all bindings are known.
#include "pylang/vm/scope.h"

namespace kedge::pylang {
namespace {

// Finds the function scope around `scope` that binds `name` and marks the way; false: it is global.
bool capture(Scope* scope, const std::string& name) {
  for (Scope* outer = scope->parent; outer != nullptr; outer = outer->parent) {
    if (outer->kind == ScopeKind::module) return false;
    if (outer->kind == ScopeKind::class_) {
      if (name == "__class__") {
        outer->needs_class_cell = true;
        Symbol& s = outer->symbol(name);
        s.use = NameUse::cell;
        return true;
      }
      continue;
    }
    auto it = outer->symbols.find(name);
    if (it == outer->symbols.end()) continue;
    if (it->second.global) return false;
    if (it->second.assigned && !it->second.nonlocal) {
      it->second.use = NameUse::cell;
      return true;
    }
  }
  return false;
}

}  // namespace

void resolve_names(Scope* scope, ScopeTable& table) {
  const std::vector<std::string> names = scope->order;
  for (const std::string& name : names) {
    Symbol s = scope->symbols[name];
    if (scope->kind == ScopeKind::module) {
      s.use = NameUse::local;
    } else if (s.global) {
      s.use = NameUse::global_explicit;
    } else if (s.assigned && !s.nonlocal) {
      if (s.use != NameUse::cell) s.use = NameUse::local;
    } else if (scope->kind == ScopeKind::class_ && name == "__class__" && s.use == NameUse::cell) {
      // the cell of its own body
    } else if (capture(scope, name)) {
      s.use = NameUse::free;
      // every function scope in between hands the cell on
      for (Scope* between = scope->parent; between != nullptr && between->kind != ScopeKind::module;
           between = between->parent) {
        if (between->kind == ScopeKind::class_ && name == "__class__") break;
        auto it = between->symbols.find(name);
        const bool binds = it != between->symbols.end() && it->second.assigned && !it->second.nonlocal &&
                           !it->second.global && between->kind != ScopeKind::class_;
        if (binds) break;
        if (between->kind == ScopeKind::class_) {
          Symbol& hidden = between->symbol(".free:" + name);  // passes through a class body under a name of its own
          hidden.use = NameUse::free;
        } else {
          between->symbol(name).use = NameUse::free;
        }
      }
    } else if (s.nonlocal && !table.error) {
      Diagnostic d;
      d.code = "K0301";
      d.message = "no binding for nonlocal '" + name + "' found";
      d.primary.location = Location::at(scope->node->span);
      table.error = std::move(d);
    } else {
      s.use = NameUse::global_implicit;
    }
    Symbol& stored = scope->symbols[name];
    if (stored.use == NameUse::cell && s.use == NameUse::local) continue;
    stored = s;
  }
  for (Scope* child : scope->children) resolve_names(child, table);
}

}  // namespace kedge::pylang
