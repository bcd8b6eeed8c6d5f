// Joins batches that hold neighbouring columns of the same rows into one, without copying a value.
#pragma once

#include <vector>

#include "qonduit/batch.hpp"
#include "qonduit/status.hpp"

namespace qonduit::fetch {

// REQUIRES: pieces is not empty. bad_data when the pieces have different numbers of rows. ENSURES: the pieces are consumed.
Result<arrow::ArrayHandle> join_columns(std::vector<arrow::ArrayHandle> pieces);

}  // namespace qonduit::fetch
