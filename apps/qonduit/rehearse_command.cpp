#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/host.hpp"
#include "apps/qonduit/progress_printer.hpp"
#include "apps/qonduit/recorded_configuration.hpp"
#include "apps/qonduit/rehearsal_printer.hpp"
#include "apps/qonduit/text.hpp"
#include "core/engine/websocket_transport.hpp"
#include "core/logging/logging.hpp"
#include "core/rehearsal/simulator.hpp"
#include "core/rehearsal/throwaway_certificates.hpp"
#include "core/rehearsal/witness.hpp"

namespace qonduit::app {
namespace {

namespace fs = std::filesystem;
using rehearsal::Outcome;

// A folder that goes away with all that is in it.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::error_code error;
    auto pattern = (fs::temp_directory_path(error) / "qonduit-rehearsal-XXXXXX").string();
    if (!error && ::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

fs::path simulator_beside_this() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path() / "qonduit-simulator";
}

// The simulated engine in place of the configured one; how patiently it is asked stays.
config::Connection rehearsal_connection(const config::Connection& real, const std::string& url, const fs::path& certificates) {
  config::Connection connection = real;
  connection.url = url;
  connection.auth = config::Auth::certificate;
  connection.user = "UserDirectory=REHEARSAL; UserId=qonduit";
  connection.user_header = config::Connection{}.user_header;
  connection.root_certificate = certificates / "root.pem";
  connection.client_certificate = certificates / "client.pem";
  connection.client_key = certificates / "client_key.pem";
  connection.key_passphrase.reset();
  connection.system_trust = false;
  return connection;
}

class Rehearsal {
 public:
  Rehearsal(const Host& host, const RehearsalRequest& request, const fs::path& scratch, bool quiet, const std::stop_token& stop)
      : host_(host), request_(request), scratch_(scratch), quiet_(quiet), stop_(stop) {}

  // One day of every pipeline. The seed is the day's.
  Result<RehearsedDay> day(const std::string& profile, std::uint64_t seed) {
    const auto program = request_.simulator.empty() ? simulator_beside_this() : fs::path(request_.simulator);
    auto simulator = rehearsal::Simulator::start({program, scratch_ / "certs", scratch_, request_.cassettes, profile, seed});
    if (!simulator) return std::move(simulator).error();
    RehearsedDay day{profile, seed, {}, {}};
    for (const auto& bound : host_.bound) {
      if (stop_.stop_requested()) return Status(Code::cancelled, "stopped");
      auto attempt = run(bound, (*simulator)->url());
      if (!attempt) return std::move(attempt).error();
      day.attempts.push_back(std::move(*attempt));
    }
    auto faults = (*simulator)->stop();
    if (!faults) return std::move(faults).error();
    day.faults = std::move(*faults);
    return day;
  }

 private:
  Result<rehearsal::Attempt> run(const pipeline::Bound& configured, const std::string& url) {
    rehearsal::Attempt attempt;
    attempt.ledgers = scratch_ / ("run-" + std::to_string(++runs_));
    std::error_code error;
    if (!fs::create_directory(attempt.ledgers, error)) return Status(Code::io, "cannot make '" + attempt.ledgers.string() + "'");
    const auto connection = rehearsal_connection(*configured.connection, url, scratch_ / "certs");
    const auto sink = rehearsal::witness_sink(attempt.ledgers);
    auto bound = configured;
    bound.connection = &connection;
    bound.sinks = {{&sink, &rehearsal::witness_component()}};

    ProgressPrinter progress(STDERR_FILENO);
    pipeline::RunSettings settings;
    settings.transport = engine::connect_websocket;
    settings.caller_prints = true;
    if (!quiet_) settings.progress = [&](const pipeline::Progress& step) { progress.show(step); };
    attempt.report = pipeline::execute(bound, settings, stop_);
    return attempt;
  }

