// An adapter as the fetcher sees it, and everything about an object that is settled before its first page: which adapters read it,
// what is read (the published object, or a session object the adapter asked for), and which datasets it holds. One thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/catalog.hpp"
#include "core/engine/session.hpp"
#include "core/fetch/fetcher.hpp"
#include "core/fetch/snapshot.hpp"
#include "core/plugin/instances.hpp"
#include "core/plugin/registry.hpp"
#include "qonduit/host/adapter.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

// The adapters of a run, with the options the pipeline gives them.
struct NamedAdapter {
  const plugin::Component* component;
  std::vector<config::Option> options;
  bool takes_duals = false;                               // has options dual.COLUMN
  bool attributes = false;                                // attributes = columns, for the pipeline or for one of its objects
  std::shared_ptr<const plugin::OptionPairs> pairs = {};  // the options as the adapter gets them; none: none
  std::string pipeline = {};                              // whose it is
};

class AdapterSource final : public fetch::Source {
 public:
  // Both outlive it.
  AdapterSource(host::Adapter& adapter, const fetch::Snapshot& snapshot) : adapter_(adapter), snapshot_(snapshot) {}

  Result<std::optional<fetch::Request>> next_request() override { return adapter_.next_request(); }
  std::string_view layout() override;
  Result<fetch::Piece> decode(const fetch::Request& request, std::string_view reply_json) override;
  // After next() failed with bad_data: asks the adapter to widen for the reply that did not fit. Ok: open again and start over.
  Status widen();

 private:
  host::Adapter& adapter_;
  const fetch::Snapshot& snapshot_;
  std::string layout_;  // padded; where it was asked for
  Request refused_;
  std::string refused_reply_;  // padded
};

// A dataset of an object, and the adapter that reads it.
struct AssignedDataset {
  std::string name;
  std::string place;  // in the layout; empty where the adapter does not say
  const NamedAdapter* adapter;
};

// The cubes and lists a layout holds, found without an adapter, so that nothing is left out unnoticed.
struct CubeCensus {
  int straight = 0;
  int other = 0;  // pivot, stacked, tree
  int lists = 0;
  std::vector<std::string> places;  // of all, in document order: /qHyperCube, /qUndoExclude/box/qHyperCube
  [[nodiscard]] int total() const noexcept { return straight + other + lists; }
  // Where nobody reads what stands there.
  [[nodiscard]] std::vector<std::string> missed_by(const std::vector<AssignedDataset>& assigned) const;
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

// The datasets of an object. Adapters are asked in the order of how well they take the object: one may read the straight cubes of a box
// plot, another its stacked ones, a third what is in no cube. What two of them know, by its name or its place, belongs to the first.
Result<std::vector<AssignedDataset>> assign_datasets(const std::vector<NamedAdapter>& adapters, const std::string& type,
                                                     std::string_view layout_json);

}  // namespace qonduit::pipeline
