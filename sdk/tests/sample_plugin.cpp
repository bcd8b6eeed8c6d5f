// A plugin for the tests of the kit: an adapter of one whole number per row, a sink that throws wherever it can, and one without options.
#include <qonduit/sdk.hpp>

#include <charconv>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace {

using qonduit::Code;
using qonduit::Result;
using qonduit::Status;

// Reads what it expects to see, and nothing else.
struct Scanner {
  std::string_view rest;

  bool literal(std::string_view text) {
    if (!rest.starts_with(text)) return false;
    rest.remove_prefix(text.size());
    return true;
  }
  bool number(std::int64_t& value) {
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (error != std::errc()) return false;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return true;
  }
};

class NumbersAdapter final : public qonduit::Adapter {
 public:
  static std::uint32_t accepts(std::string_view object_type, std::string_view) { return object_type == "numbers" ? 100 : 0; }
  static Result<std::vector<qonduit::Dataset>> datasets(std::string_view, std::string_view) {
    return std::vector<qonduit::Dataset>{{"", "/qHyperCube"}};
  }

  Result<qonduit::Opened> open(const qonduit::Run&, std::string_view layout_json) override {
    Scanner scanner{layout_json};
    if (!scanner.literal("{\"rows\":") || !scanner.number(rows_) || scanner.rest != "}")
      return Status(Code::bad_data, "the layout is not of numbers");
    asked_ = false;
    return qonduit::Opened{{{{"number", qonduit::Type::int64}}}, rows_, rows_};
  }
  Result<std::optional<qonduit::Request>> next_request() override {
    if (std::exchange(asked_, true)) return std::optional<qonduit::Request>();
    return std::optional<qonduit::Request>(qonduit::Request{"GetHyperCubeData", "[\"/qHyperCubeDef\"]", {0, 0, 1, rows_}, 42});
  }
  Result<qonduit::Decoded> decode(const qonduit::Request& request, std::string_view reply_json) const override {
    if (request.tag != 42) return Status(Code::internal, "the tag is lost");
    Scanner scanner{reply_json};
    std::vector<qonduit::Column> columns;
    columns.emplace_back(qonduit::Type::int64, request.page.height);
    bool good = scanner.literal("{\"qDataPages\":[{\"qMatrix\":[");
    while (good && scanner.literal("[{\"qNum\":")) {
      std::int64_t value = 0;
      good = scanner.number(value) && scanner.literal("}]");
      columns.front().append_int64(value);
      scanner.literal(",");
    }
    if (!good || !scanner.literal("],") || !scanner.rest.ends_with("}]}")) return Status(Code::bad_data, "the reply is not of numbers");
    qonduit::Decoded decoded;
    decoded.rows = columns.front().rows();
    qonduit::finish_batch(columns, &decoded.array);
    return decoded;
  }

 private:
  std::int64_t rows_ = 0;
  bool asked_ = false;
};

struct ThrowingOptions {
  bool at_create = false, no_promise = false;
  std::string pair_of, pair_with;
};
constexpr auto kThrowingOptions = qonduit::options(qonduit::option("at-create", &ThrowingOptions::at_create, "Throw when created."),
                                                   qonduit::option("no-promise", &ThrowingOptions::no_promise, "Throw when asked for it."),
                                                   qonduit::option("pair-of", &ThrowingOptions::pair_of, "Needs pair-with."),
                                                   qonduit::option("pair-with", &ThrowingOptions::pair_with, "Needs pair-of."));

class ThrowingSink final : public qonduit::Sink {
 public:
  static Result<std::unique_ptr<ThrowingSink>> create(ThrowingOptions options) {
    if (options.at_create) throw std::runtime_error("thrown by create");
    if (options.pair_of.empty() != options.pair_with.empty())
      return Status(Code::invalid_config, "'pair-of' and 'pair-with' come together");
    auto sink = std::make_unique<ThrowingSink>();
    sink->no_promise_ = options.no_promise;
    return sink;
  }
  std::uint32_t guarantees() const override {
    if (no_promise_) throw 1;
    return qonduit::guarantee::append;
  }
  Status probe() override { throw std::runtime_error("thrown by probe"); }
  Status open(const qonduit::Run&, const qonduit::Schema&) override { return {}; }
  Status write(const qonduit::BatchView&) override { throw 7; }
  Status commit() override { throw std::bad_alloc(); }
  Status abort() override { throw std::runtime_error("thrown by abort"); }
  Result<qonduit::Committed> committed(std::string_view) override { throw std::runtime_error("thrown by committed"); }
  qonduit::Delivery delivery() const override { throw std::runtime_error("thrown by delivery"); }

 private:
  bool no_promise_ = false;
};

// Says through the log what it was opened with, of a thread of its own too, and what a call gets to know of its context.
class EchoSink final : public qonduit::Sink, public qonduit::EndOfRun {
 public:
  std::uint32_t guarantees() const override { return qonduit::guarantee::append; }
  std::string_view formats() const override { return "l u"; }
  Status probe() override { return {Code::unavailable, "nobody is there"}; }
  Status open(const qonduit::Run& run, const qonduit::Schema& schema) override {
    qonduit::log::info("opened", {{"app", run.app}, {"reload", run.reload_time}, {"columns", std::to_string(schema.fields.size())}});
    return {};
  }
  Status write(const qonduit::BatchView& batch) override {
    texts_.clear();
    for (std::size_t i = 0; i < batch.columns(); ++i) {
      const auto column = batch.column(i);
      for (std::int64_t row = 0; row < batch.rows() && column.type() == qonduit::Type::utf8; ++row)
        texts_ += column.is_null(row) ? "-" : std::string(column.text(row)) + ";";
    }
    return {};
  }
  // Waits until it is told not to.
  Status commit() override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return cancelled_; });
    return context().cancelled() ? Status(Code::cancelled, "told to stop while it committed") : Status();
  }
  void cancel() noexcept override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    changed_.notify_all();
  }
  Status abort() override {
    std::thread([context = context()] {
      qonduit::log::info("lost: this thread is in no call");
      const qonduit::Context::Scope scope(context);
      qonduit::log::info("aborted");
    }).join();
    return {};
  }
  Result<qonduit::Committed> committed(std::string_view) override { return qonduit::Committed::no; }
  qonduit::Delivery delivery() const override { return {0, 0, texts_}; }
  Status end_run(std::string_view run_id, bool complete) override {
    qonduit::log::info("ended", {{"run", run_id}, {"complete", complete ? "yes" : "no"}, {"name", context().name()}});
    return {};
  }

 private:
  std::string texts_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool cancelled_ = false;
};

}  // namespace

QONDUIT_PLUGIN("sample", "0.1.0", qonduit::adapter<NumbersAdapter>("numbers", "One number per row."),
               qonduit::sink<ThrowingSink, kThrowingOptions>("throwing", "Throws."), qonduit::sink<EchoSink>("echo", "Says what it sees."))
