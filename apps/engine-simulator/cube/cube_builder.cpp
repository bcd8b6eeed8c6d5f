#include "cube/cube_builder.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <set>

#include "apps/app.hpp"
#include "model/number_format.hpp"

namespace qonduit::simulator {
namespace {

constexpr int kConditionFailed = 7005;

struct Sort {
  int numeric = 0;
  int ascii = 0;
  int load_order = 0;
  bool reverse = false;
  [[nodiscard]] bool any() const { return numeric != 0 || ascii != 0 || load_order != 0; }
};

struct Dimension {
  GroupBy by;
  Sort sort;
  bool suppress_null = false;
  std::int64_t top = 0;  // Others: how many values keep their own row
  bool top_ascending = false;
  std::string others_label = "Others";
  DimensionInfo info;
};

struct Measure {
  std::unique_ptr<Expression> expression;
  Sort sort;
  MeasureInfo info;
};

struct Row {
  GroupKey key;
  std::vector<Value> measures;
};

std::int64_t glyphs(const std::string& text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

// A value or string expression: {"qv": "=1"} or plain text.
std::string expression_text(const Json& value) {
  if (value.isString()) return value.extract<std::string>();
  return text_member(as_object(value), "qv");
}

JsonObject custom_members(const JsonObject& definition) {
  JsonObject made = object();
  if (definition.isNull()) return made;
  for (const auto& name : definition->getNames())
    if (!name.starts_with('q')) made->set(name, definition->get(name));
  return made;
}

Sort parse_sort(const JsonObject& criteria, bool reverse) {
  return {static_cast<int>(int_member(criteria, "qSortByNumeric")), static_cast<int>(int_member(criteria, "qSortByAscii")),
          static_cast<int>(int_member(criteria, "qSortByLoadOrder")), reverse};
}

std::string indicator(const Sort& sort) {
  const int first = sort.numeric != 0 ? sort.numeric : sort.ascii;
  return first == 0 ? "N" : first > 0 ? "A" : "D";
}

int compare_texts(const std::string& left, const std::string& right) {
  const auto fold = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  const auto size = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < size; ++i)
    if (fold(left[i]) != fold(right[i]))
      return static_cast<unsigned char>(fold(left[i])) < static_cast<unsigned char>(fold(right[i])) ? -1 : 1;
  return left.size() == right.size() ? left.compare(right) : left.size() < right.size() ? -1 : 1;
}

int compare_numbers(double left, double right) {
  const bool left_null = std::isnan(left);
  const bool right_null = std::isnan(right);
  if (left_null || right_null) return left_null == right_null ? 0 : left_null ? 1 : -1;
  return left < right ? -1 : left > right ? 1 : 0;
}

class Builder {
 public:
  Builder(DataModel& model, const Library& library, const JsonObject& definition)
      : model_(model), library_(library), definition_(definition) {}

  StraightCube build() {
    cube_.state_name = text_member(definition_, "qStateName");
    cube_.title = expression_text(member(definition_, "qTitle"));
    read_columns();
    read_orders();
    if (!condition_holds(definition_)) {
      cube_.error = kConditionFailed;
      cube_.calc_condition_message = expression_text(member(object_member(definition_, "qCalcCondition"), "qMsg"));
      cube_.matrix = std::make_shared<StoredMatrix>(0);
    } else {
      compute_rows();
      sort_rows();
      render();
    }
    for (auto& dimension : dimensions_) cube_.dimensions.push_back(std::move(dimension.info));
    for (auto& measure : measures_) cube_.measures.push_back(std::move(measure.info));
    return std::move(cube_);
  }

 private:
  bool condition_holds(const JsonObject& of) {
    std::string source = expression_text(member(object_member(of, "qCalcCondition"), "qCond"));
    if (source.empty()) source = expression_text(member(of, "qCalcCond"));
    if (source.empty()) return true;
    const Parsed parsed = parse_expression(source);
    if (!parsed.expression) return false;
    const Value value = model_.evaluate_total(*parsed.expression);
    return !std::isnan(value.number) && value.number != 0;
  }

  void read_columns() {
    if (const auto items = array_member(definition_, "qDimensions"); !items.isNull())
      for (const auto& item : *items) read_dimension(as_object(item));
    if (const auto items = array_member(definition_, "qMeasures"); !items.isNull())
      for (const auto& item : *items) read_measure(as_object(item));
  }

