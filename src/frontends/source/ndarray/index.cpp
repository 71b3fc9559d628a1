// Indexing: integers, slices, ellipsis, newaxis, boolean masks, integer arrays, and their mixtures, for reading and for
// assignment. NumPy user guide, "Indexing on ndarrays", "Combining advanced and basic indexing": advanced indices
// broadcast together; their axes stand where they stood when they are neighbours, else in front.
#include <algorithm>
#include <cstring>

#include "frontends/source/ndarray/numpy.h"

namespace kedge::frontends {

using pylang::as;

namespace {

struct Item {
  enum class Kind { integer, slice, new_axis, advanced } kind;
  std::int64_t start = 0, step = 1, count = 0;  // slice; integer uses start
  const pylang::Slice* raw = nullptr;
  Array indices;  // advanced: int64, contiguous
};

std::optional<std::int64_t> bound(Interp& interp, Value value, std::int64_t fallback, std::int64_t low,
                                  std::int64_t high, std::int64_t length) {
  if (value.is_none()) return fallback;
  std::optional<std::int64_t> v = to_int(interp, value);
  if (!v) return std::nullopt;
  if (*v < 0) *v += length;
  return std::clamp(*v, low, high);
}

bool resolve_slice(Interp& interp, Item& item, std::int64_t length) {
  if (item.raw == nullptr) {
    item.count = length;
    return true;
  }
  if (!item.raw->step.is_none()) {
    const std::optional<std::int64_t> step = to_int(interp, item.raw->step);
    if (!step) return false;
    if (*step == 0) {
      fail(interp, "ValueError", "slice step cannot be zero");
      return false;
    }
    item.step = *step;
  }
  const bool forward = item.step > 0;
  const auto start =
      bound(interp, item.raw->start, forward ? 0 : length - 1, forward ? 0 : -1, forward ? length : length - 1, length);
  if (!start) return false;
  const auto stop =
      bound(interp, item.raw->stop, forward ? length : -1, forward ? 0 : -1, forward ? length : length - 1, length);
  if (!stop) return false;
  item.start = *start;
  const std::int64_t span = forward ? *stop - *start : *start - *stop;
  const std::int64_t stride = forward ? item.step : -item.step;
  item.count = span > 0 ? (span + stride - 1) / stride : 0;
  return true;
}

bool add_mask(Interp& interp, const Array& mask, std::vector<Item>& items, const Array& of, std::int64_t axis) {
  for (std::int64_t i = 0; i < mask.rank(); ++i) {
    const auto at = static_cast<std::size_t>(axis + i);
    if (at >= of.shape.size() || of.shape[at] != mask.shape[static_cast<std::size_t>(i)]) {
      fail(interp, "IndexError", "boolean index did not match indexed array along axis " + std::to_string(axis + i));
      return false;
    }
  }
  std::vector<std::vector<std::int64_t>> coordinates(mask.shape.size());
  std::vector<std::int64_t> at(mask.shape.size(), 0);
  for_each_offset(mask.shape, mask.strides, [&](std::int64_t o) {
    if (truth_at(mask.dtype, mask.data + o)) {
      for (std::size_t k = 0; k < at.size(); ++k) coordinates[k].push_back(at[k]);
    }
    for (std::size_t k = at.size(); k-- > 0;) {
      if (++at[k] < mask.shape[k]) break;
      at[k] = 0;
    }
  });
  for (const std::vector<std::int64_t>& c : coordinates) {
    Item item{Item::Kind::advanced};
    item.indices = make_array(DType::int64, {static_cast<std::int64_t>(c.size())});
    if (!c.empty()) std::memcpy(item.indices.data, c.data(), c.size() * sizeof(std::int64_t));
    items.push_back(std::move(item));
  }
  return true;
}

/// The key as items, one per axis consumed (plus new axes), the ellipsis expanded.
bool parse_key(Interp& interp, const Array& a, Value key, std::vector<Item>& items) {
  std::vector<Value> parts;
  if (auto* tuple = as<pylang::Tuple>(key)) parts = tuple->items;
  else if (auto* instance = as<pylang::Instance>(key);
           instance != nullptr && as<pylang::Tuple>(instance->base_value) != nullptr)
    parts = as<pylang::Tuple>(instance->base_value)->items;
  else parts = {key};
  // Axes that the key consumes, so that the ellipsis knows its width.
  std::int64_t consumed = 0;
  bool has_ellipsis = false;
  std::vector<std::optional<Array>> arrays(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Value part = parts[i];
    if (part.is_none()) continue;
    if (part.is(interp.ellipsis())) {
      if (has_ellipsis) {
        fail(interp, "IndexError", "an index can only have a single ellipsis ('...')");
        return false;
      }
      has_ellipsis = true;
      continue;
    }
    if (part.is_int() || as<pylang::Slice>(part) != nullptr) {
      ++consumed;
      continue;
    }
    if (part.is_float()) {
      fail(interp, "IndexError",
           "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are "
           "valid indices");
      return false;
    }
    arrays[i] = to_array(interp, part);
    if (!arrays[i]) {
      if (interp.pending_matches("TypeError")) {
        (void)interp.take_pending();
        fail(interp, "IndexError",
             "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are "
             "valid indices");
      }
      return false;
    }
    if (arrays[i]->size() == 0 && array_of(part) == nullptr) arrays[i] = cast_to(*arrays[i], DType::int64);
    if (arrays[i]->dtype == DType::boolean) consumed += arrays[i]->rank();
    else if (is_integer(arrays[i]->dtype)) ++consumed;
    else {
      fail(interp, "IndexError", "arrays used as indices must be of integer (or boolean) type");
      return false;
    }
  }
  if (consumed > a.rank()) {
    fail(interp, "IndexError",
         "too many indices for array: array is " + std::to_string(a.rank()) + "-dimensional, but " +
             std::to_string(consumed) + " were indexed");
    return false;
  }
  std::int64_t axis = 0;
  for (std::size_t i = 0; i <= parts.size(); ++i) {
    const bool end = i == parts.size();
    if (end || parts[i].is(interp.ellipsis())) {
      if (end && has_ellipsis) break;
      for (std::int64_t k = consumed; k < a.rank(); ++k) {
        Item item{Item::Kind::slice};
        if (!resolve_slice(interp, item, a.shape[static_cast<std::size_t>(axis++)])) return false;
        items.push_back(item);
      }
      continue;
    }
    const Value part = parts[i];
    if (part.is_none()) {
      items.push_back({Item::Kind::new_axis});
    } else if (auto* slice = as<pylang::Slice>(part)) {
      Item item{Item::Kind::slice};
      item.raw = slice;
      if (!resolve_slice(interp, item, a.shape[static_cast<std::size_t>(axis++)])) return false;
      items.push_back(item);
    } else if (part.is_int() || (arrays[i]->shape.empty() && is_integer(arrays[i]->dtype))) {
      const std::int64_t length = a.shape[static_cast<std::size_t>(axis)];
      std::int64_t index = part.is_int() ? part.i : int_at(arrays[i]->dtype, arrays[i]->data);
      if (index < -length || index >= length) {
        fail(interp, "IndexError",
             "index " + std::to_string(index) + " is out of bounds for axis " + std::to_string(axis) + " with size " +
                 std::to_string(length));
        return false;
      }
      Item item{Item::Kind::integer};
      item.start = index < 0 ? index + length : index;
      items.push_back(item);
      ++axis;
    } else if (arrays[i]->dtype == DType::boolean) {
      if (arrays[i]->shape.empty()) {  // a[True] is a[None], a[False] the same with length 0
        Item item{Item::Kind::new_axis};
        item.count = truth_at(DType::boolean, arrays[i]->data) ? 0 : -1;
        items.push_back(item);
        continue;
      }
      if (!add_mask(interp, *arrays[i], items, a, axis)) return false;
      axis += arrays[i]->rank();
    } else {
      Item item{Item::Kind::advanced};
      item.indices = cast_to(*arrays[i], DType::int64);
      const std::int64_t length = a.shape[static_cast<std::size_t>(axis)];
      std::int64_t* p = item.indices.as<std::int64_t>();
      for (std::int64_t k = 0; k < item.indices.size(); ++k) {
        if (p[k] < -length || p[k] >= length) {
          fail(interp, "IndexError",
               "index " + std::to_string(p[k]) + " is out of bounds for axis " + std::to_string(axis) + " with size " +
                   std::to_string(length));
          return false;
        }
        if (p[k] < 0) p[k] += length;
      }
      items.push_back(std::move(item));
      ++axis;
    }
  }
  return true;
}

/// What the key selects: a view, or (advanced) the shape and the byte offsets of the elements in row-major order.
struct Selection {
  Array view;
  bool advanced = false;
  StaticShape shape;
  std::vector<std::int64_t> offsets;
};

bool select(Interp& interp, const Array& a, Value key, Selection& out) {
  std::vector<Item> items;
  if (!parse_key(interp, a, key, items)) return false;
  const bool advanced =
      std::any_of(items.begin(), items.end(), [](const Item& i) { return i.kind == Item::Kind::advanced; });
  if (advanced) {
    for (Item& item : items) {
      if (item.kind != Item::Kind::integer) continue;
      item.indices = make_scalar<std::int64_t>(DType::int64, item.start);
      item.kind = Item::Kind::advanced;
    }
  }
  Array view = a;
  std::int64_t axis = 0;
  std::vector<std::int64_t> axes;
  std::vector<const Item*> indexers;
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Item& item = items[i];
    switch (item.kind) {
      case Item::Kind::integer: view = index_axis(view, axis, item.start); break;
      case Item::Kind::slice:
        view = slice_axis(view, axis, item.start, item.step, item.count);
        ++axis;
        break;
      case Item::Kind::new_axis:
        view = with_axis(view, axis);
        if (item.count < 0) view.shape[static_cast<std::size_t>(axis)] = 0;
        ++axis;
        break;
      case Item::Kind::advanced:
        axes.push_back(axis++);
        indexers.push_back(&item);
        positions.push_back(i);
        break;
    }
  }
  out.view = view;
  out.advanced = advanced;
  if (!advanced) return true;

