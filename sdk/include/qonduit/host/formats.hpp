// The Arrow formats a sink takes, and what the host does about columns of others: a dictionary of texts becomes the texts,
// for nothing is lost by that; anything else is refused before the first row. One thread.
#pragma once

#include <qonduit/batch.hpp>
#include <qonduit/status.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::host {

class Formats {
 public:
  Formats() : Formats(QONDUIT_FORMATS) {}
  // With blanks between them, as qonduit_sink_api.formats says them. Those this host does not know are of no use here.
  explicit Formats(std::string_view formats) {
    while (!formats.empty()) {
      const auto end = std::min(formats.find(' '), formats.size());
      if (end > 0) taken_.emplace_back(formats.substr(0, end));
      formats.remove_prefix(std::min(end + 1, formats.size()));
    }
  }

  // The schema as the sink gets it; type_mismatch, which names the column, where one cannot be given to it.
  [[nodiscard]] Result<Schema> met_by(Schema schema) const {
    for (auto& field : schema.fields) {
      if (field.dictionary && takes("dictionary") && takes("u")) continue;
      field.dictionary = false;
      const auto format = arrow::detail::format_of(field.type);
      if (takes(format)) continue;
      std::string taken;
      for (const auto& one : taken_) taken += (taken.empty() ? "" : " ") + one;
      return Status(Code::type_mismatch, "column '" + field.name + "' is of type " + std::string(to_string(field.type)) +
                                             " (Arrow format " + std::string(format) + "), which it does not take; it takes: " + taken +
                                             ". Give the column another type in the pipeline");
    }
    return schema;
  }

 private:
  [[nodiscard]] bool takes(std::string_view format) const { return std::find(taken_.begin(), taken_.end(), format) != taken_.end(); }

  std::vector<std::string> taken_;
};

// A batch whose dictionaries are plain texts where the schema has none; borrows the rest.
class PlainTexts {
 public:
  // from: of the same columns, some of them dictionaries where `to` has none.
  PlainTexts(const ArrowArray& batch, const Schema& from, const Schema& to) {
    array_ = batch;
    array_.release = [](ArrowArray*) {};
    for (std::int64_t i = 0; i < batch.n_children; ++i) {
      const auto at = static_cast<std::size_t>(i);
      children_.push_back(batch.children[i]);
      if (!from.fields[at].dictionary || to.fields[at].dictionary) continue;
      const BatchView view(from, batch);
      const auto column = view.column(at);
      std::vector<Column> one;
      auto& texts = one.emplace_back(Type::utf8, batch.length);
      for (std::int64_t row = 0; row < batch.length; ++row) {
        if (column.is_null(row))
          texts.append_null();
        else
          texts.append_text(column.text(row));
      }
      finish_batch(one, made_.emplace_back(new ArrowArray{}).get());
      children_.back() = made_.back()->children[0];
    }
    array_.children = children_.data();
  }
  PlainTexts(const PlainTexts&) = delete;
  PlainTexts& operator=(const PlainTexts&) = delete;

  [[nodiscard]] const ArrowArray& get() const noexcept { return array_; }

 private:
  ArrowArray array_{};
  std::vector<ArrowArray*> children_;
  std::vector<arrow::ArrayHandle> made_;
};

}  // namespace qonduit::host
