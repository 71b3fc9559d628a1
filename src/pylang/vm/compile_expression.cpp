// Expressions, but for comprehensions (compile_comprehension.cpp), and the targets of assignments.
#include <charconv>

#include "pylang/vm/compiler.h"

namespace kedge::pylang {

namespace {
constexpr int kDeepestTree = 1500;
bool is_starred(const Node* n) { return n->kind == NodeKind::Starred; }
}  // namespace

void Compiler::constant_node(const ast::Constant* n) {
  switch (n->constant) {
    case ConstantKind::None: load_constant(Value::none()); return;
    case ConstantKind::True: load_constant(Value::boolean(true)); return;
    case ConstantKind::False: load_constant(Value::boolean(false)); return;
    case ConstantKind::Ellipsis: load_constant(interp_.ellipsis()); return;
    case ConstantKind::Int: {
      std::int64_t small = 0;
      const auto [end, ec] = std::from_chars(n->text.data(), n->text.data() + n->text.size(), small);
      if (ec == std::errc() && end == n->text.data() + n->text.size()) {
        load_constant(Value::integer(small));
        return;
      }
      auto big = BigInt::parse(n->text, 10);
      if (!big) return fail(n->span, "integer literal cannot be read");
      load_constant(interp_.big(std::move(*big)));
      return;
    }
    case ConstantKind::Float: load_constant(Value::real(n->number)); return;
    case ConstantKind::Complex: {
      auto* c = interp_.make<Complex>(interp_.types.complex);
      c->imag = n->number;
      load_constant(Value::object(c));
      return;
    }
    case ConstantKind::Str:
      load_constant(n->text.size() <= 64 ? Value::object(interp_.intern(n->text)) : interp_.str(n->text));
      return;
    case ConstantKind::Bytes: load_constant(interp_.bytes(n->text)); return;
  }
}

void Compiler::expression(const Node* n) {
  if (++depth_ > kDeepestTree) {
    fail(n->span, "expression is nested too deeply");
    --depth_;
    return;
  }
  At at(*this, n->span);
  switch (n->kind) {
    case NodeKind::Constant: constant_node(static_cast<const ast::Constant*>(n)); break;
    case NodeKind::Name: name(static_cast<const ast::Name*>(n)->id, Access::load); break;
    case NodeKind::BoolOp: bool_op(static_cast<const ast::BoolOp*>(n)); break;
    case NodeKind::NamedExpr:
      expression(static_cast<const ast::NamedExpr*>(n)->value);
      emit(Op::dup);
      store(static_cast<const ast::NamedExpr*>(n)->target);
      break;
    case NodeKind::BinOp: {
      auto* b = static_cast<const ast::BinOp*>(n);
      expression(b->left);
      expression(b->right);
      // The order of ast.h's enum and of BinaryOp differ only in their spelling.
      emit(Op::binary, 0, static_cast<std::uint8_t>(b->op));
      break;
    }
    case NodeKind::UnaryOp: {
      auto* u = static_cast<const ast::UnaryOp*>(n);
      auto* c = node_cast<ast::Constant>(u->operand);
      if (u->op == UnaryOperator::USub && c != nullptr && c->constant == ConstantKind::Float) {
        load_constant(Value::real(-c->number));
        break;
      }
      expression(u->operand);
      if (u->op == UnaryOperator::Not) emit(Op::unary_not);
      else emit(Op::unary, 0, static_cast<std::uint8_t>(u->op));
      break;
    }
    case NodeKind::Lambda: lambda(static_cast<const ast::Lambda*>(n)); break;
    case NodeKind::IfExp: if_expression(static_cast<const ast::IfExp*>(n)); break;
    case NodeKind::Dict: dict_display(static_cast<const ast::Dict*>(n)); break;
    case NodeKind::Set:
      sequence_display(static_cast<const ast::Set*>(n)->elts, Op::build_set, Op::set_add, Op::set_update);
      break;
    case NodeKind::List:
      sequence_display(static_cast<const ast::List*>(n)->elts, Op::build_list, Op::list_append, Op::list_extend);
      break;
    case NodeKind::Tuple:
      sequence_display(static_cast<const ast::Tuple*>(n)->elts, Op::build_tuple, Op::list_append, Op::list_extend);
      break;
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
    case NodeKind::Await:
      expression(static_cast<const ast::Await*>(n)->value);
      emit(Op::refuse_async);
      break;
    case NodeKind::Yield: {
      auto* y = static_cast<const ast::Yield*>(n);
      if (!scope_->function_like()) fail(n->span, "'yield' outside function");
      for (std::int32_t b : open_branches_) code_->branches[b].yields = n->span;
      if (y->value != nullptr) expression(y->value);
      else load_constant(Value::none());
      emit(Op::yield_value);
      break;
    }
    case NodeKind::YieldFrom:
      if (!scope_->function_like()) fail(n->span, "'yield' outside function");
      for (std::int32_t b : open_branches_) code_->branches[b].yields = n->span;
      expression(static_cast<const ast::YieldFrom*>(n)->value);
      emit(Op::get_yield_from_iter);
      load_constant(Value::none());
      emit(Op::yield_from);
      break;
    case NodeKind::Compare: compare(static_cast<const ast::Compare*>(n)); break;
    case NodeKind::Call: call(static_cast<const ast::Call*>(n)); break;
    case NodeKind::JoinedStr: joined_str(static_cast<const ast::JoinedStr*>(n)); break;
    case NodeKind::FormattedValue: {
      auto* f = static_cast<const ast::FormattedValue*>(n);
      expression(f->value);
      std::uint8_t flags = f->conversion == 's' ? 1 : f->conversion == 'r' ? 2 : f->conversion == 'a' ? 3 : 0;
      if (f->format_spec != nullptr) {
        expression(f->format_spec);
        flags |= 4;
      }
      emit(Op::format_value, 0, flags);
      break;
    }
    case NodeKind::Attribute: {
      auto* a = static_cast<const ast::Attribute*>(n);
      expression(a->value);
      emit(Op::load_attr, name_index(mangled(a->attr)));
      break;
    }
    case NodeKind::Subscript:
      expression(static_cast<const ast::Subscript*>(n)->value);
      subscript_key(static_cast<const ast::Subscript*>(n)->slice);
      emit(Op::load_subscript);
      break;
    case NodeKind::Slice: {
      auto* s = static_cast<const ast::Slice*>(n);
      const auto part = [&](const Node* p) {
        if (p != nullptr) expression(p);
        else load_constant(Value::none());
      };
      part(s->lower);
      part(s->upper);
      if (s->step != nullptr) expression(s->step);
      emit(Op::build_slice, s->step != nullptr ? 3 : 2);
      break;
    }
    case NodeKind::Starred:
      fail(n->span, "can't use starred expression here");
      load_constant(Value::none());
      break;
    default:
      fail(n->span, "this is no expression");
      load_constant(Value::none());
      break;
  }
  --depth_;
}

void Compiler::subscript_key(const Node* slice) { expression(slice); }

void Compiler::bool_op(const ast::BoolOp* n) {
  std::vector<std::int32_t> jumps;
  for (std::size_t i = 0; i < n->values.size(); ++i) {
    expression(n->values[i]);
    if (i + 1 < n->values.size()) jumps.push_back(emit(n->op == BoolOperator::And ? Op::and_test : Op::or_test));
  }
  for (std::int32_t j : jumps) patch(j);
  emit(Op::join);
}

void Compiler::compare(const ast::Compare* n) {
  expression(n->left);
  if (n->ops.size() == 1) {
    expression(n->comparators[0]);
    emit(Op::compare, 0, static_cast<std::uint8_t>(n->ops[0]));
    return;
  }
  std::vector<std::int32_t> jumps;
  for (std::size_t i = 0; i < n->ops.size(); ++i) {
    expression(n->comparators[i]);
    const bool last = i + 1 == n->ops.size();
    std::int32_t kept = 0;
    if (!last) {
      kept = temporary();
      emit(Op::dup);
      emit(Op::store_fast, kept);
    }
    emit(Op::compare, 0, static_cast<std::uint8_t>(n->ops[i]));
    if (!last) {
      jumps.push_back(emit(Op::and_test));
      emit(Op::load_fast, kept);
    }
  }
  for (std::int32_t j : jumps) patch(j);
  emit(Op::join);
}

void Compiler::if_expression(const ast::IfExp* n) {
  expression(n->test);
  const auto index = static_cast<std::int32_t>(code_->branches.size());
  code_->branches.emplace_back();
  emit(Op::if_test, index);
  open_branches_.push_back(index);
  code_->branches[index].is_expression = true;
  code_->branches[index].then_pc = here();
  expression(n->body);
  const std::int32_t over = emit(Op::jump);
  code_->branches[index].else_pc = here();
  expression(n->orelse);
  patch(over);
  code_->branches[index].join_pc = here();
  emit(Op::join);
  open_branches_.pop_back();
}

void Compiler::call(const ast::Call* n) {
  if (auto* a = node_cast<ast::Attribute>(n->func)) {
    expression(a->value);
    At at(*this, a->span);
    emit(Op::load_method, name_index(mangled(a->attr)));
  } else {
    expression(n->func);
    emit(Op::push_null);
  }
  arguments(n->args, n->keywords, 0, true);
}

// [callable, self or null, `already` arguments] -> [result]
void Compiler::arguments(NodeList args, NodeList keywords, std::int32_t already, bool) {
  bool plain = true;
  for (const Node* a : args) plain &= !is_starred(a);
  for (const Node* k : keywords) plain &= static_cast<const ast::Keyword*>(k)->arg.data() != nullptr;
  for (std::size_t i = 0; i < keywords.size(); ++i) {
    const Text id = static_cast<const ast::Keyword*>(keywords[i])->arg;
    if (id.data() == nullptr) continue;
    for (std::size_t j = 0; j < i; ++j) {
      const Text other = static_cast<const ast::Keyword*>(keywords[j])->arg;
      if (other.data() != nullptr && other == id)
        fail(keywords[i]->span, "keyword argument repeated: " + std::string(id));
    }
  }
  if (plain) {
    for (const Node* a : args) expression(a);
    std::vector<Str*> names;
    for (const Node* k : keywords) {
      names.push_back(mangled(static_cast<const ast::Keyword*>(k)->arg));
      expression(static_cast<const ast::Keyword*>(k)->value);
    }
    const auto count = already + static_cast<std::int32_t>(args.size() + keywords.size());
    if (names.empty()) {
      emit(Op::call, count);
      return;
    }
    if (code_->keyword_names.size() >= 65535) return fail(span_, "too many calls with keywords in one body");
    code_->keyword_names.push_back(std::move(names));
    emit(Op::call_keywords, count, 0, static_cast<std::uint16_t>(code_->keyword_names.size() - 1));
    return;
  }
  std::size_t i = 0;
  for (; i < args.size() && !is_starred(args[i]); ++i) expression(args[i]);
  emit(Op::build_list, already + static_cast<std::int32_t>(i));
  for (; i < args.size(); ++i) {
    if (auto* star = node_cast<ast::Starred>(args[i])) {
      expression(star->value);
      At at(*this, star->span);
      emit(Op::list_extend, 1, 1);
    } else {
      expression(args[i]);
      emit(Op::list_append, 1);
    }
  }
  if (keywords.empty()) {
    emit(Op::call_ex, 0, 0);
    return;
  }
  emit(Op::build_map, 0);
  for (const Node* k : keywords) {
    auto* keyword = static_cast<const ast::Keyword*>(k);
    if (keyword->arg.data() == nullptr) {
      expression(keyword->value);
      At at(*this, keyword->span);
      emit(Op::dict_merge, 1);
      continue;
    }
    load_constant(Value::object(mangled(keyword->arg)));
    expression(keyword->value);
    emit(Op::build_map, 1);
    emit(Op::dict_merge, 1);
  }
  emit(Op::call_ex, 0, 1);
}

void Compiler::joined_str(const ast::JoinedStr* n) {
  for (const Node* v : n->values) expression(v);
  emit(Op::build_string, static_cast<std::int32_t>(n->values.size()));
}

void Compiler::dict_display(const ast::Dict* n) {
  std::int32_t pending = 0;
  bool made = false;
  const auto flush = [&] {
    if (!made) {
      emit(Op::build_map, pending);
      made = true;
    } else if (pending > 0) {
      emit(Op::build_map, pending);
      emit(Op::dict_update, 1);
    }
    pending = 0;
  };
  for (std::size_t i = 0; i < n->keys.size(); ++i) {
    if (n->keys[i] == nullptr) {
      flush();
      expression(n->values[i]);
      emit(Op::dict_update, 1);
      continue;
    }
    expression(n->keys[i]);
    expression(n->values[i]);
    if (++pending == 64) flush();
  }
  if (pending > 0 || !made) flush();
}

void Compiler::sequence_display(NodeList elts, Op build, Op append, Op extend) {
  bool starred = false;
  for (const Node* e : elts) starred |= is_starred(e);
  if (!starred && elts.size() <= 64) {
    for (const Node* e : elts) expression(e);
    emit(build, static_cast<std::int32_t>(elts.size()));
    return;
  }
  emit(build == Op::build_set ? Op::build_set : Op::build_list, 0);
  for (const Node* e : elts) {
    if (auto* star = node_cast<ast::Starred>(e)) {
      expression(star->value);
      At at(*this, star->span);
      emit(extend, 1);
    } else {
      expression(e);
      emit(append, 1);
    }
  }
  if (build == Op::build_tuple) emit(Op::list_to_tuple);
}

void Compiler::condition(const Node* test, bool jump_if, std::vector<std::int32_t>& jumps) {
  expression(test);
  At at(*this, test->span);
  jumps.push_back(emit(jump_if ? Op::pop_jump_if_true : Op::pop_jump_if_false));
}

void Compiler::store_sequence(NodeList elts, Span span) {
  std::int32_t star = -1;
  for (std::size_t i = 0; i < elts.size(); ++i) {
    if (!is_starred(elts[i])) continue;
    if (star >= 0) fail(span, "multiple starred expressions in assignment");
    star = static_cast<std::int32_t>(i);
  }
  const auto count = static_cast<std::int32_t>(elts.size());
  if (star < 0) emit(Op::unpack_sequence, count);
  else if (count - star - 1 > 65535) return fail(span, "too many targets");
  else emit(Op::unpack_ex, star, 0, static_cast<std::uint16_t>(count - star - 1));
  for (const Node* e : elts) store(is_starred(e) ? static_cast<const ast::Starred*>(e)->value : e);
}

void Compiler::store(const Node* target) {
  At at(*this, target->span);
  switch (target->kind) {
    case NodeKind::Name: name(static_cast<const ast::Name*>(target)->id, Access::store); return;
    case NodeKind::Attribute: {
      auto* a = static_cast<const ast::Attribute*>(target);
      expression(a->value);
      emit(Op::store_attr, name_index(mangled(a->attr)));
      return;
    }
    case NodeKind::Subscript:
      expression(static_cast<const ast::Subscript*>(target)->value);
      subscript_key(static_cast<const ast::Subscript*>(target)->slice);
      emit(Op::store_subscript);
      return;
    case NodeKind::Tuple: store_sequence(static_cast<const ast::Tuple*>(target)->elts, target->span); return;
    case NodeKind::List: store_sequence(static_cast<const ast::List*>(target)->elts, target->span); return;
    case NodeKind::Starred:
      fail(target->span, "starred assignment target must be in a list or tuple");
      emit(Op::pop);
      return;
    default:
      fail(target->span, "cannot assign to this");
      emit(Op::pop);
      return;
  }
}

void Compiler::del(const Node* target) {
  At at(*this, target->span);
  switch (target->kind) {
    case NodeKind::Name: name(static_cast<const ast::Name*>(target)->id, Access::del); return;
    case NodeKind::Attribute: {
      auto* a = static_cast<const ast::Attribute*>(target);
      expression(a->value);
      emit(Op::delete_attr, name_index(mangled(a->attr)));
      return;
    }
    case NodeKind::Subscript:
      expression(static_cast<const ast::Subscript*>(target)->value);
      subscript_key(static_cast<const ast::Subscript*>(target)->slice);
      emit(Op::delete_subscript);
      return;
    case NodeKind::Tuple:
      for (const Node* e : static_cast<const ast::Tuple*>(target)->elts) del(e);
      return;
    case NodeKind::List:
      for (const Node* e : static_cast<const ast::List*>(target)->elts) del(e);
      return;
    default: fail(target->span, "cannot delete this"); return;
  }
}

}  // namespace kedge::pylang
