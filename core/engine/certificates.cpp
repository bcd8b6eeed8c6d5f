#include "core/engine/certificates.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <Poco/Net/SSLException.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>

namespace qonduit::engine {
namespace {

using WallClock = std::chrono::system_clock;
using Path = std::filesystem::path;

constexpr int kWarningDays = 30;

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* pointer) const noexcept {
    Free(pointer);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

std::string quoted(const Path& path) { return "'" + path.string() + "'"; }

std::string day(WallClock::time_point time) {
  const auto seconds = WallClock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

Result<std::string> read_file(const Path& path, const std::string& what) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const auto code = errno == ENOENT ? Code::not_found : errno == EACCES ? Code::forbidden : Code::io;
    return Status(code, what + " " + quoted(path) + " cannot be read: " + std::strerror(errno));
  }
  std::string text;
  char buffer[4096];
  ssize_t got = 0;
  while ((got = ::read(fd, buffer, sizeof buffer)) > 0) text.append(buffer, static_cast<std::size_t>(got));
  const int error = errno;
  ::close(fd);
  if (got < 0) return Status(Code::io, what + " " + quoted(path) + " cannot be read: " + std::strerror(error));
  return text;
}

WallClock::time_point time_of(const ASN1_TIME* time) {
  std::tm parts{};
  ASN1_TIME_to_tm(time, &parts);
  return WallClock::from_time_t(timegm(&parts));
}

// Every certificate of a PEM file, each valid now; a warning for one that ends soon.
Result<std::vector<Certificate>> read_certificates(const Path& path, const std::string& what, WallClock::time_point now,
                                                   std::vector<std::string>& warnings) {
  auto text = read_file(path, what);
  if (!text) return std::move(text).error();
  const Bio bio(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  std::vector<Certificate> certificates;
  while (X509* read = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) certificates.emplace_back(read);
  ERR_clear_error();
  if (certificates.empty())
    return Status(Code::invalid_config,
                  what + " " + quoted(path) + " holds no certificate in PEM format; export it from the QMC as platform independent PEM");
  for (const auto& certificate : certificates) {
    const auto begin = time_of(X509_get0_notBefore(certificate.get()));
    const auto end = time_of(X509_get0_notAfter(certificate.get()));
    if (now < begin)
      return Status(Code::unauthenticated,
                    what + " " + quoted(path) + " is not valid before " + day(begin) + "; is this machine's clock right?");
    if (now > end)
      return Status(Code::unauthenticated, what + " " + quoted(path) + " expired on " + day(end) + "; export a new one from the QMC");
    const auto days = std::chrono::duration_cast<std::chrono::hours>(end - now).count() / 24;
    if (days < kWarningDays)
      warnings.push_back(what + " " + quoted(path) + " expires in " + std::to_string(days) + " days, on " + day(end));
  }
  return certificates;
}

// Nobody but its owner may read a private key, and the owner is root or us. libpq's rule.
Status check_key_file(const Path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    return {errno == ENOENT ? Code::not_found : Code::forbidden,
            "private key " + quoted(path) + " cannot be read: " + std::strerror(errno)};
  }
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return {Code::forbidden, "private key " + quoted(path) + " is open to group or others; chmod 600 it"};
  if (info.st_uid != 0 && info.st_uid != ::geteuid()) {
    return {Code::forbidden,
            "private key " + quoted(path) + " belongs to user " + std::to_string(info.st_uid) + "; chown it to the user qonduit runs as"};
  }
  return {};
}

struct Passphrase {
  const config::Secret* secret = nullptr;
  bool asked = false;
};

int give_passphrase(char* buffer, int size, int, void* context) {
  auto& passphrase = *static_cast<Passphrase*>(context);
  passphrase.asked = true;
  if (passphrase.secret == nullptr) return 0;
  const auto text = passphrase.secret->reveal();
  const auto length = std::min(text.size(), static_cast<std::size_t>(size));
  std::memcpy(buffer, text.data(), length);
  return static_cast<int>(length);
}

Result<Key> read_key(const config::Connection& connection) {
  const auto& path = connection.client_key;
  if (auto status = check_key_file(path); !status.ok()) return status;
  auto text = read_file(path, "private key");
  if (!text) return std::move(text).error();
  const Bio bio(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  Passphrase passphrase{connection.key_passphrase ? &*connection.key_passphrase : nullptr};
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, &passphrase));
  OPENSSL_cleanse(text->data(), text->size());
  ERR_clear_error();
  if (key) return key;
  if (passphrase.asked) {
    const auto why = passphrase.secret == nullptr ? " needs a passphrase; set connection." + connection.name +
                                                        ".key-passphrase = ${file:/path}, or export it without one"
                                                  : std::string(" does not open with the given passphrase");
    return Status(Code::invalid_config, "private key " + quoted(path) + why);
  }
  return Status(Code::invalid_config, "private key " + quoted(path) + " holds no private key in PEM format");
}

