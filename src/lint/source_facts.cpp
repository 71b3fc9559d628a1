#include "lint/source_facts.h"

#include <algorithm>

#include "formats/file.h"
#include "pylang/ast_walk.h"
#include "pylang/parser.h"

namespace kedge::lint {
namespace {

using pylang::Node;
using pylang::node_cast;

/// `tf.keras.layers.Dense`, `tensorflow.keras…`, `keras.src.layers…` and `keras…` are one thing here.
std::string canonical(std::string name) {
  for (const std::string_view prefix :
       {"tensorflow.keras.", "tensorflow.python.keras.", "tf_keras.", "keras.src.", "keras.api."}) {
    if (name.starts_with(prefix)) return "keras." + name.substr(prefix.size());
  }
  if (name == "tensorflow.keras") return "keras";
  return name;
}

void add_import(ModuleFacts& module, std::string target, std::string bound, std::string meaning, Span span,
                bool guarded) {
  module.aliases[bound] = std::move(meaning);
  module.imports.push_back({std::move(target), std::move(bound), span, guarded, false});
}

void collect_import(ModuleFacts& module, const Node* statement, bool guarded) {
  if (const auto* import = node_cast<ast::Import>(statement)) {
    for (const Node* entry : import->names) {
      const auto* alias = node_cast<ast::Alias>(entry);
      const std::string name(alias->name);
      const std::string top = name.substr(0, name.find('.'));
      if (alias->asname.data() != nullptr) {
        add_import(module, name, std::string(alias->asname), name, alias->span, guarded);
      } else {
        add_import(module, name, top, top, alias->span, guarded);
      }
    }
  }
  if (const auto* import = node_cast<ast::ImportFrom>(statement)) {
    const std::string from = std::string(static_cast<std::size_t>(import->level), '.') + std::string(import->module);
    for (const Node* entry : import->names) {
      const auto* alias = node_cast<ast::Alias>(entry);
      const std::string bound(alias->asname.data() != nullptr ? alias->asname : alias->name);
      add_import(module, from, bound, from + "." + std::string(alias->name), import->span, guarded);
    }
  }
}

/// Module-level statements, those under if/try/with included.
void collect_statements(ModuleFacts& module, pylang::NodeList statements, bool guarded, int depth,
                        std::vector<const ast::ClassDef*>& classes) {
  constexpr int kDepthLimit = 50;
  if (depth > kDepthLimit) return;
  for (const Node* statement : statements) {
    collect_import(module, statement, guarded);
    if (const auto* cls = node_cast<ast::ClassDef>(statement)) classes.push_back(cls);
    if (const auto* branch = node_cast<ast::If>(statement)) {
      collect_statements(module, branch->body, true, depth + 1, classes);
      collect_statements(module, branch->orelse, true, depth + 1, classes);
    }
    if (const auto* attempt = node_cast<ast::Try>(statement)) {
      collect_statements(module, attempt->body, true, depth + 1, classes);
      for (const Node* handler : attempt->handlers)
        collect_statements(module, node_cast<ast::ExceptHandler>(handler)->body, true, depth + 1, classes);
      collect_statements(module, attempt->orelse, true, depth + 1, classes);
      collect_statements(module, attempt->finalbody, true, depth + 1, classes);
    }
  }
}

bool registers(const ModuleFacts& module, const Node* decorator) {
  const auto* call = node_cast<ast::Call>(decorator);
  const std::string name = module.dotted(call != nullptr ? call->func : decorator);
  // Packages wrap it under names of their own (keras_hub_export): what ends in these words registers.
  return name.ends_with("register_keras_serializable") || name.ends_with("_export") ||
         name.ends_with("register_serializable") || name.ends_with("register");
}

ClassFacts facts_of(const ModuleFacts& module, const ast::ClassDef& node) {
  ClassFacts out;
  out.module = &module;
  out.node = &node;
  out.name = std::string(node.name);
  for (const Node* base : node.bases) out.bases.push_back(module.dotted(base));
  for (const Node* statement : node.body) {
    if (const auto* function = node_cast<ast::FunctionDef>(statement))
      out.methods[std::string(function->name)] = function;
  }
  out.registered = std::any_of(node.decorator_list.begin(), node.decorator_list.end(),
                               [&](const Node* d) { return registers(module, d); });
  return out;
}

/// Layers and models by their bases; classes of the sources take their base's kind, whatever the order of the files.
void find_kinds(std::vector<std::unique_ptr<ModuleFacts>>& modules) {
  bool changed = true;
  while (changed) {
    changed = false;
    for (const auto& module : modules) {
      for (ClassFacts& cls : module->classes) {
        if (cls.kind != ClassFacts::Kind::other) continue;
        for (const std::string& base : cls.bases) {
          ClassFacts::Kind kind = ClassFacts::Kind::other;
          if (base.starts_with("keras.layers.") || base == "keras.Layer") kind = ClassFacts::Kind::layer;
          if (base == "keras.Model" || base.starts_with("keras.models.") || base == "keras.Sequential")
            kind = ClassFacts::Kind::model;
          const ClassFacts* local = find_class(modules, *module, base.substr(base.rfind('.') + 1));
          if (kind == ClassFacts::Kind::other && local != nullptr && local != &cls) kind = local->kind;
          if (kind == ClassFacts::Kind::other) continue;
          cls.kind = kind;
          changed = true;
          break;
        }
      }
    }
  }
}

}  // namespace

const ast::FunctionDef* ClassFacts::method(std::string_view method_name) const {
  const auto found = methods.find(method_name);
  return found == methods.end() ? nullptr : found->second;
}

std::string ModuleFacts::dotted(const Node* expression) const {
  std::string tail;
  while (const auto* attribute = node_cast<ast::Attribute>(expression)) {
    tail = "." + std::string(attribute->attr) + tail;
    expression = attribute->value;
  }
  const auto* name = node_cast<ast::Name>(expression);
  if (name == nullptr) return {};
  const auto found = aliases.find(name->id);
  return canonical((found == aliases.end() ? std::string(name->id) : found->second) + tail);
}

Result<std::vector<std::unique_ptr<ModuleFacts>>> collect_facts(const std::vector<std::string>& files,
                                                                const Limits& limits, SourceMap& sources,
                                                                std::vector<Diagnostic>& diagnostics) {
  std::vector<std::unique_ptr<ModuleFacts>> out;
  for (const std::string& path : files) {
    KEDGE_TRY(const formats::MappedFile file, formats::map_file(path, limits));
    auto module = std::make_unique<ModuleFacts>();
    module->path = path;
    module->source = sources.add(path, std::string(as_text(file.bytes())));
    Result<Node*> tree = pylang::parse_module(sources, module->source, limits, module->arena);
    if (!tree.ok()) {
      diagnostics.push_back(tree.error().diagnostic());
      continue;
    }
    module->tree = *tree;
    std::vector<const ast::ClassDef*> classes;
    collect_statements(*module, node_cast<ast::Module>(module->tree)->body, false, 0, classes);
    for (const ast::ClassDef* cls : classes) module->classes.push_back(facts_of(*module, *cls));
    pylang::for_each_node(module->tree, [&](const Node* node) {
      const auto* name = node_cast<ast::Name>(node);
      if (name == nullptr || name->ctx != pylang::ExprContext::Load) return;
      for (ImportFacts& import : module->imports) import.used = import.used || import.bound == name->id;
    });
    out.push_back(std::move(module));
  }
  find_kinds(out);
  return out;
}

const ClassFacts* find_class(const std::vector<std::unique_ptr<ModuleFacts>>& modules, const ModuleFacts& from,
                             std::string_view name) {
  const ClassFacts* elsewhere = nullptr;
  for (const auto& module : modules) {
    for (const ClassFacts& cls : module->classes) {
      if (cls.name != name) continue;
      if (module.get() == &from) return &cls;
      elsewhere = &cls;
    }
  }
  return elsewhere;
}

const ast::FunctionDef* find_method(const std::vector<std::unique_ptr<ModuleFacts>>& modules, const ClassFacts& from,
                                    std::string_view method, const ClassFacts** owner) {
  const ClassFacts* cls = &from;
  for (int depth = 0; cls != nullptr && depth < 20; ++depth) {
    if (const ast::FunctionDef* found = cls->method(method)) {
      if (owner != nullptr) *owner = cls;
      return found;
    }
    const ClassFacts* next = nullptr;
    for (const std::string& base : cls->bases) {
      const ClassFacts* candidate = find_class(modules, *cls->module, base.substr(base.rfind('.') + 1));
      if (candidate != nullptr && candidate != cls && next == nullptr) next = candidate;
    }
    cls = next;
  }
  return nullptr;
}

std::vector<Parameter> parameters_of(const ast::FunctionDef& function) {
  std::vector<Parameter> out;
  std::vector<const Node*> positional(function.args->posonlyargs.begin(), function.args->posonlyargs.end());
  positional.insert(positional.end(), function.args->args.begin(), function.args->args.end());
  const std::size_t first_default = positional.size() - function.args->defaults.size();
  for (std::size_t i = 1; i < positional.size(); ++i) {  // [0] is self
    out.push_back({std::string(node_cast<ast::Arg>(positional[i])->arg),
                   i >= first_default ? function.args->defaults[i - first_default] : nullptr});
  }
  for (std::size_t i = 0; i < function.args->kwonlyargs.size(); ++i)
    out.push_back({std::string(node_cast<ast::Arg>(function.args->kwonlyargs[i])->arg), function.args->kw_defaults[i]});
  return out;
}

bool makes_layer(const std::vector<std::unique_ptr<ModuleFacts>>& modules, const ModuleFacts& module,
                 const Node* callee) {
  const std::string name = module.dotted(callee);
  if (name.empty()) return false;
  const std::string last = name.substr(name.rfind('.') + 1);
  if (name.starts_with("keras.layers.")) return !last.empty() && std::isupper(static_cast<unsigned char>(last[0])) != 0;
  const ClassFacts* cls = find_class(modules, module, last);
  return cls != nullptr && cls->kind == ClassFacts::Kind::layer;
}

}  // namespace kedge::lint
