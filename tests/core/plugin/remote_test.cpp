// What the host makes of the answers of a stranger's sink or adapter: garbage becomes Code::internal with words, not a crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <limits>

#include "core/plugin/host_services.hpp"
#include "core/plugin/remote_adapter.hpp"
#include "core/plugin/remote_sink.hpp"
#include "tests/core/plugin/fake_components.hpp"

namespace qonduit::plugin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What the fake adapter does in each hook; a test replaces what it is about.
struct Answers {
  std::function<void(void (*)(void*, const qonduit_dataset*), void*)> datasets = [](auto reply, void* context) {
    const qonduit_dataset only{sizeof only, {nullptr, 0}};
    reply(context, &only);
  };
  std::function<void(void (*)(void*, qonduit_str), void*)> prepare = [](auto, void*) {};
  std::function<void(ArrowSchema*, qonduit_extent*)> open = [](ArrowSchema* schema, qonduit_extent* extent) {
    arrow::export_schema({{{"n", Type::int64}, {"t", Type::utf8}}}, schema);
    extent->rows = 2;
  };
  std::function<void(qonduit_request*)> next_request = [](qonduit_request* request) {
    request->method = text_of("GetHyperCubeData");
    request->params_json = text_of("[\"/qHyperCubeDef\"]");
    request->page = {0, 0, 2, 2};
  };
  std::function<void(ArrowArray*, std::int64_t*)> decode = [](ArrowArray* out, std::int64_t* rows) {
    std::vector<Column> columns;
    columns.emplace_back(Type::int64);
    columns.emplace_back(Type::utf8);
    for (int i = 0; i < 2; ++i) columns[0].append_int64(i), columns[1].append_text("x");
    finish_batch(columns, out);
    *rows = 2;
  };
  std::uint32_t score = 100;
  std::string option_value;
};

Answers& answers() {
  static Answers instance;
  return instance;
}

const qonduit_adapter_api kAdapter = {
    sizeof(qonduit_adapter_api),
    [](qonduit_str, qonduit_str) -> std::uint32_t { return answers().score; },
    [](qonduit_str, qonduit_str, void (*reply)(void*, const qonduit_dataset*), void* context, qonduit_error*) -> qonduit_code {
      return answers().datasets(reply, context), QONDUIT_OK;
    },
    [](const qonduit_pair* options, size_t count, qonduit_error* error) -> void* {
      if (count == 1) answers().option_value.assign(options[0].value.data, options[0].value.size);
      if (count <= 1) return &answers();
      host_table().error_set(error, QONDUIT_INVALID_CONFIG, text_of("too many options"));
      return nullptr;
    },
    [](void*) {},
    [](void*, qonduit_str, void (*reply)(void*, qonduit_str), void* context, qonduit_error*) -> qonduit_code {
      return answers().prepare(reply, context), QONDUIT_OK;
    },
    [](void*, const qonduit_run*, qonduit_str, ArrowSchema* schema, qonduit_extent* extent, qonduit_error*) -> qonduit_code {
      return answers().open(schema, extent), QONDUIT_OK;
    },
    [](void*, qonduit_request* request, qonduit_error*) -> qonduit_code { return answers().next_request(request), QONDUIT_OK; },
    [](const void*, const qonduit_request*, qonduit_str, ArrowArray* out, std::int64_t* rows, qonduit_error*) -> qonduit_code {
      return answers().decode(out, rows), QONDUIT_OK;
    },
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

class RemoteAdapterTest : public ::testing::Test {
 protected:
  RemoteAdapterTest() { answers() = Answers(); }
  RemoteAdapter make() { return std::move(RemoteAdapter::create(fake_.get(), {})).value(); }
  // The failure of decoding a page of two rows, after an open that went well.
  Status decode() {
    auto adapter = make();
    EXPECT_TRUE(adapter.open({}, "{}"));
    Request request;
    request.page = {0, 0, 2, 2};
    return adapter.decode(request, "{}").status();
  }
  FakeComponent fake_{"table", nullptr, &kAdapter};
};

TEST_F(RemoteAdapterTest, CarriesAGoodAdapterFromOpenToDecode) {
  auto adapter = make();
  const auto opened = adapter.open({}, "{}");
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->rows, 2);
  EXPECT_EQ(opened->cells, -1);
  const auto request = adapter.next_request();
  ASSERT_TRUE(request);
  ASSERT_TRUE(*request);
  EXPECT_EQ((*request)->method, "GetHyperCubeData");
  const auto piece = adapter.decode(**request, "{}");
  ASSERT_TRUE(piece) << piece.status().message();
  EXPECT_EQ(piece->rows, 2);
  EXPECT_EQ(RemoteAdapter::accepts(fake_.get(), "table", "{}"), 100u);
  EXPECT_THAT(*RemoteAdapter::datasets(fake_.get(), "table", "{}"), ElementsAre(""));
}

