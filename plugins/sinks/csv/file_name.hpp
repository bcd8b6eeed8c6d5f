// From the template and what a run is called to a path that is safe whatever an app's author put into a title: nothing leaves the base
// folder, no two names become one, and every file system takes it.
//
// Rules for each part between slashes: bytes that are control characters, one of <>:"|?*\%/ or no valid UTF-8 are written as %XX; so are a
// leading '.' or ' ', a trailing '.' or ' ', and the first letter of a Windows device name (CON, NUL, COM1 ...). A part that is longer than
// fits is cut at a character and gets ~ and sixteen hexadecimal digits of its SHA-256. An empty part is "_".
#pragma once

#include <qonduit/sink.hpp>
#include <qonduit/status.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace qonduit::csv {

// The longest a part may be, so that ".<name>.<run>.partial" still fits into 255 bytes.
inline constexpr std::size_t kLongestPart = 160;

// One part of a path. Different texts give different parts.
std::string safe_part(std::string_view text);

// A parsed template: literals and tokens.
class FileTemplate {
 public:
  static Result<FileTemplate> parse(std::string_view text);
  // invalid_config where the template names a loop this run is no turn of.
  [[nodiscard]] Status check(const Run& run) const;

  // The parts of the path, the last one without its extension. What tells datasets and turns of a loop apart and is not in the template
  // is added as ".dataset": a turn's delivery never takes the path of another's.
  // REQUIRES: check(run).
  [[nodiscard]] std::vector<std::string> parts(const Run& run) const;

 private:
  struct Piece {
    std::string literal;
    std::string token;  // empty: literal; "loop:NAME": one loop's value
  };
  [[nodiscard]] bool has(std::string_view token) const;
  [[nodiscard]] bool names_turn(const Run& run) const;
  std::vector<std::vector<Piece>> folders_;  // pieces of each part
};

}  // namespace qonduit::csv
