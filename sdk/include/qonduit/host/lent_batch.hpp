// What a sink did to a batch it was lent: it may neither change nor release it. One thread.
#pragma once

#include <qonduit/abi.h>
#include <qonduit/batch.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::host {

// Stands in for a batch: the same data, but its release is a trap, and its bytes are known.
class LentBatch {
 public:
  LentBatch(const ArrowArray& batch, const Schema& schema) : schema_(schema) {
    lend(batch, array_);
    before_ = fingerprint();
  }
  LentBatch(const LentBatch&) = delete;
  LentBatch& operator=(const LentBatch&) = delete;

  [[nodiscard]] const ArrowArray& get() const noexcept { return array_; }
  // What the sink did, as the end of a sentence that begins with it; empty: nothing.
  [[nodiscard]] std::string misuse() const {
    if (released_) return "released a batch that it was only lent";
    if (fingerprint() != before_) return "changed a batch that it was only lent";
    return {};
  }

 private:
  void lend(const ArrowArray& from, ArrowArray& to) {
    to = from;
    to.private_data = this;
    to.release = [](ArrowArray* array) {
      static_cast<LentBatch*>(array->private_data)->released_ = true;
      array->release = nullptr;
    };
    if (from.n_children > 0) {
      auto& pointers = pointers_.emplace_back();
      for (std::int64_t i = 0; i < from.n_children; ++i) {
        auto& child = arrays_.emplace_back();
        lend(*from.children[i], child);
        pointers.push_back(&child);
      }
      to.children = pointers.data();
    }
    if (from.dictionary != nullptr) {
      auto& words = arrays_.emplace_back();
      lend(*from.dictionary, words);
      to.dictionary = &words;
    }
  }

  static void add(std::uint64_t& hash, const void* data, std::size_t size) {
    for (const auto* byte = static_cast<const unsigned char*>(data); size > 0; ++byte, --size) hash = (hash ^ *byte) * 0x100000001b3u;
  }
  static void add_number(std::uint64_t& hash, std::int64_t number) { add(hash, &number, sizeof number); }
  static void add_texts(std::uint64_t& hash, const ArrowArray& array) {
    const auto rows = static_cast<std::size_t>(array.length + array.offset);
    if (array.buffers[1] == nullptr) return;
    const auto* ends = static_cast<const std::int32_t*>(array.buffers[1]);
    add(hash, ends, (rows + 1) * sizeof(std::int32_t));
    if (array.buffers[2] != nullptr && ends[rows] > 0) add(hash, array.buffers[2], static_cast<std::size_t>(ends[rows]));
  }
  static std::size_t width_of(const Field& field) {
    if (field.dictionary || field.type == Type::date32) return 4;
    return 8;
  }
  [[nodiscard]] std::uint64_t fingerprint() const {
    std::uint64_t hash = 0xcbf29ce484222325u;
    add_number(hash, array_.length), add_number(hash, array_.n_children);
    if (released_) return hash;
    for (std::int64_t i = 0; i < array_.n_children; ++i) {
      const auto& child = *array_.children[i];
      const auto& field = schema_.fields[static_cast<std::size_t>(i)];
      add_number(hash, child.length), add_number(hash, child.offset), add_number(hash, child.null_count);
      const auto rows = static_cast<std::size_t>(child.length + child.offset);
      if (child.buffers[0] != nullptr) add(hash, child.buffers[0], (rows + 7) / 8);
      if (child.n_buffers == 3)
        add_texts(hash, child);
      else if (child.buffers[1] != nullptr)
        add(hash, child.buffers[1], field.type == Type::boolean && !field.dictionary ? (rows + 7) / 8 : rows * width_of(field));
      if (child.dictionary != nullptr) add_texts(hash, *child.dictionary);
    }
    return hash;
  }

  const Schema& schema_;
  ArrowArray array_{};
  std::deque<ArrowArray> arrays_;
  std::deque<std::vector<ArrowArray*>> pointers_;
  std::uint64_t before_ = 0;
  bool released_ = false;
};

}  // namespace qonduit::host
