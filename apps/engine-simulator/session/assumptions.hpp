// What no source says of an engine, as switches: each is played one way by default and can be played another, so that a client is tried
// with both. docs/simulator.md lists them and why each default was chosen.
#pragma once

#include <string>
#include <vector>

namespace qonduit::simulator {

struct Assumptions {
  // OpenDoc of the app that the session has open already. attached: it succeeds on a socket that found the app open, error 1002 on the one
  // that opened it.
  enum class OpenAgain { attached, refused, allowed } open_again = OpenAgain::attached;
  bool text_handles = false;           // "handle":"1" is handle 1, no error
  bool get_object_changes = true;      // the first GetObject of an object lists its handle in change
  bool unknown_variable_null = false;  // GetVariableByName of an unknown name answers nulls, no error 2
  bool suspend_replies = true;         // replies list the app's handle in suspend while it is reloaded
  bool text_measures_null = true;      // the cell of a measure that is a text says qIsNull, beside its text
  bool constants_once = true;          // Count(1) over everything is 1; else the rows of the first table
};

// Sets what "KEY=VALUE" says. Throws Poco::Exception naming the keys, or the values of the key.
void assume(const std::string& text, Assumptions& into);

// Every key with its values, the default first: "open-again=attached|refused|allowed".
[[nodiscard]] std::vector<std::string> assumption_keys();

}  // namespace qonduit::simulator
