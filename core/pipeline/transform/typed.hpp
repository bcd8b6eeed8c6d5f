// What loops over columns need to be written once for all types: how to read, append and show a value of a type that is known when the
// loop is compiled, and the step from a type known at run time to such a loop. One dispatch a column and batch, none a cell.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/pipeline/transform/text_form.hpp"
#include "qonduit/batch.hpp"

namespace qonduit::pipeline::transform {

template <Type T>
struct Typed {  // timestamp and duration
  using Value = std::int64_t;
  static Value get(const ColumnView& view, std::int64_t row) { return view.int64(row); }
  static void append(Column& out, Value value) { out.append_int64(value); }
  static std::string_view show(Value value, std::string& scratch) {
    scratch.clear();
    T == Type::int64 ? put_int64(value, scratch) : T == Type::timestamp ? put_timestamp(value, scratch) : put_duration(value, scratch);
    return scratch;
  }
  static Value of(const Scalar& scalar) { return scalar.whole; }
};

template <>
struct Typed<Type::float64> {
  using Value = double;
  static Value get(const ColumnView& view, std::int64_t row) { return view.float64(row); }
  static void append(Column& out, Value value) { out.append_float64(value); }
  static std::string_view show(Value value, std::string& scratch) { return scratch.clear(), put_float64(value, scratch), scratch; }
  static Value of(const Scalar& scalar) { return scalar.real; }
};

template <>
struct Typed<Type::boolean> {
  using Value = bool;
  static Value get(const ColumnView& view, std::int64_t row) { return view.boolean(row); }
  static void append(Column& out, Value value) { out.append_boolean(value); }
  static std::string_view show(Value value, std::string& scratch) { return scratch.clear(), put_boolean(value, scratch), scratch; }
  static Value of(const Scalar& scalar) { return scalar.whole != 0; }
};

template <>
struct Typed<Type::date32> {
  using Value = std::int32_t;
  static Value get(const ColumnView& view, std::int64_t row) { return view.date32(row); }
  static void append(Column& out, Value value) { out.append_date32(value); }
  static std::string_view show(Value value, std::string& scratch) { return scratch.clear(), put_date32(value, scratch), scratch; }
  static Value of(const Scalar& scalar) { return static_cast<std::int32_t>(scalar.whole); }
};

template <>
struct Typed<Type::utf8> {
  using Value = std::string_view;
  static Value get(const ColumnView& view, std::int64_t row) { return view.text(row); }
  static void append(Column& out, Value value) { out.append_text(value); }
  static std::string_view show(Value value, std::string&) { return value; }
  static Value of(const Scalar& scalar) { return scalar.text; }
};

// A type as an argument: is<Type::int64>{}.
template <Type T>
struct Is {
  static constexpr Type value = T;
};

// call(Is<type>{})
template <typename Call>
auto with_type(Type type, Call&& call) {
  switch (type) {
    case Type::int64: return call(Is<Type::int64>{});
    case Type::float64: return call(Is<Type::float64>{});
    case Type::boolean: return call(Is<Type::boolean>{});
    case Type::utf8: return call(Is<Type::utf8>{});
    case Type::date32: return call(Is<Type::date32>{});
    case Type::timestamp: return call(Is<Type::timestamp>{});
    case Type::duration: break;
  }
  return call(Is<Type::duration>{});
}

}  // namespace qonduit::pipeline::transform