  const Host& host_;
  const RehearsalRequest& request_;
  fs::path scratch_;
  bool quiet_;
  std::stop_token stop_;
  int runs_ = 0;
};

int exit_code_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::right: return kDone;
    case Outcome::failed: return kRunFailed;
    case Outcome::wrong: return kWrongRows;
    case Outcome::interrupted: return kInterrupted;
  }
  return kWrongRows;
}

// Wrong rows are worse than a failure, and a stop ends it all.
int worse(int one, int other) {
  static constexpr int kOrder[] = {kDone, kRunFailed, kWrongRows, kInterrupted};
  const auto rank = [](int code) { return std::find(std::begin(kOrder), std::end(kOrder), code) - std::begin(kOrder); };
  return rank(one) >= rank(other) ? one : other;
}

int stopped_or(const std::stop_token& stop, int code) { return stop.stop_requested() ? kInterrupted : code; }

int rehearse(Host& host, const RehearsalRequest& request, const Arguments& arguments, const std::stop_token& stop) {
  const ScratchFolder scratch;
  if (scratch.path().empty())
    return refuse(host, kRunFailed, std::string("cannot make a temporary folder: ") + std::strerror(errno)), host.exit_code;
  std::error_code error;
  fs::create_directory(scratch.path() / "certs", error);
  if (auto status = rehearsal::make_certificates(scratch.path() / "certs"); !status.ok())
    return refuse(host, kRunFailed, status.message()), host.exit_code;

  Rehearsal rehearsal(host, request, scratch.path(), arguments.quiet, stop);
  const auto calm = rehearsal.day("calm", request.seed);
  if (!calm) return refuse(host, stopped_or(stop, kRunFailed), calm.error().message()), host.exit_code;
  for (const auto& attempt : calm->attempts) {
    if (attempt.report.outcome == pipeline::RunOutcome::done) continue;
    return refuse(host, stopped_or(stop, kRunFailed), "the calm run, which says what is right, failed: " + attempt.report.status.message()),
           host.exit_code;
  }
  RehearsalPrinter printer(arguments.json, arguments.quiet, *calm);
  int code = kDone;
  for (int i = 0; i < request.times && code != kInterrupted; ++i) {
    const auto day = rehearsal.day(request.profile, request.seed + static_cast<std::uint64_t>(i));
    // Nothing was told yet, and of later days those before are.
    if (!day && i == 0) return refuse(host, stopped_or(stop, kRunFailed), day.error().message()), host.exit_code;
    if (!day) {
      code = worse(code, failed_with(stopped_or(stop, kRunFailed), day.error().message()));
      break;
    }
    std::vector<rehearsal::Verdict> verdicts;
    for (std::size_t p = 0; p < day->attempts.size(); ++p) {
      auto verdict = rehearsal::judge(calm->attempts[p], day->attempts[p]);
      if (!verdict) return refuse(host, kRunFailed, verdict.error().message()), host.exit_code;
      code = worse(code, exit_code_of(verdict->outcome));
      verdicts.push_back(std::move(*verdict));
    }
    printer.show(*day, verdicts);
  }
  printer.finish();
  return code;
}

}  // namespace

int rehearse_command(const Arguments& given, const std::vector<std::string>& pipelines, const RehearsalRequest& request,
                     const std::stop_token& stop) {
  auto arguments = given;
  std::error_code error;
  Host host;
  host.json = arguments.json;
  for (const auto& cassette : request.cassettes) {
    if (!fs::exists(cassette, error)) return refuse(host, kUsage, "there is no recording '" + cassette + "'"), host.exit_code;
  }
  if (arguments.config_file.empty()) {
    // A recording comes with the configuration that fits it.
    const auto beside = configuration_beside(request.cassettes.front());
    if (fs::exists(beside, error)) arguments.config_file = beside.string();
  }
  load_pipelines(host, arguments, pipelines);
  if (host.exit_code != 0) return host.exit_code;
  // What goes wrong on such a day is in the verdicts, and of no interest line by line.
  logging::least_on_stderr(logging::Level::error);
  return rehearse(host, request, arguments, stop);
}

}  // namespace qonduit::app
