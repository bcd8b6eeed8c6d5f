// The sink on a real folder: what is published when, and what is left after every way it can end.
#include <qonduit/text.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "csv_reader.hpp"
#include "plugins/sinks/csv/csv_sink.hpp"

namespace qonduit::csv {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string sha256(const std::string& text) {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), bytes, &size, EVP_sha256(), nullptr);
  std::string out;
  char digits[4];
  for (unsigned i = 0; i < size; ++i) std::snprintf(digits, sizeof digits, "%02x", bytes[i]), out += digits;
  return out;
}

class CsvSinkTest : public ::testing::Test {
 protected:
  CsvSinkTest() {
    auto pattern = (fs::temp_directory_path() / "qonduit-csv-XXXXXX").string();
    base_ = ::mkdtemp(pattern.data());
    options_.directory = base_.string();
    options_.file = "{sheet}/{title}";
    run_.run_id = "run-1", run_.pipeline = "sales", run_.app = "Sales", run_.sheet = "Overview", run_.object_id = "abc";
    run_.object_type = "table", run_.title = "Orders", run_.started_at = "2026-01-31T23:59:59Z";
  }
  ~CsvSinkTest() override { fs::remove_all(base_); }

  std::unique_ptr<CsvSink> create() {
    auto sink = CsvSink::create(options_);
    EXPECT_TRUE(sink) << sink.error().message();
    return std::move(*sink);
  }

  static arrow::ArrayHandle batch(std::int64_t rows, std::int64_t first = 0) {
    std::vector<Column> columns;
    columns.emplace_back(Type::int64, rows), columns.emplace_back(Type::utf8, rows);
    for (std::int64_t row = 0; row < rows; ++row) {
      columns[0].append_int64(first + row);
      columns[1].append_text("text " + std::to_string(first + row));
    }
    arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(columns, array.get());
    return array;
  }

  Status write(CsvSink& sink, std::int64_t rows, std::int64_t first = 0) {
    const auto array = batch(rows, first);
    return sink.write(BatchView(schema_, *array));
  }
  Status deliver(CsvSink& sink, std::int64_t rows) {
    auto status = sink.open(run_, schema_);
    if (status.ok()) status = write(sink, rows);
    return status.ok() ? sink.commit() : status;
  }

  // Everything below the base, folders with a slash.
  std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(base_)) {
      names.push_back(fs::relative(entry.path(), base_).string() + (entry.is_directory() && !entry.is_symlink() ? "/" : ""));
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  fs::path base_;
  CsvOptions options_;
  qonduit::Run run_;
  const Schema schema_{{{"id", Type::int64}, {"words", Type::utf8}}};
};

TEST_F(CsvSinkTest, PublishesTheFileWithItsManifest) {
  auto sink = create();
  ASSERT_TRUE(deliver(*sink, 1000).ok());
  EXPECT_THAT(entries(), ElementsAre("Overview/", "Overview/Orders.csv", "Overview/Orders.csv.manifest.json"));
  const auto text = read_text(base_ / "Overview/Orders.csv");
  EXPECT_EQ(testing::read_records(text).size(), 1001u);

  const auto manifest =
      Poco::JSON::Parser().parse(read_text(base_ / "Overview/Orders.csv.manifest.json")).extract<Poco::JSON::Object::Ptr>();
  EXPECT_EQ(manifest->getValue<std::string>("file"), "Orders.csv");
  EXPECT_EQ(manifest->getValue<int>("rows"), 1000);
  EXPECT_EQ(manifest->getValue<std::size_t>("bytes"), text.size());
  EXPECT_EQ(manifest->getValue<std::string>("sha256"), sha256(text));
  EXPECT_EQ(manifest->getValue<std::string>("run"), "run-1");
  const auto schema = manifest->getArray("schema");
  ASSERT_EQ(schema->size(), 2u);
  EXPECT_EQ(schema->getObject(1)->getValue<std::string>("name"), "words");
  EXPECT_EQ(schema->getObject(1)->getValue<std::string>("type"), "utf8");

  const auto delivery = sink->delivery();
  EXPECT_EQ(delivery.rows, 1000u);
  EXPECT_EQ(delivery.bytes, text.size());
  EXPECT_EQ(delivery.target, (base_ / "Overview/Orders.csv").string());
}

// Deliveries of one run overlap, each with a sink of its own.
TEST_F(CsvSinkTest, LeavesNoFolderBehindWhoeverIsTheLastToGo) {
  auto first = create(), second = create();
  ASSERT_TRUE(first->open(run_, schema_).ok());
  run_.title = "Returns";
  ASSERT_TRUE(second->open(run_, schema_).ok());
  ASSERT_TRUE(first->abort().ok());
  EXPECT_THAT(entries(), ::testing::Contains("Overview/")) << "the other is in it";
  ASSERT_TRUE(second->abort().ok());
  EXPECT_THAT(entries(), IsEmpty());
  run_.title = "Orders";
  ASSERT_TRUE(first->open(run_, schema_).ok());
  run_.title = "Returns";
  ASSERT_TRUE(deliver(*second, 1).ok());
  ASSERT_TRUE(first->abort().ok());
  fs::remove(base_ / "Overview/Returns.csv"), fs::remove(base_ / "Overview/Returns.csv.manifest.json");
  ASSERT_TRUE(first->open(run_, schema_).ok());
  ASSERT_TRUE(first->abort().ok());
  EXPECT_THAT(entries(), ElementsAre("Overview/")) << "a delivery was in it: it is not ours to remove any more";
}

