// check: what can be said before a run, without the network or, with --probe, with it.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <iostream>

#include "apps/qonduit/colour.hpp"
#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/host.hpp"
#include "apps/qonduit/json_output.hpp"
#include "apps/qonduit/table.hpp"
#include "core/engine/certificates.hpp"
#include "core/engine/websocket_transport.hpp"
#include "core/pipeline/shared_targets.hpp"

namespace qonduit::app {
namespace {

// What a check finds, for people as it goes, or for machines at the end: one object either way.
class Findings {
 public:
  Findings(const Host& host, const Arguments& arguments) : host_(host), json_(arguments.json), quiet_(arguments.quiet) {}

  void warn(const std::string& text) {
    warnings_.push_back(text);
    std::cerr << "qonduit: warning: " << printable(text) << '\n';
  }

  void probed(const pipeline::ProbeLine& line) {
    const bool ok = line.status.ok();
    lines_.add({ok, line.what, line.status.message()});
    if (json_ || (ok && quiet_)) return;
    std::cout << (ok ? coloured("ok", Colour::good) + "      " : coloured("failed", Colour::bad) + "  ") << printable(line.what);
    if (!ok) std::cout << ": " << printable_lines(line.status.message(), 10);
    std::cout << std::endl;
  }

  void finish(bool ok, bool probe) const {
    if (!json_) {
      if (ok && !probe && !quiet_) std::cout << coloured("ok", Colour::good) << ": " << counts() << '\n';
      return;
    }
    Poco::JSON::Object::Ptr all = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    all->set("ok", ok);
    all->set("pipelines", static_cast<Poco::UInt64>(host_.bound.size()));
    all->set("sinks", static_cast<Poco::UInt64>(host_.config().sinks.size()));
    all->set("connections", static_cast<Poco::UInt64>(host_.config().connections.size()));
    all->set("warnings", array_of(warnings_));
    if (probe) all->set("probed", lines_.json());
    print_json(std::cout, all);
  }

 private:
  [[nodiscard]] std::string counts() const {
    const auto count = [](std::size_t number, const char* noun) { return counted(static_cast<std::int64_t>(number), noun); };
    return count(host_.bound.size(), "pipeline") + ", " + count(host_.config().sinks.size(), "sink") + ", " +
           count(host_.config().connections.size(), "connection");
  }

  const Host& host_;
  bool json_, quiet_;
  std::vector<std::string> warnings_;
  Table lines_{{{"reached"}, {"what"}, {"error"}}};
};

}  // namespace

int check_command(const Arguments& arguments, bool probe, const std::stop_token& stop) {
  Host host;
  load_pipelines(host, arguments, {});
  if (host.exit_code != 0) return host.exit_code;

  // Certificates are files, not network: a check without --probe looks at them too.
  std::vector<const config::Connection*> connections;
  for (const auto& connection : host.config().connections) connections.push_back(&connection);
  if (!certificates_load(host, connections)) return host.exit_code;
  Findings findings(host, arguments);
  for (const auto& warning : host.warnings) findings.warn(warning);
  for (const auto* connection : connections) {
    const auto material = engine::load_certificates(*connection);
    if (!material) continue;  // gone in between: a run says so
    for (const auto& warning : material->warnings) findings.warn("connection '" + connection->name + "': " + warning);
  }

  int code = kDone;
  if (probe) {
    pipeline::RunSettings settings;
    settings.transport = engine::connect_websocket;
    settings.app_ids = &host.app_ids;
    pipeline::SharedTargets shared;
    const auto say = [&](const pipeline::ProbeLine& line) {
      findings.probed(line);
      if (line.status.ok() || code != kDone) return;
      code = line.what.starts_with("connection") ? kCannotConnect : kRunFailed;
    };
    for (const auto& bound : host.bound) {
      for (const auto& line : pipeline::probe(bound, settings, stop, shared)) say(line);
    }
    for (const auto& problem : shared.problems()) say({"targets", {Code::invalid_config, problem}});
  }
  if (stop.stop_requested()) code = kInterrupted;
  findings.finish(code == kDone, probe);
  return code;
}

}  // namespace qonduit::app
