// The HDF5 reader on three small files; h5py judges it on many more in tests/oracle/test_formats.py.
#include "formats/hdf5.h"

#include <algorithm>

#include "sample_files.h"

namespace kedge::formats {
namespace {

template <typename T>
std::vector<T> values(const NpyArray& array) {
  std::vector<T> out(array.data.size() / sizeof(T));
  std::memcpy(out.data(), array.data.bytes().data(), array.data.size());
  return out;
}

TEST(Hdf5, OldAndNewFilesHoldTheSame) {
  for (const char* name : {"old.h5", "new.h5"}) {
    const std::vector<std::byte> bytes = sample(name);
    const Result<Hdf5File> file = Hdf5File::open(bytes, {}, name);
    ASSERT_TRUE(file.ok()) << name << file.error().diagnostic().message;
    EXPECT_EQ(*file->root().children(), (std::vector<std::string>{"chunked", "layers", "words"}));
    const Result<Hdf5Object> kernel = file->get("layers/dense/vars/0");
    ASSERT_TRUE(kernel.ok());
    EXPECT_EQ(kernel->dtype(), "f4");
    EXPECT_EQ(kernel->shape(), (std::vector<std::int64_t>{2, 3}));
    const Result<NpyArray> array = kernel->read();
    EXPECT_TRUE(array->data.is_view());
    EXPECT_EQ(values<float>(*array), (std::vector<float>{0, 1, 2, 3, 4, 5}));
    std::vector<std::int32_t> expected(30);
    for (int i = 0; i < 30; ++i) expected[static_cast<std::size_t>(i)] = i;
    EXPECT_EQ(values<std::int32_t>(*file->get("chunked")->read()), expected);
    EXPECT_EQ(*file->get("words")->read_strings(), (std::vector<std::string>{"one", "two", ""}));
    EXPECT_EQ(file->root().attribute("title")->value, Json("héllo"));
    EXPECT_EQ(file->root().attribute("rate")->value, Json(0.25));
    EXPECT_EQ(write_json(file->root().attribute("names")->value), R"(["kernel","bias"])");
    EXPECT_EQ(file->walk()->size(), 8u);
  }
}

TEST(Hdf5, DenseStorageAndEveryChunkIndex) {
  const std::vector<std::byte> bytes = sample("dense.h5");
  const Result<Hdf5File> file = Hdf5File::open(bytes, {}, "dense.h5");
  ASSERT_TRUE(file.ok());
  const auto attributes = file->root().attributes();
  ASSERT_EQ(attributes->size(), 12u);
  EXPECT_EQ(attributes->at(11).name, "attribute11") << "in order of creation";
  const std::vector<std::string> names = *file->get("many")->children();
  ASSERT_EQ(names.size(), 40u);
  EXPECT_EQ(names[2], "child2");
  EXPECT_EQ(values<std::int32_t>(*file->get("many/child39")->read()), std::vector<std::int32_t>{39});
  for (const char* name : {"fixed_array", "extensible", "tree"}) {
    const auto array = file->get(name)->read();
    ASSERT_TRUE(array.ok()) << name;
    const std::vector<std::int16_t> got = values<std::int16_t>(*array);
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i], static_cast<std::int16_t>(i)) << name;
  }
  EXPECT_EQ(values<double>(*file->get("single")->read()), (std::vector<double>{0, 1, 2, 3}));
}

TEST(Hdf5, ErrorsNameThePath) {
  const std::vector<std::byte> bytes = sample("old.h5");
  const Result<Hdf5File> file = Hdf5File::open(bytes, {}, "m.keras › model.weights.h5");
  const auto missing = file->get("layers/dense/vars/7");
  EXPECT_EQ(code_of(missing), "K0133");
  EXPECT_EQ(place_of(missing), "m.keras › model.weights.h5 › layers/dense/vars");
  EXPECT_EQ(code_of(file->get("layers")->read()), "K0133");
  EXPECT_EQ(code_of(file->get("layers")->attribute("x")), "K0133");
  EXPECT_EQ(file->get("layers/dense")->place(), "m.keras › model.weights.h5 › layers/dense");
  EXPECT_EQ(code_of(Hdf5File::open(as_bytes("no"), {}, "x")), "K0130");
}

TEST(Hdf5, ACutFileSaysSo) {
  const std::vector<std::byte> bytes = sample("old.h5");
  const auto cut = Hdf5File::open(Bytes(bytes).first(bytes.size() / 2), {}, "x.h5");
  EXPECT_EQ(code_of(cut), "K0131");
  EXPECT_NE(cut.error().diagnostic().message.find("cut off"), std::string::npos);
}

TEST(Hdf5, ChecksumsOfNewFilesAreHeld) {
  std::vector<std::byte> bytes = sample("new.h5");
  const std::string_view text = as_text(bytes);
  const std::size_t header = text.find("OHDR");
  bytes[header + 30] ^= std::byte{4};
  EXPECT_EQ(code_of(Hdf5File::open(bytes, {}, "x.h5")), "K0131");
}

}  // namespace
}  // namespace kedge::formats
