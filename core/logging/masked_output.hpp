// Standard output and standard error without secrets, whoever writes to them: reports, tables, errors, JSON.
#pragma once

#include <memory>
#include <ostream>

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

 private:
  class Buffer;
  std::ostream& stream_;
  std::unique_ptr<Buffer> buffer_;
  std::ios_base::fmtflags flags_;
};

}  // namespace qonduit::logging
