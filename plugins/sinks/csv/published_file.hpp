// A file that appears as a whole or not at all: written beside its target as .name.run.partial, made durable, then renamed onto it. No
// symlink is followed below the base folder. Used by one thread. Every failure says which path, why and what to do.
#pragma once

#include <qonduit/status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qonduit::csv {

// A descriptor, closed at the end.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }
  int release() noexcept {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }

 private:
  int fd_ = -1;
};

// The folder that a path is in.
std::string folder_around(std::string_view path);

// What on-exists = fail says of a file that is there.
Status already_there(const std::string& path);

// A folder below the base, opened step by step. The steps that had to be made go again when it ends, unless a delivery is in them.
class TargetFolder {
 public:
  // The base is made too, where the folder it is in exists. mode: of folders that are made.
  static Result<TargetFolder> open(const std::string& base, const std::vector<std::string>& parts, unsigned mode = 0750);
  // The same where it is there; makes nothing. not_found where it, or the base, is not.
  static Result<TargetFolder> find(const std::string& base, const std::vector<std::string>& parts);
  TargetFolder(TargetFolder&&) noexcept = default;
  TargetFolder& operator=(TargetFolder&& other) noexcept;
  ~TargetFolder() { remove_made(); }
  [[nodiscard]] int fd() const noexcept { return folder_.get(); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  // Removes the folders that were made for it, as far as they are empty and no other delivery of this process is in them.
  void remove_made() noexcept { leave(false); }
  // They hold a delivery now, and stay.
  void keep_made() noexcept { leave(true); }
  // Makes the names in the folder durable.
  [[nodiscard]] Status sync() const;

 private:
  TargetFolder() = default;
  static Result<TargetFolder> open(const std::string& base, const std::vector<std::string>& parts, std::optional<unsigned> make);
  Status step_into(const std::string& part, std::optional<unsigned> make);
  void leave(bool kept) noexcept;
  struct Step {
    std::string name;  // below the base; empty: the base
    std::string path;
  };
  Descriptor base_;
  Descriptor folder_;
  std::string path_;
  std::string below_;          // the base
  std::vector<Step> entered_;  // outermost first
};

class PublishedFile {
 public:
  // Clears what crashed runs left for this name, then creates the partial file.
  static Result<PublishedFile> create(int folder, const std::string& folder_path, const std::string& name, std::string_view run_id);
  PublishedFile() = default;
  PublishedFile(PublishedFile&&) noexcept = default;
  PublishedFile& operator=(PublishedFile&&) noexcept = default;

  Status write(std::string_view bytes);
  // Gives it the mode, group and access control list of the file that it replaces; or this mode, where one is given. What is not permitted
  // is added to the note.
  Status take_rights(std::optional<unsigned> mode, std::string& note);
  // Makes the content durable. A failure is final and the file is gone: its pages can no longer be trusted.
  Status sync();
  // Gives the file its name. Durable once the folder is synced, too. already_exists unless replace.
  Status publish(bool replace);
  void remove() noexcept;
  [[nodiscard]] std::string path() const { return folder_path_ + "/" + name_; }

 private:
  [[nodiscard]] Status failed(const std::string& what, int error) const;

  int folder_ = -1;
  std::string folder_path_, name_, partial_;
  Descriptor file_;
  std::uint64_t written_ = 0;
  std::uint64_t flushed_ = 0;
};

// The whole of a small file in a folder; not_found when it is not there.
Result<std::string> read_small_file(int folder, const std::string& name);

}  // namespace qonduit::csv
