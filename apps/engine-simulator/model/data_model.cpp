#include "model/data_model.hpp"

#include <Poco/Exception.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <functional>
#include <future>
#include <numeric>

#include "mixed.hpp"
#include "model/csv.hpp"
#include "model/number_format.hpp"

namespace qonduit::simulator {
namespace {

// What has at most 15 digits, which nearly every cell has, is the quotient of two numbers that a double holds exactly: no slower way of
// reading it is more exact. False for any other text.
bool parse_short(std::string_view text, double& value) {
  static constexpr double kPowers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 15 || text.front() == '.') return false;
  std::int64_t digits = 0;
  std::size_t decimals = 0;
  bool after_point = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digits = digits * 10 + (c - '0');
      decimals += after_point ? 1 : 0;
    } else if (c == '.' && !after_point) {
      after_point = true;
    } else {
      return false;
    }
  }
  value = static_cast<double>(digits) / kPowers[decimals];
  if (negative) value = -value;
  return true;
}

double parse_double(std::string_view cell, const std::string& what) {
  double value = 0;
  if (parse_short(cell, value)) return value;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size())
    throw Poco::DataFormatException("'" + std::string(cell) + "' is not a number in " + what);
  return value;
}

// Reads what has the form of the pattern, where a 0 stands for a digit and anything else for itself; false for any other text.
bool digits_of(std::string_view text, std::string_view pattern, int (&numbers)[3]) {
  if (text.size() != pattern.size()) return false;
  int* number = numbers;
  *number = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (pattern[i] == '0') {
      if (text[i] < '0' || text[i] > '9') return false;
      *number = *number * 10 + (text[i] - '0');
    } else {
      if (text[i] != pattern[i]) return false;
      *++number = 0;
    }
  }
  return true;
}

double serial_of(int hour, int minute, double second) { return (hour * 3600 + minute * 60 + second) / 86400; }

// ISO text to a serial: 2024-05-17, 14:03:22, or both; -01:30:00 is an interval.
double parse_moment(std::string_view text, const std::string& what) {
  if (text.starts_with('-') && text.find('-', 1) == std::string_view::npos) return -parse_moment(text.substr(1), what);
  // What is written in full, which nearly everything is, needs no sscanf.
  int date[3];
  int time[3] = {0, 0, 0};
  if (digits_of(text.substr(0, 10), "0000-00-00", date) &&
      (text.size() == 10 || ((text[10] == ' ' || text[10] == 'T') && digits_of(text.substr(11), "00:00:00", time))))
    return static_cast<double>(day_serial(date[0], date[1], date[2])) + serial_of(time[0], time[1], time[2]);
  if (digits_of(text, "00:00:00", time)) return serial_of(time[0], time[1], time[2]);

  const std::string cell(text);
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  double second = 0;
  if (std::sscanf(cell.c_str(), "%d-%d-%d%*1[ T]%d:%d:%lf", &year, &month, &day, &hour, &minute, &second) >= 3)
    return static_cast<double>(day_serial(year, month, day)) + serial_of(hour, minute, second);
  if (std::sscanf(cell.c_str(), "%d:%d:%lf", &hour, &minute, &second) >= 2) return serial_of(hour, minute, second);
  throw Poco::DataFormatException("'" + cell + "' is not an ISO date or time in " + what);
}

bool is_moment(FieldType type) {
  return type == FieldType::date || type == FieldType::time || type == FieldType::timestamp || type == FieldType::interval;
}

NumFormat format_of(FieldType type, const Locale& locale) {
  switch (type) {
    case FieldType::text: return {};
    case FieldType::integer: return {"I", 0, 1, "###0", locale.decimal, ""};
    case FieldType::real: return {"R", 14, 1, "##############", locale.decimal, locale.thousands};
    case FieldType::money: return {"M", 2, 0, locale.money, locale.decimal, locale.thousands};
    case FieldType::date: return {"D", 0, 0, locale.date, "", ""};
    case FieldType::time: return {"T", 0, 0, locale.time, "", ""};
    case FieldType::timestamp: return {"TS", 0, 0, locale.timestamp, "", ""};
    case FieldType::interval: return {"IV", 0, 0, "h:mm:ss", "", ""};
  }
  return {};
}

