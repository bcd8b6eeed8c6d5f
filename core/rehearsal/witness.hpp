// The sink of a rehearsal: it keeps a ledger of each dataset it is given and delivers nowhere. A component like any other, so that a run
// drives it through the same boundary as a real one.
#pragma once

#include <filesystem>

#include "core/config/config.hpp"
#include "core/plugin/registry.hpp"

namespace qonduit::rehearsal {

// Lives as long as the process.
const plugin::Component& witness_component();
// A sink of the configuration that keeps its ledgers in this folder, which exists.
config::Sink witness_sink(const std::filesystem::path& folder);

}  // namespace qonduit::rehearsal
