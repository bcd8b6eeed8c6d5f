// What the simulator serves and where. Filled by the command line or by a test.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/synthetic_app.hpp"
#include "session/faults.hpp"
#include "wire/front_door.hpp"

namespace qonduit::simulator {

struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 4747;
  std::string port_file;
  std::string fault_report;  // written at the end: which faults happened, and how often
  bool plain = false;
  std::string certificate;
  std::string key;
  std::string ca;
  std::vector<std::string> apps;
  bool gallery = false;
  bool synthetic = false;
  SyntheticShape shape;
  std::string layouts;
  bool layouts_trim = false;
  std::vector<std::string> cassettes;
  std::size_t session_limit = 0;  // sessions of one user at once; 0: any number
  Faults faults;
  ProxyOptions proxy;
};

}  // namespace qonduit::simulator