TEST_F(CsvSinkTest, SaysBeforeWhatItWouldDoOrWhyNot) {
  auto sink = create();
  const auto path = "'" + (base_ / "Overview/Orders.csv").string() + "'";
  EXPECT_EQ(sink->plan(run_, schema_)->before + " ... " + sink->plan(run_, schema_)->after, "writes ... to " + path);
  EXPECT_THAT(entries(), IsEmpty());
  ASSERT_TRUE(deliver(*sink, 1).ok());
  EXPECT_EQ(sink->plan(run_, schema_)->before, "replaces " + path + " with");
  options_.directory = (base_ / "nowhere" / "below").string();
  const auto missing = create()->plan(run_, schema_);
  EXPECT_EQ(missing.error().code(), Code::not_found);
  EXPECT_THAT(missing.error().message(), HasSubstr("nowhere"));
  options_.directory = base_.string();
  fs::create_directories(base_ / "Overview/Returns.csv");
  run_.title = "Returns";
  EXPECT_THAT(create()->plan(run_, schema_).error().message(), HasSubstr("Returns.csv': a folder of this name is in the way"));
}

TEST_F(CsvSinkTest, MakesFilesOthersCannotRead) {
  auto sink = create();
  ASSERT_TRUE(deliver(*sink, 1).ok());
  EXPECT_EQ(fs::status(base_ / "Overview/Orders.csv").permissions() & fs::perms::others_all, fs::perms::none);
}

