#include "apps/qonduit/report_printer.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <cstdio>
#include <sstream>

#include "apps/qonduit/table.hpp"
#include "apps/qonduit/text.hpp"

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

std::string targets(const pipeline::DatasetReport& dataset) {
  std::string text;
  for (const auto& target : dataset.targets) text += (text.empty() ? "" : ", ") + target.target;
  return text;
}

std::string_view word(DatasetOutcome outcome) {
  switch (outcome) {
    case DatasetOutcome::delivered: return "delivered";
    case DatasetOutcome::skipped: return "skipped";
    case DatasetOutcome::failed: return "failed";
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
    place->set("bytes", static_cast<Poco::UInt64>(target.bytes));
    places->add(place);
  }
  object->set("targets", places);
  if (!dataset.loop.empty()) object->set("foreach", object_of(dataset.loop));
  if (!dataset.selections.empty()) object->set("selections", object_of(dataset.selections));
  if (!dataset.status.ok()) {
    object->set("code", std::string(to_string(dataset.status.code())));
    object->set("error", dataset.status.message());
  }
  return object;
}

}  // namespace

std::string report_table(const pipeline::RunReport& report) {
  Table table(
      {{"object"}, {"type"}, {"rows", Table::Align::right}, {"columns", Table::Align::right}, {"file"}, {"seconds", Table::Align::right}});
  for (const auto& dataset : report.datasets) {
    if (dataset.outcome != DatasetOutcome::delivered) continue;
    table.add({label(dataset), dataset.object_type, dataset.rows, static_cast<Poco::UInt64>(dataset.columns), targets(dataset),
               fixed(dataset.seconds)});
  }
  std::ostringstream out;
  table.print(out, 0);
  for (const auto& note : report.notes) out << "note: " << printable(note) << '\n';
  for (const auto& dataset : report.datasets) {
    if (dataset.rows_filtered > 0)
      out << "note: " << printable(label(dataset)) << ": " << dataset.rows_filtered << " rows were left out by the filter\n";
    for (const auto& note : dataset.notes) {
      out << (dataset.outcome == DatasetOutcome::skipped ? "skipped: " : "note: ") << printable(label(dataset)) << " ("
          << printable(dataset.object_type) << "): " << printable(note) << '\n';
    }
    if (dataset.outcome == DatasetOutcome::failed)
      out << "failed: " << printable(label(dataset)) << ": " << printable(dataset.status.message()) << '\n';
  }
  return out.str();
}

std::string report_json(const std::vector<pipeline::RunReport>& reports) {
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
    runs.add(run);
  }
  std::ostringstream out;
  runs.stringify(out, 2);
  out << '\n';
  return out.str();
}

}  // namespace qonduit::app
