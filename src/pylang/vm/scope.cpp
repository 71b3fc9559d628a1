// The first walk: which names every scope binds and uses. What each of them means is scope_resolve.cpp.
#include "pylang/vm/scope.h"

namespace kedge::pylang {

std::string mangle(const std::string& class_name, std::string_view name) {
  if (class_name.empty() || name.size() < 3 || name.substr(0, 2) != "__" || name.ends_with("__") ||
      name.find('.') != name.npos)
    return std::string(name);
  const std::size_t start = class_name.find_first_not_of('_');
  if (start == std::string::npos) return std::string(name);
  return "_" + class_name.substr(start) + std::string(name);
}

namespace {

class Collector {
 public:
  explicit Collector(ScopeTable& table) : table_(table) {}

  Scope* open(ScopeKind kind, const Node* node) {
    table_.scopes.push_back(std::make_unique<Scope>());
    Scope* scope = table_.scopes.back().get();
    scope->kind = kind;
    scope->node = node;
    scope->parent = current_;
    if (current_ != nullptr) {
      current_->children.push_back(scope);
      scope->class_name = current_->class_name;
    }
    table_.by_node[node] = scope;
    current_ = scope;
    return scope;
  }
  void close() { current_ = current_->parent; }

  void block(NodeList nodes) {
    for (const Node* n : nodes) visit(n);
  }
  void visit(const Node* n);

 private:
  std::string mangled(Text name) const { return mangle(current_->class_name, name); }
  void bind(Text name) { current_->symbol(mangled(name)).assigned = true; }
  void fail(Span span, std::string message) {
    if (table_.error) return;
    Diagnostic d;
    d.code = "K0301";
    d.message = std::move(message);
    d.primary.location = Location::at(span);
    table_.error = std::move(d);
  }
  void name(const ast::Name* n) {
    Symbol& s = current_->symbol(mangled(n->id));
    if (n->ctx == ExprContext::Load) {
      s.used = true;
      if (n->id == "super" && current_->function_like()) current_->symbol("__class__").used = true;
    } else {
      s.assigned = true;
    }
  }
  void parameters(const ast::Arguments* a) {
    const auto add = [&](const Node* p) {
      Symbol& s = current_->symbol(mangled(static_cast<const ast::Arg*>(p)->arg));
      if (s.parameter)
        fail(p->span,
             "duplicate argument '" + std::string(static_cast<const ast::Arg*>(p)->arg) + "' in function definition");
      s.parameter = s.assigned = true;
    };
    for (const Node* p : a->posonlyargs) add(p);
    for (const Node* p : a->args) add(p);
    for (const Node* p : a->kwonlyargs) add(p);
    if (a->vararg != nullptr) add(a->vararg);
    if (a->kwarg != nullptr) add(a->kwarg);
  }
  void defaults(const ast::Arguments* a) {
    block(a->defaults);
    for (const Node* d : a->kw_defaults) visit(d);
  }
  void annotations(const ast::Arguments* a) {
    const auto one = [&](const Node* p) {
      if (p != nullptr) visit(static_cast<const ast::Arg*>(p)->annotation);
    };
    for (const Node* p : a->posonlyargs) one(p);
    for (const Node* p : a->args) one(p);
    one(a->vararg);
    for (const Node* p : a->kwonlyargs) one(p);
    one(a->kwarg);
  }
  void type_params(NodeList list) {
    for (const Node* p : list) {
      if (auto* t = node_cast<ast::TypeVar>(p)) {
        bind(t->name);
        visit(t->bound);
        visit(t->default_value);
      }
      if (auto* t = node_cast<ast::ParamSpec>(p)) {
        bind(t->name);
        visit(t->default_value);
      }
      if (auto* t = node_cast<ast::TypeVarTuple>(p)) {
        bind(t->name);
        visit(t->default_value);
      }
    }
  }
  void comprehension(const Node* n, NodeList generators, const Node* a, const Node* b) {
    visit(static_cast<const ast::Comprehension*>(generators[0])->iter);
    open(ScopeKind::comprehension, n)->is_generator = n->kind == NodeKind::GeneratorExp;
    current_->symbol(".0").parameter = current_->symbol(".0").assigned = true;
    for (std::size_t i = 0; i < generators.size(); ++i) {
      auto* g = static_cast<const ast::Comprehension*>(generators[i]);
      if (i > 0) visit(g->iter);
      visit(g->target);
      block(g->ifs);
      if (g->is_async) current_->is_coroutine = true;
    }
    visit(a);
    visit(b);
    close();
  }
  void walrus(const ast::NamedExpr* n) {
    visit(n->value);
    const auto* target = static_cast<const ast::Name*>(n->target);
    Scope* home = current_;
    while (home->kind == ScopeKind::comprehension) home = home->parent;
    const std::string id = mangled(target->id);
    if (home == current_) {
      home->symbol(id).assigned = true;
      return;
    }
    Symbol& outer = home->symbol(id);
    outer.assigned = true;
    const bool as_global = home->kind == ScopeKind::module || outer.global;
    for (Scope* s = current_; s != home; s = s->parent) {
      Symbol& inner = s->symbol(id);
      inner.used = true;
      if (as_global) inner.global = true;
      else inner.nonlocal = true;
    }
  }
  void function(const ast::FunctionDefBase* f) {
    block(f->decorator_list);
    defaults(f->args);
    bind(f->name);
    type_params(f->type_params);
    annotations(f->args);
    visit(f->returns);
    Scope* s = open(ScopeKind::function, f);
    s->is_coroutine = f->kind == NodeKind::AsyncFunctionDef;
    parameters(f->args);
    block(f->body);
    close();
  }

