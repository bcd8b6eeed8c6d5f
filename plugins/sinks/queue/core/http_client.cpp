#include "http_client.hpp"

#include <curl/curl.h>

#include <utility>

namespace qonduit::queue {
namespace {

constexpr long kConnectLimit = 10'000, kLimit = 30'000;  // milliseconds
constexpr std::size_t kLargestReply = 4 << 20;

std::size_t keep(const char* data, std::size_t /*one*/, std::size_t size, void* to) {
  auto& body = *static_cast<std::string*>(to);
  if (body.size() + size > kLargestReply) return 0;
  body.append(data, size);
  return size;
}

Code code_of(CURLcode failure) {
  switch (failure) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS: return Code::unauthenticated;
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return Code::invalid_config;
    case CURLE_WRITE_ERROR: return Code::bad_data;
    case CURLE_OPERATION_TIMEDOUT: return Code::timeout;
    default: return Code::unavailable;
  }
}

}  // namespace

struct HttpClient::Handle {
  CURL* curl = nullptr;
  curl_slist* headers = nullptr;
  char error[CURL_ERROR_SIZE] = {};

  // Counted by the library, which can be asked by several threads (curl 7.84).
  Handle() {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    curl = curl_easy_init();
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    curl_global_cleanup();
  }
  template <typename Value>
  void set(CURLoption option, Value value) const {
    curl_easy_setopt(curl, option, value);
  }
};

HttpClient::HttpClient(HttpServer server) : server_(std::move(server)), handle_(std::make_unique<Handle>()) {
  auto& handle = *handle_;
  if (handle.curl == nullptr) return;
  for (const char* header : {"Content-Type: application/vnd.schemaregistry.v1+json",
                             "Accept: application/vnd.schemaregistry.v1+json, application/json", "Expect:"}) {
    handle.headers = curl_slist_append(handle.headers, header);
  }
  handle.set(CURLOPT_HTTPHEADER, handle.headers);
  handle.set(CURLOPT_USERAGENT, "qonduit");
  handle.set(CURLOPT_PROTOCOLS_STR, "http,https");
  handle.set(CURLOPT_FOLLOWLOCATION, 0L);
  handle.set(CURLOPT_NOSIGNAL, 1L);
  handle.set(CURLOPT_CONNECTTIMEOUT_MS, kConnectLimit);
  handle.set(CURLOPT_TIMEOUT_MS, kLimit);
  handle.set(CURLOPT_SSL_VERIFYPEER, 1L);
  handle.set(CURLOPT_SSL_VERIFYHOST, 2L);
  handle.set(CURLOPT_ERRORBUFFER, static_cast<char*>(handle.error));
  handle.set(CURLOPT_WRITEFUNCTION, &keep);
  if (!server_.ca.empty()) {
    handle.set(CURLOPT_CAINFO, server_.ca.c_str());
    handle.set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  if (!server_.proxy) handle.set(CURLOPT_NOPROXY, "*");
  if (!server_.user.empty()) {
    handle.set(CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    handle.set(CURLOPT_USERNAME, server_.user.c_str());
    handle.set(CURLOPT_PASSWORD, server_.password.c_str());
  }
}

HttpClient::~HttpClient() = default;

Result<HttpReply> HttpClient::request(const std::string& path, const std::optional<std::string>& body) {
  auto& handle = *handle_;
  if (handle.curl == nullptr) return Status(Code::internal, "libcurl gives no handle");
  HttpReply reply;
  const auto url = server_.url + path;
  handle.error[0] = '\0';
  handle.set(CURLOPT_URL, url.c_str());
  handle.set(CURLOPT_WRITEDATA, static_cast<void*>(&reply.body));
  if (body) {
    handle.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
    handle.set(CURLOPT_POSTFIELDS, body->c_str());
  } else {
    handle.set(CURLOPT_HTTPGET, 1L);
  }
  const auto failure = curl_easy_perform(handle.curl);
  if (failure == CURLE_WRITE_ERROR)
    return Status(Code::bad_data, "the answer is longer than " + std::to_string(kLargestReply >> 20) + " MiB");
  if (failure != CURLE_OK) return Status(code_of(failure), handle.error[0] != '\0' ? handle.error : curl_easy_strerror(failure));
  curl_easy_getinfo(handle.curl, CURLINFO_RESPONSE_CODE, &reply.status);
  return reply;
}

}  // namespace qonduit::queue
