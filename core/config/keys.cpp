#include "core/config/keys.hpp"

#include <charconv>

#include "core/config/units.hpp"

namespace qonduit::config {
namespace {

std::string wrong(const Value& value, std::string_view expected) {
  return (value.secret ? std::string("the value") : "'" + value.text + "'") + " is not " + std::string(expected);
}

bool has_control(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return true;
  }
  return false;
}

// A line break in a header or URL is an injection, never a mistake to be tolerant of.
template <auto Member, typename T>
std::string set_line(T& target, const Value& value) {
  if (has_control(value.text)) return "control characters are not allowed here";
  target.*Member = value.text;
  return {};
}

template <auto Member, typename T>
std::string set_path(T& target, const Value& value) {
  target.*Member = value.text;
  return {};
}

template <auto Member, typename T>
std::string set_list(T& target, const Value& value) {
  target.*Member = split_list(value.text);
  return {};
}

template <auto Member, std::int64_t Low, typename T>
std::string set_duration(T& target, const Value& value) {
  const auto parsed = parse_duration(value.text);
  if (!parsed) return wrong(value, "a duration: write 250ms, 30s, 15m or 1h");
  if (parsed->count() < Low) return "must be at least " + std::to_string(Low) + "ms";
  target.*Member = std::chrono::duration_cast<std::remove_reference_t<decltype(target.*Member)>>(*parsed);
  return {};
}

template <auto Member, int Low, int High, typename T>
std::string set_integer(T& target, const Value& value) {
  int number = 0;
  const auto* end = value.text.data() + value.text.size();
  const auto [at, error] = std::from_chars(value.text.data(), end, number);
  if (error != std::errc() || at != end) return wrong(value, "a whole number");
  if (number < Low || number > High) return "must be " + std::to_string(Low) + " to " + std::to_string(High);
  target.*Member = number;
  return {};
}

std::string set_url(Connection& target, const Value& value) {
  if (has_control(value.text) || value.text.find(' ') != std::string::npos) return "control characters and blanks are not allowed in a URL";
  if (!value.text.starts_with("wss://") && !value.text.starts_with("ws://"))
    return wrong(value, "a wss:// URL, such as wss://qlik.example.com:4747/app");
  target.url = value.text;
  return {};
}

std::string set_auth(Connection& target, const Value& value) {
  if (value.text == "certificate")
    target.auth = Auth::certificate;
  else if (value.text == "header")
    target.auth = Auth::header;
  else if (value.text == "none")
    target.auth = Auth::none;
  else
    return wrong(value, "one of: certificate, header, none");
  return {};
}

std::string set_certificates(Connection& target, const Value& value) {
  const std::filesystem::path folder(value.text);
  if (target.root_certificate.empty()) target.root_certificate = folder / "root.pem";
  if (target.client_certificate.empty()) target.client_certificate = folder / "client.pem";
  if (target.client_key.empty()) target.client_key = folder / "client_key.pem";
  return {};
}

std::string set_passphrase(Connection& target, const Value& value) {
  if (!value.secret) return "must be a reference, ${file:/path} or ${env:NAME}: secrets are not written into configuration files";
  target.key_passphrase = Secret(value.text);
  return {};
}

std::string set_trust(Connection& target, const Value& value) {
  if (value.text != "file" && value.text != "system") return wrong(value, "one of: file, system");
  target.system_trust = value.text == "system";
  return {};
}

std::string set_message(Connection& target, const Value& value) {
  const auto parsed = parse_size(value.text);
  if (!parsed) return wrong(value, "a size: write 64MiB or 1GiB");
  if (*parsed < (1u << 20) || *parsed > (2ull << 30)) return "must be 1MiB to 2GiB";
  target.max_message_bytes = *parsed;
  return {};
}

std::string set_on_error(Pipeline& target, const Value& value) {
  if (value.text != "fail" && value.text != "continue") return wrong(value, "one of: fail, continue");
  target.on_error = value.text == "fail" ? OnError::fail : OnError::proceed;
  return {};
}

std::string set_schedule(Pipeline& target, const Value& value) {
  target.schedule = value.text;
  target.every = std::chrono::milliseconds(0);
  if (value.text == "manual") return {};
  if (value.text.starts_with("every ")) {
    const auto parsed = parse_duration(std::string_view(value.text).substr(6));
    if (parsed && parsed->count() >= 1000) {
      target.every = *parsed;
      return {};
    }
  }
  return wrong(value, "manual, or an interval of at least a second, such as 'every 15m'");
}

std::string set_level(Config& target, const Value& value) {
  for (const auto* level : {"trace", "debug", "info", "warn", "error"}) {
    if (value.text == level) return target.logging.level = value.text, std::string();
  }
  return wrong(value, "one of: trace, debug, info, warn, error");
}

std::string set_format(Config& target, const Value& value) {
  for (const auto* format : {"auto", "text", "json"}) {
    if (value.text == format) return target.logging.format = value.text, std::string();
  }
  return wrong(value, "one of: auto, text, json");
}

std::string set_log_file(Config& target, const Value& value) {
  target.logging.file = value.text;
  return {};
}

std::string set_plugin_folders(Config& target, const Value& value) {
  target.plugin_folders.clear();
  for (auto& folder : split_list(value.text)) target.plugin_folders.emplace_back(std::move(folder));
  return {};
}

}  // namespace

