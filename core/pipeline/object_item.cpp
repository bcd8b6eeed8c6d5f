#include "core/pipeline/object_item.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/logging/logging.hpp"
#include "core/pipeline/layout_notes.hpp"
#include "core/pipeline/object_expressions.hpp"

namespace qonduit::pipeline {
namespace {

class ObjectDataset final : public DatasetSource {
 public:
  // The first attempt reads what was planned; should that have changed since, it ends as inconsistent. Later ones look again.
  ObjectDataset(engine::Session& session, Look look, plugin::RemoteAdapter adapter, Seen seen, std::int64_t row_limit)
      : session_(session), look_(std::move(look)), adapter_(std::move(adapter)), seen_(std::move(seen)), row_limit_(row_limit) {}

  Result<std::unique_ptr<BatchReader>> open(const Run& run, const fetch::Options& options, const std::stop_token& stop) override {
    auto seen = seen_ ? Result<Seen>(*std::exchange(seen_, std::nullopt)) : look_(stop);
    if (!seen) return std::move(seen).error();
    auto limited = options;
    limited.row_limit = row_limit_;
    auto reader = DatasetReader::open(session_, adapter_, std::move(*seen), run, limited, stop);
    if (!reader) return std::move(reader).error();
    return std::unique_ptr<BatchReader>(std::move(*reader));
  }

 private:
  engine::Session& session_;
  Look look_;
  plugin::RemoteAdapter adapter_;
  std::optional<Seen> seen_;
  std::int64_t row_limit_;
};

class ObjectItemPlan final : public ItemPlan {
 public:
  ObjectItemPlan(engine::Session& session, Look look, std::vector<AssignedDataset> assigned, Seen seen, std::int64_t row_limit)
      : session_(session), look_(std::move(look)), assigned_(std::move(assigned)), seen_(std::move(seen)), row_limit_(row_limit) {
    for (const auto& dataset : assigned_) datasets.push_back(dataset.name);
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
    auto adapter = plugin::RemoteAdapter::create(*found->adapter->component, options);
    if (!adapter) return std::move(adapter).error();
    return std::unique_ptr<DatasetSource>(new ObjectDataset(session_, look_, std::move(*adapter), seen_, row_limit_));
  }

 private:
  [[nodiscard]] const AssignedDataset* find(const std::string& dataset) const {
    const auto found = std::find_if(assigned_.begin(), assigned_.end(), [&](const auto& known) { return known.name == dataset; });
    return found == assigned_.end() ? nullptr : &*found;
  }

