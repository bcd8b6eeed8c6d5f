// What is read, as the fetcher sees it: the handle calls go to, and the proof that it stayed as it was.
#pragma once

#include <chrono>

#include "qonduit/status.hpp"

namespace qonduit::fetch {

class Subject {
 public:
  virtual ~Subject() = default;
  [[nodiscard]] virtual int handle() const = 0;  // the engine's integer now; changes when the session is taken up again
  // Cheap, no call: has the engine said that it changed?
  [[nodiscard]] virtual bool disturbed() const = 0;
  // Asks for what verify() compares, as it is from now on; the last that was read arrived at this time. Does not wait.
  virtual void begin_verify(std::chrono::steady_clock::time_point read) = 0;
  // Goes on with what was begun. Does not wait.
  virtual void pursue_verify() = 0;
  // Looks again, or takes what was begun. inconsistent when it is not what it was, naming what moved.
  virtual Status verify() = 0;

 protected:
  Subject() = default;
  Subject(const Subject&) = default;
  Subject& operator=(const Subject&) = default;
  Subject(Subject&&) = default;
  Subject& operator=(Subject&&) = default;
};

}  // namespace qonduit::fetch
