// Reading a dataset through a session object, against an engine in memory: whatever happens on the way, the session object is destroyed; a
// denied one is done without, another failure is a failure.
#include "core/pipeline/dataset_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "core/plugin/process_host.hpp"
#include "tests/core/plugin/fake_components.hpp"

namespace qonduit::pipeline {
namespace {

using plugin::text_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class EngineInMemory final : public engine::Objects {
 public:
  EngineInMemory() {
    object_ = *registry_.adopt(R"({"qType":"GenericObject","qHandle":2,"qGenericType":"x","qGenericId":"published"})",
                               engine::HandleKind::object, "object 'published'");
  }

  std::map<std::string, Status> failures;  // by method; "GetLayout of the copy" is that
  std::vector<std::string> created, destroyed;

  Seen published() { return *Seen::take(*this, object_); }

  int doc() const override { return 1; }
  engine::PendingHandle begin_object(const std::string&) override { return engine::PendingHandle(object_); }
  engine::PendingHandle begin_session_object(const std::string& properties) override {
    if (const auto failure = failures.find("CreateSessionObject"); failure != failures.end()) return engine::PendingHandle(failure->second);
    created.push_back(properties);
    return engine::PendingHandle(registry_.adopt(R"({"qType":"GenericObject","qHandle":3,"qGenericType":"copy","qGenericId":"copy"})",
                                                 engine::HandleKind::session_object, "session object", properties));
  }
  engine::Rpc::CallId send(int handle, std::string method, std::string, engine::Rpc::Completion completion) override {
    completion(answer(handle, method));
    return 0;
  }
  void cancel(engine::Rpc::CallId) override {}
  Status reconnect(std::stop_token) override { return {}; }
  Status health() const override { return {}; }

 private:
  engine::Reply answer(int handle, const std::string& method) {
    engine::Reply reply;
    const auto name = method == "GetLayout" && handle == 3 ? "GetLayout of the copy" : method;
    if (const auto failure = failures.find(name); failure != failures.end()) {
      reply.status = failure->second;
      return reply;
    }
    std::string text = R"({"qLayout":{}})";
    if (method == "GetLayout") text = handle == 3 ? R"({"qLayout":{"copy":true}})" : R"({"qLayout":{"copy":false}})";
    if (method == "GetEffectiveProperties") text = R"({"qProp":{"p":1}})";
    reply.message = pool_->copy_of(text);
    reply.result = reply.message.text();
    return reply;
  }

  std::shared_ptr<engine::MessagePool> pool_ = engine::MessagePool::create();
  engine::HandleRegistry registry_{[this](const std::string& id) { destroyed.push_back(id); }};
  engine::Handle object_;
};

// An adapter that wants a copy, reads one page of it, and remembers what it was given.
struct Script {
  qonduit_code prepare = QONDUIT_OK, open = QONDUIT_OK, decode = QONDUIT_OK;
  std::string prepared_with, opened_with;
  bool asked = false;
};
Script& script() {
  static Script instance;
  return instance;
}
std::string text(qonduit_str given) { return {given.data, given.size}; }
qonduit_code say(qonduit_code code, qonduit_error* error) {
  if (code != QONDUIT_OK) plugin::set_error(error, code, "the script says no");
  return code;
}

qonduit_adapter_api make_api() {
  qonduit_adapter_api api{};
  api.struct_size = sizeof api;
  api.create = [](const qonduit_context*, const qonduit_pair*, size_t, qonduit_error*) -> void* { return &script(); };
  api.destroy = [](void*) {};
  api.prepare = [](void*, const qonduit_run* run, qonduit_str layout, qonduit_str properties, void (*reply)(void*, qonduit_str),
                   void* context, qonduit_error* error) {
    script().prepared_with = text(run->dataset) + " " + text(layout) + " " + text(properties);
    reply(context, text_of(R"({"qInfo":{"qType":"copy"}})"));
    return say(script().prepare, error);
  };
  api.open = [](void*, const qonduit_run*, qonduit_str layout, ArrowSchema* schema, qonduit_extent* extent, qonduit_error* error) {
    script().opened_with = text(layout);
    arrow::export_schema({{{"n", Type::int64}}}, schema);
    extent->note = text_of("a note");
    return say(script().open, error);
  };
  api.next_request = [](void*, qonduit_request* request, qonduit_error*) -> qonduit_code {
    request->method = text_of(std::exchange(script().asked, true) ? "" : "GetData");
    request->params_json = text_of("[]");
    return QONDUIT_OK;
  };
  api.decode = [](const void*, const qonduit_request*, qonduit_str, ArrowArray* out, std::int64_t* rows, qonduit_error* error) {
    std::vector<Column> columns;
    columns.emplace_back(Type::int64).append_int64(7);
    finish_batch(columns, out);
    *rows = 1;
    return say(script().decode, error);
  };
  return api;
}

class SessionObjects : public ::testing::Test {
 protected:
  SessionObjects() { script() = Script(); }