  engine::Session& session_;
  Look look_;
  std::vector<AssignedDataset> assigned_;
  Seen seen_;
  std::int64_t row_limit_;
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

// What its expressions, and the states it is in, name that the app has not: a note for each. not_found where that fails the object.
Result<std::vector<std::string>> ObjectItem::check_expressions(const Seen& seen, const std::vector<std::string>& states,
                                                               bool attributes) const {
  std::vector<std::string> notes;
  if (checks_.expressions == nullptr) return notes;
  const bool fails = checks_.on_bad_expression == config::OnBadExpression::fail;
  std::string problems;
  const auto finish = [&]() -> Result<std::vector<std::string>> {
    if (!fails || problems.empty()) return std::move(notes);
    return Status(Code::not_found, problems + " (on-bad-expression = warn reads it as it is, with a note)");
  };
  const auto add = [&](std::string note) {
    if (std::find(notes.begin(), notes.end(), note) != notes.end()) return;
    problems += (problems.empty() ? "" : "; ") + note;
    notes.push_back(std::move(note));
  };
  for (const auto& state : states) {
    const auto found = checks_.expressions->state(state);
    if (found.code() == Code::not_found)
      add(found.message() + ", in which its data is: nothing is selected there");
    else if (!found.ok())
      return found;
  }
  if (!seen.properties) {
    if (seen.properties.error().code() != Code::forbidden) return seen.properties.error();
    if (fails) notes.emplace_back("its expressions were not checked: this user may not see its definition");
    return finish();
  }
  auto expressions = read_object_expressions(seen.snapshot.layout_json(), *seen.properties, attributes);
  if (!expressions) return std::move(expressions).error();
  if (expressions->size() > kMostChecked) {
    notes.push_back("its " + std::to_string(expressions->size()) + " expressions were not checked: they are more than " +
                    std::to_string(kMostChecked));
    return finish();
  }
  std::vector<engine::ExpressionCheck::Question> questions;
  const auto say = [&](const ObjectExpression& expression, const Status& found) {
    const auto shown = expression.field || expression.expression.empty() ? "" : ", " + expression.expression;
    add(found.within(expression.what + shown).message());
  };
  for (auto& expression : *expressions) {
    if (!expression.library.empty()) {
      auto master = checks_.expressions->measure(expression.library);
      if (!master && retryable(master.error().code())) return std::move(master).error();
      if (!master) continue;  // the object has its values all the same
      expression.expression = std::move(*master);
    }
    questions.push_back({expression.expression, expression.labels, expression.field, expression.optional, !fails});
  }
  std::erase_if(*expressions, [](const auto& expression) { return !expression.library.empty() && expression.expression.empty(); });
  const auto found = checks_.expressions->check(questions);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto code = found[i].code();
    if (retryable(code) || code == Code::cancelled) return found[i];
    if (code == Code::not_found || code == Code::invalid_argument)
      say((*expressions)[i], found[i]);
    else if (!found[i].ok())
      notes.push_back((*expressions)[i].what + " was not checked: " + found[i].message());
  }
  return finish();
}

Look ObjectItem::look() const {
  if (definition_json_.empty()) {
    return [&session = session_, id = facts_.id](const std::stop_token& stop) { return look_at(session, id, stop); };
  }
  return [object = std::make_shared<SessionObject>(session_, definition_json_)](const std::stop_token& stop) { return object->look(stop); };
}

Result<std::unique_ptr<ItemPlan>> ObjectItem::plan(const std::stop_token& stop) {
  const auto look_again = look();
  auto seen = look_again(stop);
  if (!seen) return std::move(seen).error();
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

  if (census->total() == 0 && must_hold_data_)
    return Status(Code::not_found, "'objects' names it, and it holds no data (on-no-data = warn leaves it out)");
  auto assigned = assign_datasets(adapters_, facts.type, layout, census->total());
  if (!assigned) return std::move(assigned).error();
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
  const bool attributes = std::any_of(assigned->begin(), assigned->end(), [](const auto& dataset) { return dataset.adapter->attributes; });
  auto bad =
      assigned->empty() ? Result<std::vector<std::string>>(std::vector<std::string>()) : check_expressions(*seen, *states, attributes);
  if (!bad) return std::move(bad).error();
  auto notes = std::move(said->left_out);
  notes.insert(notes.end(), bad->begin(), bad->end());
  if (seen->properties) {
    const auto alternatives = read_alternatives(*seen->properties);
    if (!alternatives) return alternatives.error();
    notes.insert(notes.end(), alternatives->begin(), alternatives->end());
  }
  if (census->total() == 0) {
    notes.emplace_back("holds no data");
  } else if (assigned->size() < static_cast<std::size_t>(census->total())) {
    notes.push_back("read " + std::to_string(assigned->size()) + " of " + std::to_string(census->total()) +
                    " hypercubes and lists of this object (adapters: " + readers + "); no installed plugin reads the others");
    logging::log(logging::Level::warn, "left out data of an object that no adapter reads", {{"object", facts.id}, {"note", notes.back()}});
  }
  auto plan = std::make_unique<ObjectItemPlan>(session_, look_again, std::move(*assigned), std::move(*seen), row_limit_);
  plan->facts = std::move(facts);
  plan->reader = std::move(readers);
  plan->notes = std::move(notes);
  plan->warnings = std::move(said->warnings);
  plan->states = std::move(*states);
  return std::unique_ptr<ItemPlan>(std::move(plan));
}

}  // namespace qonduit::pipeline
