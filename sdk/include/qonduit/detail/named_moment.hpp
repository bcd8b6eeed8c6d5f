// Whether a text tells the day, the month and the year of a serial by a pattern nobody knows. For values that are known to be dates by
// their tags or their type, where their own pattern is not. For cell.hpp.
#pragma once

#include <qonduit/detail/calendar_writing.hpp>
#include <qonduit/detail/letter_folding.hpp>
#include <qonduit/detail/writing_text.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::detail {

// Months in the languages that apps are written in most, besides the app's own: folded, without what is declined. A word is a
// name where it is the begin of one, or one with two letters more.
// NOLINTBEGIN(bugprone-suspicious-missing-comma): long lists go over lines
inline constexpr std::string_view kMonthWords[12] = {
    "january;januar;januari;janvier;enero;gennaio;janeiro;ianuarie;tammikuu;styczen;styczni;leden;ledna;январ;січен;січня;ocak;ιανουαρι;"
    "يناير",
    "february;februar;februari;fevrier;febrero;febbraio;fevereiro;februarie;helmikuu;luty;lutego;unor;феврал;лютии;лютого;subat;φεβρουαρι;"
    "فبراير",
    "march;marz;maart;mrz;mrt;mars;mart;marzo;marco;martie;marcius;maaliskuu;marzec;marca;brezen;brezna;март;березен;березня;μαρτι;مارس",
    "april;avril;abril;aprile;aprilie;aprilis;huhtikuu;kwiecien;kwietni;duben;dubna;апрел;квітен;квітня;nisan;απριλι;أبريل",
    "may;mai;mei;maj;mayo;maggio;maio;majus;toukokuu;kveten;kvetna;маи;мая;травен;травня;mayis;μαι;مايو",
    "june;juni;juin;junio;giugno;junho;iunie;junius;kesakuu;czerwiec;czerwca;cerven;cervna;июн;червен;червня;haziran;ιουνι;يونيو",
    "july;juli;juillet;julio;luglio;julho;iulie;julius;heinakuu;lipiec;lipca;cervenec;cervence;июл;липен;липня;temmuz;ιουλι;يوليو",
    "august;augustus;aout;agosto;augusti;augusztus;elokuu;sierpien;sierpni;srpen;srpna;август;серпен;серпня;agustos;αυγουστ;أغسطس",
    "september;septembre;septiembre;settembre;setembro;septembrie;szeptember;syyskuu;wrzesien;wrzesni;zari;сентябр;вересен;вересня;eylul;"
    "σεπτεμβρι;سبتمبر",
    "october;oktober;octobre;octubre;ottobre;outubro;octombrie;lokakuu;pazdziernik;rijen;rijna;октябр;жовтен;жовтня;ekim;οκτωβρι;أكتوبر",
    "november;novembre;noviembre;novembro;noiembrie;marraskuu;listopad;ноябр;листопад;kasim;νοεμβρι;نوفمبر",
    "december;dezember;decembre;diciembre;dicembre;dezembro;desember;decembrie;joulukuu;grudzien;grudni;prosinec;prosince;декабр;груден;"
    "грудня;aralik;"
    "δεκεμβρι;ديسمبر"};
// NOLINTEND(bugprone-suspicious-missing-comma)
inline constexpr std::string_view kDayWords[7] = {
    "monday;montag;lundi;lunes;lunedi;segunda;maandag;mandag;maanantai;poniedzialek;pondeli;понедельник",
    "tuesday;dienstag;mardi;martes;martedi;terca;dinsdag;tirsdag;tisdag;tiistai;wtorek;utery;вторник",
    "wednesday;mittwoch;mercredi;miercoles;mercoledi;quarta;woensdag;onsdag;keskiviikko;sroda;streda;среда",
    "thursday;donnerstag;jeudi;jueves;giovedi;quinta;donderdag;torsdag;torstai;czwartek;ctvrtek;четверг",
    "friday;freitag;vendredi;viernes;venerdi;sexta;vrijdag;fredag;perjantai;piatek;patek;пятница",
    "saturday;samstag;sonnabend;samedi;sabado;sabato;zaterdag;lordag;lauantai;sobota;суббота",
    "sunday;sonntag;dimanche;domingo;domenica;zondag;sondag;sunnuntai;niedziela;nedele;воскресенье"};
// Words that dates have around their numbers.
inline constexpr std::string_view kDateWords =
    "г;год;года;р;року;de;del;di;of;le;the;den;el;st;nd;rd;th;er;го;ngay;thang;thg;nam;uhr;h;час;klo;kl;um;at";
