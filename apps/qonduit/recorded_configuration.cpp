#include "apps/qonduit/recorded_configuration.hpp"

#include <algorithm>
#include <utility>

#include "apps/qonduit/recorded_sources.hpp"
#include "apps/qonduit/recorded_state.hpp"
#include "core/config/keys.hpp"
#include "core/config/selection.hpp"
#include "core/config/selector.hpp"
#include "core/plugin/description.hpp"
#include "qonduit/list.hpp"
#include "qonduit/suggestion.hpp"

namespace qonduit::app {
namespace {

constexpr std::string_view kHead =
    "# Made by qonduit record; fits the recording of the same name.\n"
    "# The connection leads nowhere: qonduit rehearse puts a simulated engine in its place, and delivers to no sink.\n"
    "connection.recorded.url = ws://localhost:4747/app\n"
    "connection.recorded.auth = none\n"
    "sink.nowhere.type = csv\n"
    "sink.nowhere.directory = ${application.configDir}nowhere\n";

class Writer {
 public:
  Writer(const RecordedPipeline& recorded, const recording::JsonScrambler& scrambler)
      : recorded_(recorded),
        pipeline_(*recorded.bound->pipeline),
        state_(pipeline_.state, *recorded.recorder, scrambler),
        scrambler_(scrambler),
        prefix_("pipeline." + recorded.bound->pipeline->name + ".") {}

  std::string run(const config::LoadResult& loaded) {
    std::string selectors;
    for (const auto& id : recorded_.objects) selectors += (selectors.empty() ? "" : ", ") + config::object_selector(scrambler_.name(id));
    out_ = "\n";
    set("connection", "recorded");
    set("app", config::written_text(recorded_.app.id));
    if (!selectors.empty()) set("objects", config::unreferenced(selectors));
    set("sinks", "nowhere");
    // Here every object has its name, also what the pipeline found by a pattern.
    set("on-no-data", "warn");
    // What is asked of the engine, and in which order, follows the order in which it is written.
    std::vector<std::pair<std::size_t, const config::Effective*>> entries;
    for (const auto& entry : loaded.effective) {
      if (entry.key.starts_with(prefix_) && entry.origin.source != "default")
        entries.emplace_back(place_of(entry.key.substr(prefix_.size())), &entry);
    }
    std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [place, entry] : entries) copy(*entry);
    if (!reads_) return "\n# pipeline " + pipeline_.name + " read nothing\n";
    return std::move(out_);
  }

 private:
  void set(const std::string& key, const std::string& value) {
    static constexpr std::string_view kSources[] = {"objects", "field", "table", "model", "list"};
    reads_ = reads_ || key.starts_with("cube.") || key.starts_with("expression.") ||
             std::find(std::begin(kSources), std::end(kSources), key) != std::end(kSources);
    out_ += config::property_line(prefix_ + key, value);
  }

  // Among the keys of its kind.
  [[nodiscard]] std::size_t place_of(const std::string& key) const {
    const auto& state = pipeline_.state;
    if (key.starts_with("cube.")) return static_cast<std::size_t>(cube_of(key) - pipeline_.cubes.begin());
    if (key.starts_with("expression.")) return static_cast<std::size_t>(expression_of(key) - pipeline_.expressions.begin());
    if (key.starts_with("select.")) return static_cast<std::size_t>(selection_of(key) - state.selections.begin());
    if (!key.starts_with("variable.")) return 0;
    const auto named = [name = unquoted(key.substr(9))](const auto& variable) { return variable.name == name; };
    return static_cast<std::size_t>(std::find_if(state.variables.begin(), state.variables.end(), named) - state.variables.begin());
  }

  [[nodiscard]] std::vector<config::Selection>::const_iterator selection_of(const std::string& key) const {
    const auto& state = pipeline_.state;
    const auto written = key.substr(7);
    auto field = written.starts_with('"') ? config::FieldName{unquoted(written), {}} : config::parse_field(written);
    if (field.state.empty()) field.state = state.alternate_state;
    return std::find_if(state.selections.begin(), state.selections.end(),
                        [&](const auto& one) { return one.name.field == field.field && one.name.state == field.state; });
  }

  [[nodiscard]] std::vector<config::Cube>::const_iterator cube_of(const std::string& key) const {
    const auto named = [name = key.substr(5, key.find('.', 5) - 5)](const auto& cube) { return cube.name == name; };
    return std::find_if(pipeline_.cubes.begin(), pipeline_.cubes.end(), named);
  }

  [[nodiscard]] std::vector<config::NamedExpression>::const_iterator expression_of(const std::string& key) const {
    const auto named = [name = unquoted(key.substr(11))](const auto& expression) { return expression.name == name; };
    return std::find_if(pipeline_.expressions.begin(), pipeline_.expressions.end(), named);
  }

