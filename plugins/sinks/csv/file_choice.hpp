// Which file a delivery goes into. A file belongs to one dataset of one object of one pipeline, and its manifest says whose it is: the
// choice is the same in every run, whatever the order of the objects is and whatever becomes of the others. Any thread.
#pragma once

#include <qonduit/sink.hpp>
#include <qonduit/status.hpp>

#include <functional>
#include <string>

namespace qonduit::csv {

// The last part of the path, without extension, in its two forms.
struct FileNames {
  std::string plain, with_id;
  bool shared = false;  // another object of the pipeline would have the plain one as well
};

struct FileChoice {
  std::string part;
  std::string note;   // what a person must know of it; may be empty
  bool ours = false;  // it has the rows of the delivery before
};

// taken: whether another delivery of this run has the name. read: the manifest beside the file of this name; not_found where there is none.
// A name that was given stays. One that another object of the pipeline had is not taken over: the object's id tells them apart. forbidden
// where the file belongs to another pipeline, unless the run may take it over.
Result<FileChoice> choose_file(const Run& run, const FileNames& names, const std::function<bool(const std::string& part)>& taken,
                               const std::function<Result<std::string>(const std::string& part)>& read);

}  // namespace qonduit::csv
