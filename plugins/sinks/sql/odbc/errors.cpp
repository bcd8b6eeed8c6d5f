#include "errors.hpp"

#include <algorithm>
#include <iterator>

namespace qonduit::odbc {
namespace {

struct Number {
  int native;
  Meaning meaning;
};

constexpr Meaning kAgain{Code::unavailable, ""};
constexpr Meaning kLost{Code::unavailable, "", true};
constexpr Meaning kRefused{Code::bad_data, ""};
constexpr Meaning kLocked{Code::timeout, " (another transaction holds the rows; raise lock-timeout)"};
constexpr Meaning kTooLong{Code::timeout, " (it took longer than statement-timeout)"};
constexpr Meaning kForbidden{Code::forbidden, " (grant the user what it needs)"};
constexpr Meaning kStranger{Code::unauthenticated, " (check user and password)"};
constexpr Meaning kNoDatabase{Code::not_found, " (create the database first)"};
constexpr Meaning kDropped{Code::not_found, " (was it dropped while qonduit delivered?)"};
constexpr Meaning kMadeByAnother{Code::unavailable, " (another host made it at the same moment)"};
constexpr Meaning kDiskFull{Code::io, " (the server's disk is full)"};

constexpr Number kMariadbNumbers[] = {
    {1205, kLocked},
    {1213, kAgain},  // deadlock
    {1317, {Code::timeout, " (the statement was cancelled)"}},
    {1969, kTooLong},
    {1020, kAgain},  // a row changed since it was read
    {1040, {Code::unavailable, " (the server has no connection left)", true}},
    {1053, {Code::unavailable, " (the server is stopping)", true}},
    {1927, kLost},
    {2002, kLost},
    {2003, kLost},
    {2006, kLost},
    {2013, kLost},
    {2026, {Code::unauthenticated, " (TLS: does the certificate name this server, and is its authority trusted?)"}},
    {2055, kLost},
    {4031, kLost},
    {5014, kLost},
    {1044, kForbidden},
    {1142, kForbidden},
    {1143, kForbidden},
    {1370, kForbidden},
    {1045, kStranger},
    {1698, kStranger},
    {1049, kNoDatabase},
    {1146, kDropped},
    {1050, kMadeByAnother},
    {1021, kDiskFull},
    {1114, kDiskFull},
    {1048, kRefused},
    {1062, kRefused},
    {1264, kRefused},
    {1265, kRefused},
    {1292, kRefused},
    {1364, kRefused},
    {1366, kRefused},
    {1406, kRefused},
    {1451, kRefused},
    {1452, kRefused},
    {1526, kRefused},
    {4025, kRefused},  // a CHECK constraint
    {1153, {Code::bad_data, " (raise the server's max_allowed_packet)"}},
};

constexpr Number kSqlserverNumbers[] = {
    {1205, kAgain},  // deadlock victim
    {3960, kAgain},  // snapshot conflict
    {1222, kLocked},
    {515, kRefused},  // null
    {547, kRefused},  // CHECK, foreign key
    {2601, kRefused},
    {2627, kRefused},  // unique
    {2628, kRefused},
    {8152, kRefused},  // would be truncated
    {220, kRefused},
    {232, kRefused},
    {241, kRefused},
    {242, kRefused},
    {245, kRefused},
    {8114, kRefused},
    {8115, kRefused},  // conversion, range
    {208, kDropped},
    {3701, kDropped},
    {2714, kMadeByAnother},
    {229, kForbidden},
    {230, kForbidden},
    {262, kForbidden},
    {300, kForbidden},
    {2760, {Code::not_found, " (create the schema first)"}},
    {4060, kNoDatabase},
    {911, kNoDatabase},
    {18452, kStranger},
    {18456, kStranger},
    {1101, kDiskFull},
    {1105, kDiskFull},
    {9002, {Code::io, " (the transaction log is full)"}},
    {701, {Code::unavailable, " (the server has no memory left)"}},
    {10928, kAgain},
    {10929, kAgain},
    {40501, kAgain},
    {49918, kAgain},
    {49919, kAgain},
    {49920, kAgain},
    {40197, kLost},
    {40613, kLost},
    {10053, kLost},
    {10054, kLost},
    {10060, kLost},
    {6005, {Code::unavailable, " (the server is stopping)", true}},
    {20003, kLost},  // FreeTDS: the connection timed out
    {20006, kLost},  // FreeTDS: cannot write
    {20009, kLost},  // FreeTDS: cannot connect
};

// As they begin; what stands first counts.
struct State {
  std::string_view begin;
  Meaning meaning;
};
constexpr State kStates[] = {
    {"08", kLost},
    {"57P01", kLost},
    {"57P02", kLost},
    {"57P03", kLost},
    {"53300", {Code::unavailable, " (the server has no connection left)", true}},
    {"40", kAgain},  // deadlock, serialization
    {"55P03", kLocked},
    {"57014", kTooLong},
    {"HYT", {Code::timeout, " (raise lock-timeout or statement-timeout)"}},
    {"28", kStranger},
    {"22", kRefused},
    {"23", kRefused},
    {"42501", kForbidden},
    {"42S01", kMadeByAnother},
    {"42P07", kMadeByAnother},
    {"42S02", kDropped},
    {"42P01", kDropped},
    {"3F000", {Code::not_found, " (create the schema first)"}},
    {"3D000", kNoDatabase},
    {"53100", kDiskFull},
    {"IM002", {Code::invalid_config, " (is the driver or the data source known to odbcinst.ini and odbc.ini?)"}},
    {"IM003", {Code::invalid_config, " (is the driver's library installed?)"}},
};

template <std::size_t N>
Meaning looked_up(const Number (&numbers)[N], std::string_view sqlstate, int native) {
  const auto* const found =
      std::find_if(std::begin(numbers), std::end(numbers), [&](const Number& number) { return number.native == native; });
  return found == std::end(numbers) ? meaning_of_sqlstate(sqlstate, native) : found->meaning;
}

}  // namespace

Meaning meaning_of_sqlstate(std::string_view sqlstate, int native) {
  for (const auto& [begin, meaning] : kStates) {
    if (sqlstate.starts_with(begin)) return meaning;
  }
  // The driver manager, where it cannot open the driver's file.
  if (sqlstate == "01000" && native == 0) return {Code::invalid_config, " (is the driver's library installed?)"};
  return {};
}

Meaning meaning_in_mariadb(std::string_view sqlstate, int native) { return looked_up(kMariadbNumbers, sqlstate, native); }
Meaning meaning_in_sqlserver(std::string_view sqlstate, int native) { return looked_up(kSqlserverNumbers, sqlstate, native); }

bool changes_a_value(std::string_view sqlstate) { return sqlstate == "01004" || sqlstate == "01S07" || sqlstate.starts_with("22"); }

}  // namespace qonduit::odbc
