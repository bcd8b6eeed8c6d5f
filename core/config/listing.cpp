// What is printed of a configuration: the effective values, and the reference of all keys.
#include <algorithm>

#include "core/config/cube_keys.hpp"
#include "core/config/keys.hpp"
#include "core/config/loader.hpp"
#include "core/config/properties.hpp"

namespace qonduit::config {
namespace {

template <typename T>
std::string table_of(const std::string& title, const std::string& prefix, const std::vector<Key<T>>& keys) {
  std::string out = "## " + title + "\n\n| Key | Value | Default | Meaning |\n|---|---|---|---|\n";
  for (const auto& key : keys) {
    out += "| `" + prefix + std::string(key.name) + "` | " + std::string(key.type) + " | ";
    out += key.required ? "required" : key.fallback.empty() ? "" : "`" + std::string(key.fallback) + "`";
    out += " | " + std::string(key.help) + " |\n";
  }
  return out + "\n";
}

}  // namespace

std::string property_line(std::string_view key, std::string_view value) {
  std::string name;
  for (const char c : escape_property(key)) name += c == ':' || c == '=' ? std::string("\\") + c : std::string(1, c);
  return name + " = " + escape_property(value) + "\n";
}

std::string effective_text(const std::vector<Effective>& entries) {
  // One very long key does not push all values to the right.
  constexpr std::size_t kWidest = 40;
  std::size_t width = 0;
  for (const auto& entry : entries) {
    if (const auto size = escape_property(entry.key).size(); size <= kWidest) width = std::max(width, size);
  }
  std::string out;
  for (const auto& entry : entries) {
    auto key = escape_property(entry.key);
    if (key.size() < width) key.resize(width, ' ');
    out += key + " = " + escape_property(unreferenced(entry.value)) + "    # " + entry.origin.text() + "\n";
  }
  return out;
}

std::string reference_markdown() {
  std::string out =
      "# Configuration reference\n\n"
      "Generated from the table of keys in `core/config/keys.cpp`; a test compares the two.\n\n"
      "The main file is read first, then `conf.d/*.properties` beside it in lexical order, then `-D key=value`; the last one wins.\n"
      "An unknown key is an error, and so are a key that is set twice in one file and a line without `=` or `:`.\n\n"
      "| Written | Means |\n|---|---|\n"
      "| `# text`, `! text` | a comment, on a line of its own |\n"
      "| `key = value`, `key : value` | one setting; blanks around key and value are dropped |\n"
      "| `\\\\`, `\\t`, `\\n`, `\\r`, `\\f`, `\\u00e9`, `\\uD83D\\uDE00` | a backslash, a tab, line ends, a character, a character of two "
      "halves; in keys and values |\n"
      "| `\\` and a blank, `\\=`, `\\:`, `\\#`, `\\!` | that character; a blank written so is not dropped |\n"
      "| `\\` at the end of a line | the next line continues this one |\n"
      "| any other `\\` | an error: `\\N` is written `\\\\N`, `CORP\\svc` is `CORP\\\\svc` |\n"
      "| `\" text \"` | a text in quotes: blanks at its ends are kept, a quote inside is doubled. What does not begin with a quote is the "
      "text as "
      "it is |\n"
      "| `a, \"b, c\"` | a list, of the host or of a plugin: an item with a comma is quoted, a quote inside quotes is doubled. An empty "
      "item is an "
      "error |\n"
      "| `select.\"Net, Sales \"`, `dual.\"a\"` | a name behind a key may be quoted too; `=` and `:` in it are written `\\=` and `\\:` |\n"
      "| `${key}` | the value of another key |\n"
      "| `$${` | `${`, which refers to nothing |\n"
      "| `${application.configDir}`, `${application.dir}` | the folder of the main file, of the program; with a `/` at the end; one more "
      "behind it changes "
      "nothing |\n"
      "| `${file:/path}` | a secret: the content of a file of at most 64 KiB, line ends at its end dropped. Refused when everybody can "
      "read it |\n"
      "| `${env:NAME}` | a secret: an environment variable, set and not empty. A password, key or passphrase that is written out is an "
      "error |\n"
      "| `250ms`, `30s`, `15m`, `1h`, `7d` | a duration |\n"
      "| `512`, `64KiB`, `256MiB`, `1GiB` | a size |\n"
      "\n"
      "`-D` takes values as the shell hands them over: no escapes, the same quotes, lists and references. An `=` in its key is `\\=`. "
      "Quotes in a secret are the "
      "secret's "
      "own.\n"
      "In expressions, conditions and lists of values quotes are those of that language: `docs/sources.md`, `docs/transforms.md`, "
      "`docs/selections.md`.\n\n"
      "A password inside of a longer value of a sink or a connection (`?password=` of an address, `PWD=` of a connection string, "
      "`ssl.key.password=`\n"
      "among `client-settings`) is by reference too: written out it is an error, and is not shown.\n\n"
      "What comes from a secret is shown as `********` in listings, messages, reports and logs, also in the forms that libraries and "
      "formats "
      "make of it:\n"
      "percent-encoded or decoded, escaped for JSON, with doubled braces.\n\n";
  out += table_of("Connections", "connection.NAME.", connection_keys());
  out += table_of("Pipelines", "pipeline.NAME.", pipeline_keys());
  out +=
      "`pipeline.NAME.select.FIELD` and `pipeline.NAME.variable.VARIABLE` select values and set variables before reading:\n"
      "`docs/selections.md`. `pipeline.NAME.expression.NAME = Sum(Sales)` gives the one row of the dataset `expressions` a column;\n"
      "`format TYPE` behind it fixes its type. `docs/sources.md` shows all sources.\n\n";
  out += table_of("Cubes", "pipeline.NAME.cube.CUBE.", cube_keys());
  out +=
      "`pipeline.NAME.adapter.ADAPTER.OPTION` gives an adapter an option, `pipeline.NAME.object.OBJECT.adapter.ADAPTER.OPTION` gives it "
      "one\n"
      "for that object alone; `qonduit plugins describe ADAPTER` lists them.\n\n";
  out +=
      "Columns and rows between reading and delivering; `docs/transforms.md` says how they work together. Written `type?.COLUMN`,\n"
      "`dual?.COLUMN`, `mask?.COLUMN` or `null?.COLUMN`, a rule holds where the column is; without the `?` every dataset must have it.\n"
      "`pipeline.NAME.object.OBJECT.RULE`, with an object's id or title, sets a rule for that object alone.\n\n"
      "| Key | Value | Meaning |\n|---|---|---|\n";
  for (const auto& key : transform_keys()) {
    out += "| `pipeline.NAME." + std::string(key.name) + (key.name.ends_with('.') ? "COLUMN" : "") + "` | " + std::string(key.type) +
           " | " + std::string(key.help) + " |\n";
  }
  out += "\n";
  out += table_of("Sinks", "sink.NAME.", sink_keys());
  out += "All other keys of a sink are options of its type; `qonduit plugins describe TYPE` lists them.\n\n";
  out += table_of("The host", "", global_keys());
  out.pop_back();
  return out;
}

}  // namespace qonduit::config
