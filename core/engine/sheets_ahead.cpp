#include "core/engine/sheets_ahead.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/engine/json_members.hpp"
#include "core/engine/session.hpp"

namespace qonduit::engine {

void SheetsAhead::begin(std::vector<config::Selector> selectors, std::size_t most) {
  if (asked_) return;
  selectors_ = std::move(selectors);
  most_ = most;
  asked_.emplace(session_, std::vector<Call>{{session_.doc(), "GetObjects", R"([{"qTypes":["sheet"]}])", {}}});
}

void SheetsAhead::advance() {
  if (!asked_ || !asked_->complete()) return;
  const auto reply = parse_reply(asked_->take().front());
  asked_.reset();
  if (!reply) return;
  std::vector<std::string> ids;
  each(array_in(*reply, "qList"), [&](const Poco::JSON::Object::Ptr& entry) {
    auto id = text_in(object_in(entry, "qInfo"), "qId");
    const auto title = text_in(object_in(entry, "qMeta"), "title");
    const auto wanted = [&](const auto& selector) {
      return selector.kind != config::Selector::Kind::master && (selector.sheet.matches(id) || selector.sheet.matches(title));
    };
    if (ids.size() < most_ && !id.empty() && std::any_of(selectors_.begin(), selectors_.end(), wanted)) ids.push_back(std::move(id));
  });
  session_.open_ahead(ids);
}

}  // namespace qonduit::engine
