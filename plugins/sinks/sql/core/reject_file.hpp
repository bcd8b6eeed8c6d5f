// The file that gets what a database refuses: one JSON object a line, with the run, the table, the row's number, the reason and the values.
// Lines wait in memory, bounded by the limit, and are written and made durable before the delivery commits; an aborted delivery leaves
// none. One thread.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "column.hpp"

namespace qonduit::sql {

// What the option reject says: none for "fail". invalid_config for anything else than "skip-to FILE".
Result<std::optional<std::string>> parse_reject(std::string_view option);

class RejectFile {
 public:
  RejectFile(std::string path, std::int64_t limit) : path_(std::move(path)), limit_(limit) {}

  void begin(std::string run_id, std::string table);
  // number: of the row in the delivery, from 1. bad_data when this one is beyond the limit.
  Status add(const BatchView& batch, std::int64_t row, std::uint64_t number, std::string_view column, std::string_view reason);
  // Whether the folder is there and takes files: not found out with the first row that is refused.
  [[nodiscard]] Status check_folder() const;
  // Appends what was refused to the file.
  Status publish();

  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::int64_t limit_;
  std::string run_id_, table_;
  std::string lines_;
  std::int64_t count_ = 0;
};

// The value as text: what messages and the reject file show.
std::string shown(const ColumnView& column, std::int64_t row);

}  // namespace qonduit::sql
