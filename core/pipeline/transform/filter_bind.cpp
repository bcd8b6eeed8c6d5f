// Filter::bind: what is compared with what, decided once for a schema.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

#include "core/pipeline/transform/filter.hpp"
#include "core/pipeline/transform/near_column.hpp"
#include "core/pipeline/transform/text_form.hpp"

namespace qonduit::pipeline::transform {
namespace {

constexpr auto kLowest = std::numeric_limits<std::int64_t>::min();
constexpr auto kHighest = std::numeric_limits<std::int64_t>::max();

// A number beside the whole ones: its floor, whether something is behind the point, and whether it lies outside of int64.
struct Whole {
  std::int64_t floor = 0;
  bool exact = true;
  int outside = 0;  // -1 below, 1 above
};

// Digits and a point are read as they stand; a float64 would round beyond 2^53.
bool read_decimal(std::string_view text, Whole& out) {
  const auto point = text.find('.');
  const auto front = text.substr(0, point);
  const auto behind = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (behind.find_first_not_of("0123456789") != std::string_view::npos || !parse_int64(front, out.floor)) return false;
  out.exact = behind.find_first_not_of('0') == std::string_view::npos;
  if (!out.exact && front.starts_with('-')) {
    if (out.floor == kLowest)
      out.outside = -1;
    else
      --out.floor;
  }
  return true;
}

bool read_whole(std::string_view text, Whole& out) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (read_decimal(text, out)) return true;
  double number = 0;
  if (!parse_float64(text, number)) return false;
  out.exact = std::floor(number) == number;
  if (number < -0x1p63)
    out.outside = -1;
  else if (number >= 0x1p63)
    out.outside = 1;
  else
    out.floor = static_cast<std::int64_t>(std::floor(number));
  return true;
}

// The whole numbers a comparison accepts, as a range, inclusive; whether it is everything outside of it.
void set_range(Filter::Test& test, const Whole& with) {
  test.low = kLowest;
  test.high = kHighest;
  const auto nothing = [&test] { test.low = 0, test.high = -1; };
  const auto up_to = [&](bool itself) {  // at most, or below the number
    if (with.outside > 0) return;
    if (with.outside < 0) return nothing();
    if (!itself && with.exact && with.floor == kLowest) return nothing();
    test.high = with.floor - (!itself && with.exact ? 1 : 0);
  };
  switch (test.compare) {
    case Compare::less: return up_to(false);
    case Compare::less_equal: return up_to(true);
    case Compare::greater: test.negated = true; return up_to(true);
    case Compare::greater_equal: test.negated = true; return up_to(false);
    default: break;
  }
  test.negated = test.compare == Compare::unequal;
  if (!with.exact || with.outside != 0) return nothing();
  test.low = test.high = with.floor;
}

class Binder {
 public:
  Binder(const Predicate& predicate, const Filter::Named& column, Filter::Test& test)
      : predicate_(predicate), column_(column), test_(test) {}

  Status bind() {
    test_.type = column_.type;
    test_.compare = predicate_.compare;
    const bool set = test_.compare == Compare::in || test_.compare == Compare::not_in;
    if (set) test_.negated = test_.compare == Compare::not_in;
    for (const auto& literal : predicate_.literals) {
      if (auto status = add(literal, set); !status.ok()) return status;
    }
    std::sort(test_.wholes.begin(), test_.wholes.end());
    std::sort(test_.texts.begin(), test_.texts.end());
    return {};
  }

 private:
  Status cannot(const Literal& literal, const std::string& why) const {
    const auto shown = literal.kind == LiteralKind::text ? "the text \"" + literal.text + "\"" : literal.text;
    return {Code::type_mismatch, "at character " + std::to_string(literal.position) + ": column '" + column_.name + "' is " +
                                     std::string(type_word(column_.type)) + " and cannot be compared with " + shown + ": " + why};
  }
  Status wants(const Literal& literal) const { return cannot(literal, "write " + std::string(type_example(column_.type))); }

  Status add(const Literal& literal, bool set) {
    switch (column_.type) {
      case Type::int64: return add_integer(literal, set);
      case Type::float64: {
        double number = 0;
        auto text = std::string_view(literal.text);
        if (text.starts_with('+')) text.remove_prefix(1);
        if (literal.kind != LiteralKind::number || !parse_float64(text, number)) return wants(literal);
        test_.reals.push_back(number);
        return {};
      }
      case Type::utf8:
        if (literal.kind != LiteralKind::text) return cannot(literal, "a text is written \"" + literal.text + "\"");
        test_.texts.push_back(literal.text);
        return {};
      case Type::boolean: return add_boolean(literal, set);
      case Type::date32:
      case Type::timestamp:
      case Type::duration: return add_moment(literal, set);
    }
    return {};
  }

  void add_whole(std::int64_t value, bool set) {
    if (set)
      test_.wholes.push_back(value);
    else
      set_range(test_, {value, true, 0});
  }

  Status add_integer(const Literal& literal, bool set) {
    Whole number;
    if (literal.kind != LiteralKind::number || !read_whole(literal.text, number)) return wants(literal);
    if (!set)
      set_range(test_, number);
    else if (number.exact && number.outside == 0)
      test_.wholes.push_back(number.floor);
    return {};
  }

  Status add_boolean(const Literal& literal, bool set) {
    if (literal.kind != LiteralKind::boolean) return wants(literal);
    if (!set && test_.compare != Compare::equal && test_.compare != Compare::unequal)
      return cannot(literal, "true and false have no order: use = or !=");
    add_whole(literal.text == "true" ? 1 : 0, set);
    return {};
  }

  // Dates and times are written bare or as text. A date compares with a timestamp's day only where that is midnight.
  Status add_moment(const Literal& literal, bool set) {
    if (literal.kind != LiteralKind::moment && literal.kind != LiteralKind::text) return wants(literal);
    std::int64_t value = 0;
    const bool read = column_.type == Type::duration ? parse_duration(literal.text, value) : parse_timestamp(literal.text, value);
    if (!read) return wants(literal);
    if (column_.type == Type::date32) {
      if (value % kDayMilliseconds != 0) return cannot(literal, "a date has no time of day");
      value /= kDayMilliseconds;
    }
    add_whole(value, set);
    return {};
  }

  const Predicate& predicate_;
  const Filter::Named& column_;
  Filter::Test& test_;
};

}  // namespace

Result<Filter> Filter::bind(const FilterText& text, const std::vector<Named>& columns) {
  std::vector<std::string_view> names, own_names;
  for (const auto& column : columns) names.push_back(column.name), own_names.push_back(column.own_name);
  Filter filter;
  for (const auto& predicate : text.predicates) {
    const auto where = "at character " + std::to_string(predicate.position) + ": ";
    const bool by_name = std::find(names.begin(), names.end(), predicate.column) != names.end();
    const auto& known = by_name ? names : own_names;
    const auto count = std::count(known.begin(), known.end(), predicate.column);
    if (count == 0)
      return Status(Code::invalid_config, where + "there is no column '" + predicate.column + "'" + near_column(predicate.column, names));

    if (count > 1) {
      return Status(Code::invalid_config, where + std::to_string(count) + " columns are named '" + predicate.column + "'");
    }
    Test test;
    test.column = static_cast<std::size_t>(std::find(known.begin(), known.end(), predicate.column) - known.begin());
    if (auto status = Binder(predicate, columns[test.column], test).bind(); !status.ok()) return status;
    filter.tests_.push_back(std::move(test));
  }
  filter.steps_ = text.steps;
  return filter;
}

}  // namespace qonduit::pipeline::transform
