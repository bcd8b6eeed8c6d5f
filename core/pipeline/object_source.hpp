// An adapter as the fetcher sees it, and everything about an object that is settled before its first page: which adapters read it,
// what is read (the published object, or a session object the adapter asked for), and which datasets it holds. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/engine/catalog.hpp"
#include "core/engine/session.hpp"
#include "core/fetch/fetcher.hpp"
#include "core/plugin/registry.hpp"
#include "core/plugin/remote_adapter.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

// The adapters of a run, with the options the pipeline gives them.
struct NamedAdapter {
  const plugin::Component* component;
  std::vector<config::Option> options;
  bool takes_duals = false;  // has options dual.COLUMN
  bool attributes = false;   // attributes = columns, for the pipeline or for one of its objects
};

class AdapterSource final : public fetch::Source {
 public:
  explicit AdapterSource(plugin::RemoteAdapter& adapter) : adapter_(adapter) {}

  Result<std::optional<fetch::Request>> next_request() override;
  Result<fetch::Piece> decode(const fetch::Request& request, std::string_view reply_json) override;
  // After next() failed with bad_data: asks the adapter to widen for the reply that did not fit. Ok: open again and start over.
  Status widen();

 private:
  plugin::RemoteAdapter& adapter_;
  Request refused_;
  std::string refused_reply_;
};

// What a layout holds, counted without an adapter, so that nothing is left out unnoticed.
struct CubeCensus {
  int straight = 0;
  int other = 0;  // pivot, stacked, tree
  int lists = 0;
  [[nodiscard]] int total() const noexcept { return straight + other + lists; }
};
Result<CubeCensus> take_census(std::string_view layout_json);

// What the layout says of the object itself.
struct ObjectFacts {
  std::string type;   // visualization, else qInfo.qType
  std::string title;  // as the user sees it; may be empty
};
Result<ObjectFacts> read_facts(std::string_view layout_json);

// The alternate states its hypercubes and lists are in, each once; "$" is the default one.
Result<std::vector<std::string>> read_states(std::string_view layout_json);

// A dataset of an object, and the adapter that reads it.
struct AssignedDataset {
  std::string name;
  const NamedAdapter* adapter;
};
// The datasets of an object that holds so many cubes and lists. Adapters are asked in the order of how well they take the object, until
// every cube and list is taken: one may read the straight cubes of a box plot, another its stacked ones. A dataset that two of them know
// belongs to the first.
Result<std::vector<AssignedDataset>> assign_datasets(const std::vector<NamedAdapter>& adapters, const std::string& type,
                                                     std::string_view layout_json, int total);

}  // namespace qonduit::pipeline
