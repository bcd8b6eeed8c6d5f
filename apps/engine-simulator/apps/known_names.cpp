#include "apps/known_names.hpp"

#include <Poco/Exception.h>
#include <Poco/UTF8String.h>

#include <algorithm>
#include <numeric>

namespace qonduit::simulator {
namespace {

// Edits from one text to another: a byte more, less, another, or two that changed places.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before(right.size() + 1);
  std::vector<std::size_t> last(right.size() + 1);
  std::vector<std::size_t> now(right.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (left[i - 1] == right[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(now);
  }
  return last.back();
}

}  // namespace

std::string did_you_mean(std::string_view name, const std::vector<std::string>& names) {
  const std::string wanted = Poco::UTF8::toLower(std::string(name));
  std::string nearest;
  std::size_t least = wanted.size() / 3 + 1;
  for (const auto& known : names) {
    const std::size_t edits = distance(wanted, Poco::UTF8::toLower(known));
    if (edits >= least) continue;
    least = edits;
    nearest = known;
  }
  return nearest.empty() ? nearest : ", did you mean '" + nearest + "'?";
}

void refuse_unknown(const JsonObject& given, const std::string& where, EngineMembers engine,
                    std::initializer_list<std::string_view> known) {
  if (given.isNull()) return;
  for (const auto& name : given->getNames()) {
    if ((engine == EngineMembers::taken && name.starts_with('q')) || std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::vector<std::string> names(known.begin(), known.end());
    std::string all;
    for (const auto& item : names) all.append(all.empty() ? "" : ", ").append(item);
    const std::string nearest = did_you_mean(name, names);
    throw Poco::DataFormatException(where + " has a member '" + name + "'" + (nearest.empty() ? "." : nearest) + " Known are " + all);
  }
}

}  // namespace qonduit::simulator
