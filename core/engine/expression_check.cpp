#include "core/engine/expression_check.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/engine/expansions.hpp"
#include "core/engine/expression.hpp"
#include "core/engine/json_members.hpp"
#include "core/engine/near_names.hpp"
#include "core/engine/set_expression.hpp"
#include "core/engine/text_walk.hpp"
#include "qonduit/json_text.hpp"
#include "qonduit/text.hpp"

namespace qonduit::engine {
namespace {

using Poco::JSON::Object;

constexpr int kDeepest = 8;  // expressions inside of expressions

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Properties write expressions with = in front, calls take them without.
std::string bare(std::string_view expression) {
  const auto begin = expression.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  expression.remove_prefix(begin);
  if (expression.front() == '=') expression.remove_prefix(1);
  return std::string(expression);
}

// The piece of a UTF-8 text that begins and ends so many UTF-16 code units in: the unit the engine counts in.
std::string cut_utf16(std::string_view text, std::size_t from, std::size_t count) {
  const auto byte_of = [&](std::size_t units) {
    std::size_t at = 0;
    for (std::size_t seen = 0; at < text.size() && seen < units; ++seen) {
      const auto bytes = first_character(text.substr(at)).bytes;
      if (bytes == 4) ++seen;  // a surrogate pair
      at += std::max<std::size_t>(bytes, 1);
    }
    return std::min(at, text.size());
  };
  const auto begin = byte_of(from);
  return std::string(text.substr(begin, byte_of(from + count) - begin));
}

std::vector<std::string> bad_fields(const Object::Ptr& reply, const std::string& checked) {
  std::vector<std::string> names;
  each(array_in(reply, "qBadFieldNames"), [&](const Object::Ptr& place) {
    keep_once(names, unbracketed(cut_utf16(checked, static_cast<std::size_t>(number_in(place, "qFrom")),
                                           static_cast<std::size_t>(number_in(place, "qCount")))));
  });
  return names;
}

std::string json_list(const std::vector<std::string>& texts) {
  std::string json = "[";
  for (const auto& text : texts) json += (json.size() == 1 ? "" : ",") + json_string(text);
  return json + "]";
}

std::string joined(const std::vector<std::string>& texts, const char* with) {
  std::string list;
  for (const auto& text : texts) list += (list.empty() ? "" : with) + text;
  return list;
}

std::string named(const std::vector<std::string>& names, const std::vector<std::string>& known) {
  std::vector<std::string> texts;
  for (const auto& name : names) texts.push_back("'" + name + "'" + near_names(name, known));
  return joined(texts, ", ");
}

// Of the calendar that Qlik makes of dates by itself. Source: the load script it writes.
constexpr const char* kCalendar = "autoCalendar";
constexpr std::array<std::string_view, 21> kCalendarFields = {
    "Year",  "Quarter",  "YearQuarter", "_YearQuarter", "Month", "YearMonth", "_YearMonth", "Week",  "Date",     "_Date",    "InYTD",
    "InQTD", "YearsAgo", "QuartersAgo", "QuarterRelNo", "InMTD", "MonthsAgo", "MonthRelNo", "InWTD", "WeeksAgo", "WeekRelNo"};

struct DerivedName {
  std::string base, definition, part;
};

// Order Date.autoCalendar.Year; all empty where it is no such name.
DerivedName derived_name(const std::string& name) {
  const auto part = name.rfind('.');
  if (part == std::string::npos || part == 0) return {};
  const auto definition = name.rfind('.', part - 1);
  if (definition == std::string::npos || definition == 0) return {};
  return {name.substr(0, definition), name.substr(definition + 1, part - definition - 1), name.substr(part + 1)};
}

// $1 of $(vTax(0.19)): an expression only with what is put in its place.
bool has_parameter(const std::string& text) {
  for (auto at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1)) {
    if (at + 1 < text.size() && text[at + 1] >= '1' && text[at + 1] <= '9') return true;
  }
  return false;
}

// $(vTotal) becomes a number where vTotal is '=Sum(Sales)', and the text itself where it is 'Sum(Sales)'.
bool is_computed(const ListedVariable& variable) { return variable.definition.starts_with('=') && !has_parameter(variable.definition); }

// What was found beside what is known.
void add_status(Status& to, Status status) {
  const auto told = [](const Status& one) { return one.code() == Code::not_found || one.code() == Code::invalid_argument; };
  if (status.ok() || (!to.ok() && to.message().find(status.message()) != std::string::npos)) return;
  if (to.ok() || (told(to) && !told(status)))
    to = std::move(status);
  else if (told(to))
    to = Status(to.code(), to.message() + "; " + status.message());
}

// No expression at all; of a field's name nothing is left but its brackets.
bool is_nothing(const std::string& text) { return text.find_first_not_of(" \t\r\n=[]") == std::string::npos; }

}  // namespace

