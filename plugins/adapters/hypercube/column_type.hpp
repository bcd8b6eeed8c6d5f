// What type the values of a column are delivered as, what a batch says about the column, and what it is called: one answer for every
// adapter that reads hypercubes. Source of formats and tags: protocol, formats and duals.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/cell.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plugins/adapters/hypercube/cube_layout.hpp"

namespace qonduit::hypercube {

struct InferredType {
  Type type = Type::utf8;
  std::string logical;  // date, timestamp, time, interval, money; or empty
};

// The number format decides where it says something; tags and known values decide for the rest.
InferredType infer_type(const ColumnInfo& column);
// An attribute's: a number where its format or its range says so, a text otherwise.
InferredType infer_type(const AttributeInfo& attribute);
// How the values of a column, or of an attribute, are written.
cell::Writing writing_of(const ColumnInfo& column, const Locale& locale);
cell::Writing writing_of(const AttributeInfo& attribute, const Locale& locale);
// What the grand total shows of a measure without a number format; nothing where that is no date, time or interval.
std::optional<InferredType> infer_from_total(const ColumnInfo& column, const cell::Writing& writing);
// The type that holds values of these kinds, and what it is called.
InferredType type_of_kinds(cell::Kinds kinds, const ColumnInfo& column);
// The number a user asks for (dual = number | both) where inference would deliver text.
Type numeric_type(const ColumnInfo& column, Type inferred);

// The field metadata of a column: qlik.title, qlik.role, qlik.expression, qlik.tags ... expression: a measure's, where it is known.
std::vector<std::pair<std::string, std::string>> column_metadata(const ColumnInfo& column, const InferredType& inferred,
                                                                 const std::string& expression);

// The same for a column of attribute values; title: the column's they belong to.
std::vector<std::pair<std::string, std::string>> attribute_metadata(const AttributeInfo& attribute, const InferredType& inferred,
                                                                    const std::string& title);
// What an attribute is called behind its column's name: its id, else its title, else its position.
std::string attribute_name(const AttributeInfo& attribute);

// Gives the visible columns labels under which a value stays when columns move or are hidden. A title that several columns of the cube
// have, hidden ones among them, gets something of each column's own behind it: its id, or eight digits of the hash of its master item,
// expression or field; so has one that is the name of a column of ours, which may or may not be there, or the name that another column has
// in that way. An empty title is "column" with that mark, and with its position where there is none. Each column is told its own name,
// which is the marked one. expressions: of measures, by their index, where they are known. ours: what adapters call columns of their own
// here, besides row_kind and row_kind_of.
void label_columns(CubeLayout& cube, const std::map<int, std::string>& expressions, const std::vector<std::string_view>& ours = {});

// Names output columns: a name that is taken gets _2, _3 ...
class ColumnNames {
 public:
  std::string unique(const std::string& name);

 private:
  std::set<std::string> taken_;
};

}  // namespace qonduit::hypercube
