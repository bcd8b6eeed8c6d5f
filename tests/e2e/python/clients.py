"""Python clients of Qlik engines that no one here wrote, against the simulator. Usage: clients.py SIMULATOR CERTIFICATES
Prints a line for each thing tried; exits 1 when one of them is not as it is with an engine.

Not tried: what writes to stored objects (qsea's and qe-api-client's copies, new sheets and master items: the simulator stores no apps), reload
tasks of qlik-sense-mcp-server (the simulator's repository has apps alone), its login by a form (the proxy mode has none), and its MCP transport,
which is no matter of an engine's."""
import contextlib
import io
import json
import os
import pathlib
import ssl
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.request
import zipfile

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


@contextlib.contextmanager
def tried(what):
    """What a client raises is a failure of its part alone."""
    try:
        yield
    except Exception:
        holds(what, False, traceback.format_exc(limit=-3))


def holds(what, condition, seen=None):
    global failures
    print(f"{'ok' if condition else 'not ok'} - {what}" + ("" if condition else f": {seen!r}"))
    failures += 0 if condition else 1


def qe_api_client(port):
    from qe_api_client.engine import QixEngine

    engine = QixEngine(f"ws://localhost:{port}/app")
    app = engine.get_handle(engine.ega.open_doc("gallery"))
    holds("qe-api-client opens an app of a Desktop", isinstance(app, int), app)
    holds("qe-api-client lists apps", len(engine.get_apps()) == 1, engine.get_apps())
    for name in ("get_app_dimensions", "get_app_measures", "get_app_sheets", "get_app_variables", "get_app_fields", "get_app_lineage"):
        with tried(f"qe-api-client: {name}"):
            table = getattr(engine, name)(app)
            holds(f"qe-api-client: {name} has rows", table is not None and len(table) > 0, table)
    table = engine.get_chart_data(app, "g-table")
    holds("qe-api-client reads a table by its own first pages", table is not None and len(table) == 12, table)
    table = engine.get_constructed_table_data(app, ["City"], ["Sum(Amount)"])
    holds("qe-api-client reads a cube of its own", len(table) == 7, table)


def qsea(port):
    import qsea

    connection = qsea.Connection({"X-User": "sa_api"}, f"wss://localhost:{port}/app/")
    holds("qsea lists the apps behind a proxy", "Gallery" in connection.df.to_string(), connection.df)
    app = qsea.App(connection, "Gallery")
    app.load()
    for name, least in (("variables", 3), ("measures", 2), ("dimensions", 2), ("sheets", 7), ("fields", 12), ("bookmarks", 2)):
        table = getattr(app, name).df
        holds(f"qsea: {name} are listed", len(table) >= least, table)
    found = [o for sheet in app.sheets for o in sheet.objects if o.id == "g-bar"]
    holds("qsea finds the objects of sheets", len(found) == 1, found)
    data = found[0].get_data()
    holds("qsea reads the data of an object", len(data) > 0, data)
    url = found[0].export_data("xlsx")
    request = urllib.request.Request(f"https://localhost:{port}{url}", headers={"X-User": "sa_api"})
    with urllib.request.urlopen(request, context=ssl._create_unverified_context()) as reply:
        parts = zipfile.ZipFile(io.BytesIO(reply.read())).namelist()
    holds("qsea exports a workbook", "xl/worksheets/sheet1.xml" in parts, parts)
    holds("qsea saves", app.save(), False)
    connection.close()


def answer(of):
    return json.loads(of)


