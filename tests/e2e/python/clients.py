"""Python clients of Qlik engines that no one here wrote, against the simulator. Usage: clients.py SIMULATOR CERTIFICATES
Prints a line for each thing tried; exits 1 when one of them is not as it is with an engine."""
import contextlib
import pathlib
import subprocess
import sys
import tempfile
import time

simulator, certificates = sys.argv[1], pathlib.Path(sys.argv[2])
failures = 0


@contextlib.contextmanager
def serving(*options):
    with tempfile.TemporaryDirectory() as folder:
        port_file = pathlib.Path(folder) / "port"
        process = subprocess.Popen(
            [simulator, "--gallery", "--port", "0", "--port-file", str(port_file), *options], stdout=subprocess.DEVNULL)
        try:
            while not port_file.exists():
                if process.poll() is not None:
                    raise RuntimeError("the simulator ended")
                time.sleep(0.01)  # until it listens
            yield int(port_file.read_text())
        finally:
            process.terminate()
            process.wait()


def holds(what, condition, seen=None):
    global failures
    print(f"{'ok' if condition else 'not ok'} - {what}" + ("" if condition else f": {seen!r}"))
    failures += 0 if condition else 1


def qe_api_client(port):
    from qe_api_client.engine import QixEngine

    engine = QixEngine(f"ws://localhost:{port}/app")
    app = engine.get_handle(engine.ega.open_doc("gallery"))
    holds("qe-api-client opens an app of a Desktop", isinstance(app, int), app)
    for name in ("get_app_dimensions", "get_app_measures", "get_app_sheets", "get_app_variables", "get_app_fields"):
        table = getattr(engine, name, lambda _: None)(app)
        holds(f"qe-api-client: {name} has rows", table is not None and len(table) > 0, table)


def qsea(port):
    import qsea

    connection = qsea.Connection({"X-User": "sa_api"}, f"wss://localhost:{port}/app/")
    holds("qsea lists the apps behind a proxy", "Gallery" in connection.df.to_string(), connection.df)
    connection.close()


with serving("--desktop") as port:
    qe_api_client(port)
with serving("--certs", str(certificates), "--proxy", "--proxy-header", "X-User") as port:
    qsea(port)
sys.exit(1 if failures else 0)
