// What a row is that is no combination of members, and which of its columns make it that: columns row_kind and row_kind_of. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::hypercube {

enum class RowKind : std::uint8_t { value, others, collapsed, total };  // the later wins
constexpr std::string_view kRowKindNames[] = {"value", "others", "collapsed", "total"};
constexpr std::string_view name_of(RowKind kind) { return kRowKindNames[static_cast<std::size_t>(kind)]; }

// A dimension that has no member of its own in a row.
struct NoMember {
  std::string_view column;
  RowKind kind = RowKind::value;
};

// "Region, City": these columns of a row of this kind; "Region (others), City" where one of them is of another kind.
inline std::string columns_of(const std::vector<NoMember>& those, RowKind row) {
  std::string text;
  for (const auto& one : those) {
    if (!text.empty()) text += ", ";
    text += one.column;
    if (one.kind != row) ((text += " (") += name_of(one.kind)) += ')';
  }
  return text;
}

}  // namespace qonduit::hypercube