std::vector<Status> ExpressionCheck::check(const std::vector<Question>& questions) {
  std::vector<Status> found(questions.size());
  auto asked = questions;
  std::vector<std::size_t> whose;
  for (std::size_t i = 0; i < questions.size(); ++i) whose.push_back(i);
  std::set<std::pair<std::size_t, std::string>> seen;
  for (int depth = 0; depth < kDeepest && !asked.empty(); ++depth) {
    std::vector<std::vector<std::string>> inner(asked.size());
    auto statuses = check_each(asked, inner);
    std::vector<Question> next;
    std::vector<std::size_t> next_whose;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      auto status = std::move(statuses[i]);
      if (depth > 0 && status.code() == Code::invalid_argument) status = std::move(status).within("'" + asked[i].expression + "' in it");
      add_status(found[whose[i]], std::move(status));
      for (auto& text : inner[i]) {
        if (!seen.emplace(whose[i], text).second) continue;
        // Its value is known before a column is: no label can stand in it.
        next.push_back({std::move(text), {}, false, true, asked[i].doubts});
        next_whose.push_back(whose[i]);
      }
    }
    asked = std::move(next);
    whose = std::move(next_whose);
  }
  return found;
}

// The questions themselves; into inner what is computed inside of each.
std::vector<Status> ExpressionCheck::check_each(const std::vector<Question>& questions, std::vector<std::vector<std::string>>& inner) {
  std::vector<std::string> texts;
  for (const auto& question : questions) texts.push_back(bare(question.expression));
  auto followed = follow_variables(texts);
  if (!followed) return std::vector<Status>(questions.size(), followed.error());
  const auto written = texts;
  auto found = expand(texts);

  std::vector<std::string> keys(questions.size());
  std::vector<std::pair<std::string, std::vector<std::string>>> asked;  // an expression, and the labels that may be in it
  std::vector<std::string> fresh;
  const auto listed = listed_fields(questions, texts);
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (!found[i].ok() || is_nothing(texts[i]) || listed[i]) continue;
    std::vector<std::string> labels;
    for (const auto& label : questions[i].labels) {
      if (!label.empty() && texts[i].find(label) != std::string::npos) keep_once(labels, label);
    }
    keys[i] = texts[i] + '\0' + json_list(labels);
    if (answers_.contains(keys[i]) || has(fresh, keys[i])) continue;
    fresh.push_back(keys[i]);
    asked.emplace_back(texts[i], std::move(labels));
  }
  const auto learnt = learn(asked, fresh);
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (!found[i].ok() || is_nothing(written[i]) || listed[i]) continue;
    auto& [missing, computed] = (*followed)[i];
    inner[i] = std::move(computed);
    if (keys[i].empty()) {
      Answer nothing;
      if (!questions[i].optional) nothing.status = {Code::invalid_argument, "it expands to nothing, so there is nothing to compute"};
      found[i] = judge(questions[i], nothing, missing);
      continue;
    }
    const auto answer = answers_.find(keys[i]);
    const auto at = static_cast<std::size_t>(std::find(fresh.begin(), fresh.end(), keys[i]) - fresh.begin());
    found[i] = answer != answers_.end() ? judge(questions[i], answer->second, missing) : learnt[at];
    if (answer == answers_.end() || !answer->second.status.ok()) continue;
    if (auto status = find_computed(questions[i], texts[i], inner[i]); !status.ok()) found[i] = std::move(status);
  }
  return found;
}

