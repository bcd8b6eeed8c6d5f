#include "core/pipeline/transform/column_list.hpp"

#include <algorithm>
#include <utility>

#include "qonduit/list.hpp"

namespace qonduit::pipeline::transform {
namespace {

Status wrong(const std::string& what) { return {Code::invalid_config, what}; }

// Where " as " begins, outside of quotes; npos: nowhere.
std::size_t find_as(std::string_view piece) {
  bool quoted = false;
  for (std::size_t i = 0; i + 4 <= piece.size(); ++i) {
    if (piece[i] == '"') quoted = !quoted;
    if (!quoted && piece.substr(i, 4) == " as ") return i;
  }
  return std::string_view::npos;
}

// A name that may be quoted; a quote inside of one that is not is a mistake.
bool take_name(std::string_view text, std::string& name) {
  return unquote(text, name) && (text.starts_with('"') || text.find('"') == std::string_view::npos);
}

Result<ColumnItem> parse_item(std::string_view piece) {
  ColumnItem item;
  const auto shown = "'" + std::string(piece) + "'";
  if (piece.empty()) return wrong("an item is empty: there is a comma too many");
  if (piece == "*") return ColumnItem{ItemKind::rest, {}, {}};
  if (piece.front() == '!') item.kind = ItemKind::drop, piece = without_blanks(piece.substr(1));
  const auto as = find_as(piece);
  const bool cut = piece == "as" || piece.ends_with(" as");
  if (piece.empty() || (cut && as == std::string_view::npos)) return wrong(shown + " names no column");
  if (!take_name(without_blanks(piece.substr(0, as)), item.column))
    return wrong("a quote is not closed, or something follows it, in " + shown);
  if (as == std::string_view::npos) {
    item.as = item.column;
  } else if (!take_name(without_blanks(piece.substr(as + 4)), item.as)) {
    return wrong("a quote is not closed, or something follows it, in " + shown);
  } else if (item.kind == ItemKind::drop) {
    return wrong(shown + " drops a column and renames it: write one of the two");
  } else if (item.as.empty()) {
    return wrong(shown + " renames a column to nothing");
  }
  return item;
}

}  // namespace

Result<std::vector<ColumnItem>> parse_column_list(std::string_view text) {
  std::vector<ColumnItem> items;
  const auto count = [&items](ItemKind kind) {
    return std::count_if(items.begin(), items.end(), [kind](const ColumnItem& item) { return item.kind == kind; });
  };
  const auto pieces = list_pieces(text);
  if (!pieces) return pieces.error();
  for (const auto piece : *pieces) {
    auto item = parse_item(piece);
    if (!item) return std::move(item).error();
    const bool twice = std::any_of(items.begin(), items.end(), [&](const ColumnItem& known) {
      return known.column == item->column && (known.kind == ItemKind::rest) == (item->kind == ItemKind::rest);
    });
    if (twice) return wrong(item->kind == ItemKind::rest ? std::string("'*' is written twice") : "names '" + item->column + "' twice");
    const bool clash = item->kind == ItemKind::keep && std::any_of(items.begin(), items.end(), [&](const ColumnItem& known) {
                         return known.kind == ItemKind::keep && known.as == item->as;
                       });
    if (clash) return wrong("gives the name '" + item->as + "' to two columns");
    items.push_back(std::move(*item));
  }
  if (count(ItemKind::drop) > 0 && count(ItemKind::rest) == 0) {
    if (count(ItemKind::keep) > 0) return wrong("drops a column of a list that keeps named ones only: leave the '!' item out, or add '*'");
    items.push_back({ItemKind::rest, {}, {}});
  }
  return items;
}

}  // namespace qonduit::pipeline::transform
