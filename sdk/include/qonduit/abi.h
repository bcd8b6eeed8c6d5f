/* The plugin boundary of qonduit: C tables of functions, nothing else. A plugin is a shared library that exports
   exactly one symbol, qonduit_plugin_v0. The number in the name is the major version of this file; the struct_size
   at the head of each table tells its minor. C++ authors use plugin.hpp, which fills these tables; C authors use
   this file as it is. docs/abi.md has the rules that hold for all of it, and the states of a sink.

   Rules
   - Every table begins with struct_size and flags. Members are only ever appended, so an older table is a prefix of
     a newer one: read a member only where struct_size covers it (QONDUIT_HAS). flags are 0 unless a bit is named
     here; whoever reads them ignores bits it does not know. qonduit_str, qonduit_pair, qonduit_page and
     qonduit_named_object never grow.
   - Arrays hold pointers to tables, so that tables of different sizes can stand side by side.
   - Text is UTF-8 with a length. It need not end in a zero byte, may hold zero bytes, and {NULL, 0} is the empty text.
   - What is passed is borrowed for the call, unless it is marked QONDUIT_OWNED. Text comes back through error_set or a
     reply callback, which is called on the thread of the call and before it returns; the host copies the text.
   - Whoever defines a table owns it, for the life of the process: the host never unloads a plugin.
   - Enums cross as uint32_t.
   - No exception may leave a function of a table.
   - Threads: an instance is used by one thread at a time, but not always by the same one. Two functions are
     exceptions: cancel(), and decode() where its adapter says QONDUIT_ADAPTER_PARALLEL_DECODE. The functions of
     qonduit_host may be called from any thread, a plugin's own too, until destroy() of their instance has returned.
   - A function that answers anything but QONDUIT_OK has called error_set: a code without words is a bug of the
     plugin, and so is a code that is not in this file; the host takes it for QONDUIT_INTERNAL. */
#ifndef QONDUIT_ABI_H
#define QONDUIT_ABI_H

#include <qonduit/arrow_abi.h>

#include <stddef.h>
#include <stdint.h>

#define QONDUIT_ABI_MAJOR 0
#define QONDUIT_ABI_MINOR 1     /* rises when a member is appended */
#define QONDUIT_SDK_VERSION 100 /* of these headers: 10000 * major + 100 * minor + patch */
#define QONDUIT_PLUGIN_SYMBOL "qonduit_plugin_v0"

/* In front of the one function a plugin exports; everything else in it is hidden. */
#if defined(_MSC_VER)
#define QONDUIT_EXPORT __declspec(dllexport)
#elif defined(__GNUC__)
#define QONDUIT_EXPORT __attribute__((visibility("default")))
#else
#define QONDUIT_EXPORT
#endif

/* Marks for readers and for those who write bindings. Without a mark a pointer is borrowed for the call and not null. */
#define QONDUIT_OWNED    /* belongs to whoever receives it, who releases it */
#define QONDUIT_NULLABLE /* may be null */

/* The size a table must have to hold this member. */
#ifdef __cplusplus
#define QONDUIT_SIZE_UP_TO(table_type, member) (offsetof(table_type, member) + sizeof(table_type::member))
#else
#define QONDUIT_SIZE_UP_TO(table_type, member) (offsetof(table_type, member) + sizeof(((table_type*)0)->member))
#endif
/* Whether the table at this pointer holds this member, and it is set: for functions, and other pointers. */
#define QONDUIT_HAS(table_type, table, member) ((table)->struct_size >= QONDUIT_SIZE_UP_TO(table_type, member) && (table)->member != NULL)

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t qonduit_code;

/* The code decides what the host does next; nobody parses the text. Unavailable and timeout are retried, the others
   are not. */
