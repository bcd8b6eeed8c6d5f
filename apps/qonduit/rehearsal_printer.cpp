#include "apps/qonduit/rehearsal_printer.hpp"

#include <Poco/JSON/Object.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "apps/qonduit/json_output.hpp"
#include "apps/qonduit/table.hpp"
#include "apps/qonduit/text.hpp"
#include "core/pipeline/foreach.hpp"

namespace qonduit::app {
namespace {

using pipeline::DatasetOutcome;
using rehearsal::Outcome;
using rehearsal::Verdict;
using Align = Table::Align;

std::string_view word(Outcome outcome) {
  switch (outcome) {
    case Outcome::right: return "right";
    case Outcome::failed: return "failed";
    case Outcome::wrong: return "wrong";
    case Outcome::interrupted: return "interrupted";
  }
  return "wrong";
}

std::string fixed(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string printable_name(const pipeline::DatasetReport& dataset) {
  const auto name = dataset.title.empty() ? dataset.object_id : dataset.title;
  const auto turn = pipeline::turn_text(dataset.loop);
  return printable(name + (dataset.dataset.empty() ? "" : " [" + dataset.dataset + "]") + (turn.empty() ? "" : " [" + turn + "]"));
}

std::string listed(const rehearsal::Simulator::Faults& faults) {
  std::string text;
  for (const auto& [fault, times] : faults.times) text += (text.empty() ? "" : ", ") + fault + " " + std::to_string(times);
  return text.empty() ? "none" : text;
}

Table table_of(const Verdict& verdict) {
  Table table({{"object"},
               {"expected", Align::right},
               {"delivered", Align::right},
               {"lost", Align::right},
               {"duplicated", Align::right},
               {"altered", Align::right},
               {"attempts", Align::right},
               {"calls", Align::right},
               {"retries", Align::right},
               {"calm s", Align::right},
               {"day s", Align::right},
               {"late", Align::right}});
  for (const auto& dataset : verdict.datasets) {
    const auto& rows = dataset.rows;
    table.add({printable_name(dataset.calm), rows.expected, rows.delivered, rows.lost, rows.duplicated, rows.altered, dataset.day.attempts,
               dataset.day.calls, dataset.day.retries, fixed(dataset.calm.seconds, 2), fixed(dataset.day.seconds, 2),
               fixed(dataset.late(), 1) + "x"});
  }
  return table;
}

void explain(const Verdict& verdict, const pipeline::RunReport& report) {
  for (const auto& dataset : verdict.datasets) {
    if (dataset.rows.reordered) std::cout << printable_name(dataset.calm) << ": all rows, in another order\n";
    if (dataset.rows.other_schema) std::cout << printable_name(dataset.calm) << ": other columns or types\n";
    if (dataset.day.outcome != DatasetOutcome::delivered) {
      std::cout << printable_name(dataset.calm) << ": nothing delivered: " << printable(dataset.day.status.message()) << '\n';
    }
  }
  if (!verdict.leftover.empty()) std::cout << "half-delivered: " << printable(verdict.leftover) << '\n';
  switch (verdict.outcome) {
    case Outcome::right: std::cout << "complete and right"; break;
    case Outcome::failed: std::cout << "failed, and delivered nothing wrong: " << printable(report.status.message()); break;
    case Outcome::wrong:
      std::cout << "WRONG ROWS in a run that said otherwise: this is a bug of qonduit; please report it with the recording";
      break;
    case Outcome::interrupted: std::cout << "interrupted"; break;
  }
  std::cout << "; " << counted(report.reconnects, "reconnect") << ", " << fixed(verdict.late, 1) << " times as long as on a calm day\n";
}

Poco::JSON::Object::Ptr object_of(const rehearsal::DatasetVerdict& dataset) {
  Poco::JSON::Object::Ptr object = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
  object->set("object", dataset.calm.object_id);
  object->set("title", dataset.calm.title);
  object->set("dataset", dataset.calm.dataset);
  if (!dataset.calm.loop.empty()) {
    Poco::JSON::Object::Ptr turn = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    for (const auto& [name, value] : dataset.calm.loop) turn->set(name, value);
    object->set("foreach", turn);
  }
  object->set("outcome", dataset.day.outcome == DatasetOutcome::delivered ? "delivered" : "failed");
  object->set("expected", dataset.rows.expected);
  object->set("delivered", dataset.rows.delivered);
  object->set("lost", dataset.rows.lost);
  object->set("duplicated", dataset.rows.duplicated);
  object->set("altered", dataset.rows.altered);
  object->set("reordered", dataset.rows.reordered);
  object->set("other_schema", dataset.rows.other_schema);
  object->set("attempts", dataset.day.attempts);
  object->set("calls", dataset.day.calls);
  object->set("retries", dataset.day.retries);
  object->set("calm_seconds", dataset.calm.seconds);
  object->set("seconds", dataset.day.seconds);
  object->set("late", dataset.late());
  if (!dataset.day.status.ok()) object->set("error", dataset.day.status.message());
  return object;
}

Poco::JSON::Object::Ptr object_of(const pipeline::RunReport& report, const Verdict& verdict) {
  Poco::JSON::Object::Ptr object = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
  object->set("pipeline", report.pipeline);
  object->set("outcome", std::string(word(verdict.outcome)));
  object->set("seconds", report.seconds);
  object->set("late", verdict.late);
  object->set("reconnects", report.reconnects);
  if (!report.status.ok()) object->set("error", report.status.message());
  if (!verdict.leftover.empty()) object->set("half_delivered", verdict.leftover);
  Poco::JSON::Array::Ptr datasets = new Poco::JSON::Array;
  for (const auto& dataset : verdict.datasets) datasets->add(object_of(dataset));
  object->set("datasets", datasets);
  return object;
}

}  // namespace

RehearsalPrinter::RehearsalPrinter(bool json, bool quiet, const RehearsedDay& calm) : json_(json), quiet_(quiet && !json) {
  if (json_ || quiet_) return;
  std::size_t datasets = 0;
  for (const auto& attempt : calm.attempts) datasets += attempt.report.datasets.size();
  std::cout << "calm day: " << counted(static_cast<std::int64_t>(calm.attempts.size()), "pipeline") << ", "
            << counted(static_cast<std::int64_t>(datasets), "dataset") << "; nothing goes to a configured sink\n";
}

void RehearsalPrinter::show(const RehearsedDay& day, const std::vector<Verdict>& verdicts) {
  // Quiet: only days that were not right.
  if (quiet_ && std::all_of(verdicts.begin(), verdicts.end(), [](const auto& verdict) { return verdict.outcome == Outcome::right; }))
    return;
  if (!json_) std::cout << "\n" << printable(day.profile) << ", seed " << day.seed << "; faults: " << listed(day.faults) << '\n';
  Poco::JSON::Array::Ptr runs = new Poco::JSON::Array;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const auto& report = day.attempts[i].report;
    if (json_) {
      runs->add(object_of(report, verdicts[i]));
      continue;
    }
    std::cout << "\npipeline " << report.pipeline << "\n";
    table_of(verdicts[i]).print(std::cout, terminal_width());
    explain(verdicts[i], report);
  }
  std::cout << std::flush;
  if (!json_) return;
  Poco::JSON::Object::Ptr faults = new Poco::JSON::Object;
  for (const auto& [fault, times] : day.faults.times) faults->set(fault, times);
  Poco::JSON::Object::Ptr object = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
  object->set("profile", day.profile);
  object->set("seed", day.seed);
  object->set("faults", faults);
  object->set("pipelines", runs);
  days_.add(object);
}

void RehearsalPrinter::finish() {
  if (!json_) return;
  print_json(std::cout, days_);
}

}  // namespace qonduit::app
