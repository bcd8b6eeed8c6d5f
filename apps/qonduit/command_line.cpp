// All there is of CLI11 in the host, because it is slow to compile.
#include "apps/qonduit/command_line.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <initializer_list>
#include <iostream>
#include <string_view>
#include <utility>

#include "apps/qonduit/exit_codes.hpp"
#include "apps/qonduit/host.hpp"
#include "apps/qonduit/version.hpp"
#include "qonduit/suggestion.hpp"

namespace qonduit::app {
namespace {

// One of a few words. CLI11's own checks print their table of values, in bytes.
CLI::Validator one_of(std::vector<std::string_view> words) {
  return CLI::Validator(
      [words = std::move(words)](std::string& given) {
        if (std::find(words.begin(), words.end(), given) != words.end()) return std::string();
        return "there is no '" + given + "'" + suggestion(given, words);
      },
      "");
}

// Where a command stands: "plugins describe". Empty for the program.
std::string path_of(const CLI::App& command) {
  if (command.get_parent() == nullptr) return {};
  const auto above = path_of(*command.get_parent());
  return (above.empty() ? "" : above + " ") + command.get_name();
}

const CLI::App* subcommand(const CLI::App& command, const std::string& name) {
  const auto found = command.get_subcommands([&](const CLI::App* one) { return one->get_name() == name; });
  return found.empty() ? nullptr : found.front();
}

std::string unknown_command(const CLI::App& command, const std::string& word) {
  std::vector<std::string> names;
  for (const auto* one : command.get_subcommands([](const CLI::App*) { return true; })) names.push_back(one->get_name());
  const auto path = path_of(command);
  return "there is no command '" + (path.empty() ? "" : path + " ") + word + "'" +
         (names.empty() ? ": '" + path + "' has no subcommands" : suggestion(word, {names.begin(), names.end()}));
}

// The option of this name that a command or what stands above it takes.
const CLI::Option* option(const CLI::App* command, const std::string& name) {
  for (; command != nullptr; command = command->get_parent()) {
    const auto found = command->get_options([&](const CLI::Option* one) { return one->nonpositional() && one->check_name(name); });
    if (!found.empty()) return found.front();
  }
  return nullptr;
}

std::string unknown_option(const CLI::App* command, const std::string& name) {
  std::vector<std::string> names;
  for (const auto* at = command; at != nullptr; at = at->get_parent()) {
    for (const auto* one : at->get_options([](const CLI::Option* each) { return each->nonpositional(); })) {
      for (const auto& known : one->get_lnames()) names.push_back("--" + known);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const auto path = path_of(*command);
  return (path.empty() ? "" : path + ": ") + "there is no option '" + name + "'" + suggestion(name, {names.begin(), names.end()});
}

// The first word that names a command or an option there is not, with what was probably meant. Empty: the mistake is another one.
std::string unknown_word(const CLI::App& app, int argc, char** argv) {
  const CLI::App* command = &app;
  for (int i = 1; i < argc; ++i) {
    const std::string word(argv[i]);
    if (word == "--") break;
    if (word.size() < 2 || word[0] != '-') {
      if (command->get_subcommands([](const CLI::App*) { return true; }).empty()) continue;
      const auto* next = subcommand(*command, word);
      if (next == nullptr) return unknown_command(*command, word);
      command = next;
      continue;
    }
    const bool is_long = word[1] == '-';
    const auto name = is_long ? word.substr(0, word.find('=')) : word.substr(0, 2);
    const auto* found = option(command, name);
    if (found == nullptr) return unknown_option(command, is_long ? name : word);
    const bool value_glued = is_long ? word.find('=') != std::string::npos : word.size() > 2;
    if (found->get_items_expected_max() > 0 && !value_glued) ++i;
  }
  return {};
}

// The help of the command that these words name, or of the program.
int print_help(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* command = &app;
  for (const auto& word : words) {
    const auto* next = subcommand(*command, word);
    if (next == nullptr) return failed_with(kUsage, unknown_command(*command, word));
    command = next;
  }
  // Not command->help(), which is that of the command "help" here: it was chosen.
  const auto path = path_of(*command);
  std::cout << command->get_formatter()->make_help(command, "qonduit" + (path.empty() ? "" : " " + path), CLI::AppFormatMode::Normal);
  return kDone;
}

// What is wrong, once, and where to read on.
int complain(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  if (argc < 2) {
    std::cerr << app.help();
    return kUsage;
  }
  auto what = unknown_word(app, argc, argv);
  if (what.empty()) what = error.what();
  const auto chosen = app.get_subcommands();
  Host host;
  host.json = std::any_of(argv + 1, argv + argc, [](const char* word) { return std::string_view(word) == "--json"; });
  refuse(host, kUsage, what + "; see: qonduit help" + (chosen.empty() ? "" : " " + path_of(*chosen.front())));
  return kUsage;
}

}  // namespace

std::variant<CommandLine, int> read_command_line(int argc, char** argv) {
  CLI::App app("Reads the data of Qlik Sense sheets, complete and typed, and delivers it to files, databases and queues.", "qonduit");
  app.require_subcommand(1);
  app.set_version_flag("-V,--version", version_text());
  app.footer(
      "Exit codes: 0 done, 1 a run failed, 2 usage, 3 configuration, 4 cannot connect or log in, 5 plugin refused, 6 a rehearsal found a "
      "bug, 130 "
      "interrupted.");

  CommandLine line;
  auto& arguments = line.arguments;
  app.add_option("-c,--config", arguments.config_file,
                 "The main configuration file; else the one QONDUIT_CONFIG names, ./qonduit.properties, or " QONDUIT_DEFAULT_CONFIG ".")
      ->type_name("FILE");
  app.add_option("-D,--define", arguments.overrides, "Set a configuration key; wins over every file. May be given more than once.")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_flag("-q,--quiet", arguments.quiet, "Print problems only: no progress, and no report of what went well.");
  app.fallthrough();

  auto& pipelines = line.pipelines;
  auto* run = app.add_subcommand("run", "Run pipelines once, and end.");
  run->add_option("pipelines", pipelines, "Names of pipelines; all when none is given.");
  run->add_flag("--json", arguments.json, "Print the reports as JSON.");
  run->add_flag("--takeover", arguments.takeover,
                "Deliver also into files and tables that another pipeline delivered, and own them from now on.");
  run->footer("Example: qonduit --config /etc/qonduit/qonduit.properties run sales");

  auto& record_request = line.record;
  auto* record = app.add_subcommand("record", "Record what pipelines read from the engine, values scrambled, and deliver nothing.");
  record->add_option("pipelines", pipelines, "Names of pipelines; all when none is given.");
  record->add_option("--to", record_request.to, "The recording to write, or a folder for one of each app.")->required()->type_name("PATH");
  std::string scramble = "values";
  record->add_option("--scramble", scramble, "values; names: titles, fields and ids too; none: everything as it is.")
      ->check(one_of({"values", "names", "none"}))
      ->type_name("values|names|none")
      ->capture_default_str();
  record->add_flag("--overwrite", record_request.overwrite, "Replace files that are there.");
  record->add_flag("--json", arguments.json, "Print the reports as JSON.");
  record->footer("Example: qonduit record sales --to sales.cassette");

  auto& rehearsal = line.rehearsal;
  auto* rehearse = app.add_subcommand("rehearse", "Run pipelines against a simulated engine that plays a recording and has a bad day.");
  rehearse->add_option("pipelines", pipelines, "Names of pipelines; all when none is given.");
  rehearse->add_option("--cassette", rehearsal.cassettes, "A recording (qonduit record); may be given more than once.")
      ->required()
      ->type_name("FILE")
      ->allow_extra_args(false);
  rehearse
      ->add_option("--profile", rehearsal.profile, "The day: calm, distant, busy, flaky, reloading, morning, quota, bad-day, or a file.")
      ->capture_default_str();
  rehearse->add_option("--seed", rehearsal.seed, "Seed of what is random about the day.")->capture_default_str();
  rehearse->add_option("--times", rehearsal.times, "So many such days, each with the next seed.")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000))
      ->type_name("1 to 1000");
  rehearse->add_option("--simulator", rehearsal.simulator, "The simulator's program; the one beside this when not given.")
      ->type_name("FILE");
  rehearse->add_flag("--json", arguments.json, "Print the outcome as JSON.");
  rehearse->footer("Example: qonduit rehearse --cassette sales.cassette --profile bad-day --times 5");
  auto* explain = app.add_subcommand("explain", "Show what a run would read, deliver and cost, before it does; touches no target.");
  explain->add_option("pipelines", pipelines, "Names of pipelines; all when none is given.");
  explain->add_flag("--json", arguments.json, "Print JSON.");
  explain->footer("Example: qonduit explain sales");

