#include "core/engine/field_list.hpp"

#include <simdjson.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "core/engine/asked_again.hpp"
#include "core/engine/expression.hpp"
#include "core/engine/near_names.hpp"
#include "qonduit/json_text.hpp"

namespace qonduit::engine {
namespace {

namespace dom = simdjson::dom;
using Poco::JSON::Object;

constexpr std::int64_t kPage = 10'000;  // cells the engine answers in one call, and a list has one column
constexpr std::int64_t kWindow = 4;

std::string definition(const std::string& field, const std::string& state) {
  // Alternative values are excluded ones but for the selections of their own field.
  return R"({"qInfo":{"qType":"qonduit-values"},"qListObjectDef":{"qStateName":)" + json_string(state) + R"(,"qDef":{"qFieldDefs":[)" +
         json_string(bracketed(field)) + R"(]},"qShowAlternatives":true,"qInitialDataFetch":[]}})";
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
  auto begun = session.begin_session_object(definition(field, state));
  const auto found = ask(session, stop, session.doc(), "GetField", "[" + json_string(field) + "," + json_string(state) + "]");
  auto list = begun.take();
  if (!found && found.error().code() != Code::not_found) return found.error();
  const auto handle = found ? static_cast<int>(number_in(object_in(*found, "qReturn"), "qHandle")) : 0;
  if (handle == 0) return Status(Code::not_found, "the app has no field '" + field + "'" + near_fields(session, field, stop));
  if (!list && retryable(list.error().code()))
    list = asked_again(session, stop, [&] { return session.create_session_object(definition(field, state)); });
  if (!list) return std::move(list).error();
  return FieldList(session, std::move(*list), handle, stop);
}

Call FieldList::page(std::int64_t top, std::int64_t height) const {
  return {list_.number(),
          "GetListObjectData",
          R"(["/qListObjectDef",[{"qLeft":0,"qTop":)" + std::to_string(top) + R"(,"qWidth":1,"qHeight":)" + std::to_string(height) + "}]]",
          {}};
}

std::vector<Call> FieldList::look() const { return {{list_.number(), "GetLayout", "[]", {}}, page(0, kPage)}; }

Result<FieldFacts> FieldList::read(const std::function<void(const FieldValue&)>& visit) const {
  return read(call_all(*session_, look()), visit);
}

Result<FieldFacts> FieldList::read(std::vector<Reply> look, const std::function<void(const FieldValue&)>& visit) const {
  auto reply = parse_reply(look[0]);
  if (!reply && retryable(reply.error().code())) reply = ask(*session_, stop_, list_.number(), "GetLayout");
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
    const auto got = seen == 0 ? read_page(std::move(look[1]), 0, std::min(facts.values, kPage), visit)
                               : read_pages(seen, std::min(facts.values - seen, kWindow * kPage), visit);
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
  for (std::int64_t at = 0; at < rows; at += kPage) calls.push_back(page(top + at, std::min(kPage, rows - at)));
  std::int64_t got = 0;
  for (auto& reply : call_all(*session_, calls)) {
    const auto height = std::min(kPage, rows - got);
    const auto count = read_page(std::move(reply), top + got, height, visit);
    if (!count) return count.error();
    got += *count;
    if (*count < height) break;
  }
  return got;
}

// The reply to page(top, height), asked again where it failed. The answer is how many values it holds.
Result<std::int64_t> FieldList::read_page(Reply reply, std::int64_t top, std::int64_t height,
                                          const std::function<void(const FieldValue&)>& visit) const {
  bool first = true;
  return asked_again(*session_, stop_, [&]() -> Result<std::int64_t> {
    if (!std::exchange(first, false) || (!reply.ok() && retryable(reply.status.code()))) {
      const auto call = page(top, height);
      reply = session_->call(call.handle, call.method, call.params_json);
    }
    if (!reply.ok()) return reply.status;
    dom::parser parser;
    dom::element result;
    dom::array matrix;
    if (parser.parse(reply.result.data(), reply.result.size()).get(result) != simdjson::SUCCESS ||
        result.at_pointer("/qDataPages/0/qMatrix").get(matrix) != simdjson::SUCCESS) {
      return Status(Code::bad_data, "the engine's list of values has no page of them");
    }
    std::int64_t count = 0;
    for (const auto row : matrix) {
      if (++count > height) return Status(Code::inconsistent, "the engine lists more values than there should be");
      dom::element cell;
      FieldValue value;
      if (row.at(0).get(cell) != simdjson::SUCCESS || !read_value(cell, value)) {
        return Status(Code::bad_data, "the engine sent a value without its text or number");
      }
      visit(value);
    }
    return count;
  });
}

Result<bool> FieldList::select(const std::vector<std::int64_t>& elements) const {
  std::string list;
  for (const auto element : elements) list += (list.empty() ? "" : ",") + std::to_string(element);
  const auto reply = ask(*session_, stop_, field_, "LowLevelSelect", "[[" + list + "],false,false]");
  if (!reply) return reply.error();
  return flag_in(*reply, "qReturn");
}

}  // namespace qonduit::engine
