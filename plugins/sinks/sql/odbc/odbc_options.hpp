// The options of the sink, as a user sets them, and their table.
#pragma once

#include <cstdint>
#include <string>

#include "plugins/sinks/sql/core/sql_options.hpp"

namespace qonduit::odbc {

enum class Arrays : std::uint8_t { automatic, off };

struct OdbcOptions : sql::SqlOptions {
  std::string connection;
  std::string user;
  std::string password;
  Arrays arrays = Arrays::automatic;
};

inline constexpr auto kOptions = joined(
    options(
        option("connection", &OdbcOptions::connection,
               "An ODBC connection string: DSN=warehouse, or DRIVER={MariaDB Unicode};SERVER=db;DATABASE=warehouse.")
            .required(),
        option("user", &OdbcOptions::user, "The user; when not set, the one of the connection string or of the data source."),
        option("password", &OdbcOptions::password, "The user's password.").secret(),
        option("arrays", &OdbcOptions::arrays, "Send many rows with one statement as arrays of parameters where the driver can, or never.")
            .values<Arrays>({{"auto", Arrays::automatic}, {"off", Arrays::off}})),
    sql::kSqlOptions);

}  // namespace qonduit::odbc
