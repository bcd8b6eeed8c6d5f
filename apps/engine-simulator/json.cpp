#include "json.hpp"

#include <Poco/JSON/JSONException.h>
#include <Poco/JSON/ParseHandler.h>
#include <Poco/JSON/Parser.h>
#include <cstdint>
#include <string_view>
#include <system_error>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace qonduit::simulator {

JsonObject object(std::initializer_list<std::pair<std::string_view, Json>> members) {
  JsonObject made = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
  for (const auto& [name, value] : members) made->set(std::string(name), value);
  return made;
}

JsonArray array(std::initializer_list<Json> items) {
  JsonArray made = new Poco::JSON::Array;
  for (const auto& item : items) made->add(item);
  return made;
}

namespace {

Json parse_once(const std::string& text) {
  Poco::JSON::ParseHandler::Ptr handler = new Poco::JSON::ParseHandler(true);
  Poco::JSON::Parser parser(handler);
  return parser.parse(text);
}

constexpr std::size_t kLong = 19;  // digits; fewer always fit

bool fits(std::string_view digits, bool negative) {
  std::int64_t whole = 0;
  std::uint64_t large = 0;
  const auto* end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, whole).ec == std::errc()) return true;
  return !negative && std::from_chars(digits.data(), end, large).ec == std::errc();
}

bool has_long_number(const std::string& text) {
  std::size_t digits = 0;
  for (const char c : text) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits == kLong) return true;
  }
  return false;
}

// Whole numbers that no integer type holds, with a decimal point: 99906972027217068032 becomes 99906972027217068032.0.
std::string with_large_numbers(const std::string& text) {
  std::string out;
  bool inside = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (inside && c == '\\' && at + 1 < text.size()) {
      out.append(text, at, 2);
      at += 2;
      continue;
    }
    if (c == '"') inside = !inside;
    if (inside || c < '0' || c > '9') {
      out.push_back(c);
      ++at;
      continue;
    }
    // A number to its end: its sign is written already.
    auto end = text.find_first_not_of("0123456789", at);
    if (end == std::string::npos) end = text.size();
    const auto digits = end - at;
    const bool real = end < text.size() && (text[end] == '.' || text[end] == 'e' || text[end] == 'E');
    if (real) end = std::min(text.find_first_not_of("0123456789.eE+-", end), text.size());
    out.append(text, at, end - at);
    if (!real && digits >= kLong && !fits(std::string_view(text).substr(at, digits), at > 0 && text[at - 1] == '-')) out.append(".0");
    at = end;
  }
  return out;
}

}  // namespace

Json parse_json(const std::string& text) {
  // Poco refuses some of them, and others become zero.
  return parse_once(has_long_number(text) ? with_large_numbers(text) : text);
}

namespace {

void append_json(std::string& out, const Json& value) {
  if (value.isEmpty()) {
    out.append("null");
  } else if (const auto members = as_object(value); !members.isNull()) {
    out.push_back('{');
    for (const auto& name : members->getNames()) {
      if (out.back() != '{') out.push_back(',');
      append_quoted(out, name);
      out.push_back(':');
      append_json(out, members->get(name));
    }
    out.push_back('}');
  } else if (const auto items = as_array(value); !items.isNull()) {
    out.push_back('[');
    for (const auto& item : *items) {
      if (out.back() != '[') out.push_back(',');
      append_json(out, item);
    }
    out.push_back(']');
  } else if (value.isString()) {
    append_quoted(out, value.extract<std::string>());
  } else if (value.isBoolean()) {
    out.append(value.convert<bool>() ? "true" : "false");
  } else if (value.isInteger()) {
    out.append(value.convert<std::string>());
  } else {
    append_number(out, value.convert<double>());
  }
}

}  // namespace

std::string to_text(const Json& value) {
  std::string out;
  append_json(out, value);
  return out;
}

JsonObject as_object(const Json& value) {
  if (value.type() == typeid(JsonObject)) return value.extract<JsonObject>();
  return {};
}

JsonArray as_array(const Json& value) {
  if (value.type() == typeid(JsonArray)) return value.extract<JsonArray>();
  return {};
}

Json member(const JsonObject& from, const std::string& name) { return from.isNull() ? Json() : from->get(name); }

std::string text_member(const JsonObject& from, const std::string& name, const std::string& fallback) {
  const Json value = member(from, name);
  return value.isString() ? value.extract<std::string>() : fallback;
}

std::int64_t int_member(const JsonObject& from, const std::string& name, std::int64_t fallback) {
  const Json value = member(from, name);
  if (!value.isNumeric() || value.isBoolean()) return fallback;
  try {
    return value.convert<std::int64_t>();
  } catch (const Poco::Exception&) {
    return fallback;
  }
}

bool bool_member(const JsonObject& from, const std::string& name, bool fallback) {
  const Json value = member(from, name);
  return value.isBoolean() ? value.convert<bool>() : fallback;
}

JsonObject object_member(const JsonObject& from, const std::string& name) { return as_object(member(from, name)); }

JsonArray array_member(const JsonObject& from, const std::string& name) { return as_array(member(from, name)); }

Json resolve_pointer(const Json& root, const std::string& pointer) {
  Json at = root;
  std::size_t begin = 0;
  while (begin < pointer.size()) {
    if (pointer[begin] != '/') return {};
    const std::size_t end = std::min(pointer.find('/', begin + 1), pointer.size());
    const std::string step = pointer.substr(begin + 1, end - begin - 1);
    if (const auto items = as_array(at); !items.isNull()) {
      std::size_t index = 0;
      const auto [rest, error] = std::from_chars(step.data(), step.data() + step.size(), index);
      if (error != std::errc{} || rest != step.data() + step.size() || index >= items->size()) return {};
      at = items->get(static_cast<unsigned>(index));
    } else if (const auto members = as_object(at); !members.isNull() && members->has(step)) {
      at = members->get(step);
    } else {
      return {};
    }
    begin = end;
  }
  return at;
}

Json copy_of(const Json& value) {
  if (const auto members = as_object(value); !members.isNull()) {
    JsonObject made = object();
    for (const auto& name : members->getNames()) made->set(name, copy_of(members->get(name)));
    return made;
  }
  if (const auto items = as_array(value); !items.isNull()) {
    JsonArray made = array();
    for (const auto& item : *items) made->add(copy_of(item));
    return made;
  }
  return value;
}

void append_quoted(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  std::size_t done = 0;  // what needs no escape is copied in one piece
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, done, i - done);
    done = i + 1;
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      out.append("\\n");
    } else if (c == '\r') {
      out.append("\\r");
    } else if (c == '\t') {
      out.append("\\t");
    } else {
      out.append("\\u00");
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    }
  }
  out.append(text, done);
  out.push_back('"');
}

void append_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out.append("\"NaN\"");
    return;
  }
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

Json number(double value) {
  if (!std::isfinite(value)) return Json(std::string("NaN"));
  if (value == std::floor(value) && std::fabs(value) < 9e15) return Json(static_cast<Poco::Int64>(value));
  return Json(value);
}

}  // namespace qonduit::simulator
