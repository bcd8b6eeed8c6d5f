// Dates, times and intervals with their texts: the digits of the text are read as the year, month, day ... of the number, whatever their
// order and whatever stands between them, and written anew for another day. Serials count days since 1899-12-30 (protocol, formats).
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include "core/recording/letters.hpp"
#include "core/recording/scrambler.hpp"
#include "core/recording/shuffle.hpp"
#include "qonduit/text.hpp"

namespace qonduit::recording {
namespace {

constexpr std::uint32_t kDay = 0x300, kMonth = 0x400, kYear = 0x500, kClock = 0x600, kAlike = 0x700;
constexpr std::uint32_t kDateTries = 64;
constexpr double kSecondsOfDay = 86'400;
constexpr double kEarliest = 14'611, kLatest = 80'000;  // 1940 … 2119: serials that are dates although their text does not tell
constexpr std::int64_t kEpochSerial = 25'569;           // 1970-01-01

enum class Part : std::uint8_t { year, year2, month, day, hour, hour12, hours, minute, second, millisecond, text };

struct Civil {
  std::int64_t year = 0, month = 0, day = 0;  // of the serial's whole part
  std::int64_t hour = 0, minute = 0, second = 0, millisecond = 0;
  std::int64_t hours = 0;  // of an interval: all of them
};

Civil civil_of(double serial) {
  const auto milliseconds = std::llround(serial * kSecondsOfDay * 1000);
  auto days = milliseconds / 86'400'000;
  auto rest = milliseconds % 86'400'000;
  if (rest < 0) rest += 86'400'000, --days;
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days - kEpochSerial))};
  Civil civil;
  civil.year = static_cast<int>(date.year());
  civil.month = static_cast<unsigned>(date.month());
  civil.day = static_cast<unsigned>(date.day());
  civil.millisecond = rest % 1000;
  civil.second = rest / 1000 % 60;
  civil.minute = rest / 60'000 % 60;
  civil.hour = rest / 3'600'000;
  civil.hours = std::llabs(milliseconds) / 3'600'000;
  return civil;
}

std::int64_t value_of(const Civil& civil, Part part) {
  switch (part) {
    case Part::year: return civil.year;
    case Part::year2: return civil.year % 100;
    case Part::month: return civil.month;
    case Part::day: return civil.day;
    case Part::hour: return civil.hour;
    case Part::hour12: return (civil.hour + 11) % 12 + 1;
    case Part::hours: return civil.hours;
    case Part::minute: return civil.minute;
    case Part::second: return civil.second;
    case Part::millisecond: return civil.millisecond;
    case Part::text: break;
  }
  return 0;
}

// A run of digits that is a part of the date, or what stands between two of them.
struct Token {
  Part part = Part::text;
  std::string text;
};

struct Reading {
  std::vector<Token> tokens;
  bool names = false;  // months or weekdays in letters
  [[nodiscard]] bool has(Part part) const {
    return std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) { return token.part == part; });
  }
  [[nodiscard]] bool any(std::initializer_list<Part> parts) const {
    return std::any_of(parts.begin(), parts.end(), [&](Part part) { return has(part); });
  }
};

std::vector<Token> split(std::string_view text) {
  std::vector<Token> tokens;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    while (end < text.size() && digit(text[end]) == digit(text[at])) ++end;
    tokens.push_back({Part::text, std::string(text.substr(at, end - at))});
    at = end;
  }
  return tokens;
}

// Letters that are not the marks of times: T, Z, AM, PM.
bool has_names(std::string_view text) {
  std::string letters;
  for (const char32_t c : code_points(text)) {
    if (alphabet_of(c).letters > 10) append_utf8(c, letters);
  }
  static constexpr std::array<std::string_view, 9> kMarks = {"", "T", "Z", "AM", "PM", "am", "pm", "A", "P"};
  return std::find(kMarks.begin(), kMarks.end(), letters) == kMarks.end();
}

// Gives each run of digits the first part, in the order of `parts`, that it shows. False when one shows none.
bool assign(std::vector<Token>& tokens, const Civil& civil, std::vector<Part> parts) {
  for (auto& token : tokens) {
    if (token.text.empty() || token.text[0] < '0' || token.text[0] > '9') continue;
    std::int64_t value = 0;
    if (std::from_chars(token.text.data(), token.text.data() + token.text.size(), value).ec != std::errc()) return false;
    const auto fits = [&](Part part) {
      if (value_of(civil, part) != value) return false;
      if (part == Part::year) return token.text.size() == 4;
      if (part == Part::millisecond) return token.text.size() == 3;
      return part == Part::hours || token.text.size() <= 2;
    };
    const auto found = std::find_if(parts.begin(), parts.end(), fits);
    if (found == parts.end()) return false;
    token.part = *found;
    const auto taken = *found;
    parts.erase(found);
    if (taken == Part::year) std::erase(parts, Part::year2);
    if (taken == Part::hour) std::erase(parts, Part::hour12);
  }
  return true;
}

