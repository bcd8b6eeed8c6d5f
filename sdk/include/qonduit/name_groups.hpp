// Names that are not fixed before a delivery begins. Two objects of a pipeline have one title, "Sales": sinks put an id behind it. A third
// may be titled "Sales_o1", as one of the first two is called then. Such names are a group. Which of them a delivery gets depends on who
// comes first, so the deliveries of a group are made one after the other: Sink::target_of answers the group. One thread.
#pragma once

#include <qonduit/detail/named_objects.hpp>
#include <qonduit/run_template.hpp>
#include <qonduit/sink.hpp>

#include <map>
#include <string>

namespace qonduit {

class NameGroups {
 public:
  // What tells the group of this delivery from others. name_of answers what a run's target is called, with or without the object's id, in
  // the form in which the target compares names; it is asked once a run (and turn of a loop) for each object, without a dataset.
  template <typename NameOf>
  [[nodiscard]] std::string of(const Run& run, const NameOf& name_of) {
    objects_.learn(
        run, [&] { groups_.clear(); },
        [&](const Run& one) {
          const auto plain = root_of(name_of(one, Ids::as_templated)), with_id = root_of(name_of(one, Ids::always));
          if (plain != with_id) groups_[with_id] = plain;
        });
    const auto plain = name_of(run, Ids::as_templated);
    if (groups_.contains(plain)) return root_of(plain);
    const auto with_id = name_of(run, Ids::always);
    return groups_.contains(with_id) ? root_of(with_id) : plain;
  }

 private:
  std::string root_of(std::string name) {
    for (auto next = groups_.try_emplace(name, name).first; next->second != name; next = groups_.find(name)) name = next->second;
    return name;
  }

  detail::NamedObjects objects_;
  std::map<std::string, std::string> groups_;  // for each name another one of its group; one name of a group has itself
};

}  // namespace qonduit
