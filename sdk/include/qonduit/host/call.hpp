// Calls into a plugin: its code, its words and whatever it throws become one Status.
#pragma once

#include <qonduit/host/host.hpp>
#include <qonduit/status.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace qonduit::host {

// What a code with these words means. `who` names the component. cancelled: the host had asked for it.
inline Status status_of(std::string_view who, qonduit_code code, const qonduit_error& error, bool cancelled = true) {
  if (code == QONDUIT_OK) return {};
  const auto words = [&] { return error.message.empty() ? std::string() : ": " + error.message; };
  if (code > QONDUIT_TYPE_MISMATCH)
    return {Code::internal, std::string(who) + " answered the unknown code " + std::to_string(code) + words()};
  const auto known = static_cast<Code>(code);
  if (known == Code::cancelled && !cancelled)
    return {Code::internal, std::string(who) + " answered 'cancelled' though nobody had cancelled anything" + words()};
  if (error.message.empty()) return {known, std::string(who) + " answered '" + std::string(to_string(known)) + "' without saying why"};
  return {known, error.message};
}

inline Status thrown(std::string_view who) {
  return {Code::internal, std::string(who) + " threw an exception through the plugin boundary"};
}

// function(qonduit_error*) -> qonduit_code; name: what it is called in the table. No allocation where all is well.
template <typename Function>
Status call(std::string_view who, const Place& place, const char* name, Function&& function, Place::Meant meant = Place::Meant::no) {
  qonduit_error error;
  qonduit_code code = QONDUIT_INTERNAL;
  const Place::Call open(place, name, meant);
  try {
    code = function(&error);
  } catch (...) {
    return thrown(who);
  }
  return status_of(who, code, error, place.cancelled());
}

// function(qonduit_error*) -> void*: an instance.
template <typename Function>
Result<void*> call_create(std::string_view who, const Place& place, Function&& function) {
  void* instance = nullptr;
  auto status = call(who, place, "create", [&](qonduit_error* error) -> qonduit_code {
    instance = function(error);
    if (instance != nullptr) return QONDUIT_OK;
    return error->code == QONDUIT_OK ? qonduit_code{QONDUIT_INTERNAL} : error->code;
  });
  if (!status.ok()) return status;
  return instance;
}

// Collects what a plugin says through a reply callback: how often, and what was wrong with it.
template <typename Value>
struct Reply {
  Value value{};
  int count = 0;
  std::string problem;

  // Takes what a callback got, which must not throw. take answers a problem, or nothing.
  template <typename Take>
  static void receive(void* taker, Take&& take) noexcept {
    auto& reply = *static_cast<Reply*>(taker);
    try {
      ++reply.count;
      if (auto problem = take(reply.value); !problem.empty() && reply.problem.empty()) reply.problem = std::move(problem);
    } catch (...) {
      reply.problem.assign("ran out of memory");
    }
  }
  // For a reply that is given once. asked: "for its delivery".
  [[nodiscard]] Status once(std::string_view who, std::string_view asked) const {
    if (!problem.empty()) return {Code::internal, std::string(who) + " " + problem};
    if (count == 1) return {};
    return {Code::internal, std::string(who) + " was asked " + std::string(asked) +
                                (count == 0 ? " and did not say" : " and said it " + std::to_string(count) + " times")};
  }
};

// "gave a table of 16 bytes where 40 are needed", or nothing: of a struct a plugin fills.
template <typename Table>
std::string too_small(const Table* table, std::size_t needed) {
  if (table == nullptr) return "gave no table";
  if (table->struct_size >= needed) return {};
  return "gave a table of " + std::to_string(table->struct_size) + " bytes where " + std::to_string(needed) + " are needed";
}

}  // namespace qonduit::host
