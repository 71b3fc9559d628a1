// The format specification mini-language as data.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pylang/interp.h"

namespace kedge::pylang {

/// [[fill]align][sign]["z"]["#"]["0"][width][grouping]["." precision][type]
struct FormatSpec {
  std::string fill = " ";
  char align = '\0';  ///< '<' '>' '=' '^', 0: the type's default
  char sign = '-';
  bool sign_given = false;
  bool no_negative_zero = false;
  bool alternate = false;
  bool zero = false;
  std::int64_t width = -1;
  char grouping = '\0';
  std::int64_t precision = -1;
  char type = '\0';
};

/// `default_align` is '<' or '>'; nullopt: ValueError pending.
std::optional<FormatSpec> parse_format_spec(Interp& interp, std::string_view text, char default_align,
                                            std::string_view type_name);
std::optional<std::string> format_int(Interp& interp, const BigInt& value, const FormatSpec& spec,
                                      std::string_view type_name);
std::optional<std::string> format_float(Interp& interp, double value, const FormatSpec& spec,
                                        std::string_view type_name);
/// The digits of a finite non-negative double for 'e', 'f', 'g' (and upper case), as C's printf writes them.
std::string float_digits(double magnitude, char type, std::int64_t precision, bool alternate,
                         bool add_dot_zero = false);

}  // namespace kedge::pylang
