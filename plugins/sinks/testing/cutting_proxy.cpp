#include "cutting_proxy.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace qonduit::sinks::testing {
namespace {

constexpr int kTick = 100;  // milliseconds until a thread looks whether it should stop

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

CuttingProxy::CuttingProxy(int server_port, std::string word)
    : server_port_(server_port), word_(std::move(word)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
  auto address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("the proxy cannot listen");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

CuttingProxy::~CuttingProxy() {
  stopping_ = true;
  acceptor_.join();
  for (auto& connection : connections_) connection.join();
  ::close(listener_);
}

void CuttingProxy::accept_all() {
  while (!stopping_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, kTick) <= 0) continue;
    const int client = ::accept(listener_, nullptr, nullptr);
    if (client >= 0) connections_.emplace_back([this, client] { pass(client); });
  }
}

void CuttingProxy::pass(int client) {
  const int server = ::socket(AF_INET, SOCK_STREAM, 0);
  const auto address = loopback(server_port_);
  bool going = ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  const int at_once = 1;
  for (const int socket : {client, server}) ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  bool swallow = false;
  std::array<char, 65536> bytes{};
  while (going && !stopping_) {
    std::array<pollfd, 2> ends{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
    if (::poll(ends.data(), ends.size(), kTick) <= 0) continue;
    for (std::size_t i = 0; i < ends.size() && going; ++i) {
      if (ends[i].revents == 0) continue;
      const auto got = ::recv(ends[i].fd, bytes.data(), bytes.size(), 0);
      const std::string_view text(bytes.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
      going = got > 0;
      if (!going) break;
      const bool from_client = i == 0;
      if (from_client && text.find(word_) != std::string_view::npos) {
        const auto cut = cut_.exchange(Cut::nothing);
        if (cut != Cut::nothing) ++cuts_;
        going = cut != Cut::request;
        swallow = cut == Cut::answer;
      }
      if (!from_client && swallow) going = false;  // the server has done it; nobody hears
      if (going) going = send_all(from_client ? server : client, text);
    }
  }
  ::close(client);
  ::close(server);
}

}  // namespace qonduit::sinks::testing
