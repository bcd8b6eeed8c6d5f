#include "odbc_sink.hpp"

#include <utility>

#include "connection_string.hpp"
#include "odbc_database.hpp"

namespace qonduit::odbc {

Result<std::unique_ptr<OdbcSink>> OdbcSink::create(OdbcOptions options) {
  for (const auto& [key, value] : parse_connection(options.connection)) {
    if (key == "pwd" || key == "password")
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
