#include "core/pipeline/transform/rules.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/config/keys.hpp"
#include "core/engine/near_names.hpp"
#include "core/pipeline/transform/text_form.hpp"
#include "qonduit/list.hpp"
#include "qonduit/suggestion.hpp"
#include "qonduit/type_words.hpp"

namespace qonduit::pipeline::transform {
namespace {

constexpr std::size_t kShortestKey = 16;

// The words of a table as near misses.
template <typename T, std::size_t N>
std::string none_of(std::string_view text, const std::array<std::pair<std::string_view, T>, N>& words) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : words) names.push_back(name);
  return "'" + std::string(text) + "' is unknown" + suggestion(text, names);
}

template <typename T, std::size_t N>
std::optional<T> find_word(std::string_view text, const std::array<std::pair<std::string_view, T>, N>& words) {
  const auto found = std::find_if(words.begin(), words.end(), [text](const auto& word) { return word.first == text; });
  return found == words.end() ? std::nullopt : std::optional<T>(found->second);
}

constexpr std::array<std::pair<std::string_view, Mask>, 4> kMasks = {
    {{"hash", Mask::hash}, {"redact", Mask::redact}, {"last4", Mask::last4}, {"none", Mask::none}}};
// What type_word() answers.
constexpr std::array<std::pair<std::string_view, Target>, 8> kTypes = {{{"integer", {Type::int64}},
                                                                        {"real", {Type::float64}},
                                                                        {"boolean", {Type::boolean}},
                                                                        {"text", {Type::utf8}},
                                                                        {"date", {Type::date32}},
                                                                        {"timestamp", {Type::timestamp}},
                                                                        {"time", {Type::duration, true}},
                                                                        {"interval", {Type::duration}}}};
// The words of the adapters' own option.
constexpr std::array<std::pair<std::string_view, int>, 4> kDuals = {{{"auto", 0}, {"number", 1}, {"text", 2}, {"both", 3}}};

template <typename T>
void overlay(std::vector<ColumnRule<T>>& rules, const std::vector<ColumnRule<T>>& more) {
  for (const auto& rule : more) {
    const auto same = std::find_if(rules.begin(), rules.end(), [&](const auto& known) { return known.column == rule.column; });
    if (same == rules.end())
      rules.push_back(rule);
    else
      *same = rule;
  }
}

constexpr std::string_view kDualOption = "dual.";

void overlay(Rules& rules, const Rules& more) {
  if (more.columns) rules.columns = more.columns, rules.columns_key = more.columns_key;
  if (more.filter) rules.filter = more.filter, rules.filter_key = more.filter_key;
  overlay(rules.types, more.types);
  overlay(rules.duals, more.duals);
  overlay(rules.masks, more.masks);
  overlay(rules.constants, more.constants);
  overlay(rules.nulls, more.nulls);
  for (const auto& option : more.adapter_options) {
    std::erase_if(rules.adapter_options,
                  [&](const auto& known) { return known.adapter == option.adapter && known.option.key == option.option.key; });
    rules.adapter_options.push_back(option);
  }
}

}  // namespace

// Reads one pipeline's options into a book.
class RuleReader {
 public:
  RuleReader(const config::Pipeline& pipeline, RuleBook& book, config::Problems& problems)
      : prefix_("pipeline." + pipeline.name + "."), book_(book), problems_(problems) {}

  void read(const config::Option& option) {
    option_ = &option;
    const std::string_view key = option.key;
    if (key == "mask-key") return read_mask_key();
    if (key.starts_with("object.")) return read_scoped(key.substr(7));
    read_rule(book_.pipeline_, key);
  }

  void finish() {
    if (!book_.mask_key_.empty()) return;
    for (const auto* rules : all_rules()) {
      for (const auto& mask : rules->masks) {
        if (mask.value == Mask::hash && !bad_key_)
          problems_.push_back(config::problem_of(mask.key + ": hash needs a key: set " + prefix_ + "mask-key = ${file:/path/to/key}"));
      }
    }
  }

 private:
  void problem(std::string what) { problems_.push_back({option_->origin, prefix_ + option_->key, std::move(what)}); }

  std::vector<const Rules*> all_rules() const {
    std::vector<const Rules*> all{&book_.pipeline_};
    for (const auto& scope : book_.scopes_) all.push_back(&scope.rules);
    return all;
  }

  void read_mask_key() {
    bad_key_ = true;
    std::string key(option_->value.reveal());
    if (!option_->verbatim && !unquote(option_->value.reveal(), key)) return problem(std::string(kBadQuotes));
    if (!option_->secret)
      return problem("must be a reference, ${file:/path} or ${env:NAME}: secrets are not written into configuration files");
    if (key.size() < kShortestKey)
      return problem("is shorter than " + std::to_string(kShortestKey) + " bytes; make one with: openssl rand -hex 32");
    book_.mask_key_ = config::Secret(std::move(key));
    bad_key_ = false;
  }

