"""A mail server for tests, which plays what it is told to: `aiosmtpd`.

mailbox.py [--user U --password P] [--cert FILE --key FILE [--implicit]]

It says where it is, and one line of JSON for every letter. On standard input, lines with how the
next letters are answered, "ok" afterwards: `plan ["451", "550", "drop", …]`; `rcpt:550` refuses
the address, `drop` cuts the connection in the middle of the letter, `lost` after all of it; after
`held`, which has it as well, the line stays open and nothing is said.
"""

import argparse
import asyncio
import json
import ssl
import sys
from email import message_from_bytes
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult, syntax

plan = []


def say(line):
    print(json.dumps(line), flush=True)


class Desk:
    """What is done with letters."""

    async def handle_RCPT(self, server, session, envelope, address, options):
        if plan and plan[0].startswith("rcpt:"):
            return f"{plan.pop(0)[5:]} 5.1.1 {address} is not known here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        step = plan.pop(0) if plan else "ok"
        secure = session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None
        letter = message_from_bytes(envelope.content, policy=default)
        say(
            {
                "letter": envelope.content.decode("ascii"),
                "headers": {name.lower(): str(value) for name, value in letter.items()},
                "text": letter.get_content(),
                "to": envelope.rcpt_tos,
                "from": envelope.mail_from,
                "hello": session.host_name,
                "secure": secure,
                "user": bool(session.authenticated),
                "answer": step,
            }
        )
        if step == "held":
            await asyncio.sleep(600)
        if step == "lost":
            server.transport.abort()
            return "250 OK"
        return "250 2.0.0 queued" if step == "ok" else f"{step} said so"


class Server(SMTP):
    """One that may lose the line."""

    @syntax("DATA")
    async def smtp_DATA(self, arg):
        if plan and plan[0] == "drop":
            plan.pop(0)
            await self.push("354 go on")
            await self._reader.readline()
            say({"dropped": True})
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


async def main():
    parser = argparse.ArgumentParser()
    for option in ("user", "password", "cert", "key"):
        parser.add_argument(f"--{option}")
    parser.add_argument("--implicit", action="store_true")
    asked = parser.parse_args()
    context = None
    if asked.cert:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(asked.cert, asked.key)

    def authenticate(server, session, envelope, mechanism, data):
        right = (data.login, data.password) == (asked.user.encode(), asked.password.encode())
        return AuthResult(success=right, handled=right)

    options = {"hostname": "mail.test", "ident": "mailbox", "decode_data": False}
    if asked.user:
        options |= {
            "authenticator": authenticate,
            "auth_required": True,
            "auth_require_tls": context is not None and not asked.implicit,
        }
    if context and not asked.implicit:
        options |= {"tls_context": context, "require_starttls": True}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Server(Desk(), **options),
        "127.0.0.1",
        0,
        ssl=context if asked.implicit else None,
    )
    say({"ready": server.sockets[0].getsockname()[1]})
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        word, _, rest = line.strip().partition(" ")
        if word == "plan":
            plan[:] = json.loads(rest)


asyncio.run(main())
