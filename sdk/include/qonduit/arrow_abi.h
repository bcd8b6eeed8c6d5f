/* The Arrow C data interface, as the Arrow project publishes it: two plain structs that carry a schema and a column batch
   between libraries which share no code. The guard is Arrow's own, so that this header and Arrow's can meet in one file.
   Source of the layout: the Arrow specification, "The Arrow C data interface". */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#include <stdint.h>

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

#ifdef __cplusplus
extern "C" {
#endif

struct ArrowSchema {
  const char* format; /* "l" int64, "g" float64, "b" bool, "u" utf8, "tdD" date32, "tsm:" timestamp(ms), "tDm" duration(ms), "+s" struct */
  const char* name;
  const char* metadata; /* int32 pair count, then per pair: int32 length, key bytes, int32 length, value bytes */
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count; /* -1: not counted */
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#ifdef __cplusplus
}
#endif

#endif
