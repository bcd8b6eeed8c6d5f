#include "destination_owner.hpp"

#include <qonduit/text.hpp>

#include <fcntl.h>

#include "locked_file.hpp"
#include "safe_name.hpp"

namespace qonduit::queue {
namespace {

constexpr std::size_t kLongest = 1 << 16;

}  // namespace

DestinationOwner::DestinationOwner(const std::string& folder, const std::string& destination)
    : destination_(destination), path_(folder + "/" + safe_name(destination) + "." + short_hash(destination) + ".owner") {}

// Two lines; what is not whole was not finished, and is nobody's.
Result<std::optional<DestinationOwner::Owner>> DestinationOwner::read() const {
  const auto file = LockedFile::open(path_, O_RDONLY, LockedFile::Lock::shared);
  if (!file) return file.error().code() == Code::not_found ? Result<std::optional<Owner>>(std::nullopt) : file.error();
  const auto text = file->read(0, kLongest);
  if (!text) return text.error();
  const auto first = text->find('\n');
  const auto second = first == std::string::npos ? first : text->find('\n', first + 1);
  if (second == std::string::npos) return std::optional<Owner>();
  return std::optional(Owner{text->substr(0, first), text->substr(first + 1, second - first - 1)});
}

Status DestinationOwner::check(const Run& run) const {
  const auto owner = read();
  if (!owner) return owner.error();
  if (!*owner || (*owner)->pipeline == run.pipeline || run.takeover) return {};
  return {Code::forbidden, "the changes of '" + destination_ + "' are published by pipeline '" + (*owner)->pipeline + "' (object '" +
                               (*owner)->object + "'), and pipeline '" + std::string(run.pipeline) +
                               "' would delete its rows; put {pipeline} into the name, or take it over with run --takeover"};
}

Status DestinationOwner::take(std::string_view pipeline, std::string_view object) const {
  auto known = read();
  if (known && *known && (*known)->pipeline == pipeline && (*known)->object == object) return {};
  auto file = LockedFile::open(path_, O_RDWR | O_CREAT, LockedFile::Lock::exclusive);
  if (!file) return std::move(file).error();
  auto status = file->truncate(0);
  if (status.ok()) status = file->append(std::string(pipeline) + "\n" + std::string(object) + "\n");
  if (status.ok()) status = file->sync();
  return status.ok() ? sync_folder_of(path_) : status;
}

}  // namespace qonduit::queue
