#include "plugins/adapters/hypercube/number_column.hpp"

#include <cstdio>

namespace qonduit::hypercube {

Misfit misfit(double number, Type type) {
  switch (type) {
    case Type::int64: return {Type::float64, shown(number) + " is no exact integer"};
    case Type::date32: return {Type::timestamp, "the serial " + shown(number) + " is no whole day"};
    default: return {Type::utf8, "the serial " + shown(number) + " is out of range"};
  }
}

std::string shown(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", number);
  return text;
}

}  // namespace qonduit::hypercube
