#include "core/pipeline/transform/keyed_hash.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <utility>

namespace qonduit::pipeline::transform {

struct KeyedHash::State {
  struct Free {
    void operator()(EVP_MAC* held) const { EVP_MAC_free(held); }
    void operator()(EVP_MAC_CTX* held) const { EVP_MAC_CTX_free(held); }
  };
  std::unique_ptr<EVP_MAC, Free> mac;
  std::unique_ptr<EVP_MAC_CTX, Free> context;
};

KeyedHash::KeyedHash(std::unique_ptr<State> state) : state_(std::move(state)) {}
KeyedHash::KeyedHash(KeyedHash&&) noexcept = default;
KeyedHash& KeyedHash::operator=(KeyedHash&&) noexcept = default;
KeyedHash::~KeyedHash() = default;

Result<KeyedHash> KeyedHash::create(const config::Secret& key) {
  auto state = std::make_unique<State>();
  state->mac.reset(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  if (state->mac) state->context.reset(EVP_MAC_CTX_new(state->mac.get()));
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()};
  const auto bytes = key.reveal();
  if (!state->context ||
      EVP_MAC_init(state->context.get(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), parameters) != 1) {
    return Status(Code::internal, "OpenSSL offers no HMAC-SHA-256, which mask = hash needs");
  }
  return KeyedHash(std::move(state));
}

bool KeyedHash::digest(std::string_view text, Digest& out) {
  auto* context = state_->context.get();
  std::size_t size = 0;
  // Without a key: begins again with the one that is set.
  return EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&
         EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1 &&
         EVP_MAC_final(context, out.data(), &size, out.size()) == 1 && size == out.size();
}

}  // namespace qonduit::pipeline::transform
