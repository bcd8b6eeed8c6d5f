// A small Qlik Sense Repository Service: what it is, and the apps there are. Enough for clients that look apps up before they open them.
// Any thread.
#pragma once

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <string>

#include "session/engine.hpp"

namespace qonduit::simulator {

// Answers GET about, app, app/full, app/count, app/ID and POST app/table under /qrs/; anything else there is 404. path: from /qrs/ on, with
// its query. Lists take filter ("name so 'x' and published eq true"); other filters than that are refused with 400.
void answer_repository(const Engine& engine, const std::string& path, Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response);

}  // namespace qonduit::simulator
