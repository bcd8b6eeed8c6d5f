#include "core/pipeline/transform/values.hpp"

#include <string_view>
#include <utility>

#include "core/pipeline/transform/typed.hpp"

namespace qonduit::pipeline::transform {

namespace {

// Every row is the first word.
OwnedColumn encoded(std::string_view word, std::int64_t rows, std::int64_t nulls) {
  ColumnBuffers out;
  out.halves.resize(static_cast<std::size_t>(rows) + 1);  // never empty: a buffer has an address
  if (nulls != 0) out.validity.resize(static_cast<std::size_t>(rows) / 8 + 1);
  Column words(Type::utf8, 1);
  words.append_text(word);
  out.dictionary = OwnedColumn(std::move(words));
  return std::move(out).finish(Type::utf8, rows, nulls);
}

}  // namespace

OwnedColumn repeat(const Scalar& value, std::int64_t rows) {
  if (value.type == Type::utf8) return encoded(value.text, rows, 0);
  Column out(value.type, rows);
  with_type(value.type, [&]<Type T>(Is<T>) {
    const auto typed = Typed<T>::of(value);
    for (std::int64_t row = 0; row < rows; ++row) Typed<T>::append(out, typed);
  });
  return OwnedColumn(std::move(out));
}

OwnedColumn repeat_null(std::int64_t rows) { return encoded("", rows, rows); }

OwnedColumn fill_nulls(OwnedColumn column, const Scalar& value) {
  const auto view = column.view(value.type);
  if (!view.has_nulls() && column.array().dictionary == nullptr) return column;
  Column out(value.type, view.rows());
  with_type(value.type, [&]<Type T>(Is<T>) {
    const auto typed = Typed<T>::of(value);
    for (std::int64_t row = 0; row < view.rows(); ++row) Typed<T>::append(out, view.is_null(row) ? typed : Typed<T>::get(view, row));
  });
  return OwnedColumn(std::move(out));
}

}  // namespace qonduit::pipeline::transform