enum {
  QONDUIT_OK = 0,
  QONDUIT_INVALID_ARGUMENT = 1, /* a caller's mistake */
  QONDUIT_INVALID_CONFIG = 2,   /* an option has a value it cannot have */
  QONDUIT_UNSUPPORTED = 3,      /* this component cannot do that */
  QONDUIT_NOT_FOUND = 4,
  QONDUIT_ALREADY_EXISTS = 5,
  QONDUIT_UNAUTHENTICATED = 6,
  QONDUIT_FORBIDDEN = 7,
  QONDUIT_UNAVAILABLE = 8,   /* retryable: the peer is away */
  QONDUIT_TIMEOUT = 9,       /* retryable: the peer did not answer in time */
  QONDUIT_CANCELLED = 10,    /* the host asked for it: see cancel and qonduit_host.cancelled */
  QONDUIT_BAD_DATA = 11,     /* what arrived is not what it claims to be */
  QONDUIT_INCONSISTENT = 12, /* the source changed while it was read */
  QONDUIT_IO = 13,           /* a disk or a socket refused */
  QONDUIT_INTERNAL = 14,     /* a bug */
  QONDUIT_TYPE_MISMATCH = 15 /* columns are of other types than a target or a rule takes */
};

enum { QONDUIT_LOG_TRACE = 0, QONDUIT_LOG_DEBUG = 1, QONDUIT_LOG_INFO = 2, QONDUIT_LOG_WARN = 3, QONDUIT_LOG_ERROR = 4 };

/* What a sink promises with the options it was created with: bits. */
enum {
  QONDUIT_GUARANTEE_APPEND = 1,
  QONDUIT_GUARANTEE_UPSERT = 2,
  QONDUIT_GUARANTEE_REPLACE = 4,
  QONDUIT_GUARANTEE_EXACTLY_ONCE = 8,
  QONDUIT_GUARANTEE_WHOLE_RUN = 16, /* what a run delivered becomes visible at its end_run, or nothing of it */
  QONDUIT_GUARANTEE_SAME_IDS = 32   /* a repeated delivery carries the same ids, so that its consumers can tell */
};

/* The Arrow formats of this minor: what a sink that does not say takes (qonduit_sink_api.formats). */
#define QONDUIT_FORMATS "b l g u tdD tsm: tDm dictionary"

/* Answers of qonduit_sink_api.committed. */
enum { QONDUIT_COMMITTED_NO = 0, QONDUIT_COMMITTED_YES = 1, QONDUIT_COMMITTED_UNKNOWN = 2 };

typedef struct qonduit_str {
  const char* QONDUIT_NULLABLE data;
  size_t size;
} qonduit_str;

/* An option, or a field of a log line. */
typedef struct qonduit_pair {
  qonduit_str key, value;
} qonduit_pair;

typedef struct qonduit_error qonduit_error; /* the host's; written through qonduit_host.error_set only */
typedef struct qonduit_context qonduit_context;

/* What a plugin can ask of its host. The context is the one the plugin was given. */
typedef struct qonduit_host {
  uint32_t struct_size, flags;
  /* A line of the host's log, which adds what the context is about: plugin, sink, pipeline, run. */
  void (*log)(const qonduit_context*, uint32_t level, qonduit_str message, const qonduit_pair* QONDUIT_NULLABLE fields, size_t field_count);
  /* Why the call under way fails. On one thread at a time and only before the call returns; called again, the last
     one holds. QONDUIT_OK is no error, and is ignored. */
  void (*error_set)(const qonduit_context*, qonduit_error* QONDUIT_NULLABLE, qonduit_code, qonduit_str message);
  /* 1 while the host wants the call under way on this instance to end soon, with QONDUIT_CANCELLED. Cheap. */
  uint32_t (*cancelled)(const qonduit_context*);
  /* Milliseconds until the host no longer waits for the call under way; -1: it waits. */
  int64_t (*time_left)(const qonduit_context*);
} qonduit_host;