  StaticShape common = indexers[0]->indices.shape;
  for (const Item* item : indexers) {
    const auto merged = broadcast_shapes(common, item->indices.shape);
    if (!merged) {
      fail(interp, "IndexError", "shape mismatch: indexing arrays could not be broadcast together");
      return false;
    }
    common = *merged;
  }
  std::vector<std::int64_t> picked(static_cast<std::size_t>(element_count(common)), 0);
  for (std::size_t k = 0; k < indexers.size(); ++k) {
    const Array stretched = broadcast_view(indexers[k]->indices, common);
    const std::int64_t stride = view.strides[static_cast<std::size_t>(axes[k])];
    std::size_t i = 0;
    for_each_offset(stretched.shape, stretched.strides, [&](std::int64_t o) {
      picked[i++] += *reinterpret_cast<const std::int64_t*>(stretched.data + o) * stride;
    });
  }
  const bool neighbours = positions.back() - positions.front() + 1 == positions.size();
  const std::int64_t split = neighbours ? axes.front() : 0;
  StaticShape before_shape, before_strides, after_shape, after_strides;
  for (std::int64_t i = 0; i < view.rank(); ++i) {
    if (std::find(axes.begin(), axes.end(), i) != axes.end()) continue;
    (i < split ? before_shape : after_shape).push_back(view.shape[static_cast<std::size_t>(i)]);
    (i < split ? before_strides : after_strides).push_back(view.strides[static_cast<std::size_t>(i)]);
  }
  out.shape = before_shape;
  out.shape.insert(out.shape.end(), common.begin(), common.end());
  out.shape.insert(out.shape.end(), after_shape.begin(), after_shape.end());
  if (!charge_array(interp, DType::int64, out.shape)) return false;
  out.offsets.reserve(static_cast<std::size_t>(element_count(out.shape)));
  for_each_offset(before_shape, before_strides, [&](std::int64_t b) {
    for (const std::int64_t p : picked) {
      for_each_offset(after_shape, after_strides, [&](std::int64_t c) { out.offsets.push_back(b + p + c); });
    }
  });
  return true;
}

}  // namespace

