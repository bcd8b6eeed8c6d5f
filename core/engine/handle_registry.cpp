#include "core/engine/handle_registry.hpp"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <utility>

namespace qonduit::engine {

// Everything known of one engine object. Guarded by the registry's mutex, but for what never changes.
struct Handle::Entry {
  std::weak_ptr<HandleRegistry::State> registry;
  HandleKind kind = HandleKind::object;
  std::string id;
  std::string type;
  std::string properties_json;
  int number = 0;
  HandleState state = HandleState::valid;
  std::uint64_t changes = 0;

  Entry() = default;
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;
  ~Entry();
};

struct HandleRegistry::State {
  std::mutex mutex;
  std::function<void(const std::string&)> destroy;
  std::vector<std::weak_ptr<Handle::Entry>> entries;

  // REQUIRES: the lock. What is returned may hold the last lease of an object meanwhile, whose end calls destroy: it is let go after the
  // lock.
  std::vector<std::shared_ptr<Handle::Entry>> alive() {
    std::vector<std::shared_ptr<Handle::Entry>> found;
    std::erase_if(entries, [&](const auto& weak) {
      auto entry = weak.lock();
      if (entry) found.push_back(std::move(entry));
      return weak.expired();
    });
    return found;
  }
};

namespace {

struct Returned {
  std::string type, id;
  int number = 0;
};

Result<Returned> read_return(std::string_view json, const std::string& what) {
  Returned returned;
  try {
    const auto object = Poco::JSON::Parser().parse(std::string(json)).extract<Poco::JSON::Object::Ptr>();
    if (object->has("qHandle") && !object->isNull("qHandle")) returned.number = object->getValue<int>("qHandle");
    const auto text = [&](const char* key) { return object->isNull(key) ? std::string() : object->optValue<std::string>(key, ""); };
    returned.type = text("qGenericType");
    returned.id = text("qGenericId");
  } catch (const Poco::Exception& error) {
    return Status(Code::bad_data, what + ": the engine's answer cannot be read: " + error.displayText());
  }
  // The engine answers a missing object with success and a null handle.
  if (returned.number == 0) return Status(Code::not_found, what + " was not found; it does not exist, or the user may not see it");
  return returned;
}

}  // namespace

Handle::Entry::~Entry() {
  const auto shared = registry.lock();
  if (!shared || kind != HandleKind::session_object || state != HandleState::valid) return;
  if (shared->destroy) shared->destroy(id);
}

int Handle::number() const {
  const auto shared = entry_->registry.lock();
  if (!shared) return 0;
  const std::lock_guard lock(shared->mutex);
  return entry_->number;
}

HandleState Handle::state() const {
  const auto shared = entry_->registry.lock();
  if (!shared) return HandleState::closed;
  const std::lock_guard lock(shared->mutex);
  return entry_->state;
}

const std::string& Handle::id() const { return entry_->id; }
const std::string& Handle::type() const { return entry_->type; }

std::uint64_t Handle::changes() const {
  const auto shared = entry_->registry.lock();
  if (!shared) return 0;
  const std::lock_guard lock(shared->mutex);
  return entry_->changes;
}

HandleRegistry::HandleRegistry(std::function<void(const std::string& id)> destroy) : state_(std::make_shared<State>()) {
  state_->destroy = std::move(destroy);
}

HandleRegistry::~HandleRegistry() = default;

Result<Handle> HandleRegistry::adopt(std::string_view return_json, HandleKind kind, const std::string& what, std::string properties_json) {
  auto returned = read_return(return_json, what);
  if (!returned) return std::move(returned).error();
  std::vector<std::shared_ptr<Handle::Entry>> alive;  // released after the lock
  const std::lock_guard lock(state_->mutex);
  alive = state_->alive();
  // The engine gives the same number for an object fetched twice: the leases share it.
  for (const auto& entry : alive) {
    if (entry->kind == kind && entry->state == HandleState::valid && entry->number == returned->number) return Handle(entry);
  }
  const auto entry = std::make_shared<Handle::Entry>();
  entry->registry = state_;
  entry->kind = kind;
  entry->id = std::move(returned->id);
  entry->type = std::move(returned->type);
  entry->properties_json = std::move(properties_json);
  entry->number = returned->number;
  state_->entries.push_back(entry);
  return Handle(entry);
}

Handle HandleRegistry::find_object(const std::string& id) const {
  std::vector<std::shared_ptr<Handle::Entry>> alive;
  const std::lock_guard lock(state_->mutex);
  alive = state_->alive();
  for (const auto& entry : alive) {
    if (entry->kind == HandleKind::object && entry->state == HandleState::valid && entry->id == id) return Handle(entry);
  }
  return {};
}

void HandleRegistry::apply(const HandleChanges& changes) {
  std::vector<std::shared_ptr<Handle::Entry>> alive;  // released after the lock
  const std::lock_guard lock(state_->mutex);
  alive = state_->alive();
  const auto holds = [](const std::vector<int>& numbers, int number) {
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
  };
  for (const auto& entry : alive) {
    if (entry->state != HandleState::valid) continue;
    if (holds(changes.changed, entry->number)) ++entry->changes;
    if (holds(changes.closed, entry->number)) entry->state = HandleState::closed;
    if (holds(changes.suspended, entry->number)) entry->state = HandleState::stale;
  }
}

void HandleRegistry::invalidate_all() {
  std::vector<std::shared_ptr<Handle::Entry>> alive;
  const std::lock_guard lock(state_->mutex);
  alive = state_->alive();
  for (const auto& entry : alive) {
    if (entry->state == HandleState::valid) entry->state = HandleState::stale;
  }
}

Status HandleRegistry::resolve_again(const std::function<std::vector<Result<std::string>>(const std::vector<Wanted>&)>& resolve) {
  std::vector<std::shared_ptr<Handle::Entry>> stale;
  std::vector<Wanted> wanted;
  {
    const std::lock_guard lock(state_->mutex);
    stale = state_->alive();
    std::erase_if(stale, [](const auto& entry) { return entry->state != HandleState::stale; });
    for (const auto& entry : stale) wanted.push_back({entry->kind, entry->id, entry->type, entry->properties_json});
  }
  const auto answers = resolve(wanted);
  Status first;
  for (std::size_t i = 0; i < stale.size(); ++i) {
    auto returned = answers[i] ? read_return(*answers[i], "object '" + stale[i]->id + "'") : Result<Returned>(answers[i].error());
    const std::lock_guard lock(state_->mutex);
    if (returned) {
      stale[i]->number = returned->number;
      stale[i]->state = HandleState::valid;
    } else {
      stale[i]->state = HandleState::closed;
      if (first.ok()) first = returned.error();
    }
  }
  return first;
}

std::size_t HandleRegistry::size() const {
  std::vector<std::shared_ptr<Handle::Entry>> alive;
  const std::lock_guard lock(state_->mutex);
  alive = state_->alive();
  return alive.size();
}

}  // namespace qonduit::engine
