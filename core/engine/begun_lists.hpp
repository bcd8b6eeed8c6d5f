// Lists an app keeps of itself, read in steps that do not wait: the session object that has a list is made, its layout is asked for, and
// both are on their way while other things are done. A list that is sure to be wanted is begun when the app is opened. One thread.
#pragma once

#include <Poco/JSON/Object.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/calls.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

class ListReading {
 public:
  // definition: the properties of the session object. The engine outlives the reading.
  ListReading(Objects& engine, const std::string& definition) : engine_(engine), made_(engine.begin_session_object(definition)) {}

  // Goes on as far as it can without waiting.
  void advance();
  // Until the layout is asked for.
  void wait_until_made();
  // The value of qLayout. Waits. Once.
  Result<Poco::JSON::Object::Ptr> take();

 private:
  Objects& engine_;
  std::optional<PendingHandle> made_;
  Handle object_;
  std::optional<Pending> layout_;
  Status failure_;
};

// Those of a session, by their definitions.
class BegunLists {
 public:
  explicit BegunLists(Objects& engine) : engine_(engine) {}

  // Nothing happens where it is begun already.
  void begin(const std::string& definition);
  // The values of qLayout, in the order of the definitions, together for the time of one; those that were not begun are begun now. One
  // that came to nothing before it was wanted is read anew. Waits.
  std::vector<Result<Poco::JSON::Object::Ptr>> read(const std::vector<std::string>& definitions);
  // Drops what was begun: the state of the app is another.
  void clear() { begun_.clear(); }

 private:
  Objects& engine_;
  std::map<std::string, std::unique_ptr<ListReading>> begun_;
};

}  // namespace qonduit::engine
