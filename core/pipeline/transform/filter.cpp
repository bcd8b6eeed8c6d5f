#include "core/pipeline/transform/filter.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

#include "core/pipeline/transform/typed.hpp"

namespace qonduit::pipeline::transform {
namespace {

using Truths = std::vector<std::uint8_t>;
using Test = Filter::Test;

constexpr std::uint8_t truth(bool value) { return value ? Filter::kTrue : Filter::kFalse; }

void mark_nulls(const ColumnView& view, Truths& out) {
  if (!view.has_nulls()) return;
  for (std::int64_t row = 0; row < view.rows(); ++row) {
    if (view.is_null(row)) out[static_cast<std::size_t>(row)] = Filter::kUnknown;
  }
}

// What a null's slot holds is any value of the type: compared all the same, and marked unknown after.
template <Type T, typename Accepts>
void test_values(const ColumnView& view, Truths& out, Accepts accepts) {
  for (std::int64_t row = 0; row < view.rows(); ++row) out[static_cast<std::size_t>(row)] = truth(accepts(Typed<T>::get(view, row)));
  mark_nulls(view, out);
}

template <Type T>
void test_wholes(const Test& test, const ColumnView& view, Truths& out) {
  if (test.compare == Compare::in || test.compare == Compare::not_in) {
    test_values<T>(view, out, [&test](std::int64_t value) {
      return std::binary_search(test.wholes.begin(), test.wholes.end(), value) != test.negated;
    });
  } else {
    test_values<T>(view, out, [low = test.low, high = test.high, negated = test.negated](std::int64_t value) {
      return ((value >= low) & (value <= high)) != static_cast<int>(negated);
    });
  }
}

// The comparison as a function object, so that each has a loop of its own.
template <typename Call>
void with_compare(Compare compare, Call&& call) {
  switch (compare) {
    case Compare::equal: return call(std::equal_to<>());
    case Compare::unequal: return call(std::not_equal_to<>());
    case Compare::less: return call(std::less<>());
    case Compare::less_equal: return call(std::less_equal<>());
    case Compare::greater: return call(std::greater<>());
    case Compare::greater_equal: return call(std::greater_equal<>());
    default: return;
  }
}

void test_reals(const Test& test, const ColumnView& view, Truths& out) {
  if (test.compare == Compare::in || test.compare == Compare::not_in) {
    test_values<Type::float64>(view, out, [&test](double value) {
      return (std::find(test.reals.begin(), test.reals.end(), value) != test.reals.end()) != test.negated;
    });
    return;
  }
  with_compare(test.compare, [&](auto compare) {
    test_values<Type::float64>(view, out, [compare, with = test.reals.front()](double value) { return compare(value, with); });
  });
}

// Bytes in order: for UTF-8 that is the order of code points.
template <typename Accepts>
void test_texts_with(const ArrowArray& array, Truths& out, Accepts accepts) {
  const ColumnView view(array, Type::utf8, 0, array.length);
  if (array.dictionary == nullptr) return test_values<Type::utf8>(view, out, accepts);
  // Each word once, then the rows by their indices. The index of a null may be anything.
  const ColumnView words(*array.dictionary, Type::utf8, 0, array.dictionary->length);
  Truths known(static_cast<std::size_t>(words.rows()));
  test_values<Type::utf8>(words, known, accepts);
  const auto* indices = static_cast<const std::int32_t*>(array.buffers[1]) + array.offset;
  for (std::int64_t row = 0; row < array.length; ++row)
    out[static_cast<std::size_t>(row)] = view.is_null(row) ? Filter::kUnknown : known[static_cast<std::size_t>(indices[row])];
}

void test_texts(const Test& test, const ArrowArray& array, Truths& out) {
  if (test.compare == Compare::in || test.compare == Compare::not_in) {
    return test_texts_with(array, out, [&test](std::string_view value) {
      return std::binary_search(test.texts.begin(), test.texts.end(), value, std::less<>()) != test.negated;
    });
  }
  with_compare(test.compare, [&](auto compare) {
    test_texts_with(array, out,
                    [compare, with = std::string_view(test.texts.front())](std::string_view value) { return compare(value, with); });
  });
}

void run(const Test& test, const OwnedColumn& column, Truths& out) {
  const auto view = column.view(test.type);
  if (test.compare == Compare::is_null || test.compare == Compare::is_not_null) {
    const bool wanted = test.compare == Compare::is_null;
    for (std::int64_t row = 0; row < view.rows(); ++row) out[static_cast<std::size_t>(row)] = truth(view.is_null(row) == wanted);
    return;
  }
  switch (test.type) {
    case Type::int64:
    case Type::timestamp:
    case Type::duration: return test_wholes<Type::int64>(test, view, out);
    case Type::date32: return test_wholes<Type::date32>(test, view, out);
    case Type::boolean: return test_wholes<Type::boolean>(test, view, out);
    case Type::float64: return test_reals(test, view, out);
    case Type::utf8: return test_texts(test, column.array(), out);
  }
}

}  // namespace

bool Filter::reads(std::size_t column) const {
  return std::any_of(tests_.begin(), tests_.end(), [column](const Test& test) { return test.column == column; });
}

const std::vector<std::uint8_t>& Filter::evaluate(const std::vector<OwnedColumn>& columns, std::int64_t rows) {
  std::size_t top = 0;  // truths on the stack
  for (const auto& step : steps_) {
    if (step.kind == StepKind::predicate) {
      if (stack_.size() == top) stack_.emplace_back();
      auto& out = stack_[top++];
      out.resize(static_cast<std::size_t>(rows));
      const auto& test = tests_[step.predicate];
      run(test, columns[test.column], out);
      continue;
    }
    auto& left = stack_[step.kind == StepKind::negate ? top - 1 : top - 2];
    if (step.kind == StepKind::negate) {
      for (auto& value : left) value = static_cast<std::uint8_t>(kTrue - value);
      continue;
    }
    const auto& right = stack_[--top];
    for (std::size_t row = 0; row < left.size(); ++row)
      left[row] = step.kind == StepKind::both ? std::min(left[row], right[row]) : std::max(left[row], right[row]);
  }
  return stack_.front();
}

}  // namespace qonduit::pipeline::transform
