// The kind of a file, from its bytes.
#include "formats/file.h"
#include "formats/protobuf.h"
#include "formats/zip.h"

namespace kedge::formats {
namespace {

bool starts_with(Bytes bytes, std::string_view magic, std::size_t offset = 0) {
  return bytes.size() >= offset + magic.size() && as_text(bytes.subspan(offset, magic.size())) == magic;
}

/// HDF5 allows a user block: the signature stands at 0, 512, 1024, 2048, …
bool is_hdf5(Bytes bytes) {
  constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";
  if (starts_with(bytes, kSignature)) return true;
  for (std::size_t offset = 512; offset < bytes.size() && offset <= (std::size_t{1} << 20); offset *= 2) {
    if (starts_with(bytes, kSignature, offset)) return true;
  }
  return false;
}

FileKind kind_of_zip(Bytes bytes) {
  const Result<ZipReader> zip = ZipReader::open(bytes, {}, "");
  if (!zip) return FileKind::zip;
  if (zip->find("config.json") != nullptr) return FileKind::keras;
  bool arrays_only = !zip->entries().empty();
  for (const ZipEntry& entry : zip->entries()) arrays_only = arrays_only && entry.name.ends_with(".npy");
  return arrays_only ? FileKind::npz : FileKind::zip;
}

/// ONNX, ModelProto: field 1 is ir_version (varint), 2-6 producer, domain, version, doc, 7 the graph, 8 opset_import.
/// Every exporter writes ir_version first; the fields must tile the file exactly, and a graph must be there.
bool is_onnx(Bytes bytes) {
  ByteReader reader(bytes);
  bool has_version = false;
  bool has_graph = false;
  while (reader.remaining() > 0) {
    const std::optional<std::uint64_t> key = read_varint(reader);
    if (!key) return false;
    const std::uint64_t field = *key >> 3;
    const std::uint64_t wire = *key & 7;
    if (field == 0 || field > 30) return false;
    const std::optional<std::uint64_t> value = read_varint(reader);
    if (!value) return false;
    if (wire == 2) {
      if (!reader.skip(*value)) return false;
    } else if (wire != 0) {
      return false;
    }
    if (field == 1) has_version = wire == 0 && *value >= 1 && *value < 100;
    if (field == 7) has_graph = wire == 2;
  }
  return has_version && has_graph;
}

}  // namespace

FileKind sniff(Bytes bytes) {
  if (starts_with(bytes, "KPLN")) return FileKind::plan;
  if (starts_with(bytes, "TFL3", 4)) return FileKind::tflite;
  if (starts_with(bytes, "\x93NUMPY")) return FileKind::npy;
  if (starts_with(bytes, "PK\x03\x04") || starts_with(bytes, std::string_view("PK\x05\x06", 4)))
    return kind_of_zip(bytes);
  if (is_hdf5(bytes)) return FileKind::hdf5;
  if (is_onnx(bytes)) return FileKind::onnx;
  return FileKind::unknown;
}

std::string_view file_kind_name(FileKind kind) {
  switch (kind) {
    case FileKind::keras: return "keras";
    case FileKind::zip: return "zip";
    case FileKind::npz: return "npz";
    case FileKind::npy: return "npy";
    case FileKind::hdf5: return "hdf5";
    case FileKind::tflite: return "tflite";
    case FileKind::plan: return "plan";
    case FileKind::onnx: return "onnx";
    case FileKind::unknown: break;
  }
  return "unknown";
}

}  // namespace kedge::formats
