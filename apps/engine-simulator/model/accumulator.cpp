#include "model/accumulator.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <map>

namespace qonduit::simulator {
namespace {

// As identity() has it, without making texts.
bool same(const Value& left, const Value& right) {
  if (left.is_number() != right.is_number()) return false;
  if (!left.is_number()) return left.text == right.text;
  return std::bit_cast<std::uint64_t>(left.number) == std::bit_cast<std::uint64_t>(right.number);
}

// A parameter that reads nothing of the data.
Value constant(const Expression& aggregate, std::size_t index, const Locale& locale) {
  if (index >= aggregate.parts.size()) return {};
  return evaluate(*aggregate.parts[index], locale, [](const Expression&) { return Value{}; });
}

}  // namespace

std::string identity(const Value& value) {
  if (!value.is_number()) return "t" + value.text;
  std::array<char, sizeof(double)> bytes{};
  std::memcpy(bytes.data(), &value.number, sizeof(double));
  return std::string(bytes.data(), bytes.size());
}

Accumulator::Function Accumulator::function_of(const Expression& aggregate) {
  if (aggregate.kind != Expression::Kind::aggregate) return Function::only;
  static const std::map<std::string, Function> known = {{"sum", Function::sum},
                                                        {"avg", Function::avg},
                                                        {"min", Function::min},
                                                        {"max", Function::max},
                                                        {"count", Function::count},
                                                        {"only", Function::only},
                                                        {"nullcount", Function::null_count},
                                                        {"missingcount", Function::null_count},
                                                        {"numericcount", Function::numeric_count},
                                                        {"textcount", Function::text_count},
                                                        {"median", Function::median},
                                                        {"mode", Function::mode},
                                                        {"stdev", Function::stdev},
                                                        {"fractile", Function::fractile},
                                                        {"concat", Function::concat}};
  return known.at(aggregate.text);
}

Accumulator::Accumulator(const Expression& aggregate)
    : aggregate_(aggregate),
      function_(function_of(aggregate)),
      distinct_(aggregate.kind == Expression::Kind::aggregate && aggregate.distinct) {
  const bool ranked = (function_ == Function::min || function_ == Function::max) && aggregate.parts.size() > 1;
  keeps_only_ = function_ == Function::only;
  keeps_all_ = ranked || function_ == Function::median || function_ == Function::mode || function_ == Function::stdev ||
               function_ == Function::fractile || function_ == Function::concat;
  if (aggregate.kind == Expression::Kind::aggregate) parameter_ = constant(aggregate, 1, Locale{}).number;
}

Accumulator::Group& Accumulator::at(std::uint32_t group) {
  if (group >= groups_.size()) {
    groups_.resize(group + std::size_t{1});
    if (keeps_only_) only_.resize(groups_.size());
    if (keeps_all_) kept_.resize(groups_.size());
  }
  return groups_[group];
}

bool Accumulator::is_new(std::uint32_t group, Element value) {
  const auto before = seen_.size();
  const std::array key = {static_cast<Element>(group), value};
  return seen_.add(key) == before;
}

void Accumulator::add(std::uint32_t group, Element element, const Symbol& symbol, double weight) {
  Group& to = at(group);
  if (distinct_ && !is_new(group, element)) return;
  if (keeps_only_ && to.count > 0) to.several = to.several || to.only != element;
  if (keeps_only_ && to.count == 0) {
    to.only = element;
    only_[group] = {symbol.number, symbol.text, true};
  }
  if (keeps_all_) kept_[group].push_back({{symbol.number, symbol.text, true}, weight});
  note(to, symbol.number);
}

void Accumulator::add(std::uint32_t group, const Value& value, double weight) {
  Group& to = at(group);
  if (value.is_null()) {
    ++to.nulls;
    return;
  }
  if (distinct_) {
    const auto known = numbers_.try_emplace(identity(value), static_cast<Element>(numbers_.size())).first;
    if (!is_new(group, known->second)) return;
  }
  if (keeps_only_) {
    if (to.count == 0)
      only_[group] = value;
    else
      to.several = to.several || !same(only_[group], value);
  }
  if (keeps_all_) kept_[group].push_back({value, weight});
  note(to, value.number);
}

void Accumulator::note(Group& to, double number) {
  ++to.count;
  if (std::isnan(number)) return;
  to.least = to.numbers == 0 || number < to.least ? number : to.least;
  to.most = to.numbers == 0 || number > to.most ? number : to.most;
  ++to.numbers;
  // Neumaier's sum: the order of records does not show.
  const double next = to.sum + number;
  to.rest += std::fabs(to.sum) >= std::fabs(number) ? (to.sum - next) + number : (number - next) + to.sum;
  to.sum = next;
}

std::vector<Value> Accumulator::results(const Locale& locale) {
  std::vector<Value> made;
  made.reserve(groups_.size());
  for (std::size_t i = 0; i < groups_.size(); ++i) made.push_back(result(i, locale));
  return made;
}

Value Accumulator::of_nothing(const Expression& aggregate) {
  switch (function_of(aggregate)) {
    case Function::sum:
    case Function::count:
    case Function::null_count:
    case Function::numeric_count:
    case Function::text_count: return Value::of(0.0);
    default: return {};
  }
}

Value Accumulator::result(std::size_t index, const Locale& locale) {
  const Group& group = groups_[index];
  const bool ranked = keeps_all_;
  switch (function_) {
    case Function::count: return Value::of(static_cast<double>(group.count));
    case Function::null_count: return Value::of(static_cast<double>(group.nulls));
    case Function::numeric_count: return Value::of(static_cast<double>(group.numbers));
    case Function::text_count: return Value::of(static_cast<double>(group.count - group.numbers));
    case Function::sum: return Value::of(group.sum + group.rest);
    case Function::avg: return group.numbers == 0 ? Value{} : Value::of((group.sum + group.rest) / static_cast<double>(group.numbers));
    case Function::min: return ranked ? extreme(index, false) : Value{group.least, {}, false};
    case Function::max: return ranked ? extreme(index, true) : Value{group.most, {}, false};
    case Function::median: return fractile(index, 0.5);
    case Function::fractile: return fractile(index, parameter_);
    case Function::mode: return most_frequent(index);
    case Function::stdev: return deviation(index);
    case Function::concat: return joined(index, locale);
    case Function::only: break;
  }
  return group.several ? Value{} : std::move(only_[index]);
}

namespace {

template <class Kept>
std::vector<double> numbers_of(const std::vector<Kept>& kept) {
  std::vector<double> made;
  for (const auto& item : kept)
    if (item.value.is_number()) made.push_back(item.value.number);
  std::sort(made.begin(), made.end());
  return made;
}

}  // namespace

// Inclusive, with a straight line between neighbours; outside of 0 to 1 there is none.
Value Accumulator::fractile(std::size_t index, double fraction) const {
  const auto numbers = numbers_of(kept_[index]);
  if (numbers.empty() || !(fraction >= 0 && fraction <= 1)) return {};
  const double position = fraction * static_cast<double>(numbers.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  if (below + 1 >= numbers.size()) return Value::of(numbers.back());
  return Value::of(numbers[below] + (position - static_cast<double>(below)) * (numbers[below + 1] - numbers[below]));
}

// The value that comes most often; none where several do.
Value Accumulator::most_frequent(std::size_t index) const {
  std::map<std::string, std::pair<std::size_t, const Value*>> counts;
  for (const auto& item : kept_[index]) {
    auto& count = counts[identity(item.value)];
    ++count.first;
    count.second = &item.value;
  }
  std::size_t most = 0;
  const Value* found = nullptr;
  for (const auto& [key, count] : counts) {
    if (count.first == most) found = nullptr;
    if (count.first > most) {
      most = count.first;
      found = count.second;
    }
  }
  return found == nullptr ? Value{} : *found;
}

// Of a sample: over one less than there are.
Value Accumulator::deviation(std::size_t index) const {
  const auto numbers = numbers_of(kept_[index]);
  if (numbers.size() < 2) return {};
  const Group& group = groups_[index];
  const double mean = (group.sum + group.rest) / static_cast<double>(numbers.size());
  double squares = 0;
  for (const double number : numbers) squares += (number - mean) * (number - mean);
  return Value::of(std::sqrt(squares / static_cast<double>(numbers.size() - 1)));
}

// By weight where there is one; else in load order, which is assumed.
Value Accumulator::joined(std::size_t index, const Locale& locale) const {
  if (kept_[index].empty()) return {};
  auto items = kept_[index];
  std::stable_sort(items.begin(), items.end(), [](const Kept& left, const Kept& right) {
    // What has no weight stands last.
    return !std::isnan(left.weight) && (std::isnan(right.weight) || left.weight < right.weight);
  });
  const std::string between = text_of(constant(aggregate_, 1, locale), locale);
  std::string made;
  for (std::size_t i = 0; i < items.size(); ++i) made.append(i > 0 ? between : "").append(text_of(items[i].value, locale));
  return Value::of(made);
}

// The second parameter of Min and Max is a rank from the end, equal values counted once.
Value Accumulator::extreme(std::size_t index, bool largest) const {
  auto numbers = numbers_of(kept_[index]);
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  if (!(parameter_ >= 1) || static_cast<double>(numbers.size()) < parameter_) return {};
  const auto rank = static_cast<std::size_t>(parameter_) - 1;
  return Value::of(largest ? numbers[numbers.size() - 1 - rank] : numbers[rank]);
}

}  // namespace qonduit::simulator
