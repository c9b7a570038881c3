"""Clicks the unsubscribe page in Chromium by way of WebDriver (W3C), with the standard library alone.

Links are made here, with the secret of the step, in the form of token/LinkTokens.java: a second implementation of it.
one-click.py PAGE WEBDRIVER DIRECTORY COMMAND   COMMAND prints the suppressed addresses
"""
import base64, hashlib, hmac, json, os, shlex, struct, subprocess, sys, tempfile, time, urllib.error, urllib.request

page, driver, directory, command = sys.argv[1:5]
SECRET = b"the secret of the one-click step"


def link(address, seconds, purpose=0):
    mac_key = hmac.digest(SECRET, b"link-token mac", "sha256")
    cipher_key = hmac.digest(SECRET, b"link-token cipher", "sha256")[:16]
    scope, name = b"stream:news", b"default"
    plain = struct.pack(">bqHH", purpose, int(time.time()) + seconds, len(name), len(scope)) + name + scope + address.encode()
    mac = hmac.digest(mac_key, plain, "sha256")[:16]
    hidden = subprocess.run(["openssl", "enc", "-aes-128-ctr", "-K", cipher_key.hex(), "-iv", mac.hex()],
                            input=plain, capture_output=True, check=True).stdout
    return page + "?t=" + base64.urlsafe_b64encode(b"\x01" + mac + hidden).decode().rstrip("=")


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(driver + path, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["value"]


def plain(method, url, body=None):
    """Status and text as any program gets them."""
    request = urllib.request.Request(url, body, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode(), e.headers


def suppressed():
    return subprocess.run(shlex.split(command), capture_output=True, text=True, check=True, timeout=60).stdout.split()


def claim(what, true):
    print(("ok      " if true else "FAILED  ") + what, flush=True)
    if not true:
        sys.exit(1)


ann = link("ann@example.net", 3600)
for method in ("GET", "HEAD", "GET"):
    status, _, headers = plain(method, ann)
    claim(f"{method} of a scanner: {status}", status == 200 and headers["Cache-Control"] == "no-store")
claim("PUT is refused", plain("PUT", ann, b"x")[0] == 405)
claim("nobody is suppressed by looking", suppressed() == [])

flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--user-data-dir=" + tempfile.mkdtemp(dir=directory),
         "--accept-lang=de", "--window-size=800,600"]
session = call("POST", "/session", {"capabilities": {"alwaysMatch": {
    "browserName": "chrome", "goog:chromeOptions": {"args": flags}}}})["sessionId"]
try:
    s = "/session/" + session

    def text():
        return call("POST", s + "/execute/sync", {"script": "return document.body.innerText", "args": []})

    call("POST", s + "/url", {"url": ann})
    claim("the page is in the browser's language", "Möchten Sie" in text())
    styled = call("POST", s + "/execute/sync", {"script": "return getComputedStyle(document.querySelector('main')).maxWidth", "args": []})
    claim("the policy lets the page's own style through", styled != "none")
    with open(os.path.join(directory, "unsubscribe.png"), "wb") as f:
        f.write(base64.b64decode(call("GET", s + "/screenshot")))
    claim("nobody is suppressed by opening the page", suppressed() == [])
    button = list(call("POST", s + "/element", {"using": "css selector", "value": "#unsubscribe"}).values())[0]
    call("POST", s + f"/element/{button}/click", {})
    for _ in range(100):
        if "abgemeldet" in text():
            break
        time.sleep(0.1)
    claim("the page says that it is done", "abgemeldet" in text())
    claim("the click suppresses whom the link names, and nobody else", suppressed() == ["ann@example.net"])

    forged = ann[:-3] + ("AAA" if not ann.endswith("AAA") else "BBB")
    call("POST", s + "/url", {"url": forged})
    claim("a forged link has no button", "button" not in call("GET", s + "/source") .split("</style>")[-1])
finally:
    call("DELETE", "/session/" + session)

click = b"List-Unsubscribe=One-Click"
form = lambda url: plain("POST", url, click)[0]
claim("a forged one-click is refused: 403", form(forged) == 403)
claim("an old one is told so: 410", form(link("bob@example.net", -1)) == 410)
claim("a link of another purpose is refused: 403", form(link("bob@example.net", 3600, purpose=1)) == 403)
claim("a POST without the field of RFC 8058 is refused: 400", plain("POST", link("bob@example.net", 3600), b"x=y")[0] == 400)
claim("nobody else is suppressed", suppressed() == ["ann@example.net"])
claim("a mail provider's one click: 200", form(link("carl@example.net", 3600)) == 200)
claim("suppresses", suppressed() == ["ann@example.net", "carl@example.net"])
