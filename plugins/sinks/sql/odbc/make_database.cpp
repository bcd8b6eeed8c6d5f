// Which dialect a connection is for.
#include <odbcinst.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "generic_database.hpp"
#include "mariadb_database.hpp"
#include "sqlserver_database.hpp"

namespace qonduit::odbc {
namespace {

std::string lower(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// The value of a key of a connection string, without braces; empty: none.
std::string value_of(const std::string& connection, std::string_view key) {
  for (std::size_t begin = 0; begin < connection.size();) {
    const auto end = std::min(connection.find(';', begin), connection.size());
    const auto pair = connection.substr(begin, end - begin);
    begin = end + 1;
    const auto mark = pair.find('=');
    if (mark == std::string::npos || lower(pair.substr(0, mark)) != key) continue;
    auto value = pair.substr(mark + 1);
    if (value.size() > 1 && value.front() == '{' && value.back() == '}') value = value.substr(1, value.size() - 2);
    return value;
  }
  return {};
}

DialectName dialect_of_driver(const std::string& connection) {
  auto driver = value_of(connection, "driver");
  if (const auto source = value_of(connection, "dsn"); driver.empty() && !source.empty()) {
    std::array<char, 1024> text{};
    const auto size = SQLGetPrivateProfileString(source.c_str(), "Driver", "", text.data(), static_cast<int>(text.size()), "odbc.ini");
    driver.assign(text.data(), static_cast<std::size_t>(std::max(size, 0)));
  }
  driver = lower(driver);
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
