#include <qonduit/options.hpp>

#include <gtest/gtest.h>

#include <qonduit/testing/option_markdown.hpp>

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

TEST(Options, NeverRepeatASecretOfAFamily) {
  struct Pins {
    std::map<std::string, int> pins;
  };
  static constexpr auto table = options(option_map("pin.", &Pins::pins, "Secrets.").secret());
  const qonduit_pair pair{{"pin.door", 8}, {"hunter2", 7}};
  const auto parsed = parse_options(table, &pair, 1);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message(), "pin.door: the value has the wrong form");
}

struct Kin {
  std::string name = "anybody";
  Mode mode = Mode::append;
};
constexpr auto kKinTable = options(option("name", &Kin::name, "Who."),
                                   option("mode", &Kin::mode, "How.").values<Mode>({{"append", Mode::append}, {"replace", Mode::replace}}));

// The shared options are not where the struct begins.
struct Before {
  std::string first = "first";
};
struct Own : Before, Kin {
  Own() { name = "own"; }
  int size = 1;
};
constexpr auto kJoinedTable = joined(options(option("size", &Own::size, "How large.").required()), kKinTable);

TEST(Options, OfABaseAreSetInTheStructThatIsDerivedFromIt) {
  const std::vector<qonduit_pair> pairs{{{"size", 4}, {"7", 1}}, {{"name", 4}, {"somebody", 8}}, {{"mode", 4}, {"replace", 7}}};
  const auto parsed = parse_options(kJoinedTable, pairs.data(), pairs.size());
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(parsed->first, "first");
  EXPECT_EQ(parsed->size, 7);
  EXPECT_EQ(parsed->name, "somebody");
  EXPECT_EQ(parsed->mode, Mode::replace);
}

TEST(Options, OfABaseHaveTheDefaultsOfTheDerivedStructAndComeLast) {
  EXPECT_EQ(testing::option_markdown(kJoinedTable),
            "| Option | Default | What it does |\n|---|---|---|\n"
            "| `size` | required | How large. |\n"
            "| `name` | `own` | Who. |\n"
            "| `mode` | `append` | How. One of `append`, `replace`. |\n");
}

TEST(Options, BecomeAMarkdownTable) {
  const auto text = testing::option_markdown(kTable);
  EXPECT_TRUE(mentions(text, "| `path` | required | Where to. |\n")) << text;
  EXPECT_TRUE(mentions(text, "| `rows` | `10` | How many. From 1 to 100. |\n")) << text;
  EXPECT_TRUE(mentions(text, "| `digits` |  | Digits. |\n")) << text;
  EXPECT_TRUE(mentions(text, "| `mode.NAME` |  | How, for one column. One of `append`, `replace`. |\n")) << text;
}

TEST(Options, ShowADefaultInTheLargestUnitThatHoldsIt) {
  struct Units {
    std::chrono::milliseconds none{0}, odd{1500}, minutes{120'000}, hours{7'200'000};
    Bytes nothing{0}, bytes{1000}, kibibytes{3072}, mebibytes{16 << 20};
  };
  static constexpr auto table = options(option("a", &Units::none, ""), option("b", &Units::odd, ""), option("c", &Units::minutes, ""),
                                        option("d", &Units::hours, ""), option("e", &Units::nothing, ""), option("f", &Units::bytes, ""),
                                        option("g", &Units::kibibytes, ""), option("h", &Units::mebibytes, ""));
  const auto text = testing::option_markdown(table);
  for (const auto* row :
       {"`a` | `0s`", "`b` | `1500ms`", "`c` | `2m`", "`d` | `2h`", "`e` | `0`", "`f` | `1000`", "`g` | `3KiB`", "`h` | `16MiB`"})
    EXPECT_TRUE(mentions(text, row)) << row << "\n" << text;
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
