// The association against a full outer join made by nested loops, over random tables and selections.
#include "model/association.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "model/join.hpp"

namespace qonduit::simulator {
namespace {

using Rows = std::vector<std::int32_t>;  // a row of each table, or -1

// Chain: A(a, k) – B(k, b, m) – C(m, c). Few values, many nulls, values that only one side has.
class RandomModel {
 public:
  explicit RandomModel(unsigned seed) : random_(seed), model_(Locale{}) {
    load("A", {"a", "k"});
    load("B", {"k", "b", "m"});
    load("C", {"m", "c"});
    model_.link();
  }

  [[nodiscard]] const DataModel& model() const { return model_; }

  // The full outer join, by definition: every pair of rows is looked at.
  [[nodiscard]] std::vector<Rows> naive_join() const {
    std::vector<Rows> joined;
    const auto count = [&](std::size_t table) { return static_cast<std::int32_t>(model_.tables()[table].rows); };
    for (std::int32_t row = 0; row < count(0); ++row) joined.push_back({row, -1, -1});
    for (const auto& [left, right, field] : {std::tuple<std::size_t, std::size_t, const char*>{0, 1, "k"}, {1, 2, "m"}}) {
      std::vector<Rows> made;
      std::set<std::int32_t> used;
      for (const auto& rows : joined) {
        bool any = false;
        for (std::int32_t row = 0; row < count(right); ++row) {
          const auto key = value(left, field, rows[left]);
          if (key < 0 || key != value(right, field, row)) continue;
          any = true;
          used.insert(row);
          made.push_back(rows);
          made.back()[right] = row;
        }
        if (!any) made.push_back(rows);
      }
      for (std::int32_t row = 0; row < count(right); ++row) {
        if (used.contains(row)) continue;
        made.push_back({-1, -1, -1});
        made.back()[right] = row;
      }
      joined = std::move(made);
    }
    return joined;
  }

  [[nodiscard]] Element value(std::size_t table, const char* field, std::int32_t row) const {
    if (row < 0) return kNullElement;
    const auto* column = model_.tables()[table].column(model_.find_field(field));
    return column == nullptr ? kNullElement : (*column)[static_cast<std::size_t>(row)];
  }

  // A field's value in a row of the join: a key is what any of its tables says.
  [[nodiscard]] Element value(const char* field, const Rows& rows) const {
    for (std::size_t table = 0; table < rows.size(); ++table)
      if (const auto found = value(table, field, rows[table]); found >= 0) return found;
    return kNullElement;
  }