  void read_dimension(const JsonObject& given) {
    Dimension made;
    JsonObject inner = object_member(given, "qDef");
    made.info.custom = custom_members(inner);
    made.info.library_id = text_member(given, "qLibraryId");
    if (!made.info.library_id.empty()) {
      const auto found = library_.dimensions.find(made.info.library_id);
      if (found == library_.dimensions.end()) throw EngineError{7001, made.info.library_id, "Dimension or measure not in library"};
      const JsonObject own = inner;
      inner = found->second;
      if (array_member(own, "qSortCriterias").isNull() == false) {
        inner = as_object(copy_of(inner));
        inner->set("qSortCriterias", own->get("qSortCriterias"));
      }
    }
    const auto fields = array_member(inner, "qFieldDefs");
    std::string field = fields.isNull() || fields->size() == 0 ? "" : expression_text(fields->get(0));
    made.info.field = field;
    if (const Parsed parsed = parse_expression(field); parsed.expression && parsed.expression->kind == Expression::Kind::field)
      made.by.field = model_.find_field(parsed.expression->text);
    if (made.by.field < 0) made.by.field = model_.find_field(field);
    if (made.by.field < 0 && field.starts_with('=')) throw EngineError{7000, field, "calculated dimensions are not simulated"};
    const auto labels = array_member(inner, "qFieldLabels");
    made.info.title = labels.isNull() || labels->size() == 0 ? "" : expression_text(labels->get(0));
    if (made.info.title.empty()) made.info.title = made.by.field >= 0 ? model_.field(made.by.field).name : field;
    const auto criteria = array_member(inner, "qSortCriterias");
    made.info.reverse_sort = bool_member(inner, "qReverseSort");
    made.sort = parse_sort(criteria.isNull() || criteria->size() == 0 ? JsonObject() : as_object(criteria->get(0)), made.info.reverse_sort);
    made.info.sort_indicator = indicator(made.sort);
    made.suppress_null = bool_member(given, "qNullSuppression");
    read_others(given, made);
    if (!condition_holds(given)) made.info.error = kConditionFailed;
    describe(made);
    dimensions_.push_back(std::move(made));
  }

  void read_others(const JsonObject& given, Dimension& made) {
    const auto spec = object_member(given, "qOtherTotalSpec");
    if (text_member(spec, "qOtherMode") != "OTHER_COUNTED") return;
    made.top = std::strtoll(expression_text(member(spec, "qOtherCounted")).c_str(), nullptr, 10);
    made.top_ascending = text_member(spec, "qOtherSortMode") == "OTHER_SORT_ASCENDING";
    if (const auto label = expression_text(member(given, "qOtherLabel")); !label.empty()) made.others_label = label;
  }

  void describe(Dimension& made) const {
    if (made.by.field < 0) return;
    const Field& field = model_.field(made.by.field);
    made.info.cardinal = static_cast<std::int64_t>(field.symbols.size());
    made.info.tags = tags_of(field);
    made.info.type = field.type == FieldType::text ? "D" : "N";
    made.info.format = field.format;
    made.info.continuous = field.type != FieldType::text;
    for (const auto& symbol : field.symbols) {
      made.info.glyphs = std::max(made.info.glyphs, glyphs(symbol.text));
      if (std::isnan(symbol.number)) continue;
      made.info.min = std::isnan(made.info.min) ? symbol.number : std::min(made.info.min, symbol.number);
      made.info.max = std::isnan(made.info.max) ? symbol.number : std::max(made.info.max, symbol.number);
    }
  }

  void read_measure(const JsonObject& given) {
    Measure made;
    JsonObject inner = object_member(given, "qDef");
    made.info.custom = custom_members(inner);
    made.info.library_id = text_member(given, "qLibraryId");
    if (!made.info.library_id.empty()) {
      const auto found = library_.measures.find(made.info.library_id);
      if (found == library_.measures.end()) throw EngineError{7001, made.info.library_id, "Dimension or measure not in library"};
      inner = found->second;
    }
    const std::string source = text_member(inner, "qDef");
    Parsed parsed = parse_expression(source);
    // A measure that cannot be parsed is null in every row, as the engine has it; CheckExpression says why.
    if (!parsed.expression) parsed = parse_expression("0/0");
    made.expression = std::move(parsed.expression);
    made.info.title = text_member(inner, "qLabel");
    if (made.info.title.empty()) made.info.title = source;
    made.info.format = parse_format(object_member(inner, "qNumFormat"), model_.locale());
    if (made.info.format.type == "U") made.info.format = automatic_format(model_, *made.expression);
    made.info.reverse_sort = bool_member(inner, "qReverseSort");
    made.sort = parse_sort(object_member(given, "qSortBy"), made.info.reverse_sort);
    made.info.sort_indicator = indicator(made.sort);
    if (!condition_holds(given)) made.info.error = kConditionFailed;
    measures_.push_back(std::move(made));
  }

