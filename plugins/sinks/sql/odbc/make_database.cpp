// Which dialect a connection is for.
#include <qonduit/text.hpp>

#include <odbcinst.h>

#include <algorithm>
#include <array>

#include "connection_string.hpp"
#include "generic_database.hpp"
#include "mariadb_database.hpp"
#include "sqlserver_database.hpp"

namespace qonduit::odbc {
namespace {

DialectName dialect_of_driver(const std::string& connection) {
  const auto keys = parse_connection(connection);
  std::string driver(value_of(keys, "driver"));
  if (const std::string source(value_of(keys, "dsn")); driver.empty() && !source.empty()) {
    std::array<char, 1024> text{};
    const auto size = SQLGetPrivateProfileString(source.c_str(), "Driver", "", text.data(), static_cast<int>(text.size()), "odbc.ini");
    driver.assign(text.data(), static_cast<std::size_t>(std::max(size, 0)));
  }
  driver = ascii_lower(driver);
  const auto has = [&](const char* part) { return driver.find(part) != std::string::npos; };
  if (has("maria") || has("mysql") || has("libmaodbc") || has("myodbc")) return DialectName::mariadb;
  if (has("freetds") || has("tdsodbc") || has("sql server") || has("msodbcsql")) return DialectName::sqlserver;
  return DialectName::generic;
}

}  // namespace

std::unique_ptr<OdbcDatabase> make_database(const OdbcOptions& options) {
  switch (options.dialect == DialectName::automatic ? dialect_of_driver(options.connection) : options.dialect) {
    case DialectName::mariadb: return std::make_unique<MariadbDatabase>(options);
    case DialectName::sqlserver: return std::make_unique<SqlserverDatabase>(options);
    default: return std::make_unique<GenericDatabase>(options);
  }
}

}  // namespace qonduit::odbc
