#include "core/pipeline/table_item.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "core/engine/near_names.hpp"
#include "core/logging/logging.hpp"
#include "core/pipeline/dataset_reader.hpp"
#include "core/pipeline/table_rows.hpp"
#include "qonduit/json_text.hpp"
#include "qonduit/type_words.hpp"

namespace qonduit::pipeline {
namespace {

// The app's data, which stays as it is until a reload.
class LoadedApp final : public fetch::Subject {
 public:
  explicit LoadedApp(engine::Session& session) : session_(session), reload_time_(session.app().reload_time) {}

  int handle() const override { return session_.doc(); }
  bool disturbed() const override { return false; }
  void begin_verify(engine::AppWatch::Moment read) override {
    read_ = read;
    session_.watch().ask(read);
  }
  void pursue_verify() override {
    if (read_) session_.watch().ask(*read_);
  }
  Status verify() override {
    return session_.watch().unchanged(std::exchange(read_, std::nullopt).value_or(engine::AppWatch::Clock::now()), reload_time_);
  }
  [[nodiscard]] const std::string& reload_time() const { return reload_time_; }

 private:
  engine::Session& session_;
  std::string reload_time_;
  std::optional<engine::AppWatch::Moment> read_;  // what is verified
};

// What is asked of a table: whole rows, so that a page is one column wide.
class TableRequests final : public fetch::Source {
 public:
  TableRequests(const engine::TableInfo& table, std::vector<TableColumn> columns)
      : table_(table), columns_(std::move(columns)), findings_(columns_.size()) {}

  Result<std::optional<fetch::Request>> next_request() override {
    if (std::exchange(asked_, true)) return std::optional<fetch::Request>();
    return std::optional(fetch::Request{"GetTableData", "[]", {0, 0, 1, table_.rows}, 0});
  }
  std::string params_of(const fetch::Request& request) const override {
    return "[" + std::to_string(request.page.top) + "," + std::to_string(request.page.height) + ",false," + json_string(table_.name) + "]";
  }
  Result<fetch::Piece> decode(const fetch::Request& request, std::string_view reply_json) override {
    Misfit found{columns_.size(), {}};
    auto piece = decode_table_rows(columns_, request.page, reply_json, found, &findings_);
    if (found.column < columns_.size()) misfit_ = std::move(found);
    return piece;
  }
  [[nodiscard]] std::vector<std::string> notes() const { return notes_of(columns_, findings_); }

  [[nodiscard]] const std::vector<TableColumn>& columns() const { return columns_; }
  [[nodiscard]] const std::optional<Misfit>& misfit() const { return misfit_; }

 private:
  const engine::TableInfo& table_;
  std::vector<TableColumn> columns_;
  std::vector<cell::Kinds> findings_;
  std::optional<Misfit> misfit_;
  bool asked_ = false;
};

class TableReader final : public BatchReader {
 public:
  TableReader(engine::Session& session, LoadedApp app, engine::TableInfo table, std::vector<TableColumn> columns, TableMixed on_mixed,
              TableKinds& kinds, const Run& run, fetch::Options options, const std::stop_token& stop)
      : table_(std::move(table)),
        app_(std::move(app)),
        requests_(table_, std::move(columns)),
        on_mixed_(on_mixed),
        kinds_(kinds),
        run_(run) {
    run_.reload_time = app_.reload_time();
    arrow::export_schema(schema_of(table_, requests_.columns()), &schema_);
    options.page_cells = std::max<std::int64_t>(1, options.page_cells / static_cast<std::int64_t>(table_.fields.size()));
    options.expected_rows = table_.rows;
    fetcher_.emplace(session, app_, requests_, options, stop);
    pages_ = (table_.rows + options.page_cells - 1) / options.page_cells;
  }
  ~TableReader() override { schema_.release(&schema_); }

  const Run& run() const noexcept override { return run_; }
  const ArrowSchema& schema() const noexcept override { return schema_; }
  std::int64_t rows() const noexcept override { return table_.rows; }
  const fetch::Counters& counters() const noexcept override { return counters_; }
  [[nodiscard]] std::int64_t pages() const noexcept { return pages_; }
  [[nodiscard]] std::int64_t all_cells() const noexcept { return table_.rows * static_cast<std::int64_t>(table_.fields.size()); }
  // Reads ahead: see Fetcher.
  void advance() { fetcher_->advance(); }
  [[nodiscard]] bool spoilt() const { return fetcher_->spoilt(); }

