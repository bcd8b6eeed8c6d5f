#include "core/config/loader.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "core/config/cube_keys.hpp"
#include "core/config/expression_text.hpp"
#include "core/config/keys.hpp"
#include "core/config/references.hpp"
#include "core/config/secret_parts.hpp"
#include "core/config/sources.hpp"
#include "qonduit/list.hpp"
#include "qonduit/suggestion.hpp"
#include "qonduit/text.hpp"

namespace qonduit::config {
namespace {

constexpr const char* kBadQuotesInKey =
    "a quote in the name is not closed; inside of quotes it is doubled, and = and : are written \\= and \\:";

constexpr std::string_view kShownFamilies[] = {"select.", "variable.", "cube.", "expression."};

// A name of the user's own behind a key, without its quotes.
std::string name_in(std::string_view text) {
  std::string name;
  return unquote(text, name) ? name : std::string(text);
}

bool is_name(std::string_view text) {
  if (text.empty()) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

// A secret that is written out is a mistake the listing must not repeat: by the name of the key, or as part of a URL.
bool looks_secret(std::string_view key, std::string_view text) {
  const auto name = key.substr(key.rfind('.') + 1);
  for (const std::string_view word : {"password", "passphrase", "passwd", "secret", "token", "api-key", "mask-key", "credential"}) {
    if (name.find(word) != std::string_view::npos) return true;
  }
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) return false;
  const auto authority = text.substr(scheme + 3, text.find_first_of("/?#", scheme + 3) - scheme - 3);
  const auto at = authority.rfind('@');
  return at != std::string_view::npos && authority.substr(0, at).find(':') != std::string_view::npos;
}

// "UserDirectory=CORP; UserId=svc_extract", both parts present and not empty.
bool is_user(std::string_view text) {
  static constexpr std::string_view kDirectory = "UserDirectory=";
  static constexpr std::string_view kId = "UserId=";
  if (!text.starts_with(kDirectory)) return false;
  const auto semicolon = text.find(';');
  if (semicolon == std::string_view::npos || semicolon <= kDirectory.size()) return false;
  auto rest = text.substr(semicolon + 1);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return rest.starts_with(kId) && rest.size() > kId.size() && rest.find(';') == std::string_view::npos;
}

// Keys that are written differently and name one thing: of two values one would not be used.
class SameKeys {
 public:
  // What is wrong with a key that names what another did; empty: it is the first.
  std::string add(const std::string& meaning, const Origin& origin, const std::string& key) {
    const auto [known, first] = known_.try_emplace(meaning, key, origin.text());
    return first ? std::string() : "says the same as " + known->second.first + " (" + known->second.second + "): keep one";
  }

 private:
  std::map<std::string, std::pair<std::string, std::string>> known_;
};

class Loader {
 public:
  Loader(const std::string& main_file, const std::vector<std::string>& overrides) : sources_(main_file, overrides) {}

