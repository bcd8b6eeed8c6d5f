#include "core/config/keys.hpp"

#include <algorithm>
#include <charconv>

#include "core/config/selector.hpp"
#include "core/config/units.hpp"
#include "qonduit/list.hpp"
#include "qonduit/suggestion.hpp"

namespace qonduit::config {
namespace {

constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kDay = 24 * kHour;

std::string wrong(const Value& value, std::string_view expected) {
  return (value.secret ? std::string("the value") : "'" + value.text + "'") + " is not " + std::string(expected);
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
  if (value.text.empty() || has_control(value.text)) return wrong(value, "a path");
  target.*Member = value.text;
  return {};
}

// The items of a list, each once. The problem in words, or empty.
std::string read_list(const Value& value, std::vector<std::string>& items) {
  if (has_control(value.text)) return "control characters are not allowed here";
  auto read = parse_list(value.text);
  if (!read) return value.secret ? "is no list: a, \"b, c\"" : read.error().message();
  items = std::move(*read);
  for (auto item = items.begin(); item != items.end(); ++item) {
    if (std::find(items.begin(), item, *item) != item) return value.secret ? "names something twice" : "names '" + *item + "' twice";
  }
  return {};
}

template <auto Member, typename T>
std::string set_list(T& target, const Value& value) {
  return read_list(value, target.*Member);
}

// object:Pivot, collapsed is one title to whoever wrote it, and two items to the list.
std::string torn_apart(const std::vector<std::string>& before, std::string_view piece) {
  const auto plain = [](std::string_view text) { return text.find('"') == text.npos; };
  if (before.empty() || !plain(before.back()) || !plain(piece) || piece.find_first_of(":/!") != piece.npos) return {};
  return "; a name with a comma is written in quotes: \"" + before.back() + ", " + std::string(piece) + "\"";
}

// The form only: whether they exist is the engine's to say.
std::string set_objects(Pipeline& target, const Value& value) {
  target.objects.clear();
  target.objects_origin = value.origin;
  if (has_control(value.text)) return "control characters are not allowed here";
  const auto pieces = list_pieces(value.text);
  if (!pieces) return pieces.error().message();
  bool includes = false;
  for (const auto piece : *pieces) {
    if (piece.empty() && pieces->size() == 1) return {};
    if (piece.empty()) return "an item is empty: there is a comma too many";
    const auto selector = parse_selector(piece);
    if (!selector) return value.secret ? "an item names no object" : selector.error().message() + torn_apart(target.objects, piece);
    includes = includes || !selector->excludes;
    if (std::find(target.objects.begin(), target.objects.end(), piece) != target.objects.end())
      return value.secret ? "names something twice" : "names '" + std::string(piece) + "' twice";
    target.objects.emplace_back(piece);
  }
  if (!includes && !target.objects.empty()) return "takes objects out, but names none to take them from: begin with sheet:*/*";
  return {};
}

template <auto Member>
std::string set_names(Pipeline& target, const Value& value) {
  auto& names = target.*Member;
  names.origin = value.origin;
  if (auto problem = read_list(value, names.items); !problem.empty()) return problem;
  return names.items.empty() ? "names nothing" : std::string();
}

template <auto Member>
std::string set_patterns(Pipeline& target, const Value& value) {
  auto& patterns = target.*Member;
  patterns.origin = value.origin;
  if (has_control(value.text)) return "control characters are not allowed here";
  auto read = parse_patterns(value.text);
  if (!read) return value.secret ? "is no list: a, \"b, c\"" : read.error().message();
  patterns.items = std::move(*read);
  for (auto item = patterns.items.begin(); item != patterns.items.end(); ++item) {
    if (std::find(patterns.items.begin(), item, *item) != item)
      return value.secret ? "names something twice" : "names '" + item->text + "' twice";
  }
  return patterns.items.empty() ? "names nothing" : std::string();
}

// Names out of a few known ones.
template <auto Member, const auto& Known>
std::string set_words(Pipeline& target, const Value& value) {
  auto problem = set_names<Member>(target, value);
  if (!problem.empty()) return problem;
  const std::vector<std::string_view> words(std::begin(Known), std::end(Known));
  for (const auto& item : (target.*Member).items) {
    if (std::find(words.begin(), words.end(), item) != words.end()) continue;
    return value.secret ? "names something unknown" : "'" + item + "' is unknown" + suggestion(item, words);
  }
  return {};
}

template <auto Member, std::int64_t Low, std::int64_t High, typename T>
std::string set_duration(T& target, const Value& value) {
  using Unit = std::remove_reference_t<decltype(target.*Member)>;
  const auto parsed = parse_duration(value.text);
  if (!parsed) return wrong(value, "a duration: write 250ms, 30s, 15m or 1h");
  if (parsed->count() < Low || parsed->count() > High) {
    return wrong(value,
                 "between " + duration_text(std::chrono::milliseconds(Low)) + " and " + duration_text(std::chrono::milliseconds(High)));
  }
  const auto converted = std::chrono::duration_cast<Unit>(*parsed);
  if (converted != *parsed) return wrong(value, "a whole number of seconds");
  target.*Member = converted;
  return {};
}

template <auto Member, std::int64_t Low, std::int64_t High, typename T>
std::string set_integer(T& target, const Value& value) {
  std::remove_reference_t<decltype(target.*Member)> number = 0;
  const auto* end = value.text.data() + value.text.size();
  const auto [at, error] = std::from_chars(value.text.data(), end, number);
  if (error == std::errc::invalid_argument || at != end) return wrong(value, "a whole number");
  if (error != std::errc() || number < Low || number > High) {
    return wrong(value, "between " + std::to_string(Low) + " and " + std::to_string(High));
  }
  target.*Member = number;
  return {};
}

template <auto Member, std::int64_t Low, std::int64_t High, typename T>
Key<T> duration(std::string_view name, std::string_view fallback, std::string_view help) {
  auto type = "duration, " + duration_text(std::chrono::milliseconds(Low)) + " to " + duration_text(std::chrono::milliseconds(High));
  return {name, std::move(type), fallback, help, false, set_duration<Member, Low, High, T>};
}

std::string set_window(Pipeline& target, const Value& value) {
  if (value.text != "auto") return set_integer<&Pipeline::window, 1, 64, Pipeline>(target, value);
  target.window = 0;
  return {};
}

template <auto Member, std::int64_t Low, std::int64_t High, typename T>
Key<T> integer(std::string_view name, std::string_view fallback, std::string_view help) {
  return {
      name, "integer, " + std::to_string(Low) + " to " + std::to_string(High), fallback, help, false, set_integer<Member, Low, High, T>};
}

std::string set_url(Connection& target, const Value& value) {
  if (has_control(value.text) || value.text.find(' ') != std::string::npos) return "control characters and blanks are not allowed in a URL";
  const std::string_view url = value.text;
  const auto scheme = url.starts_with("wss://") ? 6u : url.starts_with("ws://") ? 5u : 0u;
  auto authority = url.substr(scheme);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos) return "must not carry a user or a password: see user and auth";
  const auto colon = authority.find(':', authority.starts_with('[') ? authority.find(']') : 0);
  const auto port = colon == std::string_view::npos ? std::string_view("1") : authority.substr(colon + 1);
  unsigned number = 0;
  const auto [at, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  const bool port_ok = error == std::errc() && at == port.data() + port.size() && number >= 1 && number <= 65535;
  if (scheme == 0 || authority.empty() || colon == 0 || !port_ok || url.find('#') != std::string_view::npos)
    return wrong(value, "a wss:// URL, such as wss://qlik.example.com:4747/app");
  target.url = value.text;
  return {};
}

std::string set_header_name(Connection& target, const Value& value) {
  // RFC 9110, section 5.6.2: what a field name may be made of.
  const bool token = !value.text.empty() && std::all_of(value.text.begin(), value.text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
  if (!token) return "is not the name of a header, such as X-Qlik-User";
  target.user_header = value.text;
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
  if (*parsed < (1u << 20) || *parsed > (2ull << 30)) return wrong(value, "between 1MiB and 2GiB");
  target.max_message_bytes = *parsed;
  return {};
}

std::string set_time_zone(Config& target, const Value& value) {
  auto zone = TimeZone::find(value.text);
  if (!zone) return value.secret ? "is no time zone" : zone.error().message();
  target.time_zone = *zone;
  return {};
}

std::string set_on_error(Pipeline& target, const Value& value) {
  if (value.text != "fail" && value.text != "continue") return wrong(value, "one of: fail, continue");
  target.on_error = value.text == "fail" ? OnError::fail : OnError::proceed;
  return {};
}

std::string set_on_no_data(Pipeline& target, const Value& value) {
  if (value.text != "fail" && value.text != "warn") return wrong(value, "one of: fail, warn");
  target.on_no_data = value.text == "fail" ? OnNoData::fail : OnNoData::warn;
  return {};
}

std::string set_on_mixed(Pipeline& target, const Value& value) {
  if (value.text != "text" && value.text != "null" && value.text != "fail") return wrong(value, "one of: text, null, fail");
  target.on_mixed = value.text == "null" ? OnMixed::null : value.text == "fail" ? OnMixed::fail : OnMixed::text;
  return {};
}

std::string set_on_bad_expression(Pipeline& target, const Value& value) {
  if (value.text != "warn" && value.text != "fail") return wrong(value, "one of: warn, fail");
  target.on_bad_expression = value.text == "fail" ? OnBadExpression::fail : OnBadExpression::warn;
  return {};
}

std::string set_hidden(Pipeline& target, const Value& value) {
  if (value.text != "skip" && value.text != "read") return wrong(value, "one of: skip, read");
  target.hidden = value.text == "skip" ? Hidden::skip : Hidden::read;
  return {};
}

std::string set_on_mismatch(Pipeline& target, const Value& value) {
  if (value.text == "fail")
    target.state.on_mismatch = OnMismatch::fail;
  else if (value.text == "warn")
    target.state.on_mismatch = OnMismatch::warn;
  else if (value.text == "skip")
    target.state.on_mismatch = OnMismatch::skip;
  else
    return wrong(value, "one of: fail, warn, skip");
  return {};
}

std::string set_clear(Pipeline& target, const Value& value) {
  if (value.text != "true" && value.text != "false") return wrong(value, "one of: true, false");
  target.state.clear = value.text == "true";
  return {};
}

std::string set_bookmark(Pipeline& target, const Value& value) {
  if (value.text.empty() || has_control(value.text)) return wrong(value, "the id or title of a bookmark");
  target.state.bookmark = value.text;
  return {};
}

std::string set_alternate_state(Pipeline& target, const Value& value) {
  if (value.text.empty() || has_control(value.text)) return wrong(value, "the name of an alternate state");
  target.state.alternate_state = value.text;
  target.state.alternate_state_origin = value.origin;
  return {};
}

std::string set_foreach(Pipeline& target, const Value& value) {
  auto terms = parse_foreach(value.text);
  if (!terms) return value.secret ? std::string("cannot be read") : terms.error().message();
  target.state.foreach = std::move(*terms);
  return {};
}

std::string set_foreach_limit(Pipeline& target, const Value& value) {
  int number = 0;
  const auto* end = value.text.data() + value.text.size();
  const auto [at, error] = std::from_chars(value.text.data(), end, number);
  if (error != std::errc() || at != end || number < 1 || number > 1'000'000) return wrong(value, "between 1 and 1000000");
  target.state.foreach_limit = number;
  return {};
}

std::string set_selection_columns(Pipeline& target, const Value& value) { return read_list(value, target.state.selection_columns); }

std::string set_schedule(Pipeline& target, const Value& value) {
  target.schedule = value.text;
  target.every = std::chrono::milliseconds(0);
  if (value.text == "manual") return {};
  if (value.text.starts_with("every ")) {
    const auto parsed = parse_duration(std::string_view(value.text).substr(6));
    if (parsed && *parsed >= std::chrono::seconds(1) && *parsed <= std::chrono::hours(24 * 366)) {
      target.every = *parsed;
      return {};
    }
  }
  return wrong(value, "manual, or an interval between 1s and 366d, such as 'every 15m'");
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
  std::vector<std::string> folders;
  auto problem = read_list(value, folders);
  target.plugin_folders.assign(folders.begin(), folders.end());
  return problem;
}

std::string set_paranoid(Config& target, const Value& value) {
  if (value.text != "true" && value.text != "false") return wrong(value, "one of: true, false");
  target.paranoid_plugins = value.text == "true";
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
      {"user-header", "text", "X-Qlik-User", "The header that carries the user.", false, set_header_name},
      {"root-certificate", "path", "", "The authority that signed the server's certificate, PEM.", false,
       set_path<&C::root_certificate, C>},
      {"client-certificate", "path", "", "The client's certificate, PEM.", false, set_path<&C::client_certificate, C>},
      {"client-key", "path", "", "The client's private key, PEM; readable by its owner only.", false, set_path<&C::client_key, C>},
      {"certificates", "path", "", "A folder with root.pem, client.pem and client_key.pem: short for the three keys above.", false,
       set_certificates},
      {"key-passphrase", "secret", "", "The private key's passphrase, by reference.", false, set_passphrase},
      {"trust", "file, system", "file", "Whom to trust: the root certificate alone, or the system's store too.", false, set_trust},
      duration<&C::connect_timeout, 1, kHour, C>("connect-timeout", "10s", "For the TCP connection."),
      duration<&C::handshake_timeout, 1, kHour, C>(
          "handshake-timeout", "60s", "For TLS, the upgrade and the engine's first message; a proxy that has slept takes 20 s."),
      duration<&C::call_timeout, 1, kDay, C>("call-timeout", "180s", "For one call to the engine."),
      duration<&C::keepalive, 0, kDay, C>("keepalive", "30s", "A small call after this much silence; 0s: never."),
      duration<&C::ping, 0, kDay, C>("ping", "0s", "A WebSocket ping after this much silence; 0s: never. Proxies do not relay pings."),
      duration<&C::ttl, 0, kDay, C>("ttl", "5s", "How long the engine keeps the session after the socket is gone; 0s: not asked for."),
      {"max-message", "size, 1MiB to 2GiB", "256MiB", "The largest message accepted from the engine.", false, set_message},
      integer<&C::reconnect_attempts, 0, 100, C>("reconnect-attempts", "5",
                                                 "How often to connect again when the connection dropped or is unavailable."),
  };
  return keys;
}

const std::vector<Key<Pipeline>>& pipeline_keys() {
  using P = Pipeline;
  static const std::vector<Key<P>> keys = {
      {"connection", "name", "", "Which connection.NAME to use.", true, set_line<&P::connection, P>},
      {"app", "text", "", "The app's id, or its title where only one app has it.", true, set_line<&P::app, P>},
      {"objects", "list", "",
       "Objects to read: sheet:NAME/*, sheet:*/*, sheet:NAME/OBJECT, object:ID, object:TITLE, master:NAME; * and ? are globs, [type=table] "
       "behind narrows to a type, ! in front takes out. A name in quotes is exact: object:\"Why?\", sheet:\"A/B\"/*; quotes around the "
       "whole "
       "only keep commas together.",
       false, set_objects, Form::own},
      {"field", "list", "", "Fields to read: all values of each, with state and frequency. Globs; in quotes exact names.", false,
       set_patterns<&P::fields>, Form::own},
      {"table", "list", "",
       "Tables of the data model to read row by row; * is all, a name in quotes is exact. Selections do not filter them.", false,
       set_patterns<&P::tables>, Form::own},
      {"model", "tables, fields, keys", "", "The data model itself: its tables with their row counts, their fields, the keys between them.",
       false, set_words<&P::model, kModelParts>, Form::own},
      {"list", "apps, sheets, objects, fields, measures, dimensions, variables, bookmarks", "",
       "What there is, as data: ids, titles, expressions, the fields they use.", false, set_words<&P::lists, kLists>, Form::own},
      {"sinks", "list", "", "Which sink.NAME to deliver to.", true, set_list<&P::sinks, P>, Form::own},
      {"clear", "true, false", "true",
       "Begin without selections, where select, bookmark, variable or foreach are used; false keeps what the app opens with.", false,
       set_clear},
      {"bookmark", "text", "", "The id or title of a bookmark to apply before reading.", false, set_bookmark},
      {"alternate-state", "text", "$",
       "The state in which select.FIELD selects and cubes and fields are computed; select.FIELD@STATE names another.", false,
       set_alternate_state},
      {"on-filter-mismatch", "fail, warn, skip", "fail",
       "When what is asked is not what Qlik selects: fail; go on with what could be selected, and say so; deliver nothing, and say so.",
       false, set_on_mismatch},
      {"foreach", "loops", "",
       "One delivery per value: field(NAME), field(NAME; only: A, B), bookmark(TITLE, ...), variable(NAME; 1..12), with ' x ' for "
       "products.",
       false, set_foreach, Form::own},
      {"foreach-limit", "integer, 1 to 1000000", "1000", "A loop of more deliveries is refused before the first.", false,
       set_foreach_limit},
      {"selection-columns", "list", "", "Fields whose selected values are delivered as columns.", false, set_selection_columns, Form::own},
      {"on-error", "fail, continue", "fail", "After an object failed: stop, or go on with the next. The run fails either way.", false,
       set_on_error},
      {"on-no-data", "fail, warn", "fail",
       "When an object that 'objects' names, without * or ?, holds no data: fail, or leave it out with a note in the report.", false,
       set_on_no_data},
      {"on-mixed", "text, null, fail", "text",
       "A column that holds texts beside numbers or dates: deliver it as text, with the numbers in full; deliver null in place of the "
       "texts; "
       "or fail.",
       false, set_on_mixed},
      {"on-bad-expression", "warn, fail", "warn",
       "When a dimension or measure of an object names a field, bookmark or state that the app has not, or cannot be computed: note it in "
       "the report, or fail the object.",
       false, set_on_bad_expression},
      {"hidden", "skip, read", "skip",
       "Objects that the app does not show now, because a show condition does not hold: leave them out with a note in the report, or read "
       "them.",
       false, set_hidden},
      {"window", "auto, or integer, 1 to 64", "auto",
       "Pages asked for at a time, over all objects of a run. auto: it finds its size, up to 64, by what the way to the engine and its "
       "answers ask "
       "for.",
       false, set_window},
      integer<&P::parallel, 1, 64, P>(
          "parallel", "4",
          "Objects of more than a page that are read at a time; smaller ones are read beside them. 1: one object after the other."),
      integer<&P::page_cells, 1, 10000, P>("page-cells", "10000", "Cells asked for in one call; the engine refuses more than 10,000."),
      integer<&P::queue, 1, 1024, P>("queue", "4", "Batches waiting for each sink before reading pauses."),
      integer<&P::attempts, 1, 100, P>("attempts", "3",
                                       "How often a dataset is begun, when it changes while it is read or the connection drops."),
      duration<&P::retry_delay, 0, 30'000, P>("retry-delay", "500ms", "The first pause before a call is asked again; doubles up to 30s."),
      integer<&P::budget_cells, 1, 1'000'000'000'000, P>(
          "budget.cells", "",
          "The most cells a run may read; a dataset that would exceed it fails before any of it is read. Not set: no limit."),
      {"schedule", "manual, every DURATION", "manual", "When qonduit serve runs it: manual, or every 15m.", false, set_schedule},
  };
  return keys;
}

const std::vector<TransformKey>& transform_keys() {
  static const std::vector<TransformKey> keys = {
      {"columns", "list", "Which columns are delivered, in this order: Region, Sales as revenue, !Internal, * (the rest)."},
      {"filter", "condition", "Which rows are delivered: Sales > 1000 and Region != \"North\"."},
      {"type.", "integer, real, boolean, text, date, timestamp, time, interval",
       "A column as another type; a value that does not convert is an error."},
      {"dual.", "auto, number, text, both", "What of a column's dual values the adapter delivers."},
      {"mask.", "hash, redact, last4, none", "What of a column's values leaves the host."},
      {"mask-key", "secret", "The key of mask = hash, by reference; at least 16 bytes. For the whole pipeline."},
      {"constant.", "text", "A column that is added, with this value in every row."},
      {"null.", "a value of the column's type", "What is delivered where the column has no value."},
  };
  return keys;
}

bool is_transform_key(std::string_view part) {
  if (part.starts_with("object.")) return true;
  return std::any_of(transform_keys().begin(), transform_keys().end(), [part](const TransformKey& key) {
    if (!key.name.ends_with('.')) return part == key.name;
    const auto family = key.name.substr(0, key.name.size() - 1);
    const auto rest = part.substr(std::min(part.size(), family.size()));
    return part.starts_with(family) && (rest.starts_with('.') || rest.starts_with("?."));
  });
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
      {"time-zone", "time zone", "",
       "Whose days {date} is in names, and schedules: Europe/Berlin, UTC or another name of the tz database. The system's when not given.",
       false, set_time_zone},
      {"plugins.path", "list", "", "Folders to load plugins from; the installation's own when not given.", false, set_plugin_folders,
       Form::own},
      {"plugins.paranoid", "true, false", "false",
       "Holds every batch against what a sink did to it, which may neither change nor release it. Looks at every byte: to find a bad "
       "plugin.",
       false, set_paranoid},
      {"logging.level", "trace, debug, info, warn, error", "info", "The lowest level that is written.", false, set_level},
      {"logging.format", "auto, text, json", "auto", "auto is JSON lines in a file and under systemd, text elsewhere.", false, set_format},
      {"logging.file", "path", "", "Where lines go instead of stderr.", false, set_log_file},
  };
  return keys;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::string unreferenced(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("${")) out += '$';
    out += text[i];
  }
  return out;
}

std::string written_text(std::string_view text) { return unreferenced(text.starts_with('"') ? in_quotes(text) : std::string(text)); }

std::string take_quotes(Value& value) {
  std::string text;
  if (value.verbatim || !value.text.starts_with('"')) return {};
  if (!unquote(value.text, text)) return std::string(kBadQuotes);
  value.text = std::move(text);
  return {};
}

}  // namespace qonduit::config
