// The table operations that dict and set share, with the hash already known.
#pragma once

#include "pylang/interp.h"

namespace kedge::pylang {

/// Position in `entries`; -1 absent; -2 exception pending.
std::int64_t dict_find(Interp& interp, Dict* dict, Value key, std::uint64_t hash);
bool dict_insert(Interp& interp, Dict* dict, Value key, Value value, std::uint64_t hash);
void dict_erase(Dict* dict, std::int64_t at);
void dict_clear(Dict* dict);
void dict_copy(const Dict* from, Dict* to);

}  // namespace kedge::pylang