  Selections random_selections() {
    Selections made;
    for (const char* field : {"a", "k", "b", "m", "c"}) {
      if (below(3) != 0) continue;
      const int index = model_.find_field(field);
      FieldSelection selection{std::vector<char>(model_.field(index).symbols.size(), 0), false};
      for (auto& chosen : selection.chosen) chosen = below(2) == 0 ? 1 : 0;
      if (selection.any()) made[index] = std::move(selection);
    }
    return made;
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

  void load(const std::string& name, const std::vector<std::string>& fields) {
    std::string csv;
    std::vector<std::pair<std::string, FieldType>> columns;
    for (const auto& field : fields) {
      csv += (csv.empty() ? "" : ",") + field;
      columns.emplace_back(field, FieldType::text);
    }
    for (unsigned row = 0; row < 3 + below(6); ++row) {
      csv += "\n";
      for (std::size_t i = 0; i < fields.size(); ++i) {
        csv += i > 0 ? "," : "";
        if (below(5) != 0) csv += "v" + std::to_string(below(4));
      }
    }
    model_.load(name, csv, columns);
  }

  std::minstd_rand random_;
  DataModel model_;
};

bool holds(const RandomModel& random, const Selections& selections, const Rows& rows) {
  return std::all_of(selections.begin(), selections.end(), [&](const auto& item) {
    const auto value = random.value(random.model().field(item.first).name.c_str(), rows);
    return value >= 0 && item.second.chosen[static_cast<std::size_t>(value)] != 0;
  });
}

TEST(AssociationOfRandomTables, JoinsAsNestedLoopsDo) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    const RandomModel random(seed);
    auto expected = random.naive_join();
    std::vector<Rows> made;
    const auto all = possible_rows(random.model(), {});
    for (const auto& order : {std::vector<std::size_t>{0, 1, 2}, {2, 0, 1}, {1, 2, 0}}) {
      made.clear();
      const Join join(random.model(), order, all);
      join.for_each([&](const Join::Rows& rows) { made.push_back(rows); });
      std::sort(made.begin(), made.end());
      std::sort(expected.begin(), expected.end());
      ASSERT_EQ(made, expected) << "seed " << seed << ", root " << order.front();
    }
  }
}

TEST(AssociationOfRandomTables, KeepsTheRowsThatSomeJoinedRowKeeps) {
  for (unsigned seed = 1; seed <= 600; ++seed) {
    RandomModel random(seed);
    const auto selections = random.random_selections();
    const auto possible = possible_rows(random.model(), selections);
    RecordSet expected = possible;
    for (auto& rows : expected.rows) std::fill(rows.begin(), rows.end(), char{0});
    for (const auto& rows : random.naive_join()) {
      if (!holds(random, selections, rows)) continue;
      for (std::size_t table = 0; table < rows.size(); ++table)
        if (rows[table] >= 0) expected.rows[table][static_cast<std::size_t>(rows[table])] = 1;
    }
    ASSERT_EQ(possible.rows, expected.rows) << "seed " << seed;
  }
}

TEST(AssociationOfRandomTables, GivesEveryValueItsState) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    RandomModel random(seed);
    const auto selections = random.random_selections();
    const auto joined = random.naive_join();
    for (int field = 0; field < static_cast<int>(random.model().fields().size()); ++field) {
      Selections others = selections;
      others.erase(field);
      std::vector<char> reachable(random.model().field(field).symbols.size(), 0);
      for (const auto& rows : joined)
        if (holds(random, others, rows))
          if (const auto value = random.value(random.model().field(field).name.c_str(), rows); value >= 0)
            reachable[static_cast<std::size_t>(value)] = 1;
      const auto states = states_of(random.model(), selections, field);
      const auto own = selections.find(field);
      for (std::size_t i = 0; i < states.size(); ++i) {
        const bool chosen = own != selections.end() && own->second.chosen[i] != 0;
        const State expected = own == selections.end() ? (reachable[i] != 0 ? State::optional : State::excluded)
                               : chosen                ? (reachable[i] != 0 ? State::selected : State::selected_excluded)
                                                       : (reachable[i] != 0 ? State::alternative : State::excluded);
        ASSERT_EQ(state_letters(states[i]), std::string(state_letters(expected)))
            << "seed " << seed << ", field " << random.model().field(field).name << ", value "
            << random.model().field(field).symbols[i].text;
      }
    }
  }
}

TEST(DataModelLinks, RefuseACircle) {
  DataModel model(Locale{});
  model.load("A", "x,y\n1,1\n", {{"x", FieldType::text}, {"y", FieldType::text}});
  model.load("B", "y,z\n1,1\n", {{"y", FieldType::text}, {"z", FieldType::text}});
  model.load("C", "z,x\n1,1\n", {{"z", FieldType::text}, {"x", FieldType::text}});
  EXPECT_ANY_THROW(model.link());
}

TEST(DataModelLinks, MakeOneKeyOfSeveralSharedFields) {
  DataModel model(Locale{});
  model.load("A", "x,y,a\n1,1,p\n1,2,q\n2,1,r\n", {{"x", FieldType::text}, {"y", FieldType::text}, {"a", FieldType::text}});
  model.load("B", "x,y,b\n1,2,s\n3,1,t\n", {{"x", FieldType::text}, {"y", FieldType::text}, {"b", FieldType::text}});
  model.link();
  ASSERT_EQ(model.keys().size(), 1U);
  EXPECT_EQ(model.keys()[0].fields.size(), 2U);
  const auto all = possible_rows(model, {});
  const Join join(model, {0, 1}, all);
  std::vector<Rows> made;
  join.for_each([&](const Join::Rows& rows) { made.push_back(rows); });
  std::sort(made.begin(), made.end());
  EXPECT_EQ(made, (std::vector<Rows>{{-1, 1}, {0, -1}, {1, 0}, {2, -1}}));
}

}  // namespace
}  // namespace qonduit::simulator
