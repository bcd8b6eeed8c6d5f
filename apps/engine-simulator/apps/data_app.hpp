// An app from a folder: app.json describes tables (CSV files with field types), master items and sheets with their objects; the data is
// loaded when the simulator starts. The format is described in docs/simulator.md.
#pragma once

#include <memory>
#include <string>

#include "apps/app.hpp"
#include "cube/cube_builder.hpp"
#include "model/data_model.hpp"

namespace qonduit::simulator {

// Reads the folder. Throws Poco::Exception naming the file and what is wrong with it.
[[nodiscard]] std::unique_ptr<App> load_data_app(const std::string& folder);

class DataApp final : public App {
 public:
  // The definition is the content of app.json; tables are read relative to folder.
  DataApp(const JsonObject& definition, const std::string& folder);

  JsonObject locale_info() const override;

 protected:
  JsonObject tables_and_keys() override;
  std::pair<std::string, double> evaluate_expression(const std::string& expression) override;
  JsonObject check_expression(const std::string& expression) override;
  StraightCube make_cube(const JsonObject& definition) override;
  void data_changed() override;

 private:
  void load_tables(const JsonObject& definition, const std::string& folder);
  void load_library(const JsonObject& definition);
  void load_sheets(const JsonObject& definition);

  Locale locale_;
  DataModel model_;
  Library library_;
};

}  // namespace qonduit::simulator
