#include "schema_registry.hpp"

#include <simdjson.h>

#include <qonduit/log.hpp>
#include <qonduit/text.hpp>

#include <algorithm>
#include <chrono>
#include <limits>
#include <random>
#include <string_view>
#include <thread>

#include "json.hpp"

namespace qonduit::queue {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{100}, kLongestPause{5'000};
constexpr std::size_t kMostWords = 1000;  // of the registry, in a message

struct RegistryUrl {
  bool tls = false, loopback = false;
};

// Nothing for what is no URL of a registry.
std::optional<RegistryUrl> parse_url(std::string_view url) {
  RegistryUrl parsed;
  parsed.tls = url.starts_with("https://");
  if (!parsed.tls && !url.starts_with("http://")) return std::nullopt;
  url.remove_prefix(parsed.tls ? 8 : 7);
  if (url.find_first_of("@?# ") != std::string_view::npos) return std::nullopt;
  const auto authority = url.substr(0, url.find('/'));
  const auto host = authority.starts_with('[') ? authority.substr(0, authority.find(']') + 1) : authority.substr(0, authority.find(':'));
  if (host.empty()) return std::nullopt;
  parsed.loopback = host == "localhost" || host == "[::1]" ||
                    (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
  return parsed;
}

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

milliseconds jittered(milliseconds pause) {
  static thread_local std::mt19937 random{std::random_device()()};
  return milliseconds(std::uniform_int_distribution<std::int64_t>(pause.count() / 2, pause.count())(random));
}

}  // namespace

Status SchemaRegistry::check(const QueueOptions& options) {
  const auto wrong = [](std::string why) { return Status(Code::invalid_config, std::move(why)); };
  // The URL is not repeated where it may hold a password.
  if (options.schema_registry.find('@') != std::string::npos)
    return wrong("schema-registry: holds a user; give it by schema-registry-user and schema-registry-password");
  const auto url = parse_url(options.schema_registry);
  if (!url) return wrong("schema-registry: '" + options.schema_registry + "' is no https://host:port/path without query");
  if (!url->tls && !url->loopback && !options.schema_registry_allow_plaintext) {
    return wrong("schema-registry: '" + options.schema_registry +
                 "' is not encrypted; use https://, or set schema-registry-allow-plaintext = true");
  }
  if (options.schema_registry_user.empty() != options.schema_registry_password.empty())
    return wrong("schema-registry-user and schema-registry-password: set both, or none");
  return {};
}

SchemaRegistry::SchemaRegistry(const QueueOptions& options)
    : url_(without_slash(options.schema_registry)),
      register_(options.schema_register),
      wait_(options.connect_wait),
      http_({url_, options.schema_registry_user, options.schema_registry_password, options.schema_registry_ca,
             !parse_url(url_).value_or(RegistryUrl{}).loopback}) {}

Status SchemaRegistry::probe() {
  const auto answer = ask("reach it", "/schemas/types");
  if (!answer) return answer.error();
  return answer->status == 200 ? Status() : refused(Code::invalid_config, "reach it", answer->words);
}

Result<std::int32_t> SchemaRegistry::id(const std::string& subject, const std::string& schema) {
  const std::pair key(subject, schema);
  if (const auto known = ids_.find(key); known != ids_.end()) return known->second;
  const auto until = Clock::now() + wait_;
  for (auto pause = kFirstPause;; pause = std::min(pause * 2, kLongestPause)) {
    auto id = find(subject, schema);
    if (id) ids_.emplace(key, *id);
    const auto now = Clock::now();
    if (id || !retryable(id.error().code()) || now >= until) return id;
    log::warn("the schema registry does not answer", {{"reason", id.error().message()}});
    std::this_thread::sleep_until(std::min(now + jittered(pause), until));
  }
}

Result<std::int32_t> SchemaRegistry::find(const std::string& subject, const std::string& schema) {
  std::string body = "{";
  append_json_member("schema", schema, body);
  body += '}';
  const auto in_words = "look the schema up under the subject '" + subject + "'";
  const auto path = "/subjects/" + percent_encoded(subject);
  const auto known = ask(in_words, path, body);
  if (!known) return known.error();
  if (known->status == 200) {
    if (known->id < 0) return refused(Code::bad_data, in_words, "its answer has no id");
    return static_cast<std::int32_t>(known->id);
  }
  // 40401: no such subject, 40403: no such schema under it.
  if (known->status != 404 || known->error_code / 100 != 404) return refused(Code::invalid_config, in_words, known->words);
  if (!register_) {
    return Status(Code::not_found, "schema-registry " + url_ + ": the subject '" + subject +
                                       "' does not have the schema of this delivery, and schema-register = false; register it there (" +
                                       known->words + "): " + schema);
  }
  const auto check = "compare the schema with the subject '" + subject + "'";
  const auto verdict = ask(check, "/compatibility" + path + "/versions/latest?verbose=true", body);
  if (!verdict) return verdict.error();
  if (verdict->status != 200 && verdict->status != 404) return refused(Code::invalid_config, check, verdict->words);
  // Apicurio gives no reasons here; refusing to register, it does.
  if (verdict->compatible == false && !verdict->words.empty()) return incompatible(subject, verdict->words);
  return add(subject, body);
}

Result<std::int32_t> SchemaRegistry::add(const std::string& subject, const std::string& body) {
  const auto in_words = "register the schema under the subject '" + subject + "'";
  const auto added = ask(in_words, "/subjects/" + percent_encoded(subject) + "/versions", body);
  if (!added) return added.error();
  if (added->status == 409) return incompatible(subject, added->words);
  if (added->status != 200) return refused(Code::invalid_config, in_words, added->words);
  if (added->id < 0) return refused(Code::bad_data, in_words, "its answer has no id");
  return static_cast<std::int32_t>(added->id);
}

Result<SchemaRegistry::Answer> SchemaRegistry::ask(const std::string& what, const std::string& path,
                                                   const std::optional<std::string>& body) {
  auto reply = http_.request(path, body);
  if (!reply) return refused(reply.error().code(), what, reply.error().message());
  Answer answer{reply->status, -1, 0, std::nullopt, {}};
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  const bool json = parser.parse(reply->body).get(document) == simdjson::SUCCESS;
  if (json) {
    std::string_view message;
    bool compatible = false;
    simdjson::dom::array messages;
    if (document["message"].get(message) == simdjson::SUCCESS) answer.words = message;
    if (document["messages"].get(messages) == simdjson::SUCCESS) {
      for (const auto each : messages) {
        if (each.get(message) == simdjson::SUCCESS) answer.words += (answer.words.empty() ? "" : "; ") + std::string(message);
      }
    }
    if (document["is_compatible"].get(compatible) == simdjson::SUCCESS) answer.compatible = compatible;
    if (document["error_code"].get(answer.error_code) != simdjson::SUCCESS) answer.error_code = 0;
    if (document["id"].get(answer.id) != simdjson::SUCCESS || answer.id > std::numeric_limits<std::int32_t>::max()) answer.id = -1;
  }
  if (answer.words.size() > kMostWords) answer.words = answer.words.substr(0, kMostWords) + " ...";
  const auto http = "HTTP " + std::to_string(answer.status) + (answer.words.empty() ? "" : ": " + answer.words);
  if (answer.status == 401) return refused(Code::unauthenticated, what, http + "; check schema-registry-user and schema-registry-password");
  if (answer.status == 403) return refused(Code::forbidden, what, http + "; the user needs the right to read and write the subject");
  if (answer.status == 429 || answer.status >= 500) return refused(Code::unavailable, what, http);
  if (answer.status >= 300 && answer.status < 400)
    return refused(Code::invalid_config, what, http + ": redirects are not followed; set the address it leads to");
  if (!json)
    return refused(Code::invalid_config, what, http + ": the answer is no JSON; schema-registry must name the root of Confluent's API");
  if (answer.status != 200) answer.words = http;
  return answer;
}

Status SchemaRegistry::refused(Code code, const std::string& what, const std::string& why) const {
  return {code, "schema-registry " + url_ + ": cannot " + what + ": " + why};
}

Status SchemaRegistry::incompatible(const std::string& subject, const std::string& why) const {
  return {Code::invalid_config,
          "schema-registry " + url_ + ": the schema of this delivery is not compatible with the subject '" + subject + "': " + why +
              "; nothing was published. Undo the change of the columns (transforms can), name another schema-subject, "
              "or change the compatibility of the subject there"};
}

}  // namespace qonduit::queue
