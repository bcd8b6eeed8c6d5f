// A reply whose data is one tree of nodes: a page of a stack, or a tree. Both are walked alike: the dimensions from the outside in.
#pragma once

#include <qonduit/status.hpp>

#include <cstdint>
#include <string_view>

#include "plugins/adapters/cube/node_tree.hpp"

namespace qonduit::cube {

struct NodeReply {
  NodeTree tree;
  std::int64_t area_top = -1;  // of a stack's page
  int pages = 0;
};

// Nodes may nest so deep. bad_data when the bytes are not such a reply.
Status read_stack_reply(std::string_view reply_json, std::uint32_t levels, NodeReply& into);
Status read_tree_reply(std::string_view reply_json, std::uint32_t levels, NodeReply& into);

}  // namespace qonduit::cube
