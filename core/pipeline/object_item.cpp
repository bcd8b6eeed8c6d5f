#include "core/pipeline/object_item.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/logging/logging.hpp"
#include "core/pipeline/layout_notes.hpp"

namespace qonduit::pipeline {
namespace {

class ObjectDataset final : public DatasetSource {
 public:
  // The first attempt reads what was planned; should that have changed since, it ends as inconsistent. Later ones look again.
  ObjectDataset(engine::Session& session, Look look, host::Adapter adapter, Seen seen, std::int64_t row_limit)
      : session_(session), look_(std::move(look)), adapter_(std::move(adapter)), seen_(std::move(seen)), row_limit_(row_limit) {}

  Result<std::unique_ptr<BatchReader>> open(const Run& run, const fetch::Options& options, const std::stop_token& stop) override {
    if (auto ahead = take_ahead()) return ahead;
    auto seen = seen_ && is_fresh(*seen_) ? Result<Seen>(std::move(*seen_)) : look_(stop);
    seen_.reset();
    if (!seen) return std::move(seen).error();
    auto reader = DatasetReader::open(session_, adapter_, std::move(*seen), run, limited(options), stop);
    if (!reader) return std::move(reader).error();
    return std::unique_ptr<BatchReader>(std::move(*reader));
  }

  void begin_ahead(const Run& run, const fetch::Options& options, const std::stop_token& stop) override {
    // What was begun over a connection that is lost now is begun anew, once.
    if (opening_ && connections_ != session_.reconnects() && (opening_->reader() == nullptr || opening_->reader()->spoilt()))
      opening_.reset();
    if (opening_ || !seen_ || !is_fresh(*seen_)) return;
    connections_ = session_.reconnects();
    opening_.emplace(session_, adapter_, *seen_, run, limited(options), stop);
  }

  [[nodiscard]] Cost cost() const override {
    if (!opening_) return {};
    const auto* reader = opening_->reader();
    return {reader != nullptr && reader->pages() > 1, opening_->copies(), reader == nullptr ? -1 : reader->cells()};
  }

  bool open_ahead() override { return !opening_ || opening_->advance(); }
  void advance() override {
    if (open_ahead() && opening_ && opening_->reader() != nullptr) opening_->reader()->advance();
  }
  void forget() override {
    opening_.reset();
    seen_.reset();
  }

 private:
  [[nodiscard]] bool is_fresh(const Seen& seen) const {
    return !seen.snapshot.disturbed() && seen.snapshot.reload_time() == session_.app().reload_time;
  }
  [[nodiscard]] fetch::Options limited(const fetch::Options& options) const {
    auto limited = options;
    limited.row_limit = row_limit_;
    return limited;
  }
  // What was begun before its turn. null: nothing was, or it came to nothing, which may have been for a reason that has passed.
  std::unique_ptr<BatchReader> take_ahead() {
    if (!opening_) return nullptr;
    auto reader = opening_->take();
    opening_.reset();
    if (!reader || (*reader)->spoilt() || (*reader)->run().reload_time != session_.app().reload_time) return nullptr;
    seen_.reset();
    return std::move(*reader);
  }

  engine::Session& session_;
  Look look_;
  host::Adapter adapter_;
  std::optional<Seen> seen_;
  std::optional<DatasetOpening> opening_;
  int connections_ = 0;  // that had been renewed when it was begun
  std::int64_t row_limit_;
};

class ObjectItemPlan final : public ItemPlan {
 public:
  ObjectItemPlan(engine::Session& session, Look look, std::vector<AssignedDataset> assigned, Seen seen, std::int64_t row_limit,
                 const ObjectChecks& checks)
      : session_(session),
        look_(std::move(look)),
        assigned_(std::move(assigned)),
        seen_(std::move(seen)),
        row_limit_(row_limit),
        checks_(checks),
        attributes_(std::any_of(assigned_.begin(), assigned_.end(), [](const auto& dataset) { return dataset.adapter->attributes; })) {
    for (const auto& dataset : assigned_) datasets.push_back(dataset.name);
  }

  [[nodiscard]] bool outdated() const override {
    return seen_.snapshot.disturbed() || seen_.snapshot.reload_time() != session_.app().reload_time;
  }