  [[nodiscard]] std::size_t columns() const { return dimensions_.size() + measures_.size(); }
  [[nodiscard]] bool hidden(std::size_t column) const {
    return (column < dimensions_.size() ? dimensions_[column].info.error : measures_[column - dimensions_.size()].info.error) != 0;
  }

  void read_orders() {
    const auto total = static_cast<std::int64_t>(columns());
    const auto add = [&](std::int64_t column) {
      if (column < 0 || column >= total || hidden(static_cast<std::size_t>(column))) return;
      if (std::find(cube_.sort_order.begin(), cube_.sort_order.end(), column) == cube_.sort_order.end()) cube_.sort_order.push_back(column);
    };
    if (const auto order = array_member(definition_, "qInterColumnSortOrder"); !order.isNull())
      for (const auto& column : *order) add(column.convert<std::int64_t>());
    for (std::int64_t column = 0; column < total; ++column) add(column);
    if (const auto order = array_member(definition_, "qColumnOrder"); !order.isNull())
      for (const auto& column : *order) cube_.column_order.push_back(column.convert<std::int64_t>());
    // A full permutation is the order of the matrix; anything else means definition order.
    std::vector<std::int64_t> shown = cube_.column_order;
    std::set<std::int64_t> once(shown.begin(), shown.end());
    if (once.size() != columns() || *once.begin() != 0 || *once.rbegin() != total - 1 || shown.size() != columns()) {
      shown.resize(columns());
      std::iota(shown.begin(), shown.end(), 0);
    }
    for (const auto column : shown)
      if (!hidden(static_cast<std::size_t>(column))) shown_.push_back(static_cast<std::size_t>(column));
  }

  void compute_rows() {
    std::vector<std::size_t> visible;
    for (std::size_t i = 0; i < dimensions_.size(); ++i)
      if (dimensions_[i].info.error == 0) visible.push_back(i);
    group_by(visible);
    // Others is simulated for cubes of one dimension.
    if (visible.size() == 1 && dimensions_[visible[0]].top > 0 && !measures_.empty()) {
      Dimension& only = dimensions_[visible[0]];
      std::vector<const Row*> ranked;
      for (const auto& row : rows_)
        if (row.key[visible[0]] >= 0) ranked.push_back(&row);
      if (static_cast<std::int64_t>(ranked.size()) > only.top) {
        std::stable_sort(ranked.begin(), ranked.end(), [&](const Row* left, const Row* right) {
          const int order = compare_numbers(left->measures[0].number, right->measures[0].number);
          const bool null = std::isnan(left->measures[0].number) || std::isnan(right->measures[0].number);
          return null || only.top_ascending ? order < 0 : order > 0;
        });
        only.by.others = true;
        for (std::int64_t i = 0; i < only.top; ++i) only.by.kept.push_back(ranked[static_cast<std::size_t>(i)]->key[visible[0]]);
        cube_.has_others = true;
        group_by(visible);
      }
    }
    totals();
  }

  std::vector<const Expression*> aggregates() const {
    std::vector<const Expression*> made;
    for (const auto& measure : measures_) collect_aggregates(*measure.expression, made);
    return made;
  }

  std::vector<Value> measure_values(const std::vector<const Expression*>& wanted, const std::vector<Value>& values) const {
    std::vector<Value> made;
    for (const auto& measure : measures_)
      made.push_back(evaluate(*measure.expression, [&](const Expression& expression) {
        return values[static_cast<std::size_t>(std::find(wanted.begin(), wanted.end(), &expression) - wanted.begin())];
      }));
    return made;
  }

