#include "names.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include <qonduit/text.hpp>

#include "plugins/sinks/names/folded_name.hpp"
#include "plugins/sinks/names/letter_case.hpp"
#include "value_text.hpp"

namespace qonduit::sql {
namespace {

// U+00C0 to U+017F without their accents, in small letters; * for those that are two letters.
constexpr std::string_view kLatin =
    "aaaaaa*ceeeeiiiidnooooo_ouuuuy**aaaaaa*ceeeeiiiidnooooo_ouuuuy*y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkkllllllllllnnnnnnnnnoooooo**rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
constexpr std::pair<char32_t, std::string_view> kTwoLetters[] = {{0xC6, "ae"},  {0xDE, "th"},  {0xDF, "ss"},  {0xE6, "ae"}, {0xFE, "th"},
                                                                 {0x132, "ij"}, {0x133, "ij"}, {0x152, "oe"}, {0x153, "oe"}};

// The letter without its accent, in small letters; empty: it is none of the Latin ones with accents.
std::string_view plain_latin(char32_t code) {
  if (code < 0xC0 || code > 0x17F) return {};
  for (const auto& [letter, two] : kTwoLetters) {
    if (letter == code) return two;
  }
  return kLatin.substr(code - 0xC0, 1);
}

bool combining(char32_t code) { return code >= 0x300 && code <= 0x36F; }

struct Name {
  std::string text;
  bool spoilt = false;  // something was lost that told it from others
};

Name as_it_is(std::string_view title, const NameLimits& limits) {
  Name name;
  for (std::size_t i = 0; i < title.size();) {
    const auto [code, bytes] = first_character(title.substr(i));
    const bool held = bytes != 0 && code >= 0x20 && code != 0x7F && (code <= 0xFFFF || limits.beyond_bmp);
    if (held) {
      name.text += title.substr(i, bytes);
    } else {
      name.text += '_';
      name.spoilt = true;
    }
    i += std::max<std::size_t>(bytes, 1);
  }
  // Some databases drop a space at the end, and take the name for another.
  if (!name.text.empty() && name.text.back() == ' ') name.text.back() = '_', name.spoilt = true;
  return name;
}

Name snake_case(std::string_view title, const NameLimits& limits) {
  Name name;
  bool gap = false;
  const auto add = [&](std::string_view letters) {
    if (gap && !name.text.empty()) name.text += '_';
    gap = false;
    name.text += letters;
  };
  bool small = false;  // the letter before: SalesNet is sales_net
  for (std::size_t i = 0; i < title.size();) {
    const auto [code, bytes] = first_character(title.substr(i));
    const auto letter = title.substr(i, std::max<std::size_t>(bytes, 1));
    i += letter.size();
    const auto letter_case = bytes == 0 ? names::LetterCase::none : names::case_of(code);
    if (combining(code)) continue;  // the letter before stays what it was
    if (letter_case == names::LetterCase::capital && small) gap = true;
    small = letter_case == names::LetterCase::small;
    if (bytes == 1 && (letter_case != names::LetterCase::none || (letter[0] >= '0' && letter[0] <= '9'))) {
      std::string one;
      names::append_small(code, one);
      add(one);
    } else if (const auto plain = plain_latin(code); !plain.empty() && plain != "_") {
      add(plain);
    } else if (bytes > 1 && (code <= 0xFFFF || limits.beyond_bmp) && (code < 0x2000 || code > 0x206F)) {
      std::string one;
      names::append_small(code, one);
      add(one);
    } else {
      gap = true;
      name.spoilt = name.spoilt || bytes == 0;
    }
  }
  return name;
}

// beginning: in small letters; the name in letters of any case.
bool begins_with(std::string_view name, std::string_view beginning) {
  const auto same = [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a + 32 == b); };
  return name.size() >= beginning.size() &&
         std::equal(beginning.begin(), beginning.end(), name.begin(), [&](char b, char a) { return same(a, b); });
}

std::size_t length_of(std::string_view text, const NameLimits& limits) { return limits.characters == 0 ? text.size() : characters(text); }

}  // namespace

std::string clean_text(std::string_view text) {
  auto out = repaired_utf8(text);
  for (auto at = out.find('\0'); at != std::string::npos; at = out.find('\0', at)) out.replace(at, 1, "\xEF\xBF\xBD");
  return out;
}

