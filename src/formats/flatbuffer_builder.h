// FlatBuffers at the wire level: building. The buffer grows from its end to its start, so that everything exists before
// what refers to it; equal vtables are shared; the same calls give the same bytes.
//
//   FlatBuilder builder;
//   const FlatRef name = builder.string("x");
//   builder.start_table();
//   builder.add<std::int32_t>(0, 7);
//   builder.add_ref(1, name);
//   const FlatRef table = builder.end_table();
//   Result<std::vector<std::byte>> bytes = std::move(builder).finish(table, "TFL3");
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"
#include "base/result.h"

namespace kedge::formats {

/// Something already built: its distance from the end of the buffer. 0 means "nothing" and adds no field.
struct FlatRef {
  std::uint64_t from_end = 0;
  explicit operator bool() const { return from_end != 0; }
};

class FlatBuilder {
 public:
  /// Strings are not shared: readers of TFLite may patch one in place.
  FlatRef string(std::string_view text);

  /// A vector of numbers.
  template <typename T>
  FlatRef numbers(std::span<const T> values) {
    static_assert(std::is_arithmetic_v<T>);
    return vector({reinterpret_cast<const std::byte*>(values.data()), values.size_bytes()},
                  static_cast<std::int64_t>(values.size()), sizeof(T));
  }
  template <typename T>
  FlatRef numbers(const std::vector<T>& values) {
    return numbers(std::span<const T>(values));
  }
  /// A vector of bytes whose data starts at a multiple of `alignment` (a power of two up to 64) in the finished file.
  FlatRef bytes(Bytes data, std::uint64_t alignment = 1);
  /// A vector of tables or strings.
  FlatRef refs(std::span<const FlatRef> values);

  /// One table at a time: everything that it refers to is built before start_table().
  void start_table();
  /// A number that is written even when it equals the default.
  template <typename T>
  void add(int field, T value) {
    static_assert(std::is_arithmetic_v<T>);
    std::byte raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    add_inline(field, {raw, sizeof(T)}, sizeof(T));
  }
  /// A number that is left out when it equals the format's default.
  template <typename T>
  void add(int field, T value, T absent) {
    if (value != absent) add(field, value);
  }
  void add_ref(int field, FlatRef ref);
  /// A struct by its bytes.
  void add_struct(int field, Bytes raw, std::uint64_t alignment) { add_inline(field, raw, alignment); }
  FlatRef end_table();

  /// The finished file; the identifier has four characters or none. K0141 beyond 2 GiB.
  Result<std::vector<std::byte>> finish(FlatRef root, std::string_view identifier) &&;

 private:
  struct Field {
    int id;
    std::uint64_t from_end;
  };
  FlatRef vector(Bytes data, std::int64_t count, std::uint64_t alignment);
  void add_inline(int field, Bytes raw, std::uint64_t alignment);
  /// Pads so that after `following` more bytes the position is a multiple of `alignment` from the end.
  void align(std::uint64_t following, std::uint64_t alignment);
  void prepend(Bytes raw);
  template <typename T>
  void prepend_number(T value) {
    std::byte raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    prepend({raw, sizeof(T)});
  }
  void prepend_ref(FlatRef ref);

  std::uint64_t size() const { return store_.size() - head_; }

  std::vector<std::byte> store_;  ///< used from head_ to the end
  std::uint64_t head_ = 0;
  std::uint64_t max_alignment_ = 4;
  bool in_table_ = false;
  std::uint64_t table_end_ = 0;
  std::vector<Field> fields_;
  std::vector<std::uint64_t> vtables_;  ///< distances from the end
  bool too_large_ = false;
};

}  // namespace kedge::formats
