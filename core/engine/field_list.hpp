// The values of a field, each with its state under the selections of now: a session list object, read page by page. Nothing is kept, so
// a field may have any number of values. Null is no value. One thread; the session outlives the list. Source: protocol, list objects.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/session.hpp"
#include "qonduit/status.hpp"

namespace qonduit::engine {

struct FieldValue {
  std::string_view text;  // as Qlik shows it; lives as long as the call that hands it over
  double number = 0;      // NaN: text only
  std::int64_t element = 0;
  bool selected = false;  // also where other selections exclude it
  bool possible = false;  // has rows under the selections
};

// What is true of all values.
struct FieldFacts {
  std::int64_t values = 0;
  bool locked = false;
  bool always_one = false;  // exactly one value is selected at any time
};

class FieldList {
 public:
  // not_found when the app has no such field, with what comes near. state "$": the default one.
  static Result<FieldList> open(Session& session, const std::string& field, const std::string& state, const std::stop_token& stop);

  // Calls visit for every value, in Qlik's order. inconsistent when another number of them came than there should be.
  Result<FieldFacts> read(const std::function<void(const FieldValue&)>& visit) const;
  // The same with what it asks first, which may be asked together with other things.
  [[nodiscard]] std::vector<Call> look() const;
  Result<FieldFacts> read(std::vector<Reply> look, const std::function<void(const FieldValue&)>& visit) const;
  // Selects exactly these. The engine's own word: false where it refused. What is selected then is read()'s to say.
  Result<bool> select(const std::vector<std::int64_t>& elements) const;

 private:
  FieldList(Session& session, Handle list, int field, std::stop_token stop)
      : session_(&session), list_(std::move(list)), field_(field), stop_(std::move(stop)) {}
  [[nodiscard]] Call page(std::int64_t top, std::int64_t height) const;
  Result<std::int64_t> read_page(Reply reply, std::int64_t top, std::int64_t height,
                                 const std::function<void(const FieldValue&)>& visit) const;
  Result<std::int64_t> read_pages(std::int64_t top, std::int64_t rows, const std::function<void(const FieldValue&)>& visit) const;

  Session* session_;
  Handle list_;
  int field_;  // the Field's handle, for this connection
  std::stop_token stop_;
};

// Names that come near one the app does not have, as the end of a sentence. Empty where the engine does not tell its fields.
std::string near_fields(Session& session, const std::string& field, const std::stop_token& stop);

}  // namespace qonduit::engine
