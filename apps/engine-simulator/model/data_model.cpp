#include "model/data_model.hpp"

#include <Poco/Exception.h>
#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <set>

#include "model/csv.hpp"
#include "model/number_format.hpp"

namespace qonduit::simulator {
namespace {

class Statement {
 public:
  Statement(sqlite3* database, const std::string& sql) : database_(database) {
    if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement_, nullptr) != SQLITE_OK)
      throw Poco::DataException(std::string(sqlite3_errmsg(database)) + " in: " + sql);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  bool step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) throw Poco::DataException(sqlite3_errmsg(database_));
    return false;
  }
  [[nodiscard]] sqlite3_stmt* get() const { return statement_; }

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
};

std::string column(const char* prefix, int index) { return prefix + std::to_string(index); }

std::string sql_text(const std::string& text) {
  std::string made = "'";
  for (const char c : text) {
    made += c;
    if (c == '\'') made += c;
  }
  return made + "'";
}

double parse_double(const std::string& cell, const std::string& what) {
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size())
    throw Poco::DataFormatException("'" + cell + "' is not a number in " + what);
  return value;
}

// ISO text to a serial: 2024-05-17, 14:03:22, or both.
double parse_moment(const std::string& cell, const std::string& what) {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  double second = 0;
  if (std::sscanf(cell.c_str(), "%d-%d-%d%*1[ T]%d:%d:%lf", &year, &month, &day, &hour, &minute, &second) >= 3) {
    return static_cast<double>(day_serial(year, month, day)) + (hour * 3600 + minute * 60 + second) / 86400;
  }
  if (std::sscanf(cell.c_str(), "%d:%d:%lf", &hour, &minute, &second) >= 2) return (hour * 3600 + minute * 60 + second) / 86400;
  throw Poco::DataFormatException("'" + cell + "' is not an ISO date or time in " + what);
}

bool is_moment(FieldType type) {
  return type == FieldType::date || type == FieldType::time || type == FieldType::timestamp || type == FieldType::interval;
}

}  // namespace

DataModel::DataModel(Locale locale) : locale_(std::move(locale)) {
  if (sqlite3_open(":memory:", &database_) != SQLITE_OK) throw Poco::DataException("cannot open a database in memory");
}

DataModel::~DataModel() { sqlite3_close(database_); }

void DataModel::execute(const std::string& sql) { Statement(database_, sql).step(); }

int DataModel::find_field(const std::string& name) const {
  for (std::size_t i = 0; i < fields_.size(); ++i)
    if (fields_[i].name == name) return static_cast<int>(i);
  return -1;
}

int DataModel::add_field(const std::string& name, FieldType type) {
  if (const int known = find_field(name); known >= 0) return known;
  Field made;
  made.name = name;
  made.type = type;
  switch (type) {
    case FieldType::text: break;
    case FieldType::integer: made.format = {"I", 0, 1, "###0", locale_.decimal, ""}; break;
    case FieldType::real: made.format = {"R", 14, 1, "##############", locale_.decimal, locale_.thousands}; break;
    case FieldType::money: made.format = {"M", 2, 0, locale_.money, locale_.decimal, locale_.thousands}; break;
    case FieldType::date: made.format = {"D", 0, 0, locale_.date, "", ""}; break;
    case FieldType::time: made.format = {"T", 0, 0, locale_.time, "", ""}; break;
    case FieldType::timestamp: made.format = {"TS", 0, 0, locale_.timestamp, "", ""}; break;
    case FieldType::interval: made.format = {"IV", 0, 0, "h:mm:ss", "", ""}; break;
  }
  fields_.push_back(std::move(made));
  execute("CREATE TABLE " + column("s_", static_cast<int>(fields_.size() - 1)) + "(e INTEGER PRIMARY KEY, t TEXT)");
  return static_cast<int>(fields_.size() - 1);
}

