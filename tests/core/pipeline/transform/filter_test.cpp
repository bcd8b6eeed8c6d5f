#include "core/pipeline/transform/filter.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "tests/core/pipeline/transform/transform_fixture.hpp"

namespace qonduit::pipeline::transform {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Limits = std::numeric_limits<std::int64_t>;

// The column row of what is kept.
std::vector<std::string> kept(const Schema& schema, const std::function<void(std::vector<Column>&)>& fill, const std::string& filter) {
  std::vector<arrow::ArrayHandle> batches;
  batches.push_back(batch_of(schema, fill));
  const auto arrived = transformed(schema, std::move(batches), {{"filter", filter}});
  EXPECT_TRUE(arrived.status.ok()) << filter << ": " << arrived.status.message();
  std::vector<std::string> rows;
  for (const auto& row : arrived.rows) rows.push_back(row.front().value_or("null"));
  return rows;
}

TEST(Filter, ComparesIntegersWithAnyNumber) {
  const Schema schema{{{"x", Type::int64}}};
  const auto fill = [](std::vector<Column>& columns) {
    for (const auto value : {Limits::min(), std::int64_t{-3}, std::int64_t{-2}, std::int64_t{2}, std::int64_t{3}, Limits::max()})
      columns[0].append_int64(value);
    columns[0].append_null();
  };
  const std::string low = std::to_string(Limits::min()), high = std::to_string(Limits::max());
  EXPECT_THAT(kept(schema, fill, "x > 2"), ElementsAre("3", high));
  EXPECT_THAT(kept(schema, fill, "x >= 2.5"), ElementsAre("3", high));
  EXPECT_THAT(kept(schema, fill, "x < 2.5"), ElementsAre(low, "-3", "-2", "2"));
  EXPECT_THAT(kept(schema, fill, "x > -2.5 and x < 3"), ElementsAre("-2", "2"));
  EXPECT_THAT(kept(schema, fill, "x <= -2.5"), ElementsAre(low, "-3"));
  EXPECT_THAT(kept(schema, fill, "x = 2.0"), ElementsAre("2"));
  EXPECT_THAT(kept(schema, fill, "x = 2.5"), ElementsAre());
  EXPECT_EQ(kept(schema, fill, "x != 2.5").size(), 6u);
  EXPECT_THAT(kept(schema, fill, "x = " + low), ElementsAre(low));
  EXPECT_THAT(kept(schema, fill, "x < " + low), ElementsAre());
  EXPECT_THAT(kept(schema, fill, "x <= " + low), ElementsAre(low));
  EXPECT_THAT(kept(schema, fill, "x < " + low + ".5"), ElementsAre());
  EXPECT_THAT(kept(schema, fill, "x >= " + high), ElementsAre(high));
  EXPECT_THAT(kept(schema, fill, "x > " + high), ElementsAre());
  EXPECT_EQ(kept(schema, fill, "x < 1e30").size(), 6u);
  EXPECT_THAT(kept(schema, fill, "x > 1e30"), ElementsAre());
  EXPECT_EQ(kept(schema, fill, "x > -1e30").size(), 6u);
  EXPECT_THAT(kept(schema, fill, "x in (3, 2.5, 1e30, -2)"), ElementsAre("-2", "3"));
  EXPECT_THAT(kept(schema, fill, "x not in (3, -2, 2)"), ElementsAre(low, "-3", high));
  EXPECT_THAT(kept(schema, fill, "x is null"), ElementsAre("null"));
  EXPECT_EQ(kept(schema, fill, "x is not null").size(), 6u);
}

TEST(Filter, KeepsDigitsBeyondFloat64) {
  const Schema schema{{{"x", Type::int64}}};
  const auto fill = [](std::vector<Column>& columns) {
    columns[0].append_int64(9'007'199'254'740'992), columns[0].append_int64(9'007'199'254'740'993);
  };
  EXPECT_THAT(kept(schema, fill, "x = 9007199254740993"), ElementsAre("9007199254740993"));
  EXPECT_THAT(kept(schema, fill, "x > 9007199254740992.5"), ElementsAre("9007199254740993"));
}

TEST(Filter, TreatsNaNAsIeeeDoes) {
  const Schema schema{{{"x", Type::float64}}};
  const auto fill = [](std::vector<Column>& columns) {
    for (const double value : std::initializer_list<double>{std::nan(""), HUGE_VAL, -HUGE_VAL, 0.5, -0.0}) columns[0].append_float64(value);
  };
  EXPECT_THAT(kept(schema, fill, "x > 0"), ElementsAre("inf", "0.5"));
  EXPECT_THAT(kept(schema, fill, "x = 0"), ElementsAre("-0"));
  EXPECT_THAT(kept(schema, fill, "x != 0"), ElementsAre("nan", "inf", "-inf", "0.5"));
  EXPECT_THAT(kept(schema, fill, "not x > 0"), ElementsAre("nan", "-inf", "-0"));
  EXPECT_THAT(kept(schema, fill, "x in (0.5, 7)"), ElementsAre("0.5"));
}

TEST(Filter, ComparesTextsByCodePoint) {
  const Schema schema{{{"x", Type::utf8}}};
  const auto fill = [](std::vector<Column>& columns) {
    for (const auto* value : {"", "North", "north", "S\u00fcd", "\U0001F600"}) columns[0].append_text(value);
    columns[0].append_null();
  };
  EXPECT_THAT(kept(schema, fill, "x = \"North\""), ElementsAre("North"));
  EXPECT_THAT(kept(schema, fill, "x != 'North'"), ElementsAre("", "north", "S\u00fcd", "\U0001F600"));
  EXPECT_THAT(kept(schema, fill, "x >= 'S\u00fcd'"), ElementsAre("north", "S\u00fcd", "\U0001F600"));
  EXPECT_THAT(kept(schema, fill, "x > '\u00ff'"), ElementsAre("\U0001F600"));
  EXPECT_THAT(kept(schema, fill, "x in ('\U0001F600', '')"), ElementsAre("", "\U0001F600"));
  EXPECT_THAT(kept(schema, fill, "x < 'a' or x is null"), ElementsAre("", "North", "S\u00fcd", "null"));
}

TEST(Filter, ComparesDatesTimesAndBools) {
  const Schema schema{{{"n", Type::int64}, {"d", Type::date32}, {"ts", Type::timestamp}, {"t", Type::duration}, {"b", Type::boolean}}};
  const auto fill = [](std::vector<Column>& columns) {
    const std::int32_t days[] = {-1, 0, 19'782};
    for (int i = 0; i < 3; ++i) {
      columns[0].append_int64(i), columns[1].append_date32(days[i]), columns[2].append_int64(days[i] * 86'400'000LL + 3'600'000);
      columns[3].append_int64(i * 3'600'000), columns[4].append_boolean(i == 1);
    }
  };
  EXPECT_THAT(kept(schema, fill, "d >= 1970-01-01"), ElementsAre("1", "2"));
  EXPECT_THAT(kept(schema, fill, "d = \"2024-02-29\""), ElementsAre("2"));
  EXPECT_THAT(kept(schema, fill, "ts > 1970-01-01"), ElementsAre("1", "2"));
  EXPECT_THAT(kept(schema, fill, "ts < 1970-01-01T01:00"), ElementsAre("0"));
  EXPECT_THAT(kept(schema, fill, "t in (01:00:00, 02:00)"), ElementsAre("1", "2"));
  EXPECT_THAT(kept(schema, fill, "b = true"), ElementsAre("1"));
  EXPECT_THAT(kept(schema, fill, "b != TRUE"), ElementsAre("0", "2"));
}

TEST(Filter, GathersDictionariesByIndex) {
  auto sample = testing::sample_batches_named("Dictionary");
  const auto arrived = transformed(sample, {{"filter", "Region != 'North'"}});
  ASSERT_TRUE(arrived.status.ok()) << arrived.status.message();
  EXPECT_TRUE(arrived.schema.fields[0].dictionary);
  EXPECT_EQ(arrived.rows, (testing::Rows{{"S\u00fcd"}, {""}, {"S\u00fcd"}, {""}}));
  EXPECT_EQ(transformed(sample, {{"filter", "Region is null"}}).rows, (testing::Rows{{std::nullopt}, {std::nullopt}}));
}

TEST(Filter, RefusesComparisonsThatMakeNoSense) {
  const Schema schema{{{"Sales", Type::float64},
                       {"Region", Type::utf8},
                       {"Day", Type::date32},
                       {"Flag", Type::boolean},
                       {"x", Type::int64},
                       {"x", Type::int64}}};
  const auto refusal = [&schema](const std::string& filter) {
    const auto arrived = transformed(schema, {}, {{"filter", filter}});
    const bool of_types = arrived.status.message().find("cannot be compared") != std::string::npos;
    EXPECT_EQ(arrived.status.code(), of_types ? Code::type_mismatch : Code::invalid_config) << filter;
    return arrived.status.message();
  };
  EXPECT_EQ(refusal("Region > 5"),
            "pipeline.p.filter: at character 10: column 'Region' is text and cannot be compared with 5: a text is written \"5\"");
  EXPECT_EQ(refusal("Sales = \"5\""),
            "pipeline.p.filter: at character 9: column 'Sales' is real and cannot be compared with the text "
            "\"5\": write a number, such as 1200.5");
  EXPECT_EQ(refusal("Regoin = \"North\""), "pipeline.p.filter: at character 1: there is no column 'Regoin' (did you mean 'Region'?)");
  EXPECT_THAT(refusal("Day = 2024-02-30"), HasSubstr("write a date, such as 2024-01-31"));
  EXPECT_THAT(refusal("Day = 2024-02-29T12:00"), HasSubstr("a date has no time of day"));
  EXPECT_THAT(refusal("Day > 5"), HasSubstr("cannot be compared with 5"));
  EXPECT_THAT(refusal("Flag > true"), HasSubstr("have no order"));
  EXPECT_THAT(refusal("Flag = 1"), HasSubstr("write true or false"));
  EXPECT_THAT(refusal("x = 1"), HasSubstr("2 columns are named 'x'"));
  EXPECT_THAT(refusal("Sales > 1e999"), HasSubstr("write a number"));
}

// A filter made at random, and its truth for a row by walking the tree it was made from: another way than the one under test.
class RandomFilter {
 public:
  explicit RandomFilter(std::mt19937& random) : random_(random) {}

  struct Row {
    std::optional<std::int64_t> whole;
    std::optional<double> real;
    std::optional<std::string> text;
  };
  using Truth = std::optional<bool>;
  struct Node {
    std::string text;
    std::function<Truth(const Row&)> holds;
  };

  Node make(int depth) {
    const int kind = depth == 0 ? 3 : pick(5);
    if (kind == 0) {
      auto inner = make(depth - 1);
      return {"not (" + inner.text + ")", [inner](const Row& row) -> Truth {
                const auto truth = inner.holds(row);
                return truth ? Truth(!*truth) : truth;
              }};
    }
    if (kind > 2) return comparison();
    auto left = make(depth - 1), right = make(depth - 1);
    const bool both = kind == 1;
    return {"(" + left.text + (both ? ") and (" : ") or (") + right.text + ")", [left, right, both](const Row& row) -> Truth {
              const auto a = left.holds(row), b = right.holds(row);
              if ((a && *a != both) || (b && *b != both)) return !both;
              if (!a || !b) return std::nullopt;
              return both;
            }};
  }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

  template <typename T>
  Node compare(const std::string& column, std::optional<T> Row::*member, T value, const std::string& literal) {
    static const char* kOperators[] = {"=", "!=", "<", "<=", ">", ">="};
    const int which = pick(7);
    if (which == 6) {
      const bool null = pick(2) == 0;
      return {column + (null ? " is null" : " is not null"),
              [member, null](const Row& row) -> Truth { return (row.*member).has_value() != null; }};
    }
    return {column + " " + kOperators[which] + " " + literal, [member, value, which](const Row& row) -> Truth {
              const auto& cell = row.*member;
              if (!cell) return std::nullopt;
              switch (which) {
                case 0: return *cell == value;
                case 1: return *cell != value;
                case 2: return *cell < value;
                case 3: return *cell <= value;
                case 4: return *cell > value;
                default: return *cell >= value;
              }
            }};
  }

  Node comparison() {
    const int value = pick(7) - 3;
    switch (pick(3)) {
      case 0: return compare<std::int64_t>("w", &Row::whole, value, std::to_string(value));
      case 1: return compare<double>("r", &Row::real, value + 0.5, std::to_string(value + 0.5));
      default:
        return compare<std::string>("t", &Row::text, std::string(1, static_cast<char>('d' + value)),
                                    "'" + std::string(1, static_cast<char>('d' + value)) + "'");
    }
  }

  std::mt19937& random_;
};

TEST(Filter, AgreesWithARowByRowEvaluation) {
  std::mt19937 random(20240229);
  const Schema schema{{{"n", Type::int64}, {"w", Type::int64}, {"r", Type::float64}, {"t", Type::utf8}}};
  std::vector<RandomFilter::Row> rows(60);
  const auto value = [&random] { return static_cast<int>(random() % 7) - 3; };
  for (auto& row : rows) {
    if (random() % 4 != 0) row.whole = value();
    if (random() % 4 != 0) row.real = value() + 0.5;
    if (random() % 4 != 0) row.text = std::string(1, static_cast<char>('d' + value()));
  }
  const auto fill = [&rows](std::vector<Column>& columns) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      columns[0].append_int64(static_cast<std::int64_t>(i));
      rows[i].whole ? columns[1].append_int64(*rows[i].whole) : columns[1].append_null();
      rows[i].real ? columns[2].append_float64(*rows[i].real) : columns[2].append_null();
      rows[i].text ? columns[3].append_text(*rows[i].text) : columns[3].append_null();
    }
  };
  for (int round = 0; round < 300; ++round) {
    const auto filter = RandomFilter(random).make(round % 5);
    std::vector<std::string> expected;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (filter.holds(rows[i]).value_or(false)) expected.push_back(std::to_string(i));
    }
    // A slice gives the same as the rows it has.
    ASSERT_EQ(kept(schema, fill, filter.text), expected) << filter.text;
    std::vector<arrow::ArrayHandle> batches;
    batches.push_back(batch_of(schema, fill));
    batches.front()->offset = 13;
    batches.front()->length = 29;
    const auto sliced = transformed(schema, std::move(batches), {{"filter", filter.text}});
    std::erase_if(expected, [](const std::string& row) { return std::stoi(row) < 13 || std::stoi(row) >= 42; });
    std::vector<std::string> found;
    for (const auto& row : sliced.rows) found.push_back(*row.front());
    ASSERT_EQ(found, expected) << filter.text;
    ASSERT_EQ(sliced.filtered, 29 - static_cast<std::int64_t>(found.size()));
  }
}

}  // namespace
}  // namespace qonduit::pipeline::transform
