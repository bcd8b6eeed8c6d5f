#include "session/faults.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Exception.h>
#include <Poco/NumberParser.h>
#include <Poco/StringTokenizer.h>
#include <Poco/Util/PropertyFileConfiguration.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>

#include "mixed.hpp"

namespace qonduit::simulator {
namespace {

struct Builtin {
  const char* name;
  const char* text;
};
constexpr std::array kBuiltin = {
    Builtin{"calm", "# A quiet engine in the same data centre.\nlatency = 1\n"},
    Builtin{"distant", "# A healthy engine far away.\nlatency = 75\njitter = 15\nbandwidth = 20000000\n"},
    Builtin{"busy",
            "# Others select and reload while this session reads: calls are aborted, pages come short, replies in another order.\n"
            "latency = 10\njitter = 30\nabort.every = 7\npages.short = 700\nout-of-order = true\n"},
    Builtin{"flaky", "# A weak network.\nlatency = 20\njitter = 60\ndrop.after = 9\nfragment = 4096\n"},
    Builtin{"reloading", "# The app is reloaded while it is read.\nlatency = 5\nchange.after = 4\nreload.time = 2000\n"},
    Builtin{"morning", "# The first run after a night: everything is slow to wake.\nopen.time = 20000\nlatency = 50\n"},
    Builtin{"quota",
            "# Two dead sessions still count; the third attempt gets in.\nrefuse.first = 2\nnotify = OnMaxParallelSessionsExceeded\n"},
    Builtin{"bad-day",
            "# Most of what can go wrong and be survived, in one day.\n"
            "latency = 15\njitter = 40\nabort.every = 9\nabort.after = 20\nabort.count = 3\npages.short = 500\nmax-cells = 6000\n"
            "drop.after = 13\nfragment = 8192\nout-of-order = true\nerror.GetHyperCubeData = 4:11000\nchange.after = 30\n"},
};

using Set = std::function<void(Faults&, const std::string& value)>;

std::uint64_t number_of(const std::string& value) {
  Poco::UInt64 made = 0;
  if (!Poco::NumberParser::tryParseUnsigned64(value, made)) throw Poco::DataFormatException("'" + value + "' is not a number");
  return made;
}

Set number(std::uint64_t Faults::*member) {
  return [member](Faults& faults, const std::string& value) { faults.*member = number_of(value); };
}

Set flag(bool Faults::*member) {
  return [member](Faults& faults, const std::string& value) {
    if (value != "true" && value != "false") throw Poco::DataFormatException("'" + value + "' is not true or false");
    faults.*member = value == "true";
  };
}

const std::map<std::string, Set>& keys() {
  static const std::map<std::string, Set> known = {
      {"seed", number(&Faults::seed)},
      {"latency", number(&Faults::latency_ms)},
      {"jitter", number(&Faults::jitter_ms)},
      {"bandwidth", number(&Faults::bandwidth)},
      {"open.time", number(&Faults::open_ms)},
      {"reload.time", number(&Faults::reload_ms)},
      {"ping.every", number(&Faults::ping_every_ms)},
      {"out-of-order", flag(&Faults::out_of_order)},
      {"abort.every", number(&Faults::abort_every)},
      {"abort.after", number(&Faults::abort_after)},
      {"abort.count", number(&Faults::abort_count)},
      {"max-cells", number(&Faults::max_cells)},
      {"max-reply-bytes", number(&Faults::max_reply_bytes)},
      {"pages.short", number(&Faults::short_pages)},
      {"pages.empty-every", number(&Faults::empty_every)},
      {"pages.duplicate-every", number(&Faults::duplicate_every)},
      {"pages.shift-every", number(&Faults::shift_every)},
      {"change.after", number(&Faults::change_after)},
      {"size.offset",
       [](Faults& faults, const std::string& value) {
         if (!Poco::NumberParser::tryParse64(value, faults.size_offset)) throw Poco::DataFormatException("'" + value + "' is not a number");
       }},
      {"hostile.every", number(&Faults::hostile_every)},
      {"oversize", number(&Faults::oversize_bytes)},
      {"fragment", number(&Faults::fragment_bytes)},
      {"drop.after", number(&Faults::drop_after)},
      {"drop.at-frame", number(&Faults::drop_at_frame)},
      {"drop.every", number(&Faults::drop_every_ms)},
      {"silent.after", number(&Faults::silent_after)},
      {"half-close.after", number(&Faults::half_close_after)},
      {"close.after", number(&Faults::close_after)},
      {"close.code", number(&Faults::close_code)},
      {"idle.time", number(&Faults::idle_ms)},
      {"wedge-on-ping", flag(&Faults::wedge_on_ping)},
      {"refuse.first", number(&Faults::refuse_first)},
      {"notify", [](Faults& faults, const std::string& value) { faults.notify = value; }},
      {"no-data", flag(&Faults::no_data)},
  };
  return known;
}

// "5:15" is code 15 on the fifth call, "every 5:15" on every fifth; several are separated by commas.
void add_errors(const std::string& method, const std::string& value, Faults& faults) {
  const Poco::StringTokenizer rules(value, ",", Poco::StringTokenizer::TOK_TRIM | Poco::StringTokenizer::TOK_IGNORE_EMPTY);
  for (const auto& rule : rules) {
    const bool repeats = rule.starts_with("every ");
    const auto colon = rule.find(':');
    if (colon == std::string::npos) throw Poco::DataFormatException("'" + rule + "' is not N:CODE or every N:CODE");
    const auto begin = repeats ? 6U : 0U;
    const auto nth = number_of(rule.substr(begin, colon - begin));
    int code = 0;
    if (nth == 0 || !Poco::NumberParser::tryParse(rule.substr(colon + 1), code))
      throw Poco::DataFormatException("'" + rule + "' is not N:CODE or every N:CODE");
    faults.errors.push_back({method, nth, repeats, code});
  }
}

bool is_nth(std::uint64_t count, std::uint64_t every) { return every > 0 && count % every == 0; }

}  // namespace

const std::vector<std::string>& profile_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    for (const auto& profile : kBuiltin) made.emplace_back(profile.name);
    return made;
  }();
  return names;
}

