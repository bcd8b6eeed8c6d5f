#include "core/engine/envelope.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "core/engine/message.hpp"
#include "qonduit/text.hpp"

namespace qonduit::engine {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t kWorthTheFastWay = 4096;

bool blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool digit(char c) { return c >= '0' && c <= '9'; }

// Reads members from the front: small scalars only, up to "result".
class Front {
 public:
  explicit Front(std::string_view text) : text_(text) {}

  // Where the result's value begins, or npos.
  std::size_t find_result(Envelope& envelope) {
    if (!take('{')) return std::string_view::npos;
    for (int members = 0; members < 8; ++members) {
      std::string_view name;
      if (!take_text(name) || !take(':')) return std::string_view::npos;
      if (name == "result") {
        skip_blanks();
        return at_;
      }
      if (name == "id") {
        std::uint64_t id = 0;
        if (!take_number(id)) return std::string_view::npos;
        envelope.id = id;
      } else if (name == "jsonrpc") {
        std::string_view version;
        if (!take_text(version)) return std::string_view::npos;
      } else {
        return std::string_view::npos;
      }
      if (!take(',')) return std::string_view::npos;
    }
    return std::string_view::npos;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && blank(text_[at_])) ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take_text(std::string_view& out) {
    if (!take('"')) return false;
    const auto end = text_.find('"', at_);
    if (end == std::string_view::npos) return false;
    out = text_.substr(at_, end - at_);
    if (out.find('\\') != std::string_view::npos) return false;
    at_ = end + 1;
    return true;
  }
  bool take_number(std::uint64_t& out) {
    skip_blanks();
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), out);
    if (error != std::errc()) return false;
    at_ = static_cast<std::size_t>(end - text_.data());
    return at_ < text_.size() && (text_[at_] == ',' || text_[at_] == '}' || blank(text_[at_]));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// Reads known members from the back.
class Tail {
 public:
  Tail(std::string_view text, std::size_t floor) : text_(text), floor_(floor), end_(text.size()) {}

  // Where the result's value ends, or npos when the tail is not of the known form.
  std::size_t find_result_end(Envelope& envelope) {
    if (!take_back('}')) return std::string_view::npos;
    while (true) {
      skip_blanks();
      const auto last = end_ > floor_ ? text_[end_ - 1] : '\0';
      if (last == ']' || last == 'e') {
        if (!take_member(envelope)) return std::string_view::npos;
      } else {
        // The result of every method is an object.
        return last == '}' ? end_ : std::string_view::npos;
      }
    }
  }

 private:
  void skip_blanks() {
    while (end_ > floor_ && blank(text_[end_ - 1])) --end_;
  }
  bool take_back(char c) {
    skip_blanks();
    if (end_ <= floor_ || text_[end_ - 1] != c) return false;
    --end_;
    return true;
  }
  bool take_back(std::string_view token) {
    skip_blanks();
    if (end_ < floor_ + token.size() || text_.substr(end_ - token.size(), token.size()) != token) return false;
    end_ -= token.size();
    return true;
  }

  bool take_member(Envelope& envelope) {
    bool delta = false;
    std::vector<int> handles;
    const bool is_list = text_[end_ - 1] == ']';
    if (is_list) {
      if (!take_list(handles)) return false;
    } else if (take_back("true")) {
      delta = true;
    } else if (!take_back("false")) {
      return false;
    }
    if (!take_back(':')) return false;
    if (!is_list) {
      if (!take_back("\"delta\"")) return false;
      envelope.delta = delta;
    } else if (take_back("\"change\"")) {
      envelope.changed = std::move(handles);
    } else if (take_back("\"close\"")) {
      envelope.closed = std::move(handles);
    } else if (take_back("\"suspend\"")) {
      envelope.suspended = std::move(handles);
    } else {
      return false;
    }
    return take_back(',');
  }

  bool take_list(std::vector<int>& handles) {
    --end_;  // ']'
    skip_blanks();
    if (take_back('[')) return true;
    while (true) {
      skip_blanks();
      const auto stop = end_;
      while (end_ > floor_ && digit(text_[end_ - 1])) --end_;
      if (end_ > floor_ && text_[end_ - 1] == '-') --end_;
      int handle = 0;
      const auto [parsed, error] = std::from_chars(text_.data() + end_, text_.data() + stop, handle);
      if (error != std::errc() || parsed != text_.data() + stop) return false;
      handles.push_back(handle);
      if (take_back(',')) continue;
      if (!take_back('[')) return false;
      std::reverse(handles.begin(), handles.end());
      return true;
    }
  }

