// The least that an .xlsx has: a workbook of one sheet, its texts inside its cells.
#include <Poco/DateTime.h>
#include <Poco/Zip/Compress.h>

#include <cmath>
#include <cstdio>
#include <sstream>

#include "calls/export.hpp"

namespace qonduit::simulator {
namespace {

constexpr const char* kDeclaration = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)";
constexpr const char* kTypes =
    R"(<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>)";
constexpr const char* kPackage =
    R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>)";
constexpr const char* kWorkbook =
    R"(<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>)";
constexpr const char* kSheets =
    R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>)";

void append_text(std::string& out, const std::string& text) {
  out.append(R"(<c t="inlineStr"><is><t xml:space="preserve">)");
  for (const char c : text) {
    switch (c) {
      case '&': out.append("&amp;"); break;
      case '<': out.append("&lt;"); break;
      case '>': out.append("&gt;"); break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n') {
          out.push_back(c);
        } else {
          char escaped[16];
          std::snprintf(escaped, sizeof escaped, "_x%04X_", static_cast<unsigned char>(c));
          out.append(escaped);
        }
    }
  }
  out.append("</t></is></c>");
}

std::string sheet_of(const ExportTable& table) {
  std::string made =
      std::string(kDeclaration) + R"(<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>)";
  for (const auto& title : table.titles) append_text(made, title);
  made.append("</row>");
  for (const auto& row : table.rows) {
    made.append("<row>");
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool number = std::isfinite(row[i].number) && (i >= table.dates.size() || table.dates[i] == 0);
      if (!number) {
        append_text(made, row[i].text);
        continue;
      }
      made.append("<c><v>");
      append_number(made, row[i].number);
      made.append("</v></c>");
    }
    made.append("</row>");
  }
  return made + "</sheetData></worksheet>";
}

}  // namespace

std::string to_workbook(const ExportTable& table) {
  std::ostringstream out(std::ios::binary);
  Poco::Zip::Compress archive(out, true);
  const auto add = [&](const std::string& name, const std::string& content) {
    std::istringstream in(content);
    archive.addFile(in, Poco::DateTime(2024, 1, 1), Poco::Path(name, Poco::Path::PATH_UNIX));
  };
  const std::string declaration = kDeclaration;
  add("[Content_Types].xml", declaration + kTypes);
  add("_rels/.rels", declaration + kPackage);
  add("xl/workbook.xml", declaration + kWorkbook);
  add("xl/_rels/workbook.xml.rels", declaration + kSheets);
  add("xl/worksheets/sheet1.xml", sheet_of(table));
  archive.close();
  return out.str();
}

}  // namespace qonduit::simulator
