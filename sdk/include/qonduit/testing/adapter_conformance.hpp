// What every adapter must do, as a GoogleTest suite. The author of an adapter describes captured objects with AdapterTraits, includes this
// header in one test source and writes
//   QONDUIT_ADAPTER_CONFORMANCE(Table, plain_table(), table_with_nulls());
#pragma once

#include <qonduit/testing/adapter_driver.hpp>
#include <qonduit/testing/rows.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace qonduit::testing {

struct AdapterTraits {
  std::string name;     // of this object: letters and digits
  std::string plugin;   // the plugin file
  std::string adapter;  // the component
  Options options = {};
  std::string object_type;
  std::string layout_json;
  std::string dataset = {};
  std::string properties_json = {};  // the object's definition; empty: as for a user who may not see it
  // What the engine answers, the value of "result", for a request with a page of at most the rows the engine gives in one call.
  std::function<std::string(const Request&)> answer;
  std::int64_t rows = -1;                                           // that arrive in batches, when known
  std::vector<std::pair<std::string, std::string>> strangers = {};  // (object type, layout) the adapter must not accept
};

inline void PrintTo(const AdapterTraits& traits, std::ostream* out) { *out << traits.name; }

// An answer cut out of a matrix whose cells are NxCell JSON texts. Gives no rows beyond its end, as the engine does.
struct MatrixAnswer {
  std::vector<std::vector<std::string>> matrix;

  std::string operator()(const Request& request) const {
    const auto& page = request.page;
    const auto end = std::min(page.top + page.height, static_cast<std::int64_t>(matrix.size()));
    std::string rows;
    for (std::int64_t row = page.top; row < end; ++row) {
      const auto& cells = matrix[static_cast<std::size_t>(row)];
      rows += row == page.top ? "[" : ",[";
      const auto last = std::min(page.left + page.width, static_cast<std::int64_t>(cells.size()));
      for (std::int64_t i = page.left; i < last; ++i) rows += (i == page.left ? "" : ",") + cells[static_cast<std::size_t>(i)];
      rows += "]";
    }
    const auto height = std::max<std::int64_t>(0, end - page.top);
    return R"({"qDataPages":[{"qMatrix":[)" + rows + R"(],"qTails":[],"qArea":{"qLeft":)" + std::to_string(page.left) + R"(,"qTop":)" +
           std::to_string(page.top) + R"(,"qWidth":)" + std::to_string(page.width) + R"(,"qHeight":)" + std::to_string(height) +
           R"(},"qIsReduced":false}]})";
  }
};

class AdapterConformance : public ::testing::TestWithParam<AdapterTraits> {
 protected:
  AdapterConformance() : traits_(GetParam()) {
    auto component = shared_host().find(traits_.plugin, traits_.adapter, true);
    if (!component) throw std::runtime_error(component.error().message());
    component_ = *component;
    run_.object_type = traits_.object_type;
    run_.dataset = traits_.dataset;
  }

  struct Exchange {
    Request request;
    std::string reply;
  };

