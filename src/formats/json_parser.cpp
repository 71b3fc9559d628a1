// The JSON reader: RFC 8259 plus what Python's json module accepts and writes (NaN, Infinity, any integer, lone
// surrogates).
//
// Our own rather than a library's because four things must be as in Python, and no reader we may link does them all:
// integers beyond 64 bits keep their digits, 1e999 is infinity, `\ud800` alone is a code point, and an error can name
// the value it was in.
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>

#include "formats/fault.h"
#include "formats/json.h"

namespace kedge::formats {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Position of the first byte that is not UTF-8, or npos.
std::size_t first_invalid_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned char lead = byte(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || i + length > text.size()) return i;
    std::uint32_t code = lead & (0x7fU >> length);
    for (std::size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xc0) != 0x80) return i;
      code = (code << 6) | (byte(i + k) & 0x3fU);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && (code < 0x10000 || code > 0x10ffff));
    if (overlong || (code >= 0xd800 && code < 0xe000)) return i;
    i += length;
  }
  return std::string_view::npos;
}

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

/// Of equal keys the last value wins and the first position stays, as in a Python dict.
void drop_duplicate_keys(Json::Object& members) {
  std::vector<std::uint32_t> order(members.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const int compared = members[a].key.compare(members[b].key);
    return compared != 0 ? compared < 0 : a < b;
  });
  std::vector<bool> dropped(members.size());
  bool any = false;
  for (std::size_t i = 0; i < order.size();) {
    std::size_t last = i;
    while (last + 1 < order.size() && members[order[last + 1]].key == members[order[i]].key) ++last;
    if (last > i) {
      members[order[i]].value = std::move(members[order[last]].value);
      for (std::size_t k = i + 1; k <= last; ++k) dropped[order[k]] = true;
      any = true;
    }
    i = last + 1;
  }
  if (!any) return;
  Json::Object kept;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!dropped[i]) kept.push_back(std::move(members[i]));
  }
  members = std::move(kept);
}

class Parser {
 public:
  Parser(std::string_view text, const Limits& limits, std::string_view place)
      : text_(text), limits_(limits), place_(place) {}

  Result<Json> run() {
    if (const std::size_t bad = first_invalid_utf8(text_); bad != std::string_view::npos) {
      at_ = bad;
      return syntax("not UTF-8");
    }
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
    KEDGE_TRY(Json value, parse_value());
    skip_space();
    if (at_ != text_.size()) return syntax("unexpected text after the value");
    return value;
  }

