// Values of the host in the form they cross the boundary, borrowed for the length of a call.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/host/texts.hpp>
#include <qonduit/locale.hpp>
#include <qonduit/sink.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::host {

// Owns nothing: the texts outlive it.
class WirePairs {
 public:
  WirePairs() = default;
  template <typename Pairs>
  explicit WirePairs(const Pairs& pairs) {
    pairs_.reserve(pairs.size());
    for (const auto& [key, value] : pairs) add(key, value);
  }
  void add(std::string_view key, std::string_view value) { pairs_.push_back({borrow(key), borrow(value)}); }
  [[nodiscard]] const qonduit_pair* data() const noexcept { return pairs_.data(); }
  [[nodiscard]] std::size_t size() const noexcept { return pairs_.size(); }

 private:
  std::vector<qonduit_pair> pairs_;
};

inline qonduit_locale wire_locale(const Locale& locale) {
  return {sizeof(qonduit_locale),       0,
          borrow(locale.decimal),       borrow(locale.thousands),
          borrow(locale.money_decimal), borrow(locale.money_thousands),
          borrow(locale.money),         borrow(locale.date),
          borrow(locale.time),          borrow(locale.timestamp),
          borrow(locale.abbreviations), borrow(locale.months),
          borrow(locale.long_months),   borrow(locale.days),
          borrow(locale.long_days)};
}

class WireRun {
 public:
  explicit WireRun(const Run& run) : loop_(run.loop), selections_(run.selections) {
    wire_.struct_size = sizeof wire_;
    wire_.flags = run.takeover ? std::uint32_t{QONDUIT_RUN_TAKEOVER} : 0u;
    wire_.fence = run.fence;
    wire_.pipeline = borrow(run.pipeline);
    wire_.run_id = borrow(run.run_id);
    wire_.app = borrow(run.app);
    wire_.app_id = borrow(run.app_id);
    wire_.sheet = borrow(run.sheet);
    wire_.object_id = borrow(run.object_id);
    wire_.object_type = borrow(run.object_type);
    wire_.title = borrow(run.title);
    wire_.dataset = borrow(run.dataset);
    wire_.turn = borrow(run.turn);
    wire_.loop = loop_.data();
    wire_.loop_count = loop_.size();
    wire_.started_at = borrow(run.started_at);
    wire_.day = borrow(run.day);
    wire_.reload_time = borrow(run.reload_time);
    wire_.selections = selections_.data();
    wire_.selection_count = selections_.size();
    objects_.reserve(run.objects.size());
    for (const auto& object : run.objects) objects_.push_back({borrow(object.object_id), borrow(object.title), borrow(object.sheet)});
    wire_.objects = objects_.data();
    wire_.object_count = objects_.size();
  }
  WireRun(const WireRun&) = delete;
  WireRun& operator=(const WireRun&) = delete;
  [[nodiscard]] const qonduit_run* get() const noexcept { return &wire_; }

 private:
  WirePairs loop_, selections_;
  std::vector<qonduit_named_object> objects_;
  qonduit_run wire_{};
};

// An Arrow schema made of ours, released with this object.
class WireSchema {
 public:
  explicit WireSchema(const Schema& schema) { arrow::export_schema(schema, &schema_); }
  WireSchema(const WireSchema&) = delete;
  WireSchema& operator=(const WireSchema&) = delete;
  ~WireSchema() { schema_.release(&schema_); }
  [[nodiscard]] const ArrowSchema& get() const noexcept { return schema_; }

 private:
  ArrowSchema schema_{};
};

}  // namespace qonduit::host
