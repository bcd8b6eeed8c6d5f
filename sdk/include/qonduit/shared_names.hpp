// Which objects of a pipeline would share a name: two charts titled "Sales", titles that differ in case only, titles that a target's rules
// make one. Each of them gets its object's id then (Ids::always), and not only those that come second: so that a name does not depend on
// the order of the objects, nor on one of them failing, moving or being hidden. One thread.
#pragma once

#include <qonduit/detail/named_objects.hpp>
#include <qonduit/sink.hpp>

#include <map>
#include <string>
#include <string_view>

namespace qonduit {

class SharedNames {
 public:
  // name_of answers what a run's target is called, in the form in which the target compares names: two targets are one where their names
  // are equal. It is asked once a run (and turn of a loop) for each object of the pipeline, without a dataset.
  template <typename NameOf>
  [[nodiscard]] bool shares(const Run& run, const NameOf& name_of) {
    if (run.objects.size() < 2) return false;
    objects_.learn(
        run, [&] { names_.clear(); },
        [&](const Run& one) {
          const auto [known, first] = names_.try_emplace(name_of(one), one.object_id);
          if (!first && known->second != one.object_id) known->second.clear();
        });
    const auto known = names_.find(name_of(detail::NamedObjects::without_dataset(run)));
    return known != names_.end() && known->second != run.object_id;
  }

 private:
  detail::NamedObjects objects_;
  std::map<std::string, std::string> names_;  // whose each is; empty: of several objects
};

}  // namespace qonduit