// Which of them are the name of a field, and the list of fields has it: there is nothing to ask.
std::vector<bool> ExpressionCheck::listed_fields(const std::vector<Question>& questions, const std::vector<std::string>& texts) {
  std::vector<bool> listed(questions.size());
  const bool any = std::any_of(questions.begin(), questions.end(), [](const auto& question) { return question.field; });
  // Where there is no list the engine is asked.
  if (!any || !load_names().ok()) return listed;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const auto name = unbracketed(texts[i]);
    listed[i] = questions[i].field && texts[i] == bracketed(name) && fields_->contains(name);
  }
  return listed;
}

// What an expression computes that CheckExpression does not look into: the searches of sets, and variables by name whose value is computed.
Status ExpressionCheck::find_computed(const Question& question, const std::string& text, std::vector<std::string>& computed) {
  for (auto& search : names_in_sets(text).searches) keep_once(computed, std::move(search));
  if (question.field) return {};
  for (const auto& [name, place] : names_in(text)) {
    if (fields_->contains(name) || has(question.labels, name)) continue;
    if (auto status = load_variables(); !status.ok()) return status;
    for (const auto& variable : *variables_) {
      if (variable.name == name && is_computed(variable)) keep_once(computed, bare(variable.definition));
    }
  }
  return {};
}

// The variables that each text names, and those that variables name: the engine puts nothing in the place of one that is not there.
Result<std::vector<ExpressionCheck::Expanded>> ExpressionCheck::follow_variables(const std::vector<std::string>& texts) {
  struct Reference {
    std::size_t text;
    std::string name, by;  // as it is written, and the variable whose definition it stands in
  };
  std::vector<Expanded> found(texts.size());
  std::vector<Reference> open, unlisted;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto own = expansions_in(texts[i]);
    for (auto& name : own.variables) open.push_back({i, std::move(name), {}});
    found[i].computed = std::move(own.expressions);
  }
  if (open.empty()) return found;
  if (auto status = load_variables(); !status.ok()) return status;
  std::set<std::pair<std::size_t, std::string>> seen;
  while (!open.empty()) {
    std::vector<std::string> names;
    for (const auto& reference : open) names.push_back(reference.name);
    for (const auto& status : expand(names)) {
      if (!status.ok()) return status;
    }
    std::vector<Reference> next;
    for (std::size_t i = 0; i < open.size(); ++i) {
      const auto name = variable_of(names[i]);
      if (name.empty() || !seen.emplace(open[i].text, name).second) continue;
      const auto known = std::find_if(variables_->begin(), variables_->end(), [&](const auto& variable) { return variable.name == name; });
      if (known == variables_->end()) {
        unlisted.push_back({open[i].text, name, open[i].by});
        continue;
      }
      auto own = expansions_in(known->definition);
      for (auto& inner : own.variables) next.push_back({open[i].text, std::move(inner), name});
      auto& computed = found[open[i].text].computed;
      if (is_computed(*known)) keep_once(computed, bare(known->definition));
      for (auto& inner : own.expressions) {
        if (!has_parameter(inner)) keep_once(computed, std::move(inner));
      }
    }
    open = std::move(next);
  }
  // Those of the system are in no list.
  std::vector<std::string> asked;
  for (const auto& reference : unlisted) keep_once(asked, reference.name);
  if (auto status = ask_for("GetVariableByName", asked, is_variable_); !status.ok()) return status;
  for (const auto& [text, name, by] : unlisted) {
    if (is_variable_.at(name)) continue;
    found[text].missing.push_back("'" + name + "'" + near_names(name, variable_names()) +
                                  (by.empty() ? "" : ", which the variable '" + by + "' names"));
  }
  return found;
}

std::vector<std::string> ExpressionCheck::variable_names() const {
  std::vector<std::string> names;
  for (const auto& variable : *variables_) names.push_back(variable.name);
  return names;
}

