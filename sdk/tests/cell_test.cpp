// What a cell is, by its text, its number, its column's pattern and the app's locale.
#include <qonduit/cell.hpp>
#include <qonduit/dates.hpp>

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace qonduit::cell {

void PrintTo(Kind kind, std::ostream* out) {
  const char* const words[] = {"integer", "real", "date", "timestamp", "time", "clock", "interval", "text", "long integer"};
  int at = 0;
  for (int value = static_cast<int>(kind); value > 1; value /= 2) ++at;
  *out << words[at];
}

namespace {

constexpr auto kInteger = Kind::integer, kReal = Kind::real, kText = Kind::text;

Locale english() {
  Locale made;
  made.decimal = made.money_decimal = ".", made.thousands = made.money_thousands = ",";
  made.money = "$#,##0.00;($#,##0.00)", made.date = "M/D/YYYY", made.time = "h:mm:ss TT", made.timestamp = "M/D/YYYY h:mm:ss[.fff] TT";
  made.abbreviations = "3:k;6:M;9:G;-3:m";
  return made;
}
Locale german() {
  Locale made;
  made.decimal = made.money_decimal = ",", made.thousands = made.money_thousands = ".";
  made.money = "#.##0,00 €;-#.##0,00 €", made.date = "DD.MM.YYYY", made.time = "hh:mm:ss", made.timestamp = "DD.MM.YYYY hh:mm:ss[.fff]";
  made.abbreviations = "3:Tsd;6:Mio";
  made.months = "Jan;Feb;Mrz;Apr;Mai;Jun;Jul;Aug;Sep;Okt;Nov;Dez";
  return made;
}
Locale russian() {
  auto made = german();
  made.thousands = made.money_thousands = "\u00a0";
  made.money = "#\u00a0##0,00 ₽", made.abbreviations = "3:тыс.;6:млн";
  made.months = "янв;фев;мар;апр;май;июн;июл;авг;сен;окт;ноя;дек";
  return made;
}
Locale arabic() {
  auto made = english();
  made.money = "د.إ.\u200f #,##0.00;د.إ.\u200f #,##0.00-", made.date = "DD/MM/YYYY", made.time = "hh:mm:ss TT";
  return made;
}

Kind kind(const Locale& locale, const std::string& text, double number, const Format& format = {}) {
  return Writing(format, locale).kind(text, number);
}
Format pattern(const std::string& type, const std::string& pattern, const std::string& decimal = "", const std::string& thousands = "") {
  return {type, pattern, decimal, thousands, false};
}

TEST(Cell, IsItsNumberWhereTheTextIsAPlainWritingOfIt) {
  for (const auto& locale : {Locale(), english()}) {
    EXPECT_EQ(kind(locale, "5", 5), kInteger);
    EXPECT_EQ(kind(locale, "-5", -5), kInteger);
    EXPECT_EQ(kind(locale, "0", 0), kInteger);
    EXPECT_EQ(kind(locale, "1,050.8", 1050.75), kReal) << "rounded to what is shown";
    EXPECT_EQ(kind(locale, "-0.0", -0.04), kReal);
    EXPECT_EQ(kind(locale, "1.2e+15", 1.2e15), kInteger) << "as Qlik writes large numbers";
    EXPECT_EQ(kind(locale, "1e-05", 1e-05), kReal);
    EXPECT_EQ(kind(locale, "0.12345678901235", 0.123456789012346), kReal);
    EXPECT_EQ(kind(locale, "12.5%", 0.125), kReal);
    EXPECT_EQ(kind(locale, "5.3M", 5295622.91), kReal);
    EXPECT_EQ(kind(locale, "($46,811,256.61)", -46811256.61), kReal);
    EXPECT_EQ(kind(locale, "-$5.00", -5), kInteger);
    EXPECT_EQ(kind(locale, "inf", std::numeric_limits<double>::infinity()), kReal);
  }
}

TEST(Cell, IsItsNumberInWhateverLocaleTheTextIsWritten) {
  EXPECT_EQ(kind(german(), "1.050,8", 1050.75), kReal);
  EXPECT_EQ(kind(german(), "1.234", 1234), kInteger);
  EXPECT_EQ(kind(german(), "46.811.256,61 €", 46811256.61), kReal);
  EXPECT_EQ(kind(german(), "5,3 Mio", 5295622.91), kReal);
  EXPECT_EQ(kind(german(), "1,2e+15", 1.2e15), kInteger);
  EXPECT_EQ(kind(russian(), "1\u00a0234,5", 1234.5), kReal);
  EXPECT_EQ(kind(russian(), "1\u2009234,5", 1234.5), kReal) << "a thin blank";
  EXPECT_EQ(kind(russian(), "46\u202f811,00 ₽", 46811), kInteger) << "a narrow one that does not break";
  EXPECT_EQ(kind(russian(), "5,3 млн", 5295622.91), kReal);
  EXPECT_EQ(kind(arabic(), "د.إ.\u200f 1,234.50", 1234.5), kReal);
  EXPECT_EQ(kind(arabic(), "د.إ.\u200f 1,234.50-", -1234.5), kReal) << "the minus stands behind";
  EXPECT_EQ(kind(english(), "12,34,567", 1234567), kInteger) << "lakhs";
}

TEST(Cell, IsItsNumberWhereTheTextIsWrittenByTheColumnsPattern) {
  EXPECT_EQ(kind(russian(), "($46,811,256.61)", -46811256.61, pattern("M", "$#,##0.00;($#,##0.00)", ".", ",")), kReal);
  EXPECT_EQ(kind(english(), "1 234,6 kg", 1234.56, pattern("F", "# ##0,0 kg", ",", " ")), kReal);
  EXPECT_EQ(kind(english(), "1,234-", -1234, pattern("F", "#,##0;#,##0-")), kInteger);
  EXPECT_EQ(kind(english(), "1,234-", 1234, pattern("F", "#,##0;#,##0-")), kText);
  EXPECT_EQ(kind(english(), "nil", 0, pattern("F", "#,##0;-#,##0;nil")), kInteger);
  EXPECT_EQ(kind(english(), "nil", 5, pattern("F", "#,##0;-#,##0;nil")), kText);
  EXPECT_EQ(kind(english(), "1.5E+03", 1500, pattern("R", "0.0E+00")), kInteger);
  EXPECT_EQ(kind(german(), "0,24139", 0.24139024107019, pattern("F", "###0,00000", ",")), kReal);
  EXPECT_EQ(kind(arabic(), "١", 1), kText) << "Qlik writes no such digits";
}

// The population pyramid: what goes to the left has no sign.
TEST(Cell, IsItsNumberWhereThePatternWritesNegativeOnesWithoutASign) {
  const auto pyramid = [](const std::string& digits) { return pattern("F", digits + ";" + digits, ".", ","); };
  EXPECT_EQ(kind(english(), "990", -990, pyramid("#,##0")), kInteger);
  EXPECT_EQ(kind(english(), "991", -990.5, pyramid("#,##0")), kReal) << "rounded to what is shown";
  EXPECT_EQ(kind(english(), "1,204", -1204.4, pyramid("#,##0")), kReal);
  EXPECT_EQ(kind(english(), "12.5", -12.5, pyramid("0.0")), kReal);
  EXPECT_EQ(kind(english(), "-12.5", -12.5, pyramid("0.0")), kReal);
  EXPECT_EQ(kind(english(), "12.5", 12.5, pyramid("0.0")), kReal);
  EXPECT_EQ(kind(german(), "12,5", -12.5, pattern("F", "0,0;0,0", ",", ".")), kReal);
  EXPECT_EQ(kind(russian(), "7", -7, pattern("I", "0;0")), kInteger);
  EXPECT_EQ(kind(english(), "991", -12, pyramid("#,##0")), kText) << "another number";
  EXPECT_EQ(kind(english(), "-12", 12, pyramid("#,##0")), kText);
  EXPECT_EQ(kind(english(), "12", -12, pattern("F", "#,##0;-#,##0")), kText) << "whose pattern has a sign";
}

TEST(Cell, IsItsNumberWhereANegativeOneHasAUnitWithDigits) {
  for (const char* const unit : {" m2", " CO2 kg", "/12 h", " m3/s"}) {
    const auto format = pattern("F", "#,##0.0" + std::string(unit), ".", ",");
    EXPECT_EQ(kind(english(), "1,205.3" + std::string(unit), 1205.34, format), kReal) << unit;
    EXPECT_EQ(kind(english(), "-1,205.3" + std::string(unit), -1205.34, format), kReal) << unit;
    EXPECT_EQ(kind(english(), "-1,205.3" + std::string(unit), 1205.34, format), kText) << unit;
    EXPECT_EQ(kind(english(), "1,205.3" + std::string(unit), -1205.34, format), kText) << unit;
  }
  const auto before = pattern("F", "H2O 0.0", ".", "");
  EXPECT_EQ(kind(english(), "-H2O 5.5", -5.5, before), kReal);
  EXPECT_EQ(kind(german(), "-7,5 м2", -7.5, pattern("F", "0,0 м2", ",", ".")), kReal);
}

TEST(Kinds, AreMixedWhereOnlyATextHoldsThem) {
  const auto kinds = [](auto... each) { return static_cast<Kinds>((bit(each) | ...)); };
  for (const auto alike : {kinds(kInteger, kReal), kinds(Kind::date, Kind::timestamp), kinds(Kind::time, Kind::interval), kinds(kText),
                           kinds(kText, Kind::long_integer), Kinds{0}}) {
    EXPECT_FALSE(is_mixed(alike)) << alike;
  }
  EXPECT_EQ(mixture(kinds(kText, kReal)), "texts beside numbers or dates");
  EXPECT_EQ(mixture(kinds(kInteger, Kind::date)), "dates beside numbers");
  EXPECT_EQ(mixture(kinds(kInteger, Kind::clock)), "times of day beside numbers");
  EXPECT_EQ(mixture(kinds(Kind::clock, Kind::interval)), "times of day beside intervals");
  for (const auto mixed : {kinds(kText, kReal), kinds(kInteger, Kind::date), kinds(Kind::clock, Kind::interval)})
    EXPECT_TRUE(is_mixed(mixed)) << mixed;
}

TEST(Cell, OfAColumnOfTextsHasTheSameCharactersAsOfItsOwnType) {
  ValueText room;
  EXPECT_EQ(text_of(Kind::timestamp, "2.1.2024 12:00", 45293.5, room), "2024-01-02T12:00:00") << "as transforms, masks and CSV write it";
  EXPECT_EQ(text_of(Kind::date, "2.1.2024", 45293, room), "2024-01-02");
  EXPECT_EQ(text_of(Kind::interval, "-30:00", -1.25, room), "-30:00:00");
}

TEST(Cell, IsItsTextWhereThatSaysMoreThanTheNumber) {
  for (const auto& locale : {Locale(), english(), german(), russian(), arabic()}) {
    EXPECT_EQ(kind(locale, "32 <= x < 57", 32), kText);
    EXPECT_EQ(kind(locale, "02625", 2625), kText);
    EXPECT_EQ(kind(locale, "0000-0000-1001", 1001), kText);
    EXPECT_EQ(kind(locale, "123-456", 123456), kText);
    EXPECT_EQ(kind(locale, "2024/53", 45656), kText);
    EXPECT_EQ(kind(locale, "Q1", 1), kText);
    EXPECT_EQ(kind(locale, "янв", 1), kText);
    EXPECT_EQ(kind(locale, "一月", 1), kText);
    EXPECT_EQ(kind(locale, "نعم", -1), kText);
    EXPECT_EQ(kind(locale, "High", 3), kText);
    EXPECT_EQ(kind(locale, "12E4", 120000), kText) << "a code that only looks like a number";
    EXPECT_EQ(kind(locale, "+49", 49), kText);
    EXPECT_EQ(kind(locale, "12.", 12), kText);
    EXPECT_EQ(kind(locale, "1/2", 0.5), kText);
    EXPECT_EQ(kind(locale, "", 5), kText);
    EXPECT_EQ(kind(locale, "-5", 5), kText);
    EXPECT_EQ(kind(locale, "17", 4711), kText);
  }
  EXPECT_EQ(kind(english(), "1,5", 1.5), kText) << "no decimal comma here";
  EXPECT_EQ(kind(english(), "0012-4567-8912", 1245678912, pattern("R", "0000-0000-0000")), kText) << "a part number, also by a pattern";
}

TEST(Cell, OfDigitsAloneBeyondTheExactNumbersIsAnId) {
  constexpr auto kLong = Kind::long_integer;
  for (const auto& locale : {Locale(), english(), german(), russian(), arabic()}) {
    EXPECT_EQ(kind(locale, "12345678901234567890", 1.2345678901234567e19), kLong);
    EXPECT_EQ(kind(locale, "9007199254740993", 9007199254740992.0), kLong);
    EXPECT_EQ(kind(locale, "-9007199254740995", -9007199254740996.0), kLong);
    EXPECT_EQ(kind(locale, "12345678901234568", 12345678901234568.0), kLong) << "also where the number is exact";
    EXPECT_EQ(kind(locale, "1000000000000000000", 1e18), kLong);
    EXPECT_EQ(kind(locale, "100000000000000000000", 1e20, pattern("I", "#0")), kLong);
    EXPECT_EQ(kind(locale, "9007199254740992", 9007199254740992.0), kInteger);
    EXPECT_EQ(kind(locale, "12345678901234568", 22345678901234568.0), kText) << "another number";
    EXPECT_EQ(kind(locale, "012345678901234568", 12345678901234568.0), kText);
    EXPECT_EQ(kind(locale, "-12345678901234568", 12345678901234568.0), kText);
    EXPECT_EQ(kind(locale, "1e+18", 1e18), kReal);
  }
}

TEST(Cell, WithSeparatorsBeyondTheExactNumbersSaysNoMoreThanItsNumber) {
  constexpr auto kLong = Kind::long_integer;
  EXPECT_EQ(kind(english(), "9,007,199,254,740,993", 9007199254740992.0), kLong);
  EXPECT_EQ(kind(german(), "9.007.199.254.740.993", 9007199254740992.0), kLong);
  EXPECT_EQ(kind(russian(), "-9\u00a0007\u00a0199\u00a0254\u00a0740\u00a0993", -9007199254740992.0), kLong);
  EXPECT_EQ(kind(english(), "$9,007,199,254,740,993.00", 9007199254740992.0), kLong);
  EXPECT_EQ(kind(german(), "9.007.199.254.740.993,00 €", 9007199254740992.0), kLong);
  EXPECT_EQ(kind(english(), "9,007,199,254,740,994", 9007199254740994.0), kReal);
  EXPECT_EQ(kind(russian(), "12\u00a0345\u00a0678\u00a0901\u00a0234\u00a0568", 12345678901234568.0), kReal);
  EXPECT_EQ(kind(english(), "1,234,567,890,123,450,000,000", 1.23456789012345e21), kReal) << "rounded to fifteen digits";
  EXPECT_EQ(kind(english(), "$12,345,678,901,234,568.00", 12345678901234568.0), kReal);
}

TEST(Cell, OfAPatternWithLettersAndZerosIsItsTextInEveryRow) {
  EXPECT_EQ(kind(english(), "INV-123", 123, pattern("I", "INV-000")), kText);
  EXPECT_EQ(kind(english(), "INV-007", 7, pattern("I", "INV-000")), kText);
  EXPECT_EQ(kind(german(), "KW 12", 12, pattern("F", "KW 00")), kText);
  EXPECT_EQ(kind(russian(), "СЧ-4711", 4711, pattern("U", "СЧ-000")), kText);
  EXPECT_EQ(kind(arabic(), "فاتورة 123", 123, pattern("U", "فاتورة 000")), kText);
  EXPECT_EQ(kind(english(), "123号", 123, pattern("U", "000号")), kText);
  EXPECT_EQ(kind(english(), "№ 123", 123, pattern("R", "№ 000")), kText);
  EXPECT_EQ(kind(english(), "A-123", 123, pattern("U", "A-#00")), kText);
  EXPECT_EQ(kind(english(), "123 kg", 123, pattern("F", "##0 kg")), kInteger) << "a unit";
  EXPECT_EQ(kind(english(), "0.5 kg", 0.5, pattern("F", "0.00 kg")), kReal);
  EXPECT_EQ(kind(english(), "$123.40", 123.4, pattern("M", "$000.00")), kReal);
  EXPECT_EQ(kind(german(), "123 Mio", 123e6, pattern("F", "000 Mio")), kInteger) << "an abbreviation of the app";
  auto swedish = german();
  swedish.money = "#.##0,00 kr";
  EXPECT_EQ(kind(swedish, "123 kr", 123, pattern("M", "000 kr")), kInteger) << "the app's currency";
}

TEST(Cell, WithAnotherCurrencyThanTheAppsIsAText) {
  EXPECT_EQ(kind(english(), "$5.00", 5), kInteger);
  EXPECT_EQ(kind(english(), "5 $", 5), kInteger);
  EXPECT_EQ(kind(english(), "€5.00", 5), kText);
  EXPECT_EQ(kind(english(), "£5.00", 5), kText);
  EXPECT_EQ(kind(english(), "(€5.00)", -5), kText);
  EXPECT_EQ(kind(english(), "€7.50", 7.5, pattern("M", "€#,##0.00")), kReal) << "the column's own";
  EXPECT_EQ(kind(english(), "€7.50", 7.5, pattern("M", "$#,##0.00")), kText);
  EXPECT_EQ(kind(german(), "5,50 €", 5.5), kReal);
  EXPECT_EQ(kind(german(), "5,50 $", 5.5), kText);
  EXPECT_EQ(kind(russian(), "5 ₽", 5), kInteger);
  EXPECT_EQ(kind(russian(), "5 ₴", 5), kText);
  auto brazilian = german();
  brazilian.money = "R$ #.##0,00;-R$ #.##0,00";
  EXPECT_EQ(kind(brazilian, "R$ 6,00", 6), kInteger);
  EXPECT_EQ(kind(brazilian, "$6,00", 6), kText);
  EXPECT_EQ(kind(Locale(), "€5", 5), kInteger) << "nothing says which is the app's";
}

TEST(Cell, KnowsBothSignsOfMicro) {
  for (const char* sign : {"\u00b5", "\u03bc"}) {
    auto locale = english();
    locale.abbreviations = "3:k;-6:" + std::string(sign);
    EXPECT_EQ(kind(locale, "5\u00b5", 5e-6), kReal);
    EXPECT_EQ(kind(locale, "5\u03bc", 5e-6), kReal);
    EXPECT_EQ(kind(locale, "5m", 5e-6), kText);
  }
  EXPECT_EQ(kind(Locale(), "5\u00b5", 5e-6), kReal);
}

TEST(Cell, IsADayOrATimeWhereTheTextIsAWritingOfItInThisLocale) {
  for (const auto& locale : {Locale(), english(), german(), arabic()}) {
    EXPECT_EQ(kind(locale, "1975-03-01", 27454), Kind::date) << "ISO 8601 is read everywhere, tagged or not";
    EXPECT_EQ(kind(locale, "34:00:00", 34.0 / 24), Kind::interval);
  }
  EXPECT_EQ(kind(english(), "12/30/2024", 45656), Kind::date);
  EXPECT_EQ(kind(english(), "12/30/2024", 45656.25), Kind::timestamp) << "the number says more than the text";
  EXPECT_EQ(kind(english(), "12/30/2024 10:00:00 AM", 45656 + 10.0 / 24), Kind::timestamp);
  EXPECT_EQ(kind(english(), "10:00:00 AM", 10.0 / 24), Kind::time);
  EXPECT_EQ(kind(english(), "10:00:00 AM", 45656 + 10.0 / 24), Kind::clock);
  EXPECT_EQ(kind(english(), "30.12.2024", 45656), kText) << "not how this app writes a date";
  EXPECT_EQ(kind(german(), "30.12.2024", 45656), Kind::date);
  EXPECT_EQ(kind(german(), "30.12.2024 10:00:00", 45656 + 10.0 / 24), Kind::timestamp);
  EXPECT_EQ(kind(german(), "01.03.1875", -9070), Kind::date);
  EXPECT_EQ(kind(arabic(), "\u200f30/12/2024", 45656), Kind::date);
  EXPECT_EQ(kind(german(), "31.12.2024", 45656), kText) << "another day";
}

TEST(Cell, IsADayOrATimeByTheColumnsPattern) {
  EXPECT_EQ(kind(english(), "Jan-06", 38718, pattern("D", "MMM-YY")), Kind::date);
  EXPECT_EQ(kind(russian(), "30 дек 2024", 45656, pattern("D", "DD MMM YYYY")), Kind::date);
  EXPECT_EQ(kind(english(), "14-10-2016", 42657.5, pattern("TS", "DD-MM-YYYY")), Kind::timestamp);
  EXPECT_EQ(kind(english(), "8430:30", 351.2708333, pattern("IV", "hh:mm")), Kind::interval) << "hours beyond a day";
  EXPECT_EQ(kind(english(), "351 06:30", 351.2708333, pattern("IV", "D hh:mm")), Kind::interval);
  EXPECT_EQ(kind(english(), "-30:00", -1.25, pattern("IV", "hh:mm")), Kind::interval);
  EXPECT_EQ(kind(english(), "09:59", 45656 + 0.4165, pattern("T", "hh:mm")), Kind::clock) << "texts are cut";
  EXPECT_EQ(kind(english(), "20241230", 45656, pattern("D", "YYYYMMDD")), Kind::date);
}

TEST(Cell, OfAColumnTaggedAsADateIsADayInWhateverOrderItStands) {
  const Format tagged{"U", "", "", "", true};
  EXPECT_EQ(kind(english(), "30.12.2024", 45656, tagged), Kind::date);
  EXPECT_EQ(kind(english(), "30. Dezember 2024", 45656, tagged), Kind::date);
  EXPECT_EQ(kind(english(), "30-12-24", 45656, tagged), Kind::date);
  EXPECT_EQ(kind(english(), "12/30/24", 45656, tagged), Kind::date);
  EXPECT_EQ(kind(english(), "24-12-30", 45656, tagged), Kind::date);
  EXPECT_EQ(kind(english(), "2024-12-30T12:00:00Z", 45656.5, tagged), Kind::timestamp);
  EXPECT_EQ(kind(english(), "2024/53", 45656, tagged), kText);
  EXPECT_EQ(kind(english(), "Dec 2024", 45627, tagged), kText);
}

// A period that begins on the first of January has its number, its year and nothing else.
TEST(Cell, OfAColumnOfDatesIsItsTextWhereThatNamesAPeriod) {
  for (const auto& locale : {Locale(), english(), german(), russian(), arabic()}) {
    for (const auto& format : {Format{"U", "", "", "", true}, pattern("D", ""), pattern("TS", "DD.MM.YYYY hh:mm")}) {
      for (const char* text : {"Q1 2024",      "2024-W01",          "2024 W1",          "P01/2024",     "1T24",
                               "S1-2024",      "1. Halbjahr 2024",  "1-й квартал 2024", "FY 1/2024",    "H1 01/2024",
                               "KW 1/1 2024",  "1º trimestre 2024", "第1四半期 2024年", "2024年1月1週", "2024년 1분기",
                               "الربع 1 2024", "Jan 2024",          "1 2024",           "2024",         "> 2024-01-01",
                               "~01.01.2024",  "01.01.2024 Q1",     "2024-01-01 1",     "1 Term 2024",  "Τρίμηνο 1 2024"}) {
        EXPECT_EQ(kind(locale, text, 45292), kText) << text;
        EXPECT_EQ(kind(locale, text, 45292, format), kText) << text;
      }
      EXPECT_EQ(kind(locale, "KW 11 2024", 45362, format), kText) << "the week of 2024-03-11";
      EXPECT_EQ(kind(locale, "2. Quartal 2024", 45383, format), kText);
      EXPECT_EQ(kind(locale, "16 неделя 2023", 45032, format), kText);
      for (const char* text : {"18.-24.03.", "18-24 мар", "18–24/03", "18.—24.3"})
        EXPECT_EQ(kind(locale, text, 45369, format), kText) << text << ": the week from 2024-03-18 on, no day of 2024";
      EXPECT_EQ(kind(locale, "T1 1 2024", 45292, format), kText) << "a term";
      EXPECT_EQ(kind(locale, "T3 18 2024", 45369, format), kText);
    }
  }
}

TEST(Cell, OfAColumnOfDatesIsADateInManyLanguages) {
  const Format tagged{"U", "", "", "", true};
  for (const auto& locale : {Locale(), english(), german(), russian()}) {
    for (const char* text : {"30 December 2024", "Dec 30th, 2024", "30. Dez. 2024", "30 декабря 2024 г.", "30 de diciembre de 2024",
                             "le 30 DÉCEMBRE 2024", "30 de\u0301c. 2024", "30 grudnia 2024", "30. joulukuuta 2024", "30 Aralık 2024",
                             "30 ΔΕΚΕΜΒΡΊΟΥ 2024", "30 ديسمبر 2024", "2024年12月30日(月)", "2024年12月30日 星期一",
                             "2024년 12월 30일 월요일", "Montag, 30.12.24", "lundi 30/12/2024", "ngày 30 tháng 12 năm 2024"}) {
      EXPECT_EQ(kind(locale, text, 45656, tagged), Kind::date) << text;
      EXPECT_EQ(kind(locale, text, 45657, tagged), kText) << text;
    }
    for (const char* text : {"2024-12-30T22:00:00.000Z", "30.12.24 22:00", "12/30/2024 10:00 PM", "30.12.2024, 22 Uhr",
                             "le 30/12/2024 22h00", "2024. 12. 30. 오후 10:00", "2024年12月30日22時0分", "30 декабря 2024 г., 22:00"}) {
      EXPECT_EQ(kind(locale, text, 45656 + 22.0 / 24, tagged), Kind::timestamp) << text;
    }
    EXPECT_EQ(kind(locale, "30.12.2024 10:00", 45656 + 22.0 / 24, tagged), kText) << "another time";
    EXPECT_EQ(kind(locale, "12/30/2024 10:00 AM", 45656 + 22.0 / 24, tagged), kText);
  }
  auto own = english();
  own.long_months = "jaanuar;veebruar;märts;aprill;mai;juuni;juuli;august;september;oktoober;november;detsember";
  EXPECT_EQ(kind(own, "30. detsember 2024", 45656, tagged), Kind::date) << "a name of the app's own calendar";
  EXPECT_EQ(kind(own, "1. poolaasta 2024", 45292, tagged), kText);
}

TEST(Cell, OfAPatternWithoutDayAndMonthIsItsText) {
  for (const auto& locale : {english(), german(), russian()}) {
    for (int week = 0; week < 54; ++week) {
      for (const char* format : {"YYYY/WW", "YYYY-WW", "W/YYYY"}) {
        const auto text =
            (format[0] == 'W' ? "" : std::string("2024") + format[4]) + std::to_string(week) + (format[0] == 'W' ? "/2024" : "");
        EXPECT_EQ(kind(locale, text, 45293 + week, pattern("D", format)), kText) << text;
        EXPECT_EQ(kind(locale, text, 45293 + week, pattern("U", format)), kText) << text;
      }
    }
    EXPECT_EQ(kind(locale, "2024", 45292, pattern("D", "YYYY")), kText);
    EXPECT_EQ(kind(locale, "Mon", 45656, pattern("D", "WWW")), kText);
  }
}

TEST(Cell, NamesMonthsInWhateverCaseAndEncoding) {
  auto french = german();
  french.months = "janv.;févr.;mars;avr.;mai;juin;juil.;août;sept.;oct.;nov.;déc.";
  french.long_months = "janvier;février;mars;avril;mai;juin;juillet;août;septembre;octobre;novembre;décembre";
  EXPECT_EQ(kind(french, "DÉCEMBRE 2024", 45627, pattern("D", "MMMM YYYY")), Kind::date);
  EXPECT_EQ(kind(french, "JANVIER 2024", 45292, pattern("D", "MMMM YYYY")), Kind::date);
  EXPECT_EQ(kind(french, "De\u0301cembre 2024", 45627, pattern("D", "MMMM YYYY")), Kind::date) << "an accent of its own";
  EXPECT_EQ(kind(french, "30 de\u0301c. 2024", 45656, pattern("D", "DD MMM YYYY")), Kind::date);
  EXPECT_EQ(kind(french, "NOVEMBRE 2024", 45627, pattern("D", "MMMM YYYY")), kText);
  EXPECT_EQ(kind(russian(), "30 ДЕК 2024", 45656, pattern("D", "DD MMM YYYY")), Kind::date);
  auto greek = german();
  greek.months = "Ιαν;Φεβ;Μάρ;Απρ;Μάι;Ιούν;Ιούλ;Αύγ;Σεπ;Οκτ;Νοέ;Δεκ";
  EXPECT_EQ(kind(greek, "30 ΔΕΚ 2024", 45656, pattern("D", "DD MMM YYYY")), Kind::date);
  EXPECT_EQ(kind(greek, "01 ΜΑΡ 2024", 45352, pattern("D", "DD MMM YYYY")), Kind::date);
  greek.months = "ιαν\u0301;Φεβ;Μα\u0301ρ;Απρ;Μαι\u0301;Ιουν;Ιουλ;Αυγ;Σεπ;Οκτ;Νοε;Δεκ";
  EXPECT_EQ(kind(greek, "01 Μάρ 2024", 45352, pattern("D", "DD MMM YYYY")), Kind::date) << "the app's names with accents of their own";
}

TEST(Cell, OfAnIntervalCountsWhatTheLargestUnitShownIs) {
  for (const auto& locale : {Locale(), english(), german(), russian()}) {
    EXPECT_EQ(kind(locale, "90", 1.5 / 24, pattern("IV", "mm")), Kind::interval);
    EXPECT_EQ(kind(locale, "90:30", 90.5 / 1440, pattern("IV", "mm:ss")), Kind::interval);
    EXPECT_EQ(kind(locale, "5400", 1.5 / 24, pattern("IV", "ss")), Kind::interval);
    EXPECT_EQ(kind(locale, "-90", -1.5 / 24, pattern("IV", "m")), Kind::interval);
    EXPECT_EQ(kind(locale, "2880", 2, pattern("IV", "mm")), Kind::interval) << "days are minutes too";
    EXPECT_EQ(kind(locale, "1 90", 1.0625, pattern("IV", "D mm")), Kind::interval) << "unless they are shown";
    EXPECT_EQ(kind(locale, "30", 1.5 / 24, pattern("IV", "mm")), kText);
    EXPECT_EQ(kind(locale, "1:90", 2.5 / 24, pattern("IV", "h:mm")), kText);
  }
}

// A unit alone, and zero in every form, look like numbers.
TEST(Cell, OfAColumnOfTimesIsATimeWhateverItsPatternShows) {
  for (const auto& locale : {Locale(), english(), german(), russian()}) {
    EXPECT_EQ(kind(locale, "0", 0, pattern("IV", "h")), Kind::interval);
    EXPECT_EQ(kind(locale, "0", 0.0001, pattern("IV", "m")), Kind::interval) << "cut to the minute";
    EXPECT_EQ(kind(locale, "0.000", 0, pattern("IV", "s.fff")), Kind::interval);
    EXPECT_EQ(kind(locale, "0", 0.02, pattern("T", "h")), Kind::time);
    EXPECT_EQ(kind(locale, "0.00", 0, pattern("T", "h.mm")), Kind::time) << "as Finns write it";
    EXPECT_EQ(kind(locale, "9.05", 9.0 / 24 + 5.0 / 1440, pattern("T", "h.mm")), Kind::time);
    EXPECT_EQ(kind(locale, "0.5", 0.5, pattern("IV", "h:mm")), Kind::real) << "not by the pattern";
  }
}

// is_day() has a short way for what most dates are written as.
TEST(Days, AreThoseTheCalendarHasWhicheverWayTheyAreRead) {
  const Writing iso({}, Locale());
  const Writing short_german(pattern("D", "D.M.YYYY"), german());
  const auto agree = [](const Writing& writing, const std::string& text, double number) {
    const bool day = writing.is_day(text, number);
    EXPECT_EQ(day, writing.kind(text, number) == Kind::date) << text << " over " << number;
    return day;
  };
  for (std::int64_t serial = -690'000; serial < 1'000'000; serial += 365) {
    const auto [year, month, day] = civil_date(serial - 25'569);
    EXPECT_EQ(days_of(year, month, day), serial - 25'569);
    EXPECT_LE(day, days_in(year, month));
    ValueText room;
    const auto text = std::string(date_text(serial - 25'569, room));
    if (year >= 0) {
      EXPECT_TRUE(agree(iso, text, static_cast<double>(serial)));
      EXPECT_FALSE(agree(iso, text, static_cast<double>(serial + 1)));
    }
    if (year < 1) continue;
    EXPECT_TRUE(
        agree(short_german, std::to_string(day) + "." + std::to_string(month) + "." + std::to_string(year), static_cast<double>(serial)));
  }
  EXPECT_FALSE(agree(iso, "2024-02-31", 45353)) << "the second of March";
  EXPECT_FALSE(agree(iso, "2023-02-29", 44986)) << "the first of March";
  EXPECT_FALSE(agree(iso, "2024-13-01", 45658));
  EXPECT_FALSE(agree(iso, "2024-00-31", 45291));
  EXPECT_TRUE(agree(iso, "2024-02-29", 45351));
  for (const char* text : {"", "2024", "2024-01", "2024-01-", "2024-01-01-", "2024/01/01", "2024-01-01x", "-2024-01-01", "2024-001-01",
                           "20240-1-01", "99999999999999999999-01-01"}) {
    EXPECT_FALSE(agree(iso, text, 45292)) << text;
  }
  EXPECT_FALSE(agree(iso, "2024-01-01", 45292.5));
  EXPECT_FALSE(agree(iso, "2024-01-01", 1e300));
}

TEST(Cells, OfAColumnChooseTheNarrowestTypeThatLosesNothing) {
  const auto chosen = [](std::initializer_list<Kind> kinds) {
    int all = 0;
    for (const auto kind : kinds) all |= bit(kind);
    const auto made = choose(static_cast<Kinds>(all));
    return std::string(to_string(made.type)) + (made.of_day ? " of day" : "");
  };
  EXPECT_EQ(chosen({kInteger}), "int64");
  EXPECT_EQ(chosen({kInteger, kReal}), "float64");
  EXPECT_EQ(chosen({Kind::date}), "date32");
  EXPECT_EQ(chosen({Kind::date, Kind::timestamp}), "timestamp");
  EXPECT_EQ(chosen({Kind::time, Kind::clock}), "duration of day");
  EXPECT_EQ(chosen({Kind::time, Kind::interval}), "duration");
  EXPECT_EQ(chosen({Kind::clock, Kind::interval}), "utf8");
  EXPECT_EQ(chosen({kInteger, Kind::date}), "utf8");
  EXPECT_EQ(chosen({kInteger, kText}), "utf8");
  EXPECT_EQ(chosen({Kind::long_integer}), "utf8");
  EXPECT_EQ(chosen({kInteger, Kind::long_integer}), "utf8");
}

TEST(Cells, BecomeTextsOfTheirNumbersNeverOfWhatIsShown) {
  ValueText room;
  EXPECT_EQ(text_of(kReal, "1,050.8", 1050.75, room), "1050.75");
  EXPECT_EQ(text_of(kInteger, "1.234", 1234, room), "1234");
  EXPECT_EQ(text_of(Kind::date, "30.12.2024", 45656, room), "2024-12-30");
  EXPECT_EQ(text_of(Kind::clock, "10:00", 45656.25, room), "06:00:00");
  EXPECT_EQ(text_of(kText, "n/a", 0, room), "n/a");
  EXPECT_EQ(text_of(Kind::long_integer, "1000000000000000000", 1e18, room), "1000000000000000000");
  EXPECT_EQ(text_of(kReal, "1,000,000,000,000,000,000", 1e18, room), "1000000000000000000") << "never 1e+18";
  EXPECT_EQ(text_of(kReal, "-12.345.678.901.234.568", -12345678901234568.0, room), "-12345678901234568");
  EXPECT_EQ(text_of(kReal, "1.5", 1.5, room), "1.5");
}

TEST(TimesOfDay, AreNeverThoseOf24Hours) {
  EXPECT_EQ(time_of_day(0.375), 32'400'000);
  EXPECT_EQ(time_of_day(45656.375), 32'400'000);
  EXPECT_EQ(time_of_day(-0.25), 64'800'000);
  EXPECT_EQ(time_of_day(0.999999999), 86'399'999) << "it would round to midnight of the next day";
}

}  // namespace
}  // namespace qonduit::cell
