// A sink behind its C table, driven as every host drives it: errors are Status, texts are strings, the instance ends with
// the object. What comes back is checked, and what is thrown becomes Code::internal. Used by one thread at a time, but for
// cancel().
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/host/batch_check.hpp>
#include <qonduit/host/call.hpp>
#include <qonduit/host/component.hpp>
#include <qonduit/host/formats.hpp>
#include <qonduit/host/lent_batch.hpp>
#include <qonduit/host/wire.hpp>
#include <qonduit/sink.hpp>
#include <qonduit/status.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::host {

class Sink {
 public:
  static Result<Sink> create(const Component& component, const WirePairs& options, Purpose purpose = {}) {
    auto place = component.place(std::move(purpose));
    const auto who = component.text();
    auto self = call_create(who, *place, [&](qonduit_error* error) {
      return component.sink().create(place->context(), options.data(), options.size(), error);
    });
    if (!self) return std::move(self).error();
    Sink sink(component, std::move(place), *self);
    if (auto status = sink.ask_what_it_is(); !status.ok()) return status;
    return sink;
  }

  // Bits of namespace guarantee.
  [[nodiscard]] std::uint32_t guarantees() const noexcept { return guarantees_; }
  Status probe() {
    return call("probe", [&](qonduit_error* error) { return api().probe(self_.get(), error); });
  }

  // Whether the plugin says what a delivery would do.
  [[nodiscard]] bool plans() const { return QONDUIT_HAS(qonduit_sink_api, &api(), plan); }
  // What open would do, or why it would refuse; changes nothing. All empty where the plugin does not say.
  Result<Plan> plan(const Run& run, const ArrowSchema& schema) {
    auto met = meet(schema);
    if (!met) return std::move(met).error();
    if (!plans()) return Plan();
    const WireRun wire(run);
    const WireSchema own(*met);
    Reply<Plan> reply;
    auto status =
        call("plan", [&](qonduit_error* error) { return api().plan(self_.get(), wire.get(), &own.get(), &take_plan, &reply, error); });
    if (status.ok()) status = reply.once(who_, "for its plan");
    if (!status.ok()) return status;
    return std::move(reply.value);
  }
  // What tells the target of a delivery from others; empty: the sink does not say, and makes its deliveries one after the
  // other.
  Result<std::string> target_of(const Run& run) {
    if (!QONDUIT_HAS(qonduit_sink_api, &api(), target_of)) return std::string();
    const WireRun wire(run);
    Reply<std::string> reply;
    auto status =
        call("target_of", [&](qonduit_error* error) { return api().target_of(self_.get(), wire.get(), &take_text, &reply, error); });
    if (status.ok()) status = reply.once(who_, "what its target is");
    if (!status.ok()) return status;
    return std::move(reply.value);
  }

  Status open(const Run& run, const ArrowSchema& schema) {
    place_->in_run(run.run_id);
    auto given = arrow::import_schema(schema);
    if (!given) return std::move(given).error().within(who_);
    auto met = formats_.met_by(*given);
    if (!met) return std::move(met).error().within(who_);
    given_ = std::move(*given);
    schema_ = std::move(*met);
    converts_ = false;
    for (std::size_t i = 0; i < schema_.fields.size(); ++i) converts_ |= schema_.fields[i].dictionary != given_.fields[i].dictionary;
    const WireRun wire(run);
    if (!converts_) return call("open", [&](qonduit_error* error) { return api().open(self_.get(), wire.get(), &schema, error); });
    const WireSchema own(schema_);
    return call("open", [&](qonduit_error* error) { return api().open(self_.get(), wire.get(), &own.get(), error); });
  }
  Status write(const ArrowArray& batch) {
    // Batches may be joined from pieces; a sink that walks the schema's columns must find them all.
    if (const auto problem = check_types(batch, given_); !problem.empty())
      return {Code::internal, who_ + ": the source of the batch " + problem};
    if (!converts_) return lend(batch);
    const PlainTexts plain(batch, given_, schema_);
    return lend(plain.get());
  }
  Status commit() {
    return call("commit", [&](qonduit_error* error) { return api().commit(self_.get(), error); });
  }
  Status abort() {
    return call(
        "abort", [&](qonduit_error* error) { return api().abort(self_.get(), error); }, Place::Meant::yes);
  }
  Result<Committed> committed(std::string_view run_id) {
    std::uint32_t answer = QONDUIT_COMMITTED_UNKNOWN;
    auto status = call("committed", [&](qonduit_error* error) { return api().committed(self_.get(), borrow(run_id), &answer, error); });
    if (!status.ok()) return status;
    if (answer > QONDUIT_COMMITTED_UNKNOWN) {
      return Status(Code::internal,
                    who_ + " answered " + std::to_string(answer) + " when asked whether a run had landed: neither no, yes nor unknown");
    }
    return static_cast<Committed>(answer);
  }
  Result<Delivery> delivery() {
    Reply<Delivery> reply;
    auto status = call("delivery", [&](qonduit_error* error) { return api().delivery(self_.get(), &take_delivery, &reply, error); });
    if (status.ok()) status = reply.once(who_, "for its delivery");
    if (!status.ok()) return status;
    return std::move(reply.value);
  }

