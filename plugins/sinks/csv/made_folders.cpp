#include "made_folders.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <mutex>

namespace qonduit::csv {
namespace {

struct Folder {
  int deliveries = 0;
  bool goes = false;  // it was made for them
};

std::mutex mutex;
std::map<std::string, Folder>& folders() {
  static std::map<std::string, Folder> all;  // by path; guarded
  return all;
}

}  // namespace

int MadeFolders::enter(int at, const std::string& name, mode_t mode, const std::string& path) {
  const std::lock_guard lock(mutex);
  const int error = ::mkdirat(at, name.c_str(), mode) == 0 ? 0 : errno;
  if (error != 0 && error != EEXIST) return error;
  auto& folder = folders()[path];
  ++folder.deliveries;
  if (error == 0) folder.goes = true;
  return error;
}

void MadeFolders::leave(int at, const std::string& name, const std::string& path, bool kept) noexcept {
  const std::lock_guard lock(mutex);
  const auto found = folders().find(path);
  if (found == folders().end()) return;
  auto& folder = found->second;
  if (kept) folder.goes = false;
  if (--folder.deliveries > 0) return;
  if (folder.goes) ::unlinkat(at, name.c_str(), AT_REMOVEDIR);
  folders().erase(found);
}

}  // namespace qonduit::csv