  auto* check = app.add_subcommand("check", "Check configuration, plugins and certificates without touching the network.");
  check->add_flag("--probe", line.probe, "Reach engine and targets too; changes nothing.");
  check->add_flag("--json", arguments.json, "Print the outcome as JSON.");
  check->footer("Example: qonduit check --probe");

  auto* config = app.add_subcommand("config", "Print the effective configuration with the origin of each value, secrets masked.");
  config->add_option("section", line.section, "Only these keys: a section (sink), a name in it (sink.lake), or one key.");
  config->add_flag("--json", arguments.json, "Print it as JSON.");
  config->footer("Example: qonduit -D logging.level=debug config");

  auto* plugins = app.add_subcommand("plugins", "List the sinks and adapters that are installed.");
  plugins->add_flag("--json", arguments.json, "Print them as JSON.");
  auto* describe = plugins->add_subcommand("describe", "Print the options of one sink or adapter, ready to be pasted.");
  describe->add_option("component", line.component, "Its name.")->required();
  describe->add_flag("--json", arguments.json, "Print them as JSON.");
  plugins->footer("Example: qonduit plugins describe csv");

  auto* dead_letter = app.add_subcommand("dead-letter", "Messages that brokers refused for good, kept in files by the sinks.");
  dead_letter->require_subcommand(1);
  auto* list_letters = dead_letter->add_subcommand("list", "List the files.");
  auto* replay = dead_letter->add_subcommand("replay", "Send the messages of files again; what is confirmed leaves them.");
  for (auto* command : {list_letters, replay}) {
    command->add_option("--sink", line.dead_letter_sink, "The sink whose files are meant; every sink's when not given.");
    command->add_flag("--json", arguments.json, "Print JSON.");
  }
  replay->add_option("files", line.replay.files, "The files, as list shows them.")->type_name("FILE");
  replay->add_flag("--all", line.replay.all, "All files.");
  dead_letter->footer("Example: qonduit dead-letter replay --all");

