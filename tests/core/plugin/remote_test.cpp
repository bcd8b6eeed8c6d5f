// What the host makes of the answers of a stranger's sink or adapter: garbage becomes Code::internal with words, not a crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <limits>

#include "core/plugin/instances.hpp"
#include "core/plugin/process_host.hpp"
#include "qonduit/host/adapter.hpp"
#include "qonduit/host/sink.hpp"
#include "tests/core/plugin/fake_components.hpp"

namespace qonduit::plugin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What the fake adapter does in each hook; a test replaces what it is about.
struct Answers {
  std::function<void(void (*)(void*, const qonduit_dataset*), void*)> datasets = [](auto reply, void* context) {
    const qonduit_dataset only{sizeof only, 0, {nullptr, 0}, {}};
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
  std::string option_value, prepared_with;
};

Answers& answers() {
  static Answers instance;
  return instance;
}

const qonduit_adapter_api kAdapter = [] {
  qonduit_adapter_api api{};
  api.struct_size = sizeof api;
  api.accepts = [](const qonduit_context*, const qonduit_pair*, size_t, qonduit_str, qonduit_str) -> std::uint32_t {
    return answers().score;
  };
  api.datasets = [](const qonduit_context*, const qonduit_pair*, size_t, qonduit_str, qonduit_str,
                    void (*reply)(void*, const qonduit_dataset*), void* taker,
                    qonduit_error*) -> qonduit_code { return answers().datasets(reply, taker), QONDUIT_OK; };
  api.create = [](const qonduit_context*, const qonduit_pair* options, size_t count, qonduit_error* error) -> void* {
    if (count == 1) answers().option_value.assign(options[0].value.data, options[0].value.size);
    if (count <= 1) return &answers();
    set_error(error, QONDUIT_INVALID_CONFIG, "too many options");
    return nullptr;
  };
  api.destroy = [](void*) {};
  api.open = [](void*, const qonduit_run*, qonduit_str, ArrowSchema* schema, qonduit_extent* extent, qonduit_error*) -> qonduit_code {
    return answers().open(schema, extent), QONDUIT_OK;
  };
  api.next_request = [](void*, qonduit_request* request, qonduit_error*) -> qonduit_code {
    return answers().next_request(request), QONDUIT_OK;
  };
  api.decode = [](const void*, const qonduit_request*, qonduit_str, ArrowArray* out, std::int64_t* rows, qonduit_error*) -> qonduit_code {
    return answers().decode(out, rows), QONDUIT_OK;
  };
  api.prepare = [](void*, const qonduit_run* run, qonduit_str layout, qonduit_str properties, void (*reply)(void*, qonduit_str),
                   void* taker, qonduit_error*) -> qonduit_code {
    const auto text = [](qonduit_str given) { return std::string(given.data, given.size); };
    answers().prepared_with = text(run->dataset) + text(layout) + text(properties);
    return answers().prepare(reply, taker), QONDUIT_OK;
  };
  return api;
}();

class RemoteAdapterTest : public ::testing::Test {
 protected:
  RemoteAdapterTest() { answers() = Answers(); }
  static const host::WirePairs& none() {
    static const host::WirePairs pairs;
    return pairs;
  }
  host::Adapter make() { return std::move(create_adapter(fake_.get(), {})).value(); }
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
  EXPECT_EQ(host::Adapter::accepts(fake_.get(), none(), "table", "{}"), 100u);
  EXPECT_THAT(*host::Adapter::datasets(fake_.get(), none(), "table", "{}"), ElementsAre(""));
}

TEST_F(RemoteAdapterTest, GivesSecretsToCreate) {
  const std::vector<config::Option> options = {{"password", config::Secret("hunter2"), true, {}}};
  ASSERT_TRUE(create_adapter(fake_.get(), options));
  EXPECT_EQ(answers().option_value, "hunter2");
}

TEST_F(RemoteAdapterTest, HandsOnWhyItWasRefused) {
  const auto refused = create_adapter(fake_.get(), std::vector<config::Option>(2));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::invalid_config);
  EXPECT_EQ(refused.error().message(), "too many options");
}

TEST_F(RemoteAdapterTest, CannotWidenWithoutTheHook) { EXPECT_EQ(make().widen({}, "{}").code(), Code::unsupported); }

