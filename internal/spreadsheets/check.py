"""Compares what spreadsheets read from the program's files with its JSON."""

import csv
import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import zipfile

import openpyxl

# Ids as they come, and such as a spreadsheet would turn into a number; names that try to
# be formulas, links and markup.
BLOGGERS = {
    "659902c1000000002200361b": "团子有点咸",
    "659902100000000220036100": '=HYPERLINK("http://example.invalid","x")',
    "659902e10000000022003610": "+1+1",
    "000000000000000000000001": "-1+1",
    "5a3e1e000000000000000002": "@SUM(A1)",
    "5a3e1e000000000000000003": "＝1+1",
    "5a3e1e000000000000000004": "_x003D_1+1",
    "5a3e1e000000000000000005": "</t><f>1+1</f>",
    "5a3e1e000000000000000006": "😀👩‍👩‍👧 a, \"b\"; 'c'",
    "5a3e1e000000000000000007": "12345678901234567890",
    "5a3e1e000000000000000008": "1e5",
}
MISSING = "5a3e1e0000000000000000e1"


class Upstream(http.server.BaseHTTPRequestHandler):
    """Answers profiles as Just One API does."""

    def do_GET(self):
        user = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["userId"][0]
        answer = {"code": 201, "message": "none"}
        if user in BLOGGERS:
            answer = {"code": 0, "data": {
                "userId": user, "name": BLOGGERS[user], "fansNum": 1103684, "clickMidNum": 64478, "mEngagementNum": 746,
                "videoState": 1, "videoPrice": 18000.5, "pictureState": 1, "picturePrice": 13000, "noteSign": {"name": BLOGGERS[user]},
                "contentTags": [{"taxonomy1Tag": "母婴", "taxonomy2Tags": []}, {"taxonomy1Tag": "家居", "taxonomy2Tags": []}],
            }}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


failed = 0


def check(what, ok, detail=""):
    global failed
    print(f"{'ok' if ok else 'FAIL'} {what}{'' if ok else ': ' + str(detail)}")
    failed += not ok


def equal(what, got, want):
    check(what, got == want, f"got {got!r}, want {want!r}")


def has_formula(path):
    with zipfile.ZipFile(path) as z:
        return any(re.search(rb"<f[ >]", z.read(n)) for n in z.namelist() if n.startswith("xl/worksheets/"))


def sheet_rows(path, sheet):
    return list(openpyxl.load_workbook(path)[sheet].iter_rows())


def column(rows, header):
    return [c.value for c in rows[0]].index(header)


def unguarded(text):
    return text[1:] if text.startswith("'") else text


def convert(folder, path, to):
    """Saves a file anew with LibreOffice, in a folder of its own."""
    out = os.path.join(folder, "saved-" + to.split(":")[0])
    profile = "-env:UserInstallation=file://" + os.path.join(folder, "profile")
    subprocess.run(["soffice", profile, "--headless", "--convert-to", to, "--outdir", out, path], check=True, capture_output=True, timeout=120)
    return out


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        def compare(name, *flags):
            path = os.path.join(folder, name)
            command = [sys.argv[1], "compare", "-upstream", f"http://127.0.0.1:{server.server_port}", "-rate", "1000", "-cache-dir", os.path.join(folder, "cache"), *flags, "-o", path, *BLOGGERS, MISSING]
            env = {"JUSTONEAPI_TOKEN": "a-token-for-this-check", "PATH": os.environ["PATH"]}
            status = subprocess.run(command, env=env, capture_output=True, timeout=60).returncode
            equal(f"the status of -o {name}, with a row that failed", status, 1)
            return path
        check_files(folder, compare)
    server.shutdown()
    sys.exit(failed > 0)


def check_files(folder, compare):
    with open(compare("list.json")) as f:
        rows = json.load(f)["rows"]
    equal("the rows of the JSON", len(rows), len(BLOGGERS) + 1)
    with open(compare("list.csv"), newline="", encoding="utf-8-sig") as f:
        names, *records = csv.reader(f)
    for row, record in zip(rows, records):
        cells = {n: unguarded(c) for n, c in zip(names, record) if c}
        equal(f"the csv of {row['userId']}", cells, {n: "; ".join(v) if isinstance(v, list) else str(v) for n, v in row.items()})

    book = compare("list.xlsx")
    check("the workbook has no formula", not has_formula(book))
    check_workbook("openpyxl", book, names, rows)
    about = "\n".join(r[0].value for r in sheet_rows(book, "About"))
    check("the second sheet says what failed", MISSING in about and "Failed: not_found" in about, about)
    chinese = openpyxl.load_workbook(compare("zh.xlsx", "-lang", "zh"))
    equal("the Chinese sheets", chinese.sheetnames, ["博主", "说明"])
    equal("a Chinese header", chinese["博主"]["L1"].value, "报价状态")
    equal("a Chinese status", chinese["博主"]["L2"].value, "可接单")
    equal("the columns to fill in", [c.value for c in chinese["博主"][1]][-2:], ["返点", "备注"])

    saved = os.path.join(convert(folder, book, "xlsx:Calc MS Excel 2007 XML"), "list.xlsx")
    check("the workbook that LibreOffice saved has no formula", not has_formula(saved))
    check_workbook("LibreOffice", saved, names, rows)
    with open(os.path.join(convert(folder, book, "csv:Text - txt - csv (StarCalc):44,34,76"), "list.csv"), newline="", encoding="utf-8") as f:
        _, *records = csv.reader(f)
    for row, record in zip(rows, records):
        equal(f"id and name of {row['userId']} in the csv that LibreOffice saved", (record[2], record[1]), (row["userId"], row.get("name", "")))

    opened = os.path.join(convert(folder, os.path.join(folder, "list.csv"), "ods"), "list.ods")
    with zipfile.ZipFile(opened) as z:
        content = z.read("content.xml").decode()
    check("LibreOffice finds no formula in the csv", "table:formula" not in content)
    for row in rows:
        check(f"LibreOffice reads the id {row['userId']} of the csv as text", row["userId"] in content)


def check_workbook(reader, path, names, rows):
    book = openpyxl.load_workbook(path)
    equal(f"{reader}: the sheets", book.sheetnames, ["Bloggers", "About"])
    sheet = book["Bloggers"]
    if reader == "openpyxl":  # LibreOffice without a screen saves no view
        equal("the frozen rows", sheet.freeze_panes, "A2")
    for row, cells in zip(rows, sheet.iter_rows(min_row=2)):
        found = {}
        for name, cell in zip(names, cells):
            if cell.value is None:
                continue
            found[name] = cell.value
            kind, number_format = ("s", "@") if isinstance(cell.value, str) else ("n", None)
            if cell.data_type != kind or number_format and cell.number_format != number_format or kind == "n" and cell.number_format == "General":
                check(f"{reader}: {name} of {row['userId']}", False, f"it is {cell.value!r} of type {cell.data_type} in the format {cell.number_format}")
        want = {n: "; ".join(v) if isinstance(v, list) else v for n, v in row.items()}
        if "error" in row:
            want["status"] = "failed"
        equal(f"{reader}: the row of {row['userId']}", found, want)
        link = cells[1].hyperlink
        equal(f"{reader}: the link of {row['userId']}", link and link.target, row.get("profileUrl"))


main()
