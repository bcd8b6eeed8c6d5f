// What a delivery is told of its run, with the texts it borrows: for deliveries that live on when what they were read from is gone. The
// names of all objects are not among them: each delivery is told all of these, and they live as long as the pipeline's turn. A value that
// does not move; read by any thread.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "qonduit/sink.hpp"

namespace qonduit::pipeline {

class OwnedRun {
 public:
  explicit OwnedRun(const Run& run) : run_(run) {
    for (auto* text : {&run_.pipeline, &run_.run_id, &run_.app, &run_.app_id, &run_.sheet, &run_.object_id, &run_.object_type, &run_.title,
                       &run_.dataset, &run_.started_at, &run_.reload_time, &run_.turn, &run_.day})
      keep(*text);
    for (auto* pairs : {&run_.loop, &run_.selections}) {
      for (auto& [name, value] : *pairs) keep(name), keep(value);
    }
  }
  OwnedRun(const OwnedRun&) = delete;
  OwnedRun& operator=(const OwnedRun&) = delete;

  [[nodiscard]] const Run& get() const noexcept { return run_; }

 private:
  void keep(std::string_view& text) { text = texts_.emplace_back(text); }

  std::deque<std::string> texts_;
  Run run_;
};

}  // namespace qonduit::pipeline
