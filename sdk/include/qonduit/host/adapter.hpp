// An adapter behind its C table, driven as every host drives it. What comes back is checked before anybody relies on it: a
// stranger's plugin may be wrong. Used by one thread at a time, but for cancel(), and for decode() where parallel_decode()
// says so.
#pragma once

#include <qonduit/adapter.hpp>
#include <qonduit/host/batch_check.hpp>
#include <qonduit/host/call.hpp>
#include <qonduit/host/component.hpp>
#include <qonduit/host/wire.hpp>
#include <qonduit/status.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::host {

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

class Adapter {
 public:
  // 0 from a plugin that throws or answers more than 100.
  static std::uint32_t accepts(const Component& component, const WirePairs& options, std::string_view object_type,
                               std::string_view layout_json) {
    constexpr std::uint32_t kBestScore = 100;
    try {
      const auto place = component.place();
      const Place::Call open(*place, "accepts");
      const auto score =
          component.adapter().accepts(place->context(), options.data(), options.size(), borrow(object_type), borrow(layout_json));
      return score <= kBestScore ? score : 0;
    } catch (...) {
      return 0;
    }
  }
  // Each name once, in the adapter's order.
  static Result<std::vector<Dataset>> datasets(const Component& component, const WirePairs& options, std::string_view object_type,
                                               std::string_view layout_json) {
    const auto place = component.place();
    const auto who = component.text();
    Reply<std::vector<Dataset>> reply;
    auto status = host::call(who, *place, "datasets", [&](qonduit_error* error) {
      return component.adapter().datasets(place->context(), options.data(), options.size(), borrow(object_type), borrow(layout_json),
                                          &take_dataset, &reply, error);
    });
    if (!status.ok()) return status;
    if (!reply.problem.empty()) return Status(Code::internal, who + " " + reply.problem);
    return std::move(reply.value);
  }
  static Result<Adapter> create(const Component& component, const WirePairs& options, Purpose purpose = {}) {
    auto place = component.place(std::move(purpose));
    auto self = call_create(component.text(), *place, [&](qonduit_error* error) {
      return component.adapter().create(place->context(), options.data(), options.size(), error);
    });
    if (!self) return std::move(self).error();
    return Adapter(component, std::move(place), *self);
  }

  // Whether decode() may run on several threads at once.
  [[nodiscard]] bool parallel_decode() const { return (api().flags & QONDUIT_ADAPTER_PARALLEL_DECODE) != 0; }

