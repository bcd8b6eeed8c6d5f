#include "core/pipeline/transform/near_column.hpp"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <optional>

#include "qonduit/suggestion.hpp"

namespace qonduit::pipeline::transform {
namespace {

// The form in which texts that look alike are alike, NFKC; nothing for what is no UTF-8.
std::optional<std::string> composed(std::string_view text) {
  utf8proc_uint8_t* made = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &made,
                                 static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> holder(made, &std::free);
  if (size < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
}

}  // namespace

std::string near_column(std::string_view name, const std::vector<std::string_view>& names) {
  const auto wanted = composed(name);
  for (const auto known : names) {
    if (!wanted || composed(known) != wanted) continue;
    return " (did you mean '" + std::string(known) +
           "'? It looks the same and is written in another Unicode form: copy the name from what describe lists)";
  }
  return suggestion(name, names);
}

}  // namespace qonduit::pipeline::transform
