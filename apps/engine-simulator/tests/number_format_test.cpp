#include "model/number_format.hpp"

#include <gtest/gtest.h>

#include <map>

#include "fixtures.hpp"

namespace qonduit::simulator {
namespace {

NumFormat captured_format(const JsonObject& info) {
  const auto format = object_member(info, "qNumFormat");
  return {text_member(format, "qType"),
          static_cast<int>(int_member(format, "qnDec")),
          static_cast<int>(int_member(format, "qUseThou")),
          text_member(format, "qFmt"),
          text_member(format, "qDec"),
          text_member(format, "qThou")};
}

double number_of(const JsonObject& cell) {
  const Json value = member(cell, "qNum");
  return value.isNumeric() ? value.convert<double>() : kNaN;
}

TEST(NumberFormat, WritesEveryCapturedMeasureAsTheEngineDid) {
  std::map<std::string, int> seen;
  for (const auto& [file, cube, pages] : captured_cubes()) {
    if (text_member(cube, "qMode") != "S") continue;
    const auto dimensions = array_member(cube, "qDimensionInfo");
    const auto measures = array_member(cube, "qMeasureInfo");
    if (pages.isNull()) continue;
    for (const auto& page : *pages) {
      const auto matrix = array_member(as_object(page), "qMatrix");
      for (const auto& row : *matrix) {
        const auto cells = as_array(row);
        if (cells->size() != dimensions->size() + measures->size()) continue;
        for (std::size_t i = dimensions->size(); i < cells->size(); ++i) {
          const auto cell = as_object(cells->get(static_cast<unsigned>(i)));
          const NumFormat format = captured_format(as_object(measures->get(static_cast<unsigned>(i - dimensions->size()))));
          if (std::isnan(number_of(cell))) continue;
          EXPECT_EQ(format_number(number_of(cell), format), text_member(cell, "qText"))
              << file << " " << format.type << " " << format.pattern;
          ++seen[format.type];
        }
      }
    }
    const auto totals = array_member(cube, "qGrandTotalRow");
    for (std::size_t i = 0; i < totals->size() && totals->size() == measures->size(); ++i) {
      const auto cell = as_object(totals->get(static_cast<unsigned>(i)));
      const NumFormat format = captured_format(as_object(measures->get(static_cast<unsigned>(i))));
      if (std::isnan(number_of(cell))) continue;
      EXPECT_EQ(format_number(number_of(cell), format), text_member(cell, "qText")) << file;
    }
  }
  EXPECT_GT(seen["I"], 0);
  EXPECT_GT(seen["R"], 0);
  EXPECT_GT(seen["M"], 0);
}

TEST(NumberFormat, WritesDatesFromDaySerials) {
  EXPECT_EQ(format_date(45292, "YYYY-MM-DD"), "2024-01-01");
  EXPECT_EQ(format_date(45292, "M/D/YYYY"), "1/1/2024");
  EXPECT_EQ(format_date(45292, "WWW DD MMM YY"), "Mon 01 Jan 24");
  EXPECT_EQ(format_date(2.5, "YYYY-MM-DD hh:mm:ss"), "1900-01-01 12:00:00");
  EXPECT_EQ(format_date(0.375, "h:mm:ss TT"), "9:00:00 AM");
  EXPECT_EQ(format_date(0.75, "h:mm:ss[.fff] TT"), "6:00:00 PM");
  EXPECT_EQ(format_date(45412, "MMMM YYYY"), "April 2024");
  EXPECT_EQ(day_serial(2024, 1, 1), 45292);
  EXPECT_EQ(day_serial(1899, 12, 30), 0);
}

TEST(NumberFormat, GroupsAndSeparatesAsTheLocaleSays) {
  const NumFormat comma{"F", 4, 1, "#\u00a0##0,0000", ",", "\u00a0"};
  EXPECT_EQ(format_number(1234567.25, comma), "1\u00a0234\u00a0567,2500");
  EXPECT_EQ(format_number(-0.5, {"M", 2, 0, "$#,##0.00;($#,##0.00)", ".", ","}), "($0.50)");
  EXPECT_EQ(format_number(0.125, {"F", 1, 0, "0.0%", ".", ""}), "12.5%");
  EXPECT_EQ(format_number(0.6857977109029889, {"R", 0, 0, "##############", ",", " "}), "0,68579771090299");
  EXPECT_EQ(format_number(1.5, {"IV", 0, 0, "h:mm:ss", "", ""}), "36:00:00");
  EXPECT_EQ(format_number(kNaN, {"R", 0, 0, "", ".", ","}), "-");
}

TEST(NumberFormat, HasASectionForNegativesAndOneForZero) {
  const NumFormat format{"F", 2, 1, "#.##0,00;-#.##0,00;–", ",", "."};
  EXPECT_EQ(format_number(1234.5, format), "1.234,50");
  EXPECT_EQ(format_number(-2, format), "-2,00");
  EXPECT_EQ(format_number(0, format), "–");
  EXPECT_EQ(format_number(0, NumFormat{"F", 0, 0, "0;(0)", ".", ","}), "0");
  EXPECT_EQ(format_number(-7, NumFormat{"F", 0, 0, "0;(0);ноль", ".", ","}), "(7)");
  EXPECT_EQ(format_number(0, NumFormat{"F", 0, 0, "0;(0);ноль", ".", ","}), "ноль");
}

TEST(NumberFormat, PutsDigitsIntoThePlacesOfAPattern) {
  const auto text = [](double value, const char* pattern) { return format_number(value, {"F", 0, 1, pattern, ".", ","}); };
  EXPECT_EQ(text(1001, "0000-0000-0000"), "0000-0000-1001");
  EXPECT_EQ(text(123456789012, "0000-0000-0000"), "1234-5678-9012");
  EXPECT_EQ(text(5551234567, "(000) 000-0000"), "(555) 123-4567");
  EXPECT_EQ(text(42, "##-##-##"), "42");
  EXPECT_EQ(text(4211, "№ ##/##"), "№ 42/11");
  EXPECT_EQ(text(0, "00-00"), "00-00");
  EXPECT_EQ(text(98765, "00-00"), "987-65") << "no digit is lost";
  EXPECT_EQ(text(1234.5, "#,##0.00"), "1,234.50");
}

TEST(NumberFormat, CutsIntervalsAndTimesToWhatThePatternShows) {
  const auto interval = [](double value, const char* pattern) { return format_number(value, {"IV", 0, 0, pattern, "", ""}); };
  EXPECT_EQ(interval(25.5 / 24, "hh:mm"), "25:30");
  EXPECT_EQ(interval((9 + 59.0 / 60 + 59.0 / 3600) / 24, "hh:mm"), "09:59") << "cut, not rounded";
  EXPECT_EQ(interval(10.0 / 24 + 15.0 / 1440 + 30.0 / 86400, "h:mm:ss"), "10:15:30");
  EXPECT_EQ(interval(1.25, "D hh:mm:ss"), "1 06:00:00");
  EXPECT_EQ(interval(-0.5, "h:mm"), "-12:00");
  EXPECT_EQ(interval(2.0, "mm"), "2880");
  EXPECT_EQ(format_number(14.0 / 24 + 3.9 / 1440, {"T", 0, 0, "hh:mm", "", ""}), "14:03");
}

TEST(NumberFormat, ShowsAsManyDigitsAsItsPatternHas) {
  EXPECT_EQ(format_number(771.3273562293131, {"R", 0, 0, "########", ".", ","}), "771.32736");
  EXPECT_EQ(format_number(727.0933975304043, {"R", 0, 0, "########", ".", ","}), "727.0934");
}

}  // namespace
}  // namespace qonduit::simulator
