// Which objects of a pipeline would share a name: two charts titled "Sales", titles that differ in case only, titles that a target's rules
// make one. Each of them gets its object's id then (Ids::always), and not only those that come second: so that a name does not depend on
// the order of the objects, nor on one of them failing, moving or being hidden. One thread.
#pragma once

#include <qonduit/sink.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace qonduit {

class SharedNames {
 public:
  // name_of answers what a run's target is called, in the form in which the target compares names: two targets are one where their names
  // are equal. It is asked once a run (and turn of a loop) for each object of the pipeline, without a dataset.
  template <typename NameOf>
  [[nodiscard]] bool shares(const Run& run, const NameOf& name_of) {
    if (run.objects.size() < 2) return false;
    Run one = run;
    one.objects.clear();
    one.dataset = one.hypercube = {};
    auto when = std::string(run.run_id);
    for (const auto& [name, value] : run.loop) ((when += '\0') += name) += std::string("=") + std::string(value);
    if (when_ != when) {
      when_ = std::move(when);
      names_.clear();
      for (const auto& object : run.objects) {
        one.object_id = object.object_id, one.title = object.title, one.sheet = object.sheet;
        const auto [known, first] = names_.try_emplace(name_of(one), object.object_id);
        if (!first && known->second != object.object_id) known->second.clear();
      }
      one.object_id = run.object_id, one.title = run.title, one.sheet = run.sheet;
    }
    const auto known = names_.find(name_of(one));
    return known != names_.end() && known->second != run.object_id;
  }

 private:
  std::optional<std::string> when_;           // the run and turn the names are of
  std::map<std::string, std::string> names_;  // whose each is; empty: of several objects
};

}  // namespace qonduit
