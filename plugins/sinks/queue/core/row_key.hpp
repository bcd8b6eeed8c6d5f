// The key of a message, from columns of its row: the text of one column, or a JSON array of the values of several. One thread.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::queue {

class RowKey {
 public:
  // option: the columns, by commas; empty: messages have no key. invalid_config, with near misses, for a column that is not there.
  static Result<RowKey> parse(const std::vector<std::string>& columns, const Schema& schema);

  [[nodiscard]] bool empty() const { return columns_.empty(); }
  // Whether it has several columns; then of() is json().
  [[nodiscard]] bool several() const { return columns_.size() > 1; }
  // The key of a row, or none where its one column is null. Borrowed until the next call.
  std::optional<std::string_view> of(const BatchView& batch, std::int64_t row);
  // As JSON: the value of one column, an array of those of several. Borrowed until the next call.
  std::string_view json(const BatchView& batch, std::int64_t row);

 private:
  std::vector<std::size_t> columns_;
  std::string text_, json_;
};

}  // namespace qonduit::queue
