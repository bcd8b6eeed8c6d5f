// What the dialects know of their servers, without a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "plugins/sinks/sql/core/names.hpp"
#include "plugins/sinks/sql/core/statements.hpp"
#include "plugins/sinks/sql/odbc/column_type.hpp"
#include "plugins/sinks/sql/odbc/connection_string.hpp"
#include "plugins/sinks/sql/odbc/odbc_database.hpp"
#include "plugins/sinks/sql/odbc/sqlserver_dialect.hpp"
#include "plugins/sinks/sql/odbc/wide_text.hpp"
#include "plugins/sinks/testing/child_process.hpp"

namespace qonduit::odbc {
namespace {

using sql::Fit;
using sql::Kind;

std::string dialect_for(const std::string& connection, DialectName name = DialectName::automatic) {
  OdbcOptions options;
  options.connection = connection;
  options.dialect = name;
  return std::string(make_database(options)->dialect().name());
}

TEST(OdbcDialect, GoesByTheDriversName) {
  EXPECT_EQ(dialect_for("DRIVER={MariaDB Unicode};SERVER=db"), "mariadb");
  EXPECT_EQ(dialect_for("driver=MySQL ODBC 8.0 Unicode Driver;SERVER=db"), "mariadb");
  EXPECT_EQ(dialect_for("SERVER=db;Driver={ODBC Driver 18 for SQL Server}"), "sqlserver");
  EXPECT_EQ(dialect_for("DRIVER={FreeTDS};SERVER=db"), "sqlserver");
  EXPECT_EQ(dialect_for("DRIVER={PostgreSQL Unicode};SERVER=db"), "generic");
  EXPECT_EQ(dialect_for("DSN=no such source"), "generic");
  EXPECT_EQ(dialect_for("DSN=no such source", DialectName::sqlserver), "sqlserver");
}

TEST(OdbcDialect, LooksIntoTheDataSource) {
  const auto file = std::filesystem::temp_directory_path() / ("qonduit-odbc-ini-" + std::to_string(::getpid()));
  { std::ofstream(file) << "[warehouse]\nDriver = MariaDB Unicode\nServer = db\n[reports]\nDriver = /opt/lib/libmsodbcsql-18.so\n"; }
  ASSERT_EQ(::setenv("ODBCINI", file.c_str(), 1), 0);
  EXPECT_EQ(dialect_for("DSN=warehouse"), "mariadb");
  EXPECT_EQ(dialect_for("DSN=reports"), "sqlserver");
  ASSERT_EQ(::unsetenv("ODBCINI"), 0);
  std::filesystem::remove(file);
}

TEST(OdbcConnectionString, IsReadAsDriversReadIt) {
  const auto keys = parse_connection("Driver={Odd;Driver=x}; SERVER = db.example.com ;Pwd={a}};b};flag;DATABASE=");
  EXPECT_EQ(value_of(keys, "driver"), "Odd;Driver=x");
  EXPECT_EQ(value_of(keys, "server"), "db.example.com");
  EXPECT_EQ(value_of(keys, "pwd"), "a};b");
  EXPECT_EQ(value_of(keys, "database"), "");
  EXPECT_EQ(keys.size(), 5u);
  for (const std::string value : {"plain", "a;b", "}", "{x}", "", "p@ss word"}) {
    EXPECT_EQ(value_of(parse_connection("A=1;PWD=" + connection_value(value) + ";B=2"), "pwd"), value);
    EXPECT_EQ(value_of(parse_connection("A=1;PWD=" + connection_value(value) + ";B=2"), "b"), "2");
  }
}

TEST(OdbcTypes, AreThoseOfTheirFamily) {
  EXPECT_EQ(fit(Kind::real, parse_type(TypeNames::mariadb, "float")), Fit::lossy) << "four bytes there";
  EXPECT_EQ(fit(Kind::real, parse_type(TypeNames::sqlserver, "float(53)")), Fit::whole);
  EXPECT_EQ(fit(Kind::real, parse_type(TypeNames::sqlserver, "float(24)")), Fit::lossy);
  EXPECT_EQ(fit(Kind::real, parse_type(TypeNames::sqlserver, "real")), Fit::lossy);
  EXPECT_EQ(fit(Kind::real, parse_type(TypeNames::standard, "DOUBLE PRECISION")), Fit::whole);
  EXPECT_EQ(fit(Kind::boolean, parse_type(TypeNames::mariadb, "tinyint(1)")), Fit::whole);
  EXPECT_EQ(parse_type(TypeNames::sqlserver, "tinyint").base, Base::integer) << "0 to 255 there";
  EXPECT_EQ(parse_type(TypeNames::mariadb, "bigint(20) unsigned").base, Base::integer);
  EXPECT_EQ(fit(Kind::text, parse_type(TypeNames::sqlserver, "varchar(20)")), Fit::lossy) << "one code page";
  const auto text = parse_type(TypeNames::sqlserver, "nvarchar(190) COLLATE Latin1_General_CI_AS");
  EXPECT_EQ(text.base, Base::text);
  EXPECT_EQ(text.length, 190);
  EXPECT_EQ(parse_type(TypeNames::sqlserver, "nvarchar(max) COLLATE DATABASE_DEFAULT").length, -1);
  EXPECT_EQ(fit(Kind::timestamp, parse_type(TypeNames::sqlserver, "datetime2(3)")), Fit::checked);
  EXPECT_EQ(fit(Kind::timestamp, parse_type(TypeNames::sqlserver, "datetime2(0)")), Fit::lossy);
  EXPECT_EQ(fit(Kind::timestamp, parse_type(TypeNames::sqlserver, "datetime")), Fit::lossy) << "counts in 1/300 s";
  EXPECT_EQ(fit(Kind::timestamp, parse_type(TypeNames::standard, "TIMESTAMP(3)")), Fit::checked);
  EXPECT_EQ(fit(Kind::timestamp, parse_type(TypeNames::standard, "timestamptz")), Fit::lossy);
  EXPECT_EQ(fit(Kind::time, parse_type(TypeNames::standard, "TIME")), Fit::lossy) << "whole seconds in the standard";
  EXPECT_EQ(kind_of(parse_type(TypeNames::standard, "uuid")), std::nullopt);
  for (const auto names : {TypeNames::mariadb, TypeNames::sqlserver, TypeNames::standard}) {
    EXPECT_EQ(fit(Kind::integer, parse_type(names, "decimal(5,2)")), Fit::checked);
    EXPECT_EQ(fit(Kind::integer, parse_type(names, "decimal(5,-2)")), Fit::lossy) << "1234 is 1200 there";
  }
}

TEST(OdbcTypes, OfNewColumnsHoldTheirKind) {
  for (const auto name : {DialectName::mariadb, DialectName::sqlserver, DialectName::generic}) {
    OdbcOptions options;
    options.dialect = name;
    const auto database = make_database(options);
    const auto& dialect = database->dialect();
    for (const auto kind :
         {Kind::integer, Kind::real, Kind::boolean, Kind::text, Kind::date, Kind::timestamp, Kind::time, Kind::interval}) {
      for (const std::size_t length : {0u, 20u, 5000u}) {
        const auto type = dialect.type_of(kind, length == 0, length);
        EXPECT_NE(dialect.fit(kind, type), Fit::lossy) << dialect.name() << ": " << type;
        EXPECT_EQ(dialect.kind_of_type(type), kind == Kind::interval ? Kind::integer : kind) << dialect.name() << ": " << type;
      }
    }
  }
}

TEST(OdbcErrors, MeanWhatTheServersManualSays) {
  EXPECT_EQ(meaning_in_mariadb("HY000", 1205).code, Code::timeout);
  EXPECT_EQ(meaning_in_sqlserver("40001", 1205).code, Code::unavailable) << "a deadlock's victim there";
  EXPECT_FALSE(meaning_in_sqlserver("40001", 1205).lost);
  EXPECT_TRUE(meaning_in_sqlserver("08S01", 10054).lost);
  EXPECT_EQ(meaning_in_sqlserver("23000", 2627).code, Code::bad_data);
  EXPECT_EQ(meaning_in_sqlserver("42S02", 208).code, Code::not_found);
  EXPECT_EQ(meaning_in_sqlserver("28000", 18456).code, Code::unauthenticated);
  EXPECT_EQ(meaning_of_sqlstate("53100", 0).code, Code::io);
  EXPECT_EQ(meaning_of_sqlstate("23505", 7).code, Code::bad_data);
  EXPECT_EQ(meaning_of_sqlstate("IM002", 0).code, Code::invalid_config);
  EXPECT_EQ(meaning_of_sqlstate("HY000", 5).code, Code::internal);
}

TEST(OdbcText, GoesToUtf16AndBack) {
  for (const std::string text : {"", "plain", "\u00e9\u20ac", "\U0001F600 and \U0010FFFF", "\uFFFD"}) {
    auto units = wide(text);
    ASSERT_EQ(units.back(), 0);
    EXPECT_EQ(narrow(units.data(), units.size() - 1), text);
  }
  SQLWCHAR out[8];
  EXPECT_EQ(write_wide("\U0001F600", out), 2u);
  EXPECT_EQ(out[0], 0xD83D);
  EXPECT_EQ(out[1], 0xDE00);
  EXPECT_EQ(write_wide("a\xff", out), std::nullopt);
  EXPECT_EQ(write_wide("\xed\xa0\x80", out), std::nullopt) << "half a pair";
  const SQLWCHAR half[] = {0xD83D, 'a', 0xDE00};
  EXPECT_EQ(narrow(half, 3), "\uFFFDa\uFFFD");
}

// Every statement of a delivery, read by the T-SQL grammar of a linter that knows nothing of this code.
TEST(SqlserverDialect, SpeaksTransactSql) {
  const SqlserverDialect dialect;
  sql::TablePlan plan;
  const std::string hostile = "Re'g\"ion; DROP TABLE x --";
  EXPECT_EQ(dialect.quote("a]b[c"), "[a]]b[c]") << "which the linter does not know";
  for (const auto& [name, kind, key] : {std::tuple(hostile, Kind::text, true), {std::string("Sales"), Kind::real, false}}) {
    sql::PlannedColumn column;
    column.spec = {name, kind, dialect.type_of(kind, key, 0), !key, key, "It's \"" + name + "\""};
    column.load = {name, kind, column.spec.type, 0, std::nullopt, sql::NonFinite::fail};
    plan.columns.push_back(column);
  }
  plan.key = plan.primary_key = {hostile};
  plan.indexes = {{"by_region", {hostile}}};
  const sql::TableName table{"dbo", "Sales"}, stage{{}, "_qonduit_stage_1", true}, fresh{"dbo", "_qonduit_new_1"};
  std::vector<std::string> statements = {
      dialect.create_table(table, sql::table_definition(dialect, plan.all_columns(), plan.primary_key), false),
      dialect.create_table(stage, sql::table_definition(dialect, plan.all_columns(), {}), true),
      dialect.drop_table(stage),
      dialect.truncate(table),
      dialect.begin(),
      dialect.savepoint("qonduit_rows"),
      dialect.rollback_to("qonduit_rows"),
      dialect.add_column(table, plan.columns[1].spec),
      *dialect.alter_type(table, plan.columns[1].spec),
      dialect.rename(fresh, table),
      dialect.first_row(sql::null_keys(dialect, stage, plan)),
      dialect.first_row(sql::repeated_keys(dialect, stage, plan)),
      sql::inexact_as_real(dialect, table, "Sales"),
      sql::insert_all(dialect, table, stage, plan),
      sql::update_changed(dialect, table, stage, plan),
      sql::insert_new(dialect, table, stage, plan),
      sql::delete_missing(dialect, table, stage, plan, {}),
      sql::close_versions(dialect, table, stage, plan, sql::Missing{}, "CAST('2026-01-31T00:00:00' AS datetime2(3))"),
      sql::open_versions(dialect, table, stage, plan, "CAST('2026-01-31T00:00:00' AS datetime2(3))")};
  for (const auto& more : {dialect.swap(table, fresh, {"dbo", "aside"}), dialect.point_view(table, fresh, true, true),
                           dialect.comments(table, "It's", plan.all_columns()), sql::create_indexes(dialect, table, plan)})
    statements.insert(statements.end(), more.begin(), more.end());
  const auto file = std::filesystem::temp_directory_path() / ("qonduit-" + std::to_string(::getpid()) + ".sql");
  {
    std::ofstream out(file);
    for (const auto& statement : statements) out << statement << ";\nGO\n";
  }
  EXPECT_NO_THROW(sinks::testing::run({"sqlfluff", "parse", "--dialect", "tsql", file.string()})) << file;
  { std::ofstream(file) << "UPDATE t SETT x = 1;\n"; }
  EXPECT_THROW(sinks::testing::run({"sqlfluff", "parse", "--dialect", "tsql", file.string()}), std::exception) << "it does refuse";
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace qonduit::odbc
