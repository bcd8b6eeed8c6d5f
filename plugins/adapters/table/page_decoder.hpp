// The hot path: the bytes of one GetHyperCubeData reply become columns, in one pass, without an allocation per cell. A pure function
// of plan, page and bytes, run on several threads at once.
#pragma once

#include <qonduit/adapter.hpp>
#include <qonduit/status.hpp>

#include <string>
#include <string_view>

#include "column_plan.hpp"

namespace qonduit::table {

struct DecoderSettings {
  const ColumnPlan* plan = nullptr;
  SpecialRows special_rows = SpecialRows::mark;
};

// A value that does not fit its column: what widen() needs to know.
struct Contradiction {
  std::size_t column = 0;  // of the data matrix
  Type needed = Type::utf8;
  bool special_row = false;  // an Others or total row nobody announced
};

// Decodes the reply of the request's page. On a contradiction the status is bad_data and *contradiction, if given, is set.
Result<Decoded> decode_page(const DecoderSettings& settings, const Page& page, std::string_view reply_json,
                            Contradiction* contradiction = nullptr);

}  // namespace qonduit::table