std::string profile_text(const std::string& name) {
  for (const auto& profile : kBuiltin)
    if (name == profile.name) return profile.text;
  throw Poco::NotFoundException("no profile " + name);
}

void apply_profile(const std::string& name, Faults& faults) {
  std::string text;
  const auto& names = profile_names();
  if (std::find(names.begin(), names.end(), name) != names.end()) {
    text = profile_text(name);
  } else {
    std::ifstream file(name, std::ios::binary);
    if (!file) {
      std::string known;
      for (const auto& builtin : names) known += (known.empty() ? "" : ", ") + builtin;
      throw Poco::NotFoundException("profile '" + name + "' is neither a file nor one of " + known);
    }
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  std::istringstream stream(text);
  const Poco::AutoPtr<Poco::Util::PropertyFileConfiguration> properties(new Poco::Util::PropertyFileConfiguration(stream));
  const std::function<void(const std::string&)> read = [&](const std::string& prefix) {
    std::vector<std::string> children;
    properties->keys(prefix, children);
    for (const auto& child : children) {
      const std::string key = prefix.empty() ? child : prefix + "." + child;
      if (properties->hasProperty(key)) {
        const std::string value = properties->getRawString(key);
        try {
          if (key.starts_with("error.")) {
            add_errors(key.substr(6), value, faults);
          } else if (const auto known = keys().find(key); known != keys().end()) {
            known->second(faults, value);
          } else {
            throw Poco::NotFoundException("there is no such key");
          }
        } catch (const Poco::Exception& error) {
          throw Poco::DataFormatException("profile " + name + ", " + key + ": " + error.message());
        }
      }
      read(key);
    }
  };
  read("");
}

FaultCounter::DataCall FaultCounter::data_call() {
  const std::uint64_t call = data_calls_.fetch_add(1) + 1;
  const auto once_after = [&](std::uint64_t after) { return after > 0 && call == after + 1; };
  DataCall made;
  const bool storm = faults_.abort_count > 0 && call > faults_.abort_after && call <= faults_.abort_after + faults_.abort_count;
  made.abort = is_nth(call, faults_.abort_every) || storm;
  made.drop = once_after(faults_.drop_after);
  made.change = faults_.change_after > 0 && call == faults_.change_after;
  made.empty = is_nth(call, faults_.empty_every);
  made.duplicate = is_nth(call, faults_.duplicate_every);
  made.shift = is_nth(call, faults_.shift_every);
  made.silent = once_after(faults_.silent_after);
  made.half_close = once_after(faults_.half_close_after);
  made.close = once_after(faults_.close_after);
  const std::pair<bool, const char*> happened[] = {{made.abort, storm ? "abort.after" : "abort.every"},
                                                   {made.drop, "drop.after"},
                                                   {made.change, "change.after"},
                                                   {made.empty, "pages.empty-every"},
                                                   {made.shift, "pages.shift-every"},
                                                   {made.duplicate, "pages.duplicate-every"},
                                                   {made.silent, "silent.after"},
                                                   {made.half_close, "half-close.after"},
                                                   {made.close, "close.after"}};
  for (const auto& [happens, key] : happened)
    if (happens) note(key);
  return made;
}

std::optional<int> FaultCounter::method_error(const std::string& method) {
  std::uint64_t call = 0;
  {
    const std::lock_guard lock(mutex_);
    call = ++method_calls_[method];
  }
  for (const auto& rule : faults_.errors)
    if (rule.method == method && (rule.repeats ? is_nth(call, rule.nth) : call == rule.nth)) {
      note("error." + method);
      return rule.code;
    }
  return std::nullopt;
}

std::map<std::string, std::uint64_t> FaultCounter::method_calls() const {
  const std::lock_guard lock(mutex_);
  return method_calls_;
}

bool FaultCounter::drops_frame() {
  const bool drops = faults_.drop_at_frame > 0 && frames_.fetch_add(1) + 1 == faults_.drop_at_frame;
  if (drops) note("drop.at-frame");
  return drops;
}

bool FaultCounter::refuses() {
  if (faults_.notify.empty()) return false;
  const bool refused = faults_.refuse_first == 0 || connections_.fetch_add(1) < faults_.refuse_first;
  if (refused) note("notify");
  return refused;
}

std::uint64_t FaultCounter::delay() {
  if (faults_.jitter_ms == 0) return faults_.latency_ms;
  return faults_.latency_ms + mixed(faults_.seed ^ mixed(delays_.fetch_add(1))) % (faults_.jitter_ms + 1);
}

std::string FaultCounter::hostile(const std::string& reply) {
  if (faults_.hostile_every == 0) return {};
  const std::uint64_t count = replies_.fetch_add(1) + 1;
  if (!is_nth(count, faults_.hostile_every)) return {};
  note("hostile.every");
  switch (mixed(faults_.seed ^ count) % 5) {
    case 0: return reply.substr(0, reply.size() / 2);
    case 1: return "<html><body>502 Bad Gateway</body></html>";
    case 2: return reply.substr(0, reply.size() - 1) + ",\"qText\":\"\xff\xfe\"}";
    case 3: return std::string(100'000, '[');
    default: return R"({"jsonrpc":"2.0","id":1e999,"result":{"qReturn":-0.0e-99999}})";
  }
}

void FaultCounter::note(const std::string& fault) {
  const std::lock_guard lock(mutex_);
  ++noted_[fault];
}

std::map<std::string, std::uint64_t> FaultCounter::noted() const {
  const std::lock_guard lock(mutex_);
  return noted_;
}

}  // namespace qonduit::simulator
