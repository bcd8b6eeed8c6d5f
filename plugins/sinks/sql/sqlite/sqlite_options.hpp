// The options of the sink, as a user sets them, and their table.
#pragma once

#include <cstdint>
#include <string>

#include "plugins/sinks/sql/core/sql_options.hpp"

namespace qonduit::sqlite {

enum class Journal : std::uint8_t { wal, rollback };
enum class Synchronous : std::uint8_t { full, normal };

struct SqliteOptions : sql::SqlOptions {
  std::string file;
  Journal journal = Journal::wal;
  Synchronous synchronous = Synchronous::full;
};

inline constexpr auto kOptions =
    joined(options(option("file", &SqliteOptions::file, "The database file; created if missing, its folder is not.").required(),
                   option("journal", &SqliteOptions::journal,
                          "wal lets readers read while a delivery is written; rollback is for file systems without shared memory.")
                       .values<Journal>({{"wal", Journal::wal}, {"rollback", Journal::rollback}}),
                   option("synchronous", &SqliteOptions::synchronous,
                          "full: a commit survives a power failure; normal: the file stays whole, the last commits may be lost.")
                       .values<Synchronous>({{"full", Synchronous::full}, {"normal", Synchronous::normal}})),
           sql::kSqlOptions);

}  // namespace qonduit::sqlite
