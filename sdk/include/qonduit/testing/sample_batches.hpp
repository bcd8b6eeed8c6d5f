// The awkward batches every sink must take: no rows, only nulls, sliced, quotes and newlines, four-byte UTF-8, NaN and infinities, the
// ends of the integers, dates before 1970, a dictionary, columns without a name or with the same one, 200,000 rows. For tests; needs
// no GoogleTest.
#pragma once

#include <qonduit/batch.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace qonduit::testing {

// A schema, and how to make its batches one after the other: the large ones need not be in memory at once.
struct SampleBatches {
  std::string name;  // letters and digits: part of a test's name
  Schema schema;
  std::size_t batch_count = 0;
  std::function<arrow::ArrayHandle(std::size_t index)> make;
};

namespace detail {

inline arrow::ArrayHandle finished(std::vector<Column>& columns) {
  arrow::ArrayHandle array(new ArrowArray{});
  finish_batch(columns, array.get());
  return array;
}

// The same text again and again, held once: a struct array with one dictionary-encoded column, built by hand since Column does not.
struct DictionaryColumn {
  std::vector<std::int32_t> indices;
  std::vector<std::uint8_t> validity;
  ArrowArray dictionary{};
  const void* buffers[2] = {nullptr, nullptr};

  static void release(ArrowArray* array) {
    auto* held = static_cast<DictionaryColumn*>(array->private_data);
    held->dictionary.release(&held->dictionary);
    delete held;
    array->release = nullptr;
  }
};

inline arrow::ArrayHandle dictionary_batch() {
  std::vector<Column> columns;
  columns.emplace_back(Type::utf8);
  for (int i = 0; i < 4; ++i) columns.front().append_null();
  auto array = finished(columns);

  Column values(Type::utf8);
  for (const auto* text : {"North", "", "S\u00fcd"}) values.append_text(text);
  auto* held = new DictionaryColumn;
  values.finish(&held->dictionary);
  held->indices = {2, 0, 0, 1};
  held->validity = {0b1011};
  held->buffers[0] = held->validity.data();
  held->buffers[1] = held->indices.data();

  ArrowArray& child = *array->children[0];
  child.release(&child);
  child = ArrowArray{};
  child.length = 4;
  child.null_count = 1;
  child.n_buffers = 2;
  child.buffers = held->buffers;
  child.dictionary = &held->dictionary;
  child.private_data = held;
  child.release = DictionaryColumn::release;
  return array;
}

inline SampleBatches one(std::string name, Schema schema, const std::function<void(std::vector<Column>&)>& fill) {
  auto fields = schema.fields;
  return {std::move(name), std::move(schema), 1, [fields, fill](std::size_t) {
            std::vector<Column> columns;
            for (const auto& field : fields) columns.emplace_back(field.type);
            fill(columns);
            return finished(columns);
          }};
}

inline Schema every_type() {
  return {{{"whole", Type::int64},
           {"real", Type::float64},
           {"flag", Type::boolean},
           {"words", Type::utf8},
           {"day", Type::date32},
           {"moment", Type::timestamp},
           {"length", Type::duration}}};
}

inline void append_every_type(std::vector<Column>& columns, std::int64_t row) {
  columns[0].append_int64(row * 7919 - 3);
  columns[1].append_float64(static_cast<double>(row) / 8 - 1.5);
  columns[2].append_boolean(row % 3 == 0);
  columns[3].append_text("row " + std::to_string(row));
  columns[4].append_date32(static_cast<std::int32_t>(row * 31 - 400));
  columns[5].append_int64(row * 86'399'999 - 1);
  columns[6].append_int64(row * 61'001);
}

inline SampleBatches texts(std::string name, const std::vector<std::optional<std::string>>& values) {
  return one(std::move(name), {{{"text", Type::utf8}, {"row", Type::int64}}}, [values](std::vector<Column>& columns) {
    std::int64_t row = 0;
    for (const auto& value : values) {
      if (value)
        columns[0].append_text(*value);
      else
        columns[0].append_null();
      columns[1].append_int64(row++);
    }
  });
}

}  // namespace detail

inline std::vector<SampleBatches> sample_batches() {
  using Columns = std::vector<Column>;
  using Limits = std::numeric_limits<std::int64_t>;
  using Real = std::numeric_limits<double>;
  std::vector<SampleBatches> all;
  all.push_back({"NoBatch", detail::every_type(), 0, {}});
  all.push_back(detail::one("ZeroRows", detail::every_type(), [](Columns&) {}));
  all.push_back(detail::one("EveryType", detail::every_type(), [](Columns& columns) {
    for (std::int64_t row = 0; row < 20; ++row) detail::append_every_type(columns, row);
  }));
  all.push_back(detail::one("AllNull", detail::every_type(), [](Columns& columns) {
    for (auto& column : columns) {
      for (int row = 0; row < 11; ++row) column.append_null();
    }
  }));
  all.push_back(detail::one("SomeNull", detail::every_type(), [](Columns& columns) {
    for (std::int64_t row = 0; row < 40; ++row) {
      if (row % 4 != 2) {
        detail::append_every_type(columns, row);
      } else {
        for (auto& column : columns) column.append_null();
      }
    }
  }));
  auto sliced = all.back();
  sliced.name = "Sliced";
  sliced.make = [whole = sliced.make](std::size_t) {
    auto array = whole(0);
    array->offset = 13;  // the children keep all their rows: the parent says where the batch begins
    array->length = 9;
    return array;
  };
  all.push_back(std::move(sliced));
  all.push_back(detail::texts("QuotesAndNewlines", {"say \"no\"", "two\nlines", "carriage\r\nreturn", "a,b;c\td|e", "'", "\\", "",
                                                    " padded ", "\"", "\n", "=1+1", "-", "NULL", "\\N", std::nullopt}));
  all.push_back(detail::texts("Unicode", {"Z\u00fcrich", "\u65e5\u672c\u8a9e", "\U0001F600\U0001F468\u200D\U0001F469", "e\u0301",
                                          "\uFEFFbom", "\u0645\u0631\u062d\u0628\u0627", "\u2028", std::nullopt}));
  all.push_back(detail::one("ExtremeNumbers", {{{"whole", Type::int64}, {"real", Type::float64}}}, [](Columns& columns) {
    const std::vector<std::pair<std::int64_t, double>> rows = {{Limits::min(), Real::quiet_NaN()},
                                                               {Limits::max(), Real::infinity()},
                                                               {0, -Real::infinity()},
                                                               {-1, -0.0},
                                                               {1, Real::max()},
                                                               {2, Real::denorm_min()},
                                                               {3, 0.1},
                                                               {4, 1e21},
                                                               {9'007'199'254'740'993, 123456789.125}};
    for (const auto& [whole, real] : rows) columns[0].append_int64(whole), columns[1].append_float64(real);
  }));
  all.push_back(detail::one("EarlyAndLateDates", {{{"day", Type::date32}, {"moment", Type::timestamp}, {"length", Type::duration}}},
                            [](Columns& columns) {
                              const std::vector<std::pair<std::int32_t, std::int64_t>> rows = {{0, 0},
                                                                                               {-1, -1},
                                                                                               {-25567, -2'208'988'800'000},
                                                                                               {-141'428, -12'219'379'200'000},
                                                                                               {19'782, 1'709'210'096'789},
                                                                                               {2'932'896, 253'402'300'799'999}};
                              for (const auto& [day, moment] : rows)
                                columns[0].append_date32(day), columns[1].append_int64(moment), columns[2].append_int64(moment / 1000);
                            }));
  all.push_back(detail::one("DualWithTextOnly",
                            {{{"Price", Type::float64, true, {{"qlik.title", "Price"}, {"qlik.role", "measure"}}},
                              {"Price text", Type::utf8, true, {{"qlik.title", "Price"}, {"qlik.role", "text"}}}}},
                            [](Columns& columns) {
                              columns[0].append_null(), columns[1].append_text("on request");
                              columns[0].append_float64(12.5), columns[1].append_text("12,50 \u20ac");
                            }));
  all.push_back({"Dictionary", {{{"Region", Type::utf8, true, {}, true}}}, 2, [](std::size_t) { return detail::dictionary_batch(); }});
  const auto pairs = [](Columns& columns) {
    for (std::int64_t row = 0; row < 3; ++row) columns[0].append_int64(row), columns[1].append_text("x");
  };
  all.push_back(detail::one("ColumnWithoutName", {{{"", Type::int64}, {"b", Type::utf8}}}, pairs));
  all.push_back(detail::one("TwoColumnsOfOneName", {{{"Sales", Type::int64}, {"Sales", Type::utf8}}}, pairs));
  all.push_back(
      detail::one("AwkwardNames", {{{"a \"quoted\", name\nof two lines", Type::int64}, {"\u540d\U0001F600", Type::utf8}}}, pairs));
  all.push_back({"ManyRows", {{{"row", Type::int64}, {"text", Type::utf8}}}, 20, [](std::size_t index) {
                   Columns columns;
                   columns.emplace_back(Type::int64, 10'000), columns.emplace_back(Type::utf8, 10'000);
                   for (std::int64_t i = 0; i < 10'000; ++i) {
                     const auto row = static_cast<std::int64_t>(index) * 10'000 + i;
                     columns[0].append_int64(row);
                     columns[1].append_text("customer " + std::to_string(row % 977));
                   }
                   return detail::finished(columns);
                 }});
  return all;
}

inline SampleBatches sample_batches_named(std::string_view name) {
  for (auto& sample : sample_batches()) {
    if (sample.name == name) return sample;
  }
  return {};
}

}  // namespace qonduit::testing
