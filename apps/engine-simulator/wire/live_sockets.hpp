// The sockets that have a thread at work, so that the server can end threads which wait for a client that does not read. Any thread.
#pragma once

#include <sys/socket.h>

#include <mutex>
#include <set>

namespace qonduit::simulator {

class LiveSockets {
 public:
  // Listed while it lives; the descriptor stays open meanwhile.
  class Entry {
   public:
    Entry(LiveSockets& list, int descriptor) : list_(list), descriptor_(descriptor) {
      const std::lock_guard lock(list_.mutex_);
      list_.descriptors_.insert(descriptor_);
    }
    ~Entry() {
      const std::lock_guard lock(list_.mutex_);
      list_.descriptors_.erase(descriptor_);
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    LiveSockets& list_;
    int descriptor_;
  };

  // A blocked read or write of every listed socket fails at once.
  void cut() {
    const std::lock_guard lock(mutex_);
    for (const int descriptor : descriptors_) ::shutdown(descriptor, SHUT_RDWR);
  }

 private:
  std::mutex mutex_;
  std::set<int> descriptors_;
};

}  // namespace qonduit::simulator
