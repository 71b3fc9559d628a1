#include "base/text.h"
#include "lint/rules.h"
#include "pylang/ast_walk.h"

namespace kedge::lint {
namespace {

using pylang::Node;
using pylang::node_cast;

/// The attribute of self that the constructor stores `parameter` in as it is; empty when it does not.
std::string stored_as(const ast::FunctionDef& init, const std::string& parameter) {
  std::string attribute;
  for (Node* statement : init.body) {
    const auto* assign = node_cast<ast::Assign>(statement);
    if (assign == nullptr || assign->targets.size() != 1) continue;
    const auto* target = node_cast<ast::Attribute>(assign->targets[0]);
    const auto* value = node_cast<ast::Name>(assign->value);
    const auto* self = target == nullptr ? nullptr : node_cast<ast::Name>(target->value);
    if (self != nullptr && value != nullptr && self->id == "self" && value->id == parameter)
      attribute = std::string(target->attr);
  }
  return attribute;
}

/// The method to add behind the class body, when every argument is kept as it is.
Fix config_fix(const ClassFacts& cls, const ast::FunctionDef& init, const std::vector<Parameter>& parameters,
               const SourceMap& sources) {
  const std::string indent = indentation_at(sources, init.span);
  std::string entries;
  for (const Parameter& parameter : parameters) {
    const std::string attribute = stored_as(init, parameter.name);
    if (attribute.empty()) return {};
    entries += (entries.empty() ? "" : ", ") + std::string("\"") + parameter.name + "\": self." + attribute;
  }
  Fix fix;
  fix.summary = "add a get_config that returns " + std::to_string(parameters.size()) +
                (parameters.size() == 1 ? " argument" : " arguments");
  fix.safe = true;
  const std::uint32_t end = cls.node->body.back()->span.end;
  fix.edits.push_back(
      {{cls.node->span.source, end, end},
       "\n\n" + indent + "def get_config(self):\n" + indent + "    return {**super().get_config(), " + entries + "}"});
  return fix;
}

}  // namespace

void missing_get_config(const Modules& modules, const SourceMap& sources, Found& found) {
  for (const auto& module : modules) {
    for (const ClassFacts& cls : module->classes) {
      const ast::FunctionDef* init = cls.method("__init__");
      if (cls.kind != ClassFacts::Kind::layer || init == nullptr || find_method(modules, cls, "get_config") != nullptr)
        continue;
      const std::vector<Parameter> parameters = parameters_of(*init);
      std::vector<std::string> own;
      for (const Parameter& parameter : parameters) {
        if (parameter.name != "name" && parameter.name != "dtype" && parameter.name != "trainable")
          own.push_back("`" + parameter.name + "`");
      }
      if (own.empty()) continue;
      Diagnostic finding = make_finding(
          "K1001", Severity::warning,
          "`" + cls.name + "` has no get_config, so " + join(own, ", ") + (own.size() == 1 ? " is" : " are") +
              " saved only if Keras happens to record " + (own.size() == 1 ? "it" : "them"),
          cls.node->name_span, "takes arguments but does not say how to save them");
      finding.help.push_back("return them from get_config, beside super().get_config()");
      Fix fix = config_fix(cls, *init, parameters, sources);
      if (!fix.edits.empty()) finding.fixes.push_back(std::move(fix));
      found.push_back(std::move(finding));
    }
  }
}

}  // namespace kedge::lint
