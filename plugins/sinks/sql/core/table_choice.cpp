#include "table_choice.hpp"

#include <utility>

#include "names.hpp"

namespace qonduit::sql {

Result<TableChoice> choose_table(Database& database, DeliveryRecords& records, const std::string& schema, const std::string& wish,
                                 const Source& source, std::uint64_t fence) {
  const auto limits = database.dialect().limits();
  for (int attempt = 0;; ++attempt) {
    std::string suffix;
    if (attempt > 0) suffix = "_" + safe_name(source.object_id, Naming::as_is, limits, 30);
    if (attempt > 1) suffix += "_" + std::to_string(attempt);
    TableChoice choice;
    choice.table = suffix.empty() ? wish : safe_name(wish, Naming::as_is, limits, suffix.size()) + suffix;
    const TableName name{schema, choice.table};
    if (auto status = database.lock(name); !status.ok()) return status;
    auto last = records.last(folded(choice.table, limits));
    const bool free = last && (!*last || (*last)->source == source.id());
    if (!free) {
      const auto unlocked = database.unlock(name);
      if (!last) return std::move(last).error();
      if (!unlocked.ok()) return unlocked;
      continue;
    }
    choice.last = std::move(*last);
    if (choice.last && choice.last->fence > fence) {
      return Status(Code::forbidden, "it was delivered to under fence " + std::to_string(choice.last->fence) + ", this host's is " +
                                         std::to_string(fence) + ": another host has taken over this pipeline");
    }
    return choice;
  }
}

}  // namespace qonduit::sql
