// The tokens of the ir's text form: words, numbers, strings, and what closes a bracket.
#pragma once

#include <charconv>
#include <string>
#include <string_view>

#include "base/result.h"

namespace kedge::ir {

class TextReader {
 protected:
  explicit TextReader(std::string_view text) : text_(text) {}

  Error fail(const std::string& message) const {
    std::int64_t line = 1;
    for (std::size_t i = 0; i < position_ && i < text_.size(); ++i) line += text_[i] == '\n';
    return make_error("K0690", "the ir text is not valid: " + message,
                      Location::in("ir text, line " + std::to_string(line)));
  }

  void skip() {
    while (position_ < text_.size()) {
      const char c = text_[position_];
      if (c == '#') {
        while (position_ < text_.size() && text_[position_] != '\n') ++position_;
      } else if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
        ++position_;
      } else {
        return;
      }
    }
  }
  bool eat(std::string_view token) {
    skip();
    if (text_.substr(position_, token.size()) != token) return false;
    position_ += token.size();
    return true;
  }
  Result<void> expect(std::string_view token) {
    if (!eat(token)) return fail("expected `" + std::string(token) + "`");
    return {};
  }
  std::string_view word() {
    skip();
    const std::size_t begin = position_;
    while (position_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[position_])) != 0 || text_[position_] == '_'))
      ++position_;
    return text_.substr(begin, position_ - begin);
  }
  bool peek_word(std::string_view expected) {
    const std::size_t begin = position_;
    const bool same = word() == expected;
    position_ = begin;
    return same;
  }
  bool eat_word(std::string_view expected) {
    const std::size_t begin = position_;
    if (word() == expected) return true;
    position_ = begin;
    return false;
  }
  Result<std::string> string() {
    KEDGE_TRY_VOID(expect("\""));
    std::string out;
    while (position_ < text_.size() && text_[position_] != '"') {
      char c = text_[position_++];
      if (c == '\\' && position_ < text_.size()) {
        c = text_[position_++];
        if (c == 'n') c = '\n';
      }
      out += c;
    }
    KEDGE_TRY_VOID(expect("\""));
    return out;
  }
  Result<std::int64_t> integer() {
    skip();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text_.data() + position_, text_.data() + text_.size(), value);
    if (error != std::errc{}) return fail("expected an integer");
    position_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }
  /// A number; `real` tells whether it has a point, an exponent, or is inf or nan.
  Result<double> number(bool& real) {
    skip();
    double value = 0;
    const char* begin = text_.data() + position_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error != std::errc{}) return fail("expected a number");
    real =
        std::string_view(begin, static_cast<std::size_t>(end - begin)).find_first_of(".einf") != std::string_view::npos;
    position_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }
  /// The text up to the bracket that closes the one just eaten.
  std::string_view until_closing(char open, char close) {
    const std::size_t begin = position_;
    int depth = 1;
    while (position_ < text_.size()) {
      if (text_[position_] == open) ++depth;
      if (text_[position_] == close && --depth == 0) break;
      ++position_;
    }
    return text_.substr(begin, position_ - begin);
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace kedge::ir
