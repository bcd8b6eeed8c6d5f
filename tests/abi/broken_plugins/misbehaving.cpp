// A sink that does what the option `does` says in the function that `in` names, once it has made the file `mark`.
#include <qonduit/sdk.hpp>

#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>

namespace {

using qonduit::Code;
using qonduit::Status;

struct Options {
  std::string in, does, mark;
};
constexpr auto kOptions =
    qonduit::options(qonduit::option("in", &Options::in, "The function."), qonduit::option("does", &Options::does, "What."),
                     qonduit::option("mark", &Options::mark, "A file."));

class Misbehaving final : public qonduit::Sink {
 public:
  explicit Misbehaving(Options options) : options_(std::move(options)) {}

  std::uint32_t guarantees() const override { return qonduit::guarantee::replace; }
  Status probe() override { return {}; }
  Status open(const qonduit::Run&, const qonduit::Schema&) override {
    rows_ = 0;
    return at("open");
  }
  Status write(const qonduit::BatchView& batch) override {
    rows_ += static_cast<std::uint64_t>(batch.rows());
    return at("write");
  }
  Status commit() override { return at("commit"); }
  Status abort() override { return at("abort"); }
  qonduit::Result<qonduit::Committed> committed(std::string_view) override { return qonduit::Committed::no; }
  qonduit::Delivery delivery() const override { return {rows_, 0, "nowhere"}; }
  void cancel() noexcept override {
    const std::lock_guard lock(mutex_);
    told_ = true;
    changed_.notify_all();
  }

 private:
  Status at(const char* function) {
    if (options_.in != function) return {};
    std::ofstream(options_.mark) << function;
    if (options_.does == "wait") {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [] { return false; });
    }
    if (options_.does == "wait-for-cancel") {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return told_; });
      return context().cancelled() ? Status(Code::cancelled, "was told to stop") : Status(Code::internal, "cancel without cancelled()");
    }
    if (options_.does == "abort") std::abort();
    if (options_.does == "exit") std::exit(0);
    return {};
  }

  Options options_;
  std::uint64_t rows_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool told_ = false;
};

}  // namespace

QONDUIT_PLUGIN("misbehaving", "1.0", qonduit::sink<Misbehaving, kOptions>("misbehaving", "Does what it should not."))