 private:
  bool done() const { return at_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void skip_space() {
    while (!done() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) ++at_;
  }

  std::string where() const {
    const std::string_view before = text_.substr(0, at_);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(at_ - line_start + 1);
  }
  Error syntax(std::string_view what) const {
    return fault(kJsonSyntax,
                 "not valid JSON: " + std::string(done() ? "the text ends too early" : what) + " at " + where(),
                 inside(place_, shown_path()));
  }
  Error limit(std::string_view what) const {
    return fault(kLimitExceeded, "the JSON text has " + std::string(what) + " at " + where(),
                 inside(place_, shown_path()));
  }
  /// A hostile file nests hundreds of values; nobody reads such a path whole.
  std::string shown_path() const {
    constexpr std::size_t kLongest = 120;
    return path_.size() <= kLongest ? path_ : path_.substr(0, kLongest) + "…";
  }

  Result<Json> parse_value() {
    skip_space();
    if (++values_ > limits_.entries) return limit("more than " + std::to_string(limits_.entries) + " values");
    switch (peek()) {
      case '{': return parse_object();
      case '[': return parse_array();
      case '"': {
        KEDGE_TRY(std::string text, parse_string());
        return Json(std::move(text));
      }
      default: break;
    }
    if (take_word("null")) return Json();
    if (take_word("true")) return Json(true);
    if (take_word("false")) return Json(false);
    if (take_word("NaN")) return Json(std::numeric_limits<double>::quiet_NaN());
    if (take_word("Infinity")) return Json(std::numeric_limits<double>::infinity());
    if (take_word("-Infinity")) return Json(-std::numeric_limits<double>::infinity());
    return parse_number();
  }

  Result<Json> parse_array() {
    if (++depth_ > limits_.depth) return limit("more than " + std::to_string(limits_.depth) + " nested values");
    ++at_;
    Json::Array out;
    const std::size_t path_size = path_.size();
    skip_space();
    if (!take(']')) {
      while (true) {
        path_ += "[" + std::to_string(out.size()) + "]";
        KEDGE_TRY(Json value, parse_value());
        out.push_back(std::move(value));
        skip_space();
        if (!done() && peek() != ',' && peek() != ']') return syntax("expected `,` or `]`");
        path_.resize(path_size);
        if (take(']')) break;
        if (!take(',')) return syntax("expected `,` or `]`");
      }
    }
    --depth_;
    return Json(std::move(out));
  }

  Result<Json> parse_object() {
    if (++depth_ > limits_.depth) return limit("more than " + std::to_string(limits_.depth) + " nested values");
    ++at_;
    Json::Object out;
    const std::size_t path_size = path_.size();
    skip_space();
    if (!take('}')) {
      while (true) {
        skip_space();
        if (peek() != '"') return syntax("expected a key in double quotes");
        KEDGE_TRY(std::string key, parse_string());
        if (key.size() <= 200) path_ = json_path_member(path_, key);
        skip_space();
        if (!take(':')) return syntax("expected `:`");
        KEDGE_TRY(Json value, parse_value());
        out.push_back({std::move(key), std::move(value)});
        skip_space();
        if (!done() && peek() != ',' && peek() != '}') return syntax("expected `,` or `}`");
        path_.resize(path_size);
        if (take('}')) break;
        if (!take(',')) return syntax("expected `,` or `}`");
      }
      drop_duplicate_keys(out);
    }
    --depth_;
    return Json(std::move(out));
  }

  std::optional<std::uint32_t> parse_hex4() {
    std::uint32_t code = 0;
    if (text_.size() - at_ < 4) return std::nullopt;
    const auto [end, status] = std::from_chars(text_.data() + at_, text_.data() + at_ + 4, code, 16);
    if (status != std::errc() || end != text_.data() + at_ + 4) return std::nullopt;
    at_ += 4;
    return code;
  }

  Result<std::string> parse_string() {
    ++at_;
    std::string out;
    while (true) {
      const std::size_t run = at_;
      while (!done() && text_[at_] != '"' && text_[at_] != '\\' && static_cast<unsigned char>(text_[at_]) >= 0x20)
        ++at_;
      out.append(text_, run, at_ - run);
      if (static_cast<std::int64_t>(out.size()) > limits_.string_bytes) return limit("a string that is too long");
      if (take('"')) return out;
      if (!take('\\')) return syntax("a control character in a string");
      const char escape = peek();
      ++at_;
      switch (escape) {
        case '"': out += '"'; break;
        case '\\': out += '\\'; break;
        case '/': out += '/'; break;
        case 'b': out += '\b'; break;
        case 'f': out += '\f'; break;
        case 'n': out += '\n'; break;
        case 'r': out += '\r'; break;
        case 't': out += '\t'; break;
        case 'u': {
          std::optional<std::uint32_t> code = parse_hex4();
          if (!code) return syntax("expected four hexadecimal digits");
          if (*code >= 0xd800 && *code < 0xdc00 && take_word("\\u")) {
            const std::optional<std::uint32_t> low = parse_hex4();
            if (!low) return syntax("expected four hexadecimal digits");
            if (*low >= 0xdc00 && *low < 0xe000) {
              code = 0x10000 + ((*code - 0xd800) << 10) + (*low - 0xdc00);
            } else {
              at_ -= 6;  // a lone surrogate; what follows is read again as itself
            }
          }
          append_utf8(out, *code);
          break;
        }
        default: --at_; return syntax("an unknown escape in a string");
      }
    }
  }

  Result<Json> parse_number() {
    const std::size_t begin = at_;
    take('-');
    const std::size_t digits = at_;
    while (is_digit(peek())) ++at_;
    if (at_ == digits) return syntax("expected a value");
    if (text_[digits] == '0' && at_ - digits > 1) return syntax("a number with a leading zero");
    bool integral = true;
    if (peek() == '.') {
      integral = false;
      ++at_;
      const std::size_t fraction = at_;
      while (is_digit(peek())) ++at_;
      if (at_ == fraction) return syntax("expected digits after the point");
    }
    if (peek() == 'e' || peek() == 'E') {
      integral = false;
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      const std::size_t exponent = at_;
      while (is_digit(peek())) ++at_;
      if (at_ == exponent) return syntax("expected digits in the exponent");
    }
    const std::string_view token = text_.substr(begin, at_ - begin);
    const char* const end = token.data() + token.size();
    if (integral) {
      std::int64_t value = 0;
      if (std::from_chars(token.data(), end, value).ec == std::errc()) return Json(value);
      // CPython reads at most 4300 digits; more is a way to burn time.
      if (token.size() > 4301) return limit("an integer of more than 4300 digits");
      return Json::make_big_integer(std::string(token));
    }
    double value = 0;
    if (std::from_chars(token.data(), end, value).ec == std::errc::result_out_of_range) {
      value = std::strtod(std::string(token).c_str(), nullptr);  // infinity, zero or a subnormal, as Python has it
    }
    return Json(value);
  }

  std::string_view text_;
  const Limits& limits_;
  std::string_view place_;
  std::size_t at_ = 0;
  std::int64_t depth_ = 0;
  std::int64_t values_ = 0;
  std::string path_;
};

}  // namespace

Result<Json> parse_json(std::string_view text, const Limits& limits, std::string_view place) {
  return Parser(text, limits, place).run();
}

}  // namespace kedge::formats
