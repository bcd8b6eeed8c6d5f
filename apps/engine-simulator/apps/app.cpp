#include "apps/app.hpp"

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Timespan.h>

#include <algorithm>

#include "apps/evaluation_cache.hpp"
#include "apps/evaluator.hpp"

namespace qonduit::simulator {

App::App(std::string id, std::string title)
    : model_(std::make_shared<const DataModel>(Locale{})),
      library_(std::make_shared<const Library>()),
      id_(std::move(id)),
      title_(std::move(title)) {}

App::~App() = default;

const StoredObject* App::find(const std::string& id) const {
  for (const auto& stored : objects_)
    if (stored.id == id) return &stored;
  return nullptr;
}

const BookmarkDefinition* App::find_bookmark(const std::string& id) const {
  const auto found = std::find_if(bookmarks_.begin(), bookmarks_.end(), [&](const BookmarkDefinition& known) { return known.id == id; });
  return found == bookmarks_.end() ? nullptr : &*found;
}

std::shared_ptr<const DataModel> App::model(const std::string& user) const {
  std::shared_ptr<const DataModel> all;
  {
    const std::lock_guard lock(mutex_);
    all = model_;
  }
  if (!access_) return all;
  const auto rights = access_->users.find(user);
  if (rights == access_->users.end()) return nullptr;
  const auto& values = rights->second;
  if (std::find(values.begin(), values.end(), "*") != values.end()) return all;
  const int field = all->find_field(access_->field);
  if (field < 0) return nullptr;
  FieldSelection allowed{std::vector<char>(all->field(field).symbols.size(), 0), false};
  for (const auto& value : values)
    if (const Element element = all->field(field).find(value); element >= 0) allowed.chosen[static_cast<std::size_t>(element)] = 1;
  return std::make_shared<const DataModel>(all->reduced(possible_rows(*all, {{field, allowed}})));
}

std::shared_ptr<const Evaluation> App::evaluate(const StoredObject& stored, Scope& scope, const ObjectView& view) {
  if (auto made = ready_made(stored, scope)) return made;
  if (!evaluations_) return Evaluator(*this, scope, view).evaluate(stored);
  auto key = EvaluationCache::key(stored, scope, view);
  if (auto made = evaluations_->find(key)) return made;
  auto made = Evaluator(*this, scope, view).evaluate(stored);
  evaluations_->keep(std::move(key), made);
  return made;
}

EvaluatedCube App::make_cube(Scope& scope, const JsonObject& definition, const Expansions* expansions) {
  return evaluate_cube(scope, definition, expansions);
}

JsonObject App::locale_info() const {
  return object({{"qDecimalSep", "."},
                 {"qThousandSep", ","},
                 {"qListSep", ";"},
                 {"qMoneyDecimalSep", "."},
                 {"qMoneyThousandSep", ","},
                 {"qCurrentYear", 2024},
                 {"qMoneyFmt", "$#,##0.00;($#,##0.00)"},
                 {"qTimeFmt", "h:mm:ss TT"},
                 {"qDateFmt", "M/D/YYYY"},
                 {"qTimestampFmt", "M/D/YYYY h:mm:ss[.fff] TT"},
                 {"qFirstWeekDay", 6},
                 {"qFirstMonthOfYear", 1},
                 {"qCollation", "en-US"}});
}

void App::replace(std::shared_ptr<const DataModel> model) {
  if (!model) return;
  {
    const std::lock_guard lock(mutex_);
    model_ = std::move(model);
  }
  if (evaluations_) evaluations_->clear();
}

void App::change() {
  epoch_.fetch_add(1);
  std::shared_ptr<const DataModel> before;
  {
    const std::lock_guard lock(mutex_);
    before = model_;
  }
  replace(changed_model(*before));
}

void App::reload() {
  auto made = reloaded_model();
  epoch_.fetch_add(1);
  replace(std::move(made));
}

std::string App::last_reload_time() const {
  // A fixed day, one minute later per change: what a client compares is whether it moved.
  Poco::DateTime time(2024, 5, 17, 6, 30, 0);
  time += Poco::Timespan(0, 0, static_cast<int>(epoch()), 0, 0);
  return Poco::DateTimeFormatter::format(time, "%Y-%m-%dT%H:%M:%S.000Z");
}

void App::add_sheet(const std::string& id, const std::string& title, double rank, const std::vector<std::string>& children,
                    const std::string& show_condition) {
  JsonArray cells = array();
  int position = 0;
  for (const auto& child : children) {
    const StoredObject* stored = find(child);
    if (stored == nullptr) continue;
    const int column = position % 2 * 12;
    const int row = position / 2 * 6;
    cells->add(object({{"name", child},
                       {"type", text_member(stored->properties, "visualization", stored->type)},
                       {"col", column},
                       {"row", row},
                       {"colspan", 12},
                       {"rowspan", 6},
                       {"bounds", object({{"y", row * 100.0 / 12}, {"x", column * 100.0 / 24}, {"width", 50}, {"height", 50}})}}));
    ++position;
  }
  JsonObject properties = object(
      {{"qInfo", object({{"qId", id}, {"qType", "sheet"}})},
       {"qMetaDef", object({{"title", title}, {"description", ""}})},
       {"rank", number(rank)},
       {"thumbnail", object({{"qStaticContentUrlDef", object()}})},
       {"columns", 24},
       {"rows", 12},
       {"cells", cells},
       {"qChildListDef",
        object({{"qData", object({{"title", "/title"}, {"visualization", "/visualization"}, {"showCondition", "/showCondition"}})}})},
       {"customRowBase", 12},
       {"gridResolution", "small"},
       {"layoutOptions", object({{"mobileLayout", "LIST"}, {"extendable", false}})},
       {"gridMode", "simpleEdit"}});
  if (!show_condition.empty()) {
    properties->set("showCondition", object({{"qStringExpression", object({{"qExpr", show_condition}})}}));
  }
  for (auto& stored : objects_)
    for (const auto& child : children)
      if (stored.id == child) stored.parent = id;
  objects_.push_back({id, "sheet", properties, children, ""});
}

}  // namespace qonduit::simulator
