#include "apps/qonduit/table.hpp"

#include <Poco/JSON/Object.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <typeinfo>

#include "apps/qonduit/json_output.hpp"
#include "apps/qonduit/text.hpp"

namespace qonduit::app {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;  // below this a cut text says nothing

std::string shown(const Poco::Dynamic::Var& value) {
  if (value.isEmpty()) return {};
  if (value.isInteger()) return grouped(value.convert<std::int64_t>());
  if (value.type() == typeid(double) && value.extract<double>() == 0 && std::signbit(value.extract<double>())) return "-0";
  return printable(value.convert<std::string>());
}

std::size_t total_of(const std::vector<std::size_t>& widths) {
  std::size_t total = widths.empty() ? 0 : kGap * (widths.size() - 1);
  for (const auto width : widths) total += width;
  return total;
}

// How narrow each column may become. A number that is cut would be another one.
std::vector<std::size_t> narrowest(const std::vector<Table::Column>& columns, const std::vector<std::size_t>& widths) {
  std::vector<std::size_t> narrow;
  for (std::size_t i = 0; i < widths.size(); ++i)
    narrow.push_back(columns[i].align == Table::Align::right ? widths[i] : std::min(widths[i], kNarrowest));
  return narrow;
}

// Takes from the widest columns until the line fits.
void shrink(std::vector<std::size_t>& widths, const std::vector<std::size_t>& narrow, std::size_t width) {
  while (true) {
    const auto total = total_of(widths);
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] > narrow[i] && (widest == nullptr || widths[i] > *widest)) widest = &widths[i];
    }
    if (total <= width || widest == nullptr) return;
    const auto least = narrow[static_cast<std::size_t>(widest - widths.data())];
    *widest = std::max(least, *widest - std::min(*widest, total - width));
  }
}

// Leaves out columns from the end until the others fit, with room for a column that says so. The first one stays.
void drop(std::vector<std::size_t>& widths, std::vector<std::size_t> narrow, std::size_t width) {
  if (total_of(narrow) <= width) return;
  while (widths.size() > 1 && total_of(narrow) + kGap + 1 > width) widths.pop_back(), narrow.pop_back();
}

// JSON has no word for them.
Poco::Dynamic::Var json_value(const Poco::Dynamic::Var& value) {
  if (value.type() != typeid(double) || std::isfinite(value.extract<double>())) return value;
  const auto number = value.extract<double>();
  return std::string(std::isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
}

}  // namespace

void Table::add(std::vector<Poco::Dynamic::Var> row) { rows_.push_back(std::move(row)); }

void Table::print(std::ostream& out, std::size_t width) const {
  std::vector<std::vector<std::string>> lines{{}};
  for (const auto& column : columns_) lines[0].push_back(printable(column.heading));
  for (const auto& row : rows_) {
    lines.emplace_back();
    for (const auto& value : row) lines.back().push_back(shown(value));
  }
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], display_width(line[i]));
  }
  if (width > 0) {
    const auto narrow = narrowest(columns_, widths);
    drop(widths, narrow, width);
    shrink(widths, narrow, widths.size() < columns_.size() ? width - std::min(width, kGap + 1) : width);
  }
  const bool dropped = widths.size() < columns_.size();
  for (std::size_t at = 0; at < lines.size(); ++at) {
    std::string text;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const auto cell = columns_[i].cut == Cut::end ? cut(lines[at][i], widths[i]) : cut_beginning(lines[at][i], widths[i]);
      const std::string padding(widths[i] - display_width(cell), ' ');
      text += (i == 0 ? "" : std::string(kGap, ' ')) + (columns_[i].align == Align::right ? padding + cell : cell + padding);
    }
    if (dropped) text += std::string(kGap, ' ') + "…";
    text.erase(text.find_last_not_of(' ') + 1);
    out << text << '\n';
    if (at == 0) out << std::string(total_of(widths) + (dropped ? kGap + 1 : 0), '-') << '\n';
  }
  if (!dropped) return;
  std::string rest;
  for (auto i = widths.size(); i < columns_.size(); ++i) rest += (rest.empty() ? "" : ", ") + lines[0][i];
  const auto note = "… " + std::to_string(columns_.size() - widths.size()) + " more columns do not fit: ";
  out << note << cut(rest, std::max(width, display_width(note) + kNarrowest) - display_width(note)) << '\n';
}

Poco::JSON::Array::Ptr Table::json() const {
  Poco::JSON::Array::Ptr array = new Poco::JSON::Array;
  for (const auto& row : rows_) {
    Poco::JSON::Object::Ptr object = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    for (std::size_t i = 0; i < row.size(); ++i) {
      object->set(columns_[i].heading, json_value(row[i]));
    }
    array->add(object);
  }
  return array;
}

void Table::print_json(std::ostream& out) const { app::print_json(out, json()); }

Poco::JSON::Array::Ptr array_of(const std::vector<std::string>& texts) {
  Poco::JSON::Array::Ptr array = new Poco::JSON::Array;
  for (const auto& text : texts) array->add(text);
  return array;
}

Poco::Dynamic::Var count_or_null(std::int64_t count) { return count < 0 ? Poco::Dynamic::Var() : Poco::Dynamic::Var(count); }

std::size_t terminal_width() {
  winsize size{};
  if (::isatty(STDOUT_FILENO) == 1 && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) return size.ws_col;
  // What shells and pagers say in place of a terminal.
  const char* columns = std::getenv("COLUMNS");
  const auto width = columns == nullptr ? 0 : std::atoi(columns);
  return width > 0 ? static_cast<std::size_t>(width) : 0;
}

}  // namespace qonduit::app
