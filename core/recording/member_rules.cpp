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
                                          "qSelectionMode",
                                          "qFieldSelectionMode",
                                          "qFieldSelectionmode",
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
                                          "qFieldNames",
                                          "qSearchFields",
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
                                          "qExpandedExpression",
                                          "qContextSetExpression",
                                          "qDynamicScript",
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
    made.emplace("qDefinition", Rule::definition);
    made.emplace("qPath", Rule::path);
    return made;
  }();
  return table;
}

}  // namespace

Rule rule_of(std::string_view member, std::string_view parent) {
  // What is selected, and the value of a line that is drawn across a chart, stand where elsewhere names do.
  if (member == "qName" && (parent == "qSelectedFieldSelectionInfo" || parent == "qNotSelectedFieldSelectionInfo")) return Rule::value;
  if (member == "label" && parent == "refLineExpr") return Rule::expression;
  const auto found = rules().find(member);
  return found == rules().end() ? Rule::value : found->second;
}

Rule rule_of_params(std::string_view method) {
  static const std::unordered_map<std::string_view, Rule> table = {{"CheckExpression", Rule::expression},
                                                                   {"Evaluate", Rule::expression},
                                                                   {"EvaluateEx", Rule::expression},
                                                                   {"ExpandExpression", Rule::expression},
                                                                   {"GetFieldsFromExpression", Rule::expression},
                                                                   {"SetDualValue", Rule::dual},
                                                                   {"ApplyBookmark", Rule::name},
                                                                   {"ClearAll", Rule::name},
                                                                   {"LockAll", Rule::name},
                                                                   {"UnlockAll", Rule::name},
                                                                   {"LowLevelSelect", Rule::name},
                                                                   {"SelectListObjectValues", Rule::name},
                                                                   {"SelectHyperCubeValues", Rule::name},
                                                                   {"SelectHyperCubeCells", Rule::name},
                                                                   {"SelectPivotCells", Rule::name},
                                                                   {"AddSessionAlternateState", Rule::name},
                                                                   {"AddAlternateState", Rule::name}};
  const auto found = table.find(method);
  if (found != table.end()) return found->second;
  // What is read is called by its name; of what is done otherwise nothing is known.
  return method.starts_with("Get") || method.starts_with("Is") || method.starts_with("Export") ? Rule::name : Rule::value;
}

bool is_form_number(std::string_view member, bool whole) {
  static const std::unordered_set<std::string_view> known = {
      "row",    "col",        "rowspan", "colspan", "rows",  "columns", "rank",       "width",       "height",   "x",          "y",
      "pixels", "percentage", "size",    "index",   "order", "limit",   "maxVisible", "gridColumns", "gridRows", "columnOrder"};
  static const std::unordered_set<std::string_view> values = {"qNum",  "qText",    "qValue",   "qNumber", "qMaxPos", "qMinNeg",
                                                              "qMin",  "qMax",     "qStart",   "qEnd",    "qVal",    "qValues",
                                                              "qMinX", "qMaxX",    "qRangeLo", "qCoeff",  "qC",      "qExcludedValues",
                                                              "qSum",  "qSum2",    "qRangeHi", "qMedian", "qStd",    "qDefinition",
                                                              "qAvg",  "qAverage", "qDef",     "qv"};
  return member.starts_with('q') ? whole && !values.contains(member) : known.contains(member);
}

}  // namespace qonduit::recording