TEST_F(RemoteAdapterTest, GivesSecretsToCreate) {
  const std::vector<config::Option> options = {{"password", config::Secret("hunter2"), true, {}}};
  ASSERT_TRUE(RemoteAdapter::create(fake_.get(), options));
  EXPECT_EQ(answers().option_value, "hunter2");
}

TEST_F(RemoteAdapterTest, HandsOnWhyItWasRefused) {
  const auto refused = RemoteAdapter::create(fake_.get(), std::vector<config::Option>(2));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::invalid_config);
  EXPECT_EQ(refused.error().message(), "too many options");
}

TEST_F(RemoteAdapterTest, CannotWidenWithoutTheHook) { EXPECT_EQ(make().widen({}, "{}").code(), Code::unsupported); }

TEST_F(RemoteAdapterTest, DoesNotLetAnAbsurdScoreWin) {
  answers().score = 4'000'000'000;
  EXPECT_EQ(RemoteAdapter::accepts(fake_.get(), "table", "{}"), 0u);
}

TEST_F(RemoteAdapterTest, RefusesDatasetsThatAreNullOrNamedTwice) {
  answers().datasets = [](auto reply, void* context) { reply(context, nullptr); };
  EXPECT_EQ(RemoteAdapter::datasets(fake_.get(), "table", "{}").error().code(), Code::internal);
  answers().datasets = [](auto reply, void* context) {
    const qonduit_dataset same{sizeof same, text_of("a")};
    reply(context, &same), reply(context, &same);
  };
  EXPECT_THAT(RemoteAdapter::datasets(fake_.get(), "table", "{}").error().message(), HasSubstr("named the dataset 'a' twice"));
  answers().datasets = [](auto reply, void* context) {
    const qonduit_dataset wild{sizeof wild, {nullptr, 12}};
    reply(context, &wild);
  };
  EXPECT_THAT(RemoteAdapter::datasets(fake_.get(), "table", "{}").error().message(), HasSubstr("impossible text"));
}

TEST_F(RemoteAdapterTest, TakesADefinitionOrNone) {
  EXPECT_EQ(*make().prepare({}, "{}", "{}"), std::nullopt);
  answers().prepare = [](auto reply, void* context) { reply(context, text_of("{\"qInfo\":{}}")); };
  EXPECT_EQ(*make().prepare({}, "{}", "{}"), "{\"qInfo\":{}}");
  answers().prepare = [](auto reply, void* context) { reply(context, {nullptr, 3}); };
  EXPECT_EQ(make().prepare({}, "{}", "{}").error().code(), Code::internal);
}

// A plugin of an older minor has a shorter table: what lies behind it is not read, and the older hook is called.
TEST_F(RemoteAdapterTest, PreparesWithTheHookAPluginHas) {
  static std::string called;
  auto table = kAdapter;
  table.prepare_dataset = [](void*, const qonduit_run* run, qonduit_str layout, qonduit_str properties, void (*)(void*, qonduit_str), void*,
                             qonduit_error*) -> qonduit_code {
    called = std::string(run->dataset.data, run->dataset.size) + std::string(layout.data, layout.size) +
             std::string(properties.data, properties.size);
    return QONDUIT_OK;
  };
  qonduit::Run run;
  run.dataset = "outliers";
  const FakeComponent newer("newer", nullptr, &table);
  EXPECT_EQ(*std::move(RemoteAdapter::create(newer.get(), {})).value().prepare(run, "[1]", "[2]"), std::nullopt);
  EXPECT_EQ(called, "outliers[1][2]");
  table.struct_size = offsetof(qonduit_adapter_api, prepare_dataset);
  answers().prepare = [](auto reply, void* context) { reply(context, text_of("{\"older\":1}")); };
  const FakeComponent older("older", nullptr, &table);
  EXPECT_EQ(*std::move(RemoteAdapter::create(older.get(), {})).value().prepare(run, "[1]", "[2]"), "{\"older\":1}");
}