# The tools as their server calls them.
def qlik_sense_mcp(where, **environment):
    for name in [name for name in os.environ if name.startswith("QLIK_")]:
        del os.environ[name]
    os.environ.update(environment, LOG_LEVEL="ERROR")
    from qlik_sense_mcp_server import server as mcp
    from qlik_sense_mcp_server.tools import context

    if context.engine_api is not None:
        context.engine_api.disconnect()
    context._init_clients()

    def tool(name, *given, **named):
        made = answer(getattr(mcp, name)("gallery", *given, **named))
        # It answers with what went wrong where an exception would end its server.
        wrong = [part for part in (made, *made.get("results", [])) if "error" in part]
        holds(f"qlik-sense-mcp-server, {where}: {name}{given or named or ''}", not wrong, wrong)
        return made

    def rows(made):
        return {row[0]: row[1:] for row in made["results"][0]["rows"]}

    apps = answer(mcp.get_apps(published="both", name="gall"))
    holds(f"qlik-sense-mcp-server, {where}: get_apps", [app["guid"] for app in apps.get("apps", [])] == ["gallery"], apps)
    about = answer(mcp.get_about())
    holds(f"qlik-sense-mcp-server, {where}: get_about", "buildVersion" in about, about)

    details = tool("get_app_details")
    holds("the links between the tables are found", len(details.get("links", [])) == 2, details.get("links"))
    holds("the days are known as dates",
          any(field.get("type") == "date" for table in details.get("tables", []) for field in table["fields"] if field["name"] == "Day"),
          details.get("tables"))
    holds("groups of levels are listed", len(details.get("dimensions", [])) == 2, details.get("dimensions"))
    script = tool("get_app_script")
    holds("the script is whole", script.get("script_length") == 94, script)
    holds("variables are listed", tool("get_app_variables").get("count") == 3)

    statistics = tool("get_app_field_statistics", "City", full=True)
    holds("nulls are counted", statistics.get("null_count", {}).get("numeric") == 1, statistics)
    statistics = tool("get_app_field_statistics", "Amount", full=True)
    holds("a median is computed", statistics.get("median_value", {}).get("numeric") == 110.225, statistics)
    span = tool("engine_get_field_range", "Day")
    holds("the bounds of dates are written as the app writes dates", span.get("max_value", {}).get("text") == "11.01.2024", span)
    values = tool("get_app_field", "City", search_string="*o*")
    holds("values are found by a pattern", sorted(values.get("field_values", [])) == ["Göteborg", "Napoli", "Oslo", "Roma"], values)
    found = tool("search_app", "göt")
    holds("a search finds the field", [match["field"] for match in found.get("matches", [])] == ["City"], found)

    sheets = tool("get_app_sheets").get("sheets", [])
    holds("all sheets are listed", len(sheets) == 7, sheets)
    objects = 0
    for sheet in sheets:
        for entry in tool("get_app_sheet_objects", sheet["sheet_id"]).get("objects", []):
            tool("get_app_object", entry.get("object_id") or entry.get("id"))
            objects += 1
    holds("objects are found on them", objects > 40, objects)

    by_city = rows(tool("engine_query", group_by=["City"], metrics=[{"field": "Amount", "agg": "sum"}, {"field": "Order", "agg": "count_distinct"}]))
    holds("sums by a field", by_city.get("Roma") == [320.75, 2] and by_city.get("-") == [199.9, 1], by_city)
    january = tool("engine_query", metrics=[{"field": "Amount", "agg": "sum"}], filters=[{"field": "Day", "from": "2024-01-08", "to": "2024-01-09"}])
    holds("a period narrows a sum", january["results"][0].get("rows") == [[325.75]], january)
    north = rows(tool("engine_query", group_by=["Region"], measures=[{"master": "Sales"}], scope={"bookmark": "North"}))
    holds("a bookmark is the scope of a master measure", north.get("North") == [370.5], north)
    cube = tool("engine_create_hypercube", dimensions=[{"field": "City"}], measures=[{"expression": "Sum(Amount)", "label": "S"}], sort_by="S")
    holds("a cube by expressions is sorted", (cube.get("rows") or [None])[0] == ["Roma", 320.75], cube)
    for expression, why in (("Sum(Amuont)", "field_not_found"), ("Sum(Amount", "invalid_expression")):
        refused = answer(mcp.engine_create_hypercube("gallery", measures=[{"expression": expression, "label": "S"}]))
        holds(f"{expression} is refused as {why}", refused.get("error_category") == why, refused)
    context.engine_api.disconnect()


# A token for a virtual proxy, and the file with the key that proves it.
def token(folder):
    import jwt
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = pathlib.Path(folder) / "jwt.pem"
    public.write_bytes(key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    return jwt.encode({"userId": "svc", "userDirectory": "CORP"}, key, algorithm="RS256"), public


with tried("qe-api-client"), serving("--desktop") as port:
    qe_api_client(port)
with tried("qsea"), serving("--certs", str(certificates), "--proxy", "--proxy-header", "X-User") as port:
    qsea(port)
with tried("qlik-sense-mcp-server by certificate"), serving("--certs", str(certificates)) as port:
    qlik_sense_mcp("by certificate", QLIK_SERVER_URL="https://localhost", QLIK_USER_DIRECTORY="CORP", QLIK_USER_ID="svc",
                   QLIK_CLIENT_CERT_PATH=str(certificates / "client.pem"), QLIK_CLIENT_KEY_PATH=str(certificates / "client_key.pem"),
                   QLIK_CA_CERT_PATH=str(certificates / "root.pem"), QLIK_ENGINE_PORT=str(port), QLIK_REPOSITORY_PORT=str(port))
with tried("qlik-sense-mcp-server by token"), tempfile.TemporaryDirectory() as folder:
    bearer, public = token(folder)
    with serving("--certs", str(certificates), "--proxy", "--proxy-jwt-key", str(public), "--proxy-prefix", "jwt", "--proxy-csrf") as port:
        qlik_sense_mcp("by token", QLIK_SERVER_URL=f"https://localhost:{port}/jwt", QLIK_JWT_TOKEN=bearer)
sys.exit(1 if failures else 0)
