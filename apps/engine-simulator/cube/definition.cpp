#include "cube/definition.hpp"

#include <algorithm>
#include <map>

#include "engine_error.hpp"
#include "model/number_format.hpp"

namespace qonduit::simulator {
namespace {

constexpr int kNotInLibrary = 7001;

std::vector<Json> items_of(const JsonArray& items) {
  return items.isNull() ? std::vector<Json>() : std::vector<Json>(items->begin(), items->end());
}

std::string text_at(const JsonArray& items, std::size_t index) {
  return items.isNull() || index >= items->size() ? std::string() : expression_text(items->get(static_cast<unsigned>(index)));
}

// Members without a q pass into the layout as they are.
JsonObject custom_members(const JsonObject& definition) {
  JsonObject made = object();
  if (definition.isNull()) return made;
  for (const auto& name : definition->getNames())
    if (!name.starts_with('q')) made->set(name, definition->get(name));
  return made;
}

SortCriteria read_sort(const JsonObject& given, bool reverse) {
  const auto way = [&](const char* name) { return static_cast<int>(int_member(given, name)); };
  return {way("qSortByState"),
          way("qSortByFrequency"),
          way("qSortByNumeric"),
          way("qSortByAscii"),
          way("qSortByLoadOrder"),
          way("qSortByExpression"),
          way("qSortByGreyness"),
          expression_text(member(given, "qExpression")),
          reverse};
}

std::string indicator(const SortCriteria& sort) {
  const int first = sort.by_expression != 0 ? sort.by_expression : sort.by_numeric != 0 ? sort.by_numeric : sort.by_ascii;
  const int way = sort.reverse ? -first : first;
  return way == 0 ? "N" : way > 0 ? "A" : "D";
}

NumFormat read_format(const JsonObject& given, const Locale& locale) {
  NumFormat made;
  made.type = text_member(given, "qType", "U");
  if (made.type.empty()) made.type = "U";
  made.decimals = static_cast<int>(int_member(given, "qnDec"));
  made.use_thousands = static_cast<int>(int_member(given, "qUseThou"));
  made.pattern = text_member(given, "qFmt");
  if (made.type == "U") return made;
  made.decimal = text_member(given, "qDec", locale.decimal);
  made.thousands = text_member(given, "qThou", made.type == "I" ? "" : locale.thousands);
  if (!made.pattern.empty()) return made;
  if (made.type == "D") made.pattern = locale.date;
  if (made.type == "T") made.pattern = locale.time;
  if (made.type == "TS") made.pattern = locale.timestamp;
  if (made.type == "M") made.pattern = locale.money;
  if (made.type == "I") made.pattern = "###0";
  if (made.type == "R") made.pattern = "##############";
  return made;
}

class Reader {
 public:
  Reader(Scope& scope, std::string state) : scope_(scope), state_(std::move(state)) {}

  bool holds(const JsonObject& of) {
    std::string source = expression_text(member(object_member(of, "qCalcCondition"), "qCond"));
    if (source.empty()) source = expression_text(member(of, "qCalcCond"));
    if (source.empty()) return true;
    const Parsed parsed = scope_.parse(source);
    return parsed.expression && scope_.evaluate(*parsed.expression, state_).holds();
  }

  DimensionDefinition dimension(const JsonObject& given) {
    DimensionDefinition made;
    JsonObject inner = object_member(given, "qDef");
    made.info.custom = custom_members(inner);
    made.info.library_id = text_member(given, "qLibraryId");
    if (!made.info.library_id.empty()) inner = from_library(scope_.library().dimensions, made.info.library_id, inner);
    read_fields(inner, made);
    made.info.reverse_sort = bool_member(inner, "qReverseSort");
    const auto criteria = array_member(inner, "qSortCriterias");
    const auto active = static_cast<unsigned>(made.info.group_position);
    made.sort = read_sort(
        criteria.isNull() || criteria->size() == 0 ? JsonObject() : as_object(criteria->get(active < criteria->size() ? active : 0)),
        made.info.reverse_sort);
    made.info.sort_indicator = indicator(made.sort);
    made.suppress_null = bool_member(given, "qNullSuppression");
    read_others(given, made);
    made.attributes = attributes(given);
    describe(given, made.attributes, made.info.attributes);
    for (const auto& item : items_of(array_member(given, "qAttributeDimensions"))) {
      const std::string field = text_member(as_object(item), "qDef");
      Parsed parsed = scope_.parse(field);
      if (!parsed.expression) parsed = parse_expression("null()");
      made.info.attribute_dimensions.push_back({field, 0, 0, custom_members(as_object(item))});
      made.attribute_dimensions.push_back({field, std::move(parsed.expression)});
    }
    if (!holds(given)) made.info.error = kConditionFailed;
    return made;
  }

