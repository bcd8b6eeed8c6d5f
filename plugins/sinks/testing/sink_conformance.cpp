// The conformance suite of sinks, compiled once for all of them.
#include <qonduit/testing/sink_conformance.hpp>