TEST_F(RemoteAdapterTest, CarriesTheNoteOfADelivery) {
  EXPECT_EQ(make().open({}, "{}")->note, "");
  answers().open = [](ArrowSchema* schema, qonduit_extent* extent) {
    Answers().open(schema, extent);
    extent->note = text_of("only what is expanded");
  };
  EXPECT_EQ(make().open({}, "{}")->note, "only what is expanded");
  answers().open = [](ArrowSchema* schema, qonduit_extent* extent) {
    Answers().open(schema, extent);
    extent->note = {nullptr, 5};
  };
  EXPECT_THAT(make().open({}, "{}").error().message(), HasSubstr("note that is no text"));
}

TEST_F(RemoteAdapterTest, RefusesToOpenWithoutAUsableSchema) {
  answers().open = [](ArrowSchema*, qonduit_extent*) {};
  EXPECT_THAT(make().open({}, "{}").error().message(), HasSubstr("opened without giving a schema"));
  answers().open = [](ArrowSchema* schema, qonduit_extent*) {
    schema->format = "+s", schema->n_children = 3;
    schema->release = [](ArrowSchema* self) { self->release = nullptr; };
  };
  EXPECT_THAT(make().open({}, "{}").error().message(), HasSubstr("gave a schema without its columns"));
  answers().open = [](ArrowSchema* schema, qonduit_extent* extent) {
    arrow::export_schema({}, schema);
    extent->rows = -7;
  };
  EXPECT_THAT(make().open({}, "{}").error().message(), HasSubstr("expects -7 rows"));
}

TEST_F(RemoteAdapterTest, RefusesRequestsThatCannotBeMeant) {
  const auto problem = [this](std::function<void(qonduit_request*)> change) {
    answers().next_request = [change](qonduit_request* request) {
      Answers().next_request(request);
      change(request);
    };
    const auto asked = make().next_request();
    return asked ? std::string() : asked.error().message();
  };
  EXPECT_EQ(problem([](auto*) {}), "");
  EXPECT_THAT(problem([](auto* request) { request->method = {nullptr, 9}; }), HasSubstr("no text"));
  EXPECT_THAT(problem([](auto* request) { request->params_json = {nullptr, 9}; }), HasSubstr("no text"));
  EXPECT_THAT(problem([](auto* request) { request->params_json = text_of("{}"); }), HasSubstr("no JSON array"));
  EXPECT_THAT(problem([](auto* request) { request->page.top = -1; }), HasSubstr("negative or too large"));
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_THAT(problem([](auto* request) { request->page = {0, 0, kMost, 2}; }), HasSubstr("negative or too large"));
  EXPECT_THAT(problem([](auto* request) { request->page = {1, 0, kMost, 1}; }), HasSubstr("negative or too large"));
  EXPECT_EQ(problem([](auto* request) { request->step_width = 2, request->step_height = 1; }), "");
  for (const auto& [width, height] : {std::pair<std::int64_t, std::int64_t>{3, 1}, {1, 0}, {0, 1}, {-1, -1}}) {
    EXPECT_THAT(problem([w = width, h = height](auto* request) { request->step_width = w, request->step_height = h; }),
                HasSubstr("2 by 2 cells in steps of"));
  }
}

TEST_F(RemoteAdapterTest, EndsWhenThereIsNothingMoreToAsk) {
  answers().next_request = [](qonduit_request* request) { request->method = {nullptr, 0}; };
  const auto asked = make().next_request();
  ASSERT_TRUE(asked);
  EXPECT_FALSE(*asked);
}

TEST_F(RemoteAdapterTest, RefusesBatchesThatAreNotOfTheSchema) {
  answers().decode = [](ArrowArray*, std::int64_t* rows) { *rows = 2; };
  EXPECT_EQ(decode().message(), "adapter 'table' gave no array");
  answers().decode = [](ArrowArray* out, std::int64_t* rows) {
    Answers().decode(out, rows);
    out->children[1]->length = 1;
  };
  EXPECT_EQ(decode().message(), "adapter 'table' gave 1 values for column 2 in 2 rows");
  answers().decode = [](ArrowArray* out, std::int64_t* rows) {
    Answers().decode(out, rows);
    *rows = -1;
  };
  EXPECT_THAT(decode().message(), HasSubstr("covered -1"));
  answers().decode = [](ArrowArray* out, std::int64_t* rows) {
    Answers().decode(out, rows);
    *rows = 3;
  };
  EXPECT_EQ(decode().message(), "adapter 'table' says that a reply to a page of 2 rows covered 3");
  answers().decode = [](ArrowArray* out, std::int64_t* rows) {
    std::vector<Column> columns;
    columns.emplace_back(Type::int64);
    columns.emplace_back(Type::int64);
    for (auto& column : columns) column.append_int64(1);
    finish_batch(columns, out);
    *rows = 1;
  };
  EXPECT_EQ(decode().message(), "adapter 'table' gave column 2 in another form than its schema says (utf8)");
}

