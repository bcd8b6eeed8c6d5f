// Names made from a template and what a run is called: paths, tables, topics. "{app}/{title}" is literals and tokens; the tokens are
// {pipeline} {app} {sheet} {object} {title} {dataset} {run} {date} {loop} {loop:NAME}. The texts are as the app's author wrote them:
// whoever uses them makes them safe for its target. A value; const use is thread-safe.
#pragma once

#include <qonduit/sink.hpp>
#include <qonduit/status.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit {

// Whether the turns of a loop get names of their own where the template does not tell them apart.
enum class Turns : std::uint8_t { apart, together };

// Whether the object's id is in the name where the template does not have it: for objects that would share a name, see shared_names.hpp.
enum class Ids : std::uint8_t { as_templated, always };

class RunTemplate {
 public:
  // option: what the template is called in messages. separator: where the name falls into parts; 0: it has one.
  // invalid_config for an unknown token or a '{' without '}'.
  static Result<RunTemplate> parse(std::string_view option, std::string_view text, char separator = '\0');

  // invalid_config where the template names a loop this run is no turn of.
  [[nodiscard]] Status check(const Run& run) const;
  [[nodiscard]] bool has(std::string_view token) const;

  // The parts of the name. What tells datasets (and turns, when apart) from each other and is not in the template is added to the last
  // one as ".dataset", behind the id where there is one: no delivery takes the name of another dataset's. REQUIRES: check(run).
  [[nodiscard]] std::vector<std::string> parts(const Run& run, Turns turns = Turns::apart, Ids ids = Ids::as_templated) const;
  // parts of a template without separator.
  [[nodiscard]] std::string text(const Run& run, Turns turns = Turns::apart, Ids ids = Ids::as_templated) const {
    return parts(run, turns, ids).front();
  }

 private:
  struct Piece {
    std::string literal;
    std::string token;  // empty: literal; "loop:NAME": one loop's value
  };
  [[nodiscard]] bool names_turn(const Run& run) const;
  [[nodiscard]] static std::string value(const Run& run, std::string_view token, std::string_view dataset);

  std::string option_;
  std::vector<std::vector<Piece>> parts_;
};

}  // namespace qonduit

#include <qonduit/detail/run_template.ipp>
