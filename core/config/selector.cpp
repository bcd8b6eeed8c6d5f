#include "core/config/selector.hpp"

#include "qonduit/list.hpp"

namespace qonduit::config {
namespace {

Status no_object(std::string_view text) {
  // An id or a title alone: what it is was left out.
  const bool bare = !text.empty() && text.find_first_of(":/\"!") == std::string_view::npos;
  const auto meant = bare ? "did you mean object:" + std::string(text) + "? " : std::string();
  return {Code::invalid_config, "'" + std::string(text) + "' names no object: " + meant +
                                    "write sheet:NAME/*, sheet:NAME/OBJECT, object:ID, object:TITLE or master:NAME, with "
                                    "[type=TYPE] behind to narrow and ! in front to take out; a name in quotes is taken exactly"};
}

// Quotes inside of a name are the name's own where the whole selector is in quotes, and a mistake elsewhere.
bool read_name(std::string_view text, bool whole_in_quotes, Pattern& out) {
  if (text.starts_with('"') && unquote(text, out.text)) return out.exact = true, !out.text.empty();
  if (!whole_in_quotes && text.find('"') != std::string_view::npos) return false;
  out = {std::string(text), false};
  return !text.empty();
}

// The positions of slashes outside of quotes, the last one first.
std::vector<std::size_t> slashes(std::string_view text) {
  std::vector<std::size_t> found;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') inside = !inside;
    if (text[i] == '/' && !inside) found.insert(found.begin(), i);
  }
  return found;
}

}  // namespace

Result<Pattern> parse_pattern(std::string_view text) {
  Pattern made;
  if (read_name(text, false, made)) return made;
  return Status(Code::invalid_config, "'" + std::string(text) + "' is no name; quote the whole name, and double a quote in it");
}

Result<std::vector<Pattern>> parse_patterns(std::string_view text) {
  std::vector<Pattern> made;
  if (without_blanks(text).empty()) return made;
  const auto pieces = list_pieces(text);
  if (!pieces) return pieces.error();
  for (const auto piece : *pieces) {
    if (piece.empty()) return Status(Code::invalid_config, "an item is empty: there is a comma too many");
    auto pattern = parse_pattern(piece);
    if (!pattern) return std::move(pattern).error();
    made.push_back(std::move(*pattern));
  }
  return made;
}

Result<Selector> parse_selector(std::string_view written) {
  Selector selector;
  selector.text = std::string(written);
  auto text = written;
  const auto take_mark = [&] {
    if (selector.excludes || !text.starts_with('!')) return;
    selector.excludes = true;
    text = without_blanks(text.substr(1));
  };
  take_mark();
  std::string inside;
  const bool whole = text.starts_with('"');
  if (whole) {
    if (!unquote(text, inside)) return no_object(written);
    text = inside;
    take_mark();
  }
  if (const auto filter = text.rfind("[type="); filter != std::string_view::npos && text.ends_with(']')) {
    selector.type = std::string(text.substr(filter + 6, text.size() - filter - 7));
    text = text.substr(0, filter);
  }
  bool understood = false;
  if (text.starts_with("object:")) {
    understood = read_name(text.substr(7), whole, selector.object);
  } else if (text.starts_with("master:")) {
    selector.kind = Selector::Kind::master;
    understood = read_name(text.substr(7), whole, selector.object);
  } else if (text.starts_with("sheet:")) {
    selector.kind = Selector::Kind::sheet;
    const auto names = text.substr(6);
    // The last slash: titles of sheets have slashes more often than ids of objects.
    for (const auto slash : slashes(names)) {
      Pattern sheet;
      Pattern object;
      const bool both = read_name(names.substr(0, slash), whole, sheet) && read_name(names.substr(slash + 1), whole, object);
      if (!both && !understood) return no_object(written);
      if (!both) continue;
      if (understood) {
        selector.otherwise.emplace_back(std::move(sheet), std::move(object));
      } else {
        selector.sheet = std::move(sheet), selector.object = std::move(object);
      }
      understood = true;
    }
  }
  if (!understood || selector.type.empty()) return no_object(written);
  return selector;
}

std::string object_selector(std::string_view id) {
  const bool plain = !is_glob(id) && id.find_first_of("\",[]") == std::string_view::npos && without_blanks(id) == id;
  return "object:" + (plain ? std::string(id) : in_quotes(id));
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