  Result<std::unique_ptr<DatasetReader>> open() {
    auto adapter = host::Adapter::create(fake_.get(), host::WirePairs());
    adapter_.emplace(std::move(*adapter));
    qonduit::Run run;
    run.dataset = "outliers";
    return DatasetReader::open(engine_, *adapter_, engine_.published(), run, {}, {});
  }
  // Reads to the end, or to where it fails.
  Status read() {
    auto reader = open();
    if (!reader) return reader.error();
    while (true) {
      auto batch = (*reader)->next();
      if (!batch) return batch.error();
      if (!*batch) return {};
    }
  }

  const qonduit_adapter_api api_ = make_api();
  plugin::FakeComponent fake_{"script", nullptr, &api_};
  EngineInMemory engine_;
  std::optional<host::Adapter> adapter_;
};

TEST_F(SessionObjects, AreMadeReadAndDestroyed) {
  {
    auto reader = open();
    ASSERT_TRUE(reader);
    EXPECT_EQ(script().prepared_with, R"(outliers {"copy":false} {"p":1})");
    EXPECT_EQ(script().opened_with, R"({"copy":true})");
    EXPECT_THAT(engine_.created, ElementsAre(HasSubstr("copy")));
    EXPECT_THAT((*reader)->notes(), ElementsAre("a note"));
    EXPECT_THAT(engine_.destroyed, ElementsAre()) << "while it is read";
  }
  EXPECT_THAT(engine_.destroyed, ElementsAre("copy"));
}

TEST_F(SessionObjects, AreDestroyedOnEveryPath) {
  const std::vector<std::pair<const char*, std::function<void()>>> paths = {
      {"the whole was read", [] {}},
      {"the copy has no layout", [this] { engine_.failures["GetLayout of the copy"] = Status(Code::internal, "told to fail"); }},
      {"the adapter does not open it", [] { script().open = QONDUIT_UNSUPPORTED; }},
      {"a page is refused", [this] { engine_.failures["GetData"] = Status(Code::internal, "told to fail"); }},
      {"a page is bad", [] { script().decode = QONDUIT_BAD_DATA; }},
      {"it changed while it was read", [] { script().decode = QONDUIT_INCONSISTENT; }}};
  for (const auto& [name, arrange] : paths) {
    SCOPED_TRACE(name);
    script() = Script();
    engine_.failures.clear(), engine_.created.clear(), engine_.destroyed.clear();
    arrange();
    EXPECT_EQ(read().ok(), std::string_view(name) == "the whole was read");
    EXPECT_EQ(engine_.created.size(), 1U);
    EXPECT_THAT(engine_.destroyed, ElementsAre("copy"));
  }
}

TEST_F(SessionObjects, AreDoneWithoutWhereAccessIsDenied) {
  engine_.failures["GetEffectiveProperties"] = Status(Code::forbidden, "access denied");
  EXPECT_TRUE(read().ok());
  EXPECT_EQ(script().prepared_with, "");
  EXPECT_EQ(script().opened_with, R"({"copy":false})");
  script() = Script();
  engine_.failures.clear();
  engine_.failures["CreateSessionObject"] = Status(Code::forbidden, "access denied");
  EXPECT_TRUE(read().ok());
  EXPECT_EQ(script().opened_with, R"({"copy":false})");
}

TEST_F(SessionObjects, FailTheDatasetWhereTheyFailOtherwise) {
  for (const auto* method : {"GetEffectiveProperties", "CreateSessionObject"}) {
    for (const auto code : {Code::internal, Code::unavailable, Code::bad_data}) {
      script() = Script();
      engine_.failures = {{method, Status(code, "told to fail")}};
      EXPECT_EQ(read().code(), code) << method;
    }
  }
  engine_.failures.clear();
  script() = Script();
  script().prepare = QONDUIT_BAD_DATA;
  EXPECT_EQ(read().code(), Code::bad_data);
}

}  // namespace
}  // namespace qonduit::pipeline
