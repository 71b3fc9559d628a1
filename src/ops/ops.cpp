// The table of cards, and attributes held against a card.
#include "ops/ops.h"

#include <charconv>
#include <string>

#include "base/text.h"
#include "ops/cards.h"

namespace kedge::ops {

namespace {

constexpr const ir::OpDef* kOps[] = {
#define KEDGE_OP(constant, file) &constant,
#include "ops/ops.inc"
#undef KEDGE_OP
};

using ir::AttrKind;

/// The items of "[1, 2]" or "(1, 2)".
std::vector<std::string_view> list_items(std::string_view text) {
  text = trim(text);
  if (text.size() < 2) return {};
  text = trim(text.substr(1, text.size() - 2));
  if (text.empty()) return {};
  std::vector<std::string_view> items = split(text, ',');
  for (std::string_view& item : items) item = trim(item);
  return items;
}

template <typename T>
T number_of(std::string_view text) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// A card's default, from its text form.
AttrValue parse_fallback(AttrKind kind, std::string_view text) {
  switch (kind) {
    case AttrKind::flag: return text == "true";
    case AttrKind::integer: return number_of<std::int64_t>(text);
    case AttrKind::real: return number_of<double>(text);
    case AttrKind::text: return std::string(text.substr(1, text.size() - 2));
    case AttrKind::dtype: return *parse_dtype(text);
    case AttrKind::texts: return std::vector<std::string>{};
    case AttrKind::integers: {
      std::vector<std::int64_t> values;
      for (const std::string_view item : list_items(text)) values.push_back(number_of<std::int64_t>(item));
      return values;
    }
    case AttrKind::reals: {
      std::vector<double> values;
      for (const std::string_view item : list_items(text)) values.push_back(number_of<double>(item));
      return values;
    }
    case AttrKind::dims: {
      Shape shape;
      for (const std::string_view item : list_items(text)) shape.push_back(*Dim::parse(item));
      return shape;
    }
  }
  return false;
}

std::string_view kind_name(AttrKind kind) {
  constexpr std::string_view kNames[] = {"true or false", "an integer",         "a number",          "a text",
                                         "a dtype",       "a list of integers", "a list of numbers", "a list of texts",
                                         "a shape"};
  return kNames[static_cast<std::size_t>(kind)];
}

/// Brings a value into the kind a card asks for, where nothing is lost by it. False: it is of another kind.
bool adapt(AttrValue& value, AttrKind kind) {
  if (value.index() == static_cast<std::size_t>(kind)) return true;
  const auto* integer = std::get_if<std::int64_t>(&value);
  const auto* integers = std::get_if<std::vector<std::int64_t>>(&value);
  const auto* shape = std::get_if<Shape>(&value);
  if (kind == AttrKind::real && integer != nullptr) {
    value = static_cast<double>(*integer);
  } else if (kind == AttrKind::real && std::holds_alternative<bool>(value)) {
    value = std::get<bool>(value) ? 1.0 : 0.0;
  } else if (kind == AttrKind::integer && std::holds_alternative<bool>(value)) {
    value = std::int64_t{std::get<bool>(value)};
  } else if (kind == AttrKind::flag && integer != nullptr && (*integer == 0 || *integer == 1)) {
    value = *integer == 1;
  } else if (kind == AttrKind::dims && integers != nullptr) {
    value = to_shape(*integers);
  } else if (kind == AttrKind::integers && shape != nullptr && static_shape(*shape)) {
    value = *static_shape(*shape);
  } else if (kind == AttrKind::reals && integers != nullptr) {
    value = std::vector<double>(integers->begin(), integers->end());
  } else if (kind == AttrKind::dtype && std::holds_alternative<std::string>(value) &&
             parse_dtype(std::get<std::string>(value))) {
    value = *parse_dtype(std::get<std::string>(value));
  } else if (integers != nullptr && integers->empty() && kind == AttrKind::texts) {
    value = std::vector<std::string>{};
  } else {
    return false;
  }
  return true;
}

}  // namespace

const ir::OpDef* find_op(std::string_view name) {
  for (const ir::OpDef* op : kOps) {
    if (op->name == name) return op;
  }
  return nullptr;
}

std::span<const ir::OpDef* const> all_ops() { return kOps; }

Result<Attrs> complete_attrs(const ir::OpDef& op, Attrs attrs) {
  const std::string name(op.name);
  for (const auto& [key, value] : attrs.entries()) {
    bool known = false;
    for (const ir::AttrSpec& spec : op.attrs) known = known || spec.name == key;
    if (known) continue;
    std::vector<std::string> candidates;
    for (const ir::AttrSpec& spec : op.attrs) candidates.emplace_back(spec.name);
    Error error = make_error("K0603", name + ": there is no attribute `" + key + "`");
    const std::string help = did_you_mean(key, candidates);
    return help.empty() ? std::move(error) : std::move(error).help(help);
  }
  for (const ir::AttrSpec& spec : op.attrs) {
    const AttrValue* given = attrs.find(spec.name);
    if (given == nullptr) {
      if (spec.required)
        return make_error("K0603", name + ": the attribute `" + std::string(spec.name) + "` is missing");
      attrs.set(spec.name, parse_fallback(spec.kind, spec.fallback));
      continue;
    }
    AttrValue value = *given;
    if (!adapt(value, spec.kind)) {
      return make_error("K0603", name + ": the attribute `" + std::string(spec.name) + "` is " + attr_to_string(value) +
                                     ", not " + std::string(kind_name(spec.kind)));
    }
    attrs.set(spec.name, std::move(value));
  }
  return attrs;
}

}  // namespace kedge::ops