  void copy(const config::Effective& entry) {
    const auto key = entry.key.substr(prefix_.size());
    static constexpr std::string_view kOwn[] = {"connection", "app", "objects", "sinks", "schedule", "on-no-data"};
    if (std::find(std::begin(kOwn), std::end(kOwn), key) != std::end(kOwn)) return;
    if (entry.value == config::kMasked) {
      const bool told = scrambler_.what() != recording::Scramble::names;
      out_ += "# " + (told ? entry.key : prefix_ + kind_of(key)) + " is a secret and was left out\n";
    } else if (key.starts_with("select.")) {
      const auto selection = selection_of(key);
      if (selection == pipeline_.state.selections.end()) return;
      const bool told = scrambler_.what() == recording::Scramble::none;
      set("select." + state_.field(selection->name),
          config::unreferenced(told ? entry.value : state_.values(selection->values, selection->name)));
    } else if (key.starts_with("variable.")) {
      const auto value = config::parse_variable(unquoted(key.substr(9)), entry.value);
      const bool told = scrambler_.what() == recording::Scramble::none || !value;
      set("variable." + list_item(scrambler_.name(unquoted(key.substr(9)))),
          config::unreferenced(told ? entry.value : state_.variable(*value)));
    } else if (key == "foreach" && scrambler_.what() != recording::Scramble::none) {
      set("foreach", config::unreferenced(state_.loops(recorded_.bookmarks)));
    } else if (key == "bookmark") {
      set("bookmark", config::written_text(scrambler_.name(pipeline_.state.bookmark)));
    } else if (key == "alternate-state") {
      set("alternate-state", config::written_text(state_.state(pipeline_.state.alternate_state)));
    } else if (key == "selection-columns") {
      std::string columns;
      for (const auto& column : pipeline_.state.selection_columns) columns += (columns.empty() ? "" : ", ") + state_.column(column);
      set("selection-columns", config::unreferenced(columns));
    } else if (key.starts_with("expression.")) {
      const auto expression = expression_of(key);
      if (expression != pipeline_.expressions.end()) set(expression_key(*expression), expression_text(*expression, entry.value));
    } else if (key.starts_with("cube.")) {
      const auto cube = cube_of(key);
      if (cube != pipeline_.cubes.end()) copy_cube(*cube, key.substr(key.find('.', 5) + 1), entry.value);
    } else if ((key == "field" || key == "table") && scrambler_.what() == recording::Scramble::names) {
      const auto& names = key == "field" ? recorded_.fields : recorded_.tables;
      std::string items;
      for (const auto& name : names) items += (items.empty() ? "" : ", ") + in_quotes(scrambler_.name(name));
      if (!items.empty()) set(key, config::unreferenced(items));
    } else if (key.starts_with("adapter.")) {
      set(adapter_key(key), config::unreferenced(entry.value));
    } else if (key.starts_with("object.")) {
      scoped(key.substr(7), entry);
    } else if (!rule("", key, entry.value) && !source(key, entry.value)) {
      leave_out(prefix_ + kind_of(key), "");
    }
  }

  [[nodiscard]] std::string expression_key(const config::NamedExpression& expression) const {
    return "expression." + in_quotes(scrambler_.name(expression.name));
  }
  [[nodiscard]] std::string expression_text(const config::NamedExpression& expression, const std::string& written) const {
    const bool told = scrambler_.what() == recording::Scramble::none;
    return config::unreferenced(told ? written : recorded_expression(expression, scrambler_));
  }
  void copy_cube(const config::Cube& cube, const std::string& key, const std::string& written) {
    const bool told = scrambler_.what() == recording::Scramble::none;
    const bool named = scrambler_.what() == recording::Scramble::names;
    // The name of a cube is the configuration's: letters, digits, '-' and '_'. Scrambled it would hold others.
    set("cube." + (named ? "cube-" + std::to_string(&cube - pipeline_.cubes.data() + 1) : cube.name) + "." + key,
        config::unreferenced(told ? written : recorded_cube(cube, key, written, scrambler_)));
  }

  // What would tell of values or of names is named by its kind alone.
  void leave_out(const std::string& what, const std::string& of) {
    const auto line = "# " + what + of + " was left out: it may hold what is scrambled\n";
    if (out_.find(line) == std::string::npos) out_ += line;
  }
  // constant.COLUMN is a constant.
  static std::string kind_of(const std::string& key) {
    const auto dot = key.find('.');
    return dot == std::string::npos ? key : key.substr(0, dot) + ".*";
  }

