// The tables of a data app, held as Qlik holds them: every field has its list of distinct values (symbols, numbered in load order), rows
// hold symbol numbers. SQLite keeps the rows and does the grouping; tables are associated by fields of the same name.
// Used by one thread at a time (the app's lock).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "cube/layout.hpp"
#include "expression/expression.hpp"
#include "json.hpp"

struct sqlite3;

namespace qonduit::simulator {

// How the app writes numbers and dates; its script's SET lines.
struct Locale {
  std::string decimal = ".";
  std::string thousands = ",";
  std::string date = "M/D/YYYY";
  std::string time = "h:mm:ss TT";
  std::string timestamp = "M/D/YYYY h:mm:ss[.fff] TT";
  std::string money = "$#,##0.00;($#,##0.00)";
};

enum class FieldType { text, integer, real, money, date, time, timestamp, interval };

struct Field {
  struct Symbol {
    std::string text;
    double number = kNaN;
  };
  std::string name;
  FieldType type = FieldType::text;
  NumFormat format;
  std::vector<Symbol> symbols;                           // by element number
  std::unordered_map<std::string, std::int64_t> lookup;  // from the text of the file
  std::vector<int> tables;
  bool has_null = false;
};

// A dimension of a query: a field, and which elements keep their own group (the rest is Others, element -3).
struct GroupBy {
  int field = -1;  // -1: no such field, always null
  bool others = false;
  std::vector<std::int64_t> kept;
};

inline constexpr std::int64_t kNullElement = -2;
inline constexpr std::int64_t kOthersElement = -3;

using GroupKey = std::vector<std::int64_t>;
// One value per requested aggregation, by group.
using Groups = std::map<GroupKey, std::vector<Value>>;

class DataModel {
 public:
  explicit DataModel(Locale locale);
  ~DataModel();
  DataModel(const DataModel&) = delete;
  DataModel& operator=(const DataModel&) = delete;

  // Columns of the CSV text (first row: names) that the list names, as those types; others are left out. Throws Poco::Exception.
  void load(const std::string& table, const std::string& csv, const std::vector<std::pair<std::string, FieldType>>& columns);

  [[nodiscard]] const Locale& locale() const { return locale_; }
  [[nodiscard]] int find_field(const std::string& name) const;  // -1 when there is none
  [[nodiscard]] const Field& field(int index) const { return fields_[static_cast<std::size_t>(index)]; }

  // Groups that exist for these dimensions, with the aggregations' values in each. Aggregations over no rows: Sum and Count 0, others null.
  [[nodiscard]] Groups query(const std::vector<GroupBy>& dimensions, const std::vector<const Expression*>& aggregates);
  // An expression over all data.
  [[nodiscard]] Value evaluate_total(const Expression& expression);

  [[nodiscard]] JsonObject tables_and_keys() const;
  // One row of the first table goes: what --change-after does to a data app.
  void remove_last_row();

 private:
  struct Table {
    std::string name;
    std::vector<int> fields;
    std::int64_t rows = 0;
  };

  int add_field(const std::string& name, FieldType type);
  [[nodiscard]] std::int64_t element(Field& field, const std::string& cell);
  [[nodiscard]] std::string join(std::vector<int> tables) const;
  [[nodiscard]] std::string row_sql(const Expression& expression, std::vector<int>& tables) const;
  [[nodiscard]] int source_table(int field, const std::vector<int>& tables) const;
  void query_group(const std::vector<GroupBy>& dimensions, const std::vector<const Expression*>& aggregates,
                   const std::vector<std::size_t>& positions, std::vector<int> sources, std::size_t total, Groups& into);
  void execute(const std::string& sql);

  Locale locale_;
  sqlite3* database_ = nullptr;
  std::vector<Field> fields_;
  std::vector<Table> tables_;
};

}  // namespace qonduit::simulator