  Result<std::optional<arrow::ArrayHandle>> next() override {
    auto batch = fetcher_->next();
    counters_ = fetcher_->counters();
    counters_.cells = counters_.rows * static_cast<std::int64_t>(table_.fields.size());
    return batch;
  }

  Result<std::vector<std::string>> findings() override {
    auto notes = requests_.notes();
    for (const auto& column : requests_.columns()) {
      const auto known = kinds_.find(column.name);
      // What is mixed is told already.
      if (known == kinds_.end() || (column.type == Type::utf8 && known->second != cell::bit(cell::Kind::text))) continue;
      const auto word = column.type == Type::duration && column.of_day ? std::string_view("time") : type_word(column.type);
      notes.push_back("column '" + column.name + "' is delivered as " + std::string(word) + ": its values are not what its tags say");
    }
    return notes;
  }

  Status widen() override {
    const auto& misfit = requests_.misfit();
    if (!misfit) return {Code::unsupported, "no value was refused"};
    constexpr int kText = cell::bit(cell::Kind::text);
    for (std::size_t i = 0; i < misfit->met.size(); ++i) {
      const auto& column = requests_.columns()[i];
      bool fits = true;
      for (int kind = 1; kind <= cell::kLastKind; kind *= 2) {
        if ((misfit->met[i] & kind) != 0) fits = fits && column.dual == TableDual::automatic && column.holds(static_cast<cell::Kind>(kind));
      }
      if (fits) continue;
      // dual says number: a fraction is one, a text is none.
      if (column.dual != TableDual::automatic && (column.type == Type::float64 || (misfit->met[i] & kText) != 0))
        return {Code::bad_data, "column '" + column.name + "' holds texts, and dual." + column.name + " asks for numbers"};
      auto& kinds = kinds_[column.name];
      kinds = static_cast<cell::Kinds>(kinds | misfit->met[i]);
      if (on_mixed_ == TableMixed::fail && cell::is_mixed(kinds)) return {Code::bad_data, cell::refused_mixture(column.name, kinds)};
      logging::log(logging::Level::info, "widened a column whose values do not fit its type",
                   {{"column", column.name},
                    {"from", std::string(to_string(column.type))},
                    {"to", std::string(to_string(cell::choose(kinds).type))}});
    }
    return {};
  }

 private:
  engine::TableInfo table_;
  LoadedApp app_;
  TableRequests requests_;
  TableMixed on_mixed_;
  TableKinds& kinds_;
  Run run_;
  ArrowSchema schema_{};
  std::int64_t pages_ = 0;
  fetch::Counters counters_;
  std::optional<fetch::Fetcher> fetcher_;
};

bool is_known(const engine::Session& session, const KnownModel& model) {
  return model.known && model.reload_time == session.app().reload_time;
}

// The table as it is since the last reload, which the reader verifies at the end.
Result<engine::TableInfo> find_table(engine::Session& session, KnownModel& model, const std::string& name) {
  if (!is_known(session, model)) {
    const auto reload_time = session.app().reload_time;
    auto tables = engine::read_data_model(session);
    if (!tables) return std::move(tables).error();
    model = {true, reload_time, std::move(*tables)};
  }
  std::vector<std::string> names;
  for (const auto& table : model.tables) {
    if (table.name == name) {
      if (table.fields.empty()) return Status(Code::bad_data, "the engine says that table '" + name + "' has no fields");
      return table;
    }
    names.push_back(table.name);
  }
  return Status(Code::not_found, "the data model has no table '" + name + "'" + engine::near_names(name, names));
}

class TableDataset final : public DatasetSource {
 public:
  TableDataset(engine::Session& session, std::shared_ptr<KnownModel> model, std::string table, TableOptions options)
      : session_(session), model_(std::move(model)), table_(std::move(table)), options_(std::move(options)) {}

