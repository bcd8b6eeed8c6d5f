// The fetcher against an engine in memory: a cube whose cell (row, column) holds row * 1000 + column, with one fault at a time.
#include "core/fetch/fetcher.hpp"

#include "core/fetch/snapshot.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <map>
#include <sstream>
#include <tuple>

namespace qonduit::fetch {
namespace {

namespace codes = engine::engine_code;

Page page_in(const std::string& params) {
  Page page;
  const auto number = [&](const std::string& key) { return std::atoll(params.c_str() + params.find(key) + key.size() + 2); };
  page.left = number("qLeft"), page.top = number("qTop"), page.width = number("qWidth"), page.height = number("qHeight");
  return page;
}

class CubeInMemory final : public engine::Calls {
 public:
  CubeInMemory(std::int64_t columns, std::int64_t rows) : columns_(columns), rows_(rows) {
    object_ = *registry_.adopt(R"({"qType":"GenericObject","qHandle":2,"qGenericType":"table","qGenericId":"cube"})",
                               engine::HandleKind::object, "object 'cube'");
  }

  // Faults; each call counts data calls from 1.
  std::function<std::optional<engine::Reply>(int call, const Page& page)> fault;
  std::size_t hold = 0;             // replies held back until so many wait, then released last first
  std::int64_t max_rows = 1 << 20;  // of one reply
  std::string layout_text = "one";
  std::function<std::string(int look)> layout;  // in its place, counted from 1
  int looks = 0;
  int reconnects = 0;
  int data_calls = 0;
  std::size_t most_in_flight = 0;
  Status ended;

  engine::Handle& object() { return object_; }
  engine::HandleRegistry& registry() { return registry_; }

  int doc() const override { return 1; }
  engine::Rpc::CallId send(int, std::string method, std::string params, engine::Rpc::Completion completion) override {
    if (method != "GetHyperCubeData") {
      if (method == "GetLayout") ++looks;
      completion(reply_with("{\"qLayout\":" + (layout ? layout(looks) : R"({"text":")" + layout_text + R"("})") + "}"));
      return 0;
    }
    const auto page = page_in(params);
    ++data_calls;
    EXPECT_LE(page.width * page.height, 10'000);
    auto reply = fault ? fault(data_calls, page) : std::nullopt;
    if (!reply) reply = answer(page);
    held_.push_back({std::move(completion), std::move(*reply)});
    most_in_flight = std::max(most_in_flight, held_.size());
    if (held_.size() >= hold) release();
    return static_cast<engine::Rpc::CallId>(data_calls);
  }
  void cancel(engine::Rpc::CallId) override {}
  Status reconnect(std::stop_token) override {
    ++reconnects;
    ended = {};
    return {};
  }
  Status health() const override { return ended; }

  void release() {
    while (!held_.empty()) {
      auto [completion, reply] = std::move(held_.back());
      held_.pop_back();
      completion(std::move(reply));
    }
  }

  engine::Reply failure(Code code, int engine_code) {
    engine::Reply reply;
    reply.status = Status(code, "told to fail");
    reply.engine_code = engine_code;
    return reply;
  }

 private:
  engine::Reply reply_with(const std::string& text) {
    engine::Reply reply;
    reply.message = pool_->copy_of(text);
    reply.result = reply.message.text();
    return reply;
  }
  engine::Reply answer(const Page& page) {
    const auto rows = std::min({page.height, max_rows, std::max<std::int64_t>(0, rows_ - page.top)});
    std::ostringstream text;
    text << page.left << ' ' << page.top << ' ' << std::min(page.width, columns_ - page.left) << ' ' << rows;
    return reply_with(text.str());
  }

  std::int64_t columns_;
  std::int64_t rows_;
  std::shared_ptr<engine::MessagePool> pool_ = engine::MessagePool::create();
  engine::HandleRegistry registry_{[](const std::string&) {}};
  engine::Handle object_;
  std::deque<std::pair<engine::Rpc::Completion, engine::Reply>> held_;
};

class CubeSource final : public Source {
 public:
  explicit CubeSource(Page whole, Steps steps = {0, 0}) : whole_(whole), steps_(steps) {}

