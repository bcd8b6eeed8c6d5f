// A server that says exactly the bytes a test tells it to: on 127.0.0.1, a port of its own, one connection, plain or TLS. The script runs
// on its own thread; the end of the object waits for it.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace qonduit::engine::testing {

struct Frame {
  int opcode = -1;  // -1: the stream ended
  bool final = false;
  bool masked = false;
  std::string payload;  // unmasked
};

// A frame as a server sends it. Flags: the first byte, FIN included.
std::string frame(int flags, const std::string& payload);
inline constexpr int kFin = 0x80, kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10;
std::string text_frame(const std::string& payload);
std::string close_frame(int code, const std::string& reason = {});

class Peer {
 public:
  Peer(int fd, SSL* tls) : fd_(fd), tls_(tls) {}

  std::string read_request();  // up to the empty line
  void upgrade();              // reads the request, accepts it
  void send(const std::string& bytes);
  void send_slowly(const std::string& bytes);  // one byte in each packet
  Frame receive();
  void wait_for_end();  // until the client has closed
  void reset();         // RST

 private:
  bool read(char* into, std::size_t size);
  int fd_;
  SSL* tls_;
};

// A certificate for localhost, signed by itself, so that it is its own root.
struct Identity {
  std::string certificate, key;  // PEM
};
Identity make_identity(long valid_from_seconds, long valid_to_seconds);

class RawServer {
 public:
  using Script = std::function<void(Peer&)>;
  explicit RawServer(Script script);
  // TLS with this identity; at most that version (0: any). With wants_client the client must show a certificate.
  RawServer(Script script, const Identity& identity, int max_version = 0, bool wants_client = false);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  [[nodiscard]] int port() const { return port_; }

 private:
  struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  RawServer();  // listens
  void serve(const Script& script);

  int listener_ = -1;
  int port_ = 0;
  std::unique_ptr<SSL_CTX, FreeContext> context_;
  std::thread thread_;
};

}  // namespace qonduit::engine::testing