/* What an instance knows of where it runs. Valid from create until destroy has returned; for a call without an
   instance, during the call. Its texts do not change. Any thread may read it. */
struct qonduit_context {
  uint32_t struct_size, flags;
  const qonduit_host* host;
  const void* owner;            /* the host's own */
  qonduit_str name;             /* what the configuration calls it: sink.NAME; of an adapter, what it is called */
  qonduit_str pipeline;         /* empty where it is made for none */
  qonduit_str state_folder;     /* for files that outlive a run, the same for every run; may not exist yet; empty: there is none */
  qonduit_str temporary_folder; /* for files of a run; exists */
};

/* What an object of a pipeline is called. Fixed size: arrays of it cross the boundary. */
typedef struct qonduit_named_object {
  qonduit_str object_id;
  qonduit_str title; /* as the user sees it; may be empty */
  qonduit_str sheet; /* the sheet's title; may be empty */
} qonduit_named_object;

/* Bits of qonduit_run.flags. */
enum {
  QONDUIT_RUN_TAKEOVER = 1 /* a target that belongs to another pipeline may be taken over; else it is refused */
};

/* One delivery: a dataset of an object, in one run of a pipeline and one turn of its loop. */
typedef struct qonduit_run {
  uint32_t struct_size, flags;
  uint64_t fence; /* rises with every owner of a pipeline; a lower fence never replaces a higher one */
  qonduit_str pipeline;
  qonduit_str run_id; /* unique; the same again when a run is repeated after an unknown outcome */
  qonduit_str app;    /* the app's title */
  qonduit_str app_id;
  qonduit_str sheet; /* the sheet's title; empty when the object was named directly */
  qonduit_str object_id;
  qonduit_str object_type;  /* Qlik's visualization name: table, sn-table, barchart ... */
  qonduit_str title;        /* the object's title as the user sees it; may be empty */
  qonduit_str dataset;      /* which hypercube of the object; empty for an object with one */
  qonduit_str turn;         /* which turn of a loop, as "Region=North, Year=2024"; empty outside of a loop. One turn's
                               delivery never replaces another's: dataset and turn together are the part of the object. */
  const qonduit_pair* loop; /* the values of the turn, outermost first: Region, North */
  size_t loop_count;
  qonduit_str started_at;         /* UTC, ISO 8601 to the second: 2026-01-31T23:59:59Z */
  qonduit_str day;                /* started_at as a day in the configuration's time zone: 2026-02-01; {date} in names */
  qonduit_str reload_time;        /* the app's qLastReloadTime; may be empty */
  const qonduit_pair* selections; /* in force while it was read: select.FIELD, bookmark, variable.NAME and their values */
  size_t selection_count;
  /* All objects the pipeline delivers, this one among them, hidden ones too, known before the first is read: so that a
     sink can give each of those that would share a name one of its own, the same whatever their order and whatever
     becomes of the others. */
  const qonduit_named_object* objects;
  size_t object_count;
} qonduit_run;

/* What an open sink has taken so far. */
typedef struct qonduit_delivery {
  uint32_t struct_size, flags;
  uint64_t rows;      /* rows accepted by write since open */
  uint64_t bytes;     /* bytes produced for the target, where that has a meaning; else 0 */
  qonduit_str target; /* where it goes, in words a person can use: a path, a table name, a topic; two sinks of a pipeline that say the
                         same are refused, so it says all that tells targets apart. Asked after open too, before the first row. */
  qonduit_str note;   /* what a person must know of it: rows refused and where they are, a column added; empty: nothing */
  uint64_t refused;   /* of rows: refused by the target, and kept elsewhere */
} qonduit_delivery;

/* Bits of qonduit_plan.flags. */
enum {
  QONDUIT_PLAN_EXCLUSIVE = 1 /* what another pipeline delivers there is refused, or would refuse this; else pipelines share it */
};