  // The measures' columns by label, before any of them is read.
  void note_label(const JsonObject& given) {
    JsonObject inner = object_member(given, "qDef");
    if (const auto id = text_member(given, "qLibraryId"); !id.empty()) {
      const auto found = scope_.library().measures.find(id);
      if (found == scope_.library().measures.end()) return;
      inner = found->second;
    }
    const std::string label = text_member(inner, "qLabel");
    if (!label.empty() && !label.starts_with('=')) labels_.emplace(label, text_member(inner, "qDef"));
  }

  MeasureDefinition measure(const JsonObject& given) {
    MeasureDefinition made;
    JsonObject inner = object_member(given, "qDef");
    made.info.custom = custom_members(inner);
    made.info.library_id = text_member(given, "qLibraryId");
    if (!made.info.library_id.empty()) inner = from_library(scope_.library().measures, made.info.library_id, inner);
    const std::string source = text_member(inner, "qDef");
    auto labels = labels_;  // a column does not mean itself by its own name
    labels.erase(text_member(inner, "qLabel"));
    made.expression = scope_.parse(source, labels).expression;
    made.info.title = scope_.expand_label(text_member(inner, "qLabel"));
    if (made.info.title.empty()) made.info.title = source;
    made.info.format = read_format(object_member(inner, "qNumFormat"), scope_.locale());
    if (made.info.format.type == "U" && made.expression) made.info.format = automatic_format(scope_.model(), *made.expression);
    made.info.reverse_sort = bool_member(inner, "qReverseSort");
    made.sort = read_sort(object_member(given, "qSortBy"), made.info.reverse_sort);
    made.info.sort_indicator = indicator(made.sort);
    made.grand_total = text_member(inner, "qAggrFunc") != "None";
    made.attributes = attributes(given);
    describe(given, made.attributes, made.info.attributes);
    if (!holds(given)) made.info.error = kConditionFailed;
    return made;
  }

 private:
  // A master item's definition; sort criteria given beside the id win.
  static JsonObject from_library(const std::map<std::string, JsonObject>& items, const std::string& id, const JsonObject& own) {
    const auto found = items.find(id);
    if (found == items.end()) throw EngineError{kNotInLibrary, id, "Dimension or measure not in library"};
    if (array_member(own, "qSortCriterias").isNull()) return found->second;
    auto made = as_object(copy_of(found->second));
    made->set("qSortCriterias", own->get("qSortCriterias"));
    return made;
  }

  void read_fields(const JsonObject& inner, DimensionDefinition& made) {
    const auto fields = array_member(inner, "qFieldDefs");
    const auto labels = array_member(inner, "qFieldLabels");
    made.info.grouping = text_member(inner, "qGrouping", "N");
    if (made.info.grouping == "GRP_NX_HIEARCHY") made.info.grouping = "H";
    if (made.info.grouping == "GRP_NX_COLLECTION") made.info.grouping = "C";
    const std::size_t count = fields.isNull() ? 0 : fields->size();
    for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i) {
      const std::string field = text_at(fields, i);
      std::string title = scope_.expand_label(text_at(labels, i));
      if (title.empty()) title = field;
      if (title.size() > 2 && title.front() == '[' && title.back() == ']') title = title.substr(1, title.size() - 2);
      made.info.fields.push_back(field);
      made.info.titles.push_back(title);
    }
    made.info.group_position = active_member(inner, made);
    made.source = made.info.fields[static_cast<std::size_t>(made.info.group_position)];
    made.info.title = made.info.titles[static_cast<std::size_t>(made.info.group_position)];
    // A field may be named without brackets even where its name has spaces.
    Parsed parsed;
    if (scope_.model().find_field(made.source) >= 0) {
      parsed.expression = std::make_unique<Expression>();
      parsed.expression->kind = Expression::Kind::field;
      parsed.expression->text = made.source;
    } else {
      parsed = scope_.parse(made.source);
      if (!parsed.expression || !is_row_level(*parsed.expression)) parsed = parse_expression("null()");
    }
    made.expression = std::move(parsed.expression);
    made.info.calculated = made.expression->kind != Expression::Kind::field;
    // [Region] and Region are one field.
    if (!made.info.calculated) made.source = made.expression->text;
  }

