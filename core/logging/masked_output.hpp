// Standard output and standard error without secrets, whoever writes to them: reports, tables, errors, JSON.
#pragma once

#include <memory>
#include <ostream>
#include <string_view>

namespace qonduit::logging {

// While it lives, what is written to a stream arrives with every registered secret as ********. Lines are handed on when they end, and
// what has been begun when the stream is flushed or this ends: a secret is not printed in two halves. One thread writes to a stream at a
// time.
class MaskedOutput {
 public:
  explicit MaskedOutput(std::ostream& stream);
  MaskedOutput(const MaskedOutput&) = delete;
  MaskedOutput& operator=(const MaskedOutput&) = delete;
  ~MaskedOutput();

  // Hands on what is left. 0 when all of it was taken, else the errno of the first that was not.
  [[nodiscard]] int finish();

 private:
  friend void write_masked(std::ostream& stream, std::string_view text);
  class Buffer;
  std::ostream& stream_;
  std::unique_ptr<Buffer> buffer_;
  std::ios_base::fmtflags flags_;
};

// Writes a text whose secrets are masked already, as it is: JSON, whose texts are masked one by one, because a secret may look like a
// number or a word of what is around it.
void write_masked(std::ostream& stream, std::string_view text);

}  // namespace qonduit::logging
