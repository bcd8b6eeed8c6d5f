// Writes down what goes over the wire while somebody reads: the recorder stands between a session and its transport, sees every request
// and every reply, and changes neither. What is kept is what a simulated engine needs to answer the same: layouts, properties, pages, by
// object and not by handle. Errors that are tried again, log-in, headers, users and the list of apps are not kept. The format is in
// docs/recordings.md. Thread-safe; one recorder may serve several sessions, one after the other or at once.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/session.hpp"
#include "core/recording/json_scrambler.hpp"
#include "core/recording/listed_values.hpp"
#include "qonduit/status.hpp"

namespace qonduit::recording {

class Tape;

class Recorder {
 public:
  // version: of the program, for the head of the file. Errors as CassetteWriter::create.
  static Result<std::unique_ptr<Recorder>> create(const std::filesystem::path& file, bool replace, const JsonScrambler& scrambler,
                                                  const std::string& version);
  ~Recorder();

  // The same transports as `inner` makes, listened to. The recorder outlives them.
  [[nodiscard]] engine::TransportFactory listen_to(engine::TransportFactory inner) const;
  // The id and title of the app as the cassette has them; empty before it was opened.
  [[nodiscard]] engine::AppInfo app() const;
  // Was the layout of this object of the app asked for? id: the engine's own.
  [[nodiscard]] bool has_object(const std::string& id) const;
  // Keeps what the engine lists of a field from now on, and answers what it has listed, in the clear.
  void keep_values_of(const std::string& field) const;
  [[nodiscard]] std::vector<ListedValue> values_of(const std::string& field, const std::string& state) const;
  // Closes the file. An error of any line before is reported here too. Without it nothing is left.
  Status finish();

 private:
  explicit Recorder(std::shared_ptr<Tape> tape) : tape_(std::move(tape)) {}
  std::shared_ptr<Tape> tape_;
};

}  // namespace qonduit::recording