// In scripts that write no blanks: what may stand behind one another.
inline constexpr std::string_view kDateSigns = "年;月;日;号;號;년;월;일;時;时;点;點;分;秒;시;분;초;曜日;요일";
inline constexpr std::string_view kWeekdaySigns = "月火水木金土日월화수목금토일";
// Behind "星期" and "周" alone: 第1周 is a week.
inline constexpr std::string_view kWeekSigns = "星期;周;週", kWeekdayNumbers = "一二三四五六日";

class NamedMoment {
 public:
  NamedMoment(const Moment& moment, const CalendarNames& names) : moment_(moment), names_(names) {}

  [[nodiscard]] bool told_by(std::string_view text) {
    while (!text.empty()) {
      if (is_digit(text.front())) {
        if (!take_number(text)) return false;
        continue;
      }
      const auto c = first_code_point(text);
      if (is_mark(c.value)) {
        text.remove_prefix(c.size);
      } else if (!take_word(text)) {
        return false;
      }
    }
    return day_ && month_ && year_ && is_time_whole();
  }
  [[nodiscard]] bool with_time() const noexcept { return shown_ > 0; }

 private:
  // What stands between the parts of a date. "~2024-01-01" or "> 2024-01-01" say more.
  [[nodiscard]] static bool is_mark(std::uint32_t c) noexcept {
    if (c < 0x80) return std::string_view(" \t.,-/:'()_\\").find(static_cast<char>(c)) != std::string_view::npos;
    return is_blank(c) || is_direction_mark(c) || (c >= 0x2010 && c <= 0x2015) || c == 0x2019 || c == 0xB7 || c == 0x60C || c == 0x3001 ||
           (c >= 0xFF08 && c <= 0xFF0F) || c == 0xFF1A;
  }
  // Chinese, Japanese, Korean.
  [[nodiscard]] static bool is_sign(std::uint32_t c) noexcept { return (c >= 0x3040 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3); }

  [[nodiscard]] bool take_number(std::string_view& text) {
    std::int64_t shown = 0;
    std::size_t length = 0;
    while (length < text.size() && length < 9 && is_digit(text[length])) shown = shown * 10 + (text[length++] - '0');
    text.remove_prefix(length);
    const auto [year, month, day] = moment_.date;
    if (!day_ && length < 3 && shown == day) return day_ = true;
    if (!month_ && length < 3 && shown == month) return month_ = true;
    // No date has two digits of a year between day and month: "18.-24.03." is a week.
    const bool between = day_ != month_;
    if (!year_ && (length > 2 ? shown == year : length == 2 && !between && shown == year % 100)) return year_ = true;
    return day_ && month_ && year_ && take_time(shown, length);
  }
  // Hour, minute, second and what is less, in this order.
  [[nodiscard]] bool take_time(std::int64_t shown, std::size_t length) {
    const auto hour = moment_.milliseconds / 3'600'000;
    switch (shown_++) {
      case 0: half_hour_ = shown != hour; return length < 3 && (!half_hour_ || shown == (hour % 12 == 0 ? 12 : hour % 12));
      case 1: return length < 3 && shown == moment_.milliseconds / 60'000 % 60;
      case 2: return length < 3 && shown == moment_.milliseconds / 1000 % 60;
      case 3:
        for (; length < 3; ++length) shown *= 10;
        for (; length > 3; --length) shown /= 10;
        return shown == moment_.milliseconds % 1000;
      default: return false;
    }
  }
  // An hour alone is one where a word says so.
  [[nodiscard]] bool is_time_whole() const noexcept {
    if (shown_ == 0) return half_ == 0 && !hours_;
    return (shown_ > 1 || half_ != 0 || hours_) && (!half_hour_ || half_ != 0);
  }

  [[nodiscard]] bool take_word(std::string_view& text) {
    const auto* const begin = text.data();
    const bool signs = is_sign(first_code_point(text).value);
    auto rest = text;
    while (!rest.empty() && !is_digit(rest.front())) {
      const auto c = first_code_point(rest);
      if (is_mark(c.value) || is_sign(c.value) != signs) break;
      rest.remove_prefix(c.size);
    }
    const auto word = text.substr(0, static_cast<std::size_t>(rest.data() - begin));
    text = rest;
    return signs ? takes_signs(word) : takes(word);
  }