  Result<std::unique_ptr<BatchReader>> open(const Run& run, const fetch::Options& options, const std::stop_token& stop) override {
    if (auto begun = std::move(ahead_); begun && !begun->spoilt() && begun->run().reload_time == session_.app().reload_time) {
      tried_ = true;
      return std::unique_ptr<BatchReader>(std::move(begun));
    }
    if (auto status = ensure_connected(session_, stop); !status.ok()) return status;
    if (std::exchange(tried_, true)) model_->known = false;
    auto reader = make(run, options, stop);
    if (!reader) return std::move(reader).error();
    return std::unique_ptr<BatchReader>(std::move(*reader));
  }

  void begin_ahead(const Run& run, const fetch::Options& options, const std::stop_token& stop) override {
    if (ahead_ || began_ || !is_known(session_, *model_)) return;
    began_ = true;
    // What fails here fails in its turn.
    if (auto reader = make(run, options, stop)) ahead_ = std::move(*reader);
  }
  [[nodiscard]] Cost cost() const override { return ahead_ ? Cost{ahead_->pages() > 1, false, ahead_->all_cells()} : Cost{}; }
  void advance() override {
    if (ahead_) ahead_->advance();
  }
  void forget() override { ahead_.reset(); }

 private:
  Result<std::unique_ptr<TableReader>> make(const Run& run, const fetch::Options& options, const std::stop_token& stop) {
    LoadedApp app(session_);  // before the table, so that this is of the same load or the end tells
    auto table = find_table(session_, *model_, table_);
    if (!table) return std::move(table).error();
    auto columns = plan_table(*table, session_.app().locale, options_, kinds_);
    return std::make_unique<TableReader>(session_, std::move(app), std::move(*table), std::move(columns), options_.on_mixed, kinds_, run,
                                         options, stop);
  }

  engine::Session& session_;
  std::shared_ptr<KnownModel> model_;
  std::string table_;
  TableOptions options_;
  TableKinds kinds_;  // from attempt to attempt
  std::unique_ptr<TableReader> ahead_;
  bool began_ = false;  // ahead
  bool tried_ = false;  // and it came to nothing
};

class TablePlan final : public ItemPlan {
 public:
  TablePlan(engine::Session& session, std::shared_ptr<KnownModel> model, TableMixed on_mixed)
      : session_(session), model_(std::move(model)), on_mixed_(on_mixed) {}

  [[nodiscard]] bool takes_duals(const std::string&) const override { return true; }

  Result<std::unique_ptr<DatasetSource>> source(const std::string&) override {
    constexpr std::string_view kDual = "dual.";
    TableOptions options;
    options.on_mixed = on_mixed_;
    for (const auto& option : reader_options) {
      if (!option.key.starts_with(kDual)) continue;
      const auto& word = option.value.reveal();
      options.dual_of[option.key.substr(kDual.size())] = word == "number" ? TableDual::number
                                                         : word == "text" ? TableDual::text
                                                         : word == "both" ? TableDual::both
                                                                          : TableDual::automatic;
    }
    return std::unique_ptr<DatasetSource>(new TableDataset(session_, model_, facts.title, std::move(options)));
  }

 private:
  engine::Session& session_;
  std::shared_ptr<KnownModel> model_;
  TableMixed on_mixed_;
};

TableMixed mixed_of(config::OnMixed given) {
  return given == config::OnMixed::null ? TableMixed::null : given == config::OnMixed::fail ? TableMixed::fail : TableMixed::text;
}

}  // namespace

TableItem::TableItem(engine::Session& session, std::shared_ptr<KnownModel> model, const std::string& table, bool selected,
                     config::OnMixed on_mixed)
    : session_(session),
      model_(std::move(model)),
      facts_{"table:" + table, "data-table", table, ""},
      selected_(selected),
      on_mixed_(on_mixed) {}

Result<std::unique_ptr<ItemPlan>> TableItem::plan(const std::stop_token& stop) {
  if (auto status = ensure_connected(session_, stop); !status.ok()) return status;
  const auto table = find_table(session_, *model_, facts_.title);
  if (!table) return table.error();
  auto plan = std::make_unique<TablePlan>(session_, model_, mixed_of(on_mixed_));
  plan->facts = facts_;
  plan->reader = "host";
  plan->datasets.emplace_back();
  if (selected_) plan->notes.emplace_back("all rows as loaded: selections do not filter tables of the data model");
  return std::unique_ptr<ItemPlan>(std::move(plan));
}

}  // namespace qonduit::pipeline
