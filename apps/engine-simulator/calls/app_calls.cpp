// Calls on the app that answer from what is known of it as a whole: bookmarks, sources, scripts, and a search through all values.
#include <Poco/String.h>
#include <Poco/UTF8String.h>
#include <Poco/UUIDGenerator.h>

#include <algorithm>
#include <cctype>

#include "apps/meta.hpp"
#include "apps/session_lists.hpp"
#include "calls/dispatcher.hpp"
#include "expression/functions.hpp"

namespace qonduit::simulator {
namespace {

std::vector<std::string> texts(const JsonArray& items) {
  std::vector<std::string> made;
  if (!items.isNull())
    for (const auto& item : *items)
      if (item.isString()) made.push_back(item.extract<std::string>());
  return made;
}

// Where a term begins a word of a text, in characters; nothing where it does not.
JsonObject range_of(const std::string& text, const std::string& term, std::size_t index) {
  const std::string all = Poco::UTF8::toLower(text);
  const std::string wanted = Poco::UTF8::toLower(term);
  const auto in_word = [](char c) { return static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)) != 0; };
  auto at = all.find(wanted);
  while (at != std::string::npos && at > 0 && in_word(all[at - 1])) at = all.find(wanted, at + 1);
  if (at == std::string::npos || wanted.empty()) return {};
  const auto characters = [](std::string_view of) {
    return static_cast<std::int64_t>(
        std::count_if(of.begin(), of.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
  };
  return object({{"qCharPos", characters(std::string_view(all).substr(0, at))},
                 {"qCharCount", characters(term)},
                 {"qTerm", static_cast<std::int64_t>(index)}});
}

}  // namespace

void Dispatcher::get_bookmarks(Call& call) {
  call.reply.member("qList",
                    bookmark_items(*call.app, session_->scope(), object_member(as_object(call.params.get(0, "qOptions")), "qData")));
}

// A bookmark of the session: no app is ever stored.
void Dispatcher::create_bookmark(Call& call) {
  const auto given = call.params.object(0, "qProp");
  const std::string id = Poco::UUIDGenerator::defaultGenerator().createRandom().toString();
  Scope& scope = session_->scope();
  scope.bookmarks[id] = scope.selections(kDefaultState);
  if (const auto title = text_member(object_member(given, "qMetaDef"), "title"); !title.empty()) scope.bookmark_ids[title] = id;
  write_item(call, Held::Kind::bookmark, id, "GenericBookmark", "bookmark");
  call.reply.member("qInfo", object({{"qId", id}, {"qType", "bookmark"}}));
  session_->touch();
}

// The selections of a state or a bookmark as a set; how an engine writes it is assumed.
void Dispatcher::get_set_analysis(Call& call) {
  Scope& scope = session_->scope();
  const std::string id = call.params.optional_text(1, "qBookmarkId");
  const auto bookmark = scope.bookmarks.find(id);
  if (!id.empty() && bookmark == scope.bookmarks.end()) throw EngineError{2, id, "Resource not found"};
  const Selections& selections = id.empty() ? scope.selections(call.params.optional_text(0, "qStateName")) : bookmark->second;
  std::string made;
  for (const auto& [index, selection] : selections) {
    const Field& field = scope.model().field(index);
    std::string values;
    for (std::size_t i = 0; i < selection.chosen.size(); ++i)
      if (selection.chosen[i] != 0)
        values.append(values.empty() ? "'" : ",'").append(Poco::replace(field.symbols[i].text, "'", "''")).append("'");
    made.append(made.empty() ? "" : ",").append("[" + Poco::replace(field.name, "]", "]]") + "]={" + values + "}");
  }
  call.reply.member("qSetExpression", made.empty() ? "" : "<" + made + ">");
}

void Dispatcher::get_lineage(Call& call) {
  JsonArray made = array();
  for (const auto& table : session_->scope().model().tables())
    made->add(object({{"qDiscriminator", "lib://" + call.app->title() + "/" + table.name + ".csv"}, {"qStatement", ""}}));
  call.reply.member("qLineage", made);
}

void Dispatcher::get_connections(Call& call) { call.reply.member("qConnections", array()); }

void Dispatcher::get_connection(Call& call) { throw EngineError{2001, call.params.text(0, "qConnectionId"), "Connection not found"}; }

void Dispatcher::get_empty_script(Call& call) {
  const auto& locale = session_->scope().locale();
  call.reply.member("qReturn", "///$tab Main\r\nSET ThousandSep='" + locale.thousands + "';\r\nSET DecimalSep='" + locale.decimal +
                                   "';\r\nSET DateFormat='" + locale.date + "';\r\n");
}

void Dispatcher::check_script_syntax(Call& call) { call.reply.member("qErrors", array()); }

void Dispatcher::get_matching_fields(Call& call) {
  const auto wanted = texts(call.params.array(0, "qTags"));
  const Json mode = call.params.get(1, "qMatchingFieldMode");
  const bool one =
      (mode.isNumeric() && mode.convert<int>() == 1) || (mode.isString() && mode.extract<std::string>() == "MATCHINGFIELDMODE_MATCH_ONE");
  JsonArray made = array();
  for (const auto& field : session_->scope().model().fields()) {
    const auto tags = tags_of(field);
    const auto has = [&](const std::string& tag) { return std::find(tags.begin(), tags.end(), tag) != tags.end(); };
    if (!(one ? std::any_of(wanted.begin(), wanted.end(), has) : std::all_of(wanted.begin(), wanted.end(), has))) continue;
    JsonArray shown = array();
    for (const auto& tag : tags) shown->add(tag);
    made->add(object({{"qName", field.name}, {"qTags", shown}}));
  }
  call.reply.member("qFieldNames", made);
}

void Dispatcher::get_media_list(Call& call) {
  call.reply.member("qReturn", true);
  call.reply.member("qList", object({{"qItems", array()}}));
}

void Dispatcher::get_favorite_variables(Call& call) { call.reply.member("qNames", array()); }

// The legacy form: no generic object.
void Dispatcher::get_variable(Call& call) {
  const auto& variables = session_->scope().variables;
  const auto found = variables.find(call.params.text(0, "qName"));
  if (found == variables.end()) {
    write_null(call);
    return;
  }
  const int handle = handle_of({Held::Kind::variable, found->second.name, {}, nullptr, false});
  call.reply.member("qReturn", object({{"qType", "Variable"}, {"qHandle", handle}}));
}

void Dispatcher::variable_content(Call& call) {
  const std::string& definition = variable_of(call).definition;
  call.reply.member("qContent", object({{"qString", definition}, {"qIsExpression", definition.starts_with('=')}}));
}

// What is searched through: the fields named, or all.
std::vector<const Field*> Dispatcher::searched_fields(const JsonObject& options) {
  const DataModel& model = session_->scope().model();
  std::vector<const Field*> made;
  for (const auto& name : texts(array_member(options, "qSearchFields"))) {
    if (name.empty()) continue;
    const int index = model.find_field(name);
    if (index < 0) throw EngineError{8, "Options.SearchFields", "Invalid parameters"};  // measured
    made.push_back(&model.field(index));
  }
  if (made.empty())
    for (const auto& field : model.fields()) made.push_back(&field);
  return made;
}

namespace {

struct Matches {
  JsonArray values = array();  // in which a term stands
  JsonArray terms = array();   // the numbers of those that stand somewhere
};

Matches matches_of(const Field& field, const std::vector<std::string>& terms) {
  Matches found;
  std::vector<char> matched(terms.size(), 0);
  for (std::size_t element = 0; element < field.symbols.size(); ++element) {
    const auto& text = field.symbols[element].text;
    JsonArray ranges = array();
    for (std::size_t i = 0; i < terms.size(); ++i) {
      const auto range = range_of(text, terms[i], i);
      if (range.isNull()) continue;
      ranges->add(range);
      matched[i] = 1;
    }
    if (ranges->size() == 0) continue;
    found.values->add(object({{"qText", text}, {"qElemNumber", static_cast<std::int64_t>(element)}, {"qRanges", ranges}}));
  }
  for (std::size_t i = 0; i < matched.size(); ++i)
    if (matched[i] != 0) found.terms->add(static_cast<std::int64_t>(i));
  return found;
}

JsonArray first_of(const JsonArray& values, std::int64_t most) {
  if (most < 0) return values;
  JsonArray made = array();
  for (std::size_t i = 0; i < values->size() && static_cast<std::int64_t>(i) < most; ++i) made->add(values->get(static_cast<unsigned>(i)));
  return made;
}

}  // namespace

// A group for each field with values in which a term stands.
void Dispatcher::search_results(Call& call) {
  const auto fields = searched_fields(as_object(call.params.get(0, "qOptions")));
  const auto terms = texts(call.params.array(1, "qTerms"));
  const auto page = as_object(call.params.get(2, "qPage"));
  const auto offset = int_member(page, "qOffset");
  const auto most = int_member(page, "qCount", 5);
  const auto most_matches = int_member(page, "qMaxNbrFieldMatches", -1);
  JsonArray groups = array();
  std::int64_t total = 0;
  for (const auto* field : fields) {
    const auto matches = matches_of(*field, terms);
    if (matches.values->size() == 0) continue;
    if (total++ < offset || (most >= 0 && total > offset + most)) continue;
    groups->add(object({{"qId", total - 1},
                        {"qGroupType", "DatasetType"},
                        {"qSearchTermsMatched", matches.terms},
                        {"qTotalNumberOfItems", 1},
                        {"qItems", array({object({{"qItemType", "Field"},
                                                  {"qTotalNumberOfMatches", static_cast<std::int64_t>(matches.values->size())},
                                                  {"qIdentifier", field->name},
                                                  {"qItemMatches", first_of(matches.values, most_matches)},
                                                  {"qSearchTermsMatched", matches.terms}})})}}));
  }
  JsonArray given = array();
  for (const auto& term : terms) given->add(term);
  call.reply.member("qResult", object({{"qSearchTerms", given}, {"qTotalNumberOfGroups", total}, {"qSearchGroupArray", groups}}));
}

// A result for each field with values in which a term stands.
void Dispatcher::search_associations(Call& call) {
  const auto fields = searched_fields(as_object(call.params.get(0, "qOptions")));
  const auto terms = texts(call.params.array(1, "qTerms"));
  JsonArray names = array();
  JsonArray dictionaries = array();
  JsonArray found = array();
  for (const auto* field : fields) {
    const auto matches = matches_of(*field, terms);
    const auto count = static_cast<std::int64_t>(matches.values->size());
    if (count == 0) continue;
    JsonArray values = array();
    for (std::int64_t i = 0; i < count; ++i) values->add(i);
    const auto index = static_cast<std::int64_t>(dictionaries->size());
    names->add(field->name);
    dictionaries->add(object({{"qField", index}, {"qResult", matches.values}}));
    const auto match = object({{"qField", index}, {"qValues", values}, {"qTerms", matches.terms}, {"qNoOfMatches", count}});
    found->add(array({object({{"qId", index}, {"qFieldMatches", array({match})}})}));
  }
  JsonArray given = array();
  for (const auto& term : terms) given->add(term);
  call.reply.member("qResults", object({{"qFieldNames", names},
                                        {"qSearchTerms", given},
                                        {"qFieldDictionaries", dictionaries},
                                        {"qSearchTermsMatched", found},
                                        {"qTotalSearchResults", static_cast<std::int64_t>(found->size())}}));
}

void Dispatcher::get_configuration(Call& call) {
  call.reply.member("qConfig", object({{"qFeatures", object()}, {"qDefaultPages", array()}}));
}

void Dispatcher::get_functions(Call& call) {
  JsonArray made = array();
  for (const auto& name : function_names()) made->add(object({{"qName", name}, {"qGroup", "SCRIPTANDGUI"}, {"qSignature", name + "()"}}));
  call.reply.member("qFunctions", made);
}

void Dispatcher::get_stream_list(Call& call) { call.reply.member("qStreamList", array()); }

}  // namespace qonduit::simulator
