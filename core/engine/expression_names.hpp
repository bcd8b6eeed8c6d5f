// The names in the text of an expression, each with the place it stands in: what a name may be depends on that, and the engine does not say
// it. Source: Qlik's help, aggregation functions. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qonduit::engine {

enum class Place {
  plain,       // nothing is known of it, or it stands outside of aggregations
  aggregated,  // in an argument of an aggregation: Sum(X), Avg(X * 2)
  nested,      // in Aggr, outside of its aggregations
  grouped,     // in TOTAL <X>, or as a text that names a field: FieldValue('X', 1)
  modified,    // of a set modifier: what is selected in, or what values come from
};

struct PlacedName {
  std::string name;
  Place place = Place::plain;
  bool operator==(const PlacedName&) const = default;
};

// Each once in a place, in the order of the text, without its brackets. Those in sets are told by names_in_sets(). REQUIRES: variables and
// $(=...) are expanded.
std::vector<PlacedName> names_in(std::string_view expression);
// Whether it has an aggregation anywhere.
bool aggregates(std::string_view expression);

}  // namespace qonduit::engine
