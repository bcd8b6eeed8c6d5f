#include "cassette/cassette.hpp"

#include <Poco/Exception.h>

#include <algorithm>

#include "apps/cube_finder.hpp"
#include "cassette/recorded_headers.hpp"

namespace qonduit::simulator {
namespace {

constexpr std::int64_t kFormat = 1;

void append_canonical(std::string& out, const Json& value) {
  if (const auto members = as_object(value); !members.isNull()) {
    auto names = members->getNames();
    std::sort(names.begin(), names.end());
    out.push_back('{');
    for (const auto& name : names) {
      append_quoted(out, name);
      out.push_back(':');
      append_canonical(out, members->get(name));
      out.push_back(',');
    }
    out.push_back('}');
  } else if (const auto items = as_array(value); !items.isNull()) {
    out.push_back('[');
    for (const auto& item : *items) {
      append_canonical(out, item);
      out.push_back(',');
    }
    out.push_back(']');
  } else {
    out.append(to_text(value));
  }
}

std::string answer_key(const std::string& name, int state, const std::string& method, const Json& params) {
  return name + " " + std::to_string(state) + " " + method + " " + canonical(params);
}

std::string stateless_key(const std::string& name, const std::string& method, const Json& params) {
  return name + " " + method + " " + canonical(params);
}

// Qlik leaves out what is default; a layout without a size has no rows.
std::int64_t size_of(const JsonObject& cube, const char* member) { return int_member(object_member(cube, "qSize"), member); }

}  // namespace

std::string canonical(const Json& value) {
  std::string out;
  append_canonical(out, value);
  return out;
}

std::string definition_key(const JsonObject& definition) {
  auto copy = as_object(copy_of(definition));
  if (auto info = object_member(copy, "qInfo"); !info.isNull()) info->remove("qId");
  return canonical(copy);
}

Cassette::Cassette(const std::string& path) : file_(path) {
  std::int64_t number = 0;
  for (auto rest = file_.text(); !rest.empty();) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) break;  // cut short: there is no end line then
    try {
      if (end_ >= 0) throw Poco::DataFormatException("there are lines behind the end");
      read_line(rest.substr(0, end));
      if (end_ >= 0 && end_ != number) throw Poco::DataFormatException("lines are missing before the end");
    } catch (const Poco::Exception& error) {
      throw Poco::DataFormatException(path + ", line " + std::to_string(number + 1), error.message());
    }
    ++number;
    rest.remove_prefix(end + 1);
  }
  if (end_ < 0) throw Poco::DataFormatException(path, "the recording was cut short: it has no end");
  if (app_layout_.isNull()) throw Poco::DataFormatException(path, "the recording has no app");
  evaluate_layouts();
}

void Cassette::read_line(std::string_view line) {
  if (line.starts_with("{\"page\":")) return read_page(line);
  const auto entry = as_object(parse_json(std::string(line)));
  if (entry.isNull()) throw Poco::DataFormatException("not a JSON object");
  if (!begun_) {
    if (int_member(entry, "cassette") != kFormat) throw Poco::DataFormatException("not a recording this simulator can play (format 1)");
    begun_ = true;
  } else if (entry->has("app")) {
    app_id_ = text_member(entry, "app");
    app_layout_ = object_member(entry, "layout");
  } else if (entry->has("object")) {
    objects_.push_back({text_member(entry, "object"), text_member(entry, "type")});
  } else if (entry->has("session")) {
    sessions_[definition_key(object_member(entry, "definition"))] = text_member(entry, "session");
  } else if (entry->has("end")) {
    end_ = int_member(entry, "end");
  } else {
    for (const char* kind : {"reply", "refused", "acted", "handle"})
      if (entry->has(kind)) return read_answer(entry, kind);
    throw Poco::DataFormatException("a line of a kind that is not known");
  }
}

void Cassette::read_page(std::string_view line) {
  static constexpr std::string_view kContent = ",\"content\":";
  const auto at = line.find(kContent);  // quotes inside of texts are escaped
  if (at == std::string_view::npos) throw Poco::DataFormatException("a page without content");
  const auto head = as_object(parse_json(std::string(line.substr(0, at)) + "}"));
  const Area area{int_member(head, "left"), int_member(head, "top"), int_member(head, "width"), int_member(head, "height")};
  const auto begin = at + kContent.size();
  pages_[{text_member(head, "of"), static_cast<int>(int_member(head, "state"))}][text_member(head, "path")].push_back(
      {text_member(head, "page"), area, line.substr(begin, line.size() - begin - 1)});
}

void Cassette::read_answer(const JsonObject& line, const char* kind) {
  const std::string method = text_member(line, kind);
  const std::string name = text_member(line, "of");
  const int state = static_cast<int>(int_member(line, "state"));
  Answer answer;
  answer.result = object_member(line, "result");
  answer.code = static_cast<int>(int_member(line, "code"));
  answer.then = static_cast<int>(int_member(line, "then", -1));
  answer.handle = text_member(line, "name");
  answer.returned = text_member(line, "type");
  if (method == "GetLayout" && !answer.result.isNull()) layouts_[{name, state}] = object_member(answer.result, "qLayout");
  if (method == "GetTableData" && !answer.result.isNull()) {
    return read_table(as_array(line->get("params")), array_member(answer.result, "qData"));
  }
  first_answers_.try_emplace(stateless_key(name, method, line->get("params")), answer);
  answers_[answer_key(name, state, method, line->get("params"))] = std::move(answer);
}

