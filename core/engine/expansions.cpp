#include "core/engine/expansions.hpp"

#include "core/engine/text_walk.hpp"

namespace qonduit::engine {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view without_blanks(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlanks);
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

class ExpansionWalk : TextWalk {
 public:
  explicit ExpansionWalk(std::string_view text) : TextWalk(text) {}

  Expansions run() {
    char end = 0;  // of the quotes that are open
    while (!over()) {
      if (end == 0 && skip_comment()) continue;
      if (ahead("$(")) {
        at_ += 2;
        expansion();
        continue;
      }
      if (end == 0 && quoted())
        end = here() == '[' ? ']' : here();
      else if (here() == end)
        end = 0;  // doubled ones close and open
      ++at_;
    }
    return std::move(found_);
  }

 private:
  // Behind the opening parenthesis, where the walk goes on: what is inside may hold others.
  void expansion() {
    const auto begin = at_;
    int open = 1;
    for (const bool computed = without_blanks(text_.substr(at_)).starts_with('='); !over() && open > 0;) {
      if (computed && skip_quoted()) continue;
      open += here() == '(' ? 1 : here() == ')' ? -1 : 0;
      ++at_;
    }
    const auto inside = without_blanks(text_.substr(begin, at_ - begin - (open == 0 ? 1 : 0)));
    at_ = begin;
    if (open != 0) return;
    if (inside.starts_with('='))
      keep_once(found_.expressions, std::string(without_blanks(inside.substr(1))));
    else if (!inside.empty())
      keep_once(found_.variables, std::string(inside));
  }

  Expansions found_;
};

}  // namespace

Expansions expansions_in(std::string_view text) { return ExpansionWalk(text).run(); }

std::string variable_of(std::string_view inside) {
  if (inside.starts_with('#') || inside.starts_with('&')) inside.remove_prefix(1);
  const auto name = without_blanks(inside.substr(0, inside.find('(')));
  return std::string(name.find('=') == std::string_view::npos ? name : std::string_view());
}

}  // namespace qonduit::engine
