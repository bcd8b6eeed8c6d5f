// HMAC-SHA-256 with one key, over one text after the other. The home of OpenSSL in this folder. One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "core/config/secret.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline::transform {

class KeyedHash {
 public:
  using Digest = std::array<std::uint8_t, 32>;

  static Result<KeyedHash> create(const config::Secret& key);
  KeyedHash(KeyedHash&&) noexcept;
  KeyedHash& operator=(KeyedHash&&) noexcept;
  ~KeyedHash();

  // False where OpenSSL refuses: the digest is then not to be used.
  bool digest(std::string_view text, Digest& out);

 private:
  struct State;
  explicit KeyedHash(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace qonduit::pipeline::transform