  // Nothing happens where the plugin has no such extension: its deliveries are visible one by one.
  Status end_run(std::string_view run_id, bool complete) {
    const auto* table =
        component_.extension<qonduit_end_of_run_api>(QONDUIT_EXTENSION_END_OF_RUN, QONDUIT_SIZE_UP_TO(qonduit_end_of_run_api, end_run));
    if (table == nullptr || table->end_run == nullptr) return {};
    return call(
        "end_run", [&](qonduit_error* error) { return table->end_run(self_.get(), borrow(run_id), complete ? 1u : 0u, error); },
        Place::Meant::yes);
  }
  // unsupported where the plugin has no such extension, or keeps none.
  Result<std::vector<DeadLetterFile>> dead_letters() {
    const auto* table = letters();
    if (table == nullptr) return Status(Code::unsupported, "sinks of this kind keep no dead letters");
    Reply<std::vector<DeadLetterFile>> reply;
    auto status = call("list", [&](qonduit_error* error) { return table->list(self_.get(), &take_file, &reply, error); });
    if (!status.ok()) return status;
    if (!reply.problem.empty()) return Status(Code::internal, who_ + " was asked for its dead letters and " + reply.problem);
    return std::move(reply.value);
  }
  Status replay(std::string_view path, Replayed& replayed) {
    const auto* table = letters();
    if (table == nullptr) return {Code::unsupported, "sinks of this kind keep no dead letters"};
    return call("replay",
                [&](qonduit_error* error) { return table->replay(self_.get(), borrow(path), &replayed.sent, &replayed.stayed, error); });
  }

  // Any thread, while the object lives: the call under way should answer cancelled soon, and so should those that follow but
  // abort and end_run.
  void cancel() noexcept {
    place_->cancel();
    if (!QONDUIT_HAS(qonduit_sink_api, &api(), cancel)) return;
    try {
      api().cancel(self_.get());
    } catch (...) {
      // It was told what it can be told.
    }
  }
  [[nodiscard]] Place& place() const noexcept { return *place_; }

 private:
  struct Destroy {
    const qonduit_sink_api* api;
    const Place* place;
    void operator()(void* self) const noexcept {
      const Place::Call open(*place, "destroy", Place::Meant::yes);
      try {
        api->destroy(self);
      } catch (...) {
        // A destructor that throws through the boundary has leaked; there is nobody to tell.
      }
    }
  };
  static constexpr std::uint32_t kGuarantees =
      guarantee::append | guarantee::upsert | guarantee::replace | guarantee::exactly_once | guarantee::whole_run | guarantee::same_ids;

  Sink(const Component& component, std::unique_ptr<Place> place, void* self)
      : component_(component), who_(component.text()), place_(std::move(place)), self_(self, Destroy{&component.sink(), place_.get()}) {}
  [[nodiscard]] const qonduit_sink_api& api() const { return component_.sink(); }
  template <typename Function>
  Status call(const char* name, Function&& function, Place::Meant meant = Place::Meant::no) const {
    return host::call(who_, *place_, name, std::forward<Function>(function), meant);
  }

