// The adapter for straight hypercubes, wherever an object keeps them: one dataset per cube, one request per dataset (the host cuts it
// into pages), one decoder for the replies. It takes tables as its own and any other object with a straight cube as second best.
#pragma once

#include <qonduit/adapter.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "column_plan.hpp"

namespace qonduit::table {

class TableAdapter final : public Adapter {
 public:
  explicit TableAdapter(TableOptions options) : options_(std::move(options)) {}

  static std::uint32_t accepts(std::string_view object_type, std::string_view layout_json);
  static Result<std::vector<std::string>> datasets(std::string_view object_type, std::string_view layout_json);

  Result<std::optional<std::string>> prepare(std::string_view properties_json) override;
  Result<Opened> open(const Run& run, std::string_view layout_json) override;
  Result<std::optional<Request>> next_request() override;
  Result<Decoded> decode(const Request& request, std::string_view reply_json) const override;
  Status widen(const Request& request, std::string_view reply_json) override;

 private:
  TableOptions options_;
  std::string properties_;  // for the expressions, which layouts do not hold
  hypercube::CubeLayout cube_;
  ColumnPlan plan_;
  Widening widening_;
  bool asked_ = false;
};

}  // namespace qonduit::table
