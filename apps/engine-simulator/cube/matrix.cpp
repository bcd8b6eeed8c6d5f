#include "cube/matrix.hpp"

#include <algorithm>
#include <charconv>

namespace qonduit::simulator {
namespace {

void append_int(std::string& out, std::int64_t value) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

}  // namespace

Area clip(const Matrix& matrix, Area area) {
  const auto columns = static_cast<std::int64_t>(matrix.columns());
  const auto rows = static_cast<std::int64_t>(matrix.rows());
  Area kept = area;
  kept.width = std::clamp<std::int64_t>(columns - area.left, 0, area.width);
  kept.height = std::clamp<std::int64_t>(rows - area.top, 0, area.height);
  if (kept.width == 0) kept.height = 0;
  return kept;
}

void append_page(std::string& out, const Matrix& matrix, Area clipped) {
  out.append("{\"qMatrix\":[");
  for (std::int64_t row = 0; row < clipped.height; ++row) {
    out.append(row == 0 ? "[" : ",[");
    matrix.append_cells(out, static_cast<std::uint64_t>(clipped.top + row), static_cast<std::uint32_t>(clipped.left),
                        static_cast<std::uint32_t>(clipped.width));
    out.push_back(']');
  }
  out.append("],\"qTails\":[{\"qUp\":0,\"qDown\":0}],\"qArea\":{\"qLeft\":");
  append_int(out, clipped.left);
  out.append(",\"qTop\":");
  append_int(out, clipped.top);
  out.append(",\"qWidth\":");
  append_int(out, clipped.width);
  out.append(",\"qHeight\":");
  append_int(out, clipped.height);
  out.append("}}");
}

void StoredMatrix::add_cell(std::string_view json) {
  text_.append(json);
  text_.push_back(',');
  ends_.push_back(text_.size());
}

void StoredMatrix::append_cells(std::string& out, std::uint64_t row, std::uint32_t left, std::uint32_t width) const {
  const std::uint64_t first = row * columns_ + left;
  const std::uint64_t begin = first == 0 ? 0 : ends_[first - 1];
  const std::uint64_t end = ends_[first + width - 1] - 1;  // the last comma stays behind
  out.append(text_, begin, end - begin);
}

}  // namespace qonduit::simulator
