#include "core/engine/engine_errors.hpp"

#include <algorithm>
#include <iterator>

#include "core/engine/rpc.hpp"

namespace qonduit::engine {
namespace {

struct Known {
  int code;
  std::string_view name;
  std::string_view message;
};

constexpr Known kKnown[] = {
#include "core/engine/engine_error_names.inc"
};

const Known* find(int code) {
  const auto* found =
      std::lower_bound(std::begin(kKnown), std::end(kKnown), code, [](const Known& known, int wanted) { return known.code < wanted; });
  return found != std::end(kKnown) && found->code == code ? found : nullptr;
}

std::string_view advice(int code) {
  switch (code) {
    case 5: return "the user may not do this; check its rights on the app, and its line where the app has section access";
    case 1002: return "the session has another app open";
    case 1003: return "there is no such app, or the user may not see it";
    case 1009: return "the app is open without its data in this session";
    case 7005: return "the object's calculation condition does not hold; often a selection is needed";
    case 5003: return "no licence is left for this user";
    case 12002: return "the app has section access; the user needs a line in it";
    default: return {};
  }
}

}  // namespace

std::string_view engine_error_name(int code) {
  const auto* known = find(code);
  return known == nullptr ? std::string_view() : known->name;
}

Code engine_error_code(int code) {
  switch (code) {
    case engine_code::aborted:
    case engine_code::reload_in_progress:
    case 16:    // connection lost
    case 21:    // engine terminated
    case 5006:  // server busy
    case 7004:  // calculation timeout
    case 503:
    case 504: return Code::unavailable;
    case engine_code::not_found:
    case engine_code::app_not_found:
    case 404:
    case 1019: return Code::not_found;
    case engine_code::access_denied:
    case 403:
    case 4000:
    case 5003:
    case 5007:
    case 12002: return Code::forbidden;
    case 401:
    case 12004: return Code::unauthenticated;
    case engine_code::app_already_open:
    case 3: return Code::already_exists;
    case 408: return Code::timeout;
    case 4:
    case 8:
    case 9:
    case engine_code::result_too_large:
    case engine_code::pages_too_large:
    case engine_code::response_too_large:
    case -32602: return Code::invalid_argument;
    case 17:
    case 20:
    case -32601: return Code::unsupported;
    case engine_code::calc_condition:
    case 7003: return Code::bad_data;
    default: return Code::internal;
  }
}

Status engine_status(std::string_view method, int code, std::string_view message, std::string_view parameter) {
  const auto* known = find(code);
  std::string text = std::string(method) + ": ";
  text += message.empty()
              ? (known == nullptr || known->message.empty() ? std::string("the engine reports an error") : std::string(known->message))
              : std::string(message);
  text += " (engine error " + std::to_string(code);
  if (known != nullptr) text += " " + std::string(known->name);
  if (!parameter.empty()) text += ": " + std::string(parameter);
  text += ")";
  if (const auto hint = advice(code); !hint.empty()) text += "; " + std::string(hint);
  return {engine_error_code(code), std::move(text)};
}

}  // namespace qonduit::engine
