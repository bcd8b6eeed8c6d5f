// Where a delivery went before. A chart that gets another title, or moves to another sheet, gets another file, and nobody is told by the
// old one, which only stays as it is. One thread.
#pragma once

#include <qonduit/sink.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::csv {

class FormerFiles {
 public:
  // Files below the base.
  explicit FormerFiles(std::string base) : base_(std::move(base)) {}
  // The file, below the base, that a delivery of this dataset of this object and pipeline wrote last; empty where none is found. The
  // manifests are read once a run. Where there are many thousand files not all of them are looked at: what is found is so, what is not
  // found may be there.
  std::string of(const Run& run);

 private:
  struct File {
    std::string path, object, dataset, started_at;
  };
  void read(std::string_view pipeline);

  std::string base_;
  std::optional<std::string> run_;  // pipeline and run that files_ were read in
  std::vector<File> files_;         // of that pipeline
};

}  // namespace qonduit::csv
