// Rows of a table of the data model: whatever the bytes, a batch, a misfit that names a column, or bad_data.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/engine/message.hpp"
#include "core/pipeline/table_rows.hpp"

namespace {

using qonduit::engine::FieldInfo;
using qonduit::engine::TableInfo;

FieldInfo field(const char* name, std::vector<std::string> tags, bool has_null) {
  FieldInfo info;
  info.name = name;
  info.tags = std::move(tags);
  info.has_null = has_null;
  return info;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const TableInfo table{
      "T",
      9,
      {field("id", {"$numeric", "$integer"}, false), field("day", {"$numeric", "$integer", "$timestamp", "$date"}, true),
       field("price", {"$numeric"}, true), field("text", {"$ascii", "$text"}, true)}};
  const std::string padded = std::string(reinterpret_cast<const char*>(data), size) + std::string(qonduit::engine::Message::kPadding, ' ');
  const auto columns = qonduit::pipeline::plan_table(table);
  qonduit::pipeline::Misfit misfit{columns.size(), {}};
  auto piece = qonduit::pipeline::decode_table_rows(columns, {0, 0, 1, 9}, std::string_view(padded).substr(0, size), misfit);
  if (piece && (piece->rows < 0 || piece->rows > 9)) std::abort();
  return 0;
}
