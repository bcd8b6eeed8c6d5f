// What a pipeline's configuration says about columns, read: for all its objects, and for single ones. Made when a pipeline is bound, before
// anything is reached; read by the run's thread. Names no column that has been seen: plan.hpp meets rules with schemas.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.hpp"
#include "core/config/problem.hpp"
#include "core/pipeline/transform/column_list.hpp"
#include "core/pipeline/transform/convert.hpp"
#include "core/pipeline/transform/filter_text.hpp"
#include "core/pipeline/transform/mask.hpp"
#include "qonduit/batch.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline::transform {

// A rule about one column. Written mask?.COLUMN it is optional: datasets without the column are fine.
template <typename T>
struct ColumnRule {
  std::string column;
  T value;
  bool optional = false;
  std::string key;  // as written: pipeline.sales.mask.Customer
};

// pipeline.P.object.OBJECT.adapter.ADAPTER.OPTION
struct AdapterOption {
  std::string adapter;
  config::Option option;  // its key is OPTION alone
  std::string key;        // as written
};

struct Rules {
  std::optional<std::vector<ColumnItem>> columns;  // not given: as they come
  std::string columns_key;
  std::optional<FilterText> filter;
  std::string filter_key;
  std::vector<ColumnRule<Target>> types;
  std::vector<ColumnRule<std::string>> duals;          // for the adapter
  bool duals_obeyed = true;                            // whether what reads the dataset has such options
  std::vector<ColumnRule<std::string>> adapter_duals;  // adapter.ADAPTER.dual.COLUMN: the adapter has them; the column has to be there
  std::vector<ColumnRule<Mask>> masks;
  std::vector<ColumnRule<std::string>> constants;
  std::vector<ColumnRule<std::string>> nulls;
  std::vector<AdapterOption> adapter_options;  // of an object alone; those of the whole pipeline are bound with its adapters

  // Whether nothing is to be done with what was read.
  [[nodiscard]] bool empty() const noexcept;
};

// An item of the run, in the words rules may use for it.
struct ObjectNames {
  std::string_view id;
  std::vector<std::string_view> titles;
};

class RuleBook {
 public:
  // Adds what is wrong; nothing: the book is valid.
  static RuleBook read(const config::Pipeline& pipeline, config::Problems& problems);

  [[nodiscard]] const config::Secret& mask_key() const noexcept { return mask_key_; }
  // Whether a rule, of the pipeline or of an object, says what of duals to deliver.
  [[nodiscard]] bool has_duals() const noexcept;

  // The options that objects have for adapters, those of one object and adapter together.
  struct ScopedOptions {
    std::string prefix;  // pipeline.sales.object.jgAJyu.adapter.cube.
    std::string adapter;
    std::vector<config::Option> options;
  };
  [[nodiscard]] std::vector<ScopedOptions> adapter_options() const;

  // invalid_config when a rule is for an object that the run has not: it would be obeyed nowhere.
  [[nodiscard]] Status check_objects(const std::vector<ObjectNames>& objects) const;
  // The same for datasets of one object, and for the adapters that read them, one for each dataset.
  [[nodiscard]] Status check_datasets(const ObjectNames& object, const std::vector<std::string>& datasets,
                                      const std::vector<std::string_view>& adapters) const;
  // adapter.ADAPTER.dual.COLUMN of the whole pipeline.
  [[nodiscard]] const std::vector<AdapterOption>& adapter_duals() const noexcept { return adapter_duals_; }
  // What holds for a dataset. Rules of the object come before those of the pipeline, of its id before those of its title, of the dataset
  // before those of the object: columns and filter as a whole, the others by column.
  [[nodiscard]] Rules rules_for(const ObjectNames& object, const std::string& dataset) const;

 private:
  struct Scope {
    std::string object;   // id or title
    std::string dataset;  // empty: all of the object
    std::string key;      // pipeline.sales.object.jgAJyu
    Rules rules;
  };
  friend class RuleReader;

  [[nodiscard]] static bool names(const Scope& scope, const ObjectNames& object);

  Rules pipeline_;
  std::vector<Scope> scopes_;
  std::vector<AdapterOption> adapter_duals_;
  config::Secret mask_key_;
};

}  // namespace qonduit::pipeline::transform
