// The file form of a plan.
//
//   0   "KPLN"            4 bytes
//   4   version           u32
//   8   body checksum     u64, FNV-1a over everything behind the header
//   16  structure bytes   u64
//   24  data offset       u64, multiple of 64
//   32  structure: numbers little endian, lists and texts with a u32 count in front, nested plans in place
//   …   constant data, each piece at a multiple of 64 from the data offset
#include <array>
#include <cstring>
#include <optional>

#include "base/text.h"
#include "runtime/plan.h"

namespace kedge::runtime {
namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeader = 32;
constexpr std::size_t kAlignment = 64;
constexpr int kDepthLimit = 16;

std::uint64_t fnv1a(Bytes bytes) {
  // Eight bytes a step: a checksum against truncation and damage, not against an attacker.
  std::uint64_t hash = 0xCBF29CE484222325U;
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + i, 8);
    hash = (hash ^ word) * 0x100000001B3U;
    hash ^= hash >> 32;
  }
  for (; i < bytes.size(); ++i) hash = (hash ^ static_cast<std::uint64_t>(bytes[i])) * 0x100000001B3U;
  return hash;
}

class Writer {
 public:
  std::vector<std::byte> structure;
  std::vector<std::byte> data;

  template <typename T>
  void number(T value) {
    const auto* bytes = reinterpret_cast<const std::byte*>(&value);
    structure.insert(structure.end(), bytes, bytes + sizeof(T));
  }
  void text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    const auto* bytes = reinterpret_cast<const std::byte*>(value.data());
    structure.insert(structure.end(), bytes, bytes + value.size());
  }
  template <typename T, typename Fn>
  void list(const std::vector<T>& items, Fn&& item) {
    number(static_cast<std::uint32_t>(items.size()));
    for (const T& entry : items) item(entry);
  }
  template <typename T>
  void numbers(const std::vector<T>& items) {
    list(items, [&](T value) { number(value); });
  }
  void attr(const AttrValue& value) {
    number(static_cast<std::uint8_t>(value.index()));
    if (const auto* v = std::get_if<bool>(&value)) number(static_cast<std::uint8_t>(*v));
    if (const auto* v = std::get_if<std::int64_t>(&value)) number(*v);
    if (const auto* v = std::get_if<double>(&value)) number(*v);
    if (const auto* v = std::get_if<std::string>(&value)) text(*v);
    if (const auto* v = std::get_if<DType>(&value)) number(static_cast<std::uint8_t>(*v));
    if (const auto* v = std::get_if<std::vector<std::int64_t>>(&value)) numbers(*v);
    if (const auto* v = std::get_if<std::vector<double>>(&value)) numbers(*v);
    if (const auto* v = std::get_if<std::vector<std::string>>(&value)) list(*v, [&](const std::string& s) { text(s); });
    if (const auto* v = std::get_if<Shape>(&value))
      list(*v, [&](const Dim& dim) { number(dim.value()); });  // plans are static
  }
  void tensor(const PlanTensor& tensor) {
    text(tensor.name);
    number(static_cast<std::uint8_t>(tensor.dtype));
    numbers(tensor.shape);
    numbers(tensor.quant.scales);
    numbers(tensor.quant.zero_points);
    number(tensor.quant.axis);
    number(static_cast<std::uint8_t>(tensor.constant));
    if (!tensor.constant) {
      number(tensor.offset);
      return;
    }
    data.resize((data.size() + kAlignment - 1) / kAlignment * kAlignment);
    number(static_cast<std::int64_t>(data.size()));
    const auto bytes = tensor.data.bytes();
    data.insert(data.end(), bytes.begin(), bytes.end());
  }
  void plan(const Plan& plan) {
    text(plan.name);
    list(plan.tensors, [&](const PlanTensor& entry) { tensor(entry); });
    list(plan.steps, [&](const PlanStep& step) {
      text(step.op);
      text(step.layer);
      list(step.attrs.entries(), [&](const auto& entry) {
        text(entry.first);
        attr(entry.second);
      });
      numbers(step.inputs);
      numbers(step.outputs);
      list(step.bodies, [&](const std::unique_ptr<Plan>& body) { this->plan(*body); });
    });
    numbers(plan.inputs);
    numbers(plan.outputs);
    list(plan.input_names, [&](const std::string& name) { text(name); });
    list(plan.output_names, [&](const std::string& name) { text(name); });
    number(plan.arena_bytes);
  }
};

