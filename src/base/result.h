// Result<T>: a value, or an Error that carries a Diagnostic. How wrong input and a failing world travel.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/diagnostic.h"

namespace kedge {

/// One word: a box that holds the diagnostic.
class [[nodiscard]] Error {
 public:
  explicit Error(Diagnostic diagnostic) : box_(std::make_unique<Diagnostic>(std::move(diagnostic))) {}

  const Diagnostic& diagnostic() const { return *box_; }
  Diagnostic& diagnostic() { return *box_; }

  /// Adds what was going on, outermost last: `while lowering layer 'block1/conv'`.
  Error&& while_doing(std::string what) && {
    box_->notes.push_back("while " + std::move(what));
    return std::move(*this);
  }
  /// Adds a secondary place.
  Error&& also_at(Location location, std::string text = {}) && {
    box_->secondary.push_back({std::move(location), std::move(text)});
    return std::move(*this);
  }
  /// Gives the primary place when there is none yet.
  Error&& or_at(Location location, std::string text = {}) && {
    if (box_->primary.location.empty()) box_->primary = {std::move(location), std::move(text)};
    return std::move(*this);
  }
  Error&& help(std::string text) && {
    box_->help.push_back(std::move(text));
    return std::move(*this);
  }

 private:
  std::unique_ptr<Diagnostic> box_;
};

/// The short way to an error: code, message, place.
inline Error make_error(std::string code, std::string message, Location location = {}) {
  Diagnostic d;
  d.code = std::move(code);
  d.message = std::move(message);
  d.primary.location = std::move(location);
  return Error(std::move(d));
}

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    KEDGE_CHECK(ok(), "value() of a failed Result");
    return std::get<0>(state_);
  }
  const T& value() const& {
    KEDGE_CHECK(ok(), "value() of a failed Result");
    return std::get<0>(state_);
  }
  T&& value() && {
    KEDGE_CHECK(ok(), "value() of a failed Result");
    return std::get<0>(std::move(state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  void value() const { KEDGE_CHECK(ok(), "value() of a failed Result"); }
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return *std::move(error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace kedge

#define KEDGE_CONCAT_(a, b) a##b
#define KEDGE_CONCAT(a, b) KEDGE_CONCAT_(a, b)

/// `KEDGE_TRY(auto graph, import(file));` declares graph, or returns the error. `KEDGE_TRY_VOID(check());` likewise
/// without a value.
#define KEDGE_TRY(declaration, expression) \
  KEDGE_TRY_IMPL(KEDGE_CONCAT(kedge_result_, __LINE__), declaration, expression)
#define KEDGE_TRY_IMPL(result, declaration, expression) \
  auto result = (expression);                           \
  if (!result.ok()) return std::move(result).error();   \
  declaration = std::move(result).value()
#define KEDGE_TRY_VOID(expression)                                  \
  do {                                                              \
    auto kedge_result = (expression);                               \
    if (!kedge_result.ok()) return std::move(kedge_result).error(); \
  } while (false)
