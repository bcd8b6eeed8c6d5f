#include "calls/reply.hpp"

namespace qonduit::simulator {
namespace {

std::string list(const std::vector<int>& handles) {
  std::string made = "[";
  for (const int handle : handles) made.append(made.size() > 1 ? "," : "").append(std::to_string(handle));
  return made + "]";
}

constexpr std::string_view kPatch = "[{\"op\":\"add\",\"path\":\"/\",\"value\":";

}  // namespace

Reply::Reply(std::string buffer, const Json& id) : text_(std::move(buffer)), id_(id.isEmpty() ? "null" : to_text(id)) { begin(); }

void Reply::use_delta(DeltaCache& cache, int handle, const std::string& method) {
  cache_ = &cache;
  cache_key_ = {handle, method};
  begin();
}

void Reply::begin() {
  text_.assign("{\"jsonrpc\":\"2.0\",\"id\":");
  text_.append(id_);
  if (cache_ != nullptr) text_.append(",\"delta\":true");
  text_.append(",\"result\":{");
  first_ = true;
}

std::string& Reply::begin_member(std::string_view name) {
  if (!first_) text_.push_back(',');
  first_ = false;
  text_.push_back('"');
  text_.append(name);
  text_.append("\":");
  member_ = name;
  value_begin_ = text_.size();
  if (cache_ != nullptr) text_.append(kPatch);
  return text_;
}

void Reply::end_member() {
  if (cache_ == nullptr) return;
  const std::string_view value = std::string_view(text_).substr(value_begin_ + kPatch.size());
  auto& known = (*cache_)[{cache_key_.first, cache_key_.second + "." + member_}];
  if (known == value) {
    text_.resize(value_begin_);
    text_.append("[]");
    return;
  }
  known = value;
  text_.append("}]");
}

void Reply::member_text(std::string_view name, std::string_view json) {
  begin_member(name).append(json);
  end_member();
}

void Reply::member(std::string_view name, const Json& value) { member_text(name, value.isEmpty() ? "null" : to_text(value)); }

std::string Reply::finish() {
  text_.push_back('}');
  if (!change_.empty()) text_.append(",\"change\":").append(list(change_));
  if (!close_.empty()) text_.append(",\"close\":").append(list(close_));
  if (!suspend_.empty()) text_.append(",\"suspend\":").append(list(suspend_));
  text_.push_back('}');
  return std::move(text_);
}

std::string Reply::fail(const EngineError& error) {
  text_.assign("{\"jsonrpc\":\"2.0\",\"id\":");
  text_.append(id_).append(",\"error\":{\"code\":").append(std::to_string(error.code)).append(",\"parameter\":");
  append_quoted(text_, error.parameter);
  text_.append(",\"message\":");
  append_quoted(text_, error.message);
  text_.append("}}");
  return std::move(text_);
}

std::string change_push(const std::vector<int>& handles) { return "{\"jsonrpc\":\"2.0\",\"change\":" + list(handles) + "}"; }

std::string notification(const std::string& name, const Json& params) {
  return to_text(object({{"jsonrpc", "2.0"}, {"method", name}, {"params", params}}));
}

}  // namespace qonduit::simulator
