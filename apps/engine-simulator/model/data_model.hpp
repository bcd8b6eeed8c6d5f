// The tables of a data app, held as Qlik holds them: every field has its list of distinct values (symbols, numbered in load order), rows
// hold symbol numbers, tables are associated by the fields they share. Made by loading, then read by any number of threads.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/locale.hpp"

namespace qonduit::simulator {

// Element numbers as they cross the wire; real values count from 0.
using Element = std::int32_t;
inline constexpr Element kTotalElement = -1;
inline constexpr Element kNullElement = -2;
inline constexpr Element kOthersElement = -3;
inline constexpr Element kEmptyElement = -4;

struct Symbol {
  std::string text;
  double number = kNaN;
};

struct Field {
  std::string name;
  FieldType type = FieldType::text;
  NumFormat format;
  std::vector<Symbol> symbols;      // by element number
  std::vector<std::size_t> tables;  // in load order
  bool has_null = false;

  // The symbol whose text is this, and the first whose number is; -1 when there is none.
  [[nodiscard]] Element find(std::string_view text) const;
  [[nodiscard]] Element find(double number) const;
};

struct Table {
  std::string name;
  std::vector<int> fields;
  std::vector<std::vector<Element>> columns;  // as fields
  std::size_t rows = 0;

  // The column of a field, or null.
  [[nodiscard]] const std::vector<Element>* column(int field) const;
};

// What ties tables together: the fields (several: a synthetic key) that exactly these tables share.
struct Key {
  struct Side {
    std::size_t table = 0;
    std::vector<std::int32_t> value_of_row;  // a number per distinct value of the key; -1 where a field is null
    std::vector<std::uint32_t> begin;        // rows of value v: rows[begin[v]] … rows[begin[v + 1]]
    std::vector<std::uint32_t> rows;
    bool unique = true;  // no value has two rows
  };
  std::vector<int> fields;
  std::vector<Side> sides;
  std::size_t values = 0;
};

// Which rows of each table are in play.
struct RecordSet {
  std::vector<std::vector<char>> rows;  // by table, by row
};

class DataModel {
 public:
  explicit DataModel(Locale locale) : locale_(std::move(locale)) {}

  // Columns of the CSV text (first row: names) that the list names, as those types; others are left out. Throws Poco::Exception.
  void load(const std::string& table, std::string_view csv, const std::vector<std::pair<std::string, FieldType>>& columns);
  // After the last table. Throws Poco::Exception when tables form a circle.
  void link();

  // The same model with some of its rows; values that no row has any more are gone, as they are after a reduction by section access.
  [[nodiscard]] DataModel reduced(const RecordSet& to) const;

  [[nodiscard]] const Locale& locale() const { return locale_; }
  [[nodiscard]] int find_field(const std::string& name) const;  // -1 when there is none
  [[nodiscard]] const Field& field(int index) const { return fields_[static_cast<std::size_t>(index)]; }
  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }
  [[nodiscard]] const std::vector<Table>& tables() const { return tables_; }
  [[nodiscard]] const std::vector<Key>& keys() const { return keys_; }
  [[nodiscard]] const Symbol& symbol(int field_index, Element element) const {
    return field(field_index).symbols[static_cast<std::size_t>(element)];
  }

 private:
  int add_field(const std::string& name, FieldType type);
  [[nodiscard]] Key make_key(std::vector<int> fields) const;
  void refuse_circles() const;

  Locale locale_;
  std::vector<Field> fields_;
  std::vector<Table> tables_;
  std::vector<Key> keys_;
};

// The format a dimension of the field tells: none of dates and timestamps that are not tagged as such.
[[nodiscard]] NumFormat dimension_format(const Field& field);
// Qlik's tags of a field.
[[nodiscard]] std::vector<std::string> tags_of(const Field& field);

}  // namespace qonduit::simulator
