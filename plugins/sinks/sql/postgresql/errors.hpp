// What PostgreSQL's error codes mean to the host. Source: PostgreSQL's documentation, appendix A.
#pragma once

#include <qonduit/status.hpp>

#include <string_view>

namespace qonduit::postgresql {

// sqlstate: five characters; empty: the connection was lost.
Code code_of(std::string_view sqlstate);
// What a person can do about it, in parentheses; empty: nothing is known.
std::string_view advice_for(std::string_view sqlstate);

}  // namespace qonduit::postgresql
