// JSON, written: numbers as numbers, shortest that read back as the same; dates and times as ISO 8601 texts; no locale.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/json_text.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "queue_options.hpp"

namespace qonduit::queue {

// A member of an object that is being written: a comma where it is not the first, its name, a text.
void append_json_member(std::string_view name, std::string_view value, std::string& out);

// A value of a column; null where it is null. bad_data for what non_finite refuses.
Status append_json_value(const ColumnView& column, std::int64_t row, NonFinite non_finite, std::string& out);

// Rows as objects, members in the order of the columns.
class JsonRows {
 public:
  JsonRows(const Schema& schema, NonFinite non_finite);
  // The rows that follow are of this batch.
  void use(const BatchView& batch);
  Status append(std::int64_t row, std::uint64_t number, std::string& out);

 private:
  std::vector<std::string> names_;    // of the columns, for messages
  std::vector<std::string> members_;  // {"Region":  ,"Year":
  std::vector<ColumnView> columns_;
  NonFinite non_finite_;
};

}  // namespace qonduit::queue
