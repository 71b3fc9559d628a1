// What the files of the module re share: its objects, and text as code points.
#pragma once

#include <memory>

#include "pylang/stdlib/regex.h"
#include "pylang/stdlib/support.h"

namespace kedge::pylang::re {

struct Pattern final : Object {
  std::shared_ptr<regex::Program> program;
  Value source;
  bool bytes = false;
};
struct Match final : Object {
  Pattern* pattern = nullptr;
  Value string;
  std::shared_ptr<std::u32string> text;
  std::vector<std::int64_t> spans;
  std::int32_t last_group = -1;
  std::int64_t pos = 0, endpos = 0;
};

/// The code points of a str or bytes; nullptr: TypeError pending.
std::shared_ptr<std::u32string> subject(Interp& interp, Value value, bool bytes);
/// A str or bytes of the code points.
Value piece(Interp& interp, std::u32string_view text, bool bytes);
/// re.error, at a position of the pattern or template.
Value raise_error(Interp& interp, const std::string& message, std::size_t position);
/// Pattern.groupindex: a dict of names in the order of their groups.
Value pattern_index(Interp& interp, Args args, void* context);
/// A replacement template ("\1", "\g<name>", "\n") filled in from the groups at `spans`; nullopt: exception pending.
std::optional<std::u32string> expand_template(Interp& interp, const Pattern* pattern, std::u32string_view form,
                                              const std::u32string& text, const std::vector<std::int64_t>& spans);
/// The methods of Match.
void define_match(Interp& interp, Type* match);

}  // namespace kedge::pylang::re
