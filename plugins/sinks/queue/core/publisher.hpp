// The seam between what is published and the broker it goes to. publish() hands a message over; it is delivered when the broker confirmed
// it, and flush() waits for that. A publisher keeps at most `window` messages and `window-size` bytes in flight, sends them again with the
// same id where the broker may not have them, and gives up after `retry-for` without a confirmation. One thread.
#pragma once

#include <qonduit/status.hpp>

#include <functional>
#include <string>
#include <string_view>

#include "message.hpp"

namespace qonduit::queue {

// Where the messages of a delivery go, and what they have in common.
struct Destination {
  std::string name;  // a routing key, a topic
  Headers headers;   // of every message; rows and id are the publisher's to add
  bool rows_header = true;
  bool content_type_header = true;  // where the content type is a header
  std::string pipeline = {}, run = {};

  bool operator==(const Destination&) const = default;
};

class Publisher {
 public:
  // Says what to do with a message that was refused for good: ok when it is kept elsewhere, otherwise why the run fails.
  using OnRefused = std::function<Status(const Refused&)>;

  Publisher() = default;
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  virtual ~Publisher() = default;

  // Reaches the broker and changes nothing there.
  virtual Status probe() = 0;
  // Connects where it is not connected, and makes what the options say to make.
  virtual Status open(const Destination& destination, OnRefused on_refused) = 0;
  virtual Status publish(const Message& message) = 0;
  // ENSURES: when ok, every message since open was confirmed or taken by on_refused.
  virtual Status flush() = 0;
  // Behind the last message of a delivery, flushed: makes it visible, where the broker keeps messages back until then.
  virtual Status commit() { return {}; }
  // After the last delivery of a run, complete when each was committed.
  virtual Status end_run(bool /*complete*/) { return {}; }
  // Whether what was published is visible from end_run on only.
  [[nodiscard]] virtual bool whole_run() const { return false; }
  // Whether consumers see nothing of what drop() forgets.
  [[nodiscard]] virtual bool takes_back() const { return false; }
  // Whether a message can go at once.
  [[nodiscard]] virtual bool connected() const = 0;
  // Forgets what is not confirmed, and the connection with it where that could deliver later. Callable in every state.
  virtual void drop() noexcept = 0;
  // Words for people: "topic 'sales' at kafka:9092". Valid from open on.
  [[nodiscard]] virtual std::string target() const = 0;
  // The same of a destination of this name, at any time.
  [[nodiscard]] virtual std::string target_of(const std::string& name) const { return name; }
};

}  // namespace qonduit::queue