/// Reads into a Plan; every failure is one flag, checked at the end of each list.
class Reader {
 public:
  Reader(Bytes structure, Bytes data, std::shared_ptr<const void> owner, const Limits& limits)
      : reader_(structure), data_(data), owner_(std::move(owner)), limits_(limits) {}

  bool failed() const { return failed_; }
  bool at_end() const { return reader_.remaining() == 0; }

  Plan plan(int depth) {
    Plan out;
    if (depth > kDepthLimit) failed_ = true;
    out.name = text();
    list([&] { out.tensors.push_back(tensor()); });
    list([&] { out.steps.push_back(step(depth)); });
    out.inputs = numbers<std::int32_t>();
    out.outputs = numbers<std::int32_t>();
    list([&] { out.input_names.push_back(text()); });
    list([&] { out.output_names.push_back(text()); });
    out.arena_bytes = number<std::int64_t>();
    out.owner = owner_;
    check(out);
    return out;
  }

 private:
  template <typename T>
  T number() {
    const std::optional<T> value = failed_ ? std::nullopt : reader_.read<T>();
    if (!value) failed_ = true;
    return value.value_or(T{});
  }
  std::string text() {
    const std::uint32_t size = number<std::uint32_t>();
    const std::optional<Bytes> bytes = failed_ ? std::nullopt : reader_.read_bytes(size);
    if (!bytes) {
      failed_ = true;
      return {};
    }
    return std::string(as_text(*bytes));
  }
  template <typename Fn>
  void list(Fn&& item) {
    const std::uint32_t count = number<std::uint32_t>();
    if (count > reader_.remaining()) failed_ = true;  // every entry takes at least a byte
    for (std::uint32_t i = 0; i < count && !failed_; ++i) item();
  }
  template <typename T>
  std::vector<T> numbers() {
    std::vector<T> out;
    list([&] { out.push_back(number<T>()); });
    return out;
  }
  std::optional<DType> dtype() {
    const std::uint8_t code = number<std::uint8_t>();
    if (code > static_cast<std::uint8_t>(DType::complex128)) {
      failed_ = true;
      return std::nullopt;
    }
    return static_cast<DType>(code);
  }
  AttrValue attr() {
    switch (number<std::uint8_t>()) {
      case 0: return number<std::uint8_t>() != 0;
      case 1: return number<std::int64_t>();
      case 2: return number<double>();
      case 3: return text();
      case 4: return dtype().value_or(DType::float32);
      case 5: return numbers<std::int64_t>();
      case 6: return numbers<double>();
      case 7: {
        std::vector<std::string> texts;
        list([&] { texts.push_back(text()); });
        return texts;
      }
      case 8: return to_shape(numbers<std::int64_t>());
      default: failed_ = true; return false;
    }
  }
  /// The bytes of a tensor of this type, or nothing when a dimension is negative or the product is absurd.
  std::optional<std::int64_t> byte_count(const PlanTensor& tensor) const {
    std::int64_t bytes = dtype_size(tensor.dtype);
    for (const std::int64_t dim : tensor.shape) {
      if (dim < 0 || (dim > 0 && bytes > limits_.heap_bytes / dim)) return std::nullopt;
      bytes *= dim;
    }
    return bytes;
  }
  PlanTensor tensor() {
    PlanTensor out;
    out.name = text();
    out.dtype = dtype().value_or(DType::float32);
    out.shape = numbers<std::int64_t>();
    out.quant.scales = numbers<float>();
    out.quant.zero_points = numbers<std::int64_t>();
    out.quant.axis = number<std::int32_t>();
    out.constant = number<std::uint8_t>() != 0;
    const std::int64_t offset = number<std::int64_t>();
    const std::optional<std::int64_t> bytes = byte_count(out);
    if (!bytes || offset < 0 || out.quant.scales.size() != out.quant.zero_points.size()) {
      failed_ = true;
      return out;
    }
    if (!out.constant) {
      out.offset = offset;
      return out;
    }
    const std::optional<Bytes> data =
        ByteReader(data_).slice(static_cast<std::uint64_t>(offset), static_cast<std::uint64_t>(*bytes));
    if (!data) {
      failed_ = true;
      return out;
    }
    out.data = Tensor(out.dtype, out.shape, *data, owner_);
    out.data.quant = out.quant;
    return out;
  }
  PlanStep step(int depth) {
    PlanStep out;
    out.op = text();
    out.layer = text();
    list([&] {
      const std::string name = text();
      out.attrs.set(name, attr());
    });
    out.inputs = numbers<std::int32_t>();
    out.outputs = numbers<std::int32_t>();
    list([&] { out.bodies.push_back(std::make_unique<Plan>(plan(depth + 1))); });
    return out;
  }
  /// Indices inside bounds, tensors inside the arena: what the executor relies on.
  void check(const Plan& plan) {
    const auto inside = [&](const std::vector<std::int32_t>& ids, bool optional) {
      for (const std::int32_t id : ids) {
        if (id >= static_cast<std::int32_t>(plan.tensors.size()) || id < (optional ? -1 : 0)) failed_ = true;
      }
    };
    for (const PlanStep& step : plan.steps) {
      inside(step.inputs, true);
      inside(step.outputs, false);
    }
    inside(plan.inputs, false);
    inside(plan.outputs, false);
    if (plan.input_names.size() != plan.inputs.size() || plan.output_names.size() != plan.outputs.size())
      failed_ = true;
    if (plan.arena_bytes < 0 || plan.arena_bytes > limits_.heap_bytes) failed_ = true;
    if (failed_) return;
    for (const PlanTensor& tensor : plan.tensors) {
      if (!tensor.constant && tensor.offset > plan.arena_bytes - tensor.bytes()) failed_ = true;
    }
  }

