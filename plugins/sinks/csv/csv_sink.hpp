// The sink: one file for each delivery, published whole, with a manifest beside it that proves what it holds.
#pragma once

#include <qonduit/name_groups.hpp>
#include <qonduit/shared_names.hpp>
#include <qonduit/sink.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "csv_options.hpp"
#include "encoder.hpp"
#include "file_choice.hpp"
#include "file_name.hpp"
#include "former_file.hpp"
#include "manifest.hpp"
#include "output_stream.hpp"
#include "published_file.hpp"

namespace qonduit::csv {

class CsvSink final : public Sink {
 public:
  static Result<std::unique_ptr<CsvSink>> create(CsvOptions options);

  [[nodiscard]] std::uint32_t guarantees() const override { return guarantee::replace; }
  Status probe() override;
  Result<Plan> plan(const Run& run, const Schema& schema) override;
  Result<std::string> target_of(const Run& run) override;
  Status open(const Run& run, const Schema& schema) override;
  Status write(const BatchView& batch) override;
  Status commit() override;
  Status abort() override;
  Result<Committed> committed(std::string_view run_id) override;
  [[nodiscard]] Delivery delivery() const override;

 private:
  // What stays of a run's texts for the manifest.
  struct RunFacts {
    std::uint64_t fence;
    std::string pipeline, run_id, app, app_id, sheet, object_id, object_type, title, part, started_at, reload_time;
    std::vector<std::pair<std::string, std::string>> loop, selections;
  };

  CsvSink(CsvOptions options, RunTemplate file, std::string extension, std::optional<unsigned> mode)
      : options_(std::move(options)),
        template_(std::move(file)),
        extension_(std::move(extension)),
        mode_(mode),
        former_(options_.directory) {}
  // The parts of the path, the last one as chosen. folder: none where it is not there. taken: whether another delivery has the path, as it
  // is compared.
  Result<FileChoice> choose(const Run& run, std::vector<std::string>& parts, const TargetFolder* folder,
                            const std::function<bool(const std::string&)>& taken);
  [[nodiscard]] std::string path_of(const std::vector<std::string>& parts) const;
  [[nodiscard]] Status check_fence() const;
  [[nodiscard]] Status check_empty() const;
  Status flush();
  Status encode(const BatchView& batch);
  Status publish();
  void close();
  [[nodiscard]] std::string manifest(const std::string& digest, std::uint64_t bytes) const;
  [[nodiscard]] std::string manifest_name() const { return name_ + std::string(kManifest); }

  CsvOptions options_;
  RunTemplate template_;
  std::string extension_;         // .csv, .csv.gz
  std::optional<unsigned> mode_;  // of files; not set: of those they replace
  SharedNames shared_;
  NameGroups groups_;
  FormerFiles former_;
  std::set<std::string> used_;  // paths of this run, as they are compared: no two deliveries have one
  std::string used_run_;
  std::map<std::string, std::string> planned_;  // the same of what is planned for a run, and whose each is
  std::string planned_run_;

  RunFacts run_;
  Schema schema_;
  std::string name_;
  std::optional<Encoder> encoder_;
  std::optional<TargetFolder> folder_;
  std::optional<PublishedFile> file_;
  std::optional<OutputStream> stream_;
  std::string buffer_;
  std::uint64_t rows_ = 0;
  std::uint64_t bytes_ = 0;
  std::string path_;
  std::string note_;
  Status broken_;  // the first failure since open: what follows must not be published
};

}  // namespace qonduit::csv
