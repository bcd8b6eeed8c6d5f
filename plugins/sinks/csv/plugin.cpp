#include <qonduit/plugin.hpp>

#include "csv_sink.hpp"

QONDUIT_PLUGIN("csv", "0.1.0",
               qonduit::sink<qonduit::csv::CsvSink, qonduit::csv::kOptions>("csv",
                                                                            "CSV files (RFC 4180), each published whole, with a manifest."))
