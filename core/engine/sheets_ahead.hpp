// Sheets that are opened before the list of sheets is there. The list is the truth, and takes two waits: a session object, and its layout.
// Doc.GetObjects tells the ids of sheets in one; what it tells is only opened, so it may be wrong or refused. One thread.
#pragma once

#include <optional>
#include <vector>

#include "core/config/selector.hpp"
#include "core/engine/pending.hpp"

namespace qonduit::engine {

class Session;

class SheetsAhead {
 public:
  explicit SheetsAhead(Session& session) : session_(session) {}

  // Asks for the sheets, unless that is under way. Those that these selectors name will be opened, `most` of them at the most.
  void begin(std::vector<config::Selector> selectors, std::size_t most);
  // Opens them once the answer is there. Does not wait.
  void advance();

 private:
  Session& session_;
  std::vector<config::Selector> selectors_;
  std::size_t most_ = 0;
  std::optional<Pending> asked_;
};

}  // namespace qonduit::engine