  LoadResult load() {
    result_.problems = sources_.problems();
    resolve();
    build();
    cross_check();
    std::sort(result_.effective.begin(), result_.effective.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    sort_by_place(result_.problems);
    return std::move(result_);
  }

 private:
  using Keys = std::vector<std::pair<std::string, std::string>>;  // key within the section, full key

  void problem(Origin origin, std::string key, std::string what) {
    result_.problems.push_back({std::move(origin), std::move(key), std::move(what)});
  }

  void resolve() {
    const Lookup lookup = [this](std::string_view key) -> const std::string* {
      const auto found = raw_.find(std::string(key));
      return found == raw_.end() ? nullptr : &found->second.text;
    };
    for (const auto& [key, raw] : raw_) {
      auto expanded = expand(raw.text, sources_.folder(), lookup);
      auto& secrets = result_.config.logging.secrets;
      secrets.insert(secrets.end(), expanded.secrets.begin(), expanded.secrets.end());
      if (!expanded.warning.empty()) result_.warnings.push_back({raw.origin, key, expanded.warning});
      if (!expanded.problem.empty()) {
        problem(raw.origin, key, expanded.problem);
        continue;
      }
      const bool masked = expanded.secret || looks_secret(key, expanded.text);
      if (masked && !expanded.secret) secrets.emplace_back(expanded.text);
      auto shown = masked ? std::string(kMasked) : expanded.text;
      const bool clear_part = !looks_secret(key, expanded.text) && hide_parts(raw, key, expanded, shown);
      const bool written_out = clear_part || (masked && !expanded.secret);
      auto portable = written_out ? std::string() : expand_but_secrets(raw.text, sources_.folder(), lookup).text;
      result_.effective.push_back({key, std::move(shown), raw.origin, std::move(portable)});
      values_[key] = {std::move(expanded.text), expanded.secret, raw.origin, expanded.verbatim};
    }
  }

  // Passwords inside of addresses, connection strings and settings of clients: never shown, and refused where they are written out. What
  // the pipelines say are expressions and data, which may compare a column of such a name. Whether there are some that are written out.
  bool hide_parts(const Raw& raw, const std::string& key, const Expanded& expanded, std::string& shown) {
    if (!key.starts_with("sink.") && !key.starts_with("connection.")) return false;
    bool any = false;
    auto parts = secret_parts(expanded.text);
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      const auto value = expanded.text.substr(part->begin, part->size);
      result_.config.logging.secrets.emplace_back(value);
      if (!expanded.secret) shown.replace(part->begin, part->size, kMasked);
      const auto covers = [&](const Secret& secret) {
        return value.find(secret.reveal()) != std::string::npos || secret.reveal().find(value) != std::string::npos;
      };
      if (std::any_of(expanded.secrets.begin(), expanded.secrets.end(), covers)) continue;
      any = true;
      problem(raw.origin, key,
              "'" + part->name + "' is a secret and must be a reference, " + part->name +
                  "=${file:/path} or ${env:NAME}: secrets are not written into configuration files");
    }
    return any;
  }

  // Sorts every key to its section. Values that could not be resolved have their problem already.
  void build() {
    for (const auto& [key, raw] : raw_) {
      const auto dot = key.find('.');
      const auto section = key.substr(0, dot);
      if (section == "connection" || section == "pipeline" || section == "sink") {
        const auto second = dot == std::string::npos ? std::string::npos : key.find('.', dot + 1);
        if (second == std::string::npos || !is_name(std::string_view(key).substr(dot + 1, second - dot - 1))) {
          problem(raw.origin, key, "write " + section + ".NAME.KEY, with a NAME of letters, digits, '-' and '_'");
          continue;
        }
        sections_[section][key.substr(dot + 1, second - dot - 1)].emplace_back(key.substr(second + 1), key);
      } else if (!is_global(key)) {
        unknown_section(raw.origin, key, section);
      }
    }
    set_keys(result_.config, global_keys(), "", nullptr);
    if (!raw_.contains("time-zone")) use_system_time_zone();
    for (const auto& [name, keys] : sections_["connection"]) build_connection(name, keys);
    for (const auto& [name, keys] : sections_["sink"]) build_sink(name, keys);
    for (const auto& [name, keys] : sections_["pipeline"]) build_pipeline(name, keys);
  }

  void use_system_time_zone() {
    const auto zone = TimeZone::system();
    if (zone) {
      result_.config.time_zone = *zone;
    } else {
      Problem warning;
      warning.key = "time-zone";
      warning.what = zone.error().message() + "; days are those of UTC";
      result_.warnings.push_back(std::move(warning));
    }
    const auto name = result_.config.time_zone.name();
    result_.effective.push_back({"time-zone", name, Origin{"default", 0}, name});
  }

