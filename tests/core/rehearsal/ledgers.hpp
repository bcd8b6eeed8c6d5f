// Ledgers of small tables, in a folder of the test's own.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/rehearsal/ledger.hpp"
#include "qonduit/batch.hpp"

namespace qonduit::rehearsal {

class LedgerFolder : public testing::Test {
 protected:
  LedgerFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "qonduit-ledger-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~LedgerFolder() override { std::filesystem::remove_all(folder_); }

  static void fill(LedgerWriter& writer, const Schema& schema, const std::vector<std::string>& rows) {
    std::vector<Column> columns;
    columns.emplace_back(Type::utf8);
    for (const auto& row : rows) row.empty() ? columns[0].append_null() : columns[0].append_text(row);
    arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(columns, array.get());
    ASSERT_TRUE(writer.write(BatchView(schema, *array)).ok());
  }

  // A committed ledger of one text column; an empty text is a null.
  void keep(const std::filesystem::path& file, const std::vector<std::string>& rows, const std::string& column = "c") {
    const Schema schema{{{column, Type::utf8}}};
    auto writer = LedgerWriter::create(file, schema);
    ASSERT_TRUE(writer);
    fill(**writer, schema, rows);
    ASSERT_TRUE((*writer)->commit().ok());
  }

  std::filesystem::path folder_;
};

}  // namespace qonduit::rehearsal
