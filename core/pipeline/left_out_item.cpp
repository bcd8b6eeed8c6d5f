#include "core/pipeline/left_out_item.hpp"

namespace qonduit::pipeline {
namespace {

class EmptyPlan final : public ItemPlan {
 public:
  Result<std::unique_ptr<DatasetSource>> source(const std::string&) override {
    return Status(Code::internal, "asked for data of an object that was left out");
  }
};

}  // namespace

bool LeftOutItem::leaves_out(const engine::ObjectRef& object, config::Hidden hidden) {
  using Sight = engine::ObjectRef::Sight;
  return object.sight == Sight::missing || (object.sight == Sight::hidden && hidden == config::Hidden::skip);
}

LeftOutItem::LeftOutItem(const engine::ObjectRef& object)
    : facts_{object.id, object.type, object.title, object.sheet_title}, note_("left out: " + object.reason) {
  if (object.sight == engine::ObjectRef::Sight::hidden) note_ += " (hidden = read delivers it)";
}

Result<std::unique_ptr<ItemPlan>> LeftOutItem::plan(const std::stop_token&) {
  auto plan = std::make_unique<EmptyPlan>();
  plan->facts = facts_;
  plan->notes.push_back(note_);
  return std::unique_ptr<ItemPlan>(std::move(plan));
}

}  // namespace qonduit::pipeline
