#include "core/fetch/fetcher.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include "core/engine/back_off.hpp"
#include "core/fetch/batch_join.hpp"

namespace qonduit::fetch {

namespace codes = engine::engine_code;

// One call: a page, or a request that has none.
struct Fetcher::Slot {
  Request request;         // page: the piece that is asked
  std::int64_t right = 0;  // where the request's rows end
  bool beyond = false;     // asks for a row behind the last one announced: there must be none
  engine::Rpc::CallId call = 0;
  bool replied = false;  // guarded by the inbox
  engine::Reply reply;   // written once before replied is set
};

// Where replies land. Completions may outlive the fetcher, so they share it.
class Fetcher::Inbox {
 public:
  std::deque<std::shared_ptr<Slot>> window;  // the fetcher's thread only; in order of delivery

  void put(Slot& slot, engine::Reply reply) {
    const std::lock_guard lock(mutex_);
    slot.reply = std::move(reply);
    slot.replied = true;
    arrived_.notify_all();
  }

  // False when stopped first.
  bool wait(Slot& slot, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    return arrived_.wait(lock, stop, [&] { return slot.replied; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any arrived_;
};

namespace {

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
      inbox_(std::make_shared<Inbox>()),
      max_cells_(options.page_cells) {}

Fetcher::~Fetcher() {
  for (const auto& slot : inbox_->window) engine_.cancel(slot->call);
}

Result<std::optional<arrow::ArrayHandle>> Fetcher::next() {
  while (!finished_) {
    if (stop_.stop_requested()) return Status(Code::cancelled, "stopped while reading");
    if (auto status = fill_window(); !status.ok()) return status;
    if (inbox_->window.empty()) {
      if (auto status = finish(); !status.ok()) return status;
      finished_ = true;
      break;
    }
    const auto slot = inbox_->window.front();
    if (auto status = wait_for(*slot); !status.ok()) return status;
    if (slot->beyond && (slot->reply.ok() || !again(slot->reply))) {
      if (auto status = check_beyond(*slot); !status.ok()) return status;
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
    if (subject_.disturbed()) return Status(Code::inconsistent, "the engine said that the object changed while it was read");
    auto batch = deliver(slot);
    if (!batch || *batch) return batch;
  }
  return std::optional<arrow::ArrayHandle>();
}

Status Fetcher::fill_window() {
  while (inbox_->window.size() < static_cast<std::size_t>(options_.window) && !exhausted_) {
    auto slot = next_slot();
    if (!slot) return std::move(slot).error();
    if (*slot == nullptr) break;
    inbox_->window.push_back(*slot);
    send(*slot);
  }
  return {};
}

Result<std::shared_ptr<Fetcher::Slot>> Fetcher::next_slot() {
  while (true) {
    if (plan_) {
      if (auto page = plan_->next()) {
        auto slot = std::make_shared<Slot>();
        slot->request = *request_;
        slot->request.page = *page;
        slot->right = request_->page.left + request_->page.width;
        return slot;
      }
      const auto whole = plan_->whole();
      plan_.reset();
      if (ends_at_last_row(whole)) return beyond(whole);
    }
    auto request = next_request();
    if (!request) return std::move(request).error();
    if (!*request) {
      exhausted_ = true;
      return std::shared_ptr<Slot>();
    }
    request_ = std::move(**request);
    if (has_page(request_->page)) {
      plan_.emplace(request_->page, max_cells_, steps_of(*request_));
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
    if (ends_at_last_row(plan.whole())) ++forecast.calls;
    forecast.pages_of_a_row = std::max(forecast.pages_of_a_row, (plan.whole().width + plan.page_cells() - 1) / plan.page_cells());
  };
  for (const auto& slot : inbox_->window) {
    const auto& page = slot->request.page;
    if (!slot->beyond) add(0, page.width == 0 ? -1 : page.width * page.height);
  }
  if (plan_) add_plan(*plan_);
  for (const auto& request : ahead_) {
    if (forecast.rows >= 0) forecast.rows = has_page(request.page) ? forecast.rows + batch_rows(request) : -1;
    if (has_page(request.page))
      add_plan(PagePlan(request.page, max_cells_, steps_of(request)));
    else
      add(1, -1);
  }
  return forecast;
}

// A layout that announces fewer rows than there are would lose the rest unseen: the first cells behind the last row are asked for with
// the pages, as many as the adapter can decode.
std::shared_ptr<Fetcher::Slot> Fetcher::beyond(const Page& whole) {
  ++looks_beyond_;
  auto slot = std::make_shared<Slot>();
  slot->request = *request_;
  const auto steps = steps_of(*request_);
  slot->request.page = {whole.left, whole.top + whole.height, steps.width, steps.height};
  slot->beyond = true;
  return slot;
}

void Fetcher::send(const std::shared_ptr<Slot>& slot) {
  auto params = slot->request.page.width > 0 ? source_.params_of(slot->request) : slot->request.params_json;
  slot->replied = false;
  ++counters_.calls;
  slot->call = engine_.send(subject_.handle(), slot->request.method, std::move(params),
                            [inbox = inbox_, slot](engine::Reply reply) { inbox->put(*slot, std::move(reply)); });
}

Status Fetcher::wait_for(Slot& slot) {
  if (inbox_->wait(slot, stop_)) return {};
  return {Code::cancelled, "stopped while reading"};
}

// The engine says that this page is too large: it is asked in halves, and later pages are smaller from the start.
Status Fetcher::on_refused(const std::shared_ptr<Slot>& slot, Status why) {
  const auto page = slot->request.page;
  const auto halves = page.width > 0 ? PagePlan::halve(page, steps_of(slot->request)) : std::nullopt;
  if (!halves) return std::move(why).within(page.width > 0 ? "the smallest page is too large for the engine" : "the reply is too large");
  max_cells_ = std::max<std::int64_t>(1, std::min(max_cells_, page.width * page.height / 2));
  if (plan_) plan_->shrink(page.width * page.height);
  inbox_->window.pop_front();
  for (const auto& half : {halves->second, halves->first}) {
    auto smaller = std::make_shared<Slot>();
    smaller->request = slot->request;
    smaller->request.page = half;
    smaller->right = slot->right;
    inbox_->window.push_front(smaller);
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
      for (const auto& slot : inbox_->window) {
        if (auto waited = wait_for(*slot); !waited.ok()) return waited;
      }
      status = engine_.reconnect(stop_);
      if (!status.ok()) return std::move(status).within("cannot connect again after: " + why.message());
    }
    status = subject_.verify();
    if (status.ok()) break;
    if (status.code() == Code::inconsistent || !retryable(status.code())) return status;
    why = std::move(status);
  }
  for (const auto& slot : inbox_->window) {
    if (slot->replied && !slot->reply.ok() && again(slot->reply)) send(slot);
  }
  return {};
}

// Nothing behind the last row: no rows, or an engine that refuses to look there.
Status Fetcher::check_beyond(const Slot& slot) {
  inbox_->window.pop_front();
  if (!slot.reply.ok()) return {};
  const auto piece = source_.decode(slot.request, slot.reply.result);
  if (!piece) return piece.error().within("behind the last row the layout announced");
  if (piece->rows == 0) return {};
  return {Code::inconsistent,
          "the engine has rows behind row " + std::to_string(slot.request.page.top) + ", the last one the layout announced"};
}

// Decodes the front slot. Nothing comes back while a row is still in pieces.
Result<std::optional<arrow::ArrayHandle>> Fetcher::deliver(const std::shared_ptr<Slot>& slot) {
  const auto page = slot->request.page;
  auto piece = source_.decode(slot->request, slot->reply.result);
  if (!piece) return std::move(piece).error();
  counters_.bytes += static_cast<std::int64_t>(slot->reply.result.size());
  counters_.repaired += static_cast<std::int64_t>(slot->reply.repaired);
  inbox_->window.pop_front();
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
    auto rest = std::make_shared<Slot>();
    rest->request = slot->request;
    rest->request.page.top += piece->rows;
    rest->request.page.height -= piece->rows;
    rest->right = slot->right;
    inbox_->window.push_front(rest);
    send(rest);
  }
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
  auto status = subject_.verify();
  return !status.ok() && retryable(status.code()) ? recover(std::move(status)) : status;
}

}  // namespace qonduit::fetch
