// A file that appears as a whole or not at all, for its owner only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "qonduit/status.hpp"

namespace qonduit::app {

enum class Existing : std::uint8_t { keep, replace };

// Whether it could be written now; leaves nothing behind. already_exists as below.
Status can_write_new_file(const std::filesystem::path& path, Existing existing);

// Mode 0600. already_exists when something is there and is to be kept.
Status write_new_file(const std::filesystem::path& path, std::string_view text, Existing existing);

}  // namespace qonduit::app