  // OBJECT.RULE, OBJECT.dataset.DATASET.RULE; names with dots in quotes.
  void read_scoped(std::string_view rest) {
    const auto before = rest;
    RuleBook::Scope scope;
    if (!take_name(rest, scope.object)) return;
    if (rest.starts_with("dataset.")) {
      rest.remove_prefix(8);
      if (!take_name(rest, scope.dataset)) return;
    }
    scope.key = prefix_ + "object." + std::string(before.substr(0, before.size() - rest.size() - 1));
    const auto known = std::find_if(book_.scopes_.begin(), book_.scopes_.end(), [&](const RuleBook::Scope& other) {
      return other.object == scope.object && other.dataset == scope.dataset;
    });
    const bool fresh = known == book_.scopes_.end();
    if (fresh) book_.scopes_.push_back(std::move(scope));
    auto& rules = fresh ? book_.scopes_.back().rules : known->rules;
    if (rest.starts_with("adapter.")) return read_adapter_option(rules, rest.substr(8));
    read_rule(rules, rest);
  }

  // The name in front, and the dot behind it.
  bool take_name(std::string_view& rest, std::string& name) {
    std::size_t end = 0;
    for (bool quoted = false; end < rest.size() && (quoted || rest[end] != '.'); ++end) quoted = quoted != (rest[end] == '"');
    if (end == 0 || end == rest.size() || !unquote(rest.substr(0, end), name) || name.empty()) {
      problem("write object.OBJECT.RULE, or object.OBJECT.dataset.DATASET.RULE; a name with dots is quoted");
      return false;
    }
    rest.remove_prefix(end + 1);
    return true;
  }

