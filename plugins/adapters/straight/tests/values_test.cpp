// What cells are: numbers, dates and texts of straight matrices, in the words of docs/values.md. Without any engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/adapters/straight/straight_adapter.hpp"
#include "plugins/adapters/straight/tests/reading.hpp"

namespace qonduit::straight {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Reads a page as the host does: a reply that does not fit widens, and everything starts over.
class Values {
 public:
  explicit Values(const Cube& cube, StraightOptions options = {}, Locale locale = {})
      : adapter_(std::move(options)), layout_(cube.layout()) {
    adapter_.use_locale(locale);
  }

  std::vector<std::vector<std::string>> read(const std::string& json) {
    const auto padded = json + std::string(QONDUIT_REPLY_PADDING, ' ');
    const auto text = std::string_view(padded).substr(0, json.size());
    for (attempts = 1; attempts < 9; ++attempts) {
      auto opened = adapter_.open({}, layout_);
      EXPECT_TRUE(opened);
      schema = opened->schema;
      note = opened->note;
      auto request = adapter_.next_request();
      auto decoded = adapter_.decode(**request, text);
      if (decoded) return texts_of(*decoded);
      status = adapter_.widen(**request, text);
      if (!status.ok()) return {};
    }
    return {};
  }
  [[nodiscard]] std::vector<std::string> types() const {
    std::vector<std::string> out;
    for (const auto& field : schema.fields) {
      const auto logical = field.find("qlik.logical");
      out.push_back(std::string(to_string(field.type)) + (field.type == Type::duration ? " " + std::string(logical) : ""));
    }
    return out;
  }
  [[nodiscard]] std::vector<std::string> findings() const { return adapter_.findings(); }

  Schema schema;
  Status status;
  std::string note;
  int attempts = 0;

 private:
  std::vector<std::vector<std::string>> texts_of(Decoded& decoded) const {
    const arrow::ArrayHandle array(new ArrowArray(decoded.array));
    const BatchView view(schema, *array);
    std::vector<std::vector<std::string>> out;
    for (std::int64_t r = 0; r < view.rows(); ++r) {
      out.emplace_back();
      for (std::size_t c = 0; c < view.columns(); ++c) out.back().push_back(shown(view.column(c), r));
    }
    return out;
  }
  static std::string shown(const ColumnView& column, std::int64_t row) {
    ValueText room;
    if (column.is_null(row)) return "null";
    switch (column.type()) {
      case Type::float64: return std::string(real_text(column.float64(row), room));
      case Type::date32: return std::string(date_text(column.date32(row), room));
      case Type::timestamp: return std::string(timestamp_text(column.milliseconds(row), room));
      case Type::duration: return std::string(interval_text(column.milliseconds(row), room));
      case Type::utf8: return std::string(column.text(row));
      default: return std::to_string(column.int64(row));
    }
  }