/* What a delivery would do to its target, told before it, in words around the number of its rows: "adds" 25,000 rows "to table Orders",
   "replaces table Orders with" 25,000 rows "". All empty: the sink does not say. */
typedef struct qonduit_plan {
  uint32_t struct_size, flags;
  qonduit_str target;        /* as in qonduit_delivery */
  qonduit_str before, after; /* the words before and after the rows */
  qonduit_str identity;      /* equal for two names of one target, such as two writings of a path; empty: target is compared */
} qonduit_plan;

/* A sink delivers batches to one place. Life: create, then any number of (open, write ..., commit | abort), then destroy. */
typedef struct qonduit_sink_api {
  uint32_t struct_size, flags;
  /* No I/O. Null: refused, see the error. The context stays valid until destroy has returned. */
  void* QONDUIT_OWNED QONDUIT_NULLABLE (*create)(const qonduit_context*, const qonduit_pair* options, size_t option_count, qonduit_error*);
  void (*destroy)(void*);                                                                     /* releases, never delivers */
  uint32_t (*guarantees)(void*);                                                              /* bits QONDUIT_GUARANTEE_ */
  qonduit_code (*probe)(void*, qonduit_error*);                                               /* reach the target, change nothing */
  qonduit_code (*open)(void*, const qonduit_run*, const struct ArrowSchema*, qonduit_error*); /* a struct schema */
  /* Lends a struct array of that schema: the sink neither changes nor releases it, and copies what it keeps. Libraries that import an
     array take it over: hand them a copy of the struct whose release does nothing but set itself to null (docs/abi.md). */
  qonduit_code (*write)(void*, const struct ArrowArray*, qonduit_error*);
  qonduit_code (*commit)(void*, qonduit_error*); /* durable when it answers ok, and not before; when it fails the host calls abort */
  qonduit_code (*abort)(void*, qonduit_error*);  /* leaves nothing of this delivery behind; may follow open, write or commit in any state */
  /* Did the delivery with this run id, of the dataset last opened, land? Asked after a lost reply. */
  qonduit_code (*committed)(void*, qonduit_str run_id, uint32_t* answer, qonduit_error*);
  /* Valid between open and the next open or destroy, after commit too. reply is called once. */
  qonduit_code (*delivery)(void*, void (*reply)(void* taker, const qonduit_delivery*), void* taker, qonduit_error*);
  /* Optional (null), like all that follow. From another thread: the call under way on this instance, and each that follows but abort,
     end_run and destroy, answers QONDUIT_CANCELLED soon. Returns at once. The host says the same through qonduit_host.cancelled, for sinks
     that look there between waits. Never called while destroy runs. */
  void (*cancel)(void*);
  /* The Arrow formats this sink takes, those of docs/abi.md with blanks between them, as "b l g u tdD"; "dictionary" where it takes texts
     as a dictionary. reply is called once. Null: QONDUIT_FORMATS as they were in minor 1. A column of another format is converted where
     nothing is lost, and refused by the host before the first row where something is. */
  qonduit_code (*formats)(void*, void (*reply)(void* taker, qonduit_str), void* taker, qonduit_error*);
  /* What open would do with this run and schema, found out without changing anything: an error is why open would refuse it. reply is called
     once when it answers ok. Not called between open and commit or abort. */
  qonduit_code (*plan)(void*, const qonduit_run*, const struct ArrowSchema*, void (*reply)(void* taker, const qonduit_plan*), void* taker,
                       qonduit_error*);
  /* A text that is another one for each target that can be delivered to while this delivery is open, found out without changing anything:
     the path of a file, the name of a table. It lets the host overlap deliveries of a run: each is opened and written by an instance of its
     own, commits come one after the other in the run's order, and what one target gets comes from one instance. Nothing of a delivery may
     be visible before its commit then, and no open delivery may keep another from its commit. Empty: this delivery is made alone; null:
     all are. reply is called once. Not called between open and commit or abort. */
  qonduit_code (*target_of)(void*, const qonduit_run*, void (*reply)(void* taker, qonduit_str), void* taker, qonduit_error*);
} qonduit_sink_api;

