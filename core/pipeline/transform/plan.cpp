#include "core/pipeline/transform/plan.hpp"

#include <algorithm>
#include <utility>

#include "core/pipeline/transform/near_column.hpp"
#include "qonduit/hidden_titles.hpp"
#include "qonduit/own_name.hpp"

namespace qonduit::pipeline::transform {
namespace {

class Planner {
 public:
  Planner(const Rules& rules, const Schema& source) : rules_(rules), source_(source), hidden_(hidden_titles(source)) {
    for (const auto& field : source.fields) add(field, std::nullopt);
  }

  Result<Plan> make() {
    for (const auto step : {&Planner::check_duals, &Planner::add_constants, &Planner::set_types, &Planner::set_nulls, &Planner::bind_filter,
                            &Planner::set_masks, &Planner::choose_columns}) {
      if (auto status = (this->*step)(); !status.ok()) return status;
    }
    for (const auto check : {&Planner::check_twins, &Planner::check_names}) {
      if (auto status = (this->*check)(); !status.ok()) return status;
    }
    for (auto& column : plan_.columns) column.filtered = plan_.filter && plan_.filter->reads(index_of(column));
    return std::move(plan_);
  }

 private:
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

  static Status wrong(const std::string& key, const std::string& what, Code code = Code::invalid_config) {
    return {code, key + ": " + what};
  }

  void add(const Field& field, std::optional<Scalar> constant) {
    PlannedColumn column;
    column.field = field;
    column.read_as = column.type = field.type;
    column.constant = std::move(constant);
    plan_.columns.push_back(std::move(column));
  }

  [[nodiscard]] std::size_t index_of(const PlannedColumn& column) const { return static_cast<std::size_t>(&column - plan_.columns.data()); }

  // Whether it is a column of the source itself, and nothing that stands beside one or that a pipeline adds.
  static bool of_source(const PlannedColumn& column) {
    const auto role = column.field.find("qlik.role");
    return !column.constant && (role.empty() || role == "dimension" || role == "measure");
  }

  // What a rule may call a column: its name, else its own name, which it has also where it is alone under its title.
  [[nodiscard]] std::vector<std::size_t> called(const std::string& name) const {
    std::vector<std::size_t> named, owning;
    for (const auto& column : plan_.columns) {
      if (column.field.name == name) named.push_back(index_of(column));
      if (column.field.find(kOwnName) == name) owning.push_back(index_of(column));
    }
    return named.empty() ? owning : named;
  }

  // The names of columns that have this title, and of how many that are not shown it is the title too.
  struct Titled {
    std::vector<std::string> names;
    std::size_t hidden = 0;
  };
  [[nodiscard]] Titled titled(const std::string& title) const {
    Titled found;
    std::vector<std::string> beside;  // columns of a loop, which may have the title of one that is not shown
    for (const auto& column : plan_.columns) {
      if (column.field.find("qlik.title") == title) (of_source(column) ? found.names : beside).push_back(column.field.name);
    }
    if (found.names.empty()) found.names = std::move(beside);
    found.hidden = static_cast<std::size_t>(std::count(hidden_.begin(), hidden_.end(), title));
    return found;
  }

  // Why no column is called so.
  [[nodiscard]] std::string nobody(const std::string& name) const {
    const auto [columns, hidden] = titled(name);
    if (columns.empty() && hidden > 0) return "column '" + name + "' is not shown at present";
    if (columns.empty() && names_columns(source_, name)) return "the members of '" + name + "' are names of columns here";
    if (columns.empty()) {
      std::vector<std::string_view> names;
      for (const auto& column : plan_.columns) names.push_back(column.field.name);
      return "there is no column '" + name + "'" + near_column(name, names);
    }
    std::string list;
    for (const auto& column : columns) list += (list.empty() ? "'" : ", '") + column + "'";
    const auto count = columns.size() + hidden;
    if (count == 1) return "'" + name + "' is the title of column " + list + "; write its name";
    return "'" + name + "' is the title of " + (count == 2 ? "two" : std::to_string(count)) + " columns" +
           (hidden == 0  ? ": " + list + "; name one of them by its name"
            : count == 2 ? ", of which one is not shown: name the other one by its name, " + list
                         : ", of which " + std::to_string(hidden) + " " + (hidden == 1 ? "is" : "are") +
                               " not shown; name one by its name: " + list);
  }

  Result<std::size_t> find(const std::string& key, const std::string& name) const {
    const auto found = called(name);
    if (found.size() > 1) return wrong(key, "more than one column is named '" + name + "'");
    if (found.empty()) return wrong(key, nobody(name));
    return found.front();
  }

  // Whether an optional rule has nothing to do: no column that is delivered has the name or the title.
  [[nodiscard]] bool absent(const std::string& name) const { return called(name).empty() && titled(name).names.empty(); }

  void note_absent(const std::string& key, const std::string& name) {
    const auto [columns, hidden] = titled(name);
    const bool heads = hidden == 0 && names_columns(source_, name);
    plan_.notes.push_back(key + ": " + (hidden > 0 || heads ? nobody(name) : "there is no column '" + name + "' here"));
  }