TEST_F(CsvSinkTest, CompressesWhatItWouldHaveWritten) {
  auto sink = create();
  ASSERT_TRUE(deliver(*sink, 100'000).ok());
  const auto plain = read_text(base_ / "Overview/Orders.csv");
  options_.compression = Compression::gzip;
  sink = create();
  ASSERT_TRUE(deliver(*sink, 100'000).ok());
  std::string inflated;
  const gzFile file = gzopen((base_ / "Overview/Orders.csv.gz").c_str(), "rb");
  char buffer[65536];
  for (int got = 0; (got = gzread(file, buffer, sizeof buffer)) > 0;) inflated.append(buffer, static_cast<std::size_t>(got));
  gzclose(file);
  EXPECT_TRUE(inflated == plain);
  EXPECT_LT(fs::file_size(base_ / "Overview/Orders.csv.gz"), plain.size() / 3);
  const auto manifest = read_text(base_ / "Overview/Orders.csv.gz.manifest.json");
  EXPECT_THAT(manifest, HasSubstr(sha256(read_text(base_ / "Overview/Orders.csv.gz"))));
}

TEST_F(CsvSinkTest, ShowsNothingUntilCommitAndLeavesNothingAfterAbort) {
  auto sink = create();
  EXPECT_THAT(entries(), IsEmpty());
  ASSERT_TRUE(sink->open(run_, schema_).ok());
  ASSERT_TRUE(write(*sink, 100'000).ok());
  EXPECT_THAT(entries(), ElementsAre("Overview/", "Overview/.Orders.csv.run-1.partial"));
  ASSERT_TRUE(sink->abort().ok());
  EXPECT_THAT(entries(), IsEmpty()) << "the folder it made goes, too";
}

TEST_F(CsvSinkTest, KeepsTheFoldersOfOthersOnAbort) {
  fs::create_directories(base_ / "Overview");
  auto sink = create();
  ASSERT_TRUE(sink->open(run_, schema_).ok());
  ASSERT_TRUE(sink->abort().ok());
  EXPECT_THAT(entries(), ElementsAre("Overview/"));
}

TEST_F(CsvSinkTest, ReplacesTheFileAsAWhole) {
  auto sink = create();
  ASSERT_TRUE(deliver(*sink, 5).ok());
  const auto before = read_text(base_ / "Overview/Orders.csv");
  run_.run_id = "run-2";
  ASSERT_TRUE(sink->open(run_, schema_).ok());
  ASSERT_TRUE(write(*sink, 100'000).ok());
  EXPECT_EQ(read_text(base_ / "Overview/Orders.csv"), before);
  ASSERT_TRUE(sink->commit().ok());
  EXPECT_EQ(testing::read_records(read_text(base_ / "Overview/Orders.csv")).size(), 100'001u);
  EXPECT_THAT(read_text(base_ / "Overview/Orders.csv.manifest.json"), HasSubstr("run-2"));
}

TEST_F(CsvSinkTest, ReplacesRowsByNoneOnlyWhereThatIsAllowed) {
  ASSERT_TRUE(deliver(*create(), 0).ok()) << "there is nothing to lose";
  run_.run_id = "run-2";
  ASSERT_TRUE(deliver(*create(), 5).ok());
  const auto before = read_text(base_ / "Overview/Orders.csv");
  run_.run_id = "run-3";
  auto third = create();
  const auto status = deliver(*third, 0);
  EXPECT_EQ(status.code(), Code::bad_data);
  EXPECT_THAT(status.message(), ::testing::AllOf(HasSubstr("Orders.csv' has 5"), HasSubstr("allow-empty")));
  ASSERT_TRUE(third->abort().ok());
  EXPECT_EQ(read_text(base_ / "Overview/Orders.csv"), before);
  options_.allow_empty = true;
  ASSERT_TRUE(deliver(*create(), 0).ok());
  EXPECT_EQ(testing::read_records(read_text(base_ / "Overview/Orders.csv")).size(), 1u);
}

TEST_F(CsvSinkTest, RefusesToReplaceWhereThatIsForbidden) {
  auto sink = create();
  ASSERT_TRUE(deliver(*sink, 5).ok());
  const auto before = read_text(base_ / "Overview/Orders.csv");
  options_.on_exists = OnExists::fail;
  auto second = create();
  run_.run_id = "run-2";
  const auto status = second->open(run_, schema_);
  EXPECT_EQ(status.code(), Code::already_exists) << "before a row is read";
  EXPECT_THAT(status.message(), HasSubstr("Orders.csv' exists already"));
  ASSERT_TRUE(second->abort().ok());
  EXPECT_EQ(read_text(base_ / "Overview/Orders.csv"), before);
  EXPECT_THAT(entries(), ElementsAre("Overview/", "Overview/Orders.csv", "Overview/Orders.csv.manifest.json"));
}

TEST_F(CsvSinkTest, RefusesToReplaceWhatCameWhileItDelivered) {
  options_.on_exists = OnExists::fail;
  const auto sink = create();
  ASSERT_TRUE(sink->open(run_, schema_).ok());
  std::ofstream(base_ / "Overview/Orders.csv") << "somebody's";
  const auto status = sink->commit();
  EXPECT_EQ(status.code(), Code::already_exists);
  EXPECT_THAT(status.message(), HasSubstr("Orders.csv' exists already"));
  ASSERT_TRUE(sink->abort().ok());
  EXPECT_EQ(read_text(base_ / "Overview/Orders.csv"), "somebody's");
  EXPECT_THAT(entries(), ElementsAre("Overview/", "Overview/Orders.csv"));
}

// The objects of a pipeline, and one of them delivered: the target's path below the base, without its extension.
class CsvNames : public CsvSinkTest {
 protected:
  void has(std::vector<NamedObject> objects) { run_.objects = std::move(objects); }
  std::string goes_to(const char* id, const char* title, std::int64_t rows = 1) {
    run_.object_id = id, run_.title = title;
    const auto said = sink_->plan(run_, schema_);
    const auto status = deliver(*sink_, rows);
    EXPECT_TRUE(status.ok()) << status.message();
    const auto target = sink_->delivery().target;
    EXPECT_EQ(said ? said->target : said.error().message(), target) << "said before";
    return fs::relative(target, base_).replace_extension().string();
  }
  void next_run() { run_.run_id = run_id_ = "run-" + std::to_string(++runs_); }
  static std::string hash(const std::string& object, const std::string& dataset) {
    return short_hash(object + '\0' + dataset).substr(0, 8);
  }
  std::size_t lines(const char* file) { return testing::read_records(read_text(base_ / file)).size(); }

  std::unique_ptr<CsvSink> sink_ = create();
  int runs_ = 1;
  std::string run_id_;
};

TEST_F(CsvNames, ObjectsOfOneTitleHaveTheirIdsWhateverTheirOrder) {
  has({{"A", "Sales", "Overview"}, {"B", "Sales", "Overview"}, {"C", "Costs", "Overview"}});
  EXPECT_EQ(goes_to("A", "Sales"), "Overview/Sales.A");
  EXPECT_EQ(goes_to("B", "Sales", 2), "Overview/Sales.B");
  EXPECT_EQ(goes_to("C", "Costs"), "Overview/Costs");
  next_run();
  EXPECT_EQ(goes_to("B", "Sales", 3), "Overview/Sales.B");
  EXPECT_EQ(lines("Overview/Sales.A.csv"), 2u) << "its object did not come, and its file stays";
  next_run();
  has({{"B", "Sales", "Overview"}});
  EXPECT_EQ(goes_to("B", "Sales", 4), "Overview/Sales.B") << "the other one is gone from the app";
}

TEST_F(CsvNames, ANameThatWasGivenStays) {
  has({{"A", "Sales", "Overview"}});
  EXPECT_EQ(goes_to("A", "Sales"), "Overview/Sales");
  next_run();
  has({{"B", "Sales", "Overview"}, {"A", "Sales", "Overview"}});
  EXPECT_EQ(goes_to("B", "Sales"), "Overview/Sales.B") << "a second one came";
  EXPECT_EQ(goes_to("A", "Sales"), "Overview/Sales");
}

TEST_F(CsvNames, AnObjectThatTookTheTitleOfAnotherDoesNotGetItsFile) {
  has({{"A", "Sales", "Overview"}});
  EXPECT_EQ(goes_to("A", "Sales", 5), "Overview/Sales");
  next_run();
  has({{"B", "Sales", "Overview"}});
  EXPECT_EQ(goes_to("B", "Sales"), "Overview/Sales.B");
  EXPECT_THAT(sink_->delivery().note, HasSubstr("'Sales' is object 'A''s"));
  EXPECT_EQ(lines("Overview/Sales.csv"), 6u);
}

TEST_F(CsvNames, TitlesThatAShareOrADiskTakesForOneHaveTheirIds) {
  has({{"A", "Ventes caf\u00e9", "Overview"},
       {"B", "VENTES Cafe\u0301", "Overview"},
       {"C", "Ventes cafe", "Overview"},
       {"D", "Продажи", "Overview"},
       {"E", "продажи", "Overview"},
       {"F", "Закупки", "Overview"}});
  EXPECT_EQ(goes_to("A", "Ventes caf\u00e9"), "Overview/Ventes caf\u00e9.A");
  EXPECT_EQ(goes_to("B", "VENTES Cafe\u0301"), "Overview/VENTES Cafe\u0301.B");
  EXPECT_EQ(goes_to("C", "Ventes cafe"), "Overview/Ventes cafe");
  EXPECT_EQ(goes_to("D", "Продажи"), "Overview/Продажи.D");
  EXPECT_EQ(goes_to("E", "продажи"), "Overview/продажи.E");
  EXPECT_EQ(goes_to("F", "Закупки"), "Overview/Закупки");
}

TEST_F(CsvNames, SheetsTellApartWhereTheTemplateHasThem) {
  has({{"A", "Sales", "Overview"}, {"B", "Sales", "Details"}});
  EXPECT_EQ(goes_to("A", "Sales"), "Overview/Sales");
  options_.file = "{title}";
  sink_ = create();
  EXPECT_EQ(goes_to("A", "Sales"), "Sales.A");
}

TEST_F(CsvNames, OneThatIsAnotherObjectsTitleGetsAHash) {
  has({{"A", "Orders", "Overview"}, {"T", "Orders.B", "Overview"}, {"B", "Orders", "Overview"}});
  EXPECT_EQ(goes_to("T", "Orders.B"), "Overview/Orders.B");
  EXPECT_EQ(goes_to("B", "Orders"), "Overview/Orders.B." + hash("B", ""));
  next_run();
  EXPECT_EQ(goes_to("B", "Orders"), "Overview/Orders.B." + hash("B", ""));
  EXPECT_EQ(goes_to("T", "Orders.B"), "Overview/Orders.B");
}

TEST_F(CsvNames, PlansTheNamesThatDeliveriesGet) {
  has({{"o3", "Sales.o1", "Overview"}, {"o1", "Sales", "Overview"}, {"O1", "sales", "Overview"}, {"o2", "Sales", "Overview"}});
  std::vector<std::string> planned, got;
  for (int again = 0; again < 2; ++again) {
    planned.clear();
    for (const auto& object : run_.objects) {
      run_.object_id = object.object_id, run_.title = object.title;
      planned.push_back(fs::relative(sink_->plan(run_, schema_)->target, base_).replace_extension().string());
    }
  }
  for (const auto& object : std::vector(run_.objects))
    got.push_back(goes_to(std::string(object.object_id).c_str(), std::string(object.title).c_str()));
  EXPECT_EQ(planned, got);
  EXPECT_EQ(std::set(got.begin(), got.end()).size(), 4u);
}

TEST_F(CsvNames, AFileThatIsLeftIsNamedOnce) {
  options_.file = "{sheet}/{title}";
  has({{"A", "Sales", "Overview"}, {"B", "Costs", "Overview"}});
  goes_to("A", "Sales"), goes_to("B", "Costs");
  EXPECT_EQ(sink_->delivery().note, "");
  next_run();
  run_.started_at = "2026-02-01T00:00:00.000Z";
  goes_to("A", "Выручка");
  EXPECT_EQ(sink_->delivery().note, "its rows went into 'Overview/Sales.csv' before, which stays as it is");
  next_run();
  run_.started_at = "2026-02-02T00:00:00.000Z", run_.sheet = "Details";
  goes_to("A", "Выручка");
  EXPECT_EQ(sink_->delivery().note, "its rows went into 'Overview/Выручка.csv' before, which stays as it is") << "the later one";
  next_run();
  goes_to("A", "Выручка");
  EXPECT_EQ(sink_->delivery().note, "");
  run_.pipeline = "another";
  goes_to("A", "Sales");
  EXPECT_EQ(sink_->delivery().note, "") << "another pipeline's";
}

TEST_F(CsvNames, FilesOfEachRunAreNotLeft) {
  options_.file = "{run}/{title}";
  sink_ = create();
  has({{"A", "Sales", "Overview"}});
  for (int run = 0; run < 2; ++run) {
    next_run();
    goes_to("A", "Sales");
    EXPECT_EQ(sink_->delivery().note, "");
  }
}

TEST_F(CsvNames, TurnsThatDifferInLetterCaseOnlyKeepTheirFilesInAnyOrder) {
  has({{"A", "Sales", "Overview"}});
  run_.object_id = "A", run_.title = "Sales";
  const auto turn = [this](const char* value, int rows) {
    run_.turn = value;
    EXPECT_TRUE(deliver(*sink_, rows).ok());
    return fs::relative(sink_->delivery().target, base_).replace_extension().string();
  };
  const auto third = "Overview/Sales.A.NORTE." + hash("A", "NORTE");
  EXPECT_EQ(turn("Norte", 1), "Overview/Sales.Norte");
  EXPECT_EQ(turn("norte", 2), "Overview/Sales.A.norte");
  EXPECT_EQ(turn("NORTE", 3), third);
  EXPECT_EQ(turn("nORTE", 4), "Overview/Sales.A.nORTE." + hash("A", "nORTE"));
  next_run();
  EXPECT_EQ(turn("nORTE", 4), "Overview/Sales.A.nORTE." + hash("A", "nORTE"));
  EXPECT_EQ(turn("NORTE", 3), third);
  EXPECT_EQ(turn("norte", 2), "Overview/Sales.A.norte");
  EXPECT_EQ(turn("Norte", 1), "Overview/Sales.Norte");
}

TEST_F(CsvNames, AFileOfAnotherPipelineIsRefusedUnlessItIsTakenOver) {
  ASSERT_TRUE(deliver(*sink_, 4).ok());
  run_.pipeline = "purchases", run_.run_id = "run-2", run_.object_id = "xyz";
  for (const auto& status : {sink_->open(run_, schema_), sink_->plan(run_, schema_).status()}) {
    EXPECT_EQ(status.code(), Code::forbidden);
    EXPECT_THAT(status.message(), AllOf(HasSubstr("by pipeline 'sales' (object 'abc')"), HasSubstr("pipeline 'purchases'"),
                                        HasSubstr("{pipeline}"), HasSubstr("run --takeover")));
  }
  ASSERT_TRUE(sink_->abort().ok());
  EXPECT_EQ(lines("Overview/Orders.csv"), 5u);
  run_.takeover = true;
  ASSERT_TRUE(deliver(*sink_, 1).ok());
  EXPECT_THAT(sink_->delivery().note, HasSubstr("taken over from pipeline 'sales'"));
  run_.takeover = false, run_.run_id = "run-3";
  EXPECT_TRUE(deliver(*sink_, 2).ok()) << "its own from now on";
  options_.file = "{pipeline}/{title}";
  run_.pipeline = "sales", run_.object_id = "abc";
  sink_ = create();
  ASSERT_TRUE(deliver(*sink_, 1).ok());
  EXPECT_THAT(sink_->delivery().target, ::testing::EndsWith("sales/Orders.csv"));
}

TEST_F(CsvNames, TheFileOfAnAppThatWasImportedAgainIsTheSame) {
  run_.app_id = "first";
  EXPECT_EQ(goes_to("abc", "Orders", 3), "Overview/Orders");
  run_.app_id = "second", run_.run_id = "run-2";
  EXPECT_EQ(goes_to("abc", "Orders", 1), "Overview/Orders");
}

TEST_F(CsvSinkTest, ClearsWhatACrashLeftButNotWhatSomebodyWrites) {
  fs::create_directories(base_ / "Overview");
  std::ofstream(base_ / "Overview/.Orders.csv.run-0.partial") << "half";
  std::ofstream(base_ / "Overview/.Other.csv.run-0.partial") << "somebody else's";
  const auto live = base_ / "Overview/.Orders.csv.run-live.partial";
  const int fd = ::open(live.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  ASSERT_EQ(::flock(fd, LOCK_EX | LOCK_NB), 0);
  auto sink = create();
  ASSERT_TRUE(deliver(*sink, 1).ok());
  EXPECT_THAT(entries(), ElementsAre("Overview/", "Overview/.Orders.csv.run-live.partial", "Overview/.Other.csv.run-0.partial",
                                     "Overview/Orders.csv", "Overview/Orders.csv.manifest.json"));
  ::close(fd);
}

TEST_F(CsvSinkTest, FollowsNoLinks) {
  const auto outside = base_.string() + "-outside";
  fs::create_directories(outside);
  std::ofstream(outside + "/precious") << "precious";
  fs::create_directory_symlink(outside, base_ / "Overview");
  auto sink = create();
  const auto status = sink->open(run_, schema_);
  EXPECT_EQ(status.code(), Code::io);
  EXPECT_THAT(status.message(), HasSubstr("way of a folder"));
  ASSERT_TRUE(sink->abort().ok());
  fs::remove(base_ / "Overview");

  fs::create_directories(base_ / "Overview");
  fs::create_symlink(outside + "/precious", base_ / "Overview/Orders.csv");
  fs::create_symlink(outside + "/precious", base_ / "Overview/.Orders.csv.run-1.partial");
  ASSERT_TRUE(deliver(*sink, 3).ok());
  EXPECT_FALSE(fs::is_symlink(base_ / "Overview/Orders.csv")) << "the link is replaced, not written through";
  EXPECT_EQ(read_text(outside + "/precious"), "precious");
  EXPECT_EQ(std::distance(fs::directory_iterator(outside), fs::directory_iterator()), 1);
  fs::remove_all(outside);
}

TEST_F(CsvSinkTest, RefusesAHostThatWasOvertaken) {
  auto sink = create();
  run_.fence = 7;
  ASSERT_TRUE(deliver(*sink, 1).ok());
  run_.fence = 6;
  run_.run_id = "run-late";
  auto late = create();
  const auto status = late->open(run_, schema_);
  EXPECT_EQ(status.code(), Code::forbidden);
  EXPECT_THAT(status.message(), HasSubstr("fence 7"));
}

TEST_F(CsvSinkTest, KnowsWhichRunLanded) {
  auto sink = create();
  EXPECT_EQ(*sink->committed("run-1"), Committed::unknown) << "it does not know where to look";
  ASSERT_TRUE(deliver(*sink, 1).ok());
  EXPECT_EQ(*sink->committed("run-1"), Committed::yes);
  EXPECT_EQ(*sink->committed("run-2"), Committed::no);
}

TEST_F(CsvSinkTest, PublishesNothingAfterAFailedWrite) {
  options_.formula = Formula::reject;
  auto sink = create();
  ASSERT_TRUE(sink->open(run_, schema_).ok());
  ASSERT_TRUE(write(*sink, 10).ok());
  std::vector<Column> columns;
  columns.emplace_back(Type::int64), columns.emplace_back(Type::utf8);
  columns[0].append_int64(1), columns[1].append_text("=1+1");
  arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(columns, array.get());
  EXPECT_EQ(sink->write(BatchView(schema_, *array)).code(), Code::bad_data);
  EXPECT_EQ(write(*sink, 10).code(), Code::bad_data);
  EXPECT_EQ(sink->commit().code(), Code::bad_data);
  ASSERT_TRUE(sink->abort().ok());
  EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(CsvSinkTest, MakesItsFolderWhereTheParentExistsAndTakesItBack) {
  for (const auto* name : {"lake", "озеро/", "a b"}) {
    options_.directory = (base_ / name).string();
    auto sink = create();
    EXPECT_TRUE(sink->probe().ok()) << sink->probe().message();
    EXPECT_THAT(entries(), IsEmpty()) << "a probe makes nothing";
    ASSERT_TRUE(sink->open(run_, schema_).ok());
    ASSERT_TRUE(sink->abort().ok());
    EXPECT_THAT(entries(), IsEmpty());
    ASSERT_TRUE(deliver(*sink, 1).ok());
    EXPECT_TRUE(fs::exists(base_ / name / "Overview/Orders.csv"));
    fs::remove_all(base_ / name);
  }
}

unsigned mode_of(const fs::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777U : 0;
}

TEST_F(CsvSinkTest, KeepsModeAndGroupOfTheFileItReplaces) {
  auto sink = create();
  ASSERT_TRUE(deliver(*sink, 1).ok());
  const auto file = base_ / "Overview/Orders.csv";
  for (const unsigned mode : {0644U, 0600U, 0664U, 0440U}) {
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
    const gid_t group = ::geteuid() == 0 ? 4 : ::getegid();
    ASSERT_EQ(::chown(file.c_str(), static_cast<uid_t>(-1), group), 0);
    ASSERT_TRUE(deliver(*create(), 2).ok());
    struct stat info {};
    ASSERT_EQ(::stat(file.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777U, mode);
    EXPECT_EQ(info.st_gid, group);
    EXPECT_EQ(mode_of(base_ / "Overview/Orders.csv.manifest.json"), 0640U) << "it has its own";
  }
}

TEST_F(CsvSinkTest, KeepsTheAccessControlListOfTheFileItReplaces) {
  auto sink = create();
  ASSERT_TRUE(deliver(*sink, 1).ok());
  const auto file = base_ / "Overview/Orders.csv";
  // Version 2; owner rw, user 12345 r, group r, mask r, others none. Each: tag, rights, id.
  const std::string list(
      "\x02\0\0\0\x01\0\x06\0\xff\xff\xff\xff\x02\0\x04\0\x39\x30\0\0\x04\0\x04\0\xff\xff\xff\xff\x10\0\x04\0\xff\xff\xff\xff\x20\0\0\0\xff"
      "\xff\xff\xff",
      44);
  if (::setxattr(file.c_str(), "system.posix_acl_access", list.data(), list.size(), 0) != 0) GTEST_SKIP() << "no lists on this file system";
  ASSERT_TRUE(deliver(*create(), 2).ok());
  char kept[256];
  const auto size = ::getxattr(file.c_str(), "system.posix_acl_access", kept, sizeof kept);
  ASSERT_GT(size, 0);
  EXPECT_EQ(std::string(kept, static_cast<std::size_t>(size)), list);
  ASSERT_EQ(::removexattr(file.c_str(), "system.posix_acl_access"), 0);
  ASSERT_TRUE(deliver(*create(), 3).ok());
  EXPECT_LT(::getxattr(file.c_str(), "system.posix_acl_access", kept, sizeof kept), 0) << "the file before has none any more";
}

TEST_F(CsvSinkTest, NotesAGroupThatItMayNotGive) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can make a file of another group";
  ASSERT_EQ(::chown(base_.c_str(), 65534, 65534), 0);
  const auto file = base_ / "Orders.csv";
  std::ofstream(file) << "old";
  ASSERT_EQ(::chown(file.c_str(), 65534, 0), 0);
  ASSERT_EQ(::chmod(file.c_str(), 0664), 0);
  options_.file = "{title}";
  ASSERT_EQ(::setegid(65534), 0);
  ASSERT_EQ(::seteuid(65534), 0);
  auto sink = create();
  const auto status = deliver(*sink, 1);
  ASSERT_EQ(::seteuid(0), 0);
  ASSERT_EQ(::setegid(0), 0);
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_THAT(std::string(sink->delivery().note), HasSubstr("Orders.csv' does not keep its group 0"));
  EXPECT_EQ(mode_of(file), 0644U) << "the other group may do what everybody may";
}

TEST_F(CsvSinkTest, CallsAFolderThatEndsWithASlashAsOneThatDoesNot) {
  options_.directory += "//";
  auto sink = create();
  ASSERT_TRUE(deliver(*sink, 1).ok());
  EXPECT_EQ(std::string(sink->delivery().target), (base_ / "Overview/Orders.csv").string());
}

TEST_F(CsvSinkTest, GivesFilesAndFoldersTheModeThatIsSet) {
  options_.file_mode = "644";
  const auto before = ::umask(0077);
  auto sink = create();
  const auto status = deliver(*sink, 1);
  ::umask(before);
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(mode_of(base_ / "Overview/Orders.csv"), 0644U);
  EXPECT_EQ(mode_of(base_ / "Overview/Orders.csv.manifest.json"), 0644U);
  ASSERT_EQ(::chmod((base_ / "Overview/Orders.csv").c_str(), 0600), 0);
  ASSERT_TRUE(deliver(*create(), 1).ok());
  EXPECT_EQ(mode_of(base_ / "Overview/Orders.csv"), 0644U);
  for (const auto* wrong : {"abc", "888", "1777", "044", "0o644", ""}) {
    options_.file_mode = wrong;
    EXPECT_EQ(CsvSink::create(options_).status().ok(), *wrong == '\0') << wrong;
  }
}

TEST_F(CsvSinkTest, DoesNotDoubleAnExtensionThatIsWritten) {
  const auto delivered = [&](const char* file, Compression compression) {
    options_.file = file;
    options_.compression = compression;
    auto sink = create();
    EXPECT_TRUE(deliver(*sink, 1).ok());
    return fs::relative(std::string(sink->delivery().target), base_).string();
  };
  EXPECT_EQ(delivered("x.csv", Compression::none), "x.csv");
  EXPECT_EQ(delivered("{title}.CSV", Compression::none), "Orders.CSV");
  EXPECT_EQ(delivered("данные/{title}.csv", Compression::gzip), "данные/Orders.csv.gz");
  EXPECT_EQ(delivered("{title}.csv.gz", Compression::gzip), "Orders.csv.gz");
  EXPECT_EQ(delivered("csv", Compression::none), "csv.csv");
  options_.compression = Compression::none;
  options_.file = "x.csv.gz";
  EXPECT_THAT(CsvSink::create(options_).status().message(), HasSubstr("compression"));
  options_.file = "{sheet}/.csv";
  EXPECT_THAT(CsvSink::create(options_).status().message(), HasSubstr("empty part"));
  run_.title = "x.csv";
  EXPECT_EQ(delivered("{title}", Compression::none), "x.csv.csv") << "a title that says so is a title";
}

TEST_F(CsvSinkTest, SaysWhatIsWrongWithTheTarget) {
  options_.directory = (base_ / "missing/lake").string();
  EXPECT_EQ(create()->probe().code(), Code::not_found);
  auto sink = create();
  EXPECT_THAT(sink->open(run_, schema_).message(), HasSubstr("nor the folder it would be in exists; create it"));

  options_.directory = base_.string();
  std::ofstream(base_ / "Overview") << "a file";
  sink = create();
  EXPECT_THAT(sink->open(run_, schema_).message(), HasSubstr("in the way of a folder"));
  fs::remove(base_ / "Overview");

  fs::create_directories(base_ / "Overview/Orders.csv");
  sink = create();
  ASSERT_TRUE(sink->open(run_, schema_).ok());
  EXPECT_THAT(sink->commit().message(), HasSubstr("a folder of this name is in the way"));
  ASSERT_TRUE(sink->abort().ok());
  EXPECT_THAT(entries(), ElementsAre("Overview/", "Overview/Orders.csv/"));
}

// What happens in a child process with its own limits or user; answers what the child printed.
std::string in_child(const std::function<std::string()>& work) {
  int ends[2];
  if (::pipe(ends) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    const auto text = work();
    const auto written = ::write(ends[1], text.data(), text.size());
    ::_exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return text;
}

TEST_F(CsvSinkTest, LeavesTheTargetWhenThereIsNoRoom) {
  auto sink = create();
  ASSERT_TRUE(deliver(*sink, 5).ok());
  const auto before = read_text(base_ / "Overview/Orders.csv");
  run_.run_id = "run-2";
  const auto said = in_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1 << 20, 1 << 20};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    auto status = sink->open(run_, schema_);
    for (int i = 0; i < 20 && status.ok(); ++i) status = write(*sink, 20'000);
    if (auto aborted = sink->abort(); !aborted.ok()) return aborted.message();
    return std::string(to_string(status.code())) + ": " + status.message();
  });
  EXPECT_THAT(said, HasSubstr("io: cannot write"));
  EXPECT_THAT(said, HasSubstr("Orders.csv"));
  EXPECT_EQ(read_text(base_ / "Overview/Orders.csv"), before);
  EXPECT_THAT(entries(), ElementsAre("Overview/", "Overview/Orders.csv", "Overview/Orders.csv.manifest.json"));
}

TEST_F(CsvSinkTest, SaysWhoMayNotWrite) {
  fs::permissions(base_,
                  fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read | fs::perms::others_exec);
  auto sink = create();
  const auto said = in_child([&] {
    // Root may write everywhere; somebody else may not.
    constexpr unsigned kNobody = 65534;
    if (::geteuid() == 0 && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) return std::string("cannot become nobody");
    if (::getuid() != kNobody) ::chmod(base_.c_str(), 0500);
    return sink->probe().message() + "\n" + sink->open(run_, schema_).message();
  });
  ::chmod(base_.c_str(), 0700);
  EXPECT_THAT(said, HasSubstr("is not writable"));
  EXPECT_THAT(said, HasSubstr("cannot create the folder"));
  EXPECT_THAT(said, HasSubstr("does the folder belong to the user qonduit runs as?"));
  EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(CsvSinkTest, PlansToFailInAFolderThatIsNotWritable) {
  ASSERT_TRUE(deliver(*create(), 1).ok());
  const auto folder = base_ / "Overview";
  ::chmod(base_.c_str(), 0777);
  ::chmod(folder.c_str(), 0555);
  const auto sink = create();
  const auto said = in_child([&] {
    constexpr unsigned kNobody = 65534;
    if (::geteuid() == 0 && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) return std::string("cannot become nobody");
    const auto plan = sink->plan(run_, schema_);
    return plan ? "planned" : plan.error().message();
  });
  ::chmod(folder.c_str(), 0755);
  EXPECT_THAT(said, AllOf(HasSubstr("Overview' is not writable"), HasSubstr("Permission denied")));
}

TEST_F(CsvSinkTest, TakesTheLongestNames) {
  const std::string title(300, 'x');
  const std::string run_id(36, 'r');
  run_.title = title;
  run_.run_id = run_id;
  options_.compression = Compression::gzip;
  auto sink = create();
  const auto status = deliver(*sink, 1);
  ASSERT_TRUE(status.ok()) << status.message();
  options_.file = std::string(200, 'f') + "{title}";
  sink = create();
  EXPECT_TRUE(deliver(*sink, 1).ok()) << "also where the template itself is long";
}

TEST_F(CsvSinkTest, RefusesWordsThatNobodyCanTellApart) {
  struct Written {
    std::string yes, no, null, nan, problem;
  };
  for (const auto& [yes, no, null, nan, problem] :
       std::vector<Written>{{"Y", "Y", "", "NaN", "true, false: both are written as 'Y', and nobody can tell them apart"},
                            {"да", "", "", "NaN", "false: is written as '', as a null is; set null to another text"},
                            {"", "nein", "", "NaN", "true: is written as '', as a null is; set null to another text"},
                            {"1", "0", "", "0", "nan: '0' ends like a number; what is none must not look like one"},
                            {"1", "0", "", "", ""},
                            {"ja", "", "NULL", "NaN", ""}}) {
    options_.true_text = yes, options_.false_text = no, options_.null = null, options_.nan = nan;
    EXPECT_EQ(CsvSink::create(options_).status().message(), problem);
  }
}

TEST_F(CsvSinkTest, SaysAtOnceAllThatIsWrong) {
  options_.decimal = '\'', options_.delimiter = '5', options_.file_mode = "rw", options_.compression_level = 9, options_.file = "../x";
  const auto status = CsvSink::create(options_).status();
  EXPECT_EQ(status.code(), Code::invalid_config);
  for (const auto* option :
       {"decimal: ", "; file-mode: ", "compression-level: is for compression = gzip", "delimiter: ", "; file = '../x'"})
    EXPECT_THAT(status.message(), HasSubstr(option));
}

// Formats as people write them elsewhere would replace every value by that very text.
TEST_F(CsvSinkTest, RefusesFormatsWithoutLettersAndSpellsThemRight) {
  struct Written {
    std::string CsvOptions::*option;
    const char* name;
    std::string pattern, meant;
  };
  for (const auto& [option, name, pattern, meant] :
       std::vector<Written>{{&CsvOptions::date_format, "date-format", "DD.MM.YYYY", "%d.%m.%Y"},
                            {&CsvOptions::date_format, "date-format", "yyyy-MM-dd", "%Y-%m-%d"},
                            {&CsvOptions::date_format, "date-format", "D/M/YYYY", "%d/%m/%Y"},
                            {&CsvOptions::date_format, "date-format", "TT.MM.JJJJ", "%d.%m.%Y"},
                            {&CsvOptions::date_format, "date-format", "JJ/MM/AAAA", "%d/%m/%Y"},
                            {&CsvOptions::date_format, "date-format", "ДД.ММ.ГГГГ", "%d.%m.%Y"},
                            {&CsvOptions::timestamp_format, "timestamp-format", "YYYY-MM-DD hh:mm:ss[.fff]", "%Y-%m-%d %H:%M:%S.%f"},
                            {&CsvOptions::timestamp_format, "timestamp-format", "yyyy-MM-dd'T'HH:mm:ss", "%Y-%m-%dT%H:%M:%S"},
                            {&CsvOptions::timestamp_format, "timestamp-format", "HH:mm, d.M.yyyy", "%H:%M, %d.%m.%Y"},
                            {&CsvOptions::time_format, "time-format", "hh:mm:ss", "%H:%M:%S"},
                            {&CsvOptions::time_format, "time-format", "ЧЧ:ММ", "%H:%M"},
                            {&CsvOptions::date_format, "date-format", "MMM YYYY", "such as %Y-%m-%d"},
                            {&CsvOptions::date_format, "date-format", "dd.MM.yy", "such as %Y-%m-%d"},
                            {&CsvOptions::time_format, "time-format", "h:mm TT", "such as %H:%M:%S"},
                            {&CsvOptions::date_format, "date-format", "100%%", "such as %Y-%m-%d"},
                            {&CsvOptions::date_format, "date-format", "", "such as %Y-%m-%d"}}) {
    auto options = options_;
    options.*option = pattern;
    const auto status = CsvSink::create(options).status();
    EXPECT_EQ(status.code(), Code::invalid_config) << pattern;
    EXPECT_THAT(status.message(), ::testing::StartsWith(std::string(name) + " = '" + pattern + "'")) << pattern;
    EXPECT_THAT(status.message(), ::testing::EndsWith((meant.starts_with('%') ? "write " : ", ") + meant)) << pattern;
    if (meant.starts_with('%')) {
      options.*option = meant;
      EXPECT_TRUE(CsvSink::create(options)) << meant;
    }
  }
}

TEST_F(CsvSinkTest, NamesTheOptionOfALetterThatIsNone) {
  for (const auto& [option, name] :
       {std::pair(&CsvOptions::date_format, "date-format"), std::pair(&CsvOptions::timestamp_format, "timestamp-format"),
        std::pair(&CsvOptions::time_format, "time-format")}) {
    auto options = options_;
    options.*option = "%q";
    EXPECT_EQ(CsvSink::create(options).status().message(), std::string(name) + " = '%q': after % comes one of Y m d H M S f %");
  }
  options_.time_format = "%d.%m.%Y %H:%M";
  EXPECT_THAT(CsvSink::create(options_).status().message(), HasSubstr("a time has no date"));
}

TEST_F(CsvSinkTest, SaysWhichPartsOfDatesAndTimesAFormatLeavesOut) {
  const Schema schema{{{"Day", Type::date32}, {"At", Type::timestamp}, {"Long", Type::duration}}};
  const auto note_of = [&](std::string date, std::string timestamp, std::string time) {
    options_.date_format = std::move(date), options_.timestamp_format = std::move(timestamp), options_.time_format = std::move(time);
    const auto sink = create();
    std::vector<Column> columns;
    for (const auto& field : schema.fields) columns.emplace_back(field.type, 1);
    columns[0].append_date32(20'000);
    columns[1].append_int64(1'700'000'000'000 / 60'000 * 60'000);  // 22:13, without seconds
    columns[2].append_int64(90'061'500);                           // 25:01:01.5
    arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(columns, array.get());
    EXPECT_TRUE(sink->open(run_, schema).ok());
    EXPECT_TRUE(sink->write(BatchView(schema, *array)).ok());
    EXPECT_TRUE(sink->commit().ok());
    return sink->delivery().note;
  };
  EXPECT_EQ(note_of("%d.%m.%Y", "%Y-%m-%d %H:%M", "%H:%M:%S"), "") << "seconds that are nought are not missed";
  EXPECT_EQ(note_of("%d.%m.", "%Y-%m-%d %H:%M:%S", "%H:%M:%S"), "date-format = %d.%m. does not write the year, which values have");
  EXPECT_EQ(note_of("%Y-%m-%d", "%d.%m.%Y", "%H:%M"),
            "timestamp-format = %d.%m.%Y does not write the hour, minutes, which values have; "
            "time-format = %H:%M does not write seconds, milliseconds, which values have");
}

TEST_F(CsvSinkTest, PlansToFailWhereTheFileIsThereAndMustNotBeReplaced) {
  options_.on_exists = OnExists::fail;
  for (const char* title : {"Orders", "Заказы", "Été 2026"}) {
    run_.run_id = "run-1", run_.title = title, run_.object_id = title;
    const auto sink = create();
    EXPECT_TRUE(sink->plan(run_, schema_)) << "nothing is there yet";
    EXPECT_TRUE(deliver(*sink, 1).ok());
    run_.run_id = "run-2";
    const auto again = create();
    const auto plan = again->plan(run_, schema_);
    ASSERT_FALSE(plan) << title;
    EXPECT_EQ(plan.error().code(), Code::already_exists);
    EXPECT_EQ(plan.error().message(), "'" + sink->delivery().target + "' exists already (on-exists = fail)");
  }
}

TEST_F(CsvSinkTest, SaysThatADirectoryCannotBeMadeAndWhy) {
  for (const std::string directory : {"/proc/x", "/proc/Отчёты/", "/proc/self/out"}) {
    options_.directory = directory;
    const auto shown = directory.ends_with('/') ? directory.substr(0, directory.size() - 1) : directory;
    const auto sink = create();
    for (const auto& status : {sink->probe(), sink->plan(run_, schema_).status()}) {
      EXPECT_EQ(status.code(), Code::forbidden) << directory;
      EXPECT_THAT(status.message(), HasSubstr("'" + shown + "' cannot be made: ")) << directory;
    }
    const auto opened = sink->open(run_, schema_);
    EXPECT_FALSE(opened.ok());
    EXPECT_THAT(opened.message(), AllOf(HasSubstr("cannot create the directory '" + shown + "'"), ::testing::Not(HasSubstr("neither"))));
  }
  options_.directory = (base_ / "not there" / "out").string();
  EXPECT_THAT(create()->probe().message(), HasSubstr("the folder it would be in is not there either"));
}

}  // namespace
}  // namespace qonduit::csv
