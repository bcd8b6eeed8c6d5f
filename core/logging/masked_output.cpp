#include "core/logging/masked_output.hpp"

#include <cerrno>
#include <streambuf>
#include <string>
#include <string_view>

#include "core/logging/logging.hpp"

namespace qonduit::logging {

class MaskedOutput::Buffer final : public std::streambuf {
 public:
  explicit Buffer(std::streambuf* target) : target_(target) {}

  [[nodiscard]] std::streambuf* target() const { return target_; }
  [[nodiscard]] int error() const { return error_; }
  bool write_as_it_is(std::string_view text) { return hand_on(pending_.size()) && put(text); }

 protected:
  int_type overflow(int_type c) override {
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    const char byte = traits_type::to_char_type(c);
    return xsputn(&byte, 1) == 1 ? c : traits_type::eof();
  }
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    pending_.append(text, static_cast<std::size_t>(size));
    const auto end = pending_.rfind('\n');
    return end == std::string::npos || hand_on(end + 1) ? size : 0;
  }
  int sync() override {
    if (!hand_on(pending_.size())) return -1;
    errno = 0;
    return target_->pubsync() == 0 ? 0 : refused();
  }

 private:
  // False when the target refuses: the stream is bad then, as it would be without us.
  bool hand_on(std::size_t size) {
    const auto text = redacted(std::string_view(pending_).substr(0, size));
    pending_.erase(0, size);
    return put(text);
  }
  bool put(std::string_view text) {
    errno = 0;
    const auto size = static_cast<std::streamsize>(text.size());
    return target_->sputn(text.data(), size) == size || refused() == 0;
  }
  // Always -1. The first reason is the one that counts.
  int refused() {
    if (error_ == 0) error_ = errno == 0 ? EIO : errno;
    return -1;
  }

  std::streambuf* target_;
  std::string pending_;
  int error_ = 0;
};

MaskedOutput::MaskedOutput(std::ostream& stream)
    : stream_(stream), buffer_(std::make_unique<Buffer>(stream.rdbuf())), flags_(stream.flags()) {
  stream_.rdbuf(buffer_.get());
  // Standard error is flushed after each piece, which would be in the middle of a line.
  stream_.unsetf(std::ios_base::unitbuf);
}

int MaskedOutput::finish() {
  stream_.clear();  // what comes behind a failure is lost as well, and the reason is known
  stream_.flush();
  return buffer_->error();
}

void write_masked(std::ostream& stream, std::string_view text) {
  auto* buffer = dynamic_cast<MaskedOutput::Buffer*>(stream.rdbuf());
  if (buffer == nullptr) {
    stream << text;
  } else if (!buffer->write_as_it_is(text)) {
    stream.setstate(std::ios_base::badbit);
  }
}

MaskedOutput::~MaskedOutput() {
  stream_.flush();
  stream_.rdbuf(buffer_->target());
  stream_.flags(flags_);
}

}  // namespace qonduit::logging
