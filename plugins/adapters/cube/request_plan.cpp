#include "plugins/adapters/cube/request_plan.hpp"

#include <algorithm>
#include <string>

namespace qonduit::cube {
namespace {

constexpr std::int64_t kReplyCells = 10'000;
// The null member and Others may or may not be counted.
constexpr std::int64_t kUncounted = 2;

// So many members of so many that hold so many cells altogether.
std::int64_t members_in_reply(std::int64_t members, std::int64_t cells) {
  const auto each = std::max<std::int64_t>(1, cells / std::max<std::int64_t>(1, members));
  return std::clamp<std::int64_t>(kReplyCells / each, 1, std::max<std::int64_t>(1, members));
}

std::string area(std::int64_t level, std::int64_t top, std::int64_t height) {
  return R"({"qArea":{"qLeft":)" + std::to_string(level) + R"(,"qTop":)" + std::to_string(top) + R"(,"qWidth":1,"qHeight":)" +
         std::to_string(height) + R"(},"qAllValues":false})";
}

}  // namespace

RequestPlan::RequestPlan(const LevelLayout& layout, const CubePlan& plan)
    : mode_(layout.mode), path_("[\"" + layout.cube.definition_path + "\"") {
  const auto& cube = layout.cube;
  done_ = cube.columns == 0 && cube.rows != 0;
  const auto measures = static_cast<std::int64_t>(layout.measures);
  if (mode_ == 'P') {
    pivot_ = {"GetHyperCubePivotData", path_ + "]", {0, 0, cube.columns, cube.rows}, 0};
    // Rows of shape wide are rows of the matrix; in the others a page makes rows of its own.
    if (plan.shape != Shape::wide) pivot_.step_width = pivot_.step_height = 1;
    if (plan.shape == Shape::tidy) (layout.measures_left ? pivot_.step_height : pivot_.step_width) = measures;
    if (cube.rows == 0) pivot_.page.width = std::max({cube.columns, pivot_.step_width, std::int64_t{1}});
    return;
  }
  if (cube.rows == 0) return;  // asked for as a whole: that there is nothing is for the engine to say
  members_ = layout.outer.value_or(0);
  height_ = members_in_reply(members_, cube.rows * measures);
  if (mode_ == 'K' || members_ == 0) return;
  const auto nodes = cube.rows * static_cast<std::int64_t>(layout.left.size());
  height_ = members_in_reply(members_, nodes);
  members_ += kUncounted;
  if (nodes / members_ <= kReplyCells || !layout.second) return;
  inner_ = *layout.second + kUncounted;
  inner_height_ = members_in_reply(inner_, nodes / members_);
}

std::optional<Request> RequestPlan::next() {
  if (done_) return std::nullopt;
  if (mode_ == 'K') return next_stack();
  if (mode_ == 'T') return next_tree();
  done_ = true;
  return pivot_;
}

std::optional<Request> RequestPlan::next_stack() {
  if (members_ == 0 && at_ == 0) {
    at_ = 1;
    return Request{"GetHyperCubeStackData", path_ + "]", {0, 0, 1, 0}, 0};
  }
  if (at_ >= members_) return std::nullopt;
  Request request{"GetHyperCubeStackData", path_ + "]", {0, at_, 1, std::min(height_, members_ - at_)}, 0};
  at_ += height_;
  return request;
}

std::optional<Request> RequestPlan::next_tree() {
  Request request;
  request.method = "GetHyperCubeTreeData";
  if (members_ == 0) {
    done_ = true;
    request.params_json = path_ + "]";
    request.tag = 3;
    return request;
  }
  if (at_ >= members_) return std::nullopt;
  request.tag = (at_ == 0 && inner_at_ == 0 ? 1u : 0u) | (inner_at_ == 0 ? 2u : 0u);
  std::string areas = area(0, at_, height_);
  if (inner_ > 0) areas += "," + area(1, inner_at_, inner_height_);
  request.params_json = path_ + R"(,{"qTreeNodes":[)" + areas + "]}]";
  inner_at_ += inner_height_;
  if (inner_at_ >= inner_) inner_at_ = 0, at_ += height_;
  return request;
}

}  // namespace qonduit::cube
