#include "folded_name.hpp"

#include <utf8proc.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>

namespace qonduit::names {

std::string folded_name(std::string_view name, Accents accents) {
  int options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
  options |= accents == Accents::dropped ? UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK : UTF8PROC_COMPOSE;
  struct Free {
    void operator()(utf8proc_uint8_t* text) const noexcept { std::free(text); }
  };
  utf8proc_uint8_t* folded = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(name.data()), static_cast<utf8proc_ssize_t>(name.size()),
                                 &folded, static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, Free> owner(folded);
  if (size < 0) return std::string(name);
  return {reinterpret_cast<const char*>(folded), static_cast<std::size_t>(size)};
}

std::string one_path(const std::string& path) {
  std::error_code error;
  auto one = std::filesystem::weakly_canonical(path, error);
  return error ? path : one.string();
}

}  // namespace qonduit::names
