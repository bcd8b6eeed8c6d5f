#include "apps/qonduit/recorded_configuration.hpp"

#include <algorithm>

#include "core/config/keys.hpp"
#include "core/config/selector.hpp"
#include "core/plugin/description.hpp"
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
      out_ += "# " + entry.key + " is a secret and was left out\n";
    } else if (key.starts_with("select.")) {
      set("select." + list_item(scrambler_.name(unquoted(key.substr(7)))), config::unreferenced(selected(entry.value)));
    } else {
      set(key.starts_with("adapter.") ? adapter_key(key) : key, config::unreferenced(entry.value));
    }
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
