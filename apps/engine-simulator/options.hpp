// What the simulator serves and where. Filled by the command line or by a test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "session/assumptions.hpp"
#include "session/faults.hpp"

namespace qonduit::simulator {

// Of the app "synthetic".
struct SyntheticShape {
  std::uint64_t rows = 1'000'000;
  std::uint32_t columns = 8;
  std::uint32_t text_columns = 2;
  std::uint64_t seed = 1;
};

// What FrontDoor asks for in proxy mode.
struct ProxyOptions {
  bool enabled = false;
  std::string prefix;                                                  // of the virtual proxy; empty: the default one
  std::string header;                                                  // header authentication: who this header names
  std::string user_directory = "PROXY";                                // of users that come without one
  std::string jwt_key;                                                 // JWT authentication: PEM file of the public key, RS256
  bool tickets = false;                                                // tickets for callers with a client certificate
  std::vector<std::string> api_keys;                                   // bearers let in as they are
  std::string oauth_client;                                            // CLIENT_ID:SECRET that /oauth/token answers
  bool csrf = false;                                                   // the upgrade must carry the token of /qps/csrftoken
  std::vector<std::string> allowed_hosts;                              // of the Host header; empty: any
  enum class Tells { first, after_call, never } tells = Tells::first;  // OnAuthenticationInformation
};

struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 4747;
  std::string port_file;
  std::string fault_report;  // written at the end: which faults happened, and how often
  bool plain = false;
  bool desktop = false;  // plain, and one user who names himself nowhere
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
  Assumptions assumptions;
  ProxyOptions proxy;
};

}  // namespace qonduit::simulator