std::string safe_name(std::string_view title, Naming naming, const NameLimits& limits, std::size_t reserve) {
  auto name = naming == Naming::as_is ? as_it_is(title, limits) : snake_case(title, limits);
  if (name.text.empty()) return "_";
  const auto most = (limits.characters != 0 ? limits.characters : limits.bytes) - reserve;
  if (!name.spoilt && length_of(name.text, limits) <= most) return name.text;
  const auto suffix = "_" + short_hash(title).substr(0, 8);
  while (length_of(name.text, limits) + suffix.size() > most) {
    bool continuation = true;
    while (continuation && !name.text.empty()) {
      continuation = (static_cast<unsigned char>(name.text.back()) & 0xC0u) == 0x80u;
      name.text.pop_back();
    }
  }
  return name.text + suffix;
}

bool is_plain_name(std::string_view name, std::string_view title, Naming naming, const NameLimits& limits) {
  return name == (naming == Naming::as_is ? title : std::string_view(snake_case(title, limits).text));
}

std::string table_name(std::string_view title, Naming naming, const NameLimits& limits) {
  auto name = safe_name(title, naming, limits);
  const bool reserved = !limits.reserved.empty() && begins_with(name, limits.reserved);
  if (!reserved && !is_own_name(name)) return name;
  const auto suffix = "_" + short_hash(title).substr(0, 8);
  const auto other = reserved ? "_" + name : name.substr(1);
  return safe_name(other, Naming::as_is, limits, suffix.size()) + suffix;
}

bool is_own_name(std::string_view name) { return begins_with(name, "_qonduit_"); }

std::string with_id(std::string_view table, std::string_view object_id, Naming naming, const NameLimits& limits, std::string_view number) {
  const auto suffix = "_" + safe_name(object_id, naming, limits, 30) + std::string(number);
  return safe_name(table, Naming::as_is, limits, suffix.size()) + suffix;
}

std::string folded(std::string_view name, const NameLimits& limits) {
  if (limits.case_sensitive) return std::string(name);
  if (limits.accent_sensitive) return names::folded_name(name);
  std::string plain;
  for (std::size_t i = 0; i < name.size();) {
    const auto [code, bytes] = first_character(name.substr(i));
    const auto letter = name.substr(i, std::max<std::size_t>(bytes, 1));
    const auto latin = plain_latin(code);
    plain += latin.empty() ? letter : latin;
    i += letter.size();
  }
  return names::folded_name(plain, names::Accents::dropped);
}

namespace {

// What the records say: which titles have their column already, and which columns are somebody's.
class Given {
 public:
  Given(const std::vector<std::string>& titles, Naming naming, const NameLimits& limits, const NamesThere& there)
      : titles_(titles), naming_(naming), limits_(limits), there_(there), names_(titles.size()), claimed_(there.given.size()) {
    std::set<std::string> in_table;
    for (const auto& name : there.table) in_table.insert(folded(name, limits));
    for (std::size_t k = 0; k < claimed_.size(); ++k) claimed_[k] = !in_table.contains(folded(there.given[k].column, limits));
    gone_ = claimed_;
    claim([](const GivenName& known) { return known.own_name; }, [&](std::size_t i) { return own(i); });
    claim([](const GivenName& known) { return known.title; }, [&](std::size_t i) { return clean_text(titles_[i]); },
          [&](const GivenName& known, std::size_t i) { return !other_members(known, i); });
    // The title changed from "net sales" to "Net Sales": the column stays, unless something else in its own name changed, too.
    const std::set<std::string> hidden(there.hidden.begin(), there.hidden.end());
    claim([&](const GivenName& known) { return hidden.contains(known.title) ? std::string() : as_name(known.own_name); },
          [&](std::size_t i) { return as_name(own(i)); });
  }

  // Empty: it has none.
  [[nodiscard]] const std::string& name(std::size_t i) const { return names_[i]; }
  // Columns that are somebody's, in this delivery or not.
  [[nodiscard]] std::set<std::string> taken() const {
    std::set<std::string> taken;
    for (std::size_t k = 0; k < gone_.size(); ++k) {
      if (!gone_[k]) taken.insert(folded(there_.given[k].column, limits_));
    }
    return taken;
  }

 private:
  // Of members it is known which they are, on both sides; an expression has no part in that, so that they are others.
  [[nodiscard]] bool other_members(const GivenName& known, std::size_t i) const {
    return !there_.by_members.empty() && there_.by_members[i] && own(i) != clean_text(titles_[i]) && known.own_name != known.title;
  }
  [[nodiscard]] const std::string& own(std::size_t i) const { return there_.own.empty() ? titles_[i] : there_.own[i]; }
  [[nodiscard]] std::string as_name(const std::string& title) const { return folded(safe_name(title, naming_, limits_), limits_); }

