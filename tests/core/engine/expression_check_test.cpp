// Checks against an engine that answers what live ones were seen to answer: CheckExpression does not look into set modifiers, and a name
// that is not there is no error.
#include "core/engine/expression_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "core/engine/expression.hpp"
#include "qonduit/json_text.hpp"
#include "tests/core/engine/scripted_transport.hpp"

namespace qonduit::engine {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using Texts = std::vector<std::string>;

class CheckedApp : public ::testing::Test {
 protected:
  CheckedApp() {
    config::Connection connection;
    connection.name = "c";
    connection.url = "wss://qlik.example.com:4747/app";
    connection.keepalive = std::chrono::milliseconds(0);
    auto made = Session::open(connection, "app", [this](const config::Connection&, const std::string&) {
      wire_ = std::make_shared<Wire>();
      wire_->answer_with([this](const Request& request) { return answer(request); });
      wire_->push(R"({"jsonrpc":"2.0","method":"OnConnected","params":{"qSessionState":"SESSION_CREATED"}})");
      return Result<std::unique_ptr<Transport>>(std::make_unique<ScriptedTransport>(wire_));
    });
    session_ = std::move(*made);
    EXPECT_TRUE(session_->open_app("app"));
    check_.emplace(*session_);
  }

  // What the engine says of an expression: its error, the names it finds fault with, the fields it knows to be used.
  struct Said {
    Texts bad = {}, used = {};
    std::string error = {};
  };
  std::map<std::string, Said> says_;
  Texts fields_ = {"Amount", "Year", "Region", "Цена", "Order Date"};
  Texts unlisted_;  // fields the engine finds, and no list has
  std::map<std::string, std::string> variables_ = {
      {"vRate", "2"},      {"vКурс", "3"},   {"vWert", "Amuont"}, {"vLeer", ""}, {"vSumme", "Sum($(vFeld))"},
      {"v2024", "Amount"}, {"vYear", "2024"}};
  Texts system_variables_ = {"ThousandSep"};  // the engine finds them, and no list has them
  std::map<std::string, std::string> measures_ = {{"m-sales", "Sales"}, {"m-umsatz", "Umsatz netto"}};
  std::map<std::string, std::string> measure_definitions_;  // by id; of others Sum(Amount)
  Texts bookmarks_ = {"Pinned", "Закладка"};
  int fails_with_ = 0;        // CheckExpression
  mutable std::mutex mutex_;  // of methods_, which rpc's thread fills
  Texts methods_;

  std::string why(const ExpressionCheck::Question& question) { return check_->check(question).message(); }
  std::size_t asked(const std::string& method) const {
    const std::scoped_lock lock(mutex_);
    return static_cast<std::size_t>(std::count(methods_.begin(), methods_.end(), method));
  }

  std::shared_ptr<Wire> wire_;
  std::unique_ptr<Session> session_;
  std::optional<ExpressionCheck> check_;
  std::string value_;  // of every expression, a text
  std::string sent_;   // the last parameters of CheckExpression

 private:
  static std::string handle(int number) {
    return R"({"qReturn":{"qType":"x","qHandle":)" + std::to_string(number) + R"(,"qGenericType":"x","qGenericId":"x"}})";
  }

  static std::string list(const std::string& name, const Texts& items) {
    std::string json;
    for (const auto& item : items) json += (json.empty() ? "" : ",") + item;
    return "{\"qLayout\":{\"q" + name + "\":{\"qItems\":[" + json + "]}}}";
  }

  std::string layout(int number) const {
    Texts items;
    if (number == 11) {
      for (const auto& field : fields_) items.push_back("{\"qName\":" + json_string(field) + "}");
      items.emplace_back(R"({"qName":"$Table","qIsSystem":true})");
      items.emplace_back(
          R"({"qName":"Order Date","qDerivedFieldData":{"qDerivedFieldLists":[{"qFieldDefs":[{"qName":"Order Date.autoCalendar.Week"}]}]}})");
      return list("FieldList", items);
    }
    if (number == 12) {
      for (const auto& [name, definition] : variables_)
        items.push_back("{\"qName\":" + json_string(name) + ",\"qDefinition\":" + json_string(definition) + "}");
      return list("VariableList", items);
    }
    if (number == 13) {
      for (const auto& [id, title] : measures_) {
        const auto own = measure_definitions_.find(id);
        items.push_back(R"({"qInfo":{"qId":")" + id + R"("},"qMeta":{"title":)" + json_string(title) + R"(},"qData":{"expressions":)" +
                        json_string(own == measure_definitions_.end() ? "Sum(Amount)" : own->second) + "}}");
      }
      return list("MeasureList", items);
    }
    for (const auto& title : bookmarks_) items.push_back(R"({"qInfo":{"qId":"b1"},"qMeta":{"title":)" + json_string(title) + "}}");
    return list("BookmarkList", items);
  }

