// What the rules look at: the classes of a source, what their names mean through the module's imports, and which of
// them are Keras layers.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "pylang/ast.h"

namespace kedge::lint {

namespace ast = pylang::ast;

struct ModuleFacts;

struct ClassFacts {
  const ModuleFacts* module = nullptr;
  const ast::ClassDef* node = nullptr;
  std::string name;
  std::vector<std::string> bases;  ///< dotted, imports resolved, `tensorflow.keras` written `keras`
  std::map<std::string, const ast::FunctionDef*, std::less<>> methods;
  bool registered =
      false;  ///< a decorator whose name ends in register_keras_serializable (or one that wraps it by name)
  enum class Kind { other, layer, model } kind = Kind::other;

  const ast::FunctionDef* method(std::string_view method_name) const;
};

/// An imported name at module level.
struct ImportFacts {
  std::string module;  ///< absolute, or with leading dots
  std::string bound;   ///< the name it binds
  Span span;
  bool guarded = false;  ///< inside a try or an if
  bool used = false;
};

struct ModuleFacts {
  SourceId source = 0;
  std::string path;
  pylang::AstArena arena;
  pylang::Node* tree = nullptr;                             ///< nullptr: a syntax error (reported)
  std::map<std::string, std::string, std::less<>> aliases;  ///< name -> dotted meaning
  std::vector<ImportFacts> imports;
  std::vector<ClassFacts> classes;

  /// The dotted meaning of a Name/Attribute chain ("keras.layers.Conv2D"); empty for anything else. `keras` stands for
  /// tf.keras too.
  std::string dotted(const pylang::Node* expression) const;
};

/// Parses and collects; syntax errors go to `diagnostics`.
Result<std::vector<std::unique_ptr<ModuleFacts>>> collect_facts(const std::vector<std::string>& files,
                                                                const Limits& limits, SourceMap& sources,
                                                                std::vector<Diagnostic>& diagnostics);

/// The class of that name in the same module, or in any of the modules when it is unique; nullptr otherwise.
const ClassFacts* find_class(const std::vector<std::unique_ptr<ModuleFacts>>& modules, const ModuleFacts& from,
                             std::string_view name);
/// The method in the class or the nearest base that is in the sources.
const ast::FunctionDef* find_method(const std::vector<std::unique_ptr<ModuleFacts>>& modules, const ClassFacts& from,
                                    std::string_view method, const ClassFacts** owner = nullptr);

/// A constructor's own parameters: name, default, whether it has one. `self`, *args and **kwargs are left out.
struct Parameter {
  std::string name;
  const pylang::Node* fallback = nullptr;
};
std::vector<Parameter> parameters_of(const ast::FunctionDef& function);

/// True when calling this dotted name makes a layer: a class of keras.layers, or a layer class of the sources.
bool makes_layer(const std::vector<std::unique_ptr<ModuleFacts>>& modules, const ModuleFacts& module,
                 const pylang::Node* callee);

}  // namespace kedge::lint
