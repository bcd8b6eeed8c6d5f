// An adapter behind its C table, driven as the host drives it. One thread at a time, but for decode. Needs no GoogleTest.
#pragma once

#include <qonduit/adapter.hpp>
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

struct DecodedByDriver {
  arrow::ArrayHandle array;
  std::int64_t rows = 0;
};

class AdapterDriver {
 public:
  static std::uint32_t accepts(const qonduit_adapter_api& api, std::string_view object_type, std::string_view layout_json) {
    return api.accepts(borrow(object_type), borrow(layout_json));
  }
  static Result<std::vector<std::string>> datasets(const qonduit_adapter_api& api, std::string_view object_type,
                                                   std::string_view layout_json) {
    std::vector<std::string> names;
    const auto take = [](void* context, const qonduit_dataset* dataset) {
      static_cast<std::vector<std::string>*>(context)->push_back(text_of(dataset->name));
    };
    auto status = call([&](qonduit_error* error) { return api.datasets(borrow(object_type), borrow(layout_json), take, &names, error); });
    if (!status.ok()) return status;
    return names;
  }
  static Result<AdapterDriver> create(const qonduit_adapter_api& api, const Options& options) {
    const BorrowedOptions pairs(options);
    ErrorSlot error;
    void* self = api.create(pairs.data(), pairs.size(), error.opaque());
    if (self != nullptr) return AdapterDriver(api, self);
    if (error.message.empty()) return Status(Code::internal, "the adapter was refused without a word");
    return Status(static_cast<Code>(error.code), error.message);
  }

  Result<OpenedByDriver> open(const SampleRun& run, std::string_view layout_json) {
    const auto wire = run.borrowed();
    ArrowSchema schema{};
    qonduit_extent extent{sizeof extent, -1, -1, {}};
    auto status = call([&](qonduit_error* error) { return api_->open(self_.get(), &wire, borrow(layout_json), &schema, &extent, error); });
    if (!status.ok()) return status;
    auto imported = arrow::import_schema(schema);
    if (schema.release != nullptr) schema.release(&schema);
    if (!imported) return std::move(imported).error();
    return OpenedByDriver{std::move(*imported), extent.rows, extent.cells, text_of(extent.note)};
  }
  Result<std::optional<Request>> next_request() {
    qonduit_request request{};
    request.struct_size = sizeof request;
    auto status = call([&](qonduit_error* error) { return api_->next_request(self_.get(), &request, error); });
    if (!status.ok()) return status;
    if (request.method.size == 0) return std::optional<Request>();
    const auto& page = request.page;
    return std::optional<Request>(Request{text_of(request.method),
                                          text_of(request.params_json),
                                          {page.left, page.top, page.width, page.height},
                                          request.tag,
                                          request.step_width,
                                          request.step_height});
  }
  // Copies the reply behind a border that a sanitizer watches: exactly QONDUIT_REPLY_PADDING bytes after it may be read.
  [[nodiscard]] Result<DecodedByDriver> decode(const Request& request, std::string_view reply_json) const {
    const std::unique_ptr<char[]> padded(new char[reply_json.size() + QONDUIT_REPLY_PADDING]());
    reply_json.copy(padded.get(), reply_json.size());
    qonduit_request wire{};
    wire.struct_size = sizeof wire;
    wire.method = borrow(request.method);
    wire.params_json = borrow(request.params_json);
    wire.page = {request.page.left, request.page.top, request.page.width, request.page.height};
    wire.tag = request.tag;
    DecodedByDriver decoded{arrow::ArrayHandle(new ArrowArray{}), 0};
    auto status = call([&](qonduit_error* error) {
      return api_->decode(self_.get(), &wire, {padded.get(), reply_json.size()}, decoded.array.get(), &decoded.rows, error);
    });
    if (!status.ok()) return status;
    return decoded;
  }

 private:
  struct Destroy {
    const qonduit_adapter_api* api;
    void operator()(void* self) const { api->destroy(self); }
  };
  AdapterDriver(const qonduit_adapter_api& api, void* self) : api_(&api), self_(self, Destroy{&api}) {}

  const qonduit_adapter_api* api_;
  std::unique_ptr<void, Destroy> self_;
};

}  // namespace qonduit::testing