  std::vector<std::string> answer(const Request& request) {
    {
      const std::scoped_lock lock(mutex_);  // what nobody waits for is sent while a test looks
      methods_.push_back(request.method);
    }
    const auto& method = request.method;
    const auto result = [&](const std::string& json) { return std::vector{Wire::result(request.id, json)}; };
    if (method == "OpenDoc") return result(handle(1));
    if (method == "GetAppLayout") return result(R"({"qLayout":{"qTitle":"A","qStateNames":["Other","Вид"]}})");
    if (method == "CreateSessionObject") {
      const auto asks = [&](const char* type) { return request.params.find(std::string("q") + type + "Def") != std::string::npos; };
      return result(handle(asks("FieldList") ? 11 : asks("VariableList") ? 12 : asks("MeasureList") ? 13 : 14));
    }
    if (method == "GetLayout") return result(layout(request.handle));
    const auto params = Poco::JSON::Parser().parse(request.params).extract<Poco::JSON::Array::Ptr>();
    const auto text = params->size() == 0 ? std::string() : params->get(0).toString();
    if (method == "GetField") {
      const bool there = std::find(unlisted_.begin(), unlisted_.end(), text) != unlisted_.end();
      return result(there ? handle(20) : R"({"qReturn":{"qType":null,"qHandle":null}})");
    }
    if (method == "ExpandExpression") {
      auto expanded = text;
      // The innermost first. What is computed is left as it is.
      for (int depth = 0; depth < 16; ++depth) {
        const auto at = expanded.rfind("$(");
        if (at == std::string::npos || expanded[at + 2] == '=') break;
        const auto end = expanded.find(')', at);
        const auto name = expanded.substr(at + 2, end - at - 2);
        const auto found = variables_.find(name.substr(0, name.find('(')));
        expanded.replace(at, end - at + 1, found == variables_.end() ? "" : found->second);
      }
      return result("{\"qExpandedExpression\":" + json_string(expanded) + "}");
    }
    if (method == "GetVariableByName") {
      const bool there = std::find(system_variables_.begin(), system_variables_.end(), text) != system_variables_.end();
      return there ? result(handle(21)) : std::vector{Wire::error(request.id, 2)};
    }
    if (method == "EvaluateEx") return result("{\"qValue\":{\"qText\":" + json_string(value_) + "}}");
    // Nobody waits for a goodbye to a session object: it must not touch what tests write.
    if (method == "DestroySessionObject") return result("{}");
    const auto& said = says_[text];
    if (method == "CheckExpression") {
      sent_ = request.params;
      std::erase_if(sent_, [](char c) { return c == '\n' || c == ' '; });
      if (fails_with_ != 0) return {Wire::error(request.id, fails_with_)};
      std::string places;
      for (const auto& name : said.bad) {
        const auto at = text.find(name);
        // In UTF-16: these tests' letters are one unit each.
        const auto units = [](const std::string& bytes) {
          return std::count_if(bytes.begin(), bytes.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
        };
        places += (places.empty() ? "" : ",") + std::string(R"({"qFrom":)") + std::to_string(units(text.substr(0, at))) + R"(,"qCount":)" +
                  std::to_string(units(name)) + "}";
      }
      return result("{\"qErrorMsg\":" + json_string(said.error) + ",\"qBadFieldNames\":[" + places + "]}");
    }
    if (method == "GetFieldsFromExpression") {
      std::string names;
      for (const auto& name : said.used) names += (names.empty() ? "" : ",") + json_string(name);
      return result("{\"qFieldNames\":[" + names + "]}");
    }
    return result("{}");
  }
};

TEST_F(CheckedApp, NamesAMisspeltFieldAndWhatComesNear) {
  says_["Sum(Amuont)"] = {{"Amuont"}, {}};
  says_["Sum(Цна)"] = {{"Цна"}, {}};
  says_["Sum([Order Dat])"] = {{"[Order Dat]"}, {}};
  EXPECT_EQ(check_->check({"Sum(Amuont)"}).code(), Code::not_found);
  EXPECT_THAT(why({"Sum(Amuont)"}), HasSubstr("the app has no field 'Amuont' (did you mean 'Amount'?)"));
  EXPECT_THAT(why({"=Sum(Цна)"}), HasSubstr("the app has no field 'Цна' (did you mean 'Цена'?)"));
  EXPECT_THAT(why({"Sum([Order Dat])"}), HasSubstr("the app has no field 'Order Dat' (did you mean 'Order Date'?)"));
}

TEST_F(CheckedApp, SuggestsVariablesMeasuresAndLabelsToo) {
  says_["Sum(Amount)*vRat"] = {{"vRat"}, {}};
  says_["[Umsatz nett]*2"] = {{"[Umsatz nett]"}, {}};
  says_["Итго/2"] = {{"Итго"}, {}};
  says_["[vRat]"] = {{"[vRat]"}, {}};
  says_["Xyz"] = {{"Xyz"}, {}};
  EXPECT_THAT(why({"Sum(Amount)*vRat"}), HasSubstr("no field 'vRat' (did you mean 'vRate'?)"));
  EXPECT_THAT(why({"[Umsatz nett]*2"}), HasSubstr("no field 'Umsatz nett' (did you mean 'Umsatz netto'?)"));
  EXPECT_THAT(why({"Итго/2", {"Итого"}}), HasSubstr("no field 'Итго' (did you mean 'Итого'?)"));
  EXPECT_THAT(why({"[vRat]", {}, true}), AllOf(HasSubstr("no field 'vRat' (there are"), Not(HasSubstr("vRate"))));
  EXPECT_THAT(why({"Sum({<vRat={1}>} Amount)"}), Not(HasSubstr("vRate"))) << "only a field can stand there";
  EXPECT_THAT(why({"Xyz"}), AllOf(HasSubstr("Order Date"), Not(HasSubstr("vRate")))) << "fields are listed";
}

TEST_F(CheckedApp, SaysBracketsOnlyOfNamesWithoutThem) {
  const auto* const hint = "names with spaces go into brackets";
  says_["Sum(Order)"] = {{"Order"}, {}};
  says_["Sum([Ордер])"] = {{"[Ордер]"}, {}};
  says_["Sum(\"Order\")"] = {{"Order"}, {}};
  says_["[Cty]"] = {{"[Cty]"}, {}};
  EXPECT_THAT(why({"Sum(Order)"}), HasSubstr(hint));
  EXPECT_THAT(why({"Sum([Ордер])"}), Not(HasSubstr(hint)));
  EXPECT_THAT(why({"Sum(\"Order\")"}), Not(HasSubstr(hint)));
  EXPECT_THAT(why({"[Cty]", {}, true}), Not(HasSubstr(hint))) << "a dimension, whose blanks are its own";
}

TEST_F(CheckedApp, NamesWhatTheEngineDoesNotPlace) {
  says_["Sum(Aggr(Sum(Amount),Regoin))*vRate"] = {{""}, {"Amount"}};
  const auto found = why({"Sum(Aggr(Sum(Amount),Regoin))*vRate"});
  EXPECT_EQ(found.find("the app has no field 'Regoin' (did you mean 'Region'?)"), 0U) << found;
  EXPECT_THAT(found, Not(HasSubstr("''")));
  says_["Max(Цена)*vКурс"] = {{""}, {}};
  EXPECT_EQ(why({"=Max(Цена)*vКурс"}), "the app has not all fields of 'Max(Цена)*vКурс', and the engine does not tell which");
}

TEST_F(CheckedApp, NamesAMisspeltFieldOfASetModifierThatTheEngineDoesNotReport) {
  says_["Sum({<Yaer={2024}>} Amount)"] = {{}, {"Yaer", "Amount"}};
  says_["Sum({<Цна={1}>} Amount)"] = {{}, {"Amount"}};  // and where it lists the fields there are
  says_["Sum({<[Order Dat]={1}>} Amount)"] = {{}, {"Order Dat", "Amount"}};
  EXPECT_THAT(why({"Sum({<Yaer={2024}>} Amount)"}), HasSubstr("the app has no field 'Yaer' (did you mean 'Year'?)"));
  EXPECT_THAT(why({"Sum({<Цна={1}>} Amount)"}), HasSubstr("the app has no field 'Цна' (did you mean 'Цена'?)"));
  EXPECT_THAT(why({"Sum({<[Order Dat]={1}>} Amount)"}), HasSubstr("the app has no field 'Order Dat'"));
}

TEST_F(CheckedApp, TakesWhatTheEngineFindsThoughNoListHasIt) {
  unlisted_ = {"%Key"};
  says_["Count(%Key)"] = {{}, {"%Key"}};
  says_["Count($Table)"] = {{}, {"$Table"}};
  says_["Max([Order Date.autoCalendar.Week])"] = {{}, {"Order Date.autoCalendar.Week"}};
  unlisted_.emplace_back("Order Date.calendar.Month");
  says_["Max([Order Date.calendar.Month])"] = {{}, {"Order Date.calendar.Month"}};
  for (const auto& [expression, said] : says_) EXPECT_EQ(why({expression}), "") << expression;
  EXPECT_EQ(asked("GetField"), 2U) << "only of what may be missing";
}

TEST_F(CheckedApp, NamesADerivedFieldThatIsNotThere) {
  // Of Order Date the app tells what is made of it, of Year it tells nothing.
  EXPECT_THAT(why({"Sum({<[Order Date.autoCalendar.Weak]={1}>} Amount)"}),
              HasSubstr("no field 'Order Date.autoCalendar.Weak' (did you mean 'Order Date.autoCalendar.Week'?)"));
  EXPECT_THAT(why({"Sum({<[Order Date.autoCalendar.Year]={1}>} Amount)"}), HasSubstr("no field 'Order Date.autoCalendar.Year'"))
      << "a calendar of Qlik's that was changed";
  EXPECT_THAT(why({"Sum({<[Year.autoCalendar.Yaer]={2024}>} Amount)"}),
              HasSubstr("no field 'Year.autoCalendar.Yaer' (did you mean 'Year.autoCalendar.Year'?)"));
  EXPECT_EQ(why({"Sum({<[Year.autoCalendar._YearMonth]={1}>} Amount)"}), "");
  EXPECT_THAT(why({"Sum({<[Yaer.autoCalendar.Year]={1}>} Amount)"}), HasSubstr("no field 'Yaer.autoCalendar.Year'"));
  says_["[Цена.календарь.Год]"] = {{"[Цена.календарь.Год]"}, {}};
  EXPECT_THAT(why({"[Цена.календарь.Год]", {}, true}), HasSubstr("no field 'Цена.календарь.Год'")) << "the engine says it";
}

TEST_F(CheckedApp, DoubtsAFieldOfAnUnknownCalendar) {
  EXPECT_EQ(why({"Sum({<[Year.fiscal.Month]={1}>} Amount)"}), "");
  EXPECT_THAT(why({"Sum({<[Year.fiscal.Month]={1}>} Amount)", {}, false, false, true}),
              HasSubstr("the app does not tell of a field 'Year.fiscal.Month'"));
}

TEST_F(CheckedApp, LooksIntoSearchesOfSets) {
  says_["Sum(Amuont)>10"] = {{"Amuont"}, {}};
  EXPECT_THAT(why({"Sum({<Region={\"=Sum(Amuont)>10\"}>} Amount)"}), HasSubstr("no field 'Amuont' (did you mean 'Amount'?)"));
  says_["Sum({<Year={2024}>} Цна)>0"] = {{"Цна"}, {}};
  EXPECT_THAT(why({"{<Region={\"=Sum({<Year={2024}>} Цна)>0\"}>} Sum(Amount)"}), HasSubstr("'Цна' (did you mean 'Цена'?)"));
  EXPECT_THAT(why({"Sum({<Region={\"=Sum({<Regoin={\"\"=Max(Amount)\"\"}>} 1)\"}>} 1)"}), HasSubstr("'Regoin'")) << "a set in a search";
  says_["Sum("] = {{}, {}, "Error in expression: operand expected"};
  const auto broken = check_->check({"Sum({<Region={\"=Sum(\"}>} Amount)"});
  EXPECT_EQ(broken.code(), Code::invalid_argument);
  EXPECT_THAT(broken.message(), HasSubstr("'Sum(' in it: Error in expression: operand expected"));
  EXPECT_EQ(why({"Sum({<Region={\"=Sum(Amount)*vRate>10\", \"A*\", \">10\"}>} Amount)"}), "");
}

TEST_F(CheckedApp, LooksIntoWhatIsComputedBeforehand) {
  says_["Only(Regoin)"] = {{"Regoin"}, {}};
  EXPECT_THAT(why({"Sum({<Region={$(=Only(Regoin))}>} Amount)"}), HasSubstr("no field 'Regoin' (did you mean 'Region'?)"));
  EXPECT_THAT(why({"Sum({<Year={$(=Max(Year)-$(vBack))}>} Amount)"}), HasSubstr("no variable 'vBack'"));
  says_["[Net]"] = {{"[Net]"}, {}};
  EXPECT_THAT(why({"$(=[Net])", {"Net"}}), HasSubstr("no field 'Net'")) << "no column has a value then";
  variables_["vMax"] = "=Max(Yaer)";
  variables_["vОтбор"] = "Sum({<Year={$(=Max(Yaer))}>} Amount)";
  variables_["vTax"] = "=Sum($1)*0.19";
  says_["Max(Yaer)"] = {{"Yaer"}, {}};
  check_->forget_variables();
  for (const auto* expression : {"Sum(Amount)/$(vMax)", "Sum(Amount)/vMax", "$(vОтбор)"})
    EXPECT_THAT(why({expression}), HasSubstr("no field 'Yaer' (did you mean 'Year'?)")) << expression;
  EXPECT_EQ(why({"$(vTax(Amount))*1"}), "") << "an expression only with its parameter";
  variables_["vRound"] = "=1+$(vRound)";
  check_->forget_variables();
  static_cast<void>(why({"$(=vRound)+$(vRound)"}));  // ends
}

TEST_F(CheckedApp, TakesVariablesMeasureLabelsAndMasterMeasuresByName) {
  says_["Sum(Amount)*vRate"] = {{"vRate"}, {}};
  says_["Sum(Amount)*vКурс"] = {{"vКурс"}, {"vКурс", "Amount"}};
  says_["A/N"] = {{"A", "N"}, {}};
  says_["[Umsatz netto]*1.19"] = {{"[Umsatz netto]"}, {}};
  EXPECT_EQ(why({"Sum(Amount)*vRate"}), "");
  EXPECT_EQ(why({"Sum(Amount)*vКурс"}), "");
  EXPECT_EQ(why({"A/N", {"A", "N", "Année"}}), "");
  EXPECT_EQ(sent_, R"(["A/N",["A","N"]])") << "labels that may be meant go along";
  EXPECT_EQ(why({"[Umsatz netto]*1.19"}), "");
  EXPECT_THAT(why({"A/N", {"A"}}), AllOf(HasSubstr("no field 'N'"), Not(HasSubstr("'A'"))));
}

TEST_F(CheckedApp, TakesNothingButAFieldForTheFieldOfADimension) {
  says_["[vRate]"] = {{"[vRate]"}, {}};
  says_["[Sales]"] = {{"[Sales]"}, {}};
  says_["[Region]"] = {{}, {"Region"}};
  EXPECT_THAT(why({"[vRate]", {}, true}), HasSubstr("no field 'vRate'"));
  EXPECT_THAT(why({"[Sales]", {}, true}), HasSubstr("no field 'Sales'"));
  EXPECT_EQ(why({"[Region]", {}, true}), "");
}

TEST_F(CheckedApp, TakesOnlyAFieldInASetModifierAndInTotal) {
  const auto* const only = "only a field can stand";
  EXPECT_THAT(why({"Sum({<vRate={1}>} Amount)"}), AllOf(HasSubstr("'vRate' is a variable and no field"), HasSubstr(only)));
  EXPECT_THAT(why({"Sum({<Sales={1}>} Amount)"}), AllOf(HasSubstr("'Sales' is a master measure and no field"), HasSubstr(only)));
  EXPECT_THAT(why({"Sum({<Итог={1}>} Amount)", {"Итог"}}), AllOf(HasSubstr("'Итог' is the label of a measure"), HasSubstr(only)));
  EXPECT_THAT(why({"Sum({<Year=vКурс>} Amount)"}), HasSubstr("'vКурс' is a variable and no field")) << "what values come from";
  EXPECT_THAT(why({"Sum(TOTAL <Region, Sales> Amount)"}), HasSubstr("'Sales' is a master measure and no field"));
  EXPECT_THAT(why({"FieldValue('vRate', 1)"}), AllOf(HasSubstr("'vRate' is a variable and no field"), HasSubstr(only)));
  EXPECT_THAT(why({"FieldIndex('Regoin', 'Nord')"}), AllOf(HasSubstr("no field 'Regoin'"), HasSubstr("'Region'")));
  EXPECT_EQ(why({"FieldValueCount('Region')"}), "");
  EXPECT_EQ(why({"Sum({<Year={$(vRate)}>} Amount)*vRate*[Sales]"}), "");
  says_["Sum({<vRate={1}>} Amount)*Amuont"] = {{"Amuont"}, {"Amount", "vRate"}};
  EXPECT_THAT(why({"Sum({<vRate={1}>} Amount)*Amuont"}), AllOf(HasSubstr("no field 'Amuont'"), HasSubstr("'vRate' is a variable")));
}

TEST_F(CheckedApp, TakesNoMeasureInAnAggregation) {
  measure_definitions_["m-umsatz"] = "0.19";
  const auto* const none = "no aggregation can be computed of it";
  EXPECT_THAT(why({"Sum(Sales)"}), AllOf(HasSubstr("'Sales' is a master measure and no field"), HasSubstr(none)));
  EXPECT_THAT(why({"Avg([Среднее] * 2)", {"Среднее"}}), AllOf(HasSubstr("'Среднее' is the label of a measure"), HasSubstr(none)));
  EXPECT_THAT(why({"Sum(Aggr(Sum([N]), Region))", {"N"}}), HasSubstr("'N' is the label of a measure"));
  says_["Avg(N)"] = {{"N"}, {}};
  EXPECT_THAT(why({"Avg(N)"}), HasSubstr("no field 'N'")) << "nobody's label";
  for (const auto* right : {"Sum(Amount * vRate)", "Sum(Aggr([Sales], Region))", "RangeSum([Sales], N)", "Above([N]) + Rank([Sales])"})
    EXPECT_EQ(why({right, {"N"}}), "") << right;
  unlisted_ = {"%Key"};
  EXPECT_EQ(why({"Sum(%Key)", {"%Key"}}), "") << "a field whose name is a label, too";
}

TEST_F(CheckedApp, TellsItsDoubtsWhereTheyAreAskedFor) {
  measure_definitions_["m-umsatz"] = "0.19";
  for (const auto& [expression, words] : std::map<std::string, std::string>{
           {"Sum(Amount * [Umsatz netto])", "'Umsatz netto' is a master measure and no field: an aggregation may not know it"},
           {"Sum(Aggr([Net] * 2, Region))", "'Net' is the label of a measure and no field: Aggr may not know it"}}) {
    EXPECT_EQ(why({expression, {"Net"}}), "") << expression;
    EXPECT_THAT(why({expression, {"Net"}, false, false, true}), HasSubstr(words)) << expression;
  }
}

TEST_F(CheckedApp, NamesASetThatIsNotThere) {
  EXPECT_THAT(why({"Sum({Pined} Amount)"}),
              AllOf(HasSubstr("no bookmark and no alternate state 'Pined' (did you mean 'Pinned'?)"), HasSubstr("its sum is 0")));
  EXPECT_THAT(why({"Sum({Закладк<Year={1}>} Amount)"}), HasSubstr("'Закладк' (did you mean 'Закладка'?)"));
  EXPECT_THAT(why({"Sum({[My State]} Amount)"}), HasSubstr("'My State'"));
  for (const auto* there : {"Sum({Pinned} Amount)", "Sum({b1} Amount)", "Sum({Вид<Year={1}>} Amount)", "Sum({Other-1} Amount)"})
    EXPECT_EQ(why({there}), "") << there;
}

TEST_F(CheckedApp, KnowsTheStatesOfTheApp) {
  const auto before = asked("GetAppLayout");
  EXPECT_TRUE(check_->state("$").ok()) << "the default one is always there";
  EXPECT_TRUE(check_->state("Вид").ok() && check_->state("Other").ok());
  EXPECT_THAT(check_->state("Othre").message(), HasSubstr("no alternate state 'Othre' (did you mean 'Other'?)"));
  EXPECT_EQ(check_->state("Pinned").code(), Code::not_found) << "a bookmark is none";
  EXPECT_EQ(asked("GetAppLayout"), before) << "the app said it when it was opened";
}

TEST_F(CheckedApp, AsksNothingOfAFieldThatIsListed) {
  for (const auto* field : {"[Amount]", "[Цена]", "[Order Date]"}) EXPECT_EQ(why({field, {}, true}), "") << field;
  EXPECT_EQ(asked("CheckExpression") + asked("GetFieldsFromExpression"), 0u);
  says_["[Amuont]"] = {{"Amuont"}, {}};
  EXPECT_THAT(why({"[Amuont]", {}, true}), HasSubstr("no field 'Amuont' (did you mean 'Amount'?)"));
  EXPECT_EQ(asked("CheckExpression"), 1u);
  // More than a name.
  EXPECT_EQ(why({"=[Amount]", {}, false}), "");
  EXPECT_EQ(asked("CheckExpression"), 2u);
}

TEST_F(CheckedApp, HandsOnWhatTheEngineSaysOfWhatIsNoExpression) {
  says_["Sum(Amount"] = {{}, {}, "Error in expression: ')' expected"};
  EXPECT_EQ(check_->check({"Sum(Amount"}).code(), Code::invalid_argument);
  EXPECT_EQ(why({"Sum(Amount"}), "Error in expression: ')' expected");
}

TEST_F(CheckedApp, ChecksWhatVariablesStandFor) {
  says_["Sum(Amuont)"] = {{"Amuont"}, {}};
  EXPECT_THAT(why({"Sum($(vWert))"}), HasSubstr("no field 'Amuont'"));
}

TEST_F(CheckedApp, NamesAVariableThatIsNotThere) {
  EXPECT_EQ(check_->check({"$(vNope)"}).code(), Code::not_found);
  EXPECT_THAT(why({"$(vRat)"}), HasSubstr("the app has no variable 'vRat' (did you mean 'vRate'?)"));
  EXPECT_THAT(why({"Sum(Amount)*$(vКур)+$(#vRate)"}), HasSubstr("the app has no variable 'vКур' (did you mean 'vКурс'?)"));
  EXPECT_THAT(why({"[$(vFeld)]", {}, true}), HasSubstr("the app has no variable 'vFeld'")) << "the name of a dimension";
  EXPECT_THAT(why({"Sum({<Year={'$(vJahr)'}>} Amount)"}), HasSubstr("'vJahr'")) << "in a text";
  EXPECT_THAT(why({"Sum($(vYear$(vRate)))"}), HasSubstr("'vYear2'")) << "a name that is put together";
  EXPECT_EQ(why({"Sum($(v$(vYear)))"}), "");
  EXPECT_EQ(why({"Sum(Amount)/$(vRate) // $(vOld)"}), "") << "a comment decides nothing";
  EXPECT_EQ(why({"Sum(Amount)&'$(ThousandSep)'"}), "");
  EXPECT_EQ(why({"$(vCond)", {}, false, true}).find("the app has no variable 'vCond'"), 0U) << "of a condition, too";
}

TEST_F(CheckedApp, NamesAVariableThatAnotherOneNames) {
  says_["Sum()"] = {{}, {}, "Error in expression: operand expected"};
  EXPECT_THAT(why({"$(vSumme)"}),
              AllOf(HasSubstr("no variable 'vFeld'"), HasSubstr("which the variable 'vSumme' names"), Not(HasSubstr("operand"))));
}

TEST_F(CheckedApp, RefusesWhatExpandsToNothing) {
  EXPECT_EQ(check_->check({"$(vLeer)"}).code(), Code::invalid_argument);
  EXPECT_THAT(why({"= $(vLeer) "}), HasSubstr("it expands to nothing"));
  EXPECT_THAT(why({"[$(vLeer)]", {}, true}), HasSubstr("it expands to nothing"));
  EXPECT_EQ(why({"$(vLeer)", {}, false, true}), "") << "a condition";
  EXPECT_EQ(why({""}), "") << "nothing was written";
}

TEST_F(CheckedApp, ReadsVariablesAgainThatWereSet) {
  EXPECT_THAT(why({"Sum($(vNeu))"}), HasSubstr("'vNeu'"));
  variables_["vNeu"] = "Amount";
  check_->forget_variables();
  EXPECT_EQ(why({"Sum($(vNeu))"}), "");
}

TEST_F(CheckedApp, DeliversNoErrorAsAValue) {
  value_ = "Error in expression: operand expected";
  EXPECT_EQ(evaluate_all(*session_, {"Only(Message)"})->front().text, value_) << "the text of a field";
  says_["Sum("] = {{}, {}, "Ошибка в выражении"};
  EXPECT_EQ(evaluate_all(*session_, {"Only(Message)", "Sum("}).error().code(), Code::invalid_argument);
  EXPECT_THAT(evaluate_all(*session_, {"Sum("}).error().message(), AllOf(HasSubstr("'Sum('"), HasSubstr("Ошибка в выражении")));
}

TEST_F(CheckedApp, AsksTwiceForEachExpressionAndNeverAgain) {
  says_["Sum(Amuont)"] = {{"Amuont"}, {}};
  const auto found =
      check_->check(std::vector<ExpressionCheck::Question>{{"Sum(Amuont)"}, {"Sum(Amount)"}, {"=Sum(Amount)"}, {"Sum(Amount)", {"Label"}}});
  EXPECT_FALSE(found[0].ok());
  EXPECT_TRUE(found[1].ok() && found[2].ok() && found[3].ok());
  EXPECT_EQ(asked("CheckExpression"), 2U);
  EXPECT_EQ(asked("GetFieldsFromExpression"), 2U);
  {
    const std::scoped_lock lock(mutex_);
    methods_.clear();
  }
  EXPECT_FALSE(check_->check({"Sum(Amuont)"}).ok());
  EXPECT_TRUE(check_->check({"Sum(Amount)"}).ok());
  const std::scoped_lock lock(mutex_);
  std::erase(methods_, "DestroySessionObject");  // of a list that was read before: nobody waits for it
  EXPECT_THAT(methods_, IsEmpty());
}

TEST_F(CheckedApp, AsksAgainAboutWhatItCouldNotLearn) {
  fails_with_ = 15;  // aborted
  EXPECT_TRUE(retryable(check_->check({"Sum(Amount)"}).code()));
  fails_with_ = 0;
  EXPECT_TRUE(check_->check({"Sum(Amount)"}).ok());
  EXPECT_EQ(asked("CheckExpression"), 2U);
}

TEST_F(CheckedApp, ComputesNothingToCheck) {
  says_["Sum(Amuont)"] = {{"Amuont"}, {}};
  static_cast<void>(why({"Sum(Amuont)"}));
  static_cast<void>(why({"Sum({Pined} Amount)"}));
  for (const auto* method : {"Evaluate", "EvaluateEx", "GetHyperCubeData", "GetObject"}) EXPECT_EQ(asked(method), 0U) << method;
  EXPECT_EQ(evaluate(*session_, "Sum(Amuont)").error().code(), Code::not_found);
  EXPECT_EQ(asked("EvaluateEx"), 0U) << "what is misspelt is not computed";
}

TEST_F(CheckedApp, KnowsWhatMasterMeasuresCompute) {
  EXPECT_EQ(*check_->measure("m-sales"), "Sum(Amount)");
  EXPECT_EQ(check_->measure("m-slaes").error().code(), Code::not_found);
}

}  // namespace
}  // namespace qonduit::engine