  ScopeTable& table_;
  Scope* current_ = nullptr;
};

void Collector::visit(const Node* n) {
  if (n == nullptr) return;
  switch (n->kind) {
    case NodeKind::Module: block(static_cast<const ast::Module*>(n)->body); break;
    case NodeKind::Expression: visit(static_cast<const ast::Expression*>(n)->body); break;
    case NodeKind::FunctionDef:
    case NodeKind::AsyncFunctionDef: function(static_cast<const ast::FunctionDefBase*>(n)); break;
    case NodeKind::ClassDef: {
      auto* c = static_cast<const ast::ClassDef*>(n);
      block(c->decorator_list);
      type_params(c->type_params);
      block(c->bases);
      block(c->keywords);
      bind(c->name);
      Scope* s = open(ScopeKind::class_, n);
      s->class_name = std::string(c->name);
      block(c->body);
      close();
      break;
    }
    case NodeKind::Return: visit(static_cast<const ast::Return*>(n)->value); break;
    case NodeKind::Delete: block(static_cast<const ast::Delete*>(n)->targets); break;
    case NodeKind::Assign:
      visit(static_cast<const ast::Assign*>(n)->value);
      block(static_cast<const ast::Assign*>(n)->targets);
      break;
    case NodeKind::TypeAlias: {
      auto* t = static_cast<const ast::TypeAlias*>(n);
      visit(t->name);
      type_params(t->type_params);
      visit(t->value);
      break;
    }
    case NodeKind::AugAssign: {
      auto* a = static_cast<const ast::AugAssign*>(n);
      visit(a->target);
      if (auto* name_node = node_cast<ast::Name>(a->target)) current_->symbol(mangled(name_node->id)).used = true;
      visit(a->value);
      break;
    }
    case NodeKind::AnnAssign: {
      auto* a = static_cast<const ast::AnnAssign*>(n);
      if (a->value != nullptr || a->simple) visit(a->target);
      else visit(a->target);
      visit(a->annotation);
      visit(a->value);
      break;
    }
    case NodeKind::For:
    case NodeKind::AsyncFor: {
      auto* f = static_cast<const ast::ForBase*>(n);
      visit(f->iter);
      visit(f->target);
      block(f->body);
      block(f->orelse);
      break;
    }
    case NodeKind::While: {
      auto* w = static_cast<const ast::While*>(n);
      visit(w->test);
      block(w->body);
      block(w->orelse);
      break;
    }
    case NodeKind::If: {
      auto* w = static_cast<const ast::If*>(n);
      visit(w->test);
      block(w->body);
      block(w->orelse);
      break;
    }
    case NodeKind::With:
    case NodeKind::AsyncWith: {
      auto* w = static_cast<const ast::WithBase*>(n);
      block(w->items);
      block(w->body);
      break;
    }
    case NodeKind::WithItem: {
      auto* w = static_cast<const ast::WithItem*>(n);
      visit(w->context_expr);
      visit(w->optional_vars);
      break;
    }
    case NodeKind::Match: {
      auto* m = static_cast<const ast::Match*>(n);
      visit(m->subject);
      block(m->cases);
      break;
    }
    case NodeKind::MatchCase: {
      auto* m = static_cast<const ast::MatchCase*>(n);
      visit(m->pattern);
      visit(m->guard);
      block(m->body);
      break;
    }
    case NodeKind::MatchValue: visit(static_cast<const ast::MatchValue*>(n)->value); break;
    case NodeKind::MatchSequence: block(static_cast<const ast::MatchSequence*>(n)->patterns); break;
    case NodeKind::MatchMapping: {
      auto* m = static_cast<const ast::MatchMapping*>(n);
      block(m->keys);
      block(m->patterns);
      if (m->rest.data() != nullptr) bind(m->rest);
      break;
    }
    case NodeKind::MatchClass: {
      auto* m = static_cast<const ast::MatchClass*>(n);
      visit(m->cls);
      block(m->patterns);
      block(m->kwd_patterns);
      break;
    }
    case NodeKind::MatchStar:
      if (static_cast<const ast::MatchStar*>(n)->name.data() != nullptr)
        bind(static_cast<const ast::MatchStar*>(n)->name);
      break;
    case NodeKind::MatchAs: {
      auto* m = static_cast<const ast::MatchAs*>(n);
      visit(m->pattern);
      if (m->name.data() != nullptr) bind(m->name);
      break;
    }
    case NodeKind::MatchOr: block(static_cast<const ast::MatchOr*>(n)->patterns); break;
    case NodeKind::Raise:
      visit(static_cast<const ast::Raise*>(n)->exc);
      visit(static_cast<const ast::Raise*>(n)->cause);
      break;
    case NodeKind::Try:
    case NodeKind::TryStar: {
      auto* t = static_cast<const ast::TryBase*>(n);
      block(t->body);
      block(t->handlers);
      block(t->orelse);
      block(t->finalbody);
      break;
    }
    case NodeKind::ExceptHandler: {
      auto* h = static_cast<const ast::ExceptHandler*>(n);
      visit(h->type);
      if (h->name.data() != nullptr) bind(h->name);
      block(h->body);
      break;
    }
    case NodeKind::Assert:
      visit(static_cast<const ast::Assert*>(n)->test);
      visit(static_cast<const ast::Assert*>(n)->msg);
      break;
    case NodeKind::Import:
      for (const Node* a : static_cast<const ast::Import*>(n)->names) {
        auto* alias = static_cast<const ast::Alias*>(a);
        bind(alias->asname.data() != nullptr ? alias->asname : alias->name.substr(0, alias->name.find('.')));
      }
      break;
    case NodeKind::ImportFrom:
      for (const Node* a : static_cast<const ast::ImportFrom*>(n)->names) {
        auto* alias = static_cast<const ast::Alias*>(a);
        if (alias->name != "*") bind(alias->asname.data() != nullptr ? alias->asname : alias->name);
      }
      break;
    case NodeKind::Global:
      for (Text t : static_cast<const ast::Global*>(n)->names) {
        Symbol& s = current_->symbol(mangled(t));
        if (s.parameter) fail(n->span, "name '" + std::string(t) + "' is parameter and global");
        s.global = true;
      }
      break;
    case NodeKind::Nonlocal:
      if (current_->kind == ScopeKind::module) fail(n->span, "nonlocal declaration not allowed at module level");
      for (Text t : static_cast<const ast::Nonlocal*>(n)->names) {
        Symbol& s = current_->symbol(mangled(t));
        if (s.parameter) fail(n->span, "name '" + std::string(t) + "' is parameter and nonlocal");
        s.nonlocal = true;
      }
      break;
    case NodeKind::Expr: visit(static_cast<const ast::Expr*>(n)->value); break;
    case NodeKind::BoolOp: block(static_cast<const ast::BoolOp*>(n)->values); break;
    case NodeKind::NamedExpr: walrus(static_cast<const ast::NamedExpr*>(n)); break;
    case NodeKind::BinOp:
      visit(static_cast<const ast::BinOp*>(n)->left);
      visit(static_cast<const ast::BinOp*>(n)->right);
      break;
    case NodeKind::UnaryOp: visit(static_cast<const ast::UnaryOp*>(n)->operand); break;
    case NodeKind::Lambda: {
      auto* l = static_cast<const ast::Lambda*>(n);
      defaults(l->args);
      open(ScopeKind::function, n);
      parameters(l->args);
      visit(l->body);
      close();
      break;
    }
    case NodeKind::IfExp: {
      auto* e = static_cast<const ast::IfExp*>(n);
      visit(e->test);
      visit(e->body);
      visit(e->orelse);
      break;
    }
    case NodeKind::Dict:
      block(static_cast<const ast::Dict*>(n)->keys);
      block(static_cast<const ast::Dict*>(n)->values);
      break;
    case NodeKind::Set: block(static_cast<const ast::Set*>(n)->elts); break;
    case NodeKind::ListComp: {
      auto* c = static_cast<const ast::ListComp*>(n);
      comprehension(n, c->generators, c->elt, nullptr);
      break;
    }
    case NodeKind::SetComp: {
      auto* c = static_cast<const ast::SetComp*>(n);
      comprehension(n, c->generators, c->elt, nullptr);
      break;
    }
    case NodeKind::DictComp: {
      auto* c = static_cast<const ast::DictComp*>(n);
      comprehension(n, c->generators, c->key, c->value);
      break;
    }
    case NodeKind::GeneratorExp: {
      auto* c = static_cast<const ast::GeneratorExp*>(n);
      comprehension(n, c->generators, c->elt, nullptr);
      break;
    }
    case NodeKind::Await: visit(static_cast<const ast::Await*>(n)->value); break;
    case NodeKind::Yield:
      current_->is_generator = true;
      visit(static_cast<const ast::Yield*>(n)->value);
      break;
    case NodeKind::YieldFrom:
      current_->is_generator = true;
      visit(static_cast<const ast::YieldFrom*>(n)->value);
      break;
    case NodeKind::Compare:
      visit(static_cast<const ast::Compare*>(n)->left);
      block(static_cast<const ast::Compare*>(n)->comparators);
      break;
    case NodeKind::Call: {
      auto* c = static_cast<const ast::Call*>(n);
      visit(c->func);
      block(c->args);
      block(c->keywords);
      break;
    }
    case NodeKind::Keyword: visit(static_cast<const ast::Keyword*>(n)->value); break;
    case NodeKind::FormattedValue:
      visit(static_cast<const ast::FormattedValue*>(n)->value);
      visit(static_cast<const ast::FormattedValue*>(n)->format_spec);
      break;
    case NodeKind::JoinedStr: block(static_cast<const ast::JoinedStr*>(n)->values); break;
    case NodeKind::Attribute: visit(static_cast<const ast::Attribute*>(n)->value); break;
    case NodeKind::Subscript:
      visit(static_cast<const ast::Subscript*>(n)->value);
      visit(static_cast<const ast::Subscript*>(n)->slice);
      break;
    case NodeKind::Starred: visit(static_cast<const ast::Starred*>(n)->value); break;
    case NodeKind::Name: name(static_cast<const ast::Name*>(n)); break;
    case NodeKind::List: block(static_cast<const ast::List*>(n)->elts); break;
    case NodeKind::Tuple: block(static_cast<const ast::Tuple*>(n)->elts); break;
    case NodeKind::Slice: {
      auto* s = static_cast<const ast::Slice*>(n);
      visit(s->lower);
      visit(s->upper);
      visit(s->step);
      break;
    }
    default: break;
  }
}

}  // namespace

ScopeTable analyse_scopes(const Node& root) {
  ScopeTable table;
  Collector collector(table);
  Scope* module = collector.open(ScopeKind::module, &root);
  collector.visit(&root);
  collector.close();
  resolve_names(module, table);
  return table;
}

}  // namespace kedge::pylang