  // Columns of the table and titles that have no other yet, by something that both have. Empty: nothing.
  template <typename OfGiven, typename OfTitle>
  void claim(const OfGiven& of_given, const OfTitle& of_title) {
    claim(of_given, of_title, [](const GivenName&, std::size_t) { return true; });
  }
  template <typename OfGiven, typename OfTitle, typename May>
  void claim(const OfGiven& of_given, const OfTitle& of_title, const May& may) {
    std::map<std::string, std::size_t> waiting;
    for (std::size_t i = 0; i < titles_.size(); ++i) {
      if (names_[i].empty()) waiting.try_emplace(of_title(i), i);
    }
    for (std::size_t k = 0; k < claimed_.size() && !waiting.empty(); ++k) {
      if (claimed_[k]) continue;
      const auto key = of_given(there_.given[k]);
      const auto found = key.empty() ? waiting.end() : waiting.find(key);
      if (found == waiting.end() || !may(there_.given[k], found->second)) continue;
      names_[found->second] = there_.given[k].column;
      claimed_[k] = true;
      waiting.erase(found);
    }
  }

  const std::vector<std::string>& titles_;
  Naming naming_;
  const NameLimits& limits_;
  const NamesThere& there_;
  std::vector<std::string> names_;
  std::vector<bool> claimed_, gone_;  // by given name; gone: the table has not the column any more
};

}  // namespace

std::vector<std::string> column_names(const std::vector<std::string>& titles, Naming naming, const NameLimits& limits,
                                      const NamesThere& there) {
  constexpr std::size_t kHash = 9;  // _ and eight digits
  std::set<std::string> in_table, taken;
  for (const auto& name : there.table) in_table.insert(folded(name, limits));
  for (const auto& name : there.taken) taken.insert(folded(name, limits));
  const Given given(titles, naming, limits, there);
  taken.merge(given.taken());
  struct Wishes {
    int all = 0, exact = 0;  // exact: the title is the name
  };
  std::map<std::string, Wishes> wishes;
  std::vector<std::string> names;
  for (const auto& title : titles) {
    names.push_back(safe_name(title, naming, limits));
    auto& wish = wishes[folded(names.back(), limits)];
    ++wish.all;
    wish.exact += names.back() == title ? 1 : 0;
  }
  for (const auto& title : there.hidden) {
    const auto name = safe_name(title, naming, limits);
    auto& wish = wishes[folded(name, limits)];
    ++wish.all;
    wish.exact += name == title ? 1 : 0;
  }
  std::vector<std::size_t> apart;
  std::set<std::size_t> keeps;  // the column that it has in the table
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto key = folded(names[i], limits);
    const auto& wish = wishes[key];
    const bool alone = wish.all == 1 || (wish.exact == 1 && names[i] == titles[i]);
    if (!given.name(i).empty()) {
      names[i] = given.name(i);
      keeps.insert(i);
      continue;
    }
    if (!there.own.empty() && there.own[i] != titles[i]) {
      auto own = safe_name(there.own[i], naming, limits);
      if (in_table.contains(folded(own, limits)) && taken.insert(folded(own, limits)).second) {
        names[i] = std::move(own);
        keeps.insert(i);
        continue;
      }
    }
    auto hashed = safe_name(titles[i], naming, limits, kHash) + "_" + short_hash(titles[i]).substr(0, kHash - 1);
    const bool hash_in_table = in_table.contains(folded(hashed, limits));
    if (alone && !taken.contains(key) && !hash_in_table) continue;
    // The title is other members', and so may be the next one's.
    if (alone && !hash_in_table && !there.by_members.empty() && there.by_members[i]) hashed = safe_name(there.own[i], naming, limits);
    names[i] = std::move(hashed);
    apart.push_back(i);
  }
  std::set<std::size_t> hashed(apart.begin(), apart.end());
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!hashed.contains(i) && !keeps.contains(i)) taken.insert(folded(names[i], limits));
  }
  for (const auto i : apart) {
    const auto base = names[i];
    for (int number = 2; !taken.insert(folded(names[i], limits)).second; ++number) {
      const auto suffix = "_" + std::to_string(number);
      names[i] = safe_name(base, Naming::as_is, limits, suffix.size()) + suffix;
    }
  }
  return names;
}

}  // namespace qonduit::sql
