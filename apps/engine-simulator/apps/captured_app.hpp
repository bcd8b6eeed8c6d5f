// An app made of a file of captured layouts ({source, objects: [{getLayout, getHyperCubeData?, …}]}): every object answers GetLayout with
// what was captured and data calls from the captured rows. One sheet, "Captured". Where a capture holds fewer rows than its qSize says,
// pages end early, unless trim rewrites qSize to the rows there are.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "apps/app.hpp"

namespace qonduit::simulator {

class CapturedApp final : public App {
 public:
  // Id and title are name. Throws Poco::Exception when the document is not such a capture.
  CapturedApp(const std::string& name, const Json& document, bool trim);

  EvaluatedCube make_cube(Scope& scope, const JsonObject& definition, const Expansions* expansions) override;

 protected:
  std::shared_ptr<const Evaluation> ready_made(const StoredObject& stored, const Scope& scope) const override;

 private:
  void add_capture(const JsonObject& capture, bool trim);
  std::map<std::string, std::shared_ptr<const Evaluation>> ready_;
};

}  // namespace qonduit::simulator
