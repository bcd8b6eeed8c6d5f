#include "plugins/sinks/sql/core/names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <qonduit/testing/rows.hpp>

#include <algorithm>
#include <random>
#include <set>

#include "plugins/sinks/sql/core/value_text.hpp"

namespace qonduit::sql {
namespace {

using ::testing::ElementsAre;

constexpr NameLimits kPostgresql{63, 0, true, true, true};
constexpr NameLimits kMariadb{0, 64, false, false, false};
constexpr NameLimits kSqlite{200, 0, false, true, true};

TEST(Names, AsIsKeepsWhatTheDatabaseHolds) {
  for (const auto* title : {"Sales", "select", "a \"quoted\" name", "Stra\u00dfe", "\u540d\U0001F600", "x;--"}) {
    EXPECT_EQ(safe_name(title, Naming::as_is, kPostgresql), title);
  }
  EXPECT_EQ(safe_name("", Naming::as_is, kPostgresql), "_");
}

TEST(Names, WhatIsLostInThemIsInTheirHash) {
  const std::vector<std::string> titles = {"a\nb", "a\tb", std::string("a\0b", 3),
                                           "a\xff"
                                           "b",
                                           "a_b"};
  std::set<std::string> names;
  for (const auto& title : titles) names.insert(safe_name(title, Naming::as_is, kPostgresql));
  EXPECT_EQ(names.size(), titles.size());
  EXPECT_EQ(safe_name("a\U0001F600", Naming::as_is, kMariadb).substr(0, 3), "a__") << "four bytes are no part of a name there";
  EXPECT_NE(safe_name("a ", Naming::as_is, kPostgresql), "a ") << "some databases drop a space at the end";
}

TEST(Names, LongOnesAreCutAtACharacter) {
  std::string title;
  for (int i = 0; i < 40; ++i) title += "\u00e9";
  const auto name = safe_name(title, Naming::as_is, kPostgresql);
  EXPECT_LE(name.size(), 63u);
  EXPECT_GT(name.size(), 60u);
  EXPECT_TRUE(qonduit::testing::detail::valid_utf8(name));
  EXPECT_NE(safe_name(title + "1", Naming::as_is, kPostgresql), safe_name(title + "2", Naming::as_is, kPostgresql));
  EXPECT_EQ(safe_name(title, Naming::as_is, kMariadb), title) << "40 characters";
}

TEST(Names, SnakeCaseIsSmallLettersDigitsAndUnderscores) {
  const auto snake = [](const char* title) { return safe_name(title, Naming::snake_case, kPostgresql); };
  EXPECT_EQ(snake("Sales by Region (net)"), "sales_by_region_net");
  EXPECT_EQ(snake("OrderID"), "order_id");
  EXPECT_EQ(snake("  % of Total "), "of_total");
  EXPECT_EQ(snake("Gr\u00f6\u00dfe \u0152uvre"), "grosse_oeuvre");
  EXPECT_EQ(snake("e\u0301t\u00e9 2024"), "ete_2024");
  EXPECT_EQ(snake("\u540d\u524d"), "\u540d\u524d") << "letters of other scripts stay";
  EXPECT_EQ(snake("---"), "_");
}

std::string hashed(const std::string& name, const std::string& title) { return name + "_" + short_hash(title).substr(0, 8); }

TEST(Names, SnakeCaseIsSmallInEveryAlphabet) {
  const auto snake = [](const char* title) { return safe_name(title, Naming::snake_case, kPostgresql); };
  EXPECT_EQ(snake("Заказы по городам"), "заказы_по_городам");
  EXPECT_EQ(snake("Πόλη"), "πόλη");
  EXPECT_EQ(snake("ՀԱՅ Քաղաք"), "հայ_քաղաք");
  EXPECT_EQ(snake("ЧистыеПродажи"), "чистые_продажи") << "as NetSales is net_sales";
  EXPECT_EQ(snake("CaféÉté"), "cafe_ete");
  EXPECT_EQ(snake("שם"), "שם") << "letters that have no case stay";
  EXPECT_THAT(column_names({"Город", "ГОРОД"}, Naming::snake_case, kPostgresql),
              ElementsAre(hashed("город", "Город"), hashed("город", "ГОРОД")));
}

TEST(Names, AnIdBehindATitleFollowsTheSameRule) {
  const auto behind = [](const char* table, const char* id) { return with_id(table, id, Naming::snake_case, kPostgresql); };
  EXPECT_EQ(behind("master_sales", "g-master-child"), "master_sales_g_master_child");
  EXPECT_EQ(behind("продажи", "Лист-1"), "продажи_лист_1");
  EXPECT_EQ(behind("sales", "a1b2.C3"), "sales_a1b2_c3");
  EXPECT_EQ(with_id("Sales", "g-Master", Naming::as_is, kPostgresql), "Sales_g-Master");
}

TEST(Names, ColumnsOfOneNameAreToldApartByTheirTitles) {
  EXPECT_THAT(column_names({"Net Sales", "Net-Sales"}, Naming::snake_case, kPostgresql),
              ElementsAre(hashed("net_sales", "Net Sales"), hashed("net_sales", "Net-Sales")));
  EXPECT_THAT(column_names({"net_sales", "Net Sales"}, Naming::snake_case, kPostgresql),
              ElementsAre("net_sales", hashed("net_sales", "Net Sales")))
      << "a title that is the name letter by letter keeps it";
  EXPECT_THAT(column_names({"Sales", "sales"}, Naming::as_is, kPostgresql), ElementsAre("Sales", "sales"));
  EXPECT_THAT(column_names({"Sales", "sales"}, Naming::as_is, kSqlite), ElementsAre(hashed("Sales", "Sales"), hashed("sales", "sales")));
  EXPECT_THAT(column_names({"R\u00e9gion", "Region"}, Naming::as_is, kMariadb),
              ElementsAre(hashed("R\u00e9gion", "R\u00e9gion"), hashed("Region", "Region")));
  EXPECT_THAT(column_names({"Продажи", "ПРОДАЖИ"}, Naming::as_is, kMariadb),
              ElementsAre(hashed("Продажи", "Продажи"), hashed("ПРОДАЖИ", "ПРОДАЖИ")));
  EXPECT_THAT(column_names({"Продажи", "продажи"}, Naming::as_is, kPostgresql), ElementsAre("Продажи", "продажи"));
}

TEST(Names, DoNotDependOnWhereAColumnStands) {
  const std::vector<std::string> titles = {"Net Sales", "Region", "net_sales", "Net-Sales", "Ünits", "units"};
  const auto names = column_names(titles, Naming::snake_case, kMariadb);
  const std::vector<std::string> back(titles.rbegin(), titles.rend());
  auto turned = column_names(back, Naming::snake_case, kMariadb);
  std::reverse(turned.begin(), turned.end());
  EXPECT_EQ(turned, names);
}

TEST(Names, ATitleKeepsTheNameItHasInTheTable) {
  const auto apart = hashed("net_sales", "Net Sales");
  NamesThere there;
  there.table = {"net_sales", apart};
  EXPECT_THAT(column_names({"Net Sales"}, Naming::snake_case, kPostgresql, there), ElementsAre(apart)) << "the other one is hidden";
  there.table = {"net_sales"};
  EXPECT_THAT(column_names({"Net Sales"}, Naming::snake_case, kPostgresql, there), ElementsAre("net_sales"));
  there.taken = {"_run_id"};
  EXPECT_THAT(column_names({"_run_id"}, Naming::as_is, kPostgresql, there), ElementsAre(hashed("_run_id", "_run_id")));
}

// The records of a table tell more than its names: whose each is.
TEST(Names, WhatWasGivenStays) {
  const auto named = [](const std::vector<std::string>& titles, const std::vector<std::string>& own, const std::vector<GivenName>& given,
                        const NameLimits& limits, const std::vector<std::string>& hidden = {}) {
    NamesThere there;
    for (const auto& one : given) there.table.push_back(one.column);
    there.own = own, there.given = given, there.hidden = hidden;
    return column_names(titles, Naming::snake_case, limits, there);
  };
  const GivenName sum{"чистая_сумма", "Чистая Сумма", "Чистая Сумма_a1"};
  const auto newcomer = hashed("чистая_сумма", "чистая_сумма");
  for (const auto* limits : {&kPostgresql, &kSqlite, &kMariadb}) {
    EXPECT_THAT(named({"чистая_сумма", "Чистая Сумма"}, {"чистая_сумма_b2", "Чистая Сумма_a1"}, {sum}, *limits),
                ElementsAre(newcomer, "чистая_сумма"));
    EXPECT_THAT(named({"чистая_сумма"}, {"чистая_сумма_b2"}, {sum}, *limits), ElementsAre(newcomer)) << "the other one is gone";
    EXPECT_THAT(named({"Чистая Сумма"}, {"Чистая Сумма_c3"}, {sum}, *limits), ElementsAre("чистая_сумма")) << "its expression is edited";
    EXPECT_THAT(named({"ЧИСТАЯ СУММА"}, {"ЧИСТАЯ СУММА_a1"}, {sum}, *limits), ElementsAre("чистая_сумма")) << "in other letters";
  }
  // The own name says more than the title.
  const std::vector<GivenName> both = {{"n", "N", "N_a1"}, {"n_b2", "N_b2", "N_b2"}};
  EXPECT_THAT(named({"N"}, {"N_b2"}, both, kPostgresql), ElementsAre("n_b2"));
  EXPECT_THAT(named({"N_b2", "N_a1"}, {"N_b2", "N_a1"}, both, kPostgresql), ElementsAre("n_b2", "n"));
  // Members: their own name tells which they are, and no expression of theirs was edited.
  const auto months = [&](const std::string& title, const std::string& own, const std::vector<GivenName>& given, bool by_members = true) {
    NamesThere there;
    for (const auto& one : given) there.table.push_back(one.column);
    there.own = {own}, there.by_members = {by_members}, there.given = given;
    return column_names({title}, Naming::as_is, kSqlite, there).front();
  };
  const GivenName january{"Jan", "Jan", "Jan_2024"}, other{"Jan_2025", "Jan", "Jan_2025"};
  EXPECT_EQ(months("Jan", "Jan_2024", {january}), "Jan");
  EXPECT_EQ(months("Jan", "Jan_2025", {january}), "Jan_2025");
  EXPECT_EQ(months("Jan", "Jan_2025", {january}, false), "Jan") << "a column like others, with another expression";
  EXPECT_EQ(months("Jan", "Jan_2025", {january, other}), "Jan_2025");
  EXPECT_EQ(months("Jan", "Jan_2026", {january, other}), "Jan_2026");
  EXPECT_EQ(months("Jan", "Jan_2026", {other}), "Jan");
  EXPECT_EQ(months("Jan", "Jan_2025", {{"Jan", "Jan", "Jan"}}), "Jan") << "nobody knows which one that was";
  EXPECT_EQ(months("Jan", "Jan", {january}), "Jan") << "renamed by the pipeline";
  // Columns that nothing is known of but their titles, one of them not shown.
  EXPECT_THAT(named({"net_sales"}, {}, {{"net_sales", "Net Sales", "Net Sales"}}, kPostgresql, {"Net Sales"}),
              ElementsAre(hashed("net_sales", "net_sales")));
  // A column that somebody dropped is nobody's.
  NamesThere there;
  there.given = {sum};
  EXPECT_THAT(column_names({"чистая_сумма"}, Naming::snake_case, kPostgresql, there), ElementsAre("чистая_сумма"));
}

// A column that is not shown in this run has its values in another: what would share its name has its own in both.
TEST(Names, AreTheSameWhetherTheOtherColumnIsShownOrNot) {
  const auto alone = [](const std::string& shown, const std::string& hidden, Naming naming, const NameLimits& limits) {
    NamesThere there;
    there.hidden = {hidden};
    const auto name = column_names({shown}, naming, limits, there).front();
    EXPECT_EQ(name, column_names({hidden, shown}, naming, limits).back()) << shown << " beside " << hidden;
    EXPECT_NE(name, column_names({hidden, shown}, naming, limits).front());
    return name;
  };
  EXPECT_EQ(alone("Net Sales", "Net-Sales", Naming::snake_case, kPostgresql), hashed("net_sales", "Net Sales"));
  EXPECT_EQ(alone("net_sales", "Net Sales", Naming::snake_case, kPostgresql), "net_sales") << "it is the name letter by letter";
  EXPECT_EQ(alone("SALES", "Sales", Naming::as_is, kSqlite), hashed("SALES", "SALES"));
  EXPECT_EQ(alone("Продажи", "ПРОДАЖИ", Naming::as_is, kMariadb), hashed("Продажи", "Продажи"));
  EXPECT_EQ(alone("Sales", "sales", Naming::as_is, kPostgresql), "Sales") << "here these are two names";
}

TEST(Names, WhatHasOneTitleIsNumbered) {
  EXPECT_THAT(column_names({"Sales", "Sales"}, Naming::as_is, kPostgresql),
              ElementsAre(hashed("Sales", "Sales"), hashed("Sales", "Sales") + "_2"));
}

TEST(Names, OfTablesDoNotBeginAsTheDatabasesOwn) {
  auto limits = kSqlite;
  limits.reserved = "sqlite_";
  for (const std::string title : {"sqlite_x", "SQLite_Größen", "sqlite_"}) {
    const auto name = table_name(title, Naming::as_is, limits);
    EXPECT_EQ(name, hashed("_" + title, title)) << title;
    EXPECT_EQ(table_name(title, Naming::as_is, kPostgresql), title) << "it is nobody's there";
  }
  EXPECT_NE(table_name("sqlite_x", Naming::as_is, limits), table_name("SQLITE_x", Naming::as_is, limits));
  EXPECT_EQ(table_name("SQLite склад", Naming::as_is, limits), "SQLite склад");
  EXPECT_EQ(table_name("SQLite: Lager", Naming::snake_case, limits), hashed("_sqlite_lager", "SQLite: Lager"));
}

TEST(Names, OfTenThousandHostileTitlesFitAndStayApart) {
  const std::vector<std::string> parts = {"\"",      "'",
                                          "\\",      ";",
                                          "--",      "`",
                                          "]",       "\");DROP TABLE x;--",
                                          "select",  " ",
                                          "\n",      std::string("\0", 1),
                                          "\xff",    "\xc0\xaf",
                                          "\u0430",  "a",
                                          "A",       "\u00e9",
                                          "e\u0301", "\U0001F600",
                                          "\u202e",  std::string(70, 'x')};
  std::mt19937 random(1);
  std::set<std::string> unique;
  while (unique.size() < 10'000) {
    std::string title;
    for (auto pieces = random() % 6; pieces > 0; --pieces) title += parts[random() % parts.size()];
    unique.insert(title + std::to_string(random() % 100));
  }
  const std::vector<std::string> titles(unique.begin(), unique.end());
  for (const auto& limits : {kPostgresql, kMariadb, kSqlite}) {
    for (const auto naming : {Naming::as_is, Naming::snake_case}) {
      const auto names = column_names(titles, naming, limits);
      std::set<std::string> apart;
      for (const auto& name : names) {
        apart.insert(folded(name, limits));
        ASSERT_TRUE(qonduit::testing::detail::valid_utf8(name));
        ASSERT_EQ(name.find('\0'), std::string::npos);
        ASSERT_TRUE(limits.bytes == 0 || name.size() <= limits.bytes) << name;
        ASSERT_TRUE(limits.characters == 0 || characters(name) <= limits.characters) << name;
      }
      EXPECT_EQ(apart.size(), titles.size());
      EXPECT_EQ(names, column_names(titles, naming, limits)) << "the same in every run";
    }
  }
}

TEST(Names, TextsAreMadeValid) {
  EXPECT_EQ(clean_text("Z\u00fcrich"), "Z\u00fcrich");
  EXPECT_EQ(clean_text(std::string("a\0b\xff", 4)), "a\uFFFDb\uFFFD");
}

}  // namespace
}  // namespace qonduit::sql
