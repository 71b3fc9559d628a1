// What every instruction set provides: the inner loops, as plain functions on plain data. They are written once, over a
// vector type, in the .inc files beside this one; scalar/ and x86/ compile those files, each with its own flags.
// Nothing here or there uses the standard library's inline code, so no function compiled for one machine can be linked
// into a program for another.
#pragma once

#include <cstdint>

namespace kedge::kernels::wide {

/// `count` rows times one block of packed weights. A row is made of segments: `segments[s]` elements behind the row's
/// start, each `length` long.
struct FloatTile {
  const float* const* rows;
  std::int64_t count;  ///< at most Functions::rows
  const std::int64_t* segments;
  std::int64_t segment_count;
  std::int64_t length;
  const float* weights;  ///< bias, then one line per element of a row; a line is one or two vectors wide
  float* out;
  std::int64_t out_stride;
  std::int64_t columns;  ///< of this block; up to one vector: lines of one vector
  float low, high;       ///< the activation's range
};

/// How 32-bit sums become int8: a 31-bit mantissa and shifts for each column, as TensorFlow Lite defines it.
struct Rescale {
  const std::int32_t* mantissa;
  const std::int32_t* left;
  const std::int32_t* right;
  const double* ratios;  ///< not null: rescale in double precision instead
  std::int32_t zero, low, high;
};

/// As FloatTile on int8. Elements come in groups that one instruction sums: pairs of int16 (the zero point taken off)
/// or fours of uint8 (128 added, which the bias makes good). `segments` counts elements, `length` groups.
struct Int8Tile {
  const void* const* rows;
  std::int64_t count;
  const std::int64_t* segments;
  std::int64_t segment_count;
  std::int64_t length;
  const void* weights;  ///< one line per group
  const std::int32_t* bias;
  std::int8_t* out;
  std::int64_t out_stride;
  std::int64_t columns;
  Rescale rescale;
};

/// One row of output pixels; every channel is summed over the taps on its own.
struct FloatChannels {
  const float* in;  ///< under the first tap of the first pixel; one vector may be read behind the last channel
  std::int64_t pixels, pixel_stride;
  const std::int64_t* taps;  ///< offsets in elements
  std::int64_t tap_count;
  std::int64_t channels;
  const float* weights;  ///< blocks of one vector: bias, then the taps
  float* out;
  float low, high;
};
struct Int8Channels {
  const std::int16_t* in;  ///< the zero point taken off
  std::int64_t pixels, pixel_stride;
  const std::int64_t* taps;  ///< an even number
  std::int64_t tap_count;
  std::int64_t channels;
  const std::int16_t* weights;  ///< blocks of two vectors of sums, in the order that interleaving leaves; taps in pairs
  const std::int32_t* bias;     ///< in that order too, as are the vectors of `rescale`
  std::int8_t* out;
  Rescale rescale;
};

/// Pooling of one row of output pixels.
struct FloatPool {
  const float* in;
  std::int64_t pixels, pixel_stride;
  const std::int64_t* taps;
  std::int64_t tap_count;
  std::int64_t channels;
  const float* factors;  ///< the mean's, one per pixel; null: the maximum
  float* out;
};

/// out[i] = f(a[i], b[i], c[i]) for `count` elements; p and q are the op's attributes. Truth is 1, falsehood 0.
using TileFn = void (*)(float* out, const float* a, const float* b, const float* c, std::int64_t count, float p,
                        float q);
struct TileEntry {
  const char* op;
  TileFn fn;
};

/// int8 + int8 and int8 * int8 on equal shapes.
struct Int8Pair {
  const std::int8_t* a;
  const std::int8_t* b;
  std::int64_t a_step, b_step;  ///< 1, or 0 for a single element
  std::int8_t* out;
  std::int64_t count;
  std::int32_t a_zero, b_zero;
  std::int32_t a_mantissa, a_right, b_mantissa, b_right;  ///< addition only: to the common scale
  std::int32_t fraction_bits;                             ///< addition only
  std::int32_t sign;                                      ///< -1: subtraction
  std::int32_t mantissa, left, right;
  std::int32_t zero;
};

struct Functions {
  std::int64_t lanes;  ///< 32-bit elements of a vector; blocks of columns are two vectors wide
  std::int64_t rows;
  void (*product)(const FloatTile&);
  std::int64_t int8_rows;
  std::int64_t int8_group;  ///< 2: int16, 4: uint8
  void (*int8_product)(const Int8Tile&);
  void (*widen)(const std::int8_t* in, std::int16_t* out, std::int64_t count, std::int32_t zero);
  void (*channels)(const FloatChannels&);
  void (*int8_channels)(const Int8Channels&);
  void (*pool)(const FloatPool&);
  void (*softmax)(const float* in, float* out, std::int64_t count);
  void (*mean_rows)(const float* in, float* out, std::int64_t rows, std::int64_t channels, float factor);
  void (*int8_sums)(const std::int8_t* in, std::int32_t* sums, std::int64_t rows, std::int64_t channels);
  void (*quantize)(const float* in, std::int8_t* out, std::int64_t count, float scale, std::int32_t zero);
  void (*int8_add)(const Int8Pair&);
  void (*int8_mul)(const Int8Pair&);
  const TileEntry* tiles;
  std::int64_t tile_count;
};

extern const Functions kScalarFunctions;
extern const Functions kAvx2Functions;
extern const Functions kAvx512Functions;
extern const Functions kVnniFunctions;

}  // namespace kedge::kernels::wide
