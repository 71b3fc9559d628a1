// The public face of the HDF5 reader: superblock, objects, children, attributes, datasets.
#include <bit>
#include <set>

#include "base/text.h"
#include "formats/fault.h"
#include "formats/hdf5/values.h"

namespace kedge::formats {

using namespace hdf5;

namespace hdf5 {

struct ObjectState {
  std::shared_ptr<const Source> source;
  std::uint64_t address = 0;
  std::string path;
  std::int64_t depth = 0;
  std::vector<Message> messages;
  bool is_dataset = false;
  Dataspace space;
  Datatype type;
  bool links_loaded = false;
  LinkTable links;

  std::string place() const { return inside(source->place, path); }
  Result<void> load_links() {
    if (links_loaded) return {};
    KEDGE_TRY(links, read_links(*source, messages));
    links_loaded = true;
    return {};
  }
};

}  // namespace hdf5

namespace {

constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";

/// Gives errors of the inner functions the object's place.
template <typename T>
Result<T> located(Result<T> result, const std::string& place) {
  if (result.ok()) return result;
  return std::move(result).error().or_at(Location::in(place));
}

/// The superblock stands at 0 or, behind a user block, at a power of two from 512 on.
std::optional<std::uint64_t> find_signature(Bytes bytes) {
  const auto is_at = [&](std::uint64_t at) {
    return bytes.size() >= at + 8 && as_text(bytes.subspan(at, 8)) == kSignature;
  };
  if (is_at(0)) return 0;
  for (std::uint64_t at = 512; at < bytes.size(); at *= 2) {
    if (is_at(at)) return at;
  }
  return std::nullopt;
}

/// "Disk Format: Level 0A - Format Signature and Superblock".
Result<Source> read_superblock(Bytes file, std::uint64_t start) {
  Source source;
  source.bytes = file;
  Cursor cursor(file.subspan(start));
  cursor.skip(8);
  const std::uint8_t version = cursor.u8();
  std::uint64_t base = 0;
  std::uint64_t end = 0;
  if (version <= 1) {
    cursor.skip(4);
    source.offset_size = cursor.u8();
    source.length_size = cursor.u8();
    cursor.skip(version == 0 ? 9 : 13);
  } else if (version <= 3) {
    source.offset_size = cursor.u8();
    source.length_size = cursor.u8();
    cursor.skip(1);
  } else {
    return unsupported("superblock version " + std::to_string(version));
  }
  const auto sound = [](std::uint64_t size) { return size == 2 || size == 4 || size == 8; };
  if (!cursor.ok() || !sound(source.offset_size) || !sound(source.length_size))
    return corrupt("the superblock is damaged");
  base = source.address(cursor);
  source.address(cursor);  // free space, or the superblock's extension
  end = source.address(cursor);
  if (version <= 1) {
    source.address(cursor);  // driver information
    source.address(cursor);  // the root's name
    source.root = source.address(cursor);
  } else {
    source.root = source.address(cursor);
    cursor.skip(4);
    if (cursor.ok() && !checksum_holds(file.subspan(start, cursor.position())))
      return corrupt("the superblock does not match its checksum");
  }
  if (!cursor.ok()) return corrupt("the superblock is cut off");
  if (base > file.size()) return corrupt("the superblock points outside the file");
  if (end > file.size()) {
    return corrupt("it is cut off: " + std::to_string(end) + " bytes are announced, " + std::to_string(file.size()) +
                   " are there");
  }
  source.bytes = file.subspan(base);
  return source;
}

}  // namespace

Result<Hdf5Object> Hdf5Object::load(std::shared_ptr<const Source> source, std::uint64_t address, std::string path,
                                    std::int64_t depth) {
  auto state = std::make_shared<ObjectState>();
  state->source = std::move(source);
  state->address = address;
  state->path = std::move(path);
  state->depth = depth;
  const Source& file = *state->source;
  const std::string place = state->place();
  if (depth > file.limits.depth) return fault(kLimitExceeded, "groups are nested too deeply", place);
  KEDGE_TRY(state->messages, located(read_object_header(file, address), place));
  bool has_space = false;
  bool has_type = false;
  bool has_layout = false;
  for (const Message& message : state->messages) {
    if (message.type == kDataspace) {
      if ((message.flags & kSharedFlag) != 0)
        return located(Result<Hdf5Object>(unsupported("a shared dataspace")), place);
      KEDGE_TRY(state->space, located(read_dataspace(file, message.data), place));
      has_space = true;
    } else if (message.type == kDatatype) {
      KEDGE_TRY(state->type, located(read_datatype(file, message.data, message.flags), place));
      has_type = true;
    } else if (message.type == kLayout) {
      has_layout = true;
    }
  }
  state->is_dataset = has_space && has_type && has_layout;
  Hdf5Object object(std::move(state));
  // Keras stores bfloat16 as two opaque bytes and says so in an attribute.
  Datatype& type = object.state_->type;
  if (type.kind == TypeKind::opaque && type.size == 2) {
    const Result<Hdf5Attribute> marker = object.attribute("dtype");
    if (marker && marker->value == Json("bfloat16")) type.dtype = "bf2";
  }
  return object;
}

bool Hdf5Object::is_group() const {
  for (const Message& message : state_->messages) {
    if (message.type == kSymbolTable || message.type == kLinkInfo || message.type == kLink) return true;
  }
  return false;
}
bool Hdf5Object::is_dataset() const { return state_->is_dataset; }
const std::string& Hdf5Object::path() const { return state_->path; }
std::string Hdf5Object::place() const { return state_->place(); }
const std::string& Hdf5Object::dtype() const { return state_->type.dtype; }
const std::vector<std::int64_t>& Hdf5Object::shape() const { return state_->space.shape; }
bool Hdf5Object::is_empty_value() const { return state_->space.is_null; }

Result<std::vector<std::string>> Hdf5Object::children() const {
  KEDGE_TRY_VOID(located(state_->load_links(), place()));
  std::vector<std::string> names;
  for (const Link& link : state_->links.links) names.push_back(link.name);
  return names;
}

bool Hdf5Object::has_child(std::string_view name) const {
  return state_->load_links().ok() && state_->links.by_name.contains(name);
}

Result<Hdf5Object> Hdf5Object::child(std::string_view name) const {
  if (const std::size_t slash = name.find('/'); slash != std::string_view::npos) {  // a name holds none: it is a path
    KEDGE_TRY(const Hdf5Object next, child(name.substr(0, slash)));
    return next.child(name.substr(slash + 1));
  }
  KEDGE_TRY_VOID(located(state_->load_links(), place()));
  const auto found = state_->links.by_name.find(name);
  if (found == state_->links.by_name.end()) {
    std::vector<std::string> names;
    for (const Link& link : state_->links.links) names.push_back(link.name);
    Error error = fault(kHdf5Missing,
                        "there is no " + quoted(name) + (is_dataset() ? " in a dataset" : " in this group"), place());
    const std::string hint = did_you_mean(name, names);
    if (!hint.empty()) return std::move(error).help(hint);
    return error;
  }
  const Link& link = state_->links.links[found->second];
  const std::string path = state_->path.empty() ? link.name : state_->path + "/" + link.name;
  if (link.is_external)
    return fault(kHdf5Unsupported, "the link leads to another file", inside(state_->source->place, path));
  if (!link.is_soft) return load(state_->source, link.address, path, state_->depth + 1);

  // A soft link is a path from here, or from the root. Every step counts as depth, so that cycles of links end.
  KEDGE_TRY(Hdf5Object at, link.soft_target.starts_with('/')
                               ? load(state_->source, state_->source->root, path, state_->depth + 1)
                               : load(state_->source, state_->address, path, state_->depth + 1));
  for (const std::string_view part : split(link.soft_target, '/')) {
    if (part.empty() || part == ".") continue;
    KEDGE_TRY(at, at.child(part));
    at.state_->path = path;
  }
  return at;
}

Result<std::vector<Hdf5Attribute>> Hdf5Object::attributes() const {
  bool by_creation = false;
  KEDGE_TRY(const std::vector<RawAttribute> raw,
            located(read_raw_attributes(*state_->source, state_->messages, by_creation), place()));
  std::vector<Hdf5Attribute> out;
  for (const RawAttribute& attribute : raw) {
    KEDGE_TRY(Hdf5Attribute decoded, located(decode_attribute(*state_->source, attribute.data), place()));
    out.push_back(std::move(decoded));
  }
  return out;
}

Result<Hdf5Attribute> Hdf5Object::attribute(std::string_view name) const {
  KEDGE_TRY(std::vector<Hdf5Attribute> all, attributes());
  std::vector<std::string> names;
  for (Hdf5Attribute& attribute : all) {
    if (attribute.name == name) return std::move(attribute);
    names.push_back(attribute.name);
  }
  Error error = fault(kHdf5Missing, "there is no attribute " + quoted(name), place());
  const std::string hint = did_you_mean(name, names);
  if (!hint.empty()) return std::move(error).help(hint);
  return error;
}

Result<NpyArray> Hdf5Object::read() const {
  const Datatype& type = state_->type;
  if (!is_dataset()) return fault(kHdf5Missing, "this is no dataset", place());
  if (type.kind == TypeKind::other)
    return fault(kHdf5Unsupported, "a dataset of type `" + type.dtype + "` has no meaning here", place());
  if (type.kind == TypeKind::variable_string)
    return fault(kHdf5Unsupported, "a dataset of strings is not an array of numbers", place());
  if (state_->space.is_null) return fault(kHdf5Missing, "the dataset is empty", place());
  KEDGE_TRY(RawData raw, located(read_raw_data(*state_->source, state_->messages, shape(), type.size), place()));
  NpyArray array{type.dtype, shape(), {}};
  if (type.swap != 0) {
    array.data = Blob::own(swapped(raw.bytes(), type.swap));
  } else {
    array.data = raw.is_owned ? Blob::own(std::move(raw.owned)) : Blob::view(raw.view);
  }
  return array;
}

Result<std::vector<std::string>> Hdf5Object::read_strings() const {
  const Datatype& type = state_->type;
  if (!is_dataset() || (type.kind != TypeKind::fixed_string && type.kind != TypeKind::variable_string)) {
    return fault(kHdf5Missing, "this is no dataset of strings", place());
  }
  if (state_->space.is_null) return std::vector<std::string>{};
  KEDGE_TRY(const RawData raw, located(read_raw_data(*state_->source, state_->messages, shape(), type.size), place()));
  return located(decode_strings(*state_->source, type, raw.bytes(), *checked_count(shape())), place());
}

Result<Hdf5File> Hdf5File::open(Bytes bytes, const Limits& limits, std::string place) {
  const std::optional<std::uint64_t> start = find_signature(bytes);
  if (!start) return fault(kHdf5NotAFile, "not an HDF5 file", place);
  Result<Source> superblock = located(read_superblock(bytes, *start), place);
  if (!superblock) return std::move(superblock).error();
  auto source = std::make_shared<Source>(std::move(superblock).value());
  source->limits = limits;
  source->place = std::move(place);
  Hdf5File file;
  KEDGE_TRY(Hdf5Object root, Hdf5Object::load(source, source->root, "", 0));
  if (!root.is_group()) return located(Result<Hdf5File>(corrupt("its root is no group")), source->place);
  file.source_ = std::move(source);
  file.root_ = std::make_shared<Hdf5Object>(std::move(root));
  return file;
}

Result<Hdf5Object> Hdf5File::get(std::string_view path) const {
  Hdf5Object at = *root_;
  for (const std::string_view part : split(path, '/')) {
    if (part.empty()) continue;
    KEDGE_TRY(at, at.child(part));
  }
  return at;
}

Result<std::vector<Hdf5Object>> Hdf5File::walk() const {
  std::vector<Hdf5Object> out;
  std::vector<Hdf5Object> pending{*root_};
  while (!pending.empty()) {
    const Hdf5Object at = pending.back();
    pending.pop_back();
    if (static_cast<std::int64_t>(out.size()) >= source_->limits.entries)
      return fault(kLimitExceeded, "the file has too many objects", source_->place);
    out.push_back(at);
    if (!at.is_group()) continue;
    KEDGE_TRY(const std::vector<std::string> names, at.children());
    for (std::size_t i = names.size(); i-- > 0;) {
      KEDGE_TRY(Hdf5Object child, at.child(names[i]));
      pending.push_back(std::move(child));
    }
  }
  return out;
}

}  // namespace kedge::formats
