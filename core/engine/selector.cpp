#include "core/engine/selector.hpp"

namespace qonduit::engine {

Result<Selector> parse_selector(std::string_view text) {
  Selector selector;
  selector.text = std::string(text);
  const auto refused = [&] {
    return Status(Code::invalid_config, "'" + selector.text + "' names no object: write sheet:NAME/*, sheet:NAME/OBJECT or object:ID");
  };
  if (text.starts_with("object:")) {
    selector.sheet = "*";
    selector.object = std::string(text.substr(7));
  } else if (text.starts_with("sheet:")) {
    // The last slash: titles of sheets have slashes more often than ids of objects.
    const auto slash = text.rfind('/');
    if (slash == std::string_view::npos) return refused();
    selector.sheet = std::string(text.substr(6, slash - 6));
    selector.object = std::string(text.substr(slash + 1));
  } else {
    return refused();
  }
  if (selector.sheet.empty() || selector.object.empty()) return refused();
  return selector;
}

bool glob_matches(std::string_view glob, std::string_view text) {
  std::size_t g = 0;
  std::size_t t = 0;
  auto star = std::string_view::npos;
  std::size_t retry = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      retry = t;
    } else if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
      ++g, ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

}  // namespace qonduit::engine
