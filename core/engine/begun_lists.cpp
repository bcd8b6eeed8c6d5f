#include "core/engine/begun_lists.hpp"

#include <utility>

#include "core/engine/json_members.hpp"

namespace qonduit::engine {

void ListReading::advance() {
  if (made_ && made_->complete()) wait_until_made();
}

void ListReading::wait_until_made() {
  if (!made_) return;
  auto made = made_->take();
  made_.reset();
  if (!made) {
    failure_ = std::move(made).error();
    return;
  }
  object_ = std::move(*made);
  layout_.emplace(engine_, std::vector<Call>{{object_.number(), "GetLayout", "[]", {}}});
}

Result<Poco::JSON::Object::Ptr> ListReading::take() {
  wait_until_made();
  if (!layout_) return failure_;
  const auto reply = parse_reply(layout_->take().front());
  if (!reply) return reply.error();
  return object_in(*reply, "qLayout");
}

void BegunLists::begin(const std::string& definition) {
  auto& reading = begun_[definition];
  if (!reading) reading = std::make_unique<ListReading>(engine_, definition);
}

std::vector<Result<Poco::JSON::Object::Ptr>> BegunLists::read(const std::vector<std::string>& definitions) {
  std::vector<bool> before;
  before.reserve(definitions.size());
  for (const auto& definition : definitions) {
    before.push_back(begun_.contains(definition));
    begin(definition);
  }
  for (const auto& definition : definitions) begun_.at(definition)->wait_until_made();
  for (auto& [definition, reading] : begun_) reading->advance();
  std::vector<Result<Poco::JSON::Object::Ptr>> layouts;
  layouts.reserve(definitions.size());
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    auto layout = begun_.extract(definitions[i]).mapped()->take();
    if (!layout && before[i] && engine_.health().ok()) layout = ListReading(engine_, definitions[i]).take();
    layouts.push_back(std::move(layout));
  }
  return layouts;
}

}  // namespace qonduit::engine
