// The app "synthetic": one straight cube, a deterministic function of seed and row number, of any length in flat memory. It exists for
// benchmarks and tests of long and wide tables: rows come from a pool of rendered rows, only the row number is written per row.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "apps/app.hpp"
#include "options.hpp"

namespace qonduit::simulator {

enum class SyntheticKind { text, date, row_number, integer, real, money };

// text_columns texts, a date, the row number, then measures: integer, real, money, real and again; cut off at columns.
[[nodiscard]] std::vector<SyntheticKind> synthetic_columns(const SyntheticShape& shape);

// The rendered pool, made once per (shape, epoch).
class SyntheticMatrix final : public Matrix {
 public:
  SyntheticMatrix(const SyntheticShape& shape, std::uint64_t epoch);

  [[nodiscard]] std::uint64_t rows() const override { return rows_; }
  [[nodiscard]] std::uint32_t columns() const override { return static_cast<std::uint32_t>(kinds_.size()); }
  void append_cells(std::string& out, std::uint64_t row, std::uint32_t left, std::uint32_t width) const override;

  [[nodiscard]] const std::vector<SyntheticKind>& kinds() const { return kinds_; }

  // Per column, over all rows (the row number's are those of the rows).
  struct Summary {
    double sum = 0;
    double min = kNaN;
    double max = kNaN;
    std::int64_t glyphs = 1;
    std::int64_t distinct = 0;
  };
  [[nodiscard]] const Summary& summary(std::uint32_t column) const { return summaries_[column]; }

 private:
  void render_row(std::uint64_t entry, const SyntheticShape& shape, std::uint64_t epoch, std::uint64_t times);

  std::vector<SyntheticKind> kinds_;
  std::uint64_t rows_;
  std::uint64_t pool_rows_;
  std::uint32_t number_column_;        // columns() when there is none
  std::string text_;                   // cells of the pool, each followed by a comma; the row number's cell is empty
  std::vector<std::uint32_t> starts_;  // pool_rows × (columns + 1)
  std::vector<Summary> summaries_;
};

class SyntheticApp final : public App {
 public:
  explicit SyntheticApp(const SyntheticShape& shape);

  EvaluatedCube make_cube(Scope& scope, const JsonObject& definition, const Expansions* expansions) override;

 protected:
  std::shared_ptr<const DataModel> changed_model(const DataModel&) override;

 private:
  SyntheticShape shape_;
  std::mutex mutex_;
  std::shared_ptr<const SyntheticMatrix> matrix_;
};

}  // namespace qonduit::simulator
