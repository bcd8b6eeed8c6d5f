#include "core/config/selector.hpp"

namespace qonduit::config {

Result<Selector> parse_selector(std::string_view text) {
  Selector selector;
  selector.text = std::string(text);
  const auto refused = [&] {
    return Status(Code::invalid_config, "'" + selector.text +
                                            "' names no object: write sheet:NAME/*, sheet:NAME/OBJECT, object:ID or master:NAME, with "
                                            "[type=TYPE] behind to narrow and ! in front to take out");
  };
  if (text.starts_with('!')) {
    selector.excludes = true;
    text.remove_prefix(1);
  }
  if (const auto filter = text.rfind("[type="); filter != std::string_view::npos && text.ends_with(']')) {
    selector.type = std::string(text.substr(filter + 6, text.size() - filter - 7));
    text = text.substr(0, filter);
  }
  if (text.starts_with("object:")) {
    selector.sheet = "*";
    selector.object = std::string(text.substr(7));
  } else if (text.starts_with("master:")) {
    selector.kind = Selector::Kind::master;
    selector.sheet = "*";
    selector.object = std::string(text.substr(7));
  } else if (text.starts_with("sheet:")) {
    selector.kind = Selector::Kind::sheet;
    // The last slash: titles of sheets have slashes more often than ids of objects.
    const auto slash = text.rfind('/');
    if (slash == std::string_view::npos) return refused();
    selector.sheet = std::string(text.substr(6, slash - 6));
    selector.object = std::string(text.substr(slash + 1));
  } else {
    return refused();
  }
  if (selector.sheet.empty() || selector.object.empty() || selector.type.empty()) return refused();
  return selector;
}

bool is_glob(std::string_view text) { return text.find_first_of("*?") != std::string_view::npos; }

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
      // A character of several bytes is one.
      const bool any = glob[g] == '?';
      ++g, ++t;
      while (any && t < text.size() && (static_cast<unsigned char>(text[t]) & 0xC0u) == 0x80u) ++t;
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

}  // namespace qonduit::config
