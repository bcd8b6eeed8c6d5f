#include <algorithm>
#include <filesystem>
#include <iostream>

#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/host.hpp"
#include "apps/qonduit/table.hpp"
#include "apps/qonduit/text.hpp"
#include "core/plugin/instances.hpp"
#include "core/plugin/option_check.hpp"
#include "qonduit/suggestion.hpp"

namespace qonduit::app {
namespace {

namespace fs = std::filesystem;

// A sink that keeps dead letters, and its files.
struct Keeper {
  std::string name;
  host::Sink sink;
  std::vector<DeadLetterFile> files;
};

// Each sink of the configuration, or the one that is named, which keeps dead letters. Problems are printed, and in host.exit_code.
class Keepers {
 public:
  Keepers(Host& host, const Arguments& arguments, const std::string& only) : host_(host), only_(only) {
    load_configuration(host, arguments);
    if (host.exit_code == kDone) load_plugins(host);
    if (host.exit_code == kDone) find();
  }
  std::vector<Keeper>& all() { return all_; }

 private:
  void find() {
    if (!only_.empty() && host_.config().find_sink(only_) == nullptr) {
      std::vector<std::string_view> known;
      for (const auto& sink : host_.config().sinks) known.push_back(sink.name);
      return fail(kConfiguration, "the configuration has no sink '" + only_ + "'" + suggestion(only_, known));
    }
    std::string without;
    for (const auto& sink : host_.config().sinks) {
      if (only_.empty() || only_ == sink.name) add(sink, without);
    }
    if (!all_.empty() || host_.exit_code != kDone) return;
    fail(kConfiguration, without.empty() ? "the configuration has no sink: write sink.NAME.type"
                                         : (only_.empty() ? "no sink keeps dead letters: " : "") + without);
  }

  void add(const config::Sink& sink, std::string& without) {
    const auto* component = host_.registry.find_sink(sink.type);
    if (component == nullptr)
      return fail(kConfiguration, {sink.origin, "sink." + sink.name + ".type", host_.registry.unknown_sink(sink.type)});
    const auto problems = plugin::check_options(*component, sink.options, "sink." + sink.name + ".", sink.origin);
    for (const auto& problem : problems) fail(kConfiguration, problem);
    if (!problems.empty()) return;
    const auto who = "sink '" + sink.name + "': ";
    auto remote = plugin::create_sink(*component, sink);
    if (!remote) return fail(kConfiguration, who + remote.error().message());
    auto files = remote->dead_letters();
    if (files) {
      all_.push_back({sink.name, std::move(*remote), std::move(*files)});
    } else if (files.error().code() == Code::unsupported) {
      without += (without.empty() ? "" : "; ") + who + files.error().message();
    } else {
      fail(kRunFailed, who + files.error().message());
    }
  }

  void fail(int code, const config::Problem& why) {
    complain(host_, why);
    host_.exit_code = code;
  }
  void fail(int code, const std::string& why) { fail(code, config::problem_of(why)); }