  [[nodiscard]] bool takes_duals(const std::string& dataset) const override {
    const auto* found = find(dataset);
    return found != nullptr && found->adapter->takes_duals;
  }

  [[nodiscard]] std::string_view adapter_of(const std::string& dataset) const override {
    const auto* found = find(dataset);
    return found == nullptr ? std::string_view() : found->adapter->component->name();
  }

  Result<std::unique_ptr<DatasetSource>> source(const std::string& dataset) override {
    const auto* found = find(dataset);
    if (found == nullptr) return Status(Code::invalid_argument, "the object has no dataset '" + dataset + "'");
    auto options = reader_options;
    for (const auto& option : found->adapter->options) {
      const auto same = [&option](const config::Option& own) { return own.key == option.key; };
      if (std::none_of(reader_options.begin(), reader_options.end(), same)) options.push_back(option);
    }
    auto adapter = plugin::create_adapter(*found->adapter->component, options, found->adapter->pipeline);
    if (!adapter) return std::move(adapter).error();
    return std::unique_ptr<DatasetSource>(new ObjectDataset(session_, look_, std::move(*adapter), seen_, row_limit_));
  }

  void add_questions(std::vector<engine::ExpressionCheck::Question>& questions) const override {
    if (to_be_checked()) pipeline::add_questions(seen_, checks_, attributes_, questions);
  }

  Result<std::vector<std::string>> check() override {
    return to_be_checked() ? check_expressions(seen_, states, checks_, attributes_) : std::vector<std::string>();
  }

 private:
  [[nodiscard]] bool to_be_checked() const { return checks_.expressions != nullptr && !assigned_.empty(); }

  [[nodiscard]] const AssignedDataset* find(const std::string& dataset) const {
    const auto found = std::find_if(assigned_.begin(), assigned_.end(), [&](const auto& known) { return known.name == dataset; });
    return found == assigned_.end() ? nullptr : &*found;
  }

  engine::Session& session_;
  Look look_;
  std::vector<AssignedDataset> assigned_;
  Seen seen_;
  std::int64_t row_limit_;
  ObjectChecks checks_;
  bool attributes_;  // some dataset delivers what is computed beside its values
};

// A session object, made when it is first looked at and again when it is gone.
class SessionObject {
 public:
  SessionObject(engine::Session& session, std::string definition_json) : session_(session), definition_json_(std::move(definition_json)) {}

  Result<Seen> look(const std::stop_token& stop) {
    if (auto status = ensure_connected(session_, stop); !status.ok()) return status;
    if (!object_ || object_.state() != engine::HandleState::valid) {
      auto made = session_.create_session_object(definition_json_);
      if (!made) return std::move(made).error();
      object_ = std::move(*made);
    }
    return Seen::take(session_, object_);
  }
  // It was made already.
  void keep(engine::Handle object) { object_ = std::move(object); }

