#include "core/rehearsal/throwaway_certificates.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

namespace qonduit::rehearsal {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using PrivateKey = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

constexpr long kEarlier = -3600, kLifetime = 60L * 86'400;  // longer than the month within which a host warns

// What a certificate is for. The issuer signs; without one it signs itself.
struct Purpose {
  const char* name;
  const char* constraints;
  const char* usage;
  const char* extended;  // null: none
  const char* names;     // subjectAltName; null: none
};

bool add_extension(X509* certificate, X509* issuer, int id, const char* value) {
  if (value == nullptr) return true;
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Free> extension(X509V3_EXT_conf_nid(nullptr, &context, id, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

Certificate make(const Purpose& purpose, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  Certificate made(X509_new());
  std::uint64_t serial = 0;
  if (!made || RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return nullptr;
  X509* signer = issuer == nullptr ? made.get() : issuer;
  auto* subject = X509_get_subject_name(made.get());
  const bool ok =
      X509_set_version(made.get(), 2) == 1 && ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial >> 1) == 1 &&
      X509_gmtime_adj(X509_getm_notBefore(made.get()), kEarlier) != nullptr &&
      X509_gmtime_adj(X509_getm_notAfter(made.get()), kLifetime) != nullptr && X509_set_pubkey(made.get(), key) == 1 &&
      X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(purpose.name), -1, -1, 0) == 1 &&
      X509_set_issuer_name(made.get(), X509_get_subject_name(signer)) == 1 &&
      add_extension(made.get(), signer, NID_basic_constraints, purpose.constraints) &&
      add_extension(made.get(), signer, NID_key_usage, purpose.usage) &&
      add_extension(made.get(), signer, NID_ext_key_usage, purpose.extended) &&
      add_extension(made.get(), signer, NID_subject_alt_name, purpose.names) &&
      X509_sign(made.get(), issuer_key == nullptr ? key : issuer_key, EVP_sha256()) > 0;
  return ok ? std::move(made) : nullptr;
}

Status write(const std::filesystem::path& file, const std::unique_ptr<BIO, Free>& bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool ok = fd >= 0 && ::write(fd, data, static_cast<std::size_t>(size)) == size;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  return ok ? Status() : Status(Code::io, "cannot write '" + file.string() + "': " + std::strerror(error));
}

Status write(const std::filesystem::path& file, X509* certificate) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509(bio.get(), certificate) != 1) return {Code::internal, "a certificate cannot be written as PEM"};
  return write(file, bio);
}

Status write(const std::filesystem::path& file, EVP_PKEY* key) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return {Code::internal, "a key cannot be written as PEM"};
  }
  return write(file, bio);
}

}  // namespace

Status make_certificates(const std::filesystem::path& folder) {
  static constexpr Purpose kRoot{"qonduit rehearsal", "critical,CA:TRUE", "critical,keyCertSign,cRLSign", nullptr, nullptr};
  static constexpr Purpose kServer{"localhost", "critical,CA:FALSE", "critical,digitalSignature", "serverAuth",
                                   "DNS:localhost,IP:127.0.0.1,IP:::1"};
  static constexpr Purpose kClient{"QlikClient", "critical,CA:FALSE", "critical,digitalSignature", "clientAuth", nullptr};
  const PrivateKey root_key(EVP_EC_gen("P-256"));
  const auto root = root_key ? make(kRoot, root_key.get(), nullptr, nullptr) : nullptr;
  if (!root) return {Code::internal, "cannot make certificates for the rehearsal"};
  if (auto status = write(folder / "root.pem", root.get()); !status.ok()) return status;
  for (const auto& [name, purpose] : {std::pair("server", &kServer), std::pair("client", &kClient)}) {
    const PrivateKey key(EVP_EC_gen("P-256"));
    const auto certificate = key ? make(*purpose, key.get(), root.get(), root_key.get()) : nullptr;
    if (!certificate) return {Code::internal, "cannot make certificates for the rehearsal"};
    if (auto status = write(folder / (std::string(name) + ".pem"), certificate.get()); !status.ok()) return status;
    if (auto status = write(folder / (std::string(name) + "_key.pem"), key.get()); !status.ok()) return status;
  }
  return {};
}

}  // namespace qonduit::rehearsal
