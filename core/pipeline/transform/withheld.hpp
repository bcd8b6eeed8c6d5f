// Messages that quote a value, where the column is masked: the value is not for a report or a log. Pure functions of their arguments.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/pipeline/transform/rules.hpp"
#include "qonduit/batch.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline::transform {

// What a message may call a column.
struct ColumnNames {
  std::string_view name, title;  // the title may be empty
};

// A bad_data that names one of these columns says no more than that; any other status stays as it is.
Status withheld(Status status, const std::vector<ColumnNames>& masked);
// The same of what was read before the rules met the columns: the columns are those of the source.
Status withheld(Status status, const Rules& rules, const ArrowSchema& source);

}  // namespace qonduit::pipeline::transform
