// Emitting, names and slots; the entry point of compilation.
#include "pylang/vm/compiler.h"

#include <algorithm>

namespace kedge::pylang {

Compiler::Compiler(Unit& unit, Scope* scope, Code* code, std::string qualname_prefix)
    : unit_(unit),
      interp_(unit.interp),
      scope_(scope),
      code_(code),
      prefix_(std::move(qualname_prefix)),
      span_(code->span) {}

std::int32_t Compiler::emit(Op op, std::int32_t a, std::uint8_t x, std::uint16_t b) {
  code_->instructions.push_back({op, x, b, a});
  code_->spans.push_back(span_);
  return here() - 1;
}

std::int32_t Compiler::constant(Value value) {
  auto& all = code_->constants;
  for (std::size_t i = all.size() > 32 ? all.size() - 32 : 0; i < all.size(); ++i) {
    if (all[i].is(value) && !value.is_float()) return static_cast<std::int32_t>(i);
  }
  all.push_back(value);
  return static_cast<std::int32_t>(all.size() - 1);
}

std::int32_t Compiler::name_index(Str* n) {
  auto [it, fresh] = name_indices_.try_emplace(n, static_cast<std::int32_t>(code_->names.size()));
  if (fresh) code_->names.push_back(n);
  return it->second;
}

void Compiler::fail(Span span, std::string message) {
  if (unit_.error) return;
  Diagnostic d;
  d.code = "K0301";
  d.message = std::move(message);
  d.primary.location = Location::at(span);
  unit_.error = std::move(d);
}

std::int32_t Compiler::slot_of(const std::string& n) {
  auto [it, fresh] = slots_.try_emplace(n, static_cast<std::int32_t>(code_->slot_names.size()));
  if (fresh) {
    code_->slot_names.push_back(interp_.intern(n));
    code_->slot_kinds.push_back(SlotKind::fast);
  }
  return it->second;
}

std::int32_t Compiler::temporary() { return slot_of(".t" + std::to_string(code_->slot_names.size())); }

// Parameters first, then the other locals, then what comes from the closure (contiguous, from first_free).
void Compiler::make_slots(const ast::Arguments* args) {
  const auto add = [&](const std::string& n, SlotKind kind) { code_->slot_kinds[slot_of(n)] = kind; };
  const auto parameter = [&](const Node* p) {
    slot_of(mangle(scope_->class_name, static_cast<const ast::Arg*>(p)->arg));
  };
  if (args != nullptr) {
    for (const Node* p : args->posonlyargs) parameter(p);
    for (const Node* p : args->args) parameter(p);
    for (const Node* p : args->kwonlyargs) parameter(p);
    if (args->vararg != nullptr) parameter(args->vararg);
    if (args->kwarg != nullptr) parameter(args->kwarg);
    code_->positional_only = static_cast<std::int32_t>(args->posonlyargs.size());
    code_->positional = code_->positional_only + static_cast<std::int32_t>(args->args.size());
    code_->keyword_only = static_cast<std::int32_t>(args->kwonlyargs.size());
    code_->has_varargs = args->vararg != nullptr;
    code_->has_kwargs = args->kwarg != nullptr;
  } else if (scope_->kind == ScopeKind::comprehension) {
    slot_of(".0");
    code_->positional = 1;
  }
  bool cells = false;
  for (const std::string& n : scope_->order) {
    const Symbol& s = scope_->symbols.at(n);
    if (s.use == NameUse::cell) {
      add(n, SlotKind::cell);
      cells = true;
    } else if (s.use == NameUse::local && scope_->function_like()) add(n, SlotKind::fast);
  }
  // temporaries of match statements and of try are made before the free ones by reserving: free slots are numbered
  // last, so gather them now
  code_->first_free = static_cast<std::int32_t>(code_->slot_names.size());
  bool frees = false;
  for (const std::string& n : scope_->order) {
    if (scope_->symbols.at(n).use == NameUse::free) {
      add(n, SlotKind::free);
      frees = true;
    }
  }
  code_->simple = !cells && !frees && !code_->has_varargs && !code_->has_kwargs && code_->keyword_only == 0;
  for (std::int32_t i = 0; i < code_->first_free; ++i) {
    if (code_->slot_kinds[i] == SlotKind::cell) emit(Op::make_cell, i);
  }
  if (auto it = slots_.find("__class__"); it != slots_.end()) code_->class_slot = it->second;
}

void Compiler::name(std::string_view id, Access access) {
  const std::string n = mangle(scope_->class_name, id);
  const Symbol& s = scope_->symbol(n);
  Str* const str = interp_.intern(n);
  static constexpr Op kFast[] = {Op::load_fast, Op::store_fast, Op::delete_fast};
  static constexpr Op kDeref[] = {Op::load_deref, Op::store_deref, Op::delete_deref};
  static constexpr Op kName[] = {Op::load_name, Op::store_name, Op::delete_name};
  static constexpr Op kGlobal[] = {Op::load_global, Op::store_global, Op::delete_global};
  const auto which = static_cast<std::size_t>(access);
  const bool function_like = scope_->function_like();
  switch (s.use) {
    case NameUse::cell: emit(kDeref[which], slot_of(n)); return;
    case NameUse::free:
      if (scope_->kind == ScopeKind::class_ && access == Access::load) emit(Op::load_class_deref, slot_of(n));
      else emit(kDeref[which], slot_of(n));
      return;
    case NameUse::local:
      if (function_like) emit(kFast[which], slot_of(n));
      else emit(kName[which], name_index(str));
      return;
    case NameUse::global_explicit: emit(kGlobal[which], name_index(str)); return;
    case NameUse::global_implicit:
      if (function_like) emit(kGlobal[which], name_index(str));
      else emit(kName[which], name_index(str));
      return;
  }
}

void Compiler::compile_module(const ast::Module* module) {
  make_slots(nullptr);
  emit(Op::setup_annotations);
  std::size_t first = 0;
  if (!module->body.empty()) {
    if (auto* e = node_cast<ast::Expr>(module->body[0])) {
      if (auto* c = node_cast<ast::Constant>(e->value); c != nullptr && c->constant == ConstantKind::Str) {
        code_->doc = interp_.str(c->text);
        load_constant(code_->doc);
        emit(Op::store_name, name_index(interp_.intern("__doc__")));
        first = 1;
      }
    }
  }
  for (std::size_t i = first; i < module->body.size(); ++i) {
    Statement record;
    record.begin = here();
    statement(module->body[i]);
    record.end = here();
    // whatever the statement stores at module level is what it would bind
    for (std::int32_t pc = record.begin; pc < record.end; ++pc) {
      const Instr& ins = code_->instructions[pc];
      if (ins.op != Op::store_name && ins.op != Op::store_global) continue;
      Str* const bound = code_->names[ins.a];
      if (std::find(record.binds.begin(), record.binds.end(), bound) == record.binds.end())
        record.binds.push_back(bound);
    }
    code_->statements.push_back(std::move(record));
  }
  load_constant(Value::none());
  emit(Op::return_value);
  compute_stack_depth(*code_);
}

const Code* compile_module(Interp& interp, const ast::Module& module, std::string_view name, bool trusted,
                           std::optional<Diagnostic>& error) {
  Unit unit{interp, analyse_scopes(module), trusted, false, {}};
  if (unit.scopes.error) {
    error = unit.scopes.error;
    return nullptr;
  }
  for (const Node* n : module.body) {
    auto* from = node_cast<ast::ImportFrom>(n);
    if (from == nullptr || from->module != "__future__") continue;
    for (const Node* a : from->names) unit.lazy_annotations |= static_cast<const ast::Alias*>(a)->name == "annotations";
  }
  interp.impl().codes.push_back(std::make_unique<Code>());
  Code* code = interp.impl().codes.back().get();
  code->name = std::string(name);
  code->name_str = code->qualname = interp.intern("<module>");
  code->is_module = true;
  code->trusted = trusted;
  code->span = module.span;
  Compiler compiler(unit, unit.scopes.by_node.at(&module), code, "");
  compiler.compile_module(&module);
  if (unit.error) {
    error = unit.error;
    return nullptr;
  }
  return code;
}

}  // namespace kedge::pylang
