// The options of the sink, as a user sets them, and their table.
#pragma once

#include <qonduit/options.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace qonduit::csv {

enum class LineEnding : std::uint8_t { crlf, lf };
enum class Quote : std::uint8_t { minimal, text, all };
enum class Formula : std::uint8_t { off, escape, reject };
enum class Compression : std::uint8_t { none, gzip };
enum class OnExists : std::uint8_t { replace, fail };

struct CsvOptions {
  std::string directory;
  std::string file = "{app}/{sheet}/{title}";
  char delimiter = ',';
  bool header = true;
  LineEnding line_ending = LineEnding::crlf;
  bool bom = false;
  std::string null;
  Quote quote = Quote::minimal;
  char decimal = '.';
  std::optional<int> digits;
  std::string date_format = "%Y-%m-%d";
  std::string timestamp_format = "%Y-%m-%dT%H:%M:%S";
  std::string time_format = "%H:%M:%S";
  std::string true_text = "true";
  std::string false_text = "false";
  std::string nan = "NaN";
  Compression compression = Compression::none;
  std::optional<int> compression_level;
  Formula formula = Formula::off;
  OnExists on_exists = OnExists::replace;
  bool allow_empty = false;
  std::string file_mode;
};

inline constexpr auto kOptions = options(
    option("directory", &CsvOptions::directory,
           "The folder below which all files are written, made where the folder it is in exists. A relative one starts where the host was "
           "started: "
           "give services and cron the whole path. Nothing is ever written outside it.")
        .required(),
    option(
        "file", &CsvOptions::file,
        "The file's path below directory; .csv is added where it does not end with it. {pipeline} {app} {sheet} {object} {title} {dataset} "
        "{run} {date} {loop} {loop:NAME} are "
        "replaced, made safe "
        "for paths; "
        "'/' makes folders."),
    option("delimiter", &CsvOptions::delimiter, "Between two fields; \\t is a tab."),
    option("header", &CsvOptions::header, "Write the column names first."),
    option("line-ending", &CsvOptions::line_ending, "crlf is what RFC 4180 says.")
        .values<LineEnding>({{"crlf", LineEnding::crlf}, {"lf", LineEnding::lf}}),
    option("bom", &CsvOptions::bom, "Begin with a UTF-8 byte order mark; old spreadsheets want it."),
    option("null", &CsvOptions::null,
           "What a null is written as, never quoted. A text that equals it is quoted, so that the two stay apart."),
    option("quote", &CsvOptions::quote, "Quote what needs it, all texts, or every field that is not null.")
        .values<Quote>({{"minimal", Quote::minimal}, {"text", Quote::text}, {"all", Quote::all}}),
    option("decimal", &CsvOptions::decimal, "The decimal separator."),
    option("digits", &CsvOptions::digits,
           "Digits behind the decimal separator; when not set, as many as it takes to read the same number back.")
        .range(0, 17),
    option("date-format", &CsvOptions::date_format, "Dates; %Y %m %d %H %M %S %f (milliseconds) and %%."),
    option("timestamp-format", &CsvOptions::timestamp_format,
           "Timestamps, with the same letters. Milliseconds that are not zero are added to %S where %f is not used."),
    option("time-format", &CsvOptions::time_format, "Times of day and intervals; %H counts all hours of an interval."),
    option("true", &CsvOptions::true_text, "What true is written as."),
    option("false", &CsvOptions::false_text, "What false is written as."),
    option("nan", &CsvOptions::nan, "What a number that is none is written as, which looks like no number. Infinities are inf and -inf."),
    option("compression", &CsvOptions::compression, "gzip adds .gz to the file's name.")
        .values<Compression>({{"none", Compression::none}, {"gzip", Compression::gzip}}),
    option("compression-level", &CsvOptions::compression_level, "1 is fastest, 9 smallest; when not set, 6.").range(1, 9),
    option(
        "formula", &CsvOptions::formula,
        "Texts that a spreadsheet would run (beginning with = + - @, tab, CR or LF): leave them, put ' in front, or refuse the delivery.")
        .values<Formula>({{"off", Formula::off}, {"escape", Formula::escape}, {"reject", Formula::reject}}),
    option("on-exists", &CsvOptions::on_exists, "When the file is there already: replace it as a whole, or fail.")
        .values<OnExists>({{"replace", OnExists::replace}, {"fail", OnExists::fail}}),
    option("allow-empty", &CsvOptions::allow_empty,
           "Let a delivery without rows replace a file that has some. Otherwise such a delivery fails, and the file stays."),
    option(
        "file-mode", &CsvOptions::file_mode,
        "Who may read files, in octal: 644. Folders that are made can be entered by whom it lets read. When not set, a file keeps the mode "
        "of the one it replaces, and a new one is 640 less the umask."));

}  // namespace qonduit::csv
