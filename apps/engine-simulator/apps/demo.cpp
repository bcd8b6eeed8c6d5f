#include "apps/demo.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "mixed.hpp"

namespace qonduit::simulator {
namespace {

constexpr int kOrders = 50'000;
constexpr int kCustomers = 1'200;
constexpr int kProducts = 240;

// A small generator of our own: the standard library's distributions differ between implementations.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    const auto value = mixed(state_);
    state_ += 0x9e3779b97f4a7c15ULL;
    return value % bound;
  }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  template <std::size_t N>
  const char* pick(const char* const (&from)[N]) {
    return from[below(N)];
  }

 private:
  std::uint64_t state_;
};

constexpr const char* kFirst[] = {"Åsa",  "Björn", "Zoë",  "José",  "Łukasz", "Nguyễn", "Søren", "Ada",   "Grace", "Linus",
                                  "Mary", "Noah",  "Olga", "Fatma", "Kenji",  "春香",   "Αθηνά", "Ивана", "Tom",   "Uma"};
constexpr const char* kLast[] = {"Öberg", "García", "O'Neill",  "Müller", "Kowalski", "Trần",  "Smith",  "Jones",
                                 "佐藤",  "Папас",  "de Vries", "Silva",  "Ivanov",   "Brown", "Dupont", "Rossi"};

struct Town {
  const char* city;
  const char* country;
  const char* region;
};
constexpr Town kTowns[] = {{"Göteborg", "Sweden", "Nordics"},
                           {"Tromsø", "Norway", "Nordics"},
                           {"Zürich", "Switzerland", "Central Europe"},
                           {"München", "Germany", "Central Europe"},
                           {"Łódź", "Poland", "Central Europe"},
                           {"São Paulo", "Brazil", "Americas"},
                           {"New York", "United States", "Americas"},
                           {"東京", "Japan", "Asia"},
                           {"Hà Nội", "Vietnam", "Asia"},
                           {"Reykjavík", "Iceland", "Nordics"}};

constexpr const char* kCategories[] = {"Bakery", "Dairy", "Frozen Foods", "Fruit & Vegetables", "Snacks", "Beverages"};
constexpr const char* kKinds[] = {"Better", "Golden", "Hilltop", "Red Spade", "\"Old\" Town", "Café"};
constexpr const char* kThings[] = {"Rye Bread", "Cheddar, sliced", "Ice Cream", "Apples", "Popcorn", "Lemonade", "Crème fraîche", "Pizza"};
constexpr const char* kChannels[] = {"Store", "Web", "Phone", "Reseller"};
constexpr const char* kSegments[] = {"Consumer", "Corporate", "Small Office"};

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string made = "\"";
  for (const char c : text) {
    made += c;
    if (c == '"') made += c;
  }
  return made + "\"";
}

template <typename... Arguments>
std::string print(const char* format, Arguments... arguments) {
  char text[128];
  const int length = std::snprintf(text, sizeof text, format, arguments...);
  return {text, static_cast<std::size_t>(length)};
}

// A day counted from 2021-01-01, as ISO text. Good for the years of the demo.
std::string day(std::uint64_t number) {
  static constexpr int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int year = 2021;
  auto left = static_cast<int>(number);
  while (true) {
    const int length = year % 4 == 0 ? 366 : 365;
    if (left < length) break;
    left -= length;
    ++year;
  }
  int month = 0;
  while (true) {
    const int length = kLengths[month] + (month == 1 && year % 4 == 0 ? 1 : 0);
    if (left < length) break;
    left -= length;
    ++month;
  }
  return print("%04d-%02d-%02d", year, month + 1, left + 1);
}

std::string sales() {
  Random random(1);
  std::string text = "OrderID,Order Date,Shipped At,CustomerID,ProductID,Channel,Quantity,Amount,Discount\n";
  for (int order = 0; order < kOrders; ++order) {
    const std::uint64_t date = random.below(1200);
    const auto quantity = static_cast<int>(1 + random.below(24));
    const auto cents = static_cast<std::int64_t>(quantity) * static_cast<std::int64_t>(99 + random.below(4900));
    text += std::to_string(100000 + order) + "," + day(date) + ",";
    const std::uint64_t ship = date + 1 + random.below(6);
    const auto second = static_cast<int>(random.below(86400));
    if (!random.one_in(17)) text += day(ship) + print(" %02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);  // the rest is open
    text += "," + std::to_string(1 + random.below(kCustomers)) + ",";
    if (!random.one_in(101)) text += std::to_string(1 + random.below(kProducts));  // a few orders without a product
    text += std::string(",") + random.pick(kChannels) + "," + std::to_string(quantity) + ",";
    const bool credit = random.one_in(40);
    text += print("%s%lld.%02lld,", credit ? "-" : "", static_cast<long long>(cents / 100), static_cast<long long>(cents % 100));
    if (random.one_in(3)) text += print("0.%02d", static_cast<int>(random.below(41)));
    text += "\n";
  }
  return text;
}

std::string customers() {
  Random random(2);
  std::string text = "CustomerID,Customer,City,Country,Region,Segment,Since\n";
  for (int id = 1; id <= kCustomers; ++id) {
    const Town& town = kTowns[random.below(std::size(kTowns))];
    std::string name = random.pick(kFirst);  // one draw per statement: compilers order the operands of + as they like
    name += std::string(" ") + random.pick(kLast);
    name += " " + std::to_string(id);
    text += std::to_string(id) + "," + csv_field(name) + "," + town.city + "," + town.country + "," + town.region + ",";
    if (!random.one_in(9)) text += random.pick(kSegments);
    text += "," + day(random.below(700)) + "\n";
  }
  return text;
}

std::string products() {
  Random random(3);
  std::string text = "ProductID,Product,Category,Unit Price,Weight,Pick Time,Shelf Opens\n";
  for (int id = 1; id <= kProducts; ++id) {
    std::string name = random.pick(kKinds);
    name += std::string(" ") + random.pick(kThings);
    text += std::to_string(id) + "," + csv_field(name + " " + std::to_string(id)) + ",";
    text += random.pick(kCategories);
    const auto cents = static_cast<int>(random.below(6000));
    text += print(",%d.%02d,", cents / 100, cents % 100);
    const auto grams = static_cast<int>(random.below(5000));
    if (!random.one_in(6)) text += print("%d.%03d", grams / 1000, grams % 1000);
    const auto pick = static_cast<int>(random.below(30 * 3600));
    text += print(",%02d:%02d:%02d", pick / 3600, pick / 60 % 60, pick % 60);
    const auto opens = static_cast<int>(random.below(20));
    text += print(",%02d:%02d:00\n", 6 + opens / 4, opens % 4 * 15);
  }
  return text;
}

// Oceania has a budget but no customers: a value without sales.
constexpr const char* kRegions =
    "Region,Manager,Budget\n"
    "Nordics,Kari Nordmann,9500000.00\n"
    "Central Europe,\"Meier, Hans\",11250000.50\n"
    "Americas,,8000000.00\n"
    "Asia,山田 太郎,7600000.00\n"
    "Oceania,Jane Doe,250000.00\n";

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

void make_demo(const std::string& folder) {
  const std::filesystem::path base(folder);
  std::filesystem::create_directories(base);
  write(base / "sales.csv", sales());
  write(base / "customers.csv", customers());
  write(base / "products.csv", products());
  write(base / "regions.csv", kRegions);
  write(base / "app.json", kDemoDefinition);  // last: a folder with app.json is whole
}

}  // namespace qonduit::simulator
