// What list and tuple share: comparison, repr, search and slicing of a vector of values.
#pragma once

#include <string>
#include <vector>

#include "pylang/interp.h"

namespace kedge::pylang {

enum class Order { lt, le, eq, ne, gt, ge };

/// Lexicographic comparison as lists and tuples compare; the error tag when an element's comparison failed.
Value compare_items(Interp& interp, const std::vector<Value>& a, const std::vector<Value>& b, Order order);
std::optional<std::string> repr_items(Interp& interp, const std::vector<Value>& items);
Value count_items(Interp& interp, const std::vector<Value>& items, Value wanted);
/// index(x, start, stop); `what` names the container for the message.
Value index_items(Interp& interp, const std::vector<Value>& items, Args args, const char* message);
std::optional<std::vector<Value>> repeat_items(Interp& interp, const std::vector<Value>& items, Value times);
/// A key sort with Python's comparison; false: exception pending (items then in some order).
bool sort_items(Interp& interp, std::vector<Value>& items, Value key, bool reverse);

}  // namespace kedge::pylang
