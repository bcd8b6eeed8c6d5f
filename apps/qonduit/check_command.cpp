#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <iostream>

#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/host.hpp"
#include "apps/qonduit/table.hpp"
#include "apps/qonduit/text.hpp"
#include "core/engine/certificates.hpp"
#include "core/engine/websocket_transport.hpp"

namespace qonduit::app {

int check_command(const Arguments& arguments, bool probe, const std::stop_token& stop) {
  Host host;
  load_pipelines(host, arguments, {});
  if (host.exit_code != 0) return host.exit_code;

  // Certificates are files, not network: a check without --probe looks at them too.
  int code = kDone;
  for (const auto& connection : host.config().connections) {
    const auto material = engine::load_certificates(connection);
    if (!material) {
      std::cerr << "qonduit: connection '" << connection.name << "': " << material.error().message() << '\n';
      code = kConfiguration;
      continue;
    }
    for (const auto& warning : material->warnings)
      std::cerr << "qonduit: warning: connection '" << connection.name << "': " << warning << '\n';
  }
  if (code != kDone) return code;
  for (const auto& warning : host.warnings) std::cerr << "qonduit: warning: " << printable(warning) << '\n';
  if (!probe) {
    if (!arguments.json) {
      std::cout << "ok: " << host.bound.size() << " pipelines, " << host.config().sinks.size() << " sinks, "
                << host.config().connections.size() << " connections\n";
    } else {
      Poco::JSON::Object said(Poco::JSON_PRESERVE_KEY_ORDER);
      said.set("ok", true);
      said.set("pipelines", host.bound.size());
      said.set("warnings", array_of(host.warnings));
      said.stringify(std::cout);
      std::cout << '\n';
    }
    return kDone;
  }

  pipeline::RunSettings settings;
  settings.transport = engine::connect_websocket;
  Table lines({{"reached"}, {"what"}, {"error"}});
  for (const auto& bound : host.bound) {
    for (const auto& line : pipeline::probe(bound, settings, stop)) {
      lines.add({line.status.ok(), line.what, line.status.message()});
      if (!arguments.json) {
        std::cout << (line.status.ok() ? "ok      " : "failed  ") << printable(line.what);
        if (!line.status.ok()) std::cout << ": " << printable(line.status.message());
        std::cout << std::endl;
      }
      if (line.status.ok() || code != kDone) continue;
      code = line.what.starts_with("connection") ? kCannotConnect : kRunFailed;
    }
  }
  if (arguments.json) lines.print_json(std::cout);
  return stop.stop_requested() ? kInterrupted : code;
}

}  // namespace qonduit::app
