// What an app.json may say: members that nothing reads are mistakes of who wrote them.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "json.hpp"

namespace qonduit::simulator {

// ", did you mean 'X'?" for the nearest of the names, or nothing where none is near.
[[nodiscard]] std::string did_you_mean(std::string_view name, const std::vector<std::string>& names);

// Whether members that begin with q go into a definition of the engine as they are.
enum class EngineMembers { refused, taken };

// Throws Poco::DataFormatException, naming the member, the nearest known one and all that are known. where: "object X".
void refuse_unknown(const JsonObject& given, const std::string& where, EngineMembers engine, std::initializer_list<std::string_view> known);

}  // namespace qonduit::simulator
