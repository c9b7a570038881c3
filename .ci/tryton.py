#!/usr/bin/env python3
"""Fills, reads and watches a Tryton server over its JSON-RPC: fill PORT N | dump PORT | proxy PORT TO FILE | judge BEFORE AFTER WRITES."""
import base64, collections, http.server, json, re, sys, urllib.request

PASSWORD = "secret-of-admin"


class Server:
    def __init__(self, port):
        self.url, self.auth = "http://127.0.0.1:%s/crm/" % port, None
        user, session = self.call("common.db.login", "admin", {"password": PASSWORD}, "en")[:2]
        self.auth = "Session " + base64.b64encode(("admin:%s:%s" % (user, session)).encode()).decode()

    def call(self, method, *params):
        request = urllib.request.Request(self.url, json.dumps({"id": 1, "method": method, "params": params}).encode(),
                                         {"Content-Type": "application/json", **({"Authorization": self.auth} if self.auth else {})})
        answer = json.load(urllib.request.urlopen(request, timeout=60))
        if answer.get("error"):
            raise SystemExit("FAILED: %s: %s" % (method, answer["error"]))
        return answer["result"]


def fill(port, count):
    """Each contact has an address that bounces or not, a second address, and a telephone number; some have a comment."""
    server = Server(port)
    for start in range(1, count + 1, 100):
        server.call("model.party.party.create", [{
            "name": "Contact %d" % i, "lang": None,
            "contact_mechanisms": [["create", [
                {"type": "email", "value": "user_%d@example.com" % i, **({"comment": "met in Oslo"} if i % 7 == 0 else {})},
                # Differs from another contact's address in what SQL takes for a wildcard.
                {"type": "email", "value": "userx%d@example.com" % i},
                {"type": "phone", "value": "+47 22 %06d" % i}]]]} for i in range(start, min(start + 100, count + 1))], {})
    print("%d contacts with %d contact mechanisms" % (count, 3 * count))


def dump(port):
    server = Server(port)
    rows = server.call("model.party.contact_mechanism.search_read", [["active", "in", [True, False]]], 0, None, [["id", "ASC"]],
                       ["type", "value", "comment", "active", "party"], {})
    for r in rows:
        print(json.dumps({k: r[k] for k in ("id", "type", "value", "comment", "active", "party")}, sort_keys=True))


def proxy(port, to, file):
    log = open(file, "a", buffering=1)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            request = urllib.request.Request("http://127.0.0.1:%s%s" % (to, self.path), body,
                                             {k: v for k, v in self.headers.items() if k.lower() in ("content-type", "authorization")})
            call = json.loads(body)
            try:
                with urllib.request.urlopen(request, timeout=60) as r:
                    status, answer = r.status, r.read()
            except urllib.error.HTTPError as e:
                status, answer = e.code, e.read()
            if call["method"] == "model.party.contact_mechanism.write" and status == 200 and not json.loads(answer).get("error"):
                for i in call["params"][0]:
                    log.write("%d\n" % i)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            try:
                self.wfile.write(answer)
            except OSError:
                pass  # the connector was killed while it waited

        def log_message(self, *_):
            pass

    http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()


def judge(before, after, writes):
    old = {r["id"]: r for r in map(json.loads, open(before))}
    new = {r["id"]: r for r in map(json.loads, open(after))}
    changed = {i for i in old if old[i] != new.get(i)}
    due = {i for i, r in old.items() if r["type"] == "email" and (m := re.fullmatch(r"user_(\d+)@example\.com", r["value"])) and int(m[1]) % 5 == 0}
    wrong = []
    for i in due & changed:
        a, b = old[i], new[i]
        if not b["comment"].startswith("no mail: ") or not b["comment"].endswith(a["comment"] or "") or {**a, "comment": 0} != {**b, "comment": 0}:
            wrong.append((a, b))
    times = collections.Counter(int(line) for line in open(writes))
    print("due %d, changed %d, missed %d, others changed %d, changed wrongly %d, new or gone %d; written once %d, twice %d, more often %d"
          % (len(due), len(changed), len(due - changed), len(changed - due), len(wrong), len(old.keys() ^ new.keys()),
             sum(n == 1 for n in times.values()), sum(n == 2 for n in times.values()), sum(n > 2 for n in times.values())))
    if len(due) != 200 or changed != due or wrong or old.keys() != new.keys() or max(times.values()) > 2:
        print(*wrong[:3], sep="\n")
        raise SystemExit("FAILED: the contacts are not as they should be")


dict(fill=lambda p, n: fill(p, int(n)), dump=dump, proxy=proxy, judge=judge)[sys.argv[1]](*sys.argv[2:])
