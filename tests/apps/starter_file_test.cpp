#include "apps/qonduit/starter_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "core/config/keys.hpp"
#include "core/config/properties.hpp"
#include "core/config/selector.hpp"
#include "qonduit/list.hpp"

namespace qonduit::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::map<std::string, std::string> properties(const std::string& text) {
  std::map<std::string, std::string> found;
  for (const auto& property : config::parse_properties(text)) {
    EXPECT_TRUE(property.separated) << property.key;
    EXPECT_TRUE(found.emplace(property.key, property.value).second) << property.key << " twice";
  }
  return found;
}

TEST(StarterFile, ReadsBackWhateverTheAppIsCalled) {
  const std::string strange = "a, \"b\" \\ c";
  StarterFile file{"c",
                   {{"url", "wss://host:4747/app"}, {"key-passphrase", "${file:/run/pass}"}},
                   {{"plugins.path", "/opt/plugins"}},
                   "Title\nsink.evil.type = csv\r\u2028\"",
                   "C:\\apps\\x, y.qvf",
                   {}};
  file.objects.push_back(
      {"plain", "First\nsink.evil.type = csv", "table\rsink.evil.type = csv", "Sheet\n1", "1 row × 2 columns", "", {"hidden\nx = y"}});
  file.objects.push_back({strange, "日本語", "kpi", "Sheet\n1", "1 row × 2 columns", "", {}});
  file.objects.push_back({"out", "Out", "text", "", "", "holds\nno = data", {}});
  const auto text = starter_text(file);
  const auto found = properties(text);
  EXPECT_EQ(found.size(), 10u) << text;
  const std::string prefix = "pipeline.title-sink-evil-type-csv.";
  EXPECT_EQ(found.at(prefix + "app"), "C:\\apps\\x, y.qvf");
  const auto pieces = list_pieces(found.at(prefix + "objects"));
  ASSERT_TRUE(pieces);
  ASSERT_EQ(pieces->size(), 2u);
  EXPECT_EQ(config::parse_selector(pieces->at(0))->object.text, "plain");
  EXPECT_EQ(config::parse_selector(pieces->at(1))->object.text, strange);
  EXPECT_EQ(found.at("connection.c.key-passphrase"), "${file:/run/pass}");
  EXPECT_EQ(found.at("plugins.path"), "/opt/plugins");
  EXPECT_THAT(text, HasSubstr("日本語 (kpi): 1 row × 2 columns"));
  EXPECT_THAT(text, HasSubstr("Out (text): left out: holds?no = data"));
  EXPECT_THAT(text, HasSubstr("note: hidden?x = y"));
}

TEST(StarterFile, SaysWhichObjectsARunSkipsBecauseTheAppHidesThem) {
  StarterFile file{"c", {}, {}, "App", "a", {}};
  file.objects.push_back({"x", "Vorjahr", "table", "S", "3 rows × 1 column", "", {}, "its show condition does not hold"});
  file.objects.push_back({"y", "Jahr", "table", "S", "4 rows × 1 column", "", {}});
  const auto text = starter_text(file);
  EXPECT_THAT(text, HasSubstr("hidden: its show condition does not hold; a run skips it as long as it is, or reads it with hidden = read"));
  EXPECT_EQ(text.find("hidden:"), text.rfind("hidden:")) << text;
}

TEST(StarterFile, RefusesIdsThatAConfigurationCannotName) {
  EXPECT_EQ(id_problem("jgAJyu"), "");
  EXPECT_EQ(id_problem("a, \"b\" \\c"), "");
  EXPECT_THAT(id_problem("a\nb"), HasSubstr("control"));
  EXPECT_EQ(id_problem("${env:HOME}"), "") << "written $${env:HOME}";
  EXPECT_THAT(id_problem(""), Not(""));
}

TEST(StarterFile, NamesThePipelineAfterTheApp) {
  EXPECT_EQ(pipeline_name("Consumer Sales"), "consumer-sales");
  EXPECT_EQ(pipeline_name("  2024 / Q1 (final) "), "2024-q1-final");
  EXPECT_EQ(pipeline_name("売上"), "app");
  EXPECT_EQ(pipeline_name("売上 2024"), "app-2024") << "what is left of a title is not its name";
  EXPECT_EQ(pipeline_name("Продажи / Отдел №1"), "prodazhi-otdel-1");
  EXPECT_EQ(pipeline_name("Объём й"), "obyom-j");
  EXPECT_EQ(pipeline_name("Πωλήσεις Ά"), "poliseis-a");
  EXPECT_EQ(pipeline_name("Sprzedaż Łódź"), "sprzedaz-lodz");
  EXPECT_EQ(pipeline_name("Їжа та ґудзики"), "yizha-ta-gudziki");
  EXPECT_EQ(pipeline_name("Größe & Verkauf 😀"), "grosse-verkauf");
  EXPECT_EQ(pipeline_name("ÉTÉ à Malmö"), "ete-a-malmo");
}

}  // namespace
}  // namespace qonduit::app