  [[nodiscard]] bool takes(std::string_view word) {
    const auto which = static_cast<std::size_t>(moment_.date.month - 1);
    const bool names_month =
        begins(at(names_.months, which), word) || begins(at(names_.long_months, which), word) || any_begins(kMonthWords[which], word);
    if (!month_ && names_month) return month_ = true;
    const auto day = static_cast<std::size_t>(weekday());
    if (begins(at(names_.days, day), word) || begins(at(names_.long_days, day), word) || any_begins(kDayWords[day], word)) return true;
    if (takes_half(word)) return true;
    // Behind a date: "T1 2024" is a term.
    if (any_is("t;z;utc;gmt", word)) return day_ && month_ && year_;
    if (!any_is(kDateWords, word)) return false;
    const bool hour = any_is("h;uhr;час;klo;kl", word);
    hours_ = hours_ || hour;
    return !hour || year_;
  }
  [[nodiscard]] bool takes_half(std::string_view word) {
    const bool morning = moment_.milliseconds < 43'200'000;
    const auto& own = morning ? "am;a;ص;πμ;오전;上午;午前" : "pm;p;م;μμ;오후;下午;午後";
    if (!day_ || !month_ || !year_ || !any_is(own, word)) return false;
    half_ = morning ? 1 : 2;
    return true;
  }
  [[nodiscard]] bool takes_signs(std::string_view word) {
    if (takes_half(word)) return true;
    const auto which = static_cast<std::size_t>(moment_.date.month - 1);
    while (!word.empty()) {
      if (!month_ && (take_folded(word, at(names_.long_months, which)) || take_folded(word, at(names_.months, which)))) {
        month_ = true;
        continue;
      }
      if (any_taken(kWeekSigns, word) ? !take_weekday(kWeekdayNumbers, word)
                                      : !any_taken(kDateSigns, word) && !take_weekday(kWeekdaySigns, word))
        return false;
    }
    return true;
  }
  // The sign of this weekday, of a week's signs one after the other.
  [[nodiscard]] bool take_weekday(std::string_view weeks, std::string_view& word) const {
    for (auto at = static_cast<std::size_t>(weekday()) * 3; at < weeks.size(); at += 21) {
      if (take_front(word, weeks.substr(at, 3))) return true;
    }
    return false;
  }
  [[nodiscard]] std::int64_t weekday() const noexcept { return ((moment_.days - 2) % 7 + 7) % 7; }

  [[nodiscard]] static std::string_view at(const std::vector<std::string>& names, std::size_t which) {
    return which < names.size() ? std::string_view(names[which]) : std::string_view();
  }
  // "Dez" and "Sept" begin a name; "декабря" is one with letters more.
  [[nodiscard]] static bool begins(std::string_view name, std::string_view word) {
    auto rest = word;
    std::size_t letters = 0;
    while (!name.empty() && name.back() == '.') name.remove_suffix(1);
    if (name.empty()) return false;
    while (!name.empty() && !rest.empty()) {
      auto wanted = name;
      auto found = rest;
      if (take_letter(wanted) != take_letter(found)) return false;
      name = wanted, rest = found, ++letters;
    }
    std::size_t more = 0;
    for (; !rest.empty(); ++more) static_cast<void>(take_letter(rest));
    return more == 0 ? letters >= 3 || name.empty() : more <= 2 && letters >= 3 && name.empty();
  }
  template <typename Check>
  [[nodiscard]] static bool any(std::string_view list, const Check& check) {
    for (std::size_t from = 0; from < list.size();) {
      const auto end = std::min(list.find(';', from), list.size());
      if (check(list.substr(from, end - from))) return true;
      from = end + 1;
    }
    return false;
  }
  [[nodiscard]] static bool any_begins(std::string_view list, std::string_view word) {
    return any(list, [&](std::string_view name) { return begins(name, word); });
  }
  [[nodiscard]] static bool any_is(std::string_view list, std::string_view word) {
    return any(list, [&](std::string_view name) {
      auto rest = word;
      return take_folded(rest, name) && rest.empty();
    });
  }
  [[nodiscard]] static bool any_taken(std::string_view list, std::string_view& word) {
    return any(list, [&](std::string_view sign) { return take_front(word, sign); });
  }

  const Moment& moment_;
  const CalendarNames& names_;
  bool day_ = false, month_ = false, year_ = false;
  bool hours_ = false, half_hour_ = false;  // a word says hours; the hour is one of twelve
  int half_ = 0;                            // 1: before noon, 2: after
  int shown_ = 0;                           // numbers of a time
};

// Day, month and year each by a word or a number of its own, in whatever order; then a time or nothing. A word that is no name of this
// month or weekday and belongs to no date ("Q1 2024", "1. Halbjahr 2024") says more than a date.
[[nodiscard]] inline bool names_moment(std::string_view text, double number, const CalendarNames& names, bool& with_time) {
  const double all = number * static_cast<double>(Moment::kDay);
  if (!(std::fabs(all) < 9e15)) return false;
  const Moment moment(static_cast<std::int64_t>(std::floor(all + 0.5)));
  NamedMoment named(moment, names);
  const bool told = named.told_by(text);
  with_time = named.with_time();
  return told;
}

}  // namespace qonduit::detail
