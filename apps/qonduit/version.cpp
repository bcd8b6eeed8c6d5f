#include "apps/qonduit/version.hpp"

#include "qonduit/abi.h"

namespace qonduit::app {

extern const char* const kCommit;  // commit.cpp, which each build writes; empty outside of a git checkout

std::string version_text() {
  const std::string commit(kCommit);
  return std::string("qonduit ") + QONDUIT_VERSION + " (" + (commit.empty() ? "" : "commit " + commit + ", ") + "plugin boundary " +
         std::to_string(QONDUIT_ABI_MAJOR) + ")";
}

}  // namespace qonduit::app