// The fake sink: counts nothing, answers what the test sets.
struct SinkAnswers {
  std::uint32_t committed = QONDUIT_COMMITTED_YES;
  std::uint32_t guarantees = QONDUIT_GUARANTEE_APPEND;
  std::function<void(void (*)(void*, const qonduit_delivery*), void*)> delivery = [](auto reply, void* context) {
    const qonduit_delivery said{sizeof said, 3, 40, text_of("/data/x.csv"), text_of("2 rows refused"), 2};
    reply(context, &said);
  };
  std::function<void(void (*)(void*, const qonduit_dead_letter_file*), void*)> dead_letters = [](auto reply, void* context) {
    const qonduit_dead_letter_file file{sizeof file,      text_of("/dead/a.jsonl"),
                                        text_of("sales"), text_of("run-1"),
                                        text_of("obj"),   text_of("Region=North"),
                                        text_of("09:00"), text_of("10:00"),
                                        text_of("full"),  7};
    reply(context, &file), reply(context, &file);
  };
  bool refuse_without_words = false;
  int written = 0;
};

SinkAnswers& sink_answers() {
  static SinkAnswers instance;
  return instance;
}

const qonduit_sink_api kSink = {
    sizeof(qonduit_sink_api),
    [](const qonduit_pair*, size_t, qonduit_error*) -> void* { return sink_answers().refuse_without_words ? nullptr : &sink_answers(); },
    [](void*) {},
    [](void*) -> std::uint32_t { return sink_answers().guarantees; },
    [](void*, qonduit_error*) -> qonduit_code { return QONDUIT_OK; },
    [](void*, const qonduit_run*, const ArrowSchema*, qonduit_error*) -> qonduit_code { return QONDUIT_OK; },
    [](void*, const ArrowArray*, qonduit_error*) -> qonduit_code { return ++sink_answers().written, QONDUIT_OK; },
    [](void*, qonduit_error*) -> qonduit_code { return QONDUIT_OK; },
    [](void*, qonduit_error*) -> qonduit_code { return QONDUIT_OK; },
    [](void*, qonduit_str, std::uint32_t* answer, qonduit_error*) -> qonduit_code {
      return *answer = sink_answers().committed, QONDUIT_OK;
    },
    [](void*, void (*reply)(void*, const qonduit_delivery*), void* context, qonduit_error*) -> qonduit_code {
      return sink_answers().delivery(reply, context), QONDUIT_OK;
    },
    [](void*, qonduit_str, std::uint32_t complete, qonduit_error*) -> qonduit_code { return complete == 1 ? QONDUIT_OK : QONDUIT_IO; },
    [](void*, void (*reply)(void*, const qonduit_dead_letter_file*), void* context, qonduit_error*) -> qonduit_code {
      return sink_answers().dead_letters(reply, context), QONDUIT_OK;
    },
    [](void*, qonduit_str path, std::uint64_t* sent, std::uint64_t* stayed, qonduit_error* error) -> qonduit_code {
      *sent = path.size, *stayed = 2;
      host_table().error_set(error, QONDUIT_UNAVAILABLE, text_of("gone"));
      return QONDUIT_UNAVAILABLE;
    },
    nullptr,
    [](void*, const qonduit_run* run, void (*reply)(void*, qonduit_str), void* context, qonduit_error*) -> qonduit_code {
      if (run->title.size > 0) reply(context, run->title);
      return QONDUIT_OK;
    },
};

class RemoteSinkTest : public ::testing::Test {
 protected:
  RemoteSinkTest() { sink_answers() = SinkAnswers(); }
  RemoteSink make() { return std::move(RemoteSink::create(fake_.get(), {})).value(); }
  FakeComponent fake_{"csv", &kSink, nullptr};
};

