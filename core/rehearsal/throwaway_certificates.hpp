// Certificates for one rehearsal: an authority of its own, a server certificate for this machine and a client certificate, valid for
// two months, under the names a Qlik Sense site exports. The authority's key is never written. Source of the names: docs/qlik-setup.md.
#pragma once

#include <filesystem>

#include "qonduit/status.hpp"

namespace qonduit::rehearsal {

// Writes root.pem, server.pem, server_key.pem, client.pem and client_key.pem into the folder, keys readable by the owner only.
Status make_certificates(const std::filesystem::path& folder);

}  // namespace qonduit::rehearsal
