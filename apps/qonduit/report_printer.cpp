#include "apps/qonduit/report_printer.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <algorithm>
#include <cstdio>

#include "apps/qonduit/colour.hpp"
#include "apps/qonduit/json_output.hpp"
#include "apps/qonduit/table.hpp"
#include "apps/qonduit/text.hpp"
#include "qonduit/list.hpp"

namespace qonduit::app {
namespace {

using pipeline::DatasetOutcome;

std::string fixed(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

std::string pairs_text(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string text;
  for (const auto& [name, value] : pairs) text += (text.empty() ? "" : ", ") + name + "=" + value;
  return text;
}

std::string label(const pipeline::DatasetReport& dataset) {
  auto text = dataset.title.empty() ? dataset.object_id : dataset.title;
  if (!dataset.dataset.empty()) text += " [" + dataset.dataset + "]";
  if (!dataset.loop.empty() && !dataset.object_id.empty()) text += " [" + pairs_text(dataset.loop) + "]";
  return text;
}

Poco::JSON::Object::Ptr object_of(const std::vector<std::pair<std::string, std::string>>& pairs) {
  Poco::JSON::Object::Ptr object = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
  for (const auto& [name, value] : pairs) object->set(name, value);
  return object;
}

std::string_view word(DatasetOutcome outcome) {
  switch (outcome) {
    case DatasetOutcome::delivered: return "delivered";
    case DatasetOutcome::skipped: return "skipped";
    case DatasetOutcome::failed: return "failed";
    case DatasetOutcome::interrupted: return "interrupted";
    case DatasetOutcome::rolled_back: return "rolled_back";
  }
  return "failed";
}

std::string_view word(pipeline::RunOutcome outcome) {
  switch (outcome) {
    case pipeline::RunOutcome::done: return "done";
    case pipeline::RunOutcome::failed: return "failed";
    case pipeline::RunOutcome::cannot_connect: return "cannot_connect";
    case pipeline::RunOutcome::interrupted: return "interrupted";
  }
  return "failed";
}

Poco::JSON::Object::Ptr object_of(const pipeline::DatasetReport& dataset) {
  Poco::JSON::Object::Ptr object = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
  object->set("object", dataset.object_id);
  object->set("type", dataset.object_type);
  object->set("title", dataset.title);
  object->set("sheet", dataset.sheet);
  object->set("dataset", dataset.dataset);
  object->set("outcome", std::string(word(dataset.outcome)));
  object->set("rows", dataset.rows);
  object->set("rows_filtered", dataset.rows_filtered);
  object->set("columns", static_cast<Poco::UInt64>(dataset.columns));
  object->set("cells", dataset.cells);
  object->set("seconds", dataset.seconds);
  object->set("attempts", dataset.attempts);
  object->set("calls", dataset.calls);
  object->set("retries", dataset.retries);
  Poco::JSON::Array::Ptr notes = new Poco::JSON::Array;
  for (const auto& note : dataset.notes) notes->add(note);
  object->set("notes", notes);
  Poco::JSON::Array::Ptr places = new Poco::JSON::Array;
  for (const auto& target : dataset.targets) {
    Poco::JSON::Object::Ptr place = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    place->set("sink", target.sink);
    place->set("target", target.target);
    place->set("rows", static_cast<Poco::UInt64>(target.rows));
    place->set("refused", static_cast<Poco::UInt64>(target.refused));
    place->set("bytes", static_cast<Poco::UInt64>(target.bytes));
    places->add(place);
  }
  object->set("targets", places);
  if (!dataset.rolled_back.empty()) object->set("rolled_back", array_of(dataset.rolled_back));
  if (!dataset.loop.empty()) object->set("foreach", object_of(dataset.loop));
  if (!dataset.selections.empty()) object->set("selections", object_of(dataset.selections));
  if (!dataset.status.ok()) {
    object->set("code", std::string(to_string(dataset.status.code())));
    object->set("error", dataset.status.message());
  }
  return object;
}

Poco::JSON::Object::Ptr object_of(const pipeline::NotTried& left) {
  Poco::JSON::Object::Ptr object = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
  object->set("object", left.object_id);
  object->set("type", left.object_type);
  object->set("title", left.title);
  object->set("sheet", left.sheet);
  object->set("dataset", left.dataset);
  if (!left.loop.empty()) object->set("foreach", object_of(left.loop));
  return object;
}

Poco::JSON::Object::Ptr object_of(const pipeline::RunTotals& sum) {
  Poco::JSON::Object::Ptr object = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
  object->set("delivered", sum.delivered);
  object->set("skipped", sum.skipped);
  object->set("failed", sum.failed);
  object->set("interrupted", sum.interrupted);
  object->set("rolled_back", sum.rolled_back);
  object->set("rolled_back_in_part", sum.rolled_back_in_part);
  object->set("rows", sum.rows);
  object->set("refused", sum.refused);
  object->set("bytes", sum.bytes);
  object->set("cells", sum.cells);
  object->set("calls", sum.calls);
  object->set("retries", sum.retries);
  return object;
}

// Bytes where they have a meaning: a database counts none.
std::string bytes_text(std::int64_t bytes) { return bytes == 0 ? "" : byte_text(bytes); }

Table table_of(const pipeline::RunReport& report, const pipeline::RunTotals& sum) {
  Table table({{"object"},
               {"rows", Table::Align::right},
               {"columns", Table::Align::right},
               {"seconds", Table::Align::right},
               {"size", Table::Align::right},
               {"target", Table::Align::left, Table::Cut::beginning}});
  for (const auto& dataset : report.datasets) {
    if (dataset.outcome != DatasetOutcome::delivered) continue;
    const auto add = [&](bool first, const std::string& size, const std::string& target) {
      if (!first) return table.add({std::string(), std::string(), std::string(), std::string(), size, target});
      table.add({label(dataset), dataset.rows, static_cast<Poco::UInt64>(dataset.columns), fixed(dataset.seconds), size, target});
    };
    if (dataset.targets.empty()) add(true, "", "");  // recorded, and delivered nowhere
    for (const auto& target : dataset.targets)
      add(&target == &dataset.targets.front(), bytes_text(static_cast<std::int64_t>(target.bytes)), target.target);
  }
  table.add({std::string("total"), sum.rows, std::string(), fixed(report.seconds), bytes_text(sum.bytes), std::string()});
  return table;
}

// As many as a line bears.
std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 10;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i) text += (i == 0 ? "" : ", ") + list_item(names[i]);
  if (names.size() > kMost) text += " and " + grouped(static_cast<std::int64_t>(names.size() - kMost)) + " more";
  return text;
}

std::string not_tried_text(const std::vector<pipeline::NotTried>& left) {
  std::vector<std::string> names;
  for (const auto& one : left) {
    auto& name = names.emplace_back(one.title.empty() ? one.object_id : one.title);
    if (!one.dataset.empty()) name += " [" + one.dataset + "]";
    if (!one.loop.empty() && !one.object_id.empty()) name += " [" + pairs_text(one.loop) + "]";
  }
  return listed(names);
}

// Where it stays somewhere, with the sinks where it does not.
std::string rolled_back_text(const pipeline::RunReport& report) {
  std::vector<std::string> names;
  for (const auto& dataset : report.datasets) {
    if (dataset.rolled_back.empty()) continue;
    auto& name = names.emplace_back(label(dataset));
    if (dataset.outcome == DatasetOutcome::rolled_back) continue;
    for (const auto& sink : dataset.rolled_back) name += " (sink '" + sink + "')";
  }
  return listed(names);
}

// "done: 4 delivered, 1 skipped"
std::string ending(const pipeline::RunReport& report, const pipeline::RunTotals& sum) {
  std::string text;
  const auto add = [&](std::int64_t count, const char* what) {
    if (count > 0) text += (text.empty() ? ": " : ", ") + grouped(count) + " " + what;
  };
  add(sum.delivered, "delivered");
  add(sum.skipped, "skipped");
  add(sum.failed, "failed");
  add(sum.interrupted, "interrupted");
  add(sum.rolled_back, "rolled back");
  add(sum.rolled_back_in_part, "of the delivered rolled back in part");
  add(static_cast<std::int64_t>(report.not_tried.size()), "not tried");
  if (report.reconnects > 0) text += "; " + counted(report.reconnects, "reconnect");
  const auto outcome = report.outcome == pipeline::RunOutcome::cannot_connect ? "cannot connect" : std::string(word(report.outcome));
  return coloured(outcome, report.outcome == pipeline::RunOutcome::done ? Colour::good : Colour::bad) +
         (text.empty() ? ": nothing delivered" : text);
}

}  // namespace

