// Secrets inside of a longer value: the password of an address, of a connection string, of a client's settings. A pure function; any
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::config {

struct SecretPart {
  std::string name;       // as written: "sasl.password", "PWD"
  std::size_t begin = 0;  // of its value in the text
  std::size_t size = 0;   // more rather than less, where it is not clear where the value ends
};

// Of NAME=VALUE pairs, whatever stands between them (& ; , or blanks), those whose name says that the value is a secret. Empty values are
// none.
std::vector<SecretPart> secret_parts(std::string_view text);

}  // namespace qonduit::config
