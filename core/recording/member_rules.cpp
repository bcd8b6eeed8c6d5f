#include "core/recording/member_rules.hpp"

#include <string>
#include <unordered_map>
#include <unordered_set>

namespace qonduit::recording {
namespace {

// Source: the schemas of the engine's structs (NxCell, NxDimensionInfo, HyperCubeDef ...), and the layouts in tests/fixtures.
const std::unordered_map<std::string_view, Rule>& rules() {
  static const std::unordered_map<std::string_view, Rule> table = [] {
    std::unordered_map<std::string_view, Rule> made;
    for (const std::string_view member : {"qType",
                                          "qMode",
                                          "qState",
                                          "qGrouping",
                                          "qSortIndicator",
                                          "qDimensionType",
                                          "qFmt",
                                          "qDec",
                                          "qThou",
                                          "qGenericType",
                                          "visualization",
                                          "type",
                                          "qOtherMode",
                                          "qOtherLimitMode",
                                          "qOtherSortMode",
                                          "qTotalMode",
                                          "qReductionMode",
                                          "qFrequencyMode",
                                          "qAggrFunc",
                                          "qKeyType",
                                          "qLastReloadTime",
                                          "version",
                                          "qDecimalSep",
                                          "qThousandSep",
                                          "qListSep",
                                          "qMoneyDecimalSep",
                                          "qMoneyThousandSep",
                                          "qMoneyFmt",
                                          "qTimeFmt",
                                          "qDateFmt",
                                          "qTimestampFmt",
                                          "qCollation",
                                          "qOp",
                                          "qPath",
                                          "qSelectionMode",
                                          "qNumericalAbbreviation",
                                          "privileges",
                                          "qExpansionStateType",
                                          "qPrimaryDrillDownType",
                                          "qRoot"}) {
      made.emplace(member, Rule::form);
    }
    for (const std::string_view member : {"qId",
                                          "qGenericId",
                                          "qLibraryId",
                                          "qExtendsId",
                                          "cId",
                                          "id",
                                          "name",
                                          "refId",
                                          "childRefId",
                                          "containerChildId",
                                          "title",
                                          "subtitle",
                                          "footnote",
                                          "label",
                                          "qTitle",
                                          "qLabel",
                                          "qLabels",
                                          "qName",
                                          "qFallbackTitle",
                                          "qGroupFallbackTitles",
                                          "qGroupFieldDefs",
                                          "qFieldDefs",
                                          "qFieldLabels",
                                          "qFieldName",
                                          "qField",
                                          "qFields",
                                          "qSrcTables",
                                          "qTable",
                                          "qTables",
                                          "qKeyFields",
                                          "qOriginalFields",
                                          "qReadableName",
                                          "qStateName",
                                          "qStateNames",
                                          "qOtherLabel",
                                          "qTotalLabel",
                                          "qFileName",
                                          "qDocName",
                                          "qDocId"}) {
      made.emplace(member, Rule::name);
    }
    for (const std::string_view member : {"qDef",
                                          "qExpr",
                                          "qv",
                                          "qStringExpression",
                                          "qValueExpression",
                                          "qLabelExpression",
                                          "labelExpression",
                                          "showCondition",
                                          "condition",
                                          "qCond",
                                          "qCalcCond",
                                          "qCalcCondition",
                                          "qExpression",
                                          "qExpressions",
                                          "qContextSetExpression",
                                          "qDynamicScript",
                                          "qDefinition",
                                          "qReferencedExpression",
                                          "qOtherCounted",
                                          "qOtherLimit",
                                          "qSortByExpression",
                                          "expression",
                                          "qDerivedFieldDefs"}) {
      made.emplace(member, Rule::expression);
    }
    for (const std::string_view member :
         {"owner", "author", "creator", "qAuthor", "user", "userId", "userDirectory", "qUserId", "description", "qDescription", "thumbnail",
          "qThumbnail", "stream", "createdBy", "modifiedBy", "customProperties"}) {
      made.emplace(member, Rule::hidden);
    }
    made.emplace("qTags", Rule::tags);
    return made;
  }();
  return table;
}

}  // namespace

Rule rule_of(std::string_view member) {
  const auto found = rules().find(member);
  return found == rules().end() ? Rule::value : found->second;
}

Rule rule_of_params(std::string_view method) {
  static const std::unordered_map<std::string_view, Rule> table = {{"CheckExpression", Rule::expression},
                                                                   {"Evaluate", Rule::expression},
                                                                   {"EvaluateEx", Rule::expression},
                                                                   {"ExpandExpression", Rule::expression},
                                                                   {"GetFieldsFromExpression", Rule::expression},
                                                                   {"Select", Rule::value},
                                                                   {"SearchListObjectFor", Rule::value},
                                                                   {"SetStringValue", Rule::value},
                                                                   {"SetDualValue", Rule::value},
                                                                   {"SetNumValue", Rule::value}};
  const auto found = table.find(method);
  return found == table.end() ? Rule::name : found->second;
}

bool is_form_number(std::string_view member) {
  static const std::unordered_set<std::string_view> known = {
      "row",    "col",        "rowspan", "colspan", "rows",  "columns", "rank",       "width",       "height",   "x",          "y",
      "pixels", "percentage", "size",    "index",   "order", "limit",   "maxVisible", "gridColumns", "gridRows", "columnOrder"};
  static const std::unordered_set<std::string_view> values = {"qNum", "qText", "qValue", "qNumber", "qMaxPos",  "qMinNeg",
                                                              "qMin", "qMax",  "qStart", "qEnd",    "qRangeLo", "qRangeHi"};
  return member.starts_with('q') ? !values.contains(member) : known.contains(member);
}

}  // namespace qonduit::recording