// Variables and $(=...) are put in before anything is checked, so that the engine's positions are positions in what was sent.
std::vector<Status> ExpressionCheck::expand(std::vector<std::string>& texts) {
  std::vector<Status> found(texts.size());
  std::vector<std::size_t> which;
  std::vector<Call> calls;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].find("$(") == std::string::npos) continue;
    which.push_back(i);
    calls.push_back({session_.doc(), "ExpandExpression", "[" + json_string(texts[i]) + "]", {}});
  }
  if (calls.empty()) return found;
  const auto replies = call_all(session_, std::move(calls));
  for (std::size_t i = 0; i < which.size(); ++i) {
    const auto reply = parse_reply(replies[i]);
    if (reply)
      texts[which[i]] = bare(text_in(*reply, "qExpandedExpression"));
    else
      found[which[i]] = reply.error();
  }
  return found;
}

// Asks about expressions that nobody has asked about, all at once. Answers for each why it could not be learnt.
std::vector<Status> ExpressionCheck::learn(const std::vector<std::pair<std::string, std::vector<std::string>>>& asked,
                                           const std::vector<std::string>& keys) {
  std::vector<Status> found(asked.size());
  if (asked.empty()) return found;
  std::vector<Call> calls;
  for (const auto& [text, labels] : asked) {
    const auto quoted = json_string(text);
    calls.push_back({session_.doc(), "CheckExpression", "[" + quoted + (labels.empty() ? "" : "," + json_list(labels)) + "]", {}});
    calls.push_back({session_.doc(), "GetFieldsFromExpression", "[" + quoted + "]", {}});
  }
  const auto replies = call_all(session_, std::move(calls));
  auto loaded = load_names();
  std::map<std::string, Answer> answers;
  Suspects suspects;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto checked = parse_reply(replies[2 * i]);
    const auto used = parse_reply(replies[2 * i + 1]);
    const bool lost = !used && retryable(used.error().code());
    found[i] = !checked ? checked.error() : lost ? used.error() : loaded;
    if (!found[i].ok()) continue;
    auto& answer = answers[keys[i]];
    if (const auto error = text_in(*checked, "qErrorMsg"); !error.empty()) {
      answer.status = {Code::invalid_argument, error};
      continue;
    }
    auto bad = bad_fields(*checked, asked[i].first);
    answer.nameless = std::erase(bad, std::string()) > 0;
    auto sets = names_in_sets(asked[i].first);
    answer.sets = std::move(sets.identifiers);
    // The engine cannot always say what fields an expression uses; what stands in its modifiers is in its text.
    std::vector<PlacedName> names;
    for (const auto& name : bad) names.push_back({name, Place::plain});
    for (auto& name : used ? texts_in(*used, "qFieldNames") : std::vector<std::string>()) {
      if (!has(bad, name) && !has(sets.fields, name)) names.push_back({std::move(name), Place::plain});
    }
    for (auto& name : sets.fields) names.push_back({std::move(name), Place::modified});
    for (auto& name : names_in(asked[i].first)) {
      if (answer.nameless) names.push_back({name.name, Place::plain});  // one of these
      if (name.place != Place::plain) names.push_back(std::move(name));
    }
    for (auto& name : names) {
      if (has(bad, name.name))
        answer.names.push_back(std::move(name));
      else if (!fields_->contains(name.name) && derived(name.name) != Derived::known)
        suspects[keys[i]].push_back(std::move(name));
    }
  }
  if (auto status = keep_unknown(suspects); !status.ok()) {
    std::fill(found.begin(), found.end(), status);
    return found;
  }
  for (auto& [key, answer] : answers) {
    for (auto& name : suspects[key]) {
      if (derived(name.name) == Derived::doubtful)
        keep_once(answer.doubtful, std::move(name.name));
      else
        answer.names.push_back(std::move(name));
    }
    answers_.emplace(key, std::move(answer));
  }
  return found;
}

// Whether the app has things that no list has; nothing is asked twice.
Status ExpressionCheck::ask_for(const char* method, std::vector<std::string> names, std::map<std::string, bool>& known) {
  std::erase_if(names, [&](const auto& name) { return known.contains(name); });
  if (names.empty()) return {};
  std::vector<Call> calls;
  for (const auto& name : names) calls.push_back({session_.doc(), method, "[" + json_string(name) + "]", {}});
  const auto replies = call_all(session_, std::move(calls));
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto reply = parse_reply(replies[i]);
    if (!reply && reply.error().code() != Code::not_found) return reply.error();
    known[names[i]] = reply && number_in(object_in(*reply, "qReturn"), "qHandle") != 0;
  }
  return {};
}