  void group_by(const std::vector<std::size_t>& visible) {
    rows_.clear();
    std::vector<GroupBy> by;
    for (const std::size_t i : visible) by.push_back(dimensions_[i].by);
    const auto wanted = aggregates();
    const bool suppress_missing = bool_member(definition_, "qSuppressMissing");
    const bool suppress_zero = bool_member(definition_, "qSuppressZero");
    for (const auto& [key, values] : model_.query(by, wanted)) {
      Row row;
      row.key.assign(dimensions_.size(), kNullElement);
      bool keep = true;
      for (std::size_t i = 0; i < visible.size(); ++i) {
        row.key[visible[i]] = key[i];
        if (key[i] == kNullElement && (suppress_missing || dimensions_[visible[i]].suppress_null)) keep = false;
      }
      row.measures = measure_values(wanted, values);
      if (suppress_zero && !row.measures.empty() &&
          std::all_of(row.measures.begin(), row.measures.end(), [](const Value& v) { return v.is_null() || v.number == 0; }))
        keep = false;
      if (keep) rows_.push_back(std::move(row));
    }
    if (dimensions_.empty() && measures_.empty()) rows_.clear();
  }

  void totals() {
    const auto wanted = aggregates();
    const Groups groups = model_.query({}, wanted);
    const auto values = measure_values(wanted, groups.at({}));
    for (std::size_t i = 0; i < measures_.size(); ++i) {
      if (measures_[i].info.error != 0) continue;
      cube_.grand_total->add(total_cell(measure_text(measures_[i], values[i]), values[i].number));
    }
  }

  static std::string measure_text(const Measure& measure, const Value& value) {
    if (value.is_null()) return "-";
    const bool plain = measure.info.format.type == "U" || std::isnan(value.number);
    return value.has_text && plain ? value.text : format_number(value.number, measure.info.format);
  }

  int compare_column(std::size_t column, const Row& left, const Row& right) const {
    if (column >= dimensions_.size()) {
      const Measure& measure = measures_[column - dimensions_.size()];
      const double a = left.measures[column - dimensions_.size()].number;
      const double b = right.measures[column - dimensions_.size()].number;
      const int order = compare_numbers(a, b);
      if (std::isnan(a) || std::isnan(b)) return measure.sort.numeric == 0 ? 0 : order;
      return order * measure.sort.numeric * (measure.sort.reverse ? -1 : 1);
    }
    const Dimension& dimension = dimensions_[column];
    const std::int64_t a = left.key[column];
    const std::int64_t b = right.key[column];
    if (a == b) return 0;
    if (a < 0 || b < 0) return a < 0 && b < 0 ? (a > b ? -1 : 1) : a < 0 ? 1 : -1;  // nulls, then Others, at the end
    const auto& symbols = model_.field(dimension.by.field).symbols;
    const auto& x = symbols[static_cast<std::size_t>(a)];
    const auto& y = symbols[static_cast<std::size_t>(b)];
    int order = dimension.sort.numeric * compare_numbers(x.number, y.number);
    if (order == 0) order = dimension.sort.ascii * compare_texts(x.text, y.text);
    if (order == 0) order = (dimension.sort.load_order < 0 ? -1 : 1) * (a < b ? -1 : 1);
    return dimension.sort.reverse ? -order : order;
  }

  static bool is_others(const Row& row) { return std::find(row.key.begin(), row.key.end(), kOthersElement) != row.key.end(); }

  void sort_rows() {
    std::stable_sort(rows_.begin(), rows_.end(), [&](const Row& left, const Row& right) {
      if (is_others(left) != is_others(right)) return is_others(right);  // Others is the last row whatever the order
      for (const auto column : cube_.sort_order)
        if (const int order = compare_column(static_cast<std::size_t>(column), left, right); order != 0) return order < 0;
      return false;
    });
  }

  void render() {
    auto matrix = std::make_shared<StoredMatrix>(static_cast<std::uint32_t>(shown_.size()));
    std::vector<std::set<std::int64_t>> distinct(dimensions_.size());
    for (const auto& row : rows_) {
      for (const std::size_t column : shown_) {
        if (column < dimensions_.size()) {
          distinct[column].insert(row.key[column]);
          matrix->add_cell(dimension_cell(dimensions_[column], row.key[column]));
          continue;
        }
        Measure& measure = measures_[column - dimensions_.size()];
        const Value& value = row.measures[column - dimensions_.size()];
        const std::string text = measure_text(measure, value);
        matrix->add_cell(value.is_null() ? null_measure_cell() : measure_cell(text, value.number));
        measure.info.glyphs = std::max(measure.info.glyphs, glyphs(text));
        if (std::isnan(value.number)) continue;
        measure.info.min = std::isnan(measure.info.min) ? value.number : std::min(measure.info.min, value.number);
        measure.info.max = std::isnan(measure.info.max) ? value.number : std::max(measure.info.max, value.number);
      }
    }
    for (std::size_t i = 0; i < dimensions_.size(); ++i) dimensions_[i].info.cube_cardinal = static_cast<std::int64_t>(distinct[i].size());
    cube_.matrix = std::move(matrix);
  }

