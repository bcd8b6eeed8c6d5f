// The sink: one file for each delivery, published whole, with a manifest beside it that proves what it holds.
#pragma once

#include <qonduit/sink.hpp>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "csv_options.hpp"
#include "encoder.hpp"
#include "file_name.hpp"
#include "output_stream.hpp"
#include "published_file.hpp"

namespace qonduit::csv {

class CsvSink final : public Sink {
 public:
  static Result<std::unique_ptr<CsvSink>> create(CsvOptions options);

  [[nodiscard]] std::uint32_t guarantees() const override { return guarantee::replace; }
  Status probe() override;
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
    std::string pipeline, run_id, app, app_id, sheet, object_id, object_type, title, dataset, started_at, reload_time;
    std::vector<std::pair<std::string, std::string>> loop, selections;
  };

  CsvSink(CsvOptions options, RunTemplate file) : options_(std::move(options)), template_(std::move(file)) {}
  void choose_stem(std::vector<std::string>& parts);
  [[nodiscard]] Status check_fence() const;
  [[nodiscard]] Status check_empty() const;
  Status flush();
  Status encode(const BatchView& batch);
  Status publish();
  void close();
  [[nodiscard]] std::string manifest(const std::string& digest, std::uint64_t bytes) const;
  [[nodiscard]] std::string manifest_name() const { return name_ + ".manifest.json"; }

  CsvOptions options_;
  RunTemplate template_;
  std::set<std::string> used_;  // paths of this run: two objects of one title must not share one
  std::string used_run_;

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
  std::string stem_;  // the path below the directory, without the extension
  std::string path_;
  Status broken_;  // the first failure since open: what follows must not be published
};

}  // namespace qonduit::csv
