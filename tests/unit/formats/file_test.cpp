// Files: mapping, atomic writing, telling kinds apart.
#include "formats/file.h"

#include <cstdio>
#include <filesystem>

#include "sample_files.h"

namespace kedge::formats {
namespace {

struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "kedge-file-test.XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file(const std::string& name) const { return (path / name).string(); }
  std::int64_t count() const { return std::distance(std::filesystem::directory_iterator(path), {}); }
};

TEST(File, WhatIsWrittenIsRead) {
  const Folder folder;
  ASSERT_TRUE(write_file_atomically(folder.file("a"), as_bytes("hello")).ok());
  const Result<MappedFile> mapped = map_file(folder.file("a"));
  ASSERT_TRUE(mapped.ok());
  EXPECT_EQ(as_text(mapped->bytes()), "hello");
  EXPECT_EQ(folder.count(), 1) << "no temporary file stays behind";
}

TEST(File, AnExistingOutputIsKeptUnlessAsked) {
  const Folder folder;
  ASSERT_TRUE(write_file_atomically(folder.file("a"), as_bytes("first")).ok());
  EXPECT_EQ(code_of(write_file_atomically(folder.file("a"), as_bytes("second"))), "K0004");
  EXPECT_EQ(as_text(map_file(folder.file("a"))->bytes()), "first");
  EXPECT_TRUE(write_file_atomically(folder.file("a"), as_bytes("second"), Overwrite::yes).ok());
  EXPECT_EQ(as_text(map_file(folder.file("a"))->bytes()), "second");
  EXPECT_EQ(folder.count(), 1);
}

TEST(File, FailuresNameThePath) {
  const Folder folder;
  const auto missing = map_file(folder.file("missing"));
  EXPECT_EQ(code_of(missing), "K0003");
  EXPECT_EQ(place_of(missing), folder.file("missing"));
  EXPECT_EQ(code_of(map_file(folder.path.string())), "K0003");
  EXPECT_EQ(code_of(map_file("/dev/null")), "K0003");
  EXPECT_EQ(code_of(write_file_atomically(folder.file("no/such/folder"), {})), "K0005");
  EXPECT_EQ(code_of(write_file_atomically(folder.path.string(), {}, Overwrite::yes)), "K0005");
}

TEST(File, EmptyAndTooLarge) {
  const Folder folder;
  ASSERT_TRUE(write_file_atomically(folder.file("empty"), {}).ok());
  EXPECT_TRUE(map_file(folder.file("empty"))->bytes().empty());
  ASSERT_TRUE(write_file_atomically(folder.file("ten"), as_bytes("0123456789")).ok());
  EXPECT_EQ(code_of(map_file(folder.file("ten"), Limits{.file_bytes = 9})), "K0100");
}

TEST(File, KindsAreToldFromBytes) {
  EXPECT_EQ(sniff({}), FileKind::unknown);
  EXPECT_EQ(sniff(as_bytes("KPLN1234")), FileKind::plan);
  EXPECT_EQ(sniff(as_bytes(std::string_view("\x1c\0\0\0TFL3", 8))), FileKind::tflite);
  EXPECT_EQ(sniff(as_bytes("\x93NUMPY\x01")), FileKind::npy);
  EXPECT_EQ(sniff(sample("old.h5")), FileKind::hdf5);
  EXPECT_EQ(sniff(zip_of({{"config.json", "{}"}})), FileKind::keras);
  EXPECT_EQ(sniff(zip_of({{"arr_0.npy", ""}})), FileKind::npz);
  EXPECT_EQ(sniff(zip_of({{"x", ""}})), FileKind::zip);
  EXPECT_EQ(sniff(zip_of({})), FileKind::zip);
  // ModelProto: ir_version = 8, producer_name = "x", graph = {name: "g"}
  EXPECT_EQ(sniff(as_bytes("\x08\x08\x12\x01x\x3a\x03\x12\x01g")), FileKind::onnx);
  EXPECT_EQ(sniff(as_bytes("plain text")), FileKind::unknown);
}

}  // namespace
}  // namespace kedge::formats
