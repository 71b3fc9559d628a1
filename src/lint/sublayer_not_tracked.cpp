#include "lint/rules.h"
#include "pylang/ast_walk.h"

namespace kedge::lint {
namespace {

using pylang::Node;
using pylang::node_cast;

/// The first call below `root` that makes a layer, or nullptr.
const ast::Call* layer_call(const Modules& modules, const ModuleFacts& module, Node* root) {
  const ast::Call* first = nullptr;
  pylang::for_each_node(root, [&](const Node* node) {
    const auto* call = node_cast<ast::Call>(node);
    if (call != nullptr && makes_layer(modules, module, call->func) &&
        (first == nullptr || call->span.begin < first->span.begin))
      first = call;
  });
  return first;
}

const ast::Attribute* self_attribute(const Node* target) {
  const auto* attribute = node_cast<ast::Attribute>(target);
  const auto* self = attribute == nullptr ? nullptr : node_cast<ast::Name>(attribute->value);
  return self != nullptr && self->id == "self" ? attribute : nullptr;
}

bool calls_super_init(Node* statement) {
  bool found = false;
  pylang::for_each_node(statement, [&](const Node* node) {
    const auto* call = node_cast<ast::Call>(node);
    const auto* attribute = call == nullptr ? nullptr : node_cast<ast::Attribute>(call->func);
    found = found || (attribute != nullptr && attribute->attr == "__init__");
  });
  return found;
}

/// `self.layers = (Dense(4) for …)`: used up after one call, and Keras does not look inside.
void check_generators(const Modules& modules, const ModuleFacts& module, const ast::FunctionDef& method, Found& found) {
  pylang::for_each_node(const_cast<ast::FunctionDef*>(&method), [&](const Node* node) {
    const auto* assign = node_cast<ast::Assign>(node);
    if (assign == nullptr || assign->targets.size() != 1 || self_attribute(assign->targets[0]) == nullptr) return;
    const auto* generator = node_cast<ast::GeneratorExp>(assign->value);
    const auto* call = node_cast<ast::Call>(assign->value);
    const std::string callee = call == nullptr ? std::string() : module.dotted(call->func);
    const bool lazy =
        generator != nullptr || callee == "map" || callee == "filter" || callee == "zip" || callee == "iter";
    if (!lazy || layer_call(modules, module, assign->value) == nullptr) return;
    Diagnostic finding =
        make_finding("K1004", Severity::error,
                     "the sublayers in `self." + std::string(self_attribute(assign->targets[0])->attr) +
                         "` are in a generator: Keras does not track them, and the first call uses it up",
                     assign->span, "made while iterating, never kept");
    finding.help.push_back("keep them in a list");
    if (generator != nullptr) {
      Fix fix;
      fix.summary = "use a list";
      fix.safe = true;
      const Span span = generator->span;
      fix.edits.push_back({{span.source, span.begin, span.begin + 1}, "["});
      fix.edits.push_back({{span.source, span.end - 1, span.end}, "]"});
      finding.fixes.push_back(std::move(fix));
    }
    found.push_back(std::move(finding));
  });
}

/// A layer made in call() and not kept on self has new weights at every call.
void check_call(const Modules& modules, const ModuleFacts& module, const ast::FunctionDef& method, Found& found) {
  pylang::for_each_node(const_cast<ast::FunctionDef*>(&method), [&](const Node* node) {
    const auto* outer = node_cast<ast::Call>(node);  // Dense(4)(x): made and used at once
    const auto* inner = outer == nullptr ? nullptr : node_cast<ast::Call>(outer->func);
    if (inner == nullptr || !makes_layer(modules, module, inner->func)) return;
    const std::string name = module.dotted(inner->func);
    Diagnostic finding = make_finding(
        "K1004", Severity::warning,
        "`" + name.substr(name.rfind('.') + 1) +
            "` is made anew in every call: Keras does not track it, and weights it has are neither saved nor trained",
        inner->span, "make it in __init__ or build");
    found.push_back(std::move(finding));
  });
}

/// Attributes set before super().__init__() are seen before the tracker exists.
void check_before_super(const Modules& modules, const ModuleFacts& module, const ast::FunctionDef& init, Found& found) {
  std::vector<Node*> before;
  bool reached = false;
  for (Node* statement : init.body) {
    if (calls_super_init(statement)) {
      reached = true;
      break;
    }
    before.push_back(statement);
  }
  if (!reached) return;
  for (Node* statement : before) {
    const auto* assign = node_cast<ast::Assign>(statement);
    if (assign == nullptr || assign->targets.size() != 1) continue;
    const ast::Attribute* attribute = self_attribute(assign->targets[0]);
    if (attribute == nullptr || layer_call(modules, module, assign->value) == nullptr) continue;
    Diagnostic finding =
        make_finding("K1004", Severity::warning,
                     "the sublayer `self." + std::string(attribute->attr) + "` is set before super().__init__()",
                     assign->span, "set before the layer is set up");
    finding.help.push_back("call super().__init__(**kwargs) first");
    found.push_back(std::move(finding));
  }
}

}  // namespace

void sublayer_not_tracked(const Modules& modules, const SourceMap&, Found& found) {
  for (const auto& module : modules) {
    for (const ClassFacts& cls : module->classes) {
      if (cls.kind == ClassFacts::Kind::other) continue;
      for (const auto& [name, method] : cls.methods) check_generators(modules, *module, *method, found);
      if (const ast::FunctionDef* call = cls.method("call")) check_call(modules, *module, *call, found);
      if (const ast::FunctionDef* init = cls.method("__init__")) check_before_super(modules, *module, *init, found);
    }
  }
}

}  // namespace kedge::lint
