#include <unistd.h>

#include <iostream>

#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/host.hpp"
#include "apps/qonduit/progress_printer.hpp"
#include "apps/qonduit/report_printer.hpp"
#include "apps/qonduit/table.hpp"
#include "apps/qonduit/text.hpp"
#include "core/engine/websocket_transport.hpp"

namespace qonduit::app {

int run_command(const Arguments& arguments, const std::vector<std::string>& pipelines, const std::stop_token& stop) {
  Host host;
  load_pipelines(host, arguments, pipelines);
  if (host.exit_code != 0 || !certificates_load(host)) return host.exit_code;

  ProgressPrinter progress(STDERR_FILENO);
  pipeline::RunSettings settings;
  settings.transport = engine::connect_websocket;
  settings.app_ids = &host.app_ids;
  settings.caller_prints = !arguments.json;
  settings.takeover = arguments.takeover;
  if (!arguments.quiet) settings.progress = [&](const pipeline::Progress& step) { progress.show(step); };

  std::vector<pipeline::RunReport> reports;
  int worst = kDone;
  for (const auto& bound : host.bound) {
    reports.push_back(pipeline::execute(bound, settings, stop));
    progress.clear();
    const auto& report = reports.back();
    if (!arguments.json && !arguments.quiet) {
      std::cout << (reports.size() > 1 ? "\n" : "") << "pipeline " << report.pipeline << ", run " << report.run_id
                << (report.app.empty() ? "" : ", app " + printable(report.app)) << "\n\n";
      print_report(std::cout, report, terminal_width());
    }
    if (!arguments.json) {
      for (const auto& reason : failures(report)) say_problem(reason);
    }
    const int code = exit_code(report.outcome);
    if (worst == kDone || code == kInterrupted) worst = code;
    if (code == kInterrupted) break;
  }
  if (arguments.json) print_report_json(std::cout, reports);
  return worst;
}

}  // namespace qonduit::app