// Elements of one field by text or by number, while its table is read. A hash table with open addressing, at least half of it free. A slot
// has the hash beside the element: the field's values, which are far away in memory, are hardly ever looked at in vain.
class Interning {
 public:
  explicit Interning(Field& field) : field_(field) { grow(); }

  Element element(std::string_view cell) {
    if (field_.type == FieldType::text) {
      const auto hash = hash_of(cell);
      Slot& slot = slot_of(hash, [&](Element known) { return field_.symbols[static_cast<std::size_t>(known)].text == cell; });
      return slot.element >= 0 ? slot.element : add(slot, hash, {std::string(cell), kNaN});
    }
    const double number = is_moment(field_.type) ? parse_moment(cell, field_.name) : parse_double(cell, field_.name);
    const auto hash = hash_of(number);
    Slot& slot = slot_of(hash, [](Element) { return true; });  // no two numbers have the same
    return slot.element >= 0 ? slot.element : add(slot, hash, {format_number(number, field_.format), number});
  }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    Element element = -1;
  };

  static std::uint64_t hash_of(std::string_view text) { return std::hash<std::string_view>()(text); }
  // Zeros of both signs are one value.
  static std::uint64_t hash_of(double number) { return mixed(std::bit_cast<std::uint64_t>(number == 0 ? 0.0 : number)); }

  // The slot of the symbol that is the same, or the free one where it belongs.
  template <typename Same>
  Slot& slot_of(std::uint64_t hash, const Same& same) {
    const auto mask = slots_.size() - 1;
    for (auto at = static_cast<std::size_t>(hash) & mask;; at = (at + 1) & mask) {
      Slot& slot = slots_[at];
      if (slot.element < 0 || (slot.hash == hash && same(slot.element))) return slot;
    }
  }

  Element add(Slot& slot, std::uint64_t hash, Symbol symbol) {
    const auto made = static_cast<Element>(field_.symbols.size());
    slot = {hash, made};
    field_.symbols.push_back(std::move(symbol));
    if (field_.symbols.size() * 2 > slots_.size()) grow();
    return made;
  }

  void grow() {
    slots_.assign(std::bit_ceil(std::max<std::size_t>(field_.symbols.size() * 2 + 1, 64)), {});
    for (std::size_t i = 0; i < field_.symbols.size(); ++i) {
      const Symbol& symbol = field_.symbols[i];
      const auto hash = field_.type == FieldType::text ? hash_of(std::string_view(symbol.text)) : hash_of(symbol.number);
      slot_of(hash, [](Element) { return false; }) = {hash, static_cast<Element>(i)};
    }
  }

  Field& field_;
  std::vector<Slot> slots_;
};

// The elements of a column's cells; values that are new are added to the field.
std::vector<Element> elements_of(Field& field, const std::vector<std::string_view>& cells) {
  field.symbols.reserve(field.symbols.size() + cells.size());  // of what is not used no page is ever touched
  Interning interning(field);
  std::vector<Element> elements;
  elements.reserve(cells.size());
  for (const auto cell : cells) {
    elements.push_back(cell.empty() ? kNullElement : interning.element(cell));
    field.has_null = field.has_null || cell.empty();
  }
  return elements;
}

// Tables with fewer rows are read sooner than threads are started.
constexpr std::size_t kRowsForThreads = 5000;

}  // namespace

Element Field::find(std::string_view text) const {
  const auto found = std::find_if(symbols.begin(), symbols.end(), [&](const Symbol& symbol) { return symbol.text == text; });
  return found == symbols.end() ? -1 : static_cast<Element>(found - symbols.begin());
}

Element Field::find(double number) const {
  const auto found = std::find_if(symbols.begin(), symbols.end(), [&](const Symbol& symbol) { return symbol.number == number; });
  return found == symbols.end() ? -1 : static_cast<Element>(found - symbols.begin());
}

const std::vector<Element>* Table::column(int field) const {
  const auto found = std::find(fields.begin(), fields.end(), field);
  return found == fields.end() ? nullptr : &columns[static_cast<std::size_t>(found - fields.begin())];
}

int DataModel::find_field(const std::string& name) const {
  const auto found = std::find_if(fields_.begin(), fields_.end(), [&](const Field& field) { return field.name == name; });
  return found == fields_.end() ? -1 : static_cast<int>(found - fields_.begin());
}

