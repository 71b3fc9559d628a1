// `match`: patterns become tests on temporaries; the stack is the same whether a test passes or fails.
// Names are bound only once the whole pattern fits (Language Reference, 8.6.4).
#include "pylang/vm/compiler.h"

namespace kedge::pylang {

void Compiler::match_statement(const ast::Match* n) {
  const std::int32_t subject = temporary();
  expression(n->subject);
  emit(Op::store_fast, subject);
  std::vector<std::int32_t> ends;
  for (const Node* node : n->cases) {
    auto* c = static_cast<const ast::MatchCase*>(node);
    std::vector<std::int32_t> fails;
    Captures captures;
    span_ = c->pattern->span;
    pattern(c->pattern, fails, subject, captures);
    for (const auto& [id, slot] : captures) {
      emit(Op::load_fast, slot);
      name(id, Access::store);
    }
    if (c->guard != nullptr) condition(c->guard, false, fails);
    block(c->body);
    ends.push_back(emit(Op::jump));
    for (std::int32_t f : fails) patch(f);
  }
  for (std::int32_t e : ends) patch(e);
  emit(Op::nop);
}

void Compiler::capture(std::string_view id, std::int32_t subject, Captures& captures) {
  std::int32_t slot = -1;
  for (const auto& [known, at] : captures) {
    if (known == id) slot = at;
  }
  if (slot < 0) {
    slot = temporary();
    captures.emplace_back(std::string(id), slot);
  }
  emit(Op::load_fast, subject);
  emit(Op::store_fast, slot);
}

void Compiler::pattern(const Node* p, std::vector<std::int32_t>& fails, std::int32_t subject, Captures& captures) {
  if (++depth_ > 200) {
    fail(p->span, "pattern is nested too deeply");
    --depth_;
    return;
  }
  At at(*this, p->span);
  switch (p->kind) {
    case NodeKind::MatchValue:
      emit(Op::load_fast, subject);
      expression(static_cast<const ast::MatchValue*>(p)->value);
      emit(Op::compare, 0, static_cast<std::uint8_t>(CompareOp::eq));
      fails.push_back(emit(Op::pop_jump_if_false));
      break;
    case NodeKind::MatchSingleton: {
      const ConstantKind kind = static_cast<const ast::MatchSingleton*>(p)->value;
      emit(Op::load_fast, subject);
      load_constant(kind == ConstantKind::None ? Value::none() : Value::boolean(kind == ConstantKind::True));
      emit(Op::compare, 0, static_cast<std::uint8_t>(CompareOp::is));
      fails.push_back(emit(Op::pop_jump_if_false));
      break;
    }
    case NodeKind::MatchSequence:
      sequence_pattern(static_cast<const ast::MatchSequence*>(p), fails, subject, captures);
      break;
    case NodeKind::MatchMapping:
      mapping_pattern(static_cast<const ast::MatchMapping*>(p), fails, subject, captures);
      break;
    case NodeKind::MatchClass: class_pattern(static_cast<const ast::MatchClass*>(p), fails, subject, captures); break;
    case NodeKind::MatchAs: {
      auto* as = static_cast<const ast::MatchAs*>(p);
      if (as->pattern != nullptr) pattern(as->pattern, fails, subject, captures);
      if (as->name.data() != nullptr) capture(as->name, subject, captures);
      break;
    }
    case NodeKind::MatchOr: {
      std::vector<std::int32_t> done;
      NodeList alternatives = static_cast<const ast::MatchOr*>(p)->patterns;
      for (std::size_t i = 0; i < alternatives.size(); ++i) {
        if (i + 1 == alternatives.size()) {
          pattern(alternatives[i], fails, subject, captures);
          break;
        }
        std::vector<std::int32_t> next;
        pattern(alternatives[i], next, subject, captures);
        done.push_back(emit(Op::jump));
        for (std::int32_t f : next) patch(f);
      }
      for (std::int32_t d : done) patch(d);
      emit(Op::nop);
      break;
    }
    default: fail(p->span, "this is no pattern"); break;
  }
  --depth_;
}

void Compiler::sequence_pattern(const ast::MatchSequence* p, std::vector<std::int32_t>& fails, std::int32_t subject,
                                Captures& captures) {
  std::int32_t star = -1;
  const auto count = static_cast<std::int32_t>(p->patterns.size());
  for (std::int32_t i = 0; i < count; ++i) {
    if (p->patterns[i]->kind == NodeKind::MatchStar) star = i;
  }
  emit(Op::load_fast, subject);
  emit(Op::match_sequence);
  fails.push_back(emit(Op::pop_jump_if_false));
  emit(Op::load_fast, subject);
  emit(Op::get_length);
  load_constant(Value::integer(star < 0 ? count : count - 1));
  emit(Op::compare, 0, static_cast<std::uint8_t>(star < 0 ? CompareOp::eq : CompareOp::ge));
  fails.push_back(emit(Op::pop_jump_if_false));
  for (std::int32_t i = 0; i < count; ++i) {
    const Node* item = p->patterns[i];
    auto* as = node_cast<ast::MatchAs>(item);
    if (as != nullptr && as->pattern == nullptr && as->name.data() == nullptr) continue;
    const std::int32_t slot = temporary();
    if (i == star) {
      auto* rest = static_cast<const ast::MatchStar*>(item);
      if (rest->name.data() == nullptr) continue;
      emit(Op::build_list, 0);
      emit(Op::load_fast, subject);
      load_constant(Value::integer(i));
      if (i + 1 == count) load_constant(Value::none());
      else load_constant(Value::integer(i + 1 - count));
      emit(Op::build_slice, 2);
      emit(Op::load_subscript);
      emit(Op::list_extend, 1);
      emit(Op::store_fast, slot);
      capture(rest->name, slot, captures);
      continue;
    }
    emit(Op::load_fast, subject);
    load_constant(Value::integer(star >= 0 && i > star ? i - count : i));
    emit(Op::load_subscript);
    emit(Op::store_fast, slot);
    pattern(item, fails, slot, captures);
  }
}

void Compiler::mapping_pattern(const ast::MatchMapping* p, std::vector<std::int32_t>& fails, std::int32_t subject,
                               Captures& captures) {
  emit(Op::load_fast, subject);
  emit(Op::match_mapping);
  fails.push_back(emit(Op::pop_jump_if_false));
  const std::int32_t keys = temporary();
  const std::int32_t values = temporary();
  for (const Node* k : p->keys) expression(k);
  emit(Op::build_tuple, static_cast<std::int32_t>(p->keys.size()));
  emit(Op::store_fast, keys);
  emit(Op::load_fast, subject);
  emit(Op::load_fast, keys);
  emit(Op::match_keys);
  emit(Op::dup);
  emit(Op::store_fast, values);
  load_constant(Value::none());
  emit(Op::compare, 0, static_cast<std::uint8_t>(CompareOp::is_not));
  fails.push_back(emit(Op::pop_jump_if_false));
  for (std::size_t i = 0; i < p->patterns.size(); ++i) {
    const std::int32_t slot = temporary();
    emit(Op::load_fast, values);
    load_constant(Value::integer(static_cast<std::int64_t>(i)));
    emit(Op::load_subscript);
    emit(Op::store_fast, slot);
    pattern(p->patterns[i], fails, slot, captures);
  }
  if (p->rest.data() == nullptr) return;
  const std::int32_t rest = temporary();
  emit(Op::load_fast, subject);
  emit(Op::load_fast, keys);
  emit(Op::copy_dict_without_keys);
  emit(Op::store_fast, rest);
  capture(p->rest, rest, captures);
}

void Compiler::class_pattern(const ast::MatchClass* p, std::vector<std::int32_t>& fails, std::int32_t subject,
                             Captures& captures) {
  emit(Op::load_fast, subject);
  expression(p->cls);
  std::vector<Value> names;
  for (Text t : p->kwd_attrs) names.push_back(Value::object(mangled(t)));
  load_constant(interp_.tuple(std::move(names)));
  emit(Op::match_class, static_cast<std::int32_t>(p->patterns.size()));
  const std::int32_t parts = temporary();
  emit(Op::dup);
  emit(Op::store_fast, parts);
  load_constant(Value::none());
  emit(Op::compare, 0, static_cast<std::uint8_t>(CompareOp::is_not));
  fails.push_back(emit(Op::pop_jump_if_false));
  const std::size_t positional = p->patterns.size();
  for (std::size_t i = 0; i < positional + p->kwd_patterns.size(); ++i) {
    const std::int32_t slot = temporary();
    emit(Op::load_fast, parts);
    load_constant(Value::integer(static_cast<std::int64_t>(i)));
    emit(Op::load_subscript);
    emit(Op::store_fast, slot);
    pattern(i < positional ? p->patterns[i] : p->kwd_patterns[i - positional], fails, slot, captures);
  }
}

}  // namespace kedge::pylang
