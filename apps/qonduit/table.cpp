#include "apps/qonduit/table.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "apps/qonduit/text.hpp"

namespace qonduit::app {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;  // below this a cut text says nothing

std::string shown(const Poco::Dynamic::Var& value) {
  if (value.isEmpty()) return {};
  if (value.isInteger()) return grouped(value.convert<std::int64_t>());
  return printable(value.convert<std::string>());
}

// Takes from the widest columns until the line fits.
void shrink(std::vector<std::size_t>& widths, std::size_t width) {
  while (!widths.empty()) {
    std::size_t total = kGap * (widths.size() - 1);
    for (const auto column : widths) total += column;
    auto& widest = *std::max_element(widths.begin(), widths.end());
    if (total <= width || widest <= kNarrowest) return;
    widest = std::max(kNarrowest, widest - std::min(widest, total - width));
  }
}

}  // namespace

void Table::add(std::vector<Poco::Dynamic::Var> row) { rows_.push_back(std::move(row)); }

void Table::print(std::ostream& out, std::size_t width) const {
  std::vector<std::vector<std::string>> lines{{}};
  for (const auto& column : columns_) lines[0].push_back(column.heading);
  for (const auto& row : rows_) {
    lines.emplace_back();
    for (const auto& value : row) lines.back().push_back(shown(value));
  }
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], display_width(line[i]));
  }
  if (width > 0) shrink(widths, width);
  for (std::size_t at = 0; at < lines.size(); ++at) {
    std::string text;
    for (std::size_t i = 0; i < lines[at].size(); ++i) {
      const auto cell = cut(lines[at][i], widths[i]);
      const std::string padding(widths[i] - display_width(cell), ' ');
      text += (i == 0 ? "" : std::string(kGap, ' ')) + (columns_[i].align == Align::right ? padding + cell : cell + padding);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out << text << '\n';
    if (at > 0) continue;
    std::size_t total = kGap * (widths.empty() ? 0 : widths.size() - 1);
    for (const auto column : widths) total += column;
    out << std::string(total, '-') << '\n';
  }
}

void Table::print_json(std::ostream& out) const {
  Poco::JSON::Array array;
  for (const auto& row : rows_) {
    Poco::JSON::Object::Ptr object = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    for (std::size_t i = 0; i < row.size(); ++i) {
      object->set(columns_[i].heading, row[i]);
    }
    array.add(object);
  }
  array.stringify(out, 2);
  out << '\n';
}

std::size_t terminal_width() {
  winsize size{};
  return ::isatty(STDOUT_FILENO) == 1 && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace qonduit::app
