// An app played from a recording: objects answer with the layouts, properties and pages that a real engine gave. What was not recorded is
// an error that says so; nothing is made up.
#pragma once

#include <memory>
#include <string>

#include "apps/app.hpp"
#include "cassette/cassette.hpp"

namespace qonduit::simulator {

// Throws Poco::Exception naming the file and what is wrong with it.
[[nodiscard]] std::unique_ptr<App> load_cassette(const std::string& path);

class CassetteApp final : public App {
 public:
  explicit CassetteApp(std::unique_ptr<const Cassette> cassette);

  EvaluatedCube make_cube(Scope& scope, const JsonObject& definition, const Expansions* expansions) override;
  [[nodiscard]] JsonObject locale_info() const override;
  [[nodiscard]] std::string last_reload_time() const override;
  [[nodiscard]] const Cassette* cassette() const override { return cassette_.get(); }

 protected:
  std::shared_ptr<const Evaluation> ready_made(const StoredObject& stored, const Scope& scope) const override;

 private:
  void add_object(const Cassette::Object& object);

  std::unique_ptr<const Cassette> cassette_;
};

}  // namespace qonduit::simulator
