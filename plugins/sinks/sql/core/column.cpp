#include "column.hpp"

namespace qonduit::sql {

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::integer: return "integer";
    case Kind::real: return "real";
    case Kind::boolean: return "boolean";
    case Kind::text: return "text";
    case Kind::date: return "date";
    case Kind::timestamp: return "timestamp";
    case Kind::time: return "time";
    case Kind::interval: return "interval";
  }
  return "unknown";
}

Kind kind_of(const Field& field) {
  switch (field.type) {
    case Type::int64: return Kind::integer;
    case Type::float64: return Kind::real;
    case Type::boolean: return Kind::boolean;
    case Type::utf8: return Kind::text;
    case Type::date32: return Kind::date;
    case Type::timestamp: return Kind::timestamp;
    case Type::duration: return field.find("qlik.logical") == "time" ? Kind::time : Kind::interval;
  }
  return Kind::text;
}

}  // namespace qonduit::sql
