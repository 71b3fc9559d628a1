// Names, keywords, numbers and operators.
#include "pylang/tokenizer_internal.h"

#include <array>

#include "pylang/unicode_tables.h"

namespace kedge::pylang::lexer {
namespace {

struct Keyword {
  std::string_view text;
  Tok kind;
};
constexpr Keyword kKeywords[] = {
    {"False", Tok::KwFalse},
    {"None", Tok::KwNone},
    {"True", Tok::KwTrue},
    {"and", Tok::KwAnd},
    {"as", Tok::KwAs},
    {"assert", Tok::KwAssert},
    {"async", Tok::KwAsync},
    {"await", Tok::KwAwait},
    {"break", Tok::KwBreak},
    {"class", Tok::KwClass},
    {"continue", Tok::KwContinue},
    {"def", Tok::KwDef},
    {"del", Tok::KwDel},
    {"elif", Tok::KwElif},
    {"else", Tok::KwElse},
    {"except", Tok::KwExcept},
    {"finally", Tok::KwFinally},
    {"for", Tok::KwFor},
    {"from", Tok::KwFrom},
    {"global", Tok::KwGlobal},
    {"if", Tok::KwIf},
    {"import", Tok::KwImport},
    {"in", Tok::KwIn},
    {"is", Tok::KwIs},
    {"lambda", Tok::KwLambda},
    {"nonlocal", Tok::KwNonlocal},
    {"not", Tok::KwNot},
    {"or", Tok::KwOr},
    {"pass", Tok::KwPass},
    {"raise", Tok::KwRaise},
    {"return", Tok::KwReturn},
    {"try", Tok::KwTry},
    {"while", Tok::KwWhile},
    {"with", Tok::KwWith},
    {"yield", Tok::KwYield},
};

/// Keywords chained by a hash of length and first letter.
struct KeywordTable {
  std::array<signed char, 64> first;
  std::array<signed char, std::size(kKeywords)> next;
  static constexpr std::size_t hash(std::string_view s) {
    return (static_cast<unsigned char>(s[0]) * 5 + s.size()) & 63;
  }
  constexpr KeywordTable() : first{}, next{} {
    for (auto& f : first) f = -1;
    for (std::size_t i = 0; i < std::size(kKeywords); ++i) {
      const std::size_t h = hash(kKeywords[i].text);
      next[i] = first[h];
      first[h] = static_cast<signed char>(i);
    }
  }
};
constexpr KeywordTable kKeywordTable;

Tok keyword_or_name(std::string_view s) {
  if (s.size() < 2 || s.size() > 8) return Tok::Name;
  for (int i = kKeywordTable.first[KeywordTable::hash(s)]; i >= 0;
       i = kKeywordTable.next[static_cast<std::size_t>(i)]) {
    if (kKeywords[i].text == s) return kKeywords[i].kind;
  }
  return Tok::Name;
}

}  // namespace

void Tokenizer::read_name() {
  const std::uint32_t begin = at_;
  bool ascii = true;
  while (is_name_part(peek())) {
    if (static_cast<unsigned char>(peek()) >= 0x80) ascii = false;
    ++at_;
  }
  if ((peek() == '"' || peek() == '\'') && is_string_prefix(text_.substr(begin, at_ - begin)))
    return read_string(begin);
  if (!ascii) {
    if (!check_identifier(begin)) return;
    return emit(Tok::Name, begin, at_, kNameNonAscii);
  }
  emit(keyword_or_name(text_.substr(begin, at_ - begin)), begin, at_);
}

bool Tokenizer::check_identifier(std::uint32_t begin) {
  std::size_t i = begin;
  while (i < at_) {
    const std::size_t here = i;
    const char32_t c = next_code_point(text_, i);
    if (here == begin ? is_identifier_start(c) : is_identifier_part(c)) continue;
    fail("K0212", "invalid character in a name", static_cast<std::uint32_t>(here), static_cast<std::uint32_t>(i));
    return false;
  }
  return true;
}

/// Digits with single underscores between them; at least one.
bool Tokenizer::digits(bool (*accept)(char), const char* kind, std::uint32_t begin) {
  while (true) {
    if (!accept(peek())) {
      fail("K0208", std::string("invalid ") + kind + " literal", begin, at_ + 1);
      return false;
    }
    while (accept(peek())) ++at_;
    if (peek() != '_') return true;
    ++at_;
  }
}

/// A keyword may follow a number directly ("1if x else y"); any other letter may not.
bool Tokenizer::end_number(const char* kind, std::uint32_t begin) {
  if (!is_name_start(peek()) && !is_digit(peek())) return true;
  std::uint32_t end = at_;
  while (end < text_.size() && is_name_part(text_[end])) ++end;
  const std::string_view rest = text_.substr(at_, end - at_);
  for (const std::string_view word : {"and", "else", "for", "if", "in", "is", "or", "not"}) {
    if (rest.substr(0, word.size()) == word) return true;
  }
  fail("K0208", std::string("invalid ") + kind + " literal", begin, at_ + 1);
  return false;
}

void Tokenizer::read_number() {
  const std::uint32_t begin = at_;
  const char radix = peek() == '0' ? lower(peek(1)) : '\0';
  if (radix == 'x' || radix == 'o' || radix == 'b') {
    at_ += 2;
    if (peek() == '_') ++at_;
    bool ok;
    const char* kind = radix == 'x' ? "hexadecimal" : radix == 'o' ? "octal" : "binary";
    if (radix == 'x') ok = digits(is_hex, kind, begin);
    else if (radix == 'o') ok = digits([](char c) { return c >= '0' && c <= '7'; }, kind, begin);
    else ok = digits([](char c) { return c == '0' || c == '1'; }, kind, begin);
    if (ok && end_number(kind, begin)) emit(Tok::Number, begin, at_, kNumberRadix);
    return;
  }
  unsigned char flags = 0;
  bool leading_zero = false;
  if (peek() != '.') {
    leading_zero = peek() == '0';
    if (!digits(is_digit, "decimal", begin)) return;
    if (leading_zero) {
      leading_zero = false;
      for (std::uint32_t i = begin; i < at_; ++i) leading_zero = leading_zero || (text_[i] != '0' && text_[i] != '_');
    }
  }
  if (peek() == '.') {
    flags = kNumberFloat;
    ++at_;
    if (is_digit(peek()) && !digits(is_digit, "decimal", begin)) return;
  }
  if (lower(peek()) == 'e') {
    const char sign = peek(1);
    if (is_digit(sign) || ((sign == '+' || sign == '-') && is_digit(peek(2)))) {
      flags = kNumberFloat;
      at_ += is_digit(sign) ? 1 : 2;
      if (!digits(is_digit, "decimal", begin)) return;
    } else if (sign == '+' || sign == '-') {
      return fail("K0208", "invalid decimal literal", begin, at_ + 1);
    }
  }
  if (lower(peek()) == 'j') {
    flags = static_cast<unsigned char>(flags | kNumberImaginary);
    ++at_;
    if (!end_number("imaginary", begin)) return;
  } else if (!end_number("decimal", begin)) {
    return;
  }
  if (leading_zero && flags == 0) {
    return fail("K0208",
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
                begin, at_);
  }
  emit(Tok::Number, begin, at_, flags);
}

void Tokenizer::open(Tok kind, char bracket) {
  if (contexts_.size() >= kMaxBrackets) return fail("K0207", "too many nested brackets", at_, at_ + 1);
  contexts_.push_back({ContextKind::Bracket, bracket, false, false, at_});
  emit(kind, at_, at_ + 1);
  ++at_;
}

void Tokenizer::close(Tok kind, char bracket) {
  const std::uint32_t begin = at_;
  if (contexts_.empty()) return fail("K0209", std::string("unmatched `") + bracket + "`", begin, begin + 1);
  const Context& top = contexts_.back();
  if (top.kind == ContextKind::FieldExpression) {
    if (bracket != '}') return fail("K0205", std::string("f-string: unmatched `") + bracket + "`", begin, begin + 1);
  } else {
    const char expected = top.quote == '(' ? ')' : top.quote == '[' ? ']' : '}';
    if (bracket != expected) {
      return fail("K0209", std::string("closing `") + bracket + "` does not match opening `" + top.quote + "`", begin,
                  begin + 1);
    }
  }
  contexts_.pop_back();
  emit(kind, begin, begin + 1);
  ++at_;
}

void Tokenizer::read_operator() {
  const std::uint32_t begin = at_;
  const char c = peek(), d = peek(1), e = peek(2);
  const auto put = [&](Tok kind, std::uint32_t size) {
    emit(kind, begin, begin + size);
    at_ += size;
  };
  const auto with_equal = [&](Tok plain, Tok equal) { d == '=' ? put(equal, 2) : put(plain, 1); };
  const auto doubled = [&](Tok plain, Tok equal, Tok twice, Tok twice_equal) {
    if (d != c) return with_equal(plain, equal);
    e == '=' ? put(twice_equal, 3) : put(twice, 2);
  };
  const bool in_field = !contexts_.empty() && contexts_.back().kind == ContextKind::FieldExpression;
  switch (c) {
    case '(': return open(Tok::LParen, c);
    case '[': return open(Tok::LBracket, c);
    case '{': return open(Tok::LBrace, c);
    case ')': return close(Tok::RParen, c);
    case ']': return close(Tok::RBracket, c);
    case '}': return close(Tok::RBrace, c);
    case ':':
      if (in_field) {  // the rest of the field is its format specification
        contexts_.back().kind = ContextKind::FieldSpec;
        return put(Tok::Colon, 1);
      }
      return with_equal(Tok::Colon, Tok::ColonEqual);
    case ',': return put(Tok::Comma, 1);
    case ';': return put(Tok::Semicolon, 1);
    case '.': return d == '.' && e == '.' ? put(Tok::Ellipsis, 3) : put(Tok::Dot, 1);
    case '+': return with_equal(Tok::Plus, Tok::PlusEqual);
    case '-': return d == '>' ? put(Tok::Arrow, 2) : with_equal(Tok::Minus, Tok::MinusEqual);
    case '*': return doubled(Tok::Star, Tok::StarEqual, Tok::DoubleStar, Tok::DoubleStarEqual);
    case '/': return doubled(Tok::Slash, Tok::SlashEqual, Tok::DoubleSlash, Tok::DoubleSlashEqual);
    case '%': return with_equal(Tok::Percent, Tok::PercentEqual);
    case '@': return with_equal(Tok::At, Tok::AtEqual);
    case '|': return with_equal(Tok::VBar, Tok::VBarEqual);
    case '&': return with_equal(Tok::Amper, Tok::AmperEqual);
    case '^': return with_equal(Tok::Caret, Tok::CaretEqual);
    case '~': return put(Tok::Tilde, 1);
    case '<': return doubled(Tok::Less, Tok::LessEqual, Tok::LeftShift, Tok::LeftShiftEqual);
    case '>': return doubled(Tok::Greater, Tok::GreaterEqual, Tok::RightShift, Tok::RightShiftEqual);
    case '=': return with_equal(Tok::Equal, Tok::EqEqual);
    case '!':
      if (d == '=') return put(Tok::NotEqual, 2);
      if (in_field) return put(Tok::Exclamation, 1);
      break;
    default: break;
  }
  fail("K0212", "invalid character", begin, begin + 1);
}

}  // namespace kedge::pylang::lexer