const std::vector<Key<Connection>>& connection_keys() {
  using C = Connection;
  static const std::vector<Key<C>> keys = {
      {"url", "URL", "", "Where the engine listens, up to and including /app; a virtual proxy's prefix is part of it.", true, set_url},
      {"auth", "certificate, header, none", "certificate", "How the user is authenticated.", false, set_auth},
      {"user", "text", "", "Who reads: UserDirectory=CORP; UserId=svc_extract for certificates, the header's value for header.", false,
       set_line<&C::user, C>},
      {"user-header", "text", "X-Qlik-User", "The header that carries the user.", false, set_line<&C::user_header, C>},
      {"root-certificate", "path", "", "The authority that signed the server's certificate, PEM.", false,
       set_path<&C::root_certificate, C>},
      {"client-certificate", "path", "", "The client's certificate, PEM.", false, set_path<&C::client_certificate, C>},
      {"client-key", "path", "", "The client's private key, PEM; readable by its owner only.", false, set_path<&C::client_key, C>},
      {"certificates", "path", "", "A folder with root.pem, client.pem and client_key.pem: short for the three keys above.", false,
       set_certificates},
      {"key-passphrase", "secret", "", "The private key's passphrase, by reference.", false, set_passphrase},
      {"trust", "file, system", "file", "Whom to trust: the root certificate alone, or the system's store too.", false, set_trust},
      {"connect-timeout", "duration", "10s", "For the TCP connection.", false, set_duration<&C::connect_timeout, 1, C>},
      {"handshake-timeout", "duration", "60s", "For TLS, the upgrade and the engine's first message; a proxy that has slept takes 20 s.",
       false, set_duration<&C::handshake_timeout, 1, C>},
      {"call-timeout", "duration", "180s", "For one call to the engine.", false, set_duration<&C::call_timeout, 1, C>},
      {"keepalive", "duration", "30s", "A small call after this much silence; 0s: never.", false, set_duration<&C::keepalive, 0, C>},
      {"ping", "duration", "0s", "A WebSocket ping after this much silence; 0s: never. Proxies do not relay pings.", false,
       set_duration<&C::ping, 0, C>},
      {"ttl", "duration", "5s", "How long the engine keeps the session after the socket is gone; 0s: not asked for.", false,
       set_duration<&C::ttl, 0, C>},
      {"max-message", "size", "256MiB", "The largest message accepted from the engine.", false, set_message},
      {"reconnect-attempts", "integer", "5", "How often to connect again after the connection dropped.", false,
       set_integer<&C::reconnect_attempts, 0, 100, C>},
  };
  return keys;
}

const std::vector<Key<Pipeline>>& pipeline_keys() {
  using P = Pipeline;
  static const std::vector<Key<P>> keys = {
      {"connection", "name", "", "Which connection.NAME to use.", true, set_line<&P::connection, P>},
      {"app", "text", "", "The app's id, or its title where only one app has it.", true, set_line<&P::app, P>},
      {"objects", "list", "", "What to read: sheet:NAME/*, sheet:*/*, sheet:NAME/OBJECT, object:ID or object:TITLE. Quote what has commas.",
       true, set_list<&P::objects, P>},
      {"sinks", "list", "", "Which sink.NAME to deliver to.", true, set_list<&P::sinks, P>},
      {"on-error", "fail, continue", "fail", "After an object failed: stop, or go on with the next. The run fails either way.", false,
       set_on_error},
      {"window", "integer", "4", "Calls in flight at a time; more hide the latency of a distant engine.", false,
       set_integer<&P::window, 1, 64, P>},
      {"page-cells", "integer", "10000", "Cells asked for in one call; the engine refuses more than 10,000.", false,
       set_integer<&P::page_cells, 1, 10000, P>},
      {"queue", "integer", "4", "Batches waiting for each sink before reading pauses.", false, set_integer<&P::queue, 1, 1024, P>},
      {"attempts", "integer", "3", "How often a dataset is begun, when it changes while it is read or the connection drops.", false,
       set_integer<&P::attempts, 1, 100, P>},
      {"retry-delay", "duration", "500ms", "The first pause before a call is asked again; doubles up to 30s.", false,
       set_duration<&P::retry_delay, 0, P>},
      {"schedule", "text", "manual", "When qonduit serve runs it: manual, or every 15m.", false, set_schedule},
  };
  return keys;
}

const std::vector<Key<Sink>>& sink_keys() {
  static const std::vector<Key<Sink>> keys = {
      {"type", "name", "", "Which sink component; qonduit plugins lists them. All other keys are its options.", true,
       set_line<&Sink::type, Sink>},
  };
  return keys;
}

const std::vector<Key<Config>>& global_keys() {
  static const std::vector<Key<Config>> keys = {
      {"plugins.path", "list", "", "Folders to load plugins from; the installation's own when not given.", false, set_plugin_folders},
      {"logging.level", "trace, debug, info, warn, error", "info", "The least important lines that are written.", false, set_level},
      {"logging.format", "auto, text, json", "auto", "auto is text on a terminal, JSON lines elsewhere.", false, set_format},
      {"logging.file", "path", "", "Where lines go instead of stderr.", false, set_log_file},
  };
  return keys;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  std::string item;
  bool quoted = false;
  bool had_quote = false;
  const auto finish = [&] {
    if (!had_quote) {
      while (!item.empty() && item.back() == ' ') item.pop_back();
    }
    if (!item.empty() || had_quote) items.push_back(item);
    item.clear();
    had_quote = false;
  };
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
      had_quote = true;
    } else if (c == ',' && !quoted) {
      finish();
    } else if (quoted || c != ' ' || (!item.empty() && !had_quote)) {
      item += c;
    }
  }
  finish();
  return items;
}

}  // namespace qonduit::config
