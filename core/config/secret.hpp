// A text that must not appear in a log, an error or a listing. It has no operator<<, no conversion and no formatter: who needs the
// text says reveal(), which is easy to find in a review. The memory is wiped when the secret ends.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace qonduit::config {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret& other) {
    if (this != &other) wipe(), text_ = other.text_;
    return *this;
  }
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) wipe(), text_ = std::move(other.text_), other.wipe();
    return *this;
  }
  ~Secret() { wipe(); }

  // The text, for the one place that uses it.
  [[nodiscard]] std::string_view reveal() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

 private:
  void wipe() noexcept {
    volatile char* bytes = text_.data();
    for (std::size_t i = 0; i < text_.size(); ++i) bytes[i] = 0;
    text_.clear();
  }

  std::string text_;
};

}  // namespace qonduit::config
