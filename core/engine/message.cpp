#include "core/engine/message.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/engine/json_repair.hpp"

namespace qonduit::engine {
namespace {

constexpr std::size_t kLarge = 64 << 10;  // below this an allocation costs nothing

}  // namespace

Message::Message(std::unique_ptr<Poco::Buffer<char>> buffer, std::shared_ptr<MessagePool> pool)
    : buffer_(std::move(buffer)), pool_(std::move(pool)) {}

Message& Message::operator=(Message&& other) noexcept {
  if (this != &other) {
    give_back();
    buffer_ = std::move(other.buffer_);
    pool_ = std::move(other.pool_);
    repaired_ = other.repaired_;
  }
  return *this;
}

Message::~Message() { give_back(); }

void Message::give_back() noexcept {
  if (buffer_ && pool_) pool_->give_back(std::move(buffer_));
}

void Message::pad() {
  const auto size = buffer_->size();
  // Poco's Buffer grows by copying; there is room where the message was made with it.
  if (buffer_->capacity() < size + kPadding) buffer_->setCapacity(size + kPadding, true);
  std::memset(buffer_->begin() + size, ' ', kPadding);
}

std::size_t Message::make_readable() noexcept {
  if (!repaired_) {
    write_long_integers_as_reals(buffer_->begin(), buffer_->size());
    repaired_ = repair_utf16(buffer_->begin(), buffer_->size());
  }
  return *repaired_;
}

std::shared_ptr<MessagePool> MessagePool::create(std::size_t keep) { return std::shared_ptr<MessagePool>(new MessagePool(keep)); }

Message MessagePool::take(std::size_t size) {
  const auto needed = size + Message::kPadding;
  std::unique_ptr<Poco::Buffer<char>> buffer;
  if (needed >= kLarge) {
    const std::lock_guard lock(mutex_);
    auto best = free_.end();
    for (auto it = free_.begin(); it != free_.end(); ++it) {
      const auto capacity = (*it)->capacity();
      if (capacity >= needed && capacity <= 2 * needed && (best == free_.end() || capacity < (*best)->capacity())) best = it;
    }
    if (best != free_.end()) {
      buffer = std::move(*best);
      free_.erase(best);
    }
  }
  // An eighth of head room: pages differ in the length of their texts.
  if (!buffer) buffer = std::make_unique<Poco::Buffer<char>>(needed < kLarge ? needed : needed + needed / 8);
  buffer->resize(0);
  return Message(std::move(buffer), shared_from_this());
}

void MessagePool::make_room(Message& message, std::size_t size) {
  auto& buffer = message.buffer();
  if (buffer.capacity() >= size + Message::kPadding) return;
  // Pieces come one after the other: twice as much is copied, at most.
  auto larger = take(buffer.size() == 0 ? size : std::max(size, 2 * buffer.capacity()));
  larger.buffer().append(buffer.begin(), buffer.size());
  message = std::move(larger);
}

Message MessagePool::copy_of(std::string_view text) {
  auto message = take(text.size());
  message.buffer().assign(text.data(), text.size());
  message.pad();
  return message;
}

void MessagePool::give_back(std::unique_ptr<Poco::Buffer<char>> buffer) noexcept {
  if (buffer->capacity() < kLarge) return;
  const std::lock_guard lock(mutex_);
  if (free_.size() < keep_) return free_.push_back(std::move(buffer));
  // The sizes of pages change with the objects: the oldest makes room.
  free_.erase(free_.begin());
  free_.push_back(std::move(buffer));
}

}  // namespace qonduit::engine
