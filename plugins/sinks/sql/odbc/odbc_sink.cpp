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
  if (auto status = check(options, MariadbDialect()); !status.ok()) return status;
  auto database = std::make_unique<OdbcDatabase>(options);
  return std::make_unique<OdbcSink>(std::move(options), std::move(database));
}

}  // namespace qonduit::odbc
