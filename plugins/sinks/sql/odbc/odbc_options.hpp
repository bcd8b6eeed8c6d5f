// The options of the sink, as a user sets them, and their table.
#pragma once

#include <cstdint>
#include <string>

#include "plugins/sinks/sql/core/sql_options.hpp"

namespace qonduit::odbc {

enum class Arrays : std::uint8_t { automatic, off };
enum class DialectName : std::uint8_t { automatic, mariadb, sqlserver, generic };

struct OdbcOptions : sql::SqlOptions {
  std::string connection;
  std::string user;
  std::string password;
  DialectName dialect = DialectName::automatic;
  Arrays arrays = Arrays::automatic;
};

inline constexpr auto kOptions = joined(
    options(
        option("connection", &OdbcOptions::connection,
               "An ODBC connection string: DSN=warehouse, or DRIVER={MariaDB Unicode};SERVER=db;DATABASE=warehouse.")
            .required(),
        option("user", &OdbcOptions::user, "The user; when not set, the one of the connection string or of the data source."),
        option("password", &OdbcOptions::password, "The user's password.").secret(),
        option("dialect", &OdbcOptions::dialect,
               "The SQL of the server: mariadb (MySQL too), sqlserver, or generic, which is standard SQL; auto goes by the driver's name.")
            .values<DialectName>({{"auto", DialectName::automatic},
                                  {"mariadb", DialectName::mariadb},
                                  {"sqlserver", DialectName::sqlserver},
                                  {"generic", DialectName::generic}}),
        option("arrays", &OdbcOptions::arrays, "Send many rows with one statement as arrays of parameters where the driver can, or never.")
            .values<Arrays>({{"auto", Arrays::automatic}, {"off", Arrays::off}})),
    sql::kSqlOptions);

}  // namespace qonduit::odbc