/* Extensions: tables that only some components have, asked for by name (qonduit_component.extension). */

/* Of a sink. After the last delivery of a run: complete is 1 when every delivery was committed, 0 when the run failed. A sink that lets the
   deliveries of a run appear together makes them durable and visible here, or leaves nothing of them; committed then answers for the run as
   a whole. */
#define QONDUIT_EXTENSION_END_OF_RUN "end-of-run"
typedef struct qonduit_end_of_run_api {
  uint32_t struct_size, flags;
  qonduit_code (*end_run)(void* sink, qonduit_str run_id, uint32_t complete, qonduit_error*);
} qonduit_end_of_run_api;

/* A file in which a sink keeps what its target refused for good, of one delivery. */
typedef struct qonduit_dead_letter_file {
  uint32_t struct_size, flags;
  qonduit_str path;
  qonduit_str pipeline, run_id, object, dataset; /* of the delivery, as the file says; empty where it does not */
  qonduit_str first, last;                       /* when the first and the last was refused, UTC, ISO 8601; empty where it is not known */
  qonduit_str reason;                            /* of the first */
  uint64_t messages;
} qonduit_dead_letter_file;

/* Of a sink that keeps what its target refused for good. Neither is called between open and commit or abort. */
#define QONDUIT_EXTENSION_DEAD_LETTERS "dead-letters"
typedef struct qonduit_dead_letters_api {
  uint32_t struct_size, flags;
  /* reply is called once for each file, in a stable order. QONDUIT_UNSUPPORTED where the sink's options keep none. Touches no target. */
  qonduit_code (*list)(void* sink, void (*reply)(void* taker, const qonduit_dead_letter_file*), void* taker, qonduit_error*);
  /* Sends what is in one of these files again, in its order and under the same ids. What the target has taken leaves the file, what it has
     not stays in it, and a file without anything left is removed. sent and stayed are set whatever it answers; ok means that everything was
     dealt with, and stayed may be more than 0 then: the file says why. */
  qonduit_code (*replay)(void* sink, qonduit_str path, uint64_t* sent, uint64_t* stayed, qonduit_error*);
} qonduit_dead_letters_api;

/* A rectangle of a hypercube, in cells of its data matrix. */
typedef struct qonduit_page {
  int64_t left, top, width, height;
} qonduit_page;

/* Bits of qonduit_request.flags. */
enum {
  /* Nothing is asked: decode gets the layout the dataset was opened with, once. For rows that stand in the layout. method is empty. */
  QONDUIT_REQUEST_LAYOUT = 1
};

/* What an adapter wants asked of its object. With a page of width > 0 the host reads that rectangle piecewise: it cuts it into
   pages the engine answers in one call, appends to params_json one argument, an array holding one NxPage, and hands each reply
   to decode() with the piece in place of the whole. Pieces come full width and in order of top, where width and the engine's
   limits allow; else a band of rows is cut into columns, decoded piece by piece and joined by the host, in order of left.
   With width 0 the request is sent once, as it is.
   With height 0 the layout announces no rows. The host still asks for the first one: if it is there, the attempt fails.
   Where several cells make a row (the measures of a combination in a pivot), steps say so: with step_width > 0 pieces begin and end
   at multiples of the steps, counted from the page's corner, and stand alone: each is decoded to rows of its own, and those of a band
   are delivered one after the other, not joined. Steps divide the page.
   Methods that begin with Get are asked of any object. Others change something: an adapter that needs one names it in its
   describe_json ("methods"), and the host asks it only where the configuration allows it (plugins.allow-methods). */
