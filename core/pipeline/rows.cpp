#include "core/pipeline/rows.hpp"

#include <algorithm>
#include <optional>

#include "core/pipeline/dataset_reader.hpp"
#include "qonduit/host/adapter.hpp"

namespace qonduit::pipeline {
namespace {

// One batch, which is there already.
class RowsReader final : public BatchReader {
 public:
  RowsReader(const Run& run, const std::string& reload_time, Rows rows) : run_(run), reload_time_(reload_time), rows_(std::move(rows)) {
    run_.reload_time = reload_time_;
    arrow::export_schema(rows_.schema, &schema_);
    count_ = rows_.columns.empty() ? 0 : rows_.columns.front().rows();
  }
  ~RowsReader() override { schema_.release(&schema_); }

  const Run& run() const noexcept override { return run_; }
  const ArrowSchema& schema() const noexcept override { return schema_; }
  std::int64_t rows() const noexcept override { return count_; }
  const fetch::Counters& counters() const noexcept override { return counters_; }

  Result<std::optional<arrow::ArrayHandle>> next() override {
    if (done_ || count_ == 0) return std::optional<arrow::ArrayHandle>();
    done_ = true;
    counters_.rows = count_;
    counters_.cells = count_ * static_cast<std::int64_t>(rows_.columns.size());
    arrow::ArrayHandle array(new ArrowArray{});
    finish_batch(rows_.columns, array.get());
    return std::optional(std::move(array));
  }

 private:
  Run run_;
  std::string reload_time_;
  Rows rows_;
  ArrowSchema schema_{};
  fetch::Counters counters_;
  std::int64_t count_ = 0;
  bool done_ = false;
};

class RowsDataset final : public DatasetSource {
 public:
  RowsDataset(engine::Session& session, const MakeRows& make) : session_(session), make_(make) {}

  Result<std::unique_ptr<BatchReader>> open(const Run& run, const fetch::Options&, const std::stop_token& stop) override {
    if (auto status = ensure_connected(session_, stop); !status.ok()) return status;
    const auto reload_time = session_.app().reload_time;
    auto rows = make_(session_);
    if (!rows) return std::move(rows).error();
    if (auto status = session_.watch().unchanged(engine::AppWatch::Clock::now(), reload_time); !status.ok()) return status;
    return std::unique_ptr<BatchReader>(new RowsReader(run, reload_time, std::move(*rows)));
  }

 private:
  engine::Session& session_;
  const MakeRows& make_;  // the item's, which outlives its plans and their sources
};

class RowsPlan final : public ItemPlan {
 public:
  RowsPlan(engine::Session& session, const std::vector<std::pair<std::string, MakeRows>>& made) : session_(session), made_(made) {}

  Result<std::unique_ptr<DatasetSource>> source(const std::string& dataset) override {
    const auto found = std::find_if(made_.begin(), made_.end(), [&](const auto& entry) { return entry.first == dataset; });
    if (found == made_.end()) return Status(Code::internal, "there is no dataset '" + dataset + "'");
    return std::unique_ptr<DatasetSource>(new RowsDataset(session_, found->second));
  }

 private:
  engine::Session& session_;
  const std::vector<std::pair<std::string, MakeRows>>& made_;
};

}  // namespace

RowsBuilder::RowsBuilder(std::initializer_list<std::pair<std::string_view, Type>> columns) {
  for (const auto& [name, type] : columns) {
    rows_.schema.fields.push_back(Field{std::string(name), type, true, {{"qlik.title", std::string(name)}}, false});
    rows_.columns.emplace_back(type);
  }
}

Column& RowsBuilder::next() {
  auto& column = rows_.columns[at_];
  at_ = (at_ + 1) % rows_.columns.size();
  return column;
}

RowsBuilder& RowsBuilder::text(std::string_view value) {
  if (value.empty()) return null();
  next().append_text(value);
  return *this;
}

RowsBuilder& RowsBuilder::number(std::int64_t value) {
  next().append_int64(value);
  return *this;
}

RowsBuilder& RowsBuilder::flag(bool value) {
  next().append_boolean(value);
  return *this;
}

RowsBuilder& RowsBuilder::null() {
  next().append_null();
  return *this;
}

RowsItem::RowsItem(engine::Session& session, ItemFacts facts, std::vector<std::pair<std::string, MakeRows>> datasets)
    : session_(session), facts_(std::move(facts)), datasets_(std::move(datasets)) {}

Result<std::unique_ptr<ItemPlan>> RowsItem::plan(const std::stop_token&) {
  auto plan = std::make_unique<RowsPlan>(session_, datasets_);
  plan->facts = facts_;
  plan->reader = "host";
  for (const auto& [name, make] : datasets_) plan->datasets.push_back(name);
  return std::unique_ptr<ItemPlan>(std::move(plan));
}

}  // namespace qonduit::pipeline