TEST_F(RemoteAdapterTest, DoesNotLetAnAbsurdScoreWin) {
  answers().score = 4'000'000'000;
  EXPECT_EQ(host::Adapter::accepts(fake_.get(), none(), "table", "{}"), 0u);
}

TEST_F(RemoteAdapterTest, RefusesDatasetsThatAreNullOrNamedTwice) {
  answers().datasets = [](auto reply, void* context) { reply(context, nullptr); };
  EXPECT_EQ(host::Adapter::datasets(fake_.get(), none(), "table", "{}").error().code(), Code::internal);
  answers().datasets = [](auto reply, void* context) {
    const qonduit_dataset same{sizeof same, 0, text_of("a"), {}};
    reply(context, &same), reply(context, &same);
  };
  EXPECT_THAT(host::Adapter::datasets(fake_.get(), none(), "table", "{}").error().message(), HasSubstr("named the dataset 'a' twice"));
  answers().datasets = [](auto reply, void* context) {
    const qonduit_dataset wild{sizeof wild, 0, {nullptr, 12}, {}};
    reply(context, &wild);
  };
  EXPECT_THAT(host::Adapter::datasets(fake_.get(), none(), "table", "{}").error().message(), HasSubstr("impossible text"));
}

TEST_F(RemoteAdapterTest, TakesADefinitionOrNone) {
  EXPECT_EQ(*make().prepare({}, "{}", "{}"), std::nullopt);
  answers().prepare = [](auto reply, void* context) { reply(context, text_of("{\"qInfo\":{}}")); };
  EXPECT_EQ(*make().prepare({}, "{}", "{}"), "{\"qInfo\":{}}");
  answers().prepare = [](auto reply, void* context) { reply(context, {nullptr, 3}); };
  EXPECT_EQ(make().prepare({}, "{}", "{}").error().code(), Code::internal);
}

TEST_F(RemoteAdapterTest, PreparesForADatasetOfTheObjectAsItIs) {
  qonduit::Run run;
  run.dataset = "outliers";
  EXPECT_EQ(*make().prepare(run, "[1]", "[2]"), std::nullopt);
  EXPECT_EQ(answers().prepared_with, "outliers[1][2]");
  answers().prepare = [](auto reply, void* taker) { reply(taker, text_of("{}")), reply(taker, text_of("{}")); };
  EXPECT_THAT(make().prepare({}, "{}", "{}").error().message(), HasSubstr("said it 2 times"));
}

// What a table is too short for is not read.
TEST_F(RemoteAdapterTest, HasNoHookThatItsTableDoesNotReach) {
  auto table = kAdapter;
  table.struct_size = offsetof(qonduit_adapter_api, prepare);
  answers().prepare = [](auto reply, void* taker) { reply(taker, text_of("{}")); };
  const FakeComponent shorter("shorter", nullptr, &table);
  EXPECT_EQ(*std::move(create_adapter(shorter.get(), {})).value().prepare({}, "[1]", "[2]"), std::nullopt);
}

TEST_F(RemoteAdapterTest, MayReadTheLayoutInPlaceOfAReply) {
  answers().next_request = [](qonduit_request* request) { request->flags = QONDUIT_REQUEST_LAYOUT, request->tag = 5; };
  const auto asked = make().next_request();
  ASSERT_TRUE(asked && *asked);
  EXPECT_TRUE((*asked)->of_layout);
  EXPECT_EQ((*asked)->tag, 5u);
  answers().next_request = [](qonduit_request* request) {
    Answers().next_request(request);
    request->flags = QONDUIT_REQUEST_LAYOUT;
  };
  EXPECT_THAT(make().next_request().error().message(), HasSubstr("for the layout it has, and for a method or a page besides"));
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
  EXPECT_THAT(make().open({}, "{}").error().message(), HasSubstr("opened without a schema"));
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
    const qonduit_delivery said{sizeof said, 0, 3, 40, text_of("/data/x.csv"), text_of("2 rows refused"), 2};
    reply(context, &said);
  };
  std::function<void(void (*)(void*, const qonduit_dead_letter_file*), void*)> dead_letters = [](auto reply, void* context) {
    const qonduit_dead_letter_file file{sizeof file,
                                        0,
                                        text_of("/dead/a.jsonl"),
                                        text_of("sales"),
                                        text_of("run-1"),
                                        text_of("obj"),
                                        text_of("Region=North"),
                                        text_of("09:00"),
                                        text_of("10:00"),
                                        text_of("full"),
                                        7};
    reply(context, &file), reply(context, &file);
  };
  bool refuse_without_words = false;
  qonduit_code probe = QONDUIT_OK;
  std::function<void(ArrowArray*)> write = [](ArrowArray*) {};
  std::function<void()> abort = [] {};
  int written = 0;
};

