#include "core/recording/tape.hpp"

#include <simdjson.h>

#include <functional>

#include "qonduit/json_text.hpp"

namespace qonduit::recording {
namespace {

namespace dom = simdjson::dom;

constexpr int kFormat = 1;

std::string_view word(Scramble what) {
  switch (what) {
    case Scramble::none: return "none";
    case Scramble::values: return "values";
    case Scramble::names: return "names";
  }
  return "names";
}

std::string text_at(const dom::element& root, std::string_view pointer) {
  std::string_view text;
  return root.at_pointer(pointer).get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

// A definition without the id, which is new in each run.
std::string without_id(std::string_view definition) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(definition.data(), definition.size()).get_object().get(object) != simdjson::SUCCESS) return std::string(definition);
  std::string out = "{";
  for (const auto field : object) {
    out += (out.size() > 1 ? "," : "") + json_string(field.key) + ":";
    dom::object info;
    if (field.key != "qInfo" || field.value.get(info) != simdjson::SUCCESS) {
      out += simdjson::minify(field.value);
      continue;
    }
    std::string kept = "{";
    for (const auto member : info) {
      if (member.key == "qId") continue;
      kept += (kept.size() > 1 ? "," : "") + json_string(member.key) + ":" + std::string(simdjson::minify(member.value));
    }
    out += kept + "}";
  }
  return out + "}";
}

}  // namespace

Status Tape::begin(const std::string& version) {
  write("{\"cassette\":" + std::to_string(kFormat) + ",\"made-by\":" + json_string("qonduit " + version) + ",\"scrambled\":\"" +
        std::string(word(scrambler_.what())) + "\"}");
  return failed_;
}

void Tape::opened(const std::string& app_id) {
  const std::lock_guard lock(mutex_);
  app_.id = scrambler_.name(app_id);
}

Status Tape::app(const Exchange& exchange) {
  const std::lock_guard lock(mutex_);
  const auto scrambled = scrambler_.document(exchange.result);
  dom::parser parser;
  dom::element root;
  if (!scrambled || parser.parse(*scrambled).get(root) != simdjson::SUCCESS) {
    fail(scrambled ? Status(Code::bad_data, "GetAppLayout was answered with something that is not JSON") : scrambled.error());
    return failed_;
  }
  app_.title = text_at(root, "/qLayout/qTitle");
  app_.reload_time = text_at(root, "/qLayout/qLastReloadTime");
  dom::element layout;
  if (root["qLayout"].get(layout) != simdjson::SUCCESS) return failed_;
  auto& known = known_["app"];
  const auto hash = std::hash<std::string>{}(*scrambled);
  if (known == hash) return failed_;
  known = hash;
  write("{\"app\":" + json_string(app_.id) + ",\"layout\":" + std::string(simdjson::minify(layout)) + "}");
  return failed_;
}

std::string Tape::object(const std::string& id, const std::string& type) {
  const std::lock_guard lock(mutex_);
  auto& name = objects_[id];
  if (name.empty()) {
    const auto shown = scrambler_.name(id);
    name = "object:" + shown;
    write("{\"object\":" + json_string(shown) + ",\"type\":" + json_string(type) + "}");
  }
  return name;
}

std::string Tape::session_object(const std::string& id, std::string_view definition, const std::string& type) {
  const std::lock_guard lock(mutex_);
  const auto own = without_id(definition);
  auto& name = definitions_[own];
  if (name.empty()) {
    name = "session:" + std::to_string(definitions_.size());
    listed_.made(name, own);
    const auto scrambled = scrambler_.document(own);
    if (!scrambled) {
      fail(scrambled.error());
    } else {
      write("{\"session\":" + json_string(name) + ",\"type\":" + json_string(type) + ",\"definition\":" + *scrambled + "}");
    }
  }
  objects_[id] = name;  // after a reconnect it may be asked for by its id
  return name;
}

std::string Tape::other(const Exchange& exchange, const std::string& type) {
  const std::lock_guard lock(mutex_);
  auto& name = others_[exchange.of + " " + exchange.method + " " + exchange.params];
  if (name.empty()) {
    name = "handle:" + std::to_string(others_.size());
    write(head("handle", exchange) + ",\"name\":" + json_string(name) + ",\"type\":" + json_string(type) + "}");
  }
  return name;
}

// Kind, whose, in which state, asked how; without the closing brace.
std::string Tape::head(std::string_view kind, const Exchange& exchange) {
  const auto params = scrambler_.params(exchange.method, exchange.params);
  if (!params) fail(params.error());
  return "{\"" + std::string(kind) + "\":" + json_string(exchange.method) + ",\"of\":" + json_string(exchange.of) +
         ",\"state\":" + std::to_string(exchange.state) + ",\"params\":" + (params ? *params : "[]");
}