  // run, layout_json: the dataset that will be read, and the published object as it is.
  Result<std::optional<std::string>> prepare(const Run& run, std::string_view layout_json, std::string_view properties_json) {
    if (!QONDUIT_HAS(qonduit_adapter_api, &api(), prepare)) return std::optional<std::string>();
    const WireRun wire(run);
    Reply<std::optional<std::string>> reply;
    auto status = call("prepare", [&](qonduit_error* error) {
      return api().prepare(self_.get(), wire.get(), borrow(layout_json), borrow(properties_json), &take_definition, &reply, error);
    });
    if (status.ok() && reply.count > 0) status = reply.once(who_, "for the definition of a session object");
    if (!status.ok()) return status;
    return std::move(reply.value);
  }
  Result<OpenedAdapter> open(const Run& run, std::string_view layout_json) {
    constexpr std::size_t kLongestNote = 4000;
    place_->in_run(run.run_id);
    const WireRun wire(run);
    OpenedAdapter opened;
    qonduit_extent extent{};
    extent.struct_size = sizeof extent, extent.rows = -1, extent.cells = -1;
    auto status = call("open", [&](qonduit_error* error) {
      return api().open(self_.get(), wire.get(), borrow(layout_json), opened.schema.get(), &extent, error);
    });
    if (!status.ok()) return status;
    if (opened.schema->release == nullptr) return Status(Code::internal, who_ + " opened without a schema");
    if (const auto problem = check_schema(*opened.schema); !problem.empty()) return Status(Code::internal, who_ + " " + problem);
    auto schema = arrow::import_schema(*opened.schema);
    if (!schema) return std::move(schema).error().within(who_);
    if (extent.rows < -1 || extent.cells < -1) {
      return Status(Code::internal,
                    who_ + " expects " + std::to_string(extent.rows) + " rows and " + std::to_string(extent.cells) + " cells");
    }
    auto note = copy_text(extent.note, kLongestNote);
    if (!note) return Status(Code::internal, who_ + " opened with a note that is no text, or longer than a page");
    schema_ = std::move(*schema);
    opened.note = std::move(*note);
    opened.rows = extent.rows;
    opened.cells = extent.cells;
    return opened;
  }
  // Nothing: there is nothing more to ask.
  Result<std::optional<Request>> next_request() {
    qonduit_request wire{};
    wire.struct_size = sizeof wire;
    auto status = call("next_request", [&](qonduit_error* error) { return api().next_request(self_.get(), &wire, error); });
    if (!status.ok()) return status;
    return checked(wire);
  }
  // REQUIRES: QONDUIT_REPLY_PADDING bytes after reply_json may be read.
  [[nodiscard]] Result<DecodedPiece> decode(const Request& request, std::string_view reply_json) const {
    const auto wire = wire_request(request);
    DecodedPiece piece{arrow::ArrayHandle(new ArrowArray{}), -1};
    auto status = call("decode", [&](qonduit_error* error) {
      return api().decode(self_.get(), &wire, borrow(reply_json), piece.array.get(), &piece.rows, error);
    });
    if (!status.ok()) return status;
    const auto columns = static_cast<std::int64_t>(schema_.fields.size());
    auto problem = check_array(*piece.array, columns);
    // A piece of the width has some of the columns, and which ones only the adapter knows; the rest is seen when they are joined.
    if (problem.empty() && piece.array->n_children == columns) problem = check_types(*piece.array, schema_);
    if (problem.empty() && (piece.rows < 0 || (wire.page.width > 0 && piece.rows > wire.page.height)))
      problem = "says that a reply to a page of " + std::to_string(wire.page.height) + " rows covered " + std::to_string(piece.rows);
    if (!problem.empty()) return Status(Code::internal, who_ + " " + problem);
    return piece;
  }
  // REQUIRES: as decode.
  Status widen(const Request& request, std::string_view reply_json) {
    if (!QONDUIT_HAS(qonduit_adapter_api, &api(), widen)) return {Code::unsupported, who_ + " cannot widen its columns"};
    const auto wire = wire_request(request);
    return call("widen", [&](qonduit_error* error) { return api().widen(self_.get(), &wire, borrow(reply_json), error); });
  }
  // How the app writes numbers and dates: before prepare and open.
  Status use_locale(const Locale& locale) {
    if (!QONDUIT_HAS(qonduit_adapter_api, &api(), use_locale)) return {};
    const auto wire = wire_locale(locale);
    return call("use_locale", [&](qonduit_error* error) { return api().use_locale(self_.get(), &wire, error); });
  }
  // After the last decode: what the adapter has to say of the values.
  [[nodiscard]] Result<std::vector<std::string>> findings() {
    if (!QONDUIT_HAS(qonduit_adapter_api, &api(), findings)) return std::vector<std::string>();
    Reply<std::vector<std::string>> reply;
    auto status = call("findings", [&](qonduit_error* error) { return api().findings(self_.get(), &take_note, &reply, error); });
    if (!status.ok()) return status;
    if (!reply.problem.empty()) return Status(Code::internal, who_ + " " + reply.problem);
    return std::move(reply.value);
  }

  // Any thread, while the object lives: the call under way should answer cancelled soon.
  void cancel() noexcept {
    place_->cancel();
    if (!QONDUIT_HAS(qonduit_adapter_api, &api(), cancel)) return;
    try {
      api().cancel(self_.get());
    } catch (...) {
      // It was told what it can be told.
    }
  }

 private:
  struct Destroy {
    const qonduit_adapter_api* api;
    const Place* place;
    void operator()(void* self) const noexcept {
      const Place::Call open(*place, "destroy", Place::Meant::yes);
      try {
        api->destroy(self);
      } catch (...) {
        // As for sinks: nobody to tell.
      }
    }
  };
  static constexpr std::size_t kMostDatasets = 1000;
  static constexpr std::size_t kLongestName = 1000;
  static constexpr std::size_t kLongestDefinition = 64 << 20;

  Adapter(const Component& component, std::unique_ptr<Place> place, void* self)
      : component_(component), who_(component.text()), place_(std::move(place)), self_(self, Destroy{&component.adapter(), place_.get()}) {}
  [[nodiscard]] const qonduit_adapter_api& api() const { return component_.adapter(); }
  template <typename Function>
  Status call(const char* name, Function&& function, Place::Meant meant = Place::Meant::no) const {
    return host::call(who_, *place_, name, std::forward<Function>(function), meant);
  }

