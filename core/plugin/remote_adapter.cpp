#include "core/plugin/remote_adapter.hpp"

#include <exception>

#include "core/plugin/host_services.hpp"
#include "core/plugin/wire_types.hpp"

namespace qonduit::plugin {
namespace {

qonduit_request wire_request(const Request& request) {
  qonduit_request wire{};
  wire.struct_size = sizeof wire;
  wire.method = borrow(request.method);
  wire.params_json = borrow(request.params_json);
  wire.page = {request.page.left, request.page.top, request.page.width, request.page.height};
  wire.tag = request.tag;
  return wire;
}

// A struct array of so many columns, or fewer for a piece of the width; all of one length, nothing missing.
std::string check_array(const ArrowArray& array, std::int64_t columns) {
  if (array.release == nullptr) return "gave no array";
  if (array.length < 0 || array.offset != 0) return "gave an array of impossible length or offset";
  if (array.n_children < 0 || array.n_children > columns || (array.n_children > 0 && array.children == nullptr)) {
    return "gave " + std::to_string(array.n_children) + " columns, its schema has " + std::to_string(columns);
  }
  for (std::int64_t i = 0; i < array.n_children; ++i) {
    const auto* child = array.children[i];
    if (child == nullptr || child->release == nullptr || child->buffers == nullptr) return "gave no data for column " + std::to_string(i);
    if (child->length != array.length)
      return "gave " + std::to_string(child->length) + " values for column " + std::to_string(i) + " in " + std::to_string(array.length) +
             " rows";
  }
  return {};
}

}  // namespace

void RemoteAdapter::Destroy::operator()(void* self) const noexcept {
  try {
    api->destroy(self);
  } catch (...) {
    // As for sinks: nobody to tell.
  }
}

std::string RemoteAdapter::who() const { return "adapter '" + std::string(component_->name()) + "'"; }

std::uint32_t RemoteAdapter::accepts(const Component& component, std::string_view object_type, std::string_view layout_json) {
  try {
    return component.adapter().accepts(borrow(object_type), borrow(layout_json));
  } catch (...) {
    return 0;
  }
}

Result<std::vector<std::string>> RemoteAdapter::datasets(const Component& component, std::string_view object_type,
                                                         std::string_view layout_json) {
  std::vector<std::string> names;
  const auto reply = [](void* context, const qonduit_dataset* dataset) {
    static_cast<std::vector<std::string>*>(context)->push_back(clean_text(dataset->name));
  };
  auto status = call_plugin("adapter '" + std::string(component.name()) + "'", [&](qonduit_error* error) {
    return component.adapter().datasets(borrow(object_type), borrow(layout_json), reply, &names, error);
  });
  if (!status.ok()) return status;
  return names;
}

Result<RemoteAdapter> RemoteAdapter::create(const Component& component, const std::vector<config::Option>& options) {
  const OptionPairs pairs(options);
  void* self = nullptr;
  auto status = call_plugin("adapter '" + std::string(component.name()) + "'", [&](qonduit_error* error) -> qonduit_code {
    self = component.adapter().create(pairs.data(), pairs.size(), error);
    if (self != nullptr) return QONDUIT_OK;
    return error->code == QONDUIT_OK ? static_cast<qonduit_code>(QONDUIT_INTERNAL) : error->code;
  });
  if (!status.ok()) return status;
  return RemoteAdapter(component, self);
}

Result<std::optional<std::string>> RemoteAdapter::prepare(std::string_view properties_json) {
  std::optional<std::string> definition;
  if (api().prepare == nullptr) return definition;
  const auto reply = [](void* context, qonduit_str text) {
    *static_cast<std::optional<std::string>*>(context) = std::string(text.data, text.size);
  };
  auto status = call_plugin(
      who(), [&](qonduit_error* error) { return api().prepare(self_.get(), borrow(properties_json), reply, &definition, error); });
  if (!status.ok()) return status;
  return definition;
}

Result<OpenedAdapter> RemoteAdapter::open(const Run& run, std::string_view layout_json) {
  const auto wire = wire_run(run);
  OpenedAdapter opened;
  qonduit_extent extent{sizeof extent, -1, -1};
  auto status = call_plugin(who(), [&](qonduit_error* error) {
    return api().open(self_.get(), &wire, borrow(layout_json), opened.schema.get(), &extent, error);
  });
  if (!status.ok()) return status;
  if (opened.schema->release == nullptr) return Status(Code::internal, who() + " opened without giving a schema");
  if (auto schema = arrow::import_schema(*opened.schema); !schema) return std::move(schema).error().within(who());
  opened.rows = extent.rows;
  opened.cells = extent.cells;
  columns_ = opened.schema->n_children;
  return opened;
}

Result<std::optional<Request>> RemoteAdapter::next_request() {
  qonduit_request wire{};
  wire.struct_size = sizeof wire;
  auto status = call_plugin(who(), [&](qonduit_error* error) { return api().next_request(self_.get(), &wire, error); });
  if (!status.ok()) return status;
  if (wire.method.size == 0) return std::optional<Request>();
  Request request;
  request.method.assign(wire.method.data, wire.method.size);
  request.params_json.assign(wire.params_json.data, wire.params_json.size);
  request.page = {wire.page.left, wire.page.top, wire.page.width, wire.page.height};
  request.tag = wire.tag;
  if (request.params_json.size() < 2 || request.params_json.front() != '[' || request.params_json.back() != ']') {
    return Status(Code::internal, who() + " asked with arguments that are no JSON array: " + request.params_json.substr(0, 100));
  }
  if (request.page.left < 0 || request.page.top < 0 || request.page.width < 0 || request.page.height < 0) {
    return Status(Code::internal, who() + " asked for a page with a negative side");
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
    return Status(Code::internal, who() + " threw an exception through the plugin boundary");
  }
  if (code != QONDUIT_OK) {
    return call_plugin(who(), [&](qonduit_error* again) {
      *again = std::move(error);
      return code;
    });
  }
  if (const auto problem = check_array(*piece.array, columns_); !problem.empty()) return Status(Code::internal, who() + " " + problem);
  return piece;
}

Status RemoteAdapter::widen(const Request& request, std::string_view reply_json) {
  if (api().widen == nullptr) return {Code::unsupported, who() + " cannot widen its columns"};
  const auto wire = wire_request(request);
  return call_plugin(who(), [&](qonduit_error* error) { return api().widen(self_.get(), &wire, borrow(reply_json), error); });
}

}  // namespace qonduit::plugin