std::int64_t DataModel::element(Field& field, const std::string& cell) {
  if (const auto found = field.lookup.find(cell); found != field.lookup.end()) return found->second;
  Field::Symbol symbol;
  if (field.type == FieldType::text) {
    symbol.text = cell;
  } else {
    symbol.number = is_moment(field.type) ? parse_moment(cell, field.name) : parse_double(cell, field.name);
    symbol.text = format_number(symbol.number, field.format);
  }
  field.symbols.push_back(symbol);
  const auto made = static_cast<std::int64_t>(field.symbols.size()) - 1;
  field.lookup[cell] = made;
  return made;
}

void DataModel::load(const std::string& table, const std::string& csv, const std::vector<std::pair<std::string, FieldType>>& columns) {
  CsvReader reader(csv);
  std::vector<std::string> row;
  if (!reader.next(row)) throw Poco::DataFormatException("table " + table + " has no header row");
  const int number = static_cast<int>(tables_.size());
  Table made;
  made.name = table;
  std::vector<std::size_t> sources;
  std::string definition;
  std::string marks;
  for (const auto& [name, type] : columns) {
    const auto at = std::find(row.begin(), row.end(), name);
    if (at == row.end()) throw Poco::DataFormatException("table " + table + " has no column " + name);
    sources.push_back(static_cast<std::size_t>(at - row.begin()));
    const int index = add_field(name, type);
    made.fields.push_back(index);
    fields_[static_cast<std::size_t>(index)].tables.push_back(number);
    definition += (definition.empty() ? "" : ",") + column("f_", index) + " INTEGER," + column("n_", index) + " REAL";
    marks += marks.empty() ? "?,?" : ",?,?";
  }
  execute("CREATE TABLE " + column("t_", number) + "(" + definition + ")");
  execute("BEGIN");
  {
    Statement insert(database_, "INSERT INTO " + column("t_", number) + " VALUES(" + marks + ")");
    while (reader.next(row)) {
      if (row.size() == 1 && row[0].empty()) continue;
      for (std::size_t i = 0; i < sources.size(); ++i) {
        Field& field = fields_[static_cast<std::size_t>(made.fields[i])];
        const int at = static_cast<int>(i) * 2 + 1;
        if (sources[i] >= row.size() || row[sources[i]].empty()) {
          field.has_null = true;
          sqlite3_bind_null(insert.get(), at);
          sqlite3_bind_null(insert.get(), at + 1);
          continue;
        }
        const std::int64_t symbol = element(field, row[sources[i]]);
        sqlite3_bind_int64(insert.get(), at, symbol);
        sqlite3_bind_double(insert.get(), at + 1, field.symbols[static_cast<std::size_t>(symbol)].number);  // NaN becomes NULL
      }
      insert.step();
      sqlite3_reset(insert.get());
      ++made.rows;
    }
  }
  for (const int index : made.fields) {
    const Field& field = fields_[static_cast<std::size_t>(index)];
    if (field.type != FieldType::text) continue;
    Statement insert(database_, "INSERT OR IGNORE INTO " + column("s_", index) + " VALUES(?,?)");
    for (std::size_t e = 0; e < field.symbols.size(); ++e) {
      sqlite3_bind_int64(insert.get(), 1, static_cast<std::int64_t>(e));
      sqlite3_bind_text(insert.get(), 2, field.symbols[e].text.data(), static_cast<int>(field.symbols[e].text.size()), SQLITE_TRANSIENT);
      insert.step();
      sqlite3_reset(insert.get());
    }
  }
  execute("COMMIT");
  for (const int index : made.fields)  // a field of two tables is a key
    for (const int other : fields_[static_cast<std::size_t>(index)].tables)
      if (fields_[static_cast<std::size_t>(index)].tables.size() > 1)
        execute("CREATE INDEX IF NOT EXISTS i_" + std::to_string(other) + "_" + std::to_string(index) + " ON " + column("t_", other) + "(" +
                column("f_", index) + ")");
  tables_.push_back(std::move(made));
}

