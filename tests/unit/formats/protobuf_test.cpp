// Protocol Buffers: messages by their tables; what is cut off, nested too deeply or of another type is reported.
#include "formats/protobuf.h"

#include <gtest/gtest.h>

#include <string>

namespace kedge::formats {
namespace {

std::span<const ProtoField> node_table() {
  static constexpr ProtoField kNode[] = {{1, "name", ProtoKind::text},
                                         {2, "size", ProtoKind::integer},
                                         {3, "weights", ProtoKind::single, true},
                                         {4, "axes", ProtoKind::integer, true},
                                         {5, "child", ProtoKind::message, true, node_table},
                                         {6, "scale", ProtoKind::real}};
  return kNode;
}

Result<ProtoMessage> read(std::string_view bytes, const Limits& limits = {}) {
  return read_protobuf(as_bytes(bytes), node_table(), limits, "model.onnx");
}

TEST(Protobuf, ReadsEveryKind) {
  using namespace std::string_view_literals;
  const Result<ProtoMessage> m = read(
      "\x0a\x02hi"                                    // name
      "\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"  // size = -1
      "\x1a\x08\x00\x00\x80\x3f\x00\x00\x00\x40"      // weights, packed: 1, 2
      "\x1d\x00\x00\x40\x40"                          // and one more: 3
      "\x22\x03\x05\xac\x02"                          // axes, packed: 5, 300
      "\x2a\x03\x0a\x01"
      "a"                                     // child { name: "a" }
      "\x31\x00\x00\x00\x00\x00\x00\xe0\x3f"  // scale = 0.5
      "\x78\x07"sv);                          // field 15: unknown
  ASSERT_TRUE(m.ok());
  EXPECT_EQ(m->text("name"), "hi");
  EXPECT_EQ(m->integer("size"), -1);
  EXPECT_EQ(m->reals("weights"), (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(m->integers("axes"), (std::vector<std::int64_t>{5, 300}));
  ASSERT_EQ(m->all("child").size(), 1U);
  EXPECT_EQ(m->all("child")[0]->message[0].text("name"), "a");
  EXPECT_EQ(m->reals("scale"), std::vector<double>{0.5});
  EXPECT_EQ(m->find("nothing"), nullptr);
  EXPECT_EQ(m->integer("nothing", 7), 7);
}

void expect_broken(std::string_view bytes) {
  const Result<ProtoMessage> m = read(bytes);
  ASSERT_FALSE(m.ok());
  EXPECT_EQ(m.error().diagnostic().code, "K0150");
  EXPECT_EQ(m.error().diagnostic().primary.location.path, "model.onnx");
}

TEST(Protobuf, RefusesDamage) {
  using namespace std::string_view_literals;
  expect_broken("\x0a\x05hi"sv);            // a text longer than the file
  expect_broken("\x10"sv);                  // no number
  expect_broken("\x10\xff"sv);              // a varint without end
  expect_broken("\x1d\x00"sv);              // half a float
  expect_broken("\x1a\x03\x00\x00\x00"sv);  // a packed run of 0.75 floats
  expect_broken("\x22\x01\x80"sv);          // a packed varint without end
  expect_broken("\x08\x01"sv);              // name is no number
  expect_broken("\x12\x01\x01"sv);          // size is not repeated
  expect_broken("\x00\x01"sv);              // field 0
  expect_broken("\x7b"sv);                  // a group
  expect_broken("\x2a\x02\x0a\x05"sv);      // damage inside of a child
}

TEST(Protobuf, DepthIsBounded) {
  std::string bytes;
  for (int i = 0; i < 40; ++i) bytes = std::string("\x2a") + static_cast<char>(bytes.size()) + bytes;
  Limits limits;
  limits.depth = 50;
  EXPECT_TRUE(read(bytes, limits).ok());
  limits.depth = 20;
  const Result<ProtoMessage> m = read(bytes, limits);
  ASSERT_FALSE(m.ok());
  EXPECT_EQ(m.error().diagnostic().code, "K0100");
}

}  // namespace
}  // namespace kedge::formats