  static bool is_global(const std::string& key) {
    return std::any_of(global_keys().begin(), global_keys().end(), [&](const auto& known) { return known.name == key; });
  }
  // logging.levl, or pipelines.sales.app.
  void unknown_section(const Origin& origin, const std::string& key, const std::string& section) {
    std::vector<std::string> candidates;
    for (const auto* known : {"connection", "pipeline", "sink"}) {
      if (key.find('.') != key.rfind('.')) candidates.push_back(known + key.substr(section.size()));
    }
    for (const auto& known : global_keys()) candidates.emplace_back(known.name);
    std::vector<std::string_view> names(candidates.begin(), candidates.end());
    auto nearest = suggestion(key, names);
    if (nearest.starts_with(" (there are"))
      nearest = " (keys begin with connection.NAME., pipeline.NAME., sink.NAME., plugins. or logging., or are time-zone)";
    problem(origin, key, "is unknown" + nearest);
  }

  void unknown(const Origin& origin, const std::string& key, std::string_view part, const std::vector<std::string_view>& known) {
    problem(origin, key, "is unknown" + suggestion(part, known));
  }

  // Sets what is given, in the table's order; remembers defaults as effective; names what is missing.
  template <typename T>
  void set_keys(T& target, const std::vector<Key<T>>& table, const std::string& prefix, const Origin* section) {
    for (const auto& key : table) {
      const auto full = prefix + std::string(key.name);
      const auto found = values_.find(full);
      if (found != values_.end()) {
        auto value = found->second;
        auto what = key.form == Form::text ? take_quotes(value) : std::string();
        if (what.empty() && key.required && value.text.empty()) what = "is empty: " + std::string(key.help);
        if (what.empty()) what = key.set(target, value);
        if (!what.empty()) problem(value.origin, full, std::move(what));
      } else if (raw_.contains(full)) {
        continue;
      } else if (key.required) {
        problem(section == nullptr ? Origin() : *section, full, "is missing: " + std::string(key.help));
      } else if (!key.fallback.empty()) {
        const std::string fallback(key.fallback);
        key.set(target, {fallback, false, {}, false});
        result_.effective.push_back({full, fallback, Origin{"default", 0}, fallback});
      }
    }
  }

  template <typename T>
  void check_known(const Keys& keys, const std::vector<Key<T>>& table, const std::function<bool(const std::string&)>& also = {},
                   std::vector<std::string_view> names = {}) {
    for (const auto& key : table) names.push_back(key.name);
    for (const auto& [part, full] : keys) {
      if (std::find(names.begin(), names.end(), part) != names.end() || (also && also(part))) continue;
      const auto dot = part.find('.');  // what follows is a name of the user's own
      unknown(raw_.at(full).origin, full, dot == std::string::npos ? part : part.substr(0, dot + 1), names);
    }
  }

  Origin origin_of(const std::string& key, const Origin& otherwise) const {
    const auto found = raw_.find(key);
    return found == raw_.end() ? otherwise : found->second.origin;
  }
  // Resolved, and without a problem of its own so far: a second one would only repeat it.
  bool usable(const std::string& key) const {
    return values_.contains(key) &&
           std::none_of(result_.problems.begin(), result_.problems.end(), [&](const auto& known) { return known.key == key; });
  }
  // A value in a message, unless it came from a secret.
  std::string shown(const std::string& key, const std::string& text) const {
    const auto found = values_.find(key);
    return found != values_.end() && found->second.secret ? std::string(kMasked) : "'" + text + "'";
  }

  Origin first_origin(const Keys& keys) const {
    const Raw* first = nullptr;
    for (const auto& [part, full] : keys) {
      const auto& raw = raw_.at(full);
      if (first == nullptr || raw.order < first->order) first = &raw;
    }
    return first->origin;
  }

  void build_connection(const std::string& name, const Keys& keys) {
    Connection connection;
    connection.name = name;
    connection.origin = first_origin(keys);
    check_known(keys, connection_keys());
    const auto prefix = "connection." + name + ".";
    set_keys(connection, connection_keys(), prefix, &connection.origin);
    check_connection(connection, prefix);
    result_.config.connections.push_back(std::move(connection));
  }

