// Flatbuffers: what is built is read; what is damaged is reported.
#include "formats/flatbuffer.h"
#include "formats/flatbuffer_builder.h"

#include "sample_files.h"

namespace kedge::formats {
namespace {

/// A table with one field of each kind.
std::vector<std::byte> sample_buffer() {
  FlatBuilder builder;
  const FlatRef blob = builder.bytes(as_bytes("0123456789"), 16);
  const FlatRef name = builder.string("näme");
  const std::vector<FlatRef> words{builder.string("a"), builder.string(""), builder.string("ccc")};
  const FlatRef strings = builder.refs(words);
  std::vector<FlatRef> children;
  for (int i = 0; i < 3; ++i) {
    builder.start_table();
    builder.add<std::int32_t>(0, i);
    children.push_back(builder.end_table());
  }
  const FlatRef tables = builder.refs(children);
  const FlatRef doubles = builder.numbers(std::vector<double>{0.5, -1});
  const FlatRef none = builder.numbers(std::vector<std::int32_t>{});
  builder.start_table();
  builder.add<std::uint8_t>(0, 200);
  builder.add<std::int64_t>(1, -5);
  builder.add<bool>(2, true);
  builder.add<float>(3, 1.5F);
  builder.add<std::int32_t>(4, 0, 0);  // the default: left out
  builder.add_ref(5, blob);
  builder.add_ref(6, name);
  builder.add_ref(7, strings);
  builder.add_ref(8, tables);
  builder.add_ref(9, doubles);
  builder.add_ref(10, none);
  builder.add_ref(11, FlatRef{});
  builder.add<std::uint8_t>(12, 2);
  builder.add_ref(13, children[1]);
  const FlatRef root = builder.end_table();
  return std::move(builder).finish(root, "TST1").value();
}

TEST(Flatbuffer, WhatIsBuiltIsRead) {
  const std::vector<std::byte> bytes = sample_buffer();
  const FlatBuffer buffer(bytes, {}, "x");
  const Result<FlatTable> root = buffer.root("TST1");
  ASSERT_TRUE(root.ok());
  EXPECT_EQ(root->number<std::uint8_t>(0), 200);
  EXPECT_EQ(root->number<std::int64_t>(1), -5);
  EXPECT_TRUE(root->number<bool>(2));
  EXPECT_EQ(root->number<float>(3), 1.5F);
  EXPECT_FALSE(root->has(4));
  EXPECT_EQ(root->number<std::int32_t>(4, 77), 77);
  const FlatBytes blob = root->vector(5, 1);
  EXPECT_EQ(as_text(blob.data), "0123456789");
  EXPECT_EQ((blob.data.data() - bytes.data()) % 16, 0);
  EXPECT_EQ(root->string(6), "näme");
  EXPECT_EQ(root->strings(7), (std::vector<std::string_view>{"a", "", "ccc"}));
  const std::vector<FlatTable> children = root->tables(8);
  ASSERT_EQ(children.size(), 3u);
  EXPECT_EQ(children[2].number<std::int32_t>(0), 2);
  EXPECT_EQ(root->numbers<double>(9), (std::vector<double>{0.5, -1}));
  EXPECT_TRUE(root->has(10));
  EXPECT_TRUE(root->numbers<std::int32_t>(10).empty());
  EXPECT_FALSE(root->has(11));
  EXPECT_EQ(root->union_type(13), 2);
  EXPECT_EQ(root->table(13).position(), children[1].position());
  EXPECT_TRUE(root->table(99).is_null());
  EXPECT_TRUE(buffer.check().ok());
}

TEST(Flatbuffer, EqualVtablesAreSharedAndBytesRepeat) {
  EXPECT_EQ(sample_buffer(), sample_buffer());
  const auto size_with = [](int count) {
    FlatBuilder builder;
    std::vector<FlatRef> tables;
    for (int i = 0; i < count; ++i) {
      builder.start_table();
      builder.add<std::int32_t>(0, i + 1);
      tables.push_back(builder.end_table());
    }
    const FlatRef list = builder.refs(tables);
    builder.start_table();
    builder.add_ref(0, list);
    const FlatRef root = builder.end_table();
    return std::move(builder).finish(root, "").value().size();
  };
  EXPECT_EQ(size_with(101) - size_with(1), 100u * 12)
      << "4 bytes in the list, 4 for the vtable's distance, 4 for the number";
}

TEST(Flatbuffer, AnyAlignmentOfTheInputWillDo) {
  std::vector<std::byte> shifted(3);
  const std::vector<std::byte> bytes = sample_buffer();
  shifted.insert(shifted.end(), bytes.begin(), bytes.end());
  const FlatBuffer buffer(Bytes(shifted).subspan(3), {}, "x");
  EXPECT_EQ(buffer.root("TST1")->numbers<double>(9), (std::vector<double>{0.5, -1}));
}

TEST(Flatbuffer, DamageIsReportedOnceWithItsPlace) {
  EXPECT_EQ(code_of(FlatBuffer(as_bytes("1234"), {}, "x").root("")), "K0140");
  std::vector<std::byte> bytes = sample_buffer();
  const auto wrong = FlatBuffer(bytes, {}, "m.tflite").root("TFL3");
  EXPECT_EQ(code_of(wrong), "K0140");
  EXPECT_EQ(place_of(wrong), "m.tflite");
  const FlatBuffer cut(Bytes(bytes).first(bytes.size() - 12), {}, "m.tflite");
  const Result<FlatTable> root = cut.root("TST1");
  if (root.ok()) {
    root->vector(5, 1);
    EXPECT_EQ(code_of(cut.check()), "K0140");
  }
}

TEST(Flatbuffer, SharedOffsetsDoNotRunForever) {
  // A table whose list refers to itself a thousand times: reading it level by level would be 1000^n.
  FlatBuilder builder;
  builder.start_table();
  const FlatRef leaf = builder.end_table();
  const FlatRef list = builder.refs(std::vector<FlatRef>(1000, leaf));
  builder.start_table();
  builder.add_ref(0, list);
  const FlatRef root = builder.end_table();
  const std::vector<std::byte> bytes = std::move(builder).finish(root, "").value();
  const FlatBuffer buffer(bytes, {}, "x");
  const FlatTable table = *buffer.root("");
  for (int i = 0; i < 2000; ++i) static_cast<void>(table.tables(0));
  EXPECT_EQ(code_of(buffer.check()), "K0140");
}

}  // namespace
}  // namespace kedge::formats