std::string DataModel::join(std::vector<int> tables) const {
  const auto linked = [&](int left, int right, std::vector<int>* shared) {
    for (const int field : tables_[static_cast<std::size_t>(left)].fields) {
      const auto& in = fields_[static_cast<std::size_t>(field)].tables;
      if (std::find(in.begin(), in.end(), right) == in.end()) continue;
      if (shared == nullptr) return true;
      if (std::find(shared->begin(), shared->end(), field) == shared->end()) shared->push_back(field);
    }
    return shared != nullptr && !shared->empty();
  };
  // Tables in between join too: walk from the first table to each other one and keep the way.
  std::set<int> needed(tables.begin(), tables.end());
  const int start = tables.front();
  std::vector<int> from(tables_.size(), -1);
  std::vector<int> order{start};
  from[static_cast<std::size_t>(start)] = start;
  for (std::size_t i = 0; i < order.size(); ++i)
    for (int next = 0; next < static_cast<int>(tables_.size()); ++next)
      if (from[static_cast<std::size_t>(next)] < 0 && linked(order[i], next, nullptr)) {
        from[static_cast<std::size_t>(next)] = order[i];
        order.push_back(next);
      }
  for (const int table : tables)
    for (int at = table; from[static_cast<std::size_t>(at)] >= 0 && at != start; at = from[static_cast<std::size_t>(at)]) needed.insert(at);

  std::string sql = column("t_", start);
  std::vector<int> joined{start};
  for (const int table : order) {
    if (table == start || !needed.contains(table)) continue;
    std::vector<int> shared;
    for (const int left : joined) (void)linked(left, table, &shared);
    std::string names;
    for (const int field : shared) names += (names.empty() ? "" : ",") + column("f_", field);
    sql += " FULL JOIN " + column("t_", table) + " USING(" + names + ")";
    joined.push_back(table);
  }
  for (const int table : needed)  // tables without a link: every combination
    if (from[static_cast<std::size_t>(table)] < 0) sql += " CROSS JOIN " + column("t_", table);
  return sql;
}

int DataModel::source_table(int field, const std::vector<int>& tables) const {
  const auto& in = fields_[static_cast<std::size_t>(field)].tables;
  for (const int table : in)
    if (std::find(tables.begin(), tables.end(), table) != tables.end()) return table;
  return in.front();
}

std::string DataModel::row_sql(const Expression& expression, std::vector<int>& tables) const {
  const auto part = [&](std::size_t index) { return row_sql(*expression.parts[index], tables); };
  switch (expression.kind) {
    case Expression::Kind::number: {
      std::string digits;
      append_number(digits, expression.number);
      return digits.find_first_of(".e") == std::string::npos ? digits + ".0" : digits;
    }
    case Expression::Kind::text: return sql_text(expression.text);
    case Expression::Kind::unary: return "(-" + part(0) + ")";
    case Expression::Kind::condition: {
      const std::string otherwise = expression.parts.size() > 2 ? part(2) : "NULL";
      return "(CASE WHEN " + part(0) + " THEN " + part(1) + " ELSE " + otherwise + " END)";
    }
    case Expression::Kind::binary: {
      const std::string& operation = expression.text;
      if (operation == "&") return "(" + part(0) + "||" + part(1) + ")";
      const bool arithmetic = operation.size() == 1 && std::string("+-*/").find(operation) != std::string::npos;
      return std::string(arithmetic ? "(" : "(-(") + part(0) + operation + part(1) + (arithmetic ? ")" : "))");
    }
    case Expression::Kind::field: {
      const int field = find_field(expression.text);
      if (field < 0) return "NULL";
      const int table = source_table(field, tables);
      if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(table);
      if (fields_[static_cast<std::size_t>(field)].type != FieldType::text) return column("t_", table) + "." + column("n_", field);
      return "(SELECT t FROM " + column("s_", field) + " WHERE e=" + column("t_", table) + "." + column("f_", field) + ")";
    }
    case Expression::Kind::aggregate: break;
  }
  return "NULL";
}

