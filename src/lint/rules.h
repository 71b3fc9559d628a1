// One function a rule, one file each. A rule appends what it finds.
#pragma once

#include <vector>

#include "lint/source_facts.h"

namespace kedge::lint {

using Modules = std::vector<std::unique_ptr<ModuleFacts>>;
using Found = std::vector<Diagnostic>;

/// K1001 missing-get-config: a constructor with arguments of its own and no get_config.
void missing_get_config(const Modules& modules, const SourceMap& sources, Found& found);
/// K1002 argument-missing-from-config: get_config leaves out a constructor argument.
void argument_missing_from_config(const Modules& modules, const SourceMap& sources, Found& found);
/// K1003 class-not-registered: a layer that Keras cannot find by name.
void class_not_registered(const Modules& modules, const SourceMap& sources, Found& found);
/// K1004 sublayer-not-tracked: layers kept where Keras does not look (generators, made anew in call, set before
/// super().__init__()).
void sublayer_not_tracked(const Modules& modules, const SourceMap& sources, Found& found);
/// K1005 missing-import: a module that will not be there.
void missing_import(const Modules& modules, const SourceMap& sources, Found& found);

/// A diagnostic of a rule.
Diagnostic make_finding(std::string code, Severity severity, std::string message, Span place, std::string label = {});
/// The white space in front of the line that holds `offset`.
std::string indentation_at(const SourceMap& sources, Span place);

}  // namespace kedge::lint
