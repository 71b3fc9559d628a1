// What the number types share: powers, rounding, parsing and printing.
#pragma once

#include <string>
#include <string_view>

#include "pylang/interp.h"

namespace kedge::pylang {

Value float_power(Interp& interp, double base, double exponent);
Value complex_value(Interp& interp, double real, double imag);
Value complex_power(Interp& interp, double ar, double ai, double br, double bi);
Value int_from(Interp& interp, Value value);  ///< int(value)
Value int_power_mod(Interp& interp, Value base, Value exponent, Value modulus);
Value float_from(Interp& interp, Value value);  ///< float(value)
/// round(value, digits), half to even on the exact decimal value.
double round_decimal(double value, std::int64_t digits);
/// The text without surrounding white space (ASCII and Unicode).
std::string_view strip_space(std::string_view utf8);
/// Unicode decimal digits replaced by ASCII ones, as int() and float() read them.
std::string ascii_digits(std::string_view utf8);
std::string bytes_repr(std::string_view data);
/// The value of a real literal in the syntax float() takes (no white space, no underscores); false: not a number.
bool parse_double(std::string_view text, double& out);
std::string complex_repr(double real, double imag);

}  // namespace kedge::pylang
