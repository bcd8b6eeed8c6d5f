// What a column is called whatever else there is. A column has its title for a name while no other column of its object has that title, and
// its own name where others have it: the title with something of the column's own behind it. An adapter says the own name of each column in
// its metadata, `qlik.own_name`, also of those that need none at present. So a rule or a target that knows a column by its own name finds
// it when it is alone. Pure functions; any thread.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/list.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit {

inline constexpr std::string_view kOwnName = "qlik.own_name";

// Of a column whose name holds members of dimensions, as in shape wide of pivots: the titles and own names of these dimensions, as a list
// in quotes.
inline constexpr std::string_view kNamedBy = "qlik.named_by";

// The name itself where nothing else is said.
[[nodiscard]] inline std::string_view own_name(const Field& field) {
  const auto own = field.find(kOwnName);
  return own.empty() ? std::string_view(field.name) : own;
}

inline void tell_named_by(Field& field, const std::vector<std::string>& dimensions) {
  std::string text;
  for (const auto& title : dimensions) text += (text.empty() ? "" : ", ") + in_quotes(title);
  if (!text.empty()) field.metadata.emplace_back(kNamedBy, std::move(text));
}

// Whether members of a dimension of this title or own name are in the name of some column.
[[nodiscard]] inline bool names_columns(const Schema& schema, const std::string& dimension) {
  std::string_view seen;  // the columns of a cube say the same
  return std::any_of(schema.fields.begin(), schema.fields.end(), [&](const Field& field) {
    const auto text = field.find(kNamedBy);
    if (text.empty() || text == seen) return false;
    seen = text;
    const auto titles = parse_list(text);
    return titles && std::find(titles->begin(), titles->end(), dimension) != titles->end();
  });
}

}  // namespace qonduit