  std::string_view text_;
  std::size_t floor_;
  std::size_t end_;
};

Status broken(simdjson::error_code error) {
  return {Code::bad_data, std::string("the engine sent a message that is not valid JSON-RPC: ") + simdjson::error_message(error)};
}

// The raw text of a value; steps over it.
simdjson::error_code raw_of(ondemand::value value, std::string_view& out) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (type == ondemand::json_type::object) {
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return error;
    return object.raw_json().get(out);
  }
  if (type == ondemand::json_type::array) {
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) return error;
    return array.raw_json().get(out);
  }
  out = trimmed(value.raw_json_token());
  // A token is consumed by reading it; what it is does not matter here.
  if (type == ondemand::json_type::string) return value.get_string().error();
  if (type == ondemand::json_type::number) return value.get_double().error();
  if (type == ondemand::json_type::boolean) return value.get_bool().error();
  return simdjson::SUCCESS;
}

simdjson::error_code handles_of(ondemand::value value, std::vector<int>& out) {
  ondemand::array array;
  if (const auto error = value.get_array().get(array)) return error;
  for (auto item : array) {
    std::int64_t handle = 0;
    if (const auto error = item.get_int64().get(handle)) return error;
    out.push_back(static_cast<int>(handle));
  }
  return simdjson::SUCCESS;
}

}  // namespace

std::optional<Envelope> parse_envelope_fast(std::string_view text) {
  Envelope envelope;
  const auto begin = Front(text).find_result(envelope);
  if (begin == std::string_view::npos || !envelope.id || begin >= text.size() || text[begin] != '{') return std::nullopt;
  const auto end = Tail(text, begin).find_result_end(envelope);
  if (end == std::string_view::npos || end <= begin + 1) return std::nullopt;
  envelope.result = text.substr(begin, end - begin);
  return envelope;
}

Result<Envelope> parse_envelope_fully(std::string_view text) {
  static thread_local ondemand::parser parser;
  ondemand::document document;
  if (const auto error =
          parser.iterate(simdjson::padded_string_view(text.data(), text.size(), text.size() + Message::kPadding)).get(document))
    return broken(error);
  ondemand::object root;
  if (const auto error = document.get_object().get(root)) return broken(error);
  Envelope envelope;
  for (auto item : root) {
    ondemand::field field;
    if (const auto error = std::move(item).get(field)) return broken(error);
    const auto raw_name = field.key();
    simdjson::error_code error = simdjson::SUCCESS;
    if (raw_name == "id") {
      ondemand::json_type type{};
      error = field.value().type().get(type);
      std::uint64_t id = 0;
      if (!error && type == ondemand::json_type::number) {
        error = field.value().get_uint64().get(id);
        if (!error) envelope.id = id;
      }
    } else if (raw_name == "result") {
      error = raw_of(field.value(), envelope.result);
    } else if (raw_name == "error") {
      error = raw_of(field.value(), envelope.error);
    } else if (raw_name == "method") {
      error = raw_of(field.value(), envelope.method);
      if (envelope.method.size() >= 2) envelope.method = envelope.method.substr(1, envelope.method.size() - 2);
    } else if (raw_name == "params") {
      error = raw_of(field.value(), envelope.params);
    } else if (raw_name == "change") {
      error = handles_of(field.value(), envelope.changed);
    } else if (raw_name == "close") {
      error = handles_of(field.value(), envelope.closed);
    } else if (raw_name == "suspend") {
      error = handles_of(field.value(), envelope.suspended);
    } else if (raw_name == "delta") {
      bool delta = false;
      error = field.value().get_bool().get(delta);
      envelope.delta = delta;
    }
    if (error) return broken(error);
  }
  envelope.result = trimmed(envelope.result);
  envelope.error = trimmed(envelope.error);
  envelope.params = trimmed(envelope.params);
  return envelope;
}

Result<Envelope> parse_envelope(std::string_view text) {
  text = trimmed(text);
  if (text.size() >= kWorthTheFastWay) {
    if (auto envelope = parse_envelope_fast(text)) return std::move(*envelope);
  }
  return parse_envelope_fully(text);
}

}  // namespace qonduit::engine
