// The SQLite sink keeps the promises of every sink.
#include <qonduit/testing/sink_fixture.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <csignal>

#include "sqlite_file.hpp"
#include "tests/paths.hpp"

namespace {

namespace fs = std::filesystem;
using qonduit::testing::Cell;
using qonduit::testing::Rows;

fs::path file_in(const fs::path& folder) { return folder / "warehouse.db"; }

std::optional<Rows> read_back(const fs::path& folder, const qonduit::Schema& /*schema*/) {
  const auto tables = qonduit::sqlite::testing::tables(file_in(folder));
  if (std::find(tables.begin(), tables.end(), "out") == tables.end()) return std::nullopt;
  return qonduit::sqlite::testing::query(file_in(folder), "SELECT * FROM \"out\" ORDER BY rowid");
}

// As SQLite holds them: true is 1, a moment has a space in it, zero has no sign; NaN is null by option.
Cell cell(const qonduit::Field& field, const qonduit::ColumnView& column, std::int64_t row) {
  auto text = qonduit::testing::canonical_cell(field, column, row);
  if (!text) return text;
  if (field.type == qonduit::Type::boolean) return *text == "true" ? "1" : "0";
  if (field.type == qonduit::Type::float64 && (*text == "nan" || text->ends_with("inf"))) return Cell();
  if (field.type == qonduit::Type::float64 && *text == "-0") return "0";
  if (field.type != qonduit::Type::timestamp) return text;
  std::replace(text->begin(), text->end(), 'T', ' ');
  return text->ends_with(".000") ? text->substr(0, text->size() - 4) : *text;
}

void limit_file_size(rlim_t bytes) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = std::min(bytes, limit.rlim_max);
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) throw std::runtime_error("cannot limit the size of files");
}

qonduit::testing::SinkTraits traits(const std::string& name, const std::string& mode, const std::string& method, std::uint32_t guarantees) {
  qonduit::testing::SinkTraits traits;
  traits.name = name;
  traits.plugin = qonduit::paths::plugin("sqlite");
  traits.sink = "sqlite";
  traits.options = [mode, method](const fs::path& folder) {
    qonduit::testing::Options options = {
        {"file", file_in(folder).string()}, {"table", "out"}, {"mode", mode}, {"non-finite", "null"}, {"schema-change", "evolve"}};
    if (!method.empty()) options.emplace_back("method", method);
    return options;
  };
  traits.read_back = read_back;
  traits.cell = cell;
  traits.leftovers = [](const fs::path& folder) { return qonduit::sqlite::testing::tables(file_in(folder)); };
  traits.refused = {{{}, "file"},
                    {{{"file", "x"}, {"mode", "merge"}}, "key"},
                    {{{"file", "x"}}, "'mode' is missing: "},
                    {{{"file", "x"}, {"mode", "append"}, {"method", "swap"}}, "mode = replace"},
                    {{{"file", "x"}, {"mode", "append"}, {"non-finite", "keep"}}, "NaN"},
                    {{{"file", "x"}, {"mode", "append"}, {"schema", "main"}}, "schema"},
                    {{{"file", "x"}, {"mode", "append"}, {"reject", "drop"}}, "skip-to"},
                    {{{"file", "x"}, {"mode", "append"}, {"table", "{titel}"}}, "none of"}};
  // No file may grow: the write-ahead log cannot take the commit.
  traits.break_target = [](const fs::path&) { limit_file_size(0); };
  traits.heal_target = [](const fs::path&) { limit_file_size(RLIM_INFINITY); };
  traits.guarantees = guarantees | QONDUIT_GUARANTEE_EXACTLY_ONCE;
  return traits;
}

}  // namespace

QONDUIT_SINK_CONFORMANCE(Sqlite, traits("Append", "append", "", QONDUIT_GUARANTEE_APPEND),
                         traits("Rewrite", "replace", "rewrite", QONDUIT_GUARANTEE_REPLACE),
                         traits("Swap", "replace", "swap", QONDUIT_GUARANTEE_REPLACE),
                         traits("View", "replace", "view", QONDUIT_GUARANTEE_REPLACE),
                         traits("Truncate", "truncate", "", QONDUIT_GUARANTEE_REPLACE));
