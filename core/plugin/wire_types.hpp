// Values of the host in the form they cross the boundary, borrowed for the length of a call; and texts of a plugin, copied.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/config.hpp"
#include "core/plugin/host_services.hpp"
#include "core/plugin/option_check.hpp"
#include "qonduit/locale.hpp"
#include "qonduit/sink.hpp"

namespace qonduit::plugin {

// Options as pairs. Secrets are revealed here and nowhere else.
class OptionPairs {
 public:
  OptionPairs(const Component& component, std::vector<config::Option> options) : options_(std::move(options)) {
    const auto description = read_description(component.describe_json());
    for (auto& option : options_) {
      // What does not fit was reported before, and is left to the plugin.
      if (description) static_cast<void>(take_quotes(description->options, option));
      pairs_.push_back({borrow(option.key), borrow(option.value.reveal())});
    }
  }
  [[nodiscard]] const qonduit_pair* data() const { return pairs_.data(); }
  [[nodiscard]] std::size_t size() const { return pairs_.size(); }

 private:
  std::vector<config::Option> options_;
  std::vector<qonduit_pair> pairs_;
};

// A text a plugin gave, bytes as they are; nothing where it is null but claims bytes, or claims more than most.
inline std::optional<std::string> copy_text(qonduit_str text, std::size_t most) {
  if (text.size == 0) return std::string();
  if (text.data == nullptr || text.size > most) return std::nullopt;
  return std::string(text.data, text.size);
}

class WireLocale {
 public:
  explicit WireLocale(const Locale& locale)
      : wire_{sizeof wire_,
              borrow(locale.decimal),
              borrow(locale.thousands),
              borrow(locale.money_decimal),
              borrow(locale.money_thousands),
              borrow(locale.money),
              borrow(locale.date),
              borrow(locale.time),
              borrow(locale.timestamp),
              borrow(locale.abbreviations),
              borrow(locale.months),
              borrow(locale.long_months),
              borrow(locale.days),
              borrow(locale.long_days)} {}
  [[nodiscard]] const qonduit_locale* get() const { return &wire_; }

 private:
  qonduit_locale wire_;
};

class WireRun {
 public:
  explicit WireRun(const Run& run) : loop_(pairs_of(run.loop)), selections_(pairs_of(run.selections)) {
    wire_.struct_size = sizeof wire_;
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
    wire_.started_at = borrow(run.started_at);
    wire_.reload_time = borrow(run.reload_time);
    wire_.loop = loop_.data();
    wire_.loop_count = loop_.size();
    wire_.selections = selections_.data();
    wire_.selection_count = selections_.size();
    wire_.hypercube = borrow(run.hypercube);
    objects_.reserve(run.objects.size());
    for (const auto& object : run.objects) objects_.push_back({borrow(object.object_id), borrow(object.title), borrow(object.sheet)});
    wire_.objects = objects_.data();
    wire_.object_count = objects_.size();
    wire_.takeover = run.takeover ? 1 : 0;
    wire_.day = borrow(run.day);
  }
  WireRun(const WireRun&) = delete;
  WireRun& operator=(const WireRun&) = delete;
  [[nodiscard]] const qonduit_run* get() const { return &wire_; }

 private:
  static std::vector<qonduit_pair> pairs_of(const std::vector<std::pair<std::string_view, std::string_view>>& texts) {
    std::vector<qonduit_pair> pairs;
    for (const auto& [key, value] : texts) pairs.push_back({borrow(key), borrow(value)});
    return pairs;
  }

  std::vector<qonduit_pair> loop_;
  std::vector<qonduit_pair> selections_;
  std::vector<qonduit_named_object> objects_;
  qonduit_run wire_{};
};

}  // namespace qonduit::plugin
