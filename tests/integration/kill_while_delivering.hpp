// A host killed at any moment while it delivers the customers of the demo app, again and again: what a consumer sees are whole deliveries,
// among them each that was reported delivered.
#pragma once

#include <chrono>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "tests/integration/harness.hpp"

namespace qonduit::integration {

// Kills commands, as many as kills() of plugins/sinks/testing/kills.hpp, at any moment of their lives: one in twelve comes to its end
// before its moment, so that the last moments are among them. Says in the end how many had delivered when they died.
class Killer {
 public:
  explicit Killer(std::chrono::milliseconds run);  // how long a command takes that nobody kills
  Killer(const Killer&) = delete;
  Killer& operator=(const Killer&) = delete;
  ~Killer();
  [[nodiscard]] bool goes_on() const { return died_ < kills_; }
  // Whether it came to its end before its moment.
  bool finishes(std::vector<std::string> command);
  // The command that was killed last had delivered.
  void had_delivered() { ++delivered_; }
  [[nodiscard]] std::string moment() const { return "kill " + std::to_string(died_) + " after " + std::to_string(moment_) + " s"; }

 private:
  std::mt19937 random_;
  int kills_, died_ = 0, delivered_ = 0, finished_ = 0;
  double longest_, moment_ = 0;  // seconds
};

// The host's runs are told apart by a column of their number, so that every row of a run is new to whoever compares.
void set_run(Host& host, int number);

// The host delivers the customers to the sink `queue` of this type.
void deliver_customers(Host& host, const std::string& type);

// The rows of the deliveries that a consumer has seen since it was last asked.
using Seen = std::function<std::vector<std::string>()>;

// Fails the test where it is called.
void kill_while_delivering(Host& host, const Seen& seen);

}  // namespace qonduit::integration
