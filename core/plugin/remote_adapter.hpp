// An adapter on the other side of the boundary, as C++ sees it. What comes back is checked before anybody relies on it: a stranger's
// plugin may be wrong. Used by one thread at a time, but for decode().
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.hpp"
#include "core/plugin/registry.hpp"
#include "qonduit/adapter.hpp"
#include "qonduit/status.hpp"

namespace qonduit::plugin {

// An Arrow schema from a plugin, released with this object.
class SchemaHandle {
 public:
  SchemaHandle() : schema_(new ArrowSchema{}) {}
  [[nodiscard]] ArrowSchema* get() noexcept { return schema_.get(); }
  const ArrowSchema& operator*() const noexcept { return *schema_; }
  const ArrowSchema* operator->() const noexcept { return schema_.get(); }

 private:
  struct Release {
    void operator()(ArrowSchema* schema) const noexcept {
      try {
        if (schema->release != nullptr) schema->release(schema);
      } catch (...) {
        // It has leaked; there is nobody to tell.
      }
      delete schema;
    }
  };
  std::unique_ptr<ArrowSchema, Release> schema_;
};

struct OpenedAdapter {
  SchemaHandle schema;
  std::int64_t rows = -1;
  std::int64_t cells = -1;
  std::string note;
};

struct DecodedPiece {
  arrow::ArrayHandle array;
  std::int64_t rows = 0;
};

class RemoteAdapter {
 public:
  // 0 from a plugin that throws or answers more than 100.
  static std::uint32_t accepts(const Component& component, std::string_view object_type, std::string_view layout_json);
  // Names, each one once, in the adapter's order.
  static Result<std::vector<std::string>> datasets(const Component& component, std::string_view object_type, std::string_view layout_json);
  static Result<RemoteAdapter> create(const Component& component, const std::vector<config::Option>& options);

  // run and layout_json: the dataset that will be read, and the published object as it is.
  Result<std::optional<std::string>> prepare(const Run& run, std::string_view layout_json, std::string_view properties_json);
  Result<OpenedAdapter> open(const Run& run, std::string_view layout_json);
  Result<std::optional<Request>> next_request();
  // REQUIRES: QONDUIT_REPLY_PADDING bytes behind reply_json may be read.
  [[nodiscard]] Result<DecodedPiece> decode(const Request& request, std::string_view reply_json) const;
  Status widen(const Request& request, std::string_view reply_json);
  // How the app writes numbers and dates: before prepare and open.
  Status use_locale(const Locale& locale);
  // After the last decode: what the adapter has to say of the values.
  [[nodiscard]] Result<std::vector<std::string>> findings();

 private:
  struct Destroy {
    const qonduit_adapter_api* api;
    void operator()(void* self) const noexcept;
  };
  RemoteAdapter(const Component& component, void* self) : component_(component), self_(self, Destroy{&component.adapter()}) {}
  [[nodiscard]] const qonduit_adapter_api& api() const { return component_.adapter(); }
  [[nodiscard]] std::string who() const;

  Component component_;  // a copy: the registry may move its own
  std::unique_ptr<void, Destroy> self_;
  Schema schema_;  // of the last open
};

}  // namespace qonduit::plugin
