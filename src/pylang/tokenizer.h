// Source text to tokens: indentation, brackets, strings, numbers, names, and the pieces of f-strings. Knows no grammar.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kedge::pylang {

enum class Tok : unsigned char {
  End,
  Error,
  Newline,
  Indent,
  Dedent,
  Name,
  Number,
  String,
  FStringStart,
  FStringMiddle,
  FStringEnd,
  LParen,
  RParen,
  LBracket,
  RBracket,
  LBrace,
  RBrace,
  Colon,
  Comma,
  Semicolon,
  Dot,
  Ellipsis,
  Arrow,
  ColonEqual,
  Equal,
  Exclamation,
  Plus,
  Minus,
  Star,
  Slash,
  DoubleSlash,
  Percent,
  At,
  DoubleStar,
  VBar,
  Amper,
  Caret,
  Tilde,
  LeftShift,
  RightShift,
  EqEqual,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  PlusEqual,
  MinusEqual,
  StarEqual,
  SlashEqual,
  DoubleSlashEqual,
  PercentEqual,
  AtEqual,
  DoubleStarEqual,
  VBarEqual,
  AmperEqual,
  CaretEqual,
  LeftShiftEqual,
  RightShiftEqual,
  KwFalse,
  KwNone,
  KwTrue,
  KwAnd,
  KwAs,
  KwAssert,
  KwAsync,
  KwAwait,
  KwBreak,
  KwClass,
  KwContinue,
  KwDef,
  KwDel,
  KwElif,
  KwElse,
  KwExcept,
  KwFinally,
  KwFor,
  KwFrom,
  KwGlobal,
  KwIf,
  KwImport,
  KwIn,
  KwIs,
  KwLambda,
  KwNonlocal,
  KwNot,
  KwOr,
  KwPass,
  KwRaise,
  KwReturn,
  KwTry,
  KwWhile,
  KwWith,
  KwYield,
};
inline constexpr std::size_t kTokCount = static_cast<std::size_t>(Tok::KwYield) + 1;

/// Token flags, by kind.
enum TokenFlag : unsigned char {
  kNumberFloat = 1,      // Number: has a fraction or an exponent
  kNumberImaginary = 2,  // Number: ends in j
  kNumberRadix = 4,      // Number: 0x, 0o or 0b
  kStringRaw = 1,        // FStringStart, FStringMiddle: prefix has r
  kStringInSpec = 2,     // FStringMiddle: part of a format specification
  kNameNonAscii = 1,     // Name: needs normalisation
};

struct Token {
  Tok kind = Tok::End;
  unsigned char flags = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// The fault behind the one Error token a stream can hold; it is reported when the parser arrives there.
struct TokenError {
  const char* code = nullptr;
  std::string message;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool unclosed = false;  ///< an opening bracket, at `begin`, that the file never closes
};

struct TokenStream {
  std::vector<Token> tokens;  ///< ends in End, or in Error End
  TokenError error;
};

/// `text` must hold no NUL, be valid UTF-8 and be followed by a NUL byte; tokens start at `start` (behind a byte order
/// mark).
TokenStream tokenize(std::string_view text, std::uint32_t start);

}  // namespace kedge::pylang
