#include "dead_letter.hpp"

#include <qonduit/text.hpp>
#include <qonduit/value_text.hpp>

#include <openssl/evp.h>
#include <simdjson.h>

#include <chrono>

#include "json.hpp"

namespace qonduit::queue {
namespace {

using simdjson::dom::object;

std::string to_base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0 || text.size() % 4 != 0) return std::nullopt;
  // Padding counts as zero bytes.
  out.resize(static_cast<std::size_t>(size) - (text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0));
  return out;
}

void append_bytes(const std::string& name, std::string_view value, std::string& out) {
  if (is_utf8(value)) return append_json_member(name, value, out);
  append_json_member(name + "_base64", to_base64(value), out);
}

// Reads members of one line, and remembers the first that is not of its type and those that are not there.
class Members {
 public:
  explicit Members(const object& line) : line_(line) {}

  // Answers whether it is there.
  template <typename Wanted, typename Take>
  bool read(std::string_view name, const char* type, const Take& take) {
    simdjson::dom::element member;
    if (line_.at_key(name).get(member) != simdjson::SUCCESS) return false;
    Wanted value{};
    if (member.get(value) == simdjson::SUCCESS && take(value)) return true;
    if (wrong_.empty()) wrong_ = "'" + std::string(name) + "' is no " + type;
    return true;
  }
  bool text(std::string_view name, std::string& out) {
    return read<std::string_view>(name, "text", [&](std::string_view value) { return out = value, true; });
  }
  bool bytes(const std::string& name, std::string& out) {
    if (text(name, out)) return true;
    return read<std::string_view>(name + "_base64", "base64", [&](std::string_view value) {
      auto decoded = from_base64(value);
      if (decoded) out = std::move(*decoded);
      return decoded.has_value();
    });
  }
  void need(bool there, std::string_view name) {
    if (!there) missing_ += (missing_.empty() ? "" : ", ") + std::string(name);
  }

  [[nodiscard]] const std::string& wrong() const { return wrong_; }
  [[nodiscard]] const std::string& missing() const { return missing_; }

 private:
  object line_;
  std::string wrong_, missing_;
};

}  // namespace

void DeadLetter::refuse(const Refused& refused) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  ValueText room;
  time = std::string(timestamp_text(std::chrono::duration_cast<std::chrono::seconds>(now).count() * 1000, room, 'T')) + "Z";
  reason = refused.reason;
  destination = refused.destination;
}

void append_line(const DeadLetter& letter, std::string& out) {
  std::string line = "{";
  append_json_member("time", letter.time, line);
  append_json_member("reason", letter.reason, line);
  append_json_member("destination", letter.destination, line);
  append_json_member("to", letter.to.name, line);
  append_json_member("kind", to_string(letter.kind), line);
  append_json_member("id", letter.id, line);
  append_json_member("content_type", letter.content_type, line);
  line += ",\"rows\":" + std::to_string(letter.rows);
  line += std::string(",\"rows_header\":") + (letter.to.rows_header ? "true" : "false");
  append_json_member("pipeline", letter.pipeline, line);
  append_json_member("run", letter.run, line);
  append_json_member("app", letter.app, line);
  append_json_member("object", letter.object, line);
  append_json_member("dataset", letter.dataset, line);
  line += ",\"headers\":{";
  for (const auto& [name, value] : letter.to.headers) append_json_member(name, value, line);
  line += '}';
  if (letter.key) append_bytes("key", *letter.key, line);
  if (!letter.op.empty()) append_json_member("op", letter.op, line);
  if (letter.tombstone)
    line += ",\"tombstone\":true";
  else
    append_bytes("body", letter.body, line);
  out += line + "}\n";
}

Result<ReadLetter> parse_line(std::string_view line) {
  simdjson::dom::parser parser;
  object members;
  if (parser.parse(line.data(), line.size()).get(members) != simdjson::SUCCESS) return Status(Code::bad_data, "it is no JSON object");
  ReadLetter read;
  auto& letter = read.letter;
  Members from(members);
  from.text("time", letter.time);
  from.text("reason", letter.reason);
  from.text("destination", letter.destination);
  from.need(from.text("to", letter.to.name), "to");
  from.need(from.read<std::string_view>("kind", "kind of message: row or marker",
                                        [&](std::string_view kind) {
                                          letter.kind = kind == "marker" ? MessageKind::marker : MessageKind::row;
                                          return kind == to_string(letter.kind);
                                        }),
            "kind");
  from.need(from.text("id", letter.id), "id");
  from.need(from.text("content_type", letter.content_type), "content_type");
  from.need(from.read<std::uint64_t>("rows", "number of rows", [&](std::uint64_t rows) { return letter.rows = rows, true; }), "rows");
  from.need(from.read<bool>("rows_header", "true or false", [&](bool header) { return letter.to.rows_header = header, true; }),
            "rows_header");
  from.text("pipeline", letter.pipeline);
  from.text("run", letter.run);
  from.text("app", letter.app);
  from.text("object", letter.object);
  from.text("dataset", letter.dataset);
  from.need(from.read<object>("headers", "object of texts",
                              [&](const object& headers) {
                                for (const auto& [name, value] : headers) {
                                  std::string_view text;
                                  if (value.get(text) != simdjson::SUCCESS) return false;
                                  letter.to.headers.emplace_back(name, text);
                                }
                                return true;
                              }),
            "headers");
  if (std::string key; from.bytes("key", key)) letter.key = std::move(key);
  from.text("op", letter.op);
  from.read<bool>("tombstone", "true or false", [&](bool tombstone) { return letter.tombstone = tombstone, true; });
  from.need(letter.tombstone || from.bytes("body", letter.body), "body");
  if (!from.wrong().empty()) return Status(Code::bad_data, from.wrong());
  read.missing = from.missing();
  return read;
}

}  // namespace qonduit::queue
