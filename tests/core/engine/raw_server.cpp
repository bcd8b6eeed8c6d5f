#include "raw_server.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace qonduit::engine::testing {
namespace {

std::string base64(const unsigned char* bytes, std::size_t size) {
  std::string text(4 * ((size + 2) / 3), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size));
  return text;
}

std::string pem(const std::function<void(BIO*)>& write) {
  BIO* memory = BIO_new(BIO_s_mem());
  write(memory);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

}  // namespace

std::string frame(int flags, const std::string& payload) {
  std::string bytes(1, static_cast<char>(flags));
  const auto size = payload.size();
  const auto push = [&](int count) {
    for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) bytes += static_cast<char>(size >> shift & 0xFF);
  };
  if (size < 126) {
    push(1);
  } else if (size < 65536) {
    bytes += static_cast<char>(126);
    push(2);
  } else {
    bytes += static_cast<char>(127);
    push(8);
  }
  return bytes + payload;
}

std::string text_frame(const std::string& payload) { return frame(kFin | kText, payload); }

std::string close_frame(int code, const std::string& reason) {
  return frame(kFin | kClose, std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)} + reason);
}

bool Peer::read(char* into, std::size_t size) {
  while (size > 0) {
    const auto got = tls_ != nullptr ? SSL_read(tls_, into, static_cast<int>(size)) : static_cast<int>(::recv(fd_, into, size, 0));
    if (got <= 0) return false;
    into += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

std::string Peer::read_request() {
  std::string text;
  char byte = 0;
  while (!text.ends_with("\r\n\r\n") && read(&byte, 1)) text += byte;
  return text;
}

void Peer::upgrade() {
  const auto request = read_request();
  if (request.empty()) return;  // the client did not like the handshake: what it says of that is what the test looks at
  const std::string name = "Sec-WebSocket-Key: ";
  const auto at = request.find(name);
  if (at == std::string::npos) throw std::runtime_error("no key in the request: " + request);
  const auto begin = at + name.size();
  // RFC 6455, section 1.3.
  const auto joined = request.substr(begin, request.find('\r', begin) - begin) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(joined.data(), joined.size(), digest, &size, EVP_sha1(), nullptr);
  send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + base64(digest, size) +
       "\r\n\r\n");
}

void Peer::send(const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto left = bytes.size() - sent;
    const auto done = tls_ != nullptr ? SSL_write(tls_, bytes.data() + sent, static_cast<int>(left))
                                      : static_cast<int>(::send(fd_, bytes.data() + sent, left, MSG_NOSIGNAL));
    if (done <= 0) return;  // the client has gone: what it says of that is what the test looks at
    sent += static_cast<std::size_t>(done);
  }
}

void Peer::send_slowly(const std::string& bytes) {
  for (const char byte : bytes) send(std::string(1, byte));
}

Frame Peer::receive() {
  Frame got;
  char head[2];
  if (!read(head, 2)) return got;
  got.opcode = head[0] & 0x0F;
  got.final = (head[0] & kFin) != 0;
  got.masked = (head[1] & 0x80) != 0;
  std::size_t size = static_cast<unsigned char>(head[1]) & 0x7Fu;
  char more[8];
  const std::size_t extra = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (!read(more, extra)) return {};
  if (extra > 0) size = 0;
  for (std::size_t i = 0; i < extra; ++i) size = size << 8 | static_cast<unsigned char>(more[i]);
  char mask[4] = {};
  if (got.masked && !read(mask, 4)) return {};
  got.payload.resize(size);
  if (!read(got.payload.data(), size)) return {};
  for (std::size_t i = 0; i < size; ++i) got.payload[i] = static_cast<char>(got.payload[i] ^ mask[i % 4]);
  return got;
}

void Peer::wait_for_end() {
  char byte = 0;
  while (read(&byte, 1)) {
  }
}

void Peer::reset() {
  const linger now{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

Identity make_identity(long valid_from_seconds, long valid_to_seconds) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), valid_from_seconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate), valid_to_seconds);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  for (const auto& [id, value] : {std::pair{NID_subject_alt_name, "DNS:localhost"}, std::pair{NID_basic_constraints, "critical,CA:TRUE"}}) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }
  X509_sign(certificate, key, EVP_sha256());
  Identity made{pem([&](BIO* out) { PEM_write_bio_X509(out, certificate); }),
                pem([&](BIO* out) { PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); })};
  X509_free(certificate);
  EVP_PKEY_free(key);
  return made;
}

RawServer::RawServer() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 1) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("cannot listen");
  port_ = ntohs(address.sin_port);
}

RawServer::RawServer(Script script) : RawServer() {
  thread_ = std::thread([this, script = std::move(script)] { serve(script); });
}

RawServer::RawServer(Script script, const Identity& identity, int max_version, bool wants_client) : RawServer() {
  context_.reset(SSL_CTX_new(TLS_server_method()));
  if (max_version != 0) {
    SSL_CTX_set_max_proto_version(context_.get(), max_version);
    SSL_CTX_set_security_level(context_.get(), 0);
  }
  BIO* text = BIO_new_mem_buf(identity.certificate.data(), -1);
  X509* certificate = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
  SSL_CTX_use_certificate(context_.get(), certificate);
  X509_free(certificate);
  BIO_free(text);
  text = BIO_new_mem_buf(identity.key.data(), -1);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(text, nullptr, nullptr, nullptr);
  SSL_CTX_use_PrivateKey(context_.get(), key);
  EVP_PKEY_free(key);
  BIO_free(text);
  if (wants_client) SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  thread_ = std::thread([this, script = std::move(script)] { serve(script); });
}

RawServer::~RawServer() {
  // Wakes an accept nobody came for.
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void RawServer::serve(const Script& script) {
  const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (fd < 0) return;
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  SSL* tls = context_ ? SSL_new(context_.get()) : nullptr;
  bool ready = true;
  if (tls != nullptr) {
    SSL_set_fd(tls, fd);
    ready = SSL_accept(tls) == 1;
  }
  Peer peer(fd, tls);
  if (ready) script(peer);
  SSL_free(tls);
  ::close(fd);
}

}  // namespace qonduit::engine::testing