int DataModel::add_field(const std::string& name, FieldType type) {
  if (const int known = find_field(name); known >= 0) return known;
  fields_.push_back({name, type, format_of(type, locale_), {}, {}, false});
  return static_cast<int>(fields_.size() - 1);
}

void DataModel::load(const std::string& table, std::string_view csv, const std::vector<std::pair<std::string, FieldType>>& columns) {
  CsvReader reader(csv);
  std::vector<std::string_view> row;
  if (!reader.next(row)) throw Poco::DataFormatException("table " + table + " has no header row");
  Table made;
  made.name = table;
  std::vector<std::size_t> sources;
  for (const auto& [name, type] : columns) {
    const auto at = std::find(row.begin(), row.end(), name);
    if (at == row.end()) throw Poco::DataFormatException("table " + table + " has no column " + name);
    sources.push_back(static_cast<std::size_t>(at - row.begin()));
    const int field = add_field(name, type);
    if (std::find(made.fields.begin(), made.fields.end(), field) != made.fields.end())
      throw Poco::DataFormatException("table " + table + " names column " + name + " twice");
    made.fields.push_back(field);
  }
  std::vector<std::vector<std::string_view>> cells(sources.size());
  for (auto& column : cells) column.reserve(static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')));
  while (reader.next(row)) {
    if (row.size() == 1 && row[0].empty()) continue;
    for (std::size_t i = 0; i < sources.size(); ++i) cells[i].push_back(sources[i] < row.size() ? row[sources[i]] : std::string_view());
    ++made.rows;
  }
  // No two columns share a field, so the threads do not share data.
  std::vector<std::future<std::vector<Element>>> read;
  for (std::size_t i = 0; i < made.fields.size(); ++i) {
    Field& field = fields_[static_cast<std::size_t>(made.fields[i])];
    field.tables.push_back(tables_.size());
    read.push_back(std::async(made.rows < kRowsForThreads ? std::launch::deferred : std::launch::async, elements_of, std::ref(field),
                              std::cref(cells[i])));
  }
  for (auto& column : read) made.columns.push_back(column.get());
  tables_.push_back(std::move(made));
}

void DataModel::link() {
  keys_.clear();
  // Fields that the same tables share make one key.
  std::map<std::vector<std::size_t>, std::vector<int>> shared;
  for (std::size_t i = 0; i < fields_.size(); ++i)
    if (fields_[i].tables.size() > 1) shared[fields_[i].tables].push_back(static_cast<int>(i));
  for (auto& [tables, fields] : shared) keys_.push_back(make_key(fields));
  refuse_circles();
}

Key DataModel::make_key(std::vector<int> fields) const {
  Key key;
  // A number for each value, in the order in which rows have them first: by element where the key has one field.
  std::vector<std::int32_t> by_element(fields.size() == 1 ? field(fields.front()).symbols.size() : 0, -1);
  std::map<std::vector<Element>, std::int32_t> by_elements;
  const auto number = [&](std::int32_t& known) { return known < 0 ? known = static_cast<std::int32_t>(key.values++) : known; };
  for (const auto table_index : field(fields.front()).tables) {
    const Table& table = tables_[table_index];
    Key::Side side;
    side.table = table_index;
    side.value_of_row.reserve(table.rows);
    std::vector<const std::vector<Element>*> columns;
    for (const int index : fields) columns.push_back(table.column(index));
    std::vector<Element> value(columns.size());
    for (std::size_t row = 0; row < table.rows; ++row) {
      for (std::size_t i = 0; i < columns.size(); ++i) value[i] = (*columns[i])[row];
      if (std::find(value.begin(), value.end(), kNullElement) != value.end())
        side.value_of_row.push_back(-1);
      else if (value.size() == 1)
        side.value_of_row.push_back(number(by_element[static_cast<std::size_t>(value.front())]));
      else
        side.value_of_row.push_back(number(by_elements.try_emplace(value, -1).first->second));
    }
    key.sides.push_back(std::move(side));
  }
  for (auto& side : key.sides) {
    side.begin.assign(key.values + 1, 0);
    for (const auto value : side.value_of_row)
      if (value >= 0) ++side.begin[static_cast<std::size_t>(value) + 1];
    side.unique = std::all_of(side.begin.begin(), side.begin.end(), [](std::uint32_t count) { return count < 2; });
    std::partial_sum(side.begin.begin(), side.begin.end(), side.begin.begin());
    side.rows.resize(side.begin.back());
    auto next = side.begin;
    for (std::size_t row = 0; row < side.value_of_row.size(); ++row)
      if (const auto value = side.value_of_row[row]; value >= 0)
        side.rows[next[static_cast<std::size_t>(value)]++] = static_cast<std::uint32_t>(row);
  }
  key.fields = std::move(fields);
  return key;
}

// Tables and keys are the nodes of a graph that must be a forest: each way from a value to another is the only one.
void DataModel::refuse_circles() const {
  std::vector<std::size_t> group(tables_.size());
  std::iota(group.begin(), group.end(), 0);
  for (const auto& key : keys_) {
    for (std::size_t i = 1; i < key.sides.size(); ++i) {
      const auto left = group[key.sides[0].table];
      const auto right = group[key.sides[i].table];
      if (left == right)
        throw Poco::DataFormatException("the tables form a circle through field " + field(key.fields.front()).name +
                                        "; rename it in one of them");
      std::replace(group.begin(), group.end(), right, left);
    }
  }
}

DataModel DataModel::reduced(const RecordSet& to) const {
  DataModel made(locale_);
  made.fields_ = fields_;
  made.tables_ = tables_;
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    Table& table = made.tables_[t];
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      table.columns[c].clear();
      for (std::size_t row = 0; row < table.rows; ++row)
        if (to.rows[t][row] != 0) table.columns[c].push_back(tables_[t].columns[c][row]);
    }
    table.rows = static_cast<std::size_t>(std::count(to.rows[t].begin(), to.rows[t].end(), char{1}));
  }
  for (std::size_t f = 0; f < made.fields_.size(); ++f) {
    Field& field = made.fields_[f];
    std::vector<Element> renumbered(field.symbols.size(), -1);
    std::vector<Symbol> kept;
    field.has_null = false;
    for (const auto t : field.tables) {
      Table& table = made.tables_[t];
      auto& column = table.columns[static_cast<std::size_t>(std::find(table.fields.begin(), table.fields.end(), static_cast<int>(f)) -
                                                            table.fields.begin())];
      for (auto& element : column) {
        if (element == kNullElement) {
          field.has_null = true;
          continue;
        }
        auto& number = renumbered[static_cast<std::size_t>(element)];
        if (number < 0) {
          number = static_cast<Element>(kept.size());
          kept.push_back(field.symbols[static_cast<std::size_t>(element)]);
        }
        element = number;
      }
    }
    field.symbols = std::move(kept);
  }
  made.link();
  return made;
}

