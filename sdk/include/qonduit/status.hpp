// How functions say what went wrong: a Code, which decides what happens next, and a message, which says what failed, on what, why
// and what to do. A message gains context outward: "pipeline 'sales': sink 'lake': cannot open '/data/x.csv': permission denied".
// Result<T> is a T or a Status, with the names of std::expected. Both are values; no function here throws but value() on an error.
#pragma once

#include <qonduit/abi.h>

#include <cassert>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace qonduit {

enum class Code : std::uint32_t {
  ok = QONDUIT_OK,
  invalid_argument = QONDUIT_INVALID_ARGUMENT,
  invalid_config = QONDUIT_INVALID_CONFIG,
  unsupported = QONDUIT_UNSUPPORTED,
  not_found = QONDUIT_NOT_FOUND,
  already_exists = QONDUIT_ALREADY_EXISTS,
  unauthenticated = QONDUIT_UNAUTHENTICATED,
  forbidden = QONDUIT_FORBIDDEN,
  unavailable = QONDUIT_UNAVAILABLE,
  timeout = QONDUIT_TIMEOUT,
  cancelled = QONDUIT_CANCELLED,
  bad_data = QONDUIT_BAD_DATA,
  inconsistent = QONDUIT_INCONSISTENT,
  io = QONDUIT_IO,
  internal = QONDUIT_INTERNAL,
  type_mismatch = QONDUIT_TYPE_MISMATCH,
};

[[nodiscard]] constexpr bool retryable(Code code) noexcept { return code == Code::unavailable || code == Code::timeout; }

[[nodiscard]] constexpr std::string_view to_string(Code code) noexcept {
  switch (code) {
    case Code::ok: return "ok";
    case Code::invalid_argument: return "invalid_argument";
    case Code::invalid_config: return "invalid_config";
    case Code::unsupported: return "unsupported";
    case Code::not_found: return "not_found";
    case Code::already_exists: return "already_exists";
    case Code::unauthenticated: return "unauthenticated";
    case Code::forbidden: return "forbidden";
    case Code::unavailable: return "unavailable";
    case Code::timeout: return "timeout";
    case Code::cancelled: return "cancelled";
    case Code::bad_data: return "bad_data";
    case Code::inconsistent: return "inconsistent";
    case Code::io: return "io";
    case Code::internal: return "internal";
    case Code::type_mismatch: return "type_mismatch";
  }
  return "unknown";
}

class [[nodiscard]] Status {
 public:
  Status() noexcept = default;
  Status(Code code, std::string message) : code_(code), message_(std::move(message)) {}

  [[nodiscard]] bool ok() const noexcept { return code_ == Code::ok; }
  [[nodiscard]] Code code() const noexcept { return code_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }

  // The same failure, seen from further out: context + ": " + message. Ok stays ok.
  Status within(std::string_view context) && {
    if (!ok()) message_.insert(0, std::string(context) + ": ");
    return std::move(*this);
  }
  Status within(std::string_view context) const& { return Status(*this).within(context); }

 private:
  Code code_ = Code::ok;
  std::string message_;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  // REQUIRES: !status.ok()
  Result(Status status) : state_(std::in_place_index<1>, std::move(status)) {  // NOLINT(google-explicit-constructor)
    assert(!std::get<1>(state_).ok());
  }

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  // REQUIRES: has_value(); throws std::bad_variant_access otherwise.
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // REQUIRES: !has_value()
  Status& error() & { return std::get<1>(state_); }
  const Status& error() const& { return std::get<1>(state_); }
  Status&& error() && { return std::get<1>(std::move(state_)); }

  // Ok, or the error: for callers who only pass a failure on.
  [[nodiscard]] Status status() const { return has_value() ? Status() : error(); }

 private:
  std::variant<T, Status> state_;
};

}  // namespace qonduit
