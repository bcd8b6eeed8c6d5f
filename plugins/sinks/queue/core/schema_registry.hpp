// A schema registry that speaks Confluent's API: Confluent's, Karapace, Redpanda's, Apicurio under /apis/ccompat/v7. One thread.
#pragma once

#include <qonduit/status.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "http_client.hpp"
#include "queue_options.hpp"

namespace qonduit::queue {

class SchemaRegistry {
 public:
  // What is wrong with the options of the registry. REQUIRES: schema-registry is set.
  static Status check(const QueueOptions& options);

  // REQUIRES: check(options).
  explicit SchemaRegistry(const QueueOptions& options);

  // Reaches the registry once and changes nothing there.
  Status probe();
  // The id of a schema under a subject, remembered while the object lives. A schema the subject does not have is registered when the
  // registry calls it compatible, or an error where schema-register = false. A registry that is not there is asked again for connect-wait.
  Result<std::int32_t> id(const std::string& subject, const std::string& schema);

 private:
  // What the API answers with, of any request.
  struct Answer {
    long status = 0;  // 200, 404, 409 or 422
    std::int64_t id = -1, error_code = 0;
    std::optional<bool> compatible;
    std::string words;  // the registry's own: message, or messages
  };
  Result<std::int32_t> find(const std::string& subject, const std::string& schema);
  Result<std::int32_t> add(const std::string& subject, const std::string& body);
  Result<Answer> ask(const std::string& what, const std::string& path, const std::optional<std::string>& body = std::nullopt);
  [[nodiscard]] Status refused(Code code, const std::string& what, const std::string& why) const;
  [[nodiscard]] Status incompatible(const std::string& subject, const std::string& why) const;

  std::string url_;
  bool register_;
  std::chrono::milliseconds wait_;
  HttpClient http_;
  std::map<std::pair<std::string, std::string>, std::int32_t> ids_;  // by subject and schema
};

}  // namespace qonduit::queue
