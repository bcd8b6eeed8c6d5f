// An adapter behind its C table, as the host drives it. One thread at a time, but for decode. Needs no GoogleTest.
#pragma once

#include <qonduit/adapter.hpp>
#include <qonduit/host.hpp>
#include <qonduit/testing/fake_host.hpp>
#include <qonduit/testing/sink_driver.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::testing {

struct OpenedByDriver {
  Schema schema;
  std::int64_t rows = -1;
  std::int64_t cells = -1;
  std::string note;
};

class AdapterDriver {
 public:
  static std::uint32_t accepts(const host::Component& component, const Options& options, std::string_view object_type,
                               std::string_view layout_json) {
    return host::Adapter::accepts(component, host::WirePairs(options), object_type, layout_json);
  }
  static Result<std::vector<Dataset>> datasets(const host::Component& component, const Options& options, std::string_view object_type,
                                               std::string_view layout_json) {
    return host::Adapter::datasets(component, host::WirePairs(options), object_type, layout_json);
  }
  static Result<AdapterDriver> create(const host::Component& component, const Options& options) {
    auto adapter = host::Adapter::create(component, host::WirePairs(options), {{}, "sales", {}});
    if (!adapter) return std::move(adapter).error();
    return AdapterDriver(std::move(*adapter));
  }

  [[nodiscard]] bool parallel_decode() const { return adapter_.parallel_decode(); }
  Result<std::optional<std::string>> prepare(const SampleRun& run, std::string_view layout_json, std::string_view properties_json) {
    return adapter_.prepare(run.borrowed(), layout_json, properties_json);
  }
  Result<OpenedByDriver> open(const SampleRun& run, std::string_view layout_json) {
    auto opened = adapter_.open(run.borrowed(), layout_json);
    if (!opened) return std::move(opened).error();
    auto schema = arrow::import_schema(*opened->schema);
    if (!schema) return std::move(schema).error();
    return OpenedByDriver{std::move(*schema), opened->rows, opened->cells, std::move(opened->note)};
  }
  Result<std::optional<Request>> next_request() { return adapter_.next_request(); }
  // Copies the reply behind a border that a sanitizer watches: exactly QONDUIT_REPLY_PADDING bytes after it may be read.
  [[nodiscard]] Result<host::DecodedPiece> decode(const Request& request, std::string_view reply_json) const {
    const Padded padded(reply_json);
    return adapter_.decode(request, padded.text());
  }
  Status widen(const Request& request, std::string_view reply_json) {
    const Padded padded(reply_json);
    return adapter_.widen(request, padded.text());
  }
  Status use_locale(const Locale& locale) { return adapter_.use_locale(locale); }
  [[nodiscard]] Result<std::vector<std::string>> findings() { return adapter_.findings(); }

 private:
  class Padded {
   public:
    explicit Padded(std::string_view text) : bytes_(new char[text.size() + QONDUIT_REPLY_PADDING]()), size_(text.size()) {
      text.copy(bytes_.get(), text.size());
    }
    [[nodiscard]] std::string_view text() const { return {bytes_.get(), size_}; }

   private:
    std::unique_ptr<char[]> bytes_;
    std::size_t size_;
  };
  explicit AdapterDriver(host::Adapter adapter) : adapter_(std::move(adapter)) {}

  host::Adapter adapter_;
};

}  // namespace qonduit::testing
