// One reply under construction. Results are written straight into the frame's text, so that a page of 10,000 cells is copied once; for a
// client that asks for deltas every result member becomes a patch array: the whole value, or nothing where it is what it was.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine_error.hpp"
#include "json.hpp"

namespace qonduit::simulator {

// What a client that asks for deltas was sent last, by handle and "Method.member".
using DeltaCache = std::map<std::pair<int, std::string>, std::string>;

class Reply {
 public:
  // The buffer's capacity is reused.
  Reply(std::string buffer, const Json& id);
  // From here on members are patches against what the cache has.
  void use_delta(DeltaCache& cache, int handle, const std::string& method);

  // Writes a result member; raw() is for members too large for a tree: begin, append JSON text, end.
  void member(std::string_view name, const Json& value);
  void member_text(std::string_view name, std::string_view json);
  std::string& begin_member(std::string_view name);
  void end_member();

  void change(int handle) { change_.push_back(handle); }
  void close(int handle) { close_.push_back(handle); }
  void suspend(int handle) { suspend_.push_back(handle); }

  // The frame.
  [[nodiscard]] std::string finish();
  // The same frame as an error: what was written is dropped.
  [[nodiscard]] std::string fail(const EngineError& error);

 private:
  void begin();
  std::string text_;
  std::string id_;
  DeltaCache* cache_ = nullptr;
  std::pair<int, std::string> cache_key_;
  std::string member_;
  std::size_t value_begin_ = 0;
  bool first_ = true;
  std::vector<int> change_;
  std::vector<int> close_;
  std::vector<int> suspend_;
};

// An id-less push: {"jsonrpc":"2.0","change":[…]}.
[[nodiscard]] std::string change_push(const std::vector<int>& handles);
// {"jsonrpc":"2.0","method":name,"params":…}
[[nodiscard]] std::string notification(const std::string& name, const Json& params);

}  // namespace qonduit::simulator
