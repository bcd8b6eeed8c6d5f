#include "apps/qonduit/starter_file.hpp"

#include <algorithm>
#include <string_view>

#include "apps/qonduit/text.hpp"
#include "core/config/keys.hpp"
#include "core/config/properties.hpp"
#include "core/config/selector.hpp"
#include "qonduit/text.hpp"

namespace qonduit::app {
namespace {

std::string setting(const std::string& key, const std::string& value) { return key + " = " + config::escape_property(value) + "\n"; }

std::string selector(const StarterObject& object) { return config::object_selector(object.id); }

std::string described(const StarterObject& object) {
  return (object.title.empty() ? "(no title)" : object.title) + " (" + object.type + ")";
}

// What stands in a list, a line each.
std::string comment(const StarterFile& file) {
  std::size_t width = 0;
  for (const auto& object : file.objects) width = std::max(width, display_width(printable(selector(object))));
  std::string text;
  std::string sheet = "\n";  // no sheet is called that
  for (const auto& object : file.objects) {
    if (object.sheet != sheet) {
      sheet = object.sheet;
      text += "#\n# Sheet " + (sheet.empty() ? "without a title" : printable(sheet)) + "\n";
    }
    const auto id = printable(selector(object));
    const std::string padding(width - display_width(id), ' ');
    text += "#   " + id + padding + "  " + printable(described(object)) + ": " +
            printable(object.left_out.empty() ? object.size : "left out: " + object.left_out) + "\n";
    for (const auto& note : object.notes) text += "#   " + std::string(width, ' ') + "  note: " + printable(note) + "\n";
  }
  return text;
}

// The small letters and digits that stand for a character in a name; empty: none.
std::string plain_letters(char32_t code) {
  if ((code >= 'a' && code <= 'z') || (code >= '0' && code <= '9')) return std::string(1, static_cast<char>(code));
  if (code >= 'A' && code <= 'Z') return std::string(1, static_cast<char>(code + 32));
  if (code < 0xC0 || code > 0xFF) return {};
  // U+00C0 to U+00DF; the small ones are 32 further on.
  static constexpr std::string_view kLetters[] = {"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
                                                  "d", "n", "o", "o", "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "ss"};
  return std::string(code == 0xFF ? "y" : kLetters[(code - 0xC0) % 32]);
}

}  // namespace

std::string id_problem(const std::string& id) {
  if (id.empty()) return "it has no id";
  if (config::has_control(id)) return "its id has control characters, which no configuration takes";
  return {};
}

std::string pipeline_name(const std::string& app_title) {
  std::string name;
  std::string_view rest = app_title;
  while (!rest.empty()) {
    const auto character = first_character(rest);
    rest.remove_prefix(std::max<std::size_t>(1, character.bytes));
    const auto letters = plain_letters(character.code);
    if (!letters.empty())
      name += letters;
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  while (name.ends_with('-')) name.pop_back();
  return name.empty() ? "app" : name;
}

std::string starter_text(const StarterFile& file) {
  const auto prefix = "pipeline." + pipeline_name(file.app_title) + ".";
  std::string text = "# Written by qonduit init from the app " + printable(file.app_title) + " (" + printable(file.app_id) +
                     "), as the user of the connection sees it.\n"
                     "# What next, with this file behind -c: qonduit check, qonduit explain, qonduit run.\n\n"
                     "# Where the engine is, and who reads. Keys that are not here have their defaults: qonduit config lists them.\n";
  for (const auto& [key, value] : file.settings) text += setting("connection." + file.connection + "." + key, value);
  text += "\n# What is read. The app is named by its id, because titles change.\n";
  text += setting(prefix + "connection", file.connection);
  text += setting(prefix + "app", config::written_text(file.app_id));
  text += "\n# Objects are named by their ids; what is left out below would fail the run, or has no data.\n" + comment(file);
  text += prefix + "objects =";
  bool first = true;
  for (const auto& object : file.objects) {
    if (!object.left_out.empty()) continue;
    text += std::string(first ? "" : ",") + " \\\n  " + config::escape_property(config::unreferenced(selector(object)));
    first = false;
  }
  text += "\n\n# Where it goes.\n" + setting(prefix + "sinks", "files");
  text +=
      "\n# When qonduit serve runs it, and the most cells a run may read: without the #.\n"
      "# " +
      prefix +
      "schedule = every 1h\n"
      "# " +
      prefix +
      "budget.cells = 10000000\n"
      "\n# CSV files in the folder out beside this file; qonduit plugins describe csv lists the options.\n"
      "sink.files.type = csv\n"
      "sink.files.directory = ${application.configDir}\n"
      "sink.files.file = out/{app}/{sheet}/{title}\n";
  if (!file.globals.empty()) text += "\n";
  for (const auto& [key, value] : file.globals) text += setting(key, value);
  return text;
}

}  // namespace qonduit::app
