#include "file_choice.hpp"

#include <qonduit/text.hpp>

#include <cstdint>

#include "file_name.hpp"
#include "manifest.hpp"

namespace qonduit::csv {
namespace {

enum class Owner : std::uint8_t { nobody, ours, other_object, other_pipeline };

struct Claim {
  Owner owner = Owner::nobody;
  std::string pipeline, object;
};

Claim read_claim(const Run& run, const std::string& manifest) {
  Claim claim{Owner::nobody, manifest_text(manifest, "pipeline"), manifest_text(manifest, "object")};
  if (claim.pipeline.empty() && claim.object.empty()) return claim;
  if (!manifest_says(manifest, "pipeline", run.pipeline)) {
    claim.owner = Owner::other_pipeline;
  } else {
    const bool ours = manifest_says(manifest, "object", run.object_id) && manifest_says(manifest, "dataset", run.part());
    claim.owner = ours ? Owner::ours : Owner::other_object;
  }
  return claim;
}

}  // namespace

Result<FileChoice> choose_file(const Run& run, const FileNames& names, const std::function<bool(const std::string& part)>& taken,
                               const std::function<Result<std::string>(const std::string& part)>& read) {
  const auto claim_of = [&](const std::string& part) -> Result<Claim> {
    const auto manifest = read(part);
    if (manifest) return read_claim(run, *manifest);
    return manifest.error().code() == Code::not_found ? Result<Claim>(Claim()) : Result<Claim>(manifest.error());
  };
  const auto plain = claim_of(names.plain);
  if (!plain) return plain.error();
  if (plain->owner == Owner::ours && !taken(names.plain)) return FileChoice{names.plain, {}, true};

  std::string note;
  const auto settle = [&](const std::string& part, const Claim& claim) -> Result<FileChoice> {
    if (claim.owner != Owner::other_pipeline) return FileChoice{part, note, claim.owner == Owner::ours};
    if (run.takeover) return FileChoice{part, "taken over from pipeline '" + claim.pipeline + "'"};
    return Status(Code::forbidden, "'" + part + "' was delivered by pipeline '" + claim.pipeline + "' (object '" + claim.object +
                                       "'), and pipeline '" + std::string(run.pipeline) +
                                       "' does not overwrite it; put {pipeline} into file, or take it over with run --takeover");
  };
  const auto with_id = claim_of(names.with_id);
  if (!with_id) return with_id.error();
  // An id is an object's own; what has the name nevertheless has it by its title, or is another turn of the same object. A hash of what the
  // delivery is of does not depend on which of them came first.
  auto whose = std::string(run.object_id) + '\0' + run.part();
  const auto hashed_name = [&] { return safe_part(names.with_id + "." + short_hash(whose).substr(0, 8)); };
  auto part = hashed_name();
  auto hashed = claim_of(part);
  if (!hashed) return std::move(hashed).error();
  if (hashed->owner == Owner::ours && !taken(part)) return FileChoice{part, {}, true};

  const bool had_id = with_id->owner == Owner::ours;
  if (!had_id && !names.shared && !taken(names.plain)) {
    if (plain->owner != Owner::other_object) return settle(names.plain, *plain);
    note = "'" + names.plain + "' is object '" + plain->object + "''s, which this pipeline delivered before";
  }
  if (!taken(names.with_id) && with_id->owner != Owner::other_object) return settle(names.with_id, *with_id);
  while (taken(part) || hashed->owner == Owner::other_object) {
    whose += '\0';
    part = hashed_name();
    hashed = claim_of(part);
    if (!hashed) return std::move(hashed).error();
  }
  return settle(part, *hashed);
}

}  // namespace qonduit::csv