void Tape::reply(const Exchange& exchange) {
  const std::lock_guard lock(mutex_);
  if (!failed_.ok() || pages(exchange)) return;
  if (exchange.method == "GetLayout") looked_at_.insert(exchange.of);
  const auto scrambled = scrambler_.document(exchange.result);
  if (!scrambled) return fail(scrambled.error().within(exchange.method));
  // The same answer again (a layout is read before and after) is no news.
  auto& known = known_[exchange.of + " " + std::to_string(exchange.state) + " " + exchange.method + " " + exchange.params];
  const auto hash = std::hash<std::string>{}(*scrambled);
  if (known == hash) return;
  known = hash;
  write(head("reply", exchange) + ",\"result\":" + *scrambled + "}");
}

// A line for each page: they are found and cut by their area, whatever was asked for.
bool Tape::pages(const Exchange& exchange) {
  dom::parser parser;
  dom::element root;
  dom::array pages;
  if (parser.parse(exchange.result.data(), exchange.result.size()).get(root) != simdjson::SUCCESS) return false;
  if (root["qDataPages"].get(pages) != simdjson::SUCCESS) return false;
  std::string_view path;
  dom::parser params_parser;
  dom::element params;
  if (params_parser.parse(exchange.params).get(params) != simdjson::SUCCESS) return false;
  if (params.at_pointer("/0").get(path) != simdjson::SUCCESS && params["qPath"].get(path) != simdjson::SUCCESS) return false;
  for (const auto page : pages) {
    dom::element area;
    const auto text = std::string(simdjson::minify(page));
    listed_.page(exchange.of, text);
    const auto scrambled = scrambler_.document(text);
    if (!scrambled) return fail(scrambled.error().within(exchange.method)), true;
    const auto number = [&](std::string_view member) {
      std::int64_t value = 0;
      return page["qArea"].get(area) == simdjson::SUCCESS && area[member].get(value) == simdjson::SUCCESS ? value : 0;
    };
    const auto left = number("qLeft"), top = number("qTop"), width = number("qWidth"), height = number("qHeight");
    write("{\"page\":" + json_string(exchange.method) + ",\"of\":" + json_string(exchange.of) +
          ",\"state\":" + std::to_string(exchange.state) + ",\"path\":" + json_string(path) + ",\"left\":" + std::to_string(left) +
          ",\"top\":" + std::to_string(top) + ",\"width\":" + std::to_string(width) + ",\"height\":" + std::to_string(height) +
          ",\"content\":" + *scrambled + "}");
  }
  return true;
}

void Tape::refused(const Exchange& exchange, int code) {
  const std::lock_guard lock(mutex_);
  auto& known = known_[exchange.of + " " + std::to_string(exchange.state) + " " + exchange.method + " " + exchange.params];
  if (known == static_cast<std::size_t>(code)) return;
  known = static_cast<std::size_t>(code);
  write(head("refused", exchange) + ",\"code\":" + std::to_string(code) + "}");
}

int Tape::acted(const Exchange& exchange, bool clears) {
  const std::lock_guard lock(mutex_);
  int next = 0;
  if (!clears) {
    const auto call = exchange.of + " " + exchange.method + " " + exchange.params + "\n";
    auto history = histories_[exchange.state];
    if (!history.ends_with(call)) history += call;  // asked twice after a lost reply
    auto& state = states_[history];
    if (state == 0) state = static_cast<int>(states_.size());
    histories_[next = state] = history;
  }
  state_ = next;
  const auto scrambled = scrambler_.document(exchange.result);
  if (!scrambled) return fail(scrambled.error().within(exchange.method)), next;
  write(head("acted", exchange) + ",\"then\":" + std::to_string(next) + ",\"result\":" + *scrambled + "}");
  return next;
}

void Tape::keep_values_of(const std::string& field) {
  const std::lock_guard lock(mutex_);
  listed_.keep(field);
}

std::vector<ListedValue> Tape::values_of(const std::string& field, const std::string& state) const {
  const std::lock_guard lock(mutex_);
  return listed_.of(field, state);
}

bool Tape::has_object(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto known = objects_.find(id);
  return known != objects_.end() && looked_at_.contains(known->second);
}

int Tape::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

engine::AppInfo Tape::app_info() const {
  const std::lock_guard lock(mutex_);
  return app_;
}

Status Tape::finish() {
  const std::lock_guard lock(mutex_);
  if (!failed_.ok()) return failed_;
  if (auto status = writer_->line("{\"end\":" + std::to_string(writer_->lines()) + "}"); !status.ok()) return status;
  return writer_->finish();
}

void Tape::write(const std::string& line) {
  if (failed_.ok()) failed_ = writer_->line(line);
}

void Tape::fail(const Status& status) {
  if (failed_.ok()) failed_ = status;
}

}  // namespace qonduit::recording
