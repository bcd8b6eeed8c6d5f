#include "core/engine/close_codes.hpp"

#include <string>

namespace qonduit::engine {
namespace {

struct Meaning {
  std::uint16_t code;
  Code status;
  std::string_view text;
};

constexpr Meaning kMeanings[] = {
    {1000, Code::unavailable, "normal close"},
    {1001, Code::unavailable, "the server is going away"},
    {1002, Code::bad_data, "the server saw a protocol error"},
    {1003, Code::bad_data, "the server refused the kind of data"},
    {1005, Code::unavailable, "no code given"},
    {1006, Code::unavailable, "the connection broke"},
    {1007, Code::bad_data, "the server saw invalid text"},
    {1008, Code::forbidden, "the server's policy forbids it"},
    {1009, Code::bad_data, "the message was too large for the server"},
    {1011, Code::unavailable, "internal error of the server"},
    {1012, Code::unavailable, "the server restarts"},
    {1013, Code::unavailable, "the server is overloaded"},
    {4000, Code::unavailable, "suspended"},
    {4001, Code::unavailable, "the engine closed an idle session"},
    {4002, Code::forbidden, "the licence could not be renewed"},
    {4003, Code::unavailable, "the engine terminates"},
    {4004, Code::unavailable, "the app was removed from the engine"},
    {4005, Code::forbidden, "the limit of sessions is reached; close others or wait until they time out"},
    {4006, Code::unauthenticated, "authentication failed"},
    {4007, Code::unavailable, "the app changed its mode"},
    {4200, Code::unavailable, "error of the engine's proxy"},
    {4201, Code::unavailable, "the proxy timed out"},
    {4202, Code::invalid_argument, "the proxy did not understand the request"},
    {4203, Code::forbidden, "no permission to open the app"},
    {4204, Code::not_found, "the app was not found"},
    {4205, Code::unavailable, "too many requests"},
    {4206, Code::unavailable, "network error behind the proxy"},
    {4210, Code::unavailable, "a service behind the proxy has a problem"},
    {4211, Code::unavailable, "a service behind the proxy is away"},
    {4220, Code::unavailable, "error of the engine"},
    {4222, Code::unavailable, "the reserved session is missing"},
    {4230, Code::forbidden, "not entitled to use the engine"},
    {4240, Code::unavailable, "no engine is available"},
};

}  // namespace

Status close_status(std::uint16_t code, std::string_view reason) {
  const Meaning* meaning = nullptr;
  for (const auto& candidate : kMeanings) {
    if (candidate.code == code) meaning = &candidate;
  }
  std::string text = "the engine closed the connection: " + std::string(meaning == nullptr ? "unknown close code" : meaning->text) + " (" +
                     std::to_string(code) + ")";
  if (!reason.empty()) text += ": " + std::string(reason);
  return {meaning == nullptr ? Code::unavailable : meaning->status, std::move(text)};
}

}  // namespace qonduit::engine