std::optional<Reading> read(std::string_view text, double serial) {
  const auto civil = civil_of(serial);
  const bool clock = text.find(':') != std::string_view::npos;
  std::vector<std::vector<Part>> orders;
  const std::vector<Part> time = {Part::hour, Part::hour12, Part::minute, Part::second, Part::millisecond};
  const auto with_time = [&](std::vector<Part> parts) {
    parts.insert(parts.end(), time.begin(), time.end());
    return parts;
  };
  if (serial >= 366) orders.push_back(with_time({Part::year, Part::month, Part::day, Part::year2}));
  if (clock && serial >= 0) orders.push_back(time);
  if (clock) orders.push_back({Part::hours, Part::minute, Part::second, Part::millisecond});
  for (const auto& order : orders) {
    Reading reading{split(text), false};
    if (!assign(reading.tokens, civil, order)) continue;
    for (const auto& token : reading.tokens) reading.names = reading.names || (token.part == Part::text && has_names(token.text));
    // A number alone is a day or a year of this serial by chance, unless a month stands beside it.
    const bool date = reading.any({Part::year, Part::year2}) && (reading.has(Part::month) || reading.names);
    const bool day = reading.has(Part::day) && (reading.has(Part::month) || reading.names);
    if (date || day || (clock && reading.any({Part::hour, Part::hour12, Part::hours}))) return reading;
  }
  return std::nullopt;
}

std::int64_t serial_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  const auto last = static_cast<unsigned>(
      (std::chrono::year(static_cast<int>(year)) / std::chrono::month(static_cast<unsigned>(month)) / std::chrono::last).day());
  const std::chrono::sys_days date(std::chrono::year(static_cast<int>(year)) / static_cast<int>(month) /
                                   static_cast<int>(std::min<std::int64_t>(day, last)));
  return date.time_since_epoch().count() + kEpochSerial;
}

// Turns a value within its block of so many, so that what is near stays near.
std::int64_t within_block(const Key& key, std::int64_t value, std::uint32_t block, std::uint32_t purpose) {
  const auto at = static_cast<std::uint32_t>(((value % block) + block) % block);
  const auto base = value - at;
  // The block is part of the purpose: one key does not turn all blocks alike.
  const auto turned = keyed_hash(key, std::to_string(purpose) + ":" + std::to_string(base)) % block;
  const std::uint32_t low = block <= 32 ? block : block % 32 == 0 ? 32 : 24;  // 1024 is 32 × 32, 720 is 30 × 24
  std::vector<Wheel> wheels{{at % low, low}};
  if (block > low) wheels.push_back({at / low, block / low});
  shuffle(key, wheels, purpose);
  const auto made = (block > low ? wheels[1].at * low : 0) + wheels[0].at;
  return base + static_cast<std::int64_t>((made + turned) % block);
}

// Another day that shows the same words: the same month, and the same weekday, some years off.
std::int64_t other_day_of_that_name(const Key& key, std::int64_t day, const Civil& civil, std::uint32_t attempt) {
  const auto hash = keyed_hash(key, "name:" + std::to_string(day) + ":" + std::to_string(attempt));
  const auto year = civil.year - 3 + static_cast<std::int64_t>(hash % 7);
  const auto first = serial_of(year, civil.month, 1);
  const auto offset = ((day - first) % 7 + 7) % 7;
  const auto made = first + offset + 7 * static_cast<std::int64_t>(hash / 7 % 4);
  return made;
}

bool is_alike(const Reading& reading, const Civil& civil) {
  return reading.has(Part::day) && reading.has(Part::month) && civil.month == civil.day;
}

