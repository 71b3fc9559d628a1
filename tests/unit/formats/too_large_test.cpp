// Files that would outgrow their format are refused before a byte is copied. The content is address space without
// memory behind it: touching it would crash.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include "formats/flatbuffer_builder.h"
#include "formats/zip.h"

namespace kedge::formats {
namespace {

class HollowBytes {
 public:
  explicit HollowBytes(std::size_t size)
      : size_(size), at_(mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {}
  ~HollowBytes() {
    if (there()) munmap(at_, size_);
  }
  HollowBytes(const HollowBytes&) = delete;
  HollowBytes& operator=(const HollowBytes&) = delete;
  bool there() const { return at_ != MAP_FAILED; }
  Bytes bytes() const { return {static_cast<const std::byte*>(at_), size_}; }

 private:
  std::size_t size_;
  void* at_;
};

TEST(TooLarge, AnArchiveBeyondFourGigabytes) {
  const HollowBytes hollow(std::size_t{1} << 32);
  if (!hollow.there()) GTEST_SKIP() << "no address space";
  ZipWriter writer;
  const Result<void> added = writer.add("large.npy", hollow.bytes());
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().diagnostic().code, "K0108");
  EXPECT_NE(added.error().diagnostic().message.find("large.npy"), std::string::npos);
}

TEST(TooLarge, AFlatbufferBeyondTwoGigabytes) {
  const HollowBytes hollow(std::size_t{1} << 31);
  if (!hollow.there()) GTEST_SKIP() << "no address space";
  FlatBuilder builder;
  const FlatRef data = builder.bytes(hollow.bytes());
  builder.start_table();
  builder.add_ref(0, data);
  const FlatRef root = builder.end_table();
  const Result<std::vector<std::byte>> finished = std::move(builder).finish(root, "TFL3");
  ASSERT_FALSE(finished.ok());
  EXPECT_EQ(finished.error().diagnostic().code, "K0141");
}

}  // namespace
}  // namespace kedge::formats
