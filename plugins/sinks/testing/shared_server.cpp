#include "shared_server.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace qonduit::sinks::testing {
namespace {

namespace fs = std::filesystem;

constexpr int kIdle = 30 * 60 * 1000;  // milliseconds
constexpr const char *kEnd = "end", *kPlace = "place";
constexpr char kDone = '+', kFailed = '-';  // an answer's first byte

class Socket {
 public:
  explicit Socket(int file) : file_(file) {}
  Socket(Socket&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~Socket() {
    if (file_ >= 0) ::close(file_);
  }

  [[nodiscard]] int file() const { return file_; }
  void send(const std::string& text) const {
    static_cast<void>(::send(file_, text.data(), text.size(), MSG_NOSIGNAL));  // the reader sees that nothing came
    ::shutdown(file_, SHUT_WR);
  }
  [[nodiscard]] std::string receive() const {
    std::string text;
    std::array<char, 4096> bytes{};
    for (ssize_t got = 0; (got = ::recv(file_, bytes.data(), bytes.size(), 0)) > 0;)
      text.append(bytes.data(), static_cast<std::size_t>(got));
    return text;
  }

 private:
  int file_;
};

Socket open_socket() { return Socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long for a socket: " + path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

bool connects(const Socket& socket, const std::string& path) {
  const auto address = address_of(path);
  return ::connect(socket.file(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

// A line for the folder, then the ports.
std::string words_of(const ServerPlace& place) {
  auto words = place.folder.string() + "\n";
  for (const int port : place.ports) words += std::to_string(port) + " ";
  return words;
}

std::string socket_in(const fs::path& state) {
  std::string path;
  std::ifstream file(state);
  std::getline(file, path);
  return path;
}

}  // namespace

std::unique_ptr<SharedServer> SharedServer::find(const std::string& kind) {
  const char* folder = std::getenv("QONDUIT_TEST_SERVERS");
  auto path = folder == nullptr ? std::string() : socket_in(fs::path(folder) / kind);
  return path.empty() ? nullptr : std::unique_ptr<SharedServer>(new SharedServer(std::move(path)));
}

ServerPlace SharedServer::place() const {
  std::istringstream words(answer(kPlace));
  std::string folder;
  std::getline(words, folder);
  ServerPlace place{folder, {}};
  for (int port = 0; words >> port;) place.ports.push_back(port);
  return place;
}

std::string SharedServer::answer(const std::string& question) const {
  const auto socket = open_socket();
  if (!connects(socket, socket_)) throw std::runtime_error("the keeper of the server at " + socket_ + " is gone");
  socket.send(question);
  const auto answer = socket.receive();
  if (answer.empty() || answer.front() != kDone)
    throw std::runtime_error(question + ": " + (answer.empty() ? "no answer" : answer.substr(1)));
  return answer.substr(1);
}

void keep_server(const KeptServer& server, const fs::path& state, const std::function<void()>& ready) {
  const auto path = (server.place.folder / "keeper").string();
  const auto listener = open_socket();
  const auto address = address_of(path);
  if (::bind(listener.file(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(listener.file(), 8) != 0)
    throw std::runtime_error("cannot listen at " + path);
  std::ofstream(state) << path << '\n';
  ready();
  pollfd waiting{listener.file(), POLLIN, 0};
  while (::poll(&waiting, 1, kIdle) > 0) {
    Socket asker(::accept4(listener.file(), nullptr, nullptr, SOCK_CLOEXEC));
    const auto action = asker.receive();
    if (action == kEnd) {
      // Open until this process is gone: that is what the asker waits for.
      static Socket last(-1);
      last = std::move(asker);
      break;
    }
    try {
      if (action != kPlace) server.actions.at(action)();
      asker.send(kDone + (action == kPlace ? words_of(server.place) : std::string()));
    } catch (const std::exception& error) {
      asker.send(kFailed + std::string(error.what()));
    }
  }
  fs::remove(state);
}

void end_kept_server(const fs::path& state) {
  const auto path = socket_in(state);
  if (path.empty()) return;
  {
    const auto socket = open_socket();
    if (connects(socket, path)) {
      socket.send(kEnd);
      static_cast<void>(socket.receive());
    }
  }
  // Of a keeper that was killed; its server died with it.
  std::error_code ignored;
  if (const auto folder = fs::path(path).parent_path(); folder.filename().string().starts_with("qonduit-")) fs::remove_all(folder, ignored);
  fs::remove(state, ignored);
}

}  // namespace qonduit::sinks::testing
