// Reads one matrix of cells, of a straight cube or of a list, from its layout to its batches: the plan of the columns, the one request
// (the host cuts it into pages), the decoding, and what contradictions widen. What the adapters of this folder's library are made of.
// Threads: as the adapter that holds it.
#pragma once

#include <qonduit/adapter.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "plugins/adapters/straight/column_plan.hpp"

namespace qonduit::straight {

class MatrixReader {
 public:
  explicit MatrixReader(StraightOptions options) : options_(std::move(options)) {}

  // Starts over with this cube or list. method: what its pages are asked with; expressions: a measure's expression by its index.
  Opened open(hypercube::CubeLayout cube, std::string_view method, const std::map<int, std::string>& expressions);
  std::optional<Request> next_request();
  [[nodiscard]] Result<Decoded> decode(const Request& request, std::string_view reply_json) const;
  Status widen(const Request& request, std::string_view reply_json);

 private:
  StraightOptions options_;
  hypercube::CubeLayout cube_;
  std::string method_;
  ColumnPlan plan_;
  Widening widening_;
  bool asked_ = false;
};

}  // namespace qonduit::straight
