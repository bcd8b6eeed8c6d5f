// What the author of an adapter writes: a class derived from Adapter that says what to ask of an object of a sheet, and turns the
// answers into batches. It never talks to the engine, so it is tested on captured layouts alone. Besides the virtual functions the
// class has two static ones, called without an instance:
//   static std::uint32_t accepts(std::string_view object_type, std::string_view layout_json);   // 0 no ... 100 exactly mine
//   static Result<std::vector<Dataset>> datasets(std::string_view object_type, std::string_view layout_json);
// Where an option decides what an adapter reads, both have the options, its struct, as their first parameter.
// One thread uses an instance at a time. decode() is const; an adapter whose decode() may run on several threads at once
// says so:
//   static constexpr bool kParallelDecode = true;
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/locale.hpp>
#include <qonduit/sink.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit {

// Cells of a hypercube's data matrix.
struct Page {
  std::int64_t left = 0, top = 0, width = 0, height = 0;
};

// What an adapter reads of an object.
struct Dataset {
  std::string name;        // stable, unique in the object; empty for the only one
  std::string place = {};  // where it stands in the layout, a JSON pointer: /box/qHyperCube; empty: not said

  friend bool operator==(const Dataset& dataset, std::string_view called) { return dataset.name == called; }
};

// See qonduit_request in abi.h: with page.width > 0 the host reads the rectangle in pieces and appends the NxPage argument.
struct Request {
  std::string method;
  std::string params_json;
  Page page;
  std::uint64_t tag = 0;
  std::int64_t step_width = 0, step_height = 0;  // cells that must stay together; 0: any page will do
  bool of_layout = false;                        // nothing is asked: decode gets the layout the dataset was opened with
};

struct Opened {
  Schema schema;
  std::int64_t rows = -1;   // exact rows of the data matrix, -1 unknown
  std::int64_t cells = -1;  // estimate, -1 unknown
  std::string note = {};    // what the user of the delivery must know; for the run's report
};

struct Decoded {
  ArrowArray array{};     // a struct array: the columns of the request's page
  std::int64_t rows = 0;  // rows of the data matrix covered, with those left out of the batch
};

class Adapter {
 public:
  Adapter() = default;
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;
  virtual ~Adapter() = default;

  // The definition of a session object to read instead of the published one, or nothing. run says which dataset will be
  // read; layout_json and properties_json are the published object's.
  virtual Result<std::optional<std::string>> prepare(const Run& run, std::string_view layout_json, std::string_view properties_json) {
    static_cast<void>(run), static_cast<void>(layout_json), static_cast<void>(properties_json);
    return std::optional<std::string>();
  }
  // Starts (again) from this layout, the value of qLayout; run.dataset says which hypercube.
  virtual Result<Opened> open(const Run& run, std::string_view layout_json) = 0;
  // What to ask next; nothing at the end. Called ahead of the replies.
  virtual Result<std::optional<Request>> next_request() = 0;
  // reply_json is the value of "result"; QONDUIT_REPLY_PADDING bytes behind it may be read. bad_data where a value does not fit its
  // column. The tag and page of the request are what next_request said, the page narrowed to the piece that was asked; method and
  // params_json are empty.
  virtual Result<Decoded> decode(const Request& request, std::string_view reply_json) const = 0;
  // After decode answered bad_data: widen the columns this reply contradicts, so that open, called again, gives types that hold it.
  virtual Status widen(const Request& request, std::string_view reply_json) {
    static_cast<void>(request), static_cast<void>(reply_json);
    return {Code::unsupported, "this adapter cannot widen its columns"};
  }
  // How the app writes numbers and dates; called before prepare and open.
  virtual void use_locale(const Locale& locale) { static_cast<void>(locale); }
  // After everything was decoded: what the user of the delivery must know of its values. For the run's report.
  [[nodiscard]] virtual std::vector<std::string> findings() const { return {}; }
  // From another thread: the call under way answers cancelled soon. Returns at once.
  virtual void cancel() noexcept {}

 protected:
  // Where this adapter runs; from its constructor on.
  [[nodiscard]] Context context() const noexcept { return context_; }

 private:
  Context context_ = Context::current();
};

}  // namespace qonduit
