// kedge-formats-dump FILE [MEMBER]: prints what the readers see of a file as JSON; the oracle tests compare it with
// h5py, numpy, json. A developer's tool, not part of the product.
#include <cstdio>
#include <string>

#include <zlib.h>

#include "formats/fault.h"
#include "formats/file.h"
#include "formats/flatbuffer.h"
#include "formats/flatbuffer_builder.h"
#include "formats/hdf5.h"
#include "formats/json.h"
#include "formats/npy.h"
#include "formats/zip.h"

namespace kedge::formats {
namespace {

std::int64_t crc_of(Bytes bytes) {
  return static_cast<std::int64_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

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

// A TFLite model's tables by field id, as far as an oracle needs them to judge the wire level:
// Model {0 version, 2 subgraphs, 3 description, 4 buffers}, SubGraph {0 tensors, 1 inputs}, Tensor {0 shape, 1 type, 2
// buffer, 3 name}, Buffer {0 data}.
Result<Json> dump_tflite(Bytes bytes, const std::string& place) {
  const FlatBuffer buffer(bytes, {}, place);
  KEDGE_TRY(const FlatTable model, buffer.root("TFL3"));
  Json out;
  out.set("version", static_cast<std::int64_t>(model.number<std::uint32_t>(0)));
  out.set("description", model.string(3));
  Json tensors = Json::make_array();
  for (const FlatTable& graph : model.tables(2)) {
    for (const FlatTable& tensor : graph.tables(0)) {
      Json shape = Json::make_array();
      for (const std::int32_t dim : tensor.numbers<std::int32_t>(0)) shape.push(std::int64_t{dim});
      Json one;
      one.set("name", tensor.string(3)).set("type", std::int64_t{tensor.number<std::int8_t>(1)});
      one.set("buffer", static_cast<std::int64_t>(tensor.number<std::uint32_t>(2))).set("shape", std::move(shape));
      tensors.push(std::move(one));
    }
  }
  out.set("tensors", std::move(tensors));
  Json buffers = Json::make_array();
  for (const FlatTable& one : model.tables(4)) buffers.push(crc_of(one.vector(0, 1).data));
  out.set("buffers", std::move(buffers));
  KEDGE_TRY_VOID(buffer.check());
  return out;
}

/// Builds those tables anew.
Result<std::vector<std::byte>> rebuild_tflite(Bytes bytes, const std::string& place) {
  const FlatBuffer buffer(bytes, {}, place);
  KEDGE_TRY(const FlatTable model, buffer.root("TFL3"));
  FlatBuilder builder;
  std::vector<FlatRef> buffers;
  for (const FlatTable& one : model.tables(4)) {
    const FlatRef data = one.has(0) ? builder.bytes(one.vector(0, 1).data, 16) : FlatRef{};
    builder.start_table();
    builder.add_ref(0, data);
    buffers.push_back(builder.end_table());
  }
  std::vector<FlatRef> graphs;
  for (const FlatTable& graph : model.tables(2)) {
    std::vector<FlatRef> tensors;
    for (const FlatTable& tensor : graph.tables(0)) {
      const FlatRef shape = builder.numbers(tensor.numbers<std::int32_t>(0));
      const FlatRef name = builder.string(tensor.string(3));
      builder.start_table();
      builder.add_ref(0, shape);
      builder.add<std::int8_t>(1, tensor.number<std::int8_t>(1), 0);
      builder.add<std::uint32_t>(2, tensor.number<std::uint32_t>(2), 0);
      builder.add_ref(3, name);
      tensors.push_back(builder.end_table());
    }
    const FlatRef tensor_list = builder.refs(tensors);
    const FlatRef inputs = builder.numbers(graph.numbers<std::int32_t>(1));
    builder.start_table();
    builder.add_ref(0, tensor_list);
    builder.add_ref(1, inputs);
    graphs.push_back(builder.end_table());
  }
  KEDGE_TRY_VOID(buffer.check());
  const FlatRef graph_list = builder.refs(graphs);
  const FlatRef description = builder.string(model.string(3));
  const FlatRef buffer_list = builder.refs(buffers);
  builder.start_table();
  builder.add<std::uint32_t>(0, model.number<std::uint32_t>(0), 0);
  builder.add_ref(2, graph_list);
  builder.add_ref(3, description);
  builder.add_ref(4, buffer_list);
  const FlatRef root = builder.end_table();
  return std::move(builder).finish(root, "TFL3");
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
    case FileKind::tflite: {
      KEDGE_TRY(Json model, dump_tflite(bytes, place));
      out.set("model", std::move(model));
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

/// "--json-roundtrip": a JSON text is parsed and written again, alone. "--npz OUT", "--tflite OUT": the file is read
/// and written again.
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
  if (argc == 4 && std::string_view(argv[2]) == "--tflite") {
    KEDGE_TRY(const std::vector<std::byte> out, rebuild_tflite(file.bytes(), path));
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
    std::fputs("usage: kedge-formats-dump FILE [MEMBER | --json-roundtrip | --npz OUT | --tflite OUT]\n", stderr);
    return 2;
  }
  kedge::Result<kedge::formats::Json> result = kedge::formats::run(argc, argv);
  const kedge::formats::Json out = result ? *result : kedge::formats::error_json(result.error());
  std::puts(kedge::formats::write_json(out).c_str());
  return result ? 0 : 1;
}
