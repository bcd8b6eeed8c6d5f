// The values of fields as the engine lists them while something is recorded, before they are scrambled: what a pipeline selects by a search
// or a range can be written down afterwards, value by value. Of the fields it is told to keep only. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qonduit::recording {

struct ListedValue {
  std::int64_t element = 0;
  std::string text;
  double number = 0;  // NaN: none
};

class ListedValues {
 public:
  void keep(const std::string& field) { kept_.insert(field); }
  // A session object of this name was made; nothing unless it lists the values of one field that is kept.
  void made(const std::string& name, std::string_view definition);
  // A page of what that object lists.
  void page(const std::string& name, std::string_view json);
  // In the order of their element numbers. state: "$" is the default one.
  [[nodiscard]] std::vector<ListedValue> of(const std::string& field, const std::string& state) const;

 private:
  using Place = std::pair<std::string, std::string>;  // field and state

  std::set<std::string> kept_;
  std::map<std::string, Place> lists_;
  std::map<Place, std::map<std::int64_t, ListedValue>> values_;
};

}  // namespace qonduit::recording