  void check_connection(const Connection& connection, const std::string& prefix) {
    const auto& origin = connection.origin;
    const bool plain = connection.url.starts_with("ws://");
    if (plain && connection.auth != Auth::none)
      problem(origin_of(prefix + "url", origin), prefix + "url", "is not encrypted: use wss://, or auth = none for Qlik Sense Desktop");
    const bool way_known = !raw_.contains(prefix + "auth") || usable(prefix + "auth");
    if (connection.auth == Auth::certificate && way_known) {
      if (!raw_.contains(prefix + "user")) {
        problem(origin, prefix + "user", "is missing: write UserDirectory=CORP; UserId=svc_extract");
      } else if (usable(prefix + "user") && !is_user(connection.user)) {
        problem(origin_of(prefix + "user", origin), prefix + "user",
                shown(prefix + "user", connection.user) + " is not of the form UserDirectory=CORP; UserId=svc_extract");
      }
      const bool certificates = raw_.contains(prefix + "certificates");
      if (!certificates && (!raw_.contains(prefix + "client-certificate") || !raw_.contains(prefix + "client-key"))) {
        problem(origin, prefix + "certificates", "is missing: the folder with root.pem, client.pem and client_key.pem");
      }
    }
    if (connection.auth == Auth::header && connection.user.empty() && (usable(prefix + "user") || !raw_.contains(prefix + "user")))
      problem(origin_of(prefix + "user", origin), prefix + "user", "is missing: the value of the header that logs in");
    const bool trusts = raw_.contains(prefix + "certificates") || raw_.contains(prefix + "root-certificate") || connection.system_trust;
    if (!plain && !trusts) {
      problem(origin, prefix + "trust", "nobody is trusted: set certificates, root-certificate, or trust = system");
    }
  }

  void build_sink(const std::string& name, const Keys& keys) {
    Sink sink;
    sink.name = name;
    sink.origin = first_origin(keys);
    set_keys(sink, sink_keys(), "sink." + name + ".", &sink.origin);
    sink.options = options_of(keys, "", [](const std::string& part) { return part != "type"; });
    result_.config.sinks.push_back(std::move(sink));
  }

