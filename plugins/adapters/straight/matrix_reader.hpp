// Reads one matrix of cells, of a straight cube or of a list, from its layout to its batches: the plan of the columns, the one request
// (the host cuts it into pages), the decoding, and what contradictions widen. What the adapters of this folder's library are made of.
// Threads: as the adapter that holds it.
#pragma once

#include <qonduit/adapter.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/adapters/straight/column_plan.hpp"
#include "plugins/adapters/straight/findings.hpp"

namespace qonduit::straight {

class MatrixReader {
 public:
  explicit MatrixReader(StraightOptions options) : options_(std::move(options)) {}

  // Starts over with this cube or list. method: what its pages are asked with; expressions: a measure's expression by its index.
  Opened open(hypercube::CubeLayout cube, std::string_view method, const std::map<int, std::string>& expressions);
  std::optional<Request> next_request();
  [[nodiscard]] Result<Decoded> decode(const Request& request, std::string_view reply_json) const;
  Status widen(const Request& request, std::string_view reply_json);
  // The columns stand in another order now: what was learnt of them does not hold.
  void forget_widening() { widening_ = {}; }
  void use_locale(const Locale& locale) { locale_ = locale; }
  [[nodiscard]] std::vector<std::string> findings() const { return findings_.notes(plan_); }

 private:
  StraightOptions options_;
  hypercube::CubeLayout cube_;
  std::string method_;
  ColumnPlan plan_;
  Widening widening_;
  Locale locale_;
  mutable Findings findings_;  // of all threads that decode
  bool asked_ = false;
};

}  // namespace qonduit::straight