namespace {

// Reported: the engine takes numbers for moments only where none is before 1980.
bool is_recent(const Field& field) {
  constexpr double k1980 = 29221;
  return std::all_of(field.symbols.begin(), field.symbols.end(), [&](const Symbol& symbol) { return !(symbol.number < k1980); });
}

}  // namespace

NumFormat dimension_format(const Field& field) {
  const bool moment = field.type == FieldType::date || field.type == FieldType::timestamp;
  return moment && !is_recent(field) ? NumFormat{} : field.format;
}

std::vector<std::string> tags_of(const Field& field) {
  std::vector<std::string> tags;
  if (field.tables.size() > 1) tags.emplace_back("$key");
  switch (field.type) {
    case FieldType::text: {
      const bool ascii = std::all_of(field.symbols.begin(), field.symbols.end(), [](const Symbol& symbol) {
        return std::all_of(symbol.text.begin(), symbol.text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
      });
      if (ascii) tags.emplace_back("$ascii");
      tags.emplace_back("$text");
      return tags;
    }
    case FieldType::integer: tags.insert(tags.end(), {"$numeric", "$integer"}); return tags;
    case FieldType::date: tags.insert(tags.end(), {"$numeric", "$integer"}); break;
    case FieldType::timestamp: tags.emplace_back("$numeric"); break;
    default: tags.emplace_back("$numeric"); return tags;
  }
  const bool recent = is_recent(field);
  if (recent) tags.emplace_back("$timestamp");
  if (recent && field.type == FieldType::date) tags.emplace_back("$date");
  return tags;
}

}  // namespace qonduit::simulator
