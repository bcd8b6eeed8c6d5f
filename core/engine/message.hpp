// A complete text message off the wire, in memory that JSON parsers may overread. Large ones come from a pool and go back to it when
// they end, on whatever thread: at full speed no memory is allocated for pages. The pool outlives the messages by shared ownership.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include <Poco/Buffer.h>

namespace qonduit::engine {

class MessagePool;

class Message {
 public:
  static constexpr std::size_t kPadding = 64;  // readable bytes behind text(); at least QONDUIT_REPLY_PADDING

  Message() = default;
  Message(Message&&) noexcept = default;
  Message& operator=(Message&& other) noexcept;
  ~Message();

  [[nodiscard]] std::string_view text() const noexcept {
    return buffer_ ? std::string_view(buffer_->begin(), buffer_->size()) : std::string_view();
  }
  [[nodiscard]] bool empty() const noexcept { return text().empty(); }
  [[nodiscard]] bool has_buffer() const noexcept { return buffer_ != nullptr; }
  // The transport's: the bytes received so far. ENSURES after pad(): kPadding readable bytes follow text().
  [[nodiscard]] Poco::Buffer<char>& buffer() noexcept { return *buffer_; }
  void pad();
  // Makes readable what engines send and JSON parsers do not read: json_repair.hpp. Answers how many halves of UTF-16 pairs are U+FFFD now;
  // asked again, the same.
  std::size_t make_readable() noexcept;

 private:
  friend class MessagePool;
  Message(std::unique_ptr<Poco::Buffer<char>> buffer, std::shared_ptr<MessagePool> pool);
  void give_back() noexcept;

  std::unique_ptr<Poco::Buffer<char>> buffer_;
  std::shared_ptr<MessagePool> pool_;
  std::optional<std::size_t> repaired_;  // once it is readable
};

// Thread-safe. Keeps at most `keep` large buffers for reuse. A message has a buffer of about its size: many small ones that wait must not
// take the memory of as many large ones.
class MessagePool : public std::enable_shared_from_this<MessagePool> {
 public:
  static std::shared_ptr<MessagePool> create(std::size_t keep = 8);
  Message take(std::size_t size = 0);  // empty, with room for so many bytes and the padding
  // What the message holds stays; it has room for so many bytes in all.
  void make_room(Message& message, std::size_t size);
  Message copy_of(std::string_view text);  // padded; for tests and replays

 private:
  friend class Message;
  explicit MessagePool(std::size_t keep) : keep_(keep) {}
  void give_back(std::unique_ptr<Poco::Buffer<char>> buffer) noexcept;

  std::mutex mutex_;
  std::size_t keep_;
  std::vector<std::unique_ptr<Poco::Buffer<char>>> free_;
};

}  // namespace qonduit::engine