SinkAnswers& sink_answers() {
  static SinkAnswers instance;
  return instance;
}

const qonduit_sink_api kSink = [] {
  qonduit_sink_api api{};
  api.struct_size = sizeof api;
  api.create = [](const qonduit_context*, const qonduit_pair*, size_t, qonduit_error*) -> void* {
    return sink_answers().refuse_without_words ? nullptr : &sink_answers();
  };
  api.destroy = [](void*) {};
  api.guarantees = [](void*) -> std::uint32_t { return sink_answers().guarantees; };
  api.probe = [](void*, qonduit_error* error) -> qonduit_code {
    if (sink_answers().probe != QONDUIT_OK) set_error(error, sink_answers().probe, "as told");
    return sink_answers().probe;
  };
  api.open = [](void*, const qonduit_run*, const ArrowSchema*, qonduit_error*) -> qonduit_code { return QONDUIT_OK; };
  api.write = [](void*, const ArrowArray* batch, qonduit_error*) -> qonduit_code {
    sink_answers().write(const_cast<ArrowArray*>(batch));
    return ++sink_answers().written, QONDUIT_OK;
  };
  api.commit = [](void*, qonduit_error*) -> qonduit_code { return QONDUIT_OK; };
  api.abort = [](void*, qonduit_error*) -> qonduit_code { return sink_answers().abort(), QONDUIT_OK; };
  api.committed = [](void*, qonduit_str, std::uint32_t* answer, qonduit_error*) -> qonduit_code {
    return *answer = sink_answers().committed, QONDUIT_OK;
  };
  api.delivery = [](void*, void (*reply)(void*, const qonduit_delivery*), void* taker, qonduit_error*) -> qonduit_code {
    return sink_answers().delivery(reply, taker), QONDUIT_OK;
  };
  api.target_of = [](void*, const qonduit_run* run, void (*reply)(void*, qonduit_str), void* taker, qonduit_error*) -> qonduit_code {
    if (run->title.size > 0) reply(taker, run->title);
    return QONDUIT_OK;
  };
  return api;
}();

const qonduit_end_of_run_api kEndOfRun = {
    sizeof(qonduit_end_of_run_api), 0,
    [](void*, qonduit_str, std::uint32_t complete, qonduit_error*) -> qonduit_code { return complete == 1 ? QONDUIT_OK : QONDUIT_IO; }};
qonduit_dead_letters_api dead_letters_table() {
  return {sizeof(qonduit_dead_letters_api), 0,
          [](void*, void (*reply)(void*, const qonduit_dead_letter_file*), void* taker, qonduit_error*) -> qonduit_code {
            return sink_answers().dead_letters(reply, taker), QONDUIT_OK;
          },
          [](void*, qonduit_str path, std::uint64_t* sent, std::uint64_t* stayed, qonduit_error* error) -> qonduit_code {
            *sent = path.size, *stayed = 2;
            set_error(error, QONDUIT_UNAVAILABLE, "gone");
            return QONDUIT_UNAVAILABLE;
          }};
}
qonduit_dead_letters_api& dead_letters() {
  static auto table = dead_letters_table();
  return table;
}
const void* extension(qonduit_str name) {
  const std::string_view asked(name.data, name.size);
  if (asked == QONDUIT_EXTENSION_END_OF_RUN) return &kEndOfRun;
  return asked == QONDUIT_EXTENSION_DEAD_LETTERS ? &dead_letters() : nullptr;
}

Result<host::Sink> create(const FakeComponent& fake) { return host::Sink::create(fake.get(), host::WirePairs()); }

class RemoteSinkTest : public ::testing::Test {
 protected:
  RemoteSinkTest() {
    sink_answers() = SinkAnswers();
    dead_letters() = dead_letters_table();
  }
  host::Sink make() { return std::move(create(fake_)).value(); }
  FakeComponent fake_{"csv", &kSink, nullptr, R"({"options":[]})", extension};
};