TEST_F(RemoteSinkTest, TellsWhatItsTargetIs) {
  auto sink = make();
  qonduit::Run run;
  run.title = "orders\xff.csv";
  const auto target = sink.target_of(run);
  ASSERT_TRUE(target) << target.error().message();
  EXPECT_EQ(*target, "orders?.csv") << "a text of a plugin is UTF-8 here";
  run.title = {};
  EXPECT_EQ(sink.target_of(run).error().code(), Code::internal) << "it was asked, and did not say";

  auto older = kSink;
  older.struct_size = offsetof(qonduit_sink_api, target_of);
  const FakeComponent fake("csv", &older, nullptr);
  EXPECT_EQ(RemoteSink::create(fake.get(), {})->target_of(run).value(), "");
}

TEST_F(RemoteSinkTest, TellsWhatWasDelivered) {
  auto sink = make();
  const auto delivery = sink.delivery();
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->rows, 3u);
  EXPECT_EQ(delivery->target, "/data/x.csv");
  EXPECT_EQ(delivery->note, "2 rows refused");
  EXPECT_TRUE(sink.end_run("run", true).ok());
  EXPECT_EQ(sink.end_run("run", false).code(), Code::io);
  EXPECT_EQ(*sink.committed("run"), Committed::yes);
}

TEST_F(RemoteSinkTest, RefusesADeliveryThatIsNotSaid) {
  sink_answers().delivery = [](auto, void*) {};
  EXPECT_EQ(make().delivery().error().message(), "sink 'csv' was asked for its delivery and did not say");
  sink_answers().delivery = [](auto reply, void* context) { reply(context, nullptr); };
  EXPECT_EQ(make().delivery().error().code(), Code::internal);
  sink_answers().delivery = [](auto reply, void* context) {
    const qonduit_delivery small{8, 3, 40, text_of("x"), {}, 0};
    reply(context, &small);
  };
  EXPECT_EQ(make().delivery().error().code(), Code::internal);
}

// What the sink of the next test says of a delivery; one whose struct_size is 0 is not said.
struct Foretold {
  qonduit_code code = QONDUIT_OK;
  qonduit_plan plan{sizeof(qonduit_plan), text_of("db, table t"), text_of("adds"), text_of("to t"), 1, text_of("db\tt")};
};
Foretold& foretold() {
  static Foretold instance;
  return instance;
}

TEST_F(RemoteSinkTest, AsksWhatADeliveryWouldDoWhereThePluginSays) {
  auto table = kSink;
  table.plan = [](void*, const qonduit_run*, const ArrowSchema*, void (*reply)(void*, const qonduit_plan*), void* context,
                  qonduit_error* error) -> qonduit_code {
    const auto& said = foretold();
    if (said.code != QONDUIT_OK) host_table().error_set(error, said.code, text_of("there is no column 'id'"));
    if (said.code == QONDUIT_OK && said.plan.struct_size != 0) reply(context, &said.plan);
    return said.code;
  };
  const FakeComponent fake("csv", &table, nullptr);
  ArrowSchema schema{};
  arrow::export_schema({{{"n", Type::int64}}}, &schema);
  const auto plan = [&] { return std::move(RemoteSink::create(fake.get(), {})).value().plan({}, schema); };
  foretold() = {};
  EXPECT_EQ(plan()->target + ": " + plan()->before + " ... " + plan()->behind, "db, table t: adds ... to t");
  EXPECT_EQ(plan()->identity, "db\tt");
  foretold().plan.struct_size = offsetof(qonduit_plan, identity);
  EXPECT_EQ(plan()->target + plan()->identity, "db, table t") << "a plugin of an older minor does not say";
  foretold().code = QONDUIT_INVALID_CONFIG;
  EXPECT_EQ(plan().error().code(), Code::invalid_config);
  EXPECT_THAT(plan().error().message(), HasSubstr("there is no column 'id'"));
  foretold() = {QONDUIT_OK, {}};
  EXPECT_EQ(plan().error().message(), "sink 'csv' was asked for its plan and did not say");
  table.struct_size = offsetof(qonduit_sink_api, plan);
  EXPECT_EQ(plan()->before, "") << "a plugin of an older minor does not say";
  table.struct_size = sizeof table, table.plan = nullptr;
  EXPECT_EQ(plan()->target, "");
  schema.release(&schema);
}

