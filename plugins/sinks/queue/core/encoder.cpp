#include "encoder.hpp"

#include <optional>
#include <set>
#include <utility>

#include "json.hpp"
#include "plugins/sinks/csv/encoder.hpp"

namespace qonduit::queue {
namespace {

class JsonEncoder final : public Encoder {
 public:
  JsonEncoder(const QueueOptions& options, const Schema& schema)
      : rows_(schema, options.non_finite), several_(options.format == Format::json_array) {}

  [[nodiscard]] std::string_view content_type() const override { return "application/json"; }
  [[nodiscard]] bool several() const override { return several_; }
  Status begin(std::string& out) const override {
    if (several_) out += '[';
    return {};
  }
  void use(const BatchView& batch) override { rows_.use(batch); }
  Status row(std::int64_t row, std::uint64_t number, std::string& out) override { return rows_.append(row, number, out); }
  void between(std::string& out) const override { out += ','; }
  void end(std::string& out) const override {
    if (several_) out += ']';
  }

 private:
  JsonRows rows_;
  bool several_;
};

// As the CSV sink writes by default: RFC 4180, a null is an empty field and an empty text is quoted.
class CsvEncoder final : public Encoder {
 public:
  explicit CsvEncoder(const Schema& schema) : encoder_(csv::CsvOptions(), schema) {}

  [[nodiscard]] std::string_view content_type() const override { return "text/csv; charset=utf-8; header=present"; }
  [[nodiscard]] bool several() const override { return true; }
  Status begin(std::string& out) const override { return encoder_.begin(out); }
  void use(const BatchView& batch) override { batch_.emplace(batch); }
  Status row(std::int64_t row, std::uint64_t number, std::string& out) override {
    return encoder_.rows(*batch_, row, row + 1, static_cast<std::int64_t>(number) - 1 - row, out);
  }
  void between(std::string& /*out*/) const override {}
  void end(std::string& /*out*/) const override {}

 private:
  csv::Encoder encoder_;
  std::optional<BatchView> batch_;
};

}  // namespace

Result<std::unique_ptr<Encoder>> Encoder::make(const QueueOptions& options, const Schema& schema) {
  if (options.format == Format::csv) return std::unique_ptr<Encoder>(std::make_unique<CsvEncoder>(schema));
  return std::unique_ptr<Encoder>(std::make_unique<JsonEncoder>(options, schema));
}

std::vector<std::string> unique_names(const Schema& schema) {
  std::vector<std::string> names;
  std::set<std::string> wished, taken;
  for (const auto& field : schema.fields) wished.insert(field.name);
  for (const auto& field : schema.fields) {
    auto name = field.name;
    // A name that another column has by itself is not given away.
    for (int number = 2; taken.contains(name) || (number > 2 && wished.contains(name)); ++number) {
      name = field.name + "_" + std::to_string(number);
    }
    taken.insert(name);
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace qonduit::queue
