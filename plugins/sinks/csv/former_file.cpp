#include "former_file.hpp"

#include <fcntl.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "manifest.hpp"
#include "published_file.hpp"

namespace qonduit::csv {
namespace {

namespace fs = std::filesystem;

// Of files and folders, however many manifests are among them.
constexpr std::size_t kMost = 20'000;

}  // namespace

void FormerFiles::read(std::string_view pipeline) {
  files_.clear();
  std::error_code error;
  fs::recursive_directory_iterator entry(base_, fs::directory_options::skip_permission_denied, error);
  for (std::size_t seen = 0; !error && entry != fs::recursive_directory_iterator() && seen < kMost; ++seen, entry.increment(error)) {
    std::error_code unknown;
    const auto path = entry->path().string();
    if (!path.ends_with(kManifest) || !fs::is_regular_file(entry->symlink_status(unknown))) continue;
    const auto manifest = read_small_file(AT_FDCWD, path);
    if (!manifest || !manifest_says(*manifest, "pipeline", pipeline)) continue;
    files_.push_back({path.substr(base_.size() + 1, path.size() - base_.size() - 1 - kManifest.size()), manifest_text(*manifest, "object"),
                      manifest_text(*manifest, "dataset"), manifest_text(*manifest, "started_at")});
  }
}

std::string FormerFiles::of(const Run& run) {
  auto when = std::string(run.pipeline) + '\0' + std::string(run.run_id);
  if (run_ != when) read(run.pipeline), run_ = std::move(when);
  const auto object = as_in_manifest(run.object_id), dataset = as_in_manifest(run.part());
  const File* latest = nullptr;
  for (const auto& file : files_) {
    if (file.object != object || file.dataset != dataset) continue;
    if (latest == nullptr || latest->started_at < file.started_at) latest = &file;
  }
  return latest == nullptr ? std::string() : latest->path;
}

}  // namespace qonduit::csv
