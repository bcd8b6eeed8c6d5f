#include "core/recording/json_scrambler.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/recording/member_rules.hpp"
#include "qonduit/json_text.hpp"

namespace qonduit::recording {
namespace {

namespace dom = simdjson::dom;

// Element numbers that mean something else than a value. Source: protocol, cell semantics.
constexpr std::int64_t kTotalElement = -1, kOthersElement = -3;

// Stands for the member qData of a list's definition.
constexpr std::string_view kPointers = "qData of a list";

void append_text(std::string& out, std::string_view text) { out += json_string(text); }

void append_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    return;
  }
  // Whole numbers as the engine writes them, not as 8e+05.
  if (value == std::floor(value) && std::fabs(value) < 1e15) {
    out += std::to_string(static_cast<std::int64_t>(value));
    return;
  }
  // With an exponent where it is whole: as digits alone it would be an integer that is larger than any.
  const auto format = value == std::floor(value) ? std::chars_format::scientific : std::chars_format::general;
  std::array<char, 32> digits{};
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value, format).ptr);
}

std::string_view text_in(const dom::object& object, std::string_view member) {
  std::string_view text;
  return object[member].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

// How the engine writes what is no number.
double number_in(const dom::object& object, std::string_view member) {
  double number = 0;
  return object[member].get(number) == simdjson::SUCCESS ? number : std::nan("");
}

bool has_operator(std::string_view text) { return text.find_first_of("='\"{(+*/<>") != std::string_view::npos; }

// A number and nothing else, of more digits than tell a function what to do.
bool is_literal(std::string_view text) {
  std::size_t digits = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9')
      ++digits;
    else if (c != '.' && c != ',' && c != '-' && c != ' ')
      return false;
  }
  return digits > 1;
}

// The path of a hypercube in its object: /qHyperCubeDef.
bool is_cube_path(std::string_view text) {
  return text.starts_with("/q") && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/';
         });
}