typedef struct qonduit_request {
  uint32_t struct_size, flags;
  qonduit_str method;      /* GetHyperCubeData ...; empty, and no flag: there is nothing more to ask */
  qonduit_str params_json; /* a JSON array: the arguments before the page */
  qonduit_page page;
  uint64_t tag;                    /* the adapter's own, handed back to decode unchanged */
  int64_t step_width, step_height; /* both 0: pages are cut anywhere; else both > 0 */
} qonduit_request;

/* What an adapter expects, from the layout. */
typedef struct qonduit_extent {
  uint32_t struct_size, flags;
  int64_t rows;  /* exact number of rows of the data matrix; -1: not known beforehand. The run fails when another number arrives */
  int64_t cells; /* estimate, for progress; -1: not known */
  /* What a person who uses the delivery must know of it: that only what is expanded could be read, say. Shown with the dataset in the
     run's report; lives until the next call on the instance; empty: nothing. */
  qonduit_str note;
} qonduit_extent;

/* What an adapter reads of an object. */
typedef struct qonduit_dataset {
  uint32_t struct_size, flags;
  qonduit_str name;  /* stable, unique in the object; empty for the only one */
  qonduit_str place; /* where it stands in the layout, as a JSON pointer: /box/qHyperCube; empty: not said. The host tells the user of cubes
                        and lists that nobody reads. */
} qonduit_dataset;

/* Bytes that may be read, but not written, after reply_json of decode and widen: what JSON parsers with wide loads need. */
#define QONDUIT_REPLY_PADDING 64

/* How the app writes numbers and dates: qLocaleInfo of its layout. What is empty is not known. */
typedef struct qonduit_locale {
  uint32_t struct_size, flags;
  qonduit_str decimal, thousands, money_decimal, money_thousands; /* separators */
  qonduit_str money, date, time, timestamp;                       /* patterns */
  qonduit_str abbreviations;                                      /* 3:k;6:M;9:G */
  qonduit_str months, long_months, days, long_days;               /* names with semicolons between them; weeks begin on Monday */
} qonduit_locale;

/* Bits of qonduit_adapter_api.flags. */
enum {
  QONDUIT_ADAPTER_PARALLEL_DECODE = 1 /* decode may run on several threads at once, for different replies */
};

/* An adapter turns one kind of object into batches. It never talks to the engine: it says what to ask, and turns answers into
   Arrow batches. Life: create; open; next_request until the end, with decode running behind it; destroy. open may be called again
   and then starts over. accepts and datasets have no instance: they get the options an instance would be created with. */
