#include "core/config/cube_keys.hpp"

#include <algorithm>
#include <charconv>

#include "core/config/expression_text.hpp"
#include "qonduit/list.hpp"
#include "qonduit/suggestion.hpp"
#include "qonduit/text.hpp"
#include "qonduit/type_words.hpp"

namespace qonduit::config {
namespace {

constexpr std::string_view kMaster = "master:";

constexpr std::pair<std::string_view, FormatType> kFormats[] = {
    {"integer", FormatType::integer}, {"real", FormatType::real}, {"fixed", FormatType::fixed},         {"money", FormatType::money},
    {"date", FormatType::date},       {"time", FormatType::time}, {"timestamp", FormatType::timestamp}, {"interval", FormatType::interval},
};

constexpr std::pair<std::string_view, CubeSort::By> kCriteria[] = {
    {"number", CubeSort::By::number},       {"text", CubeSort::By::text},   {"load order", CubeSort::By::load_order},
    {"frequency", CubeSort::By::frequency}, {"state", CubeSort::By::state},
};

// The words of a table, for messages.
template <typename T, std::size_t Count>
std::vector<std::string_view> words_of(const std::pair<std::string_view, T> (&table)[Count]) {
  std::vector<std::string_view> words;
  for (const auto& [word, value] : table) words.push_back(word);
  return words;
}

template <typename T, std::size_t Count>
bool find_word(const std::pair<std::string_view, T> (&table)[Count], std::string_view text, T& out) {
  for (const auto& [word, value] : table) {
    if (word == text) return out = value, true;
  }
  return false;
}

// A value's problem, without the value where that is secret.
std::string refused(const Value& value, std::string what) {
  if (what.empty() || !value.secret) return what;
  return "the value cannot be understood; it comes from a secret and is not shown";
}

std::string quote(std::string_view text) { return "'" + std::string(text) + "'"; }

std::string parse_format(std::string_view text, NumberFormat& format) {
  const auto blank = text.find(' ');
  const auto word = text.substr(0, blank);
  const auto pattern = blank == std::string_view::npos ? std::string_view() : trimmed(text.substr(blank));
  const auto known = type_word(word);  // int64 is integer, as everywhere
  if (!find_word(kFormats, known.empty() ? word : known, format.type))
    return quote(word) + " is no format" + suggestion(word, words_of(kFormats));
  if (pattern.empty()) return {};
  if (!is_quoted(pattern)) return "the pattern behind 'format' must be in quotes: format money '#,##0.00'";
  format.pattern = unquoted(pattern);
  return {};
}

std::string parse_label(const std::string& text, std::string& label) {
  label = unquoted(text);
  if (label.empty()) return "there is no label behind 'as'";
  return {};
}

// master:NAME, also in quotes as a whole, as a list of objects has it.
bool is_master(std::string_view text) {
  return text.starts_with(kMaster) || (text.starts_with('"') && is_quoted(text) && text.substr(1).starts_with(kMaster));
}

std::string parse_master(std::string_view written, CubeColumn& column) {
  const auto text = written.starts_with('"') ? unquoted(written) : std::string(written);
  column.kind = CubeColumn::Kind::master;
  if (split_at_word(text, "as") || split_at_word(text, "format"))
    return quote(text) + ": a master item brings its own label and format; transforms rename columns";
  column.source = unquoted(trimmed(std::string_view(text).substr(kMaster.size())));
  return column.source.empty() ? quote(text) + " names no master item: write master:NAME" : std::string();
}

template <typename Parse>
std::string parse_columns(const Value& value, std::vector<CubeColumn>& columns, const Parse& parse) {
  if (has_control(value.text)) return "control characters are not allowed here";
  if (auto problem = unclosed(value.text); !problem.empty()) return problem;
  for (const auto& item : split_expressions(value.text)) {
    if (item.empty()) return "an item of the list is empty";
    CubeColumn column;
    if (auto problem = parse(item, column); !problem.empty()) return problem;
    for (const auto& known : columns) {
      if (known.name() == column.name()) return "two columns are called " + quote(column.name()) + "; give one a label: ... as NAME";
    }
    columns.push_back(std::move(column));
  }
  return {};
}

std::string set_dimensions(Cube& cube, const Value& value) {
  cube.dimensions_origin = value.origin;
  return refused(value, parse_columns(value, cube.dimensions, parse_dimension));
}

std::string set_measures(Cube& cube, const Value& value) {
  cube.measures_origin = value.origin;
  return refused(value, parse_columns(value, cube.measures, parse_measure));
}

std::string set_sort(Cube& cube, const Value& value) {
  cube.sort_origin = value.origin;
  if (auto problem = unclosed(value.text); !problem.empty()) return refused(value, std::move(problem));
  cube.sort_text = split_expressions(value.text);
  return std::any_of(cube.sort_text.begin(), cube.sort_text.end(), [](const auto& item) { return item.empty(); })
             ? "an item of the list is empty"
             : std::string();
}

template <auto Member>
std::string set_count(Cube& cube, const Value& value) {
  std::int64_t count = 0;
  const auto* end = value.text.data() + value.text.size();
  const auto [at, error] = std::from_chars(value.text.data(), end, count);
  if (error != std::errc() || at != end || count < 1) return refused(value, quote(value.text) + " is not a whole number above 0");
  cube.*Member = count;
  return {};
}

std::string set_others(Cube& cube, const Value& value) {
  if (value.text != "true" && value.text != "false") return refused(value, quote(value.text) + " is not one of: true, false");
  cube.others = value.text == "true";
  return {};
}

std::string set_suppress(Cube& cube, const Value& value) {
  cube.suppress_zero = cube.suppress_missing = cube.suppress_null = false;
  const auto words = parse_list(value.text);
  if (!words) return refused(value, words.error().message());
  for (const auto& word : *words) {
    if (word == "zero")
      cube.suppress_zero = true;
    else if (word == "missing")
      cube.suppress_missing = true;
    else if (word == "null")
      cube.suppress_null = true;
    else
      return refused(value, quote(word) + " is not one of: zero, missing, null");
  }
  return {};
}

std::string set_state(Cube& cube, const Value& value) {
  if (has_control(value.text)) return "control characters are not allowed here";
  cube.state = value.text;
  cube.state_origin = value.origin;
  return {};
}

std::string set_context(Cube& cube, const Value& value) {
  cube.set = std::string(trimmed(value.text));
  cube.set_origin = value.origin;
  if (auto problem = unclosed(cube.set); !problem.empty()) return refused(value, std::move(problem));
  if (cube.set.size() < 3 || cube.set.front() != '{' || cube.set.back() != '}')
    return refused(value, quote(cube.set) + " is no set expression: write {<Year={2024}>}");
  return {};
}

std::string set_mode(Cube& cube, const Value& value) {
  if (value.text != "straight" && value.text != "pivot") return refused(value, quote(value.text) + " is not one of: straight, pivot");
  cube.pivot = value.text == "pivot";
  return {};
}

std::string set_left(Cube& cube, const Value& value) {
  int count = 0;
  const auto* end = value.text.data() + value.text.size();
  const auto [at, error] = std::from_chars(value.text.data(), end, count);
  if (error != std::errc() || at != end || count < 0 || count > 1000)
    return refused(value, quote(value.text) + " is not a number of dimensions");
  cube.left_dimensions = count;
  return {};
}

// "COLUMN [by WHAT] [asc|desc]", from the end.
std::string parse_sort(const Cube& cube, const std::string& text, CubeSort& sort) {
  std::string_view rest = text;
  for (const auto& [word, descending] : {std::pair{" desc", true}, std::pair{" asc", false}}) {
    if (!rest.ends_with(word)) continue;
    sort.descending = descending;
    rest = trimmed(rest.substr(0, rest.size() - std::string_view(word).size()));
    break;
  }
  std::string column(rest);
  if (const auto parts = split_at_word(rest, "by")) {
    column = parts->left;
    if (parts->right.starts_with('=')) {
      sort.by = CubeSort::By::expression;
      sort.expression = std::string(trimmed(std::string_view(parts->right).substr(1)));
    } else if (!find_word(kCriteria, parts->right, sort.by)) {
      return quote(text) + ": " + quote(parts->right) +
             " is nothing to sort by: write number, text, load order, frequency, state or =EXPRESSION";
    }
  }
  const auto name = unquoted(column);
  std::vector<std::string_view> names;
  for (const auto* columns : {&cube.dimensions, &cube.measures}) {
    for (const auto& known : *columns) names.push_back(known.name());
  }
  const auto found = std::find_if(names.begin(), names.end(), [&](auto known) { return known == name || known == column; });
  if (found == names.end()) return quote(text) + ": the cube has no column " + quote(name) + suggestion(name, names);
  sort.column = static_cast<std::size_t>(found - names.begin());
  const bool measure = sort.column >= cube.dimensions.size();
  if (measure && (sort.by == CubeSort::By::load_order || sort.by == CubeSort::By::frequency || sort.by == CubeSort::By::state))
    return quote(text) + ": a measure has no load order, frequency or state; sort it by number or text";
  return {};
}

}  // namespace

std::string parse_dimension(std::string_view text, CubeColumn& out) {
  if (is_master(text)) return parse_master(text, out);
  std::string source(text);
  if (const auto halves = split_at_word(text, "as")) {
    source = halves->left;
    if (auto problem = parse_label(halves->right, out.label); !problem.empty()) return quote(text) + ": " + problem;
  }
  out.kind = source.starts_with('=') ? CubeColumn::Kind::expression : CubeColumn::Kind::field;
  out.source = out.kind == CubeColumn::Kind::expression ? std::string(trimmed(std::string_view(source).substr(1))) : unquoted(source);
  if (out.source.empty()) return quote(text) + " names no field";
  // Qlik would take it for a field's name, and find none.
  if (out.kind == CubeColumn::Kind::field && !is_quoted(source) && source.find('(') != std::string::npos)
    return quote(text) + " looks like an expression; a calculated dimension begins with '=': =" + source + " (or [" + source +
           "], a field's name)";
  return {};
}

std::string parse_measure(std::string_view text, CubeColumn& out) {
  if (is_master(text)) return parse_master(text, out);
  out.kind = CubeColumn::Kind::expression;
  std::string source(text);
  if (const auto halves = split_at_word(source, "format")) {
    if (auto problem = parse_format(halves->right, out.format); !problem.empty()) return quote(text) + ": " + problem;
    source = halves->left;
  }
  if (const auto halves = split_at_word(source, "as")) {
    if (auto problem = parse_label(halves->right, out.label); !problem.empty()) return quote(text) + ": " + problem;
    source = halves->left;
  }
  out.source = std::string(trimmed(std::string_view(source).substr(source.starts_with('=') ? 1 : 0)));
  return out.source.empty() ? quote(text) + " has no expression" : std::string();
}

std::string understand_sort(Cube& cube) {
  cube.sort.clear();
  for (const auto& text : cube.sort_text) {
    CubeSort sort;
    if (auto problem = parse_sort(cube, text, sort); !problem.empty()) return problem;
    for (const auto& known : cube.sort) {
      if (known.column == sort.column) return "sorts by the column of " + quote(text) + " twice";
    }
    cube.sort.push_back(std::move(sort));
  }
  return {};
}

const std::vector<Key<Cube>>& cube_keys() {
  using C = Cube;
  static const std::vector<Key<C>> keys = {
      {"dimensions", "list of fields", "",
       "Fields, calculated dimensions (=Year([Order Date]) as Year) and master dimensions (master:NAME). [Brackets] where a name has "
       "commas.",
       false, set_dimensions, Form::own},
      {"measures", "list of expressions", "",
       "Sum(Sales) as Revenue format money '#,##0.00'; master:NAME. Formats: integer, real, fixed, money, date, time, timestamp, interval; "
       "the "
       "pattern in quotes, or none.",
       false, set_measures, Form::own},
      {"sort", "list", "",
       "Columns by their label, the most important first: Revenue desc, Region by text. Behind by: number, text, load order, frequency, "
       "state, "
       "=EXPRESSION.",
       false, set_sort, Form::own},
      {"limit", "integer, 1 or more", "", "Read only so many rows, in the order of sort. Straight cubes only.", false,
       set_count<&C::limit>},
      {"top", "integer, 1 or more", "",
       "Keep so many values of the first dimension, those with the largest first measure. The engine ranks.", false, set_count<&C::top>},
      {"others", "true, false", "false", "With top: the values that are left out as one row.", false, set_others},
      {"suppress", "zero, missing, null", "",
       "Leave out rows whose measures are all zero, rows of a missing dimension value, and nulls of every dimension.", false, set_suppress,
       Form::own},
      {"state", "text", "", "The alternate state it is computed in.", false, set_state},
      {"set", "set expression", "", "What the whole cube is limited to: {<Year={2024}>}.", false, set_context, Form::own},
      {"mode", "straight, pivot", "straight", "The form the engine computes it in; a pivot needs an adapter that reads pivots.", false,
       set_mode},
      {"left-dimensions", "integer", "", "Of a pivot: how many dimensions are rows; the others are columns. All when not given.", false,
       set_left},
  };
  return keys;
}

}  // namespace qonduit::config
