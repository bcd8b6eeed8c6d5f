#include "apps/qonduit/config_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace qonduit::app {
namespace {

constexpr const char* kHere = "./qonduit.properties";
constexpr const char* kInstalled = QONDUIT_DEFAULT_CONFIG;

}  // namespace

Result<std::string> find_config_file(const std::string& given) {
  if (!given.empty()) return given;
  const char* named = std::getenv("QONDUIT_CONFIG");
  if (named != nullptr && *named != '\0') return std::string(named);
  struct stat info {};
  if (::stat(kHere, &info) == 0) {
    if (info.st_uid != ::geteuid() && info.st_uid != 0) {
      return Status(Code::forbidden, std::string(kHere) + " belongs to user " + std::to_string(info.st_uid) +
                                         "; to use it all the same, name it: qonduit -c " + kHere);
    }
    return std::string(kHere).substr(2);
  }
  return ::stat(kInstalled, &info) == 0 ? std::string(kInstalled) : std::string();
}

std::string places_of_config_file() { return std::string(kHere) + " and " + kInstalled; }

}  // namespace qonduit::app
