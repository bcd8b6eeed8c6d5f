#include "core/pipeline/sources.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/config/selector.hpp"
#include "core/engine/app_lists.hpp"
#include "core/engine/catalog.hpp"
#include "core/engine/data_model.hpp"
#include "core/engine/expression.hpp"
#include "core/engine/near_names.hpp"
#include "core/pipeline/catalog_rows.hpp"
#include "core/pipeline/cube_definition.hpp"
#include "core/pipeline/left_out_item.hpp"
#include "core/pipeline/object_item.hpp"
#include "core/pipeline/table_item.hpp"

namespace qonduit::pipeline {
namespace {

using config::Cube;
using config::CubeColumn;

using Items = std::vector<std::unique_ptr<Item>>;

// Master items of one kind; read when the first is needed.
class Library {
 public:
  using Read = Result<std::vector<engine::MasterItem>> (*)(engine::Session&);
  Library(engine::Session& session, Read read) : session_(session), read_(read) {}

  Result<std::string> id_of(const std::string& name) {
    if (auto status = load(); !status.ok()) return status;
    std::vector<std::string> titled;
    std::vector<std::string> titles;
    for (const auto& item : *items_) {
      if (item.id == name) return item.id;
      if (item.title == name) titled.push_back(item.id);
      titles.push_back(item.title);
    }
    if (titled.size() == 1) return titled.front();
    if (titled.empty()) return Status(Code::not_found, "there is no master item '" + name + "'" + engine::near_names(name, titles));
    std::string ids;
    for (const auto& id : titled) ids += (ids.empty() ? "" : ", ") + id;
    return Status(Code::invalid_argument,
                  std::to_string(titled.size()) + " master items are titled '" + name + "'; name one by its id: " + ids);
  }

  // Is there one of this title? False, too, where that cannot be read.
  bool has(const std::string& title) {
    return load().ok() && std::any_of(items_->begin(), items_->end(), [&](const auto& item) { return item.title == title; });
  }

 private:
  Status load() {
    if (items_) return {};
    auto items = read_(session_);
    if (!items) return std::move(items).error();
    items_ = std::move(*items);
    return {};
  }

  engine::Session& session_;
  Read read_;
  std::optional<std::vector<engine::MasterItem>> items_;
};

// Objects that are looked at before they are items.
class EarlyLooks {
 public:
  EarlyLooks(engine::Session& session, std::size_t most) : session_(session), most_(most) {}

  void begin(const std::vector<std::string>& ids) {
    for (const auto& id : ids) {
      if (looks_.size() < most_ && !looks_.contains(id)) looks_.try_emplace(id, session_, session_.begin_object(id));
    }
    advance();
  }
  // As far as that goes without waiting.
  void advance() {
    for (auto& [id, look] : looks_) static_cast<void>(look.advance());
  }
  std::optional<Looking> take(const std::string& id) {
    auto look = looks_.extract(id);
    return look ? std::optional<Looking>(std::move(look.mapped())) : std::nullopt;
  }

 private:
  engine::Session& session_;
  std::size_t most_;
  std::map<std::string, Looking> looks_;
};

class Finder {
 public:
  Finder(engine::Session& session, engine::ExpressionCheck& expressions, const config::Pipeline& pipeline,
         const std::vector<NamedAdapter>& adapters, std::vector<std::string>& problems, std::size_t ahead)
      : session_(session),
        expression_check_(expressions),
        object_checks_{&expressions, pipeline.on_bad_expression, pipeline.on_no_data},
        pipeline_(pipeline),
        adapters_(adapters),
        dimensions_(session, engine::list_dimensions),
        measures_(session, engine::list_measures),
        ahead_(ahead),
        problems_(problems) {}

  Result<Items> find() {
    using Step = Status (Finder::*)();
    for (const Step step :
         {&Finder::states, &Finder::objects, &Finder::cubes, &Finder::expressions, &Finder::fields, &Finder::tables, &Finder::check}) {
      if (auto status = (this->*step)(); !status.ok()) return status;
    }
    if (!pipeline_.model.items.empty()) items_.push_back(make_model_item(session_, pipeline_.model.items));
    for (const auto& list : pipeline_.lists.items) items_.push_back(make_list_item(session_, list));
    if (auto status = names(); !status.ok()) return status;
    if (!problems_.empty()) {
      std::string all;
      for (const auto& problem : problems_) all += (all.empty() ? "" : "\n") + problem;
      return Status(code_, std::move(all));
    }
    return std::move(items_);
  }

 private:
  // An expression to be checked with all others, and whom to blame.
  struct Check {
    engine::ExpressionCheck::Question question;
    config::Origin origin;
    std::string key;
    std::string what;            // as it is written: expression 'Sum(Sales)'
    std::string named = {};      // as written, should it be the title of a master item
    Library* library = nullptr;  // to look there
  };

  static std::string written(const std::string& expression) { return "expression '" + expression + "'"; }
  [[nodiscard]] std::string key(const std::string& part) const { return "pipeline." + pipeline_.name + "." + part; }

