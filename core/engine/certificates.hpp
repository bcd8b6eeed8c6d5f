// Certificates and keys, checked before any byte goes over the network, so that what is wrong with a file is said in words and not by a
// TLS alert. Owns no connection. Thread-safe: every call reads the files anew, which is how rotation works.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <Poco/Net/Context.h>

#include "core/config/config.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

struct TlsMaterial {
  Poco::Net::Context::Ptr context;    // null for ws://
  std::vector<std::string> warnings;  // a certificate that ends within 30 days
};

// Errors: not_found, forbidden (a key others can read), invalid_config (not PEM, key does not match, passphrase), unauthenticated (expired,
// not yet valid). now is for tests.
Result<TlsMaterial> load_certificates(const config::Connection& connection,
                                      std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

// Why OpenSSL did not accept the certificate of the peer of this thread's last handshake, in words: "has expired". Empty: it did.
std::string verify_failure();
// The names that certificate is for: host names and addresses.
std::vector<std::string> peer_names();

}  // namespace qonduit::engine
