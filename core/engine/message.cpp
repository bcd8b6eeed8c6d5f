#include "core/engine/message.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/engine/json_repair.hpp"

namespace qonduit::engine {

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
  // Poco's Buffer grows by copying; with the capacity given up front this only happens for the largest message so far.
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

Message MessagePool::take() {
  std::unique_ptr<Poco::Buffer<char>> buffer;
  std::size_t largest = 0;
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      buffer = std::move(free_.back());
      free_.pop_back();
    }
    largest = largest_;
  }
  // A quarter of head room: pages differ in the length of their texts.
  const auto wanted = std::max<std::size_t>(4096, largest + largest / 4 + Message::kPadding);
  if (!buffer) buffer = std::make_unique<Poco::Buffer<char>>(wanted);
  if (buffer->capacity() < wanted) buffer->setCapacity(wanted, false);
  buffer->resize(0);
  return Message(std::move(buffer), shared_from_this());
}

Message MessagePool::copy_of(std::string_view text) {
  auto message = take();
  message.buffer().assign(text.data(), text.size());
  message.pad();
  return message;
}

void MessagePool::give_back(std::unique_ptr<Poco::Buffer<char>> buffer) noexcept {
  const std::lock_guard lock(mutex_);
  largest_ = std::max(largest_, buffer->size());
  if (free_.size() < keep_) free_.push_back(std::move(buffer));
}

}  // namespace qonduit::engine