TEST_F(RemoteSinkTest, TellsWhatItsTargetIs) {
  auto sink = make();
  qonduit::Run run;
  run.title = "orders\xff.csv";
  const auto target = sink.target_of(run);
  ASSERT_TRUE(target) << target.error().message();
  EXPECT_EQ(*target, "orders\uFFFD.csv") << "a text of a plugin is UTF-8 here";
  run.title = {};
  EXPECT_EQ(sink.target_of(run).error().code(), Code::internal) << "it was asked, and did not say";

  auto older = kSink;
  older.struct_size = offsetof(qonduit_sink_api, target_of);
  const FakeComponent fake("csv", &older, nullptr);
  EXPECT_EQ(create(fake)->target_of(run).value(), "");
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

TEST_F(RemoteSinkTest, RefusesADeliveryThatIsNotSaidOnce) {
  sink_answers().delivery = [](auto, void*) {};
  EXPECT_EQ(make().delivery().error().message(), "sink 'csv' was asked for its delivery and did not say");
  sink_answers().delivery = [](auto reply, void* taker) { reply(taker, nullptr); };
  EXPECT_EQ(make().delivery().error().message(), "sink 'csv' gave no table");
  sink_answers().delivery = [](auto reply, void* taker) {
    const qonduit_delivery small{8, 0, 3, 40, text_of("x"), {}, 0};
    reply(taker, &small);
  };
  EXPECT_EQ(make().delivery().error().message(), "sink 'csv' gave a table of 8 bytes where 64 are needed");
  sink_answers().delivery = [](auto reply, void* taker) {
    const qonduit_delivery said{sizeof said, 0, 3, 40, text_of("x"), {}, 0};
    reply(taker, &said), reply(taker, &said);
  };
  EXPECT_EQ(make().delivery().error().message(), "sink 'csv' was asked for its delivery and said it 2 times");
}

TEST_F(RemoteSinkTest, IsNotCancelledWhereNobodyAsked) {
  auto sink = make();
  sink_answers().probe = QONDUIT_CANCELLED;
  EXPECT_EQ(sink.probe().code(), Code::internal);
  EXPECT_THAT(sink.probe().message(), HasSubstr("answered 'cancelled' though nobody had cancelled anything: as told"));
  sink.cancel();
  EXPECT_EQ(sink.probe().code(), Code::cancelled);
  std::string seen;
  sink_answers().abort = [&] {
    if (sink.place().cancelled()) seen += "cancelled";
    for (const auto& call : process_host().open_calls()) {
      EXPECT_EQ(call.who, "'csv' (plugin 'csv')");
      EXPECT_EQ(call.function, "abort");
    }
    EXPECT_EQ(process_host().open_calls().size(), 1u);
  };
  EXPECT_TRUE(sink.abort().ok());
  EXPECT_TRUE(seen.empty()) << "an abort is meant";
}

TEST_F(RemoteSinkTest, IsSeenToSpoilWhatItWasLentWhereTheHostIsParanoid) {
  const Schema columns{{{"n", Type::int64}, {"t", Type::utf8}}};
  const host::WireSchema schema(columns);
  const auto write = [&](std::function<void(ArrowArray*)> spoil) {
    auto sink = make();
    EXPECT_TRUE(sink.open({}, schema.get()).ok());
    std::vector<Column> made;
    made.emplace_back(Type::int64).append_int64(7);
    made.emplace_back(Type::utf8).append_text("seven");
    const arrow::ArrayHandle batch(new ArrowArray{});
    finish_batch(made, batch.get());
    sink_answers().write = std::move(spoil);
    auto status = sink.write(*batch);
    EXPECT_NE(batch->release, nullptr) << "the batch is whole";
    return status.message();
  };
  process_host().set_paranoid(true);
  EXPECT_EQ(write([](ArrowArray*) {}), "");
  EXPECT_EQ(write([](ArrowArray* batch) { batch->release(batch); }), "sink 'csv' released a batch that it was only lent");
  EXPECT_EQ(write([](ArrowArray* batch) { batch->children[1]->release(batch->children[1]); }),
            "sink 'csv' released a batch that it was only lent");
  EXPECT_EQ(write([](ArrowArray* batch) { static_cast<std::int64_t*>(const_cast<void*>(batch->children[0]->buffers[1]))[0] = 424242; }),
            "sink 'csv' changed a batch that it was only lent");
  EXPECT_EQ(write([](ArrowArray* batch) { static_cast<char*>(const_cast<void*>(batch->children[1]->buffers[2]))[0] = 'S'; }),
            "sink 'csv' changed a batch that it was only lent");
  EXPECT_EQ(write([](ArrowArray* batch) { batch->length = 0; }), "sink 'csv' changed a batch that it was only lent");
  process_host().set_paranoid(false);
}

// What the sink of the next test says of a delivery; one whose struct_size is 0 is not said.
struct Foretold {
  qonduit_code code = QONDUIT_OK;
  qonduit_plan plan{sizeof(qonduit_plan), QONDUIT_PLAN_EXCLUSIVE, text_of("db, table t"),
                    text_of("adds"),      text_of("to t"),        text_of("db\tt")};
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
    if (said.code != QONDUIT_OK) set_error(error, said.code, "there is no column 'id'");
    if (said.code == QONDUIT_OK && said.plan.struct_size != 0) reply(context, &said.plan);
    return said.code;
  };
  const FakeComponent fake("csv", &table, nullptr);
  ArrowSchema schema{};
  arrow::export_schema({{{"n", Type::int64}}}, &schema);
  const auto plan = [&] { return std::move(create(fake)).value().plan({}, schema); };
  foretold() = {};
  EXPECT_EQ(plan()->target + ": " + plan()->before + " ... " + plan()->after, "db, table t: adds ... to t");
  EXPECT_EQ(plan()->identity, "db\tt");
  EXPECT_TRUE(plan()->exclusive);
  foretold().plan.struct_size = offsetof(qonduit_plan, identity);
  EXPECT_THAT(plan().error().message(), HasSubstr("gave a table of"));
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
  sink_answers().guarantees = 0xFFFF'FF00u | QONDUIT_GUARANTEE_REPLACE;
  EXPECT_THAT(create(fake_).error().message(), HasSubstr("promises what is not in the boundary"));
  sink_answers().guarantees = 0;
  EXPECT_THAT(create(fake_).error().message(), HasSubstr("promises nothing"));
  sink_answers().guarantees = QONDUIT_GUARANTEE_REPLACE;
  sink_answers().refuse_without_words = true;
  EXPECT_EQ(create(fake_).error().message(), "sink 'csv' answered 'internal' without saying why");
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
  EXPECT_THAT(problem(file), HasSubstr("sink 'csv' was asked for its dead letters and gave no table"));
  file.struct_size = offsetof(qonduit_dead_letter_file, messages);
  EXPECT_THAT(problem(file), HasSubstr("gave a table of"));
  file.struct_size = sizeof file;
  EXPECT_THAT(problem(file), HasSubstr("a path that is no text"));
  file.path = {nullptr, 7};
  EXPECT_THAT(problem(file), HasSubstr("a path that is no text"));
  file.path = text_of("/dead/a.jsonl");
  EXPECT_EQ(problem(file), "") << "the other texts may be empty";
}

// An extension that a plugin lacks, or whose table is too short, is not there.
TEST_F(RemoteSinkTest, HasNoDeadLettersWithoutTheExtension) {
  const auto answers_of = [](const FakeComponent& fake) {
    auto sink = std::move(create(fake)).value();
    Replayed replayed;
    return std::pair(sink.dead_letters().status().code(), sink.replay("x", replayed).code());
  };
  EXPECT_EQ(answers_of(fake_), std::pair(Code::ok, Code::unavailable));
  const auto none = std::pair(Code::unsupported, Code::unsupported);
  const FakeComponent without("without", &kSink, nullptr);
  EXPECT_EQ(answers_of(without), none);
  EXPECT_TRUE(std::move(create(without)).value().end_run("run", false).ok()) << "its deliveries are visible one by one";
  dead_letters().struct_size = offsetof(qonduit_dead_letters_api, replay);
  EXPECT_EQ(answers_of(fake_), none);
  dead_letters() = dead_letters_table(), dead_letters().replay = nullptr;
  EXPECT_EQ(answers_of(fake_), none);
}

TEST_F(RemoteSinkTest, DoesNotGetABatchThatLacksColumns) {
  auto sink = make();
  host::SchemaHandle schema;
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
