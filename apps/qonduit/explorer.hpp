// What the commands that look into a living app share: the connection they use and the app they open. They read, and change nothing.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "apps/qonduit/command_line.hpp"
#include "apps/qonduit/host.hpp"
#include "core/engine/catalog.hpp"
#include "core/engine/session.hpp"

namespace qonduit::app {

class Explorer {
 public:
  Explorer(const Arguments& arguments, const Exploration& what, const std::stop_token& stop, Need configuration = Need::required)
      : arguments_(arguments), what_(what), stop_(stop), need_(configuration) {}

  // Reads the configuration and logs in; with an app it is opened. False: the problem is printed, and exit_code() says which kind.
  bool connect();
  bool open_app();
  // Loads the plugins; false as above.
  bool find_adapters();
  // Prints a failure; answers its exit code, for `return`.
  int fail(const Status& status);
  // The same of a part, when the rest was printed.
  int fail_in_part(const Status& status);

  [[nodiscard]] int exit_code() const { return host_.exit_code; }
  [[nodiscard]] Host& host() { return host_; }
  [[nodiscard]] engine::Session& session() { return *session_; }
  [[nodiscard]] const config::Connection& connection() const { return *connection_; }
  [[nodiscard]] const std::vector<pipeline::NamedAdapter>& adapters() const { return adapters_; }  // with their defaults
  // The one object the words name.
  Result<engine::ObjectRef> find_object();

 private:
  bool choose_connection();

  const Arguments& arguments_;
  const Exploration& what_;
  std::stop_token stop_;
  Need need_;
  Host host_;
  const config::Connection* connection_ = nullptr;
  std::vector<pipeline::NamedAdapter> adapters_;
  std::unique_ptr<engine::Session> session_;
  bool logged_in_ = false;
};

}  // namespace qonduit::app