// alike: as is_alike() says of the day that all began with.
std::int64_t other_day(const Key& key, const Reading& reading, std::int64_t day, const Civil& civil, bool alike, std::uint32_t attempt) {
  const bool shows_day = reading.has(Part::day);
  if (reading.names && shows_day) return other_day_of_that_name(key, day, civil, attempt);
  if (alike) {
    // 5/5: which is which cannot be told, so both stay alike. Eight years have 96 such days.
    const auto month = within_block(key, civil.year * 12 + civil.month - 1, 96, kAlike + attempt);
    return serial_of(month / 12, month % 12 + 1, month % 12 + 1);
  }
  if (shows_day) return within_block(key, day, 1024, kDay + attempt);
  if (reading.has(Part::month)) {
    const auto month = within_block(key, civil.year * 12 + civil.month - 1, 32, kMonth + attempt);
    return serial_of(month / 12, month % 12 + 1, civil.day);
  }
  if (reading.any({Part::year, Part::year2})) return serial_of(within_block(key, civil.year, 8, kYear + attempt), civil.month, civil.day);
  return day;
}

// Milliseconds of the day: another time in the same half of it, as fine as the text shows.
std::int64_t other_time(const Key& key, const Reading& reading, std::int64_t milliseconds, std::uint32_t attempt) {
  if (milliseconds == 0 || !reading.any({Part::hour, Part::hour12, Part::hours})) return milliseconds;
  const std::int64_t half = milliseconds / 43'200'000 * 43'200'000;
  const std::int64_t within = milliseconds - half;
  const auto purpose = kClock + attempt;
  const auto minute = within_block(key, within / 60'000, 720, purpose) % 720;
  if (!reading.has(Part::second)) return half + minute * 60'000 + within % 60'000;
  const auto second = shuffled(key, static_cast<std::uint32_t>(within / 1000 % 60), 60, purpose);
  const auto fraction = within % 1000 == 0 ? 0 : 1 + shuffled(key, static_cast<std::uint32_t>(within % 1000 - 1), 999, purpose);
  return half + minute * 60'000 + second * 1000LL + fraction;
}

// The text with the parts of another date; empty when one of them would need more or fewer digits, or a leading zero the text may not have.
std::string dress(const Reading& reading, const Civil& civil) {
  std::string out;
  for (const auto& token : reading.tokens) {
    if (token.part == Part::text) {
      out += token.text;
      continue;
    }
    auto digits = std::to_string(value_of(civil, token.part));
    const bool padded = token.text[0] == '0' || token.part == Part::year2 || token.part == Part::millisecond;
    if (padded && digits.size() < token.text.size()) digits.insert(0, token.text.size() - digits.size(), '0');
    if (digits.size() != token.text.size() ||
        (token.text.size() > 1 && (digits[0] == '0') != (token.text[0] == '0') && token.part != Part::minute &&
         token.part != Part::second && token.part != Part::year2 && token.part != Part::millisecond)) {
      return {};
    }
    out += digits;
  }
  return out;
}

// What ISO 8601 says of a moment: its parts are at fixed places.
struct Iso {
  int year = 0;
  double serial = 0;  // of a year that serials know, so many times 400 years later
  int years_later = 0;
  std::size_t end = 10;  // of date and time; behind it are a fraction of a second and a zone
  std::string_view fraction, zone;
};

constexpr int kFirstYear = 1901, kCycle = 400;  // the calendar repeats itself

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// So many digits at a place; -1: something else.
int digits_at(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count || !all_digits(text.substr(at, count))) return -1;
  int value = 0;
  std::from_chars(text.data() + at, text.data() + at + count, value);
  return value;
}

bool is_zone(std::string_view text) {
  if (text.empty() || text == "Z") return true;
  if (text[0] != '+' && text[0] != '-') return false;
  text.remove_prefix(1);
  return (text.size() == 5 && text[2] == ':' && digits_at(text, 0, 2) >= 0 && digits_at(text, 3, 2) >= 0) ||
         ((text.size() == 2 || text.size() == 4) && all_digits(text));
}

