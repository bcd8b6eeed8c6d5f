// The options of the sink, as a user sets them, and their table.
#pragma once

#include <string>

#include "plugins/sinks/sql/core/sql_options.hpp"

namespace qonduit::postgresql {

struct PostgresqlOptions : sql::SqlOptions {
  PostgresqlOptions() { non_finite = sql::NonFinite::keep; }

  std::string url;
  std::string password;
};

inline constexpr auto kOptions = joined(
    options(option("url", &PostgresqlOptions::url,
                   "Where the database is, as libpq takes it: postgresql://user@host:5432/database?sslmode=verify-full, or host=... "
                   "dbname=... Without sslmode a server on another machine must prove who it is (verify-full).")
                .required(),
            option("password", &PostgresqlOptions::password, "The password; when not set, libpq looks into the user's .pgpass.").secret()),
    sql::kSqlOptions);

}  // namespace qonduit::postgresql
