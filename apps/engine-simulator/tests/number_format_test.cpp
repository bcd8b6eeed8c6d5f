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

}  // namespace
}  // namespace qonduit::simulator
