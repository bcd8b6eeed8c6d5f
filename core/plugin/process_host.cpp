#include "core/plugin/process_host.hpp"

namespace qonduit::plugin {

host::Host& process_host() {
  static auto& host = *new host::Host();
  return host;
}

}  // namespace qonduit::plugin