  // Calls for each rule whose column is there. An optional rule whose column is not is noted.
  template <typename T, typename Call>
  Status for_each(const std::vector<ColumnRule<T>>& rules, Call call) {
    for (const auto& rule : rules) {
      if (rule.optional && absent(rule.column)) {
        note_absent(rule.key, rule.column);
        continue;
      }
      const auto found = find(rule.key, rule.column);
      if (!found) return found.error();
      if (auto status = call(rule, plan_.columns[*found]); !status.ok()) return status;
    }
    return {};
  }

  // Whether an adapter obeys a rule of this name: it goes by the titles, names and own names of the source's columns.
  [[nodiscard]] bool obeyed(const std::string& name) const {
    return std::any_of(plan_.columns.begin(), plan_.columns.end(), [&name](const PlannedColumn& column) {
      return of_source(column) &&
             (column.field.name == name || column.field.find("qlik.title") == name || column.field.find(kOwnName) == name);
    });
  }

  [[nodiscard]] Status obeyed_by_none(const std::string& key, const std::string& name) const {
    return wrong(key, called(name).empty() ? nobody(name) : "column '" + name + "' has no number and text of its own to choose from");
  }

  // The adapter has obeyed it by now; what is left is that there was something to obey.
  Status check_duals() {
    for (const auto& rule : rules_.adapter_duals) {
      if (!obeyed(rule.column)) return obeyed_by_none(rule.key, rule.column);
    }
    for (const auto& rule : rules_.duals) {
      const bool there = obeyed(rule.column);
      if (there && !rules_.duals_obeyed) return wrong(rule.key, "what reads this has no dual values to choose from");
      if (there) continue;
      if (!rule.optional) return obeyed_by_none(rule.key, rule.column);
      note_absent(rule.key, rule.column);
    }
    return {};
  }

  Status add_constants() {
    for (const auto& rule : rules_.constants) {
      for (const auto& column : plan_.columns) {
        if (column.field.name == rule.column) return wrong(rule.key, "there is a column '" + rule.column + "' already");
      }
      add({rule.column, Type::utf8, false, {}, true}, Scalar{Type::utf8, 0, 0, rule.value});
    }
    return {};
  }

  Status set_types() {
    return for_each(rules_.types, [](const ColumnRule<Target>& rule, PlannedColumn& column) -> Status {
      const auto [type, of_day] = rule.value;
      const bool is_time = column.field.find("qlik.logical") == "time";
      if (type == column.type && (type != Type::duration || is_time == of_day)) return {};
      if (column.constant) {
        auto value = parse_scalar(type, column.constant->text);
        if (!value) return wrong(rule.key, "the constant " + value.error().message());
        if (of_day && !(value->whole >= 0 && value->whole < kDayMilliseconds))
          return wrong(rule.key, "the constant '" + column.constant->text + "' is no time of day, which is below 24:00");
        column.constant = std::move(*value);
      } else {
        column.convert = find_conversion(column.type, rule.value);
        column.asked = rule.value.word();
        if (column.convert == nullptr && type != column.type) {
          return wrong(rule.key,
                       "column '" + rule.column + "' is " + std::string(type_word(column.type)) + ", which has no values that are " +
                           std::string(rule.value.word()),
                       Code::type_mismatch);
        }
      }
      column.type = column.field.type = type;
      column.field.dictionary = false;
      // What the source's type did not tell (money, an interval) does not hold of another type.
      std::erase_if(column.field.metadata, [](const auto& entry) { return entry.first == "qlik.logical"; });
      if (type == Type::duration) column.field.metadata.emplace_back("qlik.logical", rule.value.word());
      return {};
    });
  }

  Status set_nulls() {
    return for_each(rules_.nulls, [](const ColumnRule<std::string>& rule, PlannedColumn& column) -> Status {
      auto value = parse_scalar(column.type, rule.value);
      if (!value) return wrong(rule.key, "column '" + rule.column + "': " + value.error().message(), Code::type_mismatch);
      column.if_null = std::move(*value);
      column.field.nullable = false;
      column.field.dictionary = false;
      return {};
    });
  }

  Status bind_filter() {
    if (!rules_.filter || rules_.filter->steps.empty()) return {};
    std::vector<Filter::Named> named;
    for (const auto& column : plan_.columns) named.push_back({column.field.name, column.type, std::string(own_name(column.field))});
    auto filter = Filter::bind(*rules_.filter, named);
    if (!filter) return std::move(filter).error().within(rules_.filter_key);
    plan_.filter = std::move(*filter);
    return {};
  }

