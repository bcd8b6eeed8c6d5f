// The engine's error codes: their names, and which Code of ours they mean. Source: the engine's published table of error codes.
#pragma once

#include <string>
#include <string_view>

#include "qonduit/status.hpp"

namespace qonduit::engine {

// "GENERIC_ABORTED", or empty.
std::string_view engine_error_name(int code);
// Decides what happens next: retried, reported, or taken as "not there".
Code engine_error_code(int code);
// "GetLayout: Request aborted (engine error 15 GENERIC_ABORTED: Failure)", with advice where there is some.
Status engine_status(std::string_view method, int code, std::string_view message, std::string_view parameter);

}  // namespace qonduit::engine