  Result<std::optional<Request>> next_request() override {
    if (std::exchange(asked_, true)) return std::optional<Request>();
    return std::optional<Request>(Request{"GetHyperCubeData", R"(["/qHyperCubeDef"])", whole_, 0, steps_.width, steps_.height});
  }

  Result<Piece> decode(const Request& request, std::string_view reply) override {
    std::istringstream text{std::string(reply)};
    std::int64_t left = 0, top = 0, width = 0, rows = 0;
    text >> left >> top >> width >> rows;
    EXPECT_EQ(left, request.page.left);
    EXPECT_EQ(top, request.page.top);
    std::vector<Column> columns;
    for (std::int64_t c = 0; c < width; ++c) {
      columns.emplace_back(Type::int64, rows);
      for (std::int64_t r = 0; r < rows; ++r) columns.back().append_int64((top + r) * 1000 + left + c);
    }
    Piece piece{arrow::ArrayHandle(new ArrowArray{}), rows};
    finish_batch(columns, piece.array.get());
    return piece;
  }

 private:
  Page whole_;
  Steps steps_;
  bool asked_ = false;
};

struct Read {
  Status status;
  std::int64_t rows = 0;
  bool right = true;  // every cell where it belongs
  Counters counters;
  std::vector<std::chrono::milliseconds> pauses;
};

Read read_all(CubeInMemory& engine, std::int64_t columns, std::int64_t rows, Options options = {}, std::stop_token stop = {}) {
  Read read;
  auto snapshot = Snapshot::take(engine, engine.object());
  EXPECT_TRUE(snapshot);
  CubeSource source({0, 0, columns, rows});
  options.expected_rows = options.row_limit < 0 ? rows : options.row_limit;
  Fetcher fetcher(engine, *snapshot, source, options, stop, [&](std::chrono::milliseconds time) {
    read.pauses.push_back(time);
    return true;
  });
  Schema schema;
  for (std::int64_t c = 0; c < columns; ++c) schema.fields.push_back({"c", Type::int64});
  while (true) {
    auto batch = fetcher.next();
    engine.release();
    if (!batch) {
      read.status = batch.error();
      break;
    }
    if (!*batch) break;
    EXPECT_EQ((**batch)->n_children, columns);
    const BatchView view(schema, ***batch);
    for (std::int64_t r = 0; r < view.rows(); ++r) {
      for (std::size_t c = 0; c < view.columns(); ++c) {
        read.right = read.right && view.column(c).int64(r) == (read.rows + r) * 1000 + static_cast<std::int64_t>(c);
      }
    }
    read.rows += view.rows();
  }
  read.counters = fetcher.counters();
  return read;
}

void expect_whole(const Read& read, std::int64_t rows) {
  EXPECT_TRUE(read.status.ok()) << read.status.message();
  EXPECT_EQ(read.rows, rows);
  EXPECT_TRUE(read.right);
}

// Pieces of a band of rows are delivered one behind the other where a cell is a row of its own, and rows are counted once.
TEST(Fetcher, DeliversPiecesInStepsAsTheyAre) {
  CubeInMemory engine(12, 3);
  auto snapshot = Snapshot::take(engine, engine.object());
  CubeSource source({0, 0, 12, 3}, {2, 1});
  Options options;
  options.page_cells = 5;
  options.expected_rows = 3;
  Fetcher fetcher(engine, *snapshot, source, options, {});
  EXPECT_EQ(fetcher.forecast()->rows, 18) << "six of each row, where a cell of two columns is a row";
  std::vector<std::int64_t> first_cells;
  while (true) {
    auto batch = fetcher.next();
    ASSERT_TRUE(batch) << batch.error().message();
    if (!*batch) break;
    EXPECT_EQ((**batch)->n_children, 4);
    first_cells.push_back(static_cast<const std::int64_t*>((**batch)->children[0]->buffers[1])[0]);
  }
  EXPECT_EQ(first_cells, (std::vector<std::int64_t>{0, 4, 8, 1000, 1004, 1008, 2000, 2004, 2008}));
  EXPECT_EQ(fetcher.counters().rows, 9) << "of batches";
}

TEST(Fetcher, ReadsEveryRowInOrder) {
  CubeInMemory engine(8, 5001);
  expect_whole(read_all(engine, 8, 5001), 5001);
  EXPECT_EQ(engine.data_calls, 5) << "the look behind the last row comes with the last page";
}

TEST(Fetcher, LooksBehindTheLastRowWithACallOfItsOwnWhereTheLastPageIsFull) {
  CubeInMemory engine(8, 5000);
  expect_whole(read_all(engine, 8, 5000), 5000);
  EXPECT_EQ(engine.data_calls, 5) << "four pages of 1250 rows, and the look";
  CubeInMemory more(8, 5001);
  EXPECT_EQ(read_all(more, 8, 5000).status.code(), Code::inconsistent);
}

TEST(Fetcher, ForecastsTheCallsAndCellsOfTheWholeReadWithoutACall) {
  for (const auto& [columns, rows, pages_of_a_row, looks] :
       {std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>{8, 5001, 1, 0},
        {8, 5000, 1, 1},
        {25'000, 3, 3, 1},
        {1, 1, 1, 0}}) {
    CubeInMemory engine(columns, rows);
    auto snapshot = Snapshot::take(engine, engine.object());
    CubeSource source({0, 0, columns, rows});
    Options options;
    options.expected_rows = rows;
    Fetcher fetcher(engine, *snapshot, source, options, {});
    const auto before = fetcher.forecast();
    ASSERT_TRUE(before);
    EXPECT_EQ(engine.data_calls, 0);
    EXPECT_EQ(before->cells, columns * rows);
    EXPECT_EQ(before->pages, before->calls - looks) << "calls that do nothing but look behind the last row";
    EXPECT_EQ(before->pages_of_a_row, pages_of_a_row);
    ASSERT_TRUE(fetcher.next());
    const auto behind_the_first = fetcher.forecast();
    EXPECT_EQ(behind_the_first->calls, before->calls);
    EXPECT_EQ(behind_the_first->cells, before->cells);
    while (*fetcher.next()) {
    }
    EXPECT_EQ(fetcher.counters().calls, before->calls) << columns << " columns";
    EXPECT_EQ(fetcher.counters().cells, before->cells);
    EXPECT_EQ(fetcher.forecast()->calls, before->calls);
    EXPECT_EQ(fetcher.forecast()->pages, before->pages);
  }
}

TEST(Fetcher, ForecastsWhatARefusedPageHasTaughtIt) {
  CubeInMemory engine(8, 2000);
  engine.fault = [&](int, const Page& page) -> std::optional<engine::Reply> {
    if (page.width * page.height > 1000) return engine.failure(Code::invalid_argument, codes::pages_too_large);
    return std::nullopt;
  };
  auto snapshot = Snapshot::take(engine, engine.object());
  CubeSource source({0, 0, 8, 2000});
  Options options;
  options.window = 1;
  options.expected_rows = 2000;
  Fetcher fetcher(engine, *snapshot, source, options, {});
  const auto hopeful = fetcher.forecast()->calls;
  ASSERT_TRUE(fetcher.next());
  EXPECT_GT(fetcher.forecast()->calls, hopeful);
}

TEST(Fetcher, ReadsNoRowBehindTheLimit) {
  CubeInMemory engine(8, 5001);
  Options options;
  options.row_limit = 1300;
  const auto read = read_all(engine, 8, 5001, options);
  EXPECT_EQ(read.rows, 1300);
  EXPECT_TRUE(read.right);
  EXPECT_EQ(engine.data_calls, 2) << "no more is asked for, and there is no last row to look behind";
}

TEST(Fetcher, FailsWhenThereAreMoreRowsThanTheLayoutSays) {
  CubeInMemory engine(8, 3001);
  const auto read = read_all(engine, 8, 3000);
  EXPECT_EQ(read.status.code(), Code::inconsistent);
  EXPECT_NE(read.status.message().find("rows behind row 3000"), std::string::npos) << read.status.message();
}

TEST(Fetcher, TakesAnEngineThatRefusesToLookBehindTheLastRow) {
  CubeInMemory engine(8, 3000);
  engine.fault = [&](int, const Page& page) -> std::optional<engine::Reply> {
    if (page.top + page.height > 3000) return engine.failure(Code::invalid_argument, -32602);
    return std::nullopt;
  };
  expect_whole(read_all(engine, 8, 3000), 3000);
  EXPECT_EQ(engine.data_calls, 5) << "three pages, the last of them again without the row behind it, and a look there";
}

// It may have been the row behind the last that was left out: that is asked for by itself.
TEST(Fetcher, LooksBehindTheLastRowAgainWhereTheLastPageComesShort) {
  for (const std::int64_t there : {3000, 3001}) {
    CubeInMemory engine(8, there);
    engine.max_rows = 400;  // of the 501 that are asked for last
    const auto read = read_all(engine, 8, 3000);
    EXPECT_EQ(read.status.ok(), there == 3000) << read.status.message();
  }
}

TEST(Fetcher, DeliversInOrderWhateverOrderRepliesComeIn) {
  CubeInMemory engine(8, 10'000);
  engine.hold = 4;
  expect_whole(read_all(engine, 8, 10'000), 10'000);
}

TEST(Fetcher, KeepsNoMoreCallsInFlightThanTheWindow) {
  CubeInMemory engine(8, 20'000);
  engine.hold = 3;
  Options options;
  options.window = 3;
  expect_whole(read_all(engine, 8, 20'000, options), 20'000);
  EXPECT_EQ(engine.most_in_flight, 3u);
}

TEST(Fetcher, HalvesPagesTheEngineRefusesAndAsksSmallerOnesFromThenOn) {
  for (const int code : {codes::pages_too_large, codes::result_too_large, codes::response_too_large}) {
    CubeInMemory engine(4, 10'000);
    engine.fault = [&](int, const Page& page) -> std::optional<engine::Reply> {
      if (page.width * page.height > 3000) return engine.failure(Code::invalid_argument, code);
      return std::nullopt;
    };
    const auto read = read_all(engine, 4, 10'000);
    expect_whole(read, 10'000);
    EXPECT_EQ(read.counters.retries, 0);
    EXPECT_LT(engine.data_calls, 40) << "the limit is learnt, not met with every page";
  }
}

TEST(Fetcher, CutsARowThatIsTooLargeIntoColumnsAndJoinsThem) {
  CubeInMemory engine(100, 7);
  engine.fault = [&](int, const Page& page) -> std::optional<engine::Reply> {
    if (page.width * page.height > 30) return engine.failure(Code::invalid_argument, codes::response_too_large);
    return std::nullopt;
  };
  expect_whole(read_all(engine, 100, 7), 7);
}

TEST(Fetcher, ReadsCubesWiderThanAPage) {
  CubeInMemory engine(25'000, 3);
  expect_whole(read_all(engine, 25'000, 3), 3);
}

TEST(Fetcher, GivesUpOnASingleCellThatIsTooLarge) {
  CubeInMemory engine(1, 1);
  engine.fault = [&](int, const Page&) { return engine.failure(Code::invalid_argument, codes::response_too_large); };
  EXPECT_EQ(read_all(engine, 1, 1).status.code(), Code::invalid_argument);
}

TEST(Fetcher, AsksForTheRestOfAShortPage) {
  CubeInMemory engine(8, 3000);
  engine.max_rows = 333;
  expect_whole(read_all(engine, 8, 3000), 3000);
}

// So that they come whole, and need not wait for each other.
TEST(Fetcher, AsksForNoMoreThanTheEngineGives) {
  CubeInMemory engine(8, 100'000);
  engine.max_rows = 400;
  Options options;
  options.window = 4;
  expect_whole(read_all(engine, 8, 100'000, options), 100'000);
  EXPECT_LT(engine.data_calls, 270) << "250 are needed";
}

// What one object has shown counts for the next, but rows are not cut for it.
TEST(Fetcher, AsksForNoMoreThanTheEngineGaveOfAnotherObject) {
  Flow flow;
  Options options;
  options.flow = &flow;
  CubeInMemory narrow(2, 1000);
  narrow.max_rows = 3;
  expect_whole(read_all(narrow, 2, 1000, options), 1000);
  CubeInMemory wide(8, 100);
  wide.max_rows = 3;
  const auto read = read_all(wide, 8, 100, options);
  expect_whole(read, 100);
  EXPECT_EQ(read.counters.short_pages, 0);
  EXPECT_EQ(read.counters.calls, 101) << "a row each, and a look behind the last";
}

// That is no page that was trimmed: it tells nothing of other objects.
TEST(Fetcher, AsksForLargePagesAfterAnObjectThatEndsBeforeTheLayoutSays) {
  Flow flow;
  Options options;
  options.flow = &flow;
  CubeInMemory shorter(8, 700);
  EXPECT_EQ(read_all(shorter, 8, 3000, options).status.code(), Code::inconsistent);
  EXPECT_GE(flow.page_cells(), options.page_cells);
}

TEST(Fetcher, AsksForLargePagesAfterAnOddOneThatCameShort) {
  CubeInMemory engine(8, 100'000);
  engine.fault = [&](int, const Page& page) -> std::optional<engine::Reply> {
    engine.max_rows = page.top == 0 ? 1 : page.height;
    return std::nullopt;
  };
  expect_whole(read_all(engine, 8, 100'000), 100'000);
  EXPECT_LT(engine.data_calls, 170) << "81 are needed, and twice as many of half the size";
}

TEST(Fetcher, FailsWhenTheDataEndsBeforeTheLayoutSays) {
  CubeInMemory engine(8, 2999);
  const auto read = read_all(engine, 8, 3000);
  EXPECT_EQ(read.status.code(), Code::inconsistent);
  EXPECT_NE(read.status.message().find("2999"), std::string::npos) << read.status.message();
}

TEST(Fetcher, AsksAbortedCallsAgainAfterAPause) {
  for (const int code : {codes::aborted, codes::reload_in_progress}) {
    CubeInMemory engine(8, 5000);
    engine.fault = [&](int call, const Page&) -> std::optional<engine::Reply> {
      if (call == 2 || call == 3) return engine.failure(Code::unavailable, code);
      return std::nullopt;
    };
    const auto read = read_all(engine, 8, 5000);
    expect_whole(read, 5000);
    EXPECT_EQ(read.pauses.size(), 1u) << "both calls are asked again together";
  }
}

TEST(Fetcher, NeverAsksAgainWhenTheObjectIsNotWhatItWas) {
  CubeInMemory engine(8, 5000);
  engine.fault = [&](int call, const Page&) -> std::optional<engine::Reply> {
    if (call != 2) return std::nullopt;
    engine.layout_text = "two";
    return engine.failure(Code::unavailable, codes::aborted);
  };
  EXPECT_EQ(read_all(engine, 8, 5000).status.code(), Code::inconsistent);
}

TEST(Fetcher, ConnectsAgainWhenTheSessionIsGone) {
  CubeInMemory engine(8, 5000);
  engine.fault = [&](int call, const Page&) -> std::optional<engine::Reply> {
    if (call != 2) return std::nullopt;
    engine.ended = {Code::unavailable, "socket closed"};
    return engine.failure(Code::unavailable, 0);
  };
  const auto read = read_all(engine, 8, 5000);
  expect_whole(read, 5000);
  EXPECT_EQ(engine.reconnects, 1);
}

TEST(Fetcher, GivesUpWhenTheBudgetOfRetriesIsSpent) {
  CubeInMemory engine(8, 5000);
  engine.fault = [&](int, const Page&) { return engine.failure(Code::unavailable, codes::aborted); };
  Options options;
  options.retries = 3;
  const auto read = read_all(engine, 8, 5000, options);
  EXPECT_EQ(read.status.code(), Code::unavailable);
  EXPECT_EQ(read.pauses.size(), 3u);
}

TEST(Fetcher, ReadsOnThroughAnyNumberOfAbortsAsLongAsItGetsOn) {
  CubeInMemory engine(8, 50'000);
  engine.fault = [&](int call, const Page&) -> std::optional<engine::Reply> {
    if (call % 3 != 0) return std::nullopt;
    return engine.failure(Code::unavailable, codes::aborted);
  };
  Options options;
  options.window = 4;
  options.retries = 3;
  const auto read = read_all(engine, 8, 50'000, options);
  expect_whole(read, 50'000);
  EXPECT_GT(read.counters.retries, options.retries);
}

TEST(Fetcher, DoesNotRetryWhatWillNotChange) {
  CubeInMemory engine(8, 5000);
  engine.fault = [&](int, const Page&) { return engine.failure(Code::forbidden, codes::access_denied); };
  const auto read = read_all(engine, 8, 5000);
  EXPECT_EQ(read.status.code(), Code::forbidden);
  EXPECT_TRUE(read.pauses.empty());
}

TEST(Fetcher, FailsWhenTheEngineSaysThatTheObjectChanged) {
  CubeInMemory engine(8, 5000);
  engine.fault = [&](int call, const Page&) -> std::optional<engine::Reply> {
    if (call == 3) engine.registry().apply({{2}, {}, {}});
    return std::nullopt;
  };
  EXPECT_EQ(read_all(engine, 8, 5000).status.code(), Code::inconsistent);
}

// A title that says the time is another one with each look.
TEST(Fetcher, ReadsAnObjectWhoseTitleNeverStandsStill) {
  CubeInMemory engine(8, 3000);
  const auto layout = [](int look, int rows) {
    return R"({"title":"Stand 06:00:)" + std::to_string(look) + R"(","qHyperCube":{"qSize":{"qcx":8,"qcy":)" + std::to_string(rows) + "}}}";
  };
  engine.layout = [&](int look) { return layout(look, 3000); };
  expect_whole(read_all(engine, 8, 3000), 3000);
  EXPECT_EQ(engine.looks, 2);
  engine.layout = [&](int look) { return layout(look, 3000 + look); };
  const auto read = read_all(engine, 8, 3000);
  EXPECT_EQ(read.status.code(), Code::inconsistent);
  EXPECT_NE(read.status.message().find("/qHyperCube/qSize/qcy is another now"), std::string::npos) << read.status.message();
}

TEST(Fetcher, FailsWhenTheLayoutIsAnotherAfterTheLastPage) {
  CubeInMemory engine(8, 1000);
  engine.fault = [&](int, const Page&) -> std::optional<engine::Reply> {
    engine.layout_text = "silently two";
    return std::nullopt;
  };
  EXPECT_EQ(read_all(engine, 8, 1000).status.code(), Code::inconsistent);
}

// A fetcher of 3,000 rows of 8 columns, to be advanced before its turn.
struct Ahead {
  explicit Ahead(CubeInMemory& engine)
      : snapshot(Snapshot::take(engine, engine.object())), fetcher(engine, *snapshot, source, options(), {}) {}
  static Options options() {
    Options made;
    made.expected_rows = 3000;
    return made;
  }

  // Its turn: the rows it has, or -1.
  std::int64_t read() {
    std::int64_t rows = 0;
    while (true) {
      auto batch = fetcher.next();
      if (!batch) return -1;
      if (!*batch) return rows;
      rows += (**batch)->length;
    }
  }

  qonduit::Result<Snapshot> snapshot;
  CubeSource source{{0, 0, 8, 3000}};
  Fetcher fetcher;
};

// Before its turn: all is asked for and nothing is waited for, also the proof that it was the truth to the end.
TEST(Fetcher, ReadsAheadWithoutWaiting) {
  CubeInMemory engine(8, 3000);
  engine.hold = 100;  // until it is told to
  Ahead ahead(engine);
  auto& fetcher = ahead.fetcher;
  fetcher.advance();
  EXPECT_EQ(engine.data_calls, 3);
  EXPECT_EQ(engine.looks, 1);
  engine.release();
  fetcher.advance();
  EXPECT_EQ(engine.looks, 2);
  EXPECT_FALSE(fetcher.spoilt());
  // What the engine says from here on is of later.
  engine.registry().apply({{2}, {}, {}});
  EXPECT_FALSE(fetcher.spoilt());
  EXPECT_EQ(ahead.read(), 3000);
  EXPECT_EQ(engine.data_calls, 3);
  EXPECT_EQ(engine.looks, 2);
}

TEST(Fetcher, IsSpoiltByAChangeWhileItReadsAhead) {
  CubeInMemory engine(8, 3000);
  engine.hold = 100;
  Ahead ahead(engine);
  auto& fetcher = ahead.fetcher;
  fetcher.advance();
  engine.registry().apply({{2}, {}, {}});
  engine.release();
  fetcher.advance();
  EXPECT_TRUE(fetcher.spoilt());
  EXPECT_EQ(fetcher.next().error().code(), Code::inconsistent);
}

// A page that came short asks for more, so what was proven before is proven again.
TEST(Fetcher, ProvesAgainWhereAPageAskedForMore) {
  CubeInMemory engine(8, 3000);
  engine.max_rows = 1000;
  Ahead ahead(engine);
  ahead.fetcher.advance();
  ahead.fetcher.advance();
  EXPECT_EQ(engine.looks, 2);
  int data_calls_at_the_last_look = 0;
  engine.layout = [&](int) {
    data_calls_at_the_last_look = engine.data_calls;
    return std::string(R"({"text":"one"})");
  };
  EXPECT_EQ(ahead.read(), 3000);
  EXPECT_GT(engine.looks, 2);
  EXPECT_EQ(data_calls_at_the_last_look, engine.data_calls);
}

// What is read before its turn leaves room for what is read in its turn.
TEST(Fetcher, SharesTheFlowWithOthers) {
  CubeInMemory engine(8, 10'000);
  engine.hold = 100;
  Flow flow(4);
  Options options;
  options.flow = &flow;
  options.expected_rows = 10'000;
  auto snapshot = Snapshot::take(engine, engine.object());
  CubeSource first_source({0, 0, 8, 10'000}), second_source({0, 0, 8, 10'000});
  Fetcher first(engine, *snapshot, first_source, options, {});
  {
    Fetcher second(engine, *snapshot, second_source, options, {});
    first.advance();
    second.advance();
    EXPECT_EQ(engine.data_calls, 3) << "of both together";
    engine.release();
    second.advance();
    EXPECT_EQ(engine.data_calls, 3) << "the first has not seen yet what came";
    first.advance();
    second.advance();
    EXPECT_EQ(engine.data_calls, 6) << "three of each";
  }
  first.advance();
  engine.release();
  EXPECT_TRUE(*first.next());
}

TEST(Fetcher, StopsWhenToldTo) {
  CubeInMemory engine(8, 5000);
  std::stop_source stop;
  engine.fault = [&](int call, const Page&) -> std::optional<engine::Reply> {
    if (call == 2) stop.request_stop();
    return std::nullopt;
  };
  EXPECT_EQ(read_all(engine, 8, 5000, {}, stop.get_token()).status.code(), Code::cancelled);
}

}  // namespace
}  // namespace qonduit::fetch
