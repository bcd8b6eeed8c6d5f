#include "core/fetch/fetcher.hpp"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

#include "core/engine/back_off.hpp"
#include "core/fetch/batch_join.hpp"

namespace qonduit::fetch {

namespace codes = engine::engine_code;

// One call: a page, or a request that has none. Its completion may outlive the fetcher, and shares it.
struct Fetcher::Slot {
  Request request;         // page: the piece that is asked
  std::int64_t right = 0;  // where the request's rows end
  bool beyond = false;     // asks for a row behind the last one announced: there must be none
  std::int64_t extra = 0;  // the same, of the last page: rows that are asked with it
  // Of the rest of a page that came short: as many cells are asked for from then on. A row of the rest shows that the engine trimmed it.
  std::int64_t trimmed = 0;
  engine::Rpc::CallId call = 0;
  Flow::Clock::time_point asked{};
  std::int64_t cells = 0;  // that were asked for, as the flow counts
  bool in_flight = false;  // as the flow counts
  std::int64_t held = 0;   // bytes, as the flow counts
  // Written on rpc's thread before it says that it replied.
  engine::Reply reply;
  Flow::Clock::time_point arrived{};
  std::atomic<bool> replied = false;
};

namespace {

constexpr std::int64_t kSmall = 1000;        // cells
constexpr std::size_t kMostAhead = 100'000;  // requests a forecast takes from a source

bool too_large(int code) { return code == codes::pages_too_large || code == codes::result_too_large || code == codes::response_too_large; }

// May be asked again once the object is known to be unchanged.
bool again(const engine::Reply& reply) {
  return reply.engine_code == codes::aborted || reply.engine_code == codes::reload_in_progress || retryable(reply.status.code());
}

std::string page_argument(const Page& page) {
  return "[{\"qLeft\":" + std::to_string(page.left) + ",\"qTop\":" + std::to_string(page.top) +
         ",\"qWidth\":" + std::to_string(page.width) + ",\"qHeight\":" + std::to_string(page.height) + "}]";
}

// A page without rows is read, too: by the look behind its last row.
bool has_page(const Page& page) { return page.width > 0; }

// Pieces in steps stand alone.
bool in_steps(const Request& request) { return request.step_width > 0; }
Steps steps_of(const Request& request) { return in_steps(request) ? Steps{request.step_width, request.step_height} : Steps{}; }

// A piece in steps has a row of a batch for each of them.
std::int64_t batch_rows(const Request& request) {
  const auto& page = request.page;
  return in_steps(request) ? page.width / request.step_width * (page.height / request.step_height) : page.height;
}

Status more_than_announced(std::int64_t rows) {
  return {Code::inconsistent, "the engine has rows behind row " + std::to_string(rows) + ", the last one the layout announced"};
}

// Rows and columns are counted from 1 in messages.
std::string where(const Page& page) { return "page at row " + std::to_string(page.top + 1) + ", column " + std::to_string(page.left + 1); }

}  // namespace

std::string Source::params_of(const Request& request) const {
  auto params = request.params_json;
  params.pop_back();
  return params + (params.size() > 1 ? "," : "") + page_argument(request.page) + "]";
}

Fetcher::Fetcher(engine::Calls& engine, Subject& subject, Source& source, Options options, std::stop_token stop, Pause pause)
    : engine_(engine),
      subject_(subject),
      source_(source),
      options_(options),
      stop_(std::move(stop)),
      pause_(pause ? std::move(pause) : [stop = stop_](std::chrono::milliseconds time) { return engine::interruptible_pause(time, stop); }),
      own_flow_(options.flow == nullptr ? std::optional<Flow>(Flow(options.window)) : std::nullopt),
      flow_(options.flow == nullptr ? *own_flow_ : *options.flow),
      max_cells_(options.page_cells) {}

Fetcher::~Fetcher() {
  for (const auto& slot : window_) {
    if (!slot->replied) engine_.cancel(slot->call);
    drop(*slot);
  }
}

// Takes note of what came.
void Fetcher::settle() {
  for (const auto& slot : window_) {
    if (!slot->in_flight || !slot->replied) continue;
    slot->in_flight = false;
    const auto& reply = slot->reply;
    if (!reply.ok()) {
      if (reply.engine_code == codes::aborted)
        flow_.aborted(slot->cells);
      else
        flow_.gave_up(slot->cells);
      continue;
    }
    const auto time = slot->arrived - slot->asked;
    last_arrival_ = std::max(last_arrival_, slot->arrived);
    fastest_ = std::min(fastest_, time);
    slot->held = static_cast<std::int64_t>(reply.result.size());
    flow_.arrived(slot->cells, time, slot->beyond ? time : fastest_, slot->held);
  }
}

void Fetcher::drop(Slot& slot) {
  if (std::exchange(slot.in_flight, false)) flow_.gave_up(slot.cells);
  flow_.release(std::exchange(slot.held, 0));
}

void Fetcher::pop_front() {
  drop(*window_.front());
  window_.pop_front();
}

// There is more to read than was thought.
void Fetcher::push_front(const std::shared_ptr<Slot>& slot) {
  closing_ = false;
  window_.push_front(slot);
}

void Fetcher::advance() {
  if (finished_ || !ahead_failed_.ok()) return;
  if (closing_) return subject_.pursue_verify();
  settle();
  ahead_failed_ = fill_window(true);
  if (ahead_failed_.ok()) close_when_read();
}

bool Fetcher::spoilt() const {
  if (!ahead_failed_.ok() || (!closing_ && subject_.disturbed())) return true;
  // What the engine aborted or a connection lost is no failed attempt when nobody had waited for it yet.
  return std::any_of(window_.begin(), window_.end(),
                     [](const auto& slot) { return slot->replied && !slot->reply.ok() && again(slot->reply); });
}

// Everything that was asked for is there: whether it was the truth to the end can be asked now, and answered while it is decoded. Where
// what is decoded asks for more, it is asked again.
void Fetcher::close_when_read() {
  if (closing_ || !exhausted_ || subject_.disturbed()) return;
  if (!std::all_of(window_.begin(), window_.end(), [](const auto& slot) { return slot->replied && (slot->reply.ok() || slot->beyond); }))
    return;
  subject_.begin_verify(last_arrival_);
  closing_ = true;
}

Result<std::optional<arrow::ArrayHandle>> Fetcher::next() {
  while (!finished_) {
    if (stop_.stop_requested()) return Status(Code::cancelled, "stopped while reading");
    if (!ahead_failed_.ok()) return ahead_failed_;
    settle();
    if (auto status = fill_window(false); !status.ok()) return status;
    close_when_read();
    if (window_.empty()) {
      if (auto status = finish(); !status.ok()) return status;
      finished_ = true;
      break;
    }
    const auto slot = window_.front();
    if (auto status = wait_for(slot); !status.ok()) return status;
    if (slot->beyond && (slot->reply.ok() || !again(slot->reply))) {
      if (auto status = check_beyond(*slot); !status.ok()) return status;
      continue;
    }
    if (slot->extra > 0 && !slot->reply.ok() && !again(slot->reply)) {
      look_apart(slot);
      continue;
    }
    if (!slot->reply.ok()) {
      const auto& reply = slot->reply;
      auto why = reply.status.within(where(slot->request.page));
      Status outcome = too_large(reply.engine_code) ? on_refused(slot, std::move(why))
                       : again(reply)               ? recover(std::move(why))
                                                    : std::move(why);
      if (!outcome.ok()) return outcome;
      continue;
    }
    if (!closing_ && subject_.disturbed()) return Status(Code::inconsistent, "the engine said that the object changed while it was read");
    auto batch = deliver(slot);
    if (!batch || *batch) return batch;
  }
  return std::optional<arrow::ArrayHandle>();
}

Status Fetcher::fill_window(bool ahead) {
  const auto most = static_cast<std::size_t>(options_.window);
  while (!exhausted_ && window_.size() < most) {
    // Replies that wait to be decoded are part of the window. Without one in flight or waiting nothing would go on.
    const auto cells = cells_next();
    const bool room = ahead ? flow_.room_ahead(cells, small_)
                            : window_.empty() || (flow_.room(cells) && window_.size() < static_cast<std::size_t>(flow_.size()));
    if (!room) break;
    auto slot = next_slot();
    if (!slot) return std::move(slot).error();
    if (*slot == nullptr) break;
    window_.push_back(*slot);
    send(*slot);
  }
  return {};
}

// The most that the next call asks for.
std::int64_t Fetcher::cells_next() const {
  if (small_) return kSmall;
  return plan_ ? std::min(plan_->page_cells(), plan_->cells_left()) : max_cells_;
}

Result<std::shared_ptr<Fetcher::Slot>> Fetcher::next_slot() {
  while (true) {
    if (plan_) {
      const auto whole = plan_->whole();
      const bool looks_along = ends_at_last_row(whole) && plan_->pages_left() == 1 && plan_->room_below();
      if (auto page = plan_->next()) {
        auto slot = std::make_shared<Slot>();
        slot->request = *request_;
        slot->request.page = *page;
        slot->right = whole.left + whole.width;
        if (looks_along) {
          slot->extra = steps_of(*request_).height;
          slot->request.page.height += slot->extra;
          plan_.reset();
        }
        return slot;
      }
      plan_.reset();
      if (ends_at_last_row(whole)) return beyond(*request_, whole);
    }
    auto request = next_request();
    if (!request) return std::move(request).error();
    if (!*request) {
      exhausted_ = true;
      return std::shared_ptr<Slot>();
    }
    request_ = std::move(**request);
    if (has_page(request_->page)) {
      plan_.emplace(request_->page, page_cells(*request_), steps_of(*request_));
      continue;
    }
    auto slot = std::make_shared<Slot>();
    slot->request = *request_;
    return slot;
  }
}

// What the source wants next, cut at the limit of rows.
Result<std::optional<Request>> Fetcher::ask_source() {
  while (true) {
    auto request = source_.next_request();
    if (!request || !*request || options_.row_limit < 0) return request;
    auto& page = (*request)->page;
    if (page.width == 0) return Status(Code::unsupported, "this kind of object is not read in pages: only all of its rows can be read");
    const bool empty = page.height == 0;
    page.height = std::min(page.height, options_.row_limit - page.top);
    if (page.height > 0 || empty) return request;
  }
}

Result<std::optional<Request>> Fetcher::next_request() {
  if (ahead_.empty()) return ask_source();
  std::optional<Request> request(std::move(ahead_.front()));
  ahead_.pop_front();
  return request;
}

Result<Forecast> Fetcher::forecast() {
  while (!exhausted_) {
    auto request = ask_source();
    if (!request) return std::move(request).error();
    if (!*request) break;
    if (ahead_.size() == kMostAhead) return Status(Code::unsupported, "the adapter wants more calls than can be counted beforehand");
    ahead_.push_back(std::move(**request));
  }
  Forecast forecast{counters_.calls, counters_.cells, counters_.calls - looks_beyond_, counters_.calls == 0 ? 0 : -1, 1};
  const auto add = [&](std::int64_t pages, std::int64_t cells) {
    forecast.calls += pages;
    forecast.pages += pages;
    // What a call without a page brings is known with its reply.
    forecast.cells = forecast.cells < 0 || cells < 0 ? -1 : forecast.cells + cells;
  };
  const auto add_plan = [&](const PagePlan& plan) {
    add(plan.pages_left(), plan.cells_left());
    if (ends_at_last_row(plan.whole()) && !plan.room_below()) ++forecast.calls;
    forecast.pages_of_a_row = std::max(forecast.pages_of_a_row, (plan.whole().width + plan.page_cells() - 1) / plan.page_cells());
  };
  for (const auto& slot : window_) {
    const auto& page = slot->request.page;
    if (!slot->beyond) add(0, page.width == 0 ? -1 : page.width * (page.height - slot->extra));
  }
  if (plan_) add_plan(*plan_);
  for (const auto& request : ahead_) {
    if (forecast.rows >= 0) forecast.rows = has_page(request.page) ? forecast.rows + batch_rows(request) : -1;
    if (has_page(request.page))
      add_plan(PagePlan(request.page, page_cells(request), steps_of(request)));
    else
      add(request.of_layout ? 0 : 1, -1);
  }
  small_ = forecast.pages <= 1 && forecast.cells >= 0 && forecast.cells <= kSmall;
  return forecast;
}

// A layout that announces fewer rows than there are would lose the rest unseen: the first cells behind the last row are asked for too, as
// many as the adapter can decode. They come with the last page where that has room for them; this is the call where it has none.
std::shared_ptr<Fetcher::Slot> Fetcher::beyond(const Request& request, const Page& whole) {
  ++looks_beyond_;
  auto slot = std::make_shared<Slot>();
  slot->request = request;
  const auto steps = steps_of(request);
  slot->request.page = {whole.left, whole.top + whole.height, steps.width, steps.height};
  slot->beyond = true;
  return slot;
}

// The engine refuses a page that goes behind the last row, or its answer is too short. Then one call asks for the rows that were announced,
// and another for a row behind them.
void Fetcher::look_apart(const std::shared_ptr<Slot>& slot) {
  slot->request.page.height -= std::exchange(slot->extra, 0);
  const auto behind = beyond(slot->request, slot->request.page);
  window_.insert(std::find(window_.begin(), window_.end(), slot) + 1, behind);
  closing_ = false;
  send(slot);
  send(behind);
}

void Fetcher::send(const std::shared_ptr<Slot>& slot) {
  auto params = slot->request.page.width > 0 ? source_.params_of(slot->request) : slot->request.params_json;
  drop(*slot);
  if (slot->request.of_layout) {
    slot->replied = true;
    return;
  }
  slot->replied = false;
  slot->asked = Flow::Clock::now();
  slot->in_flight = true;
  const auto& page = slot->request.page;
  slot->cells = page.width > 0 ? page.width * page.height : max_cells_;
  flow_.sent(slot->cells);
  ++counters_.calls;
  slot->call =
      engine_.send(subject_.handle(), slot->request.method, std::move(params), [arrivals = engine_.arrivals(), slot](engine::Reply reply) {
        slot->reply = std::move(reply);
        slot->arrived = Flow::Clock::now();
        slot->replied = true;
        arrivals->notify();
      });
}

Status Fetcher::wait_for(const std::shared_ptr<Slot>& slot) {
  const bool there = engine_.arrivals()->wait([&] { return slot->replied.load(); }, stop_);
  settle();
  return there ? Status() : Status(Code::cancelled, "stopped while reading");
}

// The most cells of a page. That the engine trims pages is no reason to cut rows.
std::int64_t Fetcher::page_cells(const Request& request) const {
  return std::min(max_cells_, std::max(std::min(trimmed_, flow_.page_cells()), request.page.width * steps_of(request).height));
}

// Only so many rows of this page came: the engine trims pages, or the data ends here. Later pages are as small, but not less than half of
// this one, which may be an odd one; those of other objects, too, when a row of the rest has come. The rest is asked for in as many calls
// as there is room for.
void Fetcher::ask_rest(const Slot& slot, std::int64_t rows) {
  ++counters_.short_pages;
  auto rest = slot.request.page;
  const auto cells = std::max(rest.width * rows, rest.width * rest.height / 2);
  trimmed_ = std::min(trimmed_, cells);
  if (plan_) plan_->limit(page_cells(*request_));
  rest.top += rows;
  rest.height -= rows + slot.extra;
  std::vector<std::shared_ptr<Slot>> pieces;
  const auto add = [&](const Page& page) {
    auto& piece = pieces.emplace_back(std::make_shared<Slot>());
    piece->request = slot.request;
    piece->request.page = page;
    piece->right = slot.right;
  };
  if (in_steps(slot.request)) {
    add(rest);
  } else {
    const auto room = std::max(1, std::min(options_.window, flow_.size()) - flow_.in_flight());
    PagePlan plan(rest, std::max({page_cells(slot.request), rest.width, (rest.width * rest.height + room - 1) / room}));
    while (const auto page = plan.next()) add(*page);
  }
  pieces.front()->trimmed = cells;
  if (slot.extra > 0) pieces.push_back(beyond(slot.request, rest));
  closing_ = false;
  window_.insert(window_.begin(), pieces.begin(), pieces.end());
  for (const auto& piece : pieces) send(piece);
}

// The engine says that this page is too large: it is asked in halves, and later pages are smaller from the start.
Status Fetcher::on_refused(const std::shared_ptr<Slot>& slot, Status why) {
  const auto page = slot->request.page;
  const auto halves = page.width > 0 ? PagePlan::halve(page, steps_of(slot->request)) : std::nullopt;
  if (!halves) return std::move(why).within(page.width > 0 ? "the smallest page is too large for the engine" : "the reply is too large");
  max_cells_ = std::max<std::int64_t>(1, std::min(max_cells_, page.width * page.height / 2));
  if (plan_) plan_->limit(max_cells_);
  pop_front();
  for (const auto& half : {halves->second, halves->first}) {
    auto smaller = std::make_shared<Slot>();
    smaller->request = slot->request;
    smaller->request.page = half;
    smaller->right = slot->right;
    push_front(smaller);
    send(smaller);
  }
  return {};
}

// Calls were aborted, a reload runs, or the connection dropped. Waits, connects again if need be, and asks again only when the object
// is proven to be what it was: a blind retry could mix two states of the data.
Status Fetcher::recover(Status why) {
  engine::BackOff back_off(options_.retry_delay, options_.retry_delay_limit);
  while (true) {
    if (retries_in_a_row_ >= options_.retries) {
      return std::move(why).within("gave up after asking again " + std::to_string(retries_in_a_row_) + " times");
    }
    ++retries_in_a_row_;
    ++counters_.retries;
    if (!pause_(back_off.next())) return {Code::cancelled, "stopped while waiting to ask again"};

    Status status;
    if (!engine_.health().ok()) {
      // Everything in flight has completed, or completes now: the session is gone.
      for (const auto& slot : window_) {
        if (auto waited = wait_for(slot); !waited.ok()) return waited;
      }
      status = engine_.reconnect(stop_);
      if (!status.ok()) return std::move(status).within("cannot connect again after: " + why.message());
    }
    closing_ = false;
    subject_.begin_verify(Flow::Clock::now());
    status = subject_.verify();
    if (status.ok()) break;
    if (status.code() == Code::inconsistent || !retryable(status.code())) return status;
    why = std::move(status);
  }
  for (const auto& slot : window_) {
    if (slot->replied && !slot->reply.ok() && again(slot->reply)) send(slot);
  }
  return {};
}

// Nothing behind the last row: no rows, or an engine that refuses to look there.
Status Fetcher::check_beyond(const Slot& slot) {
  const auto keep = window_.front();
  pop_front();
  if (!slot.reply.ok()) return {};
  const auto piece = source_.decode(slot.request, slot.reply.result);
  if (!piece) return piece.error().within("behind the last row the layout announced");
  return piece->rows == 0 ? Status() : more_than_announced(slot.request.page.top);
}

// Decodes the front slot. Nothing comes back while a row is still in pieces.
Result<std::optional<arrow::ArrayHandle>> Fetcher::deliver(const std::shared_ptr<Slot>& slot) {
  auto page = slot->request.page;
  auto piece = source_.decode(slot->request, slot->request.of_layout ? source_.layout() : slot->reply.result);
  if (!piece) return std::move(piece).error();
  page.height -= slot->extra;
  if (slot->extra > 0 && piece->rows > page.height) return more_than_announced(page.top + page.height);
  counters_.bytes += static_cast<std::int64_t>(slot->reply.result.size());
  counters_.repaired += static_cast<std::int64_t>(slot->reply.repaired);
  pop_front();
  retries_in_a_row_ = 0;
  if (page.width == 0) {
    matrix_rows_ += piece->rows;
    counters_.rows += piece->array->length;
    counters_.cells += piece->rows * piece->array->n_children;
    return std::optional(std::move(piece->array));
  }

  if (piece->rows > page.height || piece->rows < 0) return Status(Code::bad_data, where(page) + ": more rows than asked for");
  if (piece->rows < page.height) {
    // The engine may trim a page at its own budget. No row at all is another thing: the data ends before it should.
    if (piece->rows == 0) {
      return Status(Code::inconsistent, "the engine has no data at row " + std::to_string(page.top) + ", where the layout announced " +
                                            std::to_string(request_ ? request_->page.height : page.height) + " rows");
    }
    ask_rest(*slot, piece->rows);
  }
  if (slot->trimmed > 0 && piece->rows > 0) flow_.trimmed(slot->trimmed);
  counters_.cells += piece->rows * page.width;
  const bool ends_row = page.left + page.width == slot->right;
  if (ends_row) matrix_rows_ += piece->rows;
  if (in_steps(slot->request) || ends_row) counters_.rows += piece->array->length;
  if (in_steps(slot->request) || (ends_row && row_pieces_.empty())) return std::optional(std::move(piece->array));
  row_pieces_.push_back(std::move(piece->array));
  if (!ends_row) return std::optional<arrow::ArrayHandle>();
  auto joined = join_columns(std::exchange(row_pieces_, {}));
  if (!joined) return std::move(joined).error();
  return std::optional(std::move(*joined));
}

Status Fetcher::finish() {
  if (options_.expected_rows >= 0 && matrix_rows_ != options_.expected_rows) {
    return {Code::inconsistent,
            "read " + std::to_string(matrix_rows_) + " rows, but the layout announced " + std::to_string(options_.expected_rows)};
  }
  if (!std::exchange(closing_, false)) subject_.begin_verify(last_arrival_);
  auto status = subject_.verify();
  return !status.ok() && retryable(status.code()) ? recover(std::move(status)) : status;
}

}  // namespace qonduit::fetch
