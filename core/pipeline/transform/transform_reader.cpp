#include "core/pipeline/transform/transform_reader.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "core/pipeline/transform/gather.hpp"
#include "core/pipeline/transform/values.hpp"
#include "core/pipeline/transform/withheld.hpp"

namespace qonduit::pipeline::transform {

Result<std::unique_ptr<BatchReader>> TransformReader::open(std::unique_ptr<BatchReader>&& source, const Rules& rules,
                                                           const config::Secret& mask_key) {
  if (rules.empty()) return std::move(source);
  const auto schema = arrow::import_schema(source->schema());
  if (!schema) return schema.error();
  auto plan = make_plan(rules, *schema);
  if (!plan) return std::move(plan).error();
  std::optional<KeyedHash> hash;
  if (std::any_of(plan->columns.begin(), plan->columns.end(), [](const auto& column) { return column.mask == Mask::hash; })) {
    auto made = KeyedHash::create(mask_key);
    if (!made) return std::move(made).error();
    hash.emplace(std::move(*made));
  }
  return std::unique_ptr<BatchReader>(new TransformReader(std::move(source), std::move(*plan), std::move(hash)));
}

TransformReader::TransformReader(std::unique_ptr<BatchReader> source, Plan plan, std::optional<KeyedHash> hash)
    : WrappingReader(std::move(source)), plan_(std::move(plan)), hash_(std::move(hash)) {
  arrow::export_schema(plan_.schema, &schema_);
}

TransformReader::~TransformReader() { schema_.release(&schema_); }

std::vector<std::string> TransformReader::notes() const {
  auto notes = inner_->notes();
  notes.insert(notes.end(), plan_.notes.begin(), plan_.notes.end());
  return notes;
}

Result<std::optional<arrow::ArrayHandle>> TransformReader::next() {
  while (true) {
    auto batch = inner_->next();
    if (!batch) return withhold(std::move(batch).error());
    if (!*batch) return batch;
    const auto rows = (**batch)->length;
    if (rows > std::numeric_limits<std::int32_t>::max()) return Status(Code::unsupported, "a batch of more than 2^31 rows");
    try {
      auto transformed = transform(std::move(**batch));
      if (!transformed) return std::move(transformed).error();
      taken_ += rows;
      // Nothing to say of rows that were all filtered out; a batch that came empty is passed on.
      if ((*transformed)->length == 0 && rows > 0) continue;
      return std::optional<arrow::ArrayHandle>(std::move(*transformed));
    } catch (const std::length_error& error) {
      return Status(Code::unsupported, std::string("a column of a batch becomes too large: ") + error.what());
    }
  }
}

Result<arrow::ArrayHandle> TransformReader::transform(arrow::ArrayHandle batch) {
  auto rows = batch->length;
  auto columns = take_apart(std::move(batch));
  columns.resize(plan_.columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& planned = plan_.columns[i];
    if (!planned.delivered && !planned.filtered) {
      columns[i].drop();
      continue;
    }
    if (planned.constant) {
      columns[i] = repeat(*planned.constant, rows);
    } else if (planned.convert != nullptr) {
      auto converted = convert(std::move(columns[i]), planned);
      if (!converted) return std::move(converted).error();
      columns[i] = std::move(*converted);
    }
    if (planned.if_null) columns[i] = fill_nulls(std::move(columns[i]), *planned.if_null);
  }
  if (plan_.filter) keep_chosen(columns, rows);
  std::vector<OwnedColumn> output;
  output.reserve(plan_.output.size());
  for (const auto index : plan_.output) {
    const auto& planned = plan_.columns[index];
    auto masked = mask_column(std::move(columns[index]), planned.type, planned.mask, hash_ ? &*hash_ : nullptr);
    if (!masked) return std::move(masked).error();
    output.push_back(std::move(*masked));
  }
  return put_together(std::move(output), rows);
}

Result<OwnedColumn> TransformReader::convert(OwnedColumn column, const PlannedColumn& planned) const {
  const auto view = column.view(planned.read_as);
  Column out(planned.type, view.rows());
  const auto misfit = planned.convert(view, out);
  if (misfit.row < 0) return OwnedColumn(std::move(out));
  // What is masked in the data is not shown in a message.
  const auto shown = planned.mask == Mask::none ? "'" + misfit.value.substr(0, 100) + "'" : std::string("the value, which is masked,");
  return Status(Code::bad_data, "column '" + planned.field.name + "', row " + std::to_string(taken_ + misfit.row + 1) + ": " + shown + " " +
                                    misfit.why + ", and type." + planned.field.name + " = " + std::string(planned.asked) +
                                    " converts without loss only");
}

void TransformReader::keep_chosen(std::vector<OwnedColumn>& columns, std::int64_t& rows) {
  const auto chosen = chosen_rows(plan_.filter->evaluate(columns, rows));
  const auto kept = static_cast<std::int64_t>(chosen.size());
  if (kept == rows) return;
  filtered_ += rows - kept;
  rows = kept;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (plan_.columns[i].delivered)
      columns[i] = gather(std::move(columns[i]), plan_.columns[i].type, chosen);
    else
      columns[i].drop();
  }
}

Status TransformReader::widen() { return withhold(inner_->widen()); }

// An adapter says which value it could not take.
Status TransformReader::withhold(Status status) const {
  std::vector<ColumnNames> masked;
  for (const auto& column : plan_.columns) {
    if (column.mask != Mask::none) masked.push_back({column.field.name, column.field.find("qlik.title")});
  }
  return withheld(std::move(status), masked);
}

}  // namespace qonduit::pipeline::transform
