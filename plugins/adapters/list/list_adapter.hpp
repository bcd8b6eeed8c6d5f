// The adapter for list objects: list boxes, the fields of filter panes, and whatever else holds a list. One dataset per list: each value
// with its state under the current selections, and how often it occurs where the list counts. Source: protocol, list objects.
#pragma once

#include <qonduit/adapter.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/adapters/straight/matrix_reader.hpp"

namespace qonduit::list {

class ListAdapter final : public Adapter {
 public:
  static constexpr bool kParallelDecode = true;

  explicit ListAdapter(straight::StraightOptions options) : reader_(std::move(options)) {}

  static std::uint32_t accepts(std::string_view object_type, std::string_view layout_json);
  static Result<std::vector<Dataset>> datasets(std::string_view object_type, std::string_view layout_json);

  Result<std::optional<std::string>> prepare(const Run& run, std::string_view layout_json, std::string_view properties_json) override;
  Result<Opened> open(const Run& run, std::string_view layout_json) override;
  Result<std::optional<Request>> next_request() override { return reader_.next_request(); }
  Result<Decoded> decode(const Request& request, std::string_view reply_json) const override { return reader_.decode(request, reply_json); }
  Status widen(const Request& request, std::string_view reply_json) override { return reader_.widen(request, reply_json); }
  void use_locale(const Locale& locale) override { reader_.use_locale(locale); }
  [[nodiscard]] std::vector<std::string> findings() const override { return reader_.findings(); }

 private:
  straight::MatrixReader reader_;
  std::string properties_;  // for how the list counts, which layouts seldom tell
};

}  // namespace qonduit::list