namespace {

const Expression& argument(const Expression& aggregate) {
  return aggregate.kind == Expression::Kind::field ? aggregate : *aggregate.parts[0];
}

std::string function_of(const Expression& aggregate) { return aggregate.kind == Expression::Kind::field ? "only" : aggregate.text; }

Value empty_value(const Expression& aggregate) {
  Value value;
  const std::string function = function_of(aggregate);
  if (function == "sum" || function == "count") value.number = 0;
  return value;
}

// Only() and Count() of a bare field work on its elements, so that texts count too and a dual comes back whole.
bool by_element(const Expression& aggregate) {
  const std::string function = function_of(aggregate);
  return (function == "only" || function == "count") && argument(aggregate).kind == Expression::Kind::field;
}

}  // namespace

Groups DataModel::query(const std::vector<GroupBy>& dimensions, const std::vector<const Expression*>& aggregates) {
  Groups groups;
  std::map<std::vector<int>, std::vector<std::size_t>> by_source;
  for (std::size_t i = 0; i < aggregates.size(); ++i) {
    std::vector<int> tables;
    (void)row_sql(argument(*aggregates[i]), tables);
    std::sort(tables.begin(), tables.end());
    if (!tables.empty()) by_source[tables].push_back(i);
  }
  if (by_source.empty() && !dimensions.empty()) query_group(dimensions, aggregates, {}, {}, aggregates.size(), groups);
  for (const auto& [sources, positions] : by_source) query_group(dimensions, aggregates, positions, sources, aggregates.size(), groups);
  if (dimensions.empty()) groups.try_emplace({});
  for (auto& [key, values] : groups) {
    const std::size_t given = values.size();
    values.resize(aggregates.size());
    for (std::size_t i = given; i < values.size(); ++i) values[i] = empty_value(*aggregates[i]);
  }
  return groups;
}

void DataModel::query_group(const std::vector<GroupBy>& dimensions, const std::vector<const Expression*>& aggregates,
                            const std::vector<std::size_t>& positions, std::vector<int> sources, std::size_t total, Groups& into) {
  std::vector<int> tables = sources;
  std::string keys;
  std::string key_names;
  std::string all_null;
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    const GroupBy& by = dimensions[i];
    std::string expression = "NULL";
    if (by.field >= 0) {
      // All tables of the field: a key's values exist in a group even where only one of its tables has them.
      for (const int table : field(by.field).tables)
        if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(table);
      const std::string element = column("f_", by.field);
      expression = element;
      if (by.others) {
        std::string kept;
        for (const auto e : by.kept) kept += (kept.empty() ? "" : ",") + std::to_string(e);
        expression = "CASE WHEN " + element + " IS NULL OR " + element + " IN (" + kept + ") THEN " + element + " ELSE -3 END";
      }
    }
    keys += (i > 0 ? "," : "") + expression + " AS " + column("d", static_cast<int>(i));
    key_names += (i > 0 ? "," : "") + column("d", static_cast<int>(i));
    all_null += column("d", static_cast<int>(i)) + " IS NULL AND ";
  }
  if (tables.empty()) {  // only unknown fields: one group of nulls
    into.try_emplace(GroupKey(dimensions.size(), kNullElement));
    return;
  }
  std::string inner = keys;
  std::string outer = key_names;
  for (const int table : sources) {
    inner += (inner.empty() ? "" : ",") + column("t_", table) + ".rowid AS " + column("r", table);
    all_null += column("r", table) + " IS NULL AND ";
  }
  for (const std::size_t position : positions) {
    const Expression& aggregate = *aggregates[position];
    const std::string name = column("x", static_cast<int>(position));
    std::string row = row_sql(argument(aggregate), sources);
    if (by_element(aggregate)) {
      const int field = find_field(argument(aggregate).text);
      row = column("t_", source_table(field, sources)) + "." + column("f_", field);
    }
    inner += (inner.empty() ? "" : ",") + row + " AS " + name;
    const std::string function = function_of(aggregate);
    const std::string what = (aggregate.distinct ? "DISTINCT " : "") + name;
    std::string sql = function + "(" + what + ")";
    if (function == "only") sql = "CASE WHEN count(DISTINCT " + name + ")=1 THEN min(" + name + ") END";
    outer += (outer.empty() ? "" : ",") + sql;
  }
  const bool joined = tables.size() > 1;
  std::string sql =
      "SELECT " + outer + " FROM (SELECT " + (joined || positions.empty() ? "DISTINCT " : "") + inner + " FROM " + join(tables) + ")";
  // What a full join leaves of tables in between is not a group.
  if (joined && !positions.empty()) sql += " WHERE NOT (" + all_null.substr(0, all_null.size() - 5) + ")";
  if (!dimensions.empty()) sql += " GROUP BY " + key_names;

  Statement select(database_, sql);
  while (select.step()) {
    GroupKey key;
    int at = 0;
    for (; at < static_cast<int>(dimensions.size()); ++at)
      key.push_back(sqlite3_column_type(select.get(), at) == SQLITE_NULL ? kNullElement : sqlite3_column_int64(select.get(), at));
    auto& values = into[key];
    while (values.size() < total) values.push_back(empty_value(*aggregates[values.size()]));
    for (const std::size_t position : positions) {
      const int type = sqlite3_column_type(select.get(), at);
      Value value;
      if (type == SQLITE_TEXT) {
        value.text = reinterpret_cast<const char*>(sqlite3_column_text(select.get(), at));
        value.has_text = true;
      } else if (type != SQLITE_NULL) {
        value.number = sqlite3_column_double(select.get(), at);
        if (by_element(*aggregates[position]) && function_of(*aggregates[position]) == "only") {
          const auto& symbol = field(find_field(argument(*aggregates[position]).text)).symbols[static_cast<std::size_t>(value.number)];
          value = {symbol.number, symbol.text, true};
        }
      } else {
        value = empty_value(*aggregates[position]);
      }
      values[position] = std::move(value);
      ++at;
    }
  }
}

