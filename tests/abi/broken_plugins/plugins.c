/* One plugin for each defect, chosen by the preprocessor: DEFECT_... A good one when none is given. Written against abi.h alone. */
#include <qonduit/abi.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXT(s) \
  { s, sizeof(s) - 1 }

#ifdef DEFECT_NO_SYMBOL
int not_the_symbol(void);
__attribute__((visibility("default"))) int not_the_symbol(void) { return 1; }
#else

#ifdef DEFECT_SILENT_CODES
static qonduit_code say(qonduit_error* error) {
  (void)error;
  return QONDUIT_IO;
}
#else
static qonduit_code say(qonduit_error* error) {
  (void)error;
  return QONDUIT_OK;
}
#endif

static int instance;
static void* create(const qonduit_context* context, const qonduit_pair* options, size_t count, qonduit_error* error) {
  (void)context, (void)options, (void)count, (void)error;
  return &instance;
}
static void destroy(void* self) { (void)self; }
static uint32_t guarantees(void* self) { return (void)self, QONDUIT_GUARANTEE_APPEND; }
static qonduit_code simple(void* self, qonduit_error* error) { return (void)self, say(error); }
static qonduit_code open_sink(void* self, const qonduit_run* run, const struct ArrowSchema* schema, qonduit_error* error) {
  (void)self, (void)run, (void)schema;
  return say(error);
}
static qonduit_code write_sink(void* self, const struct ArrowArray* batch, qonduit_error* error) {
  (void)self, (void)batch;
#ifdef DEFECT_UNKNOWN_CODE
  (void)error;
  return 4711;
#else
  return say(error);
#endif
}
static qonduit_code committed(void* self, qonduit_str run_id, uint32_t* answer, qonduit_error* error) {
  (void)self, (void)run_id;
  *answer = QONDUIT_COMMITTED_NO;
  return say(error);
}
static qonduit_code delivery(void* self, void (*reply)(void*, const qonduit_delivery*), void* context, qonduit_error* error) {
  const qonduit_delivery said = {.struct_size = sizeof said, .target = TEXT("nowhere")};
  (void)self;
  reply(context, &said);
  return say(error);
}

#ifdef DEFECT_OLDER_MINOR
#define SINK_SIZE offsetof(qonduit_sink_api, delivery) /* without the last function of the first release */
#else
#define SINK_SIZE sizeof(qonduit_sink_api)
#endif
#ifdef DEFECT_MISSING_FUNCTION
#define COMMIT NULL
#else
#define COMMIT simple
#endif
#define SINK(size)                                                                                                           \
  {                                                                                                                          \
    .struct_size = size, .create = create, .destroy = destroy, .guarantees = guarantees, .probe = simple, .open = open_sink, \
    .write = write_sink, .commit = COMMIT, .abort = simple, .committed = committed, .delivery = delivery                     \
  }
static const qonduit_sink_api sink = SINK(SINK_SIZE);

/* A table of a later minor: what this host knows, and more. */
typedef struct later_sink_api {
  qonduit_sink_api known;
  void (*later)(void);
} later_sink_api;
static const later_sink_api later_sink = {SINK(sizeof(later_sink_api)), NULL};

#ifndef NAME
#define NAME "good"
#endif

#if defined(DEFECT_NEITHER)
#define SINK_TABLE NULL
#elif defined(LATER_MINOR)
#define SINK_TABLE &later_sink.known
#else
#define SINK_TABLE &sink
#endif
static const qonduit_component component = {.struct_size = sizeof(qonduit_component),
                                            .name = TEXT(NAME),
                                            .describe_json = TEXT("{\"summary\":\"A test.\",\"options\":[]}"),
                                            .sink = SINK_TABLE};
#ifdef DEFECT_DUPLICATE
static const qonduit_component* const components[] = {&component, &component};
#elif defined(DEFECT_NULL_COMPONENT)
static const qonduit_component* const components[] = {NULL};
#else
static const qonduit_component* const components[] = {&component};
#endif
static const qonduit_plugin plugin = {
#ifdef DEFECT_TINY_TABLE
    .struct_size = 8,
#else
    .struct_size = sizeof(qonduit_plugin),
#endif
#ifdef DEFECT_NEEDS_NEWER_HOST
    .host_size = sizeof(qonduit_host) + 64,
#else
    .host_size = QONDUIT_SIZE_UP_TO(qonduit_host, error_set),
#endif
    .minor = QONDUIT_ABI_MINOR,
#ifdef DEFECT_BAD_NAME
    .name = TEXT("Not A Name!"),
#else
    .name = TEXT(NAME),
#endif
    .version = TEXT("1.0"),
    .component_count = sizeof components / sizeof components[0],
    .components = components};

#ifdef CANARY
__attribute__((constructor)) static void sing(void) {
  const char* path = getenv("QONDUIT_TEST_CANARY");
  FILE* file = path == NULL ? NULL : fopen(path, "w");
  if (file != NULL) fclose(file);
}
#endif

#ifdef DEFECT_MISSING_DEPENDENCY
int qonduit_test_dependency(void);
#endif

#ifdef DEFECT_OTHER_MAJOR
#define SYMBOL qonduit_plugin_v2
#else
#define SYMBOL qonduit_plugin_v0
#endif
QONDUIT_EXPORT const qonduit_plugin* SYMBOL(const qonduit_context* given);
QONDUIT_EXPORT const qonduit_plugin* SYMBOL(const qonduit_context* given) {
#ifdef DEFECT_EXITS
  exit(0);
#endif
#ifdef DEFECT_QUICK_EXITS
  quick_exit(0);
#endif
  (void)given, (void)later_sink, (void)sink, (void)component, (void)plugin;
#ifdef DEFECT_MISSING_DEPENDENCY
  if (qonduit_test_dependency() == 0) return NULL;
#endif
#ifdef DEFECT_NO_TABLE
  return NULL;
#else
  return &plugin;
#endif
}
#endif
