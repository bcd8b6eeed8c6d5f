#include "transaction.hpp"

namespace qonduit::sql {
namespace {

constexpr std::string_view kDeliverySavepoint = "qonduit_delivery";

}  // namespace

Status DeliveryTransaction::begin() {
  if (open_) return {};
  const auto& dialect = database_.dialect();
  if (!in_run_) {
    if (auto status = database_.execute(dialect.begin()).status(); !status.ok()) return status;
    in_run_ = whole_run_;
  }
  auto status = whole_run_ ? database_.execute(dialect.savepoint(kDeliverySavepoint)).status() : Status();
  open_ = status.ok();
  return status;
}

Status DeliveryTransaction::commit() {
  if (!open_) return {};
  if (!whole_run_) {
    open_ = false;
    return database_.commit();
  }
  const auto release = database_.dialect().release(kDeliverySavepoint);
  auto status = release.empty() ? Status() : database_.execute(release).status();
  if (status.ok()) open_ = false;
  return status;
}

Status DeliveryTransaction::rollback() {
  if (!open_) return {};
  open_ = false;
  if (!database_.connected()) return {};  // the server has done it
  if (!whole_run_) return database_.rollback();
  const auto& dialect = database_.dialect();
  auto status = database_.execute(dialect.rollback_to(kDeliverySavepoint)).status();
  const auto release = dialect.release(kDeliverySavepoint);
  return status.ok() && !release.empty() ? database_.execute(release).status() : status;
}

Status DeliveryTransaction::end_run(bool complete) {
  if (!in_run_) return {};
  in_run_ = open_ = false;
  if (!database_.connected()) return complete ? Status(Code::unavailable, "the connection was lost before the commit") : Status();
  return complete ? database_.commit() : database_.rollback();
}

}  // namespace qonduit::sql
