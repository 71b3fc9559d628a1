// Statements, but for `with` and `try` (compile_try.cpp).
#include "pylang/vm/compiler.h"

namespace kedge::pylang {

void Compiler::block(NodeList body) {
  for (const Node* n : body) statement(n);
}

void Compiler::statement(const Node* n) {
  if (++depth_ > 400) {
    fail(n->span, "statements are nested too deeply");
    --depth_;
    return;
  }
  At at(*this, n->span);
  switch (n->kind) {
    case NodeKind::FunctionDef:
    case NodeKind::AsyncFunctionDef: function_def(static_cast<const ast::FunctionDefBase*>(n)); break;
    case NodeKind::ClassDef: class_def(static_cast<const ast::ClassDef*>(n)); break;
    case NodeKind::Return:
      if (!scope_->function_like()) fail(n->span, "'return' outside function");
      return_statement(static_cast<const ast::Return*>(n)->value);
      break;
    case NodeKind::Delete:
      for (const Node* t : static_cast<const ast::Delete*>(n)->targets) del(t);
      break;
    case NodeKind::Assign: assign(static_cast<const ast::Assign*>(n)); break;
    case NodeKind::TypeAlias: {
      auto* t = static_cast<const ast::TypeAlias*>(n);
      type_params(t->type_params);
      const std::int32_t guard = emit(Op::setup_poison);
      expression(t->value);
      emit(Op::pop_block);
      patch(guard);
      store(t->name);
      break;
    }
    case NodeKind::AugAssign: aug_assign(static_cast<const ast::AugAssign*>(n)); break;
    case NodeKind::AnnAssign: ann_assign(static_cast<const ast::AnnAssign*>(n)); break;
    case NodeKind::For: for_loop(static_cast<const ast::ForBase*>(n)); break;
    case NodeKind::AsyncFor:
      emit(Op::refuse_async);
      for_loop(static_cast<const ast::ForBase*>(n));
      break;
    case NodeKind::While: while_loop(static_cast<const ast::While*>(n)); break;
    case NodeKind::If: if_statement(static_cast<const ast::If*>(n)); break;
    case NodeKind::With:
      with_statement(static_cast<const ast::WithBase*>(n)->items, 0, static_cast<const ast::WithBase*>(n)->body,
                     n->span);
      break;
    case NodeKind::AsyncWith:
      emit(Op::refuse_async);
      with_statement(static_cast<const ast::WithBase*>(n)->items, 0, static_cast<const ast::WithBase*>(n)->body,
                     n->span);
      break;
    case NodeKind::Match: match_statement(static_cast<const ast::Match*>(n)); break;
    case NodeKind::Raise: {
      auto* r = static_cast<const ast::Raise*>(n);
      if (r->exc != nullptr) expression(r->exc);
      if (r->cause != nullptr) expression(r->cause);
      emit(Op::raise, (r->exc != nullptr) + (r->cause != nullptr));
      break;
    }
    case NodeKind::Try:
    case NodeKind::TryStar: try_statement(static_cast<const ast::TryBase*>(n)); break;
    case NodeKind::Assert: {
      auto* a = static_cast<const ast::Assert*>(n);
      expression(a->test);
      const std::int32_t ok = emit(Op::assert_test);
      emit(Op::load_assertion_error);
      if (a->msg != nullptr) {
        emit(Op::push_null);
        expression(a->msg);
        emit(Op::call, 1);
      }
      emit(Op::raise, 1);
      patch(ok);
      break;
    }
    case NodeKind::Import: import(static_cast<const ast::Import*>(n)); break;
    case NodeKind::ImportFrom: import_from(static_cast<const ast::ImportFrom*>(n)); break;
    case NodeKind::Expr:
      if (static_cast<const ast::Expr*>(n)->value->kind == NodeKind::Constant) break;  // docstrings, `...`
      expression(static_cast<const ast::Expr*>(n)->value);
      emit(Op::pop);
      break;
    case NodeKind::Break: loop_exit(true, n->span); break;
    case NodeKind::Continue: loop_exit(false, n->span); break;
    default: break;  // global, nonlocal, pass
  }
  --depth_;
}

void Compiler::assign(const ast::Assign* n) {
  expression(n->value);
  for (std::size_t i = 0; i < n->targets.size(); ++i) {
    if (i + 1 < n->targets.size()) emit(Op::dup);
    store(n->targets[i]);
  }
}

void Compiler::aug_assign(const ast::AugAssign* n) {
  const auto op = static_cast<std::uint8_t>(n->op);
  switch (n->target->kind) {
    case NodeKind::Name:
      name(static_cast<const ast::Name*>(n->target)->id, Access::load);
      expression(n->value);
      emit(Op::inplace, 0, op);
      name(static_cast<const ast::Name*>(n->target)->id, Access::store);
      break;
    case NodeKind::Attribute: {
      auto* a = static_cast<const ast::Attribute*>(n->target);
      const std::int32_t attr = name_index(mangled(a->attr));
      expression(a->value);
      emit(Op::dup);
      emit(Op::load_attr, attr);
      expression(n->value);
      emit(Op::inplace, 0, op);
      emit(Op::rot_two);
      emit(Op::store_attr, attr);
      break;
    }
    case NodeKind::Subscript: {
      auto* s = static_cast<const ast::Subscript*>(n->target);
      expression(s->value);
      subscript_key(s->slice);
      emit(Op::dup_two);
      emit(Op::load_subscript);
      expression(n->value);
      emit(Op::inplace, 0, op);
      emit(Op::rot_three);
      emit(Op::store_subscript);
      break;
    }
    default: fail(n->target->span, "illegal target of an augmented assignment"); break;
  }
}

void Compiler::ann_assign(const ast::AnnAssign* n) {
  if (n->value != nullptr) {
    expression(n->value);
    store(n->target);
  }
  if (!n->simple || scope_->function_like()) return;  // annotations of locals and of attributes are not kept
  annotation_value(n->annotation);
  name("__annotations__", Access::load);
  load_constant(Value::object(mangled(static_cast<const ast::Name*>(n->target)->id)));
  emit(Op::store_subscript);
}

// ---- leaving
// ------------------------------------------------------------------------------------------------------------

void Compiler::delete_name_after_handler(Text id) {
  load_constant(Value::none());
  name(id, Access::store);
  name(id, Access::del);
}

void Compiler::leave(const Enclosing& e, bool keep_value) {
  const auto drop = [&] {
    if (keep_value) emit(Op::rot_two);
    emit(Op::pop);
  };
  switch (e.kind) {
    case Enclosing::Kind::loop: break;
    case Enclosing::Kind::for_loop:
    case Enclosing::Kind::value: drop(); break;
    case Enclosing::Kind::try_body: emit(Op::pop_block); break;
    case Enclosing::Kind::finally_body:
      emit(Op::pop_block);
      if (keep_value) enclosing_.push_back({Enclosing::Kind::value, -1, nullptr, {}, {}, {}});
      block(e.finalbody);
      if (keep_value) enclosing_.pop_back();
      break;
    case Enclosing::Kind::with_body: {
      At at(*this, e.span);
      emit(Op::pop_block);
      if (keep_value) emit(Op::rot_two);
      emit(Op::with_exit);
      break;
    }
    case Enclosing::Kind::handler: emit(Op::pop_except); break;
    case Enclosing::Kind::named_handler:
      emit(Op::pop_block);
      emit(Op::pop_except);
      delete_name_after_handler(e.handler_name);
      break;
    case Enclosing::Kind::finally_handler:
      emit(Op::pop_except);
      drop();
      break;
  }
}

// Leaves everything inside enclosing_[down_to]. While the way out of one construct is compiled, that construct is no
// longer around it.
void Compiler::unwind(std::size_t down_to, bool keep_value) {
  const std::vector<Enclosing> saved = enclosing_;
  while (enclosing_.size() > down_to) {
    const Enclosing e = enclosing_.back();
    enclosing_.pop_back();
    leave(e, keep_value);
  }
  enclosing_ = saved;
}

void Compiler::return_statement(const Node* value) {
  if (value != nullptr) expression(value);
  else load_constant(Value::none());
  unwind(0, true);
  emit(Op::return_value);
}

void Compiler::loop_exit(bool is_break, Span span) {
  std::size_t loop = enclosing_.size();
  while (loop > 0 && enclosing_[loop - 1].kind != Enclosing::Kind::loop &&
         enclosing_[loop - 1].kind != Enclosing::Kind::for_loop)
    --loop;
  if (loop == 0) return fail(span, is_break ? "'break' outside loop" : "'continue' not properly in loop");
  --loop;
  for (std::size_t i = 0; i < open_branches_.size(); ++i) {
    if (branch_loops_.size() > i && branch_loops_[i] > loop) code_->branches[open_branches_[i]].leaves = span;
  }
  unwind(loop + 1, false);
  const Enclosing e = enclosing_[loop];
  if (is_break) {
    if (e.kind == Enclosing::Kind::for_loop) emit(Op::pop);
    e.breaks->push_back(emit(Op::jump));
  } else {
    emit(Op::jump_back, e.continue_target);
  }
}

// ---- loops and branches
// -------------------------------------------------------------------------------------------------

void Compiler::for_loop(const ast::ForBase* n) {
  expression(n->iter);
  {
    At at(*this, n->iter->span);
    emit(Op::get_iter);
  }
  At at(*this, n->iter->span);
  const std::int32_t top = here();
  const std::int32_t end = emit(Op::for_iter);
  std::vector<std::int32_t> breaks;
  store(n->target);
  enclosing_.push_back({Enclosing::Kind::for_loop, top, &breaks, {}, {}, {}});
  block(n->body);
  enclosing_.pop_back();
  emit(Op::jump_back, top);
  patch(end);
  block(n->orelse);
  for (std::int32_t b : breaks) patch(b);
  emit(Op::nop);
}

void Compiler::while_loop(const ast::While* n) {
  const std::int32_t top = here();
  std::vector<std::int32_t> breaks;
  expression(n->test);
  std::int32_t end = 0;
  {
    At at(*this, n->test->span);
    end = emit(Op::while_test);
  }
  enclosing_.push_back({Enclosing::Kind::loop, top, &breaks, {}, {}, {}});
  block(n->body);
  enclosing_.pop_back();
  emit(Op::jump_back, top);
  patch(end);
  block(n->orelse);
  for (std::int32_t b : breaks) patch(b);
  emit(Op::nop);
}

void Compiler::if_statement(const ast::If* n) {
  expression(n->test);
  const auto index = static_cast<std::int32_t>(code_->branches.size());
  code_->branches.emplace_back();
  {
    At at(*this, n->test->span);
    emit(Op::if_test, index);
  }
  open_branches_.push_back(index);
  branch_loops_.resize(open_branches_.size());
  branch_loops_.back() = enclosing_.size();
  code_->branches[index].then_pc = here();
  block(n->body);
  const std::int32_t over = emit(Op::jump);
  code_->branches[index].else_pc = here();
  block(n->orelse);
  patch(over);
  code_->branches[index].join_pc = here();
  emit(Op::join);
  open_branches_.pop_back();
  branch_loops_.resize(open_branches_.size());
}

// ---- imports
// ------------------------------------------------------------------------------------------------------------

void Compiler::import(const ast::Import* n) {
  for (const Node* node : n->names) {
    auto* alias = static_cast<const ast::Alias*>(node);
    At at(*this, alias->span);
    load_constant(Value::integer(0));
    load_constant(Value::none());
    emit(Op::import_name, name_index(interp_.intern(alias->name)));
    if (alias->asname.data() == nullptr) {
      name(alias->name.substr(0, alias->name.find('.')), Access::store);
      continue;
    }
    // `import a.b as c` walks the attributes of a
    for (std::size_t at_dot = alias->name.find('.'); at_dot != Text::npos;) {
      const std::size_t next = alias->name.find('.', at_dot + 1);
      emit(Op::import_from,
           name_index(interp_.intern(alias->name.substr(at_dot + 1, next == Text::npos ? next : next - at_dot - 1))));
      emit(Op::rot_two);
      emit(Op::pop);
      at_dot = next;
    }
    name(alias->asname, Access::store);
  }
}

void Compiler::import_from(const ast::ImportFrom* n) {
  load_constant(Value::integer(n->level));
  std::vector<Value> wanted;
  for (const Node* node : n->names)
    wanted.push_back(Value::object(interp_.intern(static_cast<const ast::Alias*>(node)->name)));
  load_constant(interp_.tuple(std::move(wanted)));
  emit(Op::import_name, name_index(interp_.intern(n->module.data() == nullptr ? Text("") : n->module)));
  if (n->names.size() == 1 && static_cast<const ast::Alias*>(n->names[0])->name == "*") {
    if (scope_->kind != ScopeKind::module) fail(n->span, "import * only allowed at module level");
    emit(Op::import_star);
    return;
  }
  for (const Node* node : n->names) {
    auto* alias = static_cast<const ast::Alias*>(node);
    At at(*this, alias->span);
    emit(Op::import_from, name_index(interp_.intern(alias->name)));
    name(alias->asname.data() != nullptr ? alias->asname : alias->name, Access::store);
  }
  emit(Op::pop);
}

}  // namespace kedge::pylang
