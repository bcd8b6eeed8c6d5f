// From titles to names a database takes: no two become one, and the same title has the same name in every run.
//
// as-is: the title. snake_case: small letters, digits and _; accents of Latin letters are dropped, letters of other scripts are small ones.
// What the database cannot hold in a name (bytes that are no UTF-8, control characters, a space at the end) becomes _. A name that lost
// something that way, or is longer than the database takes, ends in _ and eight hexadecimal digits of its title's hash. An empty name is
// "_". Names are always quoted, so reserved words and punctuation are names like others.
#pragma once

#include <qonduit/text.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "dialect.hpp"
#include "sql_options.hpp"

namespace qonduit::sql {

// reserve: bytes (or characters) that are left free for something put behind it.
std::string safe_name(std::string_view title, Naming naming, const NameLimits& limits, std::size_t reserve = 0);

// Whether the name is what the naming rule makes of the title, with nothing cut off, replaced or added.
[[nodiscard]] bool is_plain_name(std::string_view name, std::string_view title, Naming naming, const NameLimits& limits);

// A table's name. What begins with _qonduit_ is the sink's own: such a title loses its first underscore, and ends in its hash.
// What begins with the database's own prefix gets an underscore in front, and ends in its hash too.
std::string table_name(std::string_view title, Naming naming, const NameLimits& limits);

// A table's name with an object's id behind it.
std::string with_id(std::string_view table, std::string_view object_id, Naming naming, const NameLimits& limits,
                    std::string_view number = {});

// Whether it begins with _qonduit_, in letters of any case.
[[nodiscard]] bool is_own_name(std::string_view name);

// What two names have in common when the database takes them for one.
std::string folded(std::string_view name, const NameLimits& limits);

// A column of the table, and the column of the delivery that it was given to.
struct GivenName {
  std::string column, title, own_name;  // own_name: qonduit/own_name.hpp; the title where there is none
  friend bool operator==(const GivenName&, const GivenName&) = default;
};

// Names that are there before the titles get theirs.
struct NamesThere {
  std::vector<std::string> table;   // of the columns of a table the rows go into
  std::vector<std::string> taken;   // by columns that have no title
  std::vector<std::string> hidden;  // titles of columns that are not shown at present, and may come back
  std::vector<std::string> own;     // own names, one for each title; none at all: the titles
  std::vector<bool> by_members;     // whether a title is that of members, one for each; none at all: no title is
  std::vector<GivenName> given;     // what the records say of the table's columns
};

// The names of columns, in the order of the titles. Titles that become one name in the database get eight digits of their hash behind it,
// but for one that is that name letter by letter. So a name does not depend on where its column stands. A title whose name with the hash is
// in the table has that one, also where nothing collides any more, and so has one whose own name is there. A column that was given to a
// column is that one's: known by its own name, or by its title where no other column is known by that, and where the title is not that of
// members: two months of one text are two columns. Nobody else gets it. Titles that are
// hidden count, and get no name. Numbers tell apart what has one title.
std::vector<std::string> column_names(const std::vector<std::string>& titles, Naming naming, const NameLimits& limits,
                                      const NamesThere& there = {});

// A text for comments, records and metadata: what is no UTF-8, and NUL, becomes U+FFFD.
std::string clean_text(std::string_view text);

}  // namespace qonduit::sql
