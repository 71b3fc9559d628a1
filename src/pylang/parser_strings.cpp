// String literals: prefixes, escapes, implicit concatenation, f-strings
// (Python Language Reference, "String and Bytes literals" and "Formatted string literals").
//
// Adjacent literal text is one Constant, whichever literals it came from. Spans inside f-strings are the true ones, as
// CPython has them from 3.12 on.
#include "pylang/parser_internal.h"
#include "pylang/unicode_tables.h"

namespace kedge::pylang {

/// Literal text waiting to become a Constant.
struct Parser::StringPiece {
  std::string text;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool u_prefix = false;

  void cover(std::uint32_t from, std::uint32_t to) {
    if (text.empty()) begin = from;
    end = to;
  }
};

namespace {

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

}  // namespace

/// One escape whose backslash is at `i`; returns the position behind it, or npos after an error.
std::size_t Parser::decode_escape(std::size_t i, std::size_t end, bool bytes, std::string& out) {
  const auto put = [&](std::uint32_t value) {
    if (bytes) out += static_cast<char>(static_cast<unsigned char>(value & 0xFF));
    else append_utf8(out, value);
  };
  const auto bad = [&](std::size_t to, const char* what) {
    fail(span_of(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(to)), "K0208", what);
    return std::string::npos;
  };
  const char c = i + 1 < end ? text_[i + 1] : '\0';
  std::size_t hex_digits = 0;
  switch (c) {
    case '\n': return i + 2;
    case '\r': return i + 2 < end && text_[i + 2] == '\n' ? i + 3 : i + 2;
    case '\\':
    case '\'':
    case '"': out += c; return i + 2;
    case 'a': out += '\a'; return i + 2;
    case 'b': out += '\b'; return i + 2;
    case 'f': out += '\f'; return i + 2;
    case 'n': out += '\n'; return i + 2;
    case 'r': out += '\r'; return i + 2;
    case 't': out += '\t'; return i + 2;
    case 'v': out += '\v'; return i + 2;
    case 'x': hex_digits = 2; break;
    case 'u': hex_digits = bytes ? 0 : 4; break;
    case 'U': hex_digits = bytes ? 0 : 8; break;
    case 'N':
      if (bytes) break;
      fail(span_of(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + 2)), "K0211",
           "a character by name (\\N{...}) is not supported");
      return std::string::npos;
    default: break;
  }
  if (c >= '0' && c <= '7') {
    std::uint32_t value = 0;
    std::size_t j = i + 1;
    for (; j < end && j < i + 4 && text_[j] >= '0' && text_[j] <= '7'; ++j)
      value = value * 8 + static_cast<std::uint32_t>(text_[j] - '0');
    put(value);
    return j;
  }
  if (hex_digits == 0) {  // an unknown escape stays as it is
    out += '\\';
    return i + 1;
  }
  std::uint32_t value = 0;
  for (std::size_t j = i + 2; j < i + 2 + hex_digits; ++j) {
    const int digit = j < end ? digit_value(text_[j]) : 99;
    if (digit > 15)
      return bad(j, c == 'x' ? "truncated \\x escape" : c == 'u' ? "truncated \\u escape" : "truncated \\U escape");
    value = value * 16 + static_cast<std::uint32_t>(digit);
  }
  if (value > 0x10FFFF) return bad(i + 2 + hex_digits, "illegal Unicode character in an escape");
  put(value);
  return i + 2 + hex_digits;
}

/// Appends the value of source bytes [begin, end). `braces`: `{{` and `}}` mean one brace.
bool Parser::decode_escapes(std::uint32_t begin, std::uint32_t end, bool raw, bool bytes, bool braces,
                            std::string& out) {
  std::size_t i = begin;
  while (i < end) {
    const char c = text_[i];
    if (c == '\\' && !raw) {
      i = decode_escape(i, end, bytes, out);
      if (i == std::string::npos) return false;
    } else if (c == '\r') {
      out += '\n';
      i += i + 1 < end && text_[i + 1] == '\n' ? 2 : 1;
    } else if (braces && (c == '{' || c == '}')) {
      out += c;
      i += 2;
    } else if (bytes && static_cast<unsigned char>(c) >= 0x80) {
      fail(span_of(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + 1)), "K0208",
           "bytes can only contain ASCII literal characters");
      return false;
    } else {
      const std::size_t from = i++;
      while (i < end && text_[i] != '\\' && text_[i] != '\r' && text_[i] != '{' && text_[i] != '}' &&
             (!bytes || static_cast<unsigned char>(text_[i]) < 0x80))
        ++i;
      out.append(text_, from, i - from);
    }
  }
  return true;
}

