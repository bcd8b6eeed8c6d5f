#include "core/plugin/option_check.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <charconv>

#include "core/config/units.hpp"
#include "qonduit/detail/option_text.hpp"

namespace qonduit::plugin {
namespace {

struct Described {
  std::string name;
  std::string type;
  std::vector<std::string> values;
  bool required = false;
  bool prefix = false;
  std::string help;
};

std::vector<Described> read_description(std::string_view json) {
  std::vector<Described> described;
  const auto root = Poco::JSON::Parser().parse(std::string(json)).extract<Poco::JSON::Object::Ptr>();
  const auto options = root->getArray("options");
  for (unsigned i = 0; !options.isNull() && i < options->size(); ++i) {
    const auto object = options->getObject(i);
    Described option;
    option.name = object->getValue<std::string>("name");
    option.type = object->optValue<std::string>("type", "string");
    option.required = object->optValue<bool>("required", false);
    option.prefix = object->optValue<bool>("prefix", false);
    option.help = object->optValue<std::string>("help", "");
    const auto values = object->getArray("values");
    for (unsigned v = 0; !values.isNull() && v < values->size(); ++v) option.values.push_back(values->getElement<std::string>(v));
    described.push_back(std::move(option));
  }
  return described;
}

bool is_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : ", ") + text;
  return out;
}

// What is wrong with a value; empty when nothing is. Types this host does not know are left to the plugin.
std::string check_value(const Described& option, const config::Option& given) {
  const auto text = given.value.reveal();
  const auto shown = given.secret ? std::string("the value") : "'" + std::string(text) + "'";
  if (!option.values.empty() && std::find(option.values.begin(), option.values.end(), text) == option.values.end()) {
    return shown + " is none of: " + joined(option.values);
  }
  if (option.type == "integer" && !is_integer(text)) return shown + " is no whole number";
  if (option.type == "duration" && !config::parse_duration(text)) return shown + " is no duration: write 250ms, 30s, 15m or 1h";
  if (option.type == "size" && !config::parse_size(text)) return shown + " is no size: write 64KiB or 16MiB";
  if (option.type == "bool") {
    bool value = false;
    return qonduit::detail::parse_value({}, text, value).empty() ? "" : shown + " is neither true nor false";
  }
  return {};
}

}  // namespace

std::vector<std::string> check_options(const Component& component, const std::vector<config::Option>& options, const std::string& prefix,
                                       const config::Origin& section) {
  std::vector<std::string> problems;
  std::vector<Described> described;
  try {
    described = read_description(component.describe_json());
  } catch (const Poco::Exception& error) {
    problems.push_back("component '" + std::string(component.name()) +
                       "' describes its options in a way that cannot be read: " + error.displayText());
    return problems;
  }
  std::vector<std::string_view> names;
  for (const auto& option : described) names.push_back(option.name);
  for (const auto& given : options) {
    const auto match = std::find_if(described.begin(), described.end(), [&](const auto& option) {
      return option.prefix ? given.key.size() > option.name.size() && given.key.starts_with(option.name) : given.key == option.name;
    });
    const auto where = given.origin.text() + ": " + prefix + given.key + ": ";
    if (match == described.end()) {
      problems.push_back(where + "is unknown to '" + std::string(component.name()) + "'" + qonduit::detail::suggestion(given.key, names));
    } else if (const auto problem = check_value(*match, given); !problem.empty()) {
      problems.push_back(where + problem);
    }
  }
  for (const auto& option : described) {
    if (!option.required || std::any_of(options.begin(), options.end(), [&](const auto& given) { return given.key == option.name; }))
      continue;
    problems.push_back((section.source.empty() ? "" : section.text() + ": ") + prefix + option.name + ": is missing: " + option.help);
  }
  return problems;
}

}  // namespace qonduit::plugin
