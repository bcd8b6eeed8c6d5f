#include "core/pipeline/transform/gather.hpp"

#include <cstring>
#include <utility>

#include "core/pipeline/transform/filter.hpp"

namespace qonduit::pipeline::transform {
namespace {

using Rows = std::vector<std::int32_t>;

std::size_t bytes_for(std::size_t bits) { return (bits + 7) / 8; }

bool bit(const std::uint8_t* bits, std::int64_t i) { return ((bits[i >> 3] >> (i & 7)) & 1) != 0; }

// The bits of the rows; answers how many are not set.
std::int64_t gather_bits(const std::uint8_t* bits, std::int64_t offset, const Rows& rows, std::vector<std::uint8_t>& out) {
  out.assign(bytes_for(rows.size()) + 1, 0);  // never empty: a buffer has an address
  std::int64_t unset = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const unsigned set = bit(bits, rows[i] + offset) ? 1u : 0u;
    out[i >> 3] = static_cast<std::uint8_t>(out[i >> 3] | (set << (i & 7)));
    unset += 1 - static_cast<std::int64_t>(set);
  }
  return unset;
}

template <typename T>
void gather_values(const void* values, std::int64_t offset, const Rows& rows, std::vector<T>& out) {
  const auto* from = static_cast<const T*>(values) + offset;
  out.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) out[i] = from[rows[i]];
}

void gather_texts(const ArrowArray& array, const Rows& rows, ColumnBuffers& out) {
  const auto* ends = static_cast<const std::int32_t*>(array.buffers[1]) + array.offset;
  const auto* data = static_cast<const char*>(array.buffers[2]);
  out.halves.resize(rows.size() + 1);
  std::int32_t end = 0;
  out.halves[0] = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    end += ends[rows[i] + 1] - ends[rows[i]];
    out.halves[i + 1] = end;
  }
  out.data.resize(static_cast<std::size_t>(end));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto length = static_cast<std::size_t>(out.halves[i + 1] - out.halves[i]);
    if (length != 0) std::memcpy(out.data.data() + out.halves[i], data + ends[rows[i]], length);
  }
}

}  // namespace

std::vector<std::int32_t> chosen_rows(const std::vector<std::uint8_t>& marks) {
  // Without a branch on the mark: every row is written, and overwritten by the next where it is not kept.
  Rows rows(marks.size() + 1);
  std::size_t count = 0;
  for (std::size_t row = 0; row < marks.size(); ++row) {
    rows[count] = static_cast<std::int32_t>(row);
    count += marks[row] == Filter::kTrue ? 1 : 0;
  }
  rows.resize(count);
  return rows;
}

OwnedColumn gather(OwnedColumn column, Type type, const std::vector<std::int32_t>& rows) {
  const auto& array = column.array();
  const bool encoded = array.dictionary != nullptr;
  ColumnBuffers out;
  std::int64_t nulls = 0;
  if (array.null_count != 0 && array.buffers[0] != nullptr)
    nulls = gather_bits(static_cast<const std::uint8_t*>(array.buffers[0]), array.offset, rows, out.validity);
  switch (type) {
    case Type::int64:
    case Type::float64:
    case Type::timestamp:
    case Type::duration: gather_values(array.buffers[1], array.offset, rows, out.words); break;
    case Type::date32: gather_values(array.buffers[1], array.offset, rows, out.halves); break;
    case Type::boolean: gather_bits(static_cast<const std::uint8_t*>(array.buffers[1]), array.offset, rows, out.bits); break;
    case Type::utf8:
      if (encoded) {
        gather_values(array.buffers[1], array.offset, rows, out.halves);
        out.dictionary = std::move(column);  // array is not used from here on
      } else {
        gather_texts(array, rows, out);
      }
      break;
  }
  return std::move(out).finish(type, static_cast<std::int64_t>(rows.size()), nulls);
}

}  // namespace qonduit::pipeline::transform
