// Answers cut out of captured pages, as an engine would cut them: headers as far as they stand over the rows that are asked for. Written
// against the captures alone.
#pragma once

#include <qonduit/adapter.hpp>

#include <Poco/JSON/Object.h>

#include <string>

namespace qonduit::cube::testing {

struct Captured {
  std::string layout;            // qLayout, its qSize trimmed to what was captured
  Poco::JSON::Object::Ptr page;  // of the cube
  bool pivot = true;
  std::int64_t rows = 0;  // of the page: rows of the matrix, or outermost members

  // The value of "result" for a page of full width.
  std::string operator()(const Request& request) const;
};

// pointer: "/qHyperCube" or deeper, of the first object of a file of captured layouts.
Captured captured(const std::string& file, const std::string& pointer);

// A data page from text, for cells and headers captures do not have.
std::string pivot_reply(const std::string& left, const std::string& top, const std::string& data, std::int64_t area_left = 0,
                        std::int64_t area_top = 0);

}  // namespace qonduit::cube::testing