  // Adds to the problems; hands on what is no matter of the configuration: a lost connection, a missing right.
  Status blame(const config::Origin& origin, const std::string& key, const Status& status) {
    if (status.ok()) return {};
    const bool ours = status.code() == Code::not_found || status.code() == Code::invalid_argument || status.code() == Code::invalid_config;
    // A line for each, with the place it is written at.
    const auto place = origin.text() + ": " + key + ": ";
    std::string text = place;
    for (const char c : status.message()) text.append(1, c).append(c == '\n' ? place : "");
    Status placed(status.code(), std::move(text));
    if (!ours) return placed;
    if (problems_.empty()) code_ = placed.code();
    problems_.push_back(placed.message());
    return {};
  }

  // A state that is not there has no selections: cubes and fields would hold more than was asked for.
  Status states() {
    const auto& state = pipeline_.state;
    return blame(state.alternate_state_origin, key("alternate-state"), expression_check_.state(state.alternate_state));
  }

  Status objects() {
    if (pipeline_.objects.empty()) return {};
    std::vector<Status> wrong;
    EarlyLooks looks(session_, ahead_);
    const engine::Rounds rounds(*session_.arrivals(), [&] { looks.advance(); });
    engine::Catalog::Ahead ahead;
    ahead.opened = ahead_;
    ahead.found = [&](const std::vector<std::string>& ids) { looks.begin(ids); };
    const auto found = engine::Catalog(session_).resolve(pipeline_.objects, wrong, ahead);
    if (!found) wrong.push_back(found.error());
    for (const auto& status : wrong) {
      if (auto lost = blame(pipeline_.objects_origin, key("objects"), status); !lost.ok()) return lost;
    }
    if (!found) return {};
    for (const auto& object : *found) {
      if (LeftOutItem::leaves_out(object, pipeline_.hidden)) {
        items_.push_back(std::make_unique<LeftOutItem>(object));
      } else {
        auto item = std::make_unique<ObjectItem>(session_, adapters_, object, object_checks_);
        if (auto look = looks.take(object.id)) item->take(std::move(*look));
        items_.push_back(std::move(item));
      }
    }
    objects_ = items_.size();
    return {};
  }

  // Deliveries are known by their ids, and an app may have an object that is called as a source of the pipeline is: expression, table:T.
  Status names() {
    const auto end = items_.begin() + static_cast<std::ptrdiff_t>(objects_);
    for (auto source = end; source != items_.end(); ++source) {
      const auto& id = (*source)->facts().id;
      if (std::none_of(items_.begin(), end, [&](const auto& object) { return object->facts().id == id; })) continue;
      const Status status(Code::invalid_config, "the object '" + id +
                                                    "' has the name of another source of this pipeline; take it out with !object:" + id +
                                                    " and read it in a pipeline of its own");
      if (auto other = blame(pipeline_.objects_origin, key("objects"), status); !other.ok()) return other;
    }
    return {};
  }

  Status cubes() {
    for (const auto& cube : pipeline_.cubes) {
      if (auto status = add_cube(cube); !status.ok()) return status;
    }
    return {};
  }

  Status add_cube(const Cube& cube) {
    const auto prefix = key("cube." + cube.name + ".");
    MasterIds ids;
    const auto known = problems_.size();
    for (const auto& column : cube.dimensions) {
      if (auto status = add_column(column, {}, cube.dimensions_origin, prefix + "dimensions", dimensions_, ids.dimensions); !status.ok())
        return status;
    }
    for (const auto& column : cube.measures) {
      auto status = add_column(column, labels_of(cube, &column), cube.measures_origin, prefix + "measures", measures_, ids.measures);
      if (!status.ok()) return status;
    }
    for (const auto& sort : cube.sort) {
      if (sort.by == config::CubeSort::By::expression)
        checks_.push_back({{sort.expression, labels_of(cube, nullptr)}, cube.sort_origin, prefix + "sort", written(sort.expression)});
    }
    if (!cube.set.empty()) checks_.push_back({{"Sum(" + cube.set + " 1)"}, cube.set_origin, prefix + "set", "set '" + cube.set + "'"});
    if (!cube.state.empty()) {
      if (auto status = blame(cube.state_origin, prefix + "state", expression_check_.state(cube.state)); !status.ok()) return status;
    }
    if (known != problems_.size()) return {};  // an id may be missing
    items_.push_back(std::make_unique<ObjectItem>(session_, adapters_, ItemFacts{"cube:" + cube.name, "cube", cube.name, ""},
                                                  cube_properties(cube, ids, pipeline_.state.alternate_state), cube.limit, object_checks_));
    return {};
  }

  // What a measure, or none, may call the other measures of its cube.
  static std::vector<std::string> labels_of(const Cube& cube, const CubeColumn* own) {
    std::vector<std::string> labels;
    for (const auto& measure : cube.measures) {
      if (&measure != own) labels.push_back(measure.name());
    }
    return labels;
  }

