#include "core/plugin/option_check.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

#include "core/plugin/description.hpp"
#include "qonduit/detail/option_value.hpp"
#include "qonduit/list.hpp"
#include "qonduit/suggestion.hpp"

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
  if (option.type == "list") return parse_problem<std::vector<std::string>>(option, text);
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

bool take_quotes(const std::vector<DescribedOption>& described, config::Option& option) {
  const auto* match = find(described, option.key);
  if (match == nullptr) return true;
  std::string name;
  std::string text;
  if (match->prefix && !unquote(std::string_view(option.key).substr(match->name.size()), name)) return false;
  const auto written = option.value.reveal();
  const bool plain = option.verbatim || match->type == "list" || !written.starts_with('"');
  if (!plain && !unquote(written, text)) return false;
  if (match->prefix) option.key = match->name + name;
  if (!plain) option.value = config::Secret(std::move(text));
  return true;
}

config::Problems check_options(const Component& component, const std::vector<config::Option>& options, const std::string& prefix,
                               const config::Origin& section, const std::vector<config::Option>& given) {
  config::Problems problems;
  const auto description = read_description(component.describe_json());
  if (!description) {
    problems.push_back(config::problem_of("component '" + std::string(component.name()) +
                                          "' describes its options in a way that cannot be read: " + description.error().message()));
    return problems;
  }
  const auto& described = description->options;
  std::vector<std::string_view> names;
  for (const auto& option : described) names.push_back(option.name);
  for (auto option : options) {
    const auto wrong = [&, key = prefix + option.key](std::string what) { problems.push_back({option.origin, key, std::move(what)}); };
    const bool quotes_fit = take_quotes(described, option);
    const auto* match = find(described, option.key);
    if (match == nullptr) {
      wrong("is unknown to '" + std::string(component.name()) + "'" + suggestion(option.key, names));
    } else if (!quotes_fit) {
      wrong(std::string(kBadQuotes));
    } else if (match->required && !match->prefix && option.value.empty()) {
      wrong("is empty: " + match->help);
    } else if (match->secret && !option.secret && !option.value.empty()) {
      wrong("must be a reference, ${file:/path} or ${env:NAME}: secrets are not written into configuration files");
    } else if (const auto problem = check_value(*match, option.value.reveal()); !problem.empty()) {
      // A problem quotes the value, which a secret must not be.
      wrong(option.secret ? "the value is no valid " + match->type : problem);
    }
  }
  for (const auto& option : described) {
    const auto satisfies = [&](const auto& known) { return known.key == option.name || is_family_of(option, known.key); };
    if (!option.required || std::any_of(options.begin(), options.end(), satisfies) || std::any_of(given.begin(), given.end(), satisfies))
      continue;
    problems.push_back({section, prefix + option.name, "is missing: " + option.help});
  }
  return problems;
}

}  // namespace qonduit::plugin
