// What is asked of a cube, one request after the other: a pivot's whole matrix (the host cuts it into pages), a stack's outermost members,
// a tree's branches in windows small enough for a reply. Made as it is asked for. One thread.
#pragma once

#include <qonduit/adapter.hpp>

#include <cstdint>
#include <optional>

#include "plugins/adapters/cube/cube_plan.hpp"
#include "plugins/adapters/cube/level_layout.hpp"
#include "plugins/adapters/cube/page_decoder.hpp"

namespace qonduit::cube {

class RequestPlan {
 public:
  RequestPlan() = default;
  RequestPlan(const LevelLayout& layout, const CubePlan& plan);

  std::optional<Request> next();
  // What a tree's request was for, from its tag.
  static TreeWindow window_of(std::uint64_t tag) { return {(tag & 1) != 0, (tag & 2) != 0}; }

 private:
  std::optional<Request> next_stack();
  std::optional<Request> next_tree();

  char mode_ = 'P';
  Request pivot_;
  bool done_ = true;
  std::string path_;
  std::int64_t members_ = 0, at_ = 0, height_ = 0;            // of the outermost dimension
  std::int64_t inner_ = 0, inner_at_ = 0, inner_height_ = 0;  // of the one below, where one member is too large; 0: not cut
};

}  // namespace qonduit::cube
