#include <Poco/Util/ServerApplication.h>

#include <chrono>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <thread>

#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/forced_end.hpp"
#include "apps/qonduit/host.hpp"
#include "apps/qonduit/text.hpp"
#include "apps/qonduit/version.hpp"
#include "core/engine/websocket_transport.hpp"
#include "core/logging/logging.hpp"
#include "core/service/notify.hpp"
#include "core/service/scheduler.hpp"

namespace qonduit::app {
namespace {

// The host as a service: Poco's ServerApplication waits for SIGTERM, the scheduler does the work.
class Service final : public Poco::Util::ServerApplication {
 public:
  Service(Host& host, std::vector<service::Schedule> schedules) : host_(host), schedules_(std::move(schedules)) {}

 private:
  int main(const std::vector<std::string>&) override {
    for (const auto& schedule : schedules_) {
      logging::log(logging::Level::info, "scheduled a pipeline",
                   {{"pipeline", schedule.pipeline}, {"schedule", host_.config().find_pipeline(schedule.pipeline)->schedule}});
    }
    service::Scheduler scheduler(schedules_, [this](const std::string& name, const std::stop_token& stop) { run_pipeline(name, stop); });
    std::jthread watchdog([](const std::stop_token& stop) { keep_alive(stop); });
    service::notify_ready(counted(static_cast<std::int64_t>(schedules_.size()), "scheduled pipeline"));
    waitForTerminationRequest();
    service::notify_stopping();
    logging::log(logging::Level::info, "service stops: runs under way are ended");
    std::stop_source stop;
    const ForcedEnd forced_end(stop.get_token());
    stop.request_stop();
    scheduler.stop();
    logging::log(logging::Level::info, "service stopped");
    return kDone;
  }

  void run_pipeline(const std::string& name, const std::stop_token& stop) {
    for (const auto& bound : host_.bound) {
      if (bound.pipeline->name != name) continue;
      pipeline::RunSettings settings;
      settings.transport = engine::connect_websocket;
      settings.app_ids = &host_.app_ids;
      // The report's failures are in the log already: the service has no other reader.
      pipeline::execute(bound, settings, stop);
    }
  }

  static void keep_alive(const std::stop_token& stop) {
    const auto interval = service::watchdog_interval();
    if (interval.count() == 0) return;
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    while (!stop.stop_requested()) {
      service::notify_alive();
      never.wait_for(lock, stop, interval, [] { return false; });
    }
  }

  Host& host_;
  std::vector<service::Schedule> schedules_;
};

}  // namespace

int serve_command(const Arguments& arguments) {
  Host host;
  load_pipelines(host, arguments, {});
  if (host.exit_code != 0) return host.exit_code;

  std::vector<service::Schedule> schedules;
  for (const auto& bound : host.bound) {
    if (bound.pipeline->every.count() > 0) schedules.push_back({bound.pipeline->name, bound.pipeline->every});
  }
  if (schedules.empty()) {
    std::cerr << "qonduit: no pipeline has a schedule: set pipeline.NAME.schedule = every 15m, or use 'qonduit run'\n";
    return kConfiguration;
  }
  logging::log(logging::Level::info, "service started",
               {{"version", version_text()}, {"configuration", host.config_file}, {"pipelines", schedules.size()}});
  Service service(host, std::move(schedules));
  return service.run(std::vector<std::string>{"qonduit"});
}

}  // namespace qonduit::app
