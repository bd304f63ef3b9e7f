"""Gateways of messages for tests, which play what they are told to: `/vinaphone` (JSON),
`/viettel` (SOAP) and `/zalo` (ZNS) with `/oauth`, with nothing but the standard library.

gateways.py PASSWORD

It says where it is, and one line of JSON for every message. On standard input, lines with how the
next messages are answered, "ok" afterwards: `plan ["slow", "code:12", …]`.

slow        taken, after two seconds
silent      nothing is said, and the line stays open; `held`: it is taken before
drop        the line is cut; `lost`: it is taken before
twice       taken, and the answer comes twice
status:503  another status
code:12     VinaPhone's ERROR, Zalo's error; at Viettel what `message` says, with result 0
body:…      these words instead of an answer

Zalo's tokens begin with the refresh token `first`; each is good once, and an access token until the
next. `oauth [STEP, …]` plans renewals: `slow`, `lost`, `error`; `life SECONDS` says how long access
tokens are good, `forget` makes the present one none.

`/talk` takes messages of a conversation (tin tư vấn), planned by `talk ["later", …]`: `later`, `never`.
`/picture/NAME` is a picture that a person sent: `jpeg…`, `png…`; `text` is none, `huge` is 3 MiB, `busy`
is not to be had twice, all else is gone.

`event {"url": …, "secret": …, "event": {…}}` tells what Zalo tells by itself, signed with that secret.
"""

import hashlib
import json
import sys
import threading
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as xml
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

plan = []
talks = []
busy = {"left": 2}
messages = {"count": 0}
renewals = []
taken = set()
tokens = {"count": 0, "refresh": "first", "access": None, "life": 90000}
turn = threading.Lock()


def say(line):
    with turn:
        print(json.dumps(line), flush=True)


def vinaphone(body, password, _):
    """One message by JSON: what is asked, by what it is known, and the error in advance."""
    asked = json.loads(body)["RQST"]
    right = asked["APIPASS"] == password and asked["name"] == "send_sms_list"
    asked |= {"right": right}
    asked.pop("APIPASS")
    error = None if right else "1"
    return asked, asked["REQID"], error, "3"


def vinaphone_says(code):
    text = "success" if code == "0" else f"error {code}"
    reply = {"RPLY": {"name": "send_sms_list", "ERROR": code, "ERROR_DESC": text}}
    return "application/json", json.dumps(reply)


def viettel(body, password, _):
    """One message by SOAP."""
    operation = xml.fromstring(body).find(
        "{http://schemas.xmlsoap.org/soap/envelope/}Body/{http://impl.bulkSms.ws/}wsCpMt"
    )
    asked = {field.tag: field.text or "" for field in operation}
    right = asked.pop("Password") == password
    asked |= {"right": right, "order": [field.tag for field in operation]}
    error = None if right else "Authenticate: WRONG_INFORMATION_AUTHENTICATE"
    if not asked["RequestID"].isdigit():
        error = "Check RequestID: REQUEST_ID_NOT_NUMBER"
    known = (asked["ReceiverID"], asked["Content"])
    return asked, known, error, "Check ServiceID: DUPLICATE MESSAGE"


def viettel_says(message):
    result = "1" if message == "0" else "0"
    message = "Insert MT_QUEUE: OK" if message == "0" else message
    return "text/xml", (
        '<?xml version="1.0" ?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">'
        '<S:Body><ns2:wsCpMtResponse xmlns:ns2="http://impl.bulkSms.ws/"><return>'
        f"<message>{message}</message><result>{result}</result>"
        "</return></ns2:wsCpMtResponse></S:Body></S:Envelope>"
    )


def zalo(body, _, headers):
    """One message by ZNS."""
    asked = json.loads(body)
    with turn:
        right = headers["access_token"] is not None and headers["access_token"] == tokens["access"]
    asked |= {"right": right}
    # The same twice is two messages there.
    return asked, asked["tracking_id"], None if right else "-124", "0"


def zalo_says(code):
    if code == "0":
        messages["count"] += 1
    data = {"msg_id": f"z{messages['count']}", "sent_time": "1764316800000"} if code == "0" else None
    reply = {"error": int(code), "message": "Success" if code == "0" else "said so", "data": data}
    return "application/json", json.dumps(reply)


PICTURES = {
    "jpe": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(2000) + b"\xff\xd9",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(2000),
    "tex": "không phải ảnh".encode(),
}
GATEWAYS = {
    "/vinaphone": (vinaphone, vinaphone_says),
    "/viettel": (viettel, viettel_says),
    "/zalo": (zalo, zalo_says),
}


