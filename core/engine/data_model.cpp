#include "core/engine/data_model.hpp"

#include "core/engine/json_members.hpp"

namespace qonduit::engine {
namespace {

using Poco::JSON::Object;

std::int64_t count_in(const Object::Ptr& object, const std::string& key) { return static_cast<std::int64_t>(number_in(object, key)); }

}  // namespace

Result<std::vector<TableInfo>> read_data_model(Session& session) {
  auto model = read_whole_model(session);
  if (!model) return std::move(model).error();
  return std::move(model->tables);
}

Result<DataModel> read_whole_model(Session& session) {
  // The sizes are for the picture Qlik draws of it. As the script loaded them, without synthetic tables; system fields are no data.
  const std::string params = R"([{"qcx":1000,"qcy":1000},{"qcx":0,"qcy":0},0,false,false])";
  const auto reply = parse_reply(session.call(session.doc(), "GetTablesAndKeys", params));
  if (!reply) return reply.error().within("cannot read the data model");
  DataModel model;
  each(array_in(*reply, "qtr"), [&](const Object::Ptr& record) {
    TableInfo table{text_in(record, "qName"), count_in(record, "qNoOfRows"), {}};
    each(array_in(record, "qFields"), [&](const Object::Ptr& field) {
      FieldInfo info;
      info.name = text_in(field, "qName");
      info.rows = count_in(field, "qnRows");
      info.distinct = count_in(field, "qnTotalDistinctValues");
      info.has_null = flag_in(field, "qHasNull");
      info.present = count_in(field, "qnPresentDistinctValues");
      info.key_type = text_in(field, "qKeyType");
      info.key = !info.key_type.empty() && info.key_type != "NOT_KEY";
      info.synthetic = flag_in(field, "qIsSynthetic");
      info.tags = texts_in(field, "qTags");
      table.fields.push_back(std::move(info));
    });
    model.tables.push_back(std::move(table));
  });
  each(array_in(*reply, "qk"), [&](const Object::Ptr& key) {
    model.keys.push_back({texts_in(key, "qKeyFields"), texts_in(key, "qTables")});
  });
  return model;
}

}  // namespace qonduit::engine