void Cassette::read_table(const JsonArray& params, const JsonArray& rows) {
  if (params.isNull() || params->size() < 4) throw Poco::DataFormatException("GetTableData without its parameters");
  const auto offset = params->getElement<std::int64_t>(0);
  const auto count = params->getElement<std::int64_t>(1);
  auto& table = tables_[params->getElement<std::string>(3)];
  const auto found = rows.isNull() ? 0 : static_cast<std::int64_t>(rows->size());
  for (std::int64_t i = 0; i < found; ++i) table.rows[offset + i] = rows->get(static_cast<unsigned>(i));
  if (found > 0 && found < count) table.end = offset + found;
  if (found == 0 && (table.end < 0 || offset < table.end)) table.end = offset;
}

JsonArray Cassette::table_rows(const std::string& name, std::int64_t offset, std::int64_t count) const {
  const auto found = tables_.find(name);
  if (found == tables_.end()) return {};
  const auto& [rows, end] = found->second;
  JsonArray answer = array();
  const auto last = end < 0 ? offset + count : std::min(offset + count, end);
  for (auto at = offset; at < last; ++at) {
    const auto row = rows.find(at);
    if (row == rows.end()) return {};
    answer->add(row->second);
  }
  return answer;
}

const Cassette::Answer* Cassette::find(const std::string& name, int state, const std::string& method, const Json& params) const {
  const auto found = answers_.find(answer_key(name, state, method, params));
  if (found != answers_.end()) return &found->second;
  const auto* first = find_in_any_state(name, method, params);
  return first == nullptr || first->handle.empty() ? nullptr : first;
}

const Cassette::Answer* Cassette::find_in_any_state(const std::string& name, const std::string& method, const Json& params) const {
  const auto found = first_answers_.find(stateless_key(name, method, params));
  return found == first_answers_.end() ? nullptr : &found->second;
}

std::string Cassette::session_name(const JsonObject& definition) const {
  const auto found = sessions_.find(definition_key(definition));
  return found == sessions_.end() ? std::string() : found->second;
}

JsonObject Cassette::layout(const std::string& name) const {
  const auto found = layouts_.lower_bound({name, 0});
  return found == layouts_.end() || found->first.first != name ? JsonObject() : found->second;
}

// A list of an app's objects names those that were recorded: of the others there is nothing to answer.
void Cassette::prune_list(const JsonObject& layout) const {
  auto list = object_member(layout, "qAppObjectList");
  const auto items = array_member(list, "qItems");
  if (items.isNull()) return;
  JsonArray kept = array();
  for (const auto& item : *items) {
    const auto id = text_member(object_member(as_object(item), "qInfo"), "qId");
    if (std::any_of(objects_.begin(), objects_.end(), [&](const Object& object) { return object.id == id; })) kept->add(item);
  }
  list->set("qItems", kept);
}

void Cassette::evaluate_layouts() {
  for (const auto& [place, layout] : layouts_) {
    auto made = std::make_shared<Evaluation>();
    prune_list(layout);
    made->layout = to_text(layout);
    const auto& pages = pages_[place];
    find_cubes(layout, "", [&](const JsonObject& cube, const std::string& path, bool is_list) {
      const auto found = pages.find(path);
      made->cubes[path] = make_cube(cube, is_list, found == pages.end() ? std::vector<Page>() : found->second);
    });
    evaluations_[place] = std::move(made);
  }
}

Cube Cassette::make_cube(const JsonObject& cube, bool is_list, const std::vector<Page>& pages) const {
  Cube made;
  made.mode = is_list ? "list" : text_member(cube, "qMode", "S");
  const auto rows = static_cast<std::uint64_t>(size_of(cube, "qcy"));
  const auto columns = static_cast<std::uint32_t>(size_of(cube, "qcx"));
  const auto each = [&](const std::string& method, const auto& add) {
    for (const auto& page : pages)
      if (page.method == method) add(page.area, page.content);
  };
  if (made.mode == "P") {
    auto pivot = std::make_shared<RecordedPivot>(rows, columns);
    each("GetHyperCubePivotData", [&](const Area& area, std::string_view content) { pivot->add(area, content); });
    made.pages = pivot;
  } else if (made.mode == "K") {
    auto stack = std::make_shared<RecordedStack>(static_cast<std::int64_t>(rows), columns);
    each("GetHyperCubeStackData", [&](const Area& area, std::string_view content) { stack->add(area, content); });
    made.pages = stack;
  } else {
    auto matrix = std::make_shared<RecordedMatrix>("qMatrix", rows, columns);
    each(is_list ? "GetListObjectData" : "GetHyperCubeData",
         [&](const Area& area, std::string_view content) { matrix->add(area, content); });
    made.matrix = matrix;
  }
  return made;
}

std::shared_ptr<const Evaluation> Cassette::evaluation(const std::string& name, int state, const std::string& id) const {
  const auto found = evaluations_.find({name, state});
  if (found == evaluations_.end()) return nullptr;
  const auto& layout = layouts_.at({name, state});
  if (text_member(object_member(layout, "qInfo"), "qId") == id) return found->second;
  auto made = std::make_shared<Evaluation>(*found->second);
  auto copy = as_object(copy_of(layout));
  if (auto info = object_member(copy, "qInfo"); !info.isNull()) info->set("qId", id);
  made->layout = to_text(copy);
  return made;
}

}  // namespace qonduit::simulator
