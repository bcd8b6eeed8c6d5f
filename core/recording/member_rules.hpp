// What the members of the engine's JSON mean to a scrambler. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace qonduit::recording {

enum class Rule : std::uint8_t {
  value,       // somebody's data; the rule of every text that no table knows
  form,        // a word of the protocol or of presentation: stays
  name,        // what a table, field, sheet or object is called
  expression,  // in Qlik's language
  definition,  // of a variable: an expression behind =, else its value
  tags,        // form where they begin with $, else names
  pointer,     // where a list takes its members from: a JSON pointer; else a value
  path,        // a JSON pointer: names where it goes through something that has one
  dual,        // a text and the number of it, one after the other
  hidden,      // people, descriptions, pictures: every text below is a value
};

// Of the texts in a member of what stands in the member `parent`.
Rule rule_of(std::string_view member, std::string_view parent = {});
// Of the plain texts among a method's parameters.
Rule rule_of_params(std::string_view method);
// True for numbers that say how something is drawn, placed or counted; those of unknown members that do not begin with q are values, and so
// are those with decimals in unknown members that do.
bool is_form_number(std::string_view member, bool whole);

}  // namespace qonduit::recording
