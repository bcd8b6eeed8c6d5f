// What ExportData makes of the shapes of cubes.
#include <Poco/Zip/ZipArchive.h>
#include <Poco/Zip/ZipStream.h>

#include <sstream>

#include "conversation.hpp"

namespace qonduit::simulator {
namespace {

class Export : public Conversation {
 protected:
  Export() {
    serve(R"~({"id":"shop","title":"Shop","locale":{"decimal":",","date":"DD.MM.YYYY"},
      "tables":[{"name":"T","csv":"Ort,Was,Tag,X\nKöln,\"a,b\",2024-01-02,1.5\nKöln,c,2024-01-03,2\n\"Bad \"\"Ems\"\"\",c,2024-01-02,-3\n",
        "fields":[{"name":"Ort"},{"name":"Was"},{"name":"Tag","type":"date"},{"name":"X","type":"real"}]}]})~");
  }

  // What is exported of a cube, from a definition's members without braces.
  std::string exported(const std::string& definition, const std::string& params = R"("CSV_C")",
                       const std::string& before = R"("qHyperCubeDef":)", const std::string& after = "}") {
    if (doc_ == 0) open("shop");
    const int handle = create(R"({"qInfo":{"qType":"test"},)" + before + "{" + definition + "}" + after);
    const auto made = result(call(handle, "ExportData", "[" + params + "]"));
    SessionKey key;
    key.user_directory = "CORP";
    key.user_id = "svc";
    return made.isNull() ? "error " + std::to_string(code(call(handle, "ExportData", "[" + params + "]")))
                         : engine_->exports().find(text_member(made, "qUrl"), key.user()).value_or("not there");
  }

  static constexpr const char* kBoth =
      R"~("qDimensions":[{"qDef":{"qFieldDefs":["Ort"],"qSortCriterias":[{"qSortByLoadOrder":1}]}},{"qDef":{"qFieldDefs":["Was"],"qSortCriterias":[{"qSortByLoadOrder":1}]}}],"qMeasures":[{"qDef":{"qDef":"Sum(X)","qLabel":"Summe; X"}}])~";

