#include "plugins/adapters/straight/matrix_reader.hpp"

#include <utility>

#include "plugins/adapters/straight/page_decoder.hpp"

namespace qonduit::straight {

Opened MatrixReader::open(hypercube::CubeLayout cube, std::string_view method, const std::map<int, std::string>& expressions) {
  cube_ = std::move(cube);
  method_ = std::string(method);
  hypercube::label_columns(cube_, expressions);
  plan_ = plan_columns(cube_, options_, widening_, expressions, locale_);
  findings_.reset(plan_.columns.size());
  asked_ = false;
  return Opened{plan_.schema, cube_.rows, cube_.rows * cube_.columns, joined_notes(plan_)};
}

std::optional<Request> MatrixReader::next_request() {
  if (asked_ || cube_.columns == 0) return std::nullopt;
  asked_ = true;
  return Request{method_, "[\"" + cube_.definition_path + "\"]", Page{0, 0, cube_.columns, cube_.rows}, 0};
}

Result<Decoded> MatrixReader::decode(const Request& request, std::string_view reply_json) const {
  return decode_page({&plan_, options_.special_rows, &findings_}, request.page, reply_json);
}

Status MatrixReader::widen(const Request& request, std::string_view reply_json) {
  const DecoderSettings settings{&plan_, options_.special_rows, nullptr};
  auto decoded = decode_page(settings, request.page, reply_json);
  if (decoded) {
    decoded->array.release(&decoded->array);
    return {Code::internal, "asked to widen for a reply that fits"};
  }
  Contradiction contradiction;
  auto surveyed = decode_page(settings, request.page, reply_json, &contradiction);
  if (surveyed) surveyed->array.release(&surveyed->array);
  return straight::widen(contradiction, plan_, options_, surveyed ? decoded.error() : surveyed.error(), widening_);
}

}  // namespace qonduit::straight
