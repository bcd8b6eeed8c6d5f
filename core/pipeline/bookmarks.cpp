#include "core/pipeline/bookmarks.hpp"

#include "core/engine/asked_again.hpp"
#include "core/engine/near_names.hpp"
#include "qonduit/json_text.hpp"

namespace qonduit::pipeline {
namespace {

using engine::array_in;
using engine::ask;
using engine::number_in;
using engine::object_in;
using engine::text_in;
using Poco::JSON::Object;

// Source: NxBookmark, AlternateStateData, BookmarkFieldItem of the engine's schema.
std::vector<BookmarkField> fields_of(const Object::Ptr& layout) {
  std::vector<BookmarkField> fields;
  engine::each(array_in(object_in(layout, "qBookmark"), "qStateData"), [&](const Object::Ptr& data) {
    const auto state = text_in(data, "qStateName");
    engine::each(array_in(data, "qFieldItems"), [&](const Object::Ptr& item) {
      const auto name = text_in(object_in(item, "qDef"), "qName");
      if (name.empty()) return;
      const auto values = array_in(item, "qValues");
      const auto excluded = array_in(item, "qExcludedValues");
      const auto search = text_in(object_in(item, "qSelectInfo"), "qTextSearch");
      const bool told = !values.isNull() && values->size() > 0 && search.empty() && (excluded.isNull() || excluded->size() == 0);
      fields.push_back({name, state.empty() ? "$" : state, told ? static_cast<std::int64_t>(values->size()) : -1});
    });
  });
  return fields;
}

}  // namespace

Result<std::vector<BookmarkRef>> list_bookmarks(engine::Session& session, const std::stop_token& stop) {
  auto list = engine::asked_again(session, stop, [&] {
    return session.create_session_object(
        R"({"qInfo":{"qType":"BookmarkList"},"qBookmarkListDef":{"qType":"bookmark","qData":{"title":"/qMetaDef/title"}}})");
  });
  if (!list) return std::move(list).error().within("cannot list the bookmarks");
  const auto reply = ask(session, stop, list->number(), "GetLayout");
  if (!reply) return reply.error().within("cannot list the bookmarks");
  std::vector<BookmarkRef> bookmarks;
  engine::each(array_in(object_in(object_in(*reply, "qLayout"), "qBookmarkList"), "qItems"), [&](const Object::Ptr& item) {
    auto title = text_in(object_in(item, "qMeta"), "title");
    if (title.empty()) title = text_in(object_in(item, "qData"), "title");
    bookmarks.push_back({text_in(object_in(item, "qInfo"), "qId"), std::move(title)});
  });
  return bookmarks;
}

Result<BookmarkRef> find_bookmark(const std::vector<BookmarkRef>& known, const std::string& name) {
  std::vector<BookmarkRef> titled;
  std::vector<std::string> names;
  for (const auto& bookmark : known) {
    if (bookmark.id == name) return bookmark;
    if (bookmark.title == name) titled.push_back(bookmark);
    names.push_back(bookmark.name());
  }
  if (titled.size() == 1) return titled.front();
  if (titled.empty()) return Status(Code::not_found, "the app has no bookmark '" + name + "'" + engine::near_names(name, names));
  std::string ids;
  for (const auto& bookmark : titled) ids += (ids.empty() ? "" : ", ") + bookmark.id;
  return Status(Code::invalid_argument, std::to_string(titled.size()) + " bookmarks are titled '" + name + "'; name one by its id: " + ids);
}

Result<std::vector<BookmarkField>> apply_bookmark(engine::Session& session, const BookmarkRef& bookmark, const std::stop_token& stop) {
  const auto context = "bookmark '" + bookmark.name() + "'";
  const auto params = "[" + json_string(bookmark.id) + "]";
  const auto reply = ask(session, stop, session.doc(), "ApplyBookmark", params);
  if (!reply) return reply.error().within(context);
  if (!engine::flag_in(*reply, "qSuccess")) return Status(Code::not_found, context + ": the engine does not apply it");
  const auto found = ask(session, stop, session.doc(), "GetBookmark", params);
  if (!found) return found.error().within(context);
  const auto handle = static_cast<int>(number_in(object_in(*found, "qReturn"), "qHandle"));
  if (handle == 0) return std::vector<BookmarkField>();
  const auto layout = ask(session, stop, handle, "GetLayout");
  if (!layout) return layout.error().within(context);
  return fields_of(object_in(*layout, "qLayout"));
}

}  // namespace qonduit::pipeline