std::optional<Iso> read_iso(std::string_view text) {
  Iso iso;
  iso.year = digits_at(text, 0, 4);
  const int month = digits_at(text, 5, 2);
  const int day = digits_at(text, 8, 2);
  if (iso.year < 1 || month < 0 || day < 0 || text[4] != '-' || text[7] != '-') return std::nullopt;
  while (iso.year + iso.years_later < kFirstYear) iso.years_later += kCycle;
  const std::chrono::year_month_day date{std::chrono::year(iso.year + iso.years_later), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  iso.serial = static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count() + kEpochSerial);
  if (text.size() == 10) return iso;

  const int hour = digits_at(text, 11, 2);
  const int minute = digits_at(text, 14, 2);
  if ((text[10] != 'T' && text[10] != ' ') || hour < 0 || hour > 23 || minute < 0 || minute > 59 || text[13] != ':') return std::nullopt;
  iso.end = 16;
  int milliseconds = (hour * 60 + minute) * 60'000;
  if (text.size() > 16 && text[16] == ':') {
    const int second = digits_at(text, 17, 2);
    if (second < 0 || second > 59) return std::nullopt;
    milliseconds += second * 1000;
    iso.end = 19;
    auto rest = text.substr(19);
    if (rest.starts_with('.')) {
      rest.remove_prefix(1);
      iso.fraction = rest.substr(0, std::min(rest.find_first_not_of("0123456789"), rest.size()));
      if (iso.fraction.empty()) return std::nullopt;
      if (iso.fraction.size() == 3) milliseconds += digits_at(iso.fraction, 0, 3), iso.fraction = {}, iso.end = 23;
    }
  }
  iso.zone = text.substr(iso.end + (iso.fraction.empty() ? 0 : iso.fraction.size() + 1));
  if (!is_zone(iso.zone)) return std::nullopt;
  iso.serial += milliseconds / (kSecondsOfDay * 1000);
  return iso;
}

std::string four_digits(int year) {
  auto text = std::to_string(year);
  return std::string(4 - std::min<std::size_t>(text.size(), 4), '0') + text;
}

}  // namespace

std::optional<std::string> Scrambler::iso_date(std::string_view text) const {
  const auto iso = read_iso(text);
  if (!iso) return std::nullopt;
  const auto shown = four_digits(iso->year + iso->years_later) + std::string(text.substr(4, iso->end - 4));
  const auto made = formatted_date(shown, iso->serial);
  if (!made) return std::nullopt;
  auto year = digits_at(made->text, 0, 4) - iso->years_later;
  if (year < 1) year += 4;  // a leap year stays one
  auto out = four_digits(year) + made->text.substr(4);
  if (!iso->fraction.empty()) out += "." + this->text(iso->fraction);
  return out + std::string(iso->zone);
}

std::optional<Scrambler::Dual> Scrambler::formatted_date(std::string_view text, double number) const {
  if (std::fabs(number) > 2'958'465) return std::nullopt;  // beyond the year 9999
  const auto reading = read(text, number);
  if (!reading) {
    if (number < kEarliest || number > kLatest) return std::nullopt;
    const auto day = within_block(key_, static_cast<std::int64_t>(std::floor(number)), 1024, kDay);
    return Dual{this->text(text), static_cast<double>(day) + (number - std::floor(number))};
  }
  const auto milliseconds = std::llround(number * kSecondsOfDay * 1000);
  auto day = milliseconds / 86'400'000;
  auto time = milliseconds % 86'400'000;
  if (time < 0) time += 86'400'000, --day;
  const bool interval = reading->has(Part::hours);
  const bool alike = is_alike(*reading, civil_of(number));
  const auto turn = [&](std::uint32_t attempt) {
    // An interval of whole days has nothing to turn but their number.
    const auto before = day;
    if (interval && time == 0) {
      day = std::llround(this->number(static_cast<double>(before)));
    } else if (!interval && number >= 366) {
      day = other_day(key_, *reading, before, civil_of(static_cast<double>(before)), alike, attempt);
    }
    time = other_time(key_, *reading, time, attempt);
    return time == 0 ? static_cast<double>(day) : static_cast<double>(day) + static_cast<double>(time) / (kSecondsOfDay * 1000);
  };
  const auto original = std::pair(day, time);
  // Each turn makes another date of each, so turning on until the text can show it makes no two alike. Of words, which hash, none is made.
  for (std::uint32_t i = 0; i < kDateTries && !(reading->names && reading->has(Part::day)); ++i) {
    const double made = turn(0);
    const auto civil = civil_of(made);
    auto dressed = is_alike(*reading, civil) == alike ? dress(*reading, civil) : std::string();
    if (dressed == text) break;  // all the way round
    if (!dressed.empty()) return Dual{std::move(dressed), made};
  }
  for (std::uint32_t attempt = 0; attempt < kDateTries; ++attempt) {
    std::tie(day, time) = original;
    const double made = turn(attempt);
    auto dressed = dress(*reading, civil_of(made));
    if (!dressed.empty() && dressed != text) return Dual{std::move(dressed), made};
  }
  // Midnight, or a year alone in a block of one: nothing else has this form.
  return Dual{std::string(text), number};
}

}  // namespace qonduit::recording
