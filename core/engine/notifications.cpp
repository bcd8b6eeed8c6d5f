#include "core/engine/notifications.hpp"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <string_view>

namespace qonduit::engine {
namespace {

struct Fatal {
  std::string_view method;
  Code code;
  std::string_view text;
};

constexpr Fatal kFatal[] = {
    {"OnSessionTimedOut", Code::unavailable, "the session timed out"},
    {"OnSessionLoggedOut", Code::unauthenticated, "the user was logged out"},
    {"OnSessionClosed", Code::unavailable, "the session was closed"},
    {"OnNoEngineAvailable", Code::unavailable, "no engine is available for this app; a wrong app id looks the same"},
    {"OnEngineWebsocketFailed", Code::unavailable, "the proxy lost the engine"},
    {"OnLicenseAccessDenied", Code::forbidden,
     "the user has no access from the licence; assign one in the QMC, or check the repository service"},
    {"OnLicenseAccessDeniedPendingUserSync", Code::forbidden,
     "the user has no access from the licence yet; try again after user synchronisation"},
    // Often our own, of runs that ended: the engine keeps them for connection.ttl. Worth asking again.
    {"OnMaxParallelSessionsExceeded", Code::unavailable,
     "the user has too many sessions at a time (five as a rule); close others, wait until they time out, or set connection.ttl"},
    {"OnExcessLicenseAssignment", Code::forbidden, "more licences are assigned than the site has"},
    {"OnRepositoryWebsocketFailed", Code::unavailable, "the proxy lost the repository service"},
    {"OnNoRepositoryAvailable", Code::unavailable, "no repository service is available"},
    {"OnDataPrepServiceWebsocketFailed", Code::unavailable, "the proxy lost the data preparation service"},
    {"OnNoDataPrepServiceAvailable", Code::unavailable, "no data preparation service is available"},
    {"OnNoPrintingServiceAvailable", Code::unavailable, "no printing service is available"},
};

struct BadState {
  std::string_view name;
  Code code;
  std::string_view text;
};

constexpr BadState kBadStates[] = {
    {"SESSION_ERROR_NO_LICENSE", Code::forbidden, "the user has no licence"},
    {"SESSION_ERROR_LICENSE_RENEW", Code::forbidden, "the licence could not be renewed"},
    {"SESSION_ERROR_LIMIT_EXCEEDED", Code::unavailable, "the limit of sessions is reached"},
    {"SESSION_ERROR_SECURITY_HEADER_CHANGED", Code::unauthenticated, "the security header changed"},
    {"SESSION_ACCESS_CONTROL_SETUP_FAILURE", Code::forbidden, "access control could not be set up"},
    {"SESSION_ERROR_APP_ACCESS_DENIED", Code::forbidden, "the user may not open the app"},
    {"SESSION_ERROR_APP_FAILURE", Code::unavailable, "the app could not be opened"},
    {"SESSION_ERROR_LICENSE_INVALID", Code::forbidden, "the licence is not valid"},
};

Poco::JSON::Object::Ptr parse(const std::string& json) {
  try {
    return Poco::JSON::Parser().parse(json).extract<Poco::JSON::Object::Ptr>();
  } catch (const Poco::Exception&) {
    return new Poco::JSON::Object;
  }
}

Status with_message(const Fatal& fatal, const std::string& message) {
  std::string text = std::string(fatal.text) + " (" + std::string(fatal.method);
  if (!message.empty()) text += ": " + message;
  return {fatal.code, text + ")"};
}

}  // namespace

NotificationMeaning interpret(const Notification& notification) {
  NotificationMeaning meaning;
  const auto params = parse(notification.params_json);
  const auto text = [&](const std::string& key) { return params->optValue<std::string>(key, ""); };
  if (notification.method == "OnConnected") {
    const auto state = text("qSessionState");
    for (const auto& bad : kBadStates) {
      if (bad.name == state) meaning.fatal = {bad.code, "the engine refused the session: " + std::string(bad.text) + " (" + state + ")"};
    }
    if (meaning.fatal.ok()) meaning.connected = state == "SESSION_ATTACHED" ? SessionState::attached : SessionState::created;
    return meaning;
  }
  if (notification.method == "OnAuthenticationInformation") {
    if (params->optValue<bool>("mustAuthenticate", false)) {
      meaning.fatal = {Code::unauthenticated, "the proxy wants a log-in (" + text("loginUri") +
                                                  "); the virtual proxy does not accept this connection's credentials"};
    }
    return meaning;
  }
  for (const auto& fatal : kFatal) {
    if (fatal.method == notification.method) meaning.fatal = with_message(fatal, text("message"));
  }
  if (meaning.fatal.ok() && text("severity") == "fatal") {
    meaning.fatal = {Code::unavailable, "the engine ended the session (" + notification.method +
                                            (text("message").empty() ? "" : ": " + text("message")) + ")"};
  }
  return meaning;
}

}  // namespace qonduit::engine
