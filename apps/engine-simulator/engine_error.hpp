// An error of the engine, answered to the client as {"code", "parameter", "message"}.
#pragma once

#include <string>

namespace qonduit::simulator {

struct EngineError {
  int code;
  std::string parameter;
  std::string message;
};

}  // namespace qonduit::simulator
