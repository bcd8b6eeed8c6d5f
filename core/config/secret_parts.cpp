#include "core/config/secret_parts.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "qonduit/text.hpp"

namespace qonduit::config {
namespace {

// A name that ends in one of these: ssl.key.password, sslpassword, client_secret; not sasl.oauthbearer.token.endpoint.url.
constexpr std::array<std::string_view, 12> kEndings = {"password", "passwd",  "passphrase", "pwd",       "secret",     "token",
                                                       "apikey",   "api-key", "api_key",    "accesskey", "accountkey", "ssl.key.pem"};

bool in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-'; }

bool names_secret(std::string_view name) {
  const auto small = ascii_lower(name);
  return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) { return small.ends_with(ending); });
}

// Where the value ends: at what stands between the pairs of this text.
std::size_t end_of(std::string_view text, std::size_t name, std::size_t value) {
  const auto first = value < text.size() ? text[value] : ' ';
  const auto close = first == '{' ? '}' : first == '\'' || first == '"' ? first : '\0';
  if (close != '\0') return std::min(text.find(close, value + 1), text.size() - 1) + 1;
  auto at = name;
  while (at > 0 && text[at - 1] == ' ') --at;
  const auto before = at > 0 ? text[at - 1] : '\0';
  if (before == '?' || before == '&') return std::min(text.find_first_of("&#", value), text.size());
  for (const char separator : {';', ',', ' '}) {
    // What is in the value itself may be one too, so that the one in front of the pair decides, where there is one.
    const bool it_is = before == separator || (before == '\0' || before == '=' ? text.find(separator, value) != std::string_view::npos
                                                                               : separator == ' ' && at != name);
    if (it_is) return std::min(text.find(separator, value), text.size());
  }
  return text.size();
}

}  // namespace

std::vector<SecretPart> secret_parts(std::string_view text) {
  std::vector<SecretPart> parts;
  for (auto equals = text.find('='); equals != std::string_view::npos; equals = text.find('=', equals + 1)) {
    auto end = equals;
    while (end > 0 && text[end - 1] == ' ') --end;
    auto begin = end;
    while (begin > 0 && in_name(text[begin - 1])) --begin;
    auto value = equals + 1;
    while (value < text.size() && text[value] == ' ') ++value;
    if (!names_secret(text.substr(begin, end - begin))) continue;
    const auto stop = end_of(text, begin, value);
    if (stop <= value) continue;
    parts.push_back({std::string(text.substr(begin, end - begin)), value, stop - value});
    equals = stop - 1;
  }
  return parts;
}

}  // namespace qonduit::config
