// Reads the straight hypercubes of an object, wherever it keeps them: one dataset per cube, one request per dataset. The adapters of
// tables and of charts are this, and differ in what they accept. Where the layout leaves the order of the columns open, a session copy with
// an order of ours is read; a user who may not have one gets the order the cells tell, or a failure.
#pragma once

#include <qonduit/adapter.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/adapters/hypercube/cube_layout.hpp"
#include "plugins/adapters/straight/matrix_reader.hpp"

namespace qonduit::straight {

class StraightAdapter : public Adapter {
 public:
  static constexpr bool kParallelDecode = true;

  explicit StraightAdapter(StraightOptions options) : reader_(std::move(options)) {}

  // Whether the layout holds a straight cube.
  static bool reads(std::string_view object_type, std::string_view layout_json);
  static Result<std::vector<Dataset>> datasets(std::string_view object_type, std::string_view layout_json);

  Result<std::optional<std::string>> prepare(const Run& run, std::string_view layout_json, std::string_view properties_json) override;
  Result<Opened> open(const Run& run, std::string_view layout_json) override;
  Result<std::optional<Request>> next_request() override { return reader_.next_request(); }
  Result<Decoded> decode(const Request& request, std::string_view reply_json) const override;
  Status widen(const Request& request, std::string_view reply_json) override;
  void use_locale(const Locale& locale) override { reader_.use_locale(locale); }
  [[nodiscard]] std::vector<std::string> findings() const override { return reader_.findings(); }

 private:
  // Of a cube whose layout does not tell the order of its columns: the first page does, and the others must agree.
  struct OpenOrder {
    std::vector<hypercube::Order> likely;  // empty: the order is known
    hypercube::Order used;
    std::vector<hypercube::ColumnInfo> columns;
    std::int64_t rows = 0;
    std::string said;  // what the layout says
  };
  [[nodiscard]] Status check_order(const Request& request, std::string_view reply_json) const;
  [[nodiscard]] hypercube::PageOrder order_of(const Request& request, std::string_view reply_json) const;

  MatrixReader reader_;
  std::string properties_;   // for the expressions, which layouts do not hold
  std::string copied_path_;  // of the cube the last copy was made of; empty: there is none
  OpenOrder order_;
  std::map<std::string, hypercube::Order> learnt_;  // by what the layout said: what a first page has told
};

}  // namespace qonduit::straight
