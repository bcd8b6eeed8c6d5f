// Owns every handle of a session: which object it stands for, whether the engine said that it changed or closed, and how to get it
// again after a reattach, when the numbers change. A Handle is a reference counted lease: the last lease of a session object destroys
// the object in the engine, on every path. Thread-safe. Source of the rules: protocol, handles: null means "object not found", a
// handle in "change" must be read again, one in "close" is dead.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/engine/rpc.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

class HandleRegistry;

enum class HandleState : std::uint8_t { valid, stale, closed };  // stale: the session was lost, the number means nothing now
enum class HandleKind : std::uint8_t { doc, object, session_object };

// A lease on an engine object. Copies share it.
class Handle {
 public:
  Handle() = default;
  [[nodiscard]] explicit operator bool() const noexcept { return entry_ != nullptr; }
  [[nodiscard]] int number() const;  // the engine's integer now; changes with a reattach
  [[nodiscard]] HandleState state() const;
  [[nodiscard]] const std::string& id() const;    // qGenericId
  [[nodiscard]] const std::string& type() const;  // qGenericType
  // How often the engine has said "change" for this handle: compare two readings.
  [[nodiscard]] std::uint64_t changes() const;

 private:
  friend class HandleRegistry;
  struct Entry;
  explicit Handle(std::shared_ptr<Entry> entry) : entry_(std::move(entry)) {}
  std::shared_ptr<Entry> entry_;
};

class HandleRegistry {
 public:
  // destroy is called, without locks held, with the id of a session object whose last lease ended while its handle was valid.
  explicit HandleRegistry(std::function<void(const std::string& id)> destroy);
  HandleRegistry(const HandleRegistry&) = delete;
  HandleRegistry& operator=(const HandleRegistry&) = delete;
  ~HandleRegistry();

  // A lease from qReturn {qType, qHandle, qGenericType, qGenericId}, as JSON. not_found when qHandle is null or 0: `what` names the
  // object in the message. properties_json is kept for session objects, to create them again after a reconnect.
  Result<Handle> adopt(std::string_view return_json, HandleKind kind, const std::string& what, std::string properties_json = {});
  // A lease on an object of the app that somebody holds already; empty where nobody does.
  [[nodiscard]] Handle find_object(const std::string& id) const;
  void apply(const HandleChanges& changes);
  // The session is gone: every handle is stale.
  void invalidate_all();
  // Gives stale entries new numbers: resolve answers qReturn for each that is wanted, in their order, or why not. Entries that fail are
  // closed; the first failure is returned.
  struct Wanted {
    HandleKind kind;
    std::string id, type, properties_json;
  };
  Status resolve_again(const std::function<std::vector<Result<std::string>>(const std::vector<Wanted>&)>& resolve);
  [[nodiscard]] std::size_t size() const;

 private:
  friend class Handle;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace qonduit::engine
