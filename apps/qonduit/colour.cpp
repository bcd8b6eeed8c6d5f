#include "apps/qonduit/colour.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace qonduit::app {
namespace {

bool wanted() {
  const char* none = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool knows = terminal != nullptr && *terminal != '\0' && std::string_view(terminal) != "dumb";
  return ::isatty(STDOUT_FILENO) == 1 && knows && (none == nullptr || *none == '\0');
}

}  // namespace

std::string coloured(const std::string& word, Colour colour) {
  static const bool colours = wanted();
  if (!colours) return word;
  const std::string_view code = colour == Colour::good ? "32" : colour == Colour::bad ? "31" : "33";
  return "\033[" + std::string(code) + "m" + word + "\033[0m";
}

}  // namespace qonduit::app
