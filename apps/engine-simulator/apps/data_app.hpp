// An app from a folder: app.json describes tables (CSV files with field types), master items and sheets with their objects; the data is
// loaded when the simulator starts. The format is described in docs/simulator.md.
#pragma once

#include <memory>
#include <string>

#include "apps/app.hpp"
#include "model/data_model.hpp"

namespace qonduit::simulator {

// Reads the folder. Throws Poco::Exception naming the file and what is wrong with it.
[[nodiscard]] std::unique_ptr<App> load_data_app(const std::string& folder);
// The app "Gallery", built in.
[[nodiscard]] std::unique_ptr<App> load_gallery();

class DataApp final : public App {
 public:
  // The definition is the content of app.json; tables are read relative to folder.
  DataApp(const JsonObject& definition, std::string folder);

  JsonObject locale_info() const override;

 protected:
  std::shared_ptr<const DataModel> changed_model(const DataModel& model) override;
  std::shared_ptr<const DataModel> reloaded_model() override;

 private:
  [[nodiscard]] std::shared_ptr<const DataModel> load_tables() const;
  void load_library();
  void load_sheets();
  std::string load_object(const JsonObject& given, const std::string& parent);
  void load_access();
  void load_bookmarks();
  void check_fields();
  void check_field(const std::string& name, const std::string& where) const;
  [[nodiscard]] std::string field_problem(const std::string& name, const std::string& where) const;

  JsonObject definition_;
  std::string folder_;
  Locale locale_;
};

}  // namespace qonduit::simulator
