// Comprehensions and generator expressions: functions of their own, called at once with the outermost iterator.
#include "pylang/vm/compiler.h"

namespace kedge::pylang {

void Compiler::comprehension(const Node* n, NodeList generators, const Node* elt, const Node* value) {
  Scope* inner = unit_.scopes.by_node.at(n);
  const char* what = n->kind == NodeKind::ListComp   ? "<listcomp>"
                     : n->kind == NodeKind::SetComp  ? "<setcomp>"
                     : n->kind == NodeKind::DictComp ? "<dictcomp>"
                                                     : "<genexpr>";
  Code* code = new_code(n, inner, what, *this);
  Compiler c(unit_, inner, code, code->qualname->text + ".<locals>.");
  c.make_slots(nullptr);
  if (n->kind == NodeKind::ListComp) c.emit(Op::build_list, 0);
  if (n->kind == NodeKind::SetComp) c.emit(Op::build_set, 0);
  if (n->kind == NodeKind::DictComp) c.emit(Op::build_map, 0);
  c.emit(Op::load_fast, 0);
  c.comprehension_loop(n, generators, 0, elt, value);
  if (n->kind == NodeKind::GeneratorExp) c.load_constant(Value::none());
  c.emit(Op::return_value);
  compute_stack_depth(*code);
  make_function(code, inner, 0);
  emit(Op::push_null);
  const Node* iter = static_cast<const ast::Comprehension*>(generators[0])->iter;
  expression(iter);
  {
    At at(*this, iter->span);
    emit(Op::get_iter);
  }
  emit(Op::call, 1);
}

// the iterator of generator `index` is on the stack
void Compiler::comprehension_loop(const Node* n, NodeList generators, std::size_t index, const Node* elt,
                                  const Node* value) {
  auto* g = static_cast<const ast::Comprehension*>(generators[index]);
  if (g->is_async) emit(Op::refuse_async);
  span_ = g->iter->span;
  const std::int32_t top = here();
  const std::int32_t end = emit(Op::for_iter);
  store(g->target);
  std::vector<std::int32_t> skips;
  for (const Node* test : g->ifs) condition(test, false, skips);
  if (index + 1 < generators.size()) {
    const Node* iter = static_cast<const ast::Comprehension*>(generators[index + 1])->iter;
    expression(iter);
    {
      At at(*this, iter->span);
      emit(Op::get_iter);
    }
    comprehension_loop(n, generators, index + 1, elt, value);
  } else {
    const auto depth = static_cast<std::int32_t>(index + 2);
    expression(elt);
    At at(*this, elt->span);
    if (n->kind == NodeKind::ListComp) emit(Op::list_append, depth);
    if (n->kind == NodeKind::SetComp) emit(Op::set_add, depth);
    if (n->kind == NodeKind::DictComp) {
      expression(value);
      emit(Op::map_add, depth);
    }
    if (n->kind == NodeKind::GeneratorExp) {
      emit(Op::yield_value);
      emit(Op::pop);
    }
  }
  for (std::int32_t s : skips) patch(s);
  emit(Op::jump_back, top);
  patch(end);
}

}  // namespace kedge::pylang
