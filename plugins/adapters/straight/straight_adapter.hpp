// Reads the straight hypercubes of an object, wherever it keeps them: one dataset per cube, one request per dataset. The adapters of
// tables and of charts are this, and differ in what they accept.
#pragma once

#include <qonduit/adapter.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "plugins/adapters/straight/matrix_reader.hpp"

namespace qonduit::straight {

class StraightAdapter : public Adapter {
 public:
  explicit StraightAdapter(StraightOptions options) : reader_(std::move(options)) {}

  // Whether the layout holds a straight cube.
  static bool reads(std::string_view object_type, std::string_view layout_json);
  static Result<std::vector<std::string>> datasets(std::string_view object_type, std::string_view layout_json);

  Result<std::optional<std::string>> prepare(std::string_view properties_json) override;
  Result<Opened> open(const Run& run, std::string_view layout_json) override;
  Result<std::optional<Request>> next_request() override { return reader_.next_request(); }
  Result<Decoded> decode(const Request& request, std::string_view reply_json) const override { return reader_.decode(request, reply_json); }
  Status widen(const Request& request, std::string_view reply_json) override { return reader_.widen(request, reply_json); }

 private:
  MatrixReader reader_;
  std::string properties_;  // for the expressions, which layouts do not hold
};

}  // namespace qonduit::straight