  [[nodiscard]] AdapterDriver create() const {
    auto adapter = AdapterDriver::create(*component_, traits_.options);
    if (!adapter) throw std::runtime_error(adapter.error().message());
    return std::move(*adapter);
  }
  Schema open(AdapterDriver& adapter) const {
    if (auto status = adapter.use_locale({}); !status.ok()) throw std::runtime_error(status.message());
    if (!traits_.properties_json.empty()) {
      if (auto prepared = adapter.prepare(run_, traits_.layout_json, traits_.properties_json); !prepared)
        throw std::runtime_error(prepared.error().message());
    }
    auto opened = adapter.open(run_, traits_.layout_json);
    if (!opened) throw std::runtime_error(opened.error().message());
    return std::move(opened->schema);
  }
  // All the adapter asks, and the answers to it. Pages whose cells one call does not give are asked in bands.
  std::vector<Exchange> exchanges(AdapterDriver& adapter) const {
    std::vector<Exchange> all;
    for (int i = 0; i < 10'000; ++i) {
      auto next = adapter.next_request();
      if (!next) throw std::runtime_error(next.error().message());
      if (!*next) return all;
      Request piece = **next;
      if (piece.of_layout) {
        all.push_back({piece, traits_.layout_json});
        continue;
      }
      const auto whole = piece.page;
      if (whole.width <= 0) {
        all.push_back({piece, traits_.answer(piece)});
        continue;
      }
      const auto band = std::max<std::int64_t>(1, 10'000 / whole.width);
      for (std::int64_t top = whole.top; top < whole.top + whole.height; top += band) {
        piece.page.top = top;
        piece.page.height = std::min(band, whole.top + whole.height - top);
        all.push_back({piece, traits_.answer(piece)});
      }
    }
    throw std::runtime_error("the adapter never stops asking");
  }
  static Rows decode(const AdapterDriver& adapter, const Schema& schema, const std::vector<Exchange>& exchanges) {
    Rows rows;
    for (const auto& [request, reply] : exchanges) {
      auto decoded = adapter.decode(request, reply);
      if (!decoded) throw std::runtime_error(decoded.error().message());
      const auto problem = array_problem(schema, *decoded->array);
      if (!problem.empty()) throw std::runtime_error(problem);
      append_rows(rows, schema, *decoded->array);
    }
    return rows;
  }

  AdapterTraits traits_;
  std::optional<host::Component> component_;
  SampleRun run_;
};

TEST_P(AdapterConformance, AcceptsItsObjectAndNoStranger) {
  EXPECT_GT(AdapterDriver::accepts(*component_, traits_.options, traits_.object_type, traits_.layout_json), 0u);
  EXPECT_LE(AdapterDriver::accepts(*component_, traits_.options, traits_.object_type, traits_.layout_json), 100u);
  for (const auto& [type, layout] : traits_.strangers)
    EXPECT_EQ(AdapterDriver::accepts(*component_, traits_.options, type, layout), 0u) << type;
  const auto names = AdapterDriver::datasets(*component_, traits_.options, traits_.object_type, traits_.layout_json);
  ASSERT_TRUE(names);
  EXPECT_NE(std::find(names->begin(), names->end(), traits_.dataset), names->end());
}

TEST_P(AdapterConformance, SaysTheSameColumnsEachTime) {
  auto one = create();
  auto other = create();
  const auto first = open(one);
  const auto second = open(other);
  ASSERT_FALSE(first.fields.empty());
  ASSERT_EQ(first.fields.size(), second.fields.size());
  for (std::size_t i = 0; i < first.fields.size(); ++i) {
    EXPECT_EQ(first.fields[i].name, second.fields[i].name);
    EXPECT_EQ(first.fields[i].type, second.fields[i].type);
    EXPECT_EQ(first.fields[i].metadata, second.fields[i].metadata);
  }
}

TEST_P(AdapterConformance, DecodesTheSameAgain) {
  auto adapter = create();
  const auto schema = open(adapter);
  const auto asked = exchanges(adapter);
  const auto rows = decode(adapter, schema, asked);
  EXPECT_EQ(decode(adapter, schema, asked), rows);
  if (traits_.rows >= 0) {
    EXPECT_EQ(static_cast<std::int64_t>(rows.size()), traits_.rows);
  }
}

TEST_P(AdapterConformance, DecodesOnTwoThreadsAtOnceIfItSaysSo) {
  auto adapter = create();
  if (!adapter.parallel_decode()) return;
  const auto schema = open(adapter);
  const auto asked = exchanges(adapter);
  const auto alone = decode(adapter, schema, asked);
  Rows here, there;
  std::string failure;
  std::thread thread([&] {
    try {
      there = decode(adapter, schema, asked);
    } catch (const std::exception& error) {
      failure = error.what();
    }
  });
  here = decode(adapter, schema, asked);
  thread.join();
  EXPECT_EQ(failure, "");
  EXPECT_EQ(here, alone);
  EXPECT_EQ(there, alone);
}

TEST_P(AdapterConformance, DecodesPiecesToTheSameRowsAsTheWhole) {
  auto adapter = create();
  const auto schema = open(adapter);
  const auto asked = exchanges(adapter);
  std::vector<Exchange> pieces;
  for (const auto& exchange : asked) {
    const auto& page = exchange.request.page;
    if (page.width <= 0 || page.height < 2) {
      pieces.push_back(exchange);
      continue;
    }
    const auto cut = page.height / 3 + 1;
    for (std::int64_t top = 0; top < page.height; top += cut) {
      Request piece = exchange.request;
      piece.page.top = page.top + top;
      piece.page.height = std::min(cut, page.height - top);
      pieces.push_back({piece, traits_.answer(piece)});
    }
  }
  EXPECT_EQ(decode(adapter, schema, pieces), decode(adapter, schema, asked));
}

TEST_P(AdapterConformance, StartsOverWhenOpenedAgain) {
  auto adapter = create();
  auto schema = open(adapter);
  const auto rows = decode(adapter, schema, exchanges(adapter));
  schema = open(adapter);
  static_cast<void>(adapter.next_request());
  schema = open(adapter);
  EXPECT_EQ(decode(adapter, schema, exchanges(adapter)), rows);
}

TEST_P(AdapterConformance, CallsGarbageBadData) {
  auto adapter = create();
  static_cast<void>(open(adapter));
  const auto asked = exchanges(adapter);
  ASSERT_FALSE(asked.empty());
  for (const auto* garbage :
       {"", "{", "nonsense", "\xff\xfe", "[1,2", "{\"qDataPages\":7}", "{\"qDataPages\":[{\"qMatrix\":[[{]]}]}", "[[[[[[[["}) {
    const auto decoded = adapter.decode(asked.front().request, garbage);
    ASSERT_FALSE(decoded) << garbage;
    EXPECT_EQ(decoded.error().code(), Code::bad_data) << garbage << ": " << decoded.error().message();
  }
}

// What it cannot hold may make its columns wider; a reply that nobody can read may not.
TEST_P(AdapterConformance, DoesNotWidenForGarbage) {
  auto adapter = create();
  const auto before = open(adapter);
  const auto asked = exchanges(adapter);
  ASSERT_FALSE(asked.empty());
  static_cast<void>(adapter.widen(asked.front().request, "[[[["));
  const auto after = open(adapter);
  ASSERT_EQ(before.fields.size(), after.fields.size());
  for (std::size_t i = 0; i < before.fields.size(); ++i) EXPECT_EQ(before.fields[i].type, after.fields[i].type);
  EXPECT_EQ(decode(adapter, after, asked), decode(adapter, before, asked));
  EXPECT_TRUE(adapter.findings());
}

TEST_P(AdapterConformance, SurvivesTruncatedReplies) {
  auto adapter = create();
  const auto schema = open(adapter);
  const auto asked = exchanges(adapter);
  ASSERT_FALSE(asked.empty());
  const auto& [request, reply] = asked.front();
  // A few hundred cuts, however long the reply: each decodes all that is before it.
  const auto step = std::max<std::size_t>(97, reply.size() / 300);
  for (std::size_t size = 0; size < reply.size(); size += step) {
    const auto decoded = adapter.decode(request, reply.substr(0, size));
    if (!decoded) {
      EXPECT_EQ(decoded.error().code(), Code::bad_data) << decoded.error().message();
    } else {
      EXPECT_EQ(array_problem(schema, *decoded->array), "");
    }
  }
}

TEST_P(AdapterConformance, RefusesAGarbageLayoutInWords) {
  for (const auto* layout : {"", "{", "[]", "\xff", "{\"qHyperCube\":3}"}) {
    auto adapter = create();
    EXPECT_LE(AdapterDriver::accepts(*component_, traits_.options, traits_.object_type, layout), 100u);
    EXPECT_FALSE(adapter.open(run_, layout)) << layout;
  }
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(AdapterConformance);

}  // namespace qonduit::testing

#define QONDUIT_ADAPTER_CONFORMANCE(prefix, ...)                                                                                          \
  namespace qonduit::testing {                                                                                                            \
  INSTANTIATE_TEST_SUITE_P(prefix, AdapterConformance, ::testing::Values(__VA_ARGS__), [](const auto& test) { return test.param.name; }); \
  }                                                                                                                                       \
  static_assert(true, "a semicolon follows")
