// kedge-formats-dump FILE [MEMBER]: prints what the readers see of a file as JSON; the oracle tests compare it with h5py, numpy, json.
// A developer's tool, not part of the product.
#include <cstdio>
#include <string>

#include <zlib.h>

#include "formats/fault.h"
#include "formats/file.h"
#include "formats/hdf5.h"
#include "formats/json.h"
#include "formats/npy.h"
#include "formats/zip.h"

namespace kedge::formats {
namespace {

std::int64_t crc_of(Bytes bytes) { return static_cast<std::int64_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size())); }

Json shape_json(const std::vector<std::int64_t>& shape) {
  Json out = Json::make_array();
  for (const std::int64_t dim : shape) out.push(dim);
  return out;
}

Json array_json(const NpyArray& array) {
  Json out;
  out.set("dtype", array.dtype);
  out.set("shape", shape_json(array.shape));
  out.set("crc", crc_of(array.data.bytes()));
  return out;
}

Json error_json(const Error& error) {
  Json out;
  out.set("error", error.diagnostic().code);
  out.set("message", error.diagnostic().message);
  out.set("place", error.diagnostic().primary.location.path);
  return out;
}

Json attributes_json(const Hdf5Object& object) {
  const Result<std::vector<Hdf5Attribute>> attributes = object.attributes();
  if (!attributes) return error_json(attributes.error());
  Json out = Json::make_array();
  for (const Hdf5Attribute& attribute : *attributes) {
    Json one;
    one.set("name", attribute.name);
    one.set("dtype", attribute.dtype);
    one.set("shape", shape_json(attribute.shape));
    one.set("value", attribute.value);
    one.set("readable", attribute.readable);
    out.push(std::move(one));
  }
  return out;
}

Result<Json> dump_hdf5(Bytes bytes, const std::string& place) {
  KEDGE_TRY(const Hdf5File file, Hdf5File::open(bytes, {}, place));
  KEDGE_TRY(const std::vector<Hdf5Object> objects, file.walk());
  Json list = Json::make_array();
  for (const Hdf5Object& object : objects) {
    Json one;
    one.set("path", object.path());
    one.set("kind", object.is_dataset() ? "dataset" : object.is_group() ? "group" : "other");
    if (object.is_dataset()) {
      one.set("dtype", object.dtype());
      one.set("shape", shape_json(object.shape()));
      if (object.is_empty_value()) {
        one.set("empty", true);
      } else if (object.dtype() == "O" || object.dtype().starts_with('S')) {
        const Result<std::vector<std::string>> strings = object.read_strings();
        if (!strings) {
          one.set("data", error_json(strings.error()));
        } else {
          Json texts = Json::make_array();
          for (const std::string& text : *strings) texts.push(text);
          one.set("strings", std::move(texts));
        }
      } else {
        const Result<NpyArray> array = object.read();
        one.set("data", array ? array_json(*array) : error_json(array.error()));
      }
    }
    one.set("attributes", attributes_json(object));
    list.push(std::move(one));
  }
  return list;
}

Result<Json> dump_zip(Bytes bytes, const std::string& place) {
  KEDGE_TRY(const ZipReader zip, ZipReader::open(bytes, {}, place));
  Json list = Json::make_array();
  for (const ZipEntry& entry : zip.entries()) {
    KEDGE_TRY(const Blob content, zip.read(entry));
    Json one;
    one.set("name", entry.name);
    one.set("size", static_cast<std::int64_t>(entry.size));
    one.set("crc", crc_of(content.bytes()));
    list.push(std::move(one));
  }
  return list;
}

Result<Json> dump(Bytes bytes, const std::string& place) {
  const FileKind kind = sniff(bytes);
  Json out;
  out.set("kind", std::string(file_kind_name(kind)));
  switch (kind) {
    case FileKind::hdf5: {
      KEDGE_TRY(Json objects, dump_hdf5(bytes, place));
      out.set("objects", std::move(objects));
      break;
    }
    case FileKind::npy: {
      KEDGE_TRY(const NpyArray array, read_npy(bytes, {}, place));
      out.set("array", array_json(array));
      break;
    }
    case FileKind::npz: {
      KEDGE_TRY(const std::vector<NamedArray> arrays, read_npz(bytes, {}, place));
      Json list = Json::make_array();
      for (const NamedArray& named : arrays) {
        Json one = array_json(named.array);
        one.set("name", named.name);
        list.push(std::move(one));
      }
      out.set("arrays", std::move(list));
      break;
    }
    case FileKind::keras:
    case FileKind::zip: {
      KEDGE_TRY(Json members, dump_zip(bytes, place));
      out.set("members", std::move(members));
      break;
    }
    default: {
      Result<Json> json = parse_json(as_text(bytes), {}, place);
      if (json) out.set("json", std::move(json).value());
      break;
    }
  }
  return out;
}

/// With "--json-roundtrip" a JSON text is parsed and written again, alone; with "--npz OUT" an .npz is read and written again.
Result<Json> run(int argc, char** argv) {
  const std::string path = argv[1];
  KEDGE_TRY(const MappedFile file, map_file(path));
  if (argc == 3 && std::string_view(argv[2]) == "--json-roundtrip") return parse_json(as_text(file.bytes()), {}, path);
  if (argc == 4 && std::string_view(argv[2]) == "--npz") {
    KEDGE_TRY(const std::vector<NamedArray> arrays, read_npz(file.bytes(), {}, path));
    KEDGE_TRY(const std::vector<std::byte> out, write_npz(arrays));
    KEDGE_TRY_VOID(write_file_atomically(argv[3], out, Overwrite::yes));
    return Json(true);
  }
  if (argc == 3) {  // a member of an archive
    KEDGE_TRY(const ZipReader zip, ZipReader::open(file.bytes(), {}, path));
    KEDGE_TRY(const ZipEntry* entry, zip.get(argv[2]));
    KEDGE_TRY(const Blob content, zip.read(*entry));
    return dump(content.bytes(), zip.place_of(*entry));
  }
  return dump(file.bytes(), path);
}

}  // namespace
}  // namespace kedge::formats

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: kedge-formats-dump FILE [MEMBER | --json-roundtrip | --npz OUT]\n", stderr);
    return 2;
  }
  kedge::Result<kedge::formats::Json> result = kedge::formats::run(argc, argv);
  const kedge::formats::Json out = result ? std::move(result).value() : kedge::formats::error_json(result.error());
  std::puts(kedge::formats::write_json(out).c_str());
  return result ? 0 : 1;
}
