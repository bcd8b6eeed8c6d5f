// An engine in memory: answers each call by a function of the test, may hold answers back, and can break. Thread-safe; no time passes.
#pragma once

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/engine/transport.hpp"

namespace qonduit::engine {

struct Request {
  std::uint64_t id = 0;
  int handle = 0;
  std::string method, params, text;
};

// The test's end of the wire; outlives the transport.
class Wire {
 public:
  // What the engine says to a call: whole messages, none to stay silent.
  using Answer = std::function<std::vector<std::string>(const Request&)>;
  void answer_with(Answer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }

  void push(const std::string& message) {
    const std::lock_guard lock(mutex_);
    incoming_.push_back(message);
    changed_.notify_all();
  }
  void fail(Status why) {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(why);
    changed_.notify_all();
  }
  std::vector<Request> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  // Waits until the engine has seen so many calls of this method.
  void wait_for(const std::string& method, std::size_t count = 1) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      std::size_t seen = 0;
      for (const auto& request : requests_) seen += request.method == method ? 1 : 0;
      return seen >= count;
    });
  }
  static std::string result(std::uint64_t id, const std::string& json, const std::string& more = "") {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":)" + json + more + "}";
  }
  static std::string error(std::uint64_t id, int code) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"error":{"code":)" + std::to_string(code) +
           R"(,"parameter":"p","message":"m"}})";
  }

 private:
  friend class ScriptedTransport;
  Answer answer() const {
    const std::lock_guard lock(mutex_);
    return answer_;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> incoming_;
  std::vector<Request> requests_;
  Answer answer_;
  Status failure_;
  bool woken_ = false;
  int pings_ = 0;

 public:
  int pings() const {
    const std::lock_guard lock(mutex_);
    return pings_;
  }
};

class ScriptedTransport final : public Transport {
 public:
  explicit ScriptedTransport(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}

  Status send(std::string_view text) override {
    Request request;
    const auto object = Poco::JSON::Parser().parse(std::string(text)).extract<Poco::JSON::Object::Ptr>();
    request.id = object->getValue<std::uint64_t>("id");
    request.handle = object->getValue<int>("handle");
    request.method = object->getValue<std::string>("method");
    request.params = object->getValue<std::string>("params");
    request.text = std::string(text);
    const auto answer = wire_->answer();
    const auto messages = answer ? answer(request) : std::vector<std::string>();
    const std::lock_guard lock(wire_->mutex_);
    wire_->requests_.push_back(request);
    for (const auto& message : messages) wire_->incoming_.push_back(message);
    wire_->changed_.notify_all();
    return {};
  }
  Result<std::optional<Message>> receive(Clock::time_point until) override {
    std::unique_lock lock(wire_->mutex_);
    wire_->changed_.wait_until(lock, until, [&] { return wire_->woken_ || !wire_->incoming_.empty() || !wire_->failure_.ok(); });
    wire_->woken_ = false;
    if (!wire_->incoming_.empty()) {
      auto message = pool_->copy_of(wire_->incoming_.front());
      wire_->incoming_.pop_front();
      return std::optional<Message>(std::move(message));
    }
    if (!wire_->failure_.ok()) return std::exchange(wire_->failure_, {});
    return std::optional<Message>();
  }
  void wake() noexcept override {
    const std::lock_guard lock(wire_->mutex_);
    wire_->woken_ = true;
    wire_->changed_.notify_all();
  }
  Status ping() override {
    const std::lock_guard lock(wire_->mutex_);
    ++wire_->pings_;
    return {};
  }
  void close(std::uint16_t) noexcept override {}

 private:
  std::shared_ptr<Wire> wire_;
  std::shared_ptr<MessagePool> pool_ = MessagePool::create();
};

}  // namespace qonduit::engine
