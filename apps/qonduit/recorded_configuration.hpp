// The configuration that fits a recording: the same pipelines, with the app, the objects and the selections as the recording names them.
#pragma once

#include <string>
#include <vector>

#include "apps/qonduit/host.hpp"
#include "core/engine/session.hpp"
#include "core/recording/json_scrambler.hpp"
#include "core/recording/recorder.hpp"

namespace qonduit::app {

// A pipeline as it was recorded.
struct RecordedPipeline {
  const pipeline::Bound* bound;
  engine::AppInfo app;                      // as in the recording
  const recording::Recorder* recorder;      // what the engine listed meanwhile
  std::vector<std::string> objects;         // ids, as the engine has them, in the order they were read
  std::vector<std::string> fields, tables;  // that were read beside objects
  std::vector<std::string> bookmarks;       // titles that the turns of a loop have
};

// Where it stands: the recording's name with .properties behind it, which is nobody else's file.
std::filesystem::path configuration_beside(const std::filesystem::path& recording);

// The text of a .properties file. Secrets are left out, and named in a comment.
std::string recorded_configuration(const config::LoadResult& loaded, const std::vector<RecordedPipeline>& pipelines,
                                   const recording::JsonScrambler& scrambler);

}  // namespace qonduit::app
