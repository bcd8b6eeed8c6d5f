#include "postgresql_sink.hpp"

#include <utility>

#include "postgresql_database.hpp"

namespace qonduit::postgresql {

Result<std::unique_ptr<PostgresqlSink>> PostgresqlSink::create(PostgresqlOptions options) {
  if (auto status = check(options, PostgresqlDialect()); !status.ok()) return status;
  auto address = parse_address(options.url);
  if (!address) return std::move(address).error();
  auto database = std::make_unique<PostgresqlDatabase>(options, std::move(*address));
  return std::make_unique<PostgresqlSink>(std::move(options), std::move(database));
}

}  // namespace qonduit::postgresql
