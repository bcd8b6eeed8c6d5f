// Calls that are answered when a test says so, in any order, from any thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/calls.hpp"

namespace qonduit::engine {

class CallsInMemory final : public Calls {
 public:
  std::vector<std::string> methods;  // of the calls, in their order

  int doc() const override { return 1; }
  Rpc::CallId send(int, std::string method, std::string, Rpc::Completion completion) override {
    methods.push_back(std::move(method));
    completions_.push_back(std::move(completion));
    return completions_.size();
  }
  void cancel(Rpc::CallId) override {}
  Status health() const override { return {}; }
  Status reconnect(std::stop_token) override { return {}; }

  // call: counted from 0.
  void answer(std::size_t call, const std::string& text) {
    Reply reply;
    reply.message = pool_->copy_of(text);
    reply.result = reply.message.text();
    completions_.at(call)(std::move(reply));
  }
  void fail(std::size_t call, Status why) {
    Reply reply;
    reply.status = std::move(why);
    completions_.at(call)(std::move(reply));
  }

 private:
  std::shared_ptr<MessagePool> pool_ = MessagePool::create();
  std::vector<Rpc::Completion> completions_;
};

}  // namespace qonduit::engine
