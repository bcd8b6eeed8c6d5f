// explain: what a run would do and cost, before it does.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <set>

#include "apps/qonduit/commands.hpp"
#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/host.hpp"
#include "apps/qonduit/json_output.hpp"
#include "apps/qonduit/table.hpp"
#include "apps/qonduit/text.hpp"
#include "core/engine/websocket_transport.hpp"
#include "core/pipeline/estimate.hpp"
#include "core/pipeline/shared_targets.hpp"

namespace qonduit::app {
namespace {

using Align = Table::Align;
using pipeline::DatasetEstimate;
using pipeline::RunEstimate;

std::string seconds_text(double seconds) {
  if (seconds < 0) return "?";
  if (seconds >= 60) return clock_time(seconds);
  char text[32];
  if (seconds < 1)
    std::snprintf(text, sizeof text, "%.1f ms", seconds * 1000);
  else
    std::snprintf(text, sizeof text, "%.1f s", seconds);
  return text;
}

std::string count_text(std::int64_t count) { return count < 0 ? "?" : grouped(count); }
std::string memory_text(std::int64_t bytes) { return bytes < 0 ? "?" : byte_text(bytes); }

std::string label(const DatasetEstimate& dataset) {
  auto text = dataset.facts.title.empty() ? dataset.facts.id : dataset.facts.title;
  if (!dataset.dataset.empty()) text += " [" + dataset.dataset + "]";
  return text;
}

std::string label_with_turn(const DatasetEstimate& dataset) {
  return label(dataset) + (dataset.turn.empty() ? "" : " [" + dataset.turn + "]");
}

// Rows as they are read, of which a filter may leave some out.
std::string rows_text(const DatasetEstimate& dataset) {
  return (dataset.filtered && dataset.rows > 0 ? "up to " : "") + count_text(dataset.rows);
}

// adds 25,000 rows to table "Orders".
std::string target_text(const DatasetEstimate& dataset, const pipeline::TargetEstimate& target) {
  const auto& plan = target.plan;
  if (plan.before.empty() && plan.after.empty()) return plan.target;
  const auto rows = dataset.rows < 0 ? std::string("rows") : rows_text(dataset) + (dataset.rows == 1 ? " row" : " rows");
  return plan.before + (plan.before.empty() ? "" : " ") + rows + (plan.after.empty() ? "" : " ") + plan.after;
}

Table table_of(const RunEstimate& estimate) {
  Table table({{"object"},
               {"type"},
               {"adapter"},
               {"rows", Align::right},
               {"columns", Align::right},
               {"cells", Align::right},
               {"calls", Align::right},
               {"time", Align::right},
               {"memory", Align::right}});
  for (const auto& dataset : estimate.datasets) {
    if (dataset.skipped) continue;
    table.add({label_with_turn(dataset), dataset.facts.type, dataset.adapter, rows_text(dataset), count_text(dataset.columns),
               count_text(dataset.cells), count_text(dataset.calls), seconds_text(dataset.seconds), memory_text(dataset.memory)});
  }
  table.add({std::string("total"), std::string(), std::string(), count_text(estimate.rows()), std::string(), count_text(estimate.cells()),
             count_text(estimate.calls()), seconds_text(estimate.seconds()), memory_text(estimate.memory())});
  return table;
}

// What the turns of a loop say alike is said once, and so is what many objects say in the same turns.
void print_lines(const std::vector<DatasetEstimate>& datasets) {
  struct Line {
    std::string what, text, turns;
    std::vector<std::string> objects;
  };
  std::vector<Line> lines;  // of one object each
  const auto say = [&](const char* what, const DatasetEstimate& dataset, const std::string& text) {
    auto object = printable(label(dataset)) + " (" + printable(dataset.facts.type) + ")";
    const auto said = std::find_if(lines.begin(), lines.end(),
                                   [&](const auto& one) { return one.what == what && one.text == text && one.objects.front() == object; });
    if (said == lines.end()) return static_cast<void>(lines.push_back({what, text, dataset.turn, {std::move(object)}}));
    if (!dataset.turn.empty()) said->turns += (said->turns.empty() ? "" : "; ") + dataset.turn;
  };
  for (const auto& dataset : datasets) {
    for (const auto& note : dataset.notes) say(dataset.skipped ? "skipped: " : "note: ", dataset, note);
    for (const auto& warning : dataset.warnings) say("warning: ", dataset, warning);
    if (!dataset.status.ok()) say("fails: ", dataset, dataset.status.message());
  }
  std::vector<Line> alike;
  for (auto& line : lines) {
    const auto same = std::find_if(alike.begin(), alike.end(), [&](const auto& one) {
      return one.what == line.what && one.text == line.text && one.turns == line.turns;
    });
    if (same == alike.end())
      alike.push_back(std::move(line));
    else
      same->objects.push_back(std::move(line.objects.front()));
  }
  constexpr std::size_t kEach = 3;  // objects that are named by themselves
  for (const auto& line : alike) {
    const auto turns = line.turns.empty() ? std::string() : " [" + cut(printable(line.turns), 60) + "]";
    const auto text = ": " + printable_lines(line.text, 2) + turns + "\n";
    if (line.objects.size() > kEach) {
      std::string names;
      for (const auto& object : line.objects) names += (names.empty() ? "" : "; ") + object;
      std::cout << line.what << line.objects.size() << " objects (" << cut(names, 100) << ")" << text;
    } else {
      for (const auto& object : line.objects) std::cout << line.what << object << text;
    }
  }
}

void print_targets(const RunEstimate& estimate) {
  std::cout << "\ndelivers to ";
  for (std::size_t i = 0; i < estimate.sinks.size(); ++i)
    std::cout << (i == 0 ? "" : ", ") << estimate.sinks[i].name << " (" << estimate.sinks[i].type << ")";
  for (const auto& sink : estimate.sinks) {
    if (!sink.status.ok()) std::cout << "\n            " << sink.name << ": fails: " << printable(sink.status.message());
    for (const auto& dataset : estimate.datasets) {
      for (const auto& target : dataset.targets) {
        const auto text = target.sink == sink.name ? target_text(dataset, target) : std::string();
        if (!text.empty()) std::cout << "\n            " << sink.name << ": " << printable(text);
      }
    }
  }
}

void print(const RunEstimate& estimate) {
  std::cout << "pipeline " << estimate.pipeline;
  if (!estimate.app.empty()) std::cout << ", app " << printable(estimate.app) << " (" << printable(estimate.app_id) << ")";
  std::cout << ", connection " << estimate.connection << "\n\n";
  if (!estimate.connected) return;
  table_of(estimate).print(std::cout, terminal_width());
  for (const auto& problem : estimate.problems) std::cout << "fails: " << printable(problem) << '\n';
  for (const auto& note : estimate.notes) std::cout << "note: " << printable(note) << '\n';
  print_lines(estimate.datasets);
  print_targets(estimate);
  std::cout << "\nbudget      ";
  if (estimate.budget_cells == 0)
    std::cout << "none (budget.cells is not set)";
  else
    std::cout << count_text(estimate.cells()) << " of " << grouped(estimate.budget_cells) << " cells";
  std::cout << "\nlatency     " << seconds_text(estimate.latency) << ", the median of five calls; connecting took "
            << seconds_text(estimate.connect_seconds) << "\nwindow      "
            << (estimate.window == 0 ? "as many pages at a time as the way to the engine asks for"
                                     : std::to_string(estimate.window) + (estimate.window == 1 ? " page at a time" : " pages at a time"))
            << "\nparallel    "
            << (estimate.parallel == 1 ? std::string("one object after the other")
                                       : std::to_string(estimate.parallel) + " objects at a time, and small ones beside them")
            << "\nmeasured    one page of each dataset, read and forgotten, in " << count_text(estimate.engine_calls) << " calls with "
            << count_text(estimate.waits) << " waits; sinks are not part of time and memory\n\n";
}

Poco::Dynamic::Var seconds_or_null(double seconds) { return seconds < 0 ? Poco::Dynamic::Var() : Poco::Dynamic::Var(seconds); }

void set_status(Poco::JSON::Object& object, const Status& status) {
  if (status.ok()) return;
  object.set("code", std::string(to_string(status.code())));
  object.set("error", status.message());
}

Poco::JSON::Object::Ptr object_of(const DatasetEstimate& dataset) {
  Poco::JSON::Object::Ptr object = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
  object->set("object", dataset.facts.id);
  object->set("type", dataset.facts.type);
  object->set("title", dataset.facts.title);
  object->set("sheet", dataset.facts.sheet);
  object->set("dataset", dataset.dataset);
  if (!dataset.turn.empty()) object->set("foreach", dataset.turn);
  object->set("adapter", dataset.adapter);
  object->set("outcome", std::string(dataset.skipped ? "skipped" : dataset.status.ok() ? "delivered" : "failed"));
  object->set("rows", count_or_null(dataset.rows));
  object->set("filtered", dataset.filtered);
  object->set("columns", count_or_null(dataset.columns));
  object->set("cells", count_or_null(dataset.cells));
  object->set("calls", count_or_null(dataset.calls));
  object->set("seconds", seconds_or_null(dataset.seconds));
  object->set("memory", count_or_null(dataset.memory));
  if (dataset.page) {
    Poco::JSON::Object::Ptr page = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    page->set("calls", dataset.page->calls);
    page->set("cells", dataset.page->cells);
    page->set("bytes", dataset.page->reply_bytes);
    page->set("seconds", dataset.page->seconds);
    object->set("measured_page", page);
  }
  Poco::JSON::Array::Ptr targets = new Poco::JSON::Array;
  for (const auto& target : dataset.targets) {
    Poco::JSON::Object::Ptr one = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    one->set("sink", target.sink);
    one->set("target", target.plan.target);
    one->set("does", target_text(dataset, target));
    targets->add(one);
  }
  object->set("targets", targets);
  object->set("notes", array_of(dataset.notes));
  object->set("warnings", array_of(dataset.warnings));
  set_status(*object, dataset.status);
  return object;
}

Poco::JSON::Object::Ptr object_of(const RunEstimate& estimate) {
  Poco::JSON::Object::Ptr object = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
  object->set("pipeline", estimate.pipeline);
  object->set("connection", estimate.connection);
  object->set("app", estimate.app);
  object->set("app_id", estimate.app_id);
  object->set("refused", !estimate.status.ok());
  set_status(*object, estimate.status);
  object->set("rows", count_or_null(estimate.rows()));
  object->set("cells", count_or_null(estimate.cells()));
  object->set("calls", count_or_null(estimate.calls()));
  object->set("seconds", seconds_or_null(estimate.seconds()));
  object->set("memory", count_or_null(estimate.memory()));
  object->set("budget_cells", estimate.budget_cells == 0 ? Poco::Dynamic::Var() : Poco::Dynamic::Var(estimate.budget_cells));
  object->set("latency", estimate.latency);
  object->set("connect_seconds", estimate.connect_seconds);
  object->set("turns_seconds", estimate.turns_seconds);
  object->set("engine_calls", estimate.engine_calls);
  object->set("waits", estimate.waits);
  object->set("parallel", estimate.parallel);
  object->set("window", estimate.window == 0 ? Poco::Dynamic::Var() : Poco::Dynamic::Var(estimate.window));
  Poco::JSON::Array::Ptr sinks = new Poco::JSON::Array;
  for (const auto& [name, type, status] : estimate.sinks) {
    Poco::JSON::Object::Ptr sink = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    sink->set("sink", name);
    sink->set("type", type);
    set_status(*sink, status);
    sinks->add(sink);
  }
  object->set("sinks", sinks);
  Poco::JSON::Array::Ptr datasets = new Poco::JSON::Array;
  for (const auto& dataset : estimate.datasets) datasets->add(object_of(dataset));
  object->set("datasets", datasets);
  if (!estimate.notes.empty()) object->set("notes", array_of(estimate.notes));
  return object;
}

int exit_code_of(const RunEstimate& estimate) {
  if (estimate.status.ok()) return kDone;
  if (estimate.status.code() == Code::cancelled) return kInterrupted;
  return estimate.connected ? kRunFailed : kCannotConnect;
}

}  // namespace

int explain_command(const Arguments& arguments, const std::vector<std::string>& pipelines, const std::stop_token& stop) {
  Host host;
  load_pipelines(host, arguments, pipelines);
  if (host.exit_code != 0 || !certificates_load(host)) return host.exit_code;

  pipeline::RunSettings settings;
  settings.transport = engine::connect_websocket;
  settings.app_ids = &host.app_ids;
  Poco::JSON::Array all;
  pipeline::SharedTargets shared;
  int worst = kDone;
  for (const auto& bound : host.bound) {
    const auto estimate = pipeline::estimate(bound, settings, stop);
    shared.add(estimate);
    all.add(object_of(estimate));
    if (!arguments.json) {
      print(estimate);
      std::cout << std::flush;
      if (!estimate.status.ok()) say_problem("a run would fail: " + estimate.status.message());
    }
    const int code = exit_code_of(estimate);
    if (worst == kDone || code == kInterrupted) worst = code;
    if (code == kInterrupted) break;
  }
  for (const auto& problem : shared.problems()) {
    say_problem("runs would fail: " + problem);
    if (worst == kDone) worst = kRunFailed;
  }
  if (arguments.json) print_json(std::cout, all);
  return worst;
}

}  // namespace qonduit::app
