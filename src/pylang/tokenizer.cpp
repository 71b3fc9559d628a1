// The tokenizer's loop, lines and indentation.
#include "pylang/tokenizer_internal.h"

namespace kedge::pylang::lexer {

TokenStream Tokenizer::run() {
  while (!done_) {
    if (contexts_.empty()) {
      if (line_start_ && !read_indentation()) continue;
      read_token();
    } else if (contexts_.back().kind == ContextKind::FStringText || contexts_.back().kind == ContextKind::FieldSpec) {
      read_fstring_text();
    } else {
      read_token();
    }
  }
  return std::move(out_);
}

void Tokenizer::fail(const char* code, std::string message, std::uint32_t begin, std::uint32_t end) {
  if (done_) return;
  out_.error = {code, std::move(message), begin, end, false};
  emit(Tok::Error, begin, end);
  emit(Tok::End, static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(text_.size()));
  done_ = true;
}

void Tokenizer::finish() {
  const std::uint32_t size = static_cast<std::uint32_t>(text_.size());
  if (!contexts_.empty()) return fail_unclosed();
  if (!out_.tokens.empty() && out_.tokens.back().kind != Tok::Newline && out_.tokens.back().kind != Tok::Dedent)
    emit(Tok::Newline, size, size);
  for (std::size_t i = 1; i < indents_.size(); ++i) emit(Tok::Dedent, size, size);
  emit(Tok::End, size, size);
  done_ = true;
}

void Tokenizer::fail_unclosed() {
  const Context& open = contexts_.back();
  if (open.kind == ContextKind::Bracket) {
    fail("K0209", std::string("`") + open.quote + "` was never closed", open.begin, open.begin + 1);
    out_.error.unclosed = true;
    return;
  }
  if (open.kind == ContextKind::FStringText)
    return fail("K0202", "unterminated f-string literal", open.begin, open.begin + 1);
  fail("K0205", "f-string: expecting `}`", open.begin, open.begin + 1);
}

bool Tokenizer::skip_continuation() {
  const std::uint32_t begin = at_;
  ++at_;
  if (at_newline()) {
    skip_newline();
    if (at_end()) {
      fail("K0201", "unexpected end of file after a line continuation", begin, begin + 1);
      return false;
    }
    return true;
  }
  if (at_end()) {
    fail("K0201", "unexpected end of file after a line continuation", begin, begin + 1);
  } else {
    fail("K0212", "unexpected character after line continuation character", begin, begin + 1);
  }
  return false;
}

std::uint32_t Tokenizer::line_begin() const {
  std::uint32_t i = at_;
  while (i > 0 && text_[i - 1] != '\n' && text_[i - 1] != '\r') --i;
  return i;
}

bool Tokenizer::read_indentation() {
  line_start_ = false;
  std::uint32_t column = 0, alternative = 0, continued = 0;
  while (true) {
    const char c = peek();
    if (c == ' ') {
      ++column, ++alternative, ++at_;
    } else if (c == '\t') {
      column = (column / kTabSize + 1) * kTabSize;
      ++alternative, ++at_;
    } else if (c == '\f') {
      column = alternative = 0;
      ++at_;
    } else if (c == '\\') {
      continued = continued != 0 ? continued : column;
      if (!skip_continuation()) return false;
    } else if (c == '#') {
      skip_comment();
    } else if (at_newline()) {
      skip_newline();
      column = alternative = continued = 0;
    } else {
      break;
    }
  }
  if (at_end()) return true;
  if (continued != 0) column = alternative = continued;
  return apply_indentation(column, alternative);
}

bool Tokenizer::apply_indentation(std::uint32_t column, std::uint32_t alternative) {
  const auto inconsistent = [&] {
    fail("K0203", "inconsistent use of tabs and spaces in indentation", line_begin(), at_);
    return false;
  };
  const Indent top = indents_.back();
  if (column == top.column) return alternative == top.alternative || inconsistent();
  if (column > top.column) {
    if (alternative <= top.alternative) return inconsistent();
    if (indents_.size() >= kMaxIndents) {
      fail("K0207", "too many levels of indentation", line_begin(), at_);
      return false;
    }
    indents_.push_back({column, alternative});
    emit(Tok::Indent, line_begin(), at_);
    return true;
  }
  while (column < indents_.back().column) {
    indents_.pop_back();
    emit(Tok::Dedent, at_, at_);
  }
  if (column != indents_.back().column) {
    fail("K0203", "unindent does not match any outer indentation level", line_begin(), at_);
    return false;
  }
  return alternative == indents_.back().alternative || inconsistent();
}

void Tokenizer::read_token() {
  while (peek() == ' ' || peek() == '\t' || peek() == '\f') ++at_;
  const char c = peek();
  if (c == '#') {
    skip_comment();
    return;
  }
  if (at_end()) return finish();
  if (c == '\n' || c == '\r') {
    if (contexts_.empty()) {
      emit(Tok::Newline, at_, at_ + 1);
      line_start_ = true;
    }
    return skip_newline();
  }
  if (c == '\\') {
    skip_continuation();
    return;
  }
  if (is_name_start(c)) return read_name();
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return read_number();
  if (c == '"' || c == '\'') return read_string(at_);
  read_operator();
}

}  // namespace kedge::pylang::lexer

namespace kedge::pylang {

TokenStream tokenize(std::string_view text, std::uint32_t start) { return lexer::Tokenizer(text, start).run(); }

}  // namespace kedge::pylang
