// Finding classes in the user's sources; see class_finder.h.
#include "frontends/keras/class_finder.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "pylang/parser.h"

namespace kedge::frontends {

using namespace pylang;  // NOLINT: this file reads syntax trees throughout

namespace {

std::string_view last_part(std::string_view dotted) { return dotted.substr(dotted.rfind('.') + 1); }

/// The last name of `a.b.c` or `c`.
std::string_view leaf_name(const pylang::Node* node) {
  if (const auto* attribute = node_cast<ast::Attribute>(node)) return attribute->attr;
  if (const auto* name = node_cast<ast::Name>(node)) return name->id;
  return {};
}

const std::string_view* literal(const pylang::Node* node) {
  const auto* constant = node_cast<ast::Constant>(node);
  return constant != nullptr && constant->constant == ConstantKind::Str ? &constant->text : nullptr;
}

/// `@keras.saving.register_keras_serializable(package="p", name="N")` gives "p>N".
void read_decorators(NodeList decorators, std::string_view name, std::vector<std::string>& out) {
  for (const pylang::Node* decorator : decorators) {
    const auto* call = node_cast<ast::Call>(decorator);
    const std::string_view function = leaf_name(call != nullptr ? call->func : decorator);
    if (function.find("register") == std::string_view::npos || function.find("serializable") == std::string_view::npos)
      continue;
    std::string package = "Custom";
    std::string registered(name);
    bool known = true;
    const auto take = [&](const pylang::Node* value, bool is_package) {
      const std::string_view* text = literal(value);
      if (text != nullptr) (is_package ? package : registered) = std::string(*text);
      else
        known = known && node_cast<ast::Constant>(value) != nullptr;  // None keeps the default; a name is unknown here
    };
    if (call != nullptr) {
      for (std::size_t i = 0; i < call->args.size() && i < 2; ++i) take(call->args[i], i == 0);
      for (const pylang::Node* node : call->keywords) {
        const auto* keyword = node_cast<ast::Keyword>(node);
        if (keyword == nullptr) continue;
        if (keyword->arg == "package" || keyword->arg == "name") take(keyword->value, keyword->arg == "package");
      }
    }
    if (known) out.push_back(package + ">" + registered);
  }
}

/// Top-level definitions, also those inside `if` and `try` of the module body.
void collect(NodeList body, const CustomModule& module, std::vector<Definition>& out, int depth) {
  if (depth > 20) return;
  for (pylang::Node* node : body) {
    if (const auto* cls = node_cast<ast::ClassDef>(node)) {
      Definition d{module, std::string(cls->name), {}, cls->name_span};
      read_decorators(cls->decorator_list, cls->name, d.registered);
      out.push_back(std::move(d));
    } else if (const auto* function = node_cast<ast::FunctionDef>(node)) {
      Definition d{module, std::string(function->name), {}, function->name_span};
      read_decorators(function->decorator_list, function->name, d.registered);
      out.push_back(std::move(d));
    } else if (const auto* branch = node_cast<ast::If>(node)) {
      collect(branch->body, module, out, depth + 1);
      collect(branch->orelse, module, out, depth + 1);
    } else if (const auto* attempt = node_cast<ast::Try>(node)) {
      collect(attempt->body, module, out, depth + 1);
      for (const pylang::Node* handler : attempt->handlers) {
        if (const auto* h = node_cast<ast::ExceptHandler>(handler)) collect(h->body, module, out, depth + 1);
      }
      collect(attempt->orelse, module, out, depth + 1);
    } else if (const auto* with = node_cast<ast::With>(node)) {
      collect(with->body, module, out, depth + 1);
    }
  }
}

}  // namespace

std::vector<Definition> ClassFinder::definitions(Interp& interp, std::string_view name,
                                                 std::string_view registered_tail) {
  std::vector<Definition> out;
  for (const CustomModule& module : finder_.custom_modules()) {
    const std::optional<SourceId> source = finder_.source_of(interp.sources(), module.path);
    if (!source) continue;
    const std::string& text = interp.sources().get(*source).text;
    const bool mentions = text.find(name) != std::string::npos ||
                          (!registered_tail.empty() && text.find(registered_tail) != std::string::npos);
    if (!name.empty() && !mentions) continue;
    AstArena arena;
    Result<pylang::Node*> tree = parse_module(interp.sources(), *source, limits_, arena);
    if (!tree.ok()) {  // reported when the module is imported, or when the class is not found elsewhere
      if (!name.empty() && !unreadable_) unreadable_ = tree.error().diagnostic();
      continue;
    }
    if (const auto* parsed = node_cast<ast::Module>(*tree)) collect(parsed->body, module, out, 0);
  }
  // A module has one value under a name: of several definitions the last.
  std::set<std::pair<std::string, std::string>> seen;
  std::vector<Definition> last;
  for (auto it = out.rbegin(); it != out.rend(); ++it) {
    if (seen.emplace(it->module.name, it->name).second) last.push_back(std::move(*it));
  }
  return {std::make_move_iterator(last.rbegin()), std::make_move_iterator(last.rend())};
}

Value ClassFinder::load(Interp& interp, const Definition& definition, const std::string& registered_name,
                        const char* found_by) {
  const Value module = interp.import_module(finder_.import_name(definition.module));
  if (module.is_error()) return module;
  const Value object = interp.getattr(module, definition.name);
  if (object.is_error()) return object;
  facts.push_back({definition.name, registered_name, found_by, definition.span});
  if (finder_.is_shadowed(definition.module.name)) shadowed[definition.module.path] = definition.span;
  return object;
}

Value ClassFinder::find(Interp& interp, const std::string& module, const std::string& name,
                        const std::string& registered_name) {
  const std::string key = module + "|" + name + "|" + registered_name;
  if (const auto known = found_.find(key); known != found_.end()) return known->second;
  const auto remember = [&](Value value) {
    if (!value.is_error()) found_[key] = value;
    return value;
  };
  // By module path and name.
  if (!module.empty() && !finder_.is_shadowed(module) && finder_.find_custom(module)) {
    const Value imported = interp.import_module(module);
    if (imported.is_error()) {
      if (interp.is_refused() || !interp.pending_matches("ImportError")) return imported;
      (void)interp.take_pending();
    } else if (const std::optional<Value> found = interp.find_attr(imported, name)) {
      Span span;
      if (auto* type = as<Type>(*found)) span = type->span;
      facts.push_back({name, registered_name, "module and name", span});
      return remember(*found);
    } else if (interp.has_exception()) {
      return Value();
    }
  }
  const std::size_t sign = registered_name.find('>');
  const std::string tail = sign == std::string::npos ? registered_name : registered_name.substr(sign + 1);
  std::vector<Definition> all = definitions(interp, name, tail);
  std::vector<Definition> candidates;
  const char* found_by = "registered name";
  if (!registered_name.empty()) {
    for (const Definition& d : all) {
      if (std::find(d.registered.begin(), d.registered.end(), registered_name) != d.registered.end())
        candidates.push_back(d);
    }
  }
  if (candidates.empty()) {
    found_by = "unique name";
    for (const Definition& d : all) {
      if (d.name == name) candidates.push_back(d);
    }
    // The configuration's module may end like a candidate's (`pkg.layers` against `layers`).
    if (candidates.size() > 1 && !module.empty()) {
      std::vector<Definition> closer;
      for (const Definition& d : candidates) {
        if (last_part(d.module.name) == last_part(module)) closer.push_back(d);
      }
      if (!closer.empty()) candidates = std::move(closer);
    }
  }
  if (candidates.empty()) return remember(Value::none());
  if (candidates.size() == 1) return remember(load(interp, candidates[0], registered_name, found_by));
  const auto choice = choices.find(key);
  const std::size_t index = choice == choices.end() ? 0 : std::min(choice->second, candidates.size() - 1);
  const Value object = load(interp, candidates[index], registered_name, found_by);
  ambiguities[key] = {name, std::move(candidates)};
  return remember(object);
}

Value ClassFinder::refuse_missing(Interp& interp, const std::string& module, const std::string& name,
                                  const std::string& registered_name) {
  Diagnostic d;
  if (module == "keras" || module.starts_with("keras.")) {
    d.code = "K0411";
    d.message = "the class `" + name + "` of " + module + " is not one that kedge knows";
    d.help.push_back("replace it by another class, or add it to a prelude folder of your own (--prelude)");
    return interp.refuse(std::move(d));
  }
  if (unreadable_) return interp.refuse(*unreadable_);
  d.code = "K0401";
  d.message = "the class `" + name + "` was not found";
  if (!module.empty())
    d.notes.push_back("the configuration names the module `" + module + "`" +
                      (registered_name.empty() ? "" : " and the registered name `" + registered_name + "`"));
  const std::vector<std::string>& paths = finder_.custom_paths();
  if (paths.empty()) {
    d.help.push_back(
        "give the source that defines it with --custom PATH (a .py file, a package folder or a folder of modules)");
  } else {
    d.notes.push_back("looked in " + join(paths, ", ") + " (" + std::to_string(finder_.custom_modules().size()) +
                      " modules)");
    std::set<std::string> names;
    for (const Definition& definition : definitions(interp, "", "")) names.insert(definition.name);
    const std::vector<std::string> candidates(names.begin(), names.end());
    const std::string close = did_you_mean(name, candidates);
    if (!close.empty()) d.help.push_back(close);
    else if (!candidates.empty())
      d.help.push_back("the sources define " +
                       join(std::span(candidates).first(std::min<std::size_t>(candidates.size(), 8)), ", "));
  }
  return interp.refuse(std::move(d));
}

}  // namespace kedge::frontends
