// Turns properties into a layout: copies what is not a definition, evaluates what is (qHyperCubeDef, qAppObjectListDef, qChildListDef,
// at any depth), in the member order of captured layouts.
#pragma once

#include <memory>
#include <string>

#include "apps/app.hpp"

namespace qonduit::simulator {

class Evaluator {
 public:
  Evaluator(App& app, Scope& scope, const ObjectView& view) : app_(app), scope_(scope), view_(view) {}

  [[nodiscard]] std::shared_ptr<const Evaluation> evaluate(const StoredObject& stored);

 private:
  [[nodiscard]] JsonObject layout_of(const JsonObject& definition, const std::string& path);
  [[nodiscard]] Json value_of(const Json& definition, const std::string& path);
  [[nodiscard]] JsonObject cube_of(const JsonObject& definition, const std::string& path);
  [[nodiscard]] JsonObject list_of(const JsonObject& definition, const std::string& path);
  [[nodiscard]] JsonObject object_list(const JsonObject& definition) const;
  [[nodiscard]] JsonObject child_list(const JsonObject& definition, const StoredObject& stored) const;

  App& app_;
  Scope& scope_;
  const ObjectView& view_;
  const StoredObject* stored_ = nullptr;
  std::shared_ptr<Evaluation> made_;
  std::vector<std::string> initial_pages_;  // spliced into the text: too many cells for a JSON tree
};

// qData of a list item: the pointers of a qData definition resolved against an object's properties.
[[nodiscard]] JsonObject list_data(const JsonObject& pointers, const JsonObject& properties);
// An object's properties with those of the master object it extends beneath them.
[[nodiscard]] JsonObject effective_properties(const App& app, const StoredObject& stored);

}  // namespace qonduit::simulator
