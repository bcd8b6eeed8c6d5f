// What a rehearsal found, for people as it goes, or for machines at the end.
#pragma once

#include <Poco/JSON/Array.h>

#include <string>
#include <vector>

#include "core/rehearsal/simulator.hpp"
#include "core/rehearsal/verdict.hpp"

namespace qonduit::app {

// Every pipeline, run once against one simulated engine.
struct RehearsedDay {
  std::string profile;
  std::uint64_t seed = 0;
  std::vector<rehearsal::Attempt> attempts;
  rehearsal::Simulator::Faults faults;
};

class RehearsalPrinter {
 public:
  RehearsalPrinter(bool json, bool quiet, const RehearsedDay& calm);
  // A verdict for each attempt of the day.
  void show(const RehearsedDay& day, const std::vector<rehearsal::Verdict>& verdicts);
  void finish();

 private:
  bool json_, quiet_;
  Poco::JSON::Array days_;
};

}  // namespace qonduit::app
