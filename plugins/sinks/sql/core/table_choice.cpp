#include "table_choice.hpp"

#include <utility>

#include "names.hpp"

namespace qonduit::sql {
namespace {

enum class Owner : std::uint8_t { nobody, ours, other_object, other_pipeline };

struct Claim {
  Owner owner = Owner::nobody;
  std::optional<Record> last;
};

class Choice {
 public:
  Choice(Database& database, DeliveryRecords& records, const Wish& wish, const Source& source)
      : limits_(database.dialect().limits()), records_(records), wish_(wish), source_(source) {}

  // Without records nothing belongs to anybody.
  Result<TableChoice> make() {
    auto there = records_.exists();
    if (!there) return std::move(there).error();
    recorded_ = *there;
    auto plain = claim_of(wish_.table);
    if (!plain) return std::move(plain).error();
    if (plain->owner == Owner::ours) return settle(wish_.table, std::move(*plain), {});
    // An id is an object's own; what has the name nevertheless has it by its title, or is another turn's, or has the id in other letters.
    int number = 0;
    auto with_id = claim_of(name_with_id(0));
    while (with_id && with_id->owner == Owner::other_object) with_id = claim_of(name_with_id(++number));
    if (!with_id) return std::move(with_id).error();
    std::string note;
    if (with_id->owner != Owner::ours && !wish_.shared) {
      if (plain->owner != Owner::other_object) return settle(wish_.table, std::move(*plain), {});
      note = whose(*plain->last);
    }
    return settle(name_with_id(number), std::move(*with_id), std::move(note));
  }

 private:
  [[nodiscard]] std::string name_with_id(int number) const {
    return with_id(wish_.table, source_.object_id, wish_.naming, limits_, number == 0 ? "" : "_" + std::to_string(number + 1));
  }

  // Of the table that was wished for.
  [[nodiscard]] std::string whose(const Record& last) const {
    const auto before = last.run_id == wish_.run_id ? "" : ", which this pipeline delivered before";
    const auto table = "table '" + wish_.table + "' is ";
    if (wish_.turn.empty() || last.object_id != clean_text(source_.object_id)) return table + "object '" + last.object_id + "''s" + before;
    return table + "another turn's of foreach" + before + ": turn " + wish_.turn + " has one of its own";
  }

  Result<Claim> claim_of(const std::string& table) {
    const auto key = folded(table, limits_);
    auto claim = recorded_ ? recorded_claim(key) : Result<Claim>(Claim());
    if (!claim || claim->owner == Owner::ours || wish_.planned == nullptr) return claim;
    const auto planned = wish_.planned->find(key);
    if (planned != wish_.planned->end() && planned->second.source != source_.id()) return Claim{Owner::other_object, planned->second};
    return claim;
  }

  Result<Claim> recorded_claim(const std::string& key) {
    auto last = records_.last(key);
    if (!last) return std::move(last).error();
    Claim claim{Owner::nobody, std::move(*last)};
    if (!claim.last) return claim;
    bool ours = claim.last->source == source_.id();
    if (!ours && wish_.joins) {
      const auto before = records_.delivered(key, source_.id());
      if (!before) return before.error();
      ours = *before;
    }
    claim.owner = ours ? Owner::ours : claim.last->pipeline == clean_text(source_.pipeline) ? Owner::other_object : Owner::other_pipeline;
    return claim;
  }

  Result<TableChoice> settle(const std::string& table, Claim claim, std::string note) const {
    if (claim.owner == Owner::other_pipeline && !wish_.joins) {
      const auto& other = claim.last->pipeline;
      if (!wish_.takeover) {
        return Status(Code::forbidden, "table '" + table + "' was delivered by pipeline '" + other + "' (object '" + claim.last->object_id +
                                           "'), and pipeline '" + source_.pipeline +
                                           "' does not overwrite it; put {pipeline} into table, or take it over with run --takeover");
      }
      note = "taken over from pipeline '" + other + "'";
    }
    return TableChoice{table, std::move(claim.last), std::move(note)};
  }

  NameLimits limits_;
  DeliveryRecords& records_;
  const Wish& wish_;
  const Source& source_;
  bool recorded_ = false;  // there are records
};

}  // namespace

Result<TableChoice> choose_table(Database& database, DeliveryRecords& records, const Wish& wish, const Source& source) {
  return Choice(database, records, wish, source).make();
}

Result<TableChoice> lock_table(Database& database, DeliveryRecords& records, const Wish& wish, const Source& source, std::uint64_t fence) {
  auto choice = choose_table(database, records, wish, source);
  while (choice) {
    const TableName name{wish.schema, choice->table};
    if (auto status = database.lock(name); !status.ok()) return status;
    // Another host may have delivered while this one waited.
    auto now = choose_table(database, records, wish, source);
    if (!now || now->table != name.table) {
      if (auto status = database.unlock(name); !status.ok()) return status;
      choice = std::move(now);
      continue;
    }
    if (now->last && now->last->fence > fence) {
      return Status(Code::forbidden, "it was delivered to under fence " + std::to_string(now->last->fence) + ", this host's is " +
                                         std::to_string(fence) + ": another host has taken over this pipeline");
    }
    return now;
  }
  return choice;
}

}  // namespace qonduit::sql
