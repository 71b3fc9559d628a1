// The children of a node, for code that treats all kinds alike. Order is source order, except that dict keys and
// values, and defaults, follow as lists.
#pragma once

#include <cstdint>
#include <vector>

#include "pylang/ast.h"

namespace kedge::pylang {

/// Appends the children that exist (never nullptr) to `out`.
void append_children(const Node& node, std::vector<Node*>& out);

/// Calls `visit(Node*)` for the node and everything below, parents first; no recursion.
template <typename Visit>
void for_each_node(Node* root, Visit visit) {
  std::vector<Node*> open{root};
  while (!open.empty()) {
    Node* node = open.back();
    open.pop_back();
    visit(node);
    append_children(*node, open);
  }
}

/// Levels of the tree, 1 for a leaf.
std::int64_t tree_height(Node* root);

}  // namespace kedge::pylang
