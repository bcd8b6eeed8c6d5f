// The CSV sink keeps the promises of every sink.
#include <qonduit/testing/sink_fixture.hpp>

#include <fstream>
#include <sstream>

#include "csv_reader.hpp"
#include "tests/paths.hpp"

namespace {

namespace fs = std::filesystem;
using qonduit::testing::Cell;
using qonduit::testing::Rows;

std::optional<Rows> read_back(const fs::path& folder, const qonduit::Schema& schema) {
  std::ifstream file(folder / "out.csv", std::ios::binary);
  if (!file) return std::nullopt;
  std::stringstream text;
  text << file.rdbuf();
  Rows rows;
  for (const auto& record : qonduit::csv::testing::read_records(text.str())) {
    auto& row = rows.emplace_back();
    for (const auto& value : record) {
      // A null that stands alone in its line is written "", so that the line is not empty.
      const bool null = value.text.empty() && (!value.quoted || schema.fields.size() == 1);
      row.push_back(null ? Cell() : Cell(value.text));
    }
  }
  rows.erase(rows.begin());  // the names of the columns
  return rows;
}

// As the sink writes them by default; a single column cannot tell null from empty.
Cell cell(const qonduit::Field& field, const qonduit::ColumnView& column, std::int64_t row) {
  auto text = qonduit::testing::canonical_cell(field, column, row);
  if (!text || (field.dictionary && text->empty())) return Cell();
  if (field.type == qonduit::Type::timestamp && text->ends_with(".000")) return text->substr(0, text->size() - 4);
  if (field.type == qonduit::Type::float64) {
    if (*text == "nan") return "NaN";
    const double value = column.float64(row);
    const auto size = value < 0 ? -value : value;
    if (size != 0 && (size < 1e-5 || size >= 1e15)) return text;
    char digits[64];
    return std::string(digits, std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed).ptr);
  }
  if (field.type != qonduit::Type::duration) return text;
  const auto value = column.milliseconds(row);
  const auto size = value < 0 ? 0 - static_cast<unsigned long long>(value) : static_cast<unsigned long long>(value);
  char clock[64];
  std::snprintf(clock, sizeof clock, "%s%02llu:%02llu:%02llu", value < 0 ? "-" : "", size / 3'600'000, size / 60'000 % 60,
                size / 1000 % 60);
  std::string out = clock;
  if (size % 1000 == 0) return out;
  std::snprintf(clock, sizeof clock, ".%03llu", size % 1000);
  return out + clock;
}

qonduit::testing::SinkTraits csv_files() {
  qonduit::testing::SinkTraits traits;
  traits.name = "Csv";
  traits.plugin = qonduit::paths::plugin("csv");
  traits.sink = "csv";
  traits.options = [](const fs::path& folder) { return qonduit::testing::Options{{"directory", folder.string()}, {"file", "out"}}; };
  traits.beside = [](const fs::path& folder) { return qonduit::testing::Options{{"directory", folder.string()}, {"file", "other"}}; };
  traits.read_back = read_back;
  traits.cell = cell;
  traits.refused = {{{}, "directory"},
                    {{{"directory", "x"}, {"delimiter", "5"}}, "delimiter"},
                    {{{"directory", "x"}, {"file", "../x"}}, "stay below"},
                    {{{"directory", "x"}, {"date-format", "%q"}}, "%q"},
                    {{{"directory", "x"}, {"null", "0"}}, "null"},
                    {{{"directory", "x"}, {"quote", "some"}}, "minimal"}};
  traits.guarantees = QONDUIT_GUARANTEE_REPLACE;
  // A folder stands where the file should go.
  traits.break_target = [](const fs::path& folder) { fs::create_directories(folder / "out.csv" / "full"); };
  traits.heal_target = [](const fs::path& folder) { fs::remove_all(folder / "out.csv"); };
  return traits;
}

}  // namespace

QONDUIT_SINK_CONFORMANCE(Plugin, csv_files());
