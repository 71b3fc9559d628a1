// NumPy arrays. What numpy itself writes and reads is checked by the oracle test.
#include "formats/npy.h"

#include "sample_files.h"

namespace kedge::formats {
namespace {

std::vector<std::byte> npy_with(std::string header, std::string_view data) {
  header += '\n';
  std::string out = "\x93NUMPY";
  out += '\1';
  out += '\0';
  out += static_cast<char>(header.size() & 0xff);
  out += static_cast<char>(header.size() >> 8);
  return bytes_of(out + header + std::string(data));
}

TEST(Npy, RoundTrip) {
  const NpyArray array{"i2", {2, 3}, Blob::own(bytes_of("abcdefghijkl"))};
  const std::vector<std::byte> file = write_npy(array);
  const Result<NpyArray> again = read_npy(file, {}, "a.npy");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->dtype, "i2");
  EXPECT_EQ(again->shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(again->data.text(), "abcdefghijkl");
  EXPECT_TRUE(again->data.is_view());
  EXPECT_EQ((file.size() - 12) % 64, 0u);
}

TEST(Npy, FortranOrderAndBigEndianAreTurned) {
  const auto fortran = npy_with("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", "adbecf");
  EXPECT_EQ(read_npy(fortran, {}, "a")->data.text(), "abcdef");
  const auto big = npy_with("{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }", "badc");
  EXPECT_EQ(read_npy(big, {}, "a")->data.text(), "abcd");
  const auto complex = npy_with("{'descr': '>c8', 'fortran_order': False, 'shape': (), }", "dcbahgfe");
  EXPECT_EQ(read_npy(complex, {}, "a")->data.text(), "abcdefgh");
}

TEST(Npy, OtherDtypesAreNamed) {
  for (const std::string dtype : {"<U4", "|S3", "|O", "<M8[s]", "<f16", "|V2"}) {
    const auto refused =
        read_npy(npy_with("{'descr': '" + dtype + "', 'fortran_order': False, 'shape': (1,), }", std::string(64, 'x')),
                 {}, "a.npz › x");
    EXPECT_EQ(code_of(refused), "K0121") << dtype;
    EXPECT_EQ(place_of(refused), "a.npz › x");
    EXPECT_NE(refused.error().diagnostic().message.find(dtype), std::string::npos);
  }
  EXPECT_EQ(code_of(read_npy(npy_with("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "1234"), {},
                             "a")),
            "K0121");
}

TEST(Npy, ShapesThatLie) {
  for (const std::string shape : {"(3,)", "(1000000000000,)", "(4294967296, 4294967296)", "(9223372036854775807, 2)",
                                  "(-1,)", "(99999999999999999999,)", "(1", "1", "('a',)"}) {
    EXPECT_EQ(code_of(read_npy(
                  npy_with("{'descr': '<i4', 'fortran_order': False, 'shape': " + shape + ", }", "12345678"), {}, "a")),
              "K0120")
        << shape;
  }
  EXPECT_EQ(
      code_of(read_npy(npy_with("{'descr': '<i4', 'fortran_order': False, 'shape': (1,), }", "12345678"), {}, "a")),
      "K0120")
      << "bytes left over";
  EXPECT_EQ(code_of(read_npy(npy_with("{'descr': '<i4', 'shape': (1,), }", "1234"), {}, "a")), "K0120");
}

TEST(Npz, NamesAndOrder) {
  const NpyArray one{"u1", {2}, Blob::own(bytes_of("ab"))};
  const NpyArray two{"f4", {}, Blob::own(bytes_of("1234"))};
  const Result<std::vector<std::byte>> file = write_npz({{"z", one}, {"a/b", two}});
  ASSERT_TRUE(file.ok());
  const auto arrays = read_npz(*file, {}, "x.npz");
  ASSERT_TRUE(arrays.ok());
  ASSERT_EQ(arrays->size(), 2u);
  EXPECT_EQ((*arrays)[0].name, "z");
  EXPECT_EQ((*arrays)[1].name, "a/b");
  EXPECT_TRUE((*arrays)[1].array.shape.empty());
  EXPECT_EQ(code_of(write_npz({{"z", one}, {"z", two}})), "K0105");
}

}  // namespace
}  // namespace kedge::formats
