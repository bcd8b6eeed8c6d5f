#include "layout.h"

size_t layout_sizes_in_c(size_t* sizes, size_t capacity);

size_t layout_sizes_in_c(size_t* sizes, size_t capacity) {
  const size_t all[] = {sizeof(qonduit_host),
                        sizeof(qonduit_run),
                        sizeof(qonduit_delivery),
                        sizeof(qonduit_sink_api),
                        sizeof(qonduit_request),
                        sizeof(qonduit_extent),
                        sizeof(qonduit_dataset),
                        sizeof(qonduit_adapter_api),
                        sizeof(qonduit_plugin),
                        sizeof(qonduit_component),
                        sizeof(struct ArrowSchema),
                        sizeof(struct ArrowArray),
                        sizeof(qonduit_dead_letter_file)};
  const size_t count = sizeof all / sizeof all[0];
  for (size_t i = 0; i < count && i < capacity; ++i) sizes[i] = all[i];
  return count;
}