TEST_F(RemoteSinkTest, DoesNotTakeGarbageForAnAnswer) {
  sink_answers().committed = 9;
  EXPECT_THAT(make().committed("run").error().message(), HasSubstr("answered 9"));
  sink_answers().guarantees = 0xFFFF'FFE0u | QONDUIT_GUARANTEE_REPLACE;
  EXPECT_EQ(make().guarantees(), guarantee::replace);
  sink_answers().refuse_without_words = true;
  EXPECT_EQ(RemoteSink::create(fake_.get(), {}).error().message(), "sink 'csv' answered 'internal' without saying why");
}

TEST_F(RemoteSinkTest, ListsDeadLettersAndSendsThemAgain) {
  auto sink = make();
  const auto files = sink.dead_letters();
  ASSERT_TRUE(files) << files.error().message();
  ASSERT_EQ(files->size(), 2u);
  const auto& file = files->front();
  EXPECT_EQ(file.path, "/dead/a.jsonl");
  EXPECT_EQ(file.pipeline + ' ' + file.run_id + ' ' + file.object + ' ' + file.dataset, "sales run-1 obj Region=North");
  EXPECT_EQ(file.first + ' ' + file.last + ' ' + file.reason, "09:00 10:00 full");
  EXPECT_EQ(file.messages, 7u);
  Replayed replayed;
  const auto status = sink.replay("abc", replayed);
  EXPECT_EQ(status.code(), Code::unavailable);
  EXPECT_EQ(status.message(), "gone");
  EXPECT_EQ(replayed.sent, 3u) << "the counts of a replay that failed are kept";
  EXPECT_EQ(replayed.stayed, 2u);
}

TEST_F(RemoteSinkTest, RefusesDeadLettersThatCannotBeMeant) {
  const auto problem = [this](qonduit_dead_letter_file file) {
    sink_answers().dead_letters = [file](auto reply, void* context) { reply(context, file.struct_size == 0 ? nullptr : &file); };
    const auto files = make().dead_letters();
    return files ? std::string() : files.error().message();
  };
  qonduit_dead_letter_file file{};
  EXPECT_THAT(problem(file), HasSubstr("sink 'csv' was asked for its dead letters and gave a table that is too small"));
  file.struct_size = offsetof(qonduit_dead_letter_file, messages);
  EXPECT_THAT(problem(file), HasSubstr("a table that is too small"));
  file.struct_size = sizeof file;
  EXPECT_THAT(problem(file), HasSubstr("a path that is no text"));
  file.path = {nullptr, 7};
  EXPECT_THAT(problem(file), HasSubstr("a path that is no text"));
  file.path = text_of("/dead/a.jsonl");
  EXPECT_EQ(problem(file), "") << "the other texts may be empty";
}

// A plugin of an older minor has a shorter table: what lies behind it is not read.
TEST_F(RemoteSinkTest, HasNoDeadLettersWhereThePluginIsOlder) {
  auto table = kSink;
  const FakeComponent fake("older", &table, nullptr);
  const auto answers_of = [&] {
    auto sink = std::move(RemoteSink::create(fake.get(), {})).value();
    Replayed replayed;
    return std::pair(sink.dead_letters().status().code(), sink.replay("x", replayed).code());
  };
  EXPECT_EQ(answers_of(), std::pair(Code::ok, Code::unavailable));
  const auto none = std::pair(Code::unsupported, Code::unsupported);
  table.struct_size = offsetof(qonduit_sink_api, dead_letters);
  EXPECT_EQ(answers_of(), none);
  table.struct_size = offsetof(qonduit_sink_api, replay);
  EXPECT_EQ(answers_of(), none);
  table.struct_size = sizeof table, table.replay = nullptr;
  EXPECT_EQ(answers_of(), none);
}

TEST_F(RemoteSinkTest, DoesNotGetABatchThatLacksColumns) {
  auto sink = make();
  SchemaHandle schema;
  arrow::export_schema({{{"n", Type::int64}, {"t", Type::utf8}}}, schema.get());
  ASSERT_TRUE(sink.open({}, *schema).ok());
  std::vector<Column> columns;
  columns.emplace_back(Type::int64);
  columns[0].append_int64(1);
  const arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(columns, array.get());
  EXPECT_EQ(sink.write(*array).message(), "sink 'csv': the source of the batch gave 1 columns, its schema has 2");
  EXPECT_EQ(sink_answers().written, 0);
}

}  // namespace
}  // namespace qonduit::plugin