  ByteReader reader_;
  Bytes data_;
  std::shared_ptr<const void> owner_;
  const Limits& limits_;
  bool failed_ = false;
};

}  // namespace

std::vector<std::byte> write_plan(const Plan& plan) {
  Writer writer;
  writer.plan(plan);
  const std::size_t data_offset = (kHeader + writer.structure.size() + kAlignment - 1) / kAlignment * kAlignment;
  std::vector<std::byte> out(data_offset + writer.data.size());
  std::memcpy(out.data() + kHeader, writer.structure.data(), writer.structure.size());
  if (!writer.data.empty()) std::memcpy(out.data() + data_offset, writer.data.data(), writer.data.size());
  const auto put = [&](std::size_t at, auto value) { std::memcpy(out.data() + at, &value, sizeof(value)); };
  std::memcpy(out.data(), "KPLN", 4);
  put(4, kVersion);
  put(16, static_cast<std::uint64_t>(writer.structure.size()));
  put(24, static_cast<std::uint64_t>(data_offset));
  put(8, fnv1a(Bytes(out).subspan(kHeader)));
  return out;
}

Result<Plan> read_plan(Bytes bytes, std::shared_ptr<const void> owner, const Limits& limits, std::string_view place) {
  const auto fail = [&](const std::string& why) {
    return make_error("K0801", "this plan cannot be read: " + why, Location::in(std::string(place)));
  };
  const ByteReader header(bytes);
  const auto version = header.at<std::uint32_t>(4);
  const auto checksum = header.at<std::uint64_t>(8);
  const auto structure_bytes = header.at<std::uint64_t>(16);
  const auto data_offset = header.at<std::uint64_t>(24);
  if (!data_offset || as_text(bytes.subspan(0, 4)) != "KPLN") return fail("it does not begin as a plan does");
  if (*version != kVersion)
    return fail("it is of version " + std::to_string(*version) + ", this kedge reads version " +
                std::to_string(kVersion) + "; compile the model again");
  const auto structure = header.slice(kHeader, *structure_bytes);
  if (!structure || *data_offset > bytes.size()) return fail("it is truncated");
  if (fnv1a(bytes.subspan(kHeader)) != *checksum) return fail("its checksum is wrong; it is truncated or damaged");
  Reader reader(*structure, bytes.subspan(*data_offset), std::move(owner), limits);
  Plan plan = reader.plan(0);
  if (reader.failed() || !reader.at_end()) return fail("its structure is inconsistent");
  return plan;
}

}  // namespace kedge::runtime
