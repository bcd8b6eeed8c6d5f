// All there is of CLI11 in the host, because it is slow to compile.
#include "apps/qonduit/command_line.hpp"

#include <CLI/CLI.hpp>

#include <initializer_list>
#include <map>
#include <utility>

#include "apps/qonduit/exit_codes.hpp"

namespace qonduit::app {

std::variant<CommandLine, int> read_command_line(int argc, char** argv) {
  CLI::App app("Reads the data of Qlik Sense sheets, complete and typed, and delivers it to files, databases and queues.", "qonduit");
  app.require_subcommand(1);
  app.set_version_flag("--version", QONDUIT_VERSION);
  app.footer(
      "Exit codes: 0 done, 1 a run failed, 2 usage, 3 configuration, 4 cannot connect or log in, 5 plugin refused, 6 a rehearsal found a "
      "bug, 130 "
      "interrupted.");

  CommandLine line;
  auto& arguments = line.arguments;
  arguments.config_file = QONDUIT_DEFAULT_CONFIG;
  const auto* config_option =
      app.add_option("-c,--config", arguments.config_file, "The main configuration file.")->capture_default_str()->type_name("FILE");
  app.add_option("-D,--define", arguments.overrides, "Set a configuration key; wins over every file. May be given more than once.")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.fallthrough();

  auto& pipelines = line.pipelines;
  auto* run = app.add_subcommand("run", "Run pipelines once, and end.");
  run->add_option("pipelines", pipelines, "Names of pipelines; all when none is given.");
  run->add_flag("--json", arguments.json, "Print the reports as JSON.");
  run->footer("Example: qonduit --config /etc/qonduit/qonduit.properties run sales");

  auto& record_request = line.record;
  auto* record = app.add_subcommand("record", "Record what pipelines read from the engine, values scrambled, and deliver nothing.");
  record->add_option("pipelines", pipelines, "Names of pipelines; all when none is given.");
  record->add_option("--to", record_request.to, "The recording to write, or a folder for one of each app.")->required()->type_name("PATH");
  static const std::map<std::string, recording::Scramble> scrambles = {
      {"none", recording::Scramble::none}, {"values", recording::Scramble::values}, {"names", recording::Scramble::names}};
  record->add_option("--scramble", record_request.scramble, "values; names: titles, fields and ids too; none: everything as it is.")
      ->transform(CLI::CheckedTransformer(scrambles))
      ->default_str("values");
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
      ->check(CLI::Range(1, 1000));
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
  preview->add_option("--rows", what.rows, "How many.")->capture_default_str()->check(CLI::Range(1, 10'000));
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

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }

  arguments.config_given = config_option->count() > 0;
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
