// Reads what an adapter asks for: keeps calls in flight, delivers their batches in order, asks again for what was aborted, refused as too
// large or answered short, and joins what had to be cut. Everything about reading that is the same for all kinds of objects lives here.
// One thread calls next(); decoding happens on it, while further replies arrive on the session's thread. That thread may also have it
// read ahead, before the batches are wanted: advance() asks and never waits. The engine, the subject, the source and the flow outlive the
// fetcher; its end cancels what is in flight.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/engine/calls.hpp"
#include "core/fetch/flow.hpp"
#include "core/fetch/page_plan.hpp"
#include "core/fetch/subject.hpp"
#include "qonduit/adapter.hpp"
#include "qonduit/batch.hpp"
#include "qonduit/status.hpp"

namespace qonduit::fetch {

using qonduit::Request;

struct Piece {
  arrow::ArrayHandle array;
  std::int64_t rows = 0;  // of the data matrix
};

// An adapter, as the fetcher sees it.
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;
  virtual Result<std::optional<Request>> next_request() = 0;
  // The params of the call for one piece of a request with a page. The page goes behind the request's own arguments as an NxPage, unless a
  // source knows better.
  [[nodiscard]] virtual std::string params_of(const Request& request) const;
  // What decode gets for a request of_layout. Padded as replies are; valid until the next call.
  virtual std::string_view layout() { return {}; }
  // request.page is the piece that was asked. Code::bad_data may mean that a column must widen: the caller of the fetcher decides.
  virtual Result<Piece> decode(const Request& request, std::string_view reply_json) = 0;
};

struct Options {
  Flow* flow = nullptr;  // shared by all fetchers of a session; null: this one has its own
  int window = 64;       // most calls in flight of this fetcher; the flow may allow fewer
  std::int64_t page_cells = 10'000;
  std::int64_t expected_rows = -1;  // of the whole read; -1: not known
  std::int64_t row_limit = -1;      // read no row behind this one, though there are more; -1: all
  int retries = 8;                  // in a row, of calls that may be asked again; an answer in between begins anew
  std::chrono::milliseconds retry_delay{500};
  std::chrono::milliseconds retry_delay_limit{30'000};
};

struct Counters {
  std::int64_t calls = 0;
  std::int64_t retries = 0;
  std::int64_t rows = 0;  // of batches, which may be more than those of the data matrix
  std::int64_t cells = 0;
  std::int64_t bytes = 0;        // of replies
  std::int64_t repaired = 0;     // halves of UTF-16 pairs in them, which are U+FFFD now
  std::int64_t short_pages = 0;  // that came with fewer rows than were asked for
};

// What reading everything takes, those calls included that are made already. -1: not known before the last reply.
struct Forecast {
  std::int64_t calls = -1;
  std::int64_t cells = -1;
  std::int64_t pages = -1;          // calls that bring rows: all but a look behind the last by itself
  std::int64_t rows = -1;           // of batches, where nothing was read yet: at most
  std::int64_t pages_of_a_row = 1;  // more than one: rows are wider than a call and are cut
};

class Fetcher {
 public:
  // Waits so long, or until stopped: answers false then. Tests bring their own.
  using Pause = std::function<bool(std::chrono::milliseconds)>;

  Fetcher(engine::Calls& engine, Subject& subject, Source& source, Options options, std::stop_token stop, Pause pause = {});
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;
  ~Fetcher();

  // The next batch in order, or nothing when everything was read, counted and found unchanged. Errors end the read: inconsistent (the
  // source changed: start over), cancelled, bad_data (see Source::decode), or what the engine said.
  Result<std::optional<arrow::ArrayHandle>> next();
  // What can be done of it without waiting, before its turn: asks for pages, and for the proof at the end when all pages are there.
  void advance();
  // Whether reading ahead came to nothing: next() would fail, and a new fetcher may not.
  [[nodiscard]] bool spoilt() const;
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }
  // Asks the source for all its requests, the engine for nothing. Pages that come short or are refused later make more calls of it.
  Result<Forecast> forecast();

 private:
  struct Slot;
  using Window = std::deque<std::shared_ptr<Slot>>;

  void settle();
  void drop(Slot& slot);
  void pop_front();
  void push_front(const std::shared_ptr<Slot>& slot);
  Status fill_window(bool ahead);
  void close_when_read();
  [[nodiscard]] std::int64_t cells_next() const;
  Result<std::shared_ptr<Slot>> next_slot();
  Result<std::optional<Request>> ask_source();
  Result<std::optional<Request>> next_request();
  [[nodiscard]] bool ends_at_last_row(const Page& whole) const {
    return (options_.row_limit < 0 || whole.height == 0) && whole.top + whole.height == options_.expected_rows;
  }
  [[nodiscard]] std::shared_ptr<Slot> beyond(const Request& request, const Page& whole);
  void look_apart(const std::shared_ptr<Slot>& slot);
  Status check_beyond(const Slot& slot);
  void send(const std::shared_ptr<Slot>& slot);
  Status wait_for(const std::shared_ptr<Slot>& slot);
  [[nodiscard]] std::int64_t page_cells(const Request& request) const;
  void ask_rest(const Slot& slot, std::int64_t rows);
  Status on_refused(const std::shared_ptr<Slot>& slot, Status why);
  Status recover(Status why);
  Result<std::optional<arrow::ArrayHandle>> deliver(const std::shared_ptr<Slot>& slot);
  Status finish();

  engine::Calls& engine_;
  Subject& subject_;
  Source& source_;
  Options options_;
  std::stop_token stop_;
  Pause pause_;
  std::optional<Flow> own_flow_;
  Flow& flow_;
  Window window_;                   // in order of delivery
  std::optional<Request> request_;  // the one being cut into pages
  std::deque<Request> ahead_;       // what forecast() took from the source
  bool small_ = false;              // as it forecast: all of it is one page of few cells
  std::optional<PagePlan> plan_;
  bool exhausted_ = false;  // the source has nothing more to ask
  bool finished_ = false;
  bool closing_ = false;                                             // the proof at the end is under way
  Status ahead_failed_;                                              // told by next()
  std::vector<arrow::ArrayHandle> row_pieces_;                       // columns of a row that had to be cut
  std::int64_t max_cells_;                                           // of a page, as the engine takes it
  std::int64_t trimmed_ = std::numeric_limits<std::int64_t>::max();  // of a page, as the engine gives it
  Flow::Time fastest_ = Flow::Time::max();                           // of a page
  Flow::Clock::time_point last_arrival_ = Flow::Clock::now();
  int retries_in_a_row_ = 0;
  Counters counters_;
  std::int64_t matrix_rows_ = 0;
  std::int64_t looks_beyond_ = 0;  // calls that asked for nothing but a row behind the last
};

}  // namespace qonduit::fetch
