// What every queue sink does: rows become messages, and a delivery is committed when the broker has confirmed each of them. At least once:
// a message that may have been lost is sent again under the same id. A queue cannot take back what it has; markers tell a consumer which
// deliveries are whole.
#pragma once

#include <qonduit/run_template.hpp>
#include <qonduit/sink.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "avro_messages.hpp"
#include "change_feed.hpp"
#include "dead_letters.hpp"
#include "encoder.hpp"
#include "name_forms.hpp"
#include "publisher.hpp"
#include "queue_options.hpp"
#include "row_key.hpp"

namespace qonduit::queue {

class QueueSink : public Sink, public EndOfRun, public DeadLetterKeeper {
 public:
  [[nodiscard]] std::uint32_t guarantees() const override {
    return guarantee::append | (publisher_->whole_run() ? guarantee::whole_run : 0u);
  }
  Status probe() override;
  Result<Plan> plan(const Run& run, const Schema& schema) override;
  Result<std::string> target_of(const Run& run) override;
  Status open(const Run& run, const Schema& schema) override;
  Status write(const BatchView& batch) override;
  Status commit() override;
  Status abort() override;
  // A broker does not say what it took.
  Result<Committed> committed(std::string_view /*run_id*/) override { return Committed::unknown; }
  [[nodiscard]] Delivery delivery() const override;
  Status end_run(std::string_view /*run_id*/, bool complete) override { return publisher_->end_run(complete); }
  Result<std::vector<DeadLetterFile>> dead_letters() override;
  Status replay(std::string_view path, Replayed& replayed) override;

 protected:
  // What is wrong with options that are each right.
  static Status check(const QueueOptions& options);
  // destination: the template of the routing key or topic.
  QueueSink(QueueOptions options, RunTemplate destination, std::unique_ptr<Publisher> publisher);
  ~QueueSink() override;
  // Whether a name ends in a hash of its text: where the broker cannot hold the text otherwise, or always.
  enum class Hash : std::uint8_t { as_needed, always };
  // The name as the broker takes it. Hash::always: no other text has it.
  [[nodiscard]] virtual std::string broker_name(std::string_view text, Hash /*hash*/) const { return std::string(text); }
  // Whether the value of a loop stands in a name as it is, and the broker takes no other value for it.
  [[nodiscard]] virtual bool holds(std::string_view /*value*/) const { return true; }
  // What two names have in common that the broker, or somebody who reads them, takes for one.
  [[nodiscard]] virtual std::string compared(std::string_view name) const;

 private:
  // Of the delivery, for envelopes, markers and ids.
  struct Facts {
    std::string id_prefix;  // sixteen digits for run and source, and a slash
    std::string source, started_at;
    std::string fingerprint;  // of the columns
    std::string description;  // members of a marker's JSON object
  };
  [[nodiscard]] std::string name_of(const Run& run, NameForms::Form form) const;
  Result<std::string> choose_destination(const Run& run);
  Result<std::string> free_destination(const Run& run, NameForms::Form form) const;
  Result<bool> others_have(const Run& run, const std::string& name) const;
  // invalid_config where another delivery of the run goes to the name.
  Status take_for_the_run(const Run& run, const std::string& name);
  void describe(const Run& run, const Schema& schema);
  // Those the option headers names. REQUIRES: describe, the encoder.
  void add_headers(const Run& run, Destination& destination) const;
  Status begin(const Run& run, const Schema& schema);
  Status send_rows(const BatchView& batch);
  Status add_row(const BatchView& batch, std::int64_t row);
  Status send_body();
  Status send_change(const Change& change);
  // message: its kind, key, body and rows; its id where it is not numbered.
  Status send(Message message, std::uint64_t row);  // row: of the delivery, the last one in it
  Status send_marker(std::string_view what);
  Status refused(const Refused& message);
  Status finish();

  QueueOptions options_;
  RunTemplate destination_;
  NameForms forms_;
  std::string taken_run_;                                  // pipeline and run that taken_ is of
  std::map<std::string, std::string, std::less<>> taken_;  // whose each name is
  std::unique_ptr<Publisher> publisher_;
  DeadLetters dead_letters_;
  AvroMessages avro_;
  std::unique_ptr<Encoder> encoder_;
  RowKey key_;
  std::unique_ptr<ChangeFeed> feed_;  // of the open delivery, with mode = changes
  Facts facts_;

  bool open_ = false;
  bool marks_ = false;   // markers are sent in this delivery
  bool marked_ = false;  // "started" was sent, and nothing yet that ends it
  Status broken_;        // the first failure since open: nothing is sent behind it
  std::string id_, body_, row_, envelope_;
  std::uint64_t pending_rows_ = 0;  // in body_
  std::uint64_t rows_ = 0, messages_ = 0, bytes_ = 0, refused_ = 0, refused_rows_ = 0;
  std::uint64_t checksum_ = 0;
};

}  // namespace qonduit::queue
