// A sink on the other side of the boundary, as C++ sees it: errors are Status, texts are strings, the instance ends with the object. What
// comes back is checked, and what is thrown becomes Code::internal. Used by one thread at a time.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/config/config.hpp"
#include "core/plugin/registry.hpp"
#include "qonduit/sink.hpp"
#include "qonduit/status.hpp"

namespace qonduit::plugin {

class RemoteSink {
 public:
  static Result<RemoteSink> create(const Component& component, const std::vector<config::Option>& options);

  // Bits of namespace guarantee; none from a plugin that throws: it promises nothing.
  [[nodiscard]] std::uint32_t guarantees() const;
  Status probe();
  // What open would do, or why it would refuse; changes nothing. All empty where the plugin does not say, or has no such function.
  Result<Plan> plan(const Run& run, const ArrowSchema& schema);
  // What tells the target of a delivery from others; empty: the sink does not say, and makes its deliveries one after the other.
  Result<std::string> target_of(const Run& run);
  Status open(const Run& run, const ArrowSchema& schema);
  Status write(const ArrowArray& batch);
  Status commit();
  Status abort();
  Result<Committed> committed(std::string_view run_id);
  Result<Delivery> delivery();
  // Nothing happens where the plugin has no such function: its deliveries are visible one by one.
  Status end_run(std::string_view run_id, bool complete);
  // unsupported where the plugin has no such function, or keeps none.
  Result<std::vector<DeadLetterFile>> dead_letters();
  Status replay(std::string_view path, Replayed& replayed);

 private:
  struct Destroy {
    const qonduit_sink_api* api;
    void operator()(void* self) const noexcept;
  };
  RemoteSink(const Component& component, void* self) : component_(component), self_(self, Destroy{&component.sink()}) {}
  [[nodiscard]] const qonduit_sink_api& api() const { return component_.sink(); }
  [[nodiscard]] std::string who() const;
  [[nodiscard]] bool replays() const;

  Component component_;  // a copy: the registry may move its own
  std::unique_ptr<void, Destroy> self_;
  Schema schema_;  // of the open delivery
};

}  // namespace qonduit::plugin
