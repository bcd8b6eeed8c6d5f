#include "apps/qonduit/recorded_configuration.hpp"

#include <algorithm>
#include <cmath>

#include "core/config/keys.hpp"
#include "core/config/selection.hpp"
#include "core/config/selector.hpp"
#include "core/plugin/description.hpp"
#include "qonduit/detail/option_text.hpp"
#include "qonduit/list.hpp"

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
      : recorded_(recorded), scrambler_(scrambler), prefix_("pipeline." + recorded.bound->pipeline->name + ".") {}

  std::string run(const config::LoadResult& loaded) {
    std::string selectors;
    for (const auto& id : recorded_.objects) selectors += (selectors.empty() ? "" : ", ") + config::object_selector(scrambler_.name(id));
    out_ = "\n";
    set("connection", "recorded");
    set("app", config::written_text(recorded_.app.id));
    set("objects", config::unreferenced(selectors));
    set("sinks", "nowhere");
    // Here every object has its name, also what the pipeline found by a pattern.
    set("on-no-data", "warn");
    for (const auto& entry : loaded.effective) {
      if (entry.key.starts_with(prefix_) && entry.origin.source != "default") copy(entry);
    }
    return std::move(out_);
  }

 private:
  void set(const std::string& key, const std::string& value) { out_ += config::property_line(prefix_ + key, value); }

  void copy(const config::Effective& entry) {
    const auto key = entry.key.substr(prefix_.size());
    static constexpr std::string_view kOwn[] = {"connection", "app", "objects", "sinks", "schedule", "on-no-data"};
    if (std::find(std::begin(kOwn), std::end(kOwn), key) != std::end(kOwn)) return;
    if (entry.value == config::kMasked) {
      const bool told = scrambler_.what() != recording::Scramble::names;
      out_ += "# " + (told ? entry.key : prefix_ + kind_of(key)) + " is a secret and was left out\n";
    } else if (key.starts_with("select.")) {
      const auto field = config::parse_field(unquoted(key.substr(7)));
      const auto state = field.state.empty() || field.state == "$" ? field.state : scrambler_.name(field.state);
      set("select." + list_item(config::FieldName{scrambler_.name(field.field), state}.text()),
          config::unreferenced(selected(entry.value)));
    } else if (key.starts_with("variable.")) {
      set("variable." + list_item(scrambler_.name(unquoted(key.substr(9)))), config::unreferenced(variable(entry.value)));
    } else if (key.starts_with("adapter.")) {
      set(adapter_key(key), config::unreferenced(entry.value));
    } else if (key.starts_with("object.")) {
      scoped(key.substr(7), entry);
    } else if (!rule("", key, entry.value) && !source(key, entry.value)) {
      leave_out(prefix_ + kind_of(key), "");
    }
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
    static constexpr std::string_view kForm[] = {"clear", "hidden", "window",      "page-cells",   "queue",        "attempts",
                                                 "list",  "model",  "retry-delay", "budget.cells", "foreach-limit"};
    const bool form = key.starts_with("on-") || std::find(std::begin(kForm), std::end(kForm), key) != std::end(kForm);
    bool told = form || scrambler_.what() == recording::Scramble::none;
    if (!told && scrambler_.what() == recording::Scramble::values) {
      static constexpr std::string_view kNames[] = {"field", "table", "bookmark", "alternate-state", "selection-columns"};
      told = std::find(std::begin(kNames), std::end(kNames), key) != std::end(kNames) ||
             (key == "foreach" && value.find("only:") == std::string::npos && value.find("variable(") == std::string::npos) ||
             ((key.starts_with("expression.") || key.starts_with("cube.")) && holds_no_literal(value));
    }
    if (told) set(key, config::unreferenced(value));
    return told;
  }

  // Whether an expression stays as it is in the recording.
  bool holds_no_literal(const std::string& value) const {
    const auto json = "[" + qonduit::detail::json_string(value) + "]";
    const auto made = scrambler_.params("EvaluateEx", json);
    return made && *made == json;
  }

  // The value of a variable, as the recording has it.
  std::string variable(const std::string& written) const {
    if (scrambler_.what() == recording::Scramble::none) return written;
    const auto value = config::parse_variable("v", written);
    if (!value) return {};
    if (std::isnan(value->number)) return in_quotes(scrambler_.value(value->text));
    const auto made = scrambler_.params("SetNumValue", "[" + value->text + "]");
    return made ? made->substr(1, made->size() - 2) : std::string();
  }

  // A list of values, each scrambled; what is quoted stays quoted.
  std::string selected(const std::string& written) const {
    std::string text;
    const auto pieces = list_pieces(written);
    if (!pieces) return text;
    for (const auto piece : *pieces) {
      const auto value = scrambler_.value(unquoted(piece));
      text += (text.empty() ? "" : ", ") + (piece.starts_with('"') ? in_quotes(value) : list_item(value));
    }
    return text;
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
  const recording::JsonScrambler& scrambler_;
  std::string prefix_;
  std::string out_;
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