// Leaves those names that are no fields: the engine finds fields that no list has.
Status ExpressionCheck::keep_unknown(Suspects& suspects) {
  std::vector<std::string> names;
  for (const auto& [key, suspected] : suspects) {
    for (const auto& name : suspected) keep_once(names, name.name);
  }
  if (auto status = ask_for("GetField", names, is_field_); !status.ok()) return status;
  for (auto& [key, suspected] : suspects) std::erase_if(suspected, [&](const auto& name) { return is_field_.at(name.name); });
  return {};
}

// Date.autoCalendar.Year is made of the field Date by a definition. Where the app tells what is made of a field, it tells all of it; where
// it does not, Qlik's own calendar is known, and any other definition is a doubt.
ExpressionCheck::Derived ExpressionCheck::derived(const std::string& name) const {
  const auto parts = derived_name(name);
  if (!fields_->contains(parts.base) || derived_.contains(parts.base)) return Derived::no;
  if (parts.definition != kCalendar) return Derived::doubtful;
  const bool known = std::find(kCalendarFields.begin(), kCalendarFields.end(), parts.part) != kCalendarFields.end();
  return known ? Derived::known : Derived::no;
}

// Fields that may have been meant.
std::vector<std::string> ExpressionCheck::near_fields(const std::string& name) const {
  auto names = visible_;
  const auto parts = derived_name(name);
  if (const auto told = derived_.find(parts.base); told != derived_.end()) {
    names.insert(names.end(), told->second.begin(), told->second.end());
  } else if (fields_->contains(parts.base) && parts.definition == kCalendar) {
    for (const auto part : kCalendarFields) names.push_back(parts.base + "." + kCalendar + "." + std::string(part));
  }
  return names;
}

void ExpressionCheck::begin() {
  if (!fields_) begin_names(session_);
}

// What a name may be: one look at all there is.
Status ExpressionCheck::load_names() {
  if (fields_) return load_variables();
  auto names = list_names(session_);
  if (!names) return std::move(names).error();
  fields_.emplace();
  for (auto& field : names->fields) {
    if (field.visible) visible_.push_back(field.name);
    if (!field.derived_from.empty()) derived_[field.derived_from].push_back(field.name);
    fields_->insert(std::move(field.name));
  }
  measures_ = std::move(names->measures);
  variables_ = std::move(names->variables);
  return {};
}

Status ExpressionCheck::load_variables() {
  if (variables_) return {};
  if (!fields_) return load_names();
  auto variables = list_variables(session_);
  if (!variables) return std::move(variables).error();
  variables_ = std::move(*variables);
  return {};
}

Status ExpressionCheck::load_sets() {
  if (sets_) return {};
  const auto bookmarks = list_bookmarks(session_);
  if (!bookmarks) return bookmarks.error();
  sets_ = session_.app().states;
  for (const auto& bookmark : *bookmarks) sets_->push_back(bookmark.title), sets_->push_back(bookmark.id);
  return {};
}

Status ExpressionCheck::judge(const Question& question, const Answer& answer, const std::vector<std::string>& missing) {
  // With nothing in the place of a variable the rest may be no expression.
  if (!answer.status.ok() && missing.empty()) return answer.status;
  std::vector<std::string> problems;
  if (!missing.empty()) problems.push_back("the app has no variable " + joined(missing, ", "));
  if (auto status = judge_names(question, answer.names, problems); !status.ok()) return status;
  if (answer.nameless && problems.empty())
    problems.push_back("the app has not all fields of '" + bare(question.expression) + "', and the engine does not tell which");
  for (const auto& name : answer.doubtful) {
    if (question.doubts) problems.push_back("the app does not tell of a field '" + name + "'");
  }
  if (!answer.sets.empty()) {
    if (auto status = load_sets(); !status.ok()) return status;
    auto sets = answer.sets;
    std::erase_if(sets, [&](const auto& name) { return has(*sets_, name); });
    if (!sets.empty()) {
      problems.push_back("the app has no bookmark and no alternate state " + named(sets, *sets_) +
                         ", so the set is empty, and its sum is 0");
    }
  }
  return problems.empty() ? Status() : Status(Code::not_found, joined(problems, "; "));
}