Value get_index(Interp& interp, NdArray* array, Value key) {
  Selection selection;
  if (!select(interp, array->a, key, selection)) return Value();
  if (!selection.advanced) {
    const bool has_ellipsis = key.is(interp.ellipsis()) || (as<pylang::Tuple>(key) != nullptr && [&] {
                                for (const Value v : as<pylang::Tuple>(key)->items) {
                                  if (v.is(interp.ellipsis())) return true;
                                }
                                return false;
                              }());
    if (selection.view.shape.empty() && !has_ellipsis) return wrap(interp, copy_of(selection.view));
    return wrap_view(interp, std::move(selection.view), array);
  }
  if (!charge_array(interp, array->a.dtype, selection.shape)) return Value();
  Array out = make_array(array->a.dtype, selection.shape);
  const auto item = static_cast<std::size_t>(out.item_size());
  std::byte* to = out.data;
  for (const std::int64_t o : selection.offsets) {
    std::memcpy(to, selection.view.data + o, item);
    to += item;
  }
  return wrap(interp, std::move(out));
}

bool set_index(Interp& interp, NdArray* array, Value key, Value value) {
  if (interp.refuse_mutation(array->root)) return false;
  if (!array->writeable) {
    fail(interp, "ValueError", "assignment destination is read-only");
    return false;
  }
  Selection selection;
  if (!select(interp, array->a, key, selection)) return false;
  std::optional<Array> from = to_array(interp, value);
  if (!from) return false;
  if (is_complex(from->dtype) && !is_complex(array->a.dtype) && array_of(value) == nullptr) {
    fail(interp, "TypeError", "float() argument must be a string or a real number, not 'complex'");
    return false;
  }
  const StaticShape& target = selection.advanced ? selection.shape : selection.view.shape;
  StaticShape shape = from->shape;
  while (shape.size() > target.size() && shape.front() == 1) shape.erase(shape.begin());
  if (!can_broadcast_to(shape, target)) {
    std::string message = "could not broadcast input array from shape (";
    for (std::size_t i = 0; i < from->shape.size(); ++i)
      message += (i != 0 ? "," : "") + std::to_string(from->shape[i]);
    message += ") into shape (";
    for (std::size_t i = 0; i < target.size(); ++i) message += (i != 0 ? "," : "") + std::to_string(target[i]);
    fail(interp, "ValueError", message + ")");
    return false;
  }
  if (!selection.advanced) {
    assign(selection.view, *from);
    return true;
  }
  const Array ready =
      contiguous_of(broadcast_view(from->dtype == array->a.dtype ? *from : cast_to(*from, array->a.dtype), target));
  const auto item = static_cast<std::size_t>(ready.item_size());
  const std::byte* p = ready.data;
  for (const std::int64_t o : selection.offsets) {
    std::memcpy(selection.view.data + o, p, item);
    p += item;
  }
  return true;
}

}  // namespace kedge::frontends
