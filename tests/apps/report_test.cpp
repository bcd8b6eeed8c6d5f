// What is said of a run while it goes, and when it is over.
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <sstream>

#include "apps/qonduit/progress_printer.hpp"
#include "apps/qonduit/report_printer.hpp"
#include "apps/qonduit/text.hpp"
#include "core/logging/logging.hpp"

namespace qonduit::app {
namespace {

using pipeline::DatasetOutcome;
using pipeline::DatasetReport;
using pipeline::Progress;
using pipeline::RunReport;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

DatasetReport delivered(const std::string& title, std::int64_t rows, std::vector<pipeline::TargetReport> targets) {
  DatasetReport dataset;
  dataset.object_id = "id-" + title, dataset.object_type = "table", dataset.title = title;
  dataset.outcome = DatasetOutcome::delivered;
  dataset.rows = rows, dataset.columns = 3, dataset.seconds = 0.5;
  dataset.targets = std::move(targets);
  return dataset;
}

RunReport two_objects() {
  RunReport report;
  report.pipeline = "verkauf", report.outcome = pipeline::RunOutcome::done, report.seconds = 1.25;
  report.datasets.push_back(delivered(
      "Aufträge", 25000, {{"lake", "/srv/lake/Größe/Übersicht/Aufträge.csv", 25000, 0, 3 << 20}, {"dw", "sales.auftraege", 24997, 3, 0}}));
  report.datasets.push_back(delivered("売上", 300, {{"lake", "/srv/lake/Größe/Übersicht/売上.csv", 300, 0, 1 << 20}}));
  return report;
}

std::vector<std::string> printed(const RunReport& report, std::size_t width) {
  std::ostringstream out;
  print_report(out, report, width);
  std::vector<std::string> lines;
  std::istringstream in(out.str());
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(Report, SaysWhatWasNotTriedAfterTheFirstFailure) {
  auto report = two_objects();
  report.outcome = pipeline::RunOutcome::failed;
  report.not_tried.push_back({"o1", "table", "Ülevaade, uus", "Leht", "", {}});
  report.not_tried.push_back({"o2", "kpi", "", "Leht", "", {{"Region", "Север"}}});
  report.not_tried.push_back({"o3", "boxplot", "盒图", "Leht", "outliers", {}});
  auto lines = printed(report, 0);
  EXPECT_THAT(lines.back(), HasSubstr("failed: 2 delivered, 3 not tried"));
  EXPECT_EQ(lines[lines.size() - 2], "not tried: \"Ülevaade, uus\", o2 [Region=Север], 盒图 [outliers]");
  for (int i = 0; i < 40; ++i) report.not_tried.push_back({"x", "table", "X", "", "", {}});
  lines = printed(report, 0);
  EXPECT_THAT(lines.back(), HasSubstr("43 not tried"));
  EXPECT_THAT(lines[lines.size() - 2], HasSubstr(" and 33 more"));
  std::ostringstream out;
  print_report_json(out, {report});
  EXPECT_THAT(out.str(), HasSubstr("not_tried"));
  EXPECT_THAT(out.str(), HasSubstr("盒图"));
}

TEST(Report, SaysWhatWentWithARunThatFailed) {
  auto report = two_objects();
  report.outcome = pipeline::RunOutcome::failed;
  report.datasets.push_back(delivered("Ответ", 7, {{"dw", "sales.ответ", 7, 0, 0}}));
  roll_back(report, {"dw"});
  EXPECT_EQ(report.datasets[0].outcome, DatasetOutcome::delivered) << "it is in the file";
  EXPECT_EQ(report.datasets[2].outcome, DatasetOutcome::rolled_back);
  const auto lines = printed(report, 0);
  EXPECT_EQ(lines.back(), "failed: 2 delivered, 1 rolled back, 1 of the delivered rolled back in part");
  EXPECT_EQ(lines[lines.size() - 2], "rolled back with the run: Aufträge (sink 'dw'), Ответ");
  for (const auto& line : lines) EXPECT_THAT(line, Not(HasSubstr("sales.")));
  EXPECT_EQ(totals(report).rows, 25300);
  std::ostringstream out;
  print_report_json(out, {report});
  EXPECT_THAT(out.str(), AllOf(HasSubstr("\"outcome\": \"rolled_back\""), Not(HasSubstr("sales."))));
}

TEST(Report, SaysInterruptedAlikeOfADatasetAndInItsLastLine) {
  auto report = two_objects();
  report.outcome = pipeline::RunOutcome::interrupted;
  report.datasets[1].outcome = DatasetOutcome::interrupted;
  report.datasets[1].status = Status(Code::cancelled, "stopped");
  const auto lines = printed(report, 0);
  EXPECT_EQ(lines[lines.size() - 2], "interrupted: 売上");
  EXPECT_EQ(lines.back(), "interrupted: 1 delivered, 1 interrupted");
}

TEST(Report, HasALineForEachTargetAndTotals) {
  const auto lines = printed(two_objects(), 0);
  ASSERT_EQ(lines.size(), 7u);
  EXPECT_THAT(lines[0], AllOf(HasSubstr("object"), HasSubstr("target"), Not(HasSubstr("file"))));
  EXPECT_THAT(lines[2], AllOf(HasSubstr("25,000"), HasSubstr("3.0 MiB"), HasSubstr("Aufträge.csv"), Not(HasSubstr("sales."))));
  EXPECT_THAT(lines[3], AllOf(HasSubstr("sales.auftraege"), Not(HasSubstr("25,000"))));
  EXPECT_THAT(lines[5], AllOf(HasSubstr("total"), HasSubstr("25,300"), HasSubstr("4.0 MiB"), HasSubstr("1.25")));
  EXPECT_EQ(lines[6], "done: 2 delivered");
}

TEST(Report, FitsTheTerminal) {
  for (const std::size_t width : {120u, 80u, 60u, 50u}) {
    for (const auto& line : printed(two_objects(), width)) EXPECT_LE(display_width(line), width) << line;
    EXPECT_THAT(printed(two_objects(), width)[2], HasSubstr("25,000")) << width;
  }
}

TEST(Report, HasNoTableWhenNothingWasDelivered) {
  RunReport report;
  report.pipeline = "p", report.outcome = pipeline::RunOutcome::failed;
  report.status = Status(Code::not_found, "pipeline 'p': object 'x': is not there");
  report.datasets.emplace_back();
  report.datasets[0].object_id = "x";
  report.datasets[0].status = Status(Code::not_found, "object 'x': is not there");
  EXPECT_THAT(printed(report, 80), ElementsAre("failed: x", "failed: 1 failed"));
  EXPECT_THAT(failures(report), ElementsAre("pipeline 'p': object 'x': is not there")) << "one reason, once";
}

TEST(Report, SaysEveryReasonOnce) {
  auto report = two_objects();
  report.outcome = pipeline::RunOutcome::failed;
  for (const auto* why : {"object 'a': forbidden", "object 'b': away", "object 'a': forbidden"}) {
    DatasetReport dataset;
    dataset.status = Status(Code::forbidden, why);
    report.datasets.push_back(dataset);
  }
  report.status = Status(Code::forbidden, "pipeline 'verkauf': object 'a': forbidden");
  EXPECT_THAT(failures(report), ElementsAre("pipeline 'verkauf': object 'a': forbidden", "pipeline 'verkauf': object 'b': away"));
  report.outcome = pipeline::RunOutcome::interrupted;
  EXPECT_THAT(failures(report), ElementsAre(HasSubstr("interrupted; what it had not delivered")));
  EXPECT_THAT(failures(two_objects()), IsEmpty());
}

TEST(Report, CountsRefusedRowsForMachines) {
  auto report = two_objects();
  report.status = Status(Code::unavailable, "closed: \xFF\xFE");
  std::ostringstream out;
  print_report_json(out, {report});
  const auto run = Poco::JSON::Parser().parse(out.str()).extract<Poco::JSON::Array::Ptr>()->getObject(0);
  EXPECT_EQ(run->getValue<std::string>("error"), "closed: \uFFFD\uFFFD") << "valid UTF-8, whatever an engine says";
  const auto sums = run->getObject("totals");
  EXPECT_EQ(sums->getValue<int>("rows"), 25300);
  EXPECT_EQ(sums->getValue<int>("refused"), 3);
  EXPECT_EQ(sums->getValue<int>("bytes"), 4 << 20);
  EXPECT_EQ(sums->getValue<int>("delivered"), 2);
  const auto target = run->getArray("datasets")->getObject(0)->getArray("targets")->getObject(1);
  EXPECT_EQ(target->getValue<int>("rows"), 24997);
  EXPECT_EQ(target->getValue<int>("refused"), 3);
}

Progress step(std::int64_t rows, bool last = false) {
  Progress progress;
  progress.title = "Größe", progress.object_id = "a";
  progress.item = 3, progress.items = 12;
  progress.rows = rows, progress.expected_rows = 25000, progress.cells = rows * 4, progress.seconds = 2;
  progress.last = last;
  return progress;
}

TEST(ProgressLine, SaysWhichOfTheObjectsThisIs) {
  EXPECT_EQ(progress_line(step(12500), 0), "3 of 12 objects, Größe: 12,500 of 25,000 rows, 25,000 cells/s, 0:02 left");
  auto soon = step(12500);
  soon.seconds = 0.2;
  EXPECT_EQ(progress_line(soon, 0), "3 of 12 objects, Größe: 12,500 of 25,000 rows");
  auto only = step(1);
  only.items = 1, only.expected_rows = -1, only.seconds = 0, only.turn = "Region=Süd";
  EXPECT_EQ(progress_line(only, 0), "Größe [Region=Süd]: 1 row");
}

TEST(ProgressLine, CutsTheNameBeforeTheNumbers) {
  auto long_name = step(12500);
  const std::string title = "Umsätze nach Region, Vertriebsweg und Monat 売上";
  long_name.title = title;
  for (const std::size_t width : {60u, 50u}) {
    const auto line = progress_line(long_name, width);
    EXPECT_LE(display_width(line), width) << line;
    EXPECT_THAT(line, HasSubstr(": 12,500 of 25,000 rows"));
  }
  EXPECT_LE(display_width(progress_line(long_name, 20)), 20u);
}

// What is printed where no terminal is.
class ProgressInAFile : public ::testing::Test {
 protected:
  ProgressInAFile() { EXPECT_EQ(::pipe(pipe_), 0); }
  ~ProgressInAFile() override { ::close(pipe_[0]); }
  std::string all() {
    ::close(pipe_[1]);
    std::string text;
    char buffer[4096];
    for (ssize_t got = 0; (got = ::read(pipe_[0], buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<std::size_t>(got));
    return text;
  }
  int pipe_[2] = {};
};

TEST_F(ProgressInAFile, IsSilentAboutWhatIsOverAtOnce) {
  {
    ProgressPrinter printer(pipe_[1]);
    printer.show(step(833));
    printer.show(step(25000, true));
  }
  EXPECT_EQ(all(), "");
}

TEST(ProgressOnATerminal, IsTakenAwayBeforeALogLineAndGoesToTheLastRow) {
  int terminal = -1;
  int program = -1;
  ASSERT_EQ(::openpty(&terminal, &program, nullptr, nullptr, nullptr), 0);
  {
    ProgressPrinter printer(program);
    printer.show(step(833));
    logging::log(logging::Level::error, "a line of the log, on purpose");
    printer.show(step(12500));  // too soon
    printer.show(step(25000, true));
  }
  ::close(program);
  std::string seen;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(terminal, buffer, sizeof buffer)) > 0;) seen.append(buffer, static_cast<std::size_t>(got));
  ::close(terminal);
  const std::string away = "\r\033[K";
  EXPECT_THAT(seen, ::testing::StartsWith(away + "3 of 12 objects, Größe: 833 of 25,000 rows"));
  EXPECT_THAT(seen, HasSubstr("left" + away + away + "3 of 12 objects, Größe: 25,000 of 25,000 rows"));
  EXPECT_THAT(seen, ::testing::EndsWith(away));
}

}  // namespace
}  // namespace qonduit::app