class Desk(BaseHTTPRequestHandler):
    """What is done with messages."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/oauth":
            return self.renew({key: value[0] for key, value in parse_qs(body.decode()).items()})
        if self.path == "/talk":
            return self.talk(json.loads(body))
        read, says = GATEWAYS[self.path]
        with turn:
            step = plan.pop(0) if plan else "ok"
        asked, known, error, repeated = read(body, self.server.password, self.headers)
        again = known in taken
        say(
            {
                "asked": asked,
                "gateway": self.path[1:],
                "type": self.headers["content-type"],
                "answer": step,
                "again": again,
            }
        )
        word, _, rest = step.partition(":")
        if error is None and word in ("ok", "slow", "twice", "lost", "held"):
            taken.add(known)
        if word == "slow":
            time.sleep(2)
        if word in ("silent", "held"):
            time.sleep(60)
        if word in ("silent", "held", "drop", "lost"):
            self.close_connection = True
            return self.connection.shutdown(2)
        if word == "status":
            return self.answer(int(rest), "text/html", "<html>said so</html>")
        if word == "body":
            return self.answer(200, "text/html", rest)
        code = rest if word == "code" else error or (repeated if again else "0")
        for _ in range(2 if word == "twice" else 1):
            self.answer(200, *says(code))
        return None

    def talk(self, asked):
        with turn:
            step = talks.pop(0) if talks else "ok"
            right = self.headers["access_token"] == tokens["access"] is not None
        code = 0 if step == "ok" else -230 if step == "never" else -32
        code = code if right else -216
        user, text = asked["recipient"]["user_id"], asked["message"]["text"]
        say({"talk": text, "user": user, "right": right, "answer": step})
        reply = {"error": code, "message": "Success" if code == 0 else "said so"}
        return self.answer(200, "application/json", json.dumps(reply))

    def do_GET(self):
        name = self.path.removeprefix("/picture/")
        content, status = PICTURES.get(name[:3]), 200
        if name == "busy":
            with turn:
                busy["left"] -= 1
                status = 503 if busy["left"] >= 0 else 200
            content = PICTURES["jpe"]
        if name == "huge":
            content = PICTURES["jpe"] + b" " * (3 << 20)
        if content is None:
            status, content = 404, b"gone"
        say({"fetched": name, "status": status})
        self.send_response(status)
        self.send_header("content-type", "image/jpeg")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def renew(self, asked):
        with turn:
            step = renewals.pop(0) if renewals else "ok"
            known = self.headers["secret_key"] == self.server.password and asked["app_id"] == "4412"
            right = known and asked["refresh_token"] == tokens["refresh"] and step != "error"
            if right:
                tokens["count"] += 1
                tokens["access"] = f"access-{tokens['count']}"
                tokens["refresh"] = f"refresh-{tokens['count']}"
            reply = (
                {
                    "access_token": tokens["access"],
                    "refresh_token": tokens["refresh"],
                    "expires_in": str(tokens["life"]),
                }
                if right
                else {"error": -14014, "error_name": "Invalid refresh token", "error_reason": "used"}
            )
        say({"renewed": asked["refresh_token"], "right": right, "grant": asked["grant_type"]})
        if step == "slow":
            time.sleep(1)
        if step == "lost":
            self.close_connection = True
            return self.connection.shutdown(2)
        return self.answer(200, "application/json", json.dumps(reply))

    def answer(self, status, kind, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def tell(told):
    """An event, as Zalo signs it."""
    body = json.dumps(told["event"])
    signed = f"{told['event']['app_id']}{body}{told['event']['timestamp']}{told['secret']}"
    mac = hashlib.sha256(signed.encode()).hexdigest()
    headers = {"content-type": "application/json", "X-ZEvent-Signature": f"mac={mac}"}
    request = urllib.request.Request(told["url"], body.encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            say({"answered": answer.status})
    except urllib.error.HTTPError as error:
        say({"answered": error.code})


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.daemon_threads = True
    server.password = sys.argv[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say({"ready": server.server_address[1]})
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "event":
            tell(json.loads(rest))
        with turn:
            if word == "plan":
                plan[:] = json.loads(rest)
            if word == "talk":
                talks[:] = json.loads(rest)
            if word == "oauth":
                renewals[:] = json.loads(rest)
            if word == "life":
                tokens["life"] = int(rest)
            if word == "forget":
                tokens["access"] = None


main()
