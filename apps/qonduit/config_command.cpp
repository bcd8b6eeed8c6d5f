#include <iostream>

#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/host.hpp"

namespace qonduit::app {

int config_command(const Arguments& arguments) {
  Host host;
  load_configuration(host, arguments);
  if (host.exit_code != 0) return host.exit_code;
  std::cout << (arguments.json ? config::effective_json(host.loaded) : config::effective_text(host.loaded));
  return kDone;
}

}  // namespace qonduit::app