Value DataModel::evaluate_total(const Expression& expression) {
  std::vector<const Expression*> aggregates;
  collect_aggregates(expression, aggregates);
  const Groups groups = query({}, aggregates);
  const auto& values = groups.at({});
  return evaluate(expression, [&](const Expression& wanted) {
    return values[static_cast<std::size_t>(std::find(aggregates.begin(), aggregates.end(), &wanted) - aggregates.begin())];
  });
}

JsonObject DataModel::tables_and_keys() const {
  JsonArray tables = array();
  for (const auto& table : tables_) {
    JsonArray fields = array();
    for (const int index : table.fields) {
      const Field& known = field(index);
      JsonObject record = object({{"qName", known.name}, {"qOriginalFields", array({known.name})}, {"qPresent", true}});
      if (known.has_null) record->set("qHasNull", true);
      record->set("qInformationDensity", 1);
      record->set("qnRows", table.rows);
      record->set("qnTotalDistinctValues", static_cast<std::int64_t>(known.symbols.size()));
      record->set("qnPresentDistinctValues", static_cast<std::int64_t>(known.symbols.size()));
      record->set("qKeyType", known.tables.size() > 1 ? "ANY_KEY" : "NOT_KEY");
      record->set("qTags", array());
      fields->add(record);
    }
    tables->add(object({{"qName", table.name}, {"qNoOfRows", table.rows}, {"qFields", fields}}));
  }
  JsonArray keys = array();
  for (const auto& known : fields_) {
    if (known.tables.size() < 2) continue;
    JsonArray names = array();
    for (const int table : known.tables) names->add(tables_[static_cast<std::size_t>(table)].name);
    keys->add(object({{"qKeyFields", array({known.name})}, {"qTables", names}}));
  }
  return object({{"qtr", tables}, {"qk", keys}});
}

void DataModel::remove_last_row() {
  if (tables_.empty()) return;
  execute("DELETE FROM t_0 WHERE rowid=(SELECT max(rowid) FROM t_0)");
  if (tables_[0].rows > 0) --tables_[0].rows;
}

}  // namespace qonduit::simulator
