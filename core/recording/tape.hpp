// The lines of a cassette, from what was asked and answered. Things are named, not numbered by handle: "doc", "object:ID", "session:N" for
// the Nth session object (told apart by definition: their ids are new in each run), "handle:N" for fields and the like. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/engine/session.hpp"
#include "core/recording/cassette_writer.hpp"
#include "core/recording/json_scrambler.hpp"
#include "core/recording/listed_values.hpp"

namespace qonduit::recording {

// A call as it was answered. All JSON is the engine's own.
struct Exchange {
  std::string of;  // the name of what was asked
  int state = 0;   // what is selected: 0 nothing, else a number by which selections are told apart
  std::string method;
  std::string params;
  std::string_view result;
};

class Tape {
 public:
  Tape(std::unique_ptr<CassetteWriter> writer, const JsonScrambler& scrambler) : writer_(std::move(writer)), scrambler_(scrambler) {}

  Status begin(const std::string& version);
  void opened(const std::string& app_id);
  Status app(const Exchange& exchange);
  // These answer the thing's name; the line is written when it is seen first.
  std::string object(const std::string& id, const std::string& type);
  std::string session_object(const std::string& id, std::string_view definition, const std::string& type);
  std::string other(const Exchange& exchange, const std::string& type);
  // The pages of a call for data, or any other reply.
  void reply(const Exchange& exchange);
  void refused(const Exchange& exchange, int code);
  // A call that selects or otherwise changes what is answered; the state that follows. clears: the state without selections.
  int acted(const Exchange& exchange, bool clears);

  // See ListedValues.
  void keep_values_of(const std::string& field);
  [[nodiscard]] std::vector<ListedValue> values_of(const std::string& field, const std::string& state) const;
  [[nodiscard]] bool has_object(const std::string& id) const;
  [[nodiscard]] int state() const;  // after the last act
  [[nodiscard]] engine::AppInfo app_info() const;
  Status finish();

 private:
  bool pages(const Exchange& exchange);
  void write(const std::string& line);
  [[nodiscard]] std::string head(std::string_view kind, const Exchange& exchange);
  void fail(const Status& status);

  mutable std::mutex mutex_;
  std::unique_ptr<CassetteWriter> writer_;
  JsonScrambler scrambler_;
  engine::AppInfo app_;
  ListedValues listed_;
  std::map<std::string, std::string> objects_;               // name by the engine's id
  std::set<std::string> looked_at_;                          // names of those whose layout was read
  std::map<std::string, std::string> definitions_, others_;  // name by what it is
  std::map<std::string, int> states_;                        // by the calls that led there
  std::map<int, std::string> histories_;
  int state_ = 0;
  std::unordered_map<std::string, std::size_t> known_;  // hash of the last reply, by what was asked
  Status failed_;
};

}  // namespace qonduit::recording
