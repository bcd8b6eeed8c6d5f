// What a valid configuration is: plain values, checked and complete. Made by load() in loader.hpp, read by everyone, changed by
// no one. Values that came from a secret reference are Secret and cannot be printed.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/cube.hpp"
#include "core/config/origin.hpp"
#include "core/config/secret.hpp"
#include "core/config/selection.hpp"
#include "core/config/selector.hpp"
#include "core/config/time_zone.hpp"

namespace qonduit::config {

// An option for a plugin, in the order written. Secret when it came from ${file:} or ${env:}.
struct Option {
  std::string key;
  Secret value;
  bool secret = false;
  Origin origin;
  bool verbatim = false;  // all of it came from a secret: quotes in it are its own
};

enum class Auth : std::uint8_t { certificate, header, none };

// connection.NAME.*
struct Connection {
  std::string name;
  std::string url;  // wss://host:4747/app, prefix included; the app id is appended
  Auth auth = Auth::certificate;
  std::string user;                         // "UserDirectory=CORP; UserId=svc_extract"
  std::string user_header = "X-Qlik-User";  // the header that carries it
  std::filesystem::path root_certificate;   // empty with system_trust: the system's store alone
  std::filesystem::path client_certificate;
  std::filesystem::path client_key;
  std::optional<Secret> key_passphrase;
  bool system_trust = false;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds handshake_timeout{60'000};  // upgrade and OnConnected: a cold proxy takes 20 s
  std::chrono::milliseconds call_timeout{180'000};
  std::chrono::milliseconds keepalive{30'000};  // EngineVersion after this much silence; 0: never
  std::chrono::milliseconds ping{0};            // WebSocket ping; 0: never, proxies do not relay it
  std::chrono::seconds ttl{5};                  // /ttl/N in the URL; 0: left out
  std::uint64_t max_message_bytes = 256ull << 20;
  int reconnect_attempts = 5;
  Origin origin;
};

enum class OnError : std::uint8_t { fail, proceed };  // "fail", "continue"
enum class OnNoData : std::uint8_t { fail, warn };    // an object that is named holds no data
// A column that holds texts beside numbers or dates.
enum class OnMixed : std::uint8_t { text, null, fail };
// An expression of an object is none, or names what the app has not: the report says so, or the object fails.
enum class OnBadExpression : std::uint8_t { warn, fail };
enum class Hidden : std::uint8_t { skip, read };  // objects whose show condition does not hold
// What is asked cannot be selected: the run fails; goes on with what could be, and says so; delivers nothing, and says so.
enum class OnMismatch : std::uint8_t { fail, warn, skip };

// The state of the app a pipeline reads in.
struct State {
  bool clear = true;
  std::string bookmark;                  // id or title; empty: none
  std::vector<VariableValue> variables;  // variable.NAME
  std::vector<Selection> selections;     // select.FIELD; every one has its state
  std::string alternate_state = "$";     // of selections that name none, and of what the pipeline itself computes
  Origin alternate_state_origin;
  OnMismatch on_mismatch = OnMismatch::fail;
  std::vector<LoopTerm> foreach;
  int foreach_limit = 1000;
  std::vector<std::string> selection_columns;  // fields
  // Whether reading begins with anything but the app as it opens.
  [[nodiscard]] bool any() const {
    return !bookmark.empty() || !variables.empty() || !selections.empty() || !foreach.empty() || !selection_columns.empty();
  }
};

// What pipeline.NAME.model and pipeline.NAME.list may name.
inline constexpr std::string_view kModelParts[] = {"tables", "fields", "keys"};
inline constexpr std::string_view kLists[] = {"apps", "sheets", "objects", "fields", "measures", "dimensions", "variables", "bookmarks"};

// Names with the place they were written.
struct Names {
  std::vector<std::string> items;
  Origin origin;
};

struct Patterns {
  std::vector<Pattern> items;
  Origin origin;
};

// pipeline.NAME.*
struct Pipeline {
  std::string name;
  std::string connection;
  std::string app;                   // id or unique name
  std::vector<std::string> objects;  // selectors, see selector.hpp
  Origin objects_origin;
  std::vector<Cube> cubes;                   // in the order written
  std::vector<NamedExpression> expressions;  // in the order written: the columns of one row
  Patterns fields;                           // all values of each
  Patterns tables;                           // all rows of each
  Names model;                               // kModelParts
  Names lists;                               // kLists
  std::vector<std::string> sinks;            // names of sink.NAME
  State state;
  OnError on_error = OnError::fail;
  OnNoData on_no_data = OnNoData::fail;
  OnBadExpression on_bad_expression = OnBadExpression::warn;
  OnMixed on_mixed = OnMixed::text;
  Hidden hidden = Hidden::skip;
  int window = 0;                                                            // calls in flight, 1 ... 64; 0: finds its own
  int parallel = 4;                                                          // large datasets begun at a time
  int page_cells = 10'000;                                                   // cells asked per call, at most 10,000
  int queue = 4;                                                             // batches waiting for each sink
  int attempts = 3;                                                          // of one dataset: changed while read, connection lost
  std::chrono::milliseconds retry_delay{500};                                // the first back-off; doubles up to 30 s, with jitter
  std::int64_t budget_cells = 0;                                             // a run reads no more; 0: no limit
  std::string schedule = "manual";                                           // "manual" | "every 15m"
  std::chrono::milliseconds every{0};                                        // the parsed interval; 0: manual
  std::vector<std::pair<std::string, std::vector<Option>>> adapter_options;  // pipeline.NAME.adapter.ADAPTER.KEY
  std::vector<Option> transforms;                                            // columns, filter, mask.COLUMN ...: see transform_keys()
  Origin origin;
};

// sink.NAME.*
struct Sink {
  std::string name;
  std::string type;  // the component's name
  std::vector<Option> options;
  Origin origin;
};

struct Logging {
  std::string level = "info";     // trace debug info warn error
  std::string format = "auto";    // auto: json under systemd and in a file, text elsewhere
  std::filesystem::path file{};   // empty: stderr
  std::vector<Secret> secrets{};  // every text that came from ${file:} or ${env:}: never in a line, whoever puts it there
};

struct Config {
  std::vector<Connection> connections;
  std::vector<Pipeline> pipelines;
  std::vector<Sink> sinks;
  std::vector<std::filesystem::path> plugin_folders;  // plugins.path, searched in order
  bool paranoid_plugins = false;                      // plugins.paranoid
  Logging logging;
  TimeZone time_zone;  // of {date} in names, and of schedules

  [[nodiscard]] const Connection* find_connection(std::string_view name) const;
  [[nodiscard]] const Pipeline* find_pipeline(std::string_view name) const;
  [[nodiscard]] const Sink* find_sink(std::string_view name) const;
};

}  // namespace qonduit::config