  // Cyclic: the member stepped to. Drill-down: below every member of which a single value is left.
  std::int64_t active_member(const JsonObject& inner, const DimensionDefinition& made) {
    const auto last = static_cast<std::int64_t>(made.info.fields.size()) - 1;
    if (made.info.grouping == "C") {
      const auto stepped = scope_.active_fields.find(made.info.library_id);
      return std::clamp(stepped != scope_.active_fields.end() ? stepped->second : int_member(inner, "qActiveField"), std::int64_t{0}, last);
    }
    if (made.info.grouping != "H") return 0;
    std::int64_t at = 0;
    for (; at < last; ++at) {
      const int field = scope_.model().find_field(unbracketed(made.info.fields[static_cast<std::size_t>(at)]));
      if (field < 0) break;
      const auto counts = count_states(scope_.states(state_, field));
      if (counts.selected + counts.locked + counts.option != 1) break;
    }
    return at;
  }

  void read_others(const JsonObject& given, DimensionDefinition& made) {
    using Mode = OthersSpec::Mode;
    static const std::map<std::string, Mode> modes = {{"OTHER_COUNTED", Mode::counted},
                                                      {"OTHER_ABS_LIMITED", Mode::absolute},
                                                      {"OTHER_ABS_ACC_TARGET", Mode::absolute_target},
                                                      {"OTHER_REL_LIMITED", Mode::relative},
                                                      {"OTHER_REL_ACC_TARGET", Mode::relative_target}};
    const auto spec = object_member(given, "qOtherTotalSpec");
    made.total = text_member(spec, "qTotalMode") == "TOTAL_EXPR" || bool_member(given, "qShowTotal");
    if (const auto found = modes.find(text_member(spec, "qOtherMode")); found != modes.end()) made.others.mode = found->second;
    const std::string limit = expression_text(member(spec, made.others.mode == Mode::counted ? "qOtherCounted" : "qOtherLimit"));
    if (const Parsed parsed = scope_.parse(limit); parsed.expression)
      made.others.limit = scope_.evaluate(*parsed.expression, state_).number;
    made.others.limit_mode = text_member(spec, "qOtherLimitMode", "OTHER_GT_LIMIT");
    made.others.ascending = text_member(spec, "qOtherSortMode") == "OTHER_SORT_ASCENDING";
    made.others.suppressed = bool_member(spec, "qSuppressOther");
    if (const auto label = expression_text(member(given, "qOtherLabel")); !label.empty()) made.others_label = scope_.expand_label(label);
    if (const auto label = expression_text(member(given, "qTotalLabel")); !label.empty()) made.total_label = scope_.expand_label(label);
  }

  std::vector<Attribute> attributes(const JsonObject& given) {
    std::vector<Attribute> made;
    for (const auto& item : items_of(array_member(given, "qAttributeExpressions"))) {
      const std::string source = text_member(as_object(item), "qExpression");
      Attribute attribute{scope_.parse(source).expression, read_format(object_member(as_object(item), "qNumFormat"), scope_.locale()),
                          text_member(as_object(item), "qLabel", source)};
      if (!attribute.expression) attribute.expression = parse_expression("null()").expression;
      made.push_back(std::move(attribute));
    }
    return made;
  }

  static void describe(const JsonObject& given, const std::vector<Attribute>& attributes, std::vector<AttributeInfo>& into) {
    const auto items = items_of(array_member(given, "qAttributeExpressions"));
    for (std::size_t i = 0; i < attributes.size(); ++i)
      into.push_back({attributes[i].title, attributes[i].format, kNaN, kNaN, {}, {}, custom_members(as_object(items[i]))});
  }

  Scope& scope_;
  std::string state_;
  Scope::Labels labels_;
};

std::vector<std::int64_t> integers(const JsonArray& items) {
  std::vector<std::int64_t> made;
  for (const auto& item : items_of(items)) made.push_back(item.convert<std::int64_t>());
  return made;
}

ExpansionMark expansion_mark(const JsonObject& given) {
  const auto position = object_member(given, "qPos");
  ExpansionMark made{text_member(position, "qDimName"), bool_member(given, "qExcludeList"), {}};
  for (const auto element : integers(array_member(position, "qElemNo"))) made.path.push_back(static_cast<Element>(element));
  return made;
}

}  // namespace

std::string unbracketed(const std::string& field) {
  const bool brackets = field.size() > 2 && field.front() == '[' && field.back() == ']';
  if (!brackets) return field;
  std::string name;
  for (std::size_t i = 1; i + 1 < field.size(); ++i) {
    name += field[i];
    if (field[i] == ']') ++i;
  }
  return name;
}

