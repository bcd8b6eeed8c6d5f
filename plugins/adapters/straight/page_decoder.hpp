// The hot path: the bytes of one reply to GetHyperCubeData or GetListObjectData become columns, in one pass, without an allocation per
// cell. A pure function of plan, page and bytes, run on several threads at once.
#pragma once

#include <qonduit/adapter.hpp>
#include <qonduit/status.hpp>

#include <string>
#include <string_view>

#include "plugins/adapters/straight/column_plan.hpp"

namespace qonduit::straight {

struct DecoderSettings {
  const ColumnPlan* plan = nullptr;
  SpecialRows special_rows = SpecialRows::mark;
};

// Decodes the reply of the request's page. On a contradiction the status is bad_data and *contradiction, if given, is set.
Result<Decoded> decode_page(const DecoderSettings& settings, const Page& page, std::string_view reply_json,
                            Contradiction* contradiction = nullptr);

}  // namespace qonduit::straight