void print_report(std::ostream& out, const pipeline::RunReport& report, std::size_t width) {
  const auto sum = totals(report);
  if (sum.delivered > 0) table_of(report, sum).print(out, width);
  for (const auto& note : report.notes) out << "note: " << printable(note) << '\n';
  for (const auto& dataset : report.datasets) {
    if (dataset.rows_filtered > 0) {
      out << "note: " << printable(label(dataset)) << ": the filter left out " << counted(dataset.rows_filtered, "row") << '\n';
    }
    for (const auto& note : dataset.notes) {
      out << (dataset.outcome == DatasetOutcome::skipped ? "skipped: " : "note: ") << printable(label(dataset)) << " ("
          << printable(dataset.object_type) << "): " << printable(note) << '\n';
    }
    if (dataset.outcome == DatasetOutcome::failed || dataset.outcome == DatasetOutcome::interrupted)
      out << word(dataset.outcome) << ": " << printable(label(dataset)) << '\n';
  }
  if (const auto text = rolled_back_text(report); !text.empty()) out << "rolled back with the run: " << printable(text) << '\n';
  if (!report.not_tried.empty()) out << "not tried: " << printable(not_tried_text(report.not_tried)) << '\n';
  out << ending(report, sum) << '\n' << std::flush;
}

std::vector<std::string> failures(const pipeline::RunReport& report) {
  if (report.outcome == pipeline::RunOutcome::done) return {};
  const auto pipeline = "pipeline '" + report.pipeline + "': ";
  if (report.outcome == pipeline::RunOutcome::interrupted)
    return {pipeline + "interrupted; what it had not delivered is in the targets as it was before"};
  std::vector<std::string> reasons;
  const auto add = [&](const std::string& reason) {
    if (!reason.empty() && std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) reasons.push_back(reason);
  };
  for (const auto& dataset : report.datasets) {
    if (dataset.outcome == DatasetOutcome::failed) add(pipeline + dataset.status.message());
  }
  add(report.status.message());
  return reasons;
}

