// Folders that deliveries of this process are in. One that was made for them goes when the last of them has left it, unless one of them
// kept it: deliveries that overlap share folders, and any of them may fail. Thread-safe.
#pragma once

#include <sys/types.h>

#include <string>

namespace qonduit::csv {

class MadeFolders {
 public:
  // Makes a folder, name below the folder `at` or a path, and enters it. 0, or errno: after EEXIST it is entered as well.
  static int enter(int at, const std::string& name, mode_t mode, const std::string& path);
  // What was entered is left, once. The folder holds a delivery now and stays, or is removed when it is to go and empty.
  static void leave(int at, const std::string& name, const std::string& path, bool kept) noexcept;
};

}  // namespace qonduit::csv
