// One replay of a dead letter file: its messages are published in their order under their ids, and the file is replaced by one that holds
// what was not confirmed: refused again, with the new reason; not sendable; not reached because the broker failed; or added meanwhile by a
// delivery. The file stays as it is until all of that is durable: who dies before sends the messages again under the same ids. A second
// replay of the file is refused while one is under way. Messages wait in memory by the thousand. One thread.
#pragma once

#include <qonduit/sink.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "dead_letter.hpp"
#include "letter_lines.hpp"
#include "locked_file.hpp"
#include "publisher.hpp"

namespace qonduit::queue {

class DeadLetterReplay {
 public:
  // message_max: larger bodies are not sent. replayed: set when run() fails too. All outlive this object.
  DeadLetterReplay(Publisher& publisher, std::uint64_t message_max, Replayed& replayed)
      : publisher_(publisher), message_max_(message_max), replayed_(replayed) {}

  // ok when every message was sent or refused again; bad_data when lines cannot be sent: the first of them, and why.
  Status run(const std::string& path);

 private:
  enum class State : std::uint8_t { kept, sent, confirmed };
  struct Entry {
    std::string line;  // what stays in the file where it is not confirmed
    DeadLetter letter;
    State state = State::kept;
  };

  class Rest;

  // sent: how far the messages got; what is answered: whether the rest is whole.
  Status send_all(LetterLines& lines, LockedFile& rest, Status& sent);
  Status send(Entry& entry, std::uint64_t number);
  Status confirm();
  void refuse_again(Entry& entry, const Refused& refused);
  // Entries that are not confirmed, into the rest; then there are none.
  Status keep(LockedFile& rest);
  Status replace(const std::string& path, LockedFile& file, std::uint64_t end, Rest& rest);
  void cannot_send(std::uint64_t number, const std::string& why);

  Publisher& publisher_;
  std::uint64_t message_max_;
  Replayed& replayed_;
  std::deque<Entry> entries_;
  std::size_t bytes_ = 0;  // of entries_
  std::optional<Destination> opened_;
  bool changed_ = false;  // the file must be replaced
  Status unsendable_;     // the first line that is
};

}  // namespace qonduit::queue