  // The keys whose part begins with prefix, prefix removed, in the order written.
  std::vector<Option> options_of(const Keys& keys, const std::string& prefix, const std::function<bool(const std::string&)>& wanted) {
    std::vector<std::pair<std::size_t, Option>> found;
    for (const auto& [part, full] : keys) {
      if (!part.starts_with(prefix) || !wanted(part)) continue;
      const auto value = values_.find(full);
      if (value == values_.end()) continue;
      found.emplace_back(raw_.at(full).order, Option{part.substr(prefix.size()), Secret(value->second.text), value->second.secret,
                                                     value->second.origin, value->second.verbatim});
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Option> options;
    for (auto& [order, option] : found) options.push_back(std::move(option));
    return options;
  }

  void build_pipeline(const std::string& name, const Keys& keys) {
    Pipeline pipeline;
    pipeline.name = name;
    pipeline.origin = first_origin(keys);
    const auto is_adapter_option = [](const std::string& part) { return part.starts_with("adapter."); };
    const auto is_state = [](const std::string& part) { return part.starts_with("select.") || part.starts_with("variable."); };
    const auto is_source = [](const std::string& part) { return part.starts_with("cube.") || part.starts_with("expression."); };
    std::vector<std::string_view> families{"adapter.", "select.", "variable.", "cube.", "expression."};
    for (const auto& key : transform_keys()) families.push_back(key.name);
    const auto is_named = [&](const std::string& part) {
      return is_adapter_option(part) || is_state(part) || is_source(part) || is_transform_key(part);
    };
    check_known(keys, pipeline_keys(), is_named, families);
    refuse_secrets(keys);
    set_keys(pipeline, pipeline_keys(), "pipeline." + name + ".", &pipeline.origin);
    read_state(pipeline.state, keys);
    build_cubes(pipeline, keys);
    build_expressions(pipeline, keys);
    pipeline.transforms = options_of(keys, "", [](const std::string& part) { return is_transform_key(part); });
    std::set<std::string> adapters;
    for (const auto& [part, full] : keys) {
      if (!is_adapter_option(part)) continue;
      const auto dot = part.find('.', 8);
      if (dot == std::string::npos || dot == 8) {
        problem(raw_.at(full).origin, full, "write pipeline.NAME.adapter.ADAPTER.OPTION");
        continue;
      }
      adapters.insert(part.substr(8, dot - 8));
    }
    for (const auto& adapter : adapters) {
      pipeline.adapter_options.emplace_back(adapter, options_of(keys, "adapter." + adapter + ".", [](const std::string&) { return true; }));
    }
    result_.config.pipelines.push_back(std::move(pipeline));
  }

  // What becomes data, names or titles cannot stay secret: manifests, tables and the engine have it. Rules refuse theirs themselves.
  void refuse_secrets(const Keys& keys) {
    for (const auto& [part, full] : keys) {
      const bool shows = part == "foreach" || part == "bookmark" ||
                         std::any_of(std::begin(kShownFamilies), std::end(kShownFamilies),
                                     [&key = part](std::string_view family) { return key.starts_with(family); });
      const auto value = values_.find(full);
      if (shows && value != values_.end() && value->second.secret)
        problem(value->second.origin, full, "must not come from a secret: it would show in messages and data");
    }
  }

  // select.FIELD and variable.NAME, in the order written: a later selection may depend on an earlier one.
  void read_state(State& state, const Keys& keys) {
    const auto in_order = [this](const auto& a, const auto& b) { return raw_.at(a.second).order < raw_.at(b.second).order; };
    auto sorted = keys;
    std::sort(sorted.begin(), sorted.end(), in_order);
    SameKeys same;
    for (const auto& [part, full] : sorted) {
      const auto value = values_.find(full);
      if (value == values_.end() || (!part.starts_with("select.") && !part.starts_with("variable."))) continue;
      const auto written = part.substr(part.find('.') + 1);
      const auto& origin = value->second.origin;
      std::string name;
      const bool quotes_fit = unquote(written, name);
      if (!quotes_fit) {
        problem(origin, full, kBadQuotesInKey);
      } else if (name.empty()) {
        problem(origin, full, part.starts_with("select.") ? "names no field" : "names no variable");
      } else if (has_control(value->second.text)) {
        problem(origin, full, "control characters are not allowed here");
      } else if (part.starts_with("variable.")) {
        auto variable = parse_variable(name, value->second.text);
        if (auto what = same.add("variable." + name, raw_.at(full).origin, full); !what.empty())
          problem(origin, full, std::move(what));
        else if (variable)
          state.variables.push_back(std::move(*variable));
        else
          problem(origin, full, variable.error().message());
      } else if (auto values = parse_values(value->second.text)) {
        auto field = written.starts_with('"') ? FieldName{name, {}} : parse_field(name);
        if (field.state.empty()) field.state = state.alternate_state;
        if (auto what = same.add("select." + field.field + '\0' + field.state, raw_.at(full).origin, full); !what.empty())
          problem(origin, full, std::move(what));
        state.selections.push_back({std::move(field), std::move(*values), value->second.text});
      } else {
        problem(origin, full, value->second.secret ? "cannot be read" : values.error().message());
      }
    }
    for (auto& term : state.foreach) {
      if (term.over == LoopTerm::Over::field && term.field.state.empty()) term.field.state = state.alternate_state;
    }
    refuse_overlap(state, sorted);
  }

  // What a loop sets cannot be set beside it.
  void refuse_overlap(const State& state, const Keys& keys) {
    for (const auto& [part, full] : keys) {
      for (const auto& term : state.foreach) {
        const bool variable = term.over == LoopTerm::Over::variable && part.starts_with("variable.") &&
                              name_in(std::string_view(part).substr(9)) == term.variable;
        const bool bookmark = term.over == LoopTerm::Over::bookmark && part == "bookmark";
        if (variable || bookmark) problem(raw_.at(full).origin, full, "is set by foreach already");
      }
    }
  }

  // pipeline.NAME.cube.CUBE.KEY, in the order written.
  void build_cubes(Pipeline& pipeline, const Keys& keys) {
    std::vector<std::pair<std::size_t, std::string>> names;
    std::map<std::string, Keys> cubes;
    for (const auto& [part, full] : keys) {
      if (!part.starts_with("cube.")) continue;
      const auto dot = part.find('.', 5);
      if (dot == std::string::npos || !is_name(std::string_view(part).substr(5, dot - 5))) {
        problem(raw_.at(full).origin, full, "write pipeline.NAME.cube.CUBE.KEY, with a CUBE of letters, digits, '-' and '_'");
        continue;
      }
      const auto name = part.substr(5, dot - 5);
      cubes[name].emplace_back(part.substr(dot + 1), full);
      names.emplace_back(raw_.at(full).order, name);
    }
    std::sort(names.begin(), names.end());
    for (const auto& [order, name] : names) {
      const auto found = cubes.find(name);
      if (found == cubes.end()) continue;
      build_cube(pipeline, name, found->second);
      cubes.erase(found);
    }
  }

  void build_cube(Pipeline& pipeline, const std::string& name, const Keys& keys) {
    const auto prefix = "pipeline." + pipeline.name + ".cube." + name + ".";
    Cube cube;
    cube.name = name;
    cube.origin = first_origin(keys);
    check_known(keys, cube_keys());
    set_keys(cube, cube_keys(), prefix, &cube.origin);
    const auto wrong = [&](const char* key, std::string what) {
      problem(origin_of(prefix + key, cube.origin), prefix + key, std::move(what));
    };
    const auto understood = [&](const char* key) { return !raw_.contains(prefix + key) || usable(prefix + key); };
    const bool columns = understood("dimensions") && understood("measures");
    if (columns && cube.dimensions.empty() && cube.measures.empty())
      wrong("dimensions", "is missing: a cube has dimensions, measures or both");
    if (columns && understood("sort")) {
      if (auto what = understand_sort(cube); !what.empty()) wrong("sort", std::move(what));
    }
    if (columns && cube.top > 0 && (cube.dimensions.empty() || cube.measures.empty()))
      wrong("top", "ranks the first dimension by the first measure: the cube needs both");
    if (cube.others && cube.top == 0) wrong("others", "is what top leaves out: set top");
    if (cube.pivot && cube.limit >= 0) wrong("limit", "is for straight cubes; a pivot is read as a whole");
    if (!cube.pivot && cube.left_dimensions >= 0) wrong("left-dimensions", "is for pivots: set mode = pivot");
    if (columns && cube.left_dimensions > static_cast<int>(cube.dimensions.size()))
      wrong("left-dimensions", "is more than the cube has dimensions");
    pipeline.cubes.push_back(std::move(cube));
  }

  // pipeline.NAME.expression.NAME, in the order written.
  void build_expressions(Pipeline& pipeline, const Keys& keys) {
    std::vector<std::pair<std::size_t, NamedExpression>> found;
    SameKeys same;
    auto sorted = keys;
    std::sort(sorted.begin(), sorted.end(),
              [this](const auto& a, const auto& b) { return raw_.at(a.second).order < raw_.at(b.second).order; });
    for (const auto& entry : sorted) {
      const auto& part = entry.first;
      const auto& full = entry.second;
      if (!part.starts_with("expression.")) continue;
      const auto value = values_.find(full);
      if (value == values_.end()) continue;
      std::string name;
      const bool quotes_fit = unquote(std::string_view(part).substr(11), name);
      const auto wrong = [&](std::string what) {
        problem(value->second.origin, full, value->second.secret ? "cannot be understood" : std::move(what));
      };
      CubeColumn column;
      if (!quotes_fit) {
        wrong(kBadQuotesInKey);
      } else if (name.empty()) {
        wrong("write pipeline.NAME.expression.NAME = EXPRESSION");
      } else if (auto twice = same.add(name, raw_.at(full).origin, full); !twice.empty()) {
        wrong(std::move(twice));
      } else if (auto open = unclosed(value->second.text); !open.empty()) {
        wrong(std::move(open));
      } else if (auto what = parse_measure(trimmed(value->second.text), column); !what.empty()) {
        wrong(std::move(what));
      } else if (column.kind == CubeColumn::Kind::master || !column.label.empty() || !column.format.pattern.empty()) {
        wrong("is EXPRESSION, or EXPRESSION format TYPE; its label is the last part of the key");
      } else {
        if (pipeline.state.alternate_state != "$")
          wrong("is computed in the default state, not in alternate-state; name the state in it: Sum({" + pipeline.state.alternate_state +
                "} Sales)");
        found.emplace_back(raw_.at(full).order, NamedExpression{name, column.source, column.format, value->second.origin});
      }
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [order, expression] : found) pipeline.expressions.push_back(std::move(expression));
  }

  void cross_check() {
    std::vector<std::string_view> connections;
    std::vector<std::string_view> sinks;
    for (const auto& connection : result_.config.connections) connections.push_back(connection.name);
    for (const auto& sink : result_.config.sinks) sinks.push_back(sink.name);
    for (const auto& pipeline : result_.config.pipelines) {
      const auto key = [&](const char* name) { return "pipeline." + pipeline.name + "." + name; };
      const auto wrong = [&](const char* name, std::string what) {
        problem(origin_of(key(name), pipeline.origin), key(name), std::move(what));
      };
      if (usable(key("connection")) && result_.config.find_connection(pipeline.connection) == nullptr) {
        wrong("connection",
              "there is no connection " + shown(key("connection"), pipeline.connection) + suggestion(pipeline.connection, connections));
      }
      if (usable(key("objects")) && pipeline.objects.empty()) wrong("objects", "names nothing: write sheet:NAME/* or object:ID");
      if (!names_source(pipeline.name)) {
        wrong("objects", "is missing: name what to deliver with objects, cube.NAME, expression.NAME, field, table, model or list");
      }
      if (!usable(key("sinks"))) continue;
      if (pipeline.sinks.empty()) wrong("sinks", "names no sink");
      for (const auto& sink : pipeline.sinks) {
        if (result_.config.find_sink(sink) == nullptr)
          wrong("sinks", "there is no sink " + shown(key("sinks"), sink) + suggestion(sink, sinks));
      }
    }
  }

  // Whether a pipeline has a key that names something to deliver, understood or not: what is wrong with it was said already.
  [[nodiscard]] bool names_source(const std::string& pipeline) const {
    const auto prefix = "pipeline." + pipeline + ".";
    return std::any_of(raw_.begin(), raw_.end(), [&](const auto& entry) {
      if (!entry.first.starts_with(prefix)) return false;
      const auto part = std::string_view(entry.first).substr(prefix.size());
      return part.starts_with("cube.") || part.starts_with("expression.") || part == "objects" || part == "field" || part == "table" ||
             part == "model" || part == "list";
    });
  }

  Sources sources_;
  const std::map<std::string, Raw>& raw_ = sources_.values();
  std::map<std::string, Value> values_;
  std::map<std::string, std::map<std::string, Keys>> sections_;
  LoadResult result_;
};

template <typename T>
const T* find(const std::vector<T>& items, std::string_view name) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

const Connection* Config::find_connection(std::string_view name) const { return find(connections, name); }
const Pipeline* Config::find_pipeline(std::string_view name) const { return find(pipelines, name); }
const Sink* Config::find_sink(std::string_view name) const { return find(sinks, name); }

std::string override_of(std::string_view key, std::string_view value) {
  std::string text;
  for (const char c : key) text.append(c == '=' ? "\\" : "") += c;
  return text.append("=").append(value);
}

LoadResult load(const std::string& main_file, const std::vector<std::string>& overrides) { return Loader(main_file, overrides).load(); }

}  // namespace qonduit::config
