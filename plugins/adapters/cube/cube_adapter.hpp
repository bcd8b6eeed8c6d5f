// The adapter of pivot, stacked and tree cubes: each is a dataset, read whole. A session copy, fully expanded, is read where the user may
// have one; else what is expanded in the published object, and the delivery says so.
#pragma once

#include <qonduit/adapter.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/adapters/cube/cube_options.hpp"
#include "plugins/adapters/cube/cube_plan.hpp"
#include "plugins/adapters/cube/level_layout.hpp"
#include "plugins/adapters/cube/page_decoder.hpp"
#include "plugins/adapters/cube/request_plan.hpp"

namespace qonduit::cube {

class CubeAdapter final : public Adapter {
 public:
  static constexpr bool kParallelDecode = true;

  explicit CubeAdapter(CubeOptions options) : options_(std::move(options)) {}

  static std::uint32_t accepts(std::string_view object_type, std::string_view layout_json);
  static Result<std::vector<Dataset>> datasets(std::string_view object_type, std::string_view layout_json);

  Result<std::optional<std::string>> prepare(const Run& run, std::string_view layout_json, std::string_view properties_json) override;
  Result<Opened> open(const Run& run, std::string_view layout_json) override;
  Result<std::optional<Request>> next_request() override { return requests_.next(); }
  Result<Decoded> decode(const Request& request, std::string_view reply_json) const override;
  Status widen(const Request& request, std::string_view reply_json) override;
  void use_locale(const Locale& locale) override { locale_ = locale; }
  [[nodiscard]] std::vector<std::string> findings() const override { return findings_.notes(plan_.columns); }

 private:
  [[nodiscard]] Result<Decoded> decode_reply(const Request& request, std::string_view reply_json,
                                             straight::Contradiction* contradiction) const;
  [[nodiscard]] Status check_shape() const;
  [[nodiscard]] std::string note() const;

  CubeOptions options_;
  std::string copied_path_;  // of the cube the last copy was made of; empty: there is none
  std::map<int, std::string> expressions_;
  bool reads_copy_ = false;
  LevelLayout layout_;
  CubePlan plan_;
  straight::Widening widening_;
  Locale locale_;
  mutable straight::Findings findings_;  // of all threads that decode
  RequestPlan requests_;
};

}  // namespace qonduit::cube
