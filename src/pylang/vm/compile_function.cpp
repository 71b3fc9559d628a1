// Functions, lambdas and classes: new code objects, defaults, closures, decorators, annotations.
#include "pylang/vm/compiler.h"

namespace kedge::pylang {

Code* Compiler::new_code(const Node* node, Scope* scope, std::string_view code_name, Compiler&) {
  interp_.impl().codes.push_back(std::make_unique<Code>());
  Code* code = interp_.impl().codes.back().get();
  code->name = std::string(code_name);
  code->name_str = interp_.intern(code_name);
  code->qualname = interp_.intern(prefix_ + std::string(code_name));
  code->span = node->span;
  code->trusted = unit_.trusted;
  code->is_generator = scope->is_generator;
  code->is_coroutine = scope->is_coroutine;
  code->is_class = scope->kind == ScopeKind::class_;
  code->is_function = scope->function_like();
  return code;
}

// flags: 1 defaults tuple, 2 keyword defaults dict, 4 annotations dict, 8 closure tuple (pushed last)
void Compiler::make_function(const Code* code, Scope* inner, std::uint8_t flags) {
  std::int32_t captured = 0;
  for (std::size_t i = static_cast<std::size_t>(code->first_free); i < code->slot_names.size(); ++i) {
    if (code->slot_kinds[i] != SlotKind::free) continue;
    std::string n = code->slot_names[i]->text;
    if (n.starts_with(".free:")) n = n.substr(6);
    if (scope_->kind == ScopeKind::class_ && n != "__class__") {
      auto it = scope_->symbols.find(n);
      if (it == scope_->symbols.end() || it->second.use != NameUse::free) n = ".free:" + n;
    } else if (scope_->kind == ScopeKind::class_ && n == "__class__" && scope_->symbols.at(n).use != NameUse::cell) {
      n = ".free:" + n;
    }
    emit(Op::load_closure, slot_of(n));
    ++captured;
  }
  (void)inner;
  if (captured > 0) {
    emit(Op::build_tuple, captured);
    flags |= 8;
  }
  code_->codes.push_back(code);
  emit(Op::make_function, static_cast<std::int32_t>(code_->codes.size() - 1), flags);
}

std::uint8_t Compiler::defaults(const ast::Arguments* args) {
  std::uint8_t flags = 0;
  if (!args->defaults.empty()) {
    for (const Node* d : args->defaults) expression(d);
    emit(Op::build_tuple, static_cast<std::int32_t>(args->defaults.size()));
    flags |= 1;
  }
  std::int32_t keyword = 0;
  for (std::size_t i = 0; i < args->kw_defaults.size(); ++i) {
    if (args->kw_defaults[i] == nullptr) continue;
    load_constant(Value::object(mangled(static_cast<const ast::Arg*>(args->kwonlyargs[i])->arg)));
    expression(args->kw_defaults[i]);
    ++keyword;
  }
  if (keyword > 0) {
    emit(Op::build_map, keyword);
    flags |= 2;
  }
  return flags;
}

// An annotation that fails must not fail what it annotates: it becomes poison.
void Compiler::annotation_value(const Node* annotation) {
  At at(*this, annotation->span);
  if (unit_.lazy_annotations) {
    const SourceText& source = interp_.sources().get(annotation->span.source);
    load_constant(interp_.str(
        std::string_view(source.text).substr(annotation->span.begin, annotation->span.end - annotation->span.begin)));
    return;
  }
  const std::int32_t guard = emit(Op::setup_poison);
  if (auto* star = node_cast<ast::Starred>(annotation)) expression(star->value);
  else expression(annotation);
  emit(Op::pop_block);
  patch(guard);
}

void Compiler::annotations(const ast::FunctionDefBase* n, std::uint8_t& flags) {
  std::int32_t count = 0;
  const auto one = [&](const Node* p) {
    if (p == nullptr) return;
    auto* arg = static_cast<const ast::Arg*>(p);
    if (arg->annotation == nullptr) return;
    load_constant(Value::object(mangled(arg->arg)));
    annotation_value(arg->annotation);
    ++count;
  };
  for (const Node* p : n->args->posonlyargs) one(p);
  for (const Node* p : n->args->args) one(p);
  one(n->args->vararg);
  for (const Node* p : n->args->kwonlyargs) one(p);
  one(n->args->kwarg);
  if (n->returns != nullptr) {
    load_constant(Value::object(interp_.intern("return")));
    annotation_value(n->returns);
    ++count;
  }
  if (count > 0) {
    emit(Op::build_map, count);
    flags |= 4;
  }
}

void Compiler::type_params(NodeList params) {
  for (const Node* p : params) {
    Text id;
    if (auto* t = node_cast<ast::TypeVar>(p)) id = t->name;
    else if (auto* t2 = node_cast<ast::ParamSpec>(p)) id = t2->name;
    else if (auto* t3 = node_cast<ast::TypeVarTuple>(p)) id = t3->name;
    load_constant(interp_.str(id));
    name(id, Access::store);
  }
}

void Compiler::decorate(std::size_t count, NodeList decorators) {
  for (std::size_t i = count; i-- > 0;) {
    At at(*this, decorators[i]->span);
    emit(Op::call, 1);
  }
}

namespace {
Value docstring(Interp& interp, NodeList body) {
  if (body.empty()) return Value::none();
  auto* e = node_cast<ast::Expr>(body[0]);
  if (e == nullptr) return Value::none();
  auto* c = node_cast<ast::Constant>(e->value);
  return c != nullptr && c->constant == ConstantKind::Str ? interp.str(c->text) : Value::none();
}
}  // namespace

void Compiler::function_def(const ast::FunctionDefBase* n) {
  for (const Node* d : n->decorator_list) {
    expression(d);
    emit(Op::push_null);
  }
  type_params(n->type_params);
  std::uint8_t flags = defaults(n->args);
  annotations(n, flags);
  Scope* inner = unit_.scopes.by_node.at(n);
  const std::string plain(n->name);
  Code* code = new_code(n, inner, plain, *this);
  if (auto it = scope_->symbols.find(mangle(scope_->class_name, n->name));
      it != scope_->symbols.end() && it->second.use == NameUse::global_explicit) {
    code->qualname = interp_.intern(plain);
  }
  if (n->name_span.valid()) code->span = n->name_span;
  Compiler c(unit_, inner, code, code->qualname->text + ".<locals>.");
  c.make_slots(n->args);
  code->doc = docstring(interp_, n->body);
  c.block(code->doc.is_none() ? n->body : n->body.subspan(1));
  c.load_constant(Value::none());
  c.emit(Op::return_value);
  compute_stack_depth(*code);
  make_function(code, inner, flags);
  decorate(n->decorator_list.size(), n->decorator_list);
  name(n->name, Access::store);
}

void Compiler::lambda(const ast::Lambda* n) {
  const std::uint8_t flags = defaults(n->args);
  Scope* inner = unit_.scopes.by_node.at(n);
  Code* code = new_code(n, inner, "<lambda>", *this);
  Compiler c(unit_, inner, code, code->qualname->text + ".<locals>.");
  c.make_slots(n->args);
  c.expression(n->body);
  c.emit(Op::return_value);
  compute_stack_depth(*code);
  make_function(code, inner, flags);
}

void Compiler::class_def(const ast::ClassDef* n) {
  for (const Node* d : n->decorator_list) {
    expression(d);
    emit(Op::push_null);
  }
  type_params(n->type_params);
  emit(Op::load_build_class);
  emit(Op::push_null);
  Scope* inner = unit_.scopes.by_node.at(n);
  Code* code = new_code(n, inner, n->name, *this);
  if (n->name_span.valid()) code->span = n->name_span;
  Compiler c(unit_, inner, code, code->qualname->text + ".");
  c.make_slots(nullptr);
  if (inner->needs_class_cell) code->class_slot = c.slot_of("__class__");
  const auto store = [&](const char* what, Value v) {
    c.load_constant(v);
    c.emit(Op::store_name, c.name_index(interp_.intern(what)));
  };
  c.emit(Op::load_name, c.name_index(interp_.intern("__name__")));
  c.emit(Op::store_name, c.name_index(interp_.intern("__module__")));
  store("__qualname__", Value::object(code->qualname));
  code->doc = docstring(interp_, n->body);
  if (!code->doc.is_none()) store("__doc__", code->doc);
  c.emit(Op::setup_annotations);
  c.block(code->doc.is_none() ? n->body : n->body.subspan(1));
  if (inner->needs_class_cell) {
    c.emit(Op::load_closure, code->class_slot);
    c.emit(Op::store_name, c.name_index(interp_.intern("__classcell__")));
  }
  c.load_constant(Value::none());
  c.emit(Op::return_value);
  compute_stack_depth(*code);
  make_function(code, inner, 0);
  load_constant(Value::object(interp_.intern(n->name)));
  arguments(n->bases, n->keywords, 2, true);
  decorate(n->decorator_list.size(), n->decorator_list);
  name(n->name, Access::store);
}

}  // namespace kedge::pylang
