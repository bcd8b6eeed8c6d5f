#include "odbc_sink.hpp"

#include <utility>

#include "odbc_database.hpp"

namespace qonduit::odbc {

Result<std::unique_ptr<OdbcSink>> OdbcSink::create(OdbcOptions options) {
  std::string lower;
  for (const char c : options.connection) {
    if (c != ' ') lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  for (const auto* key : {"pwd=", "password="}) {
    if (lower.find(key) != std::string::npos)
      return Status(Code::invalid_config, "connection: holds a password; put it into the option password, by reference");
  }
  auto database = make_database(options);
  if (auto status = check(options, database->dialect()); !status.ok()) return status;
  if (options.method == sql::Method::swap && database->dialect().name() == "generic")
    return Status(Code::invalid_config,
                  "method: swap must know what hangs on a table, which ODBC does not tell; use rewrite or view, or set dialect");
  return std::make_unique<OdbcSink>(std::move(options), std::move(database));
}

}  // namespace qonduit::odbc