  StraightAdapter adapter_;
  std::string layout_;
};

Locale german() {
  Locale made;
  made.decimal = ",", made.thousands = ".", made.date = "DD.MM.YYYY", made.time = "hh:mm", made.timestamp = "DD.MM.YYYY hh:mm:ss";
  return made;
}

const std::string kNumeric = R"("$numeric","$integer")";

TEST(Values, OfMeasuresWithoutAFormatArriveAsTheyAreSeen) {
  Values values(
      {"", measure("Last", "U") + "," + measure("Took", "U") + "," + measure("Level", "U") + "," + measure("Month", "U"), 4, 1, ""}, {},
      german());
  EXPECT_THAT(values.read(reply({{number_cell("30.12.2024", "45656"), number_cell("34:30", "1.4375"), number_cell("Hoch", "3"),
                                  number_cell("фев", "2")}})),
              ElementsAre(ElementsAre("2024-12-30", "34:30:00", "Hoch", "фев")));
  EXPECT_THAT(values.types(), ElementsAre("date32", "duration interval", "utf8", "utf8"));
  EXPECT_EQ(values.attempts, 2) << "one start over for all columns";
  EXPECT_THAT(values.note, HasSubstr("column 'Last' is delivered as date: its texts are dates"));
  EXPECT_THAT(values.note, HasSubstr("column 'Level' is delivered as text: its texts say more than its numbers do"));
}

TEST(Values, OfAMeasureWhoseTotalIsADateAreExpectedToBeDates) {
  Values values({"", measure("Last", "U"), 1, 1,
                 R"(,"qGrandTotalRow":[{"qText":"2024-12-31","qNum":45657,"qElemNumber":-1,"qState":"X","qIsTotalCell":true}])"});
  EXPECT_THAT(values.read(reply({{number_cell("2024-12-30", "45656")}})), ElementsAre(ElementsAre("2024-12-30")));
  EXPECT_EQ(values.attempts, 1);
}

TEST(Values, ThatAreCodesKeepTheirZerosInEveryRow) {
  Values values({dimension("Postcode", kNumeric) + "," + dimension("Part", kNumeric) + "," + dimension("Неделя", kNumeric), "", 3, 2, ""});
  EXPECT_THAT(values.read(reply({{number_cell("10115", "10115"), number_cell("0012-4567", "124567"), number_cell("2024/53", "45656")},
                                 {number_cell("02625", "2625"), number_cell("0000-0001", "1"), number_cell("2025/01", "45657")}})),
              ElementsAre(ElementsAre("10115", "0012-4567", "2024/53"), ElementsAre("02625", "0000-0001", "2025/01")));
}

// As captured: a calculated dimension has no tags, is called discrete, and has the range of its numbers.
TEST(Values, OfCalculatedDimensionsAreNumbersWhereTheirRangeSaysSo) {
  const auto calculated = [](const std::string& title, const std::string& low, const std::string& high) {
    return dimension(title, "", "U", "\"qMin\":" + low + ",\"qMax\":" + high);
  };
  Values values({calculated("=Year(D)", "2023", "2024") + "," + calculated("=Цена/4", "0.5", "3") + "," + calculated("=Monat", "1", "12") +
                     "," + calculated("=Date(D)", "45000", "45001") + "," + calculated("=Upper(K)", "\"NaN\"", "\"NaN\""),
                 "", 5, 2, ""},
                {}, german());
  EXPECT_THAT(values.read(reply({{number_cell("2023", "2023"), number_cell("0,5", "0.5"), number_cell("Jan", "1"),
                                  number_cell("15.03.2023", "45000"), text_cell("Ä")},
                                 {number_cell("2024", "2024"), number_cell("3", "3"), number_cell("Dez", "12"),
                                  number_cell("16.03.2023", "45001"), text_cell("B")}})),
              ElementsAre(ElementsAre("2023", "0.5", "Jan", "2023-03-15", "Ä"), ElementsAre("2024", "3", "Dez", "2023-03-16", "B")));
  EXPECT_THAT(values.types(), ElementsAre("int64", "float64", "utf8", "date32", "utf8"));
}

TEST(Values, OfACalculatedDimensionMayHaveTextsBesideItsNumbers) {
  Values values({dimension("=If(V>1,V,'alle')", "", "U", R"("qMin":2,"qMax":1250)"), "", 1, 3, ""});
  EXPECT_THAT(values.read(reply({{number_cell("2", "2")}, {number_cell("1,250.5", "1250.5")}, {text_cell("alle")}})),
              ElementsAre(ElementsAre("2"), ElementsAre("1250.5"), ElementsAre("alle")));
  EXPECT_THAT(values.types(), ElementsAre("utf8"));
  EXPECT_FALSE(values.findings().empty() && values.note.empty()) << "a mixed column is noted";
}

TEST(Values, OfDatesBeforeTheirTagsAreDates) {
  Values values({dimension("Born", kNumeric), "", 1, 3, ""}, {}, german());
  EXPECT_THAT(values.read(reply({{number_cell("01.03.1975", "27454")}, {number_cell("24.12.1990", "33231")}, {kNullDimension}})),
              ElementsAre(ElementsAre("1975-03-01"), ElementsAre("1990-12-24"), ElementsAre("null")));
  Values mixed({dimension("Born", kNumeric), "", 1, 2, ""}, {}, german());
  EXPECT_THAT(mixed.read(reply({{number_cell("01.03.1975", "27454")}, {number_cell("24.12.1990 18:00:00", "33231.75")}})),
              ElementsAre(ElementsAre("1975-03-01 00:00:00"), ElementsAre("1990-12-24 18:00:00")));
}

TEST(Values, ThatMixNumbersAndATextKeepTheirNumbersInFull) {
  const Cube cube{"", R"({"qFallbackTitle":"Netto","qNumFormat":{"qType":"F","qFmt":"#.##0,0","qDec":",","qThou":"."}})", 1, 2, ""};
  const auto page = reply({{number_cell("1.050,8", "1050.75")}, {text_cell("k. A.")}});
  Values text(cube, {}, german());
  EXPECT_THAT(text.read(page), ElementsAre(ElementsAre("1050.75"), ElementsAre("k. A.")));
  EXPECT_THAT(text.findings(), ElementsAre(HasSubstr("column 'Netto' holds texts beside numbers")));
  StraightOptions options;
  options.on_mixed = Mixed::null;
  Values null(cube, options, german());
  EXPECT_THAT(null.read(page), ElementsAre(ElementsAre("1050.75"), ElementsAre("null")));
  EXPECT_THAT(null.types(), ElementsAre("float64"));
  EXPECT_THAT(null.findings(), ElementsAre(HasSubstr("delivered as null (on-mixed = null)")));
  options.on_mixed = Mixed::fail;
  Values fail(cube, options, german());
  EXPECT_THAT(fail.read(page), IsEmpty());
  EXPECT_THAT(fail.status.message(), HasSubstr("column 'Netto' holds texts beside numbers or dates, and on-mixed = fail"));
}

TEST(Values, ThatMixNumbersAndDatesAreNotedToo) {
  const Cube cube{dimension("Stand", kNumeric), "", 1, 3, ""};
  const auto page = reply({{number_cell("02.01.2024", "45293")}, {number_cell("5", "5")}, {number_cell("03.01.2024 12:00:00", "45294.5")}});
  Values text(cube, {}, german());
  EXPECT_THAT(text.read(page), ElementsAre(ElementsAre("2024-01-02"), ElementsAre("5"), ElementsAre("2024-01-03T12:00:00")));
  EXPECT_THAT(text.findings(), ElementsAre(HasSubstr("column 'Stand' holds dates beside numbers, and is delivered as text")));
  StraightOptions options;
  options.on_mixed = Mixed::fail;
  Values fail(cube, options, german());
  EXPECT_THAT(fail.read(page), IsEmpty());
  EXPECT_THAT(fail.status.message(), HasSubstr("column 'Stand' holds dates beside numbers, and on-mixed = fail"));
}

TEST(Values, OfAMeasureThatAreTheWordNanAreWords) {
  Values values({"", measure("Name", "U"), 1, 2, ""});
  EXPECT_THAT(values.read(reply({{text_cell("nan")}, {text_cell("NaN", 1)}})), ElementsAre(ElementsAre("nan"), ElementsAre("NaN")));
  EXPECT_THAT(values.types(), ElementsAre("utf8"));
}

// The tags of a field with both say text; its numbers are numbers all the same.
TEST(Values, OfATextFieldAreWrittenFromTheirNumbers) {
  Values values({dimension("Menge", R"("$text")"), "", 1, 3, ""}, {}, german());
  EXPECT_THAT(values.read(reply({{number_cell("1.200,5", "1200.5")}, {text_cell("viele", 1)}, {number_cell("1\\u00a0200", "1200", 2)}})),
              ElementsAre(ElementsAre("1200.5"), ElementsAre("viele"), ElementsAre("1\u00a0200")))
      << "a blank is no separator of this app";
}

TEST(Values, WithEscapesInTheirTextsAreReadLikeOthers) {
  Locale french;
  french.decimal = ",", french.thousands = "\u202f";
  Values values({dimension("Prix", R"("$numeric")"), measure("Ventes", "R"), 2, 1, ""}, {}, french);
  EXPECT_THAT(values.read(reply({{number_cell("1\\u202f234,5", "1234.5"), number_cell("\\u20ac 12\\u202f000", "12000")}})),
              ElementsAre(ElementsAre("1234.5", "12000")));
  EXPECT_EQ(values.attempts, 1);
}

TEST(Values, OfWholeNumbersBeyondTheExactOnesAreTheirTexts) {
  const std::string note = "holds whole numbers beyond 2^53, from where on";
  for (const auto mode : {Mixed::text, Mixed::null, Mixed::fail}) {
    StraightOptions options;
    options.on_mixed = mode;
    Values values({dimension("ID", kNumeric), measure("Letzte", "U") + "," + measure("Сумма", "I"), 3, 2, ""}, options, german());
    EXPECT_THAT(
        values.read(reply({{number_cell("12345678901234568", "12345678901234568"), number_cell("1", "1"), number_cell("7", "7")},
                           {number_cell("7", "7", 1), number_cell("9007199254740993", "9007199254740992"), number_cell("8", "8")}})),
        ElementsAre(ElementsAre("12345678901234568", "1", "7"), ElementsAre("7", "9007199254740993", "8")));
    EXPECT_THAT(values.findings(), ElementsAre(HasSubstr("column 'ID' " + note), HasSubstr("column 'Letzte' " + note)));
  }
  EXPECT_THAT(
      Values({"", measure("Большое", "R"), 1, 1, ""}).read(reply({{number_cell("1.2345678901234567e+19", "12345678901234567168")}})),
      ElementsAre(ElementsAre("12345678901234567168")))
      << "more digits than 64 bits hold";
  Values measures({dimension("Имя", R"("$text")"), measure("Код", "I"), 2, 2, ""}, {}, german());
  EXPECT_THAT(measures.read(reply({{text_cell("а"), number_cell("1000000000000000000", "1e18")},
                                   {text_cell("б"), number_cell("9.007.199.254.740.993", "9007199254740992")}})),
              ElementsAre(ElementsAre("а", "1000000000000000000"), ElementsAre("б", "9.007.199.254.740.993")));
  Values grouped({dimension("Имя", R"("$text")"), measure("Сумма", "I"), 2, 1, ""}, {}, german());
  EXPECT_THAT(grouped.read(reply({{text_cell("а"), number_cell("12.345.678.901.234.568", "12345678901234568")}})),
              ElementsAre(ElementsAre("а", "12345678901234568")));
  EXPECT_EQ(grouped.types().back(), "float64") << "a number, which its text writes";
}

TEST(Values, OfAPatternWithLettersAndZerosAreTheirTextsInEveryRow) {
  for (const auto mode : {Mixed::text, Mixed::null, Mixed::fail}) {
    StraightOptions options;
    options.on_mixed = mode;
    Values values({dimension("Счёт", R"("$numeric","$integer")", R"(I","qFmt":"СЧ-000)"), "", 1, 2, ""}, options, german());
    EXPECT_THAT(values.read(reply({{number_cell("СЧ-123", "123")}, {number_cell("СЧ-007", "7", 1)}})),
                ElementsAre(ElementsAre("СЧ-123"), ElementsAre("СЧ-007")));
  }
}

TEST(Values, WithoutATextAreTheEmptyText) {
  const std::string empty = R"({"qNum":"NaN","qElemNumber":0,"qState":"O"})";
  Values texts({dimension("Name", R"("$text")"), measure("Remark", "U"), 2, 1, ""});
  EXPECT_THAT(texts.read(reply({{empty, empty}})), ElementsAre(ElementsAre("", "")));
  Values numbers({dimension("Größe", kNumeric), measure("M", "R"), 2, 2, ""});
  EXPECT_THAT(numbers.read(reply({{empty, number_cell("1.5", "1.5")}, {number_cell("7", "7", 1), R"({"qNum":2.5,"qElemNumber":0})"}})),
              ElementsAre(ElementsAre("", "1.5"), ElementsAre("7", "2.5")));
}

// Whatever else an engine leaves out: an element says that there is a value, and a null has its own.
TEST(Values, WithAnElementAloneAreTheEmptyText) {
  const std::string bare = R"({"qElemNumber":4,"qState":"O"})";
  const std::string bare_null = R"({"qElemNumber":-2,"qIsNull":true})";
  Values texts({dimension("Имя", R"("$text")"), measure("Примечание", "U"), 2, 3, ""});
  EXPECT_THAT(
      texts.read(reply({{bare, R"({"qElemNumber":0,"qState":"L"})"}, {bare_null, R"({"qIsNull":true})"}, {text_cell("Аня", 1), bare}})),
      ElementsAre(ElementsAre("", ""), ElementsAre("null", "null"), ElementsAre("Аня", "")));
  StraightOptions both;
  both.dual = Dual::both;
  Values numbers({dimension("Size", kNumeric), "", 1, 2, ""}, both);
  EXPECT_THAT(numbers.read(reply({{bare}, {bare_null}})), ElementsAre(ElementsAre("null", ""), ElementsAre("null", "null")));
  StraightOptions null;
  null.on_mixed = Mixed::null;
  Values mixed({dimension("Size", kNumeric), "", 1, 3, ""}, null);
  EXPECT_THAT(mixed.read(reply({{number_cell("7", "7", 1)}, {bare}, {bare_null}})),
              ElementsAre(ElementsAre("7"), ElementsAre("null"), ElementsAre("null")));
}

TEST(Values, OfOthersWithoutALabelAreNull) {
  Values values({dimension("Город", R"("$text")") + "," + dimension("År", kNumeric), "", 2, 2, R"(,"qHasOtherValues":true)"});
  EXPECT_THAT(values.read(reply({{R"({"qNum":"NaN","qElemNumber":-3,"qState":"L"})", R"({"qElemNumber":-3,"qState":"L"})"},
                                 {text_cell("Others"), number_cell("2024", "2024")}})),
              ElementsAre(ElementsAre("null", "null", "others", "Город, År"), ElementsAre("Others", "2024", "value", "null")));
}

TEST(Values, ThatAreNoneAreToldFromNullsByTheirColumn) {
  const std::string null = R"({"qText":"-","qNum":"NaN","qElemNumber":-2,"qState":"L"})";
  const std::string others = R"({"qText":"Övriga","qNum":"NaN","qElemNumber":-3,"qState":"L"})";
  const std::string total = R"({"qText":"Totalt","qNum":"NaN","qElemNumber":-1,"qState":"L"})";
  Values values({dimension("År", kNumeric) + "," + dimension("Månad", kNumeric), "", 2, 5, R"(,"qHasOtherValues":true)"});
  EXPECT_THAT(values.read(reply({{null, others}, {others, null}, {null, null}, {others, total}, {total, total}})),
              ElementsAre(ElementsAre("null", "null", "others", "Månad"), ElementsAre("null", "null", "others", "År"),
                          ElementsAre("null", "null", "value", "null"), ElementsAre("null", "null", "total", "År (others), Månad"),
                          ElementsAre("null", "null", "total", "År, Månad")));
}

// Whatever a member is called: null is null, Others and totals are said by row_kind, and nothing else is either.
TEST(Values, ThatAreCalledLikeNullOthersOrATotalAreNeither) {
  const auto label = [](const std::string& text, int element) {
    return R"({"qText":")" + text + R"(","qNum":"NaN","qElemNumber":)" + std::to_string(element) + R"(,"qState":"L"})";
  };
  const std::vector<std::string> words = {"-", "(null)", "null", "Others", "Övriga", "Итого", "Total", "total", "value", "(empty)"};
  std::vector<std::vector<std::string>> rows = {
      {kNullDimension, number_cell("1", "1")}, {label("Others", -3), number_cell("2", "2")}, {label("Итого", -1), number_cell("3", "3")}};
  std::vector<std::vector<std::string>> expected = {{"null", "1", "value"}, {"Others", "2", "others"}, {"Итого", "3", "total"}};
  for (std::size_t i = 0; i < words.size(); ++i) {
    rows.push_back({text_cell(words[i], static_cast<int>(i)), number_cell("4", "4")});
    expected.push_back({words[i], "4", "value"});
  }
  const Cube cube{dimension("Ort", R"("$text")"), measure("M", "I"), 2, static_cast<int>(rows.size()), R"(,"qHasOtherValues":true)"};
  Values marked(cube);
  EXPECT_EQ(marked.read(reply(rows)), expected);
  StraightOptions options;
  options.special_rows = SpecialRows::drop;
  expected.erase(expected.begin() + 1, expected.begin() + 3);
  for (auto& row : expected) row.pop_back();
  Values dropped(cube, options);
  EXPECT_EQ(dropped.read(reply(rows)), expected) << "members of these names stay";
}

TEST(Values, OfAColumnTitledRowKindLeaveOursItsName) {
  const auto titled = R"({"qFallbackTitle":"row_kind","cId":"Ab1","qNumFormat":{"qType":"U"}})";
  for (const bool others : {false, true}) {
    Values values({titled, measure("M", "I"), 2, 1, others ? R"(,"qHasOtherValues":true)" : ""});
    EXPECT_THAT(values.read(reply({{text_cell("total"), number_cell("1", "1")}})).front().front(), "total");
    std::vector<std::string> names;
    for (const auto& field : values.schema.fields) names.push_back(field.name);
    EXPECT_EQ(names,
              others ? (std::vector<std::string>{"row_kind_Ab1", "M", "row_kind"}) : (std::vector<std::string>{"row_kind_Ab1", "M"}));
  }
}

TEST(Values, ThatAreMarkedNullAreNullUnlessAMeasureHasAText) {
  const std::string null = R"({"qText":"-","qNum":0,"qElemNumber":0,"qState":"L","qIsNull":true})";
  const std::string text = R"({"qText":"offen","qNum":"NaN","qElemNumber":0,"qState":"L","qIsNull":true})";
  const std::string bare = R"({"qNum":"NaN","qElemNumber":0,"qState":"L","qIsNull":true})";
  Values values({dimension("A", kNumeric) + "," + dimension("B", R"("$text")"), measure("M", "U") + "," + measure("N", "R"), 4, 2, ""});
  EXPECT_THAT(values.read(reply({{null, null, text, null}, {null, text_cell("-", 3), bare, bare}})),
              ElementsAre(ElementsAre("null", "null", "offen", "null"), ElementsAre("null", "-", "null", "null")));
}

TEST(Values, OfTimesOfDayForgetTheirDay) {
  Values values({dimension("Uhrzeit", "", "T"), measure("Dauer", "IV") + "," + measure("Alarm", "U"), 3, 2, ""}, {}, german());
  EXPECT_THAT(
      values.read(reply(
          {{number_cell("10:00", "45656.4166666667"), number_cell("34:00", "1.41666666667"), number_cell("06:30", "45656.2708333333")},
           {number_cell("23:59", "0.999999999"), number_cell("00:30", "0.0208333333"), number_cell("23:59", "45656.999999999")}})),
      ElementsAre(ElementsAre("10:00:00", "34:00:00", "06:30:00"), ElementsAre("23:59:59.999", "00:30:00", "23:59:59.999")));
  EXPECT_THAT(values.types(), ElementsAre("duration time", "duration interval", "duration time"));
}

}  // namespace
}  // namespace qonduit::straight
