// A value of the dialect: 16 bytes, copied freely. Small integers, floats, booleans and None are inline; everything
// else is an Object on the interpreter's heap. Tag::error is no Python value: it says that an exception is pending in
// the Interp, and is what every function that can fail returns (Python exceptions are values, never C++ throws).
#pragma once

#include <cstdint>

namespace kedge::pylang {

struct Object;

enum class Tag : std::uint8_t { error, none, boolean, integer, real, object };

struct Value {
  Tag tag = Tag::error;
  union {
    bool b;
    std::int64_t i;
    double f;
    Object* o;
  };

  constexpr Value() : i(0) {}
  static constexpr Value none() { return make_tag(Tag::none); }
  static constexpr Value boolean(bool v) {
    Value r = make_tag(Tag::boolean);
    r.b = v;
    return r;
  }
  static constexpr Value integer(std::int64_t v) {
    Value r = make_tag(Tag::integer);
    r.i = v;
    return r;
  }
  static constexpr Value real(double v) {
    Value r = make_tag(Tag::real);
    r.f = v;
    return r;
  }
  static constexpr Value object(Object* v) {
    Value r = make_tag(Tag::object);
    r.o = v;
    return r;
  }

  constexpr bool is_error() const { return tag == Tag::error; }
  constexpr bool is_none() const { return tag == Tag::none; }
  constexpr bool is_bool() const { return tag == Tag::boolean; }
  constexpr bool is_int() const { return tag == Tag::integer; }  ///< small int only; see Int in objects.h for big ones
  constexpr bool is_float() const { return tag == Tag::real; }
  constexpr bool is_object() const { return tag == Tag::object; }
  /// Identity, as `is` compares.
  constexpr bool is(Value other) const {
    if (tag != other.tag) return false;
    if (tag == Tag::boolean) return b == other.b;
    return tag == Tag::none || tag == Tag::error || i == other.i;
  }

 private:
  static constexpr Value make_tag(Tag t) {
    Value r;
    r.tag = t;
    return r;
  }
};

}  // namespace kedge::pylang
