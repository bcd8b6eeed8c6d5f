#include "core/engine/field_list.hpp"

#include <simdjson.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "core/engine/asked_again.hpp"
#include "core/engine/expression.hpp"
#include "core/engine/json_text.hpp"
#include "core/engine/near_names.hpp"

namespace qonduit::engine {
namespace {

namespace dom = simdjson::dom;
using Poco::JSON::Object;

constexpr std::int64_t kPage = 10'000;  // cells the engine answers in one call, and a list has one column
constexpr std::int64_t kWindow = 4;

std::string definition(const std::string& field, const std::string& state) {
  // Alternative values are excluded ones but for the selections of their own field.
  return R"({"qInfo":{"qType":"qonduit-values"},"qListObjectDef":{"qStateName":)" + json_text(state) + R"(,"qDef":{"qFieldDefs":[)" +
         json_text(bracketed(field)) + R"(]},"qShowAlternatives":true,"qInitialDataFetch":[]}})";
}

// S selected, O optional, A alternative, X excluded, XS selected but excluded, L locked, XL both. False when it is no value. An engine
// leaves an empty text out.
bool read_value(const dom::element& cell, FieldValue& value) {
  std::string_view state;
  if (cell["qElemNumber"].get(value.element) != simdjson::SUCCESS || cell["qState"].get(state) != simdjson::SUCCESS) return false;
  const auto text = cell["qText"].get(value.text);
  if (text == simdjson::NO_SUCH_FIELD && value.element >= 0) {
    value.text = {};
  } else if (text != simdjson::SUCCESS) {
    return false;
  }
  if (cell["qNum"].get(value.number) != simdjson::SUCCESS) value.number = std::numeric_limits<double>::quiet_NaN();
  value.selected = state == "S" || state == "L" || state == "XS" || state == "XL";
  value.possible = state == "S" || state == "L" || state == "O";
  return true;
}

}  // namespace

std::string near_fields(Session& session, const std::string& field, const std::stop_token& stop) {
  auto list = asked_again(session, stop, [&] {
    return session.create_session_object(R"({"qInfo":{"qType":"FieldList"},"qFieldListDef":{"qShowHidden":true,"qShowSemantic":true}})");
  });
  if (!list) return {};
  const auto reply = ask(session, stop, list->number(), "GetLayout");
  if (!reply) return {};
  std::vector<std::string> names;
  each(array_in(object_in(object_in(*reply, "qLayout"), "qFieldList"), "qItems"),
       [&](const Object::Ptr& item) { names.push_back(text_in(item, "qName")); });
  return near_names(field, names);
}

Result<FieldList> FieldList::open(Session& session, const std::string& field, const std::string& state, const std::stop_token& stop) {
  const auto found = ask(session, stop, session.doc(), "GetField", "[" + json_text(field) + "," + json_text(state) + "]");
  if (!found && found.error().code() != Code::not_found) return found.error();
  const auto handle = found ? static_cast<int>(number_in(object_in(*found, "qReturn"), "qHandle")) : 0;
  if (handle == 0) return Status(Code::not_found, "the app has no field '" + field + "'" + near_fields(session, field, stop));
  auto list = asked_again(session, stop, [&] { return session.create_session_object(definition(field, state)); });
  if (!list) return std::move(list).error();
  return FieldList(session, std::move(*list), handle, stop);
}

Result<FieldFacts> FieldList::read(const std::function<void(const FieldValue&)>& visit) const {
  const auto reply = ask(*session_, stop_, list_.number(), "GetLayout");
  if (!reply) return reply.error();
  const auto list = object_in(object_in(*reply, "qLayout"), "qListObject");
  const auto dimension = object_in(list, "qDimensionInfo");
  const auto error = object_in(dimension, "qError");
  if (list.isNull() || !error.isNull()) {
    return Status(Code::bad_data,
                  "the engine does not list the values (error " + std::to_string(static_cast<int>(number_in(error, "qErrorCode"))) + ")");
  }
  FieldFacts facts;
  facts.values = static_cast<std::int64_t>(number_in(object_in(list, "qSize"), "qcy"));
  facts.locked = flag_in(dimension, "qLocked");
  facts.always_one = flag_in(dimension, "qIsOneAndOnlyOne");
  std::int64_t seen = 0;
  while (seen < facts.values) {
    const auto got = read_pages(seen, std::min(facts.values - seen, kWindow * kPage), visit);
    if (!got) return got.error();
    if (*got == 0)
      return Status(Code::inconsistent, "the engine lists " + std::to_string(seen) + " of " + std::to_string(facts.values) + " values");
    seen += *got;
  }
  return facts;
}

// Up to a window of pages at once. Rows of a page that came short, and of what follows it, are the next call's.
Result<std::int64_t> FieldList::read_pages(std::int64_t top, std::int64_t rows, const std::function<void(const FieldValue&)>& visit) const {
  std::vector<Call> calls;
  std::vector<std::int64_t> heights;
  for (std::int64_t at = 0; at < rows; at += kPage) {
    heights.push_back(std::min(kPage, rows - at));
    calls.push_back({list_.number(),
                     "GetListObjectData",
                     R"(["/qListObjectDef",[{"qLeft":0,"qTop":)" + std::to_string(top + at) + R"(,"qWidth":1,"qHeight":)" +
                         std::to_string(heights.back()) + "}]]",
                     {}});
  }
  std::int64_t got = 0;
  auto replies = call_all(*session_, calls);
  for (std::size_t i = 0; i < replies.size(); ++i) {
    auto read = [&]() -> Result<std::int64_t> {
      auto reply = replies[i].ok() ? std::move(replies[i]) : session_->call(calls[i].handle, calls[i].method, calls[i].params_json);
      if (!reply.ok()) return reply.status;
      dom::parser parser;
      dom::element result;
      dom::array matrix;
      if (parser.parse(reply.result.data(), reply.result.size()).get(result) != simdjson::SUCCESS ||
          result.at_pointer("/qDataPages/0/qMatrix").get(matrix) != simdjson::SUCCESS) {
        return Status(Code::bad_data, "the engine's list of values cannot be read");
      }
      std::int64_t count = 0;
      for (const auto row : matrix) {
        if (++count > heights[i]) return Status(Code::bad_data, "the engine lists more values than were asked for");
        dom::element cell;
        FieldValue value;
        if (row.at(0).get(cell) != simdjson::SUCCESS || !read_value(cell, value)) {
          return Status(Code::bad_data, "the engine lists a value that is none");
        }
        visit(value);
      }
      return count;
    };
    const auto count = asked_again(*session_, stop_, read);
    if (!count) return count.error();
    got += *count;
    if (*count < heights[i]) break;
  }
  return got;
}

Result<bool> FieldList::select(const std::vector<std::int64_t>& elements) const {
  std::string list;
  for (const auto element : elements) list += (list.empty() ? "" : ",") + std::to_string(element);
  const auto reply = ask(*session_, stop_, field_, "LowLevelSelect", "[[" + list + "],false,false]");
  if (!reply) return reply.error();
  return flag_in(*reply, "qReturn");
}

}  // namespace qonduit::engine
