#include "core/pipeline/transform/owned_columns.hpp"

#include <memory>

namespace qonduit::pipeline::transform {
namespace {

// What a column made of buffers owns; the ArrowArrays point into it.
struct HeldBuffers {
  ColumnBuffers content;
  ArrowArray dictionary{};
  const void* pointers[3] = {nullptr, nullptr, nullptr};

  static void release(ArrowArray* array) {
    auto* held = static_cast<HeldBuffers*>(array->private_data);
    if (held->dictionary.release != nullptr) held->dictionary.release(&held->dictionary);
    delete held;
    array->release = nullptr;
  }
};

struct HeldBatch {
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
  const void* buffers[1] = {nullptr};

  static void release(ArrowArray* array) {
    auto* held = static_cast<HeldBatch*>(array->private_data);
    // Who took a child has left it without a release.
    for (auto& child : held->children) {
      if (child.release != nullptr) child.release(&child);
    }
    delete held;
    array->release = nullptr;
  }
};

}  // namespace

OwnedColumn ColumnBuffers::finish(Type type, std::int64_t rows, std::int64_t nulls) && {
  auto held = std::make_unique<HeldBuffers>();
  held->content = std::move(*this);
  auto& content = held->content;
  const bool encoded = !content.dictionary.empty();
  ArrowArray array{};
  array.length = rows;
  array.null_count = nulls;
  array.n_buffers = type == Type::utf8 && !encoded ? 3 : 2;
  array.buffers = held->pointers;
  if (nulls != 0) held->pointers[0] = content.validity.data();
  if (type == Type::utf8 || type == Type::date32) {
    held->pointers[1] = content.halves.data();
  } else if (type == Type::boolean) {
    held->pointers[1] = content.bits.data();
  } else {
    held->pointers[1] = content.words.data();
  }
  if (type == Type::utf8 && !encoded) held->pointers[2] = content.data.data();
  if (encoded) {
    held->dictionary = content.dictionary.take();
    array.dictionary = held->dictionary.dictionary != nullptr ? held->dictionary.dictionary : &held->dictionary;
  }
  array.private_data = held.release();
  array.release = HeldBuffers::release;
  return OwnedColumn(array);
}

std::vector<OwnedColumn> take_apart(arrow::ArrayHandle batch) {
  std::vector<OwnedColumn> columns;
  columns.reserve(static_cast<std::size_t>(batch->n_children));
  for (std::int64_t i = 0; i < batch->n_children; ++i) {
    auto& child = *batch->children[i];
    if (batch->offset != 0 || child.length != batch->length) {
      child.offset += batch->offset;
      child.length = batch->length;
      if (child.null_count != 0) child.null_count = -1;  // of the slice: not counted
    }
    columns.emplace_back(child);
  }
  return columns;
}

arrow::ArrayHandle put_together(std::vector<OwnedColumn> columns, std::int64_t rows) {
  auto held = std::make_unique<HeldBatch>();
  held->children.resize(columns.size());
  held->pointers.resize(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    held->children[i] = columns[i].take();
    held->pointers[i] = &held->children[i];
  }
  arrow::ArrayHandle batch(new ArrowArray{});
  batch->length = rows;
  batch->n_buffers = 1;
  batch->buffers = held->buffers;
  batch->n_children = static_cast<std::int64_t>(held->pointers.size());
  batch->children = held->pointers.data();
  batch->private_data = held.release();
  batch->release = HeldBatch::release;
  return batch;
}

}  // namespace qonduit::pipeline::transform
