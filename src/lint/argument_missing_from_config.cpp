#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "lint/rules.h"
#include "pylang/ast_walk.h"

namespace kedge::lint {
namespace {

using pylang::Node;
using pylang::node_cast;

std::optional<std::string> string_constant(const Node* node) {
  const auto* constant = node_cast<ast::Constant>(node);
  if (constant == nullptr || constant->constant != pylang::ConstantKind::Str) return std::nullopt;
  return std::string(constant->text);
}

/// The keys a get_config writes, or nullopt when it writes some that cannot be seen (a loop, `**self.options`,
/// vars(self)).
std::optional<std::set<std::string>> config_keys(const ast::FunctionDef& get_config) {
  std::set<std::string> keys;
  bool hidden = false;
  pylang::for_each_node(const_cast<ast::FunctionDef*>(&get_config), [&](const Node* node) {
    if (const auto* dict = node_cast<ast::Dict>(node)) {
      for (std::size_t i = 0; i < dict->keys.size(); ++i) {
        if (dict->keys[i] == nullptr) {
          // `**super().get_config()`, `**config`: what else could be in there is the base's; `**self.x` hides keys.
          const auto* attribute = node_cast<ast::Attribute>(dict->values[i]);
          hidden = hidden || attribute != nullptr;
        } else if (const auto key = string_constant(dict->keys[i])) {
          keys.insert(*key);
        } else {
          hidden = true;
        }
      }
    }
    if (const auto* subscript = node_cast<ast::Subscript>(node);
        subscript != nullptr && subscript->ctx == pylang::ExprContext::Store) {
      if (const auto key = string_constant(subscript->slice)) {
        keys.insert(*key);
      } else {
        hidden = true;
      }
    }
    if (const auto* call = node_cast<ast::Call>(node)) {
      for (const Node* keyword : call->keywords) {
        const auto* entry = node_cast<ast::Keyword>(keyword);
        if (entry->arg.data() != nullptr) keys.insert(std::string(entry->arg));
      }
      const auto* callee = node_cast<ast::Attribute>(call->func);
      const bool update = callee != nullptr && callee->attr == "update";
      for (const Node* argument : call->args) {
        if (update && node_cast<ast::Dict>(argument) == nullptr) hidden = true;
      }
      const auto* name = node_cast<ast::Name>(call->func);
      if (name != nullptr && name->id != "super" && name->id != "dict" && !call->args.empty()) {
        for (const Node* argument : call->args) {
          const auto* self = node_cast<ast::Name>(argument);
          hidden = hidden || (self != nullptr && self->id == "self");
        }
      }
    }
    if (node->kind == pylang::NodeKind::DictComp || node->kind == pylang::NodeKind::For) hidden = true;
  });
  if (hidden) return std::nullopt;
  return keys;
}

/// `"key": self.key` into the first dict literal or update(…) that the method has.
Fix key_fix(const ast::FunctionDef& get_config, const std::string& parameter) {
  Fix fix;
  const ast::Dict* dict = nullptr;
  pylang::for_each_node(const_cast<ast::FunctionDef*>(&get_config), [&](const Node* node) {
    const auto* candidate = node_cast<ast::Dict>(node);
    if (candidate != nullptr && !candidate->values.empty() &&
        (dict == nullptr || candidate->span.begin < dict->span.begin))
      dict = candidate;
  });
  if (dict == nullptr) return fix;
  const Span last = dict->values.back()->span;
  fix.summary = "add `\"" + parameter + "\": self." + parameter + "`";
  fix.safe = true;
  fix.edits.push_back({{last.source, last.end, last.end}, ", \"" + parameter + "\": self." + parameter});
  return fix;
}

bool keeps_on_self(const ast::FunctionDef& init, const std::string& name) {
  bool kept = false;
  pylang::for_each_node(const_cast<ast::FunctionDef*>(&init), [&](const Node* node) {
    const auto* attribute = node_cast<ast::Attribute>(node);
    const auto* self = attribute == nullptr ? nullptr : node_cast<ast::Name>(attribute->value);
    kept = kept || (self != nullptr && self->id == "self" && attribute->attr == name &&
                    attribute->ctx == pylang::ExprContext::Store);
  });
  return kept;
}

}  // namespace

void argument_missing_from_config(const Modules& modules, const SourceMap&, Found& found) {
  for (const auto& module : modules) {
    for (const ClassFacts& cls : module->classes) {
      const ast::FunctionDef* init = cls.method("__init__");
      const ClassFacts* owner = nullptr;
      const ast::FunctionDef* get_config = find_method(modules, cls, "get_config", &owner);
      if (cls.kind != ClassFacts::Kind::layer || init == nullptr || get_config == nullptr) continue;
      if (cls.method("from_config") != nullptr) continue;  // it may supply what get_config leaves out
      std::set<std::string> keys;
      bool hidden = false;
      for (const ClassFacts* at = &cls; at != nullptr && !hidden;) {  // the class's own and every inherited get_config
        const ClassFacts* here = nullptr;
        const ast::FunctionDef* method = find_method(modules, *at, "get_config", &here);
        if (method == nullptr) break;
        const std::optional<std::set<std::string>> own = config_keys(*method);
        hidden = !own;
        if (own) keys.insert(own->begin(), own->end());
        const ClassFacts* next = nullptr;
        for (const std::string& base : here->bases) {
          const ClassFacts* candidate = find_class(modules, *here->module, base.substr(base.rfind('.') + 1));
          if (candidate != here) next = candidate;
        }
        at = next;
      }
      // A built-in base other than Layer has arguments of its own, which its get_config saves.
      const bool plain_base = std::all_of(owner->bases.begin(), owner->bases.end(), [&](const std::string& base) {
        return base == "keras.layers.Layer" || base == "keras.Layer" ||
               find_class(modules, *owner->module, base.substr(base.rfind('.') + 1)) != nullptr ||
               !base.starts_with("keras.");
      });
      if (hidden || !plain_base) continue;
      for (const Parameter& parameter : parameters_of(*init)) {
        if (parameter.name == "name" || parameter.name == "dtype" || parameter.name == "trainable" ||
            keys.contains(parameter.name))
          continue;
        const bool required = parameter.fallback == nullptr;
        Diagnostic finding = make_finding("K1002", required ? Severity::error : Severity::warning,
                                          "get_config of `" + cls.name + "` leaves out `" + parameter.name + "`" +
                                              (required ? ", which the constructor requires: the model cannot be loaded"
                                                        : ": a loaded model falls back to its default"),
                                          get_config->name_span, "`" + parameter.name + "` is not among the keys");
        finding.secondary.push_back({Location::at(init->name_span), "the constructor takes it"});
        if (keeps_on_self(*init, parameter.name)) {
          Fix fix = key_fix(*get_config, parameter.name);
          if (!fix.edits.empty()) finding.fixes.push_back(std::move(fix));
        }
        found.push_back(std::move(finding));
      }
    }
  }
}

}  // namespace kedge::lint
