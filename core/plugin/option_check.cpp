#include "core/plugin/option_check.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "core/plugin/description.hpp"
#include "qonduit/detail/option_value.hpp"

namespace qonduit::plugin {
namespace {

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : ", ") + text;
  return out;
}

// The value as the plugin's own options would read it, for messages: the SDK's parser, so that both say the same.
template <typename T>
std::string parse_problem(const DescribedOption& option, std::string_view text) {
  qonduit::detail::OptionLimits limits;
  if (option.min) limits.low = *option.min;
  if (option.max) limits.high = *option.max;
  T value{};
  return qonduit::detail::parse_value(limits, text, value);
}

// What is wrong with a value; empty when nothing is. Types this host does not know are left to the plugin.
std::string check_value(const DescribedOption& option, std::string_view text) {
  if (!option.values.empty() && std::find(option.values.begin(), option.values.end(), text) == option.values.end())
    return "'" + std::string(text.substr(0, 200)) + "' is none of: " + joined(option.values);
  if (option.type == "integer") return parse_problem<std::int64_t>(option, text);
  if (option.type == "number") return parse_problem<double>(option, text);
  if (option.type == "duration") return parse_problem<std::chrono::milliseconds>(option, text);
  if (option.type == "size") return parse_problem<Bytes>(option, text);
  if (option.type == "bool") return parse_problem<bool>(option, text);
  if (option.type == "char") return parse_problem<char>(option, text);
  return {};
}

bool is_family_of(const DescribedOption& option, std::string_view key) {
  return option.prefix && key.size() > option.name.size() && key.starts_with(option.name);
}

// An option of exactly that name comes before a family it would belong to.
const DescribedOption* find(const std::vector<DescribedOption>& options, std::string_view key) {
  for (const auto& option : options) {
    if (!option.prefix && option.name == key) return &option;
  }
  for (const auto& option : options) {
    if (is_family_of(option, key)) return &option;
  }
  return nullptr;
}

}  // namespace

std::vector<std::string> check_options(const Component& component, const std::vector<config::Option>& options, const std::string& prefix,
                                       const config::Origin& section) {
  std::vector<std::string> problems;
  const auto description = read_description(component.describe_json());
  if (!description) {
    problems.push_back("component '" + std::string(component.name()) +
                       "' describes its options in a way that cannot be read: " + description.error().message());
    return problems;
  }
  const auto& described = description->options;
  std::vector<std::string_view> names;
  for (const auto& option : described) names.push_back(option.name);
  for (const auto& given : options) {
    const auto where = given.origin.text() + ": " + prefix + given.key + ": ";
    const auto* match = find(described, given.key);
    if (match == nullptr) {
      problems.push_back(where + "is unknown to '" + std::string(component.name()) + "'" + qonduit::detail::suggestion(given.key, names));
    } else if (const auto problem = check_value(*match, given.value.reveal()); !problem.empty()) {
      // A problem quotes the value, which a secret must not be.
      problems.push_back(where + (given.secret ? "the value is no valid " + match->type : problem));
    }
  }
  for (const auto& option : described) {
    const auto satisfies = [&](const auto& given) { return given.key == option.name || is_family_of(option, given.key); };
    if (!option.required || std::any_of(options.begin(), options.end(), satisfies)) continue;
    problems.push_back((section.source.empty() ? "" : section.text() + ": ") + prefix + option.name + ": is missing: " + option.help);
  }
  return problems;
}

}  // namespace qonduit::plugin
