// The sink of docs/plugin-guide.md keeps the promises of every sink.
#include <qonduit/testing/sink_conformance.hpp>

#include <fstream>
#include <sstream>

namespace {

using qonduit::testing::Cell;
using qonduit::testing::Rows;

std::string unescaped(const std::string& cell) {
  std::string text;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] != '\\') {
      text += cell[i];
      continue;
    }
    const char next = cell.at(++i);
    text += next == 't' ? '\t' : next == 'n' ? '\n' : next == 'r' ? '\r' : next;
  }
  return text;
}

std::optional<Rows> read_back(const std::filesystem::path& folder, const qonduit::Schema&) {
  std::ifstream file(folder / "out.txt", std::ios::binary);
  if (!file) return std::nullopt;
  Rows rows;
  std::string line;
  std::getline(file, line);  // the names of the columns
  while (std::getline(file, line)) {
    auto& row = rows.emplace_back();
    std::string::size_type begin = 0;
    for (auto end = line.find('\t'); end != std::string::npos; begin = end + 1, end = line.find('\t', begin)) {
      row.emplace_back(unescaped(line.substr(begin, end - begin)));
    }
    row.emplace_back(unescaped(line.substr(begin)));
  }
  return rows;
}

// Days and milliseconds as numbers, nothing for null.
Cell cell(const qonduit::Field& field, const qonduit::ColumnView& column, std::int64_t row) {
  if (column.is_null(row)) return "";
  if (field.type == qonduit::Type::date32) return std::to_string(column.date32(row));
  if (field.type == qonduit::Type::timestamp) return std::to_string(column.milliseconds(row));
  return qonduit::testing::canonical_cell(field, column, row);
}

qonduit::testing::SinkTraits lines() {
  qonduit::testing::SinkTraits traits;
  traits.name = "Lines";
  traits.plugin = LINES_PLUGIN;
  traits.sink = "lines";
  traits.options = [](const std::filesystem::path& folder) { return qonduit::testing::Options{{"path", (folder / "out.txt").string()}}; };
  traits.read_back = read_back;
  traits.cell = cell;
  traits.refused = {{{}, "path"}, {{{"path", "x"}, {"header", "maybe"}}, "header"}, {{{"path", "x"}, {"nulls", "wrod"}}, "word"}};
  traits.guarantees = QONDUIT_GUARANTEE_REPLACE;
  traits.knows_committed = false;
  // A folder stands where the file should go.
  traits.break_target = [](const std::filesystem::path& folder) { std::filesystem::create_directories(folder / "out.txt" / "full"); };
  traits.heal_target = [](const std::filesystem::path& folder) { std::filesystem::remove_all(folder / "out.txt"); };
  return traits;
}

}  // namespace

QONDUIT_SINK_CONFORMANCE(Plugin, lines());