// What the verification of this thread's last handshake has seen. Poco hands on neither the reason nor the certificate.
struct Verification {
  int error = X509_V_OK;
  std::vector<std::string> names;
};

Verification& last_verification() {
  static thread_local Verification last;
  return last;
}

std::vector<std::string> names_of(const X509* certificate) {
  std::vector<std::string> names;
  auto* found = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(found); ++i) {
    const auto* name = sk_GENERAL_NAME_value(found, i);
    if (name->type == GEN_DNS) {
      const auto* text = name->d.dNSName;
      names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), static_cast<std::size_t>(ASN1_STRING_length(text)));
    } else if (name->type == GEN_IPADD) {
      const auto* bytes = ASN1_STRING_get0_data(name->d.iPAddress);
      char text[INET6_ADDRSTRLEN] = "";
      const bool four = ASN1_STRING_length(name->d.iPAddress) == 4;
      if (inet_ntop(four ? AF_INET : AF_INET6, bytes, text, sizeof text) != nullptr) names.emplace_back(text);
    }
  }
  GENERAL_NAMES_free(found);
  return names;
}

// Takes notes, and leaves OpenSSL's verdict as it is.
int note_verification(int accepted, X509_STORE_CTX* store) {
  auto& last = last_verification();
  if (accepted == 0) last.error = X509_STORE_CTX_get_error(store);
  const auto* certificate = X509_STORE_CTX_get_current_cert(store);
  if (certificate != nullptr && X509_STORE_CTX_get_error_depth(store) == 0) last.names = names_of(certificate);
  return accepted;
}

}  // namespace

std::string verify_failure() {
  switch (const int error = last_verification().error) {
    case X509_V_OK: return {};
    case X509_V_ERR_CERT_HAS_EXPIRED: return "has expired; it must be renewed in the QMC";
    case X509_V_ERR_CERT_NOT_YET_VALID: return "is not valid yet; is this machine's clock right?";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return "is not signed by the root certificate given; is root.pem from this site?";
    case X509_V_ERR_INVALID_PURPOSE: return "is not one for servers";
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL: return "has a key that is too short";
    case X509_V_ERR_CA_MD_TOO_WEAK: return "is signed with a hash that is too weak";
    default: return std::string("was not accepted: ") + X509_verify_cert_error_string(error);
  }
}

std::vector<std::string> peer_names() { return last_verification().names; }

Result<TlsMaterial> load_certificates(const config::Connection& connection, WallClock::time_point now) {
  TlsMaterial material;
  if (!connection.url.starts_with("wss://")) return material;
  try {
    // STRICT: RELAXED would accept a certificate made for another host.
    material.context = new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, "", "", "", Poco::Net::Context::VERIFY_STRICT, 9,
                                              connection.system_trust, "ECDHE+AESGCM:ECDHE+CHACHA20");
  } catch (const Poco::Exception& error) {
    return Status(Code::internal, "cannot set up TLS: " + error.displayText());
  }
  SSL_CTX* tls = material.context->sslContext();
  SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
  last_verification() = {};
  SSL_CTX_set_verify(tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, note_verification);
  SSL_CTX_set1_groups_list(tls, "X25519:P-256:P-384");
  material.context->enableExtendedCertificateVerification(true);

  if (!connection.root_certificate.empty()) {
    auto roots = read_certificates(connection.root_certificate, "root certificate", now, material.warnings);
    if (!roots) return std::move(roots).error();
    for (const auto& root : *roots) X509_STORE_add_cert(SSL_CTX_get_cert_store(tls), root.get());
  }
  if (connection.client_certificate.empty()) return material;

  auto chain = read_certificates(connection.client_certificate, "client certificate", now, material.warnings);
  if (!chain) return std::move(chain).error();
  auto key = read_key(connection);
  if (!key) return std::move(key).error();
  if (X509_check_private_key(chain->front().get(), key->get()) != 1) {
    ERR_clear_error();
    return Status(Code::invalid_config, "private key " + quoted(connection.client_key) + " does not belong to client certificate " +
                                            quoted(connection.client_certificate));
  }
  SSL_CTX_use_certificate(tls, chain->front().get());
  for (std::size_t i = 1; i < chain->size(); ++i) SSL_CTX_add1_chain_cert(tls, (*chain)[i].get());
  SSL_CTX_use_PrivateKey(tls, key->get());
  return material;
}

}  // namespace qonduit::engine
