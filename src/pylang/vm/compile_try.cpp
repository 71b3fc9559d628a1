// `with` and `try`. `finally` bodies are compiled once per way out of their `try` (as CPython does since 3.9), so no
// return address is kept at run time.
#include "pylang/vm/compiler.h"

namespace kedge::pylang {

void Compiler::with_statement(NodeList items, std::size_t index, NodeList body, Span span) {
  if (index == items.size()) return block(body);
  auto* item = static_cast<const ast::WithItem*>(items[index]);
  At at(*this, item->context_expr->span);
  expression(item->context_expr);
  emit(Op::with_enter);
  const std::int32_t handler = emit(Op::setup_try, 0, 1);  // 1: the entered value above the exit function is not kept
  if (item->optional_vars != nullptr) store(item->optional_vars);
  else emit(Op::pop);
  enclosing_.push_back({Enclosing::Kind::with_body, -1, nullptr, {}, {}, item->context_expr->span});
  with_statement(items, index + 1, body, span);
  enclosing_.pop_back();
  emit(Op::pop_block);
  emit(Op::with_exit);
  const std::int32_t over = emit(Op::jump);
  patch(handler);
  emit(Op::with_except);
  const std::int32_t suppressed = emit(Op::pop_jump_if_true);
  emit(Op::reraise);
  patch(suppressed);
  emit(Op::pop_except);
  emit(Op::pop);
  emit(Op::pop);
  patch(over);
  emit(Op::nop);
}

void Compiler::try_statement(const ast::TryBase* n) {
  if (n->finalbody.empty()) {
    if (n->kind == NodeKind::TryStar) try_star(n);
    else try_except(n);
    return;
  }
  const std::int32_t handler = emit(Op::setup_try);
  enclosing_.push_back({Enclosing::Kind::finally_body, -1, nullptr, n->finalbody, {}, {}});
  if (n->handlers.empty()) {
    block(n->body);
    block(n->orelse);
  } else if (n->kind == NodeKind::TryStar) {
    try_star(n);
  } else {
    try_except(n);
  }
  enclosing_.pop_back();
  emit(Op::pop_block);
  block(n->finalbody);
  const std::int32_t over = emit(Op::jump);
  patch(handler);
  enclosing_.push_back({Enclosing::Kind::finally_handler, -1, nullptr, {}, {}, {}});
  block(n->finalbody);
  enclosing_.pop_back();
  emit(Op::reraise);
  patch(over);
  emit(Op::nop);
}

// the exception is on the stack
void Compiler::handler_body(const ast::ExceptHandler* h) {
  if (h->name.data() == nullptr) {
    emit(Op::pop);
    enclosing_.push_back({Enclosing::Kind::handler, -1, nullptr, {}, {}, {}});
    block(h->body);
    enclosing_.pop_back();
    emit(Op::pop_except);
    return;
  }
  name(h->name, Access::store);
  const std::int32_t cleanup = emit(Op::setup_try);
  enclosing_.push_back({Enclosing::Kind::named_handler, -1, nullptr, {}, h->name, {}});
  block(h->body);
  enclosing_.pop_back();
  emit(Op::pop_block);
  emit(Op::pop_except);
  delete_name_after_handler(h->name);
  const std::int32_t over = emit(Op::jump);
  patch(cleanup);
  delete_name_after_handler(h->name);
  emit(Op::reraise);
  patch(over);
}

void Compiler::try_except(const ast::TryBase* n) {
  const std::int32_t handler = emit(Op::setup_try);
  enclosing_.push_back({Enclosing::Kind::try_body, -1, nullptr, {}, {}, {}});
  block(n->body);
  enclosing_.pop_back();
  emit(Op::pop_block);
  block(n->orelse);
  std::vector<std::int32_t> ends{emit(Op::jump)};
  patch(handler);
  for (const Node* node : n->handlers) {
    auto* h = static_cast<const ast::ExceptHandler*>(node);
    At at(*this, h->type != nullptr ? h->type->span : h->span);
    std::int32_t next = -1;
    if (h->type != nullptr) {
      expression(h->type);
      emit(Op::check_exception_match);
      next = emit(Op::pop_jump_if_false);
    }
    handler_body(h);
    ends.push_back(emit(Op::jump));
    if (next >= 0) patch(next);
  }
  emit(Op::reraise);
  for (std::int32_t e : ends) patch(e);
  emit(Op::nop);
}

// except*: what is left of the group and what the handlers raised wait in temporaries until all handlers had their
// part.
void Compiler::try_star(const ast::TryBase* n) {
  const std::int32_t handler = emit(Op::setup_try);
  enclosing_.push_back({Enclosing::Kind::try_body, -1, nullptr, {}, {}, {}});
  block(n->body);
  enclosing_.pop_back();
  emit(Op::pop_block);
  block(n->orelse);
  const std::int32_t end = emit(Op::jump);
  patch(handler);
  const std::int32_t original = temporary(), rest = temporary(), raised = temporary();
  emit(Op::dup);
  emit(Op::store_fast, original);
  emit(Op::store_fast, rest);
  emit(Op::build_list, 0);
  emit(Op::store_fast, raised);
  for (const Node* node : n->handlers) {
    auto* h = static_cast<const ast::ExceptHandler*>(node);
    At at(*this, h->type->span);
    emit(Op::load_fast, rest);
    expression(h->type);
    emit(Op::check_group_match);
    emit(Op::rot_two);
    emit(Op::store_fast, rest);
    emit(Op::dup);
    load_constant(Value::none());
    emit(Op::compare, 0, static_cast<std::uint8_t>(CompareOp::is));
    const std::int32_t skip = emit(Op::pop_jump_if_true);
    if (h->name.data() != nullptr) name(h->name, Access::store);
    else emit(Op::pop);
    const std::int32_t failed = emit(Op::setup_try);
    enclosing_.push_back({Enclosing::Kind::try_body, -1, nullptr, {}, {}, {}});
    block(h->body);
    enclosing_.pop_back();
    emit(Op::pop_block);
    if (h->name.data() != nullptr) delete_name_after_handler(h->name);
    const std::int32_t over = emit(Op::jump);
    patch(failed);
    emit(Op::load_fast, raised);
    emit(Op::rot_two);
    emit(Op::list_append, 1);
    emit(Op::pop);
    emit(Op::pop_except);
    const std::int32_t over2 = emit(Op::jump);
    patch(skip);
    emit(Op::pop);
    patch(over);
    patch(over2);
  }
  emit(Op::load_fast, original);
  emit(Op::load_fast, rest);
  emit(Op::load_fast, raised);
  emit(Op::build_tuple, 3);
  emit(Op::reraise_star);
  emit(Op::pop_except);
  patch(end);
  emit(Op::nop);
}

}  // namespace kedge::pylang