 private:
  engine::Session& session_;
  std::string definition_json_;
  engine::Handle object_;
};

// The adapters of a plan, each once, in the order of their datasets.
std::string readers_of(const std::vector<AssignedDataset>& assigned) {
  std::string readers;
  const NamedAdapter* last = nullptr;
  for (const auto& dataset : assigned) {
    // An adapter's datasets stand together.
    if (dataset.adapter != last) readers += (readers.empty() ? "" : ", ") + std::string(dataset.adapter->component->name());
    last = dataset.adapter;
  }
  return readers;
}

}  // namespace

ObjectItem::ObjectItem(engine::Session& session, const std::vector<NamedAdapter>& adapters, const engine::ObjectRef& object,
                       const ObjectChecks& checks)
    : session_(session),
      adapters_(adapters),
      facts_{object.id, object.type, object.title, object.sheet_title},
      checks_(checks),
      must_hold_data_(object.named && checks.on_no_data == config::OnNoData::fail) {}

ObjectItem::ObjectItem(engine::Session& session, const std::vector<NamedAdapter>& adapters, ItemFacts facts, std::string definition_json,
                       std::int64_t row_limit, const ObjectChecks& checks)
    : session_(session),
      adapters_(adapters),
      facts_(std::move(facts)),
      definition_json_(std::move(definition_json)),
      row_limit_(row_limit),
      checks_(checks) {}

engine::PendingHandle ObjectItem::begin_object() const {
  return definition_json_.empty() ? session_.begin_object(facts_.id) : session_.begin_session_object(definition_json_);
}

bool ObjectItem::look_ahead() {
  if (ahead_) return true;
  if (!looking_) looking_.emplace(session_, begin_object());
  if (!looking_->advance()) return false;
  ahead_ = looking_->take();
  looking_.reset();
  return true;
}

std::size_t ObjectItem::seen_bytes() const { return ahead_ && *ahead_ ? (*ahead_)->snapshot.layout_json().size() : 0; }

Result<std::unique_ptr<ItemPlan>> ObjectItem::plan(const std::stop_token& stop) {
  const auto object = definition_json_.empty() ? nullptr : std::make_shared<SessionObject>(session_, definition_json_);
  const Look look_again = [&session = session_, id = facts_.id, object](const std::stop_token& stopped) {
    return object == nullptr ? look_at(session, id, stopped) : object->look(stopped);
  };
  if (looking_) ahead_ = looking_->take();
  looking_.reset();
  auto seen = ahead_ ? std::move(*std::exchange(ahead_, std::nullopt)) : look_again(stop);
  if (!seen) return std::move(seen).error();
  if (object != nullptr) object->keep(seen->snapshot.object());
  const auto layout = seen->snapshot.layout_json();
  auto known = read_facts(layout);
  if (!known) return std::move(known).error();
  const auto census = take_census(layout);
  if (!census) return census.error();
  auto states = read_states(layout);
  if (!states) return std::move(states).error();
  auto facts = facts_;
  if (!known->type.empty()) facts.type = std::move(known->type);
  if (!known->title.empty()) facts.title = std::move(known->title);

  auto assigned = assign_datasets(adapters_, facts.type, layout);
  if (!assigned) return std::move(assigned).error();
  if (assigned->empty() && census->total() == 0 && must_hold_data_)
    return Status(Code::not_found, "'objects' names it, and it holds no data (on-no-data = warn leaves it out)");
  if (assigned->empty() && census->total() > 0) {
    return Status(Code::unsupported, "no plugin reads objects of type '" + facts.type + "' with this kind of data (" +
                                         std::to_string(census->other) + " pivot, stacked or tree cubes, " + std::to_string(census->lists) +
                                         " lists); " +
                                         (definition_json_.empty() ? "leave it out of 'objects', or install an adapter for it"
                                                                   : "install an adapter for it; qonduit plugins lists what is there"));
  }
  auto said = read_layout_notes(layout);
  if (!said) return std::move(said).error();
  auto readers = readers_of(*assigned);
  auto notes = std::move(said->left_out);
  if (seen->properties) {
    const auto alternatives = read_alternatives(*seen->properties);
    if (!alternatives) return alternatives.error();
    notes.insert(notes.end(), alternatives->begin(), alternatives->end());
  }
  if (const auto missed = census->missed_by(*assigned); assigned->empty()) {
    notes.emplace_back("holds no data");
  } else if (!missed.empty()) {
    const auto total = census->places.size();
    std::string places;
    for (const auto& place : missed) places += (places.empty() ? "" : ", ") + place;
    notes.push_back("read " + std::to_string(total - missed.size()) + " of " + std::to_string(total) +
                    " hypercubes and lists of this object (adapters: " + readers + "); no installed plugin reads " + places);
    logging::log(logging::Level::warn, "left out data of an object that no adapter reads", {{"object", facts.id}, {"note", notes.back()}});
  }
  auto plan = std::make_unique<ObjectItemPlan>(session_, look_again, std::move(*assigned), std::move(*seen), row_limit_, checks_);
  plan->facts = std::move(facts);
  plan->reader = std::move(readers);
  plan->notes = std::move(notes);
  plan->warnings = std::move(said->warnings);
  plan->states = std::move(*states);
  return std::unique_ptr<ItemPlan>(std::move(plan));
}

}  // namespace qonduit::pipeline
