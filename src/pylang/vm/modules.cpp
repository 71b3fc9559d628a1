// Modules: importing, running a body statement by statement, and what becomes of a statement that fails.
#include "pylang/parser.h"
#include "pylang/vm/compiler.h"
#include "pylang/vm/ops.h"

namespace kedge::pylang {

using Impl = Interp::Impl;

Module* Impl::make_module(std::string_view name) {
  auto* m = interp.make<Module>(interp.types.module);
  m->name = std::string(name);
  m->dict = interp.dict();
  set(m->dict, names.name, interp.str(name));
  set(m->dict, names.doc, Value::none());
  set(m->dict, names.package, interp.str(""));
  set(m->dict, names.loader, Value::none());
  set(m->dict, names.spec, Value::none());
  return m;
}

const Code* Impl::compile_source(SourceId source, bool trusted) {
  AstArena arena;
  std::optional<Diagnostic> error;
  const Code* code = nullptr;
  Result<Node*> tree = parse_module(interp.sources(), source, interp.limits(), arena);
  if (!tree.ok()) {
    error = tree.error().diagnostic();
  } else {
    auto* module = node_cast<ast::Module>(*tree);
    KEDGE_CHECK(module != nullptr, "a parsed file is a Module");
    code = compile_module(interp, *module, interp.sources().get(source).path, trusted, error);
  }
  if (error) {
    ExceptionObject* e = make_exception(interp, interp.exception_type("SyntaxError"), {interp.str(error->message)});
    diagnostics.emplace(e, *error);
    interp.raise(e);
    return nullptr;
  }
  return code;
}

Value Impl::run_module(Module* module, const Code* code) {
  Frame* f = push_frame(code, nullptr, module->dict, module);
  const Value r = finish_call(f);
  module->finished = true;
  return r;
}

// The statement that failed leaves poison under the names it had not bound yet; the body goes on behind it.
bool Impl::recover_statement(Frame* f) {
  if (strict_modules || f->code->trusted || total_budget_spent || f->module == nullptr) return false;
  const Statement* failed = nullptr;
  for (const Statement& s : f->code->statements) {
    if (f->pc >= s.begin && f->pc < s.end) failed = &s;
  }
  if (failed == nullptr) return false;
  ExceptionObject* reason = pending_as_reason();
  if (reason == nullptr) return false;
  for (Str* name : failed->binds) {
    if (find(f->globals, name) < 0) set(f->globals, name, Value::object(make_poison(reason, name->text)));
  }
  f->blocks.clear();
  f->handled.clear();
  f->sp = f->stack();
  f->pc = failed->end;
  return true;
}

namespace {
// The module that this file already is under another name, or null: one file is one module.
Module* module_of_source(const Impl& impl, const ModuleSpec& spec) {
  if (spec.kind != ModuleSpec::Kind::source || spec.source == 0) return nullptr;
  for (const auto& [name, module] : impl.modules) {
    if (module->source == spec.source) return module;
  }
  return nullptr;
}
}  // namespace

Module* Interp::find_loaded(std::string_view name) const {
  auto it = impl_->modules.find(std::string(name));
  return it == impl_->modules.end() ? nullptr : it->second;
}

Value Interp::run_source(std::string_view name, SourceId source, bool trusted) {
  const Code* code = impl_->compile_source(source, trusted);
  if (code == nullptr) return {};
  Module* m = impl_->make_module(name);
  m->trusted = trusted;
  m->source = source;
  impl_->set(m->dict, impl_->names.file, str(sources_->get(source).path));
  impl_->modules[std::string(name)] = m;
  if (impl_->run_module(m, code).is_error()) return {};
  return Value::object(m);
}

Value Interp::import_module(std::string_view dotted) {
  Module* parent = nullptr;
  Value leaf;
  for (std::size_t from = 0; from <= dotted.size();) {
    std::size_t dot = dotted.find('.', from);
    if (dot == std::string_view::npos) dot = dotted.size();
    const std::string name(dotted.substr(0, dot));
    const std::string last(dotted.substr(from, dot - from));
    from = dot + 1;
    if (auto it = impl_->modules.find(name); it != impl_->modules.end()) {
      parent = it->second;
      leaf = Value::object(parent);
      continue;
    }
    const auto missing = [&](const std::string& message) {
      ExceptionObject* e = make_exception(*this, exception_type("ModuleNotFoundError"), {str(message)});
      if (e->dict == nullptr) e->dict = dict();
      dict_set(e->dict, "name", str(name));
      return raise(e);
    };
    if (parent != nullptr && !parent->is_package && parent->source != 0)
      return missing("No module named '" + name + "'; '" + parent->name + "' is not a package");
    const std::optional<ModuleSpec> found = finder_ != nullptr ? finder_->find(*this, name) : std::nullopt;
    if (has_exception()) return {};
    if (!found) {
      // what a parent module already has under this name (native submodules)
      if (parent != nullptr) {
        if (auto* m = as<Module>(dict_get(parent->dict, last))) {
          parent = m;
          leaf = Value::object(m);
          continue;
        }
      }
      return missing("No module named '" + name + "'");
    }
    const ModuleSpec spec = *found;
    if (spec.kind == ModuleSpec::Kind::opaque) return missing("No module named '" + name + "'");
    if (Module* known = module_of_source(*impl_, spec); known != nullptr) {
      impl_->modules[name] = known;
      if (parent != nullptr) dict_set(parent->dict, last, Value::object(known));
      parent = known;
      leaf = Value::object(known);
      continue;
    }
    if (!impl_->enter_native()) return {};
    impl_->leave_native();
    Module* m = impl_->make_module(name);
    m->is_package = spec.is_package;
    m->trusted = spec.trusted;
    m->source = spec.source;
    const std::size_t cut = name.rfind('.');
    impl_->set(m->dict, impl_->names.package,
               str(spec.is_package            ? name
                   : cut == std::string::npos ? ""
                                              : name.substr(0, cut)));
    if (spec.is_package) impl_->set(m->dict, impl_->names.path, list({}));
    impl_->modules[name] = m;
    bool ok = true;
    if (spec.kind == ModuleSpec::Kind::native) {
      ok = spec.init == nullptr || spec.init(*this, *m, spec.context);
      m->finished = true;
    } else {
      impl_->set(m->dict, impl_->names.file, str(sources_->get(spec.source).path));
      const Code* code = impl_->compile_source(spec.source, spec.trusted);
      ok = code != nullptr && !impl_->run_module(m, code).is_error();
    }
    if (!ok) {
      impl_->modules.erase(name);
      return {};
    }
    // a module may replace itself in the cache
    if (auto it = impl_->modules.find(name); it != impl_->modules.end()) m = it->second;
    if (parent != nullptr) dict_set(parent->dict, last, Value::object(m));
    parent = m;
    leaf = Value::object(m);
  }
  return leaf;
}

namespace {
// The absolute name of a relative import; empty: raised. A file that was named by itself has no package, or one that
// ends too early: the finder knows its folders.
std::string resolve_relative(Impl& impl, const Frame* frame, std::string_view name, std::int64_t level) {
  Interp& interp = impl.interp;
  std::string package;
  if (auto* p = as<Str>(impl.get(frame->globals, impl.names.package))) package = p->text;
  const bool top_level = package.empty();
  for (std::int64_t i = 1; i < level && !package.empty(); ++i) {
    const std::size_t dot = package.rfind('.');
    package.resize(dot == std::string::npos ? 0 : dot);
  }
  if (package.empty() && frame->module != nullptr && frame->module->source != 0 && interp.finder() != nullptr)
    package = interp.finder()->package_above(interp.sources().get(frame->module->source).path, level);
  if (package.empty()) {
    interp.raise("ImportError", top_level ? "attempted relative import with no known parent package"
                                          : "attempted relative import beyond top-level package");
    return {};
  }
  return name.empty() ? package : package + "." + std::string(name);
}
}  // namespace

// What the import statement pushes: the leaf for `from`, else the top of the dotted name.
Value Impl::import_name(Frame* f, std::string_view name, std::int64_t level, Value from_list) {
  std::string absolute(name);
  if (level > 0) {
    absolute = resolve_relative(*this, f, name, level);
    if (absolute.empty()) return {};
  }
  if (absolute == "__future__") return Value::object(make_module("__future__"));
  const Value leaf = interp.import_module(absolute);
  if (leaf.is_error()) return {};
  if (from_list.is_none()) {
    const std::size_t dot = absolute.find('.');
    if (dot == std::string::npos) return leaf;
    return Value::object(interp.find_loaded(absolute.substr(0, dot)));
  }
  return leaf;
}

Value Impl::import_from(Value module, Str* name) {
  auto* m = as<Module>(module);
  if (m == nullptr) return interp.getattr(module, name);
  if (m->name == "__future__") return Value::none();
  Value v = get(m->dict, name);
  if (!v.is_error()) return v;
  // PEP 562, then a submodule
  const Value hook = get(m->dict, names.getattr);
  if (!hook.is_error()) {
    const Value args[] = {Value::object(name)};
    v = interp.call(hook, args);
    if (!v.is_error()) return v;
    if (!interp.pending_matches("AttributeError")) return {};
    interp.take_pending();
  }
  const std::string full = m->name + "." + name->text;
  if (Module* loaded = interp.find_loaded(full)) return Value::object(loaded);
  if (m->is_package || m->source == 0) {
    const Value sub = interp.import_module(full);
    if (!sub.is_error()) return sub;
    if (!interp.pending_matches("ModuleNotFoundError")) return {};
    // only its own absence is "cannot import name"; a failure inside it is passed on
    ExceptionObject* e = interp.pending();
    auto* missing = e->dict != nullptr ? as<Str>(interp.dict_get(e->dict, "name")) : nullptr;
    if (missing == nullptr || missing->text != full) return {};
    interp.take_pending();
  }
  std::string where = "unknown location";
  if (m->source != 0) where = interp.sources().get(m->source).path;
  std::string message = "cannot import name '" + name->text + "' from '" + m->name + "' (" + where + ")";
  if (!m->finished && m->source != 0) {
    message = "cannot import name '" + name->text + "' from partially initialized module '" + m->name +
              "' (most likely due to a circular import) (" + where + ")";
  }
  ExceptionObject* e = make_exception(interp, interp.exception_type("ImportError"), {interp.str(message)});
  if (e->dict == nullptr) e->dict = interp.dict();
  set(e->dict, interp.intern("name"), interp.str(m->name));
  return interp.raise(e);
}

bool Impl::import_star(Frame* f, Value module) {
  auto* m = as<Module>(module);
  if (m == nullptr) {
    interp.raise("ImportError", "from-import-* needs a module");
    return false;
  }
  Dict* into = f->names != nullptr ? f->names : f->globals;
  Value all = get(m->dict, names.all);
  if (all.is_error() &&
      !get(m->dict, interp.intern("__getattr__")).is_error()) {  // a module may make its list (PEP 562)
    all = interp.getattr(module, interp.intern("__all__"));
    if (all.is_error()) {
      if (!interp.pending_matches("AttributeError")) return false;
      interp.take_pending();
    }
  }
  if (!all.is_error()) {
    auto list = interp.to_vector(all);
    if (!list) return false;
    for (const Value v : *list) {
      auto* s = as<Str>(v);
      if (s == nullptr) {
        interp.raise("TypeError",
                     "Item in " + m->name + ".__all__ must be str, not " + std::string(type_name(interp, v)));
        return false;
      }
      const Value item = import_from(module, interp.intern(s->text));
      if (item.is_error()) {
        if (interp.pending_matches("ImportError")) {
          interp.take_pending();
          interp.raise("AttributeError", "module '" + m->name + "' has no attribute '" + s->text + "'");
        }
        return false;
      }
      if (!set(into, interp.intern(s->text), item)) return false;
    }
    return true;
  }
  const std::vector<Dict::Entry> entries = m->dict->entries;
  for (const Dict::Entry& e : entries) {
    auto* s = as<Str>(e.key);
    if (s == nullptr || s->text.starts_with("_")) continue;
    if (!interp.dict_set(into, e.key, e.value)) return false;
  }
  return true;
}

}  // namespace kedge::pylang
