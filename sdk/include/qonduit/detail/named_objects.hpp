// The objects of a pipeline, each as a run of its own, looked at once a run and turn of a loop. One thread.
#pragma once

#include <qonduit/sink.hpp>

#include <optional>
#include <string>
#include <utility>

namespace qonduit::detail {

class NamedObjects {
 public:
  // Calls add(one) for each object when the run or turn is another than that of the last call, and forget() before them. `one` is what is
  // told of a run, with the names of this object and without a dataset.
  template <typename Forget, typename Add>
  void learn(const Run& run, const Forget& forget, const Add& add) {
    auto when = std::string(run.run_id);
    for (const auto& [name, value] : run.loop) ((when += '\0') += name) += std::string("=") + std::string(value);
    if (when_ == when) return;
    when_ = std::move(when);
    forget();
    auto one = without_dataset(run);
    for (const auto& object : run.objects) {
      one.object_id = object.object_id, one.title = object.title, one.sheet = object.sheet;
      add(std::as_const(one));
    }
  }

  // The run of this object, as learn() gives those of all.
  [[nodiscard]] static Run without_dataset(const Run& run) {
    Run one = run;
    one.dataset = {}, one.turn = {}, one.objects = {};
    return one;
  }

 private:
  std::optional<std::string> when_;  // the run and turn of the last call
};

}  // namespace qonduit::detail
