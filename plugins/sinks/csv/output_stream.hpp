// What stands between the encoder and the file: compression where wanted, and the SHA-256 of the bytes in the file.
#pragma once

#include <qonduit/status.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "csv_options.hpp"

namespace qonduit::csv {

class OutputStream {
 public:
  using Write = std::function<Status(std::string_view)>;

  OutputStream(Compression compression, int level, Write write);
  OutputStream(OutputStream&&) noexcept;
  OutputStream& operator=(OutputStream&&) noexcept;
  ~OutputStream();

  Status write(std::string_view bytes);
  // Ends the compressed stream.
  Status finish();
  [[nodiscard]] std::uint64_t bytes() const;  // in the file
  std::string digest();                       // hexadecimal; once, after finish

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace qonduit::csv