  std::string dimension_cell(const Dimension& dimension, std::int64_t element) const {
    if (element == kNullElement) return null_dimension_cell();
    if (element == kOthersElement) return others_cell(dimension.others_label);
    const auto& symbol = model_.field(dimension.by.field).symbols[static_cast<std::size_t>(element)];
    return value_cell(symbol.text, symbol.number, element);
  }

  DataModel& model_;
  const Library& library_;
  const JsonObject& definition_;
  std::vector<Dimension> dimensions_;
  std::vector<Measure> measures_;
  std::vector<std::size_t> shown_;  // columns of the matrix, by definition index
  std::vector<Row> rows_;
  StraightCube cube_;
};

}  // namespace

StraightCube build_cube(DataModel& model, const Library& library, const JsonObject& definition) {
  return Builder(model, library, definition).build();
}

NumFormat parse_format(const JsonObject& definition, const Locale& locale) {
  NumFormat made;
  made.type = text_member(definition, "qType", "U");
  if (made.type.empty()) made.type = "U";
  made.decimals = static_cast<int>(int_member(definition, "qnDec"));
  made.use_thousands = static_cast<int>(int_member(definition, "qUseThou"));
  made.pattern = text_member(definition, "qFmt");
  if (made.type == "U") return made;
  made.decimal = text_member(definition, "qDec", locale.decimal);
  made.thousands = text_member(definition, "qThou", made.type == "I" ? "" : locale.thousands);
  if (!made.pattern.empty()) return made;
  if (made.type == "D") made.pattern = locale.date;
  if (made.type == "T") made.pattern = locale.time;
  if (made.type == "TS") made.pattern = locale.timestamp;
  if (made.type == "M") made.pattern = locale.money;
  if (made.type == "I") made.pattern = "###0";
  if (made.type == "R") made.pattern = "##############";
  return made;
}

NumFormat automatic_format(const DataModel& model, const Expression& expression) {
  const NumFormat integer{"I", 0, 1, "###0", model.locale().decimal, ""};
  const NumFormat real{"R", 0, 0, "##############", model.locale().decimal, model.locale().thousands};
  const bool field_only = expression.kind == Expression::Kind::field;
  if (expression.kind != Expression::Kind::aggregate && !field_only) return real;
  const std::string function = field_only ? "only" : expression.text;
  if (function == "count") return integer;
  const Expression& of = field_only ? expression : *expression.parts[0];
  const int index = of.kind == Expression::Kind::field ? model.find_field(of.text) : -1;
  if (index < 0) return real;
  const Field& field = model.field(index);
  if (field.type == FieldType::text) return {};
  if (function == "sum" || function == "avg") {
    if (field.type == FieldType::money || field.type == FieldType::interval) return field.format;
    return field.type == FieldType::integer && function == "sum" ? integer : real;
  }
  return field.format;  // Min, Max, Only: a value of the field
}

std::vector<std::string> tags_of(const Field& field) {
  std::vector<std::string> tags;
  if (field.tables.size() > 1) tags.emplace_back("$key");
  switch (field.type) {
    case FieldType::text: {
      const bool ascii = std::all_of(field.symbols.begin(), field.symbols.end(), [](const Field::Symbol& symbol) {
        return std::all_of(symbol.text.begin(), symbol.text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
      });
      if (ascii) tags.emplace_back("$ascii");
      tags.emplace_back("$text");
      return tags;
    }
    case FieldType::integer: tags.insert(tags.end(), {"$numeric", "$integer"}); return tags;
    case FieldType::date: tags.insert(tags.end(), {"$numeric", "$integer", "$timestamp", "$date"}); return tags;
    case FieldType::timestamp: tags.insert(tags.end(), {"$numeric", "$timestamp"}); return tags;
    default: tags.emplace_back("$numeric"); return tags;
  }
}

}  // namespace qonduit::simulator