const MasterItem* ExpressionCheck::measure_called(const std::string& name) const {
  const auto found = std::find_if(measures_->begin(), measures_->end(),
                                  [&](const auto& measure) { return measure.title == name || has(measure.labels, name); });
  return found == measures_->end() ? nullptr : &*found;
}

// A name that is no field may be a variable, a master measure or the label of a column, but not everywhere:
// - in a set modifier, in TOTAL <...> and as a text in FieldValue and its like it must be a field;
// - in an aggregation a variable is its value, as anywhere. A measure that aggregates is wrong there: only Aggr takes one inside another;
// - of a measure that aggregates nothing, and of a label in Aggr, Qlik's help says nothing: a doubt.
Status ExpressionCheck::judge_names(const Question& question, const std::vector<PlacedName>& names, std::vector<std::string>& problems) {
  if (names.empty()) return {};
  if (auto status = load_names(); !status.ok()) return status;
  const auto variables = variable_names();
  std::vector<std::string> unknown, misplaced, only_fields;
  for (const auto& [name, place] : names) {
    const bool only_field = place == Place::modified || place == Place::grouped;
    const bool variable = has(variables, name);
    const bool label = has(question.labels, name);
    const auto* measure = measure_called(name);
    const auto what = "'" + name + "' is " +
                      (label      ? "the label of a measure"
                       : variable ? "a variable"
                                  : "a master measure") +
                      " and no field";
    if (question.field || (!variable && !label && measure == nullptr)) {
      // The engine tells of a misspelt name in an aggregation, where it is a field's.
      if (place == Place::plain || only_field) keep_once(unknown, name);
      if (only_field) only_fields.push_back(name);
    } else if (only_field) {
      keep_once(misplaced, what + ": only a field can stand in a set modifier, in TOTAL <> or in FieldValue()");
    } else if (place == Place::aggregated && !variable) {
      const bool sure = label || std::any_of(measure->expressions.begin(), measure->expressions.end(),
                                             [](const auto& expression) { return aggregates(expression); });
      if (sure) keep_once(misplaced, what + ": no aggregation can be computed of it");
      if (!sure && question.doubts) keep_once(misplaced, what + ": an aggregation may not know it");
    } else if (place == Place::nested && label && !variable && measure == nullptr && question.doubts) {
      keep_once(misplaced, what + ": Aggr may not know it");
    }
  }
  if (!unknown.empty()) {
    auto others = variables;
    for (const auto& measure : *measures_) others.push_back(measure.title);
    others.insert(others.end(), question.labels.begin(), question.labels.end());
    std::vector<std::string> texts;
    bool whole = question.field;  // written so that blanks are part of it
    for (const auto& name : unknown) {
      const bool only_field = question.field || has(only_fields, name);
      texts.push_back("'" + name + "'" + near_names(name, near_fields(name), only_field ? std::vector<std::string>() : others));
      whole = whole || name.find(' ') != std::string::npos || question.expression.find(bracketed(name)) != std::string::npos ||
              question.expression.find('"' + name + '"') != std::string::npos ||
              question.expression.find("'" + name + "'") != std::string::npos;
    }
    problems.push_back("the app has no field " + joined(texts, ", ") +
                       (whole ? "" : "; names with spaces go into brackets: [Sales Amount]"));
  }
  problems.insert(problems.end(), misplaced.begin(), misplaced.end());
  return {};
}

Status ExpressionCheck::state(const std::string& name) {
  const auto& states = session_.app().states;
  if (name == "$" || has(states, name)) return {};
  return {Code::not_found, "the app has no alternate state '" + name + "'" + near_names(name, states)};
}

Result<std::string> ExpressionCheck::measure(const std::string& library_id) {
  if (auto status = load_names(); !status.ok()) return status;
  const auto found = std::find_if(measures_->begin(), measures_->end(), [&](const auto& item) { return item.id == library_id; });
  if (found == measures_->end())
    return Status(Code::not_found, "master measure '" + library_id + "': the app has none of this id, or the user may not see it");
  return found->expressions.empty() ? std::string() : found->expressions.front();
}

}  // namespace qonduit::engine