void print_report_json(std::ostream& out, const std::vector<pipeline::RunReport>& reports) {
  Poco::JSON::Array runs;
  for (const auto& report : reports) {
    Poco::JSON::Object::Ptr run = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    run->set("pipeline", report.pipeline);
    run->set("run", report.run_id);
    run->set("outcome", std::string(word(report.outcome)));
    run->set("app", report.app);
    run->set("app_id", report.app_id);
    run->set("started_at", report.started_at);
    run->set("seconds", report.seconds);
    run->set("reconnects", report.reconnects);
    run->set("engine_calls", report.engine_calls);
    run->set("waits", report.waits);
    run->set("window_least", report.window_least);
    run->set("window_most", report.window_most);
    auto sums = object_of(totals(report));
    sums->set("not_tried", static_cast<Poco::UInt64>(report.not_tried.size()));
    run->set("totals", sums);
    if (!report.status.ok()) {
      run->set("code", std::string(to_string(report.status.code())));
      run->set("error", report.status.message());
    }
    Poco::JSON::Array::Ptr run_notes = new Poco::JSON::Array;
    for (const auto& note : report.notes) run_notes->add(note);
    if (run_notes->size() > 0) run->set("notes", run_notes);
    Poco::JSON::Array::Ptr datasets = new Poco::JSON::Array;
    for (const auto& dataset : report.datasets) datasets->add(object_of(dataset));
    run->set("datasets", datasets);
    if (!report.not_tried.empty()) {
      Poco::JSON::Array::Ptr left = new Poco::JSON::Array;
      for (const auto& one : report.not_tried) left->add(object_of(one));
      run->set("not_tried", left);
    }
    runs.add(run);
  }
  print_json(out, runs);
}

}  // namespace qonduit::app
