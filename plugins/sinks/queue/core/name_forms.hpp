// What is put behind the name of each object of a pipeline, so that no two have one: two charts titled "Sales" get their ids; a third that
// is titled "Sales.o1", as one of them is called then, gets its own; ids that differ in case only get digits of their hash. Made of all
// objects at once: a name depends neither on their order nor on one of them failing. One thread.
#pragma once

#include <qonduit/detail/named_objects.hpp>
#include <qonduit/sink.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::queue {

class NameForms {
 public:
  // 0: the name as it is; 1: the object's id behind it; 2: a hash behind the id; more: another hash.
  using Form = std::size_t;
  static constexpr Form kWithId = 1, kHashed = 2, kLast = 8;

  // name_of answers what a run's target is called in a form, as names are compared. It is asked once a run (and turn of a loop) for each
  // object of the pipeline, without a dataset.
  template <typename NameOf>
  [[nodiscard]] Form of(const Run& run, const NameOf& name_of) {
    std::vector<Run> objects;
    objects_.learn(
        run, [&] { forms_.clear(); },
        [&](const Run& one) {
          if (forms_.try_emplace(std::string(one.object_id), 0).second) objects.push_back(one);
        });
    if (objects.size() > 1) settle(objects, name_of);
    const auto known = forms_.find(run.object_id);
    return known == forms_.end() ? 0 : known->second;
  }

 private:
  // Of those that have one name, the ones with the least behind it get more, until nobody has another's.
  template <typename NameOf>
  void settle(const std::vector<Run>& objects, const NameOf& name_of) {
    std::vector<Form> forms(objects.size(), 0);
    std::vector<std::string> names;
    for (const auto& one : objects) names.push_back(name_of(one, 0));
    for (bool moved = true; moved;) {
      moved = false;
      std::map<std::string_view, std::vector<std::size_t>> holders;
      for (std::size_t i = 0; i < objects.size(); ++i) holders[names[i]].push_back(i);
      std::vector<std::size_t> raised;
      for (const auto& [name, of] : holders) {
        if (of.size() < 2) continue;
        const auto least = forms[*std::min_element(of.begin(), of.end(), [&](auto a, auto b) { return forms[a] < forms[b]; })];
        for (const auto i : of) {
          if (forms[i] == least && least < kLast) raised.push_back(i);
        }
      }
      for (const auto i : raised) names[i] = name_of(objects[i], ++forms[i]), moved = true;
    }
    for (std::size_t i = 0; i < objects.size(); ++i) forms_.find(objects[i].object_id)->second = forms[i];
  }

  detail::NamedObjects objects_;
  std::map<std::string, Form, std::less<>> forms_;  // by the object's id
};

}  // namespace qonduit::queue
