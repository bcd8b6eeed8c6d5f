#include "core/engine/data_model.hpp"

#include "core/engine/json_members.hpp"

namespace qonduit::engine {
namespace {

using Poco::JSON::Object;

std::int64_t count_in(const Object::Ptr& object, const std::string& key) { return static_cast<std::int64_t>(number_in(object, key)); }

std::vector<std::string> texts_in(const Object::Ptr& object, const std::string& key) {
  std::vector<std::string> texts;
  const auto array = array_in(object, key);
  if (array.isNull()) return texts;
  for (const auto& item : *array) {
    if (item.isString()) texts.push_back(item.extract<std::string>());
  }
  return texts;
}

}  // namespace

Result<std::vector<TableInfo>> read_data_model(Session& session) {
  // The sizes are for the picture Qlik draws of it. As the script loaded them, without synthetic tables; system fields are no data.
  const std::string params = R"([{"qcx":1000,"qcy":1000},{"qcx":0,"qcy":0},0,false,false])";
  const auto reply = parse_reply(session.call(session.doc(), "GetTablesAndKeys", params));
  if (!reply) return reply.error().within("cannot read the data model");
  std::vector<TableInfo> tables;
  each(array_in(*reply, "qtr"), [&](const Object::Ptr& record) {
    TableInfo table{text_in(record, "qName"), count_in(record, "qNoOfRows"), {}};
    each(array_in(record, "qFields"), [&](const Object::Ptr& field) {
      const auto key = text_in(field, "qKeyType");
      table.fields.push_back({text_in(field, "qName"), count_in(field, "qnRows"), count_in(field, "qnTotalDistinctValues"),
                              flag_in(field, "qHasNull"), !key.empty() && key != "NOT_KEY", flag_in(field, "qIsSynthetic"),
                              texts_in(field, "qTags")});
    });
    tables.push_back(std::move(table));
  });
  return tables;
}

}  // namespace qonduit::engine
