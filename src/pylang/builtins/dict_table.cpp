// The hash table behind dict, set and every namespace: entries in insertion order, an open-addressing index beside
// them. Unlike CPython's there is no shrinking: objects are short-lived.
#include "pylang/builtins/dict_table.h"

#include <functional>

#include "pylang/builtins/support.h"

namespace kedge::pylang {
namespace {

constexpr std::int32_t kEmpty = -1;

std::uint64_t spread(std::uint64_t hash) { return (hash * 0x9E3779B97F4A7C15ull) >> 20; }

// Rebuilds the index for `wanted` entries and drops deleted ones.
void rebuild(Dict& dict, std::size_t wanted) {
  if (static_cast<std::int64_t>(dict.entries.size()) != dict.used) {
    std::erase_if(dict.entries, [](const Dict::Entry& entry) { return entry.key.is_error(); });
  }
  std::size_t size = 8;
  while (size * 2 < wanted * 3 + 3) size *= 2;
  dict.index.assign(size, kEmpty);
  for (std::size_t i = 0; i < dict.entries.size(); ++i) {
    std::size_t slot = spread(dict.entries[i].hash) & (size - 1);
    while (dict.index[slot] != kEmpty) slot = (slot + 1) & (size - 1);
    dict.index[slot] = static_cast<std::int32_t>(i);
  }
}

void append(Dict& dict, Value key, Value value, std::uint64_t hash) {
  if ((dict.entries.size() + 1) * 3 > dict.index.size() * 2) rebuild(dict, static_cast<std::size_t>(dict.used) * 2 + 4);
  std::size_t slot = spread(hash) & (dict.index.size() - 1);
  while (dict.index[slot] != kEmpty) slot = (slot + 1) & (dict.index.size() - 1);
  dict.index[slot] = static_cast<std::int32_t>(dict.entries.size());
  dict.entries.push_back({key, value, hash});
  ++dict.used;
  ++dict.version;
}

// Slot-free lookup by text, for namespaces: no Python code can run.
std::int64_t find_text(const Interp& interp, const Dict& dict, std::string_view key, std::uint64_t hash) {
  if (dict.index.empty()) return -1;
  const std::size_t mask = dict.index.size() - 1;
  for (std::size_t slot = spread(hash) & mask; dict.index[slot] != kEmpty; slot = (slot + 1) & mask) {
    const Dict::Entry& entry = dict.entries[static_cast<std::size_t>(dict.index[slot])];
    if (entry.key.is_object() && entry.hash == hash && entry.key.o->type == interp.types.str &&
        static_cast<Str*>(entry.key.o)->text == key) {
      return dict.index[slot];
    }
  }
  return -1;
}

std::uint64_t hash_of_text(std::string_view key) {
  const std::uint64_t hash = std::hash<std::string_view>{}(key);
  return hash == 0 ? 1 : hash;
}

}  // namespace

std::int64_t dict_find(Interp& interp, Dict* dict, Value key, std::uint64_t hash) {
  if (key.is_object() && key.o->type == interp.types.str && !dict->index.empty()) {
    // A str key compares by text with str keys; other keys of equal hash take the general way below.
    const std::size_t mask = dict->index.size() - 1;
    bool other_kind = false;
    for (std::size_t slot = spread(hash) & mask; dict->index[slot] != kEmpty; slot = (slot + 1) & mask) {
      const Dict::Entry& entry = dict->entries[static_cast<std::size_t>(dict->index[slot])];
      if (entry.hash != hash || entry.key.is_error()) continue;
      if (entry.key.is(key)) return dict->index[slot];
      if (entry.key.is_object() && entry.key.o->type == interp.types.str) {
        if (static_cast<Str*>(entry.key.o)->text == static_cast<Str*>(key.o)->text) return dict->index[slot];
      } else {
        other_kind = true;
      }
    }
    if (!other_kind) return -1;
  }
restart:
  if (dict->index.empty()) return -1;
  const std::size_t mask = dict->index.size() - 1;
  for (std::size_t slot = spread(hash) & mask; dict->index[slot] != kEmpty; slot = (slot + 1) & mask) {
    const std::int32_t at = dict->index[slot];
    const Dict::Entry entry = dict->entries[static_cast<std::size_t>(at)];
    if (entry.hash != hash || entry.key.is_error()) continue;
    const std::uint64_t version = dict->version;
    const std::optional<bool> same = interp.equal(entry.key, key);
    if (!same) return -2;
    if (dict->version != version) goto restart;  // __eq__ changed the table
    if (*same) return at;
  }
  return -1;
}

bool dict_insert(Interp& interp, Dict* dict, Value key, Value value, std::uint64_t hash) {
  const std::int64_t at = dict_find(interp, dict, key, hash);
  if (at == -2) return false;
  if (at >= 0) {
    dict->entries[static_cast<std::size_t>(at)].value = value;
    return true;
  }
  if (!interp.charge(static_cast<std::int64_t>(sizeof(Dict::Entry)) + 8)) return false;
  append(*dict, key, value, hash);
  return true;
}

void dict_erase(Dict* dict, std::int64_t at) {
  Dict::Entry& entry = dict->entries[static_cast<std::size_t>(at)];
  entry.key = Value();
  entry.value = Value();
  --dict->used;
  ++dict->version;
  if (dict->used == 0) dict_clear(dict);
}

void dict_clear(Dict* dict) {
  dict->entries.clear();
  dict->index.clear();
  dict->used = 0;
  ++dict->version;
}

void dict_copy(const Dict* from, Dict* to) {
  to->entries = from->entries;
  to->index = from->index;
  to->used = from->used;
  ++to->version;
}

Value Interp::dict_get(Dict* dict, Value key) {
  const std::optional<std::uint64_t> h = hash(key);
  if (!h) return {};
  const std::int64_t at = dict_find(*this, dict, key, *h);
  return at < 0 ? Value() : dict->entries[static_cast<std::size_t>(at)].value;
}

Value Interp::dict_get(const Dict* dict, std::string_view key) const {
  const std::int64_t at = find_text(*this, *dict, key, hash_of_text(key));
  return at < 0 ? Value() : dict->entries[static_cast<std::size_t>(at)].value;
}

bool Interp::dict_set(Dict* dict, Value key, Value value) {
  const std::optional<std::uint64_t> h = hash(key);
  return h && dict_insert(*this, dict, key, value, *h);
}

void Interp::dict_set(Dict* dict, std::string_view key, Value value) {
  const std::uint64_t h = hash_of_text(key);
  const std::int64_t at = find_text(*this, *dict, key, h);
  if (at >= 0) {
    dict->entries[static_cast<std::size_t>(at)].value = value;
    return;
  }
  Str* name = intern(key);
  text_hash(name);
  append(*dict, Value::object(name), value, h);
}

bool Interp::dict_delete(Dict* dict, Value key, bool& found) {
  found = false;
  const std::optional<std::uint64_t> h = hash(key);
  if (!h) return false;
  const std::int64_t at = dict_find(*this, dict, key, *h);
  if (at == -2) return false;
  if (at >= 0) {
    dict_erase(dict, at);
    found = true;
  }
  return true;
}

}  // namespace kedge::pylang