  // adapter.ADAPTER.OPTION of an object.
  void read_adapter_option(Rules& rules, std::string_view rest) {
    const auto dot = rest.find('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == rest.size()) return problem("write object.OBJECT.adapter.ADAPTER.OPTION");
    auto option = *option_;
    option.key = std::string(rest.substr(dot + 1));
    rules.adapter_options.push_back({std::string(rest.substr(0, dot)), std::move(option), prefix_ + option_->key});
  }

  void read_rule(Rules& rules, std::string_view key) {
    if (option_->secret) return problem("must not come from a secret: it would show in messages and data; only mask-key is one");
    const auto written = option_->value.reveal();
    if (key == "columns") return read_columns(rules, written);
    if (key == "filter") return read_filter(rules, written);
    std::string value;
    if (!unquote(written, value)) return problem(std::string(kBadQuotes));
    const auto dot = key.find('.');
    auto family = key.substr(0, dot);
    const bool optional = dot != std::string_view::npos && family.ends_with('?');
    if (optional) family.remove_suffix(1);
    std::string column;
    if (dot == std::string_view::npos || !is_family(family)) return unknown(key);
    if (!unquote(key.substr(dot + 1), column)) return problem("a quote in the column's name is not closed; inside of quotes it is doubled");
    if (column.empty()) return problem("names no column: write " + std::string(family) + ".COLUMN");
    if (family == "constant" && optional) return problem("a constant column is added everywhere: write constant." + column);
    const auto add = [&](auto& list, auto parsed) {
      for (const auto& rule : list) {
        if (rule.column == column) return problem("says the same as " + rule.key + ": keep one");
      }
      list.push_back({column, std::move(parsed), optional, prefix_ + option_->key});
    };
    if (family == "constant") return add(rules.constants, value);
    if (family == "null") return add(rules.nulls, value);
    if (family == "mask") return add_word(value, kMasks, [&](Mask mask) { add(rules.masks, mask); });
    if (family == "type") {
      const auto word = type_word(value);
      return add_word(word.empty() ? std::string_view(value) : word, kTypes, [&](Target target) { add(rules.types, target); });
    }
    add_word(value, kDuals, [&](int) { add(rules.duals, value); });
  }

  template <typename Words, typename Add>
  void add_word(std::string_view value, const Words& words, Add add) {
    if (const auto found = find_word(value, words))
      add(*found);
    else
      problem(none_of(value, words));
  }

  static bool is_family(std::string_view family) {
    return family == "type" || family == "dual" || family == "mask" || family == "constant" || family == "null";
  }

  void unknown(std::string_view key) {
    std::vector<std::string_view> names;
    for (const auto& known : config::transform_keys()) names.push_back(known.name);
    names.push_back("adapter.");
    const auto dot = key.find('.');  // what follows is a column's name
    const auto family = dot == std::string_view::npos ? key : key.substr(0, dot + 1);
    problem("'" + std::string(key) + "' is no rule" + suggestion(family, names));
  }

  void read_columns(Rules& rules, std::string_view value) {
    auto items = value.empty() ? Result<std::vector<ColumnItem>>({ColumnItem{ItemKind::rest, {}, {}}}) : parse_column_list(value);
    if (!items) return problem(items.error().message());
    rules.columns = std::move(*items);
    rules.columns_key = prefix_ + option_->key;
  }

  void read_filter(Rules& rules, std::string_view value) {
    auto filter = value.empty() ? Result<FilterText>(FilterText()) : parse_filter(value);
    if (!filter) return problem(filter.error().message());
    rules.filter = std::move(*filter);
    rules.filter_key = prefix_ + option_->key;
  }

  std::string prefix_;
  RuleBook& book_;
  config::Problems& problems_;
  const config::Option* option_ = nullptr;
  bool bad_key_ = false;
};

bool Rules::empty() const noexcept {
  return !columns && !filter && types.empty() && duals.empty() && adapter_duals.empty() && masks.empty() && constants.empty() &&
         nulls.empty();
}

RuleBook RuleBook::read(const config::Pipeline& pipeline, config::Problems& problems) {
  RuleBook book;
  RuleReader reader(pipeline, book, problems);
  for (const auto& option : pipeline.transforms) reader.read(option);
  for (const auto& [adapter, options] : pipeline.adapter_options) {
    for (const auto& option : options) {
      if (option.key.starts_with(kDualOption))
        book.adapter_duals_.push_back({adapter, option, "pipeline." + pipeline.name + ".adapter." + adapter + "." + option.key});
    }
  }
  reader.finish();
  return book;
}

bool RuleBook::has_duals() const noexcept {
  return !pipeline_.duals.empty() ||
         std::any_of(scopes_.begin(), scopes_.end(), [](const Scope& scope) { return !scope.rules.duals.empty(); });
}

bool RuleBook::names(const Scope& scope, const ObjectNames& object) {
  return scope.object == object.id || std::find(object.titles.begin(), object.titles.end(), scope.object) != object.titles.end();
}

Status RuleBook::check_objects(const std::vector<ObjectNames>& objects) const {
  for (const auto& scope : scopes_) {
    if (std::any_of(objects.begin(), objects.end(), [&](const ObjectNames& object) { return names(scope, object); })) continue;
    std::vector<engine::Named> known;
    for (const auto& object : objects) {
      const auto title = std::find_if(object.titles.begin(), object.titles.end(), [](const auto& one) { return !one.empty(); });
      known.push_back({std::string(object.id), title == object.titles.end() ? std::string() : std::string(*title)});
    }
    return {Code::invalid_config,
            scope.key + ": the pipeline reads no object '" + scope.object + "'" + engine::near_things(scope.object, known)};
  }
  return {};
}

std::vector<RuleBook::ScopedOptions> RuleBook::adapter_options() const {
  std::vector<ScopedOptions> made;
  for (const auto& scope : scopes_) {
    const auto first = static_cast<std::ptrdiff_t>(made.size());
    for (const auto& option : scope.rules.adapter_options) {
      auto known = std::find_if(made.begin() + first, made.end(), [&](const auto& other) { return other.adapter == option.adapter; });
      if (known == made.end()) {
        made.push_back({scope.key + ".adapter." + option.adapter + ".", option.adapter, {}});
        known = made.end() - 1;
      }
      known->options.push_back(option.option);
    }
  }
  return made;
}

Status RuleBook::check_datasets(const ObjectNames& object, const std::vector<std::string>& datasets,
                                const std::vector<std::string_view>& adapters) const {
  for (const auto& scope : scopes_) {
    if (!names(scope, object)) continue;
    for (const auto& option : scope.rules.adapter_options) {
      bool read = datasets.empty();
      for (std::size_t i = 0; i < datasets.size(); ++i) {
        read = read || (adapters[i] == option.adapter && (scope.dataset.empty() || scope.dataset == datasets[i]));
      }
      if (read) continue;
      return {Code::invalid_config,
              option.key + ": the object is not read by the adapter '" + option.adapter + "'" + suggestion(option.adapter, adapters)};
    }
    if (scope.dataset.empty()) continue;
    if (std::find(datasets.begin(), datasets.end(), scope.dataset) != datasets.end()) continue;
    // As a key has them: a name with dots is quoted.
    std::vector<std::string> written;
    for (const auto& name : datasets) written.push_back(name.find('.') == std::string::npos ? name : in_quotes(name));
    const std::vector<std::string_view> known(written.begin(), written.end());
    return {Code::invalid_config, scope.key + ": the object has no dataset '" + scope.dataset + "'" + suggestion(scope.dataset, known)};
  }
  return {};
}

Rules RuleBook::rules_for(const ObjectNames& object, const std::string& dataset) const {
  auto rules = pipeline_;
  for (const bool of_dataset : {false, true}) {
    for (const bool by_id : {false, true}) {
      for (const auto& scope : scopes_) {
        const bool applies = names(scope, object) && (scope.object == object.id) == by_id && scope.dataset.empty() != of_dataset &&
                             (!of_dataset || scope.dataset == dataset);
        if (applies) overlay(rules, scope.rules);
      }
    }
  }
  return rules;
}

}  // namespace qonduit::pipeline::transform
