// Hashes of decimal digits. Sources: Google's FarmHash (Fingerprint64 of strings up to 32 bytes) and Aumasson and
// Bernstein 2012, "SipHash: a fast short-input PRF".
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <string_view>

#include "kernels/reference/tables.h"

namespace kedge::kernels::reference {

namespace {

using Word = std::uint64_t;

Word word_at(const char* at) {
  Word value = 0;
  std::memcpy(&value, at, sizeof(value));
  return value;  // little-endian, as both hashes read
}
Word half_at(const char* at) {
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof(value));
  return value;
}
Word shift_mix(Word value) { return value ^ (value >> 47); }

constexpr Word kFirst = 0xc3a5c85c97cb3127;
constexpr Word kSecond = 0xb492b66fbe98f273;
constexpr Word kThird = 0x9ae16a3b2f90404f;

Word mixed(Word u, Word v, Word factor) {
  const Word a = shift_mix((u ^ v) * factor);
  return shift_mix((v ^ a) * factor) * factor;
}

/// FarmHash's fingerprint of 1 to 32 bytes.
Word fingerprint(std::string_view text) {
  const char* s = text.data();
  const Word size = text.size();
  const Word factor = kThird + size * 2;
  if (size > 16) {
    const Word a = word_at(s) * kSecond;
    const Word b = word_at(s + 8);
    const Word c = word_at(s + size - 8) * factor;
    const Word d = word_at(s + size - 16) * kThird;
    return mixed(std::rotr(a + b, 43) + std::rotr(c, 30) + d, a + std::rotr(b + kThird, 18) + c, factor);
  }
  if (size >= 8) {
    const Word a = word_at(s) + kThird;
    const Word b = word_at(s + size - 8);
    const Word c = std::rotr(b, 37) * factor + a;
    const Word d = (std::rotr(a, 25) + b) * factor;
    return mixed(c, d, factor);
  }
  if (size >= 4) return mixed(size + (half_at(s) << 3), half_at(s + size - 4), factor);
  const auto byte = [&](std::size_t i) { return static_cast<Word>(static_cast<unsigned char>(text[i])); };
  const Word y = byte(0) + (byte(text.size() / 2) << 8);
  const Word z = size + (byte(text.size() - 1) << 2);
  return shift_mix((y * kThird) ^ (z * kFirst)) * kThird;
}

class SipHash {
 public:
  SipHash(Word low, Word high)
      : state_{low ^ 0x736f6d6570736575, high ^ 0x646f72616e646f6d, low ^ 0x6c7967656e657261,
               high ^ 0x7465646279746573} {}

  Word operator()(std::string_view text) {
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) absorb(word_at(text.data() + at));
    Word last = static_cast<Word>(text.size()) << 56;
    for (std::size_t i = 0; at + i < text.size(); ++i)
      last |= static_cast<Word>(static_cast<unsigned char>(text[at + i])) << (8 * i);
    absorb(last);
    state_[2] ^= 0xff;
    for (int i = 0; i < 4; ++i) round();
    return state_[0] ^ state_[1] ^ state_[2] ^ state_[3];
  }

 private:
  void absorb(Word word) {
    state_[3] ^= word;
    round();
    round();
    state_[0] ^= word;
  }
  void round() {
    auto& [a, b, c, d] = state_;
    a += b;
    c += d;
    b = std::rotl(b, 13) ^ a;
    d = std::rotl(d, 16) ^ c;
    a = std::rotl(a, 32);
    c += b;
    a += d;
    b = std::rotl(b, 17) ^ c;
    d = std::rotl(d, 21) ^ a;
    c = std::rotl(c, 32);
  }

  std::array<Word, 4> state_;
};

void hash_bucket(const Call& call) {
  const auto* in = call.inputs[0].as<std::int64_t>();
  auto* out = call.outputs[0].as<std::int64_t>();
  const Word buckets = static_cast<Word>(call.attrs->integer("buckets"));
  const std::vector<std::int64_t>& key = call.attrs->integers("key");
  for (std::int64_t i = 0; i < call.inputs[0].size(); ++i) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), in[i]).ptr;
    const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
    const Word hash =
        key.empty() ? fingerprint(text) : SipHash(static_cast<Word>(key[0]), static_cast<Word>(key[1]))(text);
    out[i] = static_cast<std::int64_t>(hash % buckets);
  }
}

constexpr Entry kHash[] = {{"hash_bucket", hash_bucket}};

}  // namespace

std::span<const Entry> hash_kernels() { return kHash; }

}  // namespace kedge::kernels::reference
