#include "errors.hpp"

namespace qonduit::postgresql {
namespace {

struct Meaning {
  std::string_view prefix;  // of the code; the longest that fits counts, and longer ones stand first
  Code code;
  std::string_view advice;
};

constexpr Meaning kMeanings[] = {
    {"40001", Code::unavailable, ""},  // serialization failure
    {"40P01", Code::unavailable, ""},  // deadlock
    {"55P03", Code::timeout, " (another transaction holds the table; raise lock-timeout, or give each sink a table of its own)"},
    {"57014", Code::timeout, " (the server cancelled it: statement-timeout, or an administrator)"},
    {"25P03", Code::unavailable, ""},  // idle in transaction for too long
    {"42P07", Code::unavailable, " (another host made it at the same moment)"},
    {"42501", Code::forbidden, " (grant the role what it needs)"},
    {"42P01", Code::not_found, " (was it dropped while qonduit delivered?)"},
    {"3D000", Code::not_found, " (create the database first)"},
    {"3F000", Code::not_found, " (create the schema first)"},
    {"53100", Code::io, " (the server's disk is full)"},
    {"53200", Code::io, " (the server is out of memory)"},
    {"53300", Code::unavailable, " (the server has no connection left)"},
    {"0A000", Code::unsupported, ""},
    {"2BP01", Code::unsupported, " (something hangs on it)"},
    {"08", Code::unavailable, ""},
    {"57P", Code::unavailable, " (the server is stopping or starting)"},
    {"40", Code::unavailable, ""},
    {"28", Code::unauthenticated, " (check user and password, and pg_hba.conf)"},
    {"22", Code::bad_data, ""},
    {"23", Code::bad_data, ""},
    {"53", Code::io, ""},
    {"54", Code::unsupported, ""},
    {"58", Code::io, ""},
    {"XX", Code::io, ""},
};

const Meaning* find(std::string_view sqlstate) {
  for (const auto& meaning : kMeanings) {
    if (sqlstate.starts_with(meaning.prefix)) return &meaning;
  }
  return nullptr;
}

}  // namespace

Code code_of(std::string_view sqlstate) {
  if (sqlstate.empty()) return Code::unavailable;
  const auto* meaning = find(sqlstate);
  return meaning == nullptr ? Code::internal : meaning->code;
}

std::string_view advice_for(std::string_view sqlstate) {
  const auto* meaning = find(sqlstate);
  return meaning == nullptr ? std::string_view() : meaning->advice;
}

}  // namespace qonduit::postgresql
