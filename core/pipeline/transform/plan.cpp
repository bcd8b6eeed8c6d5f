#include "core/pipeline/transform/plan.hpp"

#include <algorithm>
#include <utility>

#include "qonduit/detail/option_text.hpp"
#include "qonduit/hidden_titles.hpp"

namespace qonduit::pipeline::transform {
namespace {

class Planner {
 public:
  Planner(const Rules& rules, const Schema& source) : rules_(rules) {
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

  Result<std::size_t> find(const std::string& key, const std::string& name) const {
    std::size_t found = kNowhere;
    std::vector<std::string_view> names;
    for (const auto& column : plan_.columns) {
      names.push_back(column.field.name);
      if (column.field.name != name) continue;
      if (found != kNowhere) return wrong(key, "more than one column is named '" + name + "'");
      found = index_of(column);
    }
    if (found == kNowhere) {
      // Columns that share a title are named apart.
      std::string titled;
      std::size_t count = 0;
      for (const auto& column : plan_.columns) {
        if (column.field.find("qlik.title") != name) continue;
        titled += (count++ == 0 ? "'" : ", '") + std::string(column.field.name) + "'";
      }
      if (count > 1)
        return wrong(key, "'" + name + "' is the title of " + (count == 2 ? "two" : std::to_string(count)) + " columns: " + titled +
                              "; name one of them by its name");
    }
    if (found == kNowhere) return wrong(key, "there is no column '" + name + "'" + qonduit::detail::suggestion(name, names));
    return found;
  }

  // Calls for each rule whose column is there. An optional rule whose column is not is noted.
  template <typename T, typename Call>
  Status for_each(const std::vector<ColumnRule<T>>& rules, Call call) {
    for (const auto& rule : rules) {
      const bool there = std::any_of(plan_.columns.begin(), plan_.columns.end(),
                                     [&rule](const PlannedColumn& column) { return column.field.name == rule.column; });
      if (!there && rule.optional) {
        plan_.notes.push_back(rule.key + ": there is no column '" + rule.column + "' here");
        continue;
      }
      const auto found = find(rule.key, rule.column);
      if (!found) return found.error();
      if (auto status = call(rule, plan_.columns[*found]); !status.ok()) return status;
    }
    return {};
  }

  [[nodiscard]] bool has_title(const std::string& name) const {
    return std::any_of(plan_.columns.begin(), plan_.columns.end(), [&name](const PlannedColumn& column) {
      return column.field.name == name || column.field.find("qlik.title") == name;
    });
  }

  // The adapter has obeyed it by now; what is left is that there was something to obey. It goes by titles, which names come from.
  Status check_duals() {
    for (const auto& rule : rules_.adapter_duals) {
      if (!has_title(rule.column)) return find(rule.key, rule.column).status();
    }
    for (const auto& rule : rules_.duals) {
      const bool there = has_title(rule.column);
      if (there && !rules_.duals_obeyed) return wrong(rule.key, "what reads this has no dual values to choose from");
      if (there) continue;
      if (!rule.optional) return find(rule.key, rule.column).status();
      plan_.notes.push_back(rule.key + ": there is no column '" + rule.column + "' here");
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
    for (const auto& column : plan_.columns) named.push_back({column.field.name, column.type});
    auto filter = Filter::bind(*rules_.filter, named);
    if (!filter) return std::move(filter).error().within(rules_.filter_key);
    plan_.filter = std::move(*filter);
    return {};
  }

  Status set_masks() {
    std::vector<ColumnRule<Mask>> masks;
    for (const auto& rule : rules_.masks) {
      if (rule.value != Mask::none) masks.push_back(rule);
    }
    return for_each(masks, [](const ColumnRule<Mask>& rule, PlannedColumn& column) -> Status {
      column.mask = rule.value;
      column.field.type = Type::utf8;
      const bool tells_apart = rule.value == Mask::hash;
      // An expression may quote values, a format or a tag tells of them: the title and the role are all that stays.
      std::erase_if(column.field.metadata, [](const auto& entry) {
        return entry.first != "qlik.title" && entry.first != "qlik.role" && entry.first != kHiddenTitles;
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
    field.name = name;
    plan_.schema.fields.push_back(std::move(field));
  }

  // A masked column's values are in every column of the same title: the text of a dual, or a column that is there twice.
  Status check_twins() const {
    for (const auto& masked : plan_.columns) {
      const auto title = masked.field.find("qlik.title");
      if (masked.mask == Mask::none || title.empty()) continue;
      for (const auto& other : plan_.columns) {
        if (&other == &masked || !other.delivered || other.mask != Mask::none || other.field.find("qlik.title") != title) continue;
        const auto decided = std::any_of(rules_.masks.begin(), rules_.masks.end(),
                                         [&other](const ColumnRule<Mask>& rule) { return rule.column == other.field.name; });
        if (decided) continue;  // mask.COLUMN = none: on purpose
        const auto rule = std::find_if(rules_.masks.begin(), rules_.masks.end(),
                                       [&masked](const ColumnRule<Mask>& known) { return known.column == masked.field.name; });
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
  Plan plan_;
};

}  // namespace

Result<Plan> make_plan(const Rules& rules, const Schema& source) { return Planner(rules, source).make(); }

}  // namespace qonduit::pipeline::transform
