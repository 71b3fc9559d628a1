#include <set>

#include "lint/rules.h"
#include "pylang/ast_walk.h"

namespace kedge::lint {

using pylang::Node;
using pylang::node_cast;

void class_not_registered(const Modules& modules, const SourceMap& sources, Found& found) {
  // A layer that another class makes, or derives from, is rebuilt by that class's own code: nobody looks it up by name.
  std::set<std::string, std::less<>> parts;
  for (const auto& module : modules) {
    for (const ClassFacts& cls : module->classes) {
      for (const std::string& base : cls.bases) parts.insert(base.substr(base.rfind('.') + 1));
      pylang::for_each_node(const_cast<ast::ClassDef*>(cls.node), [&](const Node* node) {
        const auto* call = node_cast<ast::Call>(node);
        if (call == nullptr) return;
        const std::string name = module->dotted(call->func);
        if (!name.empty()) parts.insert(name.substr(name.rfind('.') + 1));
      });
    }
  }
  for (const auto& module : modules) {
    for (const ClassFacts& cls : module->classes) {
      if (cls.kind != ClassFacts::Kind::layer || cls.registered || parts.contains(cls.name)) continue;
      if (!cls.node->decorator_list.empty()) continue;  // an unknown decorator may well register it
      Diagnostic finding =
          make_finding("K1003", Severity::warning,
                       "`" + cls.name + "` is not registered: Keras finds it only when it is given in custom_objects",
                       cls.node->name_span, "no register_keras_serializable");
      finding.help.push_back("kedge finds it by its source; other tools and a plain load_model do not");
      const auto means = [&](std::string_view name, std::string_view meaning) {
        const auto alias = module->aliases.find(name);
        return alias != module->aliases.end() && alias->second == meaning;
      };
      const bool has_keras = means("keras", "keras");
      if (has_keras || means("tf", "tensorflow")) {
        const Span span = cls.node->span;
        Fix fix;
        fix.summary = "register the class";
        fix.safe = true;
        fix.edits.push_back({{span.source, span.begin, span.begin},
                             std::string(has_keras ? "@keras.saving" : "@tf.keras.utils") +
                                 ".register_keras_serializable()\n" + indentation_at(sources, span)});
        finding.fixes.push_back(std::move(fix));
      }
      found.push_back(std::move(finding));
    }
  }
}

}  // namespace kedge::lint