  Host& host_;
  const std::string& only_;
  std::vector<Keeper> all_;
};

// A file to replay, and the sink it is of.
struct Replay {
  Keeper* keeper;
  std::string path;
};

fs::path resolved(const std::string& path) {
  std::error_code error;
  auto whole = fs::weakly_canonical(fs::absolute(path, error), error);
  return error ? fs::path(path) : whole;
}

// Which sink's it is, or why there is none to send it.
Result<Replay> find_file(std::vector<Keeper>& keepers, const std::string& path) {
  std::vector<Replay> found;
  std::string names;
  for (auto& keeper : keepers) {
    for (const auto& file : keeper.files) {
      if (resolved(file.path) != resolved(path)) continue;
      found.push_back({&keeper, file.path});
      names += (names.empty() ? "'" : ", '") + keeper.name + "'";
    }
  }
  if (found.size() == 1) return found.front();
  if (found.size() > 1) {
    return Status(Code::invalid_argument,
                  "'" + path + "' is in the dead-letter-directory of several sinks: " + names + "; say with --sink which is to send it");
  }
  std::error_code error;
  if (!fs::exists(path, error)) return Status(Code::not_found, "there is no file '" + path + "'; qonduit dead-letter list shows them");
  for (const auto& keeper : keepers) names += (names.empty() ? "'" : ", '") + keeper.name + "'";
  return Status(Code::invalid_argument, "'" + path + "' is no dead letter file of " + names +
                                            ": it is in no dead-letter-directory of theirs, or holds nothing; qonduit dead-letter list "
                                            "shows the files there are");
}

// Every file that was asked for, or none and all that is wrong.
std::vector<Replay> find_files(Host& host, std::vector<Keeper>& keepers, const ReplayRequest& request) {
  auto paths = request.files;
  if (request.all) {
    for (const auto& keeper : keepers) {
      for (const auto& file : keeper.files) {
        if (std::find(paths.begin(), paths.end(), file.path) == paths.end()) paths.push_back(file.path);
      }
    }
  }
  std::vector<Replay> replays;
  for (const auto& path : paths) {
    auto found = find_file(keepers, path);
    if (!found) {
      complain(host, found.error().message());
      host.exit_code = kUsage;
      continue;
    }
    const auto same = [&](const Replay& other) { return other.path == found->path && other.keeper == found->keeper; };
    if (std::none_of(replays.begin(), replays.end(), same)) replays.push_back(std::move(*found));
  }
  return replays;
}

void print(const Keeper& keeper, const DeadLetterFile& file) {
  std::cout << printable(file.path) << "\n  " << counted(static_cast<std::int64_t>(file.messages), "message") << " of sink '" << keeper.name
            << "'";
  if (!file.first.empty())
    std::cout << ", refused " << printable(file.first) << (file.last == file.first ? "" : " to " + printable(file.last));
  std::cout << ": " << printable(file.reason) << "\n  ";
  const char* between = "";
  for (const auto& [name, value] : {std::pair("pipeline ", &file.pipeline), std::pair("object ", &file.object),
                                    std::pair("dataset ", &file.dataset), std::pair("run ", &file.run_id)}) {
    if (value->empty()) continue;
    std::cout << between << name << printable(*value);
    between = ", ";
  }
  std::cout << '\n';
}

}  // namespace

int list_dead_letters_command(const Arguments& arguments, const std::string& sink) {
  Host host;
  Keepers keepers(host, arguments, sink);
  if (host.exit_code != kDone && keepers.all().empty()) return print_refusal(host), host.exit_code;
  Table table({{"sink"}, {"file"}, {"pipeline"}, {"object"}, {"dataset"}, {"run"}, {"messages"}, {"first"}, {"last"}, {"reason"}});
  for (const auto& keeper : keepers.all()) {
    for (const auto& file : keeper.files) {
      table.add({keeper.name, file.path, file.pipeline, file.object, file.dataset, file.run_id, file.messages, file.first, file.last,
                 file.reason});
      if (!arguments.json) print(keeper, file);
    }
  }
  if (arguments.json) {
    table.print_json(std::cout);
  } else if (table.rows() == 0) {
    std::cout << "no dead letters\n";
  }
  return host.exit_code;
}

int replay_dead_letters_command(const Arguments& arguments, const std::string& sink, const ReplayRequest& request,
                                const std::stop_token& stop) {
  Host host;
  host.json = arguments.json;
  if (request.files.empty() != request.all) {
    refuse(host, kUsage,
           request.all ? "dead-letter replay: name files, or give --all, not both"
                       : "dead-letter replay: name the files (qonduit dead-letter list shows them), or give --all");
    return kUsage;
  }
  Keepers keepers(host, arguments, sink);
  const auto replays = host.exit_code == kDone ? find_files(host, keepers.all(), request) : std::vector<Replay>();
  if (host.exit_code != kDone) return print_refusal(host), host.exit_code;

  int code = kDone;
  Table table({{"sink"}, {"file"}, {"sent"}, {"stayed"}, {"error"}});
  for (const auto& [keeper, path] : replays) {
    if (stop.stop_requested()) {
      code = kInterrupted;
      break;
    }
    Replayed replayed;
    const auto status = keeper->sink.replay(path, replayed);
    if (!status.ok() || replayed.stayed > 0) code = kRunFailed;
    table.add({keeper->name, path, replayed.sent, replayed.stayed, status.message()});
    if (arguments.json) continue;
    std::cout << printable(path) << ": " << counted(static_cast<std::int64_t>(replayed.sent), "message") << " sent, "
              << grouped(static_cast<std::int64_t>(replayed.stayed)) << " stayed" << std::endl;
    if (!status.ok()) {
      failed_with(kRunFailed, "sink '" + keeper->name + "': replay of '" + path + "': " + status.message());
    } else if (replayed.stayed > 0) {
      failed_with(kRunFailed, "sink '" + keeper->name + "': messages of '" + path +
                                  "' were refused again; the file says why (qonduit dead-letter list)");
    }
  }
  if (arguments.json) table.print_json(std::cout);
  if (!arguments.json && replays.empty()) std::cout << "no dead letters\n";
  return code;
}

}  // namespace qonduit::app
