// Definitions of run_template.hpp.
#pragma once

#include <algorithm>
#include <utility>

namespace qonduit {
namespace detail {

inline constexpr std::string_view kOneLoop = "loop:";

[[nodiscard]] inline bool is_run_token(std::string_view token) {
  for (const std::string_view name : {"pipeline", "app", "sheet", "object", "title", "dataset", "run", "date", "loop"}) {
    if (name == token) return true;
  }
  return token.starts_with(kOneLoop) && token.size() > kOneLoop.size();
}

// The values of all loops; with several, a comma in one of them is no separator.
[[nodiscard]] inline std::string all_loop_values(const Run& run) {
  std::string text;
  for (const auto& [name, value] : run.loop) {
    text += text.empty() ? "" : ", ";
    for (const char c : value) {
      if (run.loop.size() > 1 && (c == ',' || c == '%')) {
        text += c == ',' ? "%2C" : "%25";
      } else {
        text += c;
      }
    }
  }
  return text;
}

}  // namespace detail

inline Result<RunTemplate> RunTemplate::parse(std::string_view option, std::string_view text, char separator) {
  const auto refused = [&](const std::string& why) {
    return Status(Code::invalid_config, std::string(option) + " = '" + std::string(text) + "': " + why);
  };
  RunTemplate result;
  result.option_ = option;
  result.parts_.emplace_back();
  const std::string ends = separator == '\0' ? std::string("{") : std::string("{") + separator;
  for (std::size_t i = 0; i < text.size();) {
    if (separator != '\0' && text[i] == separator) {
      result.parts_.emplace_back();
      ++i;
    } else if (text[i] == '{') {
      const auto end = text.find('}', i);
      if (end == std::string_view::npos) return refused("a '{' without '}'");
      const std::string token(text.substr(i + 1, end - i - 1));
      if (!detail::is_run_token(token)) {
        return refused("'{" + token + "}' is none of {pipeline} {app} {sheet} {object} {title} {dataset} {run} {date} {loop} {loop:NAME}");
      }
      result.parts_.back().push_back({{}, token});
      i = end + 1;
    } else {
      const auto end = std::min(text.find_first_of(ends, i), text.size());
      result.parts_.back().push_back({std::string(text.substr(i, end - i)), {}});
      i = end;
    }
  }
  return result;
}

inline bool RunTemplate::has(std::string_view token) const {
  return std::any_of(parts_.begin(), parts_.end(), [&](const auto& pieces) {
    return std::any_of(pieces.begin(), pieces.end(), [&](const Piece& piece) { return piece.token == token; });
  });
}

inline bool RunTemplate::names_turn(const Run& run) const {
  return has("loop") || std::all_of(run.loop.begin(), run.loop.end(),
                                    [&](const auto& loop) { return has(std::string(detail::kOneLoop) + std::string(loop.first)); });
}

inline Status RunTemplate::check(const Run& run) const {
  for (const auto& pieces : parts_) {
    for (const auto& piece : pieces) {
      if (!piece.token.starts_with(detail::kOneLoop)) continue;
      if (run.loop.empty())
        return {Code::invalid_config, option_ + ": {" + piece.token + "} names a loop, but this pipeline has no foreach"};
      const auto name = std::string_view(piece.token).substr(detail::kOneLoop.size());
      const auto known = std::any_of(run.loop.begin(), run.loop.end(), [&](const auto& loop) { return loop.first == name; });
      if (known) continue;
      std::string names;
      for (const auto& [loop, value] : run.loop) names += (names.empty() ? "" : ", ") + std::string(loop);
      return {Code::invalid_config, option_ + ": {" + piece.token + "} names no loop of this pipeline's foreach; there is: " + names};
    }
  }
  return {};
}

inline std::string RunTemplate::value(const Run& run, std::string_view token, std::string_view dataset) {
  if (token == "pipeline") return std::string(run.pipeline);
  if (token == "app") return std::string(run.app);
  if (token == "sheet") return std::string(run.sheet);
  if (token == "object") return std::string(run.object_id);
  if (token == "title") return std::string(run.title.empty() ? run.object_id : run.title);
  if (token == "dataset") return std::string(dataset);
  if (token == "run") return std::string(run.run_id);
  if (token == "loop") return detail::all_loop_values(run);
  if (!token.starts_with(detail::kOneLoop)) return std::string(run.day.empty() ? run.started_at.substr(0, 10) : run.day);
  for (const auto& [name, loop_value] : run.loop) {
    if (name == token.substr(detail::kOneLoop.size())) return std::string(loop_value);
  }
  return {};
}

inline std::vector<std::string> RunTemplate::parts(const Run& run, Turns turns, Ids ids) const {
  const bool one_name = turns == Turns::together || (names_turn(run) && !run.loop.empty());
  const auto dataset = one_name ? std::string(run.dataset) : run.part();
  std::vector<std::string> parts;
  for (const auto& pieces : parts_) {
    std::string text;
    for (const auto& piece : pieces) text += piece.token.empty() ? piece.literal : value(run, piece.token, dataset);
    if (&pieces == &parts_.back()) {
      if (ids == Ids::always && !has("object")) text += "." + std::string(run.object_id);
      if (!has("dataset") && !dataset.empty()) text += "." + dataset;
    }
    parts.push_back(std::move(text));
  }
  return parts;
}

}  // namespace qonduit
