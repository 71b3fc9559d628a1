// Mapping, atomic writing.
#include "formats/file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/fault.h"

namespace kedge::formats {
namespace {

std::string reason() { return std::strerror(errno); }

/// Closes on the way out.
struct Descriptor {
  int fd = -1;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool write_all(int fd, Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

Error exists_already(const std::string& path) {
  return fault(kFileExists, "the output file " + quoted(path) + " exists already", path)
      .help("pass `--force` to replace it");
}

}  // namespace

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)), path_(std::move(other.path_)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(path_, other.path_);
  return *this;
}

Result<MappedFile> map_file(const std::string& path, const Limits& limits) {
  // O_NONBLOCK: opening a named pipe must not hang; it has no effect on regular files.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.fd < 0) return fault(kFileUnreadable, "cannot read " + quoted(path) + ": " + reason(), path);
  struct stat info {};
  if (::fstat(file.fd, &info) != 0)
    return fault(kFileUnreadable, "cannot read " + quoted(path) + ": " + reason(), path);
  if (!S_ISREG(info.st_mode)) {
    return fault(kFileUnreadable,
                 quoted(path) + (S_ISDIR(info.st_mode) ? " is a folder, not a file" : " is not a regular file"), path);
  }
  if (info.st_size > limits.file_bytes) {
    return fault(kLimitExceeded,
                 quoted(path) + " has " + std::to_string(info.st_size) + " bytes; at most " +
                     std::to_string(limits.file_bytes) + " are read",
                 path);
  }
  MappedFile mapped;
  mapped.path_ = path;
  if (info.st_size == 0) return mapped;
  void* data = ::mmap(nullptr, static_cast<std::size_t>(info.st_size), PROT_READ, MAP_PRIVATE, file.fd, 0);
  if (data == MAP_FAILED) return fault(kFileUnreadable, "cannot map " + quoted(path) + ": " + reason(), path);
  mapped.data_ = static_cast<const std::byte*>(data);
  mapped.size_ = static_cast<std::size_t>(info.st_size);
  return mapped;
}

Result<void> check_writable(const std::string& path, Overwrite overwrite) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return fault(kFileUnwritable, "cannot write " + quoted(path) + ": it is a folder", path);
    if (overwrite == Overwrite::no) return exists_already(path);
  }
  const std::string folder = folder_of(path);
  if (::access(folder.c_str(), W_OK) != 0) {
    return fault(kFileUnwritable, "cannot write into the folder " + quoted(folder) + ": " + reason(), path);
  }
  return {};
}

Result<void> write_file_atomically(const std::string& path, Bytes bytes, Overwrite overwrite) {
  KEDGE_TRY_VOID(check_writable(path, overwrite));
  const std::string folder = folder_of(path);
  std::string temporary = path + ".XXXXXX";
  Descriptor file{::mkostemp(temporary.data(), O_CLOEXEC)};
  if (file.fd < 0) return fault(kFileUnwritable, "cannot write " + quoted(path) + ": " + reason(), path);

  const mode_t mask = ::umask(0);
  ::umask(mask);
  bool done = ::fchmod(file.fd, 0666 & ~mask) == 0 && write_all(file.fd, bytes) && ::fsync(file.fd) == 0;
  int why = done ? 0 : errno;
  if (done) {
    // link() refuses an existing name in one step, so that two writers cannot both believe that they were first.
    if (overwrite == Overwrite::yes) {
      done = ::rename(temporary.c_str(), path.c_str()) == 0;
    } else {
      done = ::link(temporary.c_str(), path.c_str()) == 0;
      if (done) {
        ::unlink(temporary.c_str());
      } else if (errno == EPERM || errno == EOPNOTSUPP) {
        done = ::rename(temporary.c_str(), path.c_str()) == 0;  // a file system without hard links
      }
    }
    why = done ? 0 : errno;
  }
  if (!done) {
    ::unlink(temporary.c_str());
    if (why == EEXIST && overwrite == Overwrite::no) return exists_already(path);
    return fault(kFileUnwritable, "cannot write " + quoted(path) + ": " + std::strerror(why), path);
  }
  const Descriptor folder_handle{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder_handle.fd >= 0)
    ::fsync(folder_handle.fd);  // makes the rename durable; a file system that cannot is no fault
  return {};
}

}  // namespace kedge::formats
