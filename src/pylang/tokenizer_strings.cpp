// String literals and the text parts of f-strings.
#include "pylang/tokenizer_internal.h"

#include <cstring>

namespace kedge::pylang::lexer {

bool Tokenizer::is_string_prefix(std::string_view prefix) {
  if (prefix.size() == 1) return std::string_view("rRuUbBfF").find(prefix[0]) != std::string_view::npos;
  if (prefix.size() != 2) return false;
  const char a = lower(prefix[0]), b = lower(prefix[1]);
  return (a == 'r' && (b == 'b' || b == 'f')) || (b == 'r' && (a == 'b' || a == 'f'));
}

void Tokenizer::read_string(std::uint32_t begin) {
  bool raw = false, formatted = false;
  for (std::uint32_t i = begin; i < at_; ++i) {
    raw = raw || lower(text_[i]) == 'r';
    formatted = formatted || lower(text_[i]) == 'f';
  }
  const char quote = peek();
  const bool triple = peek(1) == quote && peek(2) == quote;
  at_ += triple ? 3 : 1;
  if (formatted) {
    if (contexts_.size() >= kMaxBrackets) return fail("K0207", "too many nested brackets", begin, at_);
    emit(Tok::FStringStart, begin, at_, raw ? kStringRaw : 0);
    contexts_.push_back({ContextKind::FStringText, quote, triple, raw, begin});
    return;
  }
  while (true) {
    if (at_end())
      return fail("K0202", triple ? "unterminated triple-quoted string literal" : "unterminated string literal", begin,
                  begin + 1);
    const char c = peek();
    if (c == quote && (!triple || (peek(1) == quote && peek(2) == quote))) break;
    if (!triple && (c == '\n' || c == '\r')) return fail("K0202", "unterminated string literal", begin, begin + 1);
    if (c == '\\') {
      ++at_;
      if (peek() == '\r' && peek(1) == '\n') ++at_;
      if (at_end()) continue;
    }
    ++at_;
  }
  at_ += triple ? 3 : 1;
  emit(Tok::String, begin, at_);
}

void Tokenizer::read_fstring_text() {
  const Context top = contexts_.back();
  const bool in_spec = top.kind == ContextKind::FieldSpec;
  const std::uint32_t begin = at_;
  const auto emit_text = [&] {
    if (at_ > begin)
      emit(Tok::FStringMiddle, begin, at_,
           static_cast<unsigned char>((top.raw ? kStringRaw : 0) | (in_spec ? kStringInSpec : 0)));
  };
  while (true) {
    const char c = peek();
    if (at_end() || (!top.triple && (c == '\n' || c == '\r'))) {
      if (in_spec) return fail("K0205", "f-string: expecting `}`", at_, at_);
      return fail("K0202", top.triple ? "unterminated triple-quoted f-string literal" : "unterminated f-string literal",
                  top.begin, top.begin + 1);
    }
    if (c == top.quote && (!top.triple || (peek(1) == c && peek(2) == c))) {
      if (in_spec) return fail("K0205", "f-string: expecting `}`", at_, at_ + 1);
      emit_text();
      const std::uint32_t size = top.triple ? 3 : 1;
      emit(Tok::FStringEnd, at_, at_ + size);
      at_ += size;
      contexts_.pop_back();
      return;
    }
    if (c == '{') {
      if (peek(1) == '{' && !in_spec) {
        at_ += 2;
        continue;
      }
      emit_text();
      if (contexts_.size() >= kMaxBrackets)
        return fail("K0207", "f-string: expressions nested too deeply", at_, at_ + 1);
      emit(Tok::LBrace, at_, at_ + 1);
      contexts_.push_back({ContextKind::FieldExpression, top.quote, top.triple, top.raw, at_});
      ++at_;
      return;
    }
    if (c == '}') {
      if (peek(1) == '}' && !in_spec) {
        at_ += 2;
        continue;
      }
      if (!in_spec) return fail("K0205", "f-string: single `}` is not allowed", at_, at_ + 1);
      emit_text();
      emit(Tok::RBrace, at_, at_ + 1);
      ++at_;
      contexts_.pop_back();
      return;
    }
    if (c == '\\') {
      ++at_;
      if (peek() == '{' || peek() == '}' || at_end()) continue;
      if (!top.raw && peek() == 'N' && peek(1) == '{') {
        while (!at_end() && peek() != '}' && !at_newline() && peek() != top.quote) ++at_;
        if (peek() == '}') ++at_;
        continue;
      }
      if (peek() == '\r' && peek(1) == '\n') ++at_;
    }
    ++at_;
  }
}

}  // namespace kedge::pylang::lexer
