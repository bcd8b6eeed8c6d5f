// Values as text and back, one form per type: digits; the shortest decimal that reads back as the same float64, NaN, inf, -inf; true and
// false; ISO 8601 dates (2024-01-31), timestamps (2024-01-31T23:59:59, with .123 where there are milliseconds) and times (23:59:59). What
// put_ writes, parse_ reads back. No locale takes part. Pure functions: any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "qonduit/batch.hpp"
#include "qonduit/status.hpp"
#include "qonduit/type_words.hpp"

namespace qonduit::pipeline::transform {

constexpr std::int64_t kDayMilliseconds = 86'400'000;

// Each appends to out.
void put_int64(std::int64_t value, std::string& out);
void put_float64(double value, std::string& out);
void put_boolean(bool value, std::string& out);
void put_date32(std::int32_t days, std::string& out);
void put_timestamp(std::int64_t milliseconds, std::string& out);
void put_duration(std::int64_t milliseconds, std::string& out);

// Each answers whether the whole text is such a value. A timestamp may be a date alone (midnight), and have a blank for the T.
bool parse_int64(std::string_view text, std::int64_t& value);
bool parse_float64(std::string_view text, double& value);
bool parse_boolean(std::string_view text, bool& value);
bool parse_date32(std::string_view text, std::int32_t& days);
bool parse_timestamp(std::string_view text, std::int64_t& milliseconds);
bool parse_duration(std::string_view text, std::int64_t& milliseconds);

// One value of any type, from configuration.
struct Scalar {
  Type type = Type::utf8;
  std::int64_t whole = 0;  // int64, boolean, date32, timestamp, duration
  double real = 0;
  std::string text;
};
// The problem in words where the text is no such value.
Result<Scalar> parse_scalar(Type type, std::string_view text);

// "a date such as 2024-01-31": what parse_scalar expects.
std::string_view type_example(Type type);

}  // namespace qonduit::pipeline::transform
