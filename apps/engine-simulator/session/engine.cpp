#include "session/engine.hpp"

#include <Poco/Exception.h>

#include <algorithm>
#include <filesystem>

#include "apps/captured_app.hpp"
#include "apps/cassette_app.hpp"
#include "apps/data_app.hpp"
#include "apps/synthetic_app.hpp"
#include "file_text.hpp"

namespace qonduit::simulator {
namespace {

void load_layouts(const std::string& folder, bool trim, std::vector<std::unique_ptr<App>>& apps) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  if (error) throw Poco::PathNotFoundException(folder, error.message());
  std::sort(files.begin(), files.end());
  if (files.empty()) throw Poco::NotFoundException("no .json file in " + folder);
  for (const auto& file : files) {
    try {
      apps.push_back(std::make_unique<CapturedApp>(file.stem().string(), parse_json(read_file(file)), trim));
    } catch (const Poco::Exception& reason) {
      throw Poco::DataFormatException(file.string(), reason_of(reason));
    }
  }
}

}  // namespace

Engine::Engine(const Options& options)
    : fault_counter_(options.faults), assumptions_(options.assumptions), desktop_(options.desktop), sessions_(options.session_limit) {
  for (const auto& folder : options.apps) apps_.push_back(load_data_app(folder));
  if (options.gallery) apps_.push_back(load_gallery());
  if (options.synthetic) apps_.push_back(std::make_unique<SyntheticApp>(options.shape));
  if (!options.layouts.empty()) load_layouts(options.layouts, options.layouts_trim, apps_);
  for (const auto& file : options.cassettes) apps_.push_back(load_cassette(file));
  for (std::size_t i = 0; i < apps_.size(); ++i)
    for (std::size_t k = i + 1; k < apps_.size(); ++k)
      if (apps_[i]->id() == apps_[k]->id()) throw Poco::ExistsException("two apps have the id " + apps_[i]->id());
}

App* Engine::find_app(const std::string& id) const {
  for (const auto& app : apps_)
    if (app->id() == id) return app.get();
  return nullptr;
}

}  // namespace qonduit::simulator
