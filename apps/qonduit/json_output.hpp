// JSON on standard output.
#pragma once

#include <Poco/Dynamic/Var.h>

#include <ostream>

namespace qonduit::app {

// An object or an array, indented, with a line end. Valid whatever it holds: bytes that are no UTF-8 become U+FFFD, and secrets are masked
// in texts and names alone, so that one that looks like a number hides no count.
void print_json(std::ostream& out, const Poco::Dynamic::Var& json);

}  // namespace qonduit::app
