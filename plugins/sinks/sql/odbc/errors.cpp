#include "errors.hpp"

namespace qonduit::odbc {
namespace {

struct Number {
  int native;
  Meaning meaning;
};
constexpr Number kNumbers[] = {
    {1205, {Code::timeout, " (another transaction holds the rows; raise lock-timeout)"}},
    {1213, {Code::unavailable, ""}},  // deadlock
    {1317, {Code::timeout, " (the statement was cancelled)"}},
    {1969, {Code::timeout, " (it took longer than statement-timeout)"}},
    {1020, {Code::unavailable, ""}},  // a row changed since it was read
    {1040, {Code::unavailable, " (the server has no connection left)"}},
    {1053, {Code::unavailable, " (the server is stopping)"}},
    {1927, {Code::unavailable, ""}},
    {2002, {Code::unavailable, ""}},
    {2003, {Code::unavailable, ""}},
    {2006, {Code::unavailable, ""}},
    {2013, {Code::unavailable, ""}},
    {2026, {Code::unauthenticated, " (TLS: does the certificate name this server, and is its authority trusted?)"}},
    {2055, {Code::unavailable, ""}},
    {4031, {Code::unavailable, ""}},
    {5014, {Code::unavailable, ""}},
    {1044, {Code::forbidden, " (grant the user what it needs)"}},
    {1142, {Code::forbidden, " (grant the user what it needs)"}},
    {1143, {Code::forbidden, " (grant the user what it needs)"}},
    {1370, {Code::forbidden, " (grant the user what it needs)"}},
    {1045, {Code::unauthenticated, " (check user and password)"}},
    {1698, {Code::unauthenticated, " (check user and password)"}},
    {1049, {Code::not_found, " (create the database first)"}},
    {1146, {Code::not_found, " (was it dropped while qonduit delivered?)"}},
    {1050, {Code::unavailable, " (another host made it at the same moment)"}},
    {1021, {Code::io, " (the server's disk is full)"}},
    {1114, {Code::io, " (the server's disk is full)"}},
    {1048, {Code::bad_data, ""}},
    {1062, {Code::bad_data, ""}},
    {1264, {Code::bad_data, ""}},
    {1265, {Code::bad_data, ""}},
    {1292, {Code::bad_data, ""}},
    {1364, {Code::bad_data, ""}},
    {1366, {Code::bad_data, ""}},
    {1406, {Code::bad_data, ""}},
    {1451, {Code::bad_data, ""}},
    {1452, {Code::bad_data, ""}},
    {1526, {Code::bad_data, ""}},
    {4025, {Code::bad_data, ""}},  // a CHECK constraint
    {1153, {Code::bad_data, " (raise the server's max_allowed_packet)"}},
};

}  // namespace

Meaning meaning_of(std::string_view sqlstate, int native) {
  for (const auto& [number, meaning] : kNumbers) {
    if (number == native) return meaning;
  }
  if (sqlstate.starts_with("08") || sqlstate == "40001") return {Code::unavailable, ""};
  if (sqlstate.starts_with("HYT")) return {Code::timeout, ""};
  if (sqlstate.starts_with("28")) return {Code::unauthenticated, " (check user and password)"};
  if (sqlstate.starts_with("22") || sqlstate.starts_with("23")) return {Code::bad_data, ""};
  if (sqlstate == "IM002") return {Code::invalid_config, " (is the driver or the data source known to odbcinst.ini and odbc.ini?)"};
  if (sqlstate == "01000" && native == 0) return {Code::invalid_config, " (is the driver's library installed?)"};
  return {Code::internal, ""};
}

bool changes_a_value(std::string_view sqlstate) { return sqlstate == "01004" || sqlstate == "01S07" || sqlstate.starts_with("22"); }

}  // namespace qonduit::odbc
