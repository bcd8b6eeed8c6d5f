// The bookmarks of an app: which there are, applying one, and what Qlik says it holds. Reads over a session and keeps nothing. One thread.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "core/engine/session.hpp"
#include "qonduit/status.hpp"

namespace qonduit::pipeline {

struct BookmarkRef {
  std::string id, title;
  [[nodiscard]] const std::string& name() const { return title.empty() ? id : title; }
};

// In the order of the engine's list.
Result<std::vector<BookmarkRef>> list_bookmarks(engine::Session& session, const std::stop_token& stop);
// By id, or by title where only one has it.
Result<BookmarkRef> find_bookmark(const std::vector<BookmarkRef>& known, const std::string& name);

// What a bookmark's definition says of one field; engines differ in how much they tell.
struct BookmarkField {
  std::string field, state;
  std::int64_t values = -1;  // how many it selects; -1: not told, or a search
};

// Applies it. The fields it holds, for the comparison with what is selected then; empty where the engine does not tell.
Result<std::vector<BookmarkField>> apply_bookmark(engine::Session& session, const BookmarkRef& bookmark, const std::stop_token& stop);

}  // namespace qonduit::pipeline
