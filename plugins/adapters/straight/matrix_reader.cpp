#include "plugins/adapters/straight/matrix_reader.hpp"

#include <qonduit/log.hpp>

#include <utility>

#include "plugins/adapters/straight/page_decoder.hpp"

namespace qonduit::straight {

Opened MatrixReader::open(hypercube::CubeLayout cube, std::string_view method, const std::map<int, std::string>& expressions) {
  cube_ = std::move(cube);
  method_ = std::string(method);
  plan_ = plan_columns(cube_, options_, widening_, expressions);
  asked_ = false;
  return Opened{plan_.schema, cube_.rows, cube_.rows * cube_.columns};
}

std::optional<Request> MatrixReader::next_request() {
  if (asked_ || cube_.rows == 0 || cube_.columns == 0) return std::nullopt;
  asked_ = true;
  return Request{method_, "[\"" + cube_.definition_path + "\"]", Page{0, 0, cube_.columns, cube_.rows}, 0};
}

Result<Decoded> MatrixReader::decode(const Request& request, std::string_view reply_json) const {
  return decode_page({&plan_, options_.special_rows}, request.page, reply_json);
}

Status MatrixReader::widen(const Request& request, std::string_view reply_json) {
  Contradiction contradiction;
  auto decoded = decode_page({&plan_, options_.special_rows}, request.page, reply_json, &contradiction);
  if (decoded) {
    decoded->array.release(&decoded->array);
    return {Code::internal, "asked to widen for a reply that fits"};
  }
  if (contradiction.special_row) {
    widening_.row_kind = true;
    return {};
  }
  if (contradiction.frequency) {
    widening_.frequency = true;
    return {};
  }
  if (contradiction.slot.column >= plan_.columns.size()) return decoded.error();
  return widen_column(contradiction.slot, contradiction.needed, decoded.error());
}

Status MatrixReader::widen_column(Slot slot, Type needed, const Status& why) {
  const auto& column = plan_.columns[slot.column];
  const auto* companion = slot.companion == Slot::kNone ? nullptr : &column.companions[slot.companion];
  if (options_.type_conflict == Conflict::fail || (companion == nullptr && !column.may_widen)) return why;
  // A text needs utf8 at once; a number that does not fit goes one step up.
  widening_.types[slot] = needed;
  log::info("widened a column whose values do not fit its type",
            {{"column", companion == nullptr ? column.title : companion->name},
             {"from", std::string(to_string(companion == nullptr ? column.type : companion->type))},
             {"to", std::string(to_string(needed))}});
  return {};
}

}  // namespace qonduit::straight
