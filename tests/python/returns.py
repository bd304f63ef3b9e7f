"""A mailbox where letters come back, for tests: Debian's Dovecot over IMAP, with a folder of its own.

returns.py --dir DIR --user U --password P [--cert FILE --key FILE]

It says where it is. On standard input, a line of JSON for what comes into the mailbox, and `count`:

{"report": ADDRESS, "action": "failed", "status": "5.1.1"}   a report to this address (RFC 3464)
{"letter": ADDRESS, "text": "…"}                             an answer of somebody
{"raw": TEXT}                                                whatever that is
count                                                        how many letters lie where
"""

import argparse
import ctypes
import getpass
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

SETTINGS = """
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{dir}/mail
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {secure}
  }}
}}
service stats {{
  chroot =
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {dir}/people
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={dir}/home
}}
"""


def say(line):
    print(json.dumps(line), flush=True)


def free():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def report(to, action, status, returned=True):
    """As a mail server writes it, in the order of RFC 3464."""
    whole = MIMEMultipart("report", **{"report-type": "delivery-status"})
    whole["From"] = "Mail Delivery System <MAILER-DAEMON@mail.example.vn>"
    whole["To"] = to
    whole["Subject"] = "Undelivered Mail Returned to Sender"
    whole["Auto-Submitted"] = "auto-replied"
    whole.attach(MIMEText("Thư không đến được nơi nhận.", "plain", "utf-8"))
    letter, mailbox = Message(), Message()
    letter["Reporting-MTA"] = "dns; mail.example.vn"
    mailbox["Final-Recipient"] = "rfc822; someone@example.org"
    mailbox["Action"] = action
    mailbox["Status"] = status
    mailbox["Diagnostic-Code"] = f"smtp; 550 {status} said so"
    told = Message()
    told["Content-Type"] = "message/delivery-status"
    told.set_payload([letter, mailbox])
    whole.attach(told)
    if returned:
        whole.attach(MIMEText(f"Return-Path: <{to}>\nSubject: x\n", "rfc822-headers", "utf-8"))
    return whole.as_bytes()


def answer(to, text):
    letter = EmailMessage()
    letter["From"] = "ai-do@example.org"
    letter["To"] = to
    letter["Subject"] = "Trả lời tự động"
    letter["Auto-Submitted"] = "auto-replied"
    letter.set_content(text)
    return letter.as_bytes()


class Box:
    """The folders on disk, where a mail server puts letters: first beside, then in."""

    def __init__(self, place, owner):
        self.place, self.owner, self.put = place, owner, 0

    def take(self, letter):
        self.put += 1
        name = f"{int(time.time())}.M{self.put}P{os.getpid()}.test"
        beside = self.place / "tmp" / name
        beside.write_bytes(letter)
        if os.getuid() == 0:
            shutil.chown(beside, self.owner)
        beside.rename(self.place / "new" / name)

    def count(self):
        def those(folder):
            return sum(len(list((folder / part).glob("*"))) for part in ("new", "cur"))

        folders = {path.name.lstrip("."): those(path) for path in self.place.glob(".*") if (path / "cur").is_dir()}
        return {"INBOX": those(self.place), **folders}


def bound():
    """It ends with us, however we end."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def start(asked):
    place = Path(asked.dir)
    root = os.getuid() == 0
    me = getpass.getuser()
    owner, login = ("dovecot", "dovenull") if root else (me, me)
    group = "dovecot" if root else subprocess.check_output(["id", "-gn"], text=True).strip()
    ports = [free(), free()]
    box = Box(place / "mail", owner)
    for part in ("mail/tmp", "mail/new", "mail/cur", "home", "run", "state"):
        (place / part).mkdir(parents=True)
    if root:
        # Those who keep the mail are not who runs the tests.
        place.chmod(0o755)
        for path in [place / "mail", *(place / "mail").iterdir(), place / "home"]:
            shutil.chown(path, owner, group)
    (place / "people").write_text(f"{asked.user}:{asked.password}\n")
    (place / "people").chmod(0o644)
    certificate = f"ssl_cert = <{asked.cert}\nssl_key = <{asked.key}" if asked.cert else ""
    settings = place / "dovecot.conf"
    settings.write_text(
        SETTINGS.format(
            dir=place,
            ssl="required" if asked.cert else "no",
            certificate=certificate,
            internal=owner,
            owner=owner,
            login=login,
            group=group,
            plain=0 if asked.cert else ports[0],
            secure=ports[1] if asked.cert else 0,
        )
    )
    port = ports[1] if asked.cert else ports[0]
    server = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
    running = subprocess.Popen([server, "-F", "-c", settings], preexec_fn=bound)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return running, box, port
        except OSError:
            if running.poll() is not None:
                break
            time.sleep(0.05)
    log = place / "log"
    sys.exit(log.read_text() if log.exists() else "dovecot does not start")


def main():
    parser = argparse.ArgumentParser()
    for option in ("dir", "user", "password", "cert", "key"):
        parser.add_argument(f"--{option}")
    running, box, port = start(parser.parse_args())
    say({"ready": port})
    for line in sys.stdin:
        if line.strip() == "count":
            say({"count": box.count()})
            continue
        told = json.loads(line)
        if "report" in told:
            box.take(report(told["report"], told["action"], told["status"], told.get("returned", True)))
        elif "letter" in told:
            box.take(answer(told["letter"], told["text"]))
        else:
            box.take(told["raw"].encode())
    running.terminate()
    running.wait()


main()
