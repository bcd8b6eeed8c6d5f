#include "session/assumptions.hpp"

#include <Poco/Exception.h>

#include <algorithm>
#include <array>

namespace qonduit::simulator {
namespace {

struct Known {
  const char* key;
  std::array<const char*, 3> values;  // the default first
  void (*set)(Assumptions& into, std::size_t value);
};

constexpr std::array kKnown = {
    Known{"open-again",
          {"attached", "refused", "allowed"},
          [](Assumptions& into, std::size_t value) { into.open_again = static_cast<Assumptions::OpenAgain>(value); }},
    Known{"text-handles", {"refused", "taken", nullptr}, [](Assumptions& into, std::size_t value) { into.text_handles = value == 1; }},
    Known{"get-object-change", {"yes", "no", nullptr}, [](Assumptions& into, std::size_t value) { into.get_object_changes = value == 0; }},
    Known{"unknown-variable",
          {"error", "null", nullptr},
          [](Assumptions& into, std::size_t value) { into.unknown_variable_null = value == 1; }},
    Known{"suspend", {"yes", "no", nullptr}, [](Assumptions& into, std::size_t value) { into.suspend_replies = value == 0; }},
    Known{"text-measure", {"null", "value", nullptr}, [](Assumptions& into, std::size_t value) { into.text_measures_null = value == 0; }},
    Known{"constant-total", {"once", "rows", nullptr}, [](Assumptions& into, std::size_t value) { into.constants_once = value == 0; }},
};

std::string values_of(const Known& known) {
  std::string made;
  for (const char* value : known.values)
    if (value != nullptr) made.append(made.empty() ? "" : "|").append(value);
  return made;
}

}  // namespace

std::vector<std::string> assumption_keys() {
  std::vector<std::string> made;
  for (const auto& known : kKnown) made.push_back(std::string(known.key) + "=" + values_of(known));
  return made;
}

void assume(const std::string& text, Assumptions& into) {
  const auto equals = text.find('=');
  const std::string key = text.substr(0, equals);
  const auto* const known = std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& item) { return key == item.key; });
  if (known == kKnown.end()) {
    std::string all;
    for (const auto& item : kKnown) all.append(all.empty() ? "" : ", ").append(item.key);
    throw Poco::NotFoundException("'" + key + "' is none of " + all);
  }
  const std::string value = equals == std::string::npos ? std::string() : text.substr(equals + 1);
  for (std::size_t i = 0; i < known->values.size(); ++i) {
    if (known->values[i] == nullptr || value != known->values[i]) continue;
    known->set(into, i);
    return;
  }
  throw Poco::DataFormatException(key + " is " + values_of(*known) + ", not '" + value + "'");
}

}  // namespace qonduit::simulator
