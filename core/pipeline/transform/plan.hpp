// Rules met with a schema: which columns there are, what happens to each, and what is delivered; or what does not fit, before anything is
// read. The order of the steps is fixed: constant, type, null, filter, mask, columns. Made once per attempt at a dataset.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/pipeline/transform/convert.hpp"
#include "core/pipeline/transform/filter.hpp"
#include "core/pipeline/transform/mask.hpp"
#include "core/pipeline/transform/rules.hpp"
#include "core/pipeline/transform/text_form.hpp"
#include "qonduit/batch.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline::transform {

// A column on its way: of the source, or constant.
struct PlannedColumn {
  Field field;                // as it leaves the step before columns; its name is still the source's
  Type read_as = Type::utf8;  // the source's type
  std::optional<Scalar> constant;
  Conversion convert = nullptr;  // null: stays
  std::string_view asked;        // the word of the type that convert makes
  Type type = Type::utf8;        // after convert; what null, filter and mask see
  std::optional<Scalar> if_null;
  Mask mask = Mask::none;
  bool delivered = true;
  bool filtered = false;  // the filter reads it
};

struct Plan {
  std::vector<PlannedColumn> columns;  // the source's in their order, then the constants
  std::optional<Filter> filter;
  std::vector<std::size_t> output;  // which columns are delivered, in order
  Schema schema;                    // of what is delivered
  std::vector<std::string> notes;   // optional rules whose column is not there
};

// invalid_config names the key, the column and the near misses.
Result<Plan> make_plan(const Rules& rules, const Schema& source);

}  // namespace qonduit::pipeline::transform
