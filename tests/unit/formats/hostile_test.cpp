// Damaged input of every format: cut at every byte, with seeded mutations, with claims that would exhaust memory or
// time. Nothing may crash, hang or read outside (the sanitizer build holds the last); every refusal has a code of the
// room and a place.
#include <chrono>
#include <random>

#include "formats/flatbuffer.h"
#include "formats/flatbuffer_builder.h"
#include "formats/hdf5.h"
#include "formats/json.h"
#include "formats/npy.h"
#include "sample_files.h"

namespace kedge::formats {
namespace {

void expect_sound_error(const Error& error) {
  const Diagnostic& diagnostic = error.diagnostic();
  EXPECT_TRUE(diagnostic.code.starts_with("K01")) << diagnostic.code;
  EXPECT_FALSE(diagnostic.message.empty());
  EXPECT_TRUE(diagnostic.primary.location.path.starts_with("file"))
      << diagnostic.message << " at " << diagnostic.primary.location.path;
}

// Each function reads everything that there is; the answer is whether all of it was sound.

bool read_zip(Bytes bytes) {
  const Result<ZipReader> zip = ZipReader::open(bytes, {}, "file");
  if (!zip) {
    expect_sound_error(zip.error());
    return false;
  }
  bool sound = true;
  for (const ZipEntry& entry : zip->entries()) {
    const Result<Blob> content = zip->read(entry);
    if (!content) expect_sound_error(content.error());
    sound = sound && content.ok();
  }
  return sound;
}

bool read_json(Bytes bytes) {
  const Result<Json> json = parse_json(as_text(bytes), {}, "file");
  if (!json) expect_sound_error(json.error());
  return json.ok();
}

bool read_array(Bytes bytes) {
  const Result<NpyArray> array = read_npy(bytes, {}, "file");
  if (!array) expect_sound_error(array.error());
  return array.ok();
}

bool read_hdf5(Bytes bytes) {
  const Result<Hdf5File> file = Hdf5File::open(bytes, {}, "file");
  if (!file) {
    expect_sound_error(file.error());
    return false;
  }
  const Result<std::vector<Hdf5Object>> objects = file->walk();
  if (!objects) {
    expect_sound_error(objects.error());
    return false;
  }
  bool sound = true;
  for (const Hdf5Object& object : *objects) {
    const auto attributes = object.attributes();
    if (!attributes) expect_sound_error(attributes.error());
    sound = sound && attributes.ok();
    if (!object.is_dataset()) continue;
    const bool is_text = object.dtype() == "O" || object.dtype().starts_with('S');
    if (is_text) {
      const auto strings = object.read_strings();
      if (!strings) expect_sound_error(strings.error());
      sound = sound && strings.ok();
    } else {
      const auto array = object.read();
      if (!array) expect_sound_error(array.error());
      sound = sound && array.ok();
    }
  }
  return sound;
}

void read_flat_table(const FlatTable& table, int depth) {
  if (depth == 0 || table.is_null()) return;
  for (int field = 0; field < 16; ++field) {
    static_cast<void>(table.number<std::int64_t>(field));
    static_cast<void>(table.string(field));
    static_cast<void>(table.strings(field));
    static_cast<void>(table.numbers<double>(field));
    read_flat_table(table.table(field), depth - 1);
    for (const FlatTable& child : table.tables(field)) read_flat_table(child, depth - 1);
  }
}

bool read_flatbuffer(Bytes bytes) {
  const FlatBuffer buffer(bytes, {}, "file");
  const Result<FlatTable> root = buffer.root("");
  if (!root) {
    expect_sound_error(root.error());
    return false;
  }
  read_flat_table(*root, 3);
  const Result<void> checked = buffer.check();
  if (!checked) expect_sound_error(checked.error());
  return checked.ok();
}

using Reader = bool (*)(Bytes);

/// No small file may take long; generous, because sanitizers and busy machines are slow.
void expect_quick(std::chrono::steady_clock::time_point begin, int round) {
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count();
  EXPECT_LT(took, 3000) << "round " << round;
}

/// A copy of exactly `size` bytes, so that the sanitizer sees the first byte beyond.
bool read_prefix(Reader reader, Bytes bytes, std::size_t size) {
  const std::vector<std::byte> copy(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
  return reader(copy);
}

void cut_everywhere(Reader reader, const std::vector<std::byte>& bytes, std::size_t step) {
  for (std::size_t size = 0; size < bytes.size(); size += step)
    EXPECT_FALSE(read_prefix(reader, bytes, size)) << "cut at " << size;
}

void mutate(Reader reader, const std::vector<std::byte>& bytes, int rounds) {
  std::mt19937 random(12345);
  const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::byte> copy = bytes;
    const std::size_t changes = 1 + pick(4);
    for (std::size_t i = 0; i < changes; ++i) {
      const std::size_t at = pick(copy.size());
      switch (pick(5)) {
        case 0: copy[at] ^= static_cast<std::byte>(1U << pick(8)); break;
        case 1: copy[at] = static_cast<std::byte>(pick(256)); break;
        case 2: copy[at] = std::byte{0xff}; break;
        case 3: copy[at] = std::byte{0}; break;
        default:  // a number from elsewhere: an address, a size
          if (copy.size() > 16)
            std::memmove(copy.data() + pick(copy.size() - 8), copy.data() + pick(copy.size() - 8), 8);
      }
    }
    const auto begin = std::chrono::steady_clock::now();
    static_cast<void>(reader(copy));
    expect_quick(begin, round);
  }
}

/// Flips each bit of each byte once.
void flip_all(Reader reader, const std::vector<std::byte>& bytes, std::size_t step) {
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    for (const unsigned bit : {0U, 3U, 7U}) {
      std::vector<std::byte> copy = bytes;
      copy[at] ^= static_cast<std::byte>(1U << bit);
      static_cast<void>(reader(copy));
    }
  }
}

std::vector<std::byte> sample_flatbuffer() {
  FlatBuilder builder;
  const FlatRef text = builder.string("text");
  const FlatRef numbers = builder.numbers(std::vector<double>{1, 2, 3});
  builder.start_table();
  builder.add<std::int64_t>(0, 7);
  builder.add_ref(1, text);
  const FlatRef child = builder.end_table();
  const FlatRef list = builder.refs(std::vector<FlatRef>{child, child});
  builder.start_table();
  builder.add_ref(0, list);
  builder.add_ref(1, numbers);
  builder.add_ref(2, child);
  builder.add<bool>(3, true);
  const FlatRef root = builder.end_table();
  return std::move(builder).finish(root, "TFL3").value();
}

/// What sample_flatbuffer() wrote, read as it was meant.
bool is_whole_sample(Bytes bytes) {
  const FlatBuffer buffer(bytes, {}, "file");
  const Result<FlatTable> root = buffer.root("TFL3");
  if (!root) return false;
  const std::vector<FlatTable> list = root->tables(0);
  return list.size() == 2 && list[1].string(1) == "text" && root->numbers<double>(1).size() == 3 &&
         root->number<bool>(3) && buffer.check().ok();
}

const std::string kJson =
    R"({"class": "Dense", "config": {"units": 3, "rate": [0.5, 1e-3, NaN], "név": "\ud83d\ude00"}, "list": [{}, [], null, true]})";

TEST(Hostile, Zip) {
  const std::vector<std::byte> archive = zip_of({{"config.json", kJson}, {"a/b", std::string(300, 'x')}});
  ASSERT_TRUE(read_zip(archive));
  cut_everywhere(read_zip, archive, 1);
  flip_all(read_zip, archive, 1);
  mutate(read_zip, archive, 20000);
}

TEST(Hostile, Json) {
  const std::vector<std::byte> text = bytes_of(kJson);
  ASSERT_TRUE(read_json(text));
  cut_everywhere(read_json, text, 1);
  flip_all(read_json, text, 1);
  mutate(read_json, text, 30000);
}

TEST(Hostile, Npy) {
  const std::vector<std::byte> file = write_npy({"i4", {3, 5}, Blob::own(std::vector<std::byte>(60))});
  ASSERT_TRUE(read_array(file));
  cut_everywhere(read_array, file, 1);
  flip_all(read_array, file, 1);
  mutate(read_array, file, 30000);
}

TEST(Hostile, Flatbuffer) {
  const std::vector<std::byte> file = sample_flatbuffer();
  ASSERT_TRUE(is_whole_sample(file));
  // The file ends in the padding of its first string, three bytes that nobody misses.
  for (std::size_t size = 0; size < file.size() - 3; ++size)
    EXPECT_FALSE(read_prefix(is_whole_sample, file, size)) << "cut at " << size;
  for (std::size_t size = 0; size < file.size(); ++size) static_cast<void>(read_prefix(read_flatbuffer, file, size));
  flip_all(read_flatbuffer, file, 1);
  mutate(read_flatbuffer, file, 10000);
}

TEST(Hostile, Hdf5Cut) {
  for (const char* name : {"old.h5", "new.h5"}) {
    const std::vector<std::byte> file = sample(name);
    ASSERT_TRUE(read_hdf5(file)) << name;
    cut_everywhere(read_hdf5, file, 1);
  }
}

TEST(Hostile, Hdf5Mutated) {
  for (const char* name : {"old.h5", "new.h5", "dense.h5"}) {
    const std::vector<std::byte> file = sample(name);
    ASSERT_TRUE(read_hdf5(file)) << name;
    flip_all(read_hdf5, file, 7);
    mutate(read_hdf5, file, 6000);
  }
}

/// The announced end of the file is corrected, so that the cut reaches the structures themselves.
TEST(Hostile, Hdf5CutBehindTheSuperblock) {
  const std::vector<std::byte> file = sample("old.h5");
  for (std::size_t size = 96; size < file.size(); size += 3) {
    std::vector<std::byte> copy(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    const std::uint64_t end = size;
    std::memcpy(copy.data() + 40, &end, 8);
    static_cast<void>(read_hdf5(copy));
  }
}

}  // namespace
}  // namespace kedge::formats
