#include "core/fetch/batch_join.hpp"

#include <string>

namespace qonduit::fetch {
namespace {

// What a joined array owns: its children, moved out of the pieces. A moved Arrow array is a copy whose source has no release.
struct Joined {
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
  const void* validity[1] = {nullptr};
};

void release_joined(ArrowArray* array) {
  auto* joined = static_cast<Joined*>(array->private_data);
  for (auto& child : joined->children) {
    if (child.release != nullptr) child.release(&child);
  }
  delete joined;
  array->release = nullptr;
}

}  // namespace

Result<arrow::ArrayHandle> join_columns(std::vector<arrow::ArrayHandle> pieces) {
  if (pieces.size() == 1) return std::move(pieces.front());
  const auto rows = pieces.front()->length;
  for (const auto& piece : pieces) {
    if (piece->length != rows || piece->offset != 0) {
      return Status(Code::bad_data,
                    "cannot join columns: pieces of " + std::to_string(rows) + " and " + std::to_string(piece->length) + " rows");
    }
  }
  auto joined = std::make_unique<Joined>();
  for (const auto& piece : pieces) {
    for (std::int64_t i = 0; i < piece->n_children; ++i) {
      joined->children.push_back(*piece->children[i]);
      piece->children[i]->release = nullptr;
    }
  }
  for (auto& child : joined->children) joined->pointers.push_back(&child);

  arrow::ArrayHandle array(new ArrowArray{});
  array->length = rows;
  array->n_buffers = 1;
  array->buffers = joined->validity;
  array->n_children = static_cast<std::int64_t>(joined->pointers.size());
  array->children = joined->pointers.data();
  array->private_data = joined.release();
  array->release = release_joined;
  return array;
}

}  // namespace qonduit::fetch
