#include "core/rehearsal/witness.hpp"

#include <memory>
#include <string>

#include "core/plugin/process_host.hpp"
#include "core/rehearsal/ledger.hpp"
#include "qonduit/plugin.hpp"

namespace qonduit::rehearsal {
namespace {

struct WitnessOptions {
  std::string directory;
};
constexpr auto kOptions = options(option("directory", &WitnessOptions::directory, "Where the ledgers are kept.").required());

class Witness final : public Sink {
 public:
  explicit Witness(WitnessOptions options) : folder_(std::move(options.directory)) {}

  std::uint32_t guarantees() const override { return guarantee::replace; }
  Status probe() override { return {}; }
  Status open(const Run& run, const Schema& schema) override {
    ledger_.reset();
    file_ = ledger_file(folder_, run.object_id, run.part());
    run_id_ = run.run_id;
    committed_ = false;
    auto made = LedgerWriter::create(file_, schema);
    if (!made) return std::move(made).error();
    ledger_ = std::move(*made);
    return {};
  }
  Status write(const BatchView& batch) override {
    auto status = ledger_->write(batch);
    rows_ = ledger_->rows();
    return status;
  }
  Status commit() override {
    auto status = ledger_->commit();
    committed_ = status.ok();
    ledger_.reset();
    return status;
  }
  Status abort() override {
    ledger_.reset();
    return {};
  }
  Result<Committed> committed(std::string_view run_id) override { return committed_ && run_id == run_id_ ? Committed::yes : Committed::no; }
  Delivery delivery() const override { return {ledger_ ? ledger_->rows() : rows_, 0, "rehearsal"}; }

 private:
  std::filesystem::path folder_, file_;
  std::string run_id_;
  std::unique_ptr<LedgerWriter> ledger_;
  std::uint64_t rows_ = 0;
  bool committed_ = false;
};

}  // namespace

const plugin::Component& witness_component() {
  static auto& place = *new host::Place(plugin::process_host(), {"rehearsal", {}, {}, {}, {}});
  static const plugin::Component component = [] {
    const auto* table = qonduit::detail::make_plugin(place.context(), "rehearsal", "1",
                                                     {sink<Witness, kOptions>("witness", "Keeps count of what is delivered.")});
    return plugin::Component(plugin::process_host(), *table, *table->components[0], "built in");
  }();
  return component;
}

config::Sink witness_sink(const std::filesystem::path& folder) {
  config::Sink sink;
  sink.name = "rehearsal";
  sink.type = "witness";
  sink.options.push_back({"directory", config::Secret(folder.string()), false, {}});
  return sink;
}

}  // namespace qonduit::rehearsal