  Status ask_what_it_is() {
    try {
      guarantees_ = api().guarantees(self_.get());
    } catch (...) {
      return thrown(who_);
    }
    // A plugin of a newer minor may promise what this host does not know.
    const auto unknown = guarantees_ & ~kGuarantees;
    if (unknown != 0 && component_.plugin_minor() <= QONDUIT_ABI_MINOR)
      return {Code::internal, who_ + " promises what is not in the boundary: guarantees has the unknown bits " + std::to_string(unknown)};
    guarantees_ &= kGuarantees;
    if (guarantees_ == 0) return {Code::internal, who_ + " promises nothing: guarantees answered 0"};
    if (!QONDUIT_HAS(qonduit_sink_api, &api(), formats)) return {};
    Reply<std::string> reply;
    auto status = call("formats", [&](qonduit_error* error) { return api().formats(self_.get(), &take_text, &reply, error); });
    if (status.ok()) status = reply.once(who_, "which formats it takes");
    if (status.ok()) formats_ = Formats(reply.value);
    return status;
  }
  [[nodiscard]] Result<Schema> meet(const ArrowSchema& schema) const {
    auto given = arrow::import_schema(schema);
    if (!given) return std::move(given).error().within(who_);
    auto met = formats_.met_by(std::move(*given));
    if (!met) return std::move(met).error().within(who_);
    return met;
  }
  Status lend(const ArrowArray& batch) {
    const auto write = [&](const ArrowArray& lent) {
      return call("write", [&](qonduit_error* error) { return api().write(self_.get(), &lent, error); });
    };
    if (!place_->host().paranoid()) return write(batch);
    const LentBatch lent(batch, schema_);
    auto status = write(lent.get());
    const auto misuse = lent.misuse();
    return misuse.empty() ? status : Status(Code::internal, who_ + " " + misuse);
  }
  [[nodiscard]] const qonduit_dead_letters_api* letters() const {
    const auto* table = component_.extension<qonduit_dead_letters_api>(QONDUIT_EXTENSION_DEAD_LETTERS,
                                                                       QONDUIT_SIZE_UP_TO(qonduit_dead_letters_api, replay));
    return table == nullptr || table->list == nullptr || table->replay == nullptr ? nullptr : table;
  }

  static void take_delivery(void* taker, const qonduit_delivery* said) {
    Reply<Delivery>::receive(taker, [&](Delivery& delivery) {
      auto problem = too_small(said, QONDUIT_SIZE_UP_TO(qonduit_delivery, refused));
      if (problem.empty()) delivery = {said->rows, said->bytes, clean_text(said->target), clean_text(said->note), said->refused};
      return problem;
    });
  }
  static void take_plan(void* taker, const qonduit_plan* said) {
    Reply<Plan>::receive(taker, [&](Plan& plan) {
      auto problem = too_small(said, QONDUIT_SIZE_UP_TO(qonduit_plan, identity));
      if (problem.empty()) {
        plan = {clean_text(said->target), clean_text(said->before), clean_text(said->after), (said->flags & QONDUIT_PLAN_EXCLUSIVE) != 0,
                clean_text(said->identity)};
      }
      return problem;
    });
  }
  static void take_text(void* taker, qonduit_str said) {
    Reply<std::string>::receive(taker, [&](std::string& text) {
      text = clean_text(said);
      return std::string();
    });
  }
  static void take_file(void* taker, const qonduit_dead_letter_file* said) {
    Reply<std::vector<DeadLetterFile>>::receive(taker, [&](std::vector<DeadLetterFile>& files) -> std::string {
      constexpr std::size_t kMostFiles = 1'000'000, kLongestPath = 4096;
      if (auto problem = too_small(said, QONDUIT_SIZE_UP_TO(qonduit_dead_letter_file, messages)); !problem.empty()) return problem;
      // As it is: it is handed back.
      auto path = copy_text(said->path, kLongestPath);
      if (!path || path->empty()) return "gave a path that is no text";
      if (files.size() >= kMostFiles) return "gave more files than this host takes";
      files.push_back({std::move(*path), clean_text(said->pipeline), clean_text(said->run_id), clean_text(said->object),
                       clean_text(said->dataset), clean_text(said->first), clean_text(said->last), clean_text(said->reason),
                       said->messages});
      return {};
    });
  }

  Component component_;
  std::string who_;
  std::unique_ptr<Place> place_;  // outlives the instance
  std::unique_ptr<void, Destroy> self_;
  std::uint32_t guarantees_ = 0;
  Formats formats_;
  Schema given_, schema_;  // of the last open: the batches', and the sink's
  bool converts_ = false;
};

}  // namespace qonduit::host
