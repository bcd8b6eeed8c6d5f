// Scrambles what the engine says, and what it is asked, by the meaning of each member: cells, header nodes, ranges, texts, expressions,
// names. A text whose meaning is not known is a value: what is not proven to be form is replaced. Two documents that hold the same text in
// members of one name hold the same replacement afterwards. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/recording/scrambler.hpp"
#include "qonduit/status.hpp"

namespace qonduit::recording {

enum class Scramble : std::uint8_t { none, values, names };  // names: values, and what tables, fields, sheets and objects are called

class JsonScrambler {
 public:
  JsonScrambler(Scramble what, const Key& key) : what_(what), scrambler_(key) {}

  [[nodiscard]] Scramble what() const noexcept { return what_; }
  // The document with its values replaced; the very bytes where nothing is scrambled. bad_data when it is not JSON.
  Result<std::string> document(std::string_view json) const;
  // The parameters of a call, whose texts mean what the method says.
  Result<std::string> params(std::string_view method, std::string_view json) const;
  // An id, a title, a field.
  [[nodiscard]] std::string name(std::string_view text) const;
  [[nodiscard]] std::string value(std::string_view text) const;
  // The text of a value that has a number besides; NaN: it has none.
  [[nodiscard]] std::string value(std::string_view text, double number) const;
  // In Qlik's language, as the parameters of calls have it.
  [[nodiscard]] std::string expression(std::string_view text) const;

 private:
  Scramble what_;
  Scrambler scrambler_;
};

}  // namespace qonduit::recording
