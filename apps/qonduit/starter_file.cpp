#include "apps/qonduit/starter_file.hpp"

#include <algorithm>
#include <optional>
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
    if (!object.hidden.empty()) {
      text += "#   " + std::string(width, ' ') + "  hidden: " + printable(object.hidden) +
              "; a run skips it as long as it is, or reads it with hidden = read\n";
    }
    for (const auto& note : object.notes) text += "#   " + std::string(width, ' ') + "  note: " + printable(note) + "\n";
  }
  return text;
}

// Characters that follow one another in Unicode, and the plain letters for each of them.
struct Letters {
  char32_t first;
  std::vector<std::string_view> plain;
};

// Small letters; capitals are told by where theirs are.
const std::vector<Letters>& known_letters() {
  static const std::vector<Letters> known = {
      {0xE0, {"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
              "d", "n", "o", "o", "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "y"}},
      {0x3AC, {"a", "e", "i", "i", "y", "a", "b", "g", "d", "e",  "z",  "i", "th", "i", "k", "l", "m", "n",
               "x", "o", "p", "r", "s", "s", "t", "y", "f", "ch", "ps", "o", "i",  "y", "o", "y", "o"}},
      {0x430, {"a", "b", "v", "g", "d", "e", "zh", "z",  "i",  "j",    "k", "l", "m", "n", "o",  "p",
               "r", "s", "t", "u", "f", "h", "c",  "ch", "sh", "shch", "",  "y", "",  "e", "yu", "ya"}},
      {0x450, {"e", "yo", "dj", "g", "ye", "dz", "i", "yi", "j", "lj", "nj", "c", "k", "i", "u", "dz"}}};
  return known;
}

// U+0100 to U+017F.
constexpr std::string_view kLatinExtended =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kLatinExtended.size() == 0x80);

// Where the small letter of a capital is, for the alphabets above.
char32_t small(char32_t code) {
  if ((code >= 0xC0 && code < 0xDF) || (code >= 0x391 && code <= 0x3AB) || (code >= 0x410 && code <= 0x42F)) return code + 0x20;
  if (code >= 0x400 && code <= 0x40F) return code + 0x50;
  if (code == 0x386) return 0x3AC;
  if (code >= 0x388 && code <= 0x38A) return code + 0x25;
  if (code == 0x38C) return 0x3CC;
  return code == 0x38E || code == 0x38F ? code + 0x3F : code;
}

// The small letters and digits that stand for a character in a name, none for a silent one; nothing where it is no letter, or of an
// alphabet that is not known here.
std::optional<std::string> plain_letters(char32_t code) {
  if ((code >= 'a' && code <= 'z') || (code >= '0' && code <= '9')) return std::string(1, static_cast<char>(code));
  if (code >= 'A' && code <= 'Z') return std::string(1, static_cast<char>(code + 32));
  if (code == 0xD7 || code == 0xF7) return std::nullopt;  // signs among the letters
  if (code == 0xDF) return "ss";
  if (code >= 0x100 && code <= 0x17F) return std::string(1, kLatinExtended[code - 0x100]);
  if (code >= 0x300 && code <= 0x36F) return "";  // marks over the letter before
  if (code == 0x490 || code == 0x491) return "g";
  code = small(code);
  for (const auto& [first, plain] : known_letters()) {
    if (code >= first && code - first < plain.size()) return std::string(plain[code - first]);
  }
  return std::nullopt;
}

// Punctuation, blanks and signs, of whatever alphabet: nothing is lost where they are not in a name.
bool is_sign(char32_t code) {
  return code < 0xC0 || code == 0xD7 || code == 0xF7 || (code >= 0x2000 && code < 0x2C00) || (code >= 0x3000 && code < 0x3040) ||
         (code >= 0xFE00 && code < 0xFE70) || (code >= 0xFF00 && code < 0xFF10) || code >= 0x1F000;
}

}  // namespace

std::string id_problem(const std::string& id) {
  if (id.empty()) return "it has no id";
  if (config::has_control(id)) return "its id has control characters, which no configuration takes";
  return {};
}

std::string pipeline_name(const std::string& app_title) {
  std::string name;
  bool lost = false;  // letters of an alphabet that keys do not take
  std::string_view rest = app_title;
  while (!rest.empty()) {
    const auto character = first_character(rest);
    rest.remove_prefix(std::max<std::size_t>(1, character.bytes));
    const auto letters = plain_letters(character.code);
    lost = lost || (!letters && !is_sign(character.code));
    if (letters)
      name += *letters;
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  while (name.ends_with('-')) name.pop_back();
  // What is left of a title is not its name.
  if (name.empty() || lost) return name.empty() ? "app" : "app-" + name;
  return name;
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
