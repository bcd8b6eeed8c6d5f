// Throwaway certificates for a server and its clients, made by openssl: ca, server (localhost), client (client.example), expired (as
// client), each NAME.crt and NAME.key, and other.crt of an authority that signed none of them.
#pragma once

#include <filesystem>
#include <string>

namespace qonduit::sinks::testing {

// Throws when openssl fails.
void make_certificates(const std::filesystem::path& folder);

}  // namespace qonduit::sinks::testing