typedef struct qonduit_adapter_api {
  uint32_t struct_size, flags;
  /* 0 no ... 100 exactly mine. */
  uint32_t (*accepts)(const qonduit_context*, const qonduit_pair* options, size_t option_count, qonduit_str object_type,
                      qonduit_str layout_json);
  /* Calls reply once for each dataset this adapter reads from an object it accepts, in a stable order. */
  qonduit_code (*datasets)(const qonduit_context*, const qonduit_pair* options, size_t option_count, qonduit_str object_type,
                           qonduit_str layout_json, void (*reply)(void* taker, const qonduit_dataset*), void* taker, qonduit_error*);
  void* QONDUIT_OWNED QONDUIT_NULLABLE (*create)(const qonduit_context*, const qonduit_pair* options, size_t option_count, qonduit_error*);
  void (*destroy)(void*);
  /* layout_json is the object's qLayout; run->dataset says which hypercube. Fills schema, a struct; the host releases it. */
  qonduit_code (*open)(void*, const qonduit_run*, qonduit_str layout_json, struct ArrowSchema* QONDUIT_OWNED schema, qonduit_extent*,
                       qonduit_error*);
  qonduit_code (*next_request)(void*, qonduit_request* out, qonduit_error*); /* texts live until the next call on the instance */
  /* reply_json is the value of "result". Fills out with a struct array: the columns of the request's page; the host releases it. rows: rows
     of the data matrix the reply covered, with those that are left out of the batch by option; fewer than asked is not an error, the host
     asks for the rest. QONDUIT_BAD_DATA where a value does not fit the type of its column. */
  qonduit_code (*decode)(const void*, const qonduit_request*, qonduit_str reply_json, struct ArrowArray* QONDUIT_OWNED out, int64_t* rows,
                         qonduit_error*);
  /* Optional (null), like all that follow. As for sinks. */
  void (*cancel)(void*);
  /* The definition of a session object to read instead of the published one, told which dataset will be read: reply is called at most once.
     Not called where the user may not see properties; and where the object may not be created, open gets the published layout. */
  qonduit_code (*prepare)(void*, const qonduit_run*, qonduit_str layout_json, qonduit_str properties_json,
                          void (*reply)(void* taker, qonduit_str), void* taker, qonduit_error*);
  /* After decode answered QONDUIT_BAD_DATA: widen the types of the columns this reply contradicts. When it answers ok the host aborts what
     was delivered and starts over with open; anything else is why the run fails. */
  qonduit_code (*widen)(void*, const qonduit_request*, qonduit_str reply_json, qonduit_error*);
  /* The locale of the app, before every prepare and open. */
  qonduit_code (*use_locale)(void*, const qonduit_locale*, qonduit_error*);
  /* After the last decode of a dataset: what a person who uses the delivery must know of the values that were read, and that open could not
     know. reply is called once for each note. */
  qonduit_code (*findings)(void*, void (*reply)(void* taker, qonduit_str note), void* taker, qonduit_error*);
} qonduit_adapter_api;

/* A named sink or adapter. Exactly one of the two tables is set. */
typedef struct qonduit_component {
  uint32_t struct_size, flags;
  qonduit_str name; /* what configurations say: csv, table ... lower case letters, digits, '-' */
  qonduit_str
      describe_json; /* {"summary": text, "options": [{name, type, values?, default?, required?, secret?, prefix?, help}]}: docs/abi.md */
  const qonduit_sink_api* QONDUIT_NULLABLE sink;
  const qonduit_adapter_api* QONDUIT_NULLABLE adapter;
  /* Optional (null). The table of this name, which lives as long as the process; null: the component has none. */
  const void* QONDUIT_NULLABLE (*extension)(qonduit_str name);
} qonduit_component;

typedef struct qonduit_plugin {
  uint32_t struct_size, flags;
  uint32_t host_size; /* the smallest qonduit_host this plugin works with: QONDUIT_SIZE_UP_TO the last member it cannot do without */
  uint32_t minor;     /* QONDUIT_ABI_MINOR it was compiled with */
  qonduit_str name, version;
  size_t component_count;
  const qonduit_component* const* components;
} qonduit_plugin;

/* The one function a plugin defines and exports, under the name QONDUIT_PLUGIN_SYMBOL says. Called when the plugin is loaded, with a
   context that lives as long as the process; null: it cannot be used, and it may have logged why. It looks at host->struct_size before it
   uses the host. A plugin that two hosts of one process load is called by both, and works for both. */
typedef const qonduit_plugin* (*qonduit_plugin_function)(const qonduit_context*);

/* In front of the body of that function, whose parameter is called context: QONDUIT_PLUGIN_ENTRY { ... } */
#ifdef __cplusplus
#define QONDUIT_PLUGIN_ENTRY                                                                 \
  extern "C" QONDUIT_EXPORT const qonduit_plugin* qonduit_plugin_v0(const qonduit_context*); \
  extern "C" const qonduit_plugin* qonduit_plugin_v0(const qonduit_context* context)
#else
#define QONDUIT_PLUGIN_ENTRY                                                      \
  QONDUIT_EXPORT const qonduit_plugin* qonduit_plugin_v0(const qonduit_context*); \
  const qonduit_plugin* qonduit_plugin_v0(const qonduit_context* context)
#endif

#ifdef __cplusplus
}
#endif

#endif
