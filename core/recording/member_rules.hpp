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
  tags,        // form where they begin with $, else names
  pointer,     // where a list takes its members from: a JSON pointer; else a value
  hidden,      // people, descriptions, pictures: every text below is a value
};

// Of the texts in a member.
Rule rule_of(std::string_view member);
// Of the plain texts among a method's parameters.
Rule rule_of_params(std::string_view method);
// True for numbers that say how something is drawn, placed or counted; those of unknown members that do not begin with q are values.
bool is_form_number(std::string_view member);

}  // namespace qonduit::recording
