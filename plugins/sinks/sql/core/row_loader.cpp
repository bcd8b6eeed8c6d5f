#include "row_loader.hpp"

#include <utility>

namespace qonduit::sql {
namespace {

constexpr std::string_view kRowsSavepoint = "qonduit_rows";

Status count_differs(std::uint64_t taken, std::uint64_t given) {
  return {Code::inconsistent, "the database took " + std::to_string(taken) + " rows of " + std::to_string(given)};
}

}  // namespace

Status RowLoader::begin(const TableName& table, std::vector<LoadColumn> columns, bool in_transaction) {
  table_ = table;
  columns_ = std::move(columns);
  in_transaction_ = in_transaction;
  rows_ = 0;
  keys_.clear();
  knows_refused_keys_ = true;
  if (rejects_ != nullptr) {
    if (!in_transaction || database_.savepoints()) return {};
    return {Code::unsupported, "reject: the database has no savepoints, so a refused row spoils its delivery; set reject = fail"};
  }
  auto status = database_.begin_load(table_, columns_);
  loading_ = status.ok();
  return status;
}

void RowLoader::keep_refused_keys(TableName table, std::vector<LoadColumn> keys) {
  refused_keys_ = std::move(table);
  keys_ = std::move(keys);
}

std::uint64_t RowLoader::loaded() const { return rows_ - (rejects_ == nullptr ? 0 : static_cast<std::uint64_t>(rejects_->count())); }

Status RowLoader::write(const BatchView& batch) {
  const auto count = static_cast<std::uint64_t>(batch.rows());
  if (rejects_ == nullptr) {
    auto status = database_.load(batch, 0, batch.rows());
    if (status.ok()) rows_ += count;
    return status;
  }
  // What is still to be loaded, last part first.
  std::vector<Range> parts = {{0, batch.rows()}};
  while (!parts.empty()) {
    const auto [first, last] = parts.back();
    parts.pop_back();
    if (first >= last) continue;
    auto status = load(table_, columns_, batch, {first, last});
    if (status.ok()) continue;
    if (status.code() != Code::bad_data) return status;
    const auto refusal = database_.refusal();
    if (refusal && refusal->row >= 0 && first + refusal->row < last) {
      const auto row = first + refusal->row;
      if (auto refused = refuse(batch, row, *refusal); !refused.ok()) return refused;
      parts.push_back({row + 1, last});
      parts.push_back({first, row});
    } else if (last - first == 1) {
      if (auto refused = refuse(batch, first, {first, std::nullopt, status.message()}); !refused.ok()) return refused;
    } else {
      const auto middle = first + (last - first) / 2;
      parts.push_back({middle, last});
      parts.push_back({first, middle});
    }
  }
  rows_ += count;
  return {};
}

Status RowLoader::refuse(const BatchView& batch, std::int64_t row, const Refusal& refusal) {
  const auto column =
      refusal.column && *refusal.column < columns_.size() ? std::string_view(columns_[*refusal.column].name) : std::string_view();
  auto status = rejects_->add(batch, row, rows_ + static_cast<std::uint64_t>(row) + 1, column, refusal.reason);
  return status.ok() && !keys_.empty() ? keep_key(batch, row) : status;
}

Status RowLoader::keep_key(const BatchView& batch, std::int64_t row) {
  auto status = load(refused_keys_, keys_, batch, {row, row + 1});
  if (status.code() != Code::bad_data) return status;
  knows_refused_keys_ = false;
  return {};
}

Status RowLoader::load(const TableName& table, const std::vector<LoadColumn>& columns, const BatchView& batch, Range range) {
  const auto& dialect = database_.dialect();
  auto status = database_.execute(in_transaction_ ? dialect.savepoint(kRowsSavepoint) : dialect.begin()).status();
  if (!status.ok()) return status;
  status = database_.begin_load(table, columns);
  if (status.ok()) {
    loading_ = true;
    status = database_.load(batch, range.first, range.last);
    if (status.ok()) {
      auto taken = database_.end_load();
      const auto given = static_cast<std::uint64_t>(range.last - range.first);
      status = taken.status();
      if (taken && *taken != given) status = count_differs(*taken, given);
    } else {
      database_.cancel_load();
    }
    loading_ = false;
  }
  if (!status.ok()) {
    // The load's failure is what the caller must know; a connection that cannot roll back fails with its next statement.
    static_cast<void>(in_transaction_ ? undo() : database_.rollback());
    return status;
  }
  if (!in_transaction_) return database_.commit();
  return release();
}

Status RowLoader::undo() {
  auto status = database_.execute(database_.dialect().rollback_to(kRowsSavepoint)).status();
  return status.ok() ? release() : status;
}

Status RowLoader::release() {
  const auto statement = database_.dialect().release(kRowsSavepoint);
  return statement.empty() ? Status() : database_.execute(statement).status();
}

Status RowLoader::finish() {
  if (!loading_) return {};
  loading_ = false;
  auto taken = database_.end_load();
  if (!taken) return std::move(taken).error();
  return *taken == rows_ ? Status() : count_differs(*taken, rows_);
}

void RowLoader::cancel() noexcept {
  if (loading_) database_.cancel_load();
  loading_ = false;
}

}  // namespace qonduit::sql
