#include <qonduit/options.hpp>

#include <gtest/gtest.h>

namespace qonduit {
namespace {

using namespace std::chrono_literals;

enum class Mode { append, replace };

struct Everything {
  std::string path;
  bool header = true;
  char delimiter = ',';
  std::int64_t rows = 10;
  unsigned port = 0;
  double ratio = 0.5;
  std::chrono::milliseconds wait = 30s;
  Bytes block{1 << 20};
  Mode mode = Mode::append;
  std::optional<int> digits;
  std::string password;
  std::map<std::string, Mode> modes;
};

constexpr auto kTable =
    options(option("path", &Everything::path, "Where to.").required(), option("header", &Everything::header, "Names first."),
            option("delimiter", &Everything::delimiter, "Between cells."), option("rows", &Everything::rows, "How many.").range(1, 100),
            option("port", &Everything::port, "Port."), option("ratio", &Everything::ratio, "Share.").range(0, 1),
            option("wait", &Everything::wait, "How long."), option("block", &Everything::block, "How much.").range(1024, 1 << 30),
            option("mode", &Everything::mode, "How.").values({{"append", Mode::append}, {"replace", Mode::replace}}),
            option("digits", &Everything::digits, "Digits."), option("password", &Everything::password, "Secret.").secret(),
            option_map("mode.", &Everything::modes, "How, for one column.").values({{"append", Mode::append}, {"replace", Mode::replace}}));

Result<Everything> parse(const std::vector<std::pair<std::string, std::string>>& given) {
  std::vector<qonduit_pair> pairs;
  for (const auto& [key, value] : given) pairs.push_back({{key.data(), key.size()}, {value.data(), value.size()}});
  return parse_options(kTable, pairs.data(), pairs.size());
}

std::string complaint(const std::vector<std::pair<std::string, std::string>>& given) {
  const auto parsed = parse(given);
  return parsed ? "" : parsed.error().message();
}

bool mentions(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(Options, KeepTheDefaultsOfTheStruct) {
  const auto parsed = parse({{"path", "x"}});
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->header);
  EXPECT_EQ(parsed->wait, 30s);
  EXPECT_FALSE(parsed->digits);
}

TEST(Options, TakeEveryType) {
  const auto parsed = parse({{"path", "out.txt"},
                             {"header", "No"},
                             {"delimiter", "\\t"},
                             {"rows", "7"},
                             {"port", "4747"},
                             {"ratio", "0.25"},
                             {"wait", "250ms"},
                             {"block", "64KiB"},
                             {"mode", "replace"},
                             {"digits", "3"},
                             {"mode.Order Date.2", "replace"}});
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(parsed->path, "out.txt");
  EXPECT_FALSE(parsed->header);
  EXPECT_EQ(parsed->delimiter, '\t');
  EXPECT_EQ(parsed->rows, 7);
  EXPECT_EQ(parsed->port, 4747u);
  EXPECT_EQ(parsed->ratio, 0.25);
  EXPECT_EQ(parsed->wait, 250ms);
  EXPECT_EQ(parsed->block.count, 65536u);
  EXPECT_EQ(parsed->mode, Mode::replace);
  EXPECT_EQ(parsed->digits, 3);
  EXPECT_EQ(parsed->modes.at("Order Date.2"), Mode::replace);
}

TEST(Options, ReportEveryMistakeAtOnce) {
  const auto text = complaint({{"header", "maybe"}, {"rows", "0"}, {"wiat", "1s"}, {"mode", "repalce"}});
  EXPECT_TRUE(mentions(text, "header: 'maybe'")) << text;
  EXPECT_TRUE(mentions(text, "1 to 100")) << text;
  EXPECT_TRUE(mentions(text, "did you mean 'wait'?")) << text;
  EXPECT_TRUE(mentions(text, "append, replace")) << text;
  EXPECT_TRUE(mentions(text, "'path' is missing")) << text;
}

TEST(Options, RefuseValuesOfTheWrongForm) {
  for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{{"rows", "7x"},
                                                                                   {"rows", ""},
                                                                                   {"rows", "99999999999999999999"},
                                                                                   {"port", "-1"},
                                                                                   {"ratio", "1,5"},
                                                                                   {"ratio", "0.5 "},
                                                                                   {"ratio", "1.5"},
                                                                                   {"ratio", ""},
                                                                                   {"wait", "30"},
                                                                                   {"wait", "-1s"},
                                                                                   {"wait", "9223372036854775807h"},
                                                                                   {"block", "1MB"},
                                                                                   {"block", "12"},
                                                                                   {"delimiter", "ab"},
                                                                                   {"digits", "many"},
                                                                                   {"mode.A", "both"}}) {
    EXPECT_TRUE(mentions(complaint({{"path", "x"}, {key, value}}), key)) << key << " = " << value;
  }
}

TEST(Options, NeverRepeatASecret) {
  struct Numbered {
    int pin = 0;
  };
  static constexpr auto table = options(option("pin", &Numbered::pin, "Secret.").secret());
  const qonduit_pair pair{{"pin", 3}, {"hunter2", 7}};
  const auto parsed = parse_options(table, &pair, 1);
  ASSERT_FALSE(parsed);
  EXPECT_FALSE(mentions(parsed.error().message(), "hunter2"));
}

TEST(Options, DescribeThemselves) {
  const auto json = describe_options(kTable, "Says \"it\" all.");
  EXPECT_TRUE(mentions(json, R"("summary":"Says \"it\" all.")")) << json;
  EXPECT_TRUE(mentions(json, R"({"name":"wait","type":"duration","default":"30s","required":false)")) << json;
  EXPECT_TRUE(mentions(json, R"({"name":"mode","type":"enum","values":["append","replace"],"default":"append")")) << json;
  EXPECT_TRUE(mentions(json, R"("name":"path","type":"string","required":true)")) << json;
  EXPECT_TRUE(
      mentions(json, R"({"name":"mode.","type":"enum","values":["append","replace"],"required":false,"secret":false,"prefix":true)"))
      << json;
  EXPECT_EQ(describe_options(no_options, "x"), R"({"summary":"x","options":[]})");
}

}  // namespace
}  // namespace qonduit