  auto* serve = app.add_subcommand("serve", "Run as a service: every pipeline by its schedule, until SIGTERM.");
  serve->footer("Example: qonduit --config /etc/qonduit/qonduit.properties serve");

  auto& what = line.exploration;
  const auto explore = [&](const std::string& name, const std::string& help, const std::string& example) {
    auto* command = app.add_subcommand(name, help);
    command->add_option("--connection", what.connection, "The connection to use; not needed where there is only one.");
    command->add_flag("--json", arguments.json, "Print JSON.");
    command->footer("Example: qonduit " + example);
    return command;
  };
  const auto of_app = [&](CLI::App* command) { command->add_option("app", what.app, "The app, by id or title.")->required(); };
  const auto of_object = [&](CLI::App* command) {
    of_app(command);
    command->add_option("object", what.object, "The object, by id or title.")->required();
  };
  auto* apps = explore("apps", "List the apps this user may see.", "apps");
  auto* sheets = explore("sheets", "List the sheets of an app.", "sheets \"Consumer Sales\"");
  of_app(sheets);
  auto* objects = explore("objects", "List the objects on the sheets of an app.", "objects \"Consumer Sales\" Overview");
  of_app(objects);
  objects->add_option("sheet", what.sheet, "The sheet, by id or title; '*' and '?' are globs. All when not given.");
  auto* describe_object =
      explore("describe", "Show the datasets, columns, types and sizes of an object.", "describe \"Consumer Sales\" \"Sales by region\"");
  of_object(describe_object);
  auto* preview = explore("preview", "Show the first rows of an object.", "preview \"Consumer Sales\" Orders --rows 10");
  of_object(preview);
  preview->add_option("--rows", what.rows, "How many.")->capture_default_str()->check(CLI::Range(1, 10'000))->type_name("1 to 10000");
  auto* eval = explore("eval", "Check expressions and compute them over all data.", "eval \"Consumer Sales\" \"Sum(Sales)\"");
  of_app(eval);
  eval->add_option("expressions", what.expressions, "Qlik expressions.")->required();
  auto* fields = explore("fields", "List the fields of an app.", "fields \"Consumer Sales\"");
  of_app(fields);
  auto* model = explore("model", "List the tables of an app's data model.", "model \"Consumer Sales\"");
  of_app(model);

  auto& beginning = line.beginning;
  auto* init = app.add_subcommand("init", "Write a first configuration for an app, from what there is on its sheets.");
  init->add_option("--app", what.app, "The app, by id or title.")->required();
  init->add_option("--sheet", what.sheet, "The sheet, by id or title; '*' and '?' are globs. All when not given.");
  auto* connection = init->add_option("--connection", what.connection, "The configured connection to use and to write.");
  init->add_option("--url", beginning.url, "An engine that is not configured: wss://HOST:4747/app.")->excludes(connection);
  init->add_option("--user", beginning.user, "Who reads there: UserDirectory=CORP; UserId=svc_extract.")->needs("--url");
  init->add_option("--certificates", beginning.certificates, "The folder with the certificates for it.")->needs("--url");
  init->add_option("--to", beginning.to, "The file to write, for its owner only; standard output when not given.")->type_name("FILE");
  init->add_flag("--force", beginning.force, "Replace the file when it is there.")->needs("--to");
  init->footer("Example: qonduit init --app \"Consumer Sales\" --sheet Overview --to sales.properties");

  std::vector<std::string> help_on;
  auto* help = app.add_subcommand("help", "Print the help of a command, or the list of commands.");
  help->add_option("command", help_on, "The command.");
  help->footer("Example: qonduit help run");
  const auto* version = app.add_subcommand("version", "Print the version, as -V does.");

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    return complain(app, error, argc, argv);
  }
  if (help->parsed()) return print_help(app, help_on);
  if (version->parsed()) {
    std::cout << version_text() << '\n';
    return kDone;
  }
  record_request.scramble = scramble == "none"    ? recording::Scramble::none
                            : scramble == "names" ? recording::Scramble::names
                                                  : recording::Scramble::values;
  for (const auto& [given, command] : std::initializer_list<std::pair<const CLI::App*, Command>>{
           {run, Command::run},
           {record, Command::record},
           {rehearse, Command::rehearse},
           {explain, Command::explain},
           {check, Command::check},
           {config, Command::config},
           {plugins, Command::plugins},
           {list_letters, Command::list_dead_letters},
           {replay, Command::replay_dead_letters},
           {serve, Command::serve},
           {apps, Command::apps},
           {sheets, Command::sheets},
           {objects, Command::objects},
           {describe_object, Command::describe},
           {preview, Command::preview},
           {eval, Command::eval},
           {fields, Command::fields},
           {model, Command::model},
           {init, Command::init},
       }) {
    if (given->parsed()) line.command = command;
  }
  return line;
}

}  // namespace qonduit::app
