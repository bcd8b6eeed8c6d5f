// Rows of a batch to the bodies of messages. A row costs one virtual call, a cell a switch; nothing is allocated once the buffers have
// grown. One thread.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "queue_options.hpp"

namespace qonduit::queue {

class Encoder {
 public:
  static Result<std::unique_ptr<Encoder>> make(const QueueOptions& options, const Schema& schema);

  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  virtual ~Encoder() = default;

  [[nodiscard]] virtual std::string_view content_type() const = 0;
  // Whether a body may hold several rows: begin, row, between, row, end.
  [[nodiscard]] virtual bool several() const = 0;
  virtual Status begin(std::string& out) const = 0;
  // The rows that follow are of this batch. REQUIRES: it outlives them.
  virtual void use(const BatchView& batch) = 0;
  // Appends a row. number: of the row in the delivery, from 1, for messages.
  virtual Status row(std::int64_t row, std::uint64_t number, std::string& out) = 0;
  virtual void between(std::string& out) const = 0;
  virtual void end(std::string& out) const = 0;
};

// The names of columns in documents that must not have one twice: a name that is taken gets _2, _3 ... behind it.
std::vector<std::string> unique_names(const Schema& schema);

}  // namespace qonduit::queue