  static qonduit_request wire_request(const Request& request) {
    qonduit_request wire{};
    wire.struct_size = sizeof wire;
    wire.flags = request.of_layout ? std::uint32_t{QONDUIT_REQUEST_LAYOUT} : 0u;
    wire.page = {request.page.left, request.page.top, request.page.width, request.page.height};
    wire.tag = request.tag;
    return wire;
  }
  [[nodiscard]] Result<std::optional<Request>> checked(const qonduit_request& wire) const {
    Request request;
    request.of_layout = (wire.flags & QONDUIT_REQUEST_LAYOUT) != 0;
    request.tag = wire.tag;
    if (request.of_layout) {
      if (wire.method.size != 0 || wire.page.width != 0)
        return Status(Code::internal, who_ + " asked for the layout it has, and for a method or a page besides");
      return std::optional<Request>(std::move(request));
    }
    if (wire.method.size == 0) return std::optional<Request>();
    auto method = copy_text(wire.method, kLongestName);
    auto params = copy_text(wire.params_json, kLongestDefinition);
    if (!method || !params) return Status(Code::internal, who_ + " asked with a method or arguments that are no text");
    if (!sane(wire.page)) return Status(Code::internal, who_ + " asked for a page that is negative or too large to count its cells");
    if (!sane_steps(wire)) {
      return Status(Code::internal, who_ + " asked for a page of " + std::to_string(wire.page.width) + " by " +
                                        std::to_string(wire.page.height) + " cells in steps of " + std::to_string(wire.step_width) +
                                        " by " + std::to_string(wire.step_height));
    }
    request.method = std::move(*method);
    request.params_json = std::move(*params);
    request.page = {wire.page.left, wire.page.top, wire.page.width, wire.page.height};
    request.step_width = wire.step_width;
    request.step_height = wire.step_height;
    if (request.params_json.size() < 2 || request.params_json.front() != '[' || request.params_json.back() != ']') {
      return Status(Code::internal,
                    who_ + " asked with arguments that are no JSON array: " + clean_text(borrow(request.params_json.substr(0, 100))));
    }
    return std::optional<Request>(std::move(request));
  }
  // Steps are there or not, fit into the page and divide it.
  static bool sane_steps(const qonduit_request& request) {
    if (request.step_width == 0 && request.step_height == 0) return true;
    return request.step_width > 0 && request.step_height > 0 && request.page.width % request.step_width == 0 &&
           request.page.height % request.step_height == 0;
  }
  // Pages are cut into pieces by the host: the sums and products of that must not overflow.
  static bool sane(const qonduit_page& page) {
    constexpr auto kMost = INT64_MAX;
    if (page.left < 0 || page.top < 0 || page.width < 0 || page.height < 0) return false;
    if (page.left > kMost - page.width || page.top > kMost - page.height) return false;
    return page.width == 0 || page.height <= kMost / page.width;
  }

  static void take_dataset(void* taker, const qonduit_dataset* said) {
    Reply<std::vector<Dataset>>::receive(taker, [&](std::vector<Dataset>& datasets) -> std::string {
      if (auto problem = too_small(said, QONDUIT_SIZE_UP_TO(qonduit_dataset, place)); !problem.empty())
        return "named a dataset and " + problem;
      auto name = copy_text(said->name, kLongestName);
      auto place = copy_text(said->place, kLongestName);
      if (!name || !place) return "named a dataset with an impossible text";
      if (std::any_of(datasets.begin(), datasets.end(), [&](const auto& known) { return known.name == *name; }))
        return "named the dataset '" + *name + "' twice";
      if (datasets.size() == kMostDatasets) return "named more than " + std::to_string(kMostDatasets) + " datasets";
      datasets.push_back({std::move(*name), std::move(*place)});
      return {};
    });
  }
  static void take_definition(void* taker, qonduit_str text) {
    Reply<std::optional<std::string>>::receive(taker, [&](std::optional<std::string>& definition) -> std::string {
      definition = copy_text(text, kLongestDefinition);
      return definition && !definition->empty() ? "" : "gave an empty or impossible definition of a session object";
    });
  }
  static void take_note(void* taker, qonduit_str text) {
    Reply<std::vector<std::string>>::receive(taker, [&](std::vector<std::string>& notes) -> std::string {
      constexpr std::size_t kLongestNote = 4000;
      auto note = copy_text(text, kLongestNote);
      if (!note) return "gave a note that is no text, or longer than a page";
      if (notes.size() < kMostDatasets) notes.push_back(std::move(*note));
      return {};
    });
  }

  Component component_;
  std::string who_;
  std::unique_ptr<Place> place_;  // outlives the instance
  std::unique_ptr<void, Destroy> self_;
  Schema schema_;  // of the last open
};

}  // namespace qonduit::host