  Status add_column(const CubeColumn& column, std::vector<std::string> labels, const config::Origin& origin, const std::string& key,
                    Library& library, std::map<std::string, std::string>& ids) {
    switch (column.kind) {
      case CubeColumn::Kind::field:
        checks_.push_back(
            {{engine::bracketed(column.source), {}, true}, origin, key, "field '" + column.source + "'", column.source, &library});
        return {};
      case CubeColumn::Kind::expression:
        checks_.push_back(
            {{column.source, std::move(labels)}, origin, key, written(column.source), engine::unbracketed(column.source), &library});
        return {};
      case CubeColumn::Kind::master: break;
    }
    auto id = library.id_of(column.source);
    if (!id) return blame(origin, key, id.error());
    ids[column.source] = std::move(*id);
    return {};
  }

  Status expressions() {
    for (const auto& expression : pipeline_.expressions) {
      checks_.push_back({{expression.expression},
                         expression.origin,
                         key("expression." + expression.name),
                         written(expression.expression),
                         engine::unbracketed(expression.expression),
                         &measures_});
    }
    if (!pipeline_.expressions.empty()) items_.push_back(make_expressions_item(session_, pipeline_.expressions));
    return {};
  }

  // The names that globs match, each once, in the order of the globs.
  Status choose(const config::Patterns& wanted, const std::string& key, const std::string& what, const std::vector<std::string>& known,
                std::vector<std::string>& chosen) {
    std::set<std::string> taken;
    for (const auto& pattern : wanted.items) {
      const auto before = chosen.size();
      bool matched = false;
      for (const auto& name : known) {
        if (name != pattern.text && !pattern.matches(name)) continue;
        matched = true;
        if (taken.insert(name).second) chosen.push_back(name);
      }
      if (matched || chosen.size() != before) continue;
      auto status =
          blame(wanted.origin, key,
                {Code::not_found, "the app has no " + what + " '" + pattern.text + "'" + engine::near_names(pattern.text, known)});
      if (!status.ok()) return status;
    }
    return {};
  }

  Status fields() {
    if (pipeline_.fields.items.empty()) return {};
    const auto found = engine::list_fields(session_);
    if (!found) return found.error();
    std::vector<std::string> known;
    for (const auto& field : *found) known.push_back(field.name);
    std::vector<std::string> chosen;
    if (auto status = choose(pipeline_.fields, key("field"), "field", known, chosen); !status.ok()) return status;
    for (const auto& name : chosen) {
      items_.push_back(std::make_unique<ObjectItem>(session_, adapters_, ItemFacts{"field:" + name, "field", name, ""},
                                                    field_properties(name, pipeline_.state.alternate_state), -1, ObjectChecks()));
    }
    return {};
  }

  Status tables() {
    if (pipeline_.tables.items.empty()) return {};
    const auto model = std::make_shared<KnownModel>(KnownModel{true, session_.app().reload_time, {}});
    auto found = engine::read_data_model(session_);
    if (!found) return std::move(found).error();
    model->tables = std::move(*found);
    std::vector<std::string> known;
    for (const auto& table : model->tables) known.push_back(table.name);
    std::vector<std::string> chosen;
    if (auto status = choose(pipeline_.tables, key("table"), "table", known, chosen); !status.ok()) return status;
    for (const auto& name : chosen)
      items_.push_back(std::make_unique<TableItem>(session_, model, name, pipeline_.state.any(), pipeline_.on_mixed));
    return {};
  }

  // All expressions in one round trip.
  Status check() {
    if (checks_.empty()) return {};
    std::vector<engine::ExpressionCheck::Question> questions;
    for (const auto& entry : checks_) questions.push_back(entry.question);
    auto results = expression_check_.check(questions);
    for (std::size_t i = 0; i < checks_.size(); ++i) {
      const auto& entry = checks_[i];
      auto result = std::move(results[i]).within(entry.what);
      if (result.code() == Code::not_found && entry.library != nullptr && entry.library->has(entry.named))
        result = {result.code(), result.message() + "; there is a master item of this name: write master:" + entry.named};
      if (auto status = blame(entry.origin, entry.key, result); !status.ok()) return status;
    }
    return {};
  }

  engine::Session& session_;
  engine::ExpressionCheck& expression_check_;
  ObjectChecks object_checks_;
  const config::Pipeline& pipeline_;
  const std::vector<NamedAdapter>& adapters_;
  Library dimensions_, measures_;
  Items items_;
  std::size_t objects_ = 0;  // so many of the items, the first, are objects of the app
  std::vector<Check> checks_;
  std::size_t ahead_;
  std::vector<std::string>& problems_;
  Code code_ = Code::ok;  // of the first
};

}  // namespace

Result<Items> find_sources(engine::Session& session, engine::ExpressionCheck& expressions, const config::Pipeline& pipeline,
                           const std::vector<NamedAdapter>& adapters, std::vector<std::string>& problems, std::size_t ahead) {
  return Finder(session, expressions, pipeline, adapters, problems, ahead).find();
}

}  // namespace qonduit::pipeline
