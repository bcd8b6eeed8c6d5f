#include "core/plugin/remote_adapter.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/plugin/batch_check.hpp"
#include "core/plugin/host_services.hpp"
#include "core/plugin/wire_types.hpp"

namespace qonduit::plugin {
namespace {

constexpr std::size_t kDatasetTable = offsetof(qonduit_dataset, name) + sizeof(qonduit_str);
constexpr std::size_t kMostDatasets = 1000;
constexpr std::size_t kLongestDatasetName = 1000;
constexpr std::size_t kLongestNote = 4000;
constexpr std::size_t kLongestDefinition = 64 << 20;
constexpr std::uint32_t kBestScore = 100;

qonduit_request wire_request(const Request& request) {
  qonduit_request wire{};
  wire.struct_size = sizeof wire;
  wire.method = borrow(request.method);
  wire.params_json = borrow(request.params_json);
  wire.page = {request.page.left, request.page.top, request.page.width, request.page.height};
  wire.tag = request.tag;
  return wire;
}

// What reply callbacks collect. They are called by the plugin, so they do not throw: a problem waits here until the call is over.
struct DatasetReply {
  std::vector<std::string> names;
  std::string problem;
};

void take_dataset(void* context, const qonduit_dataset* dataset) noexcept {
  auto& reply = *static_cast<DatasetReply*>(context);
  try {
    if (dataset == nullptr || dataset->struct_size < kDatasetTable) {
      reply.problem = "named a dataset with a table that is null or too small";
    } else if (auto name = copy_text(dataset->name, kLongestDatasetName); !name) {
      reply.problem = "named a dataset with an impossible text";
    } else if (std::find(reply.names.begin(), reply.names.end(), *name) != reply.names.end()) {
      reply.problem = "named the dataset '" + *name + "' twice";
    } else if (reply.names.size() == kMostDatasets) {
      reply.problem = "named more than " + std::to_string(kMostDatasets) + " datasets";
    } else {
      reply.names.push_back(std::move(*name));
    }
  } catch (...) {
    reply.problem.assign("ran out of memory");
  }
}

struct DefinitionReply {
  std::optional<std::string> definition;
  std::string problem;
};

void take_definition(void* context, qonduit_str text) noexcept {
  auto& reply = *static_cast<DefinitionReply*>(context);
  try {
    reply.definition = copy_text(text, kLongestDefinition);
    if (!reply.definition || reply.definition->empty()) reply.problem = "gave an empty or impossible definition of a session object";
  } catch (...) {
    reply.problem.assign("ran out of memory");
  }
}

struct NotesReply {
  std::vector<std::string> notes;
  std::string problem;
};

void take_note(void* context, qonduit_str text) noexcept {
  auto& reply = *static_cast<NotesReply*>(context);
  try {
    auto note = copy_text(text, kLongestNote);
    if (!note) {
      reply.problem = "gave a note that is no text, or longer than a page";
    } else if (reply.notes.size() < kMostDatasets) {
      reply.notes.push_back(std::move(*note));
    }
  } catch (...) {
    reply.problem.assign("ran out of memory");
  }
}

// Functions appended to the table after its first release.
bool prepares_datasets(const qonduit_adapter_api& api) {
  return api.struct_size >= offsetof(qonduit_adapter_api, prepare_dataset) + sizeof api.prepare_dataset && api.prepare_dataset != nullptr;
}

bool uses_locale(const qonduit_adapter_api& api) {
  return api.struct_size >= offsetof(qonduit_adapter_api, use_locale) + sizeof api.use_locale && api.use_locale != nullptr;
}
bool has_findings(const qonduit_adapter_api& api) {
  return api.struct_size >= offsetof(qonduit_adapter_api, findings) + sizeof api.findings && api.findings != nullptr;
}

// Steps are there or not, fit into the page and divide it.
bool sane_steps(const qonduit_request& request) {
  if (request.step_width == 0 && request.step_height == 0) return true;
  return request.step_width > 0 && request.step_height > 0 && request.page.width % request.step_width == 0 &&
         request.page.height % request.step_height == 0;
}

// Pages are cut into pieces by the host: the sums and products of that must not overflow.
bool sane(const qonduit_page& page) {
  std::int64_t end = 0;
  return page.left >= 0 && page.top >= 0 && page.width >= 0 && page.height >= 0 && !__builtin_add_overflow(page.left, page.width, &end) &&
         !__builtin_add_overflow(page.top, page.height, &end) && !__builtin_mul_overflow(page.width, page.height, &end);
}

}  // namespace

void RemoteAdapter::Destroy::operator()(void* self) const noexcept {
  try {
    api->destroy(self);
  } catch (...) {
    // As for sinks: nobody to tell.
  }
}

std::string RemoteAdapter::who() const { return "adapter '" + std::string(component_.name()) + "'"; }

std::uint32_t RemoteAdapter::accepts(const Component& component, std::string_view object_type, std::string_view layout_json) {
  try {
    const auto score = component.adapter().accepts(borrow(object_type), borrow(layout_json));
    return score <= kBestScore ? score : 0;
  } catch (...) {
    return 0;
  }
}

Result<std::vector<std::string>> RemoteAdapter::datasets(const Component& component, std::string_view object_type,
                                                         std::string_view layout_json) {
  const auto who = "adapter '" + std::string(component.name()) + "'";
  DatasetReply reply;
  auto status = call_plugin(who, [&](qonduit_error* error) {
    return component.adapter().datasets(borrow(object_type), borrow(layout_json), take_dataset, &reply, error);
  });
  if (!status.ok()) return status;
  if (!reply.problem.empty()) return Status(Code::internal, who + " " + reply.problem);
  return std::move(reply.names);
}

Result<RemoteAdapter> RemoteAdapter::create(const Component& component, const std::vector<config::Option>& options) {
  const OptionPairs pairs(component, options);
  void* self = nullptr;
  auto status = call_plugin("adapter '" + std::string(component.name()) + "'", [&](qonduit_error* error) -> qonduit_code {
    self = component.adapter().create(pairs.data(), pairs.size(), error);
    if (self != nullptr) return QONDUIT_OK;
    return error->code == QONDUIT_OK ? static_cast<qonduit_code>(QONDUIT_INTERNAL) : error->code;
  });
  if (!status.ok()) return status;
  return RemoteAdapter(component, self);
}

Result<std::optional<std::string>> RemoteAdapter::prepare(const Run& run, std::string_view layout_json, std::string_view properties_json) {
  const bool for_dataset = prepares_datasets(api());
  if (!for_dataset && api().prepare == nullptr) return std::optional<std::string>();
  const WireRun wire(run);
  DefinitionReply reply;
  auto status = call_plugin(who(), [&](qonduit_error* error) {
    if (!for_dataset) return api().prepare(self_.get(), borrow(properties_json), take_definition, &reply, error);
    return api().prepare_dataset(self_.get(), wire.get(), borrow(layout_json), borrow(properties_json), take_definition, &reply, error);
  });
  if (!status.ok()) return status;
  if (!reply.problem.empty()) return Status(Code::internal, who() + " " + reply.problem);
  return std::move(reply.definition);
}

Result<OpenedAdapter> RemoteAdapter::open(const Run& run, std::string_view layout_json) {
  const WireRun wire(run);
  OpenedAdapter opened;
  qonduit_extent extent{sizeof extent, -1, -1, {}};
  auto status = call_plugin(who(), [&](qonduit_error* error) {
    return api().open(self_.get(), wire.get(), borrow(layout_json), opened.schema.get(), &extent, error);
  });
  if (!status.ok()) return status;
  if (opened.schema->release == nullptr) return Status(Code::internal, who() + " opened without giving a schema");
  if (const auto problem = check_schema(*opened.schema); !problem.empty()) return Status(Code::internal, who() + " " + problem);
  auto schema = arrow::import_schema(*opened.schema);
  if (!schema) return std::move(schema).error().within(who());
  if (extent.rows < -1 || extent.cells < -1) {
    return Status(Code::internal,
                  who() + " expects " + std::to_string(extent.rows) + " rows and " + std::to_string(extent.cells) + " cells");
  }
  auto note = copy_text(extent.note, kLongestNote);
  if (!note) return Status(Code::internal, who() + " opened with a note that is no text, or longer than a page");
  schema_ = std::move(*schema);
  opened.note = std::move(*note);
  opened.rows = extent.rows;
  opened.cells = extent.cells;
  return opened;
}

Result<std::optional<Request>> RemoteAdapter::next_request() {
  qonduit_request wire{};
  wire.struct_size = sizeof wire;
  auto status = call_plugin(who(), [&](qonduit_error* error) { return api().next_request(self_.get(), &wire, error); });
  if (!status.ok()) return status;
  if (wire.method.size == 0) return std::optional<Request>();
  auto method = copy_text(wire.method, kLongestDatasetName);
  auto params = copy_text(wire.params_json, kLongestDefinition);
  if (!method || !params) return Status(Code::internal, who() + " asked with a method or arguments that are no text");
  if (!sane(wire.page)) return Status(Code::internal, who() + " asked for a page that is negative or too large to count its cells");
  if (!sane_steps(wire)) {
    return Status(Code::internal, who() + " asked for a page of " + std::to_string(wire.page.width) + " by " +
                                      std::to_string(wire.page.height) + " cells in steps of " + std::to_string(wire.step_width) + " by " +
                                      std::to_string(wire.step_height));
  }
  Request request;
  request.method = std::move(*method);
  request.params_json = std::move(*params);
  request.page = {wire.page.left, wire.page.top, wire.page.width, wire.page.height};
  request.tag = wire.tag;
  request.step_width = wire.step_width;
  request.step_height = wire.step_height;
  if (request.params_json.size() < 2 || request.params_json.front() != '[' || request.params_json.back() != ']') {
    return Status(Code::internal,
                  who() + " asked with arguments that are no JSON array: " + clean_text(borrow(request.params_json.substr(0, 100))));
  }
  return std::optional<Request>(std::move(request));
}

Result<DecodedPiece> RemoteAdapter::decode(const Request& request, std::string_view reply_json) const {
  const auto wire = wire_request(request);
  DecodedPiece piece{arrow::ArrayHandle(new ArrowArray{}), -1};
  // The hot path: no std::function, one virtual-free call across the boundary per page.
  qonduit_error error;
  qonduit_code code = QONDUIT_INTERNAL;
  try {
    code = api().decode(self_.get(), &wire, borrow(reply_json), piece.array.get(), &piece.rows, &error);
  } catch (...) {
    return thrown(who());
  }
  if (code != QONDUIT_OK) return status_of(who(), code, error);
  const auto columns = static_cast<std::int64_t>(schema_.fields.size());
  auto problem = check_array(*piece.array, columns);
  // A piece of the width has some of the columns, and which ones only the adapter knows; the rest is seen when they are joined.
  if (problem.empty() && piece.array->n_children == columns) problem = check_types(*piece.array, schema_);
  if (problem.empty() && (piece.rows < 0 || (wire.page.width > 0 && piece.rows > wire.page.height)))
    problem = "says that a reply to a page of " + std::to_string(wire.page.height) + " rows covered " + std::to_string(piece.rows);
  if (!problem.empty()) return Status(Code::internal, who() + " " + problem);
  return piece;
}

Status RemoteAdapter::widen(const Request& request, std::string_view reply_json) {
  if (api().widen == nullptr) return {Code::unsupported, who() + " cannot widen its columns"};
  const auto wire = wire_request(request);
  return call_plugin(who(), [&](qonduit_error* error) { return api().widen(self_.get(), &wire, borrow(reply_json), error); });
}

Status RemoteAdapter::use_locale(const Locale& locale) {
  if (!uses_locale(api())) return {};
  const WireLocale wire(locale);
  return call_plugin(who(), [&](qonduit_error* error) { return api().use_locale(self_.get(), wire.get(), error); });
}

Result<std::vector<std::string>> RemoteAdapter::findings() {
  if (!has_findings(api())) return std::vector<std::string>();
  NotesReply reply;
  auto status = call_plugin(who(), [&](qonduit_error* error) { return api().findings(self_.get(), take_note, &reply, error); });
  if (!status.ok()) return status;
  if (!reply.problem.empty()) return Status(Code::internal, who() + " " + reply.problem);
  return std::move(reply.notes);
}

}  // namespace qonduit::plugin