// What a member may be called by the protocol or an extension.
bool is_member_word(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

// What a condition came out as, in a layout: whether something is shown hangs on it.
bool is_verdict(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kVerdicts = {"true", "false", "True", "False", "0", "1", "-1"};
  return std::find(kVerdicts.begin(), kVerdicts.end(), text) != kVerdicts.end();
}

// Walks a document and writes its replacement.
class Walk {
 public:
  Walk(const Scrambler& scrambler, bool names, std::string& out) : scrambler_(scrambler), names_(names), out_(out) {}

  void value(const dom::element& element, std::string_view member, Rule rule) {
    switch (element.type()) {
      case dom::element_type::OBJECT: return object(dom::object(element), member, rule == Rule::hidden);
      case dom::element_type::ARRAY: {
        if (rule == Rule::dual && write_pair(dom::array(element))) return;
        out_.push_back('[');
        bool first = true;
        for (const auto item : dom::array(element)) {
          if (!first) out_.push_back(',');
          first = false;
          value(item, member, rule);
        }
        out_.push_back(']');
        return;
      }
      case dom::element_type::STRING: return append_text(out_, replaced(std::string_view(element), member, rule));
      case dom::element_type::DOUBLE:
      case dom::element_type::INT64:
      case dom::element_type::UINT64: return number(element, member, rule);
      default: out_ += simdjson::minify(element);
    }
  }

  std::string replaced(std::string_view text, std::string_view member, Rule rule) const {
    // Among parameters texts have no member.
    if (member.empty() && is_cube_path(text)) return std::string(text);
    switch (rule) {
      case Rule::form: return std::string(text);
      case Rule::name: return scrambler_.name(text, names_);
      case Rule::definition:
        // The variables in it are looked up by those who follow them.
        if (!text.starts_with('=')) return scrambler_.text_with_variables(text, names_);
        [[fallthrough]];
      case Rule::expression:
        if (is_verdict(text)) return std::string(text);
        if (is_literal(text)) break;
        return has_operator(text) ? scrambler_.expression(text, names_) : scrambler_.name(text, names_);
      case Rule::tags:
        if (text.starts_with("$relates_") && names_) return "$relates_" + scrambler_.text(text.substr(9));
        return text.starts_with('$') ? std::string(text) : scrambler_.name(text, names_);
      case Rule::pointer:
        if (text.starts_with('/')) return std::string(text);
        break;
      case Rule::path: return path(text);
      case Rule::value:
      case Rule::dual:
      case Rule::hidden: break;
    }
    // Numbers that JSON has no word for.
    if (text == "NaN" && !is_form_number(member, true)) return std::string(text);
    return scrambler_.text(text);
  }

 private:
  std::string path(std::string_view text) const {
    std::string made;
    while (true) {
      const auto end = text.find('/');
      const auto piece = text.substr(0, end);
      made += is_member_word(piece) ? std::string(piece) : scrambler_.name(piece, names_);
      if (end == std::string_view::npos) return made;
      made.push_back('/');
      text.remove_prefix(end + 1);
    }
  }

  // A text and its number, of one value. False: it is none.
  bool write_pair(const dom::array& pair) {
    std::string_view text;
    double number = 0;
    if (pair.size() != 2 || pair.at(0).get(text) != simdjson::SUCCESS || pair.at(1).get(number) != simdjson::SUCCESS) return false;
    const auto made = scrambler_.dual(text, number);
    out_.push_back('[');
    append_text(out_, made.text);
    out_.push_back(',');
    append_number(out_, made.number);
    out_.push_back(']');
    return true;
  }

  void number(const dom::element& element, std::string_view member, Rule rule) {
    double number = 0;
    const bool whole = !element.is_double() || double(element) == std::floor(double(element));
    // Among parameters that are names, a number says where and how much: GetTableData(offset, rows, ...).
    const bool place = member.empty() && rule == Rule::name;
    if (place || rule == Rule::form || is_form_number(member, whole) || element.get(number) != simdjson::SUCCESS) {
      out_ += simdjson::minify(element);
    } else {
      append_number(out_, scrambler_.number(number));
    }
  }

  void object(const dom::object& object, std::string_view member, bool hidden) {
    // {"title": "/qMetaDef/title"}: what a list of objects is to show of each. Source: protocol, listing sheets.
    const bool pointers = member == kPointers;
    out_.push_back('{');
    const auto number_member = number_member_of(object);
    const bool dual = write_dual(object, number_member);
    const bool range = !dual && write_range(object);
    for (const auto field : object) {
      if (dual && (field.key == "qText" || field.key == number_member)) continue;
      if (range && (field.key == "qMin" || field.key == "qMax" || field.key == "qMinText" || field.key == "qMaxText")) continue;
      key(field.key);
      // Below people and descriptions, and below what is a value itself, nothing is a name.
      const auto rule = hidden ? Rule::hidden : pointers ? Rule::pointer : rule_of(field.key, member);
      const bool defines_list = field.key == "qData" && member.ends_with("ListDef");
      value(field.value, defines_list ? kPointers : field.key, rule);
    }
    out_.push_back('}');
  }

  // Members are words of the protocol and of extensions; what could not be one is somebody's name for something.
  void key(std::string_view key) {
    if (out_.back() != '{') out_.push_back(',');
    append_text(out_, is_member_word(key) ? std::string(key) : scrambler_.name(key, names_));
    out_.push_back(':');
  }

  // Where an object that has a text keeps the number of it; empty when it has none.
  static std::string_view number_member_of(const dom::object& object) {
    dom::element ignored;
    for (const std::string_view member : {"qNum", "qValue", "qNumber"}) {
      if (object[member].get(ignored) == simdjson::SUCCESS) return member;
    }
    return {};
  }

  static std::int64_t element_of(const dom::object& object) {
    std::int64_t element = 0;
    if (object["qElemNumber"].get(element) == simdjson::SUCCESS) return element;
    return object["qElemNo"].get(element) == simdjson::SUCCESS ? element : 0;
  }

  // A cell, a node of a pivot, stack or tree, a field's value: text and number together.
  bool write_dual(const dom::object& object, std::string_view number_member) {
    dom::element text_element;
    if (object["qText"].get(text_element) != simdjson::SUCCESS || !text_element.is_string()) return false;
    const std::string_view text(text_element);
    const double number = number_member.empty() ? std::nan("") : number_in(object, number_member);
    const auto element = element_of(object);
    Scrambler::Dual made{std::string(text), number};
    if (text_in(object, "qType") == "P" || (std::isnan(number) && (element == kTotalElement || element == kOthersElement))) {
      made.text = scrambler_.name(text, names_);  // a label: of a measure, of the total, of the others
    } else if (element >= 0 || !std::isnan(number)) {
      made = scrambler_.dual(text, number);
    }
    key("qText");
    append_text(out_, made.text);
    if (number_member.empty()) return true;
    key(number_member);
    append_number(out_, made.number);
    return true;
  }

  // The smallest and the largest of a column, with their texts where it is an attribute's.
  bool write_range(const dom::object& object) {
    dom::element ignored;
    if (object["qMin"].get(ignored) != simdjson::SUCCESS || object["qMax"].get(ignored) != simdjson::SUCCESS) return false;
    const double lowest = number_in(object, "qMin");
    const double highest = number_in(object, "qMax");
    if (!text_in(object, "qMinText").empty() || !text_in(object, "qMaxText").empty()) {
      pair("qMin", lowest, "qMinText", text_in(object, "qMinText"));
      pair("qMax", highest, "qMaxText", text_in(object, "qMaxText"));
      return true;
    }
    const auto kind = kind_of(object);
    key("qMin");
    append_number(out_, Scrambler::lowest(lowest, kind));
    key("qMax");
    append_number(out_, Scrambler::highest(highest, kind));
    return true;
  }

  void pair(std::string_view number_member, double number, std::string_view text_member, std::string_view text) {
    const auto made = scrambler_.dual(text, number);
    key(number_member);
    append_number(out_, made.number);
    key(text_member);
    append_text(out_, made.text);
  }

  static Scrambler::Kind kind_of(const dom::object& object) {
    dom::object format;
    if (object["qNumFormat"].get(format) == simdjson::SUCCESS) {
      const auto type = text_in(format, "qType");
      if (type == "D" || type == "TS") return Scrambler::Kind::date;
      if (type == "T" || type == "IV") return Scrambler::Kind::time;
    }
    dom::array tags;
    if (object["qTags"].get(tags) == simdjson::SUCCESS) {
      for (const auto tag : tags) {
        std::string_view text;
        if (tag.get(text) == simdjson::SUCCESS && (text == "$date" || text == "$timestamp")) return Scrambler::Kind::date;
      }
    }
    return Scrambler::Kind::number;
  }

  const Scrambler& scrambler_;
  bool names_;
  std::string& out_;
};

Result<std::string> walk(std::string_view json, const Scrambler& scrambler, bool names, Rule rule) {
  dom::parser parser;
  dom::element root;
  if (const auto error = parser.parse(json.data(), json.size()).get(root)) {
    return Status(Code::bad_data, std::string("the engine's answer is not JSON: ") + simdjson::error_message(error));
  }
  std::string out;
  out.reserve(json.size());
  Walk(scrambler, names, out).value(root, {}, rule);
  return out;
}

}  // namespace

Result<std::string> JsonScrambler::document(std::string_view json) const {
  if (what_ == Scramble::none) return std::string(json);
  return walk(json, scrambler_, what_ == Scramble::names, Rule::value);
}

Result<std::string> JsonScrambler::params(std::string_view method, std::string_view json) const {
  if (what_ == Scramble::none) return std::string(json);
  return walk(json, scrambler_, what_ == Scramble::names, rule_of_params(method));
}

std::string JsonScrambler::name(std::string_view text) const {
  return what_ == Scramble::none ? std::string(text) : scrambler_.name(text, what_ == Scramble::names);
}

std::string JsonScrambler::value(std::string_view text, double number) const {
  return what_ == Scramble::none ? std::string(text) : scrambler_.dual(text, number).text;
}

std::string JsonScrambler::expression(std::string_view text) const {
  if (what_ == Scramble::none) return std::string(text);
  std::string out;
  return Walk(scrambler_, what_ == Scramble::names, out).replaced(text, "expression", Rule::expression);
}

std::string JsonScrambler::value(std::string_view text) const {
  return what_ == Scramble::none ? std::string(text) : scrambler_.text(text);
}

}  // namespace qonduit::recording