bool Parser::decode_string_token(const Token& t, std::string& out, bool& bytes) {
  std::uint32_t i = t.begin;
  bool raw = false;
  bytes = false;
  for (; text_[i] != '"' && text_[i] != '\''; ++i) {
    raw = raw || (text_[i] | 0x20) == 'r';
    bytes = bytes || (text_[i] | 0x20) == 'b';
  }
  const bool triple = t.end - i >= 6 && text_[i + 1] == text_[i] && text_[i + 2] == text_[i];
  const std::uint32_t quotes = triple ? 3 : 1;
  return decode_escapes(i + quotes, t.end - quotes, raw, bytes, false, out);
}

Node* Parser::strings() {
  const Mark start = pos_;
  StringPiece literal;
  literal.u_prefix = at(Tok::String) && text_[token().begin] == 'u';
  Items values(nodes_);
  bool formatted = false, any_bytes = false, any_text = false;
  while (at(Tok::String) || at(Tok::FStringStart)) {
    if (at(Tok::FStringStart)) {
      formatted = any_text = true;
      fstring(values, literal);
      continue;
    }
    const Token t = token();
    literal.cover(t.begin, t.end);
    bool bytes = false;
    if (!decode_string_token(t, literal.text, bytes)) return error_node_;
    (bytes ? any_bytes : any_text) = true;
    advance();
  }
  if (any_bytes && any_text) return fail(span_from(start), "K0208", "cannot mix bytes and nonbytes literals");
  if (formatted) {
    flush_literal(values, literal);
    auto* node = make<ast::JoinedStr>(start);
    node->values = values.take(arena_);
    return node;
  }
  auto* node = make<ast::Constant>(start);
  node->constant = any_bytes ? ConstantKind::Bytes : ConstantKind::Str;
  node->text = arena_.text(literal.text);
  node->u_prefix = literal.u_prefix;
  return node;
}

void Parser::flush_literal(Items& values, StringPiece& literal) {
  if (literal.text.empty()) return;
  auto* node = make_at<ast::Constant>(span_of(literal.begin, literal.end));
  node->constant = ConstantKind::Str;
  node->text = arena_.text(literal.text);
  node->u_prefix = literal.u_prefix;
  values.add(node);
  literal.text.clear();
}

void Parser::fstring(Items& values, StringPiece& literal) {
  advance();
  while (true) {
    if (at(Tok::FStringMiddle)) {
      const Token t = token();
      literal.cover(t.begin, t.end);
      if (!decode_escapes(t.begin, t.end, (t.flags & kStringRaw) != 0, false, (t.flags & kStringInSpec) == 0,
                          literal.text))
        return;
      advance();
    } else if (at(Tok::LBrace)) {
      fstring_field(values, literal);
    } else {
      expect(Tok::FStringEnd, "the end of the f-string");
      return;
    }
  }
}

void Parser::fstring_field(Items& values, StringPiece& literal) {
  Depth depth(*this);
  if (!depth.ok()) return;
  const Mark start = pos_;
  const std::uint32_t text_begin = token().end;
  advance();
  if (at(Tok::RBrace) || at(Tok::Exclamation) || at(Tok::Colon) || at(Tok::Equal)) {
    fail_at_token("K0205", "f-string: empty expression not allowed");
    return;
  }
  Node* value = yield_or_star_expressions();
  bool debug = false;
  if (accept(Tok::Equal)) {
    debug = true;
    literal.cover(text_begin, token().begin);
    decode_escapes(text_begin, token().begin, true, false, false, literal.text);
  }
  int conversion = -1;
  if (accept(Tok::Exclamation)) {
    const std::string_view name = token_text(token());
    if (!at(Tok::Name) || (name != "s" && name != "r" && name != "a") || tokens_[pos_ - 1].end != token().begin) {
      fail_at_token("K0205", "f-string: invalid conversion character: expected `s`, `r` or `a`");
      return;
    }
    conversion = name[0];
    advance();
  }
  flush_literal(values, literal);
  Node* spec = at(Tok::Colon) ? format_spec() : nullptr;
  if (debug && conversion < 0 && spec == nullptr) conversion = 'r';
  if (!at(Tok::RBrace)) {
    if (at(Tok::Error)) unexpected();
    else fail_at_token("K0205", "f-string: expecting `}`");
    return;
  }
  advance();
  auto* node = make<ast::FormattedValue>(start);
  node->value = value;
  node->conversion = conversion;
  node->format_spec = spec;
  values.add(node);
}

Node* Parser::format_spec() {
  const Mark start = pos_;
  advance();
  Items values(nodes_);
  StringPiece literal;
  while (at(Tok::FStringMiddle) || at(Tok::LBrace)) {
    if (at(Tok::LBrace)) {
      fstring_field(values, literal);
      continue;
    }
    const Token t = token();
    literal.cover(t.begin, t.end);
    if (!decode_escapes(t.begin, t.end, (t.flags & kStringRaw) != 0, false, false, literal.text)) return error_node_;
    advance();
  }
  flush_literal(values, literal);
  auto* node = make<ast::JoinedStr>(start);
  node->values = values.take(arena_);
  return node;
}

}  // namespace kedge::pylang
