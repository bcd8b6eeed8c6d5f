#include "core/pipeline/object_item.hpp"

#include <optional>
#include <utility>

#include "core/logging/logging.hpp"
#include "core/pipeline/dataset_reader.hpp"

namespace qonduit::pipeline {
namespace {

class ObjectDataset final : public DatasetSource {
 public:
  // The first attempt reads what was planned; should that have changed since, it ends as inconsistent. Later ones look again.
  ObjectDataset(engine::Session& session, std::string object_id, plugin::RemoteAdapter adapter, fetch::Snapshot seen)
      : session_(session), object_id_(std::move(object_id)), adapter_(std::move(adapter)), seen_(std::move(seen)) {}

  Result<std::unique_ptr<BatchReader>> open(const Run& run, const fetch::Options& options, const std::stop_token& stop) override {
    auto snapshot = seen_ ? Result<fetch::Snapshot>(*std::exchange(seen_, std::nullopt)) : look_at(session_, object_id_, stop);
    if (!snapshot) return std::move(snapshot).error();
    auto reader = DatasetReader::open(session_, adapter_, std::move(*snapshot), run, options, stop);
    if (!reader) return std::move(reader).error();
    return std::unique_ptr<BatchReader>(std::move(*reader));
  }

 private:
  engine::Session& session_;
  std::string object_id_;
  plugin::RemoteAdapter adapter_;
  std::optional<fetch::Snapshot> seen_;
};

class ObjectItemPlan final : public ItemPlan {
 public:
  ObjectItemPlan(engine::Session& session, const NamedAdapter* adapter, fetch::Snapshot seen)
      : session_(session), adapter_(adapter), seen_(std::move(seen)) {}

  Result<std::unique_ptr<DatasetSource>> source(const std::string&) override {
    auto adapter = plugin::RemoteAdapter::create(*adapter_->component, adapter_->options);
    if (!adapter) return std::move(adapter).error();
    return std::unique_ptr<DatasetSource>(new ObjectDataset(session_, facts.id, std::move(*adapter), seen_));
  }

 private:
  engine::Session& session_;
  const NamedAdapter* adapter_;
  fetch::Snapshot seen_;
};

}  // namespace

ObjectItem::ObjectItem(engine::Session& session, const std::vector<NamedAdapter>& adapters, const engine::ObjectRef& object)
    : session_(session), adapters_(adapters), facts_{object.id, object.type, object.title, object.sheet_title} {}

Result<std::unique_ptr<ItemPlan>> ObjectItem::plan(const std::stop_token& stop) {
  auto seen = look_at(session_, facts_.id, stop);
  if (!seen) return std::move(seen).error();
  const auto layout = seen->layout_json();
  auto known = read_facts(layout);
  if (!known) return std::move(known).error();
  const auto census = take_census(layout);
  if (!census) return census.error();
  auto facts = facts_;
  if (!known->type.empty()) facts.type = std::move(known->type);
  if (!known->title.empty()) facts.title = std::move(known->title);

  const auto* adapter = census->total() == 0 ? nullptr : choose_adapter(adapters_, facts.type, layout);
  if (adapter == nullptr && census->total() > 0) {
    return Status(Code::unsupported, "no plugin reads objects of type '" + facts.type + "' with this kind of data (" +
                                         std::to_string(census->other) + " pivot, stacked or tree cubes, " + std::to_string(census->lists) +
                                         " lists); leave it out of 'objects', or install an adapter for it");
  }
  std::vector<std::string> names;
  std::vector<std::string> notes;
  if (adapter == nullptr) {
    notes.emplace_back("holds no data");
  } else {
    auto found = plugin::RemoteAdapter::datasets(*adapter->component, facts.type, layout);
    if (!found) return std::move(found).error();
    names = std::move(*found);
  }
  if (names.size() < static_cast<std::size_t>(census->total())) {
    notes.push_back("adapter '" + std::string(adapter->component->name()) + "' reads " + std::to_string(names.size()) + " of " +
                    std::to_string(census->total()) + " hypercubes and lists of this object");
    logging::log(logging::Level::warn, "left out data of an object that no adapter reads", {{"object", facts.id}, {"note", notes.back()}});
  }
  auto plan = std::make_unique<ObjectItemPlan>(session_, adapter, std::move(*seen));
  plan->facts = std::move(facts);
  if (adapter != nullptr) plan->reader = adapter->component->name();
  plan->datasets = std::move(names);
  plan->notes = std::move(notes);
  return std::unique_ptr<ItemPlan>(std::move(plan));
}

}  // namespace qonduit::pipeline
