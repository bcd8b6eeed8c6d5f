// A hypercube, evaluated: its layout and the object its data calls are answered from. One class per mode.
#pragma once

#include <memory>
#include <string>

#include "cube/calculation.hpp"
#include "cube/header_tree.hpp"
#include "cube/layout.hpp"
#include "cube/matrix.hpp"

namespace qonduit::simulator {

// Pages of a pivot (P), a stack (K) or a tree (T), as JSON text. Immutable; read by any number of connections.
class Pages {
 public:
  virtual ~Pages() = default;
  [[nodiscard]] virtual std::int64_t rows() const = 0;
  [[nodiscard]] virtual std::int64_t columns() const = 0;
  // One NxPivotPage or NxStackPage. Areas beyond the data are cut.
  virtual void append_page(std::string& out, const Area& area) const = 0;
};

// What a tree call asks for (NxTreeDataOption).
struct TreeOptions {
  std::int64_t max_nodes = 0;  // 0: no limit; more than that and the answer is empty
  std::int64_t first_level = 0;
  std::int64_t depth = -1;
  std::vector<Area> areas;  // by level, from the first: which rows of it
};

class TreeNodes {
 public:
  virtual ~TreeNodes() = default;
  // The qNodes array.
  virtual void append_nodes(std::string& out, const TreeOptions& options) const = 0;
};

// Both sides' expansion; of pivots.
struct Expansions {
  Expansion left, top;
};

struct EvaluatedCube {
  CubeLayout layout;
  std::shared_ptr<const Matrix> matrix;         // S
  std::shared_ptr<const Pages> pages;           // P and K
  std::shared_ptr<const TreeNodes> tree;        // T
  std::shared_ptr<const HeaderTree> left, top;  // P: for expanding
  Expansions expansions;                        // P: in force
};

// expansions: what a session made of the pivot; null: as defined. Throws EngineError 7000 for a mode that does not exist.
[[nodiscard]] EvaluatedCube evaluate_cube(Scope& scope, const JsonObject& definition, const Expansions* expansions = nullptr);

// The pages a qInitialDataFetch asks for, as JSON text.
[[nodiscard]] std::string initial_pages(const EvaluatedCube& cube, const JsonArray& fetch);

// Whether the pages of a first fetch are more than an engine makes at once: 10,000 cells, of all pages of a straight cube, of each of
// others.
[[nodiscard]] bool too_large(const JsonArray& fetch, const std::string& mode);

// The modes, in files of their own. REQUIRES: the calculation is over the definition.
void make_straight(Calculation& calculation, CubeDefinition& definition, EvaluatedCube& cube);
void make_pivot(std::shared_ptr<Calculation> calculation, CubeDefinition& definition, const Expansions* expansions, EvaluatedCube& cube);
void make_stack(Calculation& calculation, CubeDefinition& definition, EvaluatedCube& cube);
void make_tree(Calculation& calculation, CubeDefinition& definition, EvaluatedCube& cube);

// A list object, evaluated.
struct EvaluatedList {
  JsonObject layout;
  std::shared_ptr<const Matrix> matrix;
  int field = -1;
  std::string state;
};
// search: the text of an open search, or empty; only values that match are there then.
[[nodiscard]] EvaluatedList evaluate_list(Scope& scope, const JsonObject& definition, const std::string& search = {});

}  // namespace qonduit::simulator
