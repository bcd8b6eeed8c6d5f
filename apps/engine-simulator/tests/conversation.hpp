// A client's conversation with the simulator, without a socket: requests in, frames out.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "calls/dispatcher.hpp"

namespace qonduit::simulator {

class Conversation : public testing::Test {
 protected:
  Conversation() {
    options_.synthetic = true;
    options_.shape.rows = 5000;
  }

  void start() {
    engine_ = std::make_unique<Engine>(options_);
    session_ = std::make_shared<Session>();
    SessionKey key;
    key.user_directory = "CORP";
    key.user_id = "svc";
    dispatcher_ = std::make_unique<Dispatcher>(*engine_, session_, key);
  }

  JsonObject call(int handle, const std::string& method, const std::string& params, const std::string& more = "") {
    if (!dispatcher_) start();
    answer_ = dispatcher_->answer(R"({"jsonrpc":"2.0","id":)" + std::to_string(++id_) + R"(,"handle":)" + std::to_string(handle) +
                                      R"(,"method":")" + method + R"(","params":)" + params + more + "}",
                                  "");
    const auto frame = as_object(parse_json(answer_.frame));
    EXPECT_EQ(int_member(frame, "id"), id_);
    return frame;
  }

  static JsonObject result(const JsonObject& frame) { return object_member(frame, "result"); }
  static std::int64_t code(const JsonObject& frame) { return int_member(object_member(frame, "error"), "code"); }

  // Opens the app and returns the handle of an object in it.
  int open(const std::string& app, const std::string& object) {
    open(app);
    return object_handle(object);
  }

  void open(const std::string& app) {
    doc_ = static_cast<int>(int_member(object_member(result(call(-1, "OpenDoc", "[\"" + app + "\"]")), "qReturn"), "qHandle"));
  }

  // The handle of what a call answers.
  int handle_of(const std::string& method, const std::string& id) {
    return static_cast<int>(int_member(object_member(result(call(doc_, method, "[\"" + id + "\"]")), "qReturn"), "qHandle"));
  }
  int object_handle(const std::string& id) { return handle_of("GetObject", id); }

  // A session object's handle.
  int create(const std::string& properties) {
    return static_cast<int>(
        int_member(object_member(result(call(doc_, "CreateSessionObject", "[" + properties + "]")), "qReturn"), "qHandle"));
  }

  JsonObject layout(int handle) { return object_member(result(call(handle, "GetLayout", "[]")), "qLayout"); }

  // An expression's text.
  std::string evaluated(const std::string& expression) {
    std::string params = "[";
    append_quoted(params, expression);
    return text_member(result(call(doc_, "Evaluate", params + "]")), "qReturn");
  }

  // The texts of a cube's first rows, columns separated by "|", from a definition's members without braces.
  std::vector<std::string> rows_of(const std::string& definition) {
    const int handle = create(R"({"qInfo":{"qType":"test"},"qHyperCubeDef":{)" + definition + "}}");
    std::vector<std::string> made;
    const auto size = object_member(object_member(layout(handle), "qHyperCube"), "qSize");
    const auto frame = call(handle, "GetHyperCubeData", pages(0, 0, static_cast<int>(int_member(size, "qcx")), 100));
    const auto matrix = array_member(as_object(array_member(result(frame), "qDataPages")->get(0)), "qMatrix");
    for (const auto& item : *matrix) {
      const auto cells = as_array(item);
      std::string row;
      for (const auto& cell : *cells) row += (row.empty() ? "" : "|") + text_member(as_object(cell), "qText");
      made.push_back(row);
    }
    return made;
  }

  // Serves an app of this definition beside the others.
  void serve(const std::string& definition) {
    const auto folder = std::filesystem::path(testing::TempDir()) / ("app-" + std::to_string(::getpid()) + "-" + std::to_string(served_++));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "app.json", std::ios::binary) << definition;
    options_.apps.push_back(folder.string());
    folders_.push_back(folder);
  }

  static std::string pages(int left, int top, int width, int height) {
    return "[\"/qHyperCubeDef\",[{\"qLeft\":" + std::to_string(left) + ",\"qTop\":" + std::to_string(top) +
           ",\"qWidth\":" + std::to_string(width) + ",\"qHeight\":" + std::to_string(height) + "}]]";
  }

  static std::int64_t height(const JsonObject& frame, unsigned page = 0) {
    return int_member(object_member(as_object(array_member(result(frame), "qDataPages")->get(page)), "qArea"), "qHeight");
  }

  ~Conversation() override {
    for (const auto& folder : folders_) std::filesystem::remove_all(folder);
  }

  Options options_;
  std::unique_ptr<Engine> engine_;
  std::shared_ptr<Session> session_;
  std::unique_ptr<Dispatcher> dispatcher_;
  Dispatcher::Answer answer_;
  int id_ = 0;
  int doc_ = 0;
  int served_ = 0;
  std::vector<std::filesystem::path> folders_;
};

}  // namespace qonduit::simulator