std::string expression_text(const Json& value) {
  if (value.isString()) return value.extract<std::string>();
  if (value.isNumeric()) return value.convert<std::string>();
  return text_member(as_object(value), "qv");
}

CubeDefinition read_cube(Scope& scope, const JsonObject& definition) {
  CubeDefinition made;
  made.state = text_member(definition, "qStateName");
  if (const auto context = text_member(definition, "qContextSetExpression"); !context.empty())
    made.context = scope.parse("Sum(" + context + " 1)").expression;
  Reader reader(scope, made.state);
  made.mode = text_member(definition, "qMode", "S");
  if (made.mode.empty() || made.mode == "DATA_MODE_STRAIGHT") made.mode = "S";
  for (const auto& item : items_of(array_member(definition, "qDimensions"))) made.dimensions.push_back(reader.dimension(as_object(item)));
  for (const auto& item : items_of(array_member(definition, "qMeasures"))) reader.note_label(as_object(item));
  for (const auto& item : items_of(array_member(definition, "qMeasures"))) made.measures.push_back(reader.measure(as_object(item)));
  made.sort_order = integers(array_member(definition, "qInterColumnSortOrder"));
  made.column_order = integers(array_member(definition, "qColumnOrder"));
  made.left_dimensions = int_member(definition, "qNoOfLeftDims", -1);
  made.suppress_zero = bool_member(definition, "qSuppressZero");
  made.suppress_missing = bool_member(definition, "qSuppressMissing");
  made.fully_expanded = bool_member(definition, "qAlwaysFullyExpanded");
  for (const auto& item : items_of(array_member(definition, "qExpansionState")))
    made.expansion_marks.push_back(expansion_mark(as_object(item)));
  made.totals_above = bool_member(definition, "qShowTotalsAbove");
  made.indent = bool_member(definition, "qIndentMode");
  made.title = scope.expand_label(expression_text(member(definition, "qTitle")));
  made.condition_holds = reader.holds(definition);
  if (!made.condition_holds)
    made.condition_message = scope.expand_label(expression_text(member(object_member(definition, "qCalcCondition"), "qMsg")));
  return made;
}

ListDefinition read_list(Scope& scope, const JsonObject& definition) {
  ListDefinition made;
  made.state = text_member(definition, "qStateName");
  made.dimension = Reader(scope, made.state).dimension(definition);
  made.show_alternatives = bool_member(definition, "qShowAlternatives");
  const std::string mode = text_member(definition, "qFrequencyMode", "N");
  static const std::map<std::string, std::string> modes = {
      {"NX_FREQUENCY_NONE", "N"}, {"NX_FREQUENCY_VALUE", "V"}, {"NX_FREQUENCY_PERCENT", "P"}, {"NX_FREQUENCY_RELATIVE", "R"}};
  const auto found = modes.find(mode);
  made.frequency_mode = found == modes.end() ? mode : found->second;
  made.initial_fetch = array_member(definition, "qInitialDataFetch");
  return made;
}

NumFormat automatic_format(const DataModel& model, const Expression& expression) {
  const NumFormat integer{"I", 0, 1, "###0", model.locale().decimal, ""};
  const NumFormat real{"R", 0, 0, "##############", model.locale().decimal, model.locale().thousands};
  const bool field_only = expression.kind == Expression::Kind::field;
  if (expression.kind == Expression::Kind::scoped) return automatic_format(model, *expression.parts[0]);
  if (expression.kind == Expression::Kind::call || expression.kind == Expression::Kind::text) return {};
  if (expression.kind != Expression::Kind::aggregate && !field_only) return real;
  const std::string function = field_only ? "only" : expression.text;
  if (function.ends_with("count")) return integer;
  if (function == "concat") return {};
  const Expression& of = field_only ? expression : *expression.parts[0];
  const int index = of.kind == Expression::Kind::field ? model.find_field(of.text) : -1;
  if (index < 0) return real;
  const Field& field = model.field(index);
  if (field.type == FieldType::text) return {};
  if (function == "stdev") return real;
  if (function == "sum" || function == "avg" || function == "median" || function == "fractile") {
    if (field.type == FieldType::money || field.type == FieldType::interval) return field.format;
    return field.type == FieldType::integer && function == "sum" ? integer : real;
  }
  return field.format;  // Min, Max, Only: a value of the field
}

std::string formatted(const Value& value, const NumFormat& format) {
  if (value.is_null()) return "-";
  const bool plain = format.type == "U" || !value.is_number();
  return value.has_text && plain ? value.text : format_number(value.number, format);
}

std::int64_t glyphs(const std::string& text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

}  // namespace qonduit::simulator
