// The hot path: the bytes of one reply to GetHyperCubeData or GetListObjectData become columns, in one pass, without an allocation per
// cell. A pure function of plan, page and bytes, run on several threads at once.
#pragma once

#include <qonduit/adapter.hpp>
#include <qonduit/status.hpp>

#include <string>
#include <string_view>

#include "plugins/adapters/straight/column_plan.hpp"
#include "plugins/adapters/straight/findings.hpp"

namespace qonduit::straight {

struct DecoderSettings {
  const ColumnPlan* plan = nullptr;
  SpecialRows special_rows = SpecialRows::mark;
  Findings* findings = nullptr;  // gets what is met; null: nobody wants to know
};

// Decodes the reply of the request's page. A contradiction is bad_data. With contradiction given it is a survey instead: what the cells are
// is noted there for every column, their values are nulls, and bad_data is what is contradicted beside them.
Result<Decoded> decode_page(const DecoderSettings& settings, const Page& page, std::string_view reply_json,
                            Contradiction* contradiction = nullptr);

}  // namespace qonduit::straight
