// The texts of filter and columns: read to the end, whatever they are; a filter that is read is bound to columns of every type.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/pipeline/transform/column_list.hpp"
#include "core/pipeline/transform/filter.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace qonduit;
  using namespace qonduit::pipeline::transform;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(parse_column_list(text));
  const auto parsed = parse_filter(text);
  if (!parsed) return 0;
  std::size_t depth = 0;  // postfix form: one truth is left in the end, and no step takes what is not there
  for (const auto& step : parsed->steps) {
    const std::size_t takes = step.kind == StepKind::predicate ? 0 : step.kind == StepKind::negate ? 1 : 2;
    if (depth < takes) std::abort();
    depth += 1 - takes;
  }
  if (depth != 1) std::abort();
  for (const auto type : {Type::int64, Type::float64, Type::boolean, Type::utf8, Type::date32, Type::timestamp, Type::duration}) {
    std::vector<Filter::Named> columns;
    for (const auto& predicate : parsed->predicates) {
      if (columns.empty() || columns.back().name != predicate.column) columns.push_back({predicate.column, type});
    }
    static_cast<void>(Filter::bind(*parsed, columns));
  }
  return 0;
}
