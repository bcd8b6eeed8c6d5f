// From a configured connection and the app as a user names it to a session with the app open.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "core/config/config.hpp"
#include "core/engine/session.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

// app is an id or a unique title; a title costs a session of its own, to read the list of apps. logged_in: whether the engine let us in,
// so that a failure is that the app is not there; may be null.
Result<std::unique_ptr<engine::Session>> connect_to_app(const config::Connection& connection, const std::string& app,
                                                        const engine::TransportFactory& transport, const std::stop_token& stop,
                                                        bool* logged_in = nullptr);

}  // namespace qonduit::pipeline