  Status set_masks() {
    std::vector<ColumnRule<Mask>> masks;
    for (const auto& rule : rules_.masks) {
      if (rule.value == Mask::none) continue;
      // Names are not masked, whatever the values are.
      if (names_columns(source_, rule.column)) {
        return wrong(rule.key, "members of '" + rule.column +
                                   "' are names of columns here, and would be delivered as they are: use shape tidy or cells, or leave the "
                                   "object out");
      }
      masks.push_back(rule);
    }
    return for_each(masks, [](const ColumnRule<Mask>& rule, PlannedColumn& column) -> Status {
      column.mask = rule.value;
      column.field.type = Type::utf8;
      const bool tells_apart = rule.value == Mask::hash;
      // An expression may quote values, a format or a tag tells of them: the title and the role are all that stays.
      std::erase_if(column.field.metadata, [](const auto& entry) {
        return entry.first != "qlik.title" && entry.first != "qlik.role" && entry.first != kHiddenTitles && entry.first != kOwnName &&
               entry.first != kNamedBy;
      });
      // The texts of several turns may be one now: what depends on the column to tell them apart has to know.
      if (!tells_apart && column.field.find("qlik.role") == "loop")
        column.field.metadata.emplace_back("qlik.masked", rule.value == Mask::last4 ? "last4" : "redact");
      return {};
    });
  }

  Status choose_columns() {
    std::vector<ColumnItem> items{{ItemKind::rest, {}, {}}};
    if (rules_.columns) items = *rules_.columns;
    std::vector<std::size_t> where;  // of each item; kNowhere: the rest
    std::vector<bool> named(plan_.columns.size(), false);
    for (const auto& item : items) {
      auto found = item.kind == ItemKind::rest ? Result<std::size_t>(kNowhere) : find(rules_.columns_key, item.column);
      if (!found) return std::move(found).error();
      where.push_back(*found);
      if (*found != kNowhere) named[*found] = true;
    }
    for (auto& column : plan_.columns) column.delivered = false;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].kind == ItemKind::keep) deliver(where[i], items[i].as);
      if (items[i].kind != ItemKind::rest) continue;
      for (std::size_t k = 0; k < plan_.columns.size(); ++k) {
        if (!named[k]) deliver(k, plan_.columns[k].field.name);
      }
    }
    // Where every column is named, one that is hidden would not be delivered either when it is shown.
    if (std::none_of(items.begin(), items.end(), [](const ColumnItem& item) { return item.kind == ItemKind::rest; })) {
      for (auto& field : plan_.schema.fields) std::erase_if(field.metadata, [](const auto& entry) { return entry.first == kHiddenTitles; });
    }
    if (plan_.output.empty() && !plan_.columns.empty()) return wrong(rules_.columns_key, "keeps no column");
    return {};
  }

  void deliver(std::size_t index, const std::string& name) {
    plan_.columns[index].delivered = true;
    plan_.output.push_back(index);
    auto field = plan_.columns[index].field;
    // Who renames a column says what it is.
    if (name != field.name && name != field.find(kOwnName))
      std::erase_if(field.metadata, [](const auto& entry) { return entry.first == kOwnName; });
    field.name = name;
    plan_.schema.fields.push_back(std::move(field));
  }

  [[nodiscard]] std::vector<ColumnRule<Mask>>::const_iterator rule_of(const PlannedColumn& column) const {
    return std::find_if(rules_.masks.begin(), rules_.masks.end(), [&](const ColumnRule<Mask>& rule) {
      const auto found = called(rule.column);
      return found.size() == 1 && found.front() == index_of(column);
    });
  }

  // A masked column's values are in every column of the same title: the text of a dual, or a column that is there twice.
  Status check_twins() const {
    for (const auto& masked : plan_.columns) {
      if (masked.mask == Mask::none) continue;
      const auto rule = rule_of(masked);
      // A column of ours has no title, and may have the name that another one has for a title.
      const auto title = masked.field.find("qlik.title").empty() ? std::string_view(masked.field.name) : masked.field.find("qlik.title");
      if (names_columns(source_, std::string(title)))
        return wrong(rule->key,
                     "members of '" + std::string(title) + "' are names of columns here, too, and would be delivered as they are");
      for (const auto& other : plan_.columns) {
        if (&other == &masked || !other.delivered || other.mask != Mask::none || other.field.find("qlik.title") != title) continue;
        if (rule_of(other) != rules_.masks.end()) continue;  // mask.COLUMN = none: on purpose
        return wrong(rule->key, "column '" + other.field.name +
                                    "' has the same title and may hold the same values: mask it too, drop it, or say mask." +
                                    other.field.name + " = none");
      }
    }
    return {};
  }

  // Two columns of one name that the source has are its own affair; rules make none.
  Status check_names() const {
    if (!rules_.columns) return {};
    for (auto field = plan_.schema.fields.begin(); field != plan_.schema.fields.end(); ++field) {
      const auto same = std::find_if(plan_.schema.fields.begin(), field, [&](const Field& other) { return other.name == field->name; });
      if (same != field) return wrong(rules_.columns_key, "two columns would be named '" + field->name + "'");
    }
    return {};
  }

  const Rules& rules_;
  const Schema& source_;
  std::vector<std::string> hidden_;  // titles of columns that are not shown at present
  Plan plan_;
};

}  // namespace

Result<Plan> make_plan(const Rules& rules, const Schema& source) { return Planner(rules, source).make(); }

}  // namespace qonduit::pipeline::transform