  // OBJECT.RULE, OBJECT.dataset.DATASET.RULE; OBJECT.adapter.ADAPTER.OPTION
  void scoped(const std::string& rest, const config::Effective& entry) {
    const auto length = name_length(rest);
    if (length >= rest.size()) return leave_out(prefix_ + "object.*", "");
    auto front = "object." + scoped_name(rest.substr(0, length)) + ".";
    auto key = rest.substr(length + 1);
    if (key.starts_with("dataset.")) {
      const auto end = 8 + name_length(key.substr(8));
      if (end >= key.size()) return leave_out(prefix_ + "object.*", "");
      // Datasets are named by the kind of chart and where its layout keeps them.
      front += key.substr(0, end + 1);
      key = key.substr(end + 1);
    }
    if (key.starts_with("adapter.")) return set(front + adapter_key(key), config::unreferenced(entry.value));
    if (!rule(front, key, entry.value)) leave_out(prefix_ + "object.*.", kind_of(key));
  }
  // As far as a name in front of a dot goes; quotes keep dots.
  static std::size_t name_length(std::string_view text) {
    std::size_t end = 0;
    for (bool quoted = false; end < text.size() && (quoted || text[end] != '.'); ++end) quoted = quoted != (text[end] == '"');
    return end;
  }
  std::string scoped_name(std::string_view written) const {
    const auto name = scrambler_.name(unquoted(written));
    return name.find_first_of(".\"") == std::string::npos ? name : in_quotes(name);
  }

  // A rule for columns. False: it cannot be told without telling more.
  bool rule(const std::string& front, const std::string& key, const std::string& value) {
    const bool all = scrambler_.what() == recording::Scramble::none;
    const auto dot = key.find('.');
    const auto family = key.substr(0, key.find_first_of("?."));
    const bool of_column = dot != std::string::npos && (family == "type" || family == "dual" || family == "mask");
    if (of_column) {
      // The key of hashes is a secret: what they hide is hidden all the same.
      const auto& told = family == "mask" && value == "hash" ? kRedact : value;
      return set(front + key.substr(0, dot + 1) + list_item(scrambler_.name(unquoted(key.substr(dot + 1)))), config::unreferenced(told)),
             true;
    }
    const bool told = all || (key == "columns" && scrambler_.what() == recording::Scramble::values);
    const bool is_rule = key == "columns" || key == "filter" || family == "constant" || family == "null";
    if (is_rule && told) set(front + key, config::unreferenced(value));
    return is_rule && told;
  }

  // What is read beside objects, and how. False: as rule().
  bool source(const std::string& key, const std::string& value) {
    static constexpr std::string_view kForm[] = {"clear",    "hidden", "window", "parallel",    "page-cells",   "queue",
                                                 "attempts", "list",   "model",  "retry-delay", "budget.cells", "foreach-limit"};
    const bool form = key.starts_with("on-") || std::find(std::begin(kForm), std::end(kForm), key) != std::end(kForm);
    const bool told = form || scrambler_.what() == recording::Scramble::none ||
                      (scrambler_.what() == recording::Scramble::values && (key == "field" || key == "table"));
    if (told) set(key, config::unreferenced(value));
    return told;
  }

  static std::string unquoted(std::string_view text) {
    std::string plain;
    return unquote(text, plain) ? plain : std::string(text);
  }

  // adapter.NAME.OPTION, where an option may end in the title of a column.
  std::string adapter_key(const std::string& key) const {
    const auto dot = key.find('.', 8);
    if (dot == std::string::npos) return key;
    const auto option = key.substr(dot + 1);
    for (const auto& adapter : recorded_.bound->adapters) {
      if (adapter.component->name() != key.substr(8, dot - 8)) continue;
      const auto description = plugin::read_description(adapter.component->describe_json());
      if (!description) continue;
      for (const auto& known : description->options) {
        if (known.prefix && option.starts_with(known.name)) {
          return key.substr(0, dot + 1) + known.name + scrambler_.name(option.substr(known.name.size()));
        }
      }
    }
    return key;
  }

  static inline const std::string kRedact = "redact";
  const RecordedPipeline& recorded_;
  const config::Pipeline& pipeline_;
  RecordedState state_;
  const recording::JsonScrambler& scrambler_;
  std::string prefix_;
  std::string out_;
  bool reads_ = false;  // a key of out_ names something to read
};

}  // namespace

std::filesystem::path configuration_beside(const std::filesystem::path& recording) { return recording.string() + ".properties"; }

std::string recorded_configuration(const config::LoadResult& loaded, const std::vector<RecordedPipeline>& pipelines,
                                   const recording::JsonScrambler& scrambler) {
  std::string text(kHead);
  for (const auto& recorded : pipelines) text += Writer(recorded, scrambler).run(loaded);
  return text;
}

}  // namespace qonduit::app
