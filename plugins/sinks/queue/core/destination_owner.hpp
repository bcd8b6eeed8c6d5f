// Whose a topic or routing key is, as far as deliveries of mode = changes go: they delete what does not come, so two pipelines must not
// take turns. One small file for each destination, in the state's folder. One thread.
#pragma once

#include <qonduit/sink.hpp>
#include <qonduit/status.hpp>

#include <optional>
#include <string>

namespace qonduit::queue {

class DestinationOwner {
 public:
  DestinationOwner(const std::string& folder, const std::string& destination);

  // Nothing: nobody's.
  struct Owner {
    std::string pipeline, object;
  };
  [[nodiscard]] Result<std::optional<Owner>> read() const;
  // forbidden where it belongs to another pipeline, and the run may not take it over.
  [[nodiscard]] Status check(const Run& run) const;
  // ENSURES: durable when ok.
  [[nodiscard]] Status take(std::string_view pipeline, std::string_view object) const;

 private:
  std::string destination_, path_;
};

}  // namespace qonduit::queue
