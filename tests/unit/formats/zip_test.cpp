// Zip archives: reading, writing, and the tricks that must be refused.
#include "formats/zip.h"

#include "sample_files.h"

namespace kedge::formats {
namespace {

/// Replaces every occurrence, of equal length, in the bytes of an archive.
std::vector<std::byte> patched(std::vector<std::byte> bytes, std::string_view from, std::string_view to) {
  std::string text(as_text(bytes));
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return bytes_of(text);
}

void put16(std::vector<std::byte>& bytes, std::size_t at, std::uint16_t value) {
  std::memcpy(bytes.data() + at, &value, 2);
}
void put32(std::vector<std::byte>& bytes, std::size_t at, std::uint32_t value) {
  std::memcpy(bytes.data() + at, &value, 4);
}
std::size_t find_record(const std::vector<std::byte>& bytes, std::string_view signature, std::size_t from = 0) {
  return std::string_view(as_text(bytes)).find(signature, from);
}

TEST(Zip, StoredMembersAreViewsInOrder) {
  const std::vector<std::byte> archive = zip_of({{"b", "second"}, {"a/c", "first"}});
  const Result<ZipReader> zip = ZipReader::open(archive, {}, "m.keras");
  ASSERT_TRUE(zip.ok());
  ASSERT_EQ(zip->entries().size(), 2u);
  EXPECT_EQ(zip->entries()[0].name, "b");
  const Result<Blob> content = zip->read("a/c");
  ASSERT_TRUE(content.ok());
  EXPECT_EQ(content->text(), "first");
  EXPECT_TRUE(content->is_view());
  EXPECT_GE(content->bytes().data(), archive.data());
}

TEST(Zip, SameMembersSameBytes) { EXPECT_EQ(zip_of({{"a", "1"}, {"b", "2"}}), zip_of({{"a", "1"}, {"b", "2"}})); }

TEST(Zip, AMissingMemberNamesItsNeighbours) {
  const std::vector<std::byte> archive = zip_of({{"config.json", "{}"}});
  const Result<ZipReader> zip = ZipReader::open(archive, {}, "m.keras");
  const auto missing = zip->read("confg.json");
  ASSERT_EQ(code_of(missing), "K0107");
  EXPECT_EQ(place_of(missing), "m.keras");
  ASSERT_FALSE(missing.error().diagnostic().help.empty());
  EXPECT_NE(missing.error().diagnostic().help[0].find("config.json"), std::string::npos);
}

TEST(Zip, DamagedContentIsNoticed) {
  const std::vector<std::byte> archive = patched(zip_of({{"a", "content"}}), "content", "cxntent");
  const Result<ZipReader> zip = ZipReader::open(archive, {}, "m.keras");
  ASSERT_TRUE(zip.ok());
  const auto damaged = zip->read("a");
  EXPECT_EQ(code_of(damaged), "K0106");
  EXPECT_EQ(place_of(damaged), "m.keras › a");
}

TEST(Zip, NamesThatLeaveTheArchiveAreRefused) {
  for (const std::string name : {"../x", "/abs", "a/../../x", "..", "a\\..\\x", "c:evil", "\\x"}) {
    EXPECT_EQ(code_of(ZipReader::open(zip_of({{name, "x"}}), {}, "z")), "K0104") << name;
  }
  EXPECT_TRUE(ZipReader::open(zip_of({{"a..b/...", "x"}}), {}, "z").ok());
}

TEST(Zip, StructuresThatLieAreRefused) {
  const std::vector<std::byte> good = zip_of({{"aa", "1234"}, {"bb", "5678"}});
  ASSERT_TRUE(ZipReader::open(good, {}, "z").ok());
  const std::size_t directory = find_record(good, "PK\x01\x02");
  const std::size_t second = find_record(good, "PK\x01\x02", directory + 1);
  const std::size_t end = find_record(good, std::string_view("PK\x05\x06", 4));

  EXPECT_EQ(code_of(ZipReader::open(patched(good, "bb", "aa"), {}, "z")), "K0105");
  auto lie = good;
  put32(lie, second + 42, 0);  // both entries at one local header
  EXPECT_EQ(code_of(ZipReader::open(lie, {}, "z")), "K0102");
  lie = good;
  put32(lie, directory + 24, 5);  // another size
  EXPECT_EQ(code_of(ZipReader::open(lie, {}, "z")), "K0102");
  lie = good;
  put32(lie, directory + 20, 0x7fffffff);
  put32(lie, directory + 24, 0x7fffffff);
  EXPECT_EQ(code_of(ZipReader::open(lie, {}, "z")), "K0102");
  lie = good;
  put16(lie, directory + 8, 1);  // encrypted
  EXPECT_EQ(code_of(ZipReader::open(lie, {}, "z")), "K0103");
  lie = good;
  put16(lie, directory + 10, 99);
  EXPECT_EQ(code_of(ZipReader::open(lie, {}, "z")), "K0103");
  lie = good;
  put16(lie, end + 10, 0xfff0);  // members
  EXPECT_EQ(code_of(ZipReader::open(lie, {}, "z")), "K0102");
  EXPECT_EQ(code_of(ZipReader::open(as_bytes("PK"), {}, "z")), "K0101");
}

TEST(Zip, OverlapsAreFoundEvenBetweenAgreeingHeaders) {
  // The second local header is a copy of the first inside the first member's content.
  const std::vector<std::byte> inner = zip_of({{"b", "x"}});
  const std::size_t inner_end = find_record(inner, "PK\x01\x02");
  std::vector<std::byte> archive = zip_of({{"a", std::string(as_text(Bytes(inner).first(inner_end)))}, {"b", "x"}});
  const std::size_t first = find_record(archive, "PK\x01\x02");
  const std::size_t second = find_record(archive, "PK\x01\x02", first + 1);
  put32(archive, second + 42, 31);  // behind the local header of `a`: 30 bytes and its name
  EXPECT_EQ(code_of(ZipReader::open(archive, {}, "z")), "K0102");
}

TEST(Zip, UnpackedSizeIsLimited) {
  std::vector<std::byte> archive = zip_of({{"a", "1234"}});
  const std::size_t directory = find_record(archive, "PK\x01\x02");
  for (const std::size_t header : {std::size_t{8}, directory + 10}) put16(archive, header, 8);
  for (const std::size_t size : {std::size_t{22}, directory + 24}) put32(archive, size, 4000);
  EXPECT_EQ(code_of(ZipReader::open(archive, Limits{.inflated_bytes = 3999}, "z")), "K0100");
  const Result<ZipReader> zip = ZipReader::open(archive, {}, "z");
  ASSERT_TRUE(zip.ok());
  EXPECT_EQ(code_of(zip->read("a")), "K0102");
}

TEST(Zip, TheWriterRefusesTheSameNameTwice) {
  ZipWriter zip;
  ASSERT_TRUE(zip.add("a", {}).ok());
  EXPECT_EQ(code_of(zip.add("a", {})), "K0105");
}

}  // namespace
}  // namespace kedge::formats
