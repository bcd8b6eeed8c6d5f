#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>

#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/host.hpp"
#include "apps/qonduit/progress_printer.hpp"
#include "apps/qonduit/recorded_configuration.hpp"
#include "apps/qonduit/recorded_state.hpp"
#include "apps/qonduit/report_printer.hpp"
#include "apps/qonduit/table.hpp"
#include "apps/qonduit/text.hpp"
#include "core/engine/websocket_transport.hpp"
#include "core/recording/cassette_writer.hpp"
#include "core/recording/json_scrambler.hpp"
#include "core/recording/recorder.hpp"

namespace qonduit::app {
namespace {

namespace fs = std::filesystem;

// What is recorded together: pipelines that read one app through one connection.
struct Group {
  std::vector<pipeline::Bound> pipelines;
  fs::path file;
};

// One file for all, or a folder with one for each app.
Result<std::vector<Group>> groups_of(const Host& host, const fs::path& to) {
  std::map<std::pair<std::string, std::string>, std::size_t> by_app;
  std::vector<Group> groups;
  for (const auto& bound : host.bound) {
    const auto [place, is_new] = by_app.try_emplace({bound.pipeline->connection, bound.pipeline->app}, groups.size());
    if (is_new) groups.push_back({});
    groups[place->second].pipelines.push_back(bound);
    groups[place->second].pipelines.back().sinks.clear();  // read, and deliver nothing
  }
  std::error_code ignored;
  const bool folder = fs::is_directory(to, ignored) || !to.has_filename();
  if (groups.size() > 1 && !folder) {
    return Status(Code::invalid_argument, "these pipelines read " + std::to_string(groups.size()) +
                                              " apps, and a recording holds one: give a folder to --to, or name the pipelines of one app");
  }
  for (auto& group : groups) group.file = folder ? to / (group.pipelines.front().pipeline->name + ".cassette") : to;
  return groups;
}

class Recording {
 public:
  Recording(const Host& host, const RecordRequest& request, const recording::JsonScrambler& scrambler, const Arguments& arguments)
      : host_(host), request_(request), scrambler_(scrambler), json_(arguments.json), quiet_(arguments.quiet) {}

  // Records one app; its reports are kept for the end. What is wrong with the files is in refusal().
  int record(const Group& group, const std::stop_token& stop) {
    auto recorder = recording::Recorder::create(group.file, request_.overwrite, scrambler_, QONDUIT_VERSION);
    if (!recorder) return refused(recorder.error());
    const auto beside = configuration_beside(group.file);
    auto configuration = recording::CassetteWriter::create(beside, request_.overwrite);
    if (!configuration) return refused(configuration.error());

    std::vector<RecordedPipeline> recorded;
    for (const auto& bound : group.pipelines) {
      if (const int code = read(bound, **recorder, stop, recorded); code != kDone) return code;
    }
    if (auto status = (*configuration)->line(recorded_configuration(host_.loaded, recorded, scrambler_)); !status.ok()) {
      return refused(status);
    }
    // The recording last: where it is, all of it is.
    if (auto status = (*configuration)->finish(); !status.ok()) return refused(status);
    if (auto status = (*recorder)->finish(); !status.ok()) return refused(status);
    if (!json_ && !quiet_) std::cout << "recorded " << group.file.string() << ", configuration " << beside.string() << std::endl;
    return kDone;
  }

  [[nodiscard]] const std::vector<pipeline::RunReport>& reports() const { return reports_; }
  [[nodiscard]] const std::string& refusal() const { return refusal_; }

 private:
  int refused(const Status& status) {
    refusal_ = status.message();
    return kRunFailed;
  }

  int read(const pipeline::Bound& bound, const recording::Recorder& recorder, const std::stop_token& stop,
           std::vector<RecordedPipeline>& recorded) {
    ProgressPrinter progress(STDERR_FILENO);
    for (const auto& field : RecordedState::fields_of(bound.pipeline->state)) recorder.keep_values_of(field);
    pipeline::RunSettings settings;
    settings.transport = recorder.listen_to(engine::connect_websocket);
    settings.caller_prints = true;
    if (!quiet_) settings.progress = [&](const pipeline::Progress& step) { progress.show(step); };
    reports_.push_back(pipeline::execute(bound, settings, stop));
    progress.clear();
    const auto& report = reports_.back();
    if (!json_ && !quiet_) {
      std::cout << "pipeline " << report.pipeline << "\n\n";
      print_report(std::cout, report, terminal_width());
    }
    if (const int code = exit_code(report.outcome); code != kDone) {
      return failed_with(code, report.status.message() + "; nothing was recorded");
    }
    RecordedPipeline entry{&bound, recorder.app(), &recorder, {}, {}, {}, {}};
    const auto keep = [](std::vector<std::string>& names, const std::string& name) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    };
    for (const auto& dataset : report.datasets) {
      for (const auto& [name, value] : dataset.loop) {
        if (name == "bookmark") keep(entry.bookmarks, value);
      }
      if (dataset.object_id.starts_with("field:")) keep(entry.fields, dataset.object_id.substr(6));
      if (dataset.object_id.starts_with("table:")) keep(entry.tables, dataset.object_id.substr(6));
      if (!recorder.has_object(dataset.object_id)) continue;  // what the host made itself is configured by other keys
      keep(entry.objects, dataset.object_id);
    }
    recorded.push_back(std::move(entry));
    return kDone;
  }

  const Host& host_;
  const RecordRequest& request_;
  const recording::JsonScrambler& scrambler_;
  bool json_, quiet_;
  std::vector<pipeline::RunReport> reports_;
  std::string refusal_;
};

}  // namespace

int record_command(const Arguments& arguments, const std::vector<std::string>& pipelines, const RecordRequest& request,
                   const std::stop_token& stop) {
  Host host;
  load_pipelines(host, arguments, pipelines);
  if (host.exit_code != 0 || !certificates_load(host)) return host.exit_code;
  const auto groups = groups_of(host, request.to);
  if (!groups) return refuse(host, kUsage, groups.error().message()), host.exit_code;
  const auto key = recording::random_key();  // dies with this process: there is no way back
  if (!key) return refuse(host, kRunFailed, key.error().message()), host.exit_code;
  const recording::JsonScrambler scrambler(request.scramble, *key);

  Recording recording(host, request, scrambler, arguments);
  int code = kDone;
  for (const auto& group : *groups) {
    code = recording.record(group, stop);
    if (code != kDone) break;
  }
  if (!recording.refusal().empty()) return refuse(host, code, recording.refusal()), host.exit_code;
  if (arguments.json) print_report_json(std::cout, recording.reports());
  return code;
}

}  // namespace qonduit::app