  static std::string part_of(const std::string& workbook, const std::string& name) {
    std::istringstream in(workbook);
    const Poco::Zip::ZipArchive archive(in);
    const auto found = archive.findHeader(name);
    if (found == archive.headerEnd()) return {};
    in.clear();
    Poco::Zip::ZipInputStream part(in, found->second);
    return {std::istreambuf_iterator<char>(part), {}};
  }
};

TEST_F(Export, OfAStraightCubeIsItsRowsInTheOrderOfItsColumns) {
  EXPECT_EQ(exported(kBoth), "Ort,Was,Summe; X\r\nKöln,\"a,b\",\"1,5\"\r\nKöln,c,2\r\n\"Bad \"\"Ems\"\"\",c,-3\r\n");
  EXPECT_EQ(exported(std::string(kBoth) + R"(,"qColumnOrder":[2,0,1])", R"("CSV_T","/qHyperCubeDef","any name")"),
            "Summe; X\tOrt\tWas\r\n1,5\tKöln\ta,b\r\n2\tKöln\tc\r\n-3\t\"Bad \"\"Ems\"\"\"\tc\r\n");
}

TEST_F(Export, OfAPivotHasAColumnForEachOfItsColumns) {
  const std::string pivot =
      std::string(kBoth) + R"(,"qMode":"P","qAlwaysFullyExpanded":true,"qInterColumnSortOrder":[0,1],"qNoOfLeftDims":)";
  EXPECT_EQ(exported(pivot + "1"), "Ort,\"a,b\",c\r\nKöln,\"1,5\",2\r\n\"Bad \"\"Ems\"\"\",-,-3\r\n");
  EXPECT_EQ(exported(pivot + "2"), "Ort,Was,Summe; X\r\nKöln,\"a,b\",\"1,5\"\r\nKöln,c,2\r\n\"Bad \"\"Ems\"\"\",c,-3\r\n");
  EXPECT_EQ(exported(pivot + "0"), "\"Köln, a,b\",\"Köln, c\",\"Bad \"\"Ems\"\", c\"\r\n\"1,5\",2,-3\r\n");
}

// Whatever a cube without measures may be asked for, there is an answer.
TEST_F(Export, CubesWithoutMeasuresHaveHeadersAndNoValues) {
  open("shop");
  const std::string dimensions = kBoth;
  const auto alone = dimensions.substr(0, dimensions.find(R"(,"qMeasures")"));
  const std::string area = R"([{"qLeft":0,"qTop":0,"qWidth":10,"qHeight":10}])";
  for (const char* const left : {"-1", "0", "1", "2"}) {
    const int handle =
        create(R"({"qInfo":{"qType":"test"},"qHyperCubeDef":{)" + alone + R"(,"qMode":"P","qAlwaysFullyExpanded":true,"qNoOfLeftDims":)" +
               left + R"(,"qInitialDataFetch":)" + area + "}}");
    const auto cube = object_member(object_member(result(call(handle, "GetLayout", "[]")), "qLayout"), "qHyperCube");
    EXPECT_EQ(int_member(object_member(cube, "qSize"), "qcx"), 0) << left;
    const auto page =
        as_object(array_member(result(call(handle, "GetHyperCubePivotData", "[\"/qHyperCubeDef\"," + area + "]")), "qDataPages")->get(0));
    for (const auto& row : *array_member(page, "qData")) EXPECT_EQ(row.extract<JsonArray>()->size(), 0u) << left;
    EXPECT_EQ(array_member(page, "qLeft")->size(), left == std::string("0") ? 0u : 2u) << left;
  }
}

TEST_F(Export, OfAStackHasAColumnForEachDimensionAndMeasure) {
  EXPECT_EQ(exported(std::string(kBoth) + R"(,"qMode":"K")"),
            "Ort,Was,Summe; X\r\nKöln,\"a,b\",\"1,5\"\r\nKöln,c,2\r\n\"Bad \"\"Ems\"\"\",c,-3\r\n");
}

TEST_F(Export, WithoutAPathIsOfTheCubeThatIsThere) {
  const char* layers = R"("gaLayers":[{"qHyperCubeDef":)";
  EXPECT_EQ(exported(kBoth, R"("CSV_C","")", layers, "}]}"), exported(kBoth)) << "a map keeps its cubes in layers";
  EXPECT_EQ(exported(kBoth, R"("CSV_C","/gaLayers/0/qHyperCubeDef")", layers, "}]}"), exported(kBoth));
  EXPECT_EQ(exported(kBoth, R"("CSV_C","/qHyperCubeDef")", layers, "}]}"), "error 13001");
  EXPECT_EQ(exported(kBoth, R"("PDF")"), "error 8");
}

TEST_F(Export, AsAWorkbookHasNumbersAsNumbersAndAllElseAsText) {
  const std::string workbook = exported(
      R"~("qDimensions":[{"qDef":{"qFieldDefs":["Ort"],"qSortCriterias":[{"qSortByLoadOrder":1}]}},{"qDef":{"qFieldDefs":["Tag"]}}],"qMeasures":[{"qDef":{"qDef":"Sum(X)","qLabel":"<X> & Y"}}])~",
      R"("OOXML")");
  for (const char* name : {"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"})
    EXPECT_TRUE(part_of(workbook, name).starts_with("<?xml ")) << name;
  const auto sheet = part_of(workbook, "xl/worksheets/sheet1.xml");
  const auto text = [](const std::string& of) { return R"(<c t="inlineStr"><is><t xml:space="preserve">)" + of + "</t></is></c>"; };
  EXPECT_NE(sheet.find("<row>" + text("Ort") + text("Tag") + text("&lt;X&gt; &amp; Y") + "</row>"), std::string::npos) << sheet;
  EXPECT_NE(sheet.find("<row>" + text("Köln") + text("02.01.2024") + "<c><v>1.5</v></c></row>"), std::string::npos) << sheet;
  EXPECT_NE(sheet.find("<row>" + text("Bad \"Ems\"") + text("02.01.2024") + "<c><v>-3</v></c></row>"), std::string::npos) << sheet;
}

}  // namespace
}  // namespace qonduit::simulator
